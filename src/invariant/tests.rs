//! Every check finds what it is for: a sound state is spoilt in one way, and the check names it.

use core::fmt::Debug;
use core::str::FromStr;

use chrono::{DateTime, TimeDelta, Utc};

use super::{CHECKS, check};
use crate::actor::Actor;
use crate::demo::{Demo, id};
use crate::entity::{AccountPermissionSet, Dyno, DynoSize, NewApp, NewSpace, Owner, Plan, Sso, Stage, Tenure};
use crate::error::Error;
use crate::event::{AuditEvent, DynoChange, Event};
use crate::ids::{AccountId, AppId, SpaceId, TeamId, UserId};
use crate::permission::PermissionSet;
use crate::role::TeamRole;
use crate::state::{AppRow, SpaceRow, State, TeamRow, UserRow};
use crate::store::TeamStore;
use crate::version::Version;

struct Sound {
    store: TeamStore,
    ada: Actor,
    joe: UserId,
    jill: UserId,
    sam: UserId,
    max: Actor,
    acme: TeamId,
    inc: TeamId,
    website: AppId,
    wave: AppId,
    /// An app of max, with jill on it, whose transfer to her is pending.
    own: AppId,
    space: SpaceId,
    account: AccountId,
}

fn sound() -> Result<Sound, Error> {
    let Demo { mut store, operator, ada, joe, jill, acme, website, sam, max, inc, wave, .. } = Demo::new()?;
    let account = store.open_account(operator, text("acme"), id(ada))?;
    store.create_team_in(ada, account, text("acme-labs"))?;
    let space = store.create_space(ada, NewSpace::new(acme, text("acme-space")))?;
    store.allow_app_creation(ada, space, id(joe))?;
    store.create_app(ada, NewApp::in_space(space))?;
    store.invite_member(ada, acme, text("new@acme.com"), TeamRole::Member)?;
    store.scale_app(ada, website, text("web"), DynoSize::Standard1X, 1)?;
    store.install_add_on(ada, website, text("postgres"), Plan { name: text("mini"), price: 500 })?;
    let pipeline = store.create_pipeline(ada, acme, text("site"))?;
    store.couple_app(ada, pipeline, website, Stage::Staging)?;
    let own = store.create_app(max, NewApp::personal())?;
    store.add_collaborator(max, own, id(jill))?;
    store.request_app_transfer(max, own, id(jill))?;
    let (joe, jill, sam) = (id(joe), id(jill), id(sam));
    Ok(Sound { store, ada, joe, jill, sam, max, acme, inc, website, wave, own, space, account })
}

impl Sound {
    fn state(&mut self) -> &mut State {
        &mut self.store.state
    }

    /// Makes the changes of an event that no decision would have let through.
    fn apply(&mut self, event: Event) {
        let (seq, at, actor) = (self.store.state.seq + 1, self.store.state.last_at, self.ada.who);
        self.store.state.apply(&AuditEvent { version: Version, seq, at, actor, event });
    }

    fn user(&mut self, user: UserId) -> &mut UserRow {
        let ix = self.state().users.find(user).expect("registered").ix;
        self.state().users.get_mut(ix).expect("registered")
    }

    fn team(&mut self, team: TeamId) -> &mut TeamRow {
        let ix = self.state().teams.find(team).expect("provisioned").ix;
        self.state().teams.get_mut(ix).expect("provisioned")
    }

    fn space(&mut self) -> &mut SpaceRow {
        let ix = self.store.state.spaces.find(self.space).expect("created").ix;
        self.state().spaces.get_mut(ix).expect("created")
    }

    fn app(&mut self, app: AppId) -> &mut AppRow {
        let ix = self.state().apps.find(app).expect("created").ix;
        self.state().apps.get_mut(ix).expect("created")
    }
}

