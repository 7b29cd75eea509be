//! END: memberships, grants and permissions that end.

use std::collections::BTreeSet;

use enterprise_teams::chrono::{DateTime, TimeDelta, Utc};
use enterprise_teams::demo::Demo;
use enterprise_teams::{
    AccessSource, Actor, ActorKind, AppAction, AppId, Capability, Error, ErrorKind, Event, EventContext, GroupId,
    NamedId, NewApp, NewSpace, NewTeam, Operation, PageRequest, Permission, PermissionSet, ReplayError, Role, Rule,
    SpaceId, TeamId, TeamRole, TeamStore,
    entity::{Ending, Held, Limits, Mfa, Month, OAuthAccess, SignIn, SignInRequirement},
    event::EndedThing,
    query::{AppAccess, AppFilter, AuditFilter, AuditScope, PeopleFilter, TeamFilter},
};

use crate::support::{
    app_name, days, email, holds, id, noon, read, refused, register, sound, team_name, through_client, with_sso,
};

const MOMENT: TimeDelta = TimeDelta::microseconds(1);

fn all() -> PageRequest {
    PageRequest::default()
}

/// The last instant before this time.
fn just_before(time: DateTime<Utc>) -> DateTime<Utc> {
    time - MOMENT
}

/// The sample with one of each that can end: joe's membership, jill's place on the website, what a group with vera holds there, and joe's
/// permission to create apps in a space.
struct Held4 {
    demo: Demo,
    crew: GroupId,
    space: SpaceId,
    held: [Held; 4],
}

fn one_of_each() -> Held4 {
    let mut demo = Demo::new().unwrap();
    let Demo { store, ada, joe, vera, jill, acme, website, .. } = &mut demo;
    let (ada, acme, website) = (*ada, *acme, *website);
    let crew = store.create_group(ada, acme, read("crew")).unwrap();
    store.add_group_member(ada, crew, id(*vera)).unwrap();
    store.grant_group_permissions(ada, website, crew, Permission::Operate.into()).unwrap();
    let space = store.create_space(ada, NewSpace::new(acme, read("acme-space"))).unwrap();
    store.allow_app_creation(ada, space, id(*joe)).unwrap();
    let held = [
        Held::Membership { team: acme, user: id(*joe) },
        Held::Grant { app: website, user: id(*jill) },
        Held::GroupGrant { app: website, group: crew },
        Held::AppCreation { space, user: id(*joe) },
    ];
    Held4 { demo, crew, space, held }
}

fn set_end(store: &mut TeamStore, by: Actor, held: Held, to: Option<DateTime<Utc>>) -> Result<(), Error> {
    match held {
        Held::Membership { team, user } => store.set_member_end(by, team, user, to),
        Held::Grant { app, user } => store.set_grant_end(by, app, user, to),
        Held::GroupGrant { app, group } => store.set_group_grant_end(by, app, group, to),
        Held::AppCreation { space, user } => store.set_app_creation_end(by, space, user, to),
    }
}

#[test]
fn end_01_a_membership_counts_until_its_end_and_not_from_then_on() {
    let Held4 { demo: Demo { mut store, ada, joe, acme, website, .. }, crew, .. } = one_of_each();
    store.add_group_member(ada, crew, id(joe)).unwrap();
    let end = days(7);
    store.set_member_end(ada, acme, id(joe), Some(end)).unwrap();
    sound(&store);
    let before = joe.at(just_before(end));
    assert!(store.can(before, Capability::CreateApps, acme) && store.can(before, AppAction::PushCode, website));
    assert_eq!(store.permissions(before, website).unwrap().through, AccessSource::RoleGrantAndGroups(Role::Member));
    let entry = store.access_entry(ada, acme, id(joe)).unwrap();
    assert_eq!((entry.role, entry.ends_at), (Role::Member, Some(end)));
    assert_eq!(store.memberships(joe, &TeamFilter::default(), &all()).unwrap().items[0].ends_at, Some(end));

    let (joe, ada) = (joe.at(end), ada.at(end));
    assert!(!store.can(joe, Capability::CreateApps, acme) && !store.can(joe, AppAction::ViewApp, website));
    assert!(!store.for_actor(joe).unwrap().can(AppAction::ViewApp, website));
    assert_eq!(store.check(joe, Capability::ViewTeam, acme).unwrap_err().code(), "outsider-lacks-capability");
    assert_eq!(store.app(joe, website).unwrap_err().code(), "action-needs-permission");
    assert_eq!(store.memberships(joe, &TeamFilter::default(), &all()).unwrap().items, []);
    assert_eq!(store.role(ada, acme, id(joe)), Ok(None));
    let people = store.access_list(ada, acme, &PeopleFilter::default(), &all()).unwrap();
    assert!(people.items.iter().all(|entry| entry.user.id() != id(joe)));
    let people = store.app_access(ada, website, &all()).unwrap();
    assert!(people.items.iter().all(|access| access.user.id() != id(joe)));
    assert_eq!(store.group_members(ada, crew, &all()).unwrap().items.len(), 1);
    assert_eq!(store.visible_apps(joe, &AppFilter::default(), &all()).unwrap().items, []);
    assert_eq!(store.explain(joe, AppAction::ViewApp, website).unwrap().role(), None);
    assert_eq!(store.user(ada, id(joe)).unwrap_err().code(), "user-hidden");
    // What somebody who is not in the team may be given.
    assert_eq!(
        store.what_if(ada, &Operation::SetMemberRole { team: acme, user: id(joe), role: TeamRole::Viewer }),
        Err(Error::NotInTeam { team: acme, user: id(joe) })
    );
    store.add_member(ada, acme, id(joe), TeamRole::Viewer).unwrap();
    assert_eq!(store.access_entry(ada, acme, id(joe)).unwrap().ends_at, None);
    assert_eq!(holds(&store, joe, website), PermissionSet::VIEW);
    sound(&store);
}

fn access(store: &TeamStore, by: Actor, app: AppId, of: Actor) -> Result<AppAccess<'_>, Error> {
    store.app_access_of(by, app, id(of))
}

