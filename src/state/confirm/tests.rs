//! Each thing that an event says, wrong alone, keeps the event out.

#[cfg(feature = "proptest")]
mod forged;

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use crate::actor::ActorKind;
use crate::entity::{App, AppTransfer, Group, Held, Invitation, Owner};
use crate::event::{AppCreation, AuditEvent, EndChange, Event, Move};
use crate::ids::UserId;
use crate::names::{GroupName, RoleName};
use crate::permission::PermissionSet;
use crate::policy::{CustomRole, RoleRights};
use crate::role::TeamRole;
use crate::tests::{Sound, text};
use crate::version::Version;

fn sound() -> Sound {
    Sound::new().expect("accepted")
}

fn other<Id: From<Uuid>>() -> Id {
    Uuid::max().into()
}

/// Whether the event may be the next, of this actor.
fn confirms_of(s: &Sound, actor: ActorKind, event: Event) -> bool {
    let (seq, at) = next(s);
    s.store.state().confirms(&AuditEvent { version: Version, seq, at, actor, context: None, event }, None)
}

fn confirms(s: &Sound, event: Event) -> bool {
    confirms_of(s, ActorKind::User(s.ada), event)
}

/// The number and the time of the next event.
fn next(s: &Sound) -> (u64, DateTime<Utc>) {
    (s.store.state().seq + 1, s.store.state().last_at)
}

#[test]
fn end_02_an_end_is_to_come_in_whole_microseconds_and_where_it_is_held() {
    let s = sound();
    let ((_, now), acme) = (next(&s), Owner::Team(s.acme));
    let (held, from) = (Held::Grant { app: s.website, user: s.jill }, Some(now + TimeDelta::days(7)));
    let ends = |owner, to| confirms(&s, Event::EndChanged { changed: Box::new(EndChange { held, owner, from, to }) });
    let after = |time| Some(now + time);
    assert!(ends(acme, None) && ends(acme, after(TimeDelta::microseconds(1))));
    assert!(!ends(acme, Some(now)) && !ends(acme, after(TimeDelta::microseconds(-1))));
    assert!(!ends(acme, after(TimeDelta::nanoseconds(1_001))));
    assert!(!ends(Owner::Team(s.inc), None) && !ends(Owner::Team(s.inc), after(TimeDelta::days(1))));
}

#[test]
fn what_is_made_has_the_number_and_the_time_of_its_event() {
    let mut s = sound();
    let ((number, now), wave) = (next(&s), s.app(s.wave).app.clone());
    let fresh = App { id: other(), name: text("fresh"), number, changed_at: now, ..wave };
    let created =
        |app| confirms(&s, Event::AppCreated { created: Box::new(AppCreation { app, creator: None, drawn: None }) });
    assert!(created(fresh.clone()));
    assert!(!created(App { number: number + 1, ..fresh.clone() }));
    assert!(!created(App { changed_at: now - TimeDelta::seconds(1), ..fresh }));
}

#[test]
fn inv_04_an_invitation_is_answered_by_whom_it_is_for() {
    let mut s = sound();
    let email = s.user(s.lone).user.email.clone();
    let one = s.state().invitations.values().next().expect("one").clone();
    let one = Invitation { email, role: Some(TeamRole::Member), ..one };
    let accepted = |by, user, role| {
        let event = Event::InvitationAccepted { user, role, invitation: Box::new(one.clone()) };
        confirms_of(&s, ActorKind::User(by), event)
    };
    assert!(accepted(s.lone, s.lone, TeamRole::Member));
    assert!(!accepted(s.ada, s.lone, TeamRole::Member), "by somebody else");
    assert!(!accepted(s.ada, s.ada, TeamRole::Member), "for somebody else");
    assert!(!accepted(s.lone, s.lone, TeamRole::Admin), "as something else");
    let declined = |by, user| {
        let event = Event::InvitationDeclined { user, invitation: Box::new(one.clone()) };
        confirms_of(&s, ActorKind::User(by), event)
    };
    assert!(declined(s.lone, s.lone));
    assert!(!declined(s.ada, s.lone) && !declined(s.ada, s.ada));
}

