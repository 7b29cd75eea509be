//! one order of checks. For each operation a staircase: the first row breaks every rung that can be broken at once,
//! each next row repairs just what was reported, the last is accepted.

mod accounts;
mod apps;
mod documented;
mod ends;
mod groups;
mod pipelines;
mod resources;
mod roles;
mod sign_on;
mod spaces;

use std::collections::{BTreeMap, BTreeSet};

use enterprise_teams::chrono::{DateTime, Utc};
use enterprise_teams::demo::Demo;
use enterprise_teams::uuid::Uuid;
use enterprise_teams::{
    AccountId, Actor, AppId, Error, GroupId, NewApp, NewSpace, NewTeam, NewUser, Operation as O, OperationKind,
    PageRequest, PipelineId, Role, RoleId, SpaceId, TeamId, TeamRole, TeamStore, UserId,
    entity::{Limits, Mfa, OAuthAccess, OnExcess, SignIn, SignInRequirement},
    ids::{AddOnId, InvitationId, TransferId},
    query::{PeopleFilter, TeamFilter},
};

use crate::support::{app_name, days, email, id, noon, read, sound, team_name, through_client as via, with_sso};

/// A staircase: what is tried, and where the last row stood.
struct Stairs {
    store: TeamStore,
    actor: Actor,
    operation: O,
    rung: usize,
    codes: Vec<&'static str>,
}

/// A staircase that was climbed: the code of the operation, and what the rows showed.
struct Climbed {
    operation: &'static str,
    codes: Vec<&'static str>,
}

/// The first row: everything is wrong, the actor included.
fn stairs(store: TeamStore, operation: O) -> Stairs {
    stairs_at(noon(), store, operation)
}

fn stairs_at(at: DateTime<Utc>, store: TeamStore, operation: O) -> Stairs {
    let mut stairs = Stairs { store, actor: Actor::user(USER, at), operation, rung: 0, codes: Vec::new() };
    stairs.refused("actor-not-found");
    stairs.refuses_the_suspended();
    stairs.asks_everybody_for_sign_in();
    stairs
}

impl Stairs {
    /// The next row, by another actor.
    #[track_caller]
    fn by(self, actor: Actor, code: &'static str) -> Self {
        self.row(code, |stairs| stairs.actor = actor)
    }

    /// The next row, with other arguments.
    #[track_caller]
    fn with(self, operation: O, code: &'static str) -> Self {
        self.row(code, |stairs| stairs.operation = operation)
    }

    /// The next row, after a change of the store.
    #[track_caller]
    fn after<T>(self, code: &'static str, change: impl FnOnce(&mut TeamStore) -> Result<T, Error>) -> Self {
        self.row(code, |stairs| drop(change(&mut stairs.store).unwrap()))
    }

    #[track_caller]
    fn row(mut self, code: &'static str, repair: impl FnOnce(&mut Self)) -> Self {
        repair(&mut self);
        self.refused(code);
        self
    }

    /// The row is refused with this code, which stands no higher in the catalogue than that of the row before; of what is
    /// not found, the arguments come in their own order.
    #[track_caller]
    fn refused(&mut self, code: &'static str) {
        let error = self.store.what_if(self.actor, &self.operation).expect_err(code);
        assert_eq!(error.code(), code, "{error}");
        let rung = Error::CATALOGUE.iter().position(|(code, ..)| *code == error.code()).unwrap();
        let argument = |code: &&str| code.ends_with("-not-found");
        let arguments = argument(&code) && self.codes.last().is_none_or(argument);
        assert!(rung >= self.rung || arguments, "`{code}` after {:?}", self.codes.last());
        self.rung = rung;
        if self.codes.last() != Some(&code) {
            self.codes.push(code);
        }
        if let Error::OAuthDenied { team } = error {
            self.asks_insiders_for_sign_in(team);
        }
    }