#[test]
fn end_01_a_place_on_an_app_a_grant_to_a_group_and_app_creation_count_until_their_ends() {
    let Held4 { demo: Demo { mut store, ada, joe, vera, jill, acme, website, .. }, crew, space, held } = one_of_each();
    for (held, end) in held.into_iter().zip([9, 3, 4, 5].map(days)) {
        set_end(&mut store, ada, held, Some(end)).unwrap();
    }
    assert_eq!(access(&store, ada.at(days(2)), website, jill).unwrap().ends_at, Some(days(3)));
    assert_eq!(store.access_entry(ada, acme, id(jill)).unwrap().ends_at, Some(days(3)));
    assert!(store.can(jill.at(just_before(days(3))), AppAction::ViewApp, website));
    assert!(!store.can(jill.at(days(3)), AppAction::ViewApp, website));
    assert_eq!(access(&store, ada.at(days(3)), website, jill), Err(Error::NotOnApp { app: website, user: id(jill) }));
    assert_eq!(store.role(ada.at(days(3)), acme, id(jill)), Ok(None));

    let groups = |store: &TeamStore, time| {
        let groups = store.app_groups(ada.at(time), website).unwrap();
        groups.into_iter().map(|access| (access.group.id(), access.ends_at)).collect::<Vec<_>>()
    };
    assert_eq!(groups(&store, just_before(days(4))), [(crew, Some(days(4)))]);
    assert_eq!(store.group_apps(ada, crew, &all()).unwrap().items[0].ends_at, Some(days(4)));
    assert_eq!(access(&store, ada.at(days(2)), website, vera).unwrap().groups[0].ends_at, Some(days(4)));
    assert!(store.can(vera.at(just_before(days(4))), AppAction::ScaleDynos, website));
    assert!(!store.can(vera.at(days(4)), AppAction::ScaleDynos, website));
    assert_eq!(groups(&store, days(4)), []);
    assert_eq!(store.group_apps(ada.at(days(4)), crew, &all()).unwrap().items, []);

    let creates = |store: &TeamStore, time| store.space_access_of(ada.at(time), space, id(joe)).unwrap().creates_apps;
    assert_eq!(store.space_access_of(ada, space, id(joe)).unwrap().ends_at, Some(days(5)));
    assert!(creates(&store, just_before(days(5))) && !creates(&store, days(5)));
    assert_eq!(
        store.app_creators(ada.at(days(5)), space, &all()).unwrap().items,
        Vec::<&enterprise_teams::User>::new()
    );
    let refusal = store.create_app(joe.at(days(5)), NewApp::in_space(space)).unwrap_err();
    assert_eq!(refusal.code(), "app-creation-needs-space-permission");
    // The refused left everything as it was; what is accepted takes what had ended along.
    assert_eq!((store.next_end(), store.events().len() as u64), (Some(days(3)), store.seq()));
    store.create_app(joe.at(just_before(days(9))), NewApp::in_team(acme)).unwrap();
    assert_eq!(store.next_end(), Some(days(9)));
    sound(&store);
}

/// As for whoever has none, but for the people in roles of the team.
#[test]
fn end_01_what_has_ended_takes_no_room_and_says_so_in_explanations() {
    let Demo { mut store, operator, ada, joe, vera, jill, acme, website, .. } = Demo::new().unwrap();
    let kim = register(&mut store, "kim@acme.com");
    store.set_team_limits(operator, acme, Limits { members: 3, ..Limits::ENTERPRISE }).unwrap();
    store.set_member_end(ada, acme, id(vera), Some(days(7))).unwrap();
    let add = |store: &mut TeamStore, time| store.add_member(ada.at(time), acme, id(kim), TeamRole::Member);
    let full = Error::MemberLimitReached { team: acme, limit: 3, actual: 4 };
    assert_eq!(add(&mut store, just_before(days(7))), Err(full));
    add(&mut store, days(7)).unwrap();

    store.set_grant_end(ada, website, id(joe), Some(days(9))).unwrap();
    let explanation = store.explain(joe, AppAction::PushCode, website).unwrap();
    assert_eq!(explanation.ends_at(), Some(days(9)));
    assert_eq!(
        store.readable(joe, &explanation),
        "`joe@acme.com` may push-code on app `acme-website`: holds view, deploy as member of the team, with permissions on \
         the app, until 1970-01-10T00:00:00Z (PERM-3)"
    );
    assert_eq!(serde_json::to_value(&explanation).unwrap()["ends_at"], "1970-01-10T00:00:00Z");
    // The first of several.
    store.set_member_end(ada, acme, id(joe), Some(days(8))).unwrap();
    assert_eq!(store.explain(joe, AppAction::PushCode, website).unwrap().ends_at(), Some(days(8)));
    assert_eq!(store.explain(joe, Capability::CreateApps, acme).unwrap().ends_at(), Some(days(8)));
    let about_joe = store.explain_to(ada, id(joe), AppAction::PushCode, website).unwrap();
    assert_eq!(about_joe.ends_at(), Some(days(8)));
    // Who manages the app from outside sees who is on it, and not who is in the team.
    store.set_permissions(ada, website, id(jill), PermissionSet::ALL).unwrap();
    let about_joe = store.explain_to(jill, id(joe), AppAction::PushCode, website).unwrap();
    assert_eq!(about_joe.ends_at(), Some(days(9)));
    // Nothing that ends gives the admin anything.
    assert_eq!(store.explain(ada, AppAction::PushCode, website).unwrap().ends_at(), None);
    sound(&store);
}

/// Takes something away.
type Take = fn(&mut TeamStore, Actor, Held) -> Result<(), Error>;

