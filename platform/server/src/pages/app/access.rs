//! Who is on an app and with what, who can do what there, and why.

use enterprise_teams::entity::Held;
use enterprise_teams::policy::AnyAppAction;
use enterprise_teams::query::AppAccess;
use enterprise_teams::{
    AccessSource, App, AppId, Error, ErrorKind, Operation, Owner, Page, PageRequest, Permission, PermissionSet, Role,
    TeamKind, UserId,
};
use enterprise_teams_platform_api::{Fault, find};
use maud::{Markup, html};

use super::super::access::{suspended, through_groups};
use super::super::apps::opened;
use super::super::control::{Choice, Field, Look};
use super::super::visit::View;
use super::super::{ends, layout, roles};
use super::overview::is_put_there;

pub(in super::super) fn page(view: &View<'_>) -> Result<Markup, Fault> {
    let app = super::named(view)?;
    let list = match people(view, app) {
        Ok(page) => list(view, app, &page),
        Err(refusal) => view.denied(&refusal),
    };
    let content = html! {
        section {
            h2 { "People" }
            div.bar {
                (view.filter("Filter by e-mail", &[("can", "Who can …", actions(view, "Everybody", "Who can "))]))
                (add(view, app))
            }
            div id="list" { (list) }
        }
        (super::groups::section(view, app)?)
        (why(view, app))
    };
    layout::app(view, app.id(), "Access", &content)
}

/// Those on the app whom the address asks for: with a part of their e-mail, or who can do something.
fn people<'v>(view: &View<'v>, app: &App) -> Result<Page<AppAccess<'v>>, Error> {
    let (store, actor) = (view.store, view.actor);
    let part = view.asked("filter").unwrap_or_default().to_lowercase();
    let action = asked_action(view, "can");
    let list = |page: &PageRequest| match action {
        Some(action) => store.who_can(actor, action, app.id(), page),
        None => store.app_access(actor, app.id(), page),
    };
    view.page()?.pick(list, |entry| Ok(entry.user.email().as_str().contains(&part).then_some(entry)))
}

fn asked_action(view: &View<'_>, name: &str) -> Option<AnyAppAction> {
    view.store.settings().options.host_actions.named(view.asked(name)?).ok()
}

/// Every action on apps as a choice, after a first one that is none.
fn actions(view: &View<'_>, first: &str, before: &str) -> Vec<Choice> {
    let all = view.store.settings().options.host_actions.with_published();
    let all = all.map(|action| action.to_string());
    let all = all.map(|code| Choice::new(&code, format!("{before}{}", code.replace('-', " "))));
    [Choice::new("", first)].into_iter().chain(all).collect()
}

/// Whether the permissions of people on the app are chosen: so it is in Enterprise Teams. Who sees the app and not its team is a
/// collaborator of one.
fn are_chosen(view: &View<'_>, app: &App) -> bool {
    match app.owner() {
        Owner::User(_) => false,
        Owner::Team(team) => !view.team(team).is_ok_and(|team| team.kind() == TeamKind::Standard),
    }
}

/// What can be held on the app besides `view`, which everybody on it holds.
pub(in super::super) fn boxes(held: PermissionSet) -> Field {
    let choice = |one: Permission, label| Choice::new(one, label).chosen(held.contains(one));
    Field::checks(
        "permissions",
        "Permissions, besides view",
        vec![
            choice(Permission::Deploy, "deploy: work on the code and what runs it"),
            choice(Permission::Operate, "operate: run the app"),
            choice(Permission::Manage, "manage: change the app, and who may do what on it"),
        ],
    )
}

/// Puts somebody on the app.
fn add(view: &View<'_>, app: &App) -> Markup {
    let (app, user, is_chosen) = (app.id(), view.user(), are_chosen(view, app));
    let email = Field::email("user", "E-mail").hint("Of somebody who has an account.");
    let (label, form) = if is_chosen {
        let grant = Operation::GrantPermissions { app, user, permissions: PermissionSet::VIEW };
        (
            "Add User",
            view.form("Add User", Look::Main, &grant, &[email, boxes(PermissionSet::EMPTY), ends::until_field()]),
        )
    } else {
        let add = Operation::AddCollaborator { app, user };
        let refusal = view.store.what_if(view.actor, &add).err();
        // That nobody adds themselves says nothing of others.
        let refusal = refusal.filter(|refusal| refusal.kind() == ErrorKind::Forbidden);
        let refusal = refusal.filter(|refusal| !matches!(refusal, Error::OwnGrantCannotGrow { .. }));
        let label = "Add collaborator";
        (label, view.form_unless(label, Look::Main, &add, &[email, ends::until_field()], refusal.as_ref()))
    };
    opened(label, &form)
}

fn list(view: &View<'_>, app: &App, page: &Page<AppAccess<'_>>) -> Markup {
    if page.items.is_empty() {
        return html! {
            (view.empty("Nobody is like that.", "Try a shorter part of the e-mail, or another action."))
            (view.pager(page.next.as_ref()))
        };
    }
    let edited: Option<UserId> = view.asked_for("edit");
    html! {
        div.wide tabindex="0" role="region" aria-label="People on the app" {
            table.holders {
                thead { tr {
                    th scope="col" { "Person" } th scope="col" { "Holds" } th scope="col" { "As" }
                    th scope="col" { "On it since" } th.end scope="col" { span.away { "Change" } }
                } }
                tbody { @for entry in &page.items { (row(view, app, entry, edited)) } }
            }
        }
        (view.pager(page.next.as_ref()))
    }
}

