//! PERM-5, TRF-11 and SUS-1, after anything that happens: nobody adds to what they were given themselves; when an app or its team
//! moves, nobody gains by a grant; and nobody who is suspended acts, or receives anything.

use std::collections::BTreeMap;

use enterprise_teams::{
    Access, AccessSource, Actor, AppId, Event, GroupId, Owner, PageRequest, PermissionSet, Role, TeamKind, TeamRole,
    TeamStore, UserId,
    entity::{Held, Lock},
    event::{EndChange, Move},
    query::{AppFilter, AppSort},
};

use crate::support::noon;

/// What holds of an event and of the stores before and after it.
pub(crate) fn check(before: &TeamStore, actor: Actor, event: &Event, after: &TeamStore) {
    nobody_adds_to_their_own(before, actor, event);
    let is_suspended =
        |user: UserId| before.user(Actor::operator(noon()), user).is_ok_and(|user| user.suspended_at().is_some());
    assert!(!actor.who.user().is_some_and(is_suspended), "{:?} is suspended: {event:?}", actor.who);
    let gaining = gaining(event).into_iter().find(|user| is_suspended(*user));
    assert_eq!(gaining, None, "is suspended: {event:?}");
    for (app, to) in moved(before, event) {
        let held = access(before, app);
        for (user, now) in access(after, app) {
            let mover_or_owner = actor.who.user() == Some(user) || to == Owner::User(user);
            let then = held.get(&user).map_or(PermissionSet::EMPTY, |access| access.permissions);
            let open = then.union(by_role(after, app, to, user, now.through));
            assert!(mover_or_owner || open.contains_all(now.permissions), "{user} gains {now:?} by {event:?}");
        }
    }
}

fn nobody_adds_to_their_own(before: &TeamStore, actor: Actor, event: &Event) {
    let own = |user: &UserId| actor.who.user() == Some(*user);
    let of_own_group = |group: &GroupId| {
        let (operator, page) = (Actor::operator(noon()), PageRequest::first(1000).expect("a size"));
        let people = before.group_members(operator, *group, &page).expect("the operator looks").items;
        people.iter().any(|member| own(&member.user.id()))
    };
    let grows = match event {
        Event::GroupPermissionsGranted { group, .. } => of_own_group(group),
        Event::GroupPermissionsChanged { group, from, to, .. } => of_own_group(group) && !from.contains_all(*to),
        Event::PermissionsGranted { user, .. }
        | Event::CollaboratorAdded { user, .. }
        | Event::AccountMemberAdded { user, .. } => own(user),
        Event::PermissionsChanged { user, from, to, .. } => own(user) && !from.contains_all(*to),
        Event::AccountPermissionsChanged { user, from, to, .. } => own(user) && !from.contains_all(*to),
        // END-2
        Event::EndChanged { changed } => {
            let own = changed.held.user().is_some_and(|user| own(&user));
            is_put_off(changed)
                && (own || matches!(changed.held, Held::GroupGrant { group, .. } if of_own_group(&group)))
        }
        Event::AppTransferred { moved } | Event::AppTransferAccepted { moved } => own_grant_grows(moved, own),
        Event::AppsTransferred { moved } => moved.iter().any(|moved| own_grant_grows(moved, own)),
        Event::PipelineTransferred { moved } => moved.apps.iter().any(|moved| own_grant_grows(moved, own)),
        Event::SpaceTransferred { moved } => moved.apps.iter().any(|moved| own_grant_grows(moved, own)),
        Event::TeamMovedIn { moved } | Event::TeamMovedOut { moved } => {
            moved.grants.iter().any(|(_, grant)| own(&grant.user) && !within(grant.from, grant.to))
        }
        _ => false,
    };
    assert!(!grows, "{:?} adds to their own: {event:?}", actor.who);
}

