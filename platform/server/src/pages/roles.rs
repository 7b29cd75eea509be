//! Roles of a team's own, on the Access tab of an Enterprise Team: which there are, what each holds, and who has it (ROLE-1, ROLE-2).

use enterprise_teams::policy::{Capability, CapabilitySet, CustomRole, RoleRights};
use enterprise_teams::query::{AccessEntry, AppAccess, PAGE_SIZE_MAX, PeopleFilter, RoleEntry};
use enterprise_teams::{
    AccessSource, Operation, PageRequest, Permission, PermissionSet, Role, RoleId, Team, TeamId, TeamKind, TeamRole,
    UserId,
};
use enterprise_teams_platform_api::{Fault, Thing, find};
use maud::{Markup, html};

use super::access::spaced;
use super::apps::opened;
use super::control::{Choice, Field, Look};
use super::visit::{View, address};
use super::{access, groups, layout, place};

/// What a role is called that this person does not see.
const UNSEEN: &str = "a role of the team's own";

/// A role of a team's own by its name: as a link for whoever gets in.
pub(super) fn link(view: &View<'_>, role: &CustomRole) -> Markup {
    let seen = view.team(role.team()).and_then(|_| view.store.custom_role(view.actor, role.id()));
    let team = seen.and_then(|_| view.store.team_name(view.actor, role.team()));
    html! {
        @match team {
            Ok(team) => a href=(view.link(&place::role(team, role.id()))) { (role.name()) },
            Err(_) => (role.name()),
        }
    }
}

/// A role that a team gives, by its word or its name.
pub(super) fn called(view: &View<'_>, role: TeamRole) -> String {
    match role {
        TeamRole::Custom(id) => {
            view.store.custom_role(view.actor, id).map_or(UNSEEN.to_owned(), |role| role.name().to_string())
        }
        TeamRole::Admin | TeamRole::Member | TeamRole::Viewer => role.code().to_owned(),
    }
}

/// What somebody is to a team.
pub(super) fn of_entry(view: &View<'_>, entry: &AccessEntry<'_>) -> Markup {
    html! {
        @match (entry.role, entry.custom) {
            (_, Some(role)) => (link(view, role)),
            (Role::Custom, None) => (UNSEEN),
            (Role::Collaborator, None) => span.badge { (entry.role) },
            (Role::Admin | Role::Member | Role::Viewer, None) => (entry.role),
        }
    }
}

/// What somebody is to a team where that alone is known: which of the team's own roles it is, is looked up.
pub(super) fn of(view: &View<'_>, team: TeamId, user: UserId, role: Role) -> Markup {
    html! {
        @match (role, own(view, team, user, role)) {
            (_, Some(role)) => (link(view, role)),
            (Role::Custom, None) => (UNSEEN),
            (Role::Admin | Role::Member | Role::Viewer | Role::Collaborator, None) => (role),
        }
    }
}

/// Which of the team's own roles somebody has whose role is one, for whoever sees that.
fn own<'v>(view: &View<'v>, team: TeamId, user: UserId, role: Role) -> Option<&'v CustomRole> {
    let entry = || view.store.access_entry(view.actor, team, user).ok();
    (role == Role::Custom).then(entry).flatten()?.custom
}

/// Through what somebody holds what they hold on an app.
pub(super) fn through(view: &View<'_>, access: &AppAccess<'_>) -> Markup {
    let through = access.held.through;
    if access.role != Some(Role::Custom) {
        return html! { (through) };
    }
    let besides = match through {
        AccessSource::RoleAndGrant(_) => ", with permissions on the app",
        AccessSource::RoleAndGroups(_) => ", with permissions of groups on the app",
        AccessSource::RoleGrantAndGroups(_) => ", with permissions on the app, and those of groups",
        _ => "",
    };
    html! {
        @match access.custom {
            Some(role) => { "role " (link(view, role)) },
            None => (UNSEEN),
        }
        (besides)
    }
}

/// Whether this person lists the team's own roles.
pub(super) fn are_listed(view: &View<'_>, team: TeamId) -> bool {
    PageRequest::first(1).is_ok_and(|page| view.store.roles(view.actor, team, &page).is_ok())
}

/// The roles of a team's own, for whoever lists them.
fn all<'v>(view: &View<'v>, team: TeamId) -> Vec<RoleEntry<'v>> {
    let page = PageRequest::first(PAGE_SIZE_MAX).and_then(|page| view.store.roles(view.actor, team, &page));
    page.map(|page| page.items).unwrap_or_default()
}