#[test]
fn grp_01_a_group_is_made_in_an_enterprise_team_and_named_like_no_other() {
    let mut s = sound();
    let ((_, created_at), one) = (next(&s), s.group().group.clone());
    let fresh = Group { id: other(), name: text("fresh"), created_at, ..one };
    let created = |group| confirms(&s, Event::GroupCreated { group: Box::new(group) });
    assert!(created(fresh.clone()));
    assert!(!created(Group { created_at: created_at - TimeDelta::seconds(1), ..fresh.clone() }));
    assert!(!created(Group { team: s.inc, ..fresh.clone() }), "a Standard team");
    assert!(!created(Group { team: other(), ..fresh }));

    let renamed = |group, team, to: GroupName| {
        confirms(&s, Event::GroupRenamed { group, team, from: Box::new(text("web")), to: Box::new(to) })
    };
    assert!(renamed(s.group, s.acme, text("fresh")));
    assert!(!renamed(s.group, s.acme, text("web")), "taken");
    assert!(!renamed(s.group, s.inc, text("fresh")) && !renamed(other(), s.acme, text("fresh")));
}

#[test]
fn role_01_a_role_of_its_own_is_made_in_an_enterprise_team_well_formed_and_named_like_no_other() {
    let mut s = sound();
    let ((_, created_at), one) = (next(&s), s.role().role.clone());
    let fresh = CustomRole { id: other(), name: text("fresh"), created_at, ..one.clone() };
    let created = |role| confirms(&s, Event::RoleCreated { role: Box::new(role) });
    assert!(created(fresh.clone()));
    assert!(!created(CustomRole { name: text("viewer"), ..fresh.clone() }), "built in");
    assert!(!created(CustomRole { created_at: created_at - TimeDelta::seconds(1), ..fresh.clone() }));
    let short = RoleRights { permissions: PermissionSet::WORK, ..RoleRights::default() };
    assert!(!created(CustomRole { rights: short, ..fresh.clone() }), "{short:?} holds more than it says");
    assert!(!created(CustomRole { team: s.inc, ..fresh.clone() }), "a Standard team");
    assert!(!created(CustomRole { team: other(), ..fresh }));

    let renamed = |role, team, to: RoleName| {
        confirms(&s, Event::RoleRenamed { role, team, from: Box::new(one.name), to: Box::new(to) })
    };
    assert!(renamed(s.role, s.acme, text("fresh")));
    assert!(!renamed(s.role, s.acme, text("viewer")) && !renamed(s.role, s.acme, text("own")), "taken");
    assert!(!renamed(s.role, s.inc, text("fresh")) && !renamed(other(), s.acme, text("fresh")));
    let changed = |role, team, to| {
        confirms(&s, Event::RoleRightsChanged { role, team, from: Box::new(one.rights), to: Box::new(to) })
    };
    let all = RoleRights { permissions: PermissionSet::ALL, ..one.rights }.completed();
    assert!(changed(s.role, s.acme, all));
    assert!(!changed(s.role, s.acme, one.rights) && !changed(s.role, s.acme, short));
    assert!(!changed(s.role, s.inc, all) && !changed(other(), s.acme, all));
}

#[test]
fn trf_04_a_transfer_is_accepted_by_its_recipient_from_user_to_user() {
    let mut s = sound();
    let (now, own) = (next(&s).1, s.own);
    let owned_since = s.app(own).owned_since;
    let transfer = *s.state().transfers.values().next().expect("one");
    let moved = |from, to, transfer_ended: Option<AppTransfer>| {
        Box::new(Move {
            app: own,
            from,
            owned_since,
            to,
            at: now,
            grants: Box::default(),
            group_grants_ended: Box::default(),
            dynos: Box::default(),
            transfer_ended,
            uncoupled: None,
        })
    };
    let (max, jill, acme) = (Owner::User(s.max), Owner::User(s.jill), Owner::Team(s.acme));
    let accepted = |by: UserId, from, to, transfer| {
        confirms_of(&s, ActorKind::User(by), Event::AppTransferAccepted { moved: moved(from, to, transfer) })
    };
    assert!(accepted(s.jill, max, jill, Some(transfer)));
    assert!(!accepted(s.jill, max, jill, None), "no request");
    assert!(!accepted(s.ada, max, jill, Some(transfer)), "by somebody else");
    assert!(!accepted(s.jill, acme, jill, Some(transfer)), "from a team");
    let transferred = |from, to| confirms(&s, Event::AppTransferred { moved: moved(from, to, None) });
    assert!(transferred(max, acme) && transferred(acme, max) && !transferred(max, jill));
}