/// What a store says of somebody who held something until it ended is what one says from which it was taken.
#[test]
fn end_01_what_has_ended_changes_no_answer() {
    let Held4 { demo: Demo { store, operator, ada, joe, vera, jill, acme, website, .. }, crew, space, held } =
        one_of_each();
    let takes: [Take; 4] = [
        |store, by, held| {
            let Held::Membership { team, user } = held else { unreachable!("it is one") };
            store.remove_member(by, team, user)
        },
        |store, by, held| {
            let Held::Grant { app, user } = held else { unreachable!("it is one") };
            store.remove_collaborator(by, app, user)
        },
        |store, by, held| {
            let Held::GroupGrant { app, group } = held else { unreachable!("it is one") };
            store.revoke_group_permissions(by, app, group)
        },
        |store, by, held| {
            let Held::AppCreation { space, user } = held else { unreachable!("it is one") };
            store.revoke_app_creation(by, space, user)
        },
    ];
    for (held, take) in held.into_iter().zip(takes) {
        let (mut ended, mut taken) = (store.clone(), store.clone());
        set_end(&mut ended, ada, held, Some(days(1))).unwrap();
        take(&mut taken, ada, held).unwrap();
        let mut swept = ended.clone();
        swept.sweep_ends(operator.at(days(1))).unwrap();
        let state = |store: &TeamStore| {
            let mut state = serde_json::to_value(store.snapshot()).unwrap()["state"].take();
            state.as_object_mut().unwrap().retain(|field, _| field != "seq" && field != "last_at");
            state
        };
        assert_eq!(state(&swept), state(&taken), "{held}");
        // Before it is swept, and afterwards.
        for store in [&ended, &swept] {
            for actor in [operator, ada, joe, vera, jill].map(|actor| actor.at(days(1))) {
                let same =
                    |what: &str, one: String, other: String| assert_eq!(one, other, "{held}: {what} by {actor:?}");
                macro_rules! same {
                    ($($method:ident($($argument:expr),*)),+) => {$(
                        same(
                            stringify!($method),
                            format!("{:?}", store.$method(actor, $($argument),*)),
                            format!("{:?}", taken.$method(actor, $($argument),*)),
                        );
                    )+};
                }
                same!(
                    team(acme),
                    app(website),
                    group(crew),
                    space(space),
                    permissions(website),
                    memberships(&TeamFilter::default(), &all()),
                    access_list(acme, &PeopleFilter::default(), &all()),
                    app_access(website, &all()),
                    who_can(AppAction::PushCode, website, &all()),
                    app_groups(website),
                    group_members(crew, &all()),
                    group_apps(crew, &all()),
                    space_access(space, &all()),
                    app_creators(space, &all()),
                    ends(acme, days(99), &all()),
                    access_review(acme),
                    permission_matrix(acme),
                    visible_apps(&AppFilter::default(), &all())
                );
                for action in AppAction::ALL {
                    assert_eq!(store.can(actor, *action, website), taken.can(actor, *action, website));
                    same!(explain(*action, website));
                }
                for capability in Capability::ALL {
                    assert_eq!(store.can(actor, *capability, acme), taken.can(actor, *capability, acme));
                    same!(explain(*capability, acme));
                }
            }
        }
    }
}

#[test]
fn end_02_an_end_is_not_in_the_past_and_moved_by_whoever_may_give_the_thing() {
    let Held4 { demo: Demo { mut store, operator, ada, joe, vera, jill, sam, acme, website, .. }, held, .. } =
        one_of_each();
    for one in held {
        for past in [noon(), days(-1), ada.at + TimeDelta::nanoseconds(1)] {
            let now = ada.at;
            let recorded = DateTime::from_timestamp_micros(past.timestamp_micros()).unwrap();
            let error = Error::EndInThePast { ends_at: recorded, now };
            let message = if past == days(-1) {
                "an end at 1969-12-31T00:00:00Z is not after 1970-01-01T00:00:00Z"
            } else {
                "an end at 1970-01-01T00:00:00Z is not after 1970-01-01T00:00:00Z"
            };
            refused(&mut store, |s| set_end(s, ada, one, Some(past)), &error, message);
            assert_eq!((error.rule(), error.kind()), (Rule::End2, ErrorKind::Invalid));
        }
        let error = Error::EndUnchanged { held: Box::new(one) };
        refused(&mut store, |s| set_end(s, ada, one, None), &error, &format!("{one} already has this end"));
        assert_eq!(error.kind(), ErrorKind::Unchanged);
        for other in [vera, jill, sam, operator, through_client(vera)] {
            let refusal = set_end(&mut store, other, one, Some(days(3))).unwrap_err();
            assert_eq!(refusal.kind(), ErrorKind::Forbidden, "{refusal}");
        }
        // A moment is soon enough; later, earlier, and off again.
        for to in [noon() + MOMENT, days(9), days(4)] {
            set_end(&mut store, ada, one, Some(to)).unwrap();
            let ends = store.ends(ada, acme, days(99), &all()).unwrap().items;
            assert_eq!(ends, [Ending { ends_at: to, held: one }]);
        }
        refused(&mut store, |s| set_end(s, ada, one, Some(days(4))), &error, &format!("{one} already has this end"));
        set_end(&mut store, ada, one, None).unwrap();
        assert_eq!((store.next_end(), store.ends(ada, acme, days(99), &all()).unwrap().items.len()), (None, 0));
        sound(&store);
    }
    assert_eq!(store.permissions(joe, website).unwrap().permissions.to_string(), "view, deploy");
}

