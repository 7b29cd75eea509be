//! The steps that are about sign-in, add-ons and payment.

use enterprise_teams::{
    Actor, AddOnControls, AddOnId, IdentityProvider, NewApp, Operation as O, Owner, Plan, ServiceName, Sso, Team,
    TeamId, TeamKind, TeamStore,
};

use super::known::Known;
use super::steps::Raw;
use crate::support::read;

pub(super) const SERVICES: [&str; 3] = ["kafka", "postgresql", "redis"];

pub(super) fn plan(which: u8) -> Plan {
    let (name, price) = [("free", 0), ("mini", 500), ("max", 100_000)][usize::from(which) % 3];
    Plan { name: read(name), price }
}

fn provider(which: u8) -> IdentityProvider {
    let pem = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----";
    IdentityProvider::new(["one", "two"][usize::from(which) % 2], "https://id.x.io/saml", pem).unwrap()
}

/// The operation of this kind. Mostly what it is about fits together, as far as there is such a thing.
pub(super) fn step(store: &TeamStore, known: &Known, kind: usize, [_, _, a, b, c]: Raw) -> O {
    let operator = Actor::operator(known.now());
    let team = known.teams.pick(a);
    let find = |team: &TeamId| store.team(operator, *team).ok();
    let team_fit = |fits: &dyn Fn(&Team) -> bool| known.teams.pick_fit(a, b, |one| find(one).is_some_and(fits));
    let with = |sso: Sso| team_fit(&|team| team.sso() == sso);
    let none_with = |sso: Sso| !known.teams.live.iter().filter_map(find).any(|team| team.sso() == sso);
    let service: ServiceName = read(SERVICES[usize::from(c) % 3]);
    let team_app = || {
        let owned = |app| store.app(operator, app).is_ok_and(|app| matches!(app.owner(), Owner::Team(_)));
        known.apps.pick_fit(a, b, |app| owned(*app))
    };
    let listed = |team: &TeamId| {
        let listed = store.allowed_add_ons(operator, *team);
        listed.map_or(Vec::new(), Iterator::collect::<Vec<ServiceName>>)
    };
    // Where there is nothing yet to work on, mostly what makes it instead.
    let kind = match kind {
        _ if c % 6 == 0 => kind,
        65 | 66 if none_with(Sso::Disabled) => 64,
        67 | 68 if none_with(Sso::Enabled) => 66,
        69 if known.apps.live.is_empty() => return O::CreateApp { app: NewApp::in_team(team) },
        70 | 71 if known.add_ons.live.is_empty() => 69,
        kind => kind,
    };
    let add_on: AddOnId = known.add_ons.pick(a);
    match kind {
        64 => O::SetIdentityProvider { team, provider: provider(b) },
        65 => O::RemoveIdentityProvider { team: with(Sso::Disabled) },
        66 => O::EnableSso { team: with(Sso::Disabled) },
        67 => O::DisableSso { team: with(Sso::Enabled) },
        68 => {
            let team = with(Sso::Enabled);
            let outside = |user| store.role(operator, team, user).is_ok_and(|role| role.is_none());
            O::AddSsoMember { team, user: known.users.pick_fit(b, c, |user| outside(*user)) }
        }
        69 => O::InstallAddOn { app: team_app(), service, plan: plan(b) },
        70 => O::ChangeAddOnPlan { add_on, plan: plan(b) },
        71 => O::RemoveAddOn { add_on },
        72 => {
            let controls = find(&team).map(Team::add_on_controls);
            let on = (controls == Some(AddOnControls::Off)) ^ (b % 8 == 0);
            O::SetAddOnControls { team, controls: if on { AddOnControls::On } else { AddOnControls::Off } }
        }
        73 => O::AllowAddOn { team, service },
        74 => {
            let team = known.teams.pick_fit(a, b, |team| !listed(team).is_empty());
            let service = listed(&team).into_iter().next().filter(|_| b % 4 != 0).unwrap_or(service);
            O::DisallowAddOn { team, service }
        }
        _ => {
            let team = team_fit(&|team| team.kind() == TeamKind::Standard);
            let method = ["Visa, ending in 4242", "invoice"][usize::from(b) % 2];
            O::SetPaymentMethod { team, method: Some(read(method)).filter(|_| c % 4 != 1) }
        }
    }
}
