//! ROLE: roles of a team's own.

use core::fmt::Debug;

use enterprise_teams::demo::Demo;
use enterprise_teams::entity::Limits;
use enterprise_teams::names::{ParseProblem, ParseTarget, RoleName};
use enterprise_teams::policy::{CapabilitySet, CustomRole, RoleRights};
use enterprise_teams::query::{AuditFilter, AuditScope, PeopleFilter};
use enterprise_teams::uuid::Uuid;
use enterprise_teams::{
    AccessSource, Actor, AppAction, Capability, Error, Event, NewApp, NewSpace, NewTeam, PageRequest, Permission,
    PermissionSet, Role, RoleId, Rule, TeamId, TeamRole, TeamStore, User,
};

use crate::support::{app_name, days, email, id, malformed, read, register, sound, team_name, through_client};

const NOTHING: RoleRights = RoleRights { capabilities: CapabilitySet::of(&[]), permissions: PermissionSet::EMPTY };
const OPERATE: RoleRights = RoleRights {
    capabilities: CapabilitySet::of(&[]),
    permissions: PermissionSet::of(&[Permission::View, Permission::Operate]),
};

fn capabilities(some: CapabilitySet) -> RoleRights {
    RoleRights { capabilities: some, ..NOTHING }
}

/// The answer is this refusal, of this rule.
#[track_caller]
fn refused<T: Debug>(answer: Result<T, Error>, expected: Error, rule: Rule) {
    let error = answer.expect_err("accepted");
    assert_eq!((error.rule(), error), (rule, expected));
}

#[track_caller]
fn code<T: Debug>(answer: Result<T, Error>) -> &'static str {
    answer.expect_err("accepted").code()
}

fn page() -> PageRequest {
    PageRequest::default()
}

fn lacks(actor: Actor, team: TeamId) -> Error {
    Error::OnlyAdminsManageRoles { actor: actor.who, team }
}

fn role_in(store: &TeamStore, actor: Actor, team: TeamId, user: Actor) -> Option<RoleId> {
    store.access_entry(actor, team, id(user)).expect("in it").custom.map(CustomRole::id)
}

/// Who has a role of the team's own, as the list finds them.
fn having(store: &TeamStore, actor: Actor, team: TeamId, role: RoleId) -> Vec<&str> {
    let filter = PeopleFilter::default().custom_role(role);
    let found = store.access_list(actor, team, &filter, &page()).expect("the actor looks");
    found.items.iter().map(|entry| entry.user.email().as_str()).collect()
}

/// The demo, in which vera has a role of acme's own.
fn with_role(rights: RoleRights) -> (Demo, RoleId) {
    let mut demo = Demo::new().unwrap();
    let role = demo.store.create_role(demo.ada, demo.acme, read("own"), rights).unwrap();
    demo.store.set_member_role(demo.ada, demo.acme, id(demo.vera), TeamRole::Custom(role)).unwrap();
    (demo, role)
}

#[test]
fn role_01_admins_make_rename_change_and_delete_roles() {
    let Demo { mut store, operator, ada, joe, vera, jill, sam, max, acme, inc, .. } = Demo::new().unwrap();
    let role = store.create_role(ada, acme, read("billing"), NOTHING).unwrap();
    let made = store.custom_role(joe, role).unwrap();
    assert_eq!((made.name(), made.team(), made.created_at()), (read("billing"), acme, ada.at));
    for actor in [joe, vera, jill, sam, operator] {
        refused(store.create_role(actor, acme, read("other"), NOTHING), lacks(actor, acme), Rule::Role1);
        let hidden = Error::RoleHidden { actor: actor.who, role };
        let told = if [jill, sam].contains(&actor) { hidden } else { lacks(actor, acme) };
        refused(store.rename_role(actor, role, read("other")), told.clone(), Rule::Role1);
        refused(store.set_role_rights(actor, role, OPERATE), told.clone(), Rule::Role1);
        refused(store.delete_role(actor, role), told, Rule::Role1);
    }
    refused(store.create_role(sam, inc, read("own"), NOTHING), Error::RolesInStandardTeam { team: inc }, Rule::Role1);
    refused(store.create_role(max, inc, read("own"), NOTHING), lacks(max, inc), Rule::Role1);
    store.rename_role(ada, role, read("finance")).unwrap();
    assert_eq!(store.role_by_name(vera, acme, read("finance")).unwrap().id(), role);
    store.set_role_rights(ada, role, OPERATE).unwrap();
    store.create_role(ada, acme, read("billing"), NOTHING).expect("the old name is free");
    store.delete_role(ada, role).unwrap();
    refused(store.delete_role(ada, role), Error::RoleNotFound { role }, Rule::X2);
    store.create_role(ada, acme, read("finance"), NOTHING).expect("the name of what is gone is free");
    sound(&store);
}