#[test]
fn end_02_nobody_stays_longer_by_their_own_choice() {
    let Demo { mut store, operator, ada, joe, jill, acme, website, .. } = Demo::new().unwrap();
    store.set_member_role(ada, acme, id(joe), TeamRole::Admin).unwrap();
    store.set_member_end(ada, acme, id(joe), Some(days(7))).unwrap();
    let own = Error::OwnMembershipCannotGrow { actor: joe.who, team: acme };
    let message = format!("{} cannot put off the end of their own membership in team `{acme}`", joe.who);
    for to in [None, Some(days(8))] {
        refused(&mut store, |s| s.set_member_end(joe, acme, id(joe), to), &own, &message);
    }
    assert_eq!(
        (own.rule(), own.remedy().unwrap().to_string()),
        (Rule::End2, format!("ask an admin of team `{acme}` to do it"))
    );
    // Being given another role, or leaving and coming again, is no way round.
    assert_eq!(store.set_member_role(joe, acme, id(joe), TeamRole::Member), Ok(()));
    assert_eq!(store.access_entry(ada, acme, id(joe)).unwrap().ends_at, Some(days(7)));
    store.set_member_role(ada, acme, id(joe), TeamRole::Admin).unwrap();
    store.set_member_end(joe, acme, id(joe), Some(days(6))).expect("sooner");
    store.set_member_end(ada, acme, id(joe), Some(days(9))).expect("by another");

    store.set_permissions(ada, website, id(jill), PermissionSet::ALL).unwrap();
    store.set_grant_end(ada, website, id(jill), Some(days(7))).unwrap();
    let own = Error::OwnGrantCannotGrow { actor: jill.who, app: website };
    for to in [None, Some(days(8))] {
        assert_eq!(store.set_grant_end(jill, website, id(jill), to), Err(own.clone()));
    }
    // A grant that changes goes on ending.
    store.set_permissions(ada, website, id(jill), PermissionSet::VIEW).unwrap();
    assert_eq!(store.app_access_of(ada, website, id(jill)).unwrap().ends_at, Some(days(7)));
    // And one that is taken and given again does not.
    store.remove_collaborator(ada, website, id(jill)).unwrap();
    store.grant_permissions(ada, website, id(jill), PermissionSet::VIEW).unwrap();
    assert_eq!(store.app_access_of(ada, website, id(jill)).unwrap().ends_at, None);

    // Whoever is suspended is given nothing (SUS-1).
    store.suspend_user(operator, id(joe)).unwrap();
    for to in [None, Some(days(10))] {
        assert_eq!(store.set_member_end(ada, acme, id(joe), to), Err(Error::UserIsSuspended { user: id(joe) }));
    }
    store.set_member_end(ada, acme, id(joe), Some(days(8))).expect("sooner");
    sound(&store);
}

#[test]
fn end_02_a_team_always_has_an_admin_without_an_end() {
    let Demo { mut store, operator, ada, joe, vera, acme, .. } = Demo::new().unwrap();
    store.set_member_role(ada, acme, id(joe), TeamRole::Admin).unwrap();
    store.set_member_end(ada, acme, id(joe), Some(days(7))).unwrap();
    let (user, team) = (id(ada), acme);
    let message = format!("user `{user}` is the last admin of team `{team}` without an end, and cannot be given one");
    let error = Error::LastAdminCannotEnd { team, user };
    refused(&mut store, |s| s.set_member_end(joe, acme, user, Some(days(9))), &error, &message);
    refused(&mut store, |s| s.set_member_end(ada, acme, user, Some(days(9))), &error, &message);
    assert_eq!((error.rule(), error.kind()), (Rule::End2, ErrorKind::Conflict));
    // On every path, by whomever.
    assert_eq!(store.remove_member(ada, acme, user), Err(Error::LastAdminCannotLeave { team, user }));
    assert_eq!(store.remove_member(joe, acme, user), Err(Error::LastAdminCannotLeave { team, user }));
    let demoted = store.set_member_role(joe, acme, user, TeamRole::Member);
    assert_eq!(demoted, Err(Error::CannotDemoteLastAdmin { team, user }));
    assert_eq!(store.suspend_user(operator, user).unwrap_err().code(), "cannot-suspend-last-admin");
    assert_eq!(store.delete_user(operator, user).unwrap_err().code(), "cannot-delete-last-admin");
    // Whoever ends anyway may go at any time.
    let mut without = store.clone();
    without.remove_member(ada, acme, id(joe)).unwrap();
    sound(&without);
    // With a second one that stays, each may have an end.
    store.set_member_end(ada, acme, id(joe), None).unwrap();
    store.set_member_end(joe, acme, user, Some(days(9))).unwrap();
    assert_eq!(store.set_member_end(ada, acme, id(joe), Some(days(7))).unwrap_err().code(), "last-admin-cannot-end");
    // Neither the suspended nor those who end count.
    store.set_member_role(ada, acme, id(vera), TeamRole::Admin).unwrap();
    store.suspend_user(operator, id(vera)).unwrap();
    assert_eq!(store.remove_member(ada, acme, id(joe)).unwrap_err().code(), "last-admin-cannot-leave");
    sound(&store);
    store.sweep_ends(operator.at(days(9))).unwrap();
    assert!(store.can(joe.at(days(9)), Capability::ManageUsers, acme));
    sound(&store);
}

/// STD-3: members of a Standard team add people and do not take them off.
#[test]
fn end_02_in_a_standard_team_members_put_off_what_admins_bring_forward() {
    let Demo { mut store, sam, max, jill, wave, .. } = Demo::new().unwrap();
    store.add_collaborator(max, wave, id(jill)).unwrap();
    let refusal = Error::OnlyAdminsManageStandardApps { actor: max.who, app: wave };
    assert_eq!(store.set_grant_end(max, wave, id(jill), Some(days(7))), Err(refusal.clone()));
    store.set_grant_end(sam, wave, id(jill), Some(days(7))).unwrap();
    assert_eq!(store.set_grant_end(max, wave, id(jill), Some(days(6))), Err(refusal));
    store.set_grant_end(max, wave, id(jill), Some(days(8))).unwrap();
    store.set_grant_end(max, wave, id(jill), None).unwrap();
    sound(&store);
}

fn log(store: &TeamStore, actor: Actor, scope: AuditScope) -> Vec<(u64, ActorKind, Event)> {
    let log = store.audit_log(actor, &AuditFilter::new(scope), &all()).expect("shown");
    log.items.into_iter().map(|entry| (entry.seq, entry.actor, entry.event.clone())).collect()
}

