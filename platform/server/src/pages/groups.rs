//! Groups, on the Access tab of an Enterprise Team: which there are, who is in one, and what it holds on which app.

use enterprise_teams::chrono::{DateTime, Utc};
use enterprise_teams::entity::{Group, Held};
use enterprise_teams::query::{AppFilter, AppSort, GroupApp, GroupEntry, GroupMember};
use enterprise_teams::{AppId, Error, GroupId, Operation, PageRequest, PermissionSet, Team, TeamId, TeamKind};
use enterprise_teams_platform_api::{Fault, Thing, find};
use maud::{Markup, html};

use super::app::boxes;
use super::apps::opened;
use super::control::{Field, Look};
use super::visit::{PAGE, View};
use super::{ends, layout, place, roles};

/// Among how many apps one is looked for on which somebody may grant.
const APPS: usize = 200;

/// The parts of the Access tab, one of which is open; nothing where there is one alone.
pub(super) fn parts(view: &View<'_>, team: &Team, open: &str) -> Markup {
    let (store, actor) = (view.store, view.actor);
    let groups = || PageRequest::first(1).is_ok_and(|page| store.groups(actor, team.id(), &page).is_ok());
    let more = [("Groups", "/access/groups", groups()), ("Roles", "/access/roles", roles::are_listed(view, team.id()))];
    let more = more.into_iter().filter(|(.., seen)| team.kind() == TeamKind::Enterprise && *seen);
    let ends = ends::are_listed(view, team.id()).then_some(("Ends", "/access/ends"));
    let parts: Vec<_> = more.map(|(name, tail, _)| (name, tail)).chain(ends).collect();
    if parts.is_empty() {
        return html! {};
    }
    let base = place::team(team.name());
    html! {
        nav.parts aria-label="Access" {
            @for (name, tail) in [("People", "/access")].into_iter().chain(parts) {
                a href=(view.link(&format!("{base}{tail}"))) aria-current=[(name == open).then_some("page")] { (name) }
            }
        }
    }
}

/// A group by its name: as a link for whoever sees it.
pub(super) fn link(view: &View<'_>, group: &Group) -> Markup {
    let seen = view.store.group(view.actor, group.id()).and_then(|_| view.store.team_name(view.actor, group.team()));
    html! {
        @match seen {
            Ok(team) => a href=(view.link(&place::group(team, group.id()))) { (group.name()) },
            Err(_) => (group.name()),
        }
    }
}

/// Groups by their names, in one line.
pub(super) fn links(view: &View<'_>, groups: &[&Group]) -> Markup {
    html! { @for (n, group) in groups.iter().enumerate() { @if n > 0 { ", " } (link(view, group)) } }
}

/// The team of the address, if it is one that has groups.
fn team<'v>(view: &View<'v>) -> Result<&'v Team, Fault> {
    let team = view.team(find::team(view.store, view.actor, view.param("team"))?)?;
    if team.kind() == TeamKind::Standard { Err(Fault::Missing(Thing::Group)) } else { Ok(team) }
}

pub(super) fn list(view: &View<'_>) -> Result<Markup, Fault> {
    let team = team(view)?;
    let page = view.store.groups(view.actor, team.id(), &view.page()?)?;
    let create = Operation::CreateGroup { team: team.id(), name: "new-group".parse()? };
    let field = Field::text("name", "Name").hint("Lower-case letters, digits and hyphens.");
    let content = html! {
        (parts(view, team, "Groups"))
        p.about { "Permissions on apps that are granted to a group count for everybody in it, at once." }
        div.bar { (opened("New group", &view.form("Create group", Look::Main, &create, &[field]))) }
        div id="list" {
            @if page.items.is_empty() {
                (view.empty("There are no groups yet.", "Create one, put people into it, and grant it permissions on apps."))
            } @else {
                div.wide tabindex="0" role="region" aria-label="Groups" { table {
                    thead { tr {
                        th scope="col" { "Group" } th.number scope="col" { "People" } th.number scope="col" { "Apps" }
                        th.end scope="col" { "Since" }
                    } }
                    tbody { @for entry in &page.items { (row(view, entry)) } }
                } }
            }
            (view.pager(page.next.as_ref()))
        }
    };
    layout::team(view, team.id(), "Access", &content)
}

