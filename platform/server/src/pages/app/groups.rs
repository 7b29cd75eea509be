//! The groups that hold permissions on an app.

use enterprise_teams::query::{GroupAccess, GroupEntry};
use enterprise_teams::{App, GroupId, Operation, Owner, PageRequest, PermissionSet};
use enterprise_teams_platform_api::Fault;
use maud::{Markup, html};

use super::super::apps::opened;
use super::super::control::{Choice, Field, Look};
use super::super::visit::View;
use super::super::{ends, groups, layout};
use super::boxes;

/// How many groups the form offers.
const GROUPS: usize = 1000;

/// The groups on the app, for whoever sees them; nothing where the team has none.
pub(super) fn section(view: &View<'_>, app: &App) -> Result<Markup, Fault> {
    let Owner::Team(team) = app.owner() else { return Ok(html! {}) };
    let Ok(on) = view.store.app_groups(view.actor, app.id()) else { return Ok(html! {}) };
    let all = view.store.groups(view.actor, team, &PageRequest::first(GROUPS)?);
    let all = all.map(|page| page.items).unwrap_or_default();
    if on.is_empty() && all.is_empty() {
        return Ok(html! {});
    }
    let edited: Option<GroupId> = view.asked_for("edit-group");
    Ok(html! {
        section id="groups" {
            h2 { "Groups" }
            @if let Some(form) = add(view, app, &on, &all) { div.bar { (opened("Add Group", &form)) } }
            @if on.is_empty() {
                (layout::empty("No group holds anything on this app.", "Add one: what it holds counts for everybody in it."))
            } @else {
                div.wide tabindex="0" role="region" aria-label="Groups on the app" { table.holders {
                    thead { tr {
                        th scope="col" { "Group" } th scope="col" { "Holds" } th scope="col" { "On it since" }
                        th.end scope="col" { span.away { "Change" } }
                    } }
                    tbody { @for access in &on { (row(view, app, access, &all, edited)) } }
                } }
            }
        }
    })
}

/// Grants something to a group that holds nothing on the app yet: each is offered, or it is said why it is not.
fn add(view: &View<'_>, app: &App, on: &[GroupAccess<'_>], all: &[GroupEntry<'_>]) -> Option<Markup> {
    let free = all.iter().filter(|entry| on.iter().all(|access| access.group.id() != entry.group.id()));
    let grant = |group| Operation::GrantGroupPermissions { app: app.id(), group, permissions: PermissionSet::VIEW };
    let free: Vec<_> =
        free.map(|entry| (entry.group, view.refused_whatever_is_given(&grant(entry.group.id())))).collect();
    let may = free.iter().find(|(_, refusal)| refusal.is_none());
    let (first, refusal) = may.or_else(|| free.first())?;
    let choices = free.iter().map(|(group, refusal)| {
        let why = refusal.as_ref().filter(|_| may.is_some()).map(|refusal| view.reason_of(refusal).message);
        Choice::new(group.id(), group.name().as_str()).chosen(group.id() == first.id()).refused(why)
    });
    let fields = [Field::select("group", "Group", choices.collect()), boxes(PermissionSet::EMPTY), ends::until_field()];
    Some(view.form_unless("Add Group", Look::Main, &grant(first.id()), &fields, refusal.as_ref()))
}

fn row(
    view: &View<'_>,
    app: &App,
    access: &GroupAccess<'_>,
    all: &[GroupEntry<'_>],
    edited: Option<GroupId>,
) -> Markup {
    let (group, permissions) = (access.group.id(), access.permissions);
    let is_edited = edited == Some(group);
    let pen = if is_edited { String::new() } else { group.to_string() };
    html! {
        tr {
            th scope="row" { (groups::link(view, access.group))
                @if let Some(size) = groups::size(group, all) { div.on { (size) } }
            }
            td { @for one in permissions.iter() { span.badge { (one) } " " } (ends::until(view, access.ends_at)) }
            td { (layout::when(access.times.since)) }
            td.end { @if view.past.is_none() {
                a.pen href={ (view.here(&[("edit-group", &pen)])) "#groups" } aria-expanded=(is_edited)
                    title={ "Change what group " (access.group.name()) " holds" } {
                    (layout::pen_icon()) span.away { "Change what group " (access.group.name()) " holds" }
                }
            } }
        }
        @if is_edited && view.past.is_none() {
            tr.edit { td colspan="4" { (groups::change(view, app.id(), group, permissions, access.ends_at)) } }
        }
    }
}