#[test]
fn end_03_the_next_operation_takes_what_has_ended_along_as_one_event_of_the_platform() {
    let Held4 { demo: Demo { mut store, operator, ada, joe, vera, jill, sam, acme, inc, website, .. }, held, .. } =
        one_of_each();
    for (held, end) in held.into_iter().zip([6, 5, 4, 3].map(days)) {
        set_end(&mut store, ada, held, Some(end)).unwrap();
    }
    let before = store.clone();
    // Nothing goes with what is refused, or only asked.
    let (seq, late) = (store.seq(), days(6));
    refused(
        &mut store,
        |s| s.rename_team(vera.at(late), acme, read("other")),
        &Error::OnlyAdminsRenameTeams { actor: vera.who, team: acme },
        &format!("only admins can rename team `{acme}`; {} is not an admin", vera.who),
    );
    let rename = Operation::RenameTeam { team: inc, name: read("sams") };
    let foreseen = store.what_if(sam.at(late), &rename).unwrap();
    assert!(store == before);
    // By an operation of another team, too; it answers with its own entry.
    let context = EventContext::new().request_id(read("a-request"));
    let entry = store.in_context(context, |store| store.perform(sam.at(late), &rename)).unwrap();
    assert_eq!((entry.seq, entry.actor, &entry.event), (seq + 2, sam.who, &foreseen.event));
    let [swept, renamed] = store.events().last_chunk().unwrap();
    assert_eq!((swept.seq, swept.at, swept.actor, &swept.context), (seq + 1, late, ActorKind::Operator, &None));
    assert!(renamed.context.is_some());
    let Event::EndsSwept { swept } = &swept.event else { panic!("{swept:?}") };
    let listed: BTreeSet<_> = swept.ended.iter().map(|one| (one.ended_at, one.ended.held())).collect();
    assert_eq!(listed, held.into_iter().zip([6, 5, 4, 3].map(days)).map(|(held, end)| (end, held)).collect());
    // What ended before its membership is listed for itself, and not with the membership.
    let left = swept.ended.iter().find_map(|one| match &one.ended {
        EndedThing::Membership(removed) => Some(removed),
        _ => None,
    });
    let left = left.unwrap();
    assert_eq!((left.grants.iter().map(|(app, _)| *app).collect::<Vec<_>>(), left.spaces.len()), (vec![website], 0));
    assert_eq!(store.next_end(), None);
    sound(&store);

    // The log says when each ended, and when that was; each to those whom it concerns.
    let shown = |actor: Actor, scope| {
        let log = log(&store, actor.at(late), scope);
        let of = log.into_iter().filter_map(|(_, _, event)| match event {
            Event::EndsSwept { swept } => Some(swept.ended.iter().map(|one| one.ended.held()).collect::<BTreeSet<_>>()),
            _ => None,
        });
        of.collect::<Vec<_>>()
    };
    assert_eq!(shown(ada, AuditScope::Team(acme)), [held.into()]);
    assert_eq!(shown(sam, AuditScope::Team(inc)), []);
    assert_eq!(shown(ada, AuditScope::App(website)), [[held[0], held[1], held[2]].into()]);
    assert_eq!(shown(jill, AuditScope::User(id(jill))), [[held[1]].into()]);
    assert_eq!(shown(joe, AuditScope::User(id(joe))), [[held[0], held[3]].into()]);
    assert_eq!(shown(joe, AuditScope::By(id(joe))), []);
    assert_eq!(shown(operator, AuditScope::Everything), [held.into()]);
    let (jills, _, event) = log(&store, jill.at(late), AuditScope::User(id(jill))).remove(0);
    let text = store.readable(jill.at(late), &event);
    assert_eq!(
        (jills, text),
        (
            seq + 1,
            format!(
                "swept what had ended: the permissions of user `jill@creativeinc.com` on app `{website}` at 1970-01-06T00:00:00Z"
            )
        )
    );
}

#[test]
fn end_03_the_operator_sweeps_and_nobody_else() {
    let Demo { mut store, operator, ada, joe, acme, .. } = Demo::new().unwrap();
    store.set_member_end(ada, acme, id(joe), Some(days(7))).unwrap();
    for actor in [ada, joe] {
        let error = Error::OnlyOperatorSweepsEnds { actor: actor.who };
        let message = format!("only the platform operator can sweep what has ended; {} cannot", actor.who);
        refused(&mut store, |s| s.sweep_ends(actor.at(days(7))), &error, &message);
    }
    let early = operator.at(just_before(days(7)));
    refused(&mut store, |s| s.sweep_ends(early), &Error::NothingHasEnded {}, "nothing has ended that was not swept");
    assert_eq!(Error::NothingHasEnded {}.kind(), ErrorKind::Unchanged);
    let late = operator.at(days(7));
    let foreseen = store.what_if(late, &Operation::SweepEnds {}).unwrap().event;
    let entry = store.perform(late, &Operation::SweepEnds {}).unwrap();
    assert_eq!((entry.seq, entry.event), (store.seq(), foreseen));
    assert_eq!(store.sweep_ends(late), Err(Error::NothingHasEnded {}));
    sound(&store);
}

/// USE-6: the closing of months is not undone by what it takes along.
#[test]
fn end_03_closing_months_takes_along_what_has_ended_after_it() {
    let Demo { mut store, operator, ada, joe, acme, .. } = Demo::new().unwrap();
    store.set_member_end(ada, acme, id(joe), Some(days(7))).unwrap();
    let late = operator.at(Month::of(noon()).end());
    store.close_months(late).unwrap();
    let [closed, swept] = store.events().last_chunk().unwrap();
    assert_eq!((closed.event.code(), swept.event.code(), store.next_end()), ("months-closed", "ends-swept", None));
    assert_eq!(store.close_months(late), Err(Error::MonthsAlreadyClosed {}));
    sound(&store);
    // Whoever follows the log has a sound store after each event.
    let mut events = store.events().to_vec();
    events.pop();
    let between = TeamStore::replay(events).unwrap();
    sound(&between);
    assert_eq!(TeamStore::restore(between.snapshot()).unwrap(), between);
    assert!(!between.can(joe.at(late.at), Capability::CreateApps, acme));
    for kept in 0..3 {
        let mut drained = store.clone();
        drained.drain_events(kept);
        assert_eq!(TeamStore::restore(drained.snapshot()).unwrap(), drained, "{kept} kept");
    }
}

/// a log in which something was done before what had ended was swept is none that a store wrote.
#[test]
fn end_03_a_log_without_its_sweep_is_refused() {
    let Demo { mut store, ada, joe, acme, website, .. } = Demo::new().unwrap();
    store.set_member_end(ada, acme, id(joe), Some(days(7))).unwrap();
    let before = store.events().len();
    store.lock_app(ada.at(days(7)), website).unwrap();
    let mut events = store.events().to_vec();
    let mut lock = events.pop().unwrap();
    assert_eq!((events.len(), events.pop().unwrap().event.code()), (before + 1, "ends-swept"));
    lock.seq -= 1;
    let seq = lock.seq;
    events.push(lock);
    assert_eq!(TeamStore::replay(events.clone()), Err(ReplayError::DoesNotFit { seq }));
    // A moment before it was not due.
    events.last_mut().unwrap().at = just_before(days(7));
    TeamStore::replay(events).unwrap();
}

