//! What an event says is so without changing it, held against the state before it: whose a thing is, who acted, and what
//! tells the event from another that makes the same change.
//!
//! Decisions need none of this; a log from elsewhere does.

#[cfg(test)]
mod tests;

use chrono::{DateTime, Utc};

use super::{Moment, State};
use crate::actor::recorded;
use crate::entity::{Invitation, Month, Owner, Release, SignIn};
use crate::event::{
    AuditEvent, EndChange, Ended, EndedThing, Event, MemberRemoval, Move, Promotion, SignInChange, Sweep, TeamMove,
};
use crate::ids::{AppId, GroupId, PipelineId, RoleId, SpaceId, TeamId, UserId};
use crate::policy::CustomRole;
use crate::role::{TeamKind, TeamRole};

impl State {
    /// Of a state as it was before the entry; `since` is the time of the entry before it, where that is known.
    pub(super) fn confirms(&self, entry: &AuditEvent, since: Option<DateTime<Utc>>) -> bool {
        let actor = entry.actor.user();
        let known = actor.is_none_or(|actor| self.users.find(actor).is_some());
        known && self.is_swept_before(entry) && self.confirms_event(entry, actor, since)
    }

    /// Whether nothing that has ended by then is left, but for what sweeps it, or lets it be swept right after (END-3).
    fn is_swept_before(&self, entry: &AuditEvent) -> bool {
        let of_the_clock = matches!(entry.event, Event::EndsSwept { .. } | Event::MonthsClosed {});
        of_the_clock || self.ends.first().is_none_or(|first| first > Moment::from(entry.at))
    }

