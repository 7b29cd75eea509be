//! Roles of a team's own (ROLE-1): rows of the authority table that the team adds.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Capability;
use crate::ids::{RoleId, TeamId};
use crate::names::RoleName;
use crate::permission::PermissionSet;
use crate::role::Role;
use crate::set::set_of;

set_of! {
    Capability as "capabilities" in u64:
    /// A set of capabilities, eight bytes.
    ///
    /// ```
    /// use enterprise_teams::{Capability, policy::CapabilitySet};
    ///
    /// let set: CapabilitySet = "view-invoices, view-usage".parse()?;
    /// assert!(set.contains(Capability::ViewUsage));
    /// assert_eq!(set, Capability::ViewInvoices | Capability::ViewUsage);
    /// # Ok::<(), enterprise_teams::ParseError>(())
    /// ```
    CapabilitySet
}

impl Capability {
    /// Whether a role of a team's own may have it: it is one that Enterprise Teams have, and makes and unmakes no power
    /// (ROLE-1).
    #[must_use]
    pub const fn is_for_custom_roles(self) -> bool {
        match self {
            Self::ManageUsers
            | Self::ManageInvitations
            | Self::ManageIdentityProviders
            | Self::ManageTeam
            | Self::ManagePreferences
            | Self::ManagePayments
            | Self::DeleteTeam
            | Self::MoveTeam
            | Self::ManageGroups
            | Self::ManageRoles
            | Self::ManageSpaces
            | Self::AddCollaborators => false,
            Self::ViewTeam
            | Self::ViewApps
            | Self::CreateApps
            | Self::ManagePipelines
            | Self::ViewSpaces
            | Self::ViewUsers
            | Self::ViewCollaborators
            | Self::ViewInvitations
            | Self::ViewIdentityProviders
            | Self::ViewPreferences
            | Self::ViewFeatures
            | Self::ManageFeatures
            | Self::ViewAddOnAllowlist
            | Self::ManageAddOnAllowlist
            | Self::ManageWebhooks
            | Self::ViewInvoices
            | Self::ViewLicenses
            | Self::ViewPayments
            | Self::ViewResources
            | Self::JoinApps
            | Self::CreateLockedApps
            | Self::CreateAppsInSpaces
            | Self::InstallAnyAddOn
            | Self::ViewUsage
            | Self::ViewCompliance
            | Self::ViewAuditLog
            | Self::ViewGroups
            | Self::ViewRoles => true,
        }
    }

    /// What comes with it in a role of a team's own: what its answers show, and what shows the thing that it changes (ROLE-1).
    const fn brings(self) -> CapabilitySet {
        match self {
            Self::ManagePipelines | Self::JoinApps | Self::ViewResources => CapabilitySet::of(&[Self::ViewApps]),
            Self::CreateLockedApps => CapabilitySet::of(&[Self::CreateApps]),
            Self::CreateAppsInSpaces => CapabilitySet::of(&[Self::CreateApps, Self::ViewSpaces]),
            Self::ManageFeatures => CapabilitySet::of(&[Self::ViewFeatures]),
            Self::ManageAddOnAllowlist => CapabilitySet::of(&[Self::ViewAddOnAllowlist]),
            // Who is in the team, on which apps and as what.
            Self::ViewUsers => CapabilitySet::of(&[Self::ViewCollaborators, Self::ViewApps, Self::ViewRoles]),
            Self::ViewCollaborators | Self::ViewSpaces | Self::ViewGroups | Self::ViewCompliance => {
                CapabilitySet::of(&[Self::ViewUsers])
            }
            Self::ViewInvitations => CapabilitySet::of(&[Self::ViewRoles]),
            // It tells of everything.
            Self::ViewAuditLog => CapabilitySet::of(&[
                Self::ViewSpaces,
                Self::ViewGroups,
                Self::ViewCompliance,
                Self::ViewInvitations,
                Self::ViewIdentityProviders,
                Self::ViewFeatures,
                Self::ViewAddOnAllowlist,
                Self::ViewInvoices,
                Self::ViewLicenses,
                Self::ViewPayments,
                Self::ViewResources,
                Self::ViewUsage,
            ]),
            // A team is shown with what it is set to.
            Self::ViewTeam => CapabilitySet::of(&[Self::ViewPreferences]),
            Self::ViewApps
            | Self::CreateApps
            | Self::ManageSpaces
            | Self::ManageUsers
            | Self::ManageInvitations
            | Self::ViewIdentityProviders
            | Self::ManageIdentityProviders
            | Self::ManageTeam
            | Self::ViewPreferences
            | Self::ManagePreferences
            | Self::ViewFeatures
            | Self::ViewAddOnAllowlist
            | Self::ManageWebhooks
            | Self::ViewInvoices
            | Self::ViewLicenses
            | Self::ViewPayments
            | Self::ManagePayments
            | Self::DeleteTeam
            | Self::MoveTeam
            | Self::AddCollaborators
            | Self::InstallAnyAddOn
            | Self::ViewUsage
            | Self::ManageGroups
            | Self::ViewRoles
            | Self::ManageRoles => CapabilitySet::of(&[]),
        }
    }
}

