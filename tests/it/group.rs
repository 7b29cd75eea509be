//! GRP: groups, and what is granted to them.

use core::fmt::Debug;

use enterprise_teams::chrono::TimeDelta;
use enterprise_teams::demo::Demo;
use enterprise_teams::uuid::Uuid;
use enterprise_teams::{
    AccessSource, Actor, AppAction, AppId, Capability, Error, Event, GroupId, NewApp, NewSpace, NewTeam, Owner,
    PageRequest, Permission, PermissionSet, Role, Rule, TeamId, TeamRole, TeamStore, User, UserId,
    event::GroupDeletion,
    names::{GroupName, ParseProblem, ParseTarget},
    query::{AuditFilter, AuditScope},
};

use crate::support::{app_name, days, id, malformed, read, register, sound, team_name, through_client};

const ALL: PermissionSet = PermissionSet::ALL;
const VIEW: PermissionSet = PermissionSet::VIEW;

/// The answer is this refusal, of this rule.
#[track_caller]
fn refused<T: Debug>(answer: Result<T, Error>, expected: Error, rule: Rule) {
    let error = answer.expect_err("accepted");
    assert_eq!((error.rule(), error), (rule, expected));
}

fn page() -> PageRequest {
    PageRequest::default()
}

fn held(store: &TeamStore, actor: Actor, app: AppId) -> (PermissionSet, AccessSource) {
    let held = store.permissions(actor, app).expect("seen");
    (held.permissions, held.through)
}

/// The people of a group, as the operator sees them.
fn people(store: &TeamStore, operator: Actor, group: GroupId) -> Vec<UserId> {
    let members = store.group_members(operator, group, &page()).expect("the operator looks");
    members.items.iter().map(|member| member.user.id()).collect()
}

/// A group of acme, with joe in it, that holds deploy and operate on the website.
fn crew(demo: &mut Demo) -> GroupId {
    let Demo { store, ada, joe, acme, website, .. } = demo;
    let crew = store.create_group(*ada, *acme, read("crew")).unwrap();
    store.add_group_member(*ada, crew, id(*joe)).unwrap();
    store.grant_group_permissions(*ada, *website, crew, Permission::Deploy | Permission::Operate).unwrap();
    crew
}

#[test]
fn grp_01_admins_make_rename_and_delete_groups() {
    let Demo { mut store, operator, ada, joe, vera, jill, sam, max, acme, inc, .. } = Demo::new().unwrap();
    let crew = store.create_group(ada, acme, read("crew")).unwrap();
    let group = store.group(joe, crew).unwrap();
    assert_eq!((group.name(), group.team(), group.created_at()), (read("crew"), acme, ada.at));
    for actor in [joe, vera, jill, sam, operator] {
        let team = acme;
        let refusal = Error::OnlyAdminsManageGroups { actor: actor.who, team };
        refused(store.create_group(actor, acme, read("other")), refusal.clone(), Rule::Grp1);
        let told =
            if [jill, sam].contains(&actor) { Error::GroupHidden { actor: actor.who, group: crew } } else { refusal };
        refused(store.rename_group(actor, crew, read("other")), told.clone(), Rule::Grp1);
        refused(store.delete_group(actor, crew), told.clone(), Rule::Grp1);
        refused(store.add_group_member(actor, crew, id(joe)), told.clone(), Rule::Grp1);
        refused(store.remove_group_member(actor, crew, id(joe)), told, Rule::Grp1);
    }
    // A Standard team has none.
    refused(store.create_group(sam, inc, read("crew")), Error::GroupsInStandardTeam { team: inc }, Rule::Grp1);
    refused(
        store.create_group(max, inc, read("crew")),
        Error::OnlyAdminsManageGroups { actor: max.who, team: inc },
        Rule::Grp1,
    );
    store.rename_group(ada, crew, read("backend")).unwrap();
    assert_eq!(store.group_by_name(vera, acme, read("backend")).unwrap().id(), crew);
    store.create_group(ada, acme, read("crew")).expect("the old name is free");
    store.delete_group(ada, crew).unwrap();
    refused(store.delete_group(ada, crew), Error::GroupNotFound { group: crew }, Rule::X2);
    store.create_group(ada, acme, read("backend")).expect("the name of what is gone is free");
    sound(&store);
}

