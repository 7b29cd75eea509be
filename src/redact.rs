//! of an entry of the audit log, and of what an operation would record, what whoever reads it may see.

use std::borrow::Cow;

use crate::access::{self, Caller};
use crate::actor::ActorKind;
use crate::entity::{AccountPermission, AppTransfer, Invitation, Owner};
use crate::event::{
    AppDeletion, AuditEvent, CollaboratorRemoval, EmailChange, EndChange, Ended, EndedThing, Event, GroupDeletion,
    MemberEntry, MemberRemoval, Move, PipelineDeletion, PipelineMove, Promotion, RoleChange, SignInChange, SpaceMove,
    SsoEntry, Subject, Sweep, TeamDeletion, TeamMove, UserDeletion,
};
use crate::ids::{AccountId, AppId, PipelineId, TeamId, UserId};
use crate::policy::{AppAction, Capability};
use crate::role::TeamRole;
use crate::state::{AppRow, At, PipelineRow, State};

/// The entry without the secret of the store, which nobody is shown.
pub(crate) fn without_secret(entry: &AuditEvent) -> Cow<'_, AuditEvent> {
    let mut entry = Cow::Borrowed(entry);
    if let Event::StoreOpened { .. } = entry.event {
        hide_secret(entry.to_mut());
    }
    entry
}

/// Takes the secret of the store out of the entry.
pub(crate) fn hide_secret(entry: &mut AuditEvent) {
    if let Event::StoreOpened { opened } = &mut entry.event {
        opened.secret = None;
    }
}

/// Who reads, and in which scope.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'s> {
    pub(crate) state: &'s State,
    pub(crate) caller: Caller<'s>,
    pub(crate) scope: Subject,
}

impl<'s> Reader<'s> {
    /// Of what the caller does, or would do.
    pub(crate) fn of_own(state: &'s State, caller: Caller<'s>) -> Self {
        Self { state, caller, scope: Subject::By(caller.who.user()) }
    }

