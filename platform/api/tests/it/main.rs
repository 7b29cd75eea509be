//! The JSON of the Platform API: what each resource looks like, who sees what, and every error.

#![cfg(test)]

mod errors;
mod requests;
mod sight;
mod support;

use enterprise_teams::chrono::{DateTime, TimeDelta, Utc};
use enterprise_teams::demo::Demo;
use enterprise_teams::uuid::Uuid;
use enterprise_teams::{
    AccountId, Actor, AppId, NewApp, NewSpace, PageRequest, Permission, PipelineId, SpaceId, Stage, TeamId, TeamRole,
    entity::{AddOnControls, Days, DynoSize, IdentityProvider, Mfa, Month, Plan, SignIn},
    ids::{InvitationId, TransferId},
    policy::RoleRights,
};
use enterprise_teams_platform_api::{self as api, TransferState, body};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::support::{app_name, email, id, read, register};

/// The sample store, with something of everything.
pub(crate) struct World {
    pub(crate) demo: Demo,
    pub(crate) zoe: Actor,
    pub(crate) account: AccountId,
    pub(crate) labs: TeamId,
    pub(crate) space: SpaceId,
    pub(crate) inside: AppId,
    pub(crate) next: AppId,
    pub(crate) pipeline: PipelineId,
    pub(crate) joes: AppId,
    pub(crate) transfer: TransferId,
    pub(crate) invitation: InvitationId,
    pub(crate) to_nobody: InvitationId,
}

/// A day after the sample store was made: when what follows it happens.
fn second_day() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(1)
}

pub(crate) fn world() -> World {
    let mut demo = Demo::new().unwrap();
    let Demo { store, operator, ada, joe, vera, jill, sam, max, acme, inc, website, .. } = &mut demo;
    for actor in [&mut *operator, &mut *ada, &mut *joe, &mut *vera, &mut *jill, &mut *sam, &mut *max] {
        *actor = actor.at(second_day());
    }
    let (operator, ada, joe, jill, sam, acme, inc) = (*operator, *ada, *joe, *jill, *sam, *acme, *inc);
    let zoe = register(store, "zoe@example.com").at(second_day());
    let account = store.open_account(operator, read("acme-corp"), id(ada)).unwrap();
    store.add_account_member(ada, account, id(sam), read("view,billing")).unwrap();
    let labs = store.create_team_in(ada, account, read("acme-labs")).unwrap();
    let space = store.create_space(ada, NewSpace::new(acme, read("acme-space")).shielded()).unwrap();
    store.allow_app_creation(ada, space, id(joe)).unwrap();
    let inside = store.create_app(joe, NewApp::in_space(space).named(app_name("inside")).locked()).unwrap();
    store.grant_permissions(joe, inside, id(jill), Permission::Operate.into()).unwrap();
    let next = store.create_app(ada, NewApp::in_team(acme).named(app_name("acme-next")).stack(read("cedar"))).unwrap();
    let pipeline = store.create_pipeline(ada, acme, read("acme-flow")).unwrap();
    store.couple_app(ada, pipeline, *website, Stage::Staging).unwrap();
    store.couple_app(ada, pipeline, next, Stage::Production).unwrap();
    store.release_app(ada, *website, read("first")).unwrap();
    store.promote_app(ada, *website).unwrap();
    let joes = store.create_app(joe, NewApp::personal().named(app_name("joes-own"))).unwrap();
    store.add_collaborator(joe, joes, id(jill)).unwrap();
    let transfer = store.request_app_transfer(joe, joes, id(jill)).unwrap();
    let invitation = store.invite_member(sam, inc, email("zoe@example.com"), TeamRole::Member).unwrap();
    let to_nobody = store.invite_member(sam, inc, email("nobody@example.com"), TeamRole::Admin).unwrap();
    let certificate = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----";
    let provider = IdentityProvider::new("acme-idp", "https://id.acme.com/saml", certificate).unwrap();
    store.set_identity_provider(ada, acme, provider).unwrap();
    store.enable_sso(ada, acme).unwrap();
    store.set_sign_in(joe, id(joe), SignIn::Sso).unwrap();
    store.set_mfa(ada, id(ada), Mfa::Enrolled).unwrap();
    store.allow_add_on(ada, acme, read("postgresql")).unwrap();
    store.set_add_on_controls(ada, acme, AddOnControls::On).unwrap();
    World { demo, zoe, account, labs, space, inside, next, pipeline, joes, transfer, invitation, to_nobody }
}

pub(crate) fn page() -> PageRequest {
    PageRequest::default()
}

const EARLY: &str = "1970-01-01T00:00:00Z";
const LATE: &str = "1970-01-02T00:00:00Z";

/// The value is this JSON, and reads back.
#[track_caller]
fn is<T: Serialize + DeserializeOwned + PartialEq + core::fmt::Debug>(value: &T, expected: &Value) {
    let json = serde_json::to_value(value).unwrap();
    assert_eq!(json, *expected);
    assert_eq!(serde_json::from_value::<T>(json).unwrap(), *value);
}

/// What has no id in the store, under the one made from its name.
fn made(of: &str) -> Value {
    let id = match of {
        "heroku-24" => "80b0295d-c96c-84f0-ad90-129d2e223e5a",
        "cedar" => "a5887ca8-4626-8be2-8ea0-d641b53d25dc",
        "us" => "853a183a-9388-8382-a959-50ca3b2a89b4",
        "virginia" => "0d3541c3-2539-8e2f-b997-5d694eea5dfc",
        "postgresql" => "2e5ffc2d-13e5-8fd8-864e-b62c138a0aa6",
        _ => panic!("{of} is not known"),
    };
    json!({ "id": id, "name": of })
}

/// Not the stack of the same name.
fn generation() -> Value {
    json!({ "id": "a69cab68-817e-84b5-bbb8-7ffa7fb2ab6b", "name": "cedar" })
}

