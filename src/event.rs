//! What happened: one event for each accepted operation.
//!
//! An event tells the whole change, with what was there before and what is there after, so that a log of events replays
//! to an equal store and every event can be taken back.

use core::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::actor::Who;
use crate::entity::{App, AppTransfer, Dyno, Invitation, Limits, Mfa, OAuthAccess, Owner, SignIn, Team, Tenure, User};
use crate::ids::{AppId, TeamId, UserId};
use crate::names::{AppName, Email, ProcessType, TeamName};
use crate::permission::PermissionSet;
use crate::role::TeamRole;

/// An entry of the audit log: an event, its number, its time and who caused it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuditEvent {
    /// The number: 1 for the first event of a store, without gaps.
    pub seq: u64,
    /// The time: never before that of the event before it.
    pub at: DateTime<Utc>,
    /// Who caused it.
    pub actor: Who,
    /// What happened.
    pub event: Event,
}

/// What happened. Named in the past tense, with the words of the operations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", deny_unknown_fields)]
#[expect(missing_docs, reason = "a field is named after what it holds; `from` and `to` are before and after")]
#[non_exhaustive]
pub enum Event {
    /// A user was registered.
    UserRegistered { user: Box<User> },
    /// A user has another e-mail; invitations of the new one into teams that the user is in ended.
    EmailChanged { changed: Box<EmailChange> },
    /// A user's MFA status changed.
    MfaChanged { user: UserId, from: Mfa, to: Mfa },
    /// A user signs in another way.
    SignInChanged { user: UserId, from: SignIn, to: SignIn },
    /// A user was deleted, with memberships, grants, invitations and pending transfers.
    UserDeleted { deleted: Box<UserDeletion> },
    /// A team was provisioned with its first admin.
    TeamProvisioned { team: Box<Team>, admin: UserId },
    /// A team was renamed.
    TeamRenamed { team: TeamId, from: Box<TeamName>, to: Box<TeamName> },
    /// The limits of a team changed.
    LimitsChanged { team: TeamId, from: Box<Limits>, to: Box<Limits> },
    /// The default role of a team changed.
    DefaultRoleChanged { team: TeamId, from: TeamRole, to: TeamRole },
    /// Third-party OAuth access to a team changed.
    #[serde(rename = "oauth-access-changed")]
    OAuthAccessChanged { team: TeamId, from: OAuthAccess, to: OAuthAccess },
    /// An admin asked for the deletion of an Enterprise Team.
    TeamDeletionRequested { team: TeamId, requested_at: DateTime<Utc> },
    /// The request for deletion was withdrawn.
    TeamDeletionWithdrawn { team: TeamId, requested_at: DateTime<Utc> },
    /// A team was deleted, with its memberships and invitations.
    TeamDeleted { deleted: Box<TeamDeletion> },
    /// A user was added to a team; a pending invitation of theirs into it ended.
    MemberAdded { team: TeamId, user: UserId, role: TeamRole, invitation_ended: Option<Box<Invitation>> },
    /// A member has another role.
    MemberRoleChanged { team: TeamId, user: UserId, from: TeamRole, to: TeamRole },
    /// A user left a team or was removed, and lost what they held on its apps.
    MemberRemoved { team: TeamId, user: UserId, role: TeamRole, grants: Box<[(AppId, PermissionSet)]> },
    /// An e-mail was invited into a team, in place of an earlier invitation if there was one.
    MemberInvited { invitation: Box<Invitation>, replaced: Option<Box<Invitation>> },
    /// An invitation was accepted: the user is in the team.
    InvitationAccepted { user: UserId, invitation: Box<Invitation> },
    /// An invitation was declined.
    InvitationDeclined { user: UserId, invitation: Box<Invitation> },
    /// An invitation was revoked.
    InvitationRevoked { invitation: Box<Invitation> },
    /// An app was created.
    AppCreated { created: Box<AppCreation> },
    /// An app was renamed.
    AppRenamed { app: AppId, owner: Owner, from: Box<AppName>, to: Box<AppName> },
    /// An app was locked.
    AppLocked { app: AppId, owner: Owner },
    /// An app was unlocked.
    AppUnlocked { app: AppId, owner: Owner },
    /// The dynos of a process type changed.
    AppScaled { app: AppId, owner: Owner, dynos: Box<DynoChange> },
    /// An app was deleted, with grants, formation and pending transfer.
    AppDeleted { deleted: Box<AppDeletion> },
    /// A member joined an app.
    AppJoined { app: AppId, owner: Owner, user: UserId, permissions: PermissionSet },
    /// A user was put on an app with chosen permissions.
    PermissionsGranted { app: AppId, owner: Owner, user: UserId, permissions: PermissionSet },
    /// A user was put on an app where no permissions are chosen.
    CollaboratorAdded { app: AppId, owner: Owner, user: UserId, permissions: PermissionSet },
    /// A user on an app has other permissions.
    PermissionsChanged { app: AppId, owner: Owner, user: UserId, from: PermissionSet, to: PermissionSet },
    /// A user is no longer on an app; a pending transfer to them ended.
    CollaboratorRemoved {
        app: AppId,
        owner: Owner,
        user: UserId,
        permissions: PermissionSet,
        transfer_ended: Option<Box<AppTransfer>>,
    },
    /// An app has another owner.
    AppTransferred { moved: Box<Move> },
    /// Several apps have another owner.
    AppsTransferred { moved: Box<[Move]> },
    /// The transfer of a personal app to another user was requested.
    AppTransferRequested { transfer: Box<AppTransfer> },
    /// The recipient accepted: the app has another owner.
    AppTransferAccepted { moved: Box<Move> },
    /// The recipient declined.
    AppTransferDeclined { transfer: Box<AppTransfer> },
    /// The owner cancelled.
    AppTransferCancelled { transfer: Box<AppTransfer> },
}

