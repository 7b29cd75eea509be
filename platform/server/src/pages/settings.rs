//! The Settings tab of a team.

use enterprise_teams::entity::{AddOnControls, IdentityProvider, Limits, OAuthAccess, OnExcess, Sso};
use enterprise_teams::names::ServiceName;
use enterprise_teams::query::{AppFilter, Billing};
use enterprise_teams::{
    AccountId, App, Error, Operation, Owner, PageRequest, Team, TeamId, TeamKind, query::SpaceFilter,
};
use enterprise_teams_platform_api::{Fault, find};
use maud::{Markup, html};

use super::access::{count, sign_in_requirement};
use super::amount::cents;
use super::apps::opened;
use super::control::{Choice, Field, Look};
use super::visit::{LEFT_OUT, PAGE, View};
use super::{label, layout, place, roles};

/// How many Enterprise Accounts a team can be moved into from here.
const ACCOUNTS: usize = 100;
/// What the requirement of MFA or SSO is.
pub(super) const NEEDED: &str = "What everybody in the team and on its apps needs to reach what it owns.";
/// How many of what remains in a team are named.
const REMAINS: usize = 10;

pub(super) fn page(view: &View<'_>) -> Result<Markup, Fault> {
    let team = find::team(view.store, view.actor, view.param("team"))?;
    let content = layout::or_why(view, team, every(view, team))?;
    layout::team(view, team, "Settings", &content)
}

fn every(view: &View<'_>, team: TeamId) -> Result<Markup, Fault> {
    let team = view.store.team(view.actor, team)?;
    Ok(html! { div.settings {
        (name(view, team))
        @if view.past.is_none() { (labels(view, team)) }
        (sso(view, team)?)
        (setting("MFA or SSO", NEEDED, &sign_in_requirement(view, team)))
        (default_role(view, team))
        (add_ons(view, team)?)
        @if view.past.is_none() { (bulk_transfer(view, team)) }
        (oauth(view, team))
        (billing(view, team)?)
        (account(view, team)?)
        (deletion(view, team)?)
    } })
}

/// A setting: what it is at one side, and what there is to do at the other.
pub(super) fn setting(title: &str, about: &str, content: &Markup) -> Markup {
    html! {
        section.setting {
            div { h2 { (title) } p.about { (about) } }
            div { (content) }
        }
    }
}

fn name(view: &View<'_>, team: &Team) -> Markup {
    let rename = Operation::RenameTeam { team: team.id(), name: team.name() };
    let field = Field::text("name", "Name").value(team.name()).hint("Lower-case letters, digits and hyphens.");
    let content = html! {
        @if view.past.is_some() { p { (team.name()) } }
        (view.form("Rename", Look::Plain, &rename, &[field]))
    };
    setting("Name", "How the team is called everywhere.", &content)
}

fn labels(view: &View<'_>, team: &Team) -> Markup {
    let labels = team.labels();
    let set = Operation::SetTeamLabels { team: team.id(), labels: labels.clone() };
    let about = "Words of your own, by which teams are found: an environment, a cost centre.";
    setting("Labels", about, &label::form(view, labels, &set))
}

fn sso(view: &View<'_>, team: &Team) -> Result<Markup, Fault> {
    let found = view.store.identity_provider(view.actor, team.id());
    let (class, status) = match team.sso() {
        Sso::NotConfigured => ("badge", "Not set up"),
        Sso::Disabled => ("badge bad", "Off"),
        Sso::Enabled => ("badge good", "On"),
    };
    let content = html! {
        p { span class=(class) { (status) } }
        @match &found {
            Err(refusal) => (view.denied(refusal)),
            Ok(None) => p.about { "There is no identity provider." },
            Ok(Some(provider)) => {
                dl.facts {
                    dt { "Entity id" } dd { (provider.entity_id()) }
                    dt { "Sign-in URL" } dd { (provider.sign_in_url()) }
                }
                details { summary { "Certificate" } pre tabindex="0" { (provider.certificate()) } }
            }
        }
        (identity_provider(view, team, found.as_ref().ok().copied().flatten())?)
        (sso_switch(view, team))
    };
    let about = "With it, people sign in through your identity provider, which asks for MFA as you set it there.";
    Ok(setting("Single sign-on", about, &content))
}