#[test]
fn grp_01_names_are_unique_in_a_team_alone() {
    let Demo { mut store, operator, ada, acme, .. } = Demo::new().unwrap();
    let labs = store.provision_team(operator, NewTeam::enterprise(team_name("labs"), id(ada))).unwrap();
    let name: GroupName = read("crew");
    let [crew, theirs] = [acme, labs].map(|team| store.create_group(ada, team, name).unwrap());
    assert_ne!(crew, theirs);
    refused(store.create_group(ada, acme, name), Error::GroupNameTaken { team: acme, name }, Rule::Grp1);
    refused(store.rename_group(ada, crew, name), Error::GroupNameUnchanged { group: crew, name }, Rule::Grp1);
    let other = store.create_group(ada, acme, read("other")).unwrap();
    refused(store.rename_group(ada, other, name), Error::GroupNameTaken { team: acme, name }, Rule::Grp1);
    let letter = |at, found| ParseProblem::Character { at, found };
    for (text, problem) in [
        ("c", ParseProblem::TooShort { min: 2, len: 1 }),
        ("Crew", letter(0, 'C')),
        ("1crew", letter(0, '1')),
        ("crew-", letter(4, '-')),
        ("crew crew", letter(4, ' ')),
        (&"a".repeat(31), ParseProblem::TooLong { at: 0, max: 30, len: 31 }),
    ] {
        let error = Error::from(text.parse::<GroupName>().unwrap_err());
        assert_eq!(error, malformed(ParseTarget::GroupName, problem), "{text}");
        assert_eq!((error.code(), error.rule()), ("group-name-invalid", Rule::Grp1));
    }
}

#[test]
fn grp_01_only_who_has_a_role_is_in_a_group() {
    let mut demo = Demo::new().unwrap();
    let crew = crew(&mut demo);
    let Demo { mut store, operator, ada, joe, vera, jill, sam, acme, .. } = demo;
    for outsider in [jill, sam] {
        let refusal = Error::NotInTeam { team: acme, user: id(outsider) };
        refused(store.add_group_member(ada, crew, id(outsider)), refusal, Rule::Mem3);
    }
    for member in [vera, ada] {
        store.add_group_member(ada, crew, id(member)).unwrap();
    }
    assert_eq!(people(&store, operator, crew), [id(ada), id(joe), id(vera)]);
    let again = Error::AlreadyInGroup { group: crew, user: id(joe) };
    refused(store.add_group_member(ada, crew, id(joe)), again, Rule::Grp1);
    store.remove_group_member(ada, crew, id(vera)).unwrap();
    let gone = Error::NotInGroup { group: crew, user: id(vera) };
    refused(store.remove_group_member(ada, crew, id(vera)), gone, Rule::Grp1);
    let nobody = UserId::from_uuid(Uuid::max());
    refused(store.add_group_member(ada, crew, nobody), Error::UserNotFound { user: nobody }, Rule::X2);
}

#[test]
fn grp_01_limits_are_settings() {
    let Demo { mut store, operator, ada, joe, acme, .. } = Demo::new().unwrap();
    let mut options = store.settings().options.clone();
    assert_eq!((options.team_groups_max, options.member_groups_max), (200, 32));
    (options.team_groups_max, options.member_groups_max) = (2, 1);
    store.change_settings(operator, options.clone()).unwrap();
    let [one, two] = ["one", "two"].map(|name| store.create_group(ada, acme, read(name)).unwrap());
    let full = Error::GroupLimitReached { team: acme, limit: 2, actual: 3 };
    refused(store.create_group(ada, acme, read("three")), full, Rule::Grp1);
    store.add_group_member(ada, one, id(joe)).unwrap();
    let full = Error::MemberGroupLimitReached { team: acme, user: id(joe), limit: 1, actual: 2 };
    refused(store.add_group_member(ada, two, id(joe)), full, Rule::Grp1);
    // Those of another team are counted there.
    let labs = store.provision_team(operator, NewTeam::enterprise(team_name("labs"), id(ada))).unwrap();
    store.add_member(ada, labs, id(joe), TeamRole::Member).unwrap();
    let theirs = store.create_group(ada, labs, read("one")).unwrap();
    store.add_group_member(ada, theirs, id(joe)).unwrap();
    // What there is stays where a limit is lowered.
    (options.team_groups_max, options.member_groups_max) = (0, 0);
    store.change_settings(operator, options).unwrap();
    assert_eq!(store.groups(ada, acme, &page()).unwrap().items.len(), 2);
    store.remove_group_member(ada, one, id(joe)).unwrap();
    sound(&store);
}

