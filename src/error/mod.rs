//! Refusals: one variant for each way in which a rule can be broken.

mod listed;
mod remedy;

pub use listed::{Blockers, Remaining, TRUNCATED_MAX, Truncated};
pub use remedy::{Grantor, Remedy};

use core::fmt;

use serde::Serialize;

use crate::actor::ActorKind;
use crate::entity::{DynoSize, Month, Owner, Stage};
use crate::ids::{AccountId, AddOnId, AppId, InvitationId, PipelineId, SpaceId, TeamId, TransferId, UserId};
use crate::name_gen::WordListError;
use crate::names::{
    AccountName, AppName, Email, ParseError, ParseProblem, ParseTarget, ServiceName, SpaceName, TeamName,
};
use crate::permission::{AnyOf, PermissionSet};
use crate::policy::{AppAction, Capability};
use crate::role::{Role, TeamKind, TeamRole};
use crate::rule::Rule;

/// The class of a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ErrorKind {
    /// Something named does not exist.
    NotFound,
    /// The actor may not do or see this.
    Forbidden,
    /// The request makes no sense, whatever the state.
    Invalid,
    /// The request does not fit the present state.
    Conflict,
    /// There is no room.
    Limit,
}

impl ErrorKind {
    /// The status that an HTTP server answers with: 404, 403, 422, 409, 422.
    #[must_use]
    pub const fn http_status(self) -> u16 {
        match self {
            Self::NotFound => 404,
            Self::Forbidden => 403,
            Self::Conflict => 409,
            Self::Invalid | Self::Limit => 422,
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::NotFound => "not-found",
            Self::Forbidden => "forbidden",
            Self::Invalid => "invalid",
            Self::Conflict => "conflict",
            Self::Limit => "limit",
        })
    }
}

macro_rules! errors {
    ($(
        $(#[$attribute:meta])+
        $variant:ident { $($field:ident: $type:ty),* $(,)? } = $rule:ident $kind:ident $code:literal;
    )+) => {
        /// A refusal: which rule said no, and the facts needed to understand it.
        ///
        /// The variants stand in the order in which checks are made (X-2): the actor exists, the things named exist,
        /// OAuth restriction and authority, the arguments fit, the state fits, the name is free, there is room, no
        /// standing law would break. A call has one answer: the first that applies. Whoever cannot see an app is told just
        /// that, before anything else that would tell of it.
        ///
        /// ```
        /// use enterprise_teams::{AppName, Error, ErrorKind, Rule};
        ///
        /// let refusal = Error::from("x".parse::<AppName>().unwrap_err());
        /// assert_eq!(refusal.rule(), Rule::App3);
        /// assert_eq!(refusal.code(), "app-name-invalid");
        /// assert_eq!(refusal.kind(), ErrorKind::Invalid);
        /// assert_eq!(refusal.to_string(), "malformed app name: too short: 1 of at least 3 bytes");
        /// ```
        /// As a serde value it is its facts, tagged with its code.
        ///
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
        #[serde(tag = "code")]
        #[expect(missing_docs, reason = "a field is named after what it holds")]
        #[non_exhaustive]
        pub enum Error {$(
            $(#[$attribute])+
            #[doc = concat!("\n\n`", $code, "`")]
            #[serde(rename = $code)]
            $variant { $($field: $type),* },
        )+}

        impl Error {
            /// Every variant's code, rule and class, in the order of the checks.
            pub const CATALOGUE: &'static [(&'static str, Rule, ErrorKind)] =
                &[$(($code, Rule::$rule, ErrorKind::$kind)),+];

            /// The one rule that said no.
            #[must_use]
            pub const fn rule(&self) -> Rule {
                match self {$(Self::$variant { .. } => Rule::$rule),+}
            }

            /// The class.
            #[must_use]
            pub const fn kind(&self) -> ErrorKind {
                match self {$(Self::$variant { .. } => ErrorKind::$kind),+}
            }

            /// The variant in words, kebab-case and stable.
            #[must_use]
            pub const fn code(&self) -> &'static str {
                match self {$(Self::$variant { .. } => $code),+}
            }
        }
    };
}

