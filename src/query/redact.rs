//! of an entry of the audit log, what its reader may see.

use std::borrow::Cow;

use crate::access::{self, Caller};
use crate::entity::{AppTransfer, Owner};
use crate::event::{AuditEvent, Event, Move, Subject};
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
        self.cut(&mut part.event);
        if part == *entry { Cow::Borrowed(entry) } else { Cow::Owned(part) }
    }

    fn cut(self, event: &mut Event) {
        match event {
            Event::EmailChanged { changed } => keep(&mut changed.invitations_ended, |one| self.team(one.team)),
            Event::UserDeleted { deleted } => {
                keep(&mut deleted.memberships, |(team, _)| self.team(*team));
                keep(&mut deleted.grants, |(app, owner, _)| self.owns(*owner) || self.app(*app));
                keep(&mut deleted.invitations, |one| self.team(one.team));
                keep(&mut deleted.transfers, |one| self.transfer(one));
                let member = |account| self.caller.user.map(|row| self.state.account_permissions(row.user.id, account));
                keep(&mut deleted.accounts, |(account, _)| member(*account).is_some_and(|held| !held.is_empty()));
                let team_of = |space| self.state.spaces.find(space).map(|space| space.space.team);
                keep(&mut deleted.spaces, |space| team_of(*space).is_some_and(|team| self.team(team)));
            }
            Event::TeamDeleted { deleted } if self.scope != Subject::Team(deleted.team.id) => {
                keep(&mut deleted.members, |(user, _)| self.user(*user));
                deleted.invitations = Box::default();
                deleted.identity_provider = None;
                deleted.allowed_add_ons = Box::default();
                deleted.payment_method = None;
            }
            Event::MemberRemoved { removed } if !self.is_of_user() && self.scope != Subject::Team(removed.team) => {
                keep(&mut removed.grants, |(app, _)| self.app(*app));
                removed.spaces = Box::default();
            }
            Event::AppDeleted { deleted } if self.is_of_user() && !self.owns(deleted.app.owner) => {
                keep(&mut deleted.grants, |(user, _)| self.user(*user));
                deleted.tenures = Box::default();
                deleted.transfer = deleted.transfer.filter(|one| self.transfer(one));
            }
            Event::AppTransferred { moved } | Event::AppTransferAccepted { moved } => self.cut_move(moved),
            Event::AppsTransferred { moved } => self.cut_moves(moved),
            Event::PipelineDeleted { deleted } if !self.owns(deleted.pipeline.owner) => {
                keep(&mut deleted.couplings, |(app, _)| self.app(*app));
            }
            Event::PipelineTransferred { moved } => self.cut_moves(&mut moved.apps),
            Event::AppPromoted { promotion } if !self.owns(promotion.owner) => {
                keep(&mut promotion.targets, |target| self.app(target.app));
            }
            Event::SpaceDestroyed { creators, .. } => keep(creators, |user| self.user(*user)),
            Event::SpaceTransferred { moved } => {
                if ![Subject::Team(moved.from), Subject::Team(moved.to)].contains(&self.scope) {
                    keep(&mut moved.pipelines, |pipeline| self.pipeline(*pipeline));
                    keep(&mut moved.creators_ended, |user| self.is_of_user() && self.user(*user));
                }
                self.cut_moves(&mut moved.apps);
            }
            Event::TeamMovedIn { moved } | Event::TeamMovedOut { moved } if self.scope != Subject::Team(moved.team) => {
                keep(&mut moved.grants, |(app, grant)| self.user(grant.user) && (self.is_of_user() || self.app(*app)));
                moved.payment_method = None;
            }
            _ => {}
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
        if self.is_of_user() && !self.owns(moved.from) && !self.owns(moved.to) {
            keep(&mut moved.grants, |grant| self.user(grant.user));
            moved.transfer_ended = moved.transfer_ended.filter(|one| self.transfer(one));
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