/// Who is given something by name.
fn gaining(event: &Event) -> Vec<UserId> {
    let owner = |owner: Owner| match owner {
        Owner::User(user) => vec![user],
        Owner::Team(_) => Vec::new(),
    };
    match event {
        Event::TeamProvisioned { admin: user, .. }
        | Event::AccountOpened { manager: user, .. }
        | Event::InvitationAccepted { user, .. }
        | Event::AppJoined { user, .. }
        | Event::PermissionsGranted { user, .. }
        | Event::CollaboratorAdded { user, .. }
        | Event::GroupMemberAdded { user, .. }
        | Event::AppCreationAllowed { user, .. }
        | Event::AccountMemberAdded { user, .. } => vec![*user],
        Event::MemberAdded { added } => vec![added.user],
        Event::SsoMemberAdded { added } => vec![added.user],
        Event::MemberRoleChanged { changed } if !is_weaker(changed.to, changed.from) => vec![changed.user],
        Event::PermissionsChanged { user, from, to, .. } if !from.contains_all(*to) => vec![*user],
        Event::AccountPermissionsChanged { user, from, to, .. } if !from.contains_all(*to) => vec![*user],
        Event::EndChanged { changed } if is_put_off(changed) => changed.held.user().into_iter().collect(),
        Event::AppTransferred { moved } | Event::AppTransferAccepted { moved } => owner(moved.to),
        Event::AppsTransferred { moved } => moved.iter().flat_map(|moved| owner(moved.to)).collect(),
        Event::PipelineTransferred { moved } => owner(moved.to),
        Event::AppTransferRequested { transfer } => vec![transfer.recipient()],
        _ => Vec::new(),
    }
}

/// Whether it is held longer than before.
fn is_put_off(changed: &EndChange) -> bool {
    changed.from.is_some_and(|from| changed.to.is_none_or(|to| to > from))
}

/// Whether the role gives nothing that the other did not.
fn is_weaker(to: TeamRole, from: TeamRole) -> bool {
    from == TeamRole::Admin || (from, to) == (TeamRole::Member, TeamRole::Viewer)
}

/// PERM-6: whoever brings their own app into a team holds all four on it.
fn own_grant_grows(moved: &Move, own: impl Fn(&UserId) -> bool) -> bool {
    moved
        .grants
        .iter()
        .any(|grant| own(&grant.user) && moved.from != Owner::User(grant.user) && !within(grant.from, grant.to))
}

fn within(from: Option<PermissionSet>, to: Option<PermissionSet>) -> bool {
    from.unwrap_or_default().contains_all(to.unwrap_or_default())
}

/// The apps that have another owner, or an owner of another kind, and the owner.
fn moved(before: &TeamStore, event: &Event) -> Vec<(AppId, Owner)> {
    let moves = |moved: &[Move]| moved.iter().map(|one| (one.app, one.to)).collect();
    match event {
        Event::AppTransferred { moved } | Event::AppTransferAccepted { moved } => vec![(moved.app, moved.to)],
        Event::AppsTransferred { moved } => moves(moved),
        Event::PipelineTransferred { moved } => moves(&moved.apps),
        Event::SpaceTransferred { moved } => moves(&moved.apps),
        Event::TeamMovedIn { moved } | Event::TeamMovedOut { moved } => {
            let (operator, all, page) = (Actor::operator(noon()), AppFilter::default(), PageRequest::default());
            let apps = before.apps(operator, moved.team, &all, AppSort::Name, &page).expect("the operator looks");
            apps.items.iter().map(|app| (app.id(), moved.team.into())).collect()
        }
        _ => Vec::new(),
    }
}

/// Who holds what on the app.
fn access(store: &TeamStore, app: AppId) -> BTreeMap<UserId, Access> {
    let everybody =
        store.app_access(Actor::operator(noon()), app, &PageRequest::default()).expect("the operator looks");
    assert!(everybody.next.is_none(), "a page of them");
    everybody.items.iter().map(|access| (access.user.id(), access.held)).collect()
}

/// What the role gives there, if there is one: that is no grant (PERM-1, PERM-2, STD-2).
fn by_role(store: &TeamStore, app: AppId, owner: Owner, user: UserId, through: AccessSource) -> PermissionSet {
    let operator = Actor::operator(noon());
    let (Owner::Team(team), AccessSource::Role(_) | AccessSource::RoleAndGrant(_)) = (owner, through) else {
        return PermissionSet::EMPTY;
    };
    let kind = store.team(operator, team).expect("the operator looks").kind();
    let unlocked = store.app(operator, app).expect("the operator looks").lock() == Lock::Unlocked;
    match (kind, through) {
        (_, AccessSource::Role(Role::Admin)) => PermissionSet::ALL,
        // ROLE-1
        (_, AccessSource::Role(Role::Custom) | AccessSource::RoleAndGrant(Role::Custom)) => {
            let entry = store.access_entry(operator, team, user).expect("the operator looks");
            entry.custom.map_or(PermissionSet::EMPTY, |role| role.rights().permissions)
        }
        (TeamKind::Standard, _) if unlocked => PermissionSet::WORK,
        _ => PermissionSet::VIEW,
    }
}