#[test]
fn apps() {
    let World { demo: Demo { store, joe, jill, acme, website, .. }, space, inside, joes, next, .. } = world();
    let team = json!({ "id": acme, "name": "acme-widgets" });
    let owner = json!({ "id": acme, "email": "acme-widgets@herokumanager.com" });
    let mut expected = json!({
        "acm": false,
        "archived_at": null,
        "buildpack_provided_description": null,
        "build_stack": made("heroku-24"),
        "create_status": "complete",
        "created_at": EARLY,
        "generation": generation(),
        "git_url": "https://git.heroku.com/acme-website.git",
        "id": website,
        "internal_routing": null,
        "maintenance": false,
        "name": "acme-website",
        "owner": owner,
        "organization": team,
        "team": team,
        "region": made("us"),
        "released_at": null,
        "repo_size": null,
        "slug_size": null,
        "space": null,
        "stack": made("heroku-24"),
        "updated_at": LATE,
        "web_url": "https://acme-website.herokuapp.com/",
    });
    is(&api::app(&store, jill, website).unwrap(), &expected);
    for property in ["acm", "create_status", "generation", "organization"] {
        expected.as_object_mut().unwrap().remove(property);
    }
    expected["joined"] = json!(true);
    expected["locked"] = json!(false);
    is(&api::team_app(&store, joe, website).unwrap(), &expected);

    // A member sees the space, a collaborator on the app does not.
    let app = api::app(&store, joe, inside).unwrap();
    is(app.space.as_ref().unwrap(), &json!({ "id": space, "name": "acme-space", "shield": true }));
    is(&app.region, &made("virginia"));
    assert_eq!((app.internal_routing, app.created_at), (Some(false), second_day()));
    assert_eq!(api::app(&store, jill, inside).unwrap(), api::App { space: None, ..app });
    let app = api::team_app(&store, joe, inside).unwrap();
    assert_eq!((app.joined, app.locked), (true, true));
    is(&app.space, &json!({ "id": space, "name": "acme-space" }));
    is(&api::app(&store, joe, next).unwrap().stack, &made("cedar"));
    assert!(!api::team_app(&store, joe, next).unwrap().joined);

    // A personal app has no team.
    let app = api::team_app(&store, jill, joes).unwrap();
    is(&app.owner, &json!({ "id": id(joe), "email": "joe@acme.com" }));
    assert_eq!((app.team, app.joined, app.locked), (None, true, false));
    let app = api::app(&store, joe, joes).unwrap();
    assert_eq!((app.team, app.organization, app.owner.id), (None, None, id(joe).uuid()));
}

#[test]
fn listed_apps() {
    let World { demo: Demo { store, ada, joe, vera, jill, website, .. }, labs, inside, next, joes, .. } = world();
    let names = |apps: Vec<api::App>| apps.iter().map(|app| app.name.to_string()).collect::<Vec<_>>();
    let acme = api::team_app(&store, ada, website).unwrap().team.unwrap().id;
    assert_eq!(names(api::apps(&store, jill, &page()).unwrap().items), ["acme-website", "inside", "joes-own"]);
    assert_eq!(names(api::personal_apps(&store, jill, id(jill), &page()).unwrap().items), ["joes-own"]);
    assert_eq!(names(api::personal_apps(&store, ada, id(ada), &page()).unwrap().items), <[&str; 0]>::default());
    let page = api::team_apps(&store, vera, acme, &PageRequest::first(2).unwrap()).unwrap();
    let listed: Vec<AppId> = page.items.iter().map(|app| app.id).collect();
    assert_eq!((listed, page.next.is_some()), (vec![next, website], true));
    assert_eq!(api::team_apps(&store, ada, labs, &self::page()).unwrap().items, []);
    let joined = api::member_apps(&store, vera, acme, id(joe), &self::page()).unwrap().items;
    assert_eq!(joined.iter().map(|app| (app.id, app.joined)).collect::<Vec<_>>(), [(website, false), (inside, false)]);

    // Of the apps asked for, those that are seen, in the order of the question.
    let ids = [joes, website, next, AppId::from_uuid(Uuid::nil()), inside];
    let found = api::apps_by_id(&store, jill, &ids).unwrap();
    assert_eq!(found.iter().map(|app| app.id).collect::<Vec<_>>(), [joes, website, inside]);
}

#[test]
fn app_transfers() {
    let World { demo: Demo { store, joe, jill, ada, .. }, joes, transfer, .. } = world();
    let expected = json!({
        "app": { "id": joes, "name": "joes-own" },
        "created_at": LATE,
        "id": transfer,
        "owner": { "email": "joe@acme.com", "id": id(joe) },
        "recipient": { "email": "jill@creativeinc.com", "id": id(jill) },
        "state": "pending",
        "updated_at": LATE,
    });
    for party in [joe, jill] {
        is(&api::app_transfer(&store, party, transfer).unwrap(), &expected);
        assert_eq!(api::app_transfers(&store, party, &page()).unwrap().items.len(), 1);
    }
    assert_eq!(api::app_transfer(&store, ada, transfer).unwrap_err().code(), "transfer-not-found");
    assert_eq!(api::app_transfers(&store, ada, &page()).unwrap().items, []);
    let states = [TransferState::Pending, TransferState::Accepted, TransferState::Declined];
    is(&states.to_vec(), &json!(["pending", "accepted", "declined"]));
}

#[test]
fn collaborators() {
    let World { demo: Demo { store, ada, joe, jill, sam, max, wave, website, .. }, inside, joes, .. } = world();
    let view = json!({ "name": "view", "description": "See the app, its people and its resources." });
    let operate = json!({
        "name": "operate",
        "description": "Run the app: config vars, dynos, all add-ons, log drains, the stack.",
    });
    let expected = json!({
        "app": { "id": inside, "name": "inside" },
        "created_at": LATE,
        "id": id(jill),
        "permissions": [view, operate],
        "role": "collaborator",
        "updated_at": LATE,
        "user": { "email": "jill@creativeinc.com", "federated": false, "id": id(jill) },
    });
    // For those who see the list, and for herself.
    for actor in [ada, joe, jill] {
        is(&api::collaborator(&store, actor, inside, id(jill)).unwrap(), &expected);
    }
    let listed = |actor, app| {
        let found = api::collaborators(&store, actor, app, &page()).unwrap().items;
        let found = found.iter().map(|one| (one.user.email.to_string(), one.role.unwrap(), one.permissions.len()));
        found.collect::<Vec<_>>()
    };
    let who = |email: &str, role, permissions| (email.to_owned(), role, permissions);
    let on_inside =
        [who("jill@creativeinc.com", api::Role::Collaborator, 2), who("joe@acme.com", api::Role::Member, 4)];
    assert_eq!(listed(ada, inside), on_inside);
    assert_eq!(listed(ada, website)[1], who("joe@acme.com", api::Role::Member, 2));
    let on_joes = [who("jill@creativeinc.com", api::Role::Collaborator, 3), who("joe@acme.com", api::Role::Owner, 4)];
    assert_eq!(listed(jill, joes), on_joes);
    assert_eq!(listed(sam, wave), []);
    assert!(api::collaborator(&store, joe, inside, id(joe)).unwrap().user.federated);
    // Who holds something through a role alone is not on the app.
    for (actor, app, user) in [(ada, website, ada), (max, wave, max), (sam, wave, max)] {
        assert_eq!(api::collaborator(&store, actor, app, id(user)).unwrap_err().code(), "not-on-app");
    }
    let names: Vec<Permission> = api::team_app_permissions().iter().map(|one| one.name).collect();
    assert_eq!(names, Permission::ALL);
}