#[test]
fn role_01_names_are_unique_in_a_team_and_none_is_that_of_a_built_in_role() {
    let Demo { mut store, operator, ada, acme, .. } = Demo::new().unwrap();
    let labs = store.provision_team(operator, NewTeam::enterprise(team_name("labs"), id(ada))).unwrap();
    let name: RoleName = read("billing");
    let [role, theirs] = [acme, labs].map(|team| store.create_role(ada, team, name, NOTHING).unwrap());
    assert_ne!(role, theirs);
    refused(store.create_role(ada, acme, name, NOTHING), Error::RoleNameTaken { team: acme, name }, Rule::Role1);
    refused(store.rename_role(ada, role, name), Error::RoleNameUnchanged { role, name }, Rule::Role1);
    for taken in Role::ALL.iter().map(|role| role.code()) {
        let Ok(name) = taken.parse() else { panic!("{taken} is well formed") };
        refused(store.create_role(ada, acme, name, NOTHING), Error::RoleNameTaken { team: acme, name }, Rule::Role1);
        refused(store.rename_role(ada, role, name), Error::RoleNameTaken { team: acme, name }, Rule::Role1);
    }
    let letter = |at, found| ParseProblem::Character { at, found };
    for (text, problem) in [
        ("b", ParseProblem::TooShort { min: 2, len: 1 }),
        ("Billing", letter(0, 'B')),
        ("1st", letter(0, '1')),
        ("own-", letter(3, '-')),
        ("our own", letter(3, ' ')),
        (&"a".repeat(31), ParseProblem::TooLong { at: 0, max: 30, len: 31 }),
    ] {
        let error = Error::from(text.parse::<RoleName>().unwrap_err());
        assert_eq!(error, malformed(ParseTarget::RoleName, problem), "{text}");
        assert_eq!((error.code(), error.rule()), ("role-name-invalid", Rule::Role1));
    }
}

#[test]
fn role_01_what_makes_or_unmakes_power_is_the_admins_alone() {
    let (Demo { mut store, ada, acme, .. }, role) = with_role(NOTHING);
    let mut refusals = 0;
    for capability in Capability::ALL.iter().copied() {
        let rights = capabilities(capability.into());
        let answers = [
            store.clone().create_role(ada, acme, read("tried"), rights).map(drop),
            store.clone().set_role_rights(ada, role, rights),
        ];
        for answer in answers {
            match answer {
                Ok(()) => assert!(capability.is_for_custom_roles(), "{capability}"),
                Err(Error::RoleRightsUnchanged { .. }) => {
                    assert!([Capability::ViewTeam, Capability::ViewPreferences].contains(&capability));
                }
                Err(error) => {
                    refusals += 1;
                    assert_eq!(error, Error::CapabilityForAdminsAlone { team: acme, capability });
                    assert!(!capability.is_for_custom_roles());
                }
            }
        }
    }
    assert_eq!(refusals, 2 * 12);
    // One of many is enough, and nothing has changed.
    let rights = capabilities(Capability::ViewInvoices | Capability::ManagePayments);
    let refusal = Error::CapabilityForAdminsAlone { team: acme, capability: Capability::ManagePayments };
    refused(store.set_role_rights(ada, role, rights), refusal, Rule::Role1);
    assert_eq!(store.custom_role(ada, role).unwrap().rights(), NOTHING.completed());
    sound(&store);
}

#[test]
fn role_01_the_limit_is_a_setting() {
    let Demo { mut store, operator, ada, acme, .. } = Demo::new().unwrap();
    let mut options = store.settings().options.clone();
    assert_eq!(options.team_roles_max, 20);
    options.team_roles_max = 2;
    store.change_settings(operator, options.clone()).unwrap();
    let [one, _] = ["one", "two"].map(|name| store.create_role(ada, acme, read(name), NOTHING).unwrap());
    let full = Error::RoleLimitReached { team: acme, limit: 2, actual: 3 };
    refused(store.create_role(ada, acme, read("three"), NOTHING), full.clone(), Rule::Role1);
    store.delete_role(ada, one).unwrap();
    store.create_role(ada, acme, read("three"), NOTHING).expect("one has gone");
    refused(store.create_role(ada, acme, read("four"), NOTHING), full, Rule::Role1);
    // What there is stays where the limit is lowered.
    options.team_roles_max = 0;
    store.change_settings(operator, options).unwrap();
    assert_eq!(store.roles(ada, acme, &page()).unwrap().items.len(), 2);
    sound(&store);
}

#[test]
fn role_01_all_that_a_team_may_have_are_told_apart() {
    let Demo { mut store, operator, ada, acme, website, .. } = Demo::new().unwrap();
    let mut options = store.settings().options.clone();
    options.team_roles_max = u8::MAX;
    store.change_settings(operator, options).unwrap();
    let roles: Vec<(RoleId, PermissionSet)> = (0..255_u16)
        .map(|number| {
            let permissions = if number % 2 == 0 { PermissionSet::EMPTY } else { PermissionSet::ALL };
            let rights = RoleRights { permissions, ..NOTHING };
            (store.create_role(ada, acme, read(&format!("role-{number}")), rights).unwrap(), permissions)
        })
        .collect();
    for (number, (role, permissions)) in roles.iter().enumerate().step_by(17) {
        let one = register(&mut store, &format!("user-{number}@acme.com"));
        store.add_member(ada, acme, id(one), TeamRole::Custom(*role)).unwrap();
        assert_eq!(role_in(&store, one, acme, one), Some(*role));
        assert_eq!(store.can(one, AppAction::DeleteApp, website), !permissions.is_empty(), "{number}");
    }
    sound(&store);
    assert!(TeamStore::restore(store.snapshot()).unwrap() == store);
}