#[test]
fn grp_01_whoever_leaves_the_team_leaves_its_groups() {
    let mut demo = Demo::new().unwrap();
    let crew = crew(&mut demo);
    let Demo { mut store, operator, ada, joe, vera, acme, .. } = demo;
    store.add_group_member(ada, crew, id(vera)).unwrap();
    store.remove_member(joe, acme, id(joe)).unwrap();
    let Event::MemberRemoved { removed } = &store.events().last().unwrap().event else { panic!("left") };
    assert_eq!(*removed.groups, [crew]);
    store.delete_user(operator, id(vera)).unwrap();
    let Event::UserDeleted { deleted } = &store.events().last().unwrap().event else { panic!("deleted") };
    assert_eq!(*deleted.groups, [crew]);
    assert!(people(&store, operator, crew).is_empty());
    // Who comes back is in none.
    store.add_member(ada, acme, id(joe), TeamRole::Member).unwrap();
    assert!(store.member_groups(ada, acme, id(joe)).unwrap().is_empty());
    // Another role is no leaving.
    store.add_group_member(ada, crew, id(joe)).unwrap();
    for role in [TeamRole::Viewer, TeamRole::Admin, TeamRole::Member] {
        store.set_member_role(ada, acme, id(joe), role).unwrap();
        assert_eq!(people(&store, operator, crew), [id(joe)]);
    }
    sound(&store);
}

/// An account of zoe's with a team of ada's.
fn in_account(demo: &mut Demo) -> (Actor, TeamId) {
    let Demo { store, operator, ada, .. } = demo;
    let zoe = register(store, "zoe@corp.com");
    let account = store.open_account(*operator, read("corp"), id(zoe)).unwrap();
    store.add_account_member(zoe, account, id(*ada), read("create")).unwrap();
    (zoe, store.create_team_in(*ada, account, team_name("east")).unwrap())
}

#[test]
fn grp_01_a_team_with_groups_does_not_become_a_standard_team_and_takes_them_along_when_it_goes() {
    let mut demo = Demo::new().unwrap();
    let (_, east) = in_account(&mut demo);
    let Demo { mut store, operator, ada, .. } = demo;
    let groups = ["two", "one"].map(|name| store.create_group(ada, east, read(name)).unwrap());
    store.add_group_member(ada, groups[0], id(ada)).unwrap();
    store.request_team_move_out(ada, east).unwrap();
    let refusal = store.move_team_out(operator, east).unwrap_err();
    let message = format!("team `{east}` cannot become a Standard team: groups: `{}`, `{}`", groups[1], groups[0]);
    assert_eq!((refusal.code(), refusal.to_string()), ("move-out-blocked", message));
    let mut gone = store.clone();
    gone.delete_team(ada, east).unwrap();
    let Event::TeamDeleted { deleted } = &gone.events().last().unwrap().event else { panic!("deleted") };
    let ended: Vec<(GroupId, usize)> =
        deleted.groups.iter().map(|ended| (ended.group.id(), ended.members.len())).collect();
    assert_eq!(ended, [(groups[1], 0), (groups[0], 1)]);
    sound(&gone);
    for group in groups {
        store.delete_group(ada, group).unwrap();
    }
    store.move_team_out(operator, east).unwrap();
    sound(&store);
}

