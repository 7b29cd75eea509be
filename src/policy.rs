//! The published tables as data: which role may do what on a team, which permission allows what on an app.
//!
//! Two tables and no conditions. What the rules add to them (ownership, locks, both kinds of team) is in
//! [`TeamStore::can`](crate::TeamStore::can).

use crate::code::words;
use crate::names::reads;
use crate::permission::{Permission, PermissionSet};
use crate::role::{Role, RoleSet, TeamKind};

macro_rules! capabilities {
    ($($name:ident $code:literal ($($enterprise:ident)+) ($($standard:ident)+) $doc:literal;)+) => {
        words! {
            /// What a role may do on the team itself (CAP-1). Each kind of team has its own published table, and what a table
            /// does not list nobody has by it: so invitations into Enterprise Teams, which have rules of their own (INV-1, INV-5).
            #[non_exhaustive]
            pub enum Capability {$(
                #[doc = $doc]
                $name $code,
            )+}
        }

        impl Capability {
            /// The roles that have it on a team of this kind; `None` when the table of that kind does not list it,
            /// so that nobody has it.
            #[must_use]
            pub const fn roles(self, kind: TeamKind) -> Option<RoleSet> {
                match (self, kind) {$(
                    (Self::$name, TeamKind::Enterprise) => row!($($enterprise)+),
                    (Self::$name, TeamKind::Standard) => row!($($standard)+),
                )+}
            }
        }
    };
}

/// The roles of a row: admin, member, viewer, collaborator on an Enterprise Team; admin, member, collaborator on a
/// Standard one.
macro_rules! row {
    (absent) => {
        None
    };
    (yes yes yes no) => {
        Some(RoleSet::of(&[Role::Admin, Role::Member, Role::Viewer]))
    };
    (yes yes no no) => {
        Some(RoleSet::of(&[Role::Admin, Role::Member]))
    };
    (yes no no no) => {
        Some(RoleSet::of(&[Role::Admin]))
    };
    (yes yes yes) => {
        Some(RoleSet::of(&[Role::Admin, Role::Member, Role::Collaborator]))
    };
    (yes yes no) => {
        Some(RoleSet::of(&[Role::Admin, Role::Member]))
    };
    (yes no no) => {
        Some(RoleSet::of(&[Role::Admin]))
    };
}

macro_rules! app_actions {
    ($($section:ident $title:literal {$(
        $name:ident $code:literal [$($permission:ident)+] $doc:literal;
    )+})+) => {
        words! {
            /// The section of the published table that an action stands in.
            pub enum Section {$(
                #[doc = $title]
                $section $title,
            )+}
        }

        words! {
            /// What somebody may do on an app (PERM-9). Any one of the permissions named in the table allows it.
            ///
            /// The list holds more than this library carries out itself, so that a platform can ask about its own doing.
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
        }
    };
}

capabilities! {
    //                                                      admin member viewer collaborator, admin member collaborator
    ViewTeam                 "view-team"                  (absent)          (yes yes yes) "See the team.";
    ViewApps                 "view-apps"                  (yes yes yes no ) (yes yes no ) "List the team's apps and pipelines.";
    CreateApps               "create-apps"                (yes yes no no  ) (yes yes no ) "Create apps in the team and transfer apps to it.";
    ManageSpaces             "manage-spaces"              (yes no no no   ) (yes no no  ) "Create, rename and destroy spaces.";
    ManagePipelines          "manage-pipelines"           (yes yes no no  ) (yes yes no ) "Create, change and delete pipelines.";
    ViewSpaces               "view-spaces"                (yes yes yes no ) (yes yes no ) "List the spaces.";
    ViewUsers                "view-users"                 (yes yes yes no ) (yes yes no ) "List admins, members and viewers.";
    ManageUsers              "manage-users"               (yes no no no   ) (yes no no  ) "Add and remove users and change their roles.";
    ViewCollaborators        "view-collaborators"         (yes yes yes no ) (yes yes no ) "List collaborators.";
    ViewInvitations          "view-invitations"           (absent)          (yes yes no ) "List pending invitations.";
    ManageInvitations        "manage-invitations"         (absent)          (yes no no  ) "Send and revoke invitations.";
    ViewIdentityProviders    "view-identity-providers"    (yes yes no no  ) (yes yes no ) "See the identity provider.";
    ManageIdentityProviders  "manage-identity-providers"  (yes no no no   ) (yes no no  ) "Set up and remove the identity provider.";
    ManageTeam               "manage-team"                (yes no no no   ) (yes no no  ) "Rename the team.";
    ViewPreferences          "view-preferences"           (yes yes yes no ) (yes yes yes) "See the team's settings.";
    ManagePreferences        "manage-preferences"         (yes no no no   ) (yes no no  ) "Change the team's settings.";
    ViewFeatures             "view-features"              (yes yes yes no ) (yes yes yes) "See which features are on.";
    ManageFeatures           "manage-features"            (yes no no no   ) (yes no no  ) "Switch features on and off.";
    ViewAddOnAllowlist       "view-add-on-allowlist"      (yes yes yes no ) (yes yes yes) "See the allowed add-ons.";
    ManageAddOnAllowlist     "manage-add-on-allowlist"    (yes no no no   ) (yes no no  ) "Change the allowed add-ons.";
    ManageWebhooks           "manage-webhooks"            (yes no no no   ) (yes no no  ) "Set up webhooks.";
    ViewInvoices             "view-invoices"              (yes no no no   ) (yes no no  ) "See invoices.";
    ViewLicenses             "view-licenses"              (yes no no no   ) (yes no no  ) "See licences.";
    ViewPayments             "view-payments"              (absent)          (yes no no  ) "See the payment method.";
    ManagePayments           "manage-payments"            (absent)          (yes no no  ) "Change the payment method.";
    ViewResources            "view-resources"             (yes yes yes no ) (absent)      "List every dyno and add-on of the team.";
}