/// A page at a time, collaborators are those of the whole list, though a team's people are passed over.
#[test]
fn pages_of_collaborators() {
    let World { demo: Demo { store, ada, website, .. }, .. } = world();
    let whole = api::collaborators(&store, ada, website, &page()).unwrap();
    assert_eq!((whole.items.len(), whole.next), (2, None));
    let first = api::collaborators(&store, ada, website, &PageRequest::first(1).unwrap()).unwrap();
    let rest = PageRequest::first(5).unwrap().after(first.next.unwrap());
    let second = api::collaborators(&store, ada, website, &rest).unwrap();
    assert_eq!((first.items, second.next), (whole.items[..1].to_vec(), None));
    assert_eq!(second.items, whole.items[1..]);
}

#[test]
fn permission_entities() {
    let World { demo: Demo { store, ada, joe, vera, acme, .. }, inside, space, .. } = world();
    let list = |page: &PageRequest| api::permission_entities(&store, vera, acme, page).unwrap();
    let whole = list(&page()).items;
    let names: Vec<&str> = whole.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["acme-next", "acme-website", "inside", "acme-space"]);
    let user = |actor: Actor, email: &str, permissions: &[&str]| json!({ "email": email, "id": id(actor), "permissions": permissions });
    let all = ["view", "deploy", "operate", "manage"];
    let next = json!({
        "id": whole[0].id,
        "name": "acme-next",
        "team_id": acme,
        "type": "app",
        "users": [
            user(ada, "ada@acme.com", &all),
            user(joe, "joe@acme.com", &["view"]),
            user(vera, "vera@acme.com", &["view"]),
        ],
    });
    is(&whole[0], &next);
    assert_eq!(whole[2].id, inside.uuid());
    let in_space = json!({
        "id": space,
        "name": "acme-space",
        "team_id": acme,
        "type": "space",
        "users": [
            user(ada, "ada@acme.com", &["create_apps"]),
            user(joe, "joe@acme.com", &["create_apps"]),
            user(vera, "vera@acme.com", &[]),
        ],
    });
    is(&whole[3], &in_space);
    for size in 1..=5 {
        let mut found = Vec::new();
        let mut request = PageRequest::first(size).unwrap();
        loop {
            let page = list(&request);
            assert!(page.items.len() <= size);
            found.extend(page.items);
            let Some(next) = page.next else { break };
            request = PageRequest::first(size).unwrap().after(next);
        }
        assert_eq!(found, whole, "by {size}");
    }
}