/// The change of a user's e-mail, and what went with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EmailChange {
    /// The user.
    pub user: UserId,
    /// Before.
    pub from: Email,
    /// After.
    pub to: Email,
    /// The invitations of the new e-mail into teams that the user is in.
    pub invitations_ended: Box<[Invitation]>,
}

/// A new app, and what went with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AppCreation {
    /// The app.
    pub app: App,
    /// Who was put on it as its creator, and what they hold (PERM-6).
    pub creator: Option<(UserId, PermissionSet)>,
    /// How far the name generator went, when the name was drawn (APP-4).
    pub drawn: Option<Drawn>,
}

/// What the deletion of a user ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UserDeletion {
    /// The user.
    pub user: User,
    /// The roles, by team.
    pub memberships: Box<[(TeamId, TeamRole)]>,
    /// The permissions, by app, and whose app it is.
    pub grants: Box<[(AppId, Owner, PermissionSet)]>,
    /// The invitations of the user's e-mail.
    pub invitations: Box<[Invitation]>,
    /// The pending transfers to the user.
    pub transfers: Box<[AppTransfer]>,
}

/// What the deletion of a team ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TeamDeletion {
    /// The team.
    pub team: Team,
    /// The roles, by user.
    pub members: Box<[(UserId, TeamRole)]>,
    /// The invitations into it.
    pub invitations: Box<[Invitation]>,
}

/// What the deletion of an app ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AppDeletion {
    /// The app.
    pub app: App,
    /// The permissions, by user.
    pub grants: Box<[(UserId, PermissionSet)]>,
    /// The formation.
    pub formation: Box<[Dyno]>,
    /// Its earlier owners.
    pub tenures: Box<[Tenure]>,
    /// The pending transfer.
    pub transfer: Option<AppTransfer>,
}

/// The change of an app's owner, and what goes with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Move {
    /// The app.
    pub app: AppId,
    /// The former owner, billed up to `at`.
    pub from: Owner,
    /// Since when the former owner had it.
    pub owned_since: DateTime<Utc>,
    /// The new owner, billed from `at` on.
    pub to: Owner,
    /// The instant.
    pub at: DateTime<Utc>,
    /// Whose permissions on it change.
    pub grants: Box<[GrantChange]>,
    /// Which dynos change size.
    pub dynos: Box<[DynoChange]>,
    /// The pending transfer that ended.
    pub transfer_ended: Option<AppTransfer>,
}

/// The change of what a user holds on an app.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GrantChange {
    /// The user.
    pub user: UserId,
    /// Before; `None` when not on the app.
    pub from: Option<PermissionSet>,
    /// After; `None` when not on the app.
    pub to: Option<PermissionSet>,
}