/// Those that this person sees: all for whoever lists them, for others the one that they have.
pub(super) fn seen<'v>(view: &View<'v>, team: TeamId) -> Vec<&'v CustomRole> {
    let all: Vec<_> = all(view, team).into_iter().map(|entry| entry.role).collect();
    if all.is_empty() { own(view, team, view.user(), Role::Custom).into_iter().collect() } else { all }
}

/// The people among these who have this role.
pub(super) fn having(people: PeopleFilter, role: RoleId) -> PeopleFilter {
    people.role(Role::Custom).custom_role(role)
}

/// The roles that somebody can be given in the team: the built-in ones, and its own.
pub(super) fn choices(view: &View<'_>, team: &Team, chosen: TeamRole) -> Vec<Choice> {
    let built_in = TeamRole::BUILT_IN.iter().copied().filter(|role| role.exists_in(team.kind()));
    let own = all(view, team.id()).into_iter().map(|entry| TeamRole::Custom(entry.role.id()));
    let mut roles: Vec<TeamRole> = built_in.chain(own).collect();
    // What is so is shown, also to whoever sees no other.
    if !roles.contains(&chosen) {
        roles.push(chosen);
    }
    let choice = |role: TeamRole| {
        let value = match role {
            TeamRole::Custom(id) => id.to_string(),
            TeamRole::Admin | TeamRole::Member | TeamRole::Viewer => role.code().to_owned(),
        };
        Choice::new(value, called(view, role)).chosen(role == chosen)
    };
    roles.into_iter().map(choice).collect()
}

/// The team of the address, if it is one that has such roles.
fn team<'v>(view: &View<'v>) -> Result<&'v Team, Fault> {
    let team = view.team(find::team(view.store, view.actor, view.param("team"))?)?;
    if team.kind() == TeamKind::Standard { Err(Fault::Missing(Thing::Role)) } else { Ok(team) }
}

pub(super) fn list(view: &View<'_>) -> Result<Markup, Fault> {
    let team = team(view)?;
    let page = view.store.roles(view.actor, team.id(), &view.page()?)?;
    let rights = RoleRights::default();
    let create = Operation::CreateRole { team: team.id(), name: "new-role".parse()?, rights };
    let name = Field::text("name", "Name").hint("Lower-case letters, digits and hyphens.");
    let [capabilities, permissions] = boxes(rights);
    let form = view.form("Create role", Look::Main, &create, &[name, capabilities, permissions]);
    let content = html! {
        (groups::parts(view, team, "Roles"))
        p.about { "Where admin, member and viewer do not fit, a role holds what you choose. Who has one counts as a member." }
        div.bar { (opened("New role", &form)) }
        div id="list" {
            @if page.items.is_empty() {
                (view.empty("The team has no roles of its own yet.", "Create one, and give it to people like the others."))
            } @else {
                div.wide tabindex="0" role="region" aria-label="Roles" { table {
                    thead { tr {
                        th scope="col" { "Role" } th.number scope="col" { "People" } th scope="col" { "On every app" }
                        th.end scope="col" { "Since" }
                    } }
                    tbody { @for entry in &page.items { (row(view, team, entry)) } }
                } }
            }
            (view.pager(page.next.as_ref()))
        }
    };
    layout::team(view, team.id(), "Access", &content)
}

fn row(view: &View<'_>, team: &Team, entry: &RoleEntry<'_>) -> Markup {
    html! {
        tr {
            th scope="row" { (link(view, entry.role)) }
            td.number { (size(view, team, entry)) }
            td { (badges(entry.role.rights().permissions)) }
            td.end { (layout::when(entry.role.created_at())) }
        }
    }
}

/// How many people have the role: where there are any, a link to them on the Access tab.
fn size(view: &View<'_>, team: &Team, entry: &RoleEntry<'_>) -> Markup {
    let list = view.link(&format!("{}/access", place::team(team.name())));
    let people = address(&list, [("role", &*entry.role.id().to_string())]);
    let who = if entry.members == 1 { "person" } else { "people" };
    html! {
        @match entry.members {
            0 => "0",
            number => a href=(people) { (number) span.away { " " (who) " in role " (entry.role.name()) } },
        }
    }
}

fn badges(permissions: PermissionSet) -> Markup {
    html! { @for one in permissions.iter() { span.badge { (one) } " " } }
}

