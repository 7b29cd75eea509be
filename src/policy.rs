//! The authority tables, as data: which role may do what on a team, which permission allows what on an app, what a role
//! holds on every app.
//!
//! Each row also names the operations and questions that ask it. Most rows are published; those that the published tables
//! leave out are ours and say so. What no table can say (a lock, one's own grant, an Enterprise Account) stands in `decide`.

mod custom;
mod host;

pub use custom::{CapabilitySet, CustomRole, RoleRights};
pub use host::{AnyAppAction, HOST_ACTIONS_MAX, HostActionError, HostActions};

use crate::code::words;
use crate::entity::Lock;
use crate::names::reads;
use crate::permission::{Permission, PermissionSet};
use crate::role::{Role, RoleSet, TeamKind};

macro_rules! capabilities {
    ($($name:ident $code:literal $enterprise:tt $standard:tt by $by:tt $doc:literal;)+) => {
        words! {
            /// What a role may do on the team itself (CAP-1). Each kind of team has a table of its own.
            ///
            /// The store's operations and questions ask these rows: see [`asked_by`](Self::asked_by). A capability that the
            /// published table of a kind leaves out is ours there ([`is_published`](Self::is_published)).
            #[non_exhaustive]
            pub enum Capability {$(
                #[doc = $doc]
                $name $code,
            )+}
        }

        impl Capability {
            /// The roles that have it on a team of this kind; `None` where teams of this kind do not have it at all.
            #[must_use]
            pub const fn roles(self, kind: TeamKind) -> Option<RoleSet> {
                match (self, kind) {$(
                    (Self::$name, TeamKind::Enterprise) => roles!($enterprise),
                    (Self::$name, TeamKind::Standard) => roles!($standard),
                )+}
            }

            /// Whether the published table of this kind of team has the row; otherwise it is ours.
            #[must_use]
            pub const fn is_published(self, kind: TeamKind) -> bool {
                match (self, kind) {$(
                    (Self::$name, TeamKind::Enterprise) => published!($enterprise),
                    (Self::$name, TeamKind::Standard) => published!($standard),
                )+}
            }

            /// The operations and questions of [`TeamStore`](crate::TeamStore) that ask this row, by the names of the methods;
            /// none when only the host asks it.
            #[must_use]
            pub const fn asked_by(self) -> &'static [&'static str] {
                match self {$(Self::$name => names!($by)),+}
            }
        }
    };
}

/// The roles of a cell: whether an admin, a member, a viewer (Enterprise alone) and a collaborator have it. `ours` marks a row that
/// is not published.
macro_rules! roles {
    ([]) => {
        None
    };
    ([ours $($mark:ident)+]) => {
        roles!([$($mark)+])
    };
    ([$admin:ident $member:ident $viewer:ident $collaborator:ident]) => {
        Some(
            RoleSet::EMPTY
                .with(Role::Admin, marked!($admin))
                .with(Role::Member, marked!($member))
                .with(Role::Viewer, marked!($viewer))
                .with(Role::Collaborator, marked!($collaborator)),
        )
    };
    ([$admin:ident $member:ident $collaborator:ident]) => {
        Some(
            RoleSet::EMPTY
                .with(Role::Admin, marked!($admin))
                .with(Role::Member, marked!($member))
                .with(Role::Collaborator, marked!($collaborator)),
        )
    };
}

macro_rules! marked {
    (yes) => {
        true
    };
    (no) => {
        false
    };
}

macro_rules! published {
    ([]) => {
        false
    };
    ([ours $($mark:ident)+]) => {
        false
    };
    ([$($mark:ident)+]) => {
        true
    };
}

macro_rules! names {
    ([host]) => {
        &[]
    };
    ([$($name:ident)+]) => {
        &[$(stringify!($name)),+]
    };
}

