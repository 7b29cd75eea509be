//! Refusals: one variant for each way in which a rule can be broken.

mod listed;
mod problem;
mod remedy;

pub use listed::{Blockers, Remaining, RoleUses, TRUNCATED_MAX, Truncated};
pub use problem::{ProblemDetails, RemedyDetails};
pub use remedy::{Grantor, Remedy};

use core::fmt;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use crate::actor::ActorKind;
use crate::code::words;
use crate::entity::{
    AccountPermissionSet, AddOnControls, DynoSize, Held, Mfa, Millionths, Month, OAuthAccess, Owner, Payer, Shield,
    SignIn, SignInRequirement, Sso, Stage,
};
use crate::ids::{
    AccountId, AddOnId, AppId, GroupId, InvitationId, PipelineId, RoleId, SpaceId, TeamId, TransferId, UserId,
};
use crate::name_gen::WordListError;
use crate::names::{
    AccountName, ActionName, AppName, Email, GroupName, ParseError, ParseTarget, PipelineName, PlanName, ProcessType,
    RoleName, ServiceName, SpaceName, TeamName,
};
use crate::permission::{AnyOf, PermissionSet};
use crate::policy::{AppAction, Capability, HostActionError};
use crate::readable::{InWords, Names, Worded, readable};
use crate::role::{Role, TeamKind, TeamRole};
use crate::rule::Rule;

words! {
    /// The class of a refusal.
    pub enum ErrorKind {
        /// The actor does not exist, or is suspended: whoever vouched for them was wrong, or they were deleted or suspended since.
        Unauthenticated "unauthenticated",
        /// Something named does not exist, or is not where it should be taken away.
        NotFound "not-found",
        /// The actor may not do or see this.
        Forbidden "forbidden",
        /// The request makes no sense, whatever the state.
        Invalid "invalid",
        /// The request does not fit the present state.
        Conflict "conflict",
        /// The store is already as the request would leave it (X-10). A host may take it for success.
        Unchanged "unchanged",
        /// There is no room.
        Limit "limit",
    }
}

impl ErrorKind {
    /// The status that an HTTP server answers with: 401, 404, 403, 422, 409, 409, 422. Where *unchanged* counts as success, a host answers
    /// as it does after the change.
    #[must_use]
    pub const fn http_status(self) -> u16 {
        match self {
            Self::Unauthenticated => 401,
            Self::NotFound => 404,
            Self::Forbidden => 403,
            Self::Conflict | Self::Unchanged => 409,
            Self::Invalid | Self::Limit => 422,
        }
    }
}

macro_rules! errors {
    ($(
        $(#[$doc:meta])+
        $variant:ident { $($field:ident: $type:ty),* $(,)? } = $rule:ident $kind:ident $code:literal,
            $message:literal $(with ($($fact:ident = $value:expr),+))?
            $(, $needed:literal $(from $by:ident $(($of:ident))?)?)?;
    )+) => {
        /// A refusal: which rule said no, and the facts needed to understand it.
        ///
        /// The variants stand in the order in which checks are made (X-2): a text parses, the actor exists, the things
        /// named exist, OAuth restriction and authority, the arguments fit, the state fits, the name is free, there is
        /// room, no standing law would break. A call has one answer: the first that applies. If the actor cannot see an
        /// app, [`AppHidden`](Self::AppHidden) comes before any check that would reveal more.
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
        ///
        /// Every variant belongs to one rule and has one code; only [`Malformed`](Self::Malformed) takes both from what
        /// the text should have been. As a serde value an error is its facts, tagged with its code.
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[expect(missing_docs, reason = "a field is named after what it holds")]
        #[non_exhaustive]
        pub enum Error {
            /// A text does not parse.
            ///
            /// The code and the rule are those of the [target](ParseTarget::code): `email-invalid`, `team-name-invalid`.
            Malformed(ParseError),
            $(
                $(#[$doc])+
                #[doc = concat!("\n\n`", $code, "`, of [`", stringify!($rule), "`](Rule::", stringify!($rule), ")")]
                $variant { $($field: $type),* },
            )+
        }

        impl Error {
            /// The rows of the table.
            const ROWS: &'static [(&'static str, Rule, ErrorKind)] =
                &[$(($code, Rule::$rule, ErrorKind::$kind)),+];

            /// The one rule that said no.
            #[must_use]
            pub const fn rule(&self) -> Rule {
                match self {
                    Self::Malformed(error) => error.what.rule(),
                    $(Self::$variant { .. } => Rule::$rule),+
                }
            }

            /// The class.
            #[must_use]
            pub const fn kind(&self) -> ErrorKind {
                match self {
                    Self::Malformed(_) => ErrorKind::Invalid,
                    $(Self::$variant { .. } => ErrorKind::$kind),+
                }
            }

            /// The variant in words, kebab-case and stable.
            #[must_use]
            pub const fn code(&self) -> &'static str {
                match self {
                    Self::Malformed(error) => error.what.code(),
                    $(Self::$variant { .. } => $code),+
                }
            }

            /// The way out: what would be needed, and who could give it. `None` where there is none, because something
            /// that was named does not exist.
            ///
            /// ```
            /// use enterprise_teams::{Error, TeamId, UserId};
            /// use uuid::Uuid;
            ///
            /// let (team, user) = (TeamId::from_uuid(Uuid::nil()), UserId::from_uuid(Uuid::nil()));
            /// let remedy = Error::LastAdminCannotLeave { team, user }.remedy().unwrap();
            /// assert_eq!(remedy.needed, "to make another user admin first");
            /// ```
            #[must_use]
            pub const fn remedy(&self) -> Option<Remedy> {
                match self {
                    Self::Malformed(_) => Some(Remedy { needed: "correct the text", from: Grantor::Actor }),
                    $(Self::$variant { $($($($of,)?)?)? .. } => remedy!($($needed $(, $by $($of)?)?)?)),+
                }
            }
        }

        impl core::error::Error for Error {}

        impl InWords for Error {
            fn in_words(&self, f: &mut fmt::Formatter<'_>, names: &dyn Names) -> fmt::Result {
                match self {
                    Self::Malformed(error) => write!(f, "{error}"),
                    $(Self::$variant { $($field),* } => {
                        $($(let $fact = $value;)+)?
                        $(let $field = Worded($field, names);)*
                        let _ = ($($field,)*);
                        write!(f, $message)
                    })+
                }
            }
        }

        impl Serialize for Error {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut facts = serializer.serialize_map(None)?;
                facts.serialize_entry("code", self.code())?;
                match self {
                    Self::Malformed(error) => facts.serialize_entry("problem", &error.problem)?,
                    $(Self::$variant { $($field),* } => {
                        $(facts.serialize_entry(stringify!($field), $field)?;)*
                    })+
                }
                facts.end()
            }
        }
    };
}

/// The way out that a row names.
macro_rules! remedy {
    () => {
        None
    };
    ($needed:literal) => {
        Some(Remedy { needed: $needed, from: Grantor::Actor })
    };
    ($needed:literal, $by:ident) => {
        Some(Remedy { needed: $needed, from: Grantor::$by })
    };
    ($needed:literal, $by:ident $of:ident) => {
        Some(Remedy { needed: $needed, from: Grantor::$by(*$of) })
    };
}

impl Error {
    /// Every code, with its rule and class, in the order of the checks.
    pub const CATALOGUE: &'static [(&'static str, Rule, ErrorKind)] = &{
        let mut all = [("", Rule::X6, ErrorKind::Invalid); ParseTarget::ALL.len() + Self::ROWS.len()];
        let (mut malformed, rows) = all.split_at_mut(ParseTarget::ALL.len());
        rows.copy_from_slice(Self::ROWS);
        let mut targets = ParseTarget::ALL;
        while let ([target, later @ ..], [row, free @ ..]) = (targets, malformed) {
            *row = (target.code(), target.rule(), ErrorKind::Invalid);
            (targets, malformed) = (later, free);
        }
        all
    };
}