#[test]
fn grp_01_groups_are_seen_by_the_team() {
    let mut demo = Demo::new().unwrap();
    let crew = crew(&mut demo);
    let Demo { mut store, operator, ada, joe, vera, jill, sam, acme, website, .. } = demo;
    for actor in [ada, joe, vera, operator] {
        assert_eq!(store.group(actor, crew).unwrap().name(), "crew");
        let entry = store.groups(actor, acme, &page()).unwrap().items[0];
        assert_eq!((entry.group.id(), entry.members, entry.apps), (crew, 1, 1));
        assert_eq!(store.group_members(actor, crew, &page()).unwrap().items[0].role, TeamRole::Member);
        assert_eq!(store.group_apps(actor, crew, &page()).unwrap().items[0].app.id(), website);
        assert_eq!(store.app_groups(actor, website).unwrap()[0].group.id(), crew);
    }
    for actor in [jill, sam] {
        let who = actor.who;
        refused(store.group(actor, crew), Error::GroupHidden { actor: who, group: crew }, Rule::Grp1);
        refused(store.groups(actor, acme, &page()), Error::OnlyTeamSeesGroups { actor: who, team: acme }, Rule::Grp1);
    }
    let lacking = Error::CollaboratorLacksCapability { team: acme, capability: Capability::ViewGroups };
    refused(store.app_groups(jill, website), lacking, Rule::Cap2);
    refused(store.app_groups(sam, website), Error::AppHidden { actor: sam.who, app: website }, Rule::X2);
    // Who manages the app from outside sees which groups are on it, and nothing else of them.
    store.set_permissions(ada, website, id(jill), ALL).unwrap();
    assert_eq!(store.app_groups(jill, website).unwrap()[0].group.name(), "crew");
    refused(store.group_members(jill, crew, &page()), Error::GroupHidden { actor: jill.who, group: crew }, Rule::Grp1);
    let name = read("nobody");
    refused(store.group_by_name(ada, acme, name), Error::GroupNameNotFound { team: acme, name }, Rule::X2);
    store.set_oauth_access(ada, acme, enterprise_teams::entity::OAuthAccess::Denied).unwrap();
    refused(store.group(through_client(joe), crew), Error::OAuthDenied { team: acme }, Rule::Sec1);
}

#[test]
fn grp_02_permissions_are_granted_to_a_group_as_to_a_person() {
    let Demo { mut store, ada, joe, vera, jill, acme, website, .. } = Demo::new().unwrap();
    let crew = store.create_group(ada, acme, read("crew")).unwrap();
    for actor in [joe, vera, jill] {
        let refusal = Error::OnlyManagersChangeAccess { actor: actor.who, app: website };
        refused(store.grant_group_permissions(actor, website, crew, VIEW), refusal.clone(), Rule::Perm4);
        refused(store.set_group_permissions(actor, website, crew, VIEW), refusal.clone(), Rule::Perm4);
        refused(store.revoke_group_permissions(actor, website, crew), refusal, Rule::Perm4);
    }
    refused(
        store.set_group_permissions(ada, website, crew, VIEW),
        Error::GroupNotOnApp { app: website, group: crew },
        Rule::Grp2,
    );
    store.grant_group_permissions(ada, website, crew, Permission::Deploy.into()).unwrap();
    assert_eq!(store.app_groups(ada, website).unwrap()[0].permissions, Permission::View | Permission::Deploy, "PERM-3");
    refused(
        store.grant_group_permissions(ada, website, crew, ALL),
        Error::GroupAlreadyOnApp { app: website, group: crew },
        Rule::Grp2,
    );
    let permissions = Permission::View | Permission::Deploy;
    let same = Error::GroupPermissionsUnchanged { app: website, group: crew, permissions };
    refused(store.grant_group_permissions(ada, website, crew, permissions), same.clone(), Rule::Grp2);
    refused(store.set_group_permissions(ada, website, crew, Permission::Deploy.into()), same, Rule::Grp2);
    // A holder of `manage` from outside grants to it too.
    store.set_permissions(ada, website, id(jill), Permission::Manage.into()).unwrap();
    store.set_group_permissions(jill, website, crew, ALL).unwrap();
    store.revoke_group_permissions(jill, website, crew).unwrap();
    let off = Error::GroupNotOnApp { app: website, group: crew };
    refused(store.revoke_group_permissions(ada, website, crew), off, Rule::Grp2);
    sound(&store);
}