/// a collaborator in a Standard team, who may not see who else is on the app, learns no end by trying to set it.
#[test]
fn end_02_who_sets_no_ends_learns_none() {
    let Demo { mut store, sam, vera, jill, wave, .. } = Demo::new().unwrap();
    store.add_collaborator(sam, wave, id(jill)).unwrap();
    let without = store.clone();
    store.add_collaborator(sam, wave, id(vera)).unwrap();
    let endless = store.clone();
    store.set_grant_end(sam, wave, id(vera), Some(days(7))).unwrap();
    for ends_at in [None, Some(days(6)), Some(days(7)), Some(days(8))] {
        let set = Operation::SetGrantEnd { app: wave, user: id(vera), ends_at };
        for store in [&without, &endless, &store] {
            let refusal = Error::OnlyAdminsManageStandardApps { actor: jill.who, app: wave };
            assert_eq!(store.what_if(jill, &set).unwrap_err(), refusal);
        }
    }
}

/// ACC-4: that somebody signs in otherwise is told to the teams that they are in or left, not to whoever's app they were on.
#[test]
fn end_03_an_owner_of_an_app_does_not_learn_how_somebody_signs_in() {
    let Demo { mut store, operator, ada, vera, jill, sam, acme, inc, wave, .. } = Demo::new().unwrap();
    with_sso(&mut store, ada, acme);
    store.set_sign_in(vera, id(vera), SignIn::Sso).unwrap();
    let own = store.create_app(jill, NewApp::personal()).unwrap();
    store.add_collaborator(jill, own, id(vera)).unwrap();
    store.add_collaborator(sam, wave, id(vera)).unwrap();
    store.set_member_end(ada, acme, id(vera), Some(days(7))).unwrap();
    store.set_grant_end(jill, own, id(vera), Some(days(7))).unwrap();
    store.set_grant_end(sam, wave, id(vera), Some(days(7))).unwrap();
    store.sweep_ends(operator.at(days(7))).unwrap();
    let told = |actor: Actor, scope| {
        let mut log = log(&store, actor.at(days(7)), scope).into_iter();
        log.find_map(|(_, _, event)| match event {
            Event::EndsSwept { swept } => Some((swept.ended.len(), swept.sign_ins_ended.len())),
            _ => None,
        })
    };
    assert_eq!(told(jill, AuditScope::User(id(jill))), Some((1, 0)));
    assert_eq!(told(sam, AuditScope::Team(inc)), Some((1, 0)));
    assert_eq!(told(ada, AuditScope::Team(acme)), Some((1, 1)));
    assert_eq!(told(vera, AuditScope::User(id(vera))), Some((3, 1)));
}

/// one's own log names the team that one was in, as when one is removed, and not that of an app that one was on.
#[test]
fn end_03_ones_own_log_names_the_team_that_one_left() {
    let Demo { mut store, operator, ada, joe, sam, acme, inc, wave, .. } = Demo::new().unwrap();
    store.add_collaborator(sam, wave, id(joe)).unwrap();
    store.set_member_end(ada, acme, id(joe), Some(days(7))).unwrap();
    store.set_grant_end(sam, wave, id(joe), Some(days(7))).unwrap();
    store.sweep_ends(operator.at(days(7))).unwrap();
    let page = store.audit_log(joe.at(days(7)), &AuditFilter::new(AuditScope::User(id(joe))), &all()).unwrap();
    let swept = page.items.iter().find(|entry| entry.event.code() == "ends-swept").unwrap();
    let named = |team: TeamId| swept.names().any(|(id, _)| id == NamedId::Team(team));
    assert_eq!((named(acme), named(inc)), (true, false));
}

/// SEC-1: a team that keeps third-party clients out hides from one's own log what ended in it, and nothing else that ended then.
#[test]
fn end_03_a_team_that_keeps_a_client_out_hides_its_own_part() {
    let Demo { mut store, operator, ada, joe, sam, acme, wave, .. } = Demo::new().unwrap();
    store.add_collaborator(sam, wave, id(joe)).unwrap();
    store.set_member_end(ada, acme, id(joe), Some(days(7))).unwrap();
    store.set_grant_end(sam, wave, id(joe), Some(days(7))).unwrap();
    store.set_oauth_access(ada, acme, OAuthAccess::Denied).unwrap();
    store.sweep_ends(operator.at(days(7))).unwrap();
    let told = |actor: Actor| {
        let log = log(&store, actor.at(days(7)), AuditScope::User(id(joe)));
        let swept = log.into_iter().find_map(|(_, _, event)| match event {
            Event::EndsSwept { swept } => Some(swept),
            _ => None,
        });
        swept.unwrap().ended.iter().map(|one| one.ended.held()).collect::<Vec<_>>()
    };
    let (left, grant) = (Held::Membership { team: acme, user: id(joe) }, Held::Grant { app: wave, user: id(joe) });
    assert_eq!(told(joe), [grant, left]);
    assert_eq!(told(through_client(joe)), [grant]);
}

/// whoever decided from what they saw is not kept from it for ever by what has ended since.
#[test]
fn end_03_what_ended_meanwhile_is_no_newer_event() {
    let Demo { mut store, operator, ada, joe, acme, website, .. } = Demo::new().unwrap();
    store.set_member_end(ada, acme, id(joe), Some(days(7))).unwrap();
    let before = store.clone();
    let (seen, late) = (store.seq(), ada.at(days(7)));
    let lock = Operation::LockApp { app: website };
    let entry = store.perform_unless_changed(late, &lock, acme, seen).unwrap();
    assert_eq!(entry.seq, seen + 2);
    let unlock = Operation::UnlockApp { app: website };
    let refused = store.perform_unless_changed(late, &unlock, acme, seen).unwrap_err();
    assert_eq!(refused, Error::ChangedSince { since: seen, seq: seen + 2 });
    sound(&store);
    // As if it had been swept before.
    let mut swept = before;
    swept.sweep_ends(operator.at(days(7))).unwrap();
    swept.perform_unless_changed(late, &lock, acme, seen).unwrap();
    assert_eq!(swept, store);
}

