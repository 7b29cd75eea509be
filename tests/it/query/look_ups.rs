//! a single thing is seen by whoever sees the list that it stands in; refusals come in the one order.

use core::fmt::Debug;

use enterprise_teams::demo::Demo;
use enterprise_teams::uuid::Uuid;
use enterprise_teams::{
    AccountId, Actor, App, AppAction, AppId, Error, NewApp, NewSpace, Operation, Owner, SpaceId, Stage, Team, TeamId,
    TeamRole, TeamStore, UserId, collect_pages,
    entity::{AppTransfer, OAuthAccess, Plan},
    ids::{AddOnId, InvitationId, TransferId},
    query::{AccountMemberFilter, AppFilter, AppSort, PeopleFilter, SpaceFilter, TeamFilter},
};

use super::sight;
use crate::random::history;
use crate::support::{app_name, days, email, id, read, team_name, through_client as via};

/// People in every relation to teams, apps, an account, spaces and whatever waits for an answer.
struct World {
    of: sight::World,
    account: AccountId,
    spaces: [SpaceId; 2],
    invitations: [InvitationId; 3],
    transfer: TransferId,
    add_on: AddOnId,
}

fn world() -> World {
    let mut of = sight::world();
    let [ada, joe, jill, sam, max, zoe, pam] = [0, 1, 3, 4, 5, 6, 7].map(|user: usize| of.users[user]);
    let [inc, labs] = [of.teams[1], of.teams[2]];
    let store = &mut of.store;
    let account = store.open_account(of.operator, read("acme-corp"), id(sam)).unwrap();
    store.move_team_in(sam, inc, account).unwrap();
    store.add_account_member(sam, account, id(zoe), read("view")).unwrap();
    store.add_account_member(sam, account, id(pam), read("view,manage")).unwrap();
    let open = store.create_space(sam, NewSpace::new(inc, read("open-space"))).unwrap();
    store.allow_app_creation(sam, open, id(max)).unwrap();
    let closed = store.create_space(sam, NewSpace::new(labs, read("closed-space"))).unwrap();
    let sent = [(labs, "zoe@example.com"), (inc, "pam@example.com"), (inc, "nobody@example.com")];
    let invitations = sent.map(|(team, to)| store.invite_member(sam, team, email(to), TeamRole::Member).unwrap());
    let transfer = store.request_app_transfer(joe, of.apps[6], id(jill)).unwrap();
    let plan = Plan { name: read("standard-0"), price: 100 };
    let add_on = store.install_add_on(ada, of.apps[0], read("postgresql"), plan).unwrap();
    World { of, account, spaces: [open, closed], invitations, transfer, add_on }
}

/// A refusal, and its code.
type Rung = (Option<Error>, &'static str);

/// The answer is what is in the list; of what is not, this refusal; where the list is refused, that of the list.
#[track_caller]
fn single<T: PartialEq + Debug>(
    answer: &Result<T, Error>,
    list: Result<Vec<T>, Error>,
    is: impl Fn(&T) -> bool,
    missing: Error,
) {
    assert_eq!(*answer, list.and_then(|rows| rows.into_iter().find(is).ok_or(missing)));
}

/// What there is, for the operator.
struct All<'s> {
    store: &'s TeamStore,
    operator: Actor,
    users: Vec<UserId>,
    apps: Vec<AppId>,
    teams: Vec<TeamId>,
    /// With their teams.
    spaces: Vec<(SpaceId, TeamId)>,
    accounts: Vec<AccountId>,
}

impl<'s> All<'s> {
    fn of(store: &'s TeamStore) -> Self {
        let operator = Actor::operator(store.events().last().unwrap().at);
        let users: Vec<UserId> =
            collect_pages(|page| store.users(operator, page)).unwrap().iter().map(|user| user.id()).collect();
        let teams: Vec<TeamId> = collect_pages(|page| store.teams(operator, &TeamFilter::default(), page))
            .unwrap()
            .iter()
            .map(|team| team.id())
            .collect();
        let accounts = collect_pages(|page| store.accounts(operator, page)).unwrap();
        let all = AppFilter::default();
        let owners = users.iter().map(|user| Owner::User(*user)).chain(teams.iter().map(|team| Owner::Team(*team)));
        let apps = owners.flat_map(|owner| {
            collect_pages(|page| store.apps(operator, owner, &all, AppSort::Name, page)).unwrap_or_default()
        });
        let spaces = teams.iter().flat_map(|team| {
            let spaces =
                collect_pages(|page| store.spaces(operator, *team, &SpaceFilter::default(), page)).unwrap_or_default();
            spaces.into_iter().map(|space| (space.id(), *team))
        });
        Self {
            apps: apps.map(App::id).collect(),
            spaces: spaces.collect(),
            accounts: accounts.iter().map(|account| account.id()).collect(),
            store,
            operator,
            users,
            teams,
        }
    }