fn sso_switch(view: &View<'_>, team: &Team) -> Markup {
    let id = team.id();
    let remove = || {
        let asks = Look::Danger("Remove the identity provider?");
        view.button("Remove the identity provider", asks, &Operation::RemoveIdentityProvider { team: id })
    };
    match team.sso() {
        Sso::NotConfigured => html! {},
        Sso::Disabled => {
            html! { (view.button("Enable SSO", Look::Plain, &Operation::EnableSso { team: id })) (remove()) }
        }
        Sso::Enabled => {
            let asks = Look::Danger("Let nobody sign in through the identity provider any more?");
            html! { (view.button("Disable SSO", asks, &Operation::DisableSso { team: id })) (remove()) }
        }
    }
}

/// The form that sets or replaces the identity provider: of the present one, as far as this person sees it.
fn identity_provider(view: &View<'_>, team: &Team, present: Option<&IdentityProvider>) -> Result<Markup, Fault> {
    let pem = "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----";
    let provider = match present {
        Some(provider) => provider.clone(),
        None => IdentityProvider::new("provider", "https://example.com", pem)?,
    };
    let value = |of: fn(&IdentityProvider) -> &str| present.map(of).unwrap_or_default();
    let fields = [
        Field::text("provider.entity_id", "Entity id").value(value(IdentityProvider::entity_id)),
        Field::text("provider.sign_in_url", "Sign-in URL")
            .value(value(IdentityProvider::sign_in_url))
            .hint("It begins with https://"),
        Field::long("provider.certificate", "Certificate")
            .value(value(IdentityProvider::certificate))
            .hint("In PEM form."),
    ];
    let label = match team.sso() {
        Sso::NotConfigured => "Set up an identity provider",
        Sso::Disabled | Sso::Enabled => "Replace the identity provider",
    };
    let set = Operation::SetIdentityProvider { team: team.id(), provider };
    Ok(opened(label, &view.form("Save", Look::Main, &set, &fields)))
}

fn default_role(view: &View<'_>, team: &Team) -> Markup {
    let role = team.default_role();
    let set = Operation::SetDefaultRole { team: team.id(), role };
    let field = Field::select("role", "Role", roles::choices(view, team, role));
    let content = html! {
        @if view.past.is_some() { p { (roles::called(view, role)) } }
        (view.form("Change", Look::Plain, &set, &[field]))
    };
    setting("Default role", "What new users are, where no other role is chosen for them.", &content)
}

fn add_ons(view: &View<'_>, team: &Team) -> Result<Markup, Fault> {
    let (says, label, other) = match team.add_on_controls() {
        AddOnControls::Off => ("Off: whoever may install add-ons installs any.", "Turn controls on", AddOnControls::On),
        AddOnControls::On => {
            ("On: only what is allowed here can be installed, save by admins.", "Turn controls off", AddOnControls::Off)
        }
    };
    let set = Operation::SetAddOnControls { team: team.id(), controls: other };
    let content = html! {
        p { (says) }
        (view.button(label, Look::Plain, &set))
        h3 { "Allowed add-ons" }
        (allowed(view, team)?)
        @if team.add_on_controls() == AddOnControls::On { (exceptions(view, team)) }
    };
    Ok(setting("Add-on controls", "Which add-ons can be used with the apps of the team.", &content))
}