#[test]
fn grp_02_a_group_holds_permissions_on_apps_of_its_team_alone() {
    let Demo { mut store, operator, ada, joe, sam, acme, website, wave, .. } = Demo::new().unwrap();
    let labs = store.provision_team(operator, NewTeam::enterprise(team_name("labs"), id(ada))).unwrap();
    let theirs = store.create_group(ada, labs, read("crew")).unwrap();
    let strange = Error::GroupOfAnotherTeam { app: website, group: theirs };
    refused(store.grant_group_permissions(ada, website, theirs, VIEW), strange.clone(), Rule::Grp2);
    refused(store.set_group_permissions(ada, website, theirs, VIEW), strange.clone(), Rule::Grp2);
    refused(store.revoke_group_permissions(ada, website, theirs), strange, Rule::Grp2);
    let own = store.create_app(joe, NewApp::personal()).unwrap();
    let crew = store.create_group(ada, acme, read("crew")).unwrap();
    refused(
        store.grant_group_permissions(joe, own, crew, VIEW),
        Error::PermissionsOnPersonalApp { app: own },
        Rule::Perm10,
    );
    refused(
        store.grant_group_permissions(sam, wave, crew, VIEW),
        Error::PermissionsOnStandardApp { app: wave },
        Rule::Std4,
    );
}

#[test]
fn grp_02_nobody_adds_to_the_grant_of_a_group_that_they_are_in() {
    let mut demo = Demo::new().unwrap();
    let crew = crew(&mut demo);
    let Demo { mut store, ada, joe, acme, website, .. } = demo;
    store.set_group_permissions(ada, website, crew, Permission::Manage.into()).unwrap();
    let page = store.create_app(ada, NewApp::in_team(acme)).unwrap();
    store.grant_permissions(ada, page, id(joe), Permission::Manage.into()).unwrap();
    let own = |app| Error::OwnGroupGrantCannotGrow { actor: Box::new(joe.who), app, group: crew };
    refused(store.set_group_permissions(joe, website, crew, ALL), own(website), Rule::Grp2);
    refused(store.grant_group_permissions(joe, page, crew, VIEW), own(page), Rule::Grp2);
    // Through the group he manages; to himself he gives nothing by that.
    refused(
        store.grant_permissions(joe, website, id(joe), VIEW),
        Error::OwnGrantCannotGrow { actor: joe.who, app: website },
        Rule::Perm5,
    );
    // An admin neither, who could leave the group first.
    store.add_group_member(ada, crew, id(ada)).unwrap();
    let own = Error::OwnGroupGrantCannotGrow { actor: Box::new(ada.who), app: page, group: crew };
    refused(store.grant_group_permissions(ada, page, crew, VIEW), own, Rule::Grp2);
    // Less is allowed, and so is to others.
    let other = store.create_group(ada, acme, read("other")).unwrap();
    store.grant_group_permissions(joe, website, other, ALL).unwrap();
    store.set_group_permissions(joe, website, crew, VIEW).unwrap();
    assert_eq!(held(&store, joe, website).0, Permission::View | Permission::Deploy, "his own grant stays");
}

#[test]
fn grp_02_who_holds_more_through_groups_than_by_their_own_grant_does_not_raise_it() {
    let mut demo = Demo::new().unwrap();
    let crew = crew(&mut demo);
    let Demo { mut store, ada, joe, website, .. } = demo;
    store.set_group_permissions(ada, website, crew, ALL).unwrap();
    assert_eq!(held(&store, joe, website), (ALL, AccessSource::RoleGrantAndGroups(Role::Member)));
    let own = Error::OwnGrantCannotGrow { actor: joe.who, app: website };
    refused(store.set_permissions(joe, website, id(joe), ALL), own, Rule::Perm5);
    store.set_permissions(joe, website, id(joe), VIEW).expect("less");
}