    /// Whoever has neither MFA nor SSO comes no further than existing, where the store requires it (SEC-5).
    #[track_caller]
    fn asks_everybody_for_sign_in(&self) {
        let (mut store, operator) = (self.store.clone(), Actor::operator(self.actor.at));
        let weak = store.register_user(operator, NewUser::new(email("weak@example.com"))).unwrap();
        let mut options = store.settings().options.clone();
        options.sign_in_requirement = SignInRequirement::MfaOrSso;
        store.change_settings(operator, options).unwrap();
        let error = store.what_if(Actor::user(weak, self.actor.at), &self.operation).expect_err("a weak sign-in");
        assert_eq!(error, Error::ActorNeedsMfaOrSso { actor: weak });
    }

    /// Whoever is suspended comes no further than existing either (SUS-1).
    #[track_caller]
    fn refuses_the_suspended(&self) {
        let (mut store, operator) = (self.store.clone(), Actor::operator(self.actor.at));
        let user = store.register_user(operator, NewUser::new(email("suspended@example.com"))).unwrap();
        store.suspend_user(operator, user).unwrap();
        for actor in [Actor::user(user, self.actor.at), via(Actor::user(user, self.actor.at))] {
            let error = store.what_if(actor, &self.operation).expect_err("a suspended user");
            assert_eq!(error, Error::ActorSuspended { actor: user });
        }
    }

    /// What the team requires stands where third-party clients are kept out. It is asked of whoever is in the team or on one of
    /// its apps, unless they leave or answer an invitation (SEC-5).
    #[track_caller]
    fn asks_insiders_for_sign_in(&self, team: TeamId) {
        let (mut store, operator) = (self.store.clone(), Actor::operator(self.actor.at));
        let user = self.actor.who.user().expect("a user");
        let people = store.access_list(operator, team, &PeopleFilter::default(), &PageRequest::default()).unwrap();
        let admin = people.items.iter().find(|entry| entry.role == Role::Admin).expect("an admin").user.id();
        drop(store.set_mfa(operator, admin, Mfa::Enrolled));
        let by_admin = Actor::user(admin, self.actor.at);
        store.set_oauth_access(by_admin, team, ALLOWED).unwrap();
        store.set_sign_in_requirement(by_admin, team, SignInRequirement::MfaOrSso).unwrap();
        drop(store.set_mfa(operator, user, Mfa::NotEnrolled));
        let free = match &self.operation {
            O::RemoveMember { user: of, .. } | O::RemoveCollaborator { user: of, .. } => *of == user,
            O::AcceptInvitation { .. } | O::DeclineInvitation { .. } => true,
            _ => false,
        };
        let inside = store.role(operator, team, user).unwrap().is_some();
        let answer = store.what_if(Actor::user(user, self.actor.at), &self.operation);
        let refusal = answer.err().filter(|error| error.code() == "team-requires-mfa-or-sso");
        let expected = (inside && !free).then_some(Error::TeamRequiresMfaOrSso { team });
        assert_eq!(refusal, expected, "{:?} by {user}", self.operation);
    }

    /// The next row: the user, who would receive something, is suspended (SUS-1).
    #[track_caller]
    fn suspended(self, user: UserId, operation: O) -> Self {
        self.row("user-is-suspended", |stairs| {
            let operator = Actor::operator(stairs.actor.at);
            stairs.operation = operation;
            stairs.store.suspend_user(operator, user).unwrap();
        })
    }

    /// The next row: the user is reinstated.
    #[track_caller]
    fn reinstated(self, user: UserId, code: &'static str) -> Self {
        self.after(code, |store| store.reinstate_user(Actor::operator(noon()), user))
    }

    #[track_caller]
    fn end_reinstated(self, user: UserId, code: &'static str) -> Climbed {
        self.end_after(code, |store| store.reinstate_user(Actor::operator(noon()), user))
    }

    /// The last row: everything is repaired.
    #[track_caller]
    fn accepted(mut self, code: &'static str) -> Climbed {
        let event = self.store.what_if(self.actor, &self.operation).expect("nothing is wrong any more").event;
        let (before, number) = (self.store.clone(), self.store.events().len() as u64 + 1);
        assert_eq!(event.code(), code);
        let recorded = self.store.perform(self.actor, &self.operation).unwrap();
        assert_eq!((recorded.seq, recorded.actor, &recorded.event), (number, self.actor.who, &event));
        assert!(self.store != before);
        sound(&self.store);
        let kind = self.operation.kind();
        assert_eq!(serde_json::to_value(&self.operation).unwrap()["type"], kind.code());
        assert_eq!(kind.records(), code);
        Climbed { operation: kind.code(), codes: self.codes }
    }