fn allowed(view: &View<'_>, team: &Team) -> Result<Markup, Fault> {
    let team = team.id();
    let named: Result<Vec<ServiceName>, Error> = view.store.allowed_add_ons(view.actor, team).map(Iterator::collect);
    let field = || Field::text("service", "Service");
    let disallow = |service| Operation::DisallowAddOn { team, service };
    Ok(html! {
        @match &named {
            Err(refusal) => (view.denied(refusal)),
            Ok(services) if services.is_empty() => p.about { "None yet: the first that is allowed stands here." },
            Ok(services) => {
                div.wide tabindex="0" role="region" aria-label="Allowed add-ons" { table {
                    thead { tr { th scope="col" { "Service" } th scope="col" { span.away { "Disallow" } } } }
                    tbody { @for service in services.iter().take(PAGE) {
                        tr {
                            th scope="row" { (service) }
                            td.end { (view.button("Disallow", Look::Plain, &disallow(*service))) }
                        }
                    } }
                } }
                @if let Some(other) = services.get(PAGE) {
                    p.about { "These are " (PAGE) " of " (services.len()) "." }
                    (opened("Disallow another", &view.form("Disallow another", Look::Plain, &disallow(*other), &[field()])))
                }
            }
        }
        (view.form("Allow", Look::Plain, &Operation::AllowAddOn { team, service: "service".parse()? }, &[field()]))
    })
}

fn exceptions(view: &View<'_>, team: &Team) -> Markup {
    let found = view.store.add_on_exceptions(view.actor, team.id());
    html! {
        h3 { "Exceptions" }
        @match &found {
            Err(refusal) => (view.denied(refusal)),
            Ok(add_ons) if add_ons.is_empty() => p.about { "Everything that is installed is allowed." },
            Ok(add_ons) => {
                p.about { "Installed, though not allowed: from before, or by an admin." }
                div.wide tabindex="0" role="region" aria-label="Exceptions" { table {
                    thead { tr { th scope="col" { "Service" } th scope="col" { "Plan" } th scope="col" { "App" } } }
                    tbody { @for add_on in add_ons.iter().take(PAGE) {
                        tr {
                            th scope="row" { (add_on.service()) }
                            td { (add_on.plan().name) }
                            td { @if let Ok(app) = view.store.app(view.actor, add_on.app()) {
                                a href=(view.link(&place::app(app.name()))) { (app.name()) }
                            } }
                        }
                    } }
                } }
                @if add_ons.len() > PAGE {
                    p.about { "These are " (PAGE) " of " (add_ons.len()) ": the Resources tab has every add-on." }
                }
            }
        }
    }
}

fn bulk_transfer(view: &View<'_>, team: &Team) -> Markup {
    let to = format!("{}/settings/transfer", place::team(team.name()));
    let content = html! { p { a.button href=(view.link(&to)) { "Transfer Apps" } } };
    setting("Bulk App Transfer", "Move several apps at once into this team, yours and those of other teams.", &content)
}

fn oauth(view: &View<'_>, team: &Team) -> Markup {
    let (says, label, other) = match team.oauth_access() {
        OAuthAccess::Allowed => {
            ("Allowed: third-party products reach what the team owns.", "Deny access", OAuthAccess::Denied)
        }
        OAuthAccess::Denied => {
            ("Denied: no third-party product reaches what the team owns.", "Allow access", OAuthAccess::Allowed)
        }
    };
    let set = Operation::SetOAuthAccess { team: team.id(), access: other };
    let content = html! { p { (says) } (view.button(label, Look::Plain, &set)) };
    setting("OAuth access", "Products and services of others that act through OAuth.", &content)
}

fn billing(view: &View<'_>, team: &Team) -> Result<Markup, Fault> {
    let found = view.store.billing(view.actor, team.id());
    let usage = format!("{}/usage", place::team(team.name()));
    let content = html! {
        @match &found {
            Err(refusal) => (view.denied(refusal)),
            Ok(Billing::Credits(None)) => p { "The team pays for itself, with its credits." },
            Ok(Billing::Credits(Some(account))) => {
                p { "The Enterprise Account " (account_link(view, *account)) " pays, with its credits." }
            }
            Ok(Billing::PaymentMethod(None)) => p { "The team pays for itself, and has no payment method yet." },
            Ok(Billing::PaymentMethod(Some(method))) => p { "The team pays for itself: " strong { (method) } },
        }
        @if team.kind() == TeamKind::Standard { (payment_method(view, team, &found)?) }
        h3 { "Limits" }
        (limits(team.kind(), team.limits()))
        p.about { "The platform sets them. What is used of them, the " a href=(view.link(&usage)) { "Usage tab" } " says." }
    };
    Ok(setting("Billing and limits", "Who pays, and how much the team may have.", &content))
}

