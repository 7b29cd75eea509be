//! An Enterprise Account: its teams, its members, and the people of its teams.

use enterprise_teams::entity::{AccountPermission, AccountPermissionSet};
use enterprise_teams::query::{AccountMember, AccountMemberFilter, AccountPerson, PeopleFilter, TeamFilter};
use enterprise_teams::{AccountId, Operation, PageRequest, Role, Team, TeamKind};
use enterprise_teams_platform_api::{Fault, Thing, find};
use maud::{Markup, html};

use super::access::{asked, asked_status, is_filtered, pen, selects, sign_in, statuses};
use super::apps::opened;
use super::control::{Choice, Field, Look};
use super::visit::View;
use super::{label, layout, place, roles};

fn found(view: &View<'_>) -> Result<(AccountId, String), Fault> {
    let account = find::account(view.store, view.actor, view.param("account"))?;
    Ok((account, place::account(view.store.account(view.actor, account)?.name())))
}

pub(super) fn teams(view: &View<'_>) -> Result<Markup, Fault> {
    let (account, base) = found(view)?;
    let filter = TeamFilter::default().containing(view.asked("filter").unwrap_or_default());
    let page = view.store.account_teams(view.actor, account, &filter, &view.page()?)?;
    let create = Operation::CreateTeamIn { account, name: "new-team".parse()? };
    let field = Field::text("name", "Name").hint("Lower-case letters, digits and hyphens. You become its first admin.");
    let content = html! {
        div.bar {
            (view.filter("Filter by name", &[]))
            (opened("New team", &view.form("Create team", Look::Main, &create, &[field])))
        }
        div id="list" {
            @if page.items.is_empty() && is_filtered(view) {
                (view.empty("No team has such a name.", "Try a shorter part of it."))
            } @else if page.items.is_empty() {
                (view.empty("There are no teams yet.", "Create one, or move a team in on its own Settings tab."))
            } @else {
                div.wide tabindex="0" role="region" aria-label="Teams" { table {
                    thead { tr {
                        th scope="col" { "Team" } th scope="col" { "Your role" } th scope="col" { "Since" }
                        th scope="col" { span.away { "Edit" } }
                    } }
                    tbody { @for team in &page.items { (row(view, &base, team)) } }
                } }
            }
            (view.pager(page.next.as_ref()))
        }
    };
    layout::account(view, account, "Teams", &content)
}

fn row(view: &View<'_>, base: &str, team: &Team) -> Markup {
    let role = view.store.role(view.actor, team.id(), view.user()).ok().flatten();
    html! {
        tr {
            th scope="row" { (team_link(view, team)) }
            td { @if let Some(role) = role { (roles::of(view, team.id(), view.user(), role)) } @else { span.about { "not in it" } } }
            td { (layout::when(team.provisioned_at())) }
            td.end { (pen(view, &format!("{base}/teams/{}", team.id()), team.name().as_str())) }
        }
    }
}

/// A team by its name, which leads there if this person gets in.
fn team_link(view: &View<'_>, team: &Team) -> Markup {
    let name = team.name();
    if view.team(team.id()).is_err() {
        return html! { (name) };
    }
    html! { a href=(view.link(&format!("{}/apps", place::team(name)))) { (name) } }
}

/// A team, as the account sees it.
pub(super) fn team(view: &View<'_>) -> Result<Markup, Fault> {
    let (account, base) = found(view)?;
    let team = view.store.account_team(view.actor, find::team(view.store, view.actor, view.param("team"))?)?;
    if team.account() != Some(account) {
        return Err(Fault::Missing(Thing::Team));
    }
    let rename = Operation::RenameTeam { team: team.id(), name: team.name() };
    let relabel = Operation::SetTeamLabels { team: team.id(), labels: team.labels().clone() };
    let delete = Operation::DeleteTeam { team: team.id() };
    let content = html! {
        p.note { a.back href=(view.link(&format!("{base}/teams"))) { "Every team" } }
        section {
            h2 { (team_link(view, team)) }
            (label::shown(team.labels()))
            @if view.past.is_none() {
                div.columns {
                    div.card {
                        h3 { "Rename" }
                        (view.form("Rename", Look::Plain, &rename, &[Field::text("name", "Name").value(team.name())]))
                    }
                    div.card {
                        h3 { "Labels" }
                        (label::form(view, team.labels(), &relabel))
                    }
                    div.card {
                        h3 { "Delete" }
                        p.about { "A team without apps, spaces and pipelines can be deleted. Its name is free from then on." }
                        (view.button("Delete team", Look::Danger("Delete this team? This cannot be undone."), &delete))
                    }
                }
            }
        }
    };
    layout::account(view, account, "Teams", &content)
}