/// ACC-3: who signs in through teams that they leave at once signs in by password again.
#[test]
fn end_03_the_ends_of_several_memberships_end_the_sign_in_through_them() {
    let Demo { mut store, operator, ada, joe, vera, acme, .. } = Demo::new().unwrap();
    let mut teams = vec![acme];
    for name in ["labs", "tools"] {
        let team = store.provision_team(operator, NewTeam::enterprise(team_name(name), id(ada))).unwrap();
        store.add_member(ada, team, id(joe), TeamRole::Member).unwrap();
        teams.push(team);
    }
    let [acme, labs, tools]: [TeamId; 3] = teams.try_into().unwrap();
    for team in [acme, labs] {
        with_sso(&mut store, ada, team);
    }
    for user in [joe, vera] {
        store.set_sign_in(user, id(user), SignIn::Sso).unwrap();
    }
    store.set_mfa(ada, id(ada), Mfa::Enrolled).unwrap();
    store.set_sign_in_requirement(ada, tools, SignInRequirement::MfaOrSso).unwrap();
    store.set_member_end(ada, acme, id(joe), Some(days(7))).unwrap();
    store.set_member_end(ada, labs, id(joe), Some(days(8))).unwrap();
    assert!(store.can(joe.at(days(7)), Capability::CreateApps, tools));
    // What another team requires is not met any more.
    let refusal = store.check(joe.at(days(8)), Capability::CreateApps, tools).unwrap_err();
    assert_eq!(refusal, Error::TeamRequiresMfaOrSso { team: tools });
    let mut one_by_one = store.clone();
    one_by_one.sweep_ends(operator.at(days(7))).unwrap();
    assert_eq!(one_by_one.user(operator, id(joe)).unwrap().sign_in(), SignIn::Sso);
    one_by_one.sweep_ends(operator.at(days(8))).unwrap();
    store.sweep_ends(operator.at(days(8))).unwrap();
    for store in [&store, &one_by_one] {
        assert_eq!(store.user(operator, id(joe)).unwrap().sign_in(), SignIn::Password);
        assert_eq!(store.user(operator, id(vera)).unwrap().sign_in(), SignIn::Sso);
        sound(store);
    }
    // The third team is told what became of its member (ACC-4).
    let told = log(&store, ada.at(days(8)), AuditScope::Team(tools)).remove(0).2;
    let Event::SignInChanged { users, .. } = told else { panic!("{told:?}") };
    assert_eq!(users.iter().map(|change| (change.user, &*change.teams)).collect::<Vec<_>>(), [(id(joe), &[tools][..])]);
}

#[test]
fn end_03_admins_list_what_ends_in_their_team() {
    let Held4 { demo: Demo { mut store, operator, ada, joe, vera, jill, sam, acme, inc, wave, .. }, held, .. } =
        one_of_each();
    for (held, end) in held.into_iter().zip([20, 5, 4, 4].map(days)) {
        set_end(&mut store, ada, held, Some(end)).unwrap();
    }
    store.add_collaborator(sam, wave, id(jill)).unwrap();
    store.set_grant_end(sam, wave, id(jill), Some(days(1))).unwrap();
    let ends = |store: &TeamStore, actor: Actor, before| store.ends(actor, acme, before, &all()).map(|page| page.items);
    let of = |held: Held, end| Ending { ends_at: days(end), held };
    let within = [of(held[2], 4), of(held[3], 4), of(held[1], 5)];
    for actor in [ada, operator] {
        assert_eq!(ends(&store, actor, days(14)).unwrap(), within);
        assert_eq!(ends(&store, actor, days(20)).unwrap().len(), 3, "before it");
        assert_eq!(ends(&store, actor, days(20) + MOMENT).unwrap().len(), 4);
        assert_eq!(ends(&store, actor.at(days(4)), days(14)).unwrap(), within[2..], "what has ended is not to come");
    }
    assert_eq!(store.ends(sam, inc, days(14), &all()).unwrap().items.len(), 1);
    for actor in [joe, vera, jill, sam] {
        let refusal = Error::OnlyAdminsListEnds { actor: actor.who, team: acme };
        assert_eq!(ends(&store, actor, days(14)), Err(refusal));
    }
    let mut page = PageRequest::first(1).unwrap();
    let mut found = Vec::new();
    loop {
        let listed = store.ends(ada, acme, days(99), &page).unwrap();
        found.extend(listed.items);
        let Some(next) = listed.next else { break };
        // As text and back.
        page = page.after(next.to_string().parse().unwrap());
    }
    assert_eq!(found, [&within[..], &[of(held[0], 20)]].concat());
}

/// An app keeps the ends of those who stay on it, whoever has it, and a space those of who creates apps in it.
#[test]
fn end_03_ends_go_along_with_what_moves() {
    let Demo { mut store, operator, ada, joe, jill, acme, website, .. } = Demo::new().unwrap();
    let labs = store.provision_team(operator, NewTeam::enterprise(team_name("labs"), id(ada))).unwrap();
    store.add_member(ada, labs, id(joe), TeamRole::Member).unwrap();
    store.set_grant_end(ada, website, id(joe), Some(days(7))).unwrap();
    let ends = |store: &TeamStore, team| store.ends(ada, team, days(99), &all()).unwrap().items.len();
    store.transfer_app(ada, website, labs).unwrap();
    assert_eq!((ends(&store, acme), ends(&store, labs)), (0, 1));
    sound(&store);
    // Taken back with what moved it.
    let back = store.as_of(noon()).unwrap();
    assert!(back == store);
    let mut undone = store.clone();
    let mut tx = undone.begin();
    tx.transfer_app(ada, website, acme).unwrap();
    assert_eq!((ends(&tx, acme), ends(&tx, labs)), (1, 0));
    tx.roll_back();
    assert_eq!((ends(&undone, acme), ends(&undone, labs)), (0, 1));
    // Whoever is on a personal app stays there when it comes to a team.
    let own = store.create_app(ada, NewApp::personal()).unwrap();
    store.add_collaborator(ada, own, id(jill)).unwrap();
    store.set_grant_end(ada, own, id(jill), Some(days(9))).unwrap();
    store.transfer_app(ada, own, labs).unwrap();
    assert_eq!(store.app_access_of(ada, own, id(jill)).unwrap().ends_at, Some(days(9)));
    assert_eq!(ends(&store, labs), 2);
    // Whoever is a member of the new team too goes on creating apps in the space, until then.
    let account = store.open_account(operator, read("corp"), id(ada)).unwrap();
    let [east, west] = ["east", "west"].map(|team| store.create_team_in(ada, account, team_name(team)).unwrap());
    for team in [east, west] {
        store.add_member(ada, team, id(joe), TeamRole::Member).unwrap();
    }
    let space = store.create_space(ada, NewSpace::new(east, read("east-space"))).unwrap();
    store.allow_app_creation(ada, space, id(joe)).unwrap();
    store.set_app_creation_end(ada, space, id(joe), Some(days(8))).unwrap();
    assert_eq!((ends(&store, east), ends(&store, west)), (1, 0));
    store.transfer_space(ada, space, west).unwrap();
    assert_eq!((ends(&store, east), ends(&store, west)), (0, 1));
    assert_eq!(store.space_access_of(ada, space, id(joe)).unwrap().ends_at, Some(days(8)));
    sound(&store);
}