    fn confirms_event(&self, entry: &AuditEvent, actor: Option<UserId>, since: Option<DateTime<Utc>>) -> bool {
        match &entry.event {
            // Said by the operator, of nobody and nothing.
            Event::StoreOpened { .. } | Event::SettingsChanged { .. } => actor.is_none(),
            Event::EmailChanged { changed } => self.is_in(changed.user, &changed.teams, None),
            Event::MfaChanged { user, teams, .. } | Event::UserReinstated { user, teams, .. } => {
                self.is_in(*user, teams, None)
            }
            Event::UserSuspended { user, suspended_at, teams } => {
                *suspended_at == entry.at && self.is_in(*user, teams, None)
            }
            Event::SignInChanged { users, .. } => self.are_in(users, None),
            Event::SsoChanged { team, sign_ins_ended, .. } => self.are_in(sign_ins_ended, Some(*team)),
            Event::MemberRemoved { removed } => self.are_in(&removed.sign_ins_ended, Some(removed.team)),
            Event::EndChanged { changed } => {
                let EndChange { held, owner, from: _, to } = **changed;
                to.is_none_or(|to| to > entry.at && to == recorded(to)) && self.owner_of(held) == Some(owner)
            }
            Event::EndsSwept { swept } => actor.is_none() && self.confirms_sweep(swept, entry.at),
            Event::TeamDeleted { deleted } => self.are_in(&deleted.sign_ins_ended, Some(deleted.team.id)),
            Event::SsoMemberAdded { added } => match added.sign_in_before {
                SignIn::Password => self.is_in(added.user, &added.teams, Some(added.team)),
                SignIn::Sso => added.teams.is_empty(),
            },
            Event::MonthsClosed {} => {
                actor.is_none() && since.is_none_or(|since| Month::of(since) < Month::of(entry.at))
            }
            // What is listed by age has the number of the event that made it.
            Event::AppCreated { created } => created.app.number == entry.seq && created.app.changed_at == entry.at,
            Event::SpaceCreated { space } => (space.team_since, space.changed_at) == (entry.at, entry.at),
            Event::PipelineCreated { pipeline } => pipeline.number == entry.seq && pipeline.changed_at == entry.at,
            Event::TeamProvisioned { team, .. } => team.changed_at == entry.at,
            Event::UserDeleted { deleted } => deleted.grants.iter().all(|(app, owner, _)| self.owns(*owner, *app)),
            Event::InvitationAccepted { user, role, invitation } => {
                let gives = self.teams.find(invitation.team).map(|team| invitation.role_by(team.default_role));
                actor == Some(*user) && self.is_addressee(*user, invitation) && gives == Some(*role)
            }
            Event::InvitationDeclined { user, invitation } => {
                actor == Some(*user) && self.is_addressee(*user, invitation)
            }
            Event::AppJoined { app, owner, user, .. } => actor == Some(*user) && self.owns(*owner, *app),
            // Nobody gives permissions to themself (PERM-5).
            Event::PermissionsGranted { app, owner, user, .. } => {
                actor != Some(*user) && self.owns(*owner, *app) && self.chooses_permissions(*app)
            }
            Event::GroupCreated { group } => group.created_at == entry.at && self.has_groups(group.team),
            Event::GroupRenamed { group, team, to, .. } => {
                let free = |team: &super::TeamRow| !team.groups.contains_key(to);
                self.holds_group(*team, *group) && self.teams.find(*team).is_some_and(|team| free(team.row))
            }
            Event::GroupMemberAdded { group, team, .. } | Event::GroupMemberRemoved { group, team, .. } => {
                self.holds_group(*team, *group)
            }
            // Nobody adds to what a group holds that they are in (GRP-2).
            Event::GroupPermissionsGranted { app, owner, group, .. } => {
                let own = |actor| self.groups.find(*group).is_some_and(|group| group.members.contains_key(&actor));
                !actor.is_some_and(own) && self.owns(*owner, *app)
            }
            Event::GroupPermissionsChanged { app, owner, .. } | Event::GroupPermissionsRevoked { app, owner, .. } => {
                self.owns(*owner, *app)
            }
            Event::RoleCreated { role } => {
                let named = !CustomRole::is_built_in(role.name);
                named && role.created_at == entry.at && role.rights.is_well_formed() && self.has_groups(role.team)
            }
            Event::RoleRenamed { role, team, to, .. } => {
                let free = |team: &super::TeamRow| !team.roles.contains_key(to);
                let named = !CustomRole::is_built_in(**to);
                named && self.holds_role(*team, *role) && self.teams.find(*team).is_some_and(|team| free(team.row))
            }
            Event::RoleRightsChanged { role, team, from, to } => {
                from != to && to.is_well_formed() && self.holds_role(*team, *role)
            }
            // In no use (ROLE-2); that nobody has it is said by what it changes.
            Event::RoleDeleted { role } => {
                let own = TeamRole::Custom(role.id());
                let invites = |invitation| {
                    self.invitations.get(invitation).is_some_and(|invitation| invitation.role == Some(own))
                };
                let team = self.teams.find(role.team());
                team.is_some_and(|team| team.default_role != own && !team.row.invitations.values().any(invites))
            }
            Event::DefaultRoleChanged { team, to, .. } => self.has_role(*team, *to),
            Event::MemberInvited { invitation, .. } => {
                invitation.role.is_none_or(|role| self.has_role(invitation.team, role))
            }
            Event::CollaboratorAdded { app, owner, .. } => self.owns(*owner, *app) && !self.chooses_permissions(*app),
            Event::AppRenamed { app, owner, .. }
            | Event::AppLabelsChanged { app, owner, .. }
            | Event::AppLocked { app, owner }
            | Event::AppUnlocked { app, owner }
            | Event::AppScaled { app, owner, .. }
            | Event::PermissionsChanged { app, owner, .. }
            | Event::AppReleased { app, owner, .. }
            | Event::AppCoupled { app, owner, .. }
            | Event::AppStageChanged { app, owner, .. }
            | Event::AppUncoupled { app, owner, .. } => self.owns(*owner, *app),
            Event::CollaboratorRemoved { removed } => self.owns(removed.owner, removed.app),
            Event::AddOnInstalled { add_on, owner } | Event::AddOnRemoved { add_on, owner } => {
                self.owns(*owner, add_on.app)
            }
            Event::AddOnPlanChanged { app, owner, changed } => {
                let found = self.add_ons.get(&changed.add_on).map(|add_on| (add_on.app, add_on.service));
                found == Some((*app, changed.service)) && self.owns(*owner, *app)
            }
            // From user to user a request that is accepted leads, and nothing else (TRF-4).
            Event::AppTransferred { moved } => !is_between_users(moved),
            Event::AppsTransferred { moved } => !moved.iter().any(is_between_users),
            Event::AppTransferAccepted { moved } => {
                is_between_users(moved) && moved.transfer_ended.is_some() && actor.map(Owner::User) == Some(moved.to)
            }
            Event::AppTransferRequested { transfer } => self.owns(Owner::User(transfer.owner), transfer.app),
            Event::AppTransferDeclined { transfer } => actor == Some(transfer.recipient),
            Event::AppTransferCancelled { transfer } => actor == Some(transfer.owner),
            Event::PipelineRenamed { pipeline, owner, .. } | Event::PipelineLabelsChanged { pipeline, owner, .. } => {
                self.owns_pipeline(*owner, *pipeline)
            }
            Event::AppPromoted { promotion } => self.confirms_promotion(promotion),
            Event::SpaceRenamed { space, team, .. }
            | Event::SpaceLabelsChanged { space, team, .. }
            | Event::AppCreationAllowed { space, team, .. }
            | Event::AppCreationRevoked { space, team, .. } => self.holds_space(*team, *space),
            // By an admin; by the operator one that is in no account (ENT-4, ENT-6).
            Event::TeamMovedIn { moved } => {
                let (from, to) = moved.kind;
                let by = if actor.is_none() { TeamKind::Enterprise } else { TeamKind::Standard };
                is_whole(moved) && (from, to, moved.account.0) == (by, TeamKind::Enterprise, None)
            }
            Event::TeamMovedOut { moved } => {
                is_whole(moved) && moved.kind == (TeamKind::Enterprise, TeamKind::Standard)
            }
            // All that these say, they change.
            Event::UserRegistered { .. }
            | Event::TeamRenamed { .. }
            | Event::TeamLabelsChanged { .. }
            | Event::LimitsChanged { .. }
            | Event::OAuthAccessChanged { .. }
            | Event::SignInRequirementChanged { .. }
            | Event::TeamDeletionRequested { .. }
            | Event::TeamDeletionWithdrawn { .. }
            | Event::MemberAdded { .. }
            | Event::MemberRoleChanged { .. }
            | Event::InvitationRevoked { .. }
            | Event::GroupDeleted { .. }
            | Event::AppDeleted { .. }
            | Event::PipelineDeleted { .. }
            | Event::PipelineTransferred { .. }
            | Event::IdentityProviderChanged { .. }
            | Event::AddOnControlsChanged { .. }
            | Event::AddOnAllowed { .. }
            | Event::AddOnDisallowed { .. }
            | Event::PaymentMethodChanged { .. }
            | Event::SpaceDestroyed { .. }
            | Event::SpaceTransferred { .. }
            | Event::AccountOpened { .. }
            | Event::AccountMemberAdded { .. }
            | Event::AccountPermissionsChanged { .. }
            | Event::AccountMemberRemoved { .. }
            | Event::TeamMoveOutRequested { .. }
            | Event::TeamMoveOutWithdrawn { .. } => true,
        }
    }

