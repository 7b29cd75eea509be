//! PERM-5 and TRF-11, after anything that happens: nobody adds to what they were given themselves, and when an app or its team
//! moves, nobody gains by a grant.

use std::collections::BTreeMap;

use enterprise_teams::{
    Access, AccessSource, Actor, AppId, Event, Owner, PageRequest, PermissionSet, TeamKind, TeamStore, UserId,
    entity::Lock,
    event::Move,
    query::{AppFilter, AppSort},
};

use crate::support::noon;

/// What holds of an event and of the stores before and after it.
pub(crate) fn check(before: &TeamStore, actor: Actor, event: &Event, after: &TeamStore) {
    nobody_adds_to_their_own(actor, event);
    for (app, to) in moved(before, event) {
        let held = access(before, app);
        for (user, now) in access(after, app) {
            let mover_or_owner = actor.who.user() == Some(user) || to == Owner::User(user);
            let then = held.get(&user).map_or(PermissionSet::EMPTY, |access| access.permissions);
            let open = then.union(by_role(after, app, to, now.through));
            assert!(mover_or_owner || open.contains_all(now.permissions), "{user} gains {now:?} by {event:?}");
        }
    }
}

fn nobody_adds_to_their_own(actor: Actor, event: &Event) {
    let own = |user: &UserId| actor.who.user() == Some(*user);
    let grows = match event {
        Event::PermissionsGranted { user, .. }
        | Event::CollaboratorAdded { user, .. }
        | Event::AccountMemberAdded { user, .. } => own(user),
        Event::PermissionsChanged { user, from, to, .. } => own(user) && !from.contains_all(*to),
        Event::AccountPermissionsChanged { user, from, to, .. } => own(user) && !from.contains_all(*to),
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
fn by_role(store: &TeamStore, app: AppId, owner: Owner, through: AccessSource) -> PermissionSet {
    let operator = Actor::operator(noon());
    let (Owner::Team(team), AccessSource::Role(_) | AccessSource::RoleAndGrant(_)) = (owner, through) else {
        return PermissionSet::EMPTY;
    };
    let kind = store.team(operator, team).expect("the operator looks").kind();
    let unlocked = store.app(operator, app).expect("the operator looks").lock() == Lock::Unlocked;
    match (kind, through) {
        (_, AccessSource::Role(enterprise_teams::TeamRole::Admin)) => PermissionSet::ALL,
        (TeamKind::Standard, _) if unlocked => PermissionSet::WORK,
        _ => PermissionSet::VIEW,
    }
}