#[test]
fn role_01_roles_are_seen_by_the_team_and_ones_own_by_whoever_has_it() {
    let (Demo { mut store, operator, ada, joe, vera, jill, sam, acme, .. }, role) = with_role(NOTHING);
    let other = store.create_role(ada, acme, read("other"), OPERATE).unwrap();
    for actor in [ada, joe, operator] {
        assert_eq!(store.custom_role(actor, role).unwrap().name(), "own");
        let entries = store.roles(actor, acme, &page()).unwrap().items;
        let found: Vec<_> = entries.iter().map(|entry| (entry.role.id(), entry.members)).collect();
        assert_eq!(found, [(other, 0), (role, 1)], "by name");
    }
    assert_eq!(store.custom_role(vera, role).unwrap().id(), role, "her own");
    for (actor, role) in [(vera, other), (jill, role), (sam, role)] {
        refused(store.custom_role(actor, role), Error::RoleHidden { actor: actor.who, role }, Rule::Role1);
        let refusal = Error::OnlyTeamSeesRoles { actor: actor.who, team: acme };
        refused(store.roles(actor, acme, &page()), refusal.clone(), Rule::Role1);
        refused(store.role_by_name(actor, acme, read("other")), refusal, Rule::Role1);
    }
    store.set_role_rights(ada, role, capabilities(Capability::ViewRoles.into())).unwrap();
    assert_eq!(store.roles(vera, acme, &page()).unwrap().items.len(), 2);
    let name = read("nobody");
    refused(store.role_by_name(ada, acme, name), Error::RoleNameNotFound { team: acme, name }, Rule::X2);
    let none = RoleId::from_uuid(Uuid::max());
    refused(store.custom_role(ada, none), Error::RoleNotFound { role: none }, Rule::X2);
    store.set_oauth_access(ada, acme, enterprise_teams::entity::OAuthAccess::Denied).unwrap();
    refused(store.custom_role(through_client(joe), role), Error::OAuthDenied { team: acme }, Rule::Sec1);
}

#[test]
fn role_01_what_a_role_holds_counts_on_the_team() {
    let (Demo { mut store, ada, vera, acme, website, .. }, role) = with_role(NOTHING);
    assert!(store.can(vera, Capability::ViewTeam, acme), "whoever is in a team sees it");
    for capability in Capability::ALL.iter().copied().filter(|one| one.is_for_custom_roles()) {
        let rights = capabilities(capability.into());
        match store.set_role_rights(ada, role, rights) {
            Ok(()) | Err(Error::RoleRightsUnchanged { .. }) => {}
            Err(error) => panic!("{error}"),
        }
        for asked in Capability::ALL.iter().copied() {
            let held = rights.completed().capabilities.contains(asked);
            assert_eq!(store.can(vera, asked, acme), held, "{asked} with {capability}");
        }
        assert_eq!(store.app(vera, website).is_ok(), rights.completed().capabilities.contains(Capability::ViewApps));
    }
    // With nothing on apps she sees none, and is told so of those that are.
    store.set_role_rights(ada, role, NOTHING).unwrap();
    assert_eq!(code(store.app(vera, website)), "action-needs-permission");
    let message = "only admins can manage the roles of team `acme-widgets`; user `vera@acme.com` is not an admin";
    let refusal = store.create_role(vera, acme, read("other"), NOTHING).unwrap_err();
    assert_eq!(store.problem(vera, &refusal).detail, message);
}

#[test]
fn role_01_what_a_role_holds_counts_on_every_app_of_the_team_locked_ones_included() {
    let (Demo { mut store, ada, vera, acme, website, wave, .. }, role) = with_role(OPERATE);
    let held = store.permissions(vera, website).unwrap();
    assert_eq!((held.permissions, held.through), (OPERATE.permissions, AccessSource::Role(Role::Custom)));
    assert!(store.can(vera, AppAction::RestartApp, website) && !store.can(vera, AppAction::PushCode, website));
    store.lock_app(ada, website).unwrap();
    assert!(store.can(vera, AppAction::RestartApp, website), "locked");
    let later = store.create_app(ada, NewApp::in_team(acme)).unwrap();
    assert!(store.can(vera, AppAction::RestartApp, later), "made afterwards");
    assert!(store.app(vera, wave).is_err(), "another team's");
    // Roles add to what one was granted.
    store.grant_permissions(ada, website, id(vera), Permission::Deploy.into()).unwrap();
    let held = store.permissions(vera, website).unwrap();
    let all = OPERATE.permissions | Permission::Deploy;
    assert_eq!((held.permissions, held.through), (all, AccessSource::RoleAndGrant(Role::Custom)));
    store.set_role_rights(ada, role, NOTHING).unwrap();
    assert_eq!(store.permissions(vera, website).unwrap().permissions, PermissionSet::VIEW | Permission::Deploy);
    sound(&store);
}

