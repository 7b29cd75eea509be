//! The Access tab: everybody in a team or on its apps.

use enterprise_teams::entity::{Held, Invitation, SignInRequirement, SignInStatus};
use enterprise_teams::policy::{AppAction, Capability};
use enterprise_teams::query::{AccessEntry, AppAccess, AppFilter, AppSort, PeopleFilter};
use enterprise_teams::report::Table;
use enterprise_teams::{
    App, Error, Explanation, Operation, PageRequest, PermissionSet, Role, RoleId, Team, TeamId, TeamKind, TeamRole,
    User,
};
use enterprise_teams_platform_api::{Fault, find};
use maud::{Markup, html};

use super::apps::opened;
use super::control::{Choice, Field, Look};
use super::settings::{NEEDED, setting};
use super::visit::{PAGE, View, address};
use super::{ends, groups, layout, place, roles};

/// How many apps of a collaborator the list names.
const APPS: usize = 5;
/// What the list is asked by for those alone who have an end, and how.
const ENDS: &str = "ends";
const WITH_END: &str = "yes";
/// How many apps the matrix has side by side.
const COLUMNS: usize = 20;

pub(super) fn list(view: &View<'_>) -> Result<Markup, Fault> {
    let team = view.team(find::team(view.store, view.actor, view.param("team"))?)?;
    let content = html! {
        (groups::parts(view, team, "People"))
        div.bar {
            (view.filter("Filter by e-mail", &selects_of(view, team).into_iter().chain([with_end()]).collect::<Vec<_>>()))
            (add_user(view, team)?)
        }
        (people(view, team)?)
        (invitations(view, team)?)
        (setting("MFA or SSO", NEEDED, &sign_in_requirement(view, team)))
    };
    layout::team(view, team.id(), "Access", &content)
}

/// Which people the address asks for.
pub(super) fn asked(view: &View<'_>) -> PeopleFilter {
    let mut filter = PeopleFilter::default().containing(view.asked("filter").unwrap_or_default());
    let role = Role::ALL.iter().find(|role| view.asked("role") == Some(role.code()));
    if let Some(role) = role {
        filter = filter.role(*role);
    }
    if let Some(status) = asked_status(view) {
        filter = filter.status(status);
    }
    filter
}

/// The same, by any of the team's own roles too.
fn asked_of(view: &View<'_>) -> PeopleFilter {
    let own: Option<RoleId> = view.asked_for("role");
    own.map_or(asked(view), |role| roles::having(asked(view), role))
}

pub(super) fn asked_status(view: &View<'_>) -> Option<SignInStatus> {
    SignInStatus::ALL.iter().copied().find(|status| view.asked("sign-in") == Some(status.code()))
}

pub(super) fn is_filtered(view: &View<'_>) -> bool {
    ["filter", "role", "sign-in", ENDS].into_iter().any(|name| view.asked(name).is_some())
}

/// One of the things that a list is filtered by: name, label and choices.
type Select = (&'static str, &'static str, Vec<Choice>);
type Selects = [Select; 2];

/// The choice of those alone who are not here for good.
fn with_end() -> Select {
    (ENDS, "End", vec![Choice::new("", "With or without an end"), Choice::new(WITH_END, "with an end")])
}

/// What a list of people is filtered by.
pub(super) fn selects(kind: TeamKind, has_roles: bool) -> Selects {
    [("role", "Role", wanted_roles(kind, has_roles)), ("sign-in", "Sign-in", statuses())]
}

/// What a list of the people of a team is filtered by: by any of its own roles too.
fn selects_of(view: &View<'_>, team: &Team) -> Selects {
    let own = roles::seen(view, team.id());
    let [(name, label, mut wanted), status] = selects(team.kind(), !own.is_empty());
    wanted.extend(own.into_iter().map(|role| Choice::new(role.id(), format!("role {}", role.name()))));
    [(name, label, wanted), status]
}

fn wanted_roles(kind: TeamKind, has_roles: bool) -> Vec<Choice> {
    let exists = |role: &&Role| match role {
        Role::Admin | Role::Member | Role::Collaborator => true,
        Role::Viewer => TeamRole::Viewer.exists_in(kind),
        Role::Custom => has_roles,
    };
    let label = |role: Role| if role == Role::Custom { "roles of its own".to_owned() } else { format!("{role}s") };
    let each = Role::ALL.iter().filter(exists).map(|role| Choice::new(role, label(*role)));
    [Choice::new("", "Every role")].into_iter().chain(each).collect()
}