    /// Whether all of this had ended by then (END-3), and whoever signs in otherwise for it is in these teams.
    fn confirms_sweep(&self, swept: &Sweep, now: DateTime<Utc>) -> bool {
        let ended = swept.ended.iter().all(|Ended { ended_at, ended }| {
            let (held, owner) = (ended.held(), ended.owner());
            *ended_at <= now && self.ends_at(held) == Some(*ended_at) && self.owner_of(held) == Some(owner)
        });
        let alone = |removed: &MemberRemoval| removed.sign_ins_ended.is_empty();
        let alone = swept.ended.iter().all(|one| match &one.ended {
            EndedThing::Membership(removed) => alone(removed),
            EndedThing::Grant(_) | EndedThing::GroupGrant { .. } | EndedThing::AppCreation { .. } => true,
        });
        let left = swept.left();
        let moved = swept.sign_ins_ended.iter().all(|change| {
            let found = self.users.find(change.user);
            found.is_some_and(|found| *self.teams_without(found.row, &left) == *change.teams)
        });
        !swept.ended.is_empty() && ended && alone && moved
    }

    /// Whether these are the teams that the user is in, but for the one that the event is of (ACC-4).
    fn is_in(&self, user: UserId, teams: &[TeamId], but: Option<TeamId>) -> bool {
        self.users.find(user).is_some_and(|found| *self.teams_of(found.row, but) == *teams)
    }