/// What a role of a team's own holds (ROLE-1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleRights {
    /// On the team.
    pub capabilities: CapabilitySet,
    /// On every app of the team, locked ones included.
    pub permissions: PermissionSet,
}

impl RoleRights {
    /// With what comes along (ROLE-1): whoever is in the team sees it and what it is set to; what shows something comes with all that its
    /// answers tell, who the people are with their apps and roles, and the audit log with every view; what changes something comes
    /// with what shows it; `view-apps` and `view` on every app come together, with any other permission too.
    ///
    /// ```
    /// use enterprise_teams::{Capability, Permission, PermissionSet, policy::RoleRights};
    ///
    /// let rights = RoleRights {
    ///     capabilities: Capability::ViewInvoices.into(),
    ///     permissions: PermissionSet::EMPTY,
    /// };
    /// let completed = rights.completed();
    /// assert!(completed.capabilities.contains(Capability::ViewTeam));
    /// assert!(!completed.capabilities.contains(Capability::ViewApps));
    /// let deployer = RoleRights { permissions: Permission::Deploy.into(), ..rights }.completed();
    /// assert!(deployer.capabilities.contains(Capability::ViewApps));
    /// assert_eq!(deployer.permissions, Permission::View | Permission::Deploy);
    /// ```
    #[must_use]
    pub fn completed(self) -> Self {
        let mut capabilities = self.capabilities.union(Capability::ViewTeam.into());
        // What is brought along brings more.
        loop {
            let more = capabilities.iter().map(Capability::brings).fold(capabilities, CapabilitySet::union);
            if more == capabilities {
                break;
            }
            capabilities = more;
        }
        if self.permissions.is_empty() && !capabilities.contains(Capability::ViewApps) {
            return Self { capabilities, ..self };
        }
        Self {
            capabilities: capabilities.union(Capability::ViewApps.into()),
            permissions: self.permissions.union(PermissionSet::VIEW),
        }
    }

    /// Whether a role may hold exactly this: with what comes along, and nothing that makes power (ROLE-1).
    pub(crate) fn is_well_formed(self) -> bool {
        self == self.completed() && self.for_admins_alone().next().is_none()
    }

    /// The capabilities that no role of a team's own has.
    pub(crate) fn for_admins_alone(self) -> impl Iterator<Item = Capability> {
        self.capabilities.iter().filter(|capability| !capability.is_for_custom_roles())
    }
}

/// A role that an Enterprise Team defined (ROLE-1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomRole {
    pub(crate) id: RoleId,
    pub(crate) name: RoleName,
    pub(crate) team: TeamId,
    pub(crate) rights: RoleRights,
    pub(crate) created_at: DateTime<Utc>,
}

impl CustomRole {
    /// Whether a role that is there without being defined is called so.
    pub(crate) fn is_built_in(name: RoleName) -> bool {
        Role::ALL.iter().any(|role| name == role.code())
    }

    /// The id.
    #[must_use]
    pub const fn id(&self) -> RoleId {
        self.id
    }

    /// The name; no two roles of a team have the same.
    #[must_use]
    pub const fn name(&self) -> RoleName {
        self.name
    }

    /// The team that it is a role of, for good.
    #[must_use]
    pub const fn team(&self) -> TeamId {
        self.team
    }

    /// What it holds.
    #[must_use]
    pub const fn rights(&self) -> RoleRights {
        self.rights
    }

    /// When it was made.
    #[must_use]
    pub const fn created_at(&self) -> DateTime<Utc> {
        self.created_at
    }
}