/// Ends something of the app, the group, the space or the team, or of somebody's.
type Ends = fn(&mut TeamStore, Actor, (AppId, GroupId, SpaceId, TeamId), Actor) -> Result<(), Error>;

/// what goes takes its end along, and what comes back by being taken back has it again; also from a snapshot.
#[test]
fn end_03_an_end_goes_and_comes_back_with_what_it_is_the_end_of() {
    let Held4 { demo: Demo { mut store, operator, ada, joe, acme, website, .. }, crew, space, held } = one_of_each();
    for (held, end) in held.into_iter().zip([6, 5, 4, 3].map(days)) {
        set_end(&mut store, ada, held, Some(end)).unwrap();
    }
    let whole = store.clone();
    let ways: [Ends; 6] = [
        |store, ada, (.., team), joe| store.remove_member(ada, team, id(joe)),
        |store, ada, (app, ..), _| store.delete_app(ada, app, "acme-website"),
        |store, ada, (_, group, ..), _| store.delete_group(ada, group),
        |store, ada, (_, _, space, _), _| store.destroy_space(ada, space, "acme-space"),
        |store, ada, (.., team), joe| store.set_member_role(ada, team, id(joe), TeamRole::Viewer),
        |store, _, _, _| store.sweep_ends(Actor::operator(days(6))),
    ];
    for (way, ends) in ways.into_iter().enumerate() {
        let mut tx = store.begin();
        ends(&mut tx, ada, (website, crew, space, acme), joe).unwrap();
        assert_eq!(tx.check_invariants(), [], "way {way}");
        assert!(tx.next_end() != Some(days(3)) || tx.ends(ada, acme, days(99), &all()).unwrap().items.len() < 4);
        // As a snapshot, whose events are taken back where it is read.
        let mut drained = tx.clone();
        drained.drain_events(1);
        let text = serde_json::to_string(&drained.snapshot()).unwrap();
        assert!(TeamStore::restore(serde_json::from_str(&text).unwrap()).unwrap() == drained, "way {way}");
        tx.roll_back();
        assert!(store == whole, "way {way}");
        assert_eq!(store.ends(ada, acme, days(99), &all()).unwrap().items.len(), 4);
    }
    store.sweep_ends(operator.at(days(6))).unwrap();
    let then = store.as_of(days(5)).unwrap();
    assert!(
        then.ends(ada, acme, days(99), &all()).unwrap().items.len() == 4 && then.can(joe, Capability::CreateApps, acme)
    );
    sound(&store);
}

/// Of much that has ended, too, whoever has nothing of it is answered as before, and the others as if it were gone.
#[test]
fn end_01_checks_between_an_end_and_the_next_operation() {
    let Demo { mut store, ada, joe, vera, acme, website, .. } = Demo::new().unwrap();
    let mut apps = vec![website];
    for number in 0..80 {
        let app = store.create_app(ada, NewApp::in_team(acme).named(app_name(&format!("app-{number}")))).unwrap();
        store.grant_permissions(ada, app, id(joe), Permission::Deploy.into()).unwrap();
        store.set_grant_end(ada, app, id(joe), Some(days(number))).unwrap_or_else(|refusal| {
            assert_eq!((number, refusal.code()), (0, "end-in-the-past"));
        });
        apps.push(app);
    }
    // In any order of times.
    for day in [79, 3, 40, 3, 78, 1, 65, 64, 63, 100] {
        for (number, app) in (0..).zip(&apps[1..]) {
            let held = store.can(joe.at(days(day)), AppAction::PushCode, *app);
            assert_eq!(held, number == 0 || day < number, "app {number} on day {day}");
            assert!(!store.can(vera.at(days(day)), AppAction::PushCode, *app));
            assert!(store.can(ada.at(days(day)), AppAction::PushCode, *app));
        }
        assert!(store.can(joe.at(days(day)), AppAction::PushCode, website));
        let shown = store.member_apps(ada.at(days(day)), acme, id(joe), &AppFilter::default(), &all()).unwrap();
        assert_eq!(shown.items.len(), 2 + usize::try_from(79 - day.min(79)).unwrap().min(48));
    }
    sound(&store);
}

#[test]
fn end_03_who_is_invited_again_or_signs_in_anew_comes_without_the_old_end() {
    let Demo { mut store, operator, ada, vera, acme, .. } = Demo::new().unwrap();
    store.set_member_end(ada, acme, id(vera), Some(days(7))).unwrap();
    let late = ada.at(days(8));
    let invitation = store.invite_member(late, acme, email("vera@acme.com"), TeamRole::Member).unwrap();
    assert_eq!(store.events().iter().filter(|event| event.event.code() == "ends-swept").count(), 1);
    store.accept_invitation(vera.at(days(8)), invitation).unwrap();
    assert_eq!(store.access_entry(late, acme, id(vera)).unwrap().ends_at, None);
    assert_eq!(store.sweep_ends(operator.at(days(99))), Err(Error::NothingHasEnded {}));
    sound(&store);
}