    fn actors(&self) -> impl Iterator<Item = Actor> {
        let users = self.users.iter().map(|user| Actor::user(*user, self.operator.at));
        users.flat_map(|user| [user, via(user)]).chain([self.operator])
    }

    fn people_are_as_in_the_lists(&self) {
        let Self { store, operator, .. } = *self;
        let everybody = PeopleFilter::default();
        for (actor, user) in self.actors().flat_map(|actor| self.users.iter().map(move |user| (actor, *user))) {
            for app in self.apps.iter().copied() {
                let answer = store.app_access_of(actor, app, user);
                if actor.who.user() == Some(user) {
                    assert_eq!(answer.as_ref().ok().map(|one| one.held), store.permissions(actor, app).ok());
                    assert!(
                        answer.is_ok_and(|one| one.user.id() == user) || !store.can(actor, AppAction::ViewApp, app)
                    );
                } else {
                    let list = collect_pages(|page| store.app_access(actor, app, page));
                    single(&answer, list, |one| one.user.id() == user, Error::NotOnApp { app, user });
                }
            }
            for team in self.teams.iter().copied() {
                let list = match store.role(actor, team, user) {
                    Ok(_) => collect_pages(|page| store.access_list(operator, team, &everybody, page)),
                    Err(refusal) => Err(refusal),
                };
                let answer = store.access_entry(actor, team, user);
                single(&answer, list, |one| one.user.id() == user, Error::NotInTeam { team, user });
            }
            for (space, team) in self.spaces.iter().copied() {
                let list = collect_pages(|page| store.space_access(actor, space, page));
                assert_eq!(list.as_ref().err(), store.space(actor, space).as_ref().err());
                let answer = store.space_access_of(actor, space, user);
                single(&answer, list, |one| one.user.id() == user, Error::NotInTeam { team, user });
            }
            for account in self.accounts.iter().copied() {
                let list =
                    collect_pages(|page| store.account_members(actor, account, &AccountMemberFilter::default(), page));
                let answer = store.account_member(actor, account, user);
                single(&answer, list, |one| one.user.id() == user, Error::NotInAccount { account, user });
            }
        }
    }
}

#[test]
fn x_02_people_by_themselves_are_as_in_the_lists() {
    let World { of, account, spaces, .. } = world();
    let all = All::of(&of.store);
    assert!(all.accounts == [account] && spaces.iter().all(|space| all.spaces.iter().any(|one| one.0 == *space)));
    assert_eq!((all.users.len(), all.apps.len(), all.teams.len()), (of.users.len(), of.apps.len(), of.teams.len()));
    all.people_are_as_in_the_lists();
}

#[test]
fn x_02_in_random_stores_people_by_themselves_are_as_in_the_lists() {
    for seed in 0..3 {
        let (store, _) = history(seed, 80);
        All::of(&store).people_are_as_in_the_lists();
    }
}

#[test]
fn spc_03_who_may_create_apps_in_a_space() {
    let World { of, spaces, .. } = world();
    for space in spaces {
        let people = collect_pages(|page| of.store.space_access(of.operator, space, page)).unwrap();
        for user in &of.users {
            let create = Operation::CreateApp { app: NewApp::in_space(space) };
            let may = of.store.what_if(*user, &create).is_ok();
            let listed = people.iter().find(|person| person.user.id() == id(*user));
            assert_eq!(listed.is_some_and(|person| person.creates_apps), may);
        }
        assert!(people.iter().map(|person| person.user.email()).is_sorted());
    }
}