#[test]
fn teams() {
    let World { demo: Demo { store, ada, joe, sam, max, acme, inc, .. }, account, labs, .. } = world();
    let provider = json!({
        "id": acme,
        "name": "acme-widgets",
        "owner": { "id": acme, "name": "acme-widgets", "type": "team" },
    });
    let expected = json!({
        "id": acme,
        "created_at": EARLY,
        "credit_card_collections": false,
        "default": false,
        "enterprise_account": null,
        "identity_provider": provider,
        "membership_limit": 500,
        "name": "acme-widgets",
        "provisioned_licenses": false,
        "role": "member",
        "type": "enterprise",
        "updated_at": LATE,
    });
    is(&api::team(&store, joe, acme).unwrap(), &expected);
    let expected = json!({
        "id": inc,
        "created_at": EARLY,
        "credit_card_collections": true,
        "default": false,
        "enterprise_account": null,
        "identity_provider": null,
        "membership_limit": 25,
        "name": "acme-inc",
        "provisioned_licenses": false,
        "role": "admin",
        "type": "team",
        "updated_at": EARLY,
    });
    is(&api::team(&store, sam, inc).unwrap(), &expected);
    let of = |actor| {
        let teams = api::teams(&store, actor, &page()).unwrap().items;
        teams.iter().map(|team| team.name.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(
        (of(ada), of(max)),
        (vec!["acme-labs".to_owned(), "acme-widgets".to_owned()], vec!["acme-inc".to_owned()])
    );

    // The members of an account see its teams, in which they have no role.
    let team = api::team(&store, sam, labs).unwrap();
    is(&team.enterprise_account, &json!({ "id": account, "name": "acme-corp" }));
    assert_eq!(team.role, None);
    assert_eq!(api::teams_of_account(&store, sam, account, &page()).unwrap().items, [team]);
    assert_eq!(api::team(&store, max, labs).unwrap_err().code(), "outsider-lacks-capability");
}

#[test]
fn team_members() {
    let World { demo: Demo { store, ada, joe, vera, jill, sam, acme, inc, max, .. }, .. } = world();
    let expected = json!({
        "created_at": EARLY,
        "email": "joe@acme.com",
        "federated": true,
        "id": id(joe),
        "identity_provider": {
            "id": acme,
            "name": "acme-widgets",
            "owner": { "id": acme, "name": "acme-widgets", "type": "team" },
        },
        "role": "member",
        "two_factor_authentication": false,
        "updated_at": EARLY,
        "user": { "email": "joe@acme.com", "id": id(joe), "name": null },
    });
    let members = api::team_members(&store, vera, acme, &page()).unwrap().items;
    is(&members[2], &expected);
    assert_eq!(api::team_member(&store, joe, acme, id(joe)).unwrap(), members[2]);
    assert!(members[0].two_factor_authentication);
    let roles: Vec<(&str, api::Role)> = members.iter().map(|one| (one.email.as_str(), one.role.unwrap())).collect();
    let expected = [
        ("ada@acme.com", api::Role::Admin),
        ("jill@creativeinc.com", api::Role::Collaborator),
        ("joe@acme.com", api::Role::Member),
        ("vera@acme.com", api::Role::Viewer),
    ];
    assert_eq!(roles, expected);
    is(&members.iter().map(|one| one.role).collect::<Vec<_>>(), &json!(["admin", "collaborator", "member", "viewer"]));
    assert_eq!(api::team_member(&store, sam, inc, id(max)).unwrap().identity_provider, None);
    assert_eq!(api::team_member(&store, ada, acme, id(sam)).unwrap_err().code(), "not-in-team");
    assert_eq!(api::team_members(&store, jill, acme, &page()).unwrap_err().code(), "only-team-sees-access-list");
}

#[test]
fn team_invitations() {
    let World { demo: Demo { mut store, operator, sam, max, inc, .. }, zoe, invitation, to_nobody, .. } = world();
    let expected = |user: Uuid| {
        json!({
            "created_at": LATE,
            "id": invitation,
            "invited_by": { "email": "sam@acme-inc.com", "id": id(sam), "name": null },
            "team": { "id": inc, "name": "acme-inc" },
            "role": "member",
            "updated_at": LATE,
            "user": { "email": "zoe@example.com", "id": user, "name": null },
        })
    };
    // Max does not see who zoe is; she does.
    let listed = api::team_invitations(&store, max, inc, &page()).unwrap().items;
    is(&listed[1], &expected(Uuid::nil()));
    is(&api::team_invitation(&store, zoe, invitation).unwrap(), &expected(id(zoe).uuid()));
    assert_eq!(listed[0].id, to_nobody);
    assert_eq!(api::team_invitation(&store, zoe, to_nobody).unwrap_err().code(), "invitation-not-found");
    let late = zoe.at(second_day() + TimeDelta::days(30));
    assert_eq!(api::team_invitation(&store, late, invitation).unwrap_err().code(), "invitation-not-found");

    // An invitation whose sender is gone is the team's.
    store.set_member_role(sam, inc, id(max), TeamRole::Admin).unwrap();
    store.delete_user(operator, id(sam)).unwrap();
    let found = api::team_invitation(&store, max, invitation).unwrap();
    is(&found.invited_by, &json!({ "email": "acme-inc@herokumanager.com", "id": inc, "name": null }));
}

/// Whoever has a role of the team's own is shown as a member, and so is who is invited to it (ROLE-2).
#[test]
fn roles_of_a_teams_own_are_shown_as_member() {
    let World { demo: Demo { mut store, ada, joe, vera, acme, website, .. }, .. } = world();
    let rights = RoleRights { permissions: Permission::Deploy.into(), ..RoleRights::default() };
    let role = TeamRole::Custom(store.create_role(ada, acme, read("releaser"), rights).unwrap());
    for person in [joe, vera] {
        store.set_member_role(ada, acme, id(person), role).unwrap();
    }
    store.set_default_role(ada, acme, role).unwrap();
    let invitation = store.invite_member(ada, acme, email("new@acme.com"), role).unwrap();
    let member = Some(api::Role::Member);
    assert_eq!(api::team(&store, vera, acme).unwrap().role, member);
    assert_eq!(api::team_member(&store, ada, acme, id(vera)).unwrap().role, member);
    assert_eq!(api::team_invitation(&store, ada, invitation).unwrap().role, member);
    let preferences = json!({ "default-permission": "member", "addons-controls": true });
    for who in [ada, vera] {
        is(&api::team_preferences(&store, who, acme).unwrap(), &preferences);
    }
    // On the app are those who were put there, with all that they hold.
    let on = api::collaborators(&store, ada, website, &page()).unwrap().items;
    let on: Vec<_> = on.iter().map(|one| (one.user.email.as_str(), one.role, one.permissions.len())).collect();
    assert_eq!(on, [("jill@creativeinc.com", Some(api::Role::Collaborator), 1), ("joe@acme.com", member, 2)]);
}

#[test]
fn team_settings() {
    let World { demo: Demo { mut store, ada, vera, jill, sam, max, acme, inc, .. }, .. } = world();
    let preferences = json!({ "default-permission": "member", "addons-controls": true });
    is(&api::team_preferences(&store, vera, acme).unwrap(), &preferences);
    store.set_default_role(ada, acme, TeamRole::Viewer).unwrap();
    assert_eq!(api::team_preferences(&store, vera, acme).unwrap().default_permission, Some(TeamRole::Viewer));
    assert_eq!(api::team_preferences(&store, max, inc).unwrap().addons_controls, Some(false));

    let features = json!([{
        "created_at": EARLY,
        "description": "Permissions are chosen for each user and app.",
        "doc_url": "https://devcenter.heroku.com/articles/platform-api-reference",
        "enabled": true,
        "id": "5cdeac46-ebb1-85e0-b2ce-e7cad82a2796",
        "name": "org-access-controls",
        "state": "general",
        "updated_at": EARLY,
        "display_name": "App permissions",
        "feedback_email": "nobody@herokumanager.com",
    }]);
    is(&api::team_features(&store, vera, acme).unwrap(), &features);
    assert_eq!(api::team_features(&store, sam, inc).unwrap()[0].name, "team-invite-acceptance");
    assert_eq!(api::team_features(&store, jill, acme).unwrap_err().code(), "collaborator-lacks-capability");

    let allowed = api::allowed_add_on_services(&store, vera, acme).unwrap();
    let mut service = made("postgresql");
    service["human_name"] = json!("postgresql");
    let expected = json!([{
        "added_at": EARLY,
        "added_by": { "email": "acme-widgets@herokumanager.com", "id": acme },
        "addon_service": service,
        "id": "8f49f34e-60f9-8491-9401-fc3ee97f13c6",
    }]);
    is(&allowed, &expected);
    assert_eq!(api::allowed_add_on_services(&store, max, inc).unwrap(), []);
}

#[test]
fn accounts() {
    let World { demo: Demo { store, ada, joe, vera, sam, .. }, account, .. } = world();
    let expected = json!({
        "allow_tracking": false,
        "beta": false,
        "created_at": EARLY,
        "email": "joe@acme.com",
        "federated": true,
        "id": id(joe),
        "identity_provider": null,
        "last_login": null,
        "name": null,
        "sms_number": null,
        "suspended_at": null,
        "delinquent_at": null,
        "two_factor_authentication": false,
        "updated_at": EARLY,
        "verified": true,
        "country_of_residence": null,
        "default_organization": null,
        "default_team": null,
    });
    is(&api::account(&store, vera, id(joe)).unwrap(), &expected);
    assert_eq!(api::account(&store, sam, id(joe)).unwrap_err().code(), "user-hidden");

    let expected = json!({
        "id": account,
        "created_at": LATE,
        "name": "acme-corp",
        "updated_at": LATE,
        "permissions": ["view", "billing"],
        "trial": false,
        "partner_benefits": false,
        "identity_provider": null,
    });
    is(&api::enterprise_account(&store, sam, account).unwrap(), &expected);
    is(&api::enterprise_accounts(&store, sam, &page()).unwrap().items, &json!([expected]));
    assert_eq!(api::enterprise_account(&store, ada, account).unwrap().permissions.len(), 4);
    assert_eq!(api::enterprise_accounts(&store, joe, &page()).unwrap().items, []);

    let expected = json!({
        "enterprise_account": { "id": account, "name": "acme-corp" },
        "id": id(sam),
        "permissions": [
            { "description": "See the account, its teams and their people.", "name": "view" },
            { "description": "See the usage of all the account's teams.", "name": "billing" },
        ],
        "user": { "email": "sam@acme-inc.com", "id": id(sam) },
        "two_factor_authentication": false,
        "identity_provider": null,
    });
    is(&api::enterprise_account_member(&store, ada, account, id(sam)).unwrap(), &expected);
    let members = api::enterprise_account_members(&store, sam, account, &page()).unwrap().items;
    is(&members[1], &expected);
    assert_eq!((members.len(), members[0].two_factor_authentication), (2, true));
    assert_eq!(api::enterprise_account_member(&store, ada, account, id(joe)).unwrap_err().code(), "not-in-account");
    let refused = api::enterprise_account_members(&store, joe, account, &page()).unwrap_err();
    assert_eq!(refused.code(), "account-hidden");
}

#[test]
fn spaces() {
    let World { demo: Demo { store, ada, joe, vera, jill, sam, acme, .. }, space, labs, .. } = world();
    let team = json!({ "id": acme, "name": "acme-widgets" });
    let expected = json!({
        "created_at": LATE,
        "id": space,
        "name": "acme-space",
        "organization": team,
        "team": team,
        "region": made("virginia"),
        "shield": true,
        "state": "allocated",
        "updated_at": LATE,
        "cidr": "10.0.0.0/16",
        "data_cidr": "10.1.0.0/16",
        "generation": generation(),
    });
    is(&api::space(&store, vera, space).unwrap(), &expected);
    is(&api::spaces(&store, joe, &page()).unwrap().items, &json!([expected]));
    is(&api::team_spaces(&store, joe, acme, &page()).unwrap().items, &json!([expected]));
    let nat = json!({ "created_at": LATE, "sources": [], "state": "disabled", "updated_at": LATE });
    is(&api::space_nat(&store, vera, space).unwrap(), &nat);
    assert_eq!(api::team_spaces(&store, ada, labs, &page()).unwrap().items, []);
    assert_eq!(api::spaces(&store, jill, &page()).unwrap().items, []);

    let expected = json!({
        "space": { "id": space, "name": "acme-space" },
        "created_at": LATE,
        "id": space,
        "permissions": [{ "description": "Create apps in the space.", "name": "create_apps" }],
        "updated_at": LATE,
        "user": { "email": "joe@acme.com", "id": id(joe) },
    });
    is(&api::space_app_access(&store, vera, space, id(joe)).unwrap(), &expected);
    let all = api::space_app_accesses(&store, vera, space, &page()).unwrap().items;
    let all: Vec<_> = all.iter().map(|one| (one.user.email.as_str(), one.permissions.len())).collect();
    assert_eq!(all, [("ada@acme.com", 1), ("joe@acme.com", 1), ("vera@acme.com", 0)]);
    for outside in [jill, sam] {
        assert_eq!(api::space_app_access(&store, vera, space, id(outside)).unwrap_err().code(), "not-in-team");
    }
}

#[test]
fn pipelines() {
    let World { demo: Demo { mut store, ada, joe, jill, sam, max, acme, inc, website, .. }, pipeline, next, .. } =
        world();
    let expected = json!({
        "created_at": LATE,
        "id": pipeline,
        "name": "acme-flow",
        "owner": { "id": acme, "type": "team" },
        "updated_at": LATE,
        "generation": generation(),
    });
    // Jill sees it through the one app that she is on, and no other app in it.
    for actor in [joe, jill] {
        is(&api::pipeline(&store, actor, pipeline).unwrap(), &expected);
        is(&api::pipelines(&store, actor, None, &page()).unwrap().items, &json!([expected]));
    }
    assert_eq!(api::pipelines(&store, sam, None, &page()).unwrap().items, []);
    store.create_pipeline(joe, id(joe), read("a-joes")).unwrap();
    let named = |name| api::pipelines(&store, joe, name, &page()).unwrap().items.len();
    assert_eq!([named(None), named(Some("acme-flow")), named(Some("acme"))], [2, 1, 0]);

    let coupling = json!({
        "app": { "id": website },
        "created_at": LATE,
        "id": website,
        "pipeline": { "id": pipeline, "name": "acme-flow" },
        "stage": "staging",
        "updated_at": LATE,
    });
    is(&api::pipeline_coupling(&store, jill, website).unwrap(), &coupling);
    is(&api::pipeline_couplings(&store, jill, pipeline, &page()).unwrap().items, &json!([coupling]));
    is(&api::pipeline_couplings_seen(&store, jill, &page()).unwrap().items, &json!([coupling]));
    let apps = |list: Vec<api::PipelineCoupling>| list.iter().map(|one| one.app.id).collect::<Vec<_>>();
    assert_eq!(apps(api::pipeline_couplings(&store, joe, pipeline, &page()).unwrap().items), [next, website]);
    assert_eq!(apps(api::pipeline_couplings_of_team(&store, joe, acme, &page()).unwrap().items), [next, website]);
    assert_eq!(api::pipeline_couplings_of_team(&store, max, inc, &page()).unwrap().items, []);
    store.uncouple_app(ada, next).unwrap();
    assert_eq!(api::pipeline_coupling(&store, joe, next).unwrap_err().code(), "app-not-in-pipeline");

    let transfer = api::pipeline_transfer(pipeline, acme.into(), id(ada).into());
    let expected = json!({
        "pipeline": { "id": pipeline },
        "previous_owner": { "id": acme, "type": "team" },
        "new_owner": { "id": id(ada), "type": "user" },
    });
    is(&transfer, &expected);
}

#[test]
fn promotions() {
    let World { demo: Demo { mut store, ada, joe, jill, sam, website, .. }, pipeline, next, .. } = world();
    let seq = |code: &str| store.events().iter().rev().find(|entry| entry.event.code() == code).unwrap().seq;
    let (promoted, released) = (api::event_id(seq("app-promoted")), api::event_id(seq("app-released")));
    let promotion = api::pipeline_promotion(&store, joe, promoted).unwrap();
    let expected = json!({
        "created_at": LATE,
        "id": promoted,
        "pipeline": { "id": pipeline },
        "source": { "app": { "id": website }, "release": { "id": promotion.source.release.id } },
        "status": "completed",
        "updated_at": LATE,
    });
    is(&promotion, &expected);
    let targets = api::pipeline_promotion_targets(&store, joe, promoted).unwrap();
    let expected = json!([{
        "app": { "id": next },
        "error_message": null,
        "id": targets[0].id,
        "pipeline_promotion": { "id": promoted },
        "release": { "id": targets[0].release.unwrap().id },
        "status": "succeeded",
    }]);
    is(&targets, &expected);
    let ids = [promotion.source.release.id, targets[0].release.unwrap().id, targets[0].id, promoted, Uuid::nil()];
    assert!((0..5).all(|one| !ids[..one].contains(&ids[one])), "{ids:?}");

    // Jill is on the source and not on the target; sam sees nothing; a release is no promotion.
    assert_eq!(api::pipeline_promotion_targets(&store, jill, promoted).unwrap(), []);
    for (actor, id) in [(sam, promoted), (joe, released), (joe, Uuid::nil()), (joe, api::event_id(9999))] {
        let missing = api::Fault::Missing(api::Thing::Promotion);
        assert_eq!(api::pipeline_promotion(&store, actor, id).unwrap_err(), missing);
        assert_eq!(api::pipeline_promotion_targets(&store, actor, id).unwrap_err(), missing);
    }
    // The release of then, whatever came later.
    store.release_app(ada, website, read("second")).unwrap();
    assert_eq!(api::pipeline_promotion(&store, joe, promoted).unwrap(), promotion);
}

#[test]
fn usage() {
    let World { demo: Demo { mut store, ada, joe, sam, acme, website, .. }, next, .. } = world();
    // 6 dyno units and 72 credits for an add-on in 720 hours; the Shield Space is 3000 credits.
    store.scale_app(joe, website, read("web"), DynoSize::Standard2X, 3).unwrap();
    store.install_add_on(ada, website, read("postgresql"), Plan { name: read("standard-0"), price: 7200 }).unwrap();
    store.scale_app(ada, next, read("web"), DynoSize::Standard1X, 1).unwrap();
    let half = second_day() + TimeDelta::hours(12);
    store.delete_app(ada.at(half), next, "acme-next").unwrap();
    let third = ada.at(second_day() + TimeDelta::hours(36));
    let days = Days { first: read("1970-01-01"), last: read("1970-01-31") };
    let usage = api::team_daily_usage(&store, third, acme, days).unwrap();
    assert_eq!(usage.len(), 3, "up to today");
    let gone: String = format!("app-{}", next.uuid().simple()).chars().take(30).collect();
    let expected = json!([
        {
            "addons": 0.0, "apps": [], "data": 0.0, "date": "1970-01-01", "dynos": 0.0, "id": acme,
            "name": "acme-widgets", "partner": 0.0, "space": 0.0,
        },
        {
            "addons": 2.4,
            "apps": [
                { "addons": 2.4, "app_name": "acme-website", "data": 0.0, "dynos": 0.2, "partner": 2.4 },
                { "addons": 0.0, "app_name": gone, "data": 0.0, "dynos": 0.016_666, "partner": 0.0 },
            ],
            "data": 0.0, "date": "1970-01-02", "dynos": 0.216_666, "id": acme,
            "name": "acme-widgets", "partner": 2.4, "space": 100.0,
        },
        {
            "addons": 1.2,
            "apps": [{ "addons": 1.2, "app_name": "acme-website", "data": 0.0, "dynos": 0.1, "partner": 1.2 }],
            "data": 0.0, "date": "1970-01-03", "dynos": 0.1, "id": acme,
            "name": "acme-widgets", "partner": 1.2, "space": 50.0,
        },
    ]);
    is(&usage, &expected);

    let month: Month = read("1970-01");
    let usage = api::team_monthly_usage(&store, third, acme, month, month.next()).unwrap();
    let expected = json!([{
        "addons": 3.6,
        "apps": [
            { "addons": 3.6, "app_name": "acme-website", "data": 0.0, "dynos": 0.3, "partner": 3.6 },
            { "addons": 0.0, "app_name": gone, "data": 0.0, "dynos": 0.016_666, "partner": 0.0 },
        ],
        "connect": 0.0, "data": 0.0, "dynos": 0.316_666, "id": acme, "month": "1970-01",
        "name": "acme-widgets", "partner": 3.6, "space": 150.0,
    }]);
    is(&usage, &expected);

    assert_eq!(api::team_daily_usage(&store, joe, acme, days).unwrap_err().code(), "only-admins-see-past-use");
    assert_eq!(
        api::team_monthly_usage(&store, sam, acme, month, month).unwrap_err().code(),
        "only-admins-see-past-use"
    );
    let backwards = api::team_monthly_usage(&store, ada, acme, month.next(), month).unwrap_err();
    assert_eq!(backwards.code(), "range-invalid");
}

#[test]
fn usage_of_an_account() {
    let World { demo: Demo { mut store, ada, joe, sam, .. }, account, labs, .. } = world();
    let app = store.create_app(ada, NewApp::in_team(labs).named(app_name("labs-app"))).unwrap();
    store.scale_app(ada, app, read("web"), DynoSize::Standard1X, 6).unwrap();
    store.install_add_on(ada, app, read("postgresql"), Plan { name: read("standard-0"), price: 7200 }).unwrap();
    // A day and a half later: the owner of the account's bills, who is not in the team, is told of it, but not of its app.
    let (ada, sam) = [ada, sam].map(|actor| actor.at(second_day() + TimeDelta::hours(36))).into();
    let days = Days { first: read("1970-01-01"), last: read("1970-01-31") };
    let usage = api::enterprise_account_daily_usage(&store, sam, account, days).unwrap();
    let hidden: String = format!("app-{}", app.uuid().simple()).chars().take(30).collect();
    let used = |add_ons: f64, dynos: f64, app: &str| {
        json!([{
            "addons": add_ons,
            "apps": [{ "addons": add_ons, "app_name": app, "data": 0.0, "dynos": dynos, "partner": add_ons }],
            "data": 0.0, "dynos": dynos, "id": labs, "name": "acme-labs", "partner": add_ons, "space": 0.0,
        }])
    };
    let expected = json!([
        {
            "addons": 0.0, "teams": [], "data": 0.0, "date": "1970-01-01", "dynos": 0.0, "id": account,
            "name": "acme-corp", "partner": 0.0, "space": 0.0,
        },
        {
            "addons": 2.4, "teams": used(2.4, 0.2, &hidden), "data": 0.0, "date": "1970-01-02", "dynos": 0.2, "id": account,
            "name": "acme-corp", "partner": 2.4, "space": 0.0,
        },
        {
            "addons": 1.2, "teams": used(1.2, 0.1, &hidden), "data": 0.0, "date": "1970-01-03", "dynos": 0.1, "id": account,
            "name": "acme-corp", "partner": 1.2, "space": 0.0,
        },
    ]);
    is(&usage, &expected);
    let month: Month = read("1970-01");
    let usage = api::enterprise_account_monthly_usage(&store, ada, account, month, month.next()).unwrap();
    let mut teams = used(3.6, 0.3, "labs-app");
    teams[0]["connect"] = json!(0.0);
    let expected = json!([{
        "addons": 3.6, "teams": teams, "connect": 0.0, "data": 0.0, "dynos": 0.3, "id": account, "month": "1970-01",
        "name": "acme-corp", "partner": 3.6, "space": 0.0,
    }]);
    is(&usage, &expected);
    let refusal = api::enterprise_account_daily_usage(&store, joe, account, days).unwrap_err();
    assert_eq!(refusal.code(), "account-hidden");
}

#[test]
fn releases() {
    let World { demo: Demo { mut store, ada, joe, jill, website, .. }, next, .. } = world();
    store.release_app(joe, website, read("second")).unwrap();
    let first = api::release(&store, joe, website, "1").unwrap();
    let app = json!({ "id": website, "name": "acme-website" });
    let expected = |user: &Value| {
        json!({
            "addon_plan_names": [], "artifacts": [], "app": app, "created_at": LATE, "description": "first", "id": first.id,
            "updated_at": LATE, "slug": null, "status": "succeeded", "user": user, "version": 1, "current": false,
            "output_stream_url": null, "eligible_for_rollback": true,
        })
    };
    is(&first, &expected(&json!({ "id": id(ada), "email": "ada@acme.com" })));
    // Who released, and is not seen, is not named.
    let team = api::app(&store, jill, website).unwrap().owner;
    is(&api::release(&store, jill, website, "v1").unwrap(), &expected(&json!(team)));
    // What was promoted to an app is a release of it, and the source has the promotion in its log alone.
    let versions = |app| {
        let newest_first = api::releases(&store, jill.at(joe.at), app, true, &page());
        newest_first.map(|page| page.items.into_iter().map(|one| one.description).collect::<Vec<_>>())
    };
    assert_eq!(versions(website).unwrap(), ["second", "first"]);
    let promoted = api::releases(&store, ada, next, false, &page()).unwrap().items;
    assert_eq!((promoted.len(), promoted[0].description.as_str()), (1, "Promote acme-website v1"));
    assert_eq!(versions(next).unwrap_err().code(), "action-needs-permission");
    // A log that was handed over leaves what the app runs.
    store.drain_events(0);
    let left = api::releases(&store, joe, website, true, &page()).unwrap().items;
    let last = api::current_release(&store, joe, website).unwrap();
    assert_eq!((left, last.version, last.current, last.user.clone()), (vec![last.clone()], 2, true, team));
    assert_eq!(api::releases(&store, joe, website, false, &page()).unwrap().items, [last]);
}

#[test]
fn formation() {
    let World { demo: Demo { mut store, joe, jill, website, .. }, inside, .. } = world();
    store.scale_app(joe, website, read("web"), DynoSize::PerformanceM, 2).unwrap();
    let found = api::formations(&store, jill, website).unwrap();
    let app = json!({ "id": website, "name": "acme-website" });
    let expected = json!([{
        "app": app, "command": "", "created_at": EARLY, "dyno_size": { "id": found[0].dyno_size.id, "name": "Performance-M" },
        "id": found[0].id, "quantity": 2, "size": "Performance-M", "type": "web", "updated_at": LATE,
    }]);
    is(&found, &expected);
    let dynos = api::dynos(&store, jill, website, &page()).unwrap().items;
    let release = api::current_release(&store, jill, website).unwrap();
    let expected = json!({
        "attach_url": null, "command": "", "created_at": EARLY, "id": dynos[1].id, "name": "web.2",
        "release": { "id": release.id, "version": 1 }, "app": app, "size": "Performance-M", "state": "up", "type": "web",
        "updated_at": LATE,
    });
    is(&dynos[1], &expected);
    assert_ne!(dynos[0].id, dynos[1].id);
    // Without a release, in a space, where the sizes are others.
    let one: body::FormationUpdate = serde_json::from_value(json!({ "type": "web", "quantity": 1 })).unwrap();
    let dynos = one.dynos(&store, joe, inside, None).unwrap();
    assert_eq!(
        (dynos.size, one.dynos(&store, joe, website, None).unwrap().size),
        (DynoSize::ShieldS, DynoSize::PerformanceM)
    );
    store.scale_app(joe, inside, dynos.process, dynos.size, dynos.quantity).unwrap();
    assert_eq!(api::dyno(&store, joe, inside, "web.1").unwrap().release.version, 0);
    let many = |count| body::FormationBatchUpdate { updates: Some(vec![one.clone(); count]) };
    assert_eq!(many(100).updates().map(<[_]>::len), Ok(100));
    assert!(many(101).updates().is_err() && body::FormationBatchUpdate::default().updates().is_err());
}

#[test]
fn add_ons() {
    let World { demo: Demo { mut store, ada, joe, vera, website, .. }, .. } = world();
    let plan = Plan { name: read("standard-0"), price: 7200 };
    let add_on = store.install_add_on(ada, website, read("postgresql"), plan).unwrap();
    let found = api::add_ons(&store, joe, website).unwrap();
    let app = json!({ "id": website, "name": "acme-website" });
    let expected = json!([{
        "actions": [],
        "addon_service": made("postgresql"),
        "billing_entity": { "id": website, "name": "acme-website", "type": "app" },
        "app": app,
        "billed_price": { "cents": 7200, "contract": false, "unit": "month" },
        "config_vars": [],
        "created_at": LATE,
        "id": add_on,
        "name": format!("postgresql-{}", add_on.uuid().simple()),
        "plan": { "id": found[0].plan.id, "name": "postgresql:standard-0" },
        "provider_id": add_on,
        "provision_message": "",
        "state": "provisioned",
        "updated_at": LATE,
        "web_url": null,
    }]);
    is(&found, &expected);
    assert_eq!(api::add_ons(&store, vera, website).unwrap_err().code(), "action-needs-permission");
}

#[test]
fn audit_trail() {
    let World { demo: Demo { mut store, ada, joe, sam, .. }, account, labs, .. } = world();
    let app = store.create_app(ada, NewApp::in_team(labs).named(app_name("lab-one"))).unwrap();
    store.rename_app(ada, app, app_name("lab-two")).unwrap();
    store.add_member(ada, labs, id(joe), TeamRole::Member).unwrap();
    let before = store.clone();
    let role = store.create_role(ada, labs, read("billing"), RoleRights::default()).unwrap();
    store.rename_role(ada, role, read("finance")).unwrap();
    let rights = RoleRights { permissions: Permission::View.into(), ..RoleRights::default() };
    store.set_role_rights(ada, role, rights).unwrap();
    store.delete_role(ada, role).unwrap();
    let of_roles = api::AuditTrailFilter { kind: Some("team-role".into()), ..api::AuditTrailFilter::default() };
    let of_roles = api::audit_trail(&store, ada, account, &of_roles, &page()).unwrap().items;
    let actions: Vec<&str> = of_roles.iter().map(|one| one.action.as_str()).collect();
    assert_eq!(actions, ["create", "update", "update", "destroy"]);
    let store = before;
    let filter = api::AuditTrailFilter { newest_first: true, ..api::AuditTrailFilter::default() };
    let list = |actor, filter: &api::AuditTrailFilter, page: &PageRequest| {
        api::audit_trail(&store, actor, account, filter, page).unwrap()
    };
    let trail = list(ada, &filter, &page()).items;
    let words: Vec<(&str, &str)> = trail.iter().map(|one| (one.kind.as_str(), one.action.as_str())).collect();
    let expected =
        [("team-member", "create"), ("app", "update"), ("app", "create"), ("account", "update"), ("team", "create")];
    assert_eq!(words, expected);
    let last = store.events().len() as u64;
    let nothing = json!({});
    let expected = json!({
        "created_at": LATE,
        "id": format!("00000000-0000-8000-8000-{:012x}", last - 1),
        "type": "app",
        "action": "update",
        "actor": { "email": "ada@acme.com", "id": id(ada) },
        "app": { "id": app, "name": "lab-one" },
        "owner": { "email": "acme-labs@herokumanager.com", "id": labs },
        "enterprise_account": { "id": account, "name": "acme-corp" },
        "team": { "id": labs, "name": "acme-labs" },
        "request": nothing,
        "data": {
            "type": "app-renamed",
            "app": app,
            "owner": { "team": labs },
            "from": "lab-one",
            "to": "lab-two",
        },
    });
    is(&trail[1], &expected);
    let added = serde_json::to_value(&trail[0]).unwrap();
    assert_eq!([&added["app"], &added["owner"], &added["request"]], [&nothing; 3]);
    assert_eq!(serde_json::from_value::<api::AuditTrailEvent>(added).unwrap(), trail[0]);

    // The oldest first, page by page, and only some.
    let oldest = api::AuditTrailFilter::default();
    for filter in [&filter, &oldest] {
        let first = list(ada, filter, &PageRequest::first(3).unwrap());
        let rest = list(ada, filter, &PageRequest::first(3).unwrap().after(first.next.unwrap()));
        let found: Vec<_> = first.items.into_iter().chain(rest.items).collect();
        let mut expected = trail.clone();
        if !filter.newest_first {
            expected.reverse();
        }
        assert_eq!((found, rest.next), (expected, None));
    }
    let some = |filter: api::AuditTrailFilter| list(ada, &filter, &page()).items.len();
    assert_eq!(some(api::AuditTrailFilter { kind: Some("app".into()), ..filter.clone() }), 2);
    assert_eq!(some(api::AuditTrailFilter { action: Some("create".into()), ..filter.clone() }), 3);
    assert_eq!(some(api::AuditTrailFilter { by: Some(id(joe)), ..filter.clone() }), 0);
    assert_eq!(some(api::AuditTrailFilter { day: Some(read("1970-01-01")), ..filter.clone() }), 0);
    // Sam is in the account and no admin of its team.
    assert_eq!(list(sam, &filter, &page()).items, []);
    let refused = api::audit_trail(&store, joe, account, &filter, &page()).unwrap_err();
    assert_eq!(refused.code(), "account-hidden");
}

/// What the store records is what is shown.
#[test]
fn times() {
    let World { demo: Demo { mut store, ada, joe, jill, acme, website, .. }, inside, space, next, .. } = world();
    let later = |days: i64| DateTime::UNIX_EPOCH + TimeDelta::days(days);
    let start = later(0);

    store.rename_app(ada.at(later(2)), website, app_name("renamed")).unwrap();
    let app = api::app(&store, jill, website).unwrap();
    assert_eq!((app.created_at, app.updated_at), (start, later(2)));
    assert_eq!(api::team_app(&store, jill, website).unwrap().updated_at, later(2));

    store.set_permissions(joe.at(later(3)), inside, id(jill), Permission::Deploy.into()).unwrap();
    let jills = api::collaborator(&store, joe, inside, id(jill)).unwrap();
    assert_eq!((jills.created_at, jills.updated_at), (later(1), later(3)));
    let joes = api::collaborator(&store, joe, website, id(joe)).unwrap();
    assert_eq!((joes.created_at, joes.updated_at), (start, start));

    store.set_stage(ada.at(later(4)), next, Stage::Staging).unwrap();
    let coupling = api::pipeline_coupling(&store, ada, next).unwrap();
    assert_eq!((coupling.created_at, coupling.updated_at), (later(1), later(4)));

    store.set_default_role(ada.at(later(4)), acme, TeamRole::Viewer).unwrap();
    store.rename_space(ada.at(later(4)), space, read("renamed")).unwrap();
    store.rename_pipeline(ada.at(later(4)), coupling.pipeline.id, read("renamed")).unwrap();
    let team = api::team(&store, joe, acme).unwrap();
    assert_eq!((team.created_at, team.updated_at), (start, later(4)));
    let found = api::space(&store, joe, space).unwrap();
    assert_eq!((found.created_at, found.updated_at), (later(1), later(4)));
    let pipeline = api::pipeline(&store, joe, coupling.pipeline.id).unwrap();
    assert_eq!((pipeline.created_at, pipeline.updated_at), (later(1), later(4)));

    store.revoke_app_creation(ada.at(later(5)), space, id(joe)).unwrap();
    store.set_member_role(ada.at(later(5)), acme, id(joe), TeamRole::Viewer).unwrap();
    let member = api::team_member(&store, ada, acme, id(joe)).unwrap();
    assert_eq!((member.created_at, member.updated_at), (start, later(5)));
    let member = api::team_member(&store, ada, acme, id(jill)).unwrap();
    assert_eq!((member.created_at, member.updated_at), (start, later(3)));
    let seen = api::space_app_access(&store, ada, space, id(joe)).unwrap();
    assert_eq!((seen.created_at, seen.updated_at), (later(1), later(5)));
}