/// How a Standard team pays, as far as this person sees it.
fn payment_method(view: &View<'_>, team: &Team, found: &Result<Billing<'_>, Error>) -> Result<Markup, Fault> {
    let team = team.id();
    let present = match found {
        Ok(Billing::PaymentMethod(method)) => method.map(ToString::to_string),
        Ok(Billing::Credits(_)) | Err(_) => None,
    };
    let field = Field::text("method", "Payment method").hint("As it is called: a card and its last digits.");
    let field = field.value(present.as_deref().unwrap_or_default());
    let set = Operation::SetPaymentMethod { team, method: Some("card".parse()?) };
    let asks = Look::Danger("Remove the payment method?");
    Ok(html! {
        (view.form("Save", Look::Plain, &set, &[field]))
        @if present.is_some() {
            (view.button("Remove the payment method", asks, &Operation::SetPaymentMethod { team, method: None }))
        }
    })
}

fn limits(kind: TeamKind, limits: Limits) -> Markup {
    let up_to = |limit: Option<u32>| limit.map_or_else(|| "no limit".to_owned(), |limit| format!("up to {limit}"));
    let excess = match limits.on_excess {
        OnExcess::Shown => "shown on the Usage tab",
        OnExcess::Refused => "refused",
    };
    html! {
        dl.facts {
            dt { "Members" } dd { "up to " (limits.members) ", pending invitations counted" }
            dt { "Apps" } dd { (up_to(limits.apps)) }
            @if kind == TeamKind::Enterprise { dt { "Spaces" } dd { (up_to(limits.spaces)) } }
            dt { "Dyno units a month" } dd { (up_to(limits.dyno_units)) }
            dt { "Add-on credits a month" } dd {
                @match limits.add_on_credits {
                    None => "no limit",
                    Some(limit) => { "up to " (cents(limit)) }
                }
            }
            @if limits.dyno_units.is_some() || limits.add_on_credits.is_some() {
                dt { "More than that" } dd { "of dyno units and credits is " (excess) }
            }
        }
    }
}

fn account_link(view: &View<'_>, account: AccountId) -> Markup {
    html! {
        @if let Ok(account) = view.store.account(view.actor, account) {
            a href=(view.link(&format!("{}/teams", place::account(account.name())))) { (account.name()) }
        } @else {
            (account)
        }
    }
}

fn account(view: &View<'_>, team: &Team) -> Result<Markup, Fault> {
    let content = match (team.kind(), team.account(), team.move_out_requested_at()) {
        (TeamKind::Standard, ..) => move_in(view, team)?,
        (TeamKind::Enterprise, None, _) => {
            html! { p { "The team is in no Enterprise Account. The platform puts it into one." } }
        }
        (TeamKind::Enterprise, Some(account), None) => html! {
            p { "The team is in " (account_link(view, account)) "." }
            p.about {
                "The platform moves it out when an admin asks: it becomes a Standard team, with no spaces, no viewers, and "
                "fewer members."
            }
            @let asks = Look::Danger("Ask the platform to move this team out of its Enterprise Account?");
            (view.button("Ask to move it out", asks, &Operation::RequestTeamMoveOut { team: team.id() }))
        },
        (TeamKind::Enterprise, Some(account), Some(at)) => html! {
            p { "The team is in " (account_link(view, account)) ". An admin asked on " (layout::when(at)) " to move it out." }
            (view.button("Withdraw the request", Look::Plain, &Operation::WithdrawTeamMoveOut { team: team.id() }))
        },
    };
    Ok(setting("Enterprise Account", "Keeps teams together, and bills for them.", &content))
}