macro_rules! app_actions {
    ($($section:ident $title:literal {$(
        $name:ident $code:literal [$($permission:ident)+] $(for [$($holder:ident)+])? by $by:tt $doc:literal;
    )+})+) => {
        words! {
            /// The section of the table that an action stands in.
            pub enum Section {$(
                #[doc = $title]
                $section $title,
            )+}
        }

        words! {
            /// What somebody may do on an app (PERM-9). Any one of the permissions named in the table allows it; a few actions
            /// also ask through what the permission is held ([`holders`](Self::holders)).
            ///
            /// The list holds more than this library carries out itself, so that a platform can ask about its own doing: see
            /// [`asked_by`](Self::asked_by).
            #[non_exhaustive]
            pub enum AppAction {$($(
                #[doc = $doc]
                $name $code,
            )+)+}
        }

        impl AppAction {
            /// The section of the table.
            #[must_use]
            pub const fn section(self) -> Section {
                match self {$($(Self::$name => Section::$section),+),+}
            }

            /// The permissions any one of which allows it.
            #[must_use]
            #[inline]
            pub const fn any_of(self) -> PermissionSet {
                match self {$($(Self::$name => PermissionSet::of(&[$(Permission::$permission),+])),+),+}
            }

            /// Through what the permission must be held, as whom.
            #[must_use]
            #[inline]
            pub const fn holders(self) -> HolderSet {
                match self {$($(Self::$name => holders!($($($holder)+)?)),+),+}
            }

            /// The operations and questions of [`TeamStore`](crate::TeamStore) that ask this row, by the names of the methods;
            /// none when only the host asks it.
            #[must_use]
            pub const fn asked_by(self) -> &'static [&'static str] {
                match self {$($(Self::$name => names!($by)),+),+}
            }
        }
    };
}

macro_rules! holders {
    () => {
        HolderSet::ALL
    };
    ($($holder:ident)+) => {
        HolderSet::of(&[$(Holder::$holder),+])
    };
}

words! {
    /// As whom somebody holds permissions on an app.
    #[non_exhaustive]
    pub enum Holder {
        /// The user who owns it (PERM-10).
        Owner "owner",
        /// An admin of the team that owns it (PERM-1).
        Admin "admin",
        /// A member of the team that owns it, or somebody in a role of its own (ROLE-2).
        Member "member",
        /// A viewer of the team that owns it.
        Viewer "viewer",
        /// A collaborator on an app of an Enterprise Team, whose permissions were chosen (PERM-7).
        Collaborator "collaborator",
        /// A collaborator on an app of a Standard team (STD-4).
        StandardCollaborator "standard-collaborator",
        /// A collaborator on a personal app (PERM-10).
        PersonalCollaborator "personal-collaborator",
    }
}

impl Holder {
    /// Whoever has a role of the team's own counts as a member (ROLE-2).
    #[inline]
    pub(crate) const fn of(role: Role) -> Self {
        match role {
            Role::Admin => Self::Admin,
            Role::Member | Role::Custom => Self::Member,
            Role::Viewer => Self::Viewer,
            Role::Collaborator => Self::Collaborator,
        }
    }
}

/// A set of [`Holder`]s.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HolderSet(u8);

const _: () = assert!(Holder::ALL.len() <= u8::BITS as usize);

impl HolderSet {
    /// However the permission is held.
    pub const ALL: Self = Self(u8::MAX);

    const fn of(mut holders: &[Holder]) -> Self {
        let mut bits = 0;
        while let [first, rest @ ..] = holders {
            bits |= 1 << *first as u8;
            holders = rest;
        }
        Self(bits)
    }

    /// Whether `holder` is in the set.
    #[must_use]
    #[inline]
    pub const fn contains(self, holder: Holder) -> bool {
        self.0 & 1 << holder as u8 != 0
    }

    /// The holders in the set.
    pub fn iter(self) -> impl Iterator<Item = Holder> {
        Holder::ALL.iter().copied().filter(move |holder| self.contains(*holder))
    }
}

