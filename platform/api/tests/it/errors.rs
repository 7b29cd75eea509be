//! every refusal as the Platform API tells it.

use enterprise_teams::demo::Demo;
use enterprise_teams::uuid::Uuid;
use enterprise_teams::{
    AccountId, ActorKind, AppAction, AppId, Capability, Error, Owner, PermissionSet, PipelineId, Role, SpaceId, Stage,
    TeamId, TeamKind, TeamRole, UserId,
    chrono::{DateTime, Utc},
    entity::{DynoSize, Held, Month, Payer, Shield},
    error::{Blockers, Remaining, RoleUses, Truncated},
    ids::{AddOnId, GroupId, InvitationId, RoleId, TransferId},
    name_gen::{WordKind, WordListError},
    names::{ParseProblem, ParseTarget},
};
use enterprise_teams_platform_api::{ErrorBody, ErrorId, Fault, Thing};
use serde_json::json;

use crate::support::{id, malformed, read};

/// A value of a type that errors hold.
trait Sample {
    fn sample() -> Self;
}

macro_rules! samples {
    ($($type:ty = $value:expr;)+) => {$(
        impl Sample for $type {
            fn sample() -> Self {
                $value
            }
        }
    )+};
}

samples! {
    UserId = Uuid::nil().into();
    TeamId = Uuid::nil().into();
    AppId = Uuid::nil().into();
    SpaceId = Uuid::nil().into();
    PipelineId = Uuid::nil().into();
    AccountId = Uuid::nil().into();
    AddOnId = Uuid::nil().into();
    InvitationId = Uuid::nil().into();
    TransferId = Uuid::nil().into();
    GroupId = Uuid::nil().into();
    RoleId = Uuid::nil().into();
    ActorKind = ActorKind::Operator;
    Owner = Owner::User(UserId::sample());
    Payer = Payer::User(UserId::sample());
    ParseProblem = ParseProblem::TooShort { min: 2, len: 1 };
    WordListError = WordListError::Empty { kind: WordKind::Noun };
    Capability = Capability::ViewApps;
    AppAction = AppAction::ViewApp;
    Role = Role::Viewer;
    TeamRole = TeamRole::Viewer;
    TeamKind = TeamKind::Standard;
    Shield = Shield::On;
    Stage = Stage::Staging;
    DynoSize = DynoSize::Eco;
    Month = read("2024-11");
    enterprise_teams::Email = read("ada@acme.com");
    enterprise_teams::TeamName = read("acme-widgets");
    enterprise_teams::AppName = read("acme-website");
    enterprise_teams::names::SpaceName = read("acme-space");
    enterprise_teams::names::GroupName = read("backend");
    enterprise_teams::names::RoleName = read("billing");
    enterprise_teams::names::AccountName = read("acme-corp");
    enterprise_teams::names::ServiceName = read("postgresql");
    enterprise_teams::names::PipelineName = read("acme-flow");
    enterprise_teams::names::PlanName = read("micro");
    enterprise_teams::names::ProcessType = read("web");
    enterprise_teams::entity::Mfa = enterprise_teams::entity::Mfa::Enrolled;
    enterprise_teams::entity::SignIn = enterprise_teams::entity::SignIn::Sso;
    enterprise_teams::entity::Sso = enterprise_teams::entity::Sso::Enabled;
    enterprise_teams::entity::OAuthAccess = enterprise_teams::entity::OAuthAccess::Denied;
    enterprise_teams::entity::SignInRequirement = enterprise_teams::entity::SignInRequirement::MfaOrSso;
    enterprise_teams::names::ActionName = read("rotate-password");
    Box<ActorKind> = Box::new(ActorKind::Operator);
    Box<Held> = Box::new(Held::Membership { team: TeamId::sample(), user: UserId::sample() });
    DateTime<Utc> = DateTime::UNIX_EPOCH;
    Box<enterprise_teams::names::ActionName> = Box::new(read("rotate-password"));
    enterprise_teams::policy::HostActionError = enterprise_teams::policy::HostActionError::TooMany { max: 256 };
    enterprise_teams::entity::AddOnControls = enterprise_teams::entity::AddOnControls::On;
    enterprise_teams::entity::AccountPermissionSet = read("view");
    PermissionSet = PermissionSet::VIEW;
    Box<Truncated<TeamId>> = Box::default();
    Box<Truncated<AppId>> = Box::default();
    Box<Truncated<AccountId>> = Box::default();
    Box<Truncated<(AppId, Error)>> = Box::default();
    Box<Remaining> = Box::default();
    Box<Blockers> = Box::default();
    Box<RoleUses> = Box::default();
    u16 = 1;
    u32 = 1;
    u64 = 1;
    i64 = 1;
    usize = 1;
}

