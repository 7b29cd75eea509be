//! MEM: members and roles.

use enterprise_teams::demo::Demo;
use enterprise_teams::uuid::Uuid;
use enterprise_teams::{
    Actor, AppAction, Capability, Error, NewApp, NewTeam, Operation, PageRequest, Permission, PermissionSet, Role,
    TeamId, TeamRole, TeamStore, UserId,
    entity::{Mfa, SignIn, SignInStatus},
    names::{ParseProblem, ParseTarget},
    query::{PeopleFilter, TeamFilter},
};

use crate::support::{app_name, email, id, malformed, noon, refused, register, sound, team_name, with_sso};

const NOBODY: UserId = UserId::from_uuid(Uuid::from_u128(404));

fn not_in(team: TeamId, user: UserId) -> (Error, String) {
    (Error::NotInTeam { team, user }, format!("user `{user}` is not in team `{team}`"))
}

/// The e-mails on the Access list that the filter admits, gathered page by page.
#[track_caller]
fn listed(store: &TeamStore, actor: Actor, team: TeamId, filter: &PeopleFilter, size: usize) -> Vec<String> {
    let mut found = Vec::new();
    let mut request = PageRequest::first(size).unwrap();
    loop {
        let page = store.access_list(actor, team, filter, &request).unwrap();
        assert!(page.items.len() <= size);
        found.extend(page.items.iter().map(|entry| entry.user.email().to_string()));
        let Some(next) = page.next else { return found };
        assert_eq!(page.items.len(), size);
        request = PageRequest::first(size).unwrap().after(next.to_string().parse().unwrap());
    }
}

#[test]
fn mem_01_only_admins_add_remove_and_change_members() {
    let Demo { mut store, operator, ada, joe, vera, jill, sam, max, acme, inc, .. } = Demo::new().unwrap();
    let of_acme = [joe, vera, jill, sam, max, operator].map(|actor| (actor, acme, ada));
    let of_inc = [ada, joe, jill, max, operator].map(|actor| (actor, inc, sam));
    for (actor, team, admin) in of_acme.into_iter().chain(of_inc) {
        let message = format!("only admins can manage the members of team `{team}`; {} is not an admin", actor.who);
        let error = Error::OnlyAdminsManageMembers { actor: actor.who, team };
        let own = actor.who.user().unwrap_or(id(max));
        for user in [own, id(admin), id(jill), id(vera)] {
            for role in [TeamRole::Admin, TeamRole::Viewer] {
                refused(&mut store, |s| s.add_member(actor, team, user, role), &error, &message);
                refused(&mut store, |s| s.set_member_role(actor, team, user, role), &error, &message);
            }
            refused(&mut store, |s| s.add_default_member(actor, team, user), &error, &message);
            if actor.who.user() != Some(user) {
                refused(&mut store, |s| s.remove_member(actor, team, user), &error, &message);
            }
        }
        let error = Error::UserNotFound { user: NOBODY };
        refused(
            &mut store,
            |s| s.add_member(actor, team, NOBODY, TeamRole::Member),
            &error,
            &format!("user `{NOBODY}` does not exist"),
        );
        let nowhere = TeamId::from_uuid(Uuid::from_u128(404));
        let error = Error::TeamNotFound { team: nowhere };
        refused(
            &mut store,
            |s| s.remove_member(actor, nowhere, NOBODY),
            &error,
            &format!("team `{nowhere}` does not exist"),
        );
    }
    store.add_member(ada, acme, id(sam), TeamRole::Admin).unwrap();
    store.set_member_role(sam, acme, id(ada), TeamRole::Viewer).unwrap();
    let message = format!("only admins can manage the members of team `{acme}`; {} is not an admin", ada.who);
    let error = Error::OnlyAdminsManageMembers { actor: ada.who, team: acme };
    refused(&mut store, |s| s.set_member_role(ada, acme, id(ada), TeamRole::Admin), &error, &message);
    store.remove_member(sam, acme, id(ada)).unwrap();
    sound(&store);
}