#[test]
fn grp_02_the_grants_of_a_deleted_group_end() {
    let mut demo = Demo::new().unwrap();
    let crew = crew(&mut demo);
    let Demo { mut store, ada, joe, vera, acme, website, .. } = demo;
    store.add_group_member(ada, crew, id(vera)).unwrap();
    let page = store.create_app(ada, NewApp::in_team(acme)).unwrap();
    store.grant_group_permissions(ada, page, crew, ALL).unwrap();
    let group = store.group(ada, crew).unwrap().clone();
    store.delete_group(ada, crew).unwrap();
    let mut grants = [(website, VIEW | Permission::Deploy | Permission::Operate), (page, ALL)];
    let mut members = [id(joe), id(vera)];
    grants.sort_unstable();
    members.sort_unstable();
    let Event::GroupDeleted { deleted } = &store.events().last().unwrap().event else { panic!("deleted") };
    let GroupDeletion { group: gone, members: people, grants: ended, .. } = &**deleted;
    assert_eq!((gone, &**people, &**ended), (&group, &members[..], &grants[..]));
    assert_eq!(held(&store, vera, website), (VIEW, AccessSource::Role(Role::Viewer)));
    assert_eq!(held(&store, joe, page), (VIEW, AccessSource::Role(Role::Member)));
    assert!(store.app_groups(ada, website).unwrap().is_empty());
    sound(&store);
}

#[test]
fn grp_03_what_is_held_is_the_union_of_role_grant_and_groups() {
    let mut demo = Demo::new().unwrap();
    let crew = crew(&mut demo);
    let Demo { mut store, ada, joe, vera, acme, website, .. } = demo;
    let work = PermissionSet::WORK;
    assert_eq!(held(&store, joe, website), (work, AccessSource::RoleGrantAndGroups(Role::Member)));
    assert_eq!(held(&store, vera, website), (VIEW, AccessSource::Role(Role::Viewer)));
    assert!(!store.can(vera, AppAction::RestartApp, website));
    // Being put in or out counts at once.
    store.add_group_member(ada, crew, id(vera)).unwrap();
    assert_eq!(held(&store, vera, website), (work, AccessSource::RoleAndGroups(Role::Viewer)));
    assert!(store.can(vera, AppAction::RestartApp, website));
    // Two groups add up; that a viewer manages makes no member.
    let leads = store.create_group(ada, acme, read("leads")).unwrap();
    store.add_group_member(ada, leads, id(vera)).unwrap();
    store.grant_group_permissions(ada, website, leads, Permission::Manage.into()).unwrap();
    assert_eq!(held(&store, vera, website).0, ALL);
    store.rename_app(vera, website, app_name("acme-site")).unwrap();
    assert_eq!(store.delete_app(vera, website, "acme-site").unwrap_err().code(), "only-managers-delete-apps");
    store.remove_group_member(ada, crew, id(vera)).unwrap();
    assert_eq!(held(&store, vera, website).0, VIEW | Permission::Manage);
    store.remove_group_member(ada, leads, id(vera)).unwrap();
    assert_eq!(held(&store, vera, website), (VIEW, AccessSource::Role(Role::Viewer)));
    // A member who manages through a group alone does what members with `manage` do.
    store.remove_collaborator(joe, website, id(joe)).unwrap();
    store.add_group_member(ada, leads, id(joe)).unwrap();
    store.delete_app(joe, website, "acme-site").unwrap();
    sound(&store);
}

#[test]
fn grp_03_explanations_lists_and_reports_name_the_groups() {
    let mut demo = Demo::new().unwrap();
    let crew = crew(&mut demo);
    let Demo { mut store, ada, joe, vera, acme, website, .. } = demo;
    store.add_group_member(ada, crew, id(vera)).unwrap();
    let why = store.explain(vera, AppAction::PushCode, website).unwrap();
    assert_eq!((why.rule(), why.groups().len()), (Rule::Grp3, 1));
    assert_eq!(
        why.to_string(),
        "`vera@acme.com` may push-code on app `acme-website`: holds view, deploy, operate as viewer of the team, with \
         permissions of groups on the app: `crew` (view, deploy, operate) (GRP-3)"
    );
    assert_eq!(serde_json::to_value(&why).unwrap()["groups"][0][0]["name"], "crew");
    let plain = store.explain(ada, AppAction::PushCode, website).unwrap();
    assert!(serde_json::to_value(&plain).unwrap().get("groups").is_none(), "nothing of it shows");
    let entry = store.access_entry(ada, acme, id(vera)).unwrap();
    assert_eq!(entry.groups[0].name(), "crew");
    let access = store.app_access_of(ada, website, id(vera)).unwrap();
    assert_eq!((access.groups[0].group.name().as_str(), access.granted), ("crew", None));
    let csv = store.permission_matrix(ada, acme).unwrap().csv();
    assert_eq!(csv.lines().next(), Some("e-mail,role,sign-in,groups,acme-website"));
    assert_eq!(csv.lines().last(), Some("vera@acme.com,viewer,MFA off,crew,view deploy operate"));
    let review = store.access_review(ada, acme).unwrap().html();
    assert!(review.contains("<th scope=\"col\">Groups</th>"));
    assert!(review.contains("by group <bdi>crew</bdi> (view, deploy, operate)</span>"));
    // Who could help is also who manages through a group.
    store.set_group_permissions(ada, website, crew, Permission::Manage.into()).unwrap();
    store.remove_group_member(ada, crew, id(vera)).unwrap();
    let why = store.explain(vera, AppAction::RenameApp, website).unwrap();
    assert_eq!(why.grantors().map(User::id).collect::<Vec<_>>(), [id(ada), id(joe)]);
    let able = store.who_can(ada, AppAction::RenameApp, website, &page()).unwrap();
    assert_eq!(able.items.iter().map(|one| one.user.id()).collect::<Vec<_>>(), [id(ada), id(joe)]);
}