fn row(view: &View<'_>, entry: &GroupEntry<'_>) -> Markup {
    html! {
        tr {
            th scope="row" { (link(view, entry.group)) }
            td.number { (entry.members) }
            td.number { (entry.apps) }
            td.end { (layout::when(entry.group.created_at())) }
        }
    }
}

/// The page of a group.
pub(super) fn group(view: &View<'_>) -> Result<Markup, Fault> {
    let team = team(view)?;
    let id = find::group(view.store, view.actor, team.id(), view.param("group"))?;
    let group = view.store.group(view.actor, id)?;
    let back = format!("{}/access/groups", place::team(team.name()));
    let content = html! {
        p.note { a.back href=(view.link(&back)) { "Every group" } }
        section {
            h2 { (group.name()) }
            div.columns {
                (what(view, group))
                @if view.past.is_none() { (ending(view, id)) }
            }
        }
        (people(view, team, id)?)
        (apps(view, team.id(), id)?)
    };
    layout::team(view, team.id(), "Access", &content)
}

fn what(view: &View<'_>, group: &Group) -> Markup {
    let rename = Operation::RenameGroup { group: group.id(), name: group.name() };
    let field = Field::text("name", "Name").value(group.name());
    html! {
        div.card {
            dl.facts { dt { "Since" } dd { (layout::when(group.created_at())) } }
            (view.form("Rename group", Look::Plain, &rename, &[field]))
        }
    }
}

fn ending(view: &View<'_>, group: GroupId) -> Markup {
    let asks = Look::Danger("Delete this group? What it was granted ends, for everybody in it.");
    html! {
        div.card {
            h3 { "Delete" }
            p.about { "What it holds on apps ends. Its people stay in the team, with what they hold besides." }
            (view.button("Delete group", asks, &Operation::DeleteGroup { group }))
        }
    }
}

fn people(view: &View<'_>, team: &Team, group: GroupId) -> Result<Markup, Fault> {
    let page = view.store.group_members(view.actor, group, &view.page()?)?;
    let base = place::team(team.name());
    Ok(html! {
        section {
            h2 { "People" }
            div.bar { (opened("Add to group", &put_in(view, group))) }
            div id="list" {
                @if page.items.is_empty() {
                    (view.empty("Nobody is in it.", "Add somebody who has a role in the team."))
                } @else {
                    div.wide tabindex="0" role="region" aria-label="People in the group" { table {
                        thead { tr {
                            th scope="col" { "User" } th scope="col" { "Role" } th scope="col" { "In it since" }
                            th scope="col" { span.away { "Remove" } }
                        } }
                        tbody { @for member in &page.items { (person(view, &base, group, member)) } }
                    } }
                }
                (view.pager(page.next.as_ref()))
            }
        }
    })
}

fn put_in(view: &View<'_>, group: GroupId) -> Markup {
    let add = Operation::AddGroupMember { group, user: view.user() };
    // In how many groups whoever asks is says nothing of others.
    let refusal = view.refused_whatever_is_given(&add);
    let refusal = refusal.filter(|refusal| !matches!(refusal, Error::MemberGroupLimitReached { .. }));
    let field =
        Field::list("user", "E-mail").hint("Of somebody with a role in the team; or of several, with commas between.");
    view.form_unless("Add to group", Look::Main, &add, &[field], refusal.as_ref())
}

fn person(view: &View<'_>, base: &str, group: GroupId, member: &GroupMember<'_>) -> Markup {
    let user = member.user.id();
    let asks = Look::Danger("Remove this person from the group? They lose what they hold through it.");
    html! {
        tr {
            th scope="row" {
                a href=(view.link(&format!("{base}/access/{user}"))) { (member.user.email()) }
                @if user == view.user() { " " span.badge { "you" } }
            }
            td { (roles::called(view, member.role)) }
            td { (layout::when(member.since)) }
            td.end { (view.button("Remove", asks, &Operation::RemoveGroupMember { group, user })) }
        }
    }
}