/// The change of the dynos of a process type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DynoChange {
    /// The process type.
    pub process: ProcessType,
    /// Before; `None` when it ran none.
    pub from: Option<Dyno>,
    /// After; `None` when it runs none.
    pub to: Option<Dyno>,
}

/// How far the drawing of a name moved the store's name generator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Drawn {
    /// The position before.
    pub from: u64,
    /// The position after.
    pub to: u64,
}

macro_rules! codes {
    ($($variant:ident $code:literal)+) => {
        impl Event {
            /// The code of every kind of event.
            pub const CODES: &'static [&'static str] = &[$($code),+];

            /// The kind of event in words, kebab-case and stable; serde's `type`.
            #[must_use]
            pub const fn code(&self) -> &'static str {
                match self {$(Self::$variant { .. } => $code),+}
            }
        }
    };
}

codes! {
    UserRegistered "user-registered"
    EmailChanged "email-changed"
    MfaChanged "mfa-changed"
    SignInChanged "sign-in-changed"
    UserDeleted "user-deleted"
    TeamProvisioned "team-provisioned"
    TeamRenamed "team-renamed"
    LimitsChanged "limits-changed"
    DefaultRoleChanged "default-role-changed"
    OAuthAccessChanged "oauth-access-changed"
    TeamDeletionRequested "team-deletion-requested"
    TeamDeletionWithdrawn "team-deletion-withdrawn"
    TeamDeleted "team-deleted"
    MemberAdded "member-added"
    MemberRoleChanged "member-role-changed"
    MemberRemoved "member-removed"
    MemberInvited "member-invited"
    InvitationAccepted "invitation-accepted"
    InvitationDeclined "invitation-declined"
    InvitationRevoked "invitation-revoked"
    AppCreated "app-created"
    AppRenamed "app-renamed"
    AppLocked "app-locked"
    AppUnlocked "app-unlocked"
    AppScaled "app-scaled"
    AppDeleted "app-deleted"
    AppJoined "app-joined"
    PermissionsGranted "permissions-granted"
    CollaboratorAdded "collaborator-added"
    PermissionsChanged "permissions-changed"
    CollaboratorRemoved "collaborator-removed"
    AppTransferred "app-transferred"
    AppsTransferred "apps-transferred"
    AppTransferRequested "app-transfer-requested"
    AppTransferAccepted "app-transfer-accepted"
    AppTransferDeclined "app-transfer-declined"
    AppTransferCancelled "app-transfer-cancelled"
}

/// What an event concerns, and by whom it was caused: how the audit log is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Subject {
    By(Option<UserId>),
    User(UserId),
    Team(TeamId),
    App(AppId),
}

impl From<Owner> for Subject {
    fn from(owner: Owner) -> Self {
        match owner {
            Owner::User(user) => Self::User(user),
            Owner::Team(team) => Self::Team(team),
        }
    }
}