    /// The entry, without what it did to teams, apps and people outside the scope that the reader does not see.
    pub(crate) fn part(self, entry: &'s AuditEvent) -> Cow<'s, AuditEvent> {
        if self.caller.is_operator() {
            return Cow::Borrowed(entry);
        }
        let mut part = entry.clone();
        if !self.did() {
            part.context = None;
        }
        if let Subject::Team(team) = self.scope
            && let Some(event) = entry.event.seen_from(team)
        {
            (part.actor, part.event) = (ActorKind::Operator, event);
        }
        self.cut(&mut part.event);
        if part == *entry { Cow::Borrowed(entry) } else { Cow::Owned(part) }
    }

    /// As [`part`](Self::part), of an event.
    pub(crate) fn part_of(self, mut event: Event) -> Event {
        if !self.caller.is_operator() {
            self.cut(&mut event);
        }
        event
    }

    /// Leaves of the event what the reader may see. Every event stands here with everything that it tells, so that neither a new
    /// one nor a new field of one is shown to anybody before somebody has said to whom.
    fn cut(self, event: &mut Event) {
        match event {
            // In no log but the operator's: see `without_secret`.
            Event::StoreOpened { opened } => opened.secret = None,
            Event::SettingsChanged { from: _, to: _ } | Event::MonthsClosed {} => {}
            // Each tells of the one user, team, account, app, pipeline or space in whose log it stands, and of who did it or to
            // whom it was done.
            Event::UserRegistered { user: _ }
            | Event::TeamProvisioned { team: _, admin: _ }
            | Event::TeamRenamed { team: _, from: _, to: _ }
            | Event::TeamLabelsChanged { team: _, from: _, to: _ }
            | Event::LimitsChanged { team: _, from: _, to: _ }
            | Event::DefaultRoleChanged { team: _, from: _, to: _ }
            | Event::OAuthAccessChanged { team: _, from: _, to: _ }
            | Event::SignInRequirementChanged { team: _, from: _, to: _ }
            | Event::TeamDeletionRequested { team: _, requested_at: _ }
            | Event::TeamDeletionWithdrawn { team: _, requested_at: _ }
            | Event::MemberInvited { invitation: _, replaced: _ }
            | Event::InvitationAccepted { user: _, role: _, invitation: _ }
            | Event::InvitationDeclined { user: _, invitation: _ }
            | Event::InvitationRevoked { invitation: _ }
            | Event::GroupCreated { group: _ }
            | Event::GroupRenamed { group: _, team: _, from: _, to: _ }
            | Event::GroupMemberAdded { group: _, team: _, user: _ }
            | Event::GroupMemberRemoved { group: _, team: _, user: _ }
            | Event::GroupPermissionsGranted { app: _, owner: _, group: _, permissions: _ }
            | Event::GroupPermissionsChanged { app: _, owner: _, group: _, from: _, to: _ }
            | Event::GroupPermissionsRevoked { app: _, owner: _, group: _, permissions: _ }
            | Event::RoleCreated { role: _ }
            | Event::RoleRenamed { role: _, team: _, from: _, to: _ }
            | Event::RoleRightsChanged { role: _, team: _, from: _, to: _ }
            | Event::RoleDeleted { role: _ }
            | Event::AppCreated { created: _ }
            | Event::AppRenamed { app: _, owner: _, from: _, to: _ }
            | Event::AppLabelsChanged { app: _, owner: _, from: _, to: _ }
            | Event::AppLocked { app: _, owner: _ }
            | Event::AppUnlocked { app: _, owner: _ }
            | Event::AppScaled { app: _, owner: _, dynos: _ }
            | Event::AppJoined { app: _, owner: _, user: _, permissions: _ }
            | Event::PermissionsGranted { app: _, owner: _, user: _, permissions: _ }
            | Event::CollaboratorAdded { app: _, owner: _, user: _, permissions: _ }
            | Event::PermissionsChanged { app: _, owner: _, user: _, from: _, to: _ }
            | Event::AppTransferRequested { transfer: _ }
            | Event::AppTransferDeclined { transfer: _ }
            | Event::AppTransferCancelled { transfer: _ }
            | Event::AppReleased { app: _, owner: _, release: _, replaced: _ }
            | Event::PipelineCreated { pipeline: _ }
            | Event::PipelineRenamed { pipeline: _, owner: _, from: _, to: _ }
            | Event::PipelineLabelsChanged { pipeline: _, owner: _, from: _, to: _ }
            | Event::AppCoupled { app: _, owner: _, pipeline: _, stage: _ }
            | Event::AppStageChanged { app: _, owner: _, pipeline: _, from: _, to: _ }
            | Event::AppUncoupled { app: _, owner: _, pipeline: _, stage: _ }
            | Event::IdentityProviderChanged { team: _, from: _, to: _ }
            | Event::AddOnInstalled { add_on: _, owner: _ }
            | Event::AddOnPlanChanged { app: _, owner: _, changed: _ }
            | Event::AddOnRemoved { add_on: _, owner: _ }
            | Event::AddOnControlsChanged { team: _, from: _, to: _ }
            | Event::AddOnAllowed { team: _, service: _ }
            | Event::AddOnDisallowed { team: _, service: _ }
            | Event::PaymentMethodChanged { team: _, from: _, to: _ }
            | Event::SpaceCreated { space: _ }
            | Event::SpaceRenamed { space: _, team: _, from: _, to: _ }
            | Event::SpaceLabelsChanged { space: _, team: _, from: _, to: _ }
            | Event::AppCreationAllowed { space: _, team: _, user: _ }
            | Event::AppCreationRevoked { space: _, team: _, user: _ }
            | Event::AccountOpened { account: _, manager: _ }
            | Event::AccountMemberAdded { account: _, user: _, permissions: _ }
            | Event::AccountPermissionsChanged { account: _, user: _, from: _, to: _ }
            | Event::AccountMemberRemoved { account: _, user: _, permissions: _ }
            | Event::TeamMoveOutRequested { team: _, requested_at: _ }
            | Event::TeamMoveOutWithdrawn { team: _, requested_at: _ } => {}
            Event::MemberAdded { added } => {
                let MemberEntry { team: _, user: _, role: _, invitation_ended: _ } = **added;
            }
            Event::CollaboratorRemoved { removed } => {
                let CollaboratorRemoval { app: _, owner: _, user: _, permissions: _, transfer_ended: _ } = **removed;
            }
            Event::MfaChanged { user, from: _, to: _, teams }
            | Event::UserSuspended { user, suspended_at: _, teams }
            | Event::UserReinstated { user, suspended_at: _, teams } => self.cut_teams(*user, teams),
            Event::SignInChanged { users, from: _, to: _ } => self.cut_sign_ins(users, true),
            Event::SsoChanged { team: _, from: _, to: _, sign_ins_ended } => {
                self.cut_sign_ins(sign_ins_ended, !self.is_of_user());
            }
            Event::SsoMemberAdded { added } => {
                let SsoEntry { team: _, user, role: _, sign_in_before: _, teams, invitation_ended: _ } = &mut **added;
                self.cut_teams(*user, teams);
            }
            Event::EmailChanged { changed } => {
                let EmailChange { user, from: _, to: _, invitations_ended, teams } = &mut **changed;
                self.cut_teams(*user, teams);
                keep(invitations_ended, |one| self.invitation(one));
            }
            Event::UserDeleted { deleted } => {
                let UserDeletion { user, memberships, grants, invitations, transfers, accounts, spaces, groups } =
                    &mut **deleted;
                if !self.is(user.id) {
                    keep(memberships, |(team, _)| self.team(*team, Capability::ViewUsers));
                    keep(grants, |(app, owner, _)| self.owns(*owner) || self.people_on(*app));
                    keep(transfers, |one| self.transfer(one));
                    keep(accounts, |(account, _)| self.account(*account));
                    let team_of = |space| self.state.spaces.find(space).map(|space| space.space.team);
                    let group_of = |group| self.state.groups.find(group).map(|group| group.group.team);
                    keep(groups, |one| group_of(*one).is_some_and(|team| self.team(team, Capability::ViewGroups)));
                    keep(spaces, |space| team_of(*space).is_some_and(|team| self.team(team, Capability::ViewSpaces)));
                }
                keep(invitations, |one| self.invitation(one));
            }
            Event::TeamDeleted { deleted } => {
                let TeamDeletion {
                    team,
                    members,
                    invitations,
                    identity_provider,
                    allowed_add_ons,
                    payment_method,
                    groups,
                    roles,
                    sign_ins_ended,
                } = &mut **deleted;
                // What a role showed until the end it shows of the end.
                let role = members.iter().find(|(user, _)| self.is(*user)).map(|(_, role)| *role);
                let own = roles.iter().find(|own| role == Some(TeamRole::Custom(own.id())));
                let own = own.map(|own| own.rights().capabilities);
                let sees = |capability: Capability| {
                    let by_table = || {
                        let roles = capability.roles(team.kind).zip(role);
                        roles.is_some_and(|(roles, role)| roles.contains(role.into()))
                    };
                    self.did() && own.map_or_else(by_table, |own| own.contains(capability))
                };
                // The log of a team that is gone is the operator's alone.
                self.cut_sign_ins(sign_ins_ended, sees(Capability::ViewUsers));
                keep(members, |(user, _)| self.is(*user) || sees(Capability::ViewUsers));
                keep(invitations, |_| sees(Capability::ViewInvitations));
                keep(groups, |_| sees(Capability::ViewGroups));
                keep(roles, |_| sees(Capability::ViewRoles));
                *identity_provider = identity_provider.take_if(|_| sees(Capability::ViewIdentityProviders));
                keep(allowed_add_ons, |_| sees(Capability::ViewAddOnAllowlist));
                *payment_method = payment_method.take_if(|_| sees(Capability::ViewPayments));
            }
            Event::MemberRoleChanged { changed } => {
                let RoleChange { team, user: _, from: _, to: _, spaces_ended: _, invitations_ended } = &mut **changed;
                if !self.did() && self.scope != Subject::Team(*team) {
                    keep(invitations_ended, |_| self.team(*team, Capability::ViewInvitations));
                }
            }
            Event::MemberRemoved { removed } => self.cut_removal(removed),
            Event::EndChanged { changed } => {
                let EndChange { held: _, owner: _, from: _, to: _ } = **changed;
            }
            Event::EndsSwept { swept } => {
                let left = swept.left();
                let Sweep { ended, sign_ins_ended } = &mut **swept;
                keep(sign_ins_ended, |change| {
                    let mut teams = change.teams.iter();
                    let within = match self.scope {
                        Subject::Team(team) => {
                            teams.any(|one| *one == team) || left.binary_search(&(change.user, team)).is_ok()
                        }
                        Subject::By(_) | Subject::User(_) | Subject::App(_) | Subject::Account(_) => false,
                    };
                    self.is(change.user) || within
                });
                self.cut_sign_ins(sign_ins_ended, true);
                // Each stands in the logs of those that it concerns.
                keep(ended, |one| one.ended.subjects().contains(&self.scope));
                for Ended { ended_at: _, ended } in ended {
                    match ended {
                        EndedThing::Membership(removed) => self.cut_removal(removed),
                        EndedThing::Grant(CollaboratorRemoval {
                            app: _,
                            owner: _,
                            user: _,
                            permissions: _,
                            transfer_ended: _,
                        })
                        | EndedThing::GroupGrant { app: _, owner: _, group: _, permissions: _ }
                        | EndedThing::AppCreation { space: _, team: _, user: _ } => {}
                    }
                }
            }
            Event::GroupDeleted { deleted } => {
                let GroupDeletion { group, members, grants } = &mut **deleted;
                if !self.did() && self.scope != Subject::Team(group.team) {
                    keep(members, |user| {
                        self.user(*user) && (self.is(*user) || self.team(group.team, Capability::ViewGroups))
                    });
                    keep(grants, |(app, _)| self.app(*app));
                }
            }
            Event::AppDeleted { deleted } => {
                let AppDeletion {
                    app,
                    grants,
                    group_grants,
                    formation: _,
                    history,
                    transfer,
                    coupling: _,
                    release: _,
                    add_ons,
                } = &mut **deleted;
                if self.is_of_user() && !self.owns(app.owner) {
                    let held = grants.iter().find(|(user, _)| self.is(*user)).map(|(_, held)| *held);
                    let listed = held.is_some_and(|held| held.intersects(AppAction::ListAddOns.any_of()));
                    let of_team = |team| self.team(team, Capability::ViewResources);
                    if !listed && !app.owner.team().is_some_and(of_team) {
                        *add_ons = Box::default();
                    }
                    keep(grants, |(user, _)| self.user(*user));
                    *group_grants = Box::default();
                    *history = Box::default();
                    *transfer = transfer.filter(|one| self.transfer(one));
                }
            }
            Event::AppTransferred { moved } | Event::AppTransferAccepted { moved } => {
                if !self.did() {
                    self.cut_move(moved);
                }
            }
            Event::AppsTransferred { moved } => self.cut_moves(moved, self.did()),
            Event::PipelineDeleted { deleted } => {
                let PipelineDeletion { pipeline, couplings } = &mut **deleted;
                if !self.did() && !self.owns(pipeline.owner) {
                    keep(couplings, |(app, _)| self.app(*app));
                }
            }
            Event::PipelineTransferred { moved } => {
                let PipelineMove { pipeline: _, from: _, to: _, apps } = &mut **moved;
                self.cut_moves(apps, self.did());
            }
            Event::AppPromoted { promotion } => {
                let Promotion { pipeline: _, owner, source: _, targets } = &mut **promotion;
                if !self.did() && !self.owns(*owner) {
                    keep(targets, |target| self.app(target.app));
                }
            }
            Event::SpaceDestroyed { space: _, creators } => keep(creators, |user| self.user(*user)),
            Event::SpaceTransferred { moved } => {
                let SpaceMove { space: _, from, to, apps, pipelines, creators_ended } = &mut **moved;
                // An account moves spaces between teams that the mover need not see into (SPC-7).
                let ends = [*from, *to];
                let mine = self.did() && ends.iter().any(|team| self.team(*team, Capability::ViewUsers));
                if !mine && !ends.map(Subject::Team).contains(&self.scope) {
                    keep(pipelines, |pipeline| self.pipeline(*pipeline));
                    keep(creators_ended, |user| self.is_of_user() && self.user(*user));
                }
                self.cut_moves(apps, mine);
            }
            Event::TeamMovedIn { moved } | Event::TeamMovedOut { moved } => {
                let TeamMove {
                    team,
                    kind: _,
                    account: _,
                    limits,
                    default_role,
                    requested_at,
                    deletion_requested_at,
                    grants,
                    payment_method,
                } = &mut **moved;
                if !self.did() && self.scope != Subject::Team(*team) {
                    keep(grants, |(app, grant)| match self.scope {
                        Subject::User(user) => grant.user == user,
                        Subject::App(_) | Subject::Team(_) | Subject::Account(_) | Subject::By(_) => {
                            self.people_on(*app)
                        }
                    });
                    if !self.team(*team, Capability::ViewPreferences) {
                        *limits = None;
                        *default_role = None;
                        *requested_at = None;
                        *deletion_requested_at = None;
                    }
                    *payment_method = None;
                }
            }
        }
    }

    fn cut_removal(self, removed: &mut MemberRemoval) {
        let MemberRemoval { team, user, role: _, grants, spaces, groups, invitations, sign_ins_ended } = removed;
        self.cut_sign_ins(sign_ins_ended, self.did() || self.scope == Subject::Team(*team));
        if !self.did() && self.scope != Subject::Team(*team) {
            keep(invitations, |_| self.team(*team, Capability::ViewInvitations));
        }
        if !self.did() && !self.is(*user) && self.scope != Subject::Team(*team) {
            keep(grants, |(app, _)| self.people_on(*app));
            *spaces = Box::default();
            *groups = Box::default();
        }
    }

    /// Leaves of the teams that somebody is in those that the reader sees them in, and of their own those that let them in.
    fn cut_teams(self, user: UserId, teams: &mut Box<[TeamId]>) {
        let shut = |team| self.state.teams.find(team).is_some_and(|team| self.caller.is_kept_out(team));
        keep(teams, |team| self.team(*team, Capability::ViewUsers) || self.is(user) && !shut(*team));
    }

    fn cut_sign_ins(self, changes: &mut Box<[SignInChange]>, everybody: bool) {
        keep(changes, |change| everybody || self.is(change.user));
        changes.iter_mut().for_each(|change| self.cut_teams(change.user, &mut change.teams));
    }

    fn cut_moves(self, moves: &mut Box<[Move]>, whole: bool) {
        if whole {
            return;
        }
        keep(moves, |one| {
            let ends = self.owns(one.from) || self.owns(one.to);
            ends || self.app(one.app) || one.grants.iter().any(|grant| self.is_of_user() && self.user(grant.user))
        });
        moves.iter_mut().for_each(|one| self.cut_move(one));
    }

    fn cut_move(self, moved: &mut Move) {
        let Move {
            app,
            from,
            owned_since: _,
            to,
            at: _,
            grants,
            group_grants_ended,
            dynos: _,
            transfer_ended,
            uncoupled: _,
        } = moved;
        // The groups of a team are its own.
        if !self.owns(*from) {
            *group_grants_ended = Box::default();
        }
        if !self.owns(*from) && !self.owns(*to) {
            let everybody = !self.is_of_user() && self.people_on(*app);
            keep(grants, |grant| everybody || self.is(grant.user));
            *transfer_ended = transfer_ended.filter(|one| self.transfer(one));
        }
    }

    /// What the caller did, or would do, and so had the right to: they are shown what that right shows.
    const fn did(self) -> bool {
        matches!(self.scope, Subject::By(_))
    }

    fn is(self, user: UserId) -> bool {
        self.caller.who.user() == Some(user)
    }

    fn is_of_user(self) -> bool {
        matches!(self.scope, Subject::User(_))
    }

    fn owns(self, owner: Owner) -> bool {
        self.scope == owner.into()
    }

    /// Whether the scope is the app's, or the reader sees it.
    fn app(self, app: AppId) -> bool {
        let seen = |app: At<'_, AppRow>| {
            let shut = self.state.team_of(app.row).is_some_and(|team| self.caller.is_kept_out(team));
            !shut && access::held_by(self.state, self.caller.user, app.row).allows(AppAction::ViewApp)
        };
        self.scope == Subject::App(app) || self.state.apps.find(app).is_some_and(seen)
    }