#[test]
fn x_02_whoever_has_to_do_with_a_team_knows_it() {
    let World { of, account, .. } = world();
    let store = &of.store;
    for (actor, team) in of.actors().flat_map(|actor| of.teams.iter().map(move |team| (actor, *team))) {
        let name = store.team(of.operator, team).unwrap().name();
        let user = actor.who.user();
        let in_account = team == of.teams[1] && user.is_none_or(|user| store.account(of.of(user), account).is_ok());
        let invited = |user| {
            let own = collect_pages(|page| store.my_invitations(of.of(user), page)).unwrap();
            own.iter().any(|one| one.team() == team)
        };
        let in_team = |user| store.role(of.operator, team, user).unwrap().is_some();
        let known = user.is_none_or(|user| in_team(user) || invited(user)) || in_account;
        let closed = team == of.teams[2] && user.is_some_and(|user| actor == via(of.of(user)));
        let expected = |missing| match (known, closed) {
            (false, _) => Err(missing),
            (true, true) => Err(Error::OAuthDenied { team }),
            (true, false) => Ok(()),
        };
        let by_name = store.team_id(actor, name);
        assert_eq!(by_name.clone().map(drop), expected(Error::TeamNameNotFound { name }));
        assert!(by_name.is_err() || by_name == Ok(team));
        let by_id = store.team_name(actor, team);
        assert_eq!(by_id.clone().map(drop), expected(Error::TeamNotFound { team }));
        assert!(by_id.is_err() || by_id == Ok(name));
        let shown = store.account_team(actor, team);
        assert_eq!(shown.map(Team::id), if in_account { Ok(team) } else { Err(Error::TeamNotFound { team }) });
    }
}

/// Sam and pam, who manage the account, may transfer the space of its team.
#[test]
fn spc_07_whoever_may_transfer_a_space_knows_it() {
    let World { of, spaces, .. } = world();
    for (actor, (space, name)) in of
        .actors()
        .flat_map(|actor| spaces.into_iter().zip(["open-space", "closed-space"]).map(move |one| (actor, one)))
    {
        let manages =
            space == spaces[0] && [of.users[4], of.users[7]].iter().any(|one| [*one, via(*one)].contains(&actor));
        let expected = if manages { Ok(()) } else { of.store.space(actor, space).map(drop) };
        assert_eq!(of.store.space_name(actor, space).map(|found| assert_eq!(found, name)), expected);
        assert_eq!(of.store.space_id(actor, read(name)).map(|found| assert_eq!(found, space)), expected);
    }
}

#[test]
fn inv_05_invitations_by_themselves_are_as_in_the_lists() {
    let World { of, invitations, .. } = world();
    let (store, sam) = (&of.store, id(of.users[4]));
    for (actor, invitation) in of.actors().flat_map(|actor| invitations.map(|one| (actor, one))) {
        let row = store.invitation(of.operator, invitation).unwrap();
        let team = row.team();
        let sees = |actor| {
            let of_team = collect_pages(|page| store.pending_invitations(actor, team, page)).unwrap_or_default();
            let own = collect_pages(|page| store.my_invitations(actor, page)).unwrap();
            of_team.into_iter().chain(own).any(|one| one.id() == invitation)
        };
        let directly = actor.who.user().is_some_and(|user| sees(of.of(user)));
        let expected = match (sees(actor), directly) {
            (true, _) => Ok(row),
            (false, true) => Err(Error::OAuthDenied { team }),
            (false, false) => Err(Error::InvitationNotFound { invitation }),
        };
        assert_eq!(store.invitation(actor, invitation), expected);
        let sender = store.invitation_sender(actor, invitation);
        assert_eq!(sender.map(|sender| sender.map(|(id, _)| id)), expected.map(|_| Some(sam)));
        let list = collect_pages(|page| store.pending_invitations(actor, team, page));
        let found = store.invitation_to(actor, team, row.email());
        assert_eq!(found, list.map(|list| list.into_iter().find(|one| one.id() == invitation)));
        assert_eq!(store.invitation_to(of.operator, team, &email("joe@acme.com")), Ok(None));
    }
    // An expired one is there until it is revoked.
    let late = Actor::operator(days(100));
    assert!(!store.invitation(late, invitations[1]).unwrap().is_pending_at(store.now(late)));
}

#[test]
fn trf_04_the_parties_see_a_transfer() {
    let World { of, transfer, .. } = world();
    let (store, app) = (&of.store, of.apps[6]);
    for actor in of.actors() {
        let own = collect_pages(|page| store.pending_transfers(actor, page)).unwrap();
        let party = actor == of.operator || own.iter().any(|one| one.id() == transfer);
        let found = store.app_transfer(actor, transfer).map(AppTransfer::id);
        assert_eq!(found, if party { Ok(transfer) } else { Err(Error::TransferNotFound { transfer }) });
        let found = store.transfer_of(actor, app).map(|found| found.map(AppTransfer::id));
        assert_eq!(found, store.check(actor, AppAction::ViewApp, app).map(|()| party.then_some(transfer)));
    }
    assert_eq!(store.transfer_of(of.operator, of.apps[0]), Ok(None));
}