fn apps(view: &View<'_>, team: TeamId, group: GroupId) -> Result<Markup, Fault> {
    let page = view.store.group_apps(view.actor, group, &view.part("apps", PAGE)?)?;
    let edited: Option<AppId> = view.asked_for("edit");
    Ok(html! {
        section {
            h2 { "Apps" }
            @if let Some(form) = grant(view, team, group)? { div.bar { (opened("Grant on an app", &form)) } }
            @if page.items.is_empty() {
                (view.empty_of("apps", "It holds nothing on any app.", "Grant it permissions, here or on the Access tab of an app."))
            } @else {
                div.wide tabindex="0" role="region" aria-label="Apps of the group" { table.holders {
                    thead { tr {
                        th scope="col" { "App" } th scope="col" { "Holds" } th scope="col" { "Since" }
                        th.end scope="col" { span.away { "Change" } }
                    } }
                    tbody { @for one in &page.items { (on_app(view, group, one, edited)) } }
                } }
            }
            (view.pager_of("apps", page.next.as_ref()))
        }
    })
}

/// Grants the group something on an app that it holds nothing on. Whether somebody may is asked of one on which they may, if there
/// is one.
fn grant(view: &View<'_>, team: TeamId, group: GroupId) -> Result<Option<Markup>, Fault> {
    let first = PageRequest::first(APPS)?;
    let apps = view.store.apps(view.actor, team, &AppFilter::default(), AppSort::Name, &first)?;
    let grant = |app| Operation::GrantGroupPermissions { app, group, permissions: PermissionSet::VIEW };
    let grants = || apps.items.iter().map(|app| grant(app.id()));
    let may = grants().find(|grant| view.refused_whatever_is_given(grant).is_none());
    let fields = [
        Field::list("app", "App").hint("By its name; or several, with commas between."),
        boxes(PermissionSet::EMPTY),
        ends::until_field(),
    ];
    let form = |grant| view.form("Grant to group", Look::Main, &grant, &fields);
    Ok(may.or_else(|| grants().next()).map(form))
}

fn on_app(view: &View<'_>, group: GroupId, one: &GroupApp<'_>, edited: Option<AppId>) -> Markup {
    let app = one.app.id();
    let is_edited = edited == Some(app);
    let pen = if is_edited { String::new() } else { app.to_string() };
    html! {
        tr {
            th scope="row" { a href=(view.link(&place::app(one.app.name()))) { (one.app.name()) } }
            td { @for permission in one.permissions.iter() { span.badge { (permission) } " " } (ends::until(view, one.ends_at)) }
            td { (layout::when(one.times.since)) }
            td.end { @if view.past.is_none() {
                a.pen href=(view.here(&[("edit", &pen)])) aria-expanded=(is_edited) title={ "Change what it holds on " (one.app.name()) } {
                    (layout::pen_icon()) span.away { "Change what it holds on " (one.app.name()) }
                }
            } }
        }
        @if is_edited && view.past.is_none() { tr.edit { td colspan="4" { (change(view, app, group, one.permissions, one.ends_at)) } } }
    }
}

/// What can be done about what a group holds on an app.
pub(super) fn change(
    view: &View<'_>,
    app: AppId,
    group: GroupId,
    permissions: PermissionSet,
    ends_at: Option<DateTime<Utc>>,
) -> Markup {
    let set = Operation::SetGroupPermissions { app, group, permissions };
    let asks = Look::Danger("Take away what this group holds on the app, from everybody in it?");
    html! {
        div.actions {
            (view.form("Save", Look::Main, &set, &[boxes(permissions)]))
            (ends::change(view, Held::GroupGrant { app, group }, ends_at))
            (view.button("Take away", asks, &Operation::RevokeGroupPermissions { app, group }))
        }
    }
}

/// How many people are in one of these groups.
pub(super) fn size(group: GroupId, all: &[GroupEntry<'_>]) -> Option<String> {
    let entry = all.iter().find(|entry| entry.group.id() == group);
    entry.map(|entry| if entry.members == 1 { "1 person".to_owned() } else { format!("{} people", entry.members) })
}
