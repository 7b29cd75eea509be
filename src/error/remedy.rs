//! The way out of a refusal.

use core::fmt;

use serde::Serialize;

use super::Error;
use crate::ids::{AccountId, AppId, TeamId, UserId};

/// The way out of a refusal: what would be needed, and who could give it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Remedy {
    /// What would be needed, in words.
    pub needed: &'static str,
    /// Who could give it; the actor where nobody else is needed.
    pub from: Grantor,
}

/// Who could give what is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Grantor {
    /// Whoever was refused, by asking otherwise.
    Actor,
    /// An admin of the team.
    AdminOf(TeamId),
    /// A holder of `manage` on the app: an admin of its team, its owner, or whom they gave it.
    ManagerOf(AppId),
    /// A holder of `manage` in the Enterprise Account.
    AccountManager(AccountId),
    /// The user.
    User(UserId),
    /// The platform operator.
    Operator,
}

impl fmt::Display for Grantor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Actor => f.write_str("the actor"),
            Self::AdminOf(team) => write!(f, "an admin of team `{team}`"),
            Self::ManagerOf(app) => write!(f, "a holder of `manage` on app `{app}`"),
            Self::AccountManager(account) => write!(f, "a manager of account `{account}`"),
            Self::User(user) => write!(f, "user `{user}`"),
            Self::Operator => f.write_str("the platform operator"),
        }
    }
}

/// What would be needed, and from whom.
impl fmt::Display for Remedy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.from {
            Grantor::Actor => f.write_str(self.needed),
            from => write!(f, "{}, from {from}", self.needed),
        }
    }
}