fn move_in(view: &View<'_>, team: &Team) -> Result<Markup, Fault> {
    let team = team.id();
    let own = view.store.account_memberships(view.actor, &PageRequest::first(ACCOUNTS)?)?;
    let all = own.items.iter().map(|membership| {
        let move_in = Operation::MoveTeamIn { team, account: membership.account.id() };
        let refusal = view.store.what_if(view.actor, &move_in).err();
        (membership.account, move_in, refusal)
    });
    let all: Vec<_> = all.collect();
    let asked = all.iter().find(|(.., refusal)| refusal.is_none()).or(all.first());
    // Where none can be had, the whole says why.
    let is_open = asked.is_some_and(|(.., refusal)| refusal.is_none());
    let choices = all.iter().map(|(account, _, no)| {
        let why = no.as_ref().filter(|_| is_open).map(|no| view.reason_of(no).message);
        Choice::new(account.id(), account.name().as_str()).refused(why)
    });
    Ok(html! {
        p.about { "A team in an Enterprise Account is an Enterprise Team, and the account pays for it." }
        @match asked {
            None => p { "You are in no Enterprise Account. Whoever manages one can add you, with create or manage." },
            Some((_, move_in, refusal)) => {
                @let asks = Look::Danger("Move this team into the Enterprise Account?");
                @let fields = [Field::select("account", "Enterprise Account", choices.collect())];
                (view.form_unless("Move into the account", asks, move_in, &fields, refusal.as_ref()))
            }
        }
    })
}

fn deletion(view: &View<'_>, team: &Team) -> Result<Markup, Fault> {
    let id = team.id();
    let delete = || {
        view.button(
            "Delete team",
            Look::Danger("Delete this team? This cannot be undone."),
            &Operation::DeleteTeam { team: id },
        )
    };
    let content = html! {
        @match (team.kind(), team.deletion_requested_at()) {
            (TeamKind::Standard, _) => {
                p.about { "A team without apps, spaces and pipelines can be deleted. Its name is free from then on." }
                (delete())
            }
            (TeamKind::Enterprise, None) => {
                p.about { "The platform deletes it when an admin asks, once it has no apps, spaces and pipelines." }
                @let asks = Look::Danger("Ask the platform to delete this team?");
                (view.button("Ask for its deletion", asks, &Operation::RequestTeamDeletion { team: id }))
            }
            (TeamKind::Enterprise, Some(at)) => {
                p { "An admin asked for the deletion on " (layout::when(at)) "." }
                (view.button("Withdraw the request", Look::Plain, &Operation::WithdrawTeamDeletion { team: id }))
            }
        }
        @if team.kind() == TeamKind::Enterprise && team.account().is_some() {
            p.about { "Whoever holds create in its Enterprise Account deletes it directly." }
            (delete())
        }
        (remains(view, team)?)
    };
    Ok(setting("Delete the team", "With its memberships and invitations.", &content))
}

/// What is to be removed before the team can be deleted.
fn remains(view: &View<'_>, team: &Team) -> Result<Markup, Fault> {
    let (store, actor, some) = (view.store, view.actor, PageRequest::first(REMAINS)?);
    let apps = store.apps_and_pipelines(actor, team.id(), &AppFilter::default(), &some);
    let spaces = store.spaces(actor, team.id(), &SpaceFilter::default(), &some);
    let (Ok(apps), Ok(spaces)) = (apps, spaces) else { return Ok(html! {}) };
    let base = place::team(team.name());
    let names = apps.items.iter().map(|one| one.name().to_owned());
    let named = |names: &mut dyn Iterator<Item = String>, more: bool| {
        let names = names.collect::<Vec<_>>().join(", ");
        if more { format!("{names} and more") } else { names }
    };
    Ok(html! {
        @if apps.items.is_empty() && spaces.items.is_empty() { p.about { "Nothing remains to be removed." } }
        @else {
            h3 { "What remains to be removed" }
            dl.facts {
                @if !apps.items.is_empty() {
                    dt { a href=(view.link(&format!("{base}/apps"))) { "Apps and pipelines" } }
                    dd { (named(&mut names.into_iter(), apps.next.is_some())) }
                }
                @if !spaces.items.is_empty() {
                    dt { a href=(view.link(&format!("{base}/spaces"))) { "Spaces" } }
                    dd { (named(&mut spaces.items.iter().map(|space| space.name().to_string()), spaces.next.is_some())) }
                }
            }
        }
    })
}

