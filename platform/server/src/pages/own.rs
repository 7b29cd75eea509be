//! The Account page: a person's own e-mail, sign-in, teams, apps, invitations, transfers and tokens.

use std::sync::Arc;

use axum::Extension;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use enterprise_teams::chrono::{DateTime, TimeDelta, Utc};
use enterprise_teams::entity::{Mfa, SignIn};
use enterprise_teams::query::{AppFilter, Page};
use enterprise_teams::{AccessSource, ActorKind, AppId, Operation, PageRequest, query::TeamFilter, system};
use enterprise_teams_platform_api::Fault;
use maud::{Markup, html};

use super::control::{Choice, Look};
use super::form::Fields;
use super::session::see_other;
use super::visit::{View, Visit};
use super::{ends, html as answer, layout, place, roles};
use crate::tokens::{NewToken, Token};

/// How many of each thing are shown; there are rarely as many.
const SHOWN: usize = 200;

#[expect(clippy::unnecessary_wraps, reason = "as every page")]
pub(super) fn page(view: &View<'_>) -> Result<Markup, Fault> {
    Ok(shown(view, &Outcome::None))
}

/// What has become of a token that was to be made.
enum Outcome<'o> {
    None,
    /// Its text.
    Made(&'o str),
    /// What was typed, and why there is none.
    Refused(&'o Fields, String),
}

/// The page, with what became of a token.
fn shown(view: &View<'_>, outcome: &Outcome<'_>) -> Markup {
    let content = html! {
        div.columns {
            (person(view))
            (invitations(view))
            (transfers(view))
        }
        (teams(view))
        (apps(view))
        (tokens(view, outcome))
        @if view.past.is_none() { (deletion(view)) }
    };
    let head = html! { h1 { "Account" } p.about { "What is yours, and what waits for your answer" } };
    layout::page(view, "Account", &head, &layout::own_tabs(view, "Account"), &content)
}

/// That there are more than are shown.
fn more<T>(page: &Page<T>) -> Markup {
    html! {
        @if page.next.is_some() {
            p.note { "Only the first " (SHOWN) " are shown." }
        }
    }
}

fn person(view: &View<'_>) -> Markup {
    let Ok(user) = view.store.user(view.actor, view.user()) else { return html! {} };
    let status = user.sign_in_status();
    let enrolled = user.mfa() == Mfa::Enrolled;
    let other = if enrolled { Mfa::NotEnrolled } else { Mfa::Enrolled };
    let label = if enrolled { "Turn MFA off" } else { "Turn MFA on" };
    html! {
        section.card {
            h2 { "You" }
            dl.facts {
                dt { "E-mail" } dd { (user.email()) }
                dt { "Signs in" } dd { @match user.sign_in() {
                    SignIn::Password => "with a password",
                    SignIn::Sso => "through an identity provider",
                } }
                dt { "MFA" }
                dd {
                    @let is_seen = status.note().is_none();
                    span.badge.good[is_seen && enrolled].bad[is_seen && !enrolled] title=[status.note()] { (status.title()) }
                }
                dt { "Since" } dd { (layout::when(user.registered_at())) }
            }
            @if user.sign_in() == SignIn::Password && view.visit.visitor.server.is_demo() {
                (view.button(label, Look::Plain, &Operation::SetMfa { user: user.id(), mfa: other }))
            }
        }
    }
}

fn invitations(view: &View<'_>) -> Markup {
    let found = PageRequest::first(SHOWN).and_then(|page| view.store.my_invitations(view.actor, &page));
    let Ok(found) = found else { return html! {} };
    html! {
        section.card {
            h2 { "Invitations" }
            @if found.items.is_empty() { p.about { "Nobody has invited you into a team." } }
            @for one in &found.items {
                div.answer {
                    p {
                        strong {
                            @match view.store.team_name(view.actor, one.team()) {
                                Ok(name) => (name),
                                Err(_) => (one.team()),
                            }
                        }
                        @if let Some(role) = one.role() { ", as " (roles::called(view, role)) }
                        ", until " (layout::when(one.expires_at()))
                    }
                    (view.button("Accept", Look::Main, &Operation::AcceptInvitation { invitation: one.id() }))
                    (view.button("Decline", Look::Plain, &Operation::DeclineInvitation { invitation: one.id() }))
                }
            }
            (more(&found))
        }
    }
}

fn transfers(view: &View<'_>) -> Markup {
    let found = PageRequest::first(SHOWN).and_then(|page| view.store.pending_transfers(view.actor, &page));
    let Ok(found) = found else { return html! {} };
    let email = |user| view.store.user(view.actor, user).map(|user| user.email().to_string()).unwrap_or_default();
    html! {
        section.card {
            h2 { "App transfers" }
            @if found.items.is_empty() { p.about { "No app waits for a new owner." } }
            @for one in &found.items {
                @let app = view.store.app(view.actor, one.app()).map(|app| app.name().to_string()).unwrap_or_default();
                div.answer {
                    @if one.recipient() == view.user() {
                        p { strong { (app) } " from " (email(one.owner())) ": you would own it and be billed for it." }
                        (view.button("Accept", Look::Main, &Operation::AcceptAppTransfer { transfer: one.id() }))
                        (view.button("Decline", Look::Plain, &Operation::DeclineAppTransfer { transfer: one.id() }))
                    } @else {
                        p { strong { (app) } " to " (email(one.recipient())) ": not answered yet." }
                        (view.button("Cancel", Look::Plain, &Operation::CancelAppTransfer { transfer: one.id() }))
                    }
                }
            }
            (more(&found))
        }
    }
}

fn teams(view: &View<'_>) -> Markup {
    let found =
        PageRequest::first(SHOWN).and_then(|page| view.store.memberships(view.actor, &TeamFilter::default(), &page));
    let Ok(found) = found else { return html! {} };
    html! {
        section {
            h2 { "Teams" }
            @if found.items.is_empty() { (layout::empty("You are in no team.", "An admin of a team can add you, by your e-mail.")) }
            @else {
                div.wide tabindex="0" role="region" aria-label="Teams" { table {
                    thead { tr {
                        th scope="col" { "Team" }
                        th scope="col" { "Role" }
                        th scope="col" { "Since" }
                        th scope="col" { span.away { "Leave" } }
                    } }
                    tbody { @for entry in &found.items {
                        tr {
                            td { a href=(view.link(&format!("{}/apps", place::team(entry.team.name())))) { (entry.team.name()) } }
                            td { (roles::called(view, entry.role)) (ends::until(view, entry.ends_at)) }
                            td { (layout::when(entry.times.since)) }
                            td.end { (view.button("Leave", Look::Danger("Leave this team, and lose what you hold on its apps?"),
                                &Operation::RemoveMember { team: entry.team.id(), user: view.user() })) }
                        }
                    } }
                } }
                (more(&found))
            }
        }
    }
}

/// Those that somebody is on by a grant.
fn apps(view: &View<'_>) -> Markup {
    let found = PageRequest::first(SHOWN).and_then(|page| {
        page.pick(
            |page| view.store.visible_apps(view.actor, &AppFilter::default(), page),
            |seen| {
                let is_granted = matches!(
                    seen.held.through,
                    AccessSource::Grant
                        | AccessSource::PersonalGrant
                        | AccessSource::StandardGrant
                        | AccessSource::RoleAndGrant(_)
                );
                Ok::<_, enterprise_teams::Error>(is_granted.then_some(seen))
            },
        )
    });
    let Ok(found) = found else { return html! {} };
    html! {
        section {
            h2 { "Apps that you are on" }
            @if found.items.is_empty() { (layout::empty("You are on no app.", "Whoever manages an app can put you on it.")) }
            @else {
                div.wide tabindex="0" role="region" aria-label="Apps that you are on" { table {
                    thead { tr {
                        th scope="col" { "App" }
                        th scope="col" { "Owner" }
                        th scope="col" { "You hold" }
                        th scope="col" { span.away { "Leave" } }
                    } }
                    tbody { @for seen in &found.items {
                        tr {
                            td { a href=(view.link(&place::app(seen.app.name()))) { (seen.app.name()) } }
                            td { (layout::owner(view, seen.app.owner())) }
                            td { (seen.held.permissions) (ends::until(view, end_on(view, seen.app.id()))) }
                            td.end { (view.button("Leave", Look::Danger("Leave this app?"),
                                &Operation::RemoveCollaborator { app: seen.app.id(), user: view.user() })) }
                        }
                    } }
                } }
                (more(&found))
            }
        }
    }
}

/// When what this person was given on the app ends.
fn end_on(view: &View<'_>, app: AppId) -> Option<DateTime<Utc>> {
    view.store.app_access_of(view.actor, app, view.user()).ok()?.ends_at
}

fn tokens(view: &View<'_>, outcome: &Outcome<'_>) -> Markup {
    let key = html! { input type="hidden" name="key" value=(view.visit.visitor.key.as_str()); };
    let mut held = view.visit.visitor.server.tokens().of(view.user());
    held.reverse();
    let typed = |name| match outcome {
        Outcome::Refused(fields, _) => fields.get(name),
        Outcome::None | Outcome::Made(_) => None,
    };
    let days = typed("days").unwrap_or("30");
    let terms = [("1", "a day"), ("30", "30 days"), ("365", "a year"), ("", "until it is revoked")];
    html! {
        section id="tokens" {
            h2 { "Tokens" }
            p.about { "Whoever has a token acts as you, here and over the API. Sessions of this dashboard are among them." }
            @match outcome {
                Outcome::None => {}
                Outcome::Made(text) => div.done role="status" {
                    p { "This is the token. It is shown this once:" }
                    p { code { (text) } }
                    p { "Do not reload this page: that makes another token. "
                        a href="/dashboard/account#tokens" { "Back to your account" } }
                },
                Outcome::Refused(_, why) => div.refusal role="alert" { p { (why) } },
            }
            @if view.past.is_some() {
                p { "Tokens are not shown for the past." }
            } @else if holds(view.visit) {
                form.bar method="post" action="/dashboard/account/tokens" {
                    (key)
                    label.field {
                        span { "What it is for" }
                        input type="text" name="description" value=(typed("description").unwrap_or_default()) maxlength="200"
                            autocomplete="off";
                    }
                    label.field { span { "Lasts" } select name="days" {
                        @for (value, label) in terms { (Choice::new(value, label).option(days)) }
                    } }
                    button.main type="submit" { "Create token" }
                }
                div.wide tabindex="0" role="region" aria-label="Tokens" { table {
                    thead { tr {
                        th scope="col" { "For" }
                        th scope="col" { "Since" }
                        th scope="col" { "Ends" }
                        th scope="col" { span.away { "Revoke" } }
                    } }
                    tbody { @for token in held.iter().filter(|token| token.expires_at.is_none_or(|end| end > view.actor.at)) {
                        (row(token, &key))
                    } }
                } }
            } @else {
                p { "A third-party client manages no tokens." }
            }
        }
    }
}

fn row(token: &Token, key: &Markup) -> Markup {
    html! {
        tr {
            td { @if token.description.is_empty() { "No description" } @else { (token.description) }
                @if let Some(client) = token.client { " " span.badge { "third-party client " (client) } } }
            td { (layout::when(token.created_at)) }
            td { @match token.expires_at { Some(end) => (layout::when(end)), None => "no end" } }
            td.end { form method="post" action=(format!("/dashboard/account/tokens/{}/revoke", token.id))
                data-confirm="Revoke this token? Whoever uses it is signed out." {
                (key) button.danger type="submit" { "Revoke" }
            } }
        }
    }
}

fn deletion(view: &View<'_>) -> Markup {
    html! {
        section {
            h2 { "Delete account" }
            (view.button("Delete my account", Look::Danger("Delete your account? This cannot be undone."),
                &Operation::DeleteUser { user: view.user() }))
        }
    }
}

/// Whether the visitor has a say in the user's tokens: a third-party client has none.
const fn holds(visit: &Visit) -> bool {
    matches!(visit.visitor.actor.who, ActorKind::User(_))
}

/// Makes a token, and shows it.
pub(super) async fn create_token(visit: Visit, Extension(fields): Extension<Fields>) -> Response {
    if !holds(&visit) {
        return answer::told(StatusCode::FORBIDDEN, "A third-party client manages no tokens.");
    }
    let days = fields.get("days").filter(|days| !days.is_empty());
    let Ok(lasts) = days.map(|days| days.parse().ok().and_then(TimeDelta::try_days).ok_or(())).transpose() else {
        return answer::told(StatusCode::UNPROCESSABLE_ENTITY, "How long the token lasts is said in days.");
    };
    let description = fields.get("description").unwrap_or_default().to_owned();
    let new = NewToken { user: visit.visitor.user, client: None, description, lasts };
    let (server, tokens) = (Arc::clone(&visit.visitor.server), Arc::clone(visit.visitor.server.tokens()));
    let made = tokio::task::spawn_blocking(move || tokens.issue(new, system::now())).await;
    let store = server.store();
    let visit = visit.on("/dashboard/account");
    let view = View::new(&store, &visit, None);
    match made {
        Ok(Ok((_, text))) => answer::page(StatusCode::OK, shown(&view, &Outcome::Made(&text))),
        Ok(Err(error)) => {
            let refused = Outcome::Refused(&fields, error.to_string());
            answer::page(StatusCode::UNPROCESSABLE_ENTITY, shown(&view, &refused))
        }
        Err(_) => answer::told(StatusCode::INTERNAL_SERVER_ERROR, "The token could not be made."),
    }
}

pub(super) async fn revoke_token(visit: Visit, Path(id): Path<String>) -> Response {
    if !holds(&visit) {
        return answer::told(StatusCode::FORBIDDEN, "A third-party client manages no tokens.");
    }
    let Ok(id) = id.parse() else { return answer::told(StatusCode::NOT_FOUND, "There is no such token.") };
    let (user, tokens) = (visit.visitor.user, Arc::clone(visit.visitor.server.tokens()));
    match tokio::task::spawn_blocking(move || tokens.revoke(user, id)).await {
        Ok(Ok(Some(_))) => see_other("/dashboard/account#tokens"),
        Ok(Ok(None)) => answer::told(StatusCode::NOT_FOUND, "There is no such token."),
        Ok(Err(_)) | Err(_) => answer::told(StatusCode::SERVICE_UNAVAILABLE, "It could not be revoked: try again."),
    }
}