#[test]
fn mem_02_who_is_in_the_team_is_not_added_again() {
    let Demo { mut store, ada, joe, vera, acme, .. } = Demo::new().unwrap();
    for (user, role) in [(ada, TeamRole::Admin), (joe, TeamRole::Member), (vera, TeamRole::Viewer)] {
        let user = id(user);
        let message = format!("user `{user}` is already in team `{acme}`, as {role}");
        let error = Error::AlreadyInTeam { team: acme, user, role };
        for new in [TeamRole::Admin, TeamRole::Member, TeamRole::Viewer].into_iter().filter(|new| *new != role) {
            refused(&mut store, |s| s.add_member(ada, acme, user, new), &error, &message);
            store.set_default_role(ada, acme, new).unwrap_or_default();
            refused(&mut store, |s| s.add_default_member(ada, acme, user), &error, &message);
        }
        let message = format!("user `{user}` is already {role} of team `{acme}`");
        let error = Error::RoleUnchanged { team: acme, user, role };
        store.set_default_role(ada, acme, role).unwrap();
        refused(&mut store, |s| s.add_member(ada, acme, user, role), &error, &message);
        refused(&mut store, |s| s.add_default_member(ada, acme, user), &error, &message);
        refused(&mut store, |s| s.set_member_role(ada, acme, user, role), &error, &message);
    }
    store.set_member_role(ada, acme, id(joe), TeamRole::Viewer).unwrap();
    assert_eq!(store.role(ada, acme, id(joe)), Ok(Some(Role::Viewer)));
    store.remove_member(ada, acme, id(joe)).unwrap();
    store.add_member(ada, acme, id(joe), TeamRole::Admin).unwrap();
    sound(&store);
}