pub(super) fn access(view: &View<'_>) -> Result<Markup, Fault> {
    let (account, base) = found(view)?;
    let mut filter = AccountMemberFilter::default().containing(view.asked("filter").unwrap_or_default());
    let holding = AccountPermission::ALL.iter().find(|one| view.asked("holding") == Some(one.code()));
    if let Some(holding) = holding {
        filter = filter.holding(*holding);
    }
    if let Some(status) = asked_status(view) {
        filter = filter.status(status);
    }
    let page = view.store.account_members(view.actor, account, &filter, &view.page()?)?;
    let held = AccountPermission::ALL.iter().map(|one| Choice::new(one, format!("Holding {one}")));
    let held = [Choice::new("", "Every permission")].into_iter().chain(held).collect();
    let add = Operation::AddAccountMember { account, user: view.user(), permissions: AccountPermissionSet::VIEW };
    let fields = [Field::email("user", "E-mail"), permissions(AccountPermissionSet::VIEW)];
    let content = html! {
        div.bar {
            (view.filter("Filter by e-mail", &[("holding", "Permission", held), ("sign-in", "Sign-in", statuses())]))
            (opened("Add User", &view.form("Add User", Look::Main, &add, &fields)))
        }
        div id="list" {
            @if page.items.is_empty() {
                (view.empty("Nobody here is like that.", "Try a shorter part of the e-mail, or another permission."))
            } @else {
                div.wide tabindex="0" role="region" aria-label="Members of the account" { table {
                    thead { tr {
                        th scope="col" { "User" } th scope="col" { "Permissions" } th scope="col" { "MFA or SSO" }
                        th scope="col" { span.away { "Edit" } }
                    } }
                    tbody { @for entry in &page.items { (member_row(view, &base, entry)) } }
                } }
            }
            (view.pager(page.next.as_ref()))
        }
    };
    layout::account(view, account, "Access", &content)
}

/// Boxes for what somebody holds in an account.
fn permissions(held: AccountPermissionSet) -> Field {
    let says = |one: AccountPermission| match one {
        AccountPermission::View => "view: see the account, its teams and their people",
        AccountPermission::Create => "create: create, rename and delete its teams",
        AccountPermission::Manage => "manage: manage its members, and transfer spaces between its teams",
        AccountPermission::Billing => "billing: see the usage of all its teams",
    };
    let choice = |one: &AccountPermission| {
        let always = (*one == AccountPermission::View).then(|| "in every set".to_owned());
        Choice::new(one, says(*one)).chosen(held.contains(*one)).refused(always)
    };
    Field::checks("permissions", "Permissions", AccountPermission::ALL.iter().map(choice).collect())
}

fn member_row(view: &View<'_>, base: &str, entry: &AccountMember<'_>) -> Markup {
    let email = entry.user.email();
    html! {
        tr {
            th scope="row" { (email) }
            td { (entry.permissions) }
            td { (sign_in(view, entry.user.sign_in_status())) }
            td.end { (pen(view, &format!("{base}/access/{}", entry.user.id()), email.as_str())) }
        }
    }
}

/// A member of an account.
pub(super) fn member(view: &View<'_>) -> Result<Markup, Fault> {
    let (account, base) = found(view)?;
    let user = find::account_member(view.store, view.actor, account, view.param("user"))?;
    let entry = view.store.account_member(view.actor, account, user)?;
    let set = Operation::SetAccountPermissions { account, user, permissions: entry.permissions };
    let remove = Operation::RemoveAccountMember { account, user };
    let (label, asks) = if user == view.user() {
        ("Leave the account", "Leave this Enterprise Account?")
    } else {
        ("Remove from the account", "Remove this person from the Enterprise Account?")
    };
    let content = html! {
        p.note { a.back href=(view.link(&format!("{base}/access"))) { "Every member" } }
        section {
            h2 { (entry.user.email()) }
            div.columns {
                div.card {
                    dl.facts {
                        dt { "Permissions" } dd { (entry.permissions) }
                        dt { "MFA or SSO" } dd { (sign_in(view, entry.user.sign_in_status())) }
                    }
                    (view.form("Change permissions", Look::Plain, &set, &[permissions(entry.permissions)]))
                }
                @if view.past.is_none() {
                    div.card {
                        h3 { @if user == view.user() { "Leave" } @else { "Remove" } }
                        p.about { "What they are in the teams of the account stays." }
                        (view.button(label, Look::Danger(asks), &remove))
                    }
                }
            }
        }
    };
    layout::account(view, account, "Access", &content)
}

pub(super) fn people(view: &View<'_>) -> Result<Markup, Fault> {
    let (account, _) = found(view)?;
    let page = view.store.account_people(view.actor, account, &asked(view), &view.page()?)?;
    let own = PeopleFilter::default().role(Role::Custom);
    let has_roles = !view.store.account_people(view.actor, account, &own, &PageRequest::first(1)?)?.items.is_empty();
    let content = html! {
        div.bar {
            (view.filter("Filter by e-mail", &selects(TeamKind::Enterprise, has_roles)))
        }
        div id="list" {
            @if page.items.is_empty() && is_filtered(view) {
                (view.empty("Nobody is like that.", "Try a shorter part of the e-mail, or another role."))
            } @else if page.items.is_empty() {
                (view.empty("There is nobody in the teams.", "Create a team: you become its first admin."))
            } @else {
                div.wide tabindex="0" role="region" aria-label="People of the teams" { table {
                    thead { tr {
                        th scope="col" { "User" } th scope="col" { "Team" } th scope="col" { "Role" }
                        th scope="col" { "MFA or SSO" }
                    } }
                    tbody { @for entry in &page.items { (person_row(view, entry)) } }
                } }
            }
            (view.pager(page.next.as_ref()))
        }
    };
    layout::account(view, account, "People", &content)
}

fn person_row(view: &View<'_>, entry: &AccountPerson<'_>) -> Markup {
    html! {
        tr {
            th scope="row" { (entry.user.email()) }
            td { (team_link(view, entry.team)) }
            td { (roles::of(view, entry.team.id(), entry.user.id(), entry.role)) }
            td { (sign_in(view, entry.user.sign_in_status())) }
        }
    }
}