    /// Whether the scope is the app's, or the reader sees who is on it.
    fn people_on(self, app: AppId) -> bool {
        let shown = |app: At<'_, AppRow>| access::sees_people_on(self.state, self.caller, app);
        self.scope == Subject::App(app) || self.state.apps.find(app).is_some_and(shown)
    }

    fn pipeline(self, pipeline: PipelineId) -> bool {
        let sees = |pipeline: At<'_, PipelineRow>| access::sees_pipeline(self.state, self.caller, pipeline.row);
        self.state.pipelines.find(pipeline).is_some_and(sees)
    }

    /// Whether the scope is the team's, or the reader has the capability in it and is let in.
    fn team(self, team: TeamId, capability: Capability) -> bool {
        let may = |team| access::may(self.caller, team, capability) && !self.caller.is_kept_out(team);
        self.scope == Subject::Team(team) || self.state.teams.find(team).is_some_and(may)
    }

    /// Whether the reader sees the pending invitations of the team (INV-5), or the invitation waits for them.
    fn invitation(self, one: &Invitation) -> bool {
        let addressed =
            self.caller.user.is_some_and(|user| user.email == one.email) && one.is_pending_at(self.caller.now);
        addressed || self.team(one.team, Capability::ViewInvitations)
    }

    /// Whether the scope is the account's, or the reader is in it.
    fn account(self, account: AccountId) -> bool {
        let held = self.caller.who.user().map(|user| self.state.account_permissions(user, account));
        self.scope == Subject::Account(account) || held.is_some_and(|held| held.contains(AccountPermission::View))
    }

    /// Everybody, in the scope of a team, an account or an app; in that of a user, only them.
    fn user(self, user: UserId) -> bool {
        !self.is_of_user() || self.scope == Subject::User(user)
    }

    fn transfer(self, transfer: &AppTransfer) -> bool {
        self.scope == Subject::App(transfer.app) || self.is(transfer.owner) || self.is(transfer.recipient)
    }
}

/// Leaves what is wanted.
pub(crate) fn keep<T>(items: &mut Box<[T]>, wanted: impl Fn(&T) -> bool) {
    *items = core::mem::take(items).into_iter().filter(wanted).collect();
}