    #[track_caller]
    fn end_by(mut self, actor: Actor, code: &'static str) -> Climbed {
        self.actor = actor;
        self.accepted(code)
    }

    #[track_caller]
    fn end_with(mut self, operation: O, code: &'static str) -> Climbed {
        self.operation = operation;
        self.accepted(code)
    }

    #[track_caller]
    fn end_after<T>(mut self, code: &'static str, change: impl FnOnce(&mut TeamStore) -> Result<T, Error>) -> Climbed {
        change(&mut self.store).unwrap();
        self.accepted(code)
    }
}

// Nobody and nothing has these.
const USER: UserId = UserId::from_uuid(Uuid::max());
const TEAM: TeamId = TeamId::from_uuid(Uuid::max());
const APP: AppId = AppId::from_uuid(Uuid::max());
const GROUP: GroupId = GroupId::from_uuid(Uuid::max());
const ROLE: RoleId = RoleId::from_uuid(Uuid::max());
const SPACE: SpaceId = SpaceId::from_uuid(Uuid::max());
const PIPELINE: PipelineId = PipelineId::from_uuid(Uuid::max());
const ACCOUNT: AccountId = AccountId::from_uuid(Uuid::max());
const INVITATION: InvitationId = InvitationId::from_uuid(Uuid::max());
const ADD_ON: AddOnId = AddOnId::from_uuid(Uuid::max());
const TRANSFER: TransferId = TransferId::from_uuid(Uuid::max());

const DENIED: OAuthAccess = OAuthAccess::Denied;
const ALLOWED: OAuthAccess = OAuthAccess::Allowed;

/// The sample store, with both teams closed to third-party clients.
fn closed() -> Demo {
    let mut demo = Demo::new().unwrap();
    demo.store.set_oauth_access(demo.ada, demo.acme, DENIED).unwrap();
    demo.store.set_oauth_access(demo.sam, demo.inc, DENIED).unwrap();
    demo
}

fn members(members: u32) -> Limits {
    Limits { members, ..Limits::STANDARD }
}

/// What is used may be no more, with these other limits.
fn used_up(units: Option<u32>, credits: Option<u64>, limits: Limits) -> Limits {
    Limits { dyno_units: units, add_on_credits: credits, on_excess: OnExcess::Refused, ..limits }
}

fn apps(apps: u32) -> Limits {
    Limits { apps: Some(apps), ..Limits::ENTERPRISE }
}

