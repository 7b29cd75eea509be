//! What an app is called, whether people can join it, whose it is, and its end.

use enterprise_teams::entity::{AppTransfer, Lock};
use enterprise_teams::{App, Operation, Owner};
use enterprise_teams_platform_api::Fault;
use maud::{Markup, html};

use super::super::apps::opened;
use super::super::control::{Field, Look};
use super::super::visit::View;
use super::super::{label, layout, place};
use super::transfer::{to_named, to_own};

const ASKS: &str = "Transfer this app? Its billing goes with it.";

pub(in super::super) fn page(view: &View<'_>) -> Result<Markup, Fault> {
    let app = super::named(view)?;
    let content = html! {
        (named(view, app))
        @if view.past.is_none() { (labels(view, app)) }
        (lock(view, app))
        (ownership(view, app)?)
        (deletion(view, app))
    };
    layout::app(view, app.id(), "Settings", &content)
}

fn named(view: &View<'_>, app: &App) -> Markup {
    let fields = [Field::text("name", "Name").value(app.name()).hint("The old name is free from then on.")];
    let rename = Operation::RenameApp { app: app.id(), name: app.name() };
    html! {
        section {
            h2 { "Name" }
            div.card {
                p { "The app is called " strong { (app.name()) } " and answers at " (view.store.web_url(app)) }
                (view.form("Rename", Look::Main, &rename, &fields))
            }
        }
    }
}

fn labels(view: &View<'_>, app: &App) -> Markup {
    let set = Operation::SetAppLabels { app: app.id(), labels: app.labels().clone() };
    html! { section { h2 { "Labels" } div.card { (label::form(view, app.labels(), &set)) } } }
}

fn lock(view: &View<'_>, app: &App) -> Markup {
    let (now, label, operation) = match app.lock() {
        Lock::Unlocked => {
            ("Members of the team can join the app by themselves.", "Lock app", Operation::LockApp { app: app.id() })
        }
        Lock::Locked => (
            "Nobody joins the app by themselves. Whoever is on it stays, and holders of manage add others.",
            "Unlock app",
            Operation::UnlockApp { app: app.id() },
        ),
    };
    html! {
        section {
            h2 { "Lock" }
            div.card { p { (now) } (view.button(label, Look::Plain, &operation)) }
        }
    }
}

fn ownership(view: &View<'_>, app: &App) -> Result<Markup, Fault> {
    let (store, id, present) = (view.store, app.id(), app.owner());
    let waits = store.transfer_of(view.actor, id)?;
    let to_person = match present {
        Owner::Team(_) => to_named(view, ASKS, &Operation::TransferApp { app: id, to: present }),
        // One transfer at a time.
        Owner::User(_) if waits.is_some() => html! {},
        Owner::User(_) => {
            let fields =
                [Field::email("recipient", "Recipient").hint("Somebody on the app, who then accepts or declines.")];
            let request = Operation::RequestAppTransfer { app: id, recipient: view.user() };
            view.form("Request transfer", Look::Plain, &request, &fields)
        }
    };
    let space = app.space().map(|space| store.space_name(view.actor, space));
    Ok(html! {
        section {
            h2 { @if view.past.is_some() { "Ownership" } @else { "Transfer Ownership" } }
            @if let Some(transfer) = waits { (pending(view, transfer)) }
            div.card {
                p { "The app is owned by " (layout::owner(view, present)) ". Its billing moves with it." }
                @if let Some(space) = space {
                    p.note {
                        "It is in a Private Space, and leaves its team only with that"
                        @if let Ok(name) = space { ": see "
                            a href=(view.link(&format!("{}/settings", place::space(name)))) { "the settings of " (name) } }
                        "."
                    }
                }
                @if view.past.is_none() {
                    div.columns {
                        div { (to_own(view, present, ASKS, |to| Operation::TransferApp { app: id, to })?) }
                        div { (to_person) }
                    }
                }
            }
        }
    })
}

/// A transfer that waits for its recipient.
fn pending(view: &View<'_>, transfer: &AppTransfer) -> Markup {
    let id = transfer.id();
    html! {
        div.card {
            p {
                (layout::owner(view, Owner::User(transfer.owner()))) " asks "
                (layout::owner(view, Owner::User(transfer.recipient()))) " to take the app over, since "
                (layout::when(transfer.requested_at())) "."
            }
            div.actions {
                @if transfer.recipient() == view.user() {
                    (view.button("Accept", Look::Main, &Operation::AcceptAppTransfer { transfer: id }))
                    (view.button("Decline", Look::Plain, &Operation::DeclineAppTransfer { transfer: id }))
                } @else {
                    (view.button("Cancel transfer", Look::Plain, &Operation::CancelAppTransfer { transfer: id }))
                }
            }
        }
    }
}

fn deletion(view: &View<'_>, app: &App) -> Markup {
    let delete = Operation::DeleteApp { app: app.id(), confirmation: String::new() };
    let fields = [Field::text("confirmation", "Type the name of the app to confirm")];
    let asks = Look::Danger("Delete this app, with its dynos, its add-ons and everything people hold on it?");
    let form = view.form("Delete app", asks, &delete, &fields);
    html! {
        @if view.past.is_none() {
            section {
                h2 { "Delete app" }
                div.card {
                    p { "Its grants, dynos, add-ons and their billing end at once, and its name is free. This cannot be undone." }
                    (opened("Delete app…", &form))
                }
            }
        }
    }
}
