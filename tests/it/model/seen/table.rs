//! The published tables, as the matrix tests have them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use enterprise_teams::{AppAction, Capability, PermissionSet, Role, TeamKind, policy::CapabilitySet};

use crate::matrix::{ACTIONS, CUSTOM, ENTERPRISE, STANDARD, rows};

static ANY_OF: LazyLock<BTreeMap<&str, PermissionSet>> =
    LazyLock::new(|| rows(ACTIONS).iter().map(|row| (row[1], row[2].parse().expect("permissions"))).collect());

static HOLDERS: LazyLock<BTreeMap<&str, &str>> =
    LazyLock::new(|| rows(ACTIONS).iter().map(|row| (row[1], row[3])).collect());

static ROLES: LazyLock<[BTreeMap<&str, Vec<bool>>; 2]> = LazyLock::new(|| {
    [ENTERPRISE, STANDARD].map(|table| {
        let row = |row: &Vec<&'static str>| (row[0], row[1..row.len() - 1].iter().map(|cell| *cell == "yes").collect());
        rows(table).iter().map(row).collect()
    })
});

static OWN: LazyLock<BTreeMap<&str, (bool, CapabilitySet)>> = LazyLock::new(|| {
    let brought = |cell: &str| if cell == "-" { CapabilitySet::default() } else { cell.parse().expect("capabilities") };
    rows(CUSTOM).iter().map(|row| (row[0], (row[1] == "yes", brought(row[2])))).collect()
});

/// Whether a role of a team's own may have the capability (ROLE-1).
pub(crate) fn in_custom_roles(capability: Capability) -> bool {
    OWN[capability.code()].0
}

/// What comes with a capability in a role of a team's own (ROLE-1).
pub(crate) fn brings(capability: Capability) -> CapabilitySet {
    OWN[capability.code()].1
}

/// Whether the permissions held allow the action: any one of those that its row names.
pub(crate) fn allows(held: PermissionSet, action: AppAction) -> bool {
    held.intersects(ANY_OF[action.code()])
}

/// Whether the action is for whoever holds the permission as this: owner, a role, or collaborator.
pub(crate) fn for_holder(holder: &str, action: AppAction) -> bool {
    let holders = HOLDERS[action.code()];
    holders == "any" || holders.split(',').any(|one| one == holder)
}

/// Whether the role has the capability on a team of this kind; `None` when the table of that kind has no such row.
pub(crate) fn has(kind: TeamKind, role: Role, capability: Capability) -> Option<bool> {
    let table = match kind {
        TeamKind::Enterprise => &ROLES[0],
        TeamKind::Standard => &ROLES[1],
    };
    let column = match (role, kind) {
        (Role::Admin, _) => Some(0),
        (Role::Member, _) => Some(1),
        (Role::Viewer, TeamKind::Enterprise) => Some(2),
        (Role::Viewer, TeamKind::Standard) => None,
        // In no published row: what it has, its team says (ROLE-1).
        (Role::Custom, _) => None,
        (Role::Collaborator, TeamKind::Enterprise) => Some(3),
        (Role::Collaborator, TeamKind::Standard) => Some(2),
    };
    let row = table.get(capability.code())?;
    Some(column.is_some_and(|column| row[column]))
}