pub(super) fn statuses() -> Vec<Choice> {
    let each = SignInStatus::ALL.iter().map(|status| Choice::new(status, status.title()));
    [Choice::new("", "Any sign-in")].into_iter().chain(each).collect()
}

/// Whether somebody has MFA or SSO, and what there is to say about it.
pub(super) fn sign_in(view: &View<'_>, status: SignInStatus) -> Markup {
    let says = match status {
        SignInStatus::Sso => "Signs in through the identity provider of a team",
        SignInStatus::MfaOn => "Has enrolled a second factor",
        SignInStatus::MfaOff => "Has enrolled no second factor",
    };
    let says = status.note().map_or_else(|| says.to_owned(), |note| format!("{says}; {note}"));
    let told = view.label();
    html! {
        span.badge.good[status == SignInStatus::MfaOn].bad[status == SignInStatus::MfaOff]
            tabindex="0" title=(says) aria-describedby=(told) { (status.title()) }
        small.tip id=(told) { (says) "." }
    }
}

/// The mark of somebody who is suspended (SUS-1).
pub(super) fn suspended(user: &User) -> Markup {
    html! { @if user.suspended_at().is_some() { " " span.badge.bad { "suspended" } } }
}

/// The way to where somebody is edited.
pub(super) fn pen(view: &View<'_>, to: &str, what: &str) -> Markup {
    html! {
        a.pen href=(view.link(to)) aria-label={ "Edit " (what) } title={ "Edit " (what) } {
            (layout::pen_icon())
        }
    }
}

fn people(view: &View<'_>, team: &Team) -> Result<Markup, Fault> {
    let (filter, with_end) = (asked_of(view), view.asked(ENDS) == Some(WITH_END));
    let list = |page: &PageRequest| view.store.access_list(view.actor, team.id(), &filter, page);
    let list = view.page()?.pick(list, |entry| Ok((!with_end || entry.ends_at.is_some()).then_some(entry)));
    let base = place::team(team.name());
    Ok(html! {
        section id="list" {
            @match &list {
                Err(refusal) => (view.denied(refusal)),
                Ok(page) if page.items.is_empty() && is_filtered(view) => {
                    (view.empty("Nobody here is like that.", "Try a shorter part of the e-mail, or another role."))
                }
                Ok(page) if page.items.is_empty() => (view.empty("There is nobody.", "Add a user.")),
                Ok(page) => {
                    div.wide tabindex="0" role="region" aria-label="People" { table {
                        thead { tr {
                            th scope="col" { "User" } th scope="col" { "Role" } th scope="col" { "MFA or SSO" }
                            th scope="col" { span.away { "Edit" } }
                        } }
                        tbody { @for entry in &page.items { (row(view, &base, entry)) } }
                    } }
                }
            }
            @if let Ok(page) = &list {
                div.bar.under {
                    p.note { a href=(view.link(&format!("{base}/access/matrix"))) { "Who can do what on which app" } }
                    (view.pager(page.next.as_ref()))
                }
            }
        }
    })
}

fn row(view: &View<'_>, base: &str, entry: &AccessEntry<'_>) -> Markup {
    let email = entry.user.email();
    let person = format!("{base}/access/{}", entry.user.id());
    html! {
        tr {
            th scope="row" { (email) (suspended(entry.user))
                @if !entry.apps.is_empty() { div.on { "on " (apps(view, &entry.apps, &person)) } }
                @if !entry.groups.is_empty() { div.on {
                    @if entry.groups.len() == 1 { "in group " } @else { "in groups " } (groups::links(view, &entry.groups))
                } }
                @if entry.sleeping > 0 { div.on { "permissions on " (count(entry.sleeping as usize, "app")) " sleep" } }
            }
            td { (roles::of_entry(view, entry)) (ends::until(view, entry.ends_at)) }
            td { (sign_in(view, entry.status)) }
            td.end { (pen(view, &person, email.as_str())) }
        }
    }
}

fn apps(view: &View<'_>, apps: &[&App], more: &str) -> Markup {
    html! {
        @for (n, app) in apps.iter().take(APPS).enumerate() {
            @if n > 0 { ", " }
            a href=(view.link(&place::app(app.name()))) { (app.name()) }
        }
        @if apps.len() > APPS { " and " a href=(view.link(more)) { (count(apps.len().saturating_sub(APPS), "more app")) } }
    }
}