fn users() -> Vec<Climbed> {
    let Demo { mut store, operator, ada, joe, acme, .. } = Demo::new().unwrap();
    let new = |text, user| O::RegisterUser { user: NewUser::new(email(text)).with_id(user) };
    let registering = stairs(store.clone(), new("joe@acme.com", id(ada)))
        .by(joe, "only-operator-registers-users")
        .by(operator, "email-taken")
        .with(new("new@acme.com", id(ada)), "user-id-taken")
        .end_with(new("new@acme.com", USER), "user-registered");

    let set = |user, text| O::SetEmail { user, email: email(text) };
    let same = store.settings().options.clone();
    let mut other = same.clone();
    other.space_apps_max = 7.try_into().unwrap();
    let changing = stairs(store.clone(), O::ChangeSettings { options: same })
        .by(ada, "only-operator-changes-settings")
        .by(operator, "settings-unchanged")
        .end_with(O::ChangeSettings { options: other }, "settings-changed");

    let renaming = stairs(store.clone(), set(USER, "ada@acme.com"))
        .by(joe, "user-not-found")
        .with(set(id(ada), "ada@acme.com"), "only-operator-changes-emails")
        .by(via(ada), "only-operator-changes-emails")
        .by(ada, "only-operator-changes-emails")
        .by(operator, "email-unchanged")
        .with(set(id(ada), "joe@acme.com"), "email-taken")
        .end_with(set(id(ada), "ada@acme.org"), "email-changed");

    let set = |user, mfa| O::SetMfa { user, mfa };
    let enrolling = stairs(store.clone(), set(USER, Mfa::NotEnrolled))
        .by(joe, "user-not-found")
        .with(set(id(ada), Mfa::NotEnrolled), "only-self-or-operator-changes-sign-in")
        .by(via(ada), "only-self-or-operator-changes-sign-in")
        .by(operator, "mfa-unchanged")
        .end_with(set(id(ada), Mfa::Enrolled), "mfa-changed");

    let set = |user, sign_in| O::SetSignIn { user, sign_in };
    let signing_in = stairs(store.clone(), set(USER, SignIn::Password))
        .by(joe, "user-not-found")
        .with(set(id(ada), SignIn::Password), "only-self-or-operator-changes-sign-in")
        .by(via(ada), "only-self-or-operator-changes-sign-in")
        .by(ada, "sign-in-unchanged")
        .with(set(id(ada), SignIn::Sso), "no-team-to-sign-in-through")
        .end_after("sign-in-changed", |s| {
            let team = s.memberships(ada, &TeamFilter::default(), &PageRequest::default())?.items[0].team.id();
            with_sso(s, ada, team);
            Ok(())
        });

    let own = store.create_app(ada, NewApp::personal().named(app_name("her-own"))).unwrap();
    let flow = store.create_pipeline(ada, id(ada), read("her-flow")).unwrap();
    let account = store.open_account(operator, read("acme"), id(ada)).unwrap();
    let suspend = |user| O::SuspendUser { user };
    let mut suspended = store.clone();
    suspended.suspend_user(operator, id(joe)).unwrap();
    let reinstate = |user| O::ReinstateUser { user };
    let reinstating = stairs(suspended.clone(), reinstate(USER))
        .by(ada, "user-not-found")
        .with(reinstate(id(ada)), "only-operator-suspends-users")
        .by(via(ada), "only-operator-suspends-users")
        .by(operator, "user-not-suspended")
        .end_with(reinstate(id(joe)), "user-reinstated");
    let suspending = stairs(suspended, suspend(USER))
        .by(ada, "user-not-found")
        .with(suspend(id(joe)), "only-operator-suspends-users")
        .by(via(ada), "only-operator-suspends-users")
        .by(operator, "user-already-suspended")
        .with(suspend(id(ada)), "cannot-suspend-last-admin")
        .row("cannot-suspend-last-manager", |row| {
            row.store.reinstate_user(operator, id(joe)).unwrap();
            row.store.set_member_role(ada, acme, id(joe), TeamRole::Admin).unwrap();
        })
        .end_after("user-suspended", |store| store.add_account_member(ada, account, id(joe), read("manage")));
    let deleting = stairs(store, O::DeleteUser { user: USER })
        .by(joe, "user-not-found")
        .with(O::DeleteUser { user: id(ada) }, "only-self-or-operator-deletes-user")
        .by(via(ada), "only-self-or-operator-deletes-user")
        .by(ada, "user-still-owns")
        .after("user-still-owns", |store| store.delete_app(ada, own, "her-own"))
        .after("cannot-delete-last-admin", |store| store.delete_pipeline(ada, flow))
        .after("cannot-delete-last-manager", |store| store.set_member_role(ada, acme, id(joe), TeamRole::Admin))
        .end_after("user-deleted", |store| store.add_account_member(ada, account, id(joe), read("manage")));
    vec![changing, registering, renaming, enrolling, signing_in, suspending, reinstating, deleting]
}