/// The permissions of a cell: whether view, deploy, operate and manage are held.
macro_rules! permissions {
    ($view:ident $deploy:ident $operate:ident $manage:ident) => {
        PermissionSet::EMPTY
            .with(Permission::View, marked!($view))
            .with(Permission::Deploy, marked!($deploy))
            .with(Permission::Operate, marked!($operate))
            .with(Permission::Manage, marked!($manage))
    };
}

/// What a built-in role holds on every app of its team, without a grant: on unlocked and on locked ones (PERM-1, PERM-2, STD-2, STD-3).
#[inline]
pub(crate) const fn on_every_app(kind: TeamKind, role: Role, lock: Lock) -> PermissionSet {
    match (kind, role, lock) {
        (TeamKind::Enterprise, Role::Admin, Lock::Unlocked) => permissions!(yes yes yes yes),
        (TeamKind::Enterprise, Role::Admin, Lock::Locked) => permissions!(yes yes yes yes),
        (TeamKind::Enterprise, Role::Member, Lock::Unlocked) => permissions!(yes no no no),
        (TeamKind::Enterprise, Role::Member, Lock::Locked) => permissions!(yes no no no),
        (TeamKind::Enterprise, Role::Viewer, Lock::Unlocked) => permissions!(yes no no no),
        (TeamKind::Enterprise, Role::Viewer, Lock::Locked) => permissions!(yes no no no),
        (TeamKind::Standard, Role::Admin, Lock::Unlocked) => permissions!(yes yes yes yes),
        (TeamKind::Standard, Role::Admin, Lock::Locked) => permissions!(yes yes yes yes),
        (TeamKind::Standard, Role::Member, Lock::Unlocked) => permissions!(yes yes yes no),
        (TeamKind::Standard, Role::Member, Lock::Locked) => permissions!(yes no no no),
        // There are none (MEM-4).
        (TeamKind::Standard, Role::Viewer, Lock::Unlocked | Lock::Locked) => PermissionSet::EMPTY,
        // What its row says (ROLE-1).
        (TeamKind::Enterprise | TeamKind::Standard, Role::Custom, Lock::Unlocked | Lock::Locked) => {
            PermissionSet::EMPTY
        }
        // Nothing, by a role.
        (TeamKind::Enterprise | TeamKind::Standard, Role::Collaborator, Lock::Unlocked | Lock::Locked) => {
            PermissionSet::EMPTY
        }
    }
}