errors! {
    // 1. The actor exists.

    /// The actor is no user.
    #[error("the actor `{actor}` is not a user")]
    ActorNotFound { actor: UserId } = X2 NotFound "actor-not-found";

    // 2. The things named exist.

    /// No user has this id.
    #[error("no user `{user}`")]
    UserNotFound { user: UserId } = X2 NotFound "user-not-found";
    /// No user has this e-mail.
    #[error("no user has the e-mail `{email}`")]
    EmailNotFound { email: Email } = X2 NotFound "email-not-found";
    /// No team has this id.
    #[error("no team `{team}`")]
    TeamNotFound { team: TeamId } = X2 NotFound "team-not-found";
    /// No team has this name.
    #[error("no team is named `{name}`")]
    TeamNameNotFound { name: TeamName } = X2 NotFound "team-name-not-found";
    /// No app has this id.
    #[error("no app `{app}`")]
    AppNotFound { app: AppId } = X2 NotFound "app-not-found";
    /// No app has this name.
    #[error("no app is named `{name}`")]
    AppNameNotFound { name: AppName } = X2 NotFound "app-name-not-found";
    /// No space has this id.
    #[error("no space `{space}`")]
    SpaceNotFound { space: SpaceId } = X2 NotFound "space-not-found";
    /// No space has this name.
    #[error("no space is named `{name}`")]
    SpaceNameNotFound { name: SpaceName } = X2 NotFound "space-name-not-found";
    /// No pipeline has this id.
    #[error("no pipeline `{pipeline}`")]
    PipelineNotFound { pipeline: PipelineId } = X2 NotFound "pipeline-not-found";
    /// No Enterprise Account has this id.
    #[error("no account `{account}`")]
    AccountNotFound { account: AccountId } = X2 NotFound "account-not-found";
    /// No Enterprise Account has this name.
    #[error("no account is named `{name}`")]
    AccountNameNotFound { name: AccountName } = X2 NotFound "account-name-not-found";
    /// No add-on has this id.
    #[error("no add-on `{add_on}`")]
    AddOnNotFound { add_on: AddOnId } = X2 NotFound "add-on-not-found";
    /// No invitation has this id: it never had, or it was accepted, declined or revoked.
    #[error("no invitation `{invitation}`")]
    InvitationNotFound { invitation: InvitationId } = X2 NotFound "invitation-not-found";
    /// No pending transfer has this id: it never had, or it was accepted, declined or cancelled.
    #[error("no pending transfer `{transfer}`")]
    TransferNotFound { transfer: TransferId } = X2 NotFound "transfer-not-found";

    // 3. OAuth restriction, then authority.

    /// The actor cannot see the app, and is told no more of it.
    #[error("{actor} cannot see app `{app}`")]
    AppHidden { actor: ActorKind, app: AppId } = X2 Forbidden "app-hidden";
    /// The actor sees neither the pipeline's owner's apps nor any app in it.
    #[error("{actor} cannot see pipeline `{pipeline}`")]
    PipelineHidden { actor: ActorKind, pipeline: PipelineId } = Pipe8 Forbidden "pipeline-hidden";
    /// Spaces are for the admins, members and viewers of their team.
    #[error("{actor} cannot see space `{space}`")]
    SpaceHidden { actor: ActorKind, space: SpaceId } = Spc2 Forbidden "space-hidden";
    /// An Enterprise Account is for its members.
    #[error("account `{account}` is for its members, and {actor} is none")]
    AccountHidden { actor: ActorKind, account: AccountId } = Ent3 Forbidden "account-hidden";
    /// The team denies access through third-party OAuth clients.
    #[error("team `{team}` denies access through third-party clients")]
    OAuthDenied { team: TeamId } = Sec1 Forbidden "oauth-denied";
    /// The settings of the store are changed by the operator.
    #[error("the settings of the store are changed by the platform operator, not by {actor}")]
    OnlyOperatorChangesSettings { actor: ActorKind } = X3 Forbidden "only-operator-changes-settings";
    /// Users are registered by the operator.
    #[error("users are registered by the platform operator, not by {actor}")]
    OnlyOperatorRegistersUsers { actor: ActorKind } = Acc1 Forbidden "only-operator-registers-users";
    /// E-mails are changed by the operator.
    #[error("the e-mail of user `{user}` is changed by the platform operator, not by {actor}")]
    OnlyOperatorChangesEmails { actor: ActorKind, user: UserId } = Acc1 Forbidden "only-operator-changes-emails";
    /// An account is deleted by its user or by the operator.
    #[error("user `{user}` is deleted by the user or the platform operator, not by {actor}")]
    OnlySelfOrOperatorDeletesUser { actor: ActorKind, user: UserId } = Acc2 Forbidden "only-self-or-operator-deletes-user";
    /// MFA and SSO status are set by the user or by the operator.
    #[error("the sign-in of user `{user}` is changed by the user or the platform operator, not by {actor}")]
    OnlySelfOrOperatorChangesSignIn { actor: ActorKind, user: UserId } = Acc3 Forbidden "only-self-or-operator-changes-sign-in";
    /// A user is shown to themselves, to the operator, to the teams that they are in or collaborate with, and to whoever
    /// shares a personal app with them.
    #[error("{actor} shares neither a team nor a personal app with user `{user}`")]
    UserHidden { actor: ActorKind, user: UserId } = X2 Forbidden "user-hidden";
    /// Teams are provisioned by the operator.
    #[error("teams are provisioned by the platform operator, not by {actor}")]
    OnlyOperatorProvisionsTeams { actor: ActorKind } = Team1 Forbidden "only-operator-provisions-teams";
    /// Only admins rename.
    #[error("only admins rename team `{team}`, and {actor} is none")]
    OnlyAdminsRenameTeams { actor: ActorKind, team: TeamId } = Team4 Forbidden "only-admins-rename-teams";
    /// Limits are set by the operator.
    #[error("the limits of team `{team}` are set by the platform operator, not by {actor}")]
    OnlyOperatorSetsLimits { actor: ActorKind, team: TeamId } = Team6 Forbidden "only-operator-sets-limits";
    /// Only admins change the default role.
    #[error("only admins change the default role of team `{team}`, and {actor} is none")]
    OnlyAdminsSetDefaultRole { actor: ActorKind, team: TeamId } = Team7 Forbidden "only-admins-set-default-role";
    /// Only admins let third-party OAuth clients in or shut them out.
    #[error("only admins change OAuth access to team `{team}`, and {actor} is none")]
    OnlyAdminsSetOAuthAccess { actor: ActorKind, team: TeamId } = Sec1 Forbidden "only-admins-set-oauth-access";
    /// Only admins ask for deletion, and withdraw the request.
    #[error("only admins ask for the deletion of team `{team}`, and {actor} is none")]
    OnlyAdminsRequestDeletion { actor: ActorKind, team: TeamId } = Team8 Forbidden "only-admins-request-deletion";
    /// Only admins have a team deleted.
    #[error("only admins have team `{team}` deleted, and {actor} is none")]
    OnlyAdminsDeleteTeams { actor: ActorKind, team: TeamId } = Team8 Forbidden "only-admins-delete-teams";
    /// An Enterprise Team is deleted by the operator.
    #[error("the Enterprise Team `{team}` is deleted by the platform operator on an admin's request, not by {actor}")]
    OnlyOperatorDeletesEnterpriseTeams { actor: ActorKind, team: TeamId } = Team8 Forbidden "only-operator-deletes-enterprise-teams";
    /// Only admins add, remove and change members.
    #[error("only admins manage the members of team `{team}`, and {actor} is none")]
    OnlyAdminsManageMembers { actor: ActorKind, team: TeamId } = Mem1 Forbidden "only-admins-manage-members";
    /// The Access list is for admins, members and viewers.
    #[error("the access list of team `{team}` is for its admins, members and viewers, and {actor} is none")]
    OnlyTeamSeesAccessList { actor: ActorKind, team: TeamId } = Mem8 Forbidden "only-team-sees-access-list";
    /// Only admins invite.
    #[error("only admins invite to team `{team}`, and {actor} is none")]
    OnlyAdminsInvite { actor: ActorKind, team: TeamId } = Inv1 Forbidden "only-admins-invite";
    /// Only admins revoke an invitation.
    #[error("only admins of the team revoke invitation `{invitation}`, and {actor} is none")]
    OnlyAdminsRevokeInvitations { actor: ActorKind, invitation: InvitationId } = Inv3 Forbidden "only-admins-revoke-invitations";
    /// Only the user with the invited e-mail accepts or declines.
    #[error("invitation `{invitation}` is for another e-mail than that of {actor}")]
    InvitationForSomeoneElse { actor: ActorKind, invitation: InvitationId } = Inv4 Forbidden "invitation-for-someone-else";
    /// Pending invitations are for admins and members.
    #[error("the invitations of team `{team}` are for its admins and members, and {actor} is neither")]
    OnlyMembersSeeInvitations { actor: ActorKind, team: TeamId } = Inv5 Forbidden "only-members-see-invitations";
    /// The role does not have the capability.
    #[error("the role {role} does not include {capability} on team `{team}`")]
    RoleLacksCapability { team: TeamId, role: Role, capability: Capability } = Cap1 Forbidden "role-lacks-capability";
    /// No role has the capability: it is none of teams of this kind, or it is the operator who asks.
    #[error("{capability} on team `{team}` is not for {actor}")]
    CapabilityOfNobody { actor: ActorKind, team: TeamId, capability: Capability } = Cap1 Forbidden "capability-of-nobody";
    /// A collaborator has no capability on an Enterprise Team.
    #[error("collaborators of team `{team}` are not in it and do not have {capability}")]
    CollaboratorLacksCapability { team: TeamId, capability: Capability } = Cap2 Forbidden "collaborator-lacks-capability";
    /// An outsider has no capability.
    #[error("{actor} is not in team `{team}` and does not have {capability}")]
    OutsiderLacksCapability { actor: ActorKind, team: TeamId, capability: Capability } = Cap3 Forbidden "outsider-lacks-capability";
    /// Only holders of `manage` grant, change and take away permissions.
    #[error("access to app `{app}` is changed by holders of `manage`, and {actor} is none")]
    OnlyManagersChangeAccess { actor: ActorKind, app: AppId } = Perm4 Forbidden "only-managers-change-access";
    /// The action asks for a permission that the actor does not hold.
    #[error("{action} on app `{app}` needs {}; {actor} holds {held}", AnyOf(action.any_of()))]
    ActionNeedsPermission { actor: ActorKind, app: AppId, action: AppAction, held: PermissionSet } = Perm9 Forbidden "action-needs-permission";
    /// The action is for the owner, and for admins and members of the team who hold the permission: not for viewers and
    /// collaborators, whatever they hold.
    #[error("{action} on app `{app}` is for admins and members of its team, and {actor} is neither")]
    ActionNeedsMembership { actor: ActorKind, app: AppId, action: AppAction } = Perm9 Forbidden "action-needs-membership";
    /// Only the owner adds and removes collaborators of a personal app.
    #[error("only the owner changes access to the personal app `{app}`, and {actor} is not")]
    OnlyOwnerSharesPersonalApp { actor: ActorKind, app: AppId } = Perm10 Forbidden "only-owner-shares-personal-app";
    /// Collaborators of a personal app do not touch paid add-ons.
    #[error("{action} on the personal app `{app}` is its owner's, and {actor} is not")]
    OnlyOwnerPaysForAddOns { actor: ActorKind, app: AppId, action: AppAction } = Perm10 Forbidden "only-owner-pays-for-add-ons";
    /// The personal apps of a user are listed for the user.
    #[error("the personal apps of user `{user}` are not listed for {actor}")]
    OnlyOwnerListsPersonalApps { actor: ActorKind, user: UserId } = Perm10 Forbidden "only-owner-lists-personal-apps";
    /// The operator has no apps of its own.
    #[error("the platform operator has no apps of its own")]
    OperatorOwnsNoApps {} = App1 Forbidden "operator-owns-no-apps";
    /// Admins and members create apps in the team.
    #[error("only admins and members create apps in team `{team}`, and {actor} is neither")]
    OnlyMembersCreateApps { actor: ActorKind, team: TeamId } = App2 Forbidden "only-members-create-apps";
    /// Rename needs `manage`.
    #[error("app `{app}` is renamed by holders of `manage`, and {actor} is none")]
    OnlyManagersRenameApps { actor: ActorKind, app: AppId } = App5 Forbidden "only-managers-rename-apps";
    /// Deletion needs `manage`.
    #[error("app `{app}` is deleted by holders of `manage`, and {actor} is none")]
    OnlyManagersDeleteApps { actor: ActorKind, app: AppId } = App6 Forbidden "only-managers-delete-apps";
    /// Lock and unlock need `manage`.
    #[error("app `{app}` is locked and unlocked by holders of `manage`, and {actor} is none")]
    OnlyManagersLockApps { actor: ActorKind, app: AppId } = App8 Forbidden "only-managers-lock-apps";
    /// Members of the team join its apps by themselves.
    #[error("only members of its team join app `{app}` by themselves, and {actor} is none")]
    OnlyMembersJoinApps { actor: ActorKind, app: AppId } = App9 Forbidden "only-members-join-apps";
    /// The apps list is for admins, members and viewers.
    #[error("the apps of team `{team}` are listed for its admins, members and viewers, and {actor} is none")]
    OnlyTeamListsApps { actor: ActorKind, team: TeamId } = App10 Forbidden "only-team-lists-apps";
    /// Only the owner transfers a personal app.
    #[error("only its owner transfers the personal app `{app}`, and {actor} is not")]
    OnlyOwnerTransfersPersonalApp { actor: ActorKind, app: AppId } = Trf1 Forbidden "only-owner-transfers-personal-app";
    /// Personal apps are transferred into a team by its admins and members.
    #[error("only admins and members transfer apps into team `{team}`, and {actor} is neither")]
    OnlyMembersTransferIn { actor: ActorKind, team: TeamId } = Trf1 Forbidden "only-members-transfer-in";
    /// A team's app goes to another team by an admin, or by a member with `manage`.
    #[error("app `{app}` goes to another team by an admin, or a member with `manage`; {actor} is neither")]
    OnlyManagersTransferApps { actor: ActorKind, app: AppId } = Trf2 Forbidden "only-managers-transfer-apps";
    /// An app leaves a Standard team by an admin.
    #[error("app `{app}` leaves its Standard team by an admin, and {actor} is none")]
    OnlyAdminsTransferStandardApps { actor: ActorKind, app: AppId } = Std5 Forbidden "only-admins-transfer-standard-apps";
    /// Who transfers an app to another team must be able to create apps there.
    #[error("{actor} cannot create apps in the receiving team `{team}`")]
    ReceivingTeamClosed { actor: ActorKind, team: TeamId } = Trf2 Forbidden "receiving-team-closed";
    /// A team's app goes to a user by an admin, or by a member with `manage`.
    #[error("app `{app}` goes to a user by an admin, or a member with `manage`; {actor} is neither")]
    OnlyManagersGiveApps { actor: ActorKind, app: AppId } = Trf3 Forbidden "only-managers-give-apps";
    /// Only the owner requests the transfer of a personal app.
    #[error("only its owner requests the transfer of app `{app}`, and {actor} is not")]
    OnlyOwnerRequestsTransfer { actor: ActorKind, app: AppId } = Trf4 Forbidden "only-owner-requests-transfer";
    /// Only the recipient accepts or declines.
    #[error("transfer `{transfer}` is answered by its recipient, not by {actor}")]
    OnlyRecipientAnswersTransfer { actor: ActorKind, transfer: TransferId } = Trf4 Forbidden "only-recipient-answers-transfer";
    /// Only the owner cancels.
    #[error("transfer `{transfer}` is cancelled by the owner of the app, not by {actor}")]
    OnlyOwnerCancelsTransfer { actor: ActorKind, transfer: TransferId } = Trf4 Forbidden "only-owner-cancels-transfer";
    /// Only admins manage the apps of a Standard team: rename, lock, delete, change access.
    #[error("only admins manage app `{app}` of a Standard team, and {actor} is none")]
    OnlyAdminsManageStandardApps { actor: ActorKind, app: AppId } = Std3 Forbidden "only-admins-manage-standard-apps";
    /// Only admins create locked apps in a Standard team.
    #[error("only admins create locked apps in the Standard team `{team}`, and {actor} is none")]
    OnlyAdminsCreateLockedApps { actor: ActorKind, team: TeamId } = Std3 Forbidden "only-admins-create-locked-apps";
    /// Collaborators are added to a Standard team's app by its members.
    #[error("collaborators are added to app `{app}` by admins and members of its team, and {actor} is neither")]
    OnlyMembersAddCollaborators { actor: ActorKind, app: AppId } = Std3 Forbidden "only-members-add-collaborators";
    /// On a locked app only holders of `manage` add people.
    #[error("app `{app}` is locked: only holders of `manage` add people, and {actor} is none")]
    OnlyManagersShareLockedApps { actor: ActorKind, app: AppId } = App9 Forbidden "only-managers-share-locked-apps";
    /// Collaborators of a Standard team's app do not touch paid add-ons.
    #[error("{action} on app `{app}` is for its team, and {actor} is a collaborator")]
    OnlyTeamPaysForAddOns { actor: ActorKind, app: AppId, action: AppAction } = Std4 Forbidden "only-team-pays-for-add-ons";
    /// Pipelines are created in a team by its admins and members.
    #[error("only admins and members create pipelines in team `{team}`, and {actor} is neither")]
    OnlyMembersCreatePipelines { actor: ActorKind, team: TeamId } = Pipe2 Forbidden "only-members-create-pipelines";
    /// A pipeline is managed by its owner, or by the admins and members of the team that owns it.
    #[error("pipeline `{pipeline}` is managed by its owner, or the admins and members of the owning team; {actor} is neither")]
    OnlyOwnersManagePipelines { actor: ActorKind, pipeline: PipelineId } = Pipe2 Forbidden "only-owners-manage-pipelines";
    /// Coupling an app needs `deploy` on it.
    #[error("coupling app `{app}` needs deploy on it, and {actor} does not hold it")]
    CouplingNeedsDeploy { actor: ActorKind, app: AppId } = Pipe2 Forbidden "coupling-needs-deploy";
    /// Who transfers a pipeline must be able to create pipelines where it goes.
    #[error("{actor} cannot give a pipeline to {to}")]
    PipelineReceiverClosed { actor: ActorKind, to: Owner } = Pipe6 Forbidden "pipeline-receiver-closed";
    /// Promotion needs `deploy` on the app whose release is copied, and on each that it is copied to.
    #[error("promotion needs deploy on app `{app}`, and {actor} does not hold it")]
    PromotionNeedsDeploy { actor: ActorKind, app: AppId } = Pipe7 Forbidden "promotion-needs-deploy";
    /// Only admins create spaces.
    #[error("only admins create spaces in team `{team}`, and {actor} is none")]
    OnlyAdminsCreateSpaces { actor: ActorKind, team: TeamId } = Spc1 Forbidden "only-admins-create-spaces";
    /// The spaces of a team are for its admins, members and viewers.
    #[error("the spaces of team `{team}` are listed for its admins, members and viewers, and {actor} is none")]
    OnlyTeamListsSpaces { actor: ActorKind, team: TeamId } = Spc2 Forbidden "only-team-lists-spaces";
    /// Only admins rename and destroy a space, and say who creates apps in it.
    #[error("only admins of its team manage space `{space}`, and {actor} is none")]
    OnlyAdminsManageSpaces { actor: ActorKind, space: SpaceId } = Spc1 Forbidden "only-admins-manage-spaces";
    /// Members create apps in a space only with its permission.
    #[error("creating apps in space `{space}` needs its permission, and {actor} does not hold it")]
    AppCreationNeedsSpacePermission { actor: ActorKind, space: SpaceId } = Spc3 Forbidden "app-creation-needs-space-permission";
    /// A space is transferred by an admin of both teams, or by a manager of the account.
    #[error("space `{space}` is transferred by an admin of both teams or a manager of their account, and {actor} is neither")]
    OnlyAdminsOfBothTransferSpaces { actor: ActorKind, space: SpaceId } = Spc7 Forbidden "only-admins-of-both-transfer-spaces";
    /// Enterprise Accounts are opened by the operator.
    #[error("accounts are opened by the platform operator, not by {actor}")]
    OnlyOperatorOpensAccounts { actor: ActorKind } = Ent1 Forbidden "only-operator-opens-accounts";
    /// Holders of `manage` manage an account's members.
    #[error("the members of account `{account}` are managed by holders of `manage`, and {actor} is none")]
    OnlyManagersManageAccounts { actor: ActorKind, account: AccountId } = Ent2 Forbidden "only-managers-manage-accounts";
    /// Holders of `create` create teams in an account.
    #[error("teams in account `{account}` are created by holders of `create`, and {actor} is none")]
    OnlyCreatorsCreateTeams { actor: ActorKind, account: AccountId } = Ent2 Forbidden "only-creators-create-teams";
    /// A team moves into an account by one of its admins.
    #[error("only admins move team `{team}` into an account, and {actor} is none")]
    OnlyAdminsMoveTeamsIn { actor: ActorKind, team: TeamId } = Ent4 Forbidden "only-admins-move-teams-in";
    /// Who moves a team into an account holds `create` or `manage` in it.
    #[error("teams move into account `{account}` by holders of `create` or `manage`, and {actor} is neither")]
    MoveInNeedsAccountPermission { actor: ActorKind, account: AccountId } = Ent4 Forbidden "move-in-needs-account-permission";
    /// Only admins ask to move a team out of its account, and withdraw the request.
    #[error("only admins ask to move team `{team}` out of its account, and {actor} is none")]
    OnlyAdminsRequestMoveOut { actor: ActorKind, team: TeamId } = Ent5 Forbidden "only-admins-request-move-out";
    /// A team is moved out of its account by the operator.
    #[error("team `{team}` is moved out of its account by the platform operator on an admin's request, not by {actor}")]
    OnlyOperatorMovesTeamsOut { actor: ActorKind, team: TeamId } = Ent5 Forbidden "only-operator-moves-teams-out";
    /// Only admins set up the identity provider.
    #[error("only admins set up the identity provider of team `{team}`, and {actor} is none")]
    OnlyAdminsSetIdentityProvider { actor: ActorKind, team: TeamId } = Sec2 Forbidden "only-admins-set-identity-provider";
    /// Only admins switch single sign-on.
    #[error("only admins switch single sign-on of team `{team}`, and {actor} is none")]
    OnlyAdminsSwitchSso { actor: ActorKind, team: TeamId } = Sec2 Forbidden "only-admins-switch-sso";
    /// A sign-in through the identity provider is reported by the operator, who has verified it.
    #[error("sign-ins to team `{team}` are reported by the platform operator, not by {actor}")]
    OnlyOperatorReportsSignIns { actor: ActorKind, team: TeamId } = Sec3 Forbidden "only-operator-reports-sign-ins";
    /// The list of those without MFA is for admins and members.
    #[error("who in team `{team}` has no MFA is shown to its admins and members, and {actor} is neither")]
    OnlyMembersSeeCompliance { actor: ActorKind, team: TeamId } = Sec4 Forbidden "only-members-see-compliance";
    /// Only admins switch the control of add-ons.
    #[error("only admins switch the control of add-ons of team `{team}`, and {actor} is none")]
    OnlyAdminsSetAddOnControls { actor: ActorKind, team: TeamId } = Res3 Forbidden "only-admins-set-add-on-controls";
    /// Only admins change which add-ons are allowed.
    #[error("only admins change which add-ons team `{team}` allows, and {actor} is none")]
    OnlyAdminsChangeAllowlist { actor: ActorKind, team: TeamId } = Res3 Forbidden "only-admins-change-allowlist";
    /// With controls on, only admins install what is not allowed.
    #[error("{service} is not allowed in the team of app `{app}`: only its admins install it")]
    AddOnNotAllowed { app: AppId, service: ServiceName } = Res3 Forbidden "add-on-not-allowed";
    /// The resources of a team are for its admins, members and viewers.
    #[error("the resources of team `{team}` are listed for its admins, members and viewers, and {actor} is none")]
    OnlyTeamSeesResources { actor: ActorKind, team: TeamId } = Res4 Forbidden "only-team-sees-resources";
    /// Present use is for admins.
    #[error("the present use of team `{team}` is shown to its admins, and {actor} is none")]
    OnlyAdminsSeeCurrentUse { actor: ActorKind, team: TeamId } = Use1 Forbidden "only-admins-see-current-use";
    /// Past use is for admins; that of an account's teams for holders of `billing` too.
    #[error("the past use of team `{team}` is shown to its admins, and {actor} is none")]
    OnlyAdminsSeePastUse { actor: ActorKind, team: TeamId } = Use2 Forbidden "only-admins-see-past-use";
    /// The use of all teams of an account is for holders of `billing`.
    #[error("the use of account `{account}` is shown to holders of `billing`, and {actor} is none")]
    OnlyBillingSeesAccountUse { actor: ActorKind, account: AccountId } = Ent2 Forbidden "only-billing-sees-account-use";
    /// Billing is for admins.
    #[error("the billing of team `{team}` is for its admins, and {actor} is none")]
    OnlyAdminsManageBilling { actor: ActorKind, team: TeamId } = Use3 Forbidden "only-admins-manage-billing";
    /// Invoices are for admins.
    #[error("the invoices of team `{team}` are for its admins, and {actor} is none")]
    OnlyAdminsSeeInvoices { actor: ActorKind, team: TeamId } = Use6 Forbidden "only-admins-see-invoices";
    /// The use of a Standard team is for admins.
    #[error("the use of the Standard team `{team}` is shown to its admins, and {actor} is none")]
    OnlyAdminsSeeStandardUse { actor: ActorKind, team: TeamId } = Std6 Forbidden "only-admins-see-standard-use";
    /// The audit log of a team is for its admins.
    #[error("the audit log of team `{team}` is for its admins, and {actor} is none")]
    OnlyAdminsReadTeamAudit { actor: ActorKind, team: TeamId } = X3 Forbidden "only-admins-read-team-audit";
    /// The audit log of an app is for holders of `manage`.
    #[error("the audit log of app `{app}` is for holders of `manage`, and {actor} is none")]
    OnlyManagersReadAppAudit { actor: ActorKind, app: AppId } = X3 Forbidden "only-managers-read-app-audit";
    /// What a user did is shown to the user and to the operator; the whole log to the operator.
    #[error("this audit log is not for {actor}")]
    OnlySelfReadsAudit { actor: ActorKind } = X3 Forbidden "only-self-reads-audit";

    // 4. The arguments fit each other.

    /// What was given is no id.
    #[error("malformed id")]
    IdInvalid {} = X6 Invalid "id-invalid";
    /// A malformed e-mail.
    #[error("malformed e-mail: {problem}")]
    EmailInvalid { problem: ParseProblem } = Acc1 Invalid "email-invalid";
    /// A malformed team name.
    #[error("malformed team name: {problem}")]
    TeamNameInvalid { problem: ParseProblem } = Team3 Invalid "team-name-invalid";
    /// What was given is no team role.
    #[error("malformed team role: {problem}")]
    TeamRoleInvalid { problem: ParseProblem } = Mem3 Invalid "team-role-invalid";
    /// What was given is no list of permissions.
    #[error("malformed permissions: {problem}")]
    PermissionsInvalid { problem: ParseProblem } = Perm3 Invalid "permissions-invalid";
    /// What was given is no capability.
    #[error("malformed capability: {problem}")]
    CapabilityInvalid { problem: ParseProblem } = Cap1 Invalid "capability-invalid";
    /// What was given is no app action.
    #[error("malformed app action: {problem}")]
    AppActionInvalid { problem: ParseProblem } = Perm9 Invalid "app-action-invalid";
    /// A malformed app name.
    #[error("malformed app name: {problem}")]
    AppNameInvalid { problem: ParseProblem } = App3 Invalid "app-name-invalid";
    /// A malformed space name.
    #[error("malformed space name: {problem}")]
    SpaceNameInvalid { problem: ParseProblem } = Spc1 Invalid "space-name-invalid";
    /// A malformed pipeline name.
    #[error("malformed pipeline name: {problem}")]
    PipelineNameInvalid { problem: ParseProblem } = Pipe1 Invalid "pipeline-name-invalid";
    /// What was given is no stage.
    #[error("malformed stage: {problem}")]
    StageInvalid { problem: ParseProblem } = Pipe3 Invalid "stage-invalid";
    /// A malformed account name.
    #[error("malformed account name: {problem}")]
    AccountNameInvalid { problem: ParseProblem } = Ent1 Invalid "account-name-invalid";
    /// What was given is no list of permissions in an account.
    #[error("malformed account permissions: {problem}")]
    AccountPermissionsInvalid { problem: ParseProblem } = Ent1 Invalid "account-permissions-invalid";
    /// A description of a release that is empty or too long.
    #[error("malformed description: {problem}")]
    DescriptionInvalid { problem: ParseProblem } = Pipe7 Invalid "description-invalid";
    /// A malformed service of an add-on.
    #[error("malformed service: {problem}")]
    ServiceNameInvalid { problem: ParseProblem } = Res2 Invalid "service-name-invalid";
    /// A malformed plan of an add-on.
    #[error("malformed plan: {problem}")]
    PlanNameInvalid { problem: ParseProblem } = Res2 Invalid "plan-name-invalid";
    /// A malformed identity provider.
    #[error("malformed identity provider: {problem}")]
    IdentityProviderInvalid { problem: ParseProblem } = Sec2 Invalid "identity-provider-invalid";
    /// A malformed payment method.
    #[error("malformed payment method: {problem}")]
    PaymentMethodInvalid { problem: ParseProblem } = Use3 Invalid "payment-method-invalid";
    /// A malformed stack.
    #[error("malformed stack: {problem}")]
    StackInvalid { problem: ParseProblem } = App10 Invalid "stack-invalid";
    /// A malformed domain.
    #[error("malformed domain: {problem}")]
    DomainInvalid { problem: ParseProblem } = App11 Invalid "domain-invalid";
    /// A malformed process type.
    #[error("malformed process type: {problem}")]
    ProcessTypeInvalid { problem: ParseProblem } = Res1 Invalid "process-type-invalid";
    /// What was given is no dyno size.
    #[error("malformed dyno size: {problem}")]
    DynoSizeInvalid { problem: ParseProblem } = Res1 Invalid "dyno-size-invalid";
    /// A list of words that cannot make names.
    #[error("unusable word list: {problem}")]
    WordListInvalid { problem: WordListError } = Gen2 Invalid "word-list-invalid";
    /// A malformed cursor.
    #[error("malformed cursor: {problem}")]
    CursorInvalid { problem: ParseProblem } = X6 Invalid "cursor-invalid";
    /// A cursor that belongs to a list of another kind or order.
    #[error("the cursor belongs to another list")]
    CursorOfAnotherList {} = X6 Invalid "cursor-of-another-list";
    /// A page of no entries, or of too many.
    #[error("a page has 1 to {max} entries, not {size}")]
    PageSizeInvalid { size: usize, max: usize } = X6 Invalid "page-size-invalid";
    /// Only Enterprise Teams have viewers.
    #[error("team `{team}` is a Standard team and has no viewers")]
    ViewerInStandardTeam { team: TeamId } = Mem4 Invalid "viewer-in-standard-team";
    /// On an app of an Enterprise Team permissions are chosen.
    #[error("app `{app}` belongs to an Enterprise Team: say which permissions to grant")]
    PermissionsMissing { app: AppId } = Perm7 Invalid "permissions-missing";
    /// On a personal app no permissions are chosen.
    #[error("app `{app}` is personal: its collaborators hold view, deploy and operate, no permissions are chosen")]
    PermissionsOnPersonalApp { app: AppId } = Perm10 Invalid "permissions-on-personal-app";
    /// On an app of a Standard team no permissions are chosen.
    #[error("app `{app}` belongs to a Standard team: people on it hold view, deploy and operate, no permissions are chosen")]
    PermissionsOnStandardApp { app: AppId } = Std4 Invalid "permissions-on-standard-app";
    /// The name typed as confirmation is not the app's.
    #[error("the confirmation is not the name of app `{app}`")]
    ConfirmationMismatch { app: AppId } = App6 Invalid "confirmation-mismatch";
    /// A personal app goes to another user by a request that the recipient accepts.
    #[error("the personal app `{app}` goes to another user by a request")]
    TransferNeedsRequest { app: AppId } = Trf4 Invalid "transfer-needs-request";
    /// Only the transfer of a personal app is requested.
    #[error("app `{app}` belongs to a team and is transferred at once, without a request")]
    RequestOnTeamApp { app: AppId } = Trf4 Invalid "request-on-team-app";
    /// A bulk transfer of no app, or of too many.
    #[error("a bulk transfer takes 1 to {max} apps, not {count}")]
    BulkSizeInvalid { count: usize, max: usize } = Trf9 Invalid "bulk-size-invalid";
    /// A bulk transfer that names an app twice: the first such by id.
    #[error("app `{app}` is named twice")]
    AppNamedTwice { app: AppId } = Trf9 Invalid "app-named-twice";
    /// Only Enterprise Teams have spaces.
    #[error("team `{team}` is a Standard team and has no spaces")]
    SpaceInStandardTeam { team: TeamId } = Spc1 Invalid "space-in-standard-team";
    /// The name typed as confirmation is not the space's.
    #[error("the confirmation is not the name of space `{space}`")]
    SpaceConfirmationMismatch { space: SpaceId } = Spc5 Invalid "space-confirmation-mismatch";
    /// A space stays within its Enterprise Account.
    #[error("space `{space}` and team `{team}` are not in the same account")]
    SpaceLeavesAccount { space: SpaceId, team: TeamId } = Spc6 Invalid "space-leaves-account";
    /// An app and its pipeline have the same owner.
    #[error("app `{app}` and pipeline `{pipeline}` have different owners")]
    OwnersDiffer { app: AppId, pipeline: PipelineId } = Pipe4 Invalid "owners-differ";
    /// A release is not promoted to the app that it comes from.
    #[error("app `{app}` is not promoted to itself")]
    PromotionToSelf { app: AppId } = Pipe7 Invalid "promotion-to-self";
    /// A release is promoted within the pipeline.
    #[error("app `{app}` is not in pipeline `{pipeline}`")]
    TargetOutsidePipeline { app: AppId, pipeline: PipelineId } = Pipe7 Invalid "target-outside-pipeline";
    /// Teams have no eco dynos.
    #[error("app `{app}` belongs to a team: eco dynos are for personal apps")]
    EcoInTeam { app: AppId } = Res1 Invalid "eco-in-team";
    /// In spaces only private and shield dynos run.
    #[error("app `{app}` is in a space: only private and shield dynos run there, not {size}")]
    PublicDynoInSpace { app: AppId, size: DynoSize } = Res1 Invalid "public-dyno-in-space";
    /// Private and shield dynos run in spaces.
    #[error("app `{app}` is in no space: {size} dynos run in spaces only")]
    PrivateDynoOutsideSpace { app: AppId, size: DynoSize } = Res1 Invalid "private-dyno-outside-space";

    /// A range of days that ends before it starts, or is too long.
    #[error("a range has 1 to {max} days, not {days}")]
    RangeInvalid { days: i64, max: i64 } = Use2 Invalid "range-invalid";
    /// A month that is not over, or was before the team.
    #[error("team `{team}` has no invoice of {month}")]
    NoInvoice { team: TeamId, month: Month } = Use6 Invalid "no-invoice";
    /// An Enterprise Team draws on its account's credits.
    #[error("team `{team}` is an Enterprise Team and has no payment method of its own")]
    PaymentOfEnterpriseTeam { team: TeamId } = Use3 Invalid "payment-of-enterprise-team";

    // 5. The things are in the right state.

    /// The settings of the store are these already.
    #[error("the settings of the store are these already")]
    SettingsUnchanged {} = X3 Conflict "settings-unchanged";
    /// The e-mail is the user's already.
    #[error("user `{user}` has this e-mail already")]
    EmailUnchanged { user: UserId } = Acc1 Conflict "email-unchanged";
    /// The user still owns personal apps or pipelines.
    #[error("user `{user}` still owns {left}")]
    UserStillOwns { user: UserId, left: Box<Remaining> } = Acc2 Conflict "user-still-owns";
    /// The MFA status is this already.
    #[error("the MFA status of user `{user}` is this already")]
    MfaUnchanged { user: UserId } = Acc3 Conflict "mfa-unchanged";
    /// The way of signing in is this already.
    #[error("user `{user}` signs in this way already")]
    SignInUnchanged { user: UserId } = Acc3 Conflict "sign-in-unchanged";
    /// The limits are these already.
    #[error("team `{team}` has these limits already")]
    LimitsUnchanged { team: TeamId } = Team6 Conflict "limits-unchanged";
    /// The default role is this already.
    #[error("the default role of team `{team}` is {role} already")]
    DefaultRoleUnchanged { team: TeamId, role: TeamRole } = Team7 Conflict "default-role-unchanged";
    /// A Standard team is deleted directly.
    #[error("team `{team}` is a {kind}: an admin deletes it without a request")]
    DeletionNeedsNoRequest { team: TeamId, kind: TeamKind } = Team8 Conflict "deletion-needs-no-request";
    /// The deletion is requested already.
    #[error("the deletion of team `{team}` is requested already")]
    DeletionAlreadyRequested { team: TeamId } = Team8 Conflict "deletion-already-requested";
    /// No admin has asked for the deletion.
    #[error("no admin of team `{team}` has asked for its deletion")]
    DeletionNotRequested { team: TeamId } = Team8 Conflict "deletion-not-requested";
    /// The team still has apps, spaces or pipelines.
    #[error("team `{team}` still has {left}")]
    TeamNotEmpty { team: TeamId, left: Box<Remaining> } = Team8 Conflict "team-not-empty";
    /// The user is in the team already.
    #[error("user `{user}` is in team `{team}` already, as {role}")]
    AlreadyInTeam { team: TeamId, user: UserId, role: TeamRole } = Mem2 Conflict "already-in-team";
    /// The user has no role in the team; a collaborator has none.
    #[error("user `{user}` is not in team `{team}`")]
    NotInTeam { team: TeamId, user: UserId } = Mem3 Conflict "not-in-team";
    /// The role is this already.
    #[error("user `{user}` is {role} of team `{team}` already")]
    RoleUnchanged { team: TeamId, user: UserId, role: TeamRole } = Mem2 Conflict "role-unchanged";
    /// The e-mail is that of someone in the team.
    #[error("the invited user `{user}` is in team `{team}` already")]
    InviteeInTeam { team: TeamId, user: UserId } = Inv1 Conflict "invitee-in-team";
    /// The invitation has expired.
    #[error("invitation `{invitation}` has expired")]
    InvitationExpired { invitation: InvitationId } = Inv3 Conflict "invitation-expired";
    /// OAuth access is this already.
    #[error("OAuth access of team `{team}` is this already")]
    OAuthAccessUnchanged { team: TeamId } = Sec1 Conflict "oauth-access-unchanged";
    /// An admin's permissions on an app cannot be reduced.
    #[error("user `{user}` is an admin of the team of app `{app}`: what admins hold cannot be changed")]
    AdminPermissionsFixed { app: AppId, user: UserId } = Perm1 Conflict "admin-permissions-fixed";
    /// A grant to an admin would say nothing.
    #[error("user `{user}` is an admin of the team of app `{app}` and holds everything on it")]
    AdminHoldsAll { app: AppId, user: UserId } = Perm5 Conflict "admin-holds-all";
    /// The owner of a personal app holds everything on it.
    #[error("user `{user}` owns app `{app}` and holds everything on it")]
    OwnerHoldsAll { app: AppId, user: UserId } = Perm10 Conflict "owner-holds-all";
    /// The user is on the app already.
    #[error("user `{user}` is on app `{app}` already")]
    AlreadyOnApp { app: AppId, user: UserId } = Perm7 Conflict "already-on-app";
    /// The user is not on the app.
    #[error("user `{user}` is not on app `{app}`")]
    NotOnApp { app: AppId, user: UserId } = Perm7 Conflict "not-on-app";
    /// The permissions are these already.
    #[error("user `{user}` holds exactly these permissions on app `{app}` already")]
    PermissionsUnchanged { app: AppId, user: UserId } = Perm3 Conflict "permissions-unchanged";
    /// The app is locked already.
    #[error("app `{app}` is locked already")]
    AppAlreadyLocked { app: AppId } = App8 Conflict "app-already-locked";
    /// The app is not locked.
    #[error("app `{app}` is not locked")]
    AppNotLocked { app: AppId } = App8 Conflict "app-not-locked";
    /// A locked app is not joined.
    #[error("app `{app}` is locked: nobody joins it by themselves")]
    AppIsLocked { app: AppId } = App9 Conflict "app-is-locked";
    /// An app in a space is not transferred alone.
    #[error("app `{app}` is in space `{space}` and is transferred with it only")]
    AppInSpace { app: AppId, space: SpaceId } = Trf8 Conflict "app-in-space";
    /// The new owner is the present one.
    #[error("{owner} owns app `{app}` already")]
    AlreadyOwner { app: AppId, owner: Owner } = Trf10 Conflict "already-owner";
    /// Who receives a team's app must be in the team or on the app.
    #[error("user `{user}` is neither in the team of app `{app}` nor on the app")]
    NewOwnerIsStranger { app: AppId, user: UserId } = Trf3 Conflict "new-owner-is-stranger";
    /// Who receives a personal app must be a collaborator on it.
    #[error("the recipient `{user}` is not a collaborator on app `{app}`")]
    RecipientNotOnApp { app: AppId, user: UserId } = Trf4 Conflict "recipient-not-on-app";
    /// A transfer of the app is pending already.
    #[error("transfer `{transfer}` of app `{app}` is pending already")]
    TransferAlreadyPending { app: AppId, transfer: TransferId } = Trf4 Conflict "transfer-already-pending";
    /// Some apps of a bulk transfer cannot move, so none does.
    #[error("{total} of the apps cannot move, so none does: {apps}", total = apps.total, apps = Refusals(apps))]
    BulkRefused { apps: Box<Truncated<(AppId, Error)>> } = Trf9 Conflict "bulk-refused";
    /// The pipeline has this name already.
    #[error("pipeline `{pipeline}` has this name already")]
    PipelineNameUnchanged { pipeline: PipelineId } = Pipe1 Conflict "pipeline-name-unchanged";
    /// The app is in a pipeline already.
    #[error("app `{app}` is in pipeline `{pipeline}` already")]
    AppInPipeline { app: AppId, pipeline: PipelineId } = Pipe3 Conflict "app-in-pipeline";
    /// The app is in no pipeline.
    #[error("app `{app}` is in no pipeline")]
    AppNotInPipeline { app: AppId } = Pipe3 Conflict "app-not-in-pipeline";
    /// The stage is this already.
    #[error("app `{app}` is in stage {stage} already")]
    StageUnchanged { app: AppId, stage: Stage } = Pipe3 Conflict "stage-unchanged";
    /// The new owner of the pipeline is the present one.
    #[error("{owner} owns pipeline `{pipeline}` already")]
    PipelineAlreadyOwned { pipeline: PipelineId, owner: Owner } = Pipe6 Conflict "pipeline-already-owned";
    /// Some apps of the pipeline cannot move, so nothing does: the apps, by name.
    #[error("{total} of the apps of pipeline `{pipeline}` cannot move, so nothing does: {apps}", total = apps.total, apps = Refusals(apps))]
    PipelineNotMovable { pipeline: PipelineId, apps: Box<Truncated<(AppId, Error)>> } = Pipe6 Conflict "pipeline-not-movable";
    /// No stage follows this one.
    #[error("app `{app}` is in stage {stage}, from which nothing is promoted so")]
    StageNotPromotable { app: AppId, stage: Stage } = Pipe7 Conflict "stage-not-promotable";
    /// The app has no release to promote.
    #[error("app `{app}` has no release")]
    NoRelease { app: AppId } = Pipe7 Conflict "no-release";
    /// There is nothing to promote to.
    #[error("there is no app to promote app `{app}` to")]
    NoTargets { app: AppId } = Pipe7 Conflict "no-targets";
    /// No target can be promoted to: the targets, as they were named, or by name.
    #[error("{total} targets cannot be promoted to, so none is: {apps}", total = apps.total, apps = Refusals(apps))]
    PromotionRefused { apps: Box<Truncated<(AppId, Error)>> } = Pipe7 Conflict "promotion-refused";
    /// Apps remain in the space.
    #[error("space `{space}` still holds apps: {apps}")]
    SpaceNotEmpty { space: SpaceId, apps: Box<Truncated<AppId>> } = Spc5 Conflict "space-not-empty";
    /// Only members are let create apps in a space; admins always may.
    #[error("user `{user}` is not a member of the team of space `{space}`")]
    AppCreationForMembers { space: SpaceId, user: UserId } = Spc3 Conflict "app-creation-for-members";
    /// The member may create apps in the space already.
    #[error("user `{user}` may create apps in space `{space}` already")]
    AppCreationAlreadyAllowed { space: SpaceId, user: UserId } = Spc3 Conflict "app-creation-already-allowed";
    /// The user does not hold the permission.
    #[error("user `{user}` does not hold the permission of space `{space}` to create apps")]
    AppCreationNotAllowed { space: SpaceId, user: UserId } = Spc3 Conflict "app-creation-not-allowed";
    /// The space belongs to this team already.
    #[error("space `{space}` belongs to team `{team}` already")]
    SpaceAlreadyOwned { space: SpaceId, team: TeamId } = Spc6 Conflict "space-already-owned";
    /// The user is in the account already.
    #[error("user `{user}` is in account `{account}` already")]
    AlreadyInAccount { account: AccountId, user: UserId } = Ent1 Conflict "already-in-account";
    /// The user is not in the account.
    #[error("user `{user}` is not in account `{account}`")]
    NotInAccount { account: AccountId, user: UserId } = Ent1 Conflict "not-in-account";
    /// The permissions in the account are these already.
    #[error("user `{user}` holds exactly these permissions in account `{account}` already")]
    AccountPermissionsUnchanged { account: AccountId, user: UserId } = Ent1 Conflict "account-permissions-unchanged";
    /// Only a Standard team moves into an account.
    #[error("team `{team}` is an Enterprise Team already")]
    TeamIsEnterprise { team: TeamId } = Ent4 Conflict "team-is-enterprise";
    /// The team is in no account.
    #[error("team `{team}` is in no account")]
    TeamInNoAccount { team: TeamId } = Ent5 Conflict "team-in-no-account";
    /// The move is requested already.
    #[error("the move of team `{team}` out of its account is requested already")]
    MoveOutAlreadyRequested { team: TeamId } = Ent5 Conflict "move-out-already-requested";
    /// No admin has asked for the move.
    #[error("no admin of team `{team}` has asked to move it out of its account")]
    MoveOutNotRequested { team: TeamId } = Ent5 Conflict "move-out-not-requested";
    /// Something stands in the way of the move.
    #[error("team `{team}` cannot be a Standard team: {obstacles}")]
    MoveOutBlocked { team: TeamId, obstacles: Box<Blockers> } = Ent5 Conflict "move-out-blocked";
    /// The identity provider is this already.
    #[error("team `{team}` has this identity provider already")]
    IdentityProviderUnchanged { team: TeamId } = Sec2 Conflict "identity-provider-unchanged";
    /// There is no identity provider.
    #[error("team `{team}` has no identity provider")]
    NoIdentityProvider { team: TeamId } = Sec2 Conflict "no-identity-provider";
    /// The identity provider is in use.
    #[error("people sign in to team `{team}` through its identity provider")]
    IdentityProviderInUse { team: TeamId } = Sec2 Conflict "identity-provider-in-use";
    /// Single sign-on is so already.
    #[error("single sign-on of team `{team}` is so already")]
    SsoUnchanged { team: TeamId } = Sec2 Conflict "sso-unchanged";
    /// Nobody signs in through an identity provider.
    #[error("single sign-on of team `{team}` is not enabled")]
    SsoNotEnabled { team: TeamId } = Sec3 Conflict "sso-not-enabled";
    /// The plan is this already.
    #[error("add-on `{add_on}` has this plan already")]
    PlanUnchanged { add_on: AddOnId } = Res2 Conflict "plan-unchanged";
    /// The control of add-ons is so already.
    #[error("the control of add-ons of team `{team}` is so already")]
    AddOnControlsUnchanged { team: TeamId } = Res3 Conflict "add-on-controls-unchanged";
    /// The service is allowed already.
    #[error("team `{team}` allows {service} already")]
    ServiceAlreadyAllowed { team: TeamId, service: ServiceName } = Res3 Conflict "service-already-allowed";
    /// The service is not on the list.
    #[error("{service} is not on the list of what team `{team}` allows")]
    ServiceNotListed { team: TeamId, service: ServiceName } = Res3 Conflict "service-not-listed";
    /// The payment method is this already.
    #[error("team `{team}` has this payment method already")]
    PaymentMethodUnchanged { team: TeamId } = Use3 Conflict "payment-method-unchanged";
    /// The formation is this already.
    #[error("the formation of app `{app}` is this already")]
    FormationUnchanged { app: AppId } = Res1 Conflict "formation-unchanged";

    // 6. The name is free.

    /// Another user has this e-mail.
    #[error("the e-mail `{email}` belongs to another user")]
    EmailTaken { email: Email } = Acc1 Conflict "email-taken";
    /// Another user has this id.
    #[error("the id `{user}` belongs to another user")]
    UserIdTaken { user: UserId } = Acc1 Conflict "user-id-taken";
    /// A team has this name.
    #[error("the team name `{name}` is taken")]
    TeamNameTaken { name: TeamName } = Team3 Conflict "team-name-taken";
    /// An app has this name.
    #[error("the app name `{name}` is taken")]
    AppNameTaken { name: AppName } = App3 Conflict "app-name-taken";
    /// A space has this name.
    #[error("the space name `{name}` is taken")]
    SpaceNameTaken { name: SpaceName } = Spc1 Conflict "space-name-taken";
    /// An account has this name.
    #[error("the account name `{name}` is taken")]
    AccountNameTaken { name: AccountName } = Ent1 Conflict "account-name-taken";
    /// Every name that the generator can give is taken.
    #[error("all {names} generated names are taken")]
    NamesUsedUp { names: u64 } = Gen3 Limit "names-used-up";

    // 7. There is room.

    /// The team has as many members and pending invitations as it may have.
    #[error("the limit on members of team `{team}` is {limit}, and it would have {actual}, pending invitations counted")]
    MemberLimitReached { team: TeamId, limit: u32, actual: u64 } = Team5 Limit "member-limit-reached";
    /// The team has as many apps as it may have.
    #[error("the limit on apps of team `{team}` is {limit}, and it would have {actual}")]
    AppLimitReached { team: TeamId, limit: u32, actual: u64 } = Team6 Limit "app-limit-reached";
    /// The user has as many personal apps as they may have.
    #[error("the limit on personal apps of user `{user}` is {limit}, and they would have {actual}")]
    PersonalAppLimitReached { user: UserId, limit: u32, actual: u64 } = App12 Limit "personal-app-limit-reached";
    /// The team has as many spaces as it may have.
    #[error("team `{team}` may have spaces up to {limit}, and would have {actual}")]
    SpaceLimitReached { team: TeamId, limit: u32, actual: u64 } = Team6 Limit "space-limit-reached";
    /// The space holds as many apps as it may hold.
    #[error("space `{space}` may hold apps up to {limit}, and would hold {actual}")]
    SpaceFull { space: SpaceId, limit: u32, actual: u64 } = Spc5 Limit "space-full";
    /// The formation has as many process types as it may have.
    #[error("the limit on process types of app `{app}` is {limit}")]
    FormationFull { app: AppId, limit: usize } = Res1 Limit "formation-full";
    /// The app has as many add-ons as it may have.
    #[error("the limit on add-ons of app `{app}` is {limit}")]
    AddOnsFull { app: AppId, limit: usize } = Res2 Limit "add-ons-full";
    /// The team allows as many services as it may list.
    #[error("the limit on services that team `{team}` allows is {limit}")]
    AllowlistFull { team: TeamId, limit: usize } = Res3 Limit "allowlist-full";
    /// The store has as many things of a kind as it can hold.
    #[error("the store holds {limit} of these, and no more")]
    StoreFull { limit: u64 } = X6 Limit "store-full";

    // 8. No standing law would break.

    /// The last admin cannot be demoted.
    #[error("user `{user}` is the last admin of team `{team}` and cannot get another role")]
    CannotDemoteLastAdmin { team: TeamId, user: UserId } = Team2 Conflict "cannot-demote-last-admin";
    /// The last admin cannot leave; nobody else is there to remove them.
    #[error("user `{user}` is the last admin of team `{team}` and cannot leave")]
    LastAdminCannotLeave { team: TeamId, user: UserId } = Team2 Conflict "last-admin-cannot-leave";
    /// The last manager of an account cannot be removed.
    #[error("user `{user}` is the last manager of account `{account}` and cannot be removed")]
    CannotRemoveLastManager { account: AccountId, user: UserId } = Ent1 Conflict "cannot-remove-last-manager";
    /// The last manager of an account cannot lose `manage`.
    #[error("user `{user}` is the last manager of account `{account}` and cannot lose `manage`")]
    CannotDemoteLastManager { account: AccountId, user: UserId } = Ent1 Conflict "cannot-demote-last-manager";
    /// A user who is the last admin of a team cannot be deleted: the teams, by name.
    #[error("user `{user}` cannot be deleted as the last admin of {teams}")]
    CannotDeleteLastAdmin { user: UserId, teams: Box<Truncated<TeamId>> } = Acc2 Conflict "cannot-delete-last-admin";
    /// A user who is the last manager of an account cannot be deleted: the accounts, by id.
    #[error("user `{user}` is the last manager of accounts: {accounts}")]
    CannotDeleteLastManager { user: UserId, accounts: Box<Truncated<AccountId>> } = Ent1 Conflict "cannot-delete-last-manager";
}