#[test]
fn role_01_manage_on_every_app_is_what_manage_on_one_is() {
    let all = RoleRights { permissions: PermissionSet::ALL, ..NOTHING };
    let (Demo { mut store, joe, vera, jill, acme, website, .. }, role) = with_role(all);
    store.set_permissions(vera, website, id(joe), PermissionSet::ALL).unwrap();
    store.set_permissions(vera, website, id(jill), PermissionSet::WORK).unwrap();
    assert_eq!(store.permissions(joe, website).unwrap().permissions, PermissionSet::ALL);
    store.rename_app(vera, website, app_name("acme-site")).unwrap();
    // Nobody adds to their own grant by the role that they have (PERM-5).
    let own = Error::OwnGrantCannotGrow { actor: vera.who, app: website };
    refused(store.grant_permissions(vera, website, id(vera), PermissionSet::ALL), own, Rule::Perm5);
    // Nor to their own role.
    refused(
        store.set_role_rights(vera, role, capabilities(Capability::ViewRoles.into())),
        lacks(vera, acme),
        Rule::Role1,
    );
    let to = TeamRole::Admin;
    assert_eq!(code(store.set_member_role(vera, acme, id(vera), to)), "only-admins-manage-members");
    store.delete_app(vera, website, "acme-site").unwrap();
    sound(&store);
}

#[test]
fn role_02_a_role_is_given_changed_invited_to_set_as_default_and_taken_away_like_the_others() {
    let Demo { mut store, ada, joe, vera, acme, inc, sam, .. } = Demo::new().unwrap();
    let role = store.create_role(ada, acme, read("own"), OPERATE).unwrap();
    let own = TeamRole::Custom(role);
    // Given and changed (MEM-1, MEM-2).
    let kim = register(&mut store, "kim@acme.com");
    store.add_member(ada, acme, id(kim), own).unwrap();
    assert_eq!(role_in(&store, ada, acme, kim), Some(role));
    let same = Error::RoleUnchanged { team: acme, user: id(kim), role: own };
    refused(store.set_member_role(ada, acme, id(kim), own), same, Rule::Mem2);
    store.set_member_role(ada, acme, id(vera), own).unwrap();
    let event = &store.events().last().unwrap().event;
    let Event::MemberRoleChanged { changed } = event else { panic!("{event:?}") };
    assert_eq!((changed.from, changed.to), (TeamRole::Viewer, own));
    // By admins alone.
    for actor in [joe, vera, kim] {
        assert_eq!(code(store.set_member_role(actor, acme, id(joe), own)), "only-admins-manage-members");
        assert_eq!(code(store.invite_member(actor, acme, email("new@acme.com"), own)), "only-admins-invite");
    }
    // Invited to (INV-1), and accepted.
    let new = register(&mut store, "new@acme.com");
    let invitation = store.invite_member(ada, acme, email("new@acme.com"), own).unwrap();
    assert_eq!(store.invitation(ada, invitation).unwrap().role(), Some(own));
    store.accept_invitation(new, invitation).unwrap();
    assert_eq!(role_in(&store, ada, acme, new), Some(role));
    // The default of whoever joins by single sign-on or is added without a role (TEAM-7).
    store.set_default_role(ada, acme, own).unwrap();
    assert_eq!(store.team(ada, acme).unwrap().default_role(), own);
    let lee = register(&mut store, "lee@acme.com");
    store.add_default_member(ada, acme, id(lee)).unwrap();
    assert_eq!(role_in(&store, ada, acme, lee), Some(role));
    assert_eq!(having(&store, ada, acme, role), ["kim@acme.com", "lee@acme.com", "new@acme.com", "vera@acme.com"]);
    // Taken away (MEM-1).
    store.remove_member(ada, acme, id(kim)).unwrap();
    let Event::MemberRemoved { removed } = &store.events().last().unwrap().event else { panic!("removed") };
    assert_eq!(removed.role, own);
    // Of another team it is none.
    let strange = Error::RoleOfAnotherTeam { team: inc, role };
    refused(store.set_member_role(sam, inc, id(sam), own), strange, Rule::Role2);
    let none = RoleId::from_uuid(Uuid::max());
    refused(store.add_member(ada, acme, id(kim), TeamRole::Custom(none)), Error::RoleNotFound { role: none }, Rule::X2);
    sound(&store);
}