#[rustfmt::skip]
capabilities! {
    // Enterprise: admin, member, viewer, collaborator. Standard: admin, member, collaborator. `ours`: not in the published table.
    ViewTeam                "view-team"                 [ours yes yes yes no]  [yes yes yes]          by [team_by_name memberships]
        "See the team.";
    ViewApps                "view-apps"                 [yes yes yes no]       [yes yes no]           by [apps apps_and_pipelines pipeline pipeline_apps visible_pipelines]
        "List the team's apps and pipelines.";
    CreateApps              "create-apps"               [yes yes no no]        [yes yes no]           by [create_app transfer_app transfer_apps transfer_movable_apps]
        "Create apps in the team and transfer apps to it.";
    ManageSpaces            "manage-spaces"             [yes no no no]         [yes no no]            by [create_space rename_space set_space_labels destroy_space allow_app_creation revoke_app_creation set_app_creation_end transfer_space]
        "Create, rename, label, transfer and destroy spaces.";
    ManagePipelines         "manage-pipelines"          [yes yes no no]        [yes yes no]           by [create_pipeline rename_pipeline set_pipeline_labels delete_pipeline couple_app set_stage uncouple_app transfer_pipeline]
        "Create, change and delete pipelines.";
    ViewSpaces              "view-spaces"               [yes yes yes no]       [yes yes no]           by [spaces space space_by_name visible_spaces app_creators]
        "List the spaces.";
    ViewUsers               "view-users"                [yes yes yes no]       [yes yes no]           by [access_list role member_apps user app_access who_can]
        "List admins, members and viewers.";
    ManageUsers             "manage-users"              [yes no no no]         [yes no no]            by [add_member add_default_member set_member_role remove_member set_member_end]
        "Add and remove users and change their roles.";
    ViewCollaborators       "view-collaborators"        [yes yes yes no]       [yes yes no]           by [access_list role]
        "List collaborators.";
    ViewInvitations         "view-invitations"          [ours yes yes no no]   [yes yes no]           by [pending_invitations]
        "List pending invitations.";
    ManageInvitations       "manage-invitations"        [ours yes no no no]    [yes no no]            by [invite_member invite_default_member revoke_invitation]
        "Send and revoke invitations.";
    ViewIdentityProviders   "view-identity-providers"   [yes yes no no]        [yes yes no]           by [identity_provider]
        "See the identity provider.";
    ManageIdentityProviders "manage-identity-providers" [yes no no no]         [yes no no]            by [set_identity_provider remove_identity_provider enable_sso disable_sso]
        "Set up and remove the identity provider, and switch single sign-on.";
    ManageTeam              "manage-team"               [yes no no no]         [yes no no]            by [rename_team set_team_labels]
        "Rename the team and set its labels.";
    ViewPreferences         "view-preferences"          [yes yes yes no]       [yes yes yes]          by [team]
        "See the team's settings.";
    ManagePreferences       "manage-preferences"        [yes no no no]         [yes no no]            by [set_default_role set_oauth_access set_sign_in_requirement]
        "Change the team's settings.";
    ViewFeatures            "view-features"             [yes yes yes no]       [yes yes yes]          by [host]
        "See which features are on.";
    ManageFeatures          "manage-features"           [yes no no no]         [yes no no]            by [host]
        "Switch features on and off.";
    ViewAddOnAllowlist      "view-add-on-allowlist"     [yes yes yes no]       [yes yes yes]          by [allowed_add_ons add_on_exceptions]
        "See the allowed add-ons.";
    ManageAddOnAllowlist    "manage-add-on-allowlist"   [yes no no no]         [yes no no]            by [set_add_on_controls allow_add_on disallow_add_on]
        "Control add-ons and change which are allowed.";
    ManageWebhooks          "manage-webhooks"           [yes no no no]         [yes no no]            by [host]
        "Set up webhooks.";
    ViewInvoices            "view-invoices"             [yes no no no]         [yes no no]            by [statement statements statement_part]
        "See invoices.";
    ViewLicenses            "view-licenses"             [yes no no no]         [yes no no]            by [host]
        "See licences.";
    ViewPayments            "view-payments"             [ours yes no no no]    [yes no no]            by [billing]
        "See how the team pays.";
    ManagePayments          "manage-payments"           [ours yes no no no]    [yes no no]            by [set_payment_method]
        "Change the payment method.";
    ViewResources           "view-resources"            [yes yes yes no]       [ours yes yes no]      by [resources]
        "List every dyno, add-on and space of the team.";
    DeleteTeam              "delete-team"               [ours yes no no no]    [ours yes no no]       by [request_team_deletion withdraw_team_deletion delete_team]
        "Delete the team, or ask for its deletion (TEAM-8).";
    MoveTeam                "move-team"                 [ours yes no no no]    [ours yes no no]       by [move_team_in request_team_move_out withdraw_team_move_out]
        "Move the team into an Enterprise Account, or ask to move it out (ENT-4, ENT-5).";
    JoinApps                "join-apps"                 [ours yes yes no no]   [ours yes yes no]      by [join_app]
        "Join unlocked apps of the team (APP-9).";
    AddCollaborators        "add-collaborators"         []                     [ours yes yes no]      by [add_collaborator set_grant_end]
        "Add collaborators to unlocked apps (STD-3).";
    CreateLockedApps        "create-locked-apps"        [ours yes yes no no]   [ours yes no no]       by [create_app]
        "Create apps that are locked from the start (STD-3).";
    CreateAppsInSpaces      "create-apps-in-spaces"     [ours yes no no no]    []                     by [create_app]
        "Create apps in every space of the team, without a permission for the space (SPC-3).";
    InstallAnyAddOn         "install-any-add-on"        [ours yes no no no]    [ours yes no no]       by [install_add_on]
        "Install add-ons that are not allowed (RES-3).";
    ViewUsage               "view-usage"                [ours yes no no no]    [ours yes no no]       by [current_use usage]
        "See what the team uses and used (USE-1, USE-2, STD-6).";
    ViewCompliance          "view-compliance"           [ours yes yes yes no]  [ours yes yes no]      by [without_mfa]
        "See who has no second factor (SEC-4).";
    ViewAuditLog            "view-audit-log"            [ours yes no no no]    [ours yes no no]       by [audit_log ends]
        "Read the audit log of the team (X-3).";
    ViewGroups              "view-groups"               [ours yes yes yes no]  [ours yes yes no]      by [groups group group_by_name group_members group_apps app_groups]
        "See the groups of the team and who is in them (GRP-1).";
    ManageGroups            "manage-groups"             [ours yes no no no]    [ours yes no no]       by [create_group rename_group delete_group add_group_member remove_group_member]
        "Make, rename and delete groups, and put people into them and out (GRP-1).";
    ViewRoles               "view-roles"                [ours yes yes yes no]  [ours yes yes no]      by [roles custom_role role_by_name]
        "See the roles of the team's own and what they hold (ROLE-1).";
    ManageRoles             "manage-roles"              [ours yes no no no]    [ours yes no no]       by [create_role rename_role set_role_rights delete_role]
        "Make, rename, change and delete roles of the team's own (ROLE-1).";
}