pub(super) fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

fn add_user(view: &View<'_>, team: &Team) -> Result<Markup, Fault> {
    let role = team.default_role();
    let add = Operation::AddMember { team: team.id(), user: view.user(), role };
    let refusal = view.refused_whatever_is_given(&add);
    // Whoever asks is in the team already: whether there is room for one more, only somebody else can tell.
    let invite = Operation::InviteMember { team: team.id(), email: "somebody@example.invalid".parse()?, role };
    let refusal = refusal.or_else(|| view.refused_whatever_is_given(&invite));
    let fields = [
        Field::list("user", "E-mail").hint("Or several, with commas between. Somebody without an account is invited."),
        Field::select("role", "Role", roles::choices(view, team, role)),
        ends::until_field(),
    ];
    Ok(opened("Add User", &view.form_unless("Add User", Look::Main, &add, &fields, refusal.as_ref())))
}

fn invitations(view: &View<'_>, team: &Team) -> Result<Markup, Fault> {
    let list = view.store.pending_invitations(view.actor, team.id(), &view.part("invited", PAGE)?);
    Ok(html! {
        section {
            h2 { "Pending invitations" }
            @match &list {
                Err(refusal) => (view.denied(refusal)),
                Ok(page) if page.items.is_empty() => {
                    (view.empty_of("invited", "Nobody is invited.", "Add a user: somebody without an account is invited."))
                }
                Ok(page) => {
                    div.wide tabindex="0" role="region" aria-label="Pending invitations" { table {
                        thead { tr {
                            th scope="col" { "E-mail" } th scope="col" { "Role" } th scope="col" { "Until" }
                            th scope="col" { span.away { "Revoke" } }
                        } }
                        tbody { @for invitation in &page.items { (invited(view, invitation)) } }
                    } }
                }
            }
            @if let Ok(page) = &list { (view.pager_of("invited", page.next.as_ref())) }
        }
    })
}

fn invited(view: &View<'_>, invitation: &Invitation) -> Markup {
    let revoke = Operation::RevokeInvitation { invitation: invitation.id() };
    html! {
        tr {
            th scope="row" { (invitation.email()) }
            td { @match invitation.role() { Some(role) => (roles::called(view, role)), None => "the default role" } }
            td { (layout::when(invitation.expires_at())) }
            td.end { (view.button("Revoke", Look::Plain, &revoke)) }
        }
    }
}

/// Whether MFA or SSO is required, and the control that changes it.
pub(super) fn sign_in_requirement(view: &View<'_>, team: &Team) -> Markup {
    let (says, label, other) = match team.sign_in_requirement() {
        SignInRequirement::Nothing => {
            ("A password will do: nothing more is required.", "Require MFA or SSO", SignInRequirement::MfaOrSso)
        }
        SignInRequirement::MfaOrSso => (
            "Required: whoever has neither reaches nothing of this team.",
            "No longer require MFA or SSO",
            SignInRequirement::Nothing,
        ),
    };
    let operation = Operation::SetSignInRequirement { team: team.id(), requirement: other };
    let list = view.link(&format!("{}/access", place::team(team.name())));
    html! {
        p { (says) " " a href=(address(&list, [("sign-in", SignInStatus::MfaOff.code())])) { "Who has neither" } }
        (view.button(label, Look::Plain, &operation))
    }
}

/// A page of a team, for whoever may know that it is there: a collaborator sees no tabs.
fn framed(view: &View<'_>, team: TeamId, content: &Markup) -> Result<Markup, Fault> {
    if view.team(team).is_ok() {
        return layout::team(view, team, "Access", content);
    }
    let name = view.store.team_name(view.actor, team)?;
    let head = html! { h1 { (name) } p.about { "You are not in this team" } };
    Ok(layout::page(view, &format!("{name}: Access"), &head, &html! {}, content))
}