macro_rules! statuses {
    ($($variant:ident { $($field:ident),* } $status:literal)+) => {
        fn table() -> Vec<(Error, u16)> {
            // A text that is read from a query string tells of a range.
            let status = |what| if what == ParseTarget::Cursor { 416 } else { 422 };
            let malformed = ParseTarget::ALL.iter().map(|what| (malformed(*what, Sample::sample()), status(*what)));
            malformed.chain(vec![$((Error::$variant { $($field: Sample::sample()),* }, $status)),+]).collect()
        }
    };
}

statuses! {
    ActorNotFound { actor } 401
    ActorSuspended { actor } 401
    ActorNeedsMfaOrSso { actor } 403
    UserNotFound { user } 404
    EmailNotFound { email } 404
    TeamNotFound { team } 404
    TeamNameNotFound { name } 404
    AppNotFound { app } 404
    AppNameNotFound { name } 404
    HostActionNotFound { action } 404
    GroupNotFound { group } 404
    GroupNameNotFound { team, name } 404
    RoleNotFound { role } 404
    RoleNameNotFound { team, name } 404
    SpaceNotFound { space } 404
    SpaceNameNotFound { name } 404
    PipelineNotFound { pipeline } 404
    AccountNotFound { account } 404
    AccountNameNotFound { name } 404
    AddOnNotFound { add_on } 404
    InvitationNotFound { invitation } 404
    TransferNotFound { transfer } 404
    AppHidden { actor, app } 404
    PipelineHidden { actor, pipeline } 404
    SpaceHidden { actor, space } 404
    GroupHidden { actor, group } 404
    RoleHidden { actor, role } 404
    AccountHidden { actor, account } 404
    OAuthDenied { team } 403
    TeamRequiresMfaOrSso { team } 403
    OAuthDeniedInAccount { account } 403
    OnlyOperatorChangesSettings { actor } 403
    OnlyOperatorListsEverything { actor } 403
    OnlyOperatorRegistersUsers { actor } 403
    OnlyOperatorChangesEmails { actor, user } 403
    OnlySelfOrOperatorDeletesUser { actor, user } 403
    OnlySelfOrOperatorChangesSignIn { actor, user } 403
    OnlyOperatorSuspendsUsers { actor, user } 403
    UserHidden { actor, user } 404
    OnlyOperatorProvisionsTeams { actor } 403
    OnlyAdminsRenameTeams { actor, team } 403
    OnlyAdminsLabelTeams { actor, team } 403
    OnlyOperatorSetsLimits { actor, team } 403
    OnlyAdminsSetDefaultRole { actor, team } 403
    OnlyAdminsSetOAuthAccess { actor, team } 403
    OnlyAdminsSetSignInRequirement { actor, team } 403
    OnlyAdminsRequestDeletion { actor, team } 403
    OnlyAdminsDeleteTeams { actor, team } 403
    OnlyOperatorDeletesEnterpriseTeams { actor, team } 403
    OnlyAdminsManageMembers { actor, team } 403
    OwnMembershipCannotGrow { actor, team } 403
    OnlyAdminsListEnds { actor, team } 403
    OnlyOperatorSweepsEnds { actor } 403
    OnlyAdminsManageGroups { actor, team } 403
    OnlyTeamSeesGroups { actor, team } 403
    OnlyAdminsManageRoles { actor, team } 403
    OnlyTeamSeesRoles { actor, team } 403
    OnlyTeamSeesAccessList { actor, team } 403
    OnlyAdminsInvite { actor, team } 403
    OnlyAdminsRevokeInvitations { actor, invitation } 403
    InvitationForSomeoneElse { actor, invitation } 403
    OnlyMembersSeeInvitations { actor, team } 403
    RoleLacksCapability { team, role, capability } 403
    CustomRoleLacksCapability { team, role, capability } 403
    CapabilityOfNobody { actor, team, capability } 403
    CollaboratorLacksCapability { team, capability } 403
    OutsiderLacksCapability { actor, team, capability } 404
    OnlyManagersChangeAccess { actor, app } 403
    ActionNeedsPermission { actor, app, action, held } 403
    HostActionNeedsPermission { actor, app, action, any_of, held } 403
    ActionNeedsMembership { actor, app, action } 403
    OnlyOwnerSharesPersonalApp { actor, app } 403
    OnlyOwnerPaysForAddOns { actor, app, action } 403
    OnlyOwnerListsPersonalApps { actor, user } 403
    OperatorOwnsNoApps {} 403
    OnlyMembersCreateApps { actor, team } 403
    OnlyManagersRenameApps { actor, app } 403
    OnlyManagersLabelApps { actor, app } 403
    OnlyManagersDeleteApps { actor, app } 403
    OnlyManagersLockApps { actor, app } 403
    OnlyMembersJoinApps { actor, app } 403
    OnlyTeamListsApps { actor, team } 403
    OnlyOwnerTransfersPersonalApp { actor, app } 403
    OnlyMembersTransferIn { actor, team } 403
    OnlyManagersTransferApps { actor, app } 403
    OnlyAdminsTransferStandardApps { actor, app } 403
    ReceivingTeamClosed { actor, team } 403
    OnlyManagersGiveApps { actor, app } 403
    OnlyOwnerRequestsTransfer { actor, app } 403
    OnlyRecipientAnswersTransfer { actor, transfer } 403
    OnlyOwnerCancelsTransfer { actor, transfer } 403
    OnlyAdminsManageStandardApps { actor, app } 403
    OnlyAdminsCreateLockedApps { actor, team } 403
    OnlyMembersAddCollaborators { actor, app } 403
    OnlyManagersShareLockedApps { actor, app } 403
    OwnGrantCannotGrow { actor, app } 403
    OwnGroupGrantCannotGrow { actor, app, group } 403
    OnlyTeamPaysForAddOns { actor, app, action } 403
    OnlyMembersCreatePipelines { actor, team } 403
    OnlyOwnersManagePipelines { actor, pipeline } 403
    CouplingNeedsDeploy { actor, app } 403
    PipelineReceiverClosed { actor, to } 403
    PromotionNeedsDeploy { actor, app } 403
    OnlyAdminsCreateSpaces { actor, team } 403
    OnlyTeamListsSpaces { actor, team } 403
    OnlyAdminsManageSpaces { actor, space } 403
    AppCreationNeedsSpacePermission { actor, space } 403
    OnlyAdminsOfBothTransferSpaces { actor, space } 403
    OnlyOperatorOpensAccounts { actor } 403
    OnlyManagersManageAccounts { actor, account } 403
    OwnAccountSetCannotGrow { actor, account } 403
    OnlyCreatorsCreateTeams { actor, account } 403
    OnlyAdminsMoveTeamsIn { actor, team } 403
    MoveInNeedsAccountPermission { actor, account } 403
    OnlyAdminsRequestMoveOut { actor, team } 403
    OnlyOperatorMovesTeamsOut { actor, team } 403
    OnlyAdminsSetIdentityProvider { actor, team } 403
    OnlyAdminsSwitchSso { actor, team } 403
    OnlyOperatorReportsSignIns { actor, team } 403
    OnlyTeamSeesCompliance { actor, team } 403
    OnlyAdminsSetAddOnControls { actor, team } 403
    OnlyAdminsChangeAllowlist { actor, team } 403
    AddOnNotAllowed { app, service } 403
    OnlyTeamSeesResources { actor, team } 403
    OnlyAdminsSeeCurrentUse { actor, team } 403
    OnlySelfSeesUse { actor, user } 403
    OnlyAdminsSeePastUse { actor, team } 403
    OnlyBillingSeesAccountUse { actor, account } 403
    OnlyAdminsManageBilling { actor, team } 403
    OnlyAdminsSeeBilling { actor, team } 403
    OnlyAdminsSeeStatements { actor, team } 403
    OnlyBillingSeesStatements { actor, account } 403
    OnlySelfSeesStatements { actor, user } 403
    OnlyOperatorClosesMonths { actor } 403
    OnlyAdminsSeeStandardUse { actor, team } 403
    OnlyAdminsReadTeamAudit { actor, team } 403
    OnlyManagersReadAppAudit { actor, app } 403
    OnlyManagersReadAccountAudit { actor, account } 403
    OnlySelfReadsAudit { actor } 403
    HostActionsInvalid { problem } 422
    WordListInvalid { problem } 422
    CursorOfAnotherList {} 416
    PageSizeInvalid { size, max } 416
    TeamNameReserved { name } 422
    ViewerInStandardTeam { team } 422
    GroupsInStandardTeam { team } 422
    RolesInStandardTeam { team } 422
    RoleOfAnotherTeam { team, role } 422
    CapabilityForAdminsAlone { team, capability } 422
    PermissionsMissing { app } 422
    PermissionsOnPersonalApp { app } 422
    PermissionsOnStandardApp { app } 422
    GroupOfAnotherTeam { app, group } 422
    AppNameReserved { name } 422
    MemberLimitZero {} 422
    StandardTeamInAccount { account } 422
    ConfirmationMismatch { app } 422
    TransferNeedsRequest { app } 422
    RequestOnTeamApp { app } 422
    BulkSizeInvalid { count, max } 422
    AppNamedTwice { app } 422
    SpaceInStandardTeam { team } 422
    SpaceConfirmationMismatch { space } 422
    SpaceLeavesAccount { space, team } 422
    OwnersDiffer { app, pipeline } 422
    PromotionToSelf { app } 422
    TooManyTargets { count, max } 422
    TargetOutsidePipeline { app, pipeline } 422
    EcoInTeam { app } 422
    DynoUnfitForSpace { app, size, shield } 422
    PrivateDynoOutsideSpace { app, size } 422
    RangeInvalid { days, max } 422
    NoStatement { payer, month } 404
    PaymentOfEnterpriseTeam { team } 422
    EndInThePast { ends_at, now } 422
    SettingsUnchanged {} 409
    EmailUnchanged { user, email } 409
    UserStillOwns { user, left } 409
    MfaUnchanged { user, mfa } 409
    SignInUnchanged { user, sign_in } 409
    NoTeamToSignInThrough { user } 409
    UserAlreadySuspended { user } 409
    UserNotSuspended { user } 409
    TeamNameUnchanged { team, name } 409
    TeamLabelsUnchanged { team } 409
    LimitsUnchanged { team } 409
    DefaultRoleUnchanged { team, role } 409
    DeletionNeedsNoRequest { team, kind } 409
    DeletionAlreadyRequested { team } 409
    DeletionNotRequested { team } 404
    TeamNotEmpty { team, left } 409
    AlreadyInTeam { team, user, role } 409
    NotInTeam { team, user } 404
    RoleUnchanged { team, user, role } 409
    GroupNameUnchanged { group, name } 409
    AlreadyInGroup { group, user } 409
    NotInGroup { group, user } 404
    RoleNameUnchanged { role, name } 409
    RoleRightsUnchanged { role } 409
    RoleInUse { role, uses } 409
    InviteeInTeam { team, user } 409
    InvitationExpired { invitation } 409
    InviterIsNoAdmin { invitation } 409
    OAuthAccessUnchanged { team, access } 409
    SignInRequirementUnchanged { team, requirement } 409
    AdminPermissionsFixed { app, user } 409
    AdminHoldsAll { app, user } 409
    OwnerHoldsAll { app, user } 409
    AlreadyOnApp { app, user } 409
    NotOnApp { app, user } 404
    PermissionsUnchanged { app, user, permissions } 409
    GroupAlreadyOnApp { app, group } 409
    GroupNotOnApp { app, group } 404
    GroupPermissionsUnchanged { app, group, permissions } 409
    AppNameUnchanged { app, name } 409
    AppLabelsUnchanged { app } 409
    AppAlreadyLocked { app } 409
    AppNotLocked { app } 409
    AppIsLocked { app } 409
    AppInSpace { app, space } 409
    AlreadyOwner { app, owner } 409
    NewOwnerIsStranger { app, user } 409
    RecipientNotOnApp { app, user } 409
    TransferAlreadyPending { app, transfer } 409
    BulkRefused { apps } 409
    PipelineNameUnchanged { pipeline, name } 409
    PipelineLabelsUnchanged { pipeline } 409
    AppInPipeline { app, pipeline } 409
    AppNotInPipeline { app } 404
    StageUnchanged { app, stage } 409
    PipelineAlreadyOwned { pipeline, owner } 409
    PipelineNotMovable { pipeline, apps } 409
    StageNotPromotable { app, stage } 409
    NoRelease { app } 409
    NoTargets { app } 409
    PromotionRefused { apps } 409
    SpaceNameUnchanged { space, name } 409
    SpaceLabelsUnchanged { space } 409
    SpaceNotEmpty { space, apps } 409
    AppCreationForMembers { space, user } 409
    AppCreationAlreadyAllowed { space, user } 409
    AppCreationNotAllowed { space, user } 404
    SpaceAlreadyOwned { space, team } 409
    AlreadyInAccount { account, user } 409
    NotInAccount { account, user } 404
    AccountPermissionsUnchanged { account, user, permissions } 409
    TeamIsEnterprise { team } 409
    TeamInAccount { team } 409
    TeamInNoAccount { team } 409
    MoveOutAlreadyRequested { team } 409
    MoveOutNotRequested { team } 404
    MoveOutBlocked { team, obstacles } 409
    IdentityProviderUnchanged { team } 409
    NoIdentityProvider { team } 409
    IdentityProviderInUse { team } 409
    SsoUnchanged { team, sso } 409
    AdminNeedsMfaOrSso { team, user } 409
    SsoNotEnabled { team } 409
    PlanUnchanged { add_on, plan } 409
    AddOnControlsUnchanged { team, controls } 409
    ServiceAlreadyAllowed { team, service } 409
    ServiceNotListed { team, service } 404
    PaymentMethodUnchanged { team } 409
    MonthsAlreadyClosed {} 409
    EndUnchanged { held } 409
    NothingHasEnded {} 409
    FormationUnchanged { app, process, size, quantity } 409
    UserIsSuspended { user } 409
    EmailTaken { email } 422
    UserIdTaken { user } 422
    TeamNameTaken { name } 422
    AppNameTaken { name } 422
    SpaceNameTaken { name } 422
    GroupNameTaken { team, name } 422
    RoleNameTaken { team, name } 422
    AccountNameTaken { name } 422
    NamesUsedUp { names } 422
    MemberLimitReached { team, limit, actual } 422
    AppLimitReached { team, limit, actual } 422
    PersonalAppLimitReached { user, limit, actual } 422
    SpaceLimitReached { team, limit, actual } 422
    DynoUnitLimitReached { team, limit, actual } 422
    AddOnCreditLimitReached { team, limit, actual } 422
    GroupLimitReached { team, limit, actual } 422
    MemberGroupLimitReached { team, user, limit, actual } 422
    RoleLimitReached { team, limit, actual } 422
    SpaceFull { space, limit, actual } 422
    FormationFull { app, limit } 422
    AddOnsFull { app, limit } 422
    AllowlistFull { team, limit } 422
    StoreFull { limit } 422
    CannotDemoteLastAdmin { team, user } 409
    LastAdminCannotLeave { team, user } 409
    LastAdminCannotEnd { team, user } 409
    CannotRemoveLastManager { account, user } 409
    CannotDemoteLastManager { account, user } 409
    CannotDeleteLastAdmin { user, teams } 409
    CannotDeleteLastManager { user, accounts } 409
    CannotSuspendLastAdmin { user, teams } 409
    CannotSuspendLastManager { user, accounts } 409
    KeyUsedOtherwise { seq } 409
    ChangedSince { since, seq } 409
    LogTooShort { since, first } 409
}