/// The refusals of a bulk transfer, app by app.
struct Refusals<'a>(&'a Truncated<(AppId, Error)>);

impl fmt::Display for Refusals<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (app, error)) in self.0.shown.iter().take(TRUNCATED_MAX).enumerate() {
            write!(f, "{}`{app}`: {error}", if index == 0 { "" } else { "; " })?;
        }
        match self.0.total.saturating_sub(TRUNCATED_MAX) {
            0 => Ok(()),
            more => write!(f, "; and {more} more"),
        }
    }
}

impl From<ParseError> for Error {
    fn from(ParseError { what, problem }: ParseError) -> Self {
        match what {
            ParseTarget::Email => Self::EmailInvalid { problem },
            ParseTarget::TeamName => Self::TeamNameInvalid { problem },
            ParseTarget::AppName => Self::AppNameInvalid { problem },
            ParseTarget::Capability => Self::CapabilityInvalid { problem },
            ParseTarget::AppAction => Self::AppActionInvalid { problem },
            ParseTarget::SpaceName => Self::SpaceNameInvalid { problem },
            ParseTarget::PipelineName => Self::PipelineNameInvalid { problem },
            ParseTarget::AccountName => Self::AccountNameInvalid { problem },
            ParseTarget::Stage => Self::StageInvalid { problem },
            ParseTarget::AccountPermissions => Self::AccountPermissionsInvalid { problem },
            ParseTarget::Description => Self::DescriptionInvalid { problem },
            ParseTarget::ServiceName => Self::ServiceNameInvalid { problem },
            ParseTarget::PlanName => Self::PlanNameInvalid { problem },
            ParseTarget::IdentityProvider => Self::IdentityProviderInvalid { problem },
            ParseTarget::PaymentMethod => Self::PaymentMethodInvalid { problem },
            ParseTarget::Stack => Self::StackInvalid { problem },
            ParseTarget::ProcessType => Self::ProcessTypeInvalid { problem },
            ParseTarget::Domain => Self::DomainInvalid { problem },
            ParseTarget::TeamRole => Self::TeamRoleInvalid { problem },
            ParseTarget::Permissions => Self::PermissionsInvalid { problem },
            ParseTarget::DynoSize => Self::DynoSizeInvalid { problem },
            ParseTarget::Cursor => Self::CursorInvalid { problem },
        }
    }
}

impl From<WordListError> for Error {
    fn from(problem: WordListError) -> Self {
        Self::WordListInvalid { problem }
    }
}

/// A malformed id.
impl From<uuid::Error> for Error {
    fn from(_: uuid::Error) -> Self {
        Self::IdInvalid {}
    }
}