pub(super) fn person(view: &View<'_>) -> Result<Markup, Fault> {
    let (store, actor) = (view.store, view.actor);
    let team = find::team(store, actor, view.param("team"))?;
    let user = find::user(store, actor, view.param("user"))?;
    let found = store.access_entry(actor, team, user);
    let back = format!("{}/access", place::team(store.team_name(actor, team)?));
    let content = html! {
        @if view.team(team).is_ok() { p.note { a.back href=(view.link(&back)) { "Everybody in the team" } } }
        @match &found {
            Err(refusal) => (view.denied(refusal)),
            Ok(entry) => {
                section {
                    h2 { (entry.user.email()) (suspended(entry.user)) }
                    div.columns {
                        (what(view, team, entry))
                        @if view.past.is_none() { (parting(view, team, entry)) }
                    }
                }
                (on_apps(view, team, entry)?)
                (why(view, team, entry.user))
            }
        }
    };
    framed(view, team, &content)
}

/// What somebody is, and being something else.
fn what(view: &View<'_>, team: TeamId, entry: &AccessEntry<'_>) -> Markup {
    let seen = view.team(team);
    let user = entry.user.id();
    html! {
        div.card {
            dl.facts {
                dt { "Role" } dd { (roles::of_entry(view, entry)) }
                dt { "MFA or SSO" } dd { (sign_in(view, entry.status)) }
                dt { "Since" } dd { (layout::when(entry.times.since)) }
                @if let Some(end) = entry.ends_at { dt { "Until" } dd { (ends::time(view, end)) } }
                @if let Some(at) = entry.user.suspended_at() { dt { "Suspended" } dd { (layout::when(at)) } }
                @if !entry.groups.is_empty() { dt { "Groups" } dd { (groups::links(view, &entry.groups)) } }
            }
            @if let Ok(team) = seen {
                @match (given(entry), entry.role) {
                    (Some(role), _) => {
                        @let change = Operation::SetMemberRole { team: team.id(), user, role };
                        @let field = Field::select("role", "Role", roles::choices(view, team, role));
                        (view.form("Change role", Look::Plain, &change, &[field]))
                    }
                    (None, Role::Admin | Role::Member | Role::Viewer | Role::Custom) => {}
                    (None, Role::Collaborator) => {
                        @let role = team.default_role();
                        @let add = Operation::AddMember { team: team.id(), user, role };
                        p.about { "A collaborator is not in the team, only on some of its apps." }
                        @let field = Field::select("role", "Role", roles::choices(view, team, role));
                        (view.form("Add to the team", Look::Plain, &add, &[field, ends::until_field()]))
                    }
                }
                @if entry.role != Role::Collaborator {
                    (ends::change(view, Held::Membership { team: team.id(), user }, entry.ends_at))
                }
            }
        }
    }
}

/// The role that somebody was given, if this person sees which it is.
fn given(entry: &AccessEntry<'_>) -> Option<TeamRole> {
    match entry.role {
        Role::Admin => Some(TeamRole::Admin),
        Role::Member => Some(TeamRole::Member),
        Role::Viewer => Some(TeamRole::Viewer),
        Role::Custom => entry.custom.map(|role| TeamRole::Custom(role.id())),
        Role::Collaborator => None,
    }
}

/// How somebody comes to be here no more.
fn parting(view: &View<'_>, team: TeamId, entry: &AccessEntry<'_>) -> Markup {
    let user = entry.user.id();
    let (title, label, asks) = if user == view.user() {
        ("Leave", "Leave team", "Leave this team, and lose what you hold on its apps?")
    } else {
        ("Remove", "Remove from team", "Remove this person from the team, with everything that they hold on its apps?")
    };
    html! {
        div.card {
            h3 { (title) }
            @if entry.role == Role::Collaborator {
                p.about { "A collaborator leaves app by app: the last of the apps below is the last of the team." }
            } @else {
                p.about { "The role ends, and every permission on the team's apps and spaces. The apps stay with the team." }
                (view.button(label, Look::Danger(asks), &Operation::RemoveMember { team, user }))
            }
        }
    }
}