#[test]
fn x_05_every_refusal_has_its_status() {
    let table = table();
    let codes: Vec<&str> = table.iter().map(|(error, _)| error.code()).collect();
    assert_eq!(codes, Error::CATALOGUE.iter().map(|row| row.0).collect::<Vec<_>>(), "the table names every refusal");
    let wrong = table.iter().filter(|(error, status)| ErrorId::from(error).status() != *status);
    assert_eq!(wrong.collect::<Vec<_>>(), Vec::<&(Error, u16)>::new());
}

/// Who holds nothing on an app does not see it.
#[test]
fn x_02_an_action_on_an_app_that_is_not_seen() {
    let Demo { store, sam, vera, website, .. } = Demo::new().unwrap();
    let body = |actor| {
        let refusal = store.check(actor, AppAction::PushCode, website).unwrap_err();
        ErrorBody::of(&store, actor, &refusal.into(), "/errors")
    };
    let missing = Some("/errors/app-not-found".to_owned());
    assert_eq!(body(sam), ErrorBody { url: missing, ..ErrorBody::new(ErrorId::NotFound, "Couldn't find that app.") });
    let message = "push-code on app `acme-website` needs deploy; user `vera@acme.com` holds view";
    let url = Some("/errors/action-needs-permission".to_owned());
    assert_eq!(body(vera), ErrorBody { url, ..ErrorBody::new(ErrorId::Forbidden, message) });
}

