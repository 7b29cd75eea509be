//! of an entry of the audit log, what its reader may see.

use std::borrow::Cow;

use crate::access::{self, Caller};
use crate::entity::{AppTransfer, Owner};
use crate::event::{
    AppDeletion, AuditEvent, CollaboratorRemoval, EmailChange, Event, MemberRemoval, Move, PipelineDeletion,
    PipelineMove, Promotion, RoleChange, SpaceMove, Subject, TeamDeletion, TeamMove, UserDeletion,
};
use crate::ids::{AppId, PipelineId, TeamId, UserId};
use crate::policy::{AppAction, Capability};
use crate::state::{At, PipelineRow, State};

/// The entry without the secret of the store, which nobody is shown.
pub(super) fn without_secret(entry: &AuditEvent) -> Cow<'_, AuditEvent> {
    let mut entry = Cow::Borrowed(entry);
    if let Event::StoreOpened { .. } = entry.event
        && let Event::StoreOpened { opened } = &mut entry.to_mut().event
    {
        opened.secret = None;
    }
    entry
}

/// Who reads, and in which scope.
#[derive(Clone, Copy)]
pub(super) struct Reader<'s> {
    pub(super) state: &'s State,
    pub(super) caller: Caller<'s>,
    pub(super) scope: Subject,
}