#[test]
fn res_02_an_add_on_by_itself_is_as_in_the_list() {
    let World { of, add_on, .. } = world();
    for actor in of.actors() {
        let list = of.store.add_ons(actor, of.apps[0]);
        single(&of.store.add_on(actor, add_on), list, |one| one.id() == add_on, Error::AddOnNotFound { add_on });
    }
}

/// Nobody is told of a promotion who does not see its pipeline and its source; and of no target that they do not see.
#[test]
fn pipe_07_promotions_as_somebody_sees_them() {
    let World { mut of, .. } = world();
    let (ada, [website, second, third]) = (of.users[0], [of.apps[0], of.apps[4], of.apps[1]]);
    let acme = of.teams[0];
    let last = of.store.create_app(ada, NewApp::in_team(acme).named(app_name("last"))).unwrap();
    let pipeline = of.store.create_pipeline(ada, acme, read("flow")).unwrap();
    for (app, stage) in [(website, Stage::Staging), (second, Stage::Production), (last, Stage::Production)] {
        of.store.couple_app(ada, pipeline, app, stage).unwrap();
    }
    for release in ["first", "second"] {
        of.store.release_app(ada, website, read(release)).unwrap();
    }
    of.store.promote_app(ada, website).unwrap();
    let number = of.store.events().last().unwrap().seq;
    of.store.release_app(ada, website, read("third")).unwrap();
    for actor in of.actors() {
        let seen = of.store.app(actor, website).is_ok() && of.store.pipeline(actor, pipeline).is_ok();
        let expected: Vec<_> = [second, last].into_iter().filter(|app| of.store.app(actor, *app).is_ok()).collect();
        let found = of.store.promotion(actor, number).unwrap();
        assert_eq!(found.as_ref().map(|one| (one.pipeline, one.source)), seen.then_some((pipeline, website)));
        let Some(found) = found else { continue };
        let targets: Vec<_> = found.targets.iter().map(|target| target.app).collect();
        assert_eq!((found.at, found.release), (of.store.now(of.operator), Some(2)));
        assert!(expected.iter().all(|app| targets.contains(app)) && targets.len() == expected.len());
        assert_eq!(of.store.promotion(actor, number - 1), Ok(None));
    }
    assert!(of.store.app(ada, third).is_err());
    of.store.drain_events(1);
    assert_eq!(of.store.promotion(ada, number), Ok(None), "the log does not hold it any more");
}