#[test]
fn x_05_ids_and_statuses_of_errors() {
    let ids = [
        (ErrorId::BadRequest, 400, "bad_request"),
        (ErrorId::Unauthorized, 401, "unauthorized"),
        (ErrorId::Forbidden, 403, "forbidden"),
        (ErrorId::NotFound, 404, "not_found"),
        (ErrorId::Conflict, 409, "conflict"),
        (ErrorId::RequestedRangeNotSatisfiable, 416, "requested_range_not_satisfiable"),
        (ErrorId::InvalidParams, 422, "invalid_params"),
        (ErrorId::RateLimit, 429, "rate_limit"),
        (ErrorId::InternalServerError, 500, "internal_server_error"),
    ];
    for (id, status, text) in ids {
        assert_eq!((id.status(), serde_json::to_value(id).unwrap()), (status, json!(text)));
        assert_eq!(serde_json::from_value::<ErrorId>(json!(text)).unwrap(), id);
    }
}

/// Every refusal has a message and an address that ends with its code; what can be hidden has those of what is not there.
#[test]
fn x_05_bodies_of_errors() {
    let Demo { store, joe, .. } = Demo::new().unwrap();
    let hidden = [
        ("user", "user-not-found", &["user-not-found", "email-not-found", "user-hidden"][..]),
        ("team", "team-not-found", &["team-not-found", "team-name-not-found", "outsider-lacks-capability"]),
        ("app", "app-not-found", &["app-not-found", "app-name-not-found", "app-hidden"]),
        ("group", "group-not-found", &["group-not-found", "group-name-not-found", "group-hidden"]),
        ("role", "role-not-found", &["role-not-found", "role-name-not-found", "role-hidden"]),
        ("space", "space-not-found", &["space-not-found", "space-name-not-found", "space-hidden"]),
        ("pipeline", "pipeline-not-found", &["pipeline-not-found", "pipeline-hidden"]),
        ("enterprise account", "account-not-found", &["account-not-found", "account-name-not-found", "account-hidden"]),
        ("add-on", "add-on-not-found", &["add-on-not-found"]),
        ("invitation", "invitation-not-found", &["invitation-not-found"]),
        ("app transfer", "transfer-not-found", &["transfer-not-found"]),
    ];
    for (error, status) in table() {
        let body = ErrorBody::of(&store, joe, &error.clone().into(), "https://example.com/errors");
        let same = hidden.iter().find(|(_, _, codes)| codes.contains(&error.code()));
        let (message, code) = match same {
            Some((thing, code, _)) => (format!("Couldn't find that {thing}."), *code),
            // Clients go by these words.
            None if error.code() == "not-on-app" => ("Couldn't find that user.".to_owned(), "not-on-app"),
            None if error.code() == "already-on-app" => {
                (error.to_string().replace(" on app", " a collaborator on app"), "already-on-app")
            }
            None => (error.to_string(), error.code()),
        };
        let url = Some(format!("https://example.com/errors/{code}"));
        assert_eq!(body, ErrorBody { id: ErrorId::from(&error), message, url });
        assert_eq!(body.id.status(), status);
        let json = serde_json::to_value(&body).unwrap();
        assert_eq!(serde_json::from_value::<ErrorBody>(json).unwrap(), body);
    }
}