#[test]
fn mem_03_collaborator_is_no_team_role() {
    for text in ["collaborator", "Admin", "owner", "", "member "] {
        let error = Error::from(text.parse::<TeamRole>().unwrap_err());
        let problem = ParseProblem::Word { at: 0, expected: "`admin`, `member`, `viewer`" };
        assert_eq!(error, malformed(ParseTarget::TeamRole, problem));
        let message = "malformed team role: unknown word at byte 0, expected one of `admin`, `member`, `viewer`";
        assert_eq!(error.to_string(), message);
    }
    let Demo { mut store, ada, jill, acme, .. } = Demo::new().unwrap();
    let json = |role: &str| {
        let (team, user) = (acme, id(jill));
        format!(r#"{{"type":"add-member","team":"{team}","user":"{user}","role":"{role}"}}"#)
    };
    assert!(serde_json::from_str::<Operation>(&json("collaborator")).is_err());
    let as_member: Operation = serde_json::from_str(&json("member")).unwrap();

    let (error, message) = not_in(acme, id(jill));
    for role in ["admin", "member", "viewer"] {
        let role = role.parse().unwrap();
        refused(&mut store, |s| s.set_member_role(ada, acme, id(jill), role), &error, &message);
    }
    for actor in [ada, jill] {
        refused(&mut store, |s| s.remove_member(actor, acme, id(jill)), &error, &message);
    }
    assert_eq!(store.role(ada, acme, id(jill)), Ok(Some(Role::Collaborator)));
    store.perform(ada, &as_member).unwrap();
    assert_eq!(store.role(ada, acme, id(jill)), Ok(Some(Role::Member)));
    store.set_member_role(ada, acme, id(jill), TeamRole::Viewer).unwrap();
    sound(&store);
}

#[test]
fn mem_04_standard_teams_have_no_viewers() {
    let Demo { mut store, ada, vera, jill, sam, max, acme, inc, .. } = Demo::new().unwrap();
    let message = format!("team `{inc}` is a Standard team, which has no viewers");
    let error = Error::ViewerInStandardTeam { team: inc };
    for user in [id(vera), id(jill), id(max), id(sam)] {
        refused(&mut store, |s| s.add_member(sam, inc, user, TeamRole::Viewer), &error, &message);
        refused(&mut store, |s| s.set_member_role(sam, inc, user, TeamRole::Viewer), &error, &message);
    }
    for invited in ["new@acme.com", "max@acme-inc.com"] {
        refused(&mut store, |s| s.invite_member(sam, inc, email(invited), TeamRole::Viewer), &error, &message);
    }
    refused(&mut store, |s| s.set_default_role(sam, inc, TeamRole::Viewer), &error, &message);

    store.add_member(sam, inc, id(vera), TeamRole::Member).unwrap();
    store.set_member_role(sam, inc, id(vera), TeamRole::Admin).unwrap();
    store.invite_member(sam, inc, email("new@acme.com"), TeamRole::Member).unwrap();
    store.add_member(ada, acme, id(sam), TeamRole::Viewer).unwrap();
    store.invite_member(ada, acme, email("new@acme.com"), TeamRole::Viewer).unwrap();
    assert_eq!(store.role(sam, acme, id(sam)), Ok(Some(Role::Viewer)));
    sound(&store);
}

#[test]
fn mem_05_admins_members_and_viewers_leave_save_the_last_admin() {
    let Demo { mut store, ada, joe, vera, jill, sam, max, acme, inc, .. } = Demo::new().unwrap();
    for user in [joe, vera] {
        store.remove_member(user, acme, id(user)).unwrap();
        assert_eq!(store.role(ada, acme, id(user)), Ok(None));
        let (error, message) = not_in(acme, id(user));
        refused(&mut store, |s| s.remove_member(user, acme, id(user)), &error, &message);
    }
    for outsider in [jill, sam] {
        let (error, message) = not_in(acme, id(outsider));
        refused(&mut store, |s| s.remove_member(outsider, acme, id(outsider)), &error, &message);
    }
    assert_eq!(store.remove_member(ada, acme, id(ada)).unwrap_err().code(), "last-admin-cannot-leave");
    store.add_member(ada, acme, id(joe), TeamRole::Admin).unwrap();
    store.remove_member(ada, acme, id(ada)).unwrap();
    store.remove_member(max, inc, id(max)).unwrap();
    assert_eq!(listed(&store, joe, acme, &PeopleFilter::default(), 9), ["jill@creativeinc.com", "joe@acme.com"]);
    sound(&store);
}

#[test]
fn mem_06_removal_ends_role_and_permissions_at_once_and_leaves_the_apps() {
    let Demo { mut store, ada, joe, sam, acme, website, wave, .. } = Demo::new().unwrap();
    let own = store.create_app(joe, NewApp::in_team(acme).named(app_name("walnut"))).unwrap();
    let personal = store.create_app(joe, NewApp::personal().named(app_name("almond"))).unwrap();
    let adas = store.create_app(ada, NewApp::personal().named(app_name("hazel"))).unwrap();
    store.add_collaborator(ada, adas, id(joe)).unwrap();
    store.add_collaborator(sam, wave, id(joe)).unwrap();
    assert_eq!(store.permissions(joe, own).unwrap().permissions, PermissionSet::ALL);

    store.remove_member(ada, acme, id(joe)).unwrap();
    assert_eq!(store.role(ada, acme, id(joe)), Ok(None));
    assert!(!store.can(joe, Capability::ViewApps, acme));
    for app in [own, website] {
        assert!(!store.can(joe, AppAction::ViewApp, app));
        assert_eq!(store.app(ada, app).unwrap().owner(), acme.into());
    }
    for app in [personal, adas, wave] {
        assert!(store.can(joe, AppAction::PushCode, app));
    }
    assert!(!listed(&store, ada, acme, &PeopleFilter::default(), 9).contains(&"joe@acme.com".to_owned()));

    store.add_member(ada, acme, id(joe), TeamRole::Member).unwrap();
    for app in [own, website] {
        assert_eq!(store.permissions(joe, app).unwrap().permissions, PermissionSet::VIEW);
    }
    sound(&store);
}

#[test]
fn mem_07_a_collaborator_who_is_added_keeps_permissions_and_loses_them_on_leaving() {
    let Demo { mut store, ada, jill, acme, website, .. } = Demo::new().unwrap();
    let deploy = PermissionSet::VIEW | Permission::Deploy;
    store.set_permissions(ada, website, id(jill), deploy).unwrap();
    store.add_member(ada, acme, id(jill), TeamRole::Viewer).unwrap();
    assert_eq!(store.permissions(jill, website).unwrap().permissions, deploy);
    assert_eq!(store.role(jill, acme, id(jill)), Ok(Some(Role::Viewer)));
    let other = store.create_app(ada, NewApp::in_team(acme).named(app_name("walnut"))).unwrap();
    assert_eq!(store.permissions(jill, other).unwrap().permissions, PermissionSet::VIEW);

    store.remove_member(jill, acme, id(jill)).unwrap();
    assert_eq!(store.role(jill, acme, id(jill)), Ok(None));
    assert!(!store.can(jill, AppAction::ViewApp, website));
    store.grant_permissions(ada, website, id(jill), deploy).unwrap();
    let invitation = store.invite_member(ada, acme, email("jill@creativeinc.com"), TeamRole::Member).unwrap();
    store.accept_invitation(jill, invitation).unwrap();
    assert_eq!(store.permissions(jill, website).unwrap().permissions, deploy);
    sound(&store);
}

#[test]
fn mem_08_the_access_list_shows_everybody_and_marks_collaborators() {
    let Demo { mut store, operator, ada, joe, vera, jill, sam, max, acme, inc, website, .. } = Demo::new().unwrap();
    let walnut = store.create_app(ada, NewApp::in_team(acme).named(app_name("aa-walnut"))).unwrap();
    store.grant_permissions(ada, walnut, id(jill), PermissionSet::ALL).unwrap();
    let hers = store.create_app(max, NewApp::personal().named(app_name("hers"))).unwrap();
    store.add_collaborator(max, hers, id(jill)).unwrap();
    store.set_mfa(joe, id(joe), Mfa::Enrolled).unwrap();
    store.add_member(sam, inc, id(jill), TeamRole::Member).unwrap();
    with_sso(&mut store, sam, inc);
    store.set_sign_in(jill, id(jill), SignIn::Sso).unwrap();
    for actor in [ada, joe, vera, operator] {
        let page = store.access_list(actor, acme, &PeopleFilter::default(), &PageRequest::default()).unwrap();
        let seen = page.items.iter().map(|entry| {
            let apps: Vec<_> = entry.apps.iter().map(|app| app.id()).collect();
            (entry.user.id(), entry.role, entry.status, apps)
        });
        assert_eq!(
            seen.collect::<Vec<_>>(),
            [
                (id(ada), Role::Admin, SignInStatus::MfaOff, vec![]),
                (id(jill), Role::Collaborator, SignInStatus::Sso, vec![walnut, website]),
                (id(joe), Role::Member, SignInStatus::MfaOn, vec![]),
                (id(vera), Role::Viewer, SignInStatus::MfaOff, vec![]),
            ]
        );
        assert_eq!(page.next, None);
    }
    store.remove_collaborator(jill, website, id(jill)).unwrap();
    store.remove_collaborator(jill, walnut, id(jill)).unwrap();
    let left = listed(&store, vera, acme, &PeopleFilter::default(), 9);
    assert_eq!(left, ["ada@acme.com", "joe@acme.com", "vera@acme.com"]);
    sound(&store);
}

#[test]
fn mem_08_the_access_list_is_not_for_collaborators_and_outsiders() {
    let Demo { mut store, ada, joe, jill, sam, max, acme, inc, wave, .. } = Demo::new().unwrap();
    store.add_collaborator(sam, wave, id(jill)).unwrap();
    for (actor, team) in [(jill, acme), (sam, acme), (max, acme), (jill, inc), (ada, inc)] {
        let who = actor.who;
        let message = format!(
            "only admins, members, viewers, and holders of a role with `view-users`, can see the access list of team `{team}`; {who} is none of these"
        );
        let error = Error::OnlyTeamSeesAccessList { actor: who, team };
        let list =
            |s: &mut TeamStore| s.access_list(actor, team, &PeopleFilter::default(), &PageRequest::default()).map(drop);
        refused(&mut store, list, &error, &message);
        refused(&mut store, |s| s.role(actor, team, id(joe)), &error, &message);
    }
    assert_eq!(store.role(jill, inc, id(jill)), Ok(Some(Role::Collaborator)));
    assert_eq!(store.role(sam, acme, id(sam)), Ok(None));
    let members = listed(&store, max, inc, &PeopleFilter::default(), 9);
    assert_eq!(members, ["jill@creativeinc.com", "max@acme-inc.com", "sam@acme-inc.com"]);
    sound(&store);
}

#[test]
fn mem_08_a_new_email_moves_the_entry() {
    let Demo { mut store, operator, ada, joe, jill, acme, .. } = Demo::new().unwrap();
    store.set_email(operator, id(joe), email("zoe@acme.com")).unwrap();
    store.set_email(operator, id(jill), email("a@creativeinc.com")).unwrap();
    let seen = listed(&store, ada, acme, &PeopleFilter::default(), 9);
    assert_eq!(seen, ["a@creativeinc.com", "ada@acme.com", "vera@acme.com", "zoe@acme.com"]);
    sound(&store);
}

#[test]
fn mem_09_listings_filter_by_role_and_part_of_an_email_and_page() {
    let Demo { mut store, ada, acme, website, .. } = Demo::new().unwrap();
    for (name, role) in [("kim@acme.com", TeamRole::Admin), ("lee@gears.com", TeamRole::Member)] {
        let user = register(&mut store, name);
        store.add_member(ada, acme, id(user), role).unwrap();
    }
    let guest = register(&mut store, "guest@gears.com");
    store.grant_permissions(ada, website, id(guest), PermissionSet::VIEW).unwrap();
    let by_role = |role| PeopleFilter::default().role(role);
    let by_part = |part| PeopleFilter::default().containing(part);
    let everybody = [
        "ada@acme.com",
        "guest@gears.com",
        "jill@creativeinc.com",
        "joe@acme.com",
        "kim@acme.com",
        "lee@gears.com",
        "vera@acme.com",
    ];
    for (filter, expected) in [
        (PeopleFilter::default(), &everybody[..]),
        (by_part(""), &everybody),
        (by_role(Role::Admin), &["ada@acme.com", "kim@acme.com"]),
        (by_role(Role::Member), &["joe@acme.com", "lee@gears.com"]),
        (by_role(Role::Viewer), &["vera@acme.com"]),
        (by_role(Role::Collaborator), &["guest@gears.com", "jill@creativeinc.com"]),
        (by_part("gears"), &["guest@gears.com", "lee@gears.com"]),
        (by_part("GEARS.com"), &["guest@gears.com", "lee@gears.com"]),
        (by_part("e@"), &["joe@acme.com", "lee@gears.com"]),
        (by_part("gears").role(Role::Member), &["lee@gears.com"]),
        (by_part("gears").role(Role::Admin), &[]),
        (by_part("*"), &[]),
    ] {
        for size in [1, 2, 3, 7, 8, 1000] {
            assert_eq!(listed(&store, ada, acme, &filter, size), expected, "{filter:?} by {size}");
        }
    }
    sound(&store);
}

#[test]
fn mem_09_a_cursor_holds_while_people_come_and_go() {
    let Demo { mut store, ada, joe, acme, .. } = Demo::new().unwrap();
    let (all, two) = (PeopleFilter::default(), PageRequest::first(3).unwrap());
    let page = store.access_list(ada, acme, &all, &two).unwrap();
    assert_eq!(page.items.last().unwrap().user.id(), id(joe));
    let next = two.after(page.next.unwrap());
    store.remove_member(ada, acme, id(joe)).unwrap();
    let kim = register(&mut store, "kim@acme.com");
    store.add_member(ada, acme, id(kim), TeamRole::Member).unwrap();
    let rest = store.access_list(ada, acme, &all, &next).unwrap();
    let rest: Vec<_> = rest.items.iter().map(|entry| entry.user.email().as_str()).collect();
    assert_eq!(rest, ["kim@acme.com", "vera@acme.com"]);
    sound(&store);
}

#[test]
fn mem_09_memberships_page_by_name_of_the_team() {
    let Demo { mut store, operator, ada, jill, acme, .. } = Demo::new().unwrap();
    for name in ["zebra", "ant"] {
        store.provision_team(operator, NewTeam::standard(team_name(name), id(ada))).unwrap();
    }
    let first = store.memberships(ada, &TeamFilter::default(), &PageRequest::first(2).unwrap()).unwrap();
    let names = |page: &enterprise_teams::Page<enterprise_teams::query::Membership<'_>>| -> Vec<String> {
        page.items.iter().map(|membership| format!("{} {}", membership.team.name(), membership.role)).collect()
    };
    assert_eq!(names(&first), ["acme-widgets admin", "ant admin"]);
    let rest = store
        .memberships(ada, &TeamFilter::default(), &PageRequest::first(2).unwrap().after(first.next.clone().unwrap()))
        .unwrap();
    assert_eq!((names(&rest), rest.next), (vec!["zebra admin".to_owned()], None));
    assert!(store.memberships(jill, &TeamFilter::default(), &PageRequest::default()).unwrap().items.is_empty());
    assert!(store.memberships(operator, &TeamFilter::default(), &PageRequest::default()).unwrap().items.is_empty());
    let ghost = Actor::user(NOBODY, noon());
    assert_eq!(
        store.memberships(ghost, &TeamFilter::default(), &PageRequest::default()).unwrap_err(),
        Error::ActorNotFound { actor: NOBODY }
    );
    assert_eq!(store.role(ada, acme, NOBODY), Err(Error::UserNotFound { user: NOBODY }));
    sound(&store);
}