impl<'s> Reader<'s> {
    /// The entry, without what it did to teams, apps and people outside the scope that the reader does not see. What a user did
    /// they see whole, and the operator everything.
    pub(super) fn part(self, entry: &'s AuditEvent) -> Cow<'s, AuditEvent> {
        if self.caller.is_operator() || matches!(self.scope, Subject::By(_)) {
            return Cow::Borrowed(entry);
        }
        let mut part = entry.clone();
        part.context = None;
        self.cut(&mut part.event);
        if part == *entry { Cow::Borrowed(entry) } else { Cow::Owned(part) }
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
            | Event::MfaChanged { user: _, from: _, to: _ }
            | Event::SignInChanged { user: _, from: _, to: _ }
            | Event::TeamProvisioned { team: _, admin: _ }
            | Event::TeamRenamed { team: _, from: _, to: _ }
            | Event::LimitsChanged { team: _, from: _, to: _ }
            | Event::DefaultRoleChanged { team: _, from: _, to: _ }
            | Event::OAuthAccessChanged { team: _, from: _, to: _ }
            | Event::TeamDeletionRequested { team: _, requested_at: _ }
            | Event::TeamDeletionWithdrawn { team: _, requested_at: _ }
            | Event::MemberAdded { team: _, user: _, role: _, invitation_ended: _ }
            | Event::MemberInvited { invitation: _, replaced: _ }
            | Event::InvitationAccepted { user: _, role: _, invitation: _ }
            | Event::InvitationDeclined { user: _, invitation: _ }
            | Event::InvitationRevoked { invitation: _ }
            | Event::AppCreated { created: _ }
            | Event::AppRenamed { app: _, owner: _, from: _, to: _ }
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
            | Event::AppCoupled { app: _, owner: _, pipeline: _, stage: _ }
            | Event::AppStageChanged { app: _, owner: _, pipeline: _, from: _, to: _ }
            | Event::AppUncoupled { app: _, owner: _, pipeline: _, stage: _ }
            | Event::IdentityProviderChanged { team: _, from: _, to: _ }
            | Event::SsoChanged { team: _, from: _, to: _ }
            | Event::SsoMemberAdded { team: _, user: _, role: _, sign_in_before: _, invitation_ended: _ }
            | Event::AddOnInstalled { add_on: _, owner: _ }
            | Event::AddOnPlanChanged { app: _, owner: _, changed: _ }
            | Event::AddOnRemoved { add_on: _, owner: _ }
            | Event::AddOnControlsChanged { team: _, from: _, to: _ }
            | Event::AddOnAllowed { team: _, service: _ }
            | Event::AddOnDisallowed { team: _, service: _ }
            | Event::PaymentMethodChanged { team: _, from: _, to: _ }
            | Event::SpaceCreated { space: _ }
            | Event::SpaceRenamed { space: _, team: _, from: _, to: _ }
            | Event::AppCreationAllowed { space: _, team: _, user: _ }
            | Event::AppCreationRevoked { space: _, team: _, user: _ }
            | Event::AccountOpened { account: _, manager: _ }
            | Event::AccountMemberAdded { account: _, user: _, permissions: _ }
            | Event::AccountPermissionsChanged { account: _, user: _, from: _, to: _ }
            | Event::AccountMemberRemoved { account: _, user: _, permissions: _ }
            | Event::TeamMoveOutRequested { team: _, requested_at: _ }
            | Event::TeamMoveOutWithdrawn { team: _, requested_at: _ } => {}
            Event::CollaboratorRemoved { removed } => {
                let CollaboratorRemoval { app: _, owner: _, user: _, permissions: _, transfer_ended: _ } = **removed;
            }
            Event::EmailChanged { changed } => {
                let EmailChange { user: _, from: _, to: _, invitations_ended } = &mut **changed;
                keep(invitations_ended, |one| self.team(one.team));
            }
            Event::UserDeleted { deleted } => {
                let UserDeletion { user: _, memberships, grants, invitations, transfers, accounts, spaces } =
                    &mut **deleted;
                keep(memberships, |(team, _)| self.team(*team));
                keep(grants, |(app, owner, _)| self.owns(*owner) || self.app(*app));
                keep(invitations, |one| self.team(one.team));
                keep(transfers, |one| self.transfer(one));
                let member = |account| self.caller.user.map(|row| self.state.account_permissions(row.user.id, account));
                keep(accounts, |(account, _)| member(*account).is_some_and(|held| !held.is_empty()));
                let team_of = |space| self.state.spaces.find(space).map(|space| space.space.team);
                keep(spaces, |space| team_of(*space).is_some_and(|team| self.team(team)));
            }
            Event::TeamDeleted { deleted } => {
                let TeamDeletion { team, members, invitations, identity_provider, allowed_add_ons, payment_method } =
                    &mut **deleted;
                if self.scope != Subject::Team(team.id) {
                    keep(members, |(user, _)| self.user(*user));
                    *invitations = Box::default();
                    *identity_provider = None;
                    *allowed_add_ons = Box::default();
                    *payment_method = None;
                }
            }
            Event::MemberRoleChanged { changed } => {
                let RoleChange { team: _, user: _, from: _, to: _, spaces_ended: _, invitations_ended: _ } = **changed;
            }
            Event::MemberRemoved { removed } => {
                let MemberRemoval { team, user: _, role: _, grants, spaces, invitations } = &mut **removed;
                if !self.is_of_user() && self.scope != Subject::Team(*team) {
                    keep(grants, |(app, _)| self.app(*app));
                    *spaces = Box::default();
                    *invitations = Box::default();
                }
            }
            Event::AppDeleted { deleted } => {
                let AppDeletion { app, grants, formation: _, history, transfer, coupling: _, release: _, add_ons: _ } =
                    &mut **deleted;
                if self.is_of_user() && !self.owns(app.owner) {
                    keep(grants, |(user, _)| self.user(*user));
                    *history = Box::default();
                    *transfer = transfer.filter(|one| self.transfer(one));
                }
            }
            Event::AppTransferred { moved } | Event::AppTransferAccepted { moved } => self.cut_move(moved),
            Event::AppsTransferred { moved } => self.cut_moves(moved),
            Event::PipelineDeleted { deleted } => {
                let PipelineDeletion { pipeline, couplings } = &mut **deleted;
                if !self.owns(pipeline.owner) {
                    keep(couplings, |(app, _)| self.app(*app));
                }
            }
            Event::PipelineTransferred { moved } => {
                let PipelineMove { pipeline: _, from: _, to: _, apps } = &mut **moved;
                self.cut_moves(apps);
            }
            Event::AppPromoted { promotion } => {
                let Promotion { pipeline: _, owner, source: _, targets } = &mut **promotion;
                if !self.owns(*owner) {
                    keep(targets, |target| self.app(target.app));
                }
            }
            Event::SpaceDestroyed { space: _, creators } => keep(creators, |user| self.user(*user)),
            Event::SpaceTransferred { moved } => {
                let SpaceMove { space: _, from, to, apps, pipelines, creators_ended } = &mut **moved;
                if ![Subject::Team(*from), Subject::Team(*to)].contains(&self.scope) {
                    keep(pipelines, |pipeline| self.pipeline(*pipeline));
                    keep(creators_ended, |user| self.is_of_user() && self.user(*user));
                }
                self.cut_moves(apps);
            }
            Event::TeamMovedIn { moved } | Event::TeamMovedOut { moved } => {
                let TeamMove {
                    team,
                    kind: _,
                    account: _,
                    limits: _,
                    default_role: _,
                    requested_at: _,
                    deletion_requested_at: _,
                    grants,
                    payment_method,
                } = &mut **moved;
                if self.scope != Subject::Team(*team) {
                    keep(grants, |(app, grant)| self.user(grant.user) && (self.is_of_user() || self.app(*app)));
                    *payment_method = None;
                }
            }
        }
    }