#[test]
fn role_02_it_counts_as_a_member_and_never_as_an_admin() {
    let all = RoleRights {
        capabilities: Capability::ALL.iter().copied().filter(|one| one.is_for_custom_roles()).collect(),
        permissions: PermissionSet::ALL,
    };
    let (Demo { mut store, operator, ada, joe, vera, acme, .. }, role) = with_role(all);
    let own = TeamRole::Custom(role);
    let (team, user) = (acme, id(ada));
    let refusal = Error::CannotDemoteLastAdmin { team, user };
    refused(store.set_member_role(ada, acme, user, own), refusal, Rule::Team2);
    refused(store.remove_member(ada, acme, user), Error::LastAdminCannotLeave { team, user }, Rule::Team2);
    // A place of the plan (TEAM-5): ada, joe and vera have the three.
    let limits = store.team(ada, acme).unwrap().limits();
    store.set_team_limits(operator, acme, Limits { members: 3, ..limits }).unwrap();
    let kim = register(&mut store, "kim@acme.com");
    let full = Error::MemberLimitReached { team, limit: 3, actual: 4 };
    refused(store.add_member(ada, acme, id(kim), own), full.clone(), Rule::Team5);
    refused(store.invite_member(ada, acme, email("new@acme.com"), own), full, Rule::Team5);
    store.remove_member(vera, acme, id(vera)).unwrap();
    store.add_member(ada, acme, id(kim), own).unwrap();
    // Nor as one whom a requirement of second factors asks for (SEC-5), or who is asked for one's help.
    let why = store.explain(joe, Capability::ManageUsers, acme).unwrap();
    assert_eq!(why.grantors().map(User::id).collect::<Vec<_>>(), [user]);
    sound(&store);
}

#[test]
fn role_02_a_role_in_use_is_not_deleted() {
    let (Demo { mut store, ada, vera, acme, .. }, role) = with_role(NOTHING);
    let own = TeamRole::Custom(role);
    let invitation = store.invite_member(ada, acme, email("new@acme.com"), own).unwrap();
    store.set_default_role(ada, acme, own).unwrap();
    let refusal = store.delete_role(ada, role).unwrap_err();
    let Error::RoleInUse { uses, .. } = &refusal else { panic!("{refusal:?}") };
    assert_eq!(
        (&*uses.members.shown, &*uses.invitations.shown, uses.is_default),
        (&[id(vera)][..], &[invitation][..], true)
    );
    assert_eq!(
        store.problem(ada, &refusal).detail,
        format!("role `own` is in use: members: `vera@acme.com`; invitations: `{invitation}`; the default role")
    );
    store.set_member_role(ada, acme, id(vera), TeamRole::Member).unwrap();
    assert_eq!(code(store.delete_role(ada, role)), "role-in-use");
    store.revoke_invitation(ada, invitation).unwrap();
    assert_eq!(code(store.delete_role(ada, role)), "role-in-use");
    store.set_default_role(ada, acme, TeamRole::Viewer).unwrap();
    store.delete_role(ada, role).unwrap();
    refused(store.set_member_role(ada, acme, id(vera), own), Error::RoleNotFound { role }, Rule::X2);
    sound(&store);
}

#[test]
fn role_02_a_change_of_a_role_counts_at_once_and_is_one_event() {
    let (Demo { mut store, operator, ada, joe, vera, acme, website, .. }, role) = with_role(NOTHING);
    store.remove_collaborator(joe, website, id(joe)).unwrap();
    store.set_member_role(ada, acme, id(joe), TeamRole::Custom(role)).unwrap();
    assert!(!store.can(joe, AppAction::RestartApp, website) && !store.can(vera, AppAction::RestartApp, website));
    let seq = store.events().len();
    store.set_role_rights(ada, role, OPERATE).unwrap();
    assert_eq!(store.events().len(), seq + 1);
    let entry = store.events().last().unwrap();
    let Event::RoleRightsChanged { role: changed, team, from, to } = &entry.event else { panic!("{entry:?}") };
    assert_eq!((*changed, *team, **from, **to), (role, acme, NOTHING.completed(), OPERATE.completed()));
    // It stands in the log of the team, not in those of the people.
    let told = |scope| {
        let log = store.audit_log(operator, &AuditFilter::new(scope), &page()).unwrap();
        log.items.iter().filter(|entry| entry.event.code() == "role-rights-changed").count()
    };
    assert_eq!((told(AuditScope::Team(acme)), told(AuditScope::User(id(vera)))), (1, 0));
    assert!(store.can(joe, AppAction::RestartApp, website) && store.can(vera, AppAction::RestartApp, website));
    let same = Error::RoleRightsUnchanged { role };
    refused(store.set_role_rights(ada, role, OPERATE), same, Rule::Role1);
    sound(&store);
}