/// A holder of `manage` from outside sees who is on the app itself, and not who is in a group (CAP-2).
#[test]
fn grp_03_a_manager_from_outside_is_not_told_who_is_in_a_group() {
    let mut demo = Demo::new().unwrap();
    let crew = crew(&mut demo);
    let Demo { mut store, ada, vera, jill, website, .. } = demo;
    store.add_group_member(ada, crew, id(vera)).unwrap();
    store.set_permissions(ada, website, id(jill), ALL).unwrap();
    let seen = store.app_access(jill, website, &page()).unwrap();
    let seen: Vec<&str> = seen.items.iter().map(|access| access.user.email().as_str()).collect();
    assert_eq!(seen, ["ada@acme.com", "jill@creativeinc.com", "joe@acme.com"]);
    // Nor whom to ask.
    store.set_group_permissions(ada, website, crew, Permission::Manage.into()).unwrap();
    let why = store.explain(jill, AppAction::DeleteApp, website).unwrap();
    assert_eq!(why.grantors().map(User::id).collect::<Vec<_>>(), [id(ada)]);
    let hidden = Error::NotOnApp { app: website, user: id(vera) };
    refused(store.app_access_of(jill, website, id(vera)), hidden, Rule::Perm7);
}

#[test]
fn grp_04_the_grants_of_groups_do_not_travel() {
    let mut demo = Demo::new().unwrap();
    let crew = crew(&mut demo);
    let Demo { mut store, operator, ada, joe, acme, website, .. } = demo;
    let labs = store.provision_team(operator, NewTeam::enterprise(team_name("labs"), id(ada))).unwrap();
    store.add_member(ada, labs, id(joe), TeamRole::Member).unwrap();
    store.transfer_app(ada, website, labs).unwrap();
    let Event::AppTransferred { moved } = &store.events().last().unwrap().event else { panic!("moved") };
    assert_eq!(*moved.group_grants_ended, [(crew, PermissionSet::WORK)]);
    assert_eq!(held(&store, joe, website).0, VIEW | Permission::Deploy, "his own grant travels");
    assert!(store.app_groups(ada, website).unwrap().is_empty());
    assert!(store.group_apps(ada, crew, &page()).unwrap().items.is_empty());
    // And do not come back.
    store.transfer_app(ada, website, acme).unwrap();
    assert!(store.app_groups(ada, website).unwrap().is_empty());
    store.grant_group_permissions(ada, website, crew, ALL).unwrap();
    store.transfer_app(ada, website, Owner::User(id(joe))).unwrap();
    assert!(store.group_apps(ada, crew, &page()).unwrap().items.is_empty());
    sound(&store);
}