fn on_apps(view: &View<'_>, team: TeamId, entry: &AccessEntry<'_>) -> Result<Markup, Fault> {
    let apps = view.store.member_apps(view.actor, team, entry.user.id(), &AppFilter::default(), &view.page()?);
    let says = match entry.role {
        Role::Admin => {
            "An admin holds everything on every app. What they were given on single apps sleeps while they are admin."
        }
        Role::Member | Role::Viewer | Role::Custom => {
            "What they were given on single apps, besides what the role gives on every app."
        }
        Role::Collaborator => "The apps of the team that they are on.",
    };
    Ok(html! {
        section {
            h2 { "On apps" }
            p.about { (says) }
            @match &apps {
                Err(refusal) => (view.denied(refusal)),
                Ok(page) if page.items.is_empty() => {
                    (view.empty("On no app by themselves.", "Permissions are given on the Access tab of an app."))
                }
                Ok(page) => {
                    div.wide tabindex="0" role="region" aria-label="On apps" { table {
                        thead { tr {
                            th scope="col" { "App" } th scope="col" { "Holds" } th scope="col" { "Through" }
                            th scope="col" { span.away { "Take away" } }
                        } }
                        tbody { @for app in &page.items { (on_app(view, app, entry.user)) } }
                    } }
                }
            }
            @if let Ok(page) = &apps { (view.pager(page.next.as_ref())) }
        }
    })
}

fn on_app(view: &View<'_>, app: &App, user: &User) -> Markup {
    let held = view.store.app_access_of(view.actor, app.id(), user.id());
    let (label, asks) = if user.id() == view.user() {
        ("Leave", "Leave this app, and lose what you were given on it?")
    } else {
        ("Take away", "Take away what this person was given on the app?")
    };
    let remove = Operation::RemoveCollaborator { app: app.id(), user: user.id() };
    html! {
        tr {
            th scope="row" { a href=(view.link(&place::app(app.name()))) { (app.name()) } }
            @match &held {
                Ok(access) => {
                    td { (access.held.permissions)
                        @if let Some(sleeping) = access.sleeping { div.on { "asleep: " (sleeping) } }
                        (ends::until(view, access.ends_at))
                    }
                    td { (roles::through(view, access)) (through_groups(view, access)) }
                }
                Err(refusal) => td colspan="2" { (view.why(refusal)) },
            }
            td.end { (view.button(label, Look::Danger(asks), &remove)) }
        }
    }
}

/// What somebody holds through groups on an app, each alone.
pub(super) fn through_groups(view: &View<'_>, access: &AppAccess<'_>) -> Markup {
    let sleeps = access.role == Some(Role::Admin);
    html! {
        @for through in &access.groups {
            small.below {
                "through group " (groups::link(view, through.group)) ": " (through.permissions) @if sleeps { ", asleep" }
                @if let Some(end) = through.ends_at { ", until " (ends::time(view, end)) }
            }
        }
    }
}

/// Whether somebody may do something on the team, or on one of its apps, and why.
fn why(view: &View<'_>, team: TeamId, user: &User) -> Markup {
    let kind = view.team(team).map(Team::kind);
    let is_there = |one: &&Capability| match kind {
        // Whose groups and roles there are none of.
        Ok(TeamKind::Standard)
            if matches!(
                one,
                Capability::ViewGroups | Capability::ManageGroups | Capability::ViewRoles | Capability::ManageRoles
            ) =>
        {
            false
        }
        Ok(kind) => one.roles(kind).is_some(),
        Err(_) => true,
    };
    let can = Capability::ALL.iter().filter(is_there);
    let can = can.map(|one| Choice::new(one, spaced(one.code())));
    let may = AppAction::ALL.iter().map(|one| Choice::new(one, spaced(one.code())));
    let given = |name| view.asked(name).unwrap_or_default();
    let hidden = html! { @if let Some(time) = view.asked("on") { input type="hidden" name="on" value=(time); } };
    html! {
        section id="why" {
            h2 { "Why?" }
            p.about { "Whether they may do something, through what, and what is missing if not." }
            form.bar method="get" action={ (view.visit.path()) "#why" } {
                (hidden)
                label.field { span { "On the team" } select name="can" {
                    @for choice in can { (choice.option(given("can"))) }
                } }
                button type="submit" { "Ask" }
            }
            @if let Some(one) = Capability::ALL.iter().find(|one| one.code() == given("can")) {
                (answer(view, &view.store.explain_to(view.actor, user.id(), *one, team)))
            }
            form.bar method="get" action={ (view.visit.path()) "#why" } {
                (hidden)
                label.field { span { "On an app" } select name="may" {
                    @for choice in may { (choice.option(given("may"))) }
                } }
                label.field { span { "App" } input type="text" name="app" value=(given("app")) autocomplete="off" required; }
                button type="submit" { "Ask" }
            }
            @if let Some(one) = AppAction::ALL.iter().find(|one| one.code() == given("may")) {
                @match find::app(view.store, view.actor, given("app")) {
                    Ok(app) => (answer(view, &view.store.explain_to(view.actor, user.id(), *one, app))),
                    Err(fault) => div.refusal role="alert" { p { (view.reason(&fault).message) } },
                }
            }
        }
    }
}