#[test]
fn role_02_app_creation_in_a_space_is_for_roles_that_create_apps() {
    let (Demo { mut store, ada, vera, acme, .. }, role) = with_role(NOTHING);
    let space = store.create_space(ada, NewSpace::new(acme, read("acme-space"))).unwrap();
    assert_eq!(code(store.allow_app_creation(ada, space, id(vera))), "app-creation-for-members");
    let creates = capabilities(Capability::CreateApps | Capability::ViewSpaces);
    for half in creates.capabilities.iter() {
        store.set_role_rights(ada, role, capabilities(half.into())).unwrap();
        assert_eq!(code(store.allow_app_creation(ada, space, id(vera))), "app-creation-for-members", "{half}");
    }
    store.set_role_rights(ada, role, creates).unwrap();
    store.allow_app_creation(ada, space, id(vera)).unwrap();
    store.create_app(vera, NewApp::in_space(space)).unwrap();
    // It sleeps where the role loses it, and wakes with it.
    store.set_role_rights(ada, role, NOTHING).unwrap();
    assert!(store.create_app(vera, NewApp::in_space(space)).is_err());
    store.set_role_rights(ada, role, creates).unwrap();
    store.create_app(vera, NewApp::in_space(space)).unwrap();
    sound(&store);
}

#[test]
fn role_02_a_team_with_roles_does_not_become_a_standard_team_and_takes_them_along_when_it_goes() {
    let Demo { mut store, operator, ada, .. } = Demo::new().unwrap();
    let zoe = register(&mut store, "zoe@corp.com");
    let account = store.open_account(operator, read("corp"), id(zoe)).unwrap();
    store.add_account_member(zoe, account, id(ada), read("create")).unwrap();
    let east = store.create_team_in(ada, account, team_name("east")).unwrap();
    let [two, one] = ["two", "one"].map(|name| store.create_role(ada, east, read(name), OPERATE).unwrap());
    store.request_team_move_out(ada, east).unwrap();
    let refusal = store.move_team_out(operator, east).unwrap_err();
    let message = format!("team `{east}` cannot become a Standard team: roles: `{one}`, `{two}`");
    assert_eq!((refusal.code(), refusal.to_string()), ("move-out-blocked", message));
    let mut gone = store.clone();
    gone.delete_team(ada, east).unwrap();
    let Event::TeamDeleted { deleted } = &gone.events().last().unwrap().event else { panic!("deleted") };
    assert_eq!(deleted.roles.iter().map(CustomRole::id).collect::<Vec<_>>(), [one, two]);
    refused(gone.custom_role(ada, one), Error::RoleNotFound { role: one }, Rule::X2);
    sound(&gone);
    for role in [one, two] {
        store.delete_role(ada, role).unwrap();
    }
    store.move_team_out(operator, east).unwrap();
    sound(&store);
}

#[test]
fn role_02_explanations_lists_and_reports_name_the_role() {
    let (Demo { mut store, ada, vera, jill, acme, website, .. }, role) = with_role(OPERATE);
    let why = store.explain(vera, AppAction::RestartApp, website).unwrap();
    assert_eq!((why.rule(), why.custom_role().map(CustomRole::id)), (Rule::Role1, Some(role)));
    assert_eq!(
        why.to_string(),
        "`vera@acme.com` may restart-app on app `acme-website`: holds view, operate as holder of role `own` of the team (ROLE-1)"
    );
    let entry = store.access_entry(ada, acme, id(vera)).unwrap();
    assert_eq!((entry.role, entry.role_name().as_str()), (Role::Custom, "own"));
    let access = store.app_access_of(ada, website, id(vera)).unwrap();
    assert_eq!(access.held.through, AccessSource::Role(Role::Custom));
    assert_eq!(access.held.through.to_string(), "holder of a custom role of the team");
    assert_eq!((access.custom, access.through_name().as_str()), (entry.custom, "holder of role `own` of the team"));
    // Whoever manages the app from outside sees that she has one, and not which.
    store.set_permissions(ada, website, id(jill), PermissionSet::ALL).unwrap();
    store.grant_permissions(ada, website, id(vera), PermissionSet::WORK).unwrap();
    let unseen = store.app_access_of(jill, website, id(vera)).unwrap();
    assert_eq!((unseen.role, unseen.custom), (Some(Role::Custom), None));
    assert_eq!(unseen.through_name(), "holder of a custom role of the team, with permissions on the app");
    store.remove_collaborator(ada, website, id(vera)).unwrap();
    store.set_member_role(ada.at(days(1)), acme, id(vera), TeamRole::Member).unwrap();
    let line = store.readable(ada, store.events().last().unwrap());
    assert!(line.contains("`own`"), "{line}");
}

#[test]
fn role_01_people_of_an_account_are_found_by_the_role_that_one_sees() {
    let Demo { mut store, operator, ada, joe, vera, .. } = Demo::new().unwrap();
    let zoe = register(&mut store, "zoe@corp.com");
    let account = store.open_account(operator, read("corp"), id(zoe)).unwrap();
    store.add_account_member(zoe, account, id(ada), read("create")).unwrap();
    store.add_account_member(zoe, account, id(joe), read("view")).unwrap();
    let [east, west] = ["east", "west"].map(|team| store.create_team_in(ada, account, team_name(team)).unwrap());
    let [here, there] = [east, west].map(|team| store.create_role(ada, team, read("own"), NOTHING).unwrap());
    for (team, role, user) in [(east, here, vera), (west, there, vera), (west, there, joe)] {
        store.add_member(ada, team, id(user), TeamRole::Custom(role)).unwrap();
    }
    let found = |actor, role| {
        let filter = PeopleFilter::default().custom_role(role);
        let found = store.account_people(actor, account, &filter, &page()).unwrap();
        found.items.iter().map(|one| (one.team.id(), one.user.id())).collect::<Vec<_>>()
    };
    assert_eq!(found(ada, here), [(east, id(vera))]);
    assert_eq!(found(ada, there), [(west, id(joe)), (west, id(vera))]);
    // Whoever does not see the team's roles sees their own.
    assert_eq!(found(joe, there), [(west, id(joe)), (west, id(vera))]);
    assert_eq!(found(joe, here), []);
    assert_eq!(found(ada, RoleId::from_uuid(Uuid::max())), []);
}