impl AuditEvent {
    /// Everything that the event concerns; may name something twice.
    pub(crate) fn subjects(&self) -> Vec<Subject> {
        let mut subjects = vec![Subject::By(self.actor.user())];
        let moved = |m: &Move| {
            let mut subjects = vec![Subject::App(m.app), m.from.into(), m.to.into()];
            subjects.extend(m.grants.iter().map(|grant| Subject::User(grant.user)));
            subjects.extend(m.transfer_ended.map(|transfer| Subject::User(transfer.recipient)));
            subjects
        };
        match &self.event {
            Event::UserRegistered { user } => subjects.push(Subject::User(user.id)),
            Event::EmailChanged { changed } => {
                subjects.push(Subject::User(changed.user));
                subjects.extend(changed.invitations_ended.iter().map(|invitation| Subject::Team(invitation.team)));
            }
            Event::MfaChanged { user, .. } | Event::SignInChanged { user, .. } => subjects.push(Subject::User(*user)),
            Event::UserDeleted { deleted } => {
                subjects.push(Subject::User(deleted.user.id));
                subjects.extend(deleted.memberships.iter().map(|(team, _)| Subject::Team(*team)));
                for (app, owner, _) in &deleted.grants {
                    subjects.extend([Subject::App(*app), (*owner).into()]);
                }
            }
            Event::TeamProvisioned { team, admin } => {
                subjects.extend([Subject::Team(team.id), Subject::User(*admin)]);
            }
            Event::TeamRenamed { team, .. }
            | Event::LimitsChanged { team, .. }
            | Event::DefaultRoleChanged { team, .. }
            | Event::OAuthAccessChanged { team, .. }
            | Event::TeamDeletionRequested { team, .. }
            | Event::TeamDeletionWithdrawn { team, .. } => subjects.push(Subject::Team(*team)),
            Event::TeamDeleted { deleted } => {
                subjects.push(Subject::Team(deleted.team.id));
                subjects.extend(deleted.members.iter().map(|(user, _)| Subject::User(*user)));
            }
            Event::MemberAdded { team, user, .. } | Event::MemberRoleChanged { team, user, .. } => {
                subjects.extend([Subject::Team(*team), Subject::User(*user)]);
            }
            Event::MemberRemoved { team, user, grants, .. } => {
                subjects.extend([Subject::Team(*team), Subject::User(*user)]);
                subjects.extend(grants.iter().map(|(app, _)| Subject::App(*app)));
            }
            Event::MemberInvited { invitation, .. } | Event::InvitationRevoked { invitation } => {
                subjects.push(Subject::Team(invitation.team));
            }
            Event::InvitationAccepted { user, invitation } | Event::InvitationDeclined { user, invitation } => {
                subjects.extend([Subject::Team(invitation.team), Subject::User(*user)]);
            }
            Event::AppCreated { created } => {
                subjects.extend([Subject::App(created.app.id), created.app.owner.into()]);
            }
            Event::AppRenamed { app, owner, .. }
            | Event::AppLocked { app, owner }
            | Event::AppUnlocked { app, owner }
            | Event::AppScaled { app, owner, .. } => subjects.extend([Subject::App(*app), (*owner).into()]),
            Event::AppDeleted { deleted } => {
                subjects.extend([Subject::App(deleted.app.id), deleted.app.owner.into()]);
                subjects.extend(deleted.grants.iter().map(|(user, _)| Subject::User(*user)));
            }
            Event::AppJoined { app, owner, user, .. }
            | Event::PermissionsGranted { app, owner, user, .. }
            | Event::CollaboratorAdded { app, owner, user, .. }
            | Event::PermissionsChanged { app, owner, user, .. }
            | Event::CollaboratorRemoved { app, owner, user, .. } => {
                subjects.extend([Subject::App(*app), (*owner).into(), Subject::User(*user)]);
            }
            Event::AppTransferred { moved: one } | Event::AppTransferAccepted { moved: one } => {
                subjects.extend(moved(one));
            }
            Event::AppsTransferred { moved: many } => subjects.extend(many.iter().flat_map(moved)),
            Event::AppTransferRequested { transfer }
            | Event::AppTransferDeclined { transfer }
            | Event::AppTransferCancelled { transfer } => subjects.extend([
                Subject::App(transfer.app),
                Subject::User(transfer.owner),
                Subject::User(transfer.recipient),
            ]),
        }
        subjects.sort_unstable();
        subjects.dedup();
        subjects
    }
}

/// The number, the time, who, and what happened, in one line; ids in backticks.
impl fmt::Display for AuditEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{} {} {}: {}", self.seq, self.at.format("%Y-%m-%dT%H:%M:%SZ"), self.actor, self.event)
    }
}