errors! {
    // 1. The actor exists.

    /// The actor does not exist.
    ActorNotFound { actor: UserId } = X2 Unauthenticated "actor-not-found", "the actor, user `{actor}`, does not exist";

    /// The actor is suspended, and refused everything.
    ActorSuspended { actor: UserId } = Sus1 Unauthenticated "actor-suspended",
        "the actor, user `{actor}`, is suspended",
        "to reinstate the user" from Operator;

    /// The store requires MFA or single sign-on of everybody, and the actor has neither.
    ActorNeedsMfaOrSso { actor: UserId } = Sec5 Forbidden "actor-needs-mfa-or-sso",
        "user `{actor}` has neither MFA nor single sign-on, which everybody needs here",
        "enrol in MFA, or sign in through the identity provider of a team";

    // 2. The things named exist.

    /// No user has this id.
    UserNotFound { user: UserId } = X2 NotFound "user-not-found", "user `{user}` does not exist";
    /// No user has this e-mail.
    EmailNotFound { email: Email } = X2 NotFound "email-not-found", "no user has the e-mail `{email}`";
    /// No team has this id.
    TeamNotFound { team: TeamId } = X2 NotFound "team-not-found", "team `{team}` does not exist";
    /// No team has this name.
    TeamNameNotFound { name: TeamName } = X2 NotFound "team-name-not-found", "no team is named `{name}`";
    /// No app has this id.
    AppNotFound { app: AppId } = X2 NotFound "app-not-found", "app `{app}` does not exist";
    /// No app has this name.
    AppNameNotFound { name: AppName } = X2 NotFound "app-name-not-found", "no app is named `{name}`";
    /// The action is none of the host's own.
    HostActionNotFound { action: ActionName } = Perm9 NotFound "host-action-not-found",
        "the settings name no action `{action}`";
    /// No group has this id.
    GroupNotFound { group: GroupId } = X2 NotFound "group-not-found", "group `{group}` does not exist";
    /// No group of the team has this name.
    GroupNameNotFound { team: TeamId, name: GroupName } = X2 NotFound "group-name-not-found",
        "no group of team `{team}` is named `{name}`";
    /// No role of a team's own has this id.
    RoleNotFound { role: RoleId } = X2 NotFound "role-not-found", "role `{role}` does not exist";
    /// The team has no role of its own of this name.
    RoleNameNotFound { team: TeamId, name: RoleName } = X2 NotFound "role-name-not-found",
        "team `{team}` has no role of its own named `{name}`";
    /// No space has this id.
    SpaceNotFound { space: SpaceId } = X2 NotFound "space-not-found", "space `{space}` does not exist";
    /// No space has this name.
    SpaceNameNotFound { name: SpaceName } = X2 NotFound "space-name-not-found", "no space is named `{name}`";
    /// No pipeline has this id.
    PipelineNotFound { pipeline: PipelineId } = X2 NotFound "pipeline-not-found",
        "pipeline `{pipeline}` does not exist";
    /// No Enterprise Account has this id.
    AccountNotFound { account: AccountId } = X2 NotFound "account-not-found", "account `{account}` does not exist";
    /// No Enterprise Account has this name.
    AccountNameNotFound { name: AccountName } = X2 NotFound "account-name-not-found", "no account is named `{name}`";
    /// No add-on has this id.
    AddOnNotFound { add_on: AddOnId } = X2 NotFound "add-on-not-found", "add-on `{add_on}` does not exist";
    /// No invitation has this id: it never had, or it was accepted, declined or revoked.
    InvitationNotFound { invitation: InvitationId } = X2 NotFound "invitation-not-found",
        "there is no pending invitation `{invitation}`";
    /// No pending transfer has this id: it never had, or it was accepted, declined or cancelled.
    TransferNotFound { transfer: TransferId } = X2 NotFound "transfer-not-found",
        "there is no pending transfer `{transfer}`";

    // 3. OAuth restriction, then authority.

    /// The actor cannot see the app, and is told no more of it.
    AppHidden { actor: ActorKind, app: AppId } = X2 Forbidden "app-hidden",
        "{actor} cannot see app `{app}`",
        "access to the app" from ManagerOf(app);
    /// The actor sees neither the pipeline's owner's apps nor any app in it.
    PipelineHidden { actor: ActorKind, pipeline: PipelineId } = Pipe8 Forbidden "pipeline-hidden",
        "{actor} cannot see pipeline `{pipeline}`",
        "ask for access to one of the apps in the pipeline";
    /// Spaces are for the admins, members and viewers of their team.
    SpaceHidden { actor: ActorKind, space: SpaceId } = Spc2 Forbidden "space-hidden",
        "{actor} cannot see space `{space}`",
        "ask for a role in the team of the space";
    /// Groups are for the admins, members and viewers of their team.
    GroupHidden { actor: ActorKind, group: GroupId } = Grp1 Forbidden "group-hidden",
        "{actor} cannot see group `{group}`",
        "ask for a role in the team of the group";
    /// The roles of a team's own are for its admins, members and viewers.
    RoleHidden { actor: ActorKind, role: RoleId } = Role1 Forbidden "role-hidden",
        "{actor} cannot see role `{role}`",
        "ask for another role in its team";
    /// An Enterprise Account is for its members.
    AccountHidden { actor: ActorKind, account: AccountId } = Ent3 Forbidden "account-hidden",
        "only members can see account `{account}`; {actor} is not a member",
        "permissions in the account" from AccountManager(account);
    /// The team denies access through third-party OAuth clients.
    OAuthDenied { team: TeamId } = Sec1 Forbidden "oauth-denied",
        "team `{team}` denies access to third-party clients",
        "to allow third-party clients, or use a client of the platform itself" from AdminOf(team);
    /// The team requires MFA or single sign-on, and the actor, who is in it or on one of its apps, has neither.
    TeamRequiresMfaOrSso { team: TeamId } = Sec5 Forbidden "team-requires-mfa-or-sso",
        "team `{team}` requires MFA or single sign-on",
        "enrol in MFA, or sign in through the identity provider of a team";
    /// A team of the account denies access through third-party OAuth clients.
    OAuthDeniedInAccount { account: AccountId } = Sec1 Forbidden "oauth-denied-in-account",
        "a team of account `{account}` denies access to third-party clients, and while it does they cannot manage the account",
        "ask the admins of its teams to allow third-party clients, or use a client of the platform itself";
    /// The settings of the store are changed by the operator.
    OnlyOperatorChangesSettings { actor: ActorKind } = X3 Forbidden "only-operator-changes-settings",
        "only the platform operator can change the settings of the store, not {actor}",
        "the operator to do it" from Operator;
    /// Who and what there is altogether is for the operator.
    OnlyOperatorListsEverything { actor: ActorKind } = X2 Forbidden "only-operator-lists-everything",
        "only the platform operator can list all users, teams and accounts; {actor} cannot",
        "to do it" from Operator;
    /// Users are registered by the operator.
    OnlyOperatorRegistersUsers { actor: ActorKind } = Acc1 Forbidden "only-operator-registers-users",
        "only the platform operator can register users; {actor} cannot",
        "to do it" from Operator;
    /// E-mails are changed by the operator.
    OnlyOperatorChangesEmails { actor: ActorKind, user: UserId } = Acc1 Forbidden "only-operator-changes-emails",
        "only the platform operator can change the e-mail of user `{user}`; {actor} cannot",
        "to do it" from Operator;
    /// An account is deleted by its user or by the operator.
    OnlySelfOrOperatorDeletesUser { actor: ActorKind, user: UserId } =
        Acc2 Forbidden "only-self-or-operator-deletes-user",
        "only user `{user}` and the platform operator can delete this user; {actor} cannot",
        "to do it" from User(user);
    /// MFA and SSO status are set by the user or by the operator.
    OnlySelfOrOperatorChangesSignIn { actor: ActorKind, user: UserId } =
        Acc3 Forbidden "only-self-or-operator-changes-sign-in",
        "only user `{user}` and the platform operator can change how this user signs in; {actor} cannot",
        "to do it" from User(user);
    /// Users are suspended and reinstated by the operator.
    OnlyOperatorSuspendsUsers { actor: ActorKind, user: UserId } = Sus1 Forbidden "only-operator-suspends-users",
        "only the platform operator can suspend or reinstate user `{user}`; {actor} cannot",
        "to do it" from Operator;
    /// A user is shown to themselves, to the operator, to the teams that they are in or collaborate with, and to whoever
    /// shares a personal app with them.
    UserHidden { actor: ActorKind, user: UserId } = X2 Forbidden "user-hidden",
        "{actor} cannot see user `{user}`: they share neither a team nor a personal app",
        "to share a team or an app with you" from User(user);
    /// Teams are provisioned by the operator.
    OnlyOperatorProvisionsTeams { actor: ActorKind } = Team1 Forbidden "only-operator-provisions-teams",
        "only the platform operator can provision teams; {actor} cannot",
        "to do it" from Operator;
    /// Only admins rename.
    OnlyAdminsRenameTeams { actor: ActorKind, team: TeamId } = Team4 Forbidden "only-admins-rename-teams",
        "only admins can rename team `{team}`; {actor} is not an admin",
        "the role admin in the team" from AdminOf(team);
    /// Only admins label the team.
    OnlyAdminsLabelTeams { actor: ActorKind, team: TeamId } = Lab1 Forbidden "only-admins-label-teams",
        "only admins can set the labels of team `{team}`; {actor} is not an admin",
        "the role admin in the team" from AdminOf(team);
    /// Limits are set by the operator.
    OnlyOperatorSetsLimits { actor: ActorKind, team: TeamId } = Team6 Forbidden "only-operator-sets-limits",
        "only the platform operator can set the limits of team `{team}`; {actor} cannot",
        "to do it" from Operator;
    /// Only admins change the default role.
    OnlyAdminsSetDefaultRole { actor: ActorKind, team: TeamId } = Team7 Forbidden "only-admins-set-default-role",
        "only admins can change the default role of team `{team}`; {actor} is not an admin",
        "the role admin in the team" from AdminOf(team);
    /// Only admins let third-party OAuth clients in or shut them out.
    OnlyAdminsSetOAuthAccess { actor: ActorKind, team: TeamId } = Sec1 Forbidden "only-admins-set-oauth-access",
        "only admins can change whether third-party clients may access team `{team}`; {actor} is not an admin",
        "the role admin in the team" from AdminOf(team);
    /// Only admins require MFA or single sign-on.
    OnlyAdminsSetSignInRequirement { actor: ActorKind, team: TeamId } = Sec5 Forbidden "only-admins-set-sign-in-requirement",
        "only admins can change what sign-in team `{team}` requires; {actor} is not an admin",
        "the role admin in the team" from AdminOf(team);
    /// Only admins ask for deletion, and withdraw the request.
    OnlyAdminsRequestDeletion { actor: ActorKind, team: TeamId } = Team8 Forbidden "only-admins-request-deletion",
        "only admins can request the deletion of team `{team}`; {actor} is not an admin",
        "the role admin in the team" from AdminOf(team);
    /// Only admins have a team deleted.
    OnlyAdminsDeleteTeams { actor: ActorKind, team: TeamId } = Team8 Forbidden "only-admins-delete-teams",
        "only admins can delete team `{team}`; {actor} is not an admin",
        "the role admin in the team" from AdminOf(team);
    /// An Enterprise Team is deleted by the operator.
    OnlyOperatorDeletesEnterpriseTeams { actor: ActorKind, team: TeamId } =
        Team8 Forbidden "only-operator-deletes-enterprise-teams",
        "only the platform operator can delete the Enterprise Team `{team}`, at an admin's request; {actor} cannot",
        "to do it, once an admin has requested it" from Operator;
    /// Only admins add, remove and change members.
    OnlyAdminsManageMembers { actor: ActorKind, team: TeamId } = Mem1 Forbidden "only-admins-manage-members",
        "only admins can manage the members of team `{team}`; {actor} is not an admin",
        "the role admin in the team" from AdminOf(team);
    /// Whoever adds people to a team says until when they are in it: nobody stays longer by their own choice.
    OwnMembershipCannotGrow { actor: ActorKind, team: TeamId } = End2 Forbidden "own-membership-cannot-grow",
        "{actor} cannot put off the end of their own membership in team `{team}`",
        "to do it" from AdminOf(team);
    /// What ends in a team is listed for its admins.
    OnlyAdminsListEnds { actor: ActorKind, team: TeamId } = End3 Forbidden "only-admins-list-ends",
        "only admins, and holders of a role with `view-audit-log`, can list what ends in team `{team}`; {actor} is neither",
        "the role admin in the team, or one with `view-audit-log`" from AdminOf(team);
    /// What has ended is swept by the operator.
    OnlyOperatorSweepsEnds { actor: ActorKind } = End3 Forbidden "only-operator-sweeps-ends",
        "only the platform operator can sweep what has ended; {actor} cannot",
        "to do it" from Operator;
    /// Only admins make, rename and delete groups, and put people into them and out.
    OnlyAdminsManageGroups { actor: ActorKind, team: TeamId } = Grp1 Forbidden "only-admins-manage-groups",
        "only admins can manage the groups of team `{team}`; {actor} is not an admin",
        "the role admin in the team" from AdminOf(team);
    /// The groups of a team are for its admins, members and viewers.
    OnlyTeamSeesGroups { actor: ActorKind, team: TeamId } = Grp1 Forbidden "only-team-sees-groups",
        "only admins, members, viewers, and holders of a role with `view-groups`, can see the groups of team `{team}`; {actor} is none of these",
        "a role in the team that has `view-groups`" from AdminOf(team);
    /// Only admins make, rename, change and delete roles of the team's own.
    OnlyAdminsManageRoles { actor: ActorKind, team: TeamId } = Role1 Forbidden "only-admins-manage-roles",
        "only admins can manage the roles of team `{team}`; {actor} is not an admin",
        "the role admin in the team" from AdminOf(team);
    /// The roles of a team's own are for its admins, members and viewers.
    OnlyTeamSeesRoles { actor: ActorKind, team: TeamId } = Role1 Forbidden "only-team-sees-roles",
        "only admins, members, viewers, and holders of a role with `view-roles`, can see the roles of team `{team}`; {actor} is none of these",
        "a role in the team that has `view-roles`" from AdminOf(team);
    /// The Access list is for admins, members and viewers.
    OnlyTeamSeesAccessList { actor: ActorKind, team: TeamId } = Mem8 Forbidden "only-team-sees-access-list",
        "only admins, members, viewers, and holders of a role with `view-users`, can see the access list of team `{team}`; {actor} is none of these",
        "a role in the team that has `view-users`" from AdminOf(team);
    /// Only admins invite.
    OnlyAdminsInvite { actor: ActorKind, team: TeamId } = Inv1 Forbidden "only-admins-invite",
        "only admins can invite people to team `{team}`; {actor} is not an admin",
        "the role admin in the team" from AdminOf(team);
    /// Only admins revoke an invitation.
    OnlyAdminsRevokeInvitations { actor: ActorKind, invitation: InvitationId } =
        Inv3 Forbidden "only-admins-revoke-invitations",
        "only admins of the team can revoke invitation `{invitation}`; {actor} is not an admin",
        "ask an admin of the team to do it";
    /// Only the user with the invited e-mail accepts or declines.
    InvitationForSomeoneElse { actor: ActorKind, invitation: InvitationId } =
        Inv4 Forbidden "invitation-for-someone-else",
        "invitation `{invitation}` is not for the e-mail of {actor}",
        "ask for an invitation of your own e-mail";
    /// Pending invitations are for admins and members.
    OnlyMembersSeeInvitations { actor: ActorKind, team: TeamId } = Inv5 Forbidden "only-members-see-invitations",
        "only admins, members, and holders of a role with `view-invitations`, can see the invitations to team `{team}`; {actor} is none of these",
        "the role admin or member in the team, or one with `view-invitations`" from AdminOf(team);
    /// The role does not have the capability.
    RoleLacksCapability { team: TeamId, role: Role, capability: Capability } = Cap1 Forbidden "role-lacks-capability",
        "the role {role} does not include {capability} on team `{team}`",
        "another role in the team" from AdminOf(team);
    /// The role of the team's own does not have the capability.
    CustomRoleLacksCapability { team: TeamId, role: RoleId, capability: Capability } =
        Role1 Forbidden "custom-role-lacks-capability",
        "the role `{role}` does not include {capability} on team `{team}`",
        "another role in the team, or more in this one" from AdminOf(team);
    /// No role has the capability: teams of this kind do not have it, or the operator asked.
    CapabilityOfNobody { actor: ActorKind, team: TeamId, capability: Capability } =
        Cap1 Forbidden "capability-of-nobody",
        "nobody like {actor} can have {capability} on team `{team}`",
        "act as another user";
    /// A collaborator has no capability on an Enterprise Team.
    CollaboratorLacksCapability { team: TeamId, capability: Capability } =
        Cap2 Forbidden "collaborator-lacks-capability",
        "collaborators do not have {capability} on team `{team}`: they are not in the team",
        "a role in the team" from AdminOf(team);
    /// An outsider has no capability.
    OutsiderLacksCapability { actor: ActorKind, team: TeamId, capability: Capability } =
        Cap3 Forbidden "outsider-lacks-capability",
        "{actor} is not in team `{team}` and does not have {capability}",
        "a role in the team" from AdminOf(team);
    /// Only holders of `manage` grant, change and take away permissions.
    OnlyManagersChangeAccess { actor: ActorKind, app: AppId } = Perm4 Forbidden "only-managers-change-access",
        "only holders of `manage` can change access to app `{app}`; {actor} does not hold it",
        "`manage` on the app" from ManagerOf(app);
    /// The action asks for a permission that the actor does not hold.
    ActionNeedsPermission { actor: ActorKind, app: AppId, action: AppAction, held: PermissionSet } =
        Perm9 Forbidden "action-needs-permission",
        "{action} on app `{app}` needs {needed}; {actor} holds {held}" with (needed = AnyOf(action.any_of())),
        "a grant of the permission" from ManagerOf(app);
    /// The action, one of the host's own, asks for a permission that the actor does not hold.
    HostActionNeedsPermission {
        actor: Box<ActorKind>, app: AppId, action: Box<ActionName>, any_of: PermissionSet, held: PermissionSet
    } = Perm9 Forbidden "host-action-needs-permission",
        "{action} on app `{app}` needs {needed}; {actor} holds {held}" with (needed = AnyOf(*any_of)),
        "a grant of the permission" from ManagerOf(app);
    /// The action is for the owner, and for admins and members of the team who hold the permission: not for viewers and
    /// collaborators, whatever they hold.
    ActionNeedsMembership { actor: ActorKind, app: AppId, action: AppAction } = Perm9 Forbidden "action-needs-membership",
        "{action} on app `{app}` is only for admins and members of its team; {actor} is neither",
        "the role admin or member in the team" from ManagerOf(app);
    /// Only the owner adds and removes collaborators of a personal app.
    OnlyOwnerSharesPersonalApp { actor: ActorKind, app: AppId } = Perm10 Forbidden "only-owner-shares-personal-app",
        "only the owner can change access to the personal app `{app}`; {actor} is not the owner",
        "to do it" from OwnerOf(app);
    /// Collaborators of a personal app do not touch paid add-ons.
    OnlyOwnerPaysForAddOns { actor: ActorKind, app: AppId, action: AppAction } =
        Perm10 Forbidden "only-owner-pays-for-add-ons",
        "only the owner of the personal app `{app}` can do this: {action}; {actor} is not the owner",
        "to do it" from OwnerOf(app);
    /// The personal apps of a user are listed for the user.
    OnlyOwnerListsPersonalApps { actor: ActorKind, user: UserId } = Perm10 Forbidden "only-owner-lists-personal-apps",
        "only user `{user}` can list the personal apps of this user; {actor} cannot",
        "to do it" from User(user);
    /// The operator has no apps of its own.
    OperatorOwnsNoApps {} = App1 Forbidden "operator-owns-no-apps",
        "the platform operator has no apps of its own",
        "act as a user";
    /// Admins and members create apps in the team.
    OnlyMembersCreateApps { actor: ActorKind, team: TeamId } = App2 Forbidden "only-members-create-apps",
        "only admins, members, and holders of a role with `create-apps`, can create apps in team `{team}`; {actor} is none of these",
        "the role admin or member in the team, or one with `create-apps`" from AdminOf(team);
    /// Rename needs `manage`.
    OnlyManagersRenameApps { actor: ActorKind, app: AppId } = App5 Forbidden "only-managers-rename-apps",
        "only holders of `manage` can rename app `{app}`; {actor} does not hold it",
        "`manage` on the app" from ManagerOf(app);
    /// Labels need `manage`.
    OnlyManagersLabelApps { actor: ActorKind, app: AppId } = Lab1 Forbidden "only-managers-label-apps",
        "only holders of `manage` can set the labels of app `{app}`; {actor} does not hold it",
        "`manage` on the app" from ManagerOf(app);
    /// Deletion needs `manage`.
    OnlyManagersDeleteApps { actor: ActorKind, app: AppId } = App6 Forbidden "only-managers-delete-apps",
        "only holders of `manage` can delete app `{app}`; {actor} does not hold it",
        "`manage` on the app" from ManagerOf(app);
    /// Lock and unlock need `manage`.
    OnlyManagersLockApps { actor: ActorKind, app: AppId } = App8 Forbidden "only-managers-lock-apps",
        "only holders of `manage` can lock and unlock app `{app}`; {actor} does not hold it",
        "`manage` on the app" from ManagerOf(app);
    /// Members of the team join its apps by themselves.
    OnlyMembersJoinApps { actor: ActorKind, app: AppId } = App9 Forbidden "only-members-join-apps",
        "only members of its team can join app `{app}` by themselves; {actor} is not a member",
        "to add you to the app" from ManagerOf(app);
    /// The apps list is for admins, members and viewers.
    OnlyTeamListsApps { actor: ActorKind, team: TeamId } = App10 Forbidden "only-team-lists-apps",
        "only admins, members, viewers, and holders of a role with `view-apps`, can list the apps of team `{team}`; {actor} is none of these",
        "a role in the team that has `view-apps`" from AdminOf(team);
    /// Only the owner transfers a personal app.
    OnlyOwnerTransfersPersonalApp { actor: ActorKind, app: AppId } = Trf1 Forbidden "only-owner-transfers-personal-app",
        "only the owner can transfer the personal app `{app}`; {actor} is not the owner",
        "to do it" from OwnerOf(app);
    /// Personal apps are transferred into a team by its admins and members.
    OnlyMembersTransferIn { actor: ActorKind, team: TeamId } = Trf1 Forbidden "only-members-transfer-in",
        "only admins, members, and holders of a role with `create-apps`, can transfer apps into team `{team}`; {actor} is none of these",
        "the role admin or member in the team, or one with `create-apps`" from AdminOf(team);
    /// A team's app goes to another team by an admin, or by a member with `manage`.
    OnlyManagersTransferApps { actor: ActorKind, app: AppId } = Trf2 Forbidden "only-managers-transfer-apps",
        "only admins, and members with `manage`, can transfer app `{app}` to another team; {actor} is neither",
        "`manage` on the app and the role member, or the role admin" from ManagerOf(app);
    /// An app leaves a Standard team by an admin.
    OnlyAdminsTransferStandardApps { actor: ActorKind, app: AppId } =
        Std5 Forbidden "only-admins-transfer-standard-apps",
        "only admins can transfer app `{app}` out of its Standard team; {actor} is not an admin",
        "the role admin in the team" from ManagerOf(app);
    /// Whoever transfers an app to another team must be able to create apps there.
    ReceivingTeamClosed { actor: ActorKind, team: TeamId } = Trf2 Forbidden "receiving-team-closed",
        "{actor} cannot create apps in the receiving team `{team}`",
        "the role admin or member in the team" from AdminOf(team);
    /// A team's app goes to a user by an admin, or by a member with `manage`.
    OnlyManagersGiveApps { actor: ActorKind, app: AppId } = Trf3 Forbidden "only-managers-give-apps",
        "only admins, and members with `manage`, can transfer app `{app}` to a user; {actor} is neither",
        "`manage` on the app and the role member, or the role admin" from ManagerOf(app);
    /// Only the owner requests the transfer of a personal app.
    OnlyOwnerRequestsTransfer { actor: ActorKind, app: AppId } = Trf4 Forbidden "only-owner-requests-transfer",
        "only the owner can request the transfer of app `{app}`; {actor} is not the owner",
        "to do it" from OwnerOf(app);
    /// Only the recipient accepts or declines.
    OnlyRecipientAnswersTransfer { actor: ActorKind, transfer: TransferId } =
        Trf4 Forbidden "only-recipient-answers-transfer",
        "only the recipient can accept or decline transfer `{transfer}`; {actor} is not the recipient",
        "ask the recipient to answer";
    /// Only the owner cancels.
    OnlyOwnerCancelsTransfer { actor: ActorKind, transfer: TransferId } = Trf4 Forbidden "only-owner-cancels-transfer",
        "only the owner of the app can cancel transfer `{transfer}`; {actor} is not the owner",
        "ask the owner of the app to cancel";
    /// Only admins manage the apps of a Standard team: rename, label, lock, delete, change access.
    OnlyAdminsManageStandardApps { actor: ActorKind, app: AppId } = Std3 Forbidden "only-admins-manage-standard-apps",
        "only admins can manage app `{app}` of a Standard team; {actor} is not an admin",
        "the role admin in the team" from ManagerOf(app);
    /// Only admins create locked apps in a Standard team.
    OnlyAdminsCreateLockedApps { actor: ActorKind, team: TeamId } = Std3 Forbidden "only-admins-create-locked-apps",
        "only admins can create locked apps in the Standard team `{team}`; {actor} is not an admin",
        "the role admin in the team" from AdminOf(team);
    /// Collaborators are added to a Standard team's app by its members.
    OnlyMembersAddCollaborators { actor: ActorKind, app: AppId } = Std3 Forbidden "only-members-add-collaborators",
        "only admins and members of its team can add collaborators to app `{app}`; {actor} is neither",
        "a role in the team" from ManagerOf(app);
    /// On a locked app only holders of `manage` add people.
    OnlyManagersShareLockedApps { actor: ActorKind, app: AppId } = App9 Forbidden "only-managers-share-locked-apps",
        "app `{app}` is locked, and only holders of `manage` can add people; {actor} does not hold it",
        "`manage` on the app" from ManagerOf(app);
    /// Holders of `manage` give permissions to others, and members add others: nobody adds to what they were given themselves.
    OwnGrantCannotGrow { actor: ActorKind, app: AppId } = Perm5 Forbidden "own-grant-cannot-grow",
        "{actor} cannot add to their own permissions on app `{app}`",
        "another holder of `manage` to do it" from ManagerOf(app);
    /// Holders of `manage` give permissions to others: nobody adds to the grant of a group that they are in.
    OwnGroupGrantCannotGrow { actor: Box<ActorKind>, app: AppId, group: GroupId } =
        Grp2 Forbidden "own-group-grant-cannot-grow",
        "{actor} is in group `{group}` and cannot add to its permissions on app `{app}`",
        "another holder of `manage` to do it" from ManagerOf(app);
    /// Collaborators of a Standard team's app do not touch paid add-ons.
    OnlyTeamPaysForAddOns { actor: ActorKind, app: AppId, action: AppAction } =
        Std4 Forbidden "only-team-pays-for-add-ons",
        "only the team of app `{app}` can do this: {action}; {actor} is a collaborator",
        "a role in the team" from ManagerOf(app);
    /// Pipelines are created in a team by its admins and members.
    OnlyMembersCreatePipelines { actor: ActorKind, team: TeamId } = Pipe2 Forbidden "only-members-create-pipelines",
        "only admins, members, and holders of a role with `manage-pipelines`, can create pipelines in team `{team}`; {actor} is none of these",
        "the role admin or member in the team, or one with `manage-pipelines`" from AdminOf(team);
    /// A pipeline is managed by its owner, or by the admins and members of the team that owns it.
    OnlyOwnersManagePipelines { actor: ActorKind, pipeline: PipelineId } =
        Pipe2 Forbidden "only-owners-manage-pipelines",
        "only its owner, or admins and members of the owning team, can manage pipeline `{pipeline}`; {actor} is neither",
        "ask for the role admin or member in the team";
    /// Whoever puts an app into a pipeline, moves it there or takes it out needs `deploy` on it.
    CouplingNeedsDeploy { actor: ActorKind, app: AppId } = Pipe2 Forbidden "coupling-needs-deploy",
        "changing the place of app `{app}` in a pipeline needs deploy on it; {actor} does not hold it",
        "deploy on the app" from ManagerOf(app);
    /// Whoever transfers a pipeline must be able to create pipelines where it goes.
    PipelineReceiverClosed { actor: ActorKind, to: Owner } = Pipe6 Forbidden "pipeline-receiver-closed",
        "{actor} cannot create pipelines for {to}",
        "ask for the role admin or member in the team";
    /// Promotion needs `deploy` on the app whose release is copied, and on each that it is copied to.
    PromotionNeedsDeploy { actor: ActorKind, app: AppId } = Pipe7 Forbidden "promotion-needs-deploy",
        "promotion needs deploy on app `{app}`; {actor} does not hold it",
        "deploy on the app" from ManagerOf(app);
    /// Only admins create spaces.
    OnlyAdminsCreateSpaces { actor: ActorKind, team: TeamId } = Spc1 Forbidden "only-admins-create-spaces",
        "only admins can create spaces in team `{team}`; {actor} is not an admin",
        "the role admin in the team" from AdminOf(team);
    /// The spaces of a team are for its admins, members and viewers.
    OnlyTeamListsSpaces { actor: ActorKind, team: TeamId } = Spc2 Forbidden "only-team-lists-spaces",
        "only admins, members, viewers, and holders of a role with `view-spaces`, can list the spaces of team `{team}`; {actor} is none of these",
        "a role in the team that has `view-spaces`" from AdminOf(team);
    /// Only admins rename, label and destroy a space, and say who creates apps in it.
    OnlyAdminsManageSpaces { actor: ActorKind, space: SpaceId } = Spc1 Forbidden "only-admins-manage-spaces",
        "only admins of its team can manage space `{space}`; {actor} is not an admin",
        "ask for the role admin in the team";
    /// Members create apps in a space only with its permission.
    AppCreationNeedsSpacePermission { actor: ActorKind, space: SpaceId } =
        Spc3 Forbidden "app-creation-needs-space-permission",
        "creating apps in space `{space}` needs permission; {actor} does not have it",
        "ask an admin of the team for permission to create apps in the space";
    /// A space is transferred by an admin of both teams, or by a manager of the account.
    OnlyAdminsOfBothTransferSpaces { actor: ActorKind, space: SpaceId } =
        Spc7 Forbidden "only-admins-of-both-transfer-spaces",
        "only admins of both teams, and managers of their account, can transfer space `{space}`; {actor} is neither",
        "ask for the role admin in both teams, or manage in the account";
    /// Enterprise Accounts are opened by the operator.
    OnlyOperatorOpensAccounts { actor: ActorKind } = Ent1 Forbidden "only-operator-opens-accounts",
        "only the platform operator can open accounts; {actor} cannot",
        "to do it" from Operator;
    /// Holders of `manage` manage an account's members.
    OnlyManagersManageAccounts { actor: ActorKind, account: AccountId } =
        Ent2 Forbidden "only-managers-manage-accounts",
        "only holders of `manage` can manage the members of account `{account}`; {actor} does not hold it",
        "`manage` in the account" from AccountManager(account);
    /// An account's holders of `manage` give permissions to others: nobody adds to what they hold themselves.
    OwnAccountSetCannotGrow { actor: ActorKind, account: AccountId } = Perm5 Forbidden "own-account-set-cannot-grow",
        "{actor} cannot add to their own permissions in account `{account}`",
        "another holder of `manage` to do it" from AccountManager(account);
    /// Holders of `create` create teams in an account.
    OnlyCreatorsCreateTeams { actor: ActorKind, account: AccountId } = Ent2 Forbidden "only-creators-create-teams",
        "only holders of `create` can create teams in account `{account}`; {actor} does not hold it",
        "`create` in the account" from AccountManager(account);
    /// A team moves into an account by one of its admins.
    OnlyAdminsMoveTeamsIn { actor: ActorKind, team: TeamId } = Ent4 Forbidden "only-admins-move-teams-in",
        "only admins can move team `{team}` into an account; {actor} is not an admin",
        "the role admin in the team" from AdminOf(team);
    /// Whoever moves a team into an account holds `create` or `manage` in it.
    MoveInNeedsAccountPermission { actor: ActorKind, account: AccountId } =
        Ent4 Forbidden "move-in-needs-account-permission",
        "only holders of `create` or `manage` can move teams into account `{account}`; {actor} holds neither",
        "`create` in the account" from AccountManager(account);
    /// Only admins ask to move a team out of its account, and withdraw the request.
    OnlyAdminsRequestMoveOut { actor: ActorKind, team: TeamId } = Ent5 Forbidden "only-admins-request-move-out",
        "only admins can request to move team `{team}` out of its account; {actor} is not an admin",
        "the role admin in the team" from AdminOf(team);
    /// A team is moved out of its account by the operator.
    OnlyOperatorMovesTeamsOut { actor: ActorKind, team: TeamId } = Ent5 Forbidden "only-operator-moves-teams-out",
        "only the platform operator can move team `{team}` out of its account, at an admin's request; {actor} cannot",
        "to do it, once an admin has requested it" from Operator;
    /// Only admins set up the identity provider.
    OnlyAdminsSetIdentityProvider { actor: ActorKind, team: TeamId } =
        Sec2 Forbidden "only-admins-set-identity-provider",
        "only admins can change the identity provider of team `{team}`; {actor} is not an admin",
        "the role admin in the team" from AdminOf(team);
    /// Only admins switch single sign-on.
    OnlyAdminsSwitchSso { actor: ActorKind, team: TeamId } = Sec2 Forbidden "only-admins-switch-sso",
        "only admins can enable or disable single sign-on for team `{team}`; {actor} is not an admin",
        "the role admin in the team" from AdminOf(team);
    /// A sign-in through the identity provider is reported by the operator, who has verified it.
    OnlyOperatorReportsSignIns { actor: ActorKind, team: TeamId } = Sec3 Forbidden "only-operator-reports-sign-ins",
        "only the platform operator can report sign-ins to team `{team}`; {actor} cannot",
        "to do it" from Operator;
    /// The list of those without MFA is for whoever sees the Access list.
    OnlyTeamSeesCompliance { actor: ActorKind, team: TeamId } = Sec4 Forbidden "only-team-sees-compliance",
        "only admins, members, viewers, and holders of a role with `view-compliance`, can see who in team `{team}` has no MFA; {actor} is none of these",
        "a role in the team that has `view-compliance`" from AdminOf(team);
    /// Only admins switch the control of add-ons.
    OnlyAdminsSetAddOnControls { actor: ActorKind, team: TeamId } = Res3 Forbidden "only-admins-set-add-on-controls",
        "only admins, and holders of a role with `manage-add-on-allowlist`, can switch add-on controls for team `{team}`; {actor} is neither",
        "the role admin in the team, or one with `manage-add-on-allowlist`" from AdminOf(team);
    /// Only admins change which add-ons are allowed.
    OnlyAdminsChangeAllowlist { actor: ActorKind, team: TeamId } = Res3 Forbidden "only-admins-change-allowlist",
        "only admins, and holders of a role with `manage-add-on-allowlist`, can change which add-on services team `{team}` allows; {actor} is neither",
        "the role admin in the team, or one with `manage-add-on-allowlist`" from AdminOf(team);
    /// With controls on, only admins install what is not allowed.
    AddOnNotAllowed { app: AppId, service: ServiceName } = Res3 Forbidden "add-on-not-allowed",
        "only admins can install `{service}` on app `{app}`, because its team does not allow it to others",
        "to allow the add-on service, or to install it" from ManagerOf(app);
    /// The resources of a team are for its admins, members and viewers.
    OnlyTeamSeesResources { actor: ActorKind, team: TeamId } = Res4 Forbidden "only-team-sees-resources",
        "only admins, members, viewers, and holders of a role with `view-resources`, can list the resources of team `{team}`; {actor} is none of these",
        "a role in the team that has `view-resources`" from AdminOf(team);
    /// Present use is for admins.
    OnlyAdminsSeeCurrentUse { actor: ActorKind, team: TeamId } = Use1 Forbidden "only-admins-see-current-use",
        "only admins, and holders of a role with `view-usage`, can see the current use of team `{team}`; {actor} is neither",
        "the role admin in the team, or one with `view-usage`" from AdminOf(team);
    /// The use of personal apps is for their owner.
    OnlySelfSeesUse { actor: ActorKind, user: UserId } = Use2 Forbidden "only-self-sees-use",
        "only user `{user}` can see the use of their personal apps; {actor} cannot",
        "to do it" from User(user);
    /// Past use is for admins; that of an account's teams for holders of `billing` too.
    OnlyAdminsSeePastUse { actor: ActorKind, team: TeamId } = Use2 Forbidden "only-admins-see-past-use",
        "only admins, and holders of a role with `view-usage`, can see the past use of team `{team}`; {actor} is neither",
        "the role admin in the team, or one with `view-usage`" from AdminOf(team);
    /// The use of all teams of an account is for holders of `billing`.
    OnlyBillingSeesAccountUse { actor: ActorKind, account: AccountId } = Ent2 Forbidden "only-billing-sees-account-use",
        "only holders of `billing` can see the use of account `{account}`; {actor} does not hold it",
        "`billing` in the account" from AccountManager(account);
    /// Billing is for admins.
    OnlyAdminsManageBilling { actor: ActorKind, team: TeamId } = Use3 Forbidden "only-admins-manage-billing",
        "only admins can manage the billing of team `{team}`; {actor} is not an admin",
        "the role admin in the team" from AdminOf(team);
    /// Who pays is for admins to see.
    OnlyAdminsSeeBilling { actor: ActorKind, team: TeamId } = Use3 Forbidden "only-admins-see-billing",
        "only admins, and holders of a role with `view-payments`, can see who pays for team `{team}`; {actor} is neither",
        "the role admin in the team, or one with `view-payments`" from AdminOf(team);
    /// The statements of a team are for its admins.
    OnlyAdminsSeeStatements { actor: ActorKind, team: TeamId } = Use6 Forbidden "only-admins-see-statements",
        "only admins, and holders of a role with `view-invoices`, can see the statements of team `{team}`; {actor} is neither",
        "the role admin in the team, or one with `view-invoices`" from AdminOf(team);
    /// The statements of an account are for holders of `billing`.
    OnlyBillingSeesStatements { actor: ActorKind, account: AccountId } =
        Use6 Forbidden "only-billing-sees-statements",
        "only holders of `billing` can see the statements of account `{account}`; {actor} does not hold it",
        "`billing` in the account" from AccountManager(account);
    /// The statements of a user are for that user.
    OnlySelfSeesStatements { actor: ActorKind, user: UserId } = Use6 Forbidden "only-self-sees-statements",
        "only user `{user}` can see their statements; {actor} cannot",
        "to do it" from User(user);
    /// Months are closed by the operator.
    OnlyOperatorClosesMonths { actor: ActorKind } = Use6 Forbidden "only-operator-closes-months",
        "only the platform operator can close months; {actor} cannot",
        "to do it" from Operator;
    /// The use of a Standard team is for admins.
    OnlyAdminsSeeStandardUse { actor: ActorKind, team: TeamId } = Std6 Forbidden "only-admins-see-standard-use",
        "only admins can see the use of the Standard team `{team}`; {actor} is not an admin",
        "the role admin in the team" from AdminOf(team);
    /// The audit log of a team is for its admins.
    OnlyAdminsReadTeamAudit { actor: ActorKind, team: TeamId } = X3 Forbidden "only-admins-read-team-audit",
        "only admins, and holders of a role with `view-audit-log`, can read the audit log of team `{team}`; {actor} is neither",
        "the role admin in the team, or one with `view-audit-log`" from AdminOf(team);
    /// The audit log of an app is for holders of `manage`.
    OnlyManagersReadAppAudit { actor: ActorKind, app: AppId } = X3 Forbidden "only-managers-read-app-audit",
        "only holders of `manage` can read the audit log of app `{app}`; {actor} does not hold it",
        "`manage` on the app" from ManagerOf(app);
    /// The audit log of an account is for holders of `manage`.
    OnlyManagersReadAccountAudit { actor: ActorKind, account: AccountId } =
        Ent7 Forbidden "only-managers-read-account-audit",
        "only holders of `manage` can read the audit log of account `{account}`; {actor} does not hold it",
        "`manage` in the account" from AccountManager(account);
    /// What a user did is shown to that user and to the operator; the whole log is shown to the operator.
    OnlySelfReadsAudit { actor: ActorKind } = X3 Forbidden "only-self-reads-audit",
        "{actor} cannot read this audit log",
        "to do it" from Operator;

    // 4. The arguments fit each other.

    /// Actions that a host cannot have.
    HostActionsInvalid { problem: HostActionError } = Perm9 Invalid "host-actions-invalid",
        "unusable actions of the host: {problem}",
        "correct the actions";
    /// A list of words that cannot make names.
    WordListInvalid { problem: WordListError } = Gen2 Invalid "word-list-invalid",
        "unusable word list: {problem}",
        "correct the word list";
    /// A cursor that belongs to a list of another kind or order.
    CursorOfAnotherList {} = X6 Invalid "cursor-of-another-list",
        "the cursor belongs to another list",
        "pass the cursor that came with a page of this list";
    /// A page of no entries, or of too many.
    PageSizeInvalid { size: usize, max: usize } = X6 Invalid "page-size-invalid",
        "a page holds 1 to {max} entries, not {size}",
        "choose a page size within the bounds";
    /// The name is a word of the platform.
    TeamNameReserved { name: TeamName } = Team3 Invalid "team-name-reserved",
        "the name `{name}` is reserved, and no team can have it",
        "choose another name";
    /// Only Enterprise Teams have viewers.
    ViewerInStandardTeam { team: TeamId } = Mem4 Invalid "viewer-in-standard-team",
        "team `{team}` is a Standard team, which has no viewers",
        "choose the role admin or member";
    /// Only Enterprise Teams have groups.
    GroupsInStandardTeam { team: TeamId } = Grp1 Invalid "groups-in-standard-team",
        "team `{team}` is a Standard team, which has no groups",
        "choose an Enterprise Team";
    /// Only Enterprise Teams have roles of their own.
    RolesInStandardTeam { team: TeamId } = Role1 Invalid "roles-in-standard-team",
        "team `{team}` is a Standard team, which has no roles of its own",
        "choose an Enterprise Team";
    /// The role is one of another team.
    RoleOfAnotherTeam { team: TeamId, role: RoleId } = Role2 Invalid "role-of-another-team",
        "role `{role}` is not a role of team `{team}`",
        "choose a role of the team";
    /// The capability makes or unmakes power, or Enterprise Teams do not have it.
    CapabilityForAdminsAlone { team: TeamId, capability: Capability } = Role1 Invalid "capability-for-admins-alone",
        "no role of team `{team}`'s own can include {capability}",
        "leave it out, or give people the role admin";
    /// On an app of an Enterprise Team permissions are chosen.
    PermissionsMissing { app: AppId } = Perm7 Invalid "permissions-missing",
        "app `{app}` belongs to an Enterprise Team, where permissions must be chosen",
        "name the permissions to grant";
    /// On a personal app no permissions are chosen.
    PermissionsOnPersonalApp { app: AppId } = Perm10 Invalid "permissions-on-personal-app",
        "app `{app}` is personal, and its collaborators hold view, deploy and operate: none can be chosen",
        "add a collaborator without permissions";
    /// On an app of a Standard team no permissions are chosen.
    PermissionsOnStandardApp { app: AppId } = Std4 Invalid "permissions-on-standard-app",
        "app `{app}` belongs to a Standard team, where people hold view, deploy and operate: none can be chosen",
        "add a collaborator without permissions";
    /// Permissions on an app are granted to the groups of its own team.
    GroupOfAnotherTeam { app: AppId, group: GroupId } = Grp2 Invalid "group-of-another-team",
        "group `{group}` is not a group of the team of app `{app}`",
        "choose a group of the team that owns the app";
    /// The name is a word of the platform.
    AppNameReserved { name: AppName } = Team3 Invalid "app-name-reserved",
        "the name `{name}` is reserved, and no app can have it",
        "choose another name";
    /// A team has room for at least one member: its admin.
    MemberLimitZero {} = Team5 Invalid "member-limit-zero",
        "the limit on members is at least 1",
        "choose a limit of at least 1";
    /// Only Enterprise Teams are in an account.
    StandardTeamInAccount { account: AccountId } = Ent6 Invalid "standard-team-in-account",
        "a Standard team cannot be provisioned in account `{account}`",
        "choose an Enterprise Team";
    /// The name typed as confirmation is not the app's.
    ConfirmationMismatch { app: AppId } = App6 Invalid "confirmation-mismatch",
        "the confirmation is not the name of app `{app}`",
        "confirm with the name of the app";
    /// A personal app goes to another user by a request that the recipient accepts.
    TransferNeedsRequest { app: AppId } = Trf4 Invalid "transfer-needs-request",
        "the personal app `{app}` can go to another user only by a transfer request",
        "request the transfer";
    /// Only the transfer of a personal app is requested.
    RequestOnTeamApp { app: AppId } = Trf4 Invalid "request-on-team-app",
        "app `{app}` belongs to a team, so it is transferred at once, without a request",
        "transfer the app without a request";
    /// A bulk transfer of no app, or of too many.
    BulkSizeInvalid { count: usize, max: usize } = Trf9 Invalid "bulk-size-invalid",
        "a bulk transfer takes 1 to {max} apps, not {count}",
        "choose a number of apps within the bounds";
    /// A bulk transfer that names an app twice: the first such by id.
    AppNamedTwice { app: AppId } = Trf9 Invalid "app-named-twice", "app `{app}` is named twice", "name each app once";
    /// Only Enterprise Teams have spaces.
    SpaceInStandardTeam { team: TeamId } = Spc1 Invalid "space-in-standard-team",
        "team `{team}` is a Standard team, which has no spaces",
        "choose an Enterprise Team";
    /// The name typed as confirmation is not the space's.
    SpaceConfirmationMismatch { space: SpaceId } = Spc5 Invalid "space-confirmation-mismatch",
        "the confirmation is not the name of space `{space}`",
        "confirm with the name of the space";
    /// A space stays within its Enterprise Account.
    SpaceLeavesAccount { space: SpaceId, team: TeamId } = Spc6 Invalid "space-leaves-account",
        "space `{space}` and team `{team}` are not in the same account",
        "choose a team in the same account";
    /// An app and its pipeline have the same owner.
    OwnersDiffer { app: AppId, pipeline: PipelineId } = Pipe4 Invalid "owners-differ",
        "app `{app}` and pipeline `{pipeline}` have different owners",
        "transfer the app or the pipeline first";
    /// A release is not promoted to the app that it comes from.
    PromotionToSelf { app: AppId } = Pipe7 Invalid "promotion-to-self",
        "app `{app}` cannot be promoted to itself",
        "choose other apps of the pipeline as targets";
    /// A promotion to too many apps.
    TooManyTargets { count: usize, max: usize } = Pipe7 Invalid "too-many-targets",
        "a promotion takes up to {max} targets, not {count}",
        "choose fewer targets";
    /// A release is promoted within the pipeline.
    TargetOutsidePipeline { app: AppId, pipeline: PipelineId } = Pipe7 Invalid "target-outside-pipeline",
        "app `{app}` is not in pipeline `{pipeline}`",
        "choose other apps of the pipeline as targets";
    /// Teams have no eco dynos.
    EcoInTeam { app: AppId } = Res1 Invalid "eco-in-team",
        "app `{app}` belongs to a team, and eco dynos are for personal apps only",
        "choose another dyno size";
    /// In a shield space only shield dynos run, in another space only private ones.
    DynoUnfitForSpace { app: AppId, size: DynoSize, shield: Shield } = Res1 Invalid "dyno-unfit-for-space",
        "app `{app}` is in a space whose shield is {shield}, and {size} dynos do not run there",
        "choose another dyno size";
    /// Private and shield dynos run in spaces.
    PrivateDynoOutsideSpace { app: AppId, size: DynoSize } = Res1 Invalid "private-dyno-outside-space",
        "app `{app}` is not in a space, and {size} dynos run in spaces only",
        "choose another dyno size";

    /// A range of days that ends before it starts, or is too long.
    RangeInvalid { days: i64, max: i64 } = Use2 Invalid "range-invalid",
        "a range covers 1 to {max} days, not {days}",
        "choose a range of days within the bounds";
    /// A month that is not closed, or in which it paid for nothing.
    NoStatement { payer: Payer, month: Month } = Use6 Invalid "no-statement",
        "{payer} has no statement for {month}",
        "choose a month that is closed and in which it was the one to pay";
    /// An Enterprise Team draws on its account's credits.
    PaymentOfEnterpriseTeam { team: TeamId } = Use3 Invalid "payment-of-enterprise-team",
        "team `{team}` is an Enterprise Team, which has no payment method of its own",
        "choose a Standard team";

    /// An end is not in the past.
    EndInThePast { ends_at: DateTime<Utc>, now: DateTime<Utc> } = End2 Invalid "end-in-the-past",
        "an end at {ends_at} is not after {now}",
        "choose a later end";

    // 5. The things are in the right state.

    /// The settings of the store are already these.
    SettingsUnchanged {} = X3 Unchanged "settings-unchanged",
        "the settings of the store are already these",
        "nothing to do: this is already the case";
    /// The user already has this e-mail.
    EmailUnchanged { user: UserId, email: Email } = Acc1 Unchanged "email-unchanged",
        "user `{user}` already has the e-mail `{email}`",
        "nothing to do: this is already the case";
    /// The user still owns personal apps or pipelines.
    UserStillOwns { user: UserId, left: Box<Remaining> } = Acc2 Conflict "user-still-owns",
        "user `{user}` still owns {left}",
        "to transfer or delete the apps and pipelines first" from User(user);
    /// The user already has this MFA status.
    MfaUnchanged { user: UserId, mfa: Mfa } = Acc3 Unchanged "mfa-unchanged",
        "user `{user}` is already {mfa}",
        "nothing to do: this is already the case";
    /// The user already signs in this way.
    SignInUnchanged { user: UserId, sign_in: SignIn } = Acc3 Unchanged "sign-in-unchanged",
        "user `{user}` already signs in {sign_in}",
        "nothing to do: this is already the case";
    /// Single sign-on leads through a team that has it.
    NoTeamToSignInThrough { user: UserId } = Acc3 Conflict "no-team-to-sign-in-through",
        "user `{user}` is in no team with single sign-on",
        "to be in a team whose single sign-on is enabled" from User(user);
    /// The user is already suspended.
    UserAlreadySuspended { user: UserId } = Sus1 Unchanged "user-already-suspended",
        "user `{user}` is already suspended",
        "nothing to do: this is already the case";
    /// The user is not suspended.
    UserNotSuspended { user: UserId } = Sus1 Unchanged "user-not-suspended",
        "user `{user}` is not suspended",
        "nothing to do: this is already the case";
    /// The team already has this name.
    TeamNameUnchanged { team: TeamId, name: TeamName } = Team4 Unchanged "team-name-unchanged",
        "team `{team}` is already named `{name}`",
        "nothing to do: this is already the case";
    /// The team already has these labels.
    TeamLabelsUnchanged { team: TeamId } = Lab1 Unchanged "team-labels-unchanged",
        "team `{team}` already has these labels",
        "nothing to do: this is already the case";
    /// The team already has these limits.
    LimitsUnchanged { team: TeamId } = Team6 Unchanged "limits-unchanged",
        "team `{team}` already has these limits",
        "nothing to do: this is already the case";
    /// The team already has this default role.
    DefaultRoleUnchanged { team: TeamId, role: TeamRole } = Team7 Unchanged "default-role-unchanged",
        "the default role of team `{team}` is already {role}",
        "nothing to do: this is already the case";
    /// A Standard team is deleted directly.
    DeletionNeedsNoRequest { team: TeamId, kind: TeamKind } = Team8 Conflict "deletion-needs-no-request",
        "team `{team}` is a {kind}, which an admin deletes without a request",
        "delete the team directly";
    /// The deletion is already requested.
    DeletionAlreadyRequested { team: TeamId } = Team8 Unchanged "deletion-already-requested",
        "the deletion of team `{team}` is already requested",
        "nothing to do: this is already the case";
    /// No admin has asked for the deletion.
    DeletionNotRequested { team: TeamId } = Team8 NotFound "deletion-not-requested",
        "no admin of team `{team}` has requested its deletion",
        "to request the deletion first" from AdminOf(team);
    /// The team still has apps, spaces or pipelines.
    TeamNotEmpty { team: TeamId, left: Box<Remaining> } = Team8 Conflict "team-not-empty",
        "team `{team}` still has {left}",
        "to transfer or delete the apps, spaces and pipelines first" from AdminOf(team);
    /// The user is already in the team.
    AlreadyInTeam { team: TeamId, user: UserId, role: TeamRole } = Mem2 Conflict "already-in-team",
        "user `{user}` is already in team `{team}`, as {role}",
        "change the role instead";
    /// The user has no role in the team; a collaborator has none.
    NotInTeam { team: TeamId, user: UserId } = Mem3 NotFound "not-in-team",
        "user `{user}` is not in team `{team}`",
        "choose a user who is in the team";
    /// The user already has this role.
    RoleUnchanged { team: TeamId, user: UserId, role: TeamRole } = Mem2 Unchanged "role-unchanged",
        "user `{user}` is already {role} of team `{team}`",
        "nothing to do: this is already the case";
    /// The group already has this name.
    GroupNameUnchanged { group: GroupId, name: GroupName } = Grp1 Unchanged "group-name-unchanged",
        "group `{group}` is already named `{name}`",
        "nothing to do: this is already the case";
    /// The user is already in the group.
    AlreadyInGroup { group: GroupId, user: UserId } = Grp1 Unchanged "already-in-group",
        "user `{user}` is already in group `{group}`",
        "nothing to do: this is already the case";
    /// The user is not in the group.
    NotInGroup { group: GroupId, user: UserId } = Grp1 NotFound "not-in-group",
        "user `{user}` is not in group `{group}`",
        "choose a user who is in the group";
    /// The role already has this name.
    RoleNameUnchanged { role: RoleId, name: RoleName } = Role1 Unchanged "role-name-unchanged",
        "role `{role}` is already named `{name}`",
        "nothing to do: this is already the case";
    /// The role already holds exactly this.
    RoleRightsUnchanged { role: RoleId } = Role1 Unchanged "role-rights-unchanged",
        "role `{role}` already holds exactly this",
        "nothing to do: this is already the case";
    /// The role is held, waits in an invitation or is the team's default.
    RoleInUse { role: RoleId, uses: Box<RoleUses> } = Role2 Conflict "role-in-use",
        "role `{role}` is in use: {uses}",
        "give the people another role, revoke the invitations and choose another default role first";
    /// The e-mail is that of someone in the team.
    InviteeInTeam { team: TeamId, user: UserId } = Inv1 Conflict "invitee-in-team",
        "the invited user `{user}` is already in team `{team}`",
        "nothing to do: this is already the case";
    /// The invitation has expired.
    InvitationExpired { invitation: InvitationId } = Inv3 Conflict "invitation-expired",
        "invitation `{invitation}` has expired",
        "ask for a new invitation";
    /// The invitation would make an admin, and its sender is none any more, or is suspended.
    InviterIsNoAdmin { invitation: InvitationId } = Inv3 Conflict "inviter-is-no-admin",
        "invitation `{invitation}` would make an admin, and whoever sent it is no longer an admin, or is suspended",
        "ask for a new invitation";
    /// Third-party OAuth access is already set like this.
    OAuthAccessUnchanged { team: TeamId, access: OAuthAccess } = Sec1 Unchanged "oauth-access-unchanged",
        "access through third-party clients to team `{team}` is already {access}",
        "nothing to do: this is already the case";
    /// What sign-in the team requires is already set like this.
    SignInRequirementUnchanged { team: TeamId, requirement: SignInRequirement } = Sec5 Unchanged "sign-in-requirement-unchanged",
        "team `{team}` already requires {requirement} to sign in",
        "nothing to do: this is already the case";
    /// An admin's permissions on an app cannot be reduced.
    AdminPermissionsFixed { app: AppId, user: UserId } = Perm1 Conflict "admin-permissions-fixed",
        "user `{user}` is an admin of the team of app `{app}`, and the permissions of admins cannot be changed",
        "change the role of the user first";
    /// A grant to an admin would say nothing.
    AdminHoldsAll { app: AppId, user: UserId } = Perm5 Conflict "admin-holds-all",
        "user `{user}` is an admin of the team of app `{app}` and already holds everything on it",
        "nothing to do: this is already the case";
    /// The owner of a personal app holds everything on it.
    OwnerHoldsAll { app: AppId, user: UserId } = Perm10 Conflict "owner-holds-all",
        "user `{user}` owns app `{app}` and already holds everything on it",
        "nothing to do: this is already the case";
    /// The user is already on the app.
    AlreadyOnApp { app: AppId, user: UserId } = Perm7 Conflict "already-on-app",
        "user `{user}` is already on app `{app}`",
        "change the permissions instead";
    /// The user is not on the app.
    NotOnApp { app: AppId, user: UserId } = Perm7 NotFound "not-on-app",
        "user `{user}` is not on app `{app}`",
        "choose a user who is on the app";
    /// The user already holds exactly these permissions.
    PermissionsUnchanged { app: AppId, user: UserId, permissions: PermissionSet } =
        Perm3 Unchanged "permissions-unchanged",
        "user `{user}` already holds exactly {permissions} on app `{app}`",
        "nothing to do: this is already the case";
    /// The group already holds permissions on the app.
    GroupAlreadyOnApp { app: AppId, group: GroupId } = Grp2 Conflict "group-already-on-app",
        "group `{group}` already holds permissions on app `{app}`",
        "change the permissions instead";
    /// The group holds no permissions on the app.
    GroupNotOnApp { app: AppId, group: GroupId } = Grp2 NotFound "group-not-on-app",
        "group `{group}` holds no permissions on app `{app}`",
        "choose a group that holds permissions on the app";
    /// The group already holds exactly these permissions.
    GroupPermissionsUnchanged { app: AppId, group: GroupId, permissions: PermissionSet } =
        Grp2 Unchanged "group-permissions-unchanged",
        "group `{group}` already holds exactly {permissions} on app `{app}`",
        "nothing to do: this is already the case";
    /// The app already has this name.
    AppNameUnchanged { app: AppId, name: AppName } = App5 Unchanged "app-name-unchanged",
        "app `{app}` is already named `{name}`",
        "nothing to do: this is already the case";
    /// The app already has these labels.
    AppLabelsUnchanged { app: AppId } = Lab1 Unchanged "app-labels-unchanged",
        "app `{app}` already has these labels",
        "nothing to do: this is already the case";
    /// The app is already locked.
    AppAlreadyLocked { app: AppId } = App8 Unchanged "app-already-locked",
        "app `{app}` is already locked",
        "nothing to do: this is already the case";
    /// The app is not locked.
    AppNotLocked { app: AppId } = App8 Unchanged "app-not-locked",
        "app `{app}` is not locked",
        "nothing to do: this is already the case";
    /// A locked app is not joined.
    AppIsLocked { app: AppId } = App9 Conflict "app-is-locked",
        "app `{app}` is locked, so nobody can join it by themselves",
        "to add you to the app, or to unlock it" from ManagerOf(app);
    /// An app in a space is not transferred alone.
    AppInSpace { app: AppId, space: SpaceId } = Trf8 Conflict "app-in-space",
        "app `{app}` is in space `{space}` and can be transferred only with it",
        "transfer the space";
    /// The new owner is the present one.
    AlreadyOwner { app: AppId, owner: Owner } = Trf10 Unchanged "already-owner",
        "{owner} already owns app `{app}`",
        "nothing to do: this is already the case";
    /// Whoever receives a team's app must be in the team or on the app.
    NewOwnerIsStranger { app: AppId, user: UserId } = Trf3 Conflict "new-owner-is-stranger",
        "user `{user}` is neither in the team of app `{app}` nor on the app",
        "to add the user to the app first" from ManagerOf(app);
    /// Whoever receives a personal app must be a collaborator on it.
    RecipientNotOnApp { app: AppId, user: UserId } = Trf4 Conflict "recipient-not-on-app",
        "the recipient `{user}` is not a collaborator on app `{app}`",
        "to add the user to the app first" from ManagerOf(app);
    /// A transfer of the app is already pending.
    TransferAlreadyPending { app: AppId, transfer: TransferId } = Trf4 Conflict "transfer-already-pending",
        "transfer `{transfer}` of app `{app}` is already pending",
        "have the pending transfer answered or cancelled first";
    /// Some apps of a bulk transfer cannot be transferred, so none is.
    BulkRefused { apps: Box<Truncated<(AppId, Error)>> } = Trf9 Conflict "bulk-refused",
        "no app was transferred, as {total} cannot be: {apps}" with (total = apps.total),
        "see the way out of each refusal";
    /// The pipeline already has this name.
    PipelineNameUnchanged { pipeline: PipelineId, name: PipelineName } = Pipe1 Unchanged "pipeline-name-unchanged",
        "pipeline `{pipeline}` is already named `{name}`",
        "nothing to do: this is already the case";
    /// The pipeline already has these labels.
    PipelineLabelsUnchanged { pipeline: PipelineId } = Lab1 Unchanged "pipeline-labels-unchanged",
        "pipeline `{pipeline}` already has these labels",
        "nothing to do: this is already the case";
    /// The app is already in a pipeline.
    AppInPipeline { app: AppId, pipeline: PipelineId } = Pipe3 Conflict "app-in-pipeline",
        "app `{app}` is already in pipeline `{pipeline}`",
        "take the app out of its pipeline first";
    /// The app is in no pipeline.
    AppNotInPipeline { app: AppId } = Pipe3 NotFound "app-not-in-pipeline",
        "app `{app}` is not in a pipeline",
        "add the app to a pipeline first";
    /// The app is already in this stage.
    StageUnchanged { app: AppId, stage: Stage } = Pipe3 Unchanged "stage-unchanged",
        "app `{app}` is already in stage {stage}",
        "nothing to do: this is already the case";
    /// The new owner of the pipeline is the present one.
    PipelineAlreadyOwned { pipeline: PipelineId, owner: Owner } = Pipe6 Unchanged "pipeline-already-owned",
        "{owner} already owns pipeline `{pipeline}`",
        "nothing to do: this is already the case";
    /// Some apps of the pipeline cannot be transferred, so nothing is: the apps, by name.
    PipelineNotMovable { pipeline: PipelineId, apps: Box<Truncated<(AppId, Error)>> } =
        Pipe6 Conflict "pipeline-not-movable",
        "pipeline `{pipeline}` was not transferred, as {total} of its apps cannot be: {apps}" with (total = apps.total),
        "see the way out of each refusal";
    /// No stage follows this one.
    StageNotPromotable { app: AppId, stage: Stage } = Pipe7 Conflict "stage-not-promotable",
        "app `{app}` is in stage {stage}, which has no next stage",
        "promote from development or staging, or choose the targets";
    /// The app has no release to promote.
    NoRelease { app: AppId } = Pipe7 Conflict "no-release", "app `{app}` has no release", "release the app first";
    /// There is nothing to promote to.
    NoTargets { app: AppId } = Pipe7 Conflict "no-targets",
        "there is no app to promote app `{app}` to",
        "choose other apps of the pipeline as targets";
    /// No target can be promoted to: the targets, as they were named, or by name.
    PromotionRefused { apps: Box<Truncated<(AppId, Error)>> } = Pipe7 Conflict "promotion-refused",
        "nothing was promoted, as {total} of the targets cannot be promoted to: {apps}" with (total = apps.total),
        "see the way out of each refusal";
    /// The space already has this name.
    SpaceNameUnchanged { space: SpaceId, name: SpaceName } = Spc1 Unchanged "space-name-unchanged",
        "space `{space}` is already named `{name}`",
        "nothing to do: this is already the case";
    /// The space already has these labels.
    SpaceLabelsUnchanged { space: SpaceId } = Lab1 Unchanged "space-labels-unchanged",
        "space `{space}` already has these labels",
        "nothing to do: this is already the case";
    /// Apps remain in the space.
    SpaceNotEmpty { space: SpaceId, apps: Box<Truncated<AppId>> } = Spc5 Conflict "space-not-empty",
        "space `{space}` still holds apps: {apps}",
        "delete the apps first";
    /// Only members are let create apps in a space; admins always may.
    AppCreationForMembers { space: SpaceId, user: UserId } = Spc3 Conflict "app-creation-for-members",
        "user `{user}` is not a member of the team of space `{space}`",
        "give the user the role member first";
    /// The member may already create apps in the space.
    AppCreationAlreadyAllowed { space: SpaceId, user: UserId } = Spc3 Unchanged "app-creation-already-allowed",
        "user `{user}` may already create apps in space `{space}`",
        "nothing to do: this is already the case";
    /// The user does not hold the permission.
    AppCreationNotAllowed { space: SpaceId, user: UserId } = Spc3 NotFound "app-creation-not-allowed",
        "user `{user}` does not have permission to create apps in space `{space}`",
        "choose a user who has the permission";
    /// The space already belongs to this team.
    SpaceAlreadyOwned { space: SpaceId, team: TeamId } = Spc6 Unchanged "space-already-owned",
        "space `{space}` already belongs to team `{team}`",
        "nothing to do: this is already the case";
    /// The user is already in the account.
    AlreadyInAccount { account: AccountId, user: UserId } = Ent1 Conflict "already-in-account",
        "user `{user}` is already in account `{account}`",
        "change the permissions instead";
    /// The user is not in the account.
    NotInAccount { account: AccountId, user: UserId } = Ent1 NotFound "not-in-account",
        "user `{user}` is not in account `{account}`",
        "choose a user who is in the account";
    /// The user already holds exactly these permissions in the account.
    AccountPermissionsUnchanged { account: AccountId, user: UserId, permissions: AccountPermissionSet } =
        Ent1 Unchanged "account-permissions-unchanged",
        "user `{user}` already holds exactly {permissions} in account `{account}`",
        "nothing to do: this is already the case";
    /// Only a Standard team moves into an account.
    TeamIsEnterprise { team: TeamId } = Ent4 Conflict "team-is-enterprise",
        "team `{team}` is already an Enterprise Team",
        "to put it into the account" from Operator;
    /// The team is in an account.
    TeamInAccount { team: TeamId } = Ent6 Conflict "team-in-account",
        "team `{team}` is already in an account",
        "to move it out first" from AdminOf(team);
    /// The team is in no account.
    TeamInNoAccount { team: TeamId } = Ent5 Conflict "team-in-no-account",
        "team `{team}` is not in an account",
        "choose a team in an account";
    /// The move is already requested.
    MoveOutAlreadyRequested { team: TeamId } = Ent5 Unchanged "move-out-already-requested",
        "the move of team `{team}` out of its account is already requested",
        "nothing to do: this is already the case";
    /// No admin has asked for the move.
    MoveOutNotRequested { team: TeamId } = Ent5 NotFound "move-out-not-requested",
        "no admin of team `{team}` has requested to move it out of its account",
        "to request the move first" from AdminOf(team);
    /// Something stands in the way of the move.
    MoveOutBlocked { team: TeamId, obstacles: Box<Blockers> } = Ent5 Conflict "move-out-blocked",
        "team `{team}` cannot become a Standard team: {obstacles}",
        "to remove what stands in the way first" from AdminOf(team);
    /// The team already has this identity provider.
    IdentityProviderUnchanged { team: TeamId } = Sec2 Unchanged "identity-provider-unchanged",
        "team `{team}` already has this identity provider",
        "nothing to do: this is already the case";
    /// There is no identity provider.
    NoIdentityProvider { team: TeamId } = Sec2 Conflict "no-identity-provider",
        "team `{team}` has no identity provider",
        "to set an identity provider first" from AdminOf(team);
    /// The identity provider is in use.
    IdentityProviderInUse { team: TeamId } = Sec2 Conflict "identity-provider-in-use",
        "people sign in to team `{team}` through its identity provider",
        "to disable single sign-on first" from AdminOf(team);
    /// Single sign-on is already enabled, or already disabled.
    SsoUnchanged { team: TeamId, sso: Sso } = Sec2 Unchanged "sso-unchanged",
        "single sign-on for team `{team}` is already {sso}",
        "nothing to do: this is already the case";
    /// The admin would be shut out.
    AdminNeedsMfaOrSso { team: TeamId, user: UserId } = Sec5 Conflict "admin-needs-mfa-or-sso",
        "admin `{user}` would have neither MFA nor single sign-on, which team `{team}` would require",
        "enrol in MFA first";
    /// Nobody signs in through an identity provider.
    SsoNotEnabled { team: TeamId } = Sec3 Conflict "sso-not-enabled",
        "single sign-on for team `{team}` is not enabled",
        "to enable single sign-on first" from AdminOf(team);
    /// The add-on already has this plan.
    PlanUnchanged { add_on: AddOnId, plan: PlanName } = Res2 Unchanged "plan-unchanged",
        "add-on `{add_on}` already has the plan `{plan}`",
        "nothing to do: this is already the case";
    /// Add-on controls are already on, or already off.
    AddOnControlsUnchanged { team: TeamId, controls: AddOnControls } = Res3 Unchanged "add-on-controls-unchanged",
        "add-on controls of team `{team}` are already {controls}",
        "nothing to do: this is already the case";
    /// The service is already allowed.
    ServiceAlreadyAllowed { team: TeamId, service: ServiceName } = Res3 Unchanged "service-already-allowed",
        "team `{team}` already allows the add-on service `{service}`",
        "nothing to do: this is already the case";
    /// The service is not on the list.
    ServiceNotListed { team: TeamId, service: ServiceName } = Res3 NotFound "service-not-listed",
        "the add-on service `{service}` is not on the allowlist of team `{team}`",
        "nothing to do: this is already the case";
    /// The team already has this payment method.
    PaymentMethodUnchanged { team: TeamId } = Use3 Unchanged "payment-method-unchanged",
        "team `{team}` already has this payment method",
        "nothing to do: this is already the case";
    /// Every month that is over is closed.
    MonthsAlreadyClosed {} = Use6 Unchanged "months-already-closed",
        "every month that is over is closed",
        "nothing to do: this is already the case";
    /// It already ends then, or has no end already.
    EndUnchanged { held: Box<Held> } = End2 Unchanged "end-unchanged",
        "{held} already has this end",
        "nothing to do: this is already the case";
    /// Nothing that is there has ended.
    NothingHasEnded {} = End3 Unchanged "nothing-has-ended",
        "nothing has ended that was not swept",
        "nothing to do: this is already the case";
    /// The process type is already scaled like this.
    FormationUnchanged { app: AppId, process: ProcessType, size: DynoSize, quantity: u16 } =
        Res1 Unchanged "formation-unchanged",
        "process type `{process}` of app `{app}` is already scaled to {quantity} × {size}",
        "nothing to do: this is already the case";
    /// Whoever is suspended receives nothing new.
    UserIsSuspended { user: UserId } = Sus1 Conflict "user-is-suspended",
        "user `{user}` is suspended and can be given nothing new",
        "to reinstate the user" from Operator;

    // 6. The name is free.

    /// Another user has this e-mail.
    EmailTaken { email: Email } = Acc1 Conflict "email-taken",
        "the e-mail `{email}` belongs to another user",
        "choose another e-mail";
    /// Another user has this id.
    UserIdTaken { user: UserId } = Acc1 Conflict "user-id-taken",
        "the id `{user}` belongs to another user",
        "choose another id";
    /// A team has this name.
    TeamNameTaken { name: TeamName } = Team3 Conflict "team-name-taken",
        "the team name `{name}` is taken",
        "choose another name";
    /// An app has this name.
    AppNameTaken { name: AppName } = App3 Conflict "app-name-taken",
        "the app name `{name}` is taken",
        "choose another name";
    /// A space has this name.
    SpaceNameTaken { name: SpaceName } = Spc1 Conflict "space-name-taken",
        "the space name `{name}` is taken",
        "choose another name";
    /// A group of the team has this name.
    GroupNameTaken { team: TeamId, name: GroupName } = Grp1 Conflict "group-name-taken",
        "the group name `{name}` is taken in team `{team}`",
        "choose another name";
    /// A role of the team's own has this name, or a built-in one.
    RoleNameTaken { team: TeamId, name: RoleName } = Role1 Conflict "role-name-taken",
        "the role name `{name}` is taken in team `{team}`",
        "choose another name";
    /// An account has this name.
    AccountNameTaken { name: AccountName } = Ent1 Conflict "account-name-taken",
        "the account name `{name}` is taken",
        "choose another name";
    /// Every name that the generator can give is taken.
    NamesUsedUp { names: u64 } = Gen3 Limit "names-used-up",
        "all {names} generated names are taken",
        "choose a name yourself";

    // 7. There is room.

    /// The team has as many members and pending invitations as it may have.
    MemberLimitReached { team: TeamId, limit: u32, actual: u64 } = Team5 Limit "member-limit-reached",
        "team `{team}` is limited to {limit} members, pending invitations counted; this would make {actual}",
        "a higher limit" from Operator;
    /// The team has as many apps as it may have.
    AppLimitReached { team: TeamId, limit: u32, actual: u64 } = Team6 Limit "app-limit-reached",
        "team `{team}` is limited to {limit} apps; this would make {actual}",
        "a higher limit" from Operator;
    /// The user has as many personal apps as they may have.
    PersonalAppLimitReached { user: UserId, limit: u32, actual: u64 } = App12 Limit "personal-app-limit-reached",
        "user `{user}` is limited to {limit} personal apps; this would make {actual}",
        "free a slot first";
    /// The team has as many spaces as it may have.
    SpaceLimitReached { team: TeamId, limit: u32, actual: u64 } = Team6 Limit "space-limit-reached",
        "team `{team}` is limited to {limit} spaces; this would make {actual}",
        "a higher limit" from Operator;
    /// What runs for the team comes to as many dyno units a month as it may.
    DynoUnitLimitReached { team: TeamId, limit: u32, actual: u64 } = Team6 Limit "dyno-unit-limit-reached",
        "team `{team}` is limited to {limit} dyno units a month; this would make {units}" with (units = Millionths(*actual)),
        "a higher limit" from Operator;
    /// What is installed for the team, and its spaces, come to as many add-on credits a month as they may.
    AddOnCreditLimitReached { team: TeamId, limit: u64, actual: u64 } = Team6 Limit "add-on-credit-limit-reached",
        "team `{team}` is limited to add-ons and spaces of {limit} cents a month; this would make {actual}",
        "a higher limit" from Operator;
    /// The team has as many groups as it may have.
    GroupLimitReached { team: TeamId, limit: u32, actual: u64 } = Grp1 Limit "group-limit-reached",
        "team `{team}` is limited to {limit} groups; this would make {actual}",
        "free a slot first";
    /// The user is in as many groups of the team as they may be.
    MemberGroupLimitReached { team: TeamId, user: UserId, limit: u32, actual: u64 } =
        Grp1 Limit "member-group-limit-reached",
        "user `{user}` is limited to {limit} groups of team `{team}`; this would make {actual}",
        "free a slot first";
    /// The team has as many roles of its own as it may have.
    RoleLimitReached { team: TeamId, limit: u32, actual: u64 } = Role1 Limit "role-limit-reached",
        "team `{team}` is limited to {limit} roles of its own; this would make {actual}",
        "free a slot first";
    /// The space holds as many apps as it may hold.
    SpaceFull { space: SpaceId, limit: u32, actual: u64 } = Spc5 Limit "space-full",
        "space `{space}` is limited to {limit} apps; this would make {actual}",
        "free a slot first";
    /// The formation has as many process types as it may have.
    FormationFull { app: AppId, limit: usize } = Res1 Limit "formation-full",
        "app `{app}` is limited to {limit} process types",
        "free a slot first";
    /// The app has as many add-ons as it may have.
    AddOnsFull { app: AppId, limit: usize } = Res2 Limit "add-ons-full",
        "app `{app}` is limited to {limit} add-ons",
        "free a slot first";
    /// The team allows as many services as it may list.
    AllowlistFull { team: TeamId, limit: usize } = Res3 Limit "allowlist-full",
        "team `{team}` is limited to {limit} allowed add-on services",
        "free a slot first";
    /// The store has as many things of a kind as it can hold.
    StoreFull { limit: u64 } = X6 Limit "store-full",
        "the store is full: it holds at most {limit} rows per table",
        "free a slot first";

    // 8. No standing law would break.

    /// The last admin cannot be demoted.
    CannotDemoteLastAdmin { team: TeamId, user: UserId } = Team2 Conflict "cannot-demote-last-admin",
        "user `{user}` is the last admin of team `{team}` and cannot be given another role",
        "to make another user admin first" from AdminOf(team);
    /// The last admin cannot leave; nobody else is there to remove them.
    LastAdminCannotLeave { team: TeamId, user: UserId } = Team2 Conflict "last-admin-cannot-leave",
        "user `{user}` is the last admin of team `{team}` and cannot leave",
        "to make another user admin first" from AdminOf(team);
    /// The membership of the last admin whose membership has no end cannot be given one.
    LastAdminCannotEnd { team: TeamId, user: UserId } = End2 Conflict "last-admin-cannot-end",
        "user `{user}` is the last admin of team `{team}` without an end, and cannot be given one",
        "to make another user admin first" from AdminOf(team);
    /// The last manager of an account cannot be removed.
    CannotRemoveLastManager { account: AccountId, user: UserId } = Ent1 Conflict "cannot-remove-last-manager",
        "user `{user}` is the last manager of account `{account}` and cannot be removed",
        "to make another user manager first" from AccountManager(account);
    /// The last manager of an account cannot lose `manage`.
    CannotDemoteLastManager { account: AccountId, user: UserId } = Ent1 Conflict "cannot-demote-last-manager",
        "user `{user}` is the last manager of account `{account}` and cannot lose `manage`",
        "to make another user manager first" from AccountManager(account);
    /// A user who is the last admin of a team cannot be deleted: the teams, by name.
    CannotDeleteLastAdmin { user: UserId, teams: Box<Truncated<TeamId>> } = Acc2 Conflict "cannot-delete-last-admin",
        "user `{user}` cannot be deleted as the last admin of these teams: {teams}",
        "to make another user admin of each team first" from User(user);
    /// A user who is the last manager of an account cannot be deleted: the accounts, by id.
    CannotDeleteLastManager { user: UserId, accounts: Box<Truncated<AccountId>> } =
        Ent1 Conflict "cannot-delete-last-manager",
        "user `{user}` cannot be deleted as the last manager of these accounts: {accounts}",
        "to make another user manager of each account first" from User(user);
    /// A user who is the last admin of a team cannot be suspended: the teams, by name.
    CannotSuspendLastAdmin { user: UserId, teams: Box<Truncated<TeamId>> } = Sus1 Conflict "cannot-suspend-last-admin",
        "user `{user}` cannot be suspended as the last admin of these teams: {teams}",
        "to make another user admin of each team first" from User(user);
    /// A user who is the last manager of an account cannot be suspended: the accounts, by id.
    CannotSuspendLastManager { user: UserId, accounts: Box<Truncated<AccountId>> } =
        Sus1 Conflict "cannot-suspend-last-manager",
        "user `{user}` cannot be suspended as the last manager of these accounts: {accounts}",
        "to make another user manager of each account first" from User(user);

    // 9. What the request says besides: a key is looked up before all else, and what is new is told to whoever could do it.

    /// The key of the request was used for another operation.
    KeyUsedOtherwise { seq: u64 } = X9 Conflict "key-used-otherwise",
        "the key was used for another operation, which made event {seq}",
        "choose another key";
    /// Something newer concerns the thing.
    ChangedSince { since: u64, seq: u64 } = X9 Conflict "changed-since",
        "event {seq} is newer than event {since} and concerns the same thing",
        "look at it again";
    /// The log that is kept does not tell whether something newer concerns the thing.
    LogTooShort { since: u64, first: u64 } = X9 Conflict "log-too-short",
        "what came after event {since} is not known: the log begins with event {first}",
        "look at it again";
}

readable! { Error }

impl From<ParseError> for Error {
    fn from(error: ParseError) -> Self {
        Self::Malformed(error)
    }
}

impl From<HostActionError> for Error {
    fn from(problem: HostActionError) -> Self {
        Self::HostActionsInvalid { problem }
    }
}

impl From<WordListError> for Error {
    fn from(problem: WordListError) -> Self {
        Self::WordListInvalid { problem }
    }
}