    fn cut_moves(self, moves: &mut Box<[Move]>) {
        keep(moves, |one| {
            let ends = self.owns(one.from) || self.owns(one.to);
            let own = |user| self.is_of_user() && self.user(user);
            ends || self.app(one.app) || one.grants.iter().any(|grant| own(grant.user))
        });
        moves.iter_mut().for_each(|one| self.cut_move(one));
    }

    fn cut_move(self, moved: &mut Move) {
        let Move { app: _, from, owned_since: _, to, at: _, grants, dynos: _, transfer_ended, uncoupled: _ } = moved;
        if self.is_of_user() && !self.owns(*from) && !self.owns(*to) {
            keep(grants, |grant| self.user(grant.user));
            *transfer_ended = transfer_ended.filter(|one| self.transfer(one));
        }
    }

    fn is_of_user(self) -> bool {
        matches!(self.scope, Subject::User(_))
    }

    fn owns(self, owner: Owner) -> bool {
        self.scope == owner.into()
    }

    /// Whether the scope is the app's, or the reader sees it.
    fn app(self, app: AppId) -> bool {
        let held = self.state.apps.find(app).map(|app| access::held_by(self.state, self.caller.user, app.row));
        self.scope == Subject::App(app) || held.is_some_and(|held| held.allows(AppAction::ViewApp))
    }

    fn pipeline(self, pipeline: PipelineId) -> bool {
        let sees = |pipeline: At<'_, PipelineRow>| access::sees_pipeline(self.state, self.caller, pipeline.row);
        self.state.pipelines.find(pipeline).is_some_and(sees)
    }

    /// Whether the scope is the team's, or the reader is in it.
    fn team(self, team: TeamId) -> bool {
        let is_in = |team| access::may(self.caller, team, Capability::ViewUsers);
        self.scope == Subject::Team(team) || self.state.teams.find(team).is_some_and(is_in)
    }

    /// Everybody, in the scope of a team or an app; in that of a user, only them.
    fn user(self, user: UserId) -> bool {
        !self.is_of_user() || self.scope == Subject::User(user)
    }

    fn transfer(self, transfer: &AppTransfer) -> bool {
        let people = [Subject::User(transfer.owner), Subject::User(transfer.recipient)];
        self.scope == Subject::App(transfer.app) || people.contains(&self.scope)
    }
}

fn keep<T>(items: &mut Box<[T]>, wanted: impl Fn(&T) -> bool) {
    *items = core::mem::take(items).into_iter().filter(wanted).collect();
}