/// What happened, in words; ids in backticks.
impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UserRegistered { user } => write!(f, "registered `{}` as user `{}`", user.email, user.id),
            Self::EmailChanged { changed } => {
                let EmailChange { user, from, to, .. } = &**changed;
                write!(f, "changed the e-mail of user `{user}` from `{from}` to `{to}`")
            }
            Self::MfaChanged { user, to, .. } => match to {
                Mfa::Enrolled => write!(f, "enrolled a second factor for user `{user}`"),
                Mfa::NotEnrolled => write!(f, "removed the second factor of user `{user}`"),
            },
            Self::SignInChanged { user, to, .. } => match to {
                SignIn::Sso => write!(f, "moved user `{user}` to single sign-on"),
                SignIn::Password => write!(f, "moved user `{user}` to sign-in by password"),
            },
            Self::UserDeleted { deleted } => write!(f, "deleted user `{}`", deleted.user.email),
            Self::TeamProvisioned { team, admin } => {
                write!(f, "provisioned the {} `{}` with admin `{admin}`", team.kind, team.name)
            }
            Self::TeamRenamed { from, to, .. } => write!(f, "renamed team `{from}` to `{to}`"),
            Self::LimitsChanged { team, .. } => write!(f, "changed the limits of team `{team}`"),
            Self::DefaultRoleChanged { team, to, .. } => {
                write!(f, "changed the default role of team `{team}` to {to}")
            }
            Self::OAuthAccessChanged { team, to, .. } => match to {
                OAuthAccess::Allowed => write!(f, "allowed third-party clients to reach team `{team}`"),
                OAuthAccess::Denied => write!(f, "denied third-party clients access to team `{team}`"),
            },
            Self::TeamDeletionRequested { team, .. } => write!(f, "requested the deletion of team `{team}`"),
            Self::TeamDeletionWithdrawn { team, .. } => {
                write!(f, "withdrew the request to delete team `{team}`")
            }
            Self::TeamDeleted { deleted } => write!(f, "deleted team `{}`", deleted.team.name),
            Self::MemberAdded { team, user, role, .. } => {
                write!(f, "added user `{user}` as {role} to team `{team}`")
            }
            Self::MemberRoleChanged { team, user, from, to } => {
                write!(f, "changed the role of user `{user}` in team `{team}` from {from} to {to}")
            }
            Self::MemberRemoved { team, user, .. } => write!(f, "removed user `{user}` from team `{team}`"),
            Self::MemberInvited { invitation, .. } => {
                let Invitation { team, email, role, .. } = &**invitation;
                write!(f, "invited `{email}` as {role} to team `{team}`")
            }
            Self::InvitationAccepted { user, invitation } => {
                write!(f, "accepted: user `{user}` is {} of team `{}`", invitation.role, invitation.team)
            }
            Self::InvitationDeclined { invitation, .. } => {
                write!(f, "declined the invitation to team `{}`", invitation.team)
            }
            Self::InvitationRevoked { invitation } => {
                write!(f, "revoked the invitation of `{}` to team `{}`", invitation.email, invitation.team)
            }
            Self::AppCreated { created } => write!(f, "created app `{}` of {}", created.app.name, created.app.owner),
            Self::AppRenamed { from, to, .. } => write!(f, "renamed app `{from}` to `{to}`"),
            Self::AppLocked { app, .. } => write!(f, "locked app `{app}`"),
            Self::AppUnlocked { app, .. } => write!(f, "unlocked app `{app}`"),
            Self::AppScaled { app, dynos, .. } => match dynos.to {
                Some(Dyno { process, size, quantity }) => {
                    write!(f, "scaled `{process}` of app `{app}` to {quantity} × {size}")
                }
                None => write!(f, "scaled `{}` of app `{app}` to none", dynos.process),
            },
            Self::AppDeleted { deleted } => write!(f, "deleted app `{}`", deleted.app.name),
            Self::AppJoined { app, user, .. } => write!(f, "user `{user}` joined app `{app}`"),
            Self::PermissionsGranted { app, user, permissions, .. } => {
                write!(f, "granted user `{user}` on app `{app}`: {permissions}")
            }
            Self::CollaboratorAdded { app, user, .. } => {
                write!(f, "added user `{user}` to app `{app}`")
            }
            Self::PermissionsChanged { app, user, from, to, .. } => {
                write!(f, "changed what user `{user}` holds on app `{app}` from {from} to {to}")
            }
            Self::CollaboratorRemoved { app, user, .. } => {
                write!(f, "removed user `{user}` from app `{app}`")
            }
            Self::AppTransferred { moved } => {
                write!(f, "transferred app `{}` from {} to {}", moved.app, moved.from, moved.to)
            }
            Self::AppsTransferred { moved } => {
                write!(f, "transferred {} apps", moved.len())?;
                moved.first().map_or(Ok(()), |first| write!(f, " to {}", first.to))
            }
            Self::AppTransferRequested { transfer } => {
                write!(f, "requested the transfer of app `{}` to user `{}`", transfer.app, transfer.recipient)
            }
            Self::AppTransferAccepted { moved } => write!(f, "accepted the transfer of app `{}`", moved.app),
            Self::AppTransferDeclined { transfer } => {
                write!(f, "declined the transfer of app `{}`", transfer.app)
            }
            Self::AppTransferCancelled { transfer } => {
                write!(f, "cancelled the transfer of app `{}`", transfer.app)
            }
        }
    }
}