fn teams() -> Vec<Climbed> {
    let Demo { mut store, operator, ada, joe, max, acme, website, .. } = closed();
    let new = |name, admin, most| O::ProvisionTeam {
        team: NewTeam::enterprise(team_name(name), admin).limits(members(most)),
    };
    let provisioning = stairs(store.clone(), new("api", USER, 0))
        .by(joe, "user-not-found")
        .with(new("api", id(joe), 0), "only-operator-provisions-teams")
        .by(operator, "team-name-reserved")
        .with(new("acme-inc", id(joe), 0), "member-limit-zero")
        .suspended(id(joe), new("acme-inc", id(joe), 1))
        .reinstated(id(joe), "team-name-taken")
        .end_with(new("acme-labs", id(joe), 1), "team-provisioned");
    let mut corp = store.clone();
    let account = corp.open_account(operator, read("corp"), id(ada)).unwrap();
    let new = |name, account, most| O::ProvisionTeam {
        team: NewTeam::standard(team_name(name), id(joe)).limits(members(most)).in_account(account),
    };
    let provisioning_inside = stairs(corp, new("acme-inc", ACCOUNT, 0))
        .by(joe, "account-not-found")
        .with(new("acme-inc", account, 0), "only-operator-provisions-teams")
        .by(operator, "member-limit-zero")
        .with(new("acme-inc", account, 1), "standard-team-in-account")
        .end_with(
            O::ProvisionTeam { team: NewTeam::enterprise(team_name("acme-labs"), id(joe)).in_account(account) },
            "team-provisioned",
        );

    let rename = |team, name| O::RenameTeam { team, name: team_name(name) };
    let renaming = stairs(store.clone(), rename(TEAM, "acme-inc"))
        .by(via(max), "team-not-found")
        .with(rename(acme, "acme-inc"), "oauth-denied")
        .by(max, "only-admins-rename-teams")
        .by(ada, "team-name-taken")
        .end_with(rename(acme, "acme-labs"), "team-renamed");

    let limit = |team, limits| O::SetTeamLimits { team, limits };
    let limiting = stairs(store.clone(), limit(TEAM, members(0)))
        .by(via(ada), "team-not-found")
        .with(limit(acme, members(0)), "oauth-denied")
        .by(ada, "only-operator-sets-limits")
        .by(operator, "member-limit-zero")
        .with(limit(acme, Limits::ENTERPRISE), "limits-unchanged")
        .end_with(limit(acme, Limits::STANDARD), "limits-changed");

    let ask = |team| O::RequestTeamDeletion { team };
    let mut asked = store.clone();
    asked.request_team_deletion(ada, acme).unwrap();
    let team = NewTeam::standard(team_name("adas-own"), id(ada));
    let standard = asked.provision_team(operator, team).unwrap();
    asked.set_oauth_access(ada, standard, DENIED).unwrap();
    let asking = stairs(asked, ask(TEAM))
        .by(via(max), "team-not-found")
        .with(ask(standard), "oauth-denied")
        .by(max, "only-admins-request-deletion")
        .by(ada, "deletion-needs-no-request")
        .with(ask(acme), "deletion-already-requested")
        .end_after("team-deletion-requested", |store| store.withdraw_team_deletion(ada, acme));

    let withdraw = |team| O::WithdrawTeamDeletion { team };
    let withdrawing = stairs(store.clone(), withdraw(TEAM))
        .by(via(max), "team-not-found")
        .with(withdraw(acme), "oauth-denied")
        .by(max, "only-admins-request-deletion")
        .by(ada, "deletion-not-requested")
        .end_after("team-deletion-withdrawn", |store| store.request_team_deletion(ada, acme));

    let space = store.create_space(ada, NewSpace::new(acme, read("acme-space"))).unwrap();
    let flow = store.create_pipeline(ada, acme, read("acme-flow")).unwrap();
    let deleting = stairs(store, O::DeleteTeam { team: TEAM })
        .by(via(max), "team-not-found")
        .with(O::DeleteTeam { team: acme }, "oauth-denied")
        .by(max, "only-admins-delete-teams")
        .by(ada, "only-operator-deletes-enterprise-teams")
        .by(operator, "deletion-not-requested")
        .after("team-not-empty", |store| store.request_team_deletion(ada, acme))
        .after("team-not-empty", |store| store.delete_app(ada, website, "acme-website"))
        .after("team-not-empty", |store| store.delete_pipeline(ada, flow))
        .end_after("team-deleted", |store| store.destroy_space(ada, space, "acme-space"));
    vec![provisioning, provisioning_inside, renaming, limiting, asking, withdrawing, deleting]
}