#[rustfmt::skip]
app_actions! {
    General "general" {
        ViewApp               "view-app"                [View]            by [app app_by_name visible_apps coupling] "See the app.";
        RenameApp             "rename-app"              [Manage]          by [rename_app set_app_labels] "Rename it and set its labels.";
        DeleteApp             "delete-app"              [Manage] for [Owner Admin Member] by [delete_app] "Delete it (APP-6).";
        ManageCollaborators   "manage-collaborators"    [Manage]          by [add_collaborator remove_collaborator set_grant_end] "Add and remove people.";
        ManagePermissions     "manage-permissions"      [Manage]          by [grant_permissions set_permissions grant_group_permissions set_group_permissions revoke_group_permissions set_group_grant_end] "Grant, change and take away permissions.";
        LockApp               "lock-app"                [Manage]          by [lock_app unlock_app] "Lock and unlock it.";
        TransferApp           "transfer-app"            [Manage] for [Owner Admin Member] by [transfer_app transfer_apps transfer_movable_apps request_app_transfer] "Transfer it (TRF-2, TRF-3).";
    }
    Code "code" {
        PullCode              "pull-code"               [Deploy]          by [host] "Fetch the code.";
        PushCode              "push-code"               [Deploy]          by [release_app] "Push code.";
    }
    Config "config" {
        ViewConfig            "view-config"             [Deploy Operate]  by [host] "Read config vars.";
        EditConfig            "edit-config"             [Deploy Operate]  by [host] "Set config vars.";
    }
    AddOns "add-ons" {
        ListAddOns            "list-add-ons"            [Deploy Operate]  by [add_ons] "List its add-ons.";
        ViewAddOnConfig       "view-add-on-config"      [Deploy Operate]  by [host] "Read the config of an add-on.";
        OpenAddOnDashboard    "open-add-on-dashboard"   [Deploy Operate]  by [host] "Open the dashboard of an add-on.";
        AddFreeAddOn          "add-free-add-on"         [Deploy Operate]  by [install_add_on] "Install a free add-on.";
        AddPaidAddOn          "add-paid-add-on"         [Operate] for [Owner Admin Member Viewer Collaborator] by [install_add_on] "Install a paid add-on.";
        RemoveFreeAddOn       "remove-free-add-on"      [Deploy Operate]  by [remove_add_on] "Remove a free add-on.";
        RemovePaidAddOn       "remove-paid-add-on"      [Operate] for [Owner Admin Member Viewer Collaborator] by [remove_add_on] "Remove a paid add-on.";
        ChangeFreeAddOnPlan   "change-free-add-on-plan" [Deploy Operate]  by [change_add_on_plan] "Change to a free plan.";
        ChangePaidAddOnPlan   "change-paid-add-on-plan" [Operate] for [Owner Admin Member Viewer Collaborator] by [change_add_on_plan] "Change to a paid plan.";
    }
    Execution "execution" {
        ViewDynoUsage         "view-dyno-usage"         [View]            by [host] "See dyno usage.";
        ViewLogDrains         "view-log-drains"         [Operate]         by [host] "List log drains.";
        ManageLogDrains       "manage-log-drains"       [Operate]         by [host] "Add and remove log drains.";
        ViewLogs              "view-logs"               [View]            by [host] "Read the logs.";
        ViewProcessStatus     "view-process-status"     [View]            by [host] "See the state of processes.";
        ViewDynos             "view-dynos"              [View]            by [formation] "List the dynos.";
        ViewMetrics           "view-metrics"            [View]            by [host] "See metrics.";
        ManageAlerts          "manage-alerts"           [Operate]         by [host] "Set up alerts.";
        ViewReleases          "view-releases"           [View]            by [release] "List releases.";
        RestartApp            "restart-app"             [Operate]         by [host] "Restart it.";
        RollBackRelease       "roll-back-release"       [Deploy Operate]  by [host] "Roll back a release.";
        MigrateStack          "migrate-stack"           [Operate]         by [host] "Move to another stack.";
        ViewStack             "view-stack"              [View]            by [host] "See the stack.";
        ViewMaintenanceMode   "view-maintenance-mode"   [View]            by [host] "See whether maintenance mode is on.";
        SetMaintenanceMode    "set-maintenance-mode"    [Deploy Operate]  by [host] "Switch maintenance mode.";
        RunOneOffDyno         "run-one-off-dyno"        [Deploy Operate]  by [host] "Run a one-off dyno.";
        ScaleDynos            "scale-dynos"             [Deploy Operate]  by [scale_app] "Change the number of dynos.";
        ResizeDynos           "resize-dynos"            [Deploy Operate]  by [scale_app] "Change the size of dynos.";
    }
    Pipelines "pipelines" {
        CoupleApp             "couple-app"              [Deploy]          by [couple_app set_stage uncouple_app delete_pipeline] "Add it to a pipeline, move it there and take it out (PIPE-2).";
        PromoteApp            "promote-app"             [Deploy]          by [promote_app promote_app_to] "Promote its release, or another's to it (PIPE-7).";
    }
    Records "records" {
        ViewHistory           "view-history"            [Manage]          by [audit_log ownership_history] "Read its audit log and who owned it (X-3).";
    }
}

impl AppAction {
    /// Whether the published table has the row; otherwise it is ours.
    #[must_use]
    pub const fn is_published(self) -> bool {
        match self.section() {
            Section::General | Section::Code | Section::Config | Section::AddOns | Section::Execution => true,
            Section::Pipelines | Section::Records => false,
        }
    }
}

impl Capability {
    /// Whether it only looks: such capabilities the platform operator has on every team (our decision).
    #[must_use]
    pub fn is_view(self) -> bool {
        self.code().starts_with("view-")
    }
}

reads!(Capability as Capability, "the capabilities of the published tables");
reads!(AppAction as AppAction, "the actions of the published table");