fn answer(view: &View<'_>, explained: &Result<Explanation<'_>, Error>) -> Markup {
    html! {
        @match explained {
            Err(refusal) => (view.denied(refusal)),
            Ok(answer) => div.card.answered role="status" {
                span.badge.good[answer.is_allowed()].bad[!answer.is_allowed()] {
                    @if answer.is_allowed() { "Allowed" } @else { "Refused" }
                }
                p { (view.words(answer)) }
            },
        }
    }
}

pub(super) fn spaced(code: &str) -> String {
    code.replace('-', " ")
}

pub(super) fn matrix(view: &View<'_>) -> Result<Markup, Fault> {
    let (store, actor) = (view.store, view.actor);
    let team = view.team(find::team(store, actor, view.param("team"))?)?;
    let base = format!("{}/access", place::team(team.name()));
    let people = store.access_list(actor, team.id(), &asked_of(view), &view.page()?);
    let apps = store.apps(actor, team.id(), &AppFilter::default(), AppSort::Name, &view.part("apps", COLUMNS)?);
    let content = html! {
        p.note { a.back href=(view.link(&base)) { "Everybody in the team" } }
        h2 { "Who can do what on which app" }
        div.bar {
            (view.filter("Filter by e-mail", &selects_of(view, team)))
            a.button href=(view.link(&format!("{base}/matrix.csv"))) download { "Export CSV" }
        }
        div id="list" {
            @match (&people, &apps) {
                (Err(refusal), _) | (_, Err(refusal)) => (view.denied(refusal)),
                (Ok(people), _) if people.items.is_empty() => {
                    (view.empty("Nobody here is like that.", "Try a shorter part of the e-mail, or another role."))
                }
                (_, Ok(apps)) if apps.items.is_empty() => {
                    (view.empty_of("apps", "There are no apps yet.", "Create one on the Apps tab."))
                }
                (Ok(people), Ok(apps)) => {
                    div.wide.matrix tabindex="0" role="region" aria-label="Who can do what on which app" { table {
                        thead { tr {
                            th scope="col" { "User" } th scope="col" { "Role" }
                            @for app in &apps.items {
                                th scope="col" { a href=(view.link(&place::app(app.name()))) { (app.name()) } }
                            }
                        } }
                        tbody { @for entry in &people.items {
                            tr {
                                @let person = format!("{base}/{}", entry.user.id());
                                th scope="row" { a href=(view.link(&person)) { (entry.user.email()) } }
                                td { (entry.role_name()) }
                                @for app in &apps.items {
                                    td { (held(view, app, entry.user)) }
                                }
                            }
                        } }
                    } }
                }
            }
            @if let (Ok(people), Ok(apps)) = (&people, &apps) {
                div.bar.under {
                    p.note { "“all” is view, deploy, operate and manage. The export has everybody and every app." }
                    @if view.asked("apps").is_some() || apps.next.is_some() {
                        nav.pager aria-label="Apps" {
                            @if view.asked("apps").is_some() { a href=(view.here(&[("apps", "")])) { "First apps" } }
                            @if let Some(next) = &apps.next {
                                a rel="next" href=(view.here(&[("apps", &next.to_string())])) { "Next apps" }
                            }
                        }
                    }
                    (view.pager(people.next.as_ref()))
                }
            }
        }
    };
    layout::team(view, team.id(), "Access", &content)
}

fn held(view: &View<'_>, app: &App, user: &User) -> Markup {
    html! {
        @match view.store.app_access_of(view.actor, app.id(), user.id()) {
            Ok(access) if access.held.permissions == PermissionSet::ALL => "all",
            Ok(access) => (access.held.permissions),
            Err(Error::NotOnApp { .. }) => "",
            Err(refusal) => (view.why(&refusal)),
        }
    }
}

/// Who holds what on which app, everybody and every app.
pub(super) fn matrix_table(view: &View<'_>) -> Result<Table, Fault> {
    let team = find::team(view.store, view.actor, view.param("team"))?;
    Ok(view.store.permission_matrix(view.actor, team)?)
}