/// What such a role can hold: what comes by itself is not chosen.
fn boxes(rights: RoleRights) -> [Field; 2] {
    let can = Capability::ALL.iter().copied();
    let by_itself = RoleRights::default().completed().capabilities;
    let can = can.filter(|one| one.is_for_custom_roles() && !by_itself.contains(*one));
    let can = can.map(|one| Choice::new(one, spaced(one.code())).chosen(rights.capabilities.contains(one)));
    let may = [
        (Permission::Deploy, "deploy: work on the code and what runs it"),
        (Permission::Operate, "operate: run the app"),
        (Permission::Manage, "manage: change the app, and who may do what on it"),
    ];
    let may = may.map(|(one, label)| Choice::new(one, label).chosen(rights.permissions.contains(one)));
    [
        Field::checks("rights.capabilities", "On the team, besides seeing it", can.collect()),
        Field::checks("rights.permissions", "On every app, besides view", may.into()),
    ]
}

/// The page of a role of a team's own.
pub(super) fn role(view: &View<'_>) -> Result<Markup, Fault> {
    let team = team(view)?;
    let id = find::role(view.store, view.actor, team.id(), view.param("role"))?;
    let role = view.store.custom_role(view.actor, id)?;
    let access = format!("{}/access", place::team(team.name()));
    let (back, to) = if are_listed(view, team.id()) {
        (format!("{access}/roles"), "Every role")
    } else {
        (access, "Everybody in the team")
    };
    let content = html! {
        p.note { a.back href=(view.link(&back)) { (to) } }
        section {
            h2 { (role.name()) }
            div.columns {
                (what(view, role))
                @if view.past.is_none() { (ending(view, id)) }
            }
        }
        (holds(view, role))
        (people(view, team, id)?)
    };
    layout::team(view, team.id(), "Access", &content)
}

fn what(view: &View<'_>, role: &CustomRole) -> Markup {
    let rename = Operation::RenameRole { role: role.id(), name: role.name() };
    let field = Field::text("name", "Name").value(role.name());
    html! {
        div.card {
            dl.facts { dt { "Since" } dd { (layout::when(role.created_at())) } }
            (view.form("Rename role", Look::Plain, &rename, &[field]))
        }
    }
}

fn ending(view: &View<'_>, role: RoleId) -> Markup {
    html! {
        div.card {
            h3 { "Delete" }
            p.about { "Nobody may have it, be invited to it or get it by default any more." }
            (view.button("Delete role", Look::Danger("Delete this role?"), &Operation::DeleteRole { role }))
        }
    }
}

fn holds(view: &View<'_>, role: &CustomRole) -> Markup {
    let RoleRights { capabilities, permissions } = role.rights();
    let set = Operation::SetRoleRights { role: role.id(), rights: role.rights() };
    html! {
        section {
            h2 { "What it holds" }
            dl.facts {
                dt { "On the team" } dd { (words(capabilities)) }
                dt { "On every app" } dd { @if permissions.is_empty() { "nothing" } @else { (badges(permissions)) } }
            }
            (opened("Change what it holds", &html! {
                p.about {
                    "For everybody who has it, at once. What changes something comes with what shows it, and what shows something with \
                     all that belongs to it: to take one away, take away what brings it too."
                }
                (view.form("Save", Look::Main, &set, &boxes(role.rights())))
            }))
        }
    }
}

fn words(capabilities: CapabilitySet) -> String {
    let each: Vec<String> = capabilities.iter().map(|one| spaced(one.code())).collect();
    each.join(", ")
}

/// Who has the role, for whoever sees the people of the team.
fn people(view: &View<'_>, team: &Team, role: RoleId) -> Result<Markup, Fault> {
    let filter = having(PeopleFilter::default(), role);
    let page = view.store.access_list(view.actor, team.id(), &filter, &view.page()?);
    let base = place::team(team.name());
    Ok(html! {
        section {
            h2 { "People" }
            div id="list" {
                @match &page {
                    Err(refusal) => (view.denied(refusal)),
                    Ok(page) if page.items.is_empty() => {
                        (view.empty("Nobody has it.", "Give it to somebody on the Access tab."))
                    }
                    Ok(page) => {
                        div.wide tabindex="0" role="region" aria-label="People in the role" { table {
                            thead { tr {
                                th scope="col" { "User" } th scope="col" { "MFA or SSO" } th scope="col" { "Since" }
                            } }
                            tbody { @for entry in &page.items { (person(view, &base, entry)) } }
                        } }
                    }
                }
                @if let Ok(page) = &page { (view.pager(page.next.as_ref())) }
            }
        }
    })
}

fn person(view: &View<'_>, base: &str, entry: &AccessEntry<'_>) -> Markup {
    let to = format!("{base}/access/{}", entry.user.id());
    html! {
        tr {
            th scope="row" { a href=(view.link(&to)) { (entry.user.email()) } (access::suspended(entry.user)) }
            td { (access::sign_in(view, entry.status)) }
            td { (layout::when(entry.times.changed_at)) }
        }
    }
}