/// Nobody is told whose the app is that they do not see, nor who manages it.
#[test]
fn role_01_of_an_app_that_a_role_does_not_see_nothing_is_explained() {
    let (Demo { mut store, ada, vera, jill, acme, website, .. }, role) = with_role(NOTHING);
    store.set_permissions(ada, website, id(jill), PermissionSet::ALL).unwrap();
    let outsider = register(&mut store, "nobody@acme.com");
    for action in [AppAction::ViewApp, AppAction::RenameApp] {
        let [here, there] = [vera, outsider].map(|actor| store.explain(actor, action, website).unwrap());
        assert_eq!(here.held(), there.held());
        assert_eq!(here.held().unwrap().through, AccessSource::Nothing);
        let told = |why: &enterprise_teams::Explanation<'_>, email: &str| why.to_string().replace(email, "somebody");
        assert_eq!(told(&here, "vera@acme.com"), told(&there, "nobody@acme.com"));
        assert_eq!((here.grantors().count(), here.custom_role()), (0, None));
    }
    // Whoever sees the people of a team sees its apps.
    store.set_role_rights(ada, role, capabilities(Capability::ViewUsers.into())).unwrap();
    assert!(store.app(vera, website).is_ok());
    assert_eq!(store.explain(vera, AppAction::RenameApp, website).unwrap().grantors().count(), 2);
    assert!(store.can(vera, Capability::ViewRoles, acme) && store.can(vera, Capability::ViewCollaborators, acme));
}

#[test]
fn role_01_the_audit_log_comes_with_every_view() {
    let (Demo { mut store, ada, vera, acme, .. }, role) = with_role(NOTHING);
    store.set_role_rights(ada, role, capabilities(Capability::ViewAuditLog.into())).unwrap();
    let views = Capability::ALL.iter().filter(|one| one.code().starts_with("view-"));
    let unseen: Vec<_> = views.filter(|one| !store.can(vera, **one, acme)).collect();
    assert_eq!(unseen, Vec::<&Capability>::new());
}

#[test]
fn role_02_a_grant_beside_a_role_that_holds_everything_is_told() {
    let all = RoleRights { permissions: PermissionSet::ALL, ..NOTHING };
    let (Demo { mut store, ada, vera, jill, website, .. }, role) = with_role(all);
    store.grant_permissions(ada, website, id(vera), Permission::Deploy.into()).unwrap();
    assert_eq!(store.permissions(vera, website).unwrap().through, AccessSource::RoleAndGrant(Role::Custom));
    store.set_permissions(ada, website, id(jill), PermissionSet::ALL).unwrap();
    assert_eq!(store.app_access_of(jill, website, id(vera)).unwrap().held.permissions, PermissionSet::ALL);
    // It counts again by itself when the role holds less.
    store.set_role_rights(ada, role, NOTHING).unwrap();
    assert_eq!(store.permissions(vera, website).unwrap().permissions, PermissionSet::VIEW | Permission::Deploy);
}

#[test]
fn role_02_a_permission_to_create_apps_sleeps_in_a_role_that_creates_none() {
    let (Demo { mut store, ada, vera, acme, .. }, role) = with_role(NOTHING);
    let space = store.create_space(ada, NewSpace::new(acme, read("acme-space"))).unwrap();
    let creates = capabilities(Capability::CreateApps | Capability::ViewSpaces);
    store.set_role_rights(ada, role, creates).unwrap();
    store.allow_app_creation(ada, space, id(vera)).unwrap();
    let told = |store: &TeamStore| {
        let access = store.space_access_of(ada, space, id(vera)).unwrap();
        (access.creates_apps, access.sleeping)
    };
    assert_eq!(told(&store), (true, false));
    store.set_role_rights(ada, role, capabilities(Capability::ViewSpaces.into())).unwrap();
    assert_eq!(told(&store), (false, true));
    store.set_role_rights(ada, role, creates).unwrap();
    assert_eq!(told(&store), (true, false));
}

