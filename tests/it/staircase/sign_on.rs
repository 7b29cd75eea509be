//! the staircases of identity providers and single sign-on.

use enterprise_teams::demo::Demo;
use enterprise_teams::{
    Operation as O, TeamId, TeamStore,
    entity::{IdentityProvider, Mfa, SignIn, SignInRequirement},
};

use super::{Climbed, TEAM, USER, closed, members, stairs};
use crate::support::{id, through_client as via};

fn provider(entity_id: &str) -> IdentityProvider {
    let pem = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----";
    IdentityProvider::new(entity_id, "https://id.acme.com/saml", pem).unwrap()
}

pub(super) fn set_up() -> Vec<Climbed> {
    let Demo { mut store, ada, joe, acme, .. } = closed();
    let start = |store: &TeamStore, operation: &dyn Fn(TeamId) -> O, code| {
        stairs(store.clone(), operation(TEAM))
            .by(via(joe), "team-not-found")
            .with(operation(acme), "oauth-denied")
            .by(via(ada), "oauth-denied")
            .by(joe, code)
    };
    let given = |store: &mut TeamStore| store.set_identity_provider(ada, acme, provider("acme"));
    let enabled = |store: &mut TeamStore| store.enable_sso(ada, acme);
    let disabled = |store: &mut TeamStore| store.disable_sso(ada, acme);

    let removing = start(&store, &|team| O::RemoveIdentityProvider { team }, "only-admins-set-identity-provider")
        .by(ada, "no-identity-provider")
        .after("identity-provider-in-use", |store| given(store).and_then(|()| enabled(store)))
        .end_after("identity-provider-changed", disabled);
    let enabling = start(&store, &|team| O::EnableSso { team }, "only-admins-switch-sso")
        .by(ada, "no-identity-provider")
        .after("sso-unchanged", |store| given(store).and_then(|()| enabled(store)))
        .end_after("sso-changed", disabled);
    let disabling = start(&store, &|team| O::DisableSso { team }, "only-admins-switch-sso")
        .by(ada, "no-identity-provider")
        .after("sso-unchanged", given)
        .after("admin-needs-mfa-or-sso", |store| {
            enabled(store)?;
            store.set_sign_in(ada, id(ada), SignIn::Sso)?;
            store.set_sign_in_requirement(ada, acme, SignInRequirement::MfaOrSso)
        })
        .end_after("sso-changed", |store| store.set_mfa(ada, id(ada), Mfa::Enrolled));

    given(&mut store).unwrap();
    let set = |team, name| O::SetIdentityProvider { team, provider: provider(name) };
    let setting = start(&store, &|team| set(team, "acme"), "only-admins-set-identity-provider")
        .by(ada, "identity-provider-unchanged")
        .end_with(set(acme, "acme-too"), "identity-provider-changed");
    vec![setting, removing, enabling, disabling]
}

pub(super) fn signed_in() -> Vec<Climbed> {
    let Demo { mut store, operator, ada, joe, max, acme, .. } = closed();
    store.set_identity_provider(ada, acme, provider("acme")).unwrap();
    store.set_team_limits(operator, acme, members(3)).unwrap();
    let add = |team, user| O::AddSsoMember { team, user };
    let adding = stairs(store, add(TEAM, USER))
        .by(via(ada), "team-not-found")
        .with(add(acme, USER), "user-not-found")
        .with(add(acme, id(joe)), "oauth-denied")
        .by(ada, "only-operator-reports-sign-ins")
        .by(operator, "already-in-team")
        .with(add(acme, id(max)), "sso-not-enabled")
        .row("user-is-suspended", |row| {
            row.store.enable_sso(ada, acme).unwrap();
            row.store.suspend_user(operator, id(max)).unwrap();
        })
        .reinstated(id(max), "member-limit-reached")
        .end_after("sso-member-added", |store| store.set_team_limits(operator, acme, members(4)));
    vec![adding]
}