    fn are_in(&self, users: &[SignInChange], but: Option<TeamId>) -> bool {
        users.iter().all(|change| self.is_in(change.user, &change.teams, but))
    }

    fn owns(&self, owner: Owner, app: AppId) -> bool {
        self.apps.find(app).is_some_and(|found| found.app.owner == owner)
    }

    fn owns_pipeline(&self, owner: Owner, pipeline: PipelineId) -> bool {
        self.pipelines.find(pipeline).is_some_and(|found| found.pipeline.owner == owner)
    }

    fn holds_space(&self, team: TeamId, space: SpaceId) -> bool {
        self.spaces.find(space).is_some_and(|found| found.space.team == team)
    }

    fn has_groups(&self, team: TeamId) -> bool {
        self.teams.find(team).is_some_and(|team| team.kind == TeamKind::Enterprise)
    }

    fn holds_group(&self, team: TeamId, group: GroupId) -> bool {
        self.groups.find(group).is_some_and(|found| found.group.team == team)
    }

    fn has_role(&self, team: TeamId, role: TeamRole) -> bool {
        self.teams.find(team).is_some_and(|team| self.seat_role(team, role).is_some())
    }

    fn holds_role(&self, team: TeamId, role: RoleId) -> bool {
        self.roles.find(role).is_some_and(|found| found.row.role.team == team)
    }

    fn is_addressee(&self, user: UserId, invitation: &Invitation) -> bool {
        self.users.find(user).is_some_and(|found| found.email == invitation.email)
    }

    /// Whether permissions on the app are chosen, and not fixed by whose it is (PERM-3, STD-3, STD-4).
    fn chooses_permissions(&self, app: AppId) -> bool {
        let team = self.apps.find(app).and_then(|found| self.team_of(found.row));
        team.is_some_and(|team| team.kind == TeamKind::Enterprise)
    }

    /// Whether the source is in the pipeline, and every target runs a copy of its release (PIPE-7).
    fn confirms_promotion(&self, promotion: &Promotion) -> bool {
        let Promotion { pipeline, owner, source, targets } = promotion;
        let place = |app| self.apps.find(app).and_then(|found| self.coupling(found.row)).map(|(pipeline, _)| pipeline);
        let Some((name, release)) = self.apps.find(*source).and_then(|row| Some((row.name, row.row.release()?))) else {
            return false;
        };
        self.owns_pipeline(*owner, *pipeline)
            && place(*source) == Some(*pipeline)
            && targets.iter().all(|target| {
                let copied = Release::promoted(name, release, target.from.as_ref());
                place(target.app) == Some(*pipeline) && target.to == copied
            })
    }
}

/// Whether nothing was left out for a reader.
const fn is_whole(moved: &TeamMove) -> bool {
    moved.limits.is_some() && moved.default_role.is_some()
}

fn is_between_users(moved: &Move) -> bool {
    matches!((moved.from, moved.to), (Owner::User(_), Owner::User(_)))
}