#[test]
fn role_02_pipelines_are_listed_for_whoever_sees_an_app_of_theirs_through_a_group() {
    let (Demo { mut store, ada, vera, acme, website, .. }, _) = with_role(NOTHING);
    let flow = store.create_pipeline(ada, acme, read("flow")).unwrap();
    store.couple_app(ada, flow, website, enterprise_teams::Stage::Staging).unwrap();
    let crew = store.create_group(ada, acme, read("crew")).unwrap();
    store.add_group_member(ada, crew, id(vera)).unwrap();
    let listed = |store: &TeamStore| {
        let all = enterprise_teams::query::PipelineFilter::default();
        store.visible_pipelines(vera, &all, &page()).unwrap().items.len()
    };
    assert_eq!((listed(&store), store.pipeline(vera, flow).is_ok()), (0, false));
    store.grant_group_permissions(ada, website, crew, Permission::Deploy.into()).unwrap();
    assert_eq!((listed(&store), store.pipeline(vera, flow).is_ok()), (1, true));
}

/// What is gone with its team is still called by its name; and what one's role showed until the end it shows of the end.
#[test]
fn x_08_the_names_of_roles_and_groups_outlast_their_team() {
    let Demo { mut store, operator, ada, joe, vera, .. } = Demo::new().unwrap();
    let zoe = register(&mut store, "zoe@corp.com");
    let account = store.open_account(operator, read("corp"), id(zoe)).unwrap();
    for creator in [ada, vera] {
        store.add_account_member(zoe, account, id(creator), read("create")).unwrap();
    }
    let east = store.create_team_in(ada, account, team_name("east")).unwrap();
    let keeper = store.create_role(ada, east, read("keeper"), capabilities(Capability::ViewUsers.into())).unwrap();
    let crew = store.create_group(ada, east, read("crew")).unwrap();
    for user in [joe, vera] {
        store.add_member(ada, east, id(user), TeamRole::Custom(keeper)).unwrap();
    }
    store.add_group_member(ada, crew, id(joe)).unwrap();
    store.delete_team(vera, east).unwrap();
    let entry = store.events().last().unwrap().clone();
    let log = store.audit_log(joe, &AuditFilter::new(AuditScope::User(id(joe))), &page()).unwrap();
    let words: Vec<String> = log.items.iter().map(|entry| store.readable(joe, entry)).collect();
    assert!(words.iter().any(|line| line.contains("`keeper`")), "{words:#?}");
    assert!(words.iter().any(|line| line.contains("group `crew`")), "{words:#?}");
    let deeds = store.audit_log(vera, &AuditFilter::new(AuditScope::By(id(vera))), &page()).unwrap();
    let Event::TeamDeleted { deleted } = &deeds.items[0].event else { panic!("{deeds:?}") };
    assert_eq!((deleted.members.len(), deleted.roles.len(), deleted.groups.len()), (3, 1, 0));
    assert_eq!(entry.event.code(), "team-deleted");
}

/// A log that no decision wrote is not followed.
#[test]
fn x_03_events_of_roles_that_no_decision_makes_are_refused() {
    let (Demo { mut store, ada, acme, .. }, used) = with_role(OPERATE);
    let free = store.create_role(ada, acme, read("free"), NOTHING).unwrap();
    let invited = store.create_role(ada, acme, read("invited"), NOTHING).unwrap();
    let email = email("new@acme.com");
    store.invite_member(ada, acme, email, TeamRole::Custom(invited)).unwrap();
    let default = store.create_role(ada, acme, read("default"), NOTHING).unwrap();
    store.set_default_role(ada, acme, TeamRole::Custom(default)).unwrap();
    let follows = |event: serde_json::Value| {
        let (mut copy, last) = (store.clone(), store.events().last().unwrap());
        let mut entry = serde_json::to_value(last).unwrap();
        (entry["seq"], entry["event"]) = ((last.seq + 1).into(), event);
        copy.follow(serde_json::from_value(entry).expect("an event")).is_ok()
    };
    let written = |role: RoleId| serde_json::to_value(store.custom_role(ada, role).unwrap()).unwrap();
    let deleted = |role| serde_json::json!({ "type": "role-deleted", "role": written(role) });
    assert_eq!([free, used, invited, default].map(|role| follows(deleted(role))), [true, false, false, false]);
    let renamed =
        |to: &str| serde_json::json!({ "type": "role-renamed", "role": free, "team": acme, "from": "free", "to": to });
    assert_eq!(["other", "own", "admin", "collaborator"].map(|to| follows(renamed(to))), [true, false, false, false]);
    let rights = |role| written(role)["rights"].clone();
    let changed = |to: serde_json::Value| {
        follows(
            serde_json::json!({ "type": "role-rights-changed", "role": free, "team": acme, "from": rights(free), "to": to }),
        )
    };
    let mut power = rights(free);
    power["capabilities"].as_array_mut().unwrap().push("manage-users".into());
    assert_eq!([rights(used), rights(free), power].map(changed), [true, false, false]);
    let nobody = serde_json::json!({ "custom": RoleId::from_uuid(Uuid::max()) });
    let set = |to| {
        follows(
            serde_json::json!({ "type": "default-role-changed", "team": acme, "from": { "custom": default }, "to": to }),
        )
    };
    assert_eq!([serde_json::json!("member"), nobody].map(set), [true, false]);
}