/// Bulk App Transfer.
pub(super) fn transfer(view: &View<'_>) -> Result<Markup, Fault> {
    let (store, actor) = (view.store, view.actor);
    let team = store.team(actor, find::team(store, actor, view.param("team"))?)?;
    let to = Owner::Team(team.id());
    let filter = AppFilter::default().containing(view.asked("filter").unwrap_or_default());
    let page = view.page()?.pick(
        |page| store.visible_apps(actor, &filter, page),
        |seen| {
            let is_personal = matches!(seen.app.owner(), Owner::User(_));
            let is_asked = view.asked("from").is_none_or(|from| (from == "personal") == is_personal);
            Ok::<_, Error>((seen.app.owner() != to && is_asked).then_some(seen.app))
        },
    )?;
    let settings = format!("{}/settings", place::team(team.name()));
    let from = [("", "Yours and those of other teams"), ("personal", "Personal"), ("teams", "Of other teams")];
    let from = from.map(|(from, label)| Choice::new(from, label)).into();
    let is_filtered = ["filter", "from"].into_iter().any(|name| view.asked(name).is_some());
    let content = html! {
        p.note { a.back href=(view.link(&settings)) { "Settings" } }
        h2 { "Bulk App Transfer" }
        p.note {
            "Choose the apps that become this team's. Billing moves with them. Eco dynos of personal apps become "
            "standard-1x in an Enterprise Team."
        }
        (left_out(view, to))
        div.bar { (view.filter("Filter by name", &[("from", "From", from)])) }
        div id="list" {
            @if page.items.is_empty() {
                @if is_filtered { (view.empty("No app that you see is like that.", "Try a shorter part of the name.")) }
                @else {
                    (view.empty("You see no app that is not this team's already.", "Your own and those of your other teams stand here."))
                }
            } @else {
                (movable(view, &page.items, to))
            }
            (view.pager(page.next.as_ref()))
        }
    };
    layout::team(view, team.id(), "Settings", &content)
}

fn movable(view: &View<'_>, apps: &[&App], to: Owner) -> Markup {
    let choices = apps.iter().map(|app| {
        let refusal = view.store.what_if(view.actor, &Operation::TransferApp { app: app.id(), to }).err();
        let why = refusal.map(|refusal| view.reason_of(&refusal).message);
        Choice::new(app.id(), format!("{} ({})", app.name(), whose(view, app))).refused(why)
    });
    let fields = [Field::checks("apps", "Apps", choices.collect())];
    let all = Operation::TransferMovableApps { apps: apps.iter().map(|app| app.id()).collect(), to };
    let refusal = view.store.what_if(view.actor, &all).err();
    view.form_unless("Transfer", Look::Main, &all, &fields, refusal.as_ref())
}

fn whose(view: &View<'_>, app: &App) -> String {
    match app.owner() {
        Owner::User(user) if user == view.user() => "personal".to_owned(),
        Owner::User(user) => view.words(&user),
        Owner::Team(team) => {
            view.store.team_name(view.actor, team).map_or_else(|_| view.words(&team), |name| name.to_string())
        }
    }
}

/// What was chosen just now and could not move, and why.
fn left_out(view: &View<'_>, to: Owner) -> Markup {
    let left = view.visit.query.all(LEFT_OUT).take(PAGE);
    let apps: Vec<_> = left.filter_map(|app| find::app(view.store, view.actor, app).ok()).collect();
    html! {
        @if !apps.is_empty() {
            div.refusal role="alert" {
                p { (count(apps.len(), "app")) " could not move:" }
                ul {
                    @for app in apps {
                        @if let Err(refusal) = view.store.what_if(view.actor, &Operation::TransferApp { app, to }) {
                            li { (view.words(&app)) ": " (view.reason_of(&refusal).message) }
                        }
                    }
                }
            }
        }
    }
}