fn standard_team() -> Vec<Climbed> {
    let Demo { store, operator, sam, max, inc, wave, .. } = closed();
    let deleting = stairs(store.clone(), O::DeleteTeam { team: TEAM })
        .by(via(max), "team-not-found")
        .with(O::DeleteTeam { team: inc }, "oauth-denied")
        .by(max, "only-admins-delete-teams")
        .by(operator, "only-admins-delete-teams")
        .by(sam, "team-not-empty")
        .end_after("team-deleted", |store| store.delete_app(sam, wave, "frozen-wave-4030"));

    let default = |team, role| O::SetDefaultRole { team, role };
    let defaulting = stairs(store.clone(), default(TEAM, TeamRole::Viewer))
        .by(via(max), "team-not-found")
        .with(default(inc, TeamRole::Viewer), "oauth-denied")
        .by(max, "only-admins-set-default-role")
        .by(sam, "viewer-in-standard-team")
        .with(default(inc, TeamRole::Member), "default-role-unchanged")
        .end_with(default(inc, TeamRole::Admin), "default-role-changed");

    let require = |team, requirement| O::SetSignInRequirement { team, requirement };
    let requiring = stairs(store.clone(), require(TEAM, SignInRequirement::Nothing))
        .by(via(max), "team-not-found")
        .with(require(inc, SignInRequirement::Nothing), "oauth-denied")
        .by(max, "only-admins-set-sign-in-requirement")
        .by(sam, "sign-in-requirement-unchanged")
        .with(require(inc, SignInRequirement::MfaOrSso), "admin-needs-mfa-or-sso")
        .end_after("sign-in-requirement-changed", |store| store.set_mfa(sam, id(sam), Mfa::Enrolled));

    let open = |team, access| O::SetOAuthAccess { team, access };
    let opening = stairs(store, open(TEAM, DENIED))
        .by(via(max), "team-not-found")
        .with(open(inc, DENIED), "oauth-denied")
        .by(max, "only-admins-set-oauth-access")
        .by(sam, "oauth-access-unchanged")
        .end_with(open(inc, ALLOWED), "oauth-access-changed");
    vec![deleting, defaulting, requiring, opening]
}

fn member_roles() -> Vec<Climbed> {
    let Demo { mut store, operator, jill, joe, sam, max, inc, .. } = closed();
    store.set_team_limits(operator, inc, members(2)).unwrap();
    let more = |store: &mut TeamStore| store.set_team_limits(operator, inc, members(3));

    let add = |team, user, role| O::AddMember { team, user, role };
    let adding = stairs(store.clone(), add(TEAM, USER, TeamRole::Viewer))
        .by(via(joe), "team-not-found")
        .with(add(inc, USER, TeamRole::Viewer), "user-not-found")
        .with(add(inc, id(max), TeamRole::Viewer), "oauth-denied")
        .by(joe, "only-admins-manage-members")
        .by(sam, "viewer-in-standard-team")
        .with(add(inc, id(max), TeamRole::Admin), "already-in-team")
        .with(add(inc, id(max), TeamRole::Member), "role-unchanged")
        .suspended(id(jill), add(inc, id(jill), TeamRole::Admin))
        .reinstated(id(jill), "member-limit-reached")
        .end_after("member-added", more);

    let add = |team, user| O::AddDefaultMember { team, user };
    let adding_default = stairs(store.clone(), add(TEAM, USER))
        .by(via(max), "team-not-found")
        .with(add(inc, USER), "user-not-found")
        .with(add(inc, id(sam)), "oauth-denied")
        .by(max, "only-admins-manage-members")
        .by(sam, "already-in-team")
        .with(add(inc, id(max)), "role-unchanged")
        .suspended(id(jill), add(inc, id(jill)))
        .reinstated(id(jill), "member-limit-reached")
        .end_after("member-added", more);

    let set = |team, user, role| O::SetMemberRole { team, user, role };
    let changing = stairs(store.clone(), set(TEAM, USER, TeamRole::Viewer))
        .by(via(max), "team-not-found")
        .with(set(inc, USER, TeamRole::Viewer), "user-not-found")
        .with(set(inc, id(jill), TeamRole::Viewer), "oauth-denied")
        .by(max, "only-admins-manage-members")
        .by(sam, "viewer-in-standard-team")
        .with(set(inc, id(jill), TeamRole::Admin), "not-in-team")
        .with(set(inc, id(sam), TeamRole::Admin), "role-unchanged")
        .suspended(id(max), set(inc, id(max), TeamRole::Admin))
        .with(set(inc, id(sam), TeamRole::Member), "cannot-demote-last-admin")
        .reinstated(id(max), "cannot-demote-last-admin")
        .end_after("member-role-changed", |store| store.set_member_role(sam, inc, id(max), TeamRole::Admin));

    let remove = |team, user| O::RemoveMember { team, user };
    let removing = stairs(store, remove(TEAM, USER))
        .by(via(max), "team-not-found")
        .with(remove(inc, USER), "user-not-found")
        .with(remove(inc, id(jill)), "oauth-denied")
        .by(max, "only-admins-manage-members")
        .by(sam, "not-in-team")
        .with(remove(inc, id(sam)), "last-admin-cannot-leave")
        .end_after("member-removed", |store| store.set_member_role(sam, inc, id(max), TeamRole::Admin));
    vec![adding, adding_default, changing, removing]
}