app_actions! {
    General "general" {
        ViewApp               "view-app"                [View]            "See the app.";
        RenameApp             "rename-app"              [Manage]          "Rename it.";
        DeleteApp             "delete-app"              [Manage]          "Delete it.";
        ManageCollaborators   "manage-collaborators"    [Manage]          "Add and remove people.";
        ManagePermissions     "manage-permissions"      [Manage]          "Grant, change and take away permissions.";
        LockApp               "lock-app"                [Manage]          "Lock and unlock it.";
        TransferApp           "transfer-app"            [Manage]          "Transfer it.";
    }
    Code "code" {
        PullCode              "pull-code"               [Deploy]          "Fetch the code.";
        PushCode              "push-code"               [Deploy]          "Push code.";
    }
    Config "config" {
        ViewConfig            "view-config"             [Deploy Operate]  "Read config vars.";
        EditConfig            "edit-config"             [Deploy Operate]  "Set config vars.";
    }
    AddOns "add-ons" {
        ListAddOns            "list-add-ons"            [Deploy Operate]  "List its add-ons.";
        ViewAddOnConfig       "view-add-on-config"      [Deploy Operate]  "Read the config of an add-on.";
        OpenAddOnDashboard    "open-add-on-dashboard"   [Deploy Operate]  "Open the dashboard of an add-on.";
        AddFreeAddOn          "add-free-add-on"         [Deploy Operate]  "Install a free add-on.";
        AddPaidAddOn          "add-paid-add-on"         [Operate]         "Install a paid add-on.";
        RemoveFreeAddOn       "remove-free-add-on"      [Deploy Operate]  "Remove a free add-on.";
        RemovePaidAddOn       "remove-paid-add-on"      [Operate]         "Remove a paid add-on.";
        ChangeFreeAddOnPlan   "change-free-add-on-plan" [Deploy Operate]  "Change to a free plan.";
        ChangePaidAddOnPlan   "change-paid-add-on-plan" [Operate]         "Change to a paid plan.";
    }
    Execution "execution" {
        ViewDynoUsage         "view-dyno-usage"         [View]            "See dyno usage.";
        ViewLogDrains         "view-log-drains"         [Operate]         "List log drains.";
        ManageLogDrains       "manage-log-drains"       [Operate]         "Add and remove log drains.";
        ViewLogs              "view-logs"               [View]            "Read the logs.";
        ViewProcessStatus     "view-process-status"     [View]            "See the state of processes.";
        ViewDynos             "view-dynos"              [View]            "List the dynos.";
        ViewMetrics           "view-metrics"            [View]            "See metrics.";
        ManageAlerts          "manage-alerts"           [Operate]         "Set up alerts.";
        ViewReleases          "view-releases"           [View]            "List releases.";
        RestartApp            "restart-app"             [Operate]         "Restart it.";
        RollBackRelease       "roll-back-release"       [Deploy Operate]  "Roll back a release.";
        MigrateStack          "migrate-stack"           [Operate]         "Move to another stack.";
        ViewStack             "view-stack"              [View]            "See the stack.";
        ViewMaintenanceMode   "view-maintenance-mode"   [View]            "See whether maintenance mode is on.";
        SetMaintenanceMode    "set-maintenance-mode"    [Deploy Operate]  "Switch maintenance mode.";
        RunOneOffDyno         "run-one-off-dyno"        [Deploy Operate]  "Run a one-off dyno.";
        ScaleDynos            "scale-dynos"             [Deploy Operate]  "Change the number of dynos.";
        ResizeDynos           "resize-dynos"            [Deploy Operate]  "Change the size of dynos.";
    }
}

impl AppAction {
    /// Whether it spends money on an add-on, which collaborators of personal apps and of Standard teams never do
    /// (PERM-10, STD-4).
    #[must_use]
    pub const fn is_paid_add_on(self) -> bool {
        matches!(self, Self::AddPaidAddOn | Self::RemovePaidAddOn | Self::ChangePaidAddOnPlan)
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