#[test]
fn grp_04_a_space_and_a_pipeline_leave_the_grants_of_groups_behind() {
    let mut demo = Demo::new().unwrap();
    let (_, east) = in_account(&mut demo);
    let Demo { mut store, ada, .. } = demo;
    let account = store.team(ada, east).unwrap().account().unwrap();
    let west = store.create_team_in(ada, account, team_name("west")).unwrap();
    let crew = store.create_group(ada, east, read("crew")).unwrap();
    let space = store.create_space(ada, NewSpace::new(east, read("sea"))).unwrap();
    let boat = store.create_app(ada, NewApp::in_space(space)).unwrap();
    let raft = store.create_app(ada, NewApp::in_team(east)).unwrap();
    let flow = store.create_pipeline(ada, east, read("flow")).unwrap();
    store.couple_app(ada, flow, raft, enterprise_teams::Stage::Staging).unwrap();
    for app in [boat, raft] {
        store.grant_group_permissions(ada, app, crew, ALL).unwrap();
    }
    store.transfer_space(ada, space, west).unwrap();
    let Event::SpaceTransferred { moved } = &store.events().last().unwrap().event else { panic!("moved") };
    assert_eq!(*moved.apps[0].group_grants_ended, [(crew, ALL)]);
    store.transfer_pipeline(ada, flow, west).unwrap();
    let Event::PipelineTransferred { moved } = &store.events().last().unwrap().event else { panic!("moved") };
    assert_eq!(*moved.apps[0].group_grants_ended, [(crew, ALL)]);
    assert!(store.group_apps(ada, crew, &page()).unwrap().items.is_empty());
    sound(&store);
}

#[test]
fn grp_04_grants_to_groups_sleep_for_admins() {
    let mut demo = Demo::new().unwrap();
    crew(&mut demo);
    let Demo { mut store, ada, joe, acme, website, .. } = demo;
    store.set_member_role(ada, acme, id(joe), TeamRole::Admin).unwrap();
    assert_eq!(held(&store, joe, website), (ALL, AccessSource::Role(Role::Admin)));
    let why = store.explain(joe, AppAction::PushCode, website).unwrap();
    assert_eq!((why.rule(), why.groups().len()), (Rule::Perm1, 1));
    assert!(why.to_string().contains("while this of groups sleeps: `crew` (view, deploy, operate)"), "{why}");
    assert!(store.access_review(ada, acme).unwrap().html().contains("(view, deploy, operate), which sleeps</span>"));
    store.set_member_role(ada, acme, id(joe), TeamRole::Member).unwrap();
    assert_eq!(held(&store, joe, website), (PermissionSet::WORK, AccessSource::RoleGrantAndGroups(Role::Member)));
}

#[test]
fn grp_02_a_deleted_app_is_on_no_group() {
    let mut demo = Demo::new().unwrap();
    let crew = crew(&mut demo);
    let Demo { mut store, ada, website, .. } = demo;
    store.delete_app(ada, website, "acme-website").unwrap();
    let Event::AppDeleted { deleted } = &store.events().last().unwrap().event else { panic!("deleted") };
    assert_eq!(*deleted.group_grants, [(crew, PermissionSet::WORK)]);
    assert_eq!(store.groups(ada, store.group(ada, crew).unwrap().team(), &page()).unwrap().items[0].apps, 0);
    sound(&store);
}

#[test]
fn x_03_a_group_says_since_when() {
    let mut demo = Demo::new().unwrap();
    let crew = crew(&mut demo);
    let Demo { mut store, operator, ada, joe, vera, acme, website, .. } = demo;
    store.add_group_member(ada.at(days(2)), crew, id(vera)).unwrap();
    store.set_group_permissions(ada.at(days(3)), website, crew, VIEW).unwrap();
    let since: Vec<_> = store.group_members(ada, crew, &page()).unwrap().items.iter().map(|one| one.since).collect();
    assert_eq!(since, [ada.at, days(2)]);
    let times = store.app_groups(ada, website).unwrap()[0].times;
    assert_eq!((times.since, times.changed_at), (ada.at, days(3)));
    let was = store.as_of(days(2) + TimeDelta::hours(1)).unwrap();
    assert_eq!(held(&was, vera, website).0, PermissionSet::WORK);
    // In the log of a person stands what groups they came into and left, and in that of an app what groups hold on it.
    let told = |scope| {
        let log = store.audit_log(operator, &AuditFilter::new(scope), &page()).unwrap();
        log.items.iter().filter(|entry| entry.event.code().starts_with("group-")).count()
    };
    assert_eq!(told(AuditScope::User(id(joe))), 1);
    assert_eq!(told(AuditScope::App(website)), 2);
    assert_eq!(told(AuditScope::Team(acme)), 5);
}