fn row(view: &View<'_>, app: &App, entry: &AppAccess<'_>, edited: Option<UserId>) -> Markup {
    let (user, email) = (entry.user.id(), entry.user.email());
    let is_edited = edited == Some(user);
    let is_fixed = matches!(entry.held.through, AccessSource::Ownership | AccessSource::Role(Role::Admin));
    let can_change = (!is_fixed || entry.sleeping.is_some()) && view.past.is_none();
    let pen = if is_edited { String::new() } else { user.to_string() };
    html! {
        tr {
            th scope="row" { (email) @if user == view.user() { " " span.badge { "you" } } (suspended(entry.user)) }
            td {
                @for one in entry.held.permissions.iter() { span.badge { (one) } " " }
                @if let Some(sleeping) = entry.sleeping {
                    small.below { "asleep: " (sleeping) " – counts when no longer an admin" }
                }
                (ends::until(view, entry.ends_at))
            }
            td { (roles::through(view, entry)) (through_groups(view, entry)) }
            td { @if let Some(times) = entry.granted { (layout::when(times.since)) } }
            td.end { @if can_change {
                a.pen href=(view.here(&[("edit", &pen)])) aria-expanded=(is_edited) title={ "Change what " (email) " holds" } {
                    (layout::pen_icon()) span.away { "Change what " (email) " holds" }
                }
            } }
        }
        @if is_edited && can_change { tr.edit { td colspan="5" { (change(view, app, entry)) } } }
    }
}

/// What can be done about somebody on the app.
fn change(view: &View<'_>, app: &App, entry: &AppAccess<'_>) -> Markup {
    let (is_chosen, app, user) = (are_chosen(view, app), app.id(), entry.user.id());
    let is_put_there = is_put_there(entry.held.through);
    let permissions = own(view, app, entry);
    let set = Operation::SetPermissions { app, user, permissions };
    let grant = Operation::GrantPermissions { app, user, permissions };
    let (remove, asks) = match entry.sleeping {
        Some(_) => ("Take away what sleeps", Look::Danger("Take away what this admin was given on the app?")),
        None => ("Remove from app", Look::Danger("Remove this person from the app? They lose what they hold on it.")),
    };
    html! {
        div.actions {
            @if is_chosen && is_put_there {
                (view.form("Save", Look::Main, &set, &[boxes(permissions)]))
            } @else if is_chosen && entry.sleeping.is_none() {
                (view.form("Grant", Look::Main, &grant, &[boxes(permissions)]))
            } @else if !is_put_there && entry.sleeping.is_none() {
                (view.button("Add to app", Look::Plain, &Operation::AddCollaborator { app, user }))
            }
            @if is_put_there && entry.sleeping.is_none() {
                (ends::change(view, Held::Grant { app, user }, entry.ends_at))
            }
            @if is_put_there || entry.sleeping.is_some() {
                (view.button(remove, asks, &Operation::RemoveCollaborator { app, user }))
            }
        }
    }
}

/// What somebody was given on the app by themselves. Beside what groups give, it is that whose giving would change nothing.
fn own(view: &View<'_>, app: AppId, entry: &AppAccess<'_>) -> PermissionSet {
    if entry.groups.is_empty() {
        return entry.held.permissions;
    }
    let besides = [Permission::Deploy, Permission::Operate, Permission::Manage];
    let sets = (0..8_u8).map(|chosen| {
        let each = besides.iter().enumerate().filter(|(n, _)| chosen >> n & 1 == 1);
        each.fold(PermissionSet::VIEW, |set, (_, one)| set.union((*one).into()))
    });
    let is_own = |permissions: &PermissionSet| {
        let set = Operation::SetPermissions { app, user: entry.user.id(), permissions: *permissions };
        matches!(view.store.what_if(view.actor, &set), Err(Error::PermissionsUnchanged { .. }))
    };
    sets.into_iter().find(is_own).unwrap_or(PermissionSet::VIEW)
}

/// Why somebody may do something on the app, or may not.
fn why(view: &View<'_>, app: &App) -> Markup {
    let (email, action) = (view.asked("who").unwrap_or_default(), asked_action(view, "action"));
    let chosen = view.asked("action").unwrap_or_default();
    html! {
        section id="why" {
            h2 { "Why?" }
            p.about { "Who may do something is told through what; who may not, what is missing and who could give it." }
            form.filter method="get" action={ (view.visit.path()) "#why" } {
                @if let Some(time) = view.asked("on") { input type="hidden" name="on" value=(time); }
                label { span.away { "E-mail of a person" }
                    input type="email" name="who" placeholder="E-mail of a person" value=(email) autocomplete="off"; }
                label { span.away { "Action" }
                    select name="action" {
                        @for choice in actions(view, "An action", "") { (choice.option(chosen)) }
                    }
                }
                button type="submit" { "Explain" }
            }
            @if let Some(action) = action.filter(|_| !email.is_empty()) { (explained(view, app, email, action)) }
        }
    }
}

fn explained(view: &View<'_>, app: &App, email: &str, action: AnyAppAction) -> Markup {
    let person = find::collaborator(view.store, view.actor, app.id(), email);
    let explanation = person.and_then(|user| Ok(view.store.explain_to(view.actor, user, action, app.id())?));
    match explanation {
        Ok(explanation) => html! {
            div.card.reason role="status" {
                @if explanation.is_allowed() { span.badge.good { "May" } } @else { span.badge.bad { "May not" } }
                p { (view.words(&explanation)) }
            }
        },
        Err(fault) => html! { div.refusal role="alert" { p { (view.reason(&fault).message) } } },
    }
}