fn invitations() -> Vec<Climbed> {
    let Demo { mut store, operator, joe, jill, sam, max, inc, .. } = closed();
    let invite = |team, text, role| O::InviteMember { team, email: email(text), role };
    let mut full = store.clone();
    full.set_team_limits(operator, inc, members(2)).unwrap();
    let inviting = stairs(full, invite(TEAM, "max@acme-inc.com", TeamRole::Viewer))
        .by(via(max), "team-not-found")
        .with(invite(inc, "max@acme-inc.com", TeamRole::Viewer), "oauth-denied")
        .by(max, "only-admins-invite")
        .by(sam, "viewer-in-standard-team")
        .with(invite(inc, "max@acme-inc.com", TeamRole::Member), "invitee-in-team")
        .suspended(id(joe), invite(inc, "joe@acme.com", TeamRole::Member))
        .with(invite(inc, "new@acme-inc.com", TeamRole::Member), "member-limit-reached")
        .end_after("member-invited", |store| store.set_team_limits(operator, inc, members(3)));

    let invite = |team, text| O::InviteDefaultMember { team, email: email(text) };
    let mut full = store.clone();
    full.set_team_limits(operator, inc, members(2)).unwrap();
    let inviting_default = stairs(full, invite(TEAM, "max@acme-inc.com"))
        .by(via(max), "team-not-found")
        .with(invite(inc, "max@acme-inc.com"), "oauth-denied")
        .by(max, "only-admins-invite")
        .by(sam, "invitee-in-team")
        .suspended(id(joe), invite(inc, "joe@acme.com"))
        .reinstated(id(joe), "member-limit-reached")
        .end_after("member-invited", |store| store.set_team_limits(operator, inc, members(3)));

    // Its sender is no admin any more when the default role becomes admin.
    store.set_member_role(sam, inc, id(max), TeamRole::Admin).unwrap();
    let invitation = store.invite_default_member(max, inc, email("jill@creativeinc.com")).unwrap();
    store.set_member_role(sam, inc, id(max), TeamRole::Member).unwrap();
    store.set_default_role(sam, inc, TeamRole::Admin).unwrap();
    // The invitation counts already (TEAM-5).
    let mut full = store.clone();
    full.set_team_limits(operator, inc, members(2)).unwrap();
    let late = |actor: Actor| actor.at(days(30));
    let accepting = stairs_at(days(30), full, O::AcceptInvitation { invitation: INVITATION })
        .by(late(via(joe)), "invitation-not-found")
        .with(O::AcceptInvitation { invitation }, "oauth-denied")
        .by(late(joe), "invitation-for-someone-else")
        .by(late(jill), "invitation-expired")
        .by(jill, "inviter-is-no-admin")
        .end_after("invitation-accepted", |store| store.set_default_role(sam, inc, TeamRole::Member));

    let declining = stairs(store.clone(), O::DeclineInvitation { invitation: INVITATION })
        .by(via(joe), "invitation-not-found")
        .with(O::DeclineInvitation { invitation }, "oauth-denied")
        .by(joe, "invitation-for-someone-else")
        .end_by(late(jill), "invitation-declined");

    let revoking = stairs(store, O::RevokeInvitation { invitation: INVITATION })
        .by(via(max), "invitation-not-found")
        .with(O::RevokeInvitation { invitation }, "oauth-denied")
        .by(max, "only-admins-revoke-invitations")
        .end_by(late(sam), "invitation-revoked");
    vec![inviting, inviting_default, accepting, declining, revoking]
}