/// A way to spoil a state, and the check that finds it.
type Case = (&'static str, fn(&mut Sound));

const CASES: &[Case] = &[
    ("every index finds every row", |s| s.user(s.joe).user.email = text("other@acme.com")),
    ("every index finds every row", |s| s.app(s.wave).app.name = text("other")),
    ("a team has an admin", |s| s.apply(role(s.acme, id(s.ada), TeamRole::Admin, TeamRole::Member))),
    ("a team counts its people", |s| s.team(s.acme).members += 1),
    ("a team counts its people", |s| s.team(s.acme).admins += 1),
    ("roles exist in the kind of team", |s| s.apply(role(s.inc, id(s.max), TeamRole::Member, TeamRole::Viewer))),
    ("seats and people agree", |s| {
        s.team(s.acme).people.remove(&text("joe@acme.com"));
    }),
    ("seats and people agree", |s| {
        let user = s.user(s.jill).clone();
        s.apply(granted(s.wave, Owner::Team(s.inc), s.jill, PermissionSet::VIEW));
        *s.user(s.jill) = user;
    }),
    ("seats and people agree", |s| {
        let other = s.app(s.wave).owner;
        s.app(s.website).owner = other;
    }),
    ("owners list exactly their apps", |s| {
        s.team(s.acme).apps.by_name.remove(&text("acme-website"));
    }),
    ("owners list exactly their apps", |s| {
        s.team(s.acme).apps.by_number.pop_first();
    }),
    ("owners list exactly their apps", |s| s.app(s.wave).app.owner = Owner::Team(s.acme)),
    ("grants stand on both sides", |s| {
        let before = s.app(s.website).clone();
        s.apply(granted(s.website, Owner::Team(s.acme), s.sam, PermissionSet::VIEW));
        *s.app(s.website) = before;
    }),
    ("grants stand on both sides", |s| {
        let before = s.user(s.sam).clone();
        s.apply(granted(s.website, Owner::Team(s.acme), s.sam, PermissionSet::VIEW));
        *s.user(s.sam) = before;
    }),
    ("a grant is one that its app allows", |s| {
        s.apply(granted(s.wave, Owner::Team(s.inc), s.jill, PermissionSet::VIEW));
    }),
    ("a grant is one that its app allows", |s| {
        s.apply(granted(s.website, Owner::Team(s.acme), s.sam, PermissionSet::EMPTY));
    }),
    ("owners are on no grant of their own app", |s| {
        let max = id(s.max);
        s.apply(granted(s.own, Owner::User(max), max, PermissionSet::ALL));
    }),
    ("invitations stand in every list, for people outside the team", |s| s.state().invitations.clear()),
    ("invitations stand in every list, for people outside the team", |s| s.state().invitations_by_email.clear()),
    ("invitations stand in every list, for people outside the team", |s| s.team(s.acme).expiries.clear()),
    ("invitations stand in every list, for people outside the team", |s| {
        let mut invitation = s.state().invitations.values().next().expect("one").clone();
        s.apply(Event::InvitationRevoked { invitation: Box::new(invitation.clone()) });
        invitation.email = text("joe@acme.com");
        s.apply(Event::MemberInvited { invitation: Box::new(invitation), replaced: None });
    }),
    ("transfers are of personal apps, to collaborators", |s| s.state().transfers.clear()),
    ("transfers are of personal apps, to collaborators", |s| {
        let max = id(s.max);
        let (app, user, permissions) = (s.own, s.jill, PermissionSet::WORK);
        let owner = Owner::User(max);
        s.apply(Event::CollaboratorRemoved { app, owner, user, permissions, transfer_ended: None });
    }),
    ("dynos fit where their app is", |s| scale(s, DynoSize::PrivateM)),
    ("dynos fit where their app is", |s| scale(s, DynoSize::Eco)),
    ("spaces hold apps of their team, and members may create in them", |s| {
        s.apply(Event::AppCreationAllowed { space: s.space, team: s.acme, user: s.sam });
    }),
    ("spaces hold apps of their team, and members may create in them", |s| {
        s.space().apps.clear();
    }),
    ("spaces hold apps of their team, and members may create in them", |s| {
        s.space().space.team = s.inc;
    }),
    ("pipelines hold apps of their owner", |s| {
        let pipeline = s.state().pipelines.iter().next().expect("one").pipeline.id;
        let (app, owner, stage) = (s.wave, Owner::Team(s.inc), Stage::Review);
        s.apply(Event::AppCoupled { app, owner, pipeline, stage });
    }),
    ("pipelines hold apps of their owner", |s| {
        let ix = s.state().pipelines.iter().next().expect("one").ix;
        s.state().pipelines.get_mut(ix).expect("one").apps.clear();
    }),
    ("pipelines hold apps of their owner", |s| s.team(s.acme).apps.pipelines.clear()),
    ("accounts have a manager, and know their members and teams", |s| {
        let (account, user) = (s.account, id(s.ada));
        let permissions = AccountPermissionSet::ALL;
        s.apply(Event::AccountMemberRemoved { account, user, permissions });
    }),
    ("accounts have a manager, and know their members and teams", |s| s.state().account_members.clear()),
    ("accounts have a manager, and know their members and teams", |s| {
        s.team(s.acme).team.account = Some(s.account);
    }),
    ("add-ons are on apps, and listed there", |s| s.state().add_ons.clear()),
    ("single sign-on has an identity provider", |s| s.team(s.acme).team.sso = Sso::Enabled),
    ("every second of every resource has one payer", |s| s.app(s.website).app.owner = Owner::Team(s.inc)),
    ("every second of every resource has one payer", |s| {
        let (meter, _) = s.state().ledger.meters().next().expect("one");
        s.state().ledger.stop(meter, DateTime::<Utc>::UNIX_EPOCH);
    }),
    ("every second of every resource has one payer", |s| {
        let (meter, intervals) = s.state().ledger.meters().next().expect("one");
        let now = *intervals.last().expect("one");
        s.state().ledger.start(meter, now.payer, now.load, now.from);
    }),
    ("every second of every resource has one payer", |s| {
        let (meter, intervals) = s.state().ledger.meters().next().expect("one");
        let now = *intervals.last().expect("one");
        s.state().ledger.stop(meter, now.from + TimeDelta::hours(2));
        s.state().ledger.start(meter, now.payer, now.load, now.from + TimeDelta::hours(1));
    }),
    ("a payment method is a Standard team's", |s| s.team(s.acme).payment_method = Some(text("visa"))),
    ("tenures follow each other without gaps", |s| {
        let (payer, from) = (Owner::Team(s.inc), DateTime::<Utc>::UNIX_EPOCH);
        let until = from + TimeDelta::hours(1);
        let website = s.website;
        s.state().tenures.insert(website, vec![Tenure { owner: payer, from, until: Some(until) }]);
    }),
    ("tenures follow each other without gaps", |s| {
        s.state().tenures.insert(AppId::from_uuid(uuid::Uuid::nil()), Vec::new());
    }),
];

fn role(team: TeamId, user: UserId, from: TeamRole, to: TeamRole) -> Event {
    Event::MemberRoleChanged { team, user, from, to, spaces_ended: Box::new([]) }
}

const fn granted(app: AppId, owner: Owner, user: UserId, permissions: PermissionSet) -> Event {
    Event::PermissionsGranted { app, owner, user, permissions }
}

fn scale(s: &mut Sound, size: DynoSize) {
    let (app, owner, process) = (s.website, Owner::Team(s.acme), text("worker"));
    let dynos = DynoChange { process, from: None, to: Some(Dyno { process, size, quantity: 1 }) };
    s.apply(Event::AppScaled { app, owner, dynos: Box::new(dynos) });
}

fn text<T: FromStr<Err: Debug>>(text: &str) -> T {
    text.parse().expect("well formed")
}

#[test]
fn every_check_finds_what_it_is_for() {
    for (case, (name, spoil)) in CASES.iter().enumerate() {
        let mut sound = sound().expect("accepted");
        assert_eq!(sound.store.check_invariants(), []);
        spoil(&mut sound);
        let found = check(sound.state());
        assert!(found.iter().any(|violation| violation.check == *name), "case {case}, {name}: {found:?}");
    }
    for (name, ..) in CHECKS {
        assert!(CASES.iter().any(|(found, _)| found == name), "{name}");
    }
}
