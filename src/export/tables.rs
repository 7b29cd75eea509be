//! The authority tables as both exports read them.

use crate::entity::Lock;
use crate::permission::{Permission, PermissionSet};
use crate::policy::{self, AppAction, Capability, HolderSet};
use crate::role::{Role, TeamKind};
use crate::sort;

pub(super) const KINDS: [TeamKind; TeamKind::ALL.len()] = [TeamKind::Enterprise, TeamKind::Standard];

/// A role in a team of a kind.
pub(super) fn role_in(kind: TeamKind, role: Role) -> String {
    format!("{}-{role}", kind.code())
}

/// The platform operator on a team of a kind.
pub(super) fn operator_on(kind: TeamKind) -> String {
    format!("{}-operator", kind.code())
}

/// Who has the capability: roles by kind of team, and the operator where it looks.
pub(super) fn who_has(capability: Capability) -> Vec<String> {
    let mut who = Vec::new();
    for kind in KINDS {
        let Some(roles) = capability.roles(kind) else { continue };
        who.extend(roles.iter().map(|role| role_in(kind, role)));
        who.extend(capability.is_view().then(|| operator_on(kind)));
    }
    who
}

/// Who was given the capability by a role of the team's own (ROLE-1).
pub(super) fn given(capability: Capability) -> String {
    format!("given-{capability}")
}

/// Who was given the permission on every app by a role of the team's own (ROLE-1).
pub(super) fn on_every_app_given(permission: Permission) -> String {
    format!("given-{permission}-on-every-app")
}

/// The capabilities that a role of a team's own may have.
pub(super) fn of_custom_roles() -> impl Iterator<Item = Capability> {
    Capability::ALL.iter().copied().filter(|capability| capability.is_for_custom_roles())
}

/// What built-in roles hold on every app of their team: on unlocked ones, on locked ones.
pub(super) fn on_every_app() -> impl Iterator<Item = (TeamKind, Role, [PermissionSet; 2])> {
    let of = |kind, role| [Lock::Unlocked, Lock::Locked].map(|lock| policy::on_every_app(kind, role, lock));
    KINDS.into_iter().flat_map(move |kind| Role::IN_TEAM.iter().map(move |role| (kind, *role, of(kind, *role))))
}

/// The group of the actions that only some holders may use; none for an action that every holder may use.
pub(super) fn kept_to(holders: HolderSet) -> Option<String> {
    let names = || holders.iter().map(|holder| format!("-{}", holder.code()));
    (holders != HolderSet::ALL).then(|| format!("for{}", names().collect::<String>()))
}

/// The sets of holders to which some action is kept, each once.
pub(super) fn kept() -> Vec<HolderSet> {
    let mut kept: Vec<_> = AppAction::ALL.iter().map(|action| action.holders()).collect();
    kept.retain(|holders| *holders != HolderSet::ALL);
    sort::by(&mut kept, Ord::cmp);
    kept.dedup();
    kept
}