macro_rules! chapters {
    ($($test:ident: $chapter:path;)+) => {
        $(
            #[test]
            fn $test() {
                $chapter();
            }
        )+

        fn all() -> Vec<Climbed> {
            [$($chapter()),+].into_iter().flatten().collect()
        }
    };
}

/// The staircases of each operation, by its code.
pub(crate) fn shown() -> BTreeMap<&'static str, Vec<Vec<&'static str>>> {
    let mut shown = BTreeMap::<_, Vec<_>>::new();
    for Climbed { operation, codes } in all() {
        shown.entry(operation).or_default().push(codes);
    }
    shown
}

#[test]
fn x_02_every_operation_has_a_staircase() {
    let kinds: BTreeSet<_> = OperationKind::ALL.iter().map(|kind| kind.code()).collect();
    assert!(shown().into_keys().eq(kinds));
}

chapters! {
    x_02_order_of_checks_on_users: users;
    x_02_order_of_checks_on_teams: teams;
    x_02_order_of_checks_on_a_standard_team: standard_team;
    x_02_order_of_checks_on_members: member_roles;
    x_02_order_of_checks_on_invitations: invitations;
    x_02_order_of_checks_on_creating_apps: apps::created;
    x_02_order_of_checks_on_managing_apps: apps::managed_apps;
    x_02_order_of_checks_on_scaling_and_joining: apps::worked_on;
    x_02_order_of_checks_on_permissions: apps::granted;
    x_02_order_of_checks_on_collaborators: apps::collaborators;
    x_02_order_of_checks_on_transfers: apps::transferred;
    x_02_order_of_checks_on_bulk_transfers: apps::transferred_in_bulk;
    x_02_order_of_checks_on_transfer_requests: apps::transfers_requested;
    x_02_order_of_checks_on_apps_in_spaces: spaces::apps_inside;
    x_02_order_of_checks_on_creating_pipelines: pipelines::created;
    x_02_order_of_checks_on_managing_pipelines: pipelines::managed;
    x_02_order_of_checks_on_coupling: pipelines::coupled;
    x_02_order_of_checks_on_transfers_of_pipelines: pipelines::transferred;
    x_02_order_of_checks_on_releases: pipelines::released;
    x_02_order_of_checks_on_promotion: pipelines::promoted;
    x_02_order_of_checks_on_groups: groups::managed;
    x_02_order_of_checks_on_grants_to_groups: groups::granted;
    x_02_order_of_checks_on_ends: ends::moved;
    x_02_order_of_checks_on_ends_of_grants: ends::granted;
    x_02_order_of_checks_on_roles: roles::managed;
    x_02_order_of_checks_on_giving_roles: roles::given;
    x_02_order_of_checks_on_spaces: spaces::managed;
    x_02_order_of_checks_on_transfers_of_spaces: spaces::transferred;
    x_02_order_of_checks_on_accounts: accounts::managed;
    x_02_order_of_checks_on_teams_of_an_account: accounts::teams;
    x_02_order_of_checks_on_moving_in_and_out: accounts::moved;
    x_02_order_of_checks_on_identity_providers: sign_on::set_up;
    x_02_order_of_checks_on_sign_ins: sign_on::signed_in;
    x_02_order_of_checks_on_installing_add_ons: resources::installed;
    x_02_order_of_checks_on_changing_add_ons: resources::changed;
    x_02_order_of_checks_on_the_control_of_add_ons: resources::controlled;
    x_02_order_of_checks_on_payment: resources::paid_for;
}