impl Error {
    /// The way out: what would be needed, and who could give it. `None` where there is none, because a thing named does not
    /// exist.
    ///
    /// ```
    /// use enterprise_teams::{Error, TeamId, UserId};
    /// use uuid::Uuid;
    ///
    /// let (team, user) = (TeamId::from_uuid(Uuid::nil()), UserId::from_uuid(Uuid::nil()));
    /// let remedy = Error::LastAdminCannotLeave { team, user }.remedy().unwrap();
    /// assert_eq!(remedy.needed, "another admin in the team first");
    /// ```
    #[must_use]
    pub const fn remedy(&self) -> Option<Remedy> {
        let (needed, from) = match self {
            Self::ActorNotFound { .. }
            | Self::UserNotFound { .. }
            | Self::EmailNotFound { .. }
            | Self::TeamNotFound { .. }
            | Self::TeamNameNotFound { .. }
            | Self::AppNotFound { .. }
            | Self::AppNameNotFound { .. }
            | Self::InvitationNotFound { .. }
            | Self::TransferNotFound { .. }
            | Self::SpaceNotFound { .. }
            | Self::AddOnNotFound { .. }
            | Self::SpaceNameNotFound { .. }
            | Self::PipelineNotFound { .. }
            | Self::AccountNotFound { .. }
            | Self::AccountNameNotFound { .. } => return None,

            Self::OAuthDenied { team } => {
                ("access for third-party clients, or a client of the platform itself", Grantor::AdminOf(*team))
            }
            Self::OnlyOperatorRegistersUsers { .. }
            | Self::OnlyOperatorProvisionsTeams { .. }
            | Self::OnlySelfReadsAudit { .. } => ("another actor", Grantor::Operator),
            Self::OnlySelfOrOperatorDeletesUser { user, .. }
            | Self::OnlySelfOrOperatorChangesSignIn { user, .. }
            | Self::OnlyOwnerListsPersonalApps { user, .. } => ("that the user does it", Grantor::User(*user)),
            Self::UserHidden { user, .. } => ("a team or an app in common", Grantor::User(*user)),
            Self::OnlyOperatorChangesSettings { .. }
            | Self::OnlyOperatorOpensAccounts { .. }
            | Self::OnlyOperatorSetsLimits { .. }
            | Self::OnlyOperatorChangesEmails { .. } => ("that the operator does it", Grantor::Operator),
            Self::OnlyOperatorDeletesEnterpriseTeams { .. } => {
                ("that an admin requests it and the operator does it", Grantor::Operator)
            }
            Self::OnlyAdminsRenameTeams { team, .. }
            | Self::OnlyAdminsSetDefaultRole { team, .. }
            | Self::OnlyAdminsSetOAuthAccess { team, .. }
            | Self::OnlyAdminsRequestDeletion { team, .. }
            | Self::OnlyAdminsDeleteTeams { team, .. }
            | Self::OnlyAdminsCreateSpaces { team, .. }
            | Self::OnlyAdminsSetIdentityProvider { team, .. }
            | Self::OnlyAdminsSwitchSso { team, .. }
            | Self::OnlyAdminsSetAddOnControls { team, .. }
            | Self::OnlyAdminsChangeAllowlist { team, .. }
            | Self::OnlyAdminsSeeCurrentUse { team, .. }
            | Self::OnlyAdminsSeePastUse { team, .. }
            | Self::OnlyAdminsManageBilling { team, .. }
            | Self::OnlyAdminsSeeInvoices { team, .. }
            | Self::OnlyAdminsSeeStandardUse { team, .. }
            | Self::OnlyAdminsMoveTeamsIn { team, .. }
            | Self::OnlyAdminsRequestMoveOut { team, .. }
            | Self::OnlyAdminsCreateLockedApps { team, .. }
            | Self::OnlyAdminsManageMembers { team, .. }
            | Self::OnlyAdminsInvite { team, .. }
            | Self::OnlyAdminsReadTeamAudit { team, .. } => ("the role admin in the team", Grantor::AdminOf(*team)),
            Self::OnlyTeamSeesAccessList { team, .. }
            | Self::OnlyTeamListsSpaces { team, .. }
            | Self::OnlyTeamSeesResources { team, .. }
            | Self::OnlyTeamListsApps { team, .. }
            | Self::CollaboratorLacksCapability { team, .. }
            | Self::OutsiderLacksCapability { team, .. } => ("a role in the team", Grantor::AdminOf(*team)),
            Self::OnlyMembersSeeInvitations { team, .. }
            | Self::OnlyMembersSeeCompliance { team, .. }
            | Self::OnlyMembersCreatePipelines { team, .. }
            | Self::OnlyMembersCreateApps { team, .. }
            | Self::OnlyMembersTransferIn { team, .. }
            | Self::ReceivingTeamClosed { team, .. } => {
                ("the role admin or member in the team", Grantor::AdminOf(*team))
            }
            Self::RoleLacksCapability { team, .. } => ("another role in the team", Grantor::AdminOf(*team)),
            Self::CapabilityOfNobody { .. } | Self::OperatorOwnsNoApps {} => ("another actor", Grantor::Actor),
            Self::OnlyAdminsRevokeInvitations { .. } => ("the role admin in the team", Grantor::Actor),
            Self::InvitationForSomeoneElse { .. } => ("an invitation of one's own e-mail", Grantor::Actor),
            Self::ActionNeedsPermission { app, .. } => ("a grant of the permission", Grantor::ManagerOf(*app)),
            Self::OnlyManagersChangeAccess { app, .. }
            | Self::OnlyManagersRenameApps { app, .. }
            | Self::OnlyManagersDeleteApps { app, .. }
            | Self::OnlyManagersLockApps { app, .. }
            | Self::OnlyManagersShareLockedApps { app, .. }
            | Self::OnlyManagersReadAppAudit { app, .. } => ("manage on the app", Grantor::ManagerOf(*app)),
            Self::ActionNeedsMembership { app, .. } => {
                ("the role admin or member in the team", Grantor::ManagerOf(*app))
            }
            Self::OnlyManagersTransferApps { app, .. } | Self::OnlyManagersGiveApps { app, .. } => {
                ("manage on the app and the role member, or the role admin", Grantor::ManagerOf(*app))
            }
            Self::OnlyOwnerSharesPersonalApp { app, .. }
            | Self::OnlyOwnerPaysForAddOns { app, .. }
            | Self::OnlyOwnerTransfersPersonalApp { app, .. }
            | Self::OnlyOwnerRequestsTransfer { app, .. } => ("that the owner does it", Grantor::ManagerOf(*app)),
            Self::AppHidden { app, .. } | Self::OnlyMembersJoinApps { app, .. } => {
                ("to be added to the app", Grantor::ManagerOf(*app))
            }
            Self::OnlyAdminsManageStandardApps { app, .. } | Self::OnlyAdminsTransferStandardApps { app, .. } => {
                ("the role admin in the team", Grantor::ManagerOf(*app))
            }
            Self::OnlyMembersAddCollaborators { app, .. } | Self::OnlyTeamPaysForAddOns { app, .. } => {
                ("a role in the team", Grantor::ManagerOf(*app))
            }
            Self::PipelineHidden { .. } => ("to be added to one of its apps", Grantor::Actor),
            Self::SpaceHidden { .. } => ("a role in the team", Grantor::Actor),
            Self::OnlyAdminsManageSpaces { .. } => ("the role admin in the team", Grantor::Actor),
            Self::OnlyOwnersManagePipelines { .. } | Self::PipelineReceiverClosed { .. } => {
                ("the role admin or member in the team", Grantor::Actor)
            }
            Self::CouplingNeedsDeploy { app, .. } | Self::PromotionNeedsDeploy { app, .. } => {
                ("deploy on the app", Grantor::ManagerOf(*app))
            }
            Self::AppCreationNeedsSpacePermission { .. } => {
                ("the permission to create apps in the space", Grantor::Actor)
            }
            Self::OnlyAdminsOfBothTransferSpaces { .. } => {
                ("the role admin in both teams, or manage in the account", Grantor::Actor)
            }
            Self::AccountHidden { account, .. } => ("to be added to the account", Grantor::AccountManager(*account)),
            Self::OnlyManagersManageAccounts { account, .. } => {
                ("manage in the account", Grantor::AccountManager(*account))
            }
            Self::AddOnNotAllowed { app, .. } => {
                ("the service allowed, or an admin to install it", Grantor::ManagerOf(*app))
            }
            Self::OnlyBillingSeesAccountUse { account, .. } => {
                ("billing in the account", Grantor::AccountManager(*account))
            }
            Self::OnlyCreatorsCreateTeams { account, .. } | Self::MoveInNeedsAccountPermission { account, .. } => {
                ("create in the account", Grantor::AccountManager(*account))
            }
            Self::OnlyOperatorReportsSignIns { .. } => ("that the operator does it", Grantor::Operator),
            Self::OnlyOperatorMovesTeamsOut { .. } => {
                ("that an admin requests it and the operator does it", Grantor::Operator)
            }
            Self::OnlyRecipientAnswersTransfer { .. } => ("that the recipient answers", Grantor::Actor),
            Self::OnlyOwnerCancelsTransfer { .. } => ("that the owner cancels", Grantor::Actor),

            Self::IdInvalid {}
            | Self::EmailInvalid { .. }
            | Self::TeamNameInvalid { .. }
            | Self::TeamRoleInvalid { .. }
            | Self::PermissionsInvalid { .. }
            | Self::CapabilityInvalid { .. }
            | Self::AppActionInvalid { .. }
            | Self::AppNameInvalid { .. }
            | Self::SpaceNameInvalid { .. }
            | Self::PipelineNameInvalid { .. }
            | Self::StageInvalid { .. }
            | Self::AccountNameInvalid { .. }
            | Self::AccountPermissionsInvalid { .. }
            | Self::DescriptionInvalid { .. }
            | Self::ServiceNameInvalid { .. }
            | Self::PlanNameInvalid { .. }
            | Self::IdentityProviderInvalid { .. }
            | Self::PaymentMethodInvalid { .. }
            | Self::StackInvalid { .. }
            | Self::DomainInvalid { .. }
            | Self::ProcessTypeInvalid { .. }
            | Self::DynoSizeInvalid { .. }
            | Self::WordListInvalid { .. } => ("a well-formed text", Grantor::Actor),
            Self::CursorInvalid { .. } | Self::CursorOfAnotherList {} => {
                ("the cursor that came with a page of this list", Grantor::Actor)
            }
            Self::PageSizeInvalid { .. } => ("a page size within the bounds", Grantor::Actor),
            Self::ViewerInStandardTeam { .. } => ("the role admin or member", Grantor::Actor),
            Self::PermissionsMissing { .. } => ("a grant that names permissions", Grantor::Actor),
            Self::PermissionsOnPersonalApp { .. } | Self::PermissionsOnStandardApp { .. } => {
                ("to add a collaborator without permissions", Grantor::Actor)
            }
            Self::ConfirmationMismatch { .. } => ("the app's name as confirmation", Grantor::Actor),
            Self::TransferNeedsRequest { .. } => ("a transfer request", Grantor::Actor),
            Self::RequestOnTeamApp { .. } => ("a transfer without request", Grantor::Actor),
            Self::BulkSizeInvalid { .. } => ("a number of apps within the bounds", Grantor::Actor),
            Self::AppNamedTwice { .. } => ("each app once", Grantor::Actor),
            Self::EcoInTeam { .. } | Self::PrivateDynoOutsideSpace { .. } | Self::PublicDynoInSpace { .. } => {
                ("another dyno size", Grantor::Actor)
            }
            Self::RangeInvalid { .. } => ("a range of days within the bounds", Grantor::Actor),
            Self::NoInvoice { .. } => ("a month that is over, and in which the team existed", Grantor::Actor),
            Self::PaymentOfEnterpriseTeam { .. } => ("a Standard team", Grantor::Actor),
            Self::SpaceInStandardTeam { .. } => ("an Enterprise Team", Grantor::Actor),
            Self::SpaceConfirmationMismatch { .. } => ("the space's name as confirmation", Grantor::Actor),
            Self::SpaceLeavesAccount { .. } => ("a team in the same account", Grantor::Actor),
            Self::OwnersDiffer { .. } => ("the app or the pipeline transferred first", Grantor::Actor),
            Self::PromotionToSelf { .. } | Self::TargetOutsidePipeline { .. } | Self::NoTargets { .. } => {
                ("other apps of the pipeline as targets", Grantor::Actor)
            }

            Self::SettingsUnchanged {}
            | Self::EmailUnchanged { .. }
            | Self::MfaUnchanged { .. }
            | Self::SignInUnchanged { .. }
            | Self::LimitsUnchanged { .. }
            | Self::DefaultRoleUnchanged { .. }
            | Self::DeletionAlreadyRequested { .. }
            | Self::InviteeInTeam { .. }
            | Self::RoleUnchanged { .. }
            | Self::OAuthAccessUnchanged { .. }
            | Self::AdminHoldsAll { .. }
            | Self::OwnerHoldsAll { .. }
            | Self::PermissionsUnchanged { .. }
            | Self::AppAlreadyLocked { .. }
            | Self::AppNotLocked { .. }
            | Self::AlreadyOwner { .. }
            | Self::PipelineNameUnchanged { .. }
            | Self::StageUnchanged { .. }
            | Self::IdentityProviderUnchanged { .. }
            | Self::SsoUnchanged { .. }
            | Self::PlanUnchanged { .. }
            | Self::AddOnControlsUnchanged { .. }
            | Self::ServiceAlreadyAllowed { .. }
            | Self::ServiceNotListed { .. }
            | Self::PaymentMethodUnchanged { .. }
            | Self::PipelineAlreadyOwned { .. }
            | Self::AppCreationAlreadyAllowed { .. }
            | Self::SpaceAlreadyOwned { .. }
            | Self::AccountPermissionsUnchanged { .. }
            | Self::TeamIsEnterprise { .. }
            | Self::MoveOutAlreadyRequested { .. }
            | Self::FormationUnchanged { .. } => ("nothing: it is so already", Grantor::Actor),
            Self::AlreadyInTeam { .. } => ("a change of role, if another role is meant", Grantor::Actor),
            Self::AlreadyOnApp { .. } => ("a change of permissions, if others are meant", Grantor::Actor),
            Self::UserStillOwns { user, .. } => ("the apps transferred or deleted first", Grantor::User(*user)),
            Self::DeletionNeedsNoRequest { .. } => ("to delete the team directly", Grantor::Actor),
            Self::DeletionNotRequested { team } => ("a request for deletion first", Grantor::AdminOf(*team)),
            Self::TeamNotEmpty { team, .. } => ("the apps transferred or deleted first", Grantor::AdminOf(*team)),
            Self::NotInTeam { .. } => ("a user with a role in the team", Grantor::Actor),
            Self::InvitationExpired { .. } => ("a new invitation", Grantor::Actor),
            Self::AdminPermissionsFixed { .. } => ("another role for the user first", Grantor::Actor),
            Self::NotOnApp { .. } => ("a user who is on the app", Grantor::Actor),
            Self::RecipientNotOnApp { app, .. } | Self::NewOwnerIsStranger { app, .. } => {
                ("the user added to the app first", Grantor::ManagerOf(*app))
            }
            Self::AppIsLocked { app } => ("to be added, or the app unlocked", Grantor::ManagerOf(*app)),
            Self::TransferAlreadyPending { .. } => ("the pending transfer answered or cancelled first", Grantor::Actor),
            Self::NoIdentityProvider { team } => ("an identity provider first", Grantor::AdminOf(*team)),
            Self::IdentityProviderInUse { team } => ("single sign-on disabled first", Grantor::AdminOf(*team)),
            Self::SsoNotEnabled { team } => ("single sign-on enabled first", Grantor::AdminOf(*team)),
            Self::AppInSpace { .. } => ("a transfer of the space", Grantor::Actor),
            Self::AppInPipeline { .. } => ("the app taken out of its pipeline first", Grantor::Actor),
            Self::AppNotInPipeline { .. } => ("the app coupled to a pipeline first", Grantor::Actor),
            Self::NoRelease { .. } => ("a release of the app first", Grantor::Actor),
            Self::StageNotPromotable { .. } => ("an app in development or staging, or chosen targets", Grantor::Actor),
            Self::SpaceNotEmpty { .. } => ("the apps deleted first", Grantor::Actor),
            Self::AppCreationForMembers { .. } => ("the role member for the user first", Grantor::Actor),
            Self::AppCreationNotAllowed { .. } => ("a user who holds the permission", Grantor::Actor),
            Self::AlreadyInAccount { .. } => ("a change of permissions, if others are meant", Grantor::Actor),
            Self::NotInAccount { .. } => ("a user who is in the account", Grantor::Actor),
            Self::TeamInNoAccount { .. } => ("a team in an account", Grantor::Actor),
            Self::MoveOutNotRequested { team } => ("a request to move out first", Grantor::AdminOf(*team)),
            Self::MoveOutBlocked { team, .. } => ("what stands in the way removed first", Grantor::AdminOf(*team)),
            Self::PipelineNotMovable { .. } | Self::PromotionRefused { .. } | Self::BulkRefused { .. } => {
                ("the way out of each refusal listed", Grantor::Actor)
            }

            Self::EmailTaken { .. }
            | Self::UserIdTaken { .. }
            | Self::TeamNameTaken { .. }
            | Self::SpaceNameTaken { .. }
            | Self::AccountNameTaken { .. }
            | Self::AppNameTaken { .. } => ("another one", Grantor::Actor),
            Self::NamesUsedUp { .. } => ("a name of one's own choice", Grantor::Actor),

            Self::MemberLimitReached { .. } | Self::AppLimitReached { .. } | Self::SpaceLimitReached { .. } => {
                ("a higher limit", Grantor::Operator)
            }
            Self::SpaceFull { .. }
            | Self::PersonalAppLimitReached { .. }
            | Self::FormationFull { .. }
            | Self::AddOnsFull { .. }
            | Self::AllowlistFull { .. }
            | Self::StoreFull { .. } => ("room: remove something first", Grantor::Actor),

            Self::CannotDemoteLastAdmin { team, .. } | Self::LastAdminCannotLeave { team, .. } => {
                ("another admin in the team first", Grantor::AdminOf(*team))
            }
            Self::CannotRemoveLastManager { account, .. } | Self::CannotDemoteLastManager { account, .. } => {
                ("another manager in the account first", Grantor::AccountManager(*account))
            }
            Self::CannotDeleteLastManager { user, .. } => {
                ("another manager in each account first", Grantor::User(*user))
            }
            Self::CannotDeleteLastAdmin { user, .. } => ("another admin in each team first", Grantor::User(*user)),
        };
        Some(Remedy { needed, from })
    }
}