#[test]
fn x_05_the_json_of_an_error() {
    let Demo { mut store, joe, acme, ada, .. } = Demo::new().unwrap();
    let refusal = store.rename_team(joe, acme, read("joes")).unwrap_err();
    let expected = json!({
        "id": "forbidden",
        "message": "only admins can rename team `acme-widgets`; user `joe@acme.com` is not an admin",
        "url": "http://127.0.0.1:5000/errors/only-admins-rename-teams",
    });
    let body = ErrorBody::of(&store, joe, &refusal.into(), "http://127.0.0.1:5000/errors");
    assert_eq!(serde_json::to_value(body).unwrap(), expected);

    let field = Fault::Field { field: "region", problem: "can only be `us`" };
    let cases = [
        (field, "invalid_params", "`region` can only be `us`"),
        (Fault::Missing(Thing::Promotion), "not_found", "Couldn't find that pipeline promotion."),
    ];
    for (fault, id, message) in cases {
        let body = ErrorBody::of(&store, ada, &fault, "https://example.com/errors");
        assert_eq!(serde_json::to_value(body).unwrap(), json!({ "id": id, "message": message }));
        assert_eq!(fault.to_string(), message);
    }
    let own = ErrorBody::new(ErrorId::RateLimit, "too many requests");
    assert_eq!(serde_json::to_value(own).unwrap(), json!({ "id": "rate_limit", "message": "too many requests" }));
}

/// Who asks is told of a refusal in names, and of what they do not see in ids.
#[test]
fn x_02_messages_name_what_is_seen() {
    let Demo { mut store, joe, sam, acme, ada, .. } = Demo::new().unwrap();
    let refusal = store.set_member_role(ada, acme, id(ada), TeamRole::Member).unwrap_err();
    let body = |actor| ErrorBody::of(&store, actor, &refusal.clone().into(), "").message;
    assert_eq!(
        body(joe),
        "user `ada@acme.com` is the last admin of team `acme-widgets` and cannot be given another role",
    );
    let (user, team) = (id(ada), acme);
    assert_eq!(body(sam), format!("user `{user}` is the last admin of team `{team}` and cannot be given another role"));
}