/// Each row breaks every rung from its own on: the first that is broken is told.
#[test]
fn x_02_the_order_of_refusals() {
    let Demo { mut store, operator, ada, joe, vera, jill, sam, acme, website, .. } = Demo::new().unwrap();
    let account = store.open_account(operator, read("corp"), id(ada)).unwrap();
    let space = store.create_space(ada, NewSpace::new(acme, read("sea"))).unwrap();
    let invitation = store.invite_member(ada, acme, email("new@acme.com"), TeamRole::Member).unwrap();
    let plan = Plan { name: read("standard-0"), price: 100 };
    let add_on = store.install_add_on(ada, website, read("postgresql"), plan).unwrap();
    store.set_oauth_access(ada, acme, OAuthAccess::Denied).unwrap();
    let ghost = Actor::user(UserId::from_uuid(Uuid::nil()), days(0));
    let (nobody, nil) = (id(ghost), Uuid::nil());
    let no_team = TeamId::from_uuid(nil);
    let s = &store;
    let rows: [(&str, Vec<Rung>); 12] = [
        (
            "app-access-of",
            vec![
                (s.app_access_of(ghost, nil.into(), nobody).err(), "actor-not-found"),
                (s.app_access_of(sam, nil.into(), nobody).err(), "app-not-found"),
                (s.app_access_of(via(sam), website, nobody).err(), "user-not-found"),
                (s.app_access_of(via(sam), website, id(vera)).err(), "app-hidden"),
                (s.app_access_of(via(jill), website, id(vera)).err(), "oauth-denied"),
                (s.app_access_of(jill, website, id(sam)).err(), "collaborator-lacks-capability"),
                (s.app_access_of(ada, website, id(sam)).err(), "not-on-app"),
            ],
        ),
        (
            "access-entry",
            vec![
                (s.access_entry(ghost, no_team, nobody).err(), "actor-not-found"),
                (s.access_entry(jill, no_team, nobody).err(), "team-not-found"),
                (s.access_entry(via(jill), acme, nobody).err(), "user-not-found"),
                (s.access_entry(via(jill), acme, id(sam)).err(), "oauth-denied"),
                (s.access_entry(jill, acme, id(sam)).err(), "only-team-sees-access-list"),
                (s.access_entry(vera, acme, id(sam)).err(), "not-in-team"),
            ],
        ),
        (
            "team-id",
            vec![
                (s.team_id(ghost, team_name("none")).err(), "actor-not-found"),
                (s.team_id(via(sam), team_name("acme-widgets")).err(), "team-name-not-found"),
                (s.team_id(via(jill), team_name("acme-widgets")).err(), "oauth-denied"),
            ],
        ),
        (
            "team-name",
            vec![
                (s.team_name(ghost, no_team).err(), "actor-not-found"),
                (s.team_name(via(sam), acme).err(), "team-not-found"),
                (s.team_name(via(jill), acme).err(), "oauth-denied"),
            ],
        ),
        (
            "account-member",
            vec![
                (s.account_member(ghost, nil.into(), nobody).err(), "actor-not-found"),
                (s.account_member(joe, nil.into(), nobody).err(), "account-not-found"),
                (s.account_member(joe, account, nobody).err(), "account-hidden"),
                (s.account_member(ada, account, nobody).err(), "user-not-found"),
                (s.account_member(ada, account, id(joe)).err(), "not-in-account"),
            ],
        ),
        (
            "account-team",
            vec![
                (s.account_team(ghost, no_team).err(), "actor-not-found"),
                (s.account_team(ada, acme).err(), "team-not-found"),
            ],
        ),
        (
            "space-access-of",
            vec![
                (s.space_access_of(ghost, nil.into(), nobody).err(), "actor-not-found"),
                (s.space_access_of(via(jill), nil.into(), nobody).err(), "space-not-found"),
                (s.space_access_of(via(jill), space, nobody).err(), "space-hidden"),
                (s.space_access_of(via(vera), space, nobody).err(), "oauth-denied"),
                (s.space_access_of(vera, space, nobody).err(), "user-not-found"),
                (s.space_access_of(vera, space, id(jill)).err(), "not-in-team"),
            ],
        ),
        (
            "space-name",
            vec![
                (s.space_name(ghost, nil.into()).err(), "actor-not-found"),
                (s.space_id(via(jill), read("none")).err(), "space-name-not-found"),
                (s.space_name(via(jill), space).err(), "space-hidden"),
                (s.space_id(via(vera), read("sea")).err(), "oauth-denied"),
            ],
        ),
        (
            "invitation",
            vec![
                (s.invitation(ghost, nil.into()).err(), "actor-not-found"),
                (s.invitation(via(vera), invitation).err(), "invitation-not-found"),
                (s.invitation_sender(via(joe), invitation).err(), "oauth-denied"),
            ],
        ),
        (
            "invitation-to",
            vec![
                (s.invitation_to(ghost, no_team, &email("a@b.io")).err(), "actor-not-found"),
                (s.invitation_to(via(vera), no_team, &email("a@b.io")).err(), "team-not-found"),
                (s.invitation_to(via(vera), acme, &email("a@b.io")).err(), "oauth-denied"),
                (s.invitation_to(vera, acme, &email("a@b.io")).err(), "only-members-see-invitations"),
            ],
        ),
        (
            "app-transfer",
            vec![
                (s.app_transfer(ghost, nil.into()).err(), "actor-not-found"),
                (s.app_transfer(ada, nil.into()).err(), "transfer-not-found"),
            ],
        ),
        (
            "add-on",
            vec![
                (s.add_on(ghost, nil.into()).err(), "actor-not-found"),
                (s.add_on(sam, nil.into()).err(), "add-on-not-found"),
                (s.add_on(sam, add_on).err(), "action-needs-permission"),
            ],
        ),
    ];
    for (question, staircase) in rows {
        for (refusal, code) in staircase {
            assert_eq!(refusal.as_ref().map(Error::code), Some(code), "{question}");
        }
    }
    assert_eq!(s.promotion(ghost, 1).err(), Some(Error::ActorNotFound { actor: nobody }));
}
