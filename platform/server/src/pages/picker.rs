//! The team picker: where somebody is, and as what.

use enterprise_teams::query::{AppFilter, AppSort};
use enterprise_teams::{Owner, PageRequest, query::TeamFilter};
use enterprise_teams_platform_api::Fault;
use maud::{Markup, html};

use super::access::count;
use super::visit::View;
use super::{ends, layout, place, roles};

pub(super) fn page(view: &View<'_>) -> Result<Markup, Fault> {
    let (store, actor) = (view.store, view.actor);
    let teams = store.memberships(actor, &TeamFilter::default(), &view.page()?)?;
    let accounts = store.account_memberships(actor, &PageRequest::first(100)?)?;
    let invitations = store.my_invitations(actor, &PageRequest::first(100)?)?;
    let own =
        store.apps(actor, Owner::User(view.user()), &AppFilter::default(), AppSort::Name, &PageRequest::first(1)?)?;
    let content = html! {
        @if !invitations.items.is_empty() {
            p.note { "You are invited into " (count(invitations.items.len(), "team")) ": "
                a href=(view.link("/dashboard/account")) { "answer on your account page" } "." }
        }
        section {
            h2 { "Teams" }
            @if teams.items.is_empty() {
                (view.empty("You are in no team.", "An admin of a team can add you, by the e-mail of your account."))
            } @else {
                ul.cards {
                    @for entry in &teams.items {
                        li { a href=(view.link(&format!("{}/apps", place::team(entry.team.name())))) {
                            strong { (entry.team.name()) }
                            span { (entry.team.kind().title()) }
                            span.badge { (roles::called(view, entry.role)) }
                            (ends::until(view, entry.ends_at))
                        } }
                    }
                }
            }
            (view.pager(teams.next.as_ref()))
        }
        section {
            h2 { "Personal" }
            ul.cards {
                li { a href=(view.link(place::PERSONAL)) {
                    strong { "Personal" }
                    span { @if own.items.is_empty() { "No apps yet" } @else { "Your own apps and pipelines" } }
                } }
            }
        }
        @if !accounts.items.is_empty() {
            section {
                h2 { "Enterprise Accounts" }
                ul.cards {
                    @for entry in &accounts.items {
                        li { a href=(view.link(&format!("{}/teams", place::account(entry.account.name())))) {
                            strong { (entry.account.name()) }
                            span { @for (n, one) in entry.permissions.iter().enumerate() { @if n > 0 { ", " } (one) } }
                        } }
                    }
                }
            }
        }
    };
    Ok(layout::page(view, "Your teams", &html! { h1 { "Your teams" } }, &html! {}, &content))
}
