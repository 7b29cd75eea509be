//! INV: invitations.

use enterprise_teams::chrono::TimeDelta;
use enterprise_teams::demo::Demo;
use enterprise_teams::uuid::Uuid;
use enterprise_teams::{
    Actor, AppAction, Capability, Error, Event, NewTeam, PageRequest, Role, Settings, TeamId, TeamRole, TeamStore,
    entity::Invitation, ids::InvitationId,
};

use crate::support::{days, email, id, noon, refused, register, sound, team_name};

const JILL: &str = "jill@creativeinc.com";

fn invite(store: &mut TeamStore, admin: Actor, team: TeamId, to: &str, role: TeamRole) -> InvitationId {
    store.invite_member(admin, team, email(to), role).unwrap()
}

fn pending(store: &TeamStore, actor: Actor, team: TeamId) -> Vec<Invitation> {
    store.pending_invitations(actor, team, &PageRequest::default()).unwrap().items.into_iter().cloned().collect()
}

fn own(store: &TeamStore, actor: Actor) -> Vec<InvitationId> {
    let page = store.my_invitations(actor, &PageRequest::default()).unwrap();
    page.items.iter().map(|invitation| invitation.id()).collect()
}

#[track_caller]
fn gone(store: &mut TeamStore, admin: Actor, invited: Actor, invitation: InvitationId) {
    let (error, message) =
        (Error::InvitationNotFound { invitation }, format!("there is no pending invitation `{invitation}`"));
    refused(store, |s| s.accept_invitation(invited, invitation), &error, &message);
    refused(store, |s| s.decline_invitation(invited, invitation), &error, &message);
    refused(store, |s| s.revoke_invitation(admin, invitation), &error, &message);
    assert!(!own(store, invited).contains(&invitation));
}

#[track_caller]
fn expired(store: &mut TeamStore, invited: Actor, invitation: InvitationId) {
    let message = format!("invitation `{invitation}` has expired");
    let error = Error::InvitationExpired { invitation };
    refused(store, |s| s.accept_invitation(invited, invitation), &error, &message);
}

#[test]
fn inv_01_only_admins_invite() {
    let Demo { mut store, operator, ada, joe, vera, jill, sam, max, acme, inc, .. } = Demo::new().unwrap();
    let of_acme = [joe, vera, jill, sam, operator].map(|actor| (actor, acme));
    for (actor, team) in of_acme.into_iter().chain([(ada, inc), (max, inc), (operator, inc)]) {
        let message = format!("only admins can invite people to team `{team}`; {} is not an admin", actor.who);
        let error = Error::OnlyAdminsInvite { actor: actor.who, team };
        for invited in ["new@acme.com", "joe@acme.com", "sam@acme-inc.com"] {
            for role in [TeamRole::Admin, TeamRole::Viewer] {
                refused(&mut store, |s| s.invite_member(actor, team, email(invited), role), &error, &message);
            }
        }
    }
    let team = TeamId::from_uuid(Uuid::from_u128(404));
    let error = Error::TeamNotFound { team };
    let attempt = |s: &mut TeamStore| s.invite_member(joe, team, email("new@acme.com"), TeamRole::Member);
    refused(&mut store, attempt, &error, &format!("team `{team}` does not exist"));
    invite(&mut store, ada, acme, "new@acme.com", TeamRole::Admin);
    invite(&mut store, sam, inc, "new@acme.com", TeamRole::Admin);
    sound(&store);
}

#[test]
fn inv_01_who_is_in_the_team_is_not_invited() {
    let Demo { mut store, ada, joe, jill, acme, .. } = Demo::new().unwrap();
    for invited in ["joe@acme.com", "JOE@Acme.com"] {
        let message = format!("the invited user `{}` is already in team `{acme}`", id(joe));
        let error = Error::InviteeInTeam { team: acme, user: id(joe) };
        for role in [TeamRole::Member, TeamRole::Admin] {
            refused(&mut store, |s| s.invite_member(ada, acme, email(invited), role), &error, &message);
        }
    }
    assert_eq!(
        store.invite_member(ada, acme, email("ada@acme.com"), TeamRole::Viewer).unwrap_err().code(),
        "invitee-in-team"
    );
    let invitation = invite(&mut store, ada, acme, JILL, TeamRole::Viewer);
    assert_eq!(own(&store, jill), [invitation]);
    store.remove_member(joe, acme, id(joe)).unwrap();
    invite(&mut store, ada, acme, "Joe@ACME.com", TeamRole::Admin);
    sound(&store);
}

#[test]
fn inv_01_inviting_again_replaces_role_and_expiry() {
    let Demo { mut store, ada, joe, jill, sam, acme, inc, .. } = Demo::new().unwrap();
    let first = invite(&mut store, ada, acme, JILL, TeamRole::Viewer);
    store.set_member_role(ada, acme, id(joe), TeamRole::Admin).unwrap();
    let second = invite(&mut store, joe.at(days(10)), acme, "JILL@CreativeInc.com", TeamRole::Admin);
    assert_eq!(first, second);
    let [only] = &pending(&store, ada, acme)[..] else { panic!("one invitation") };
    assert_eq!((only.role(), only.invited_by()), (Some(TeamRole::Admin), joe.who));
    assert_eq!((only.invited_at(), only.expires_at()), (days(10), days(40)));
    let other = invite(&mut store, sam, inc, JILL, TeamRole::Member);
    assert_ne!(first, other);
    assert_eq!(own(&store, jill).len(), 2);

    store.accept_invitation(jill.at(days(35)), first).unwrap();
    assert_eq!(store.role(ada, acme, id(jill)), Ok(Some(Role::Admin)));
    assert_eq!(own(&store, jill), [other]);
    sound(&store);
}

#[test]
fn inv_01_an_expired_invitation_is_sent_anew() {
    let Demo { mut store, ada, jill, acme, .. } = Demo::new().unwrap();
    let first = invite(&mut store, ada, acme, JILL, TeamRole::Viewer);
    let again = invite(&mut store, ada.at(days(31)), acme, JILL, TeamRole::Member);
    assert_eq!(pending(&store, ada, acme).len(), 1);
    expired(&mut store, jill.at(days(61)), again);
    store.accept_invitation(jill.at(days(61) - TimeDelta::seconds(1)), again).unwrap();
    gone(&mut store, ada, jill, first);
    sound(&store);
}

#[test]
fn inv_02_accepting_makes_a_member_with_the_invited_role_at_that_moment() {
    let Demo { mut store, ada, joe, jill, acme, website, .. } = Demo::new().unwrap();
    store.set_default_role(ada, acme, TeamRole::Viewer).unwrap();
    for (address, role) in [("a@x.com", TeamRole::Admin), ("m@x.com", TeamRole::Member), ("v@x.com", TeamRole::Viewer)]
    {
        let user = register(&mut store, address);
        let invitation = invite(&mut store, ada, acme, address, role);
        assert_eq!(store.role(ada, acme, id(user)), Ok(None));
        assert!(!store.can(user, AppAction::ViewApp, website));
        store.accept_invitation(user.at(days(3)), invitation).unwrap();
        let last = store.events().last().unwrap();
        assert_eq!((last.at, last.actor), (days(3), user.who));
        assert!(matches!(&last.event, Event::InvitationAccepted { user: who, .. } if *who == id(user)));
        assert_eq!(store.role(ada, acme, id(user)), Ok(Some(role.into())));
        assert_eq!(store.can(user, Capability::CreateApps, acme), role != TeamRole::Viewer);
        assert!(pending(&store, ada, acme).is_empty());
        gone(&mut store, ada, user, invitation);
    }
    let invitation = invite(&mut store, ada, acme, JILL, TeamRole::Admin);
    store.decline_invitation(jill, invitation).unwrap();
    assert_eq!(store.role(joe, acme, id(jill)), Ok(Some(Role::Collaborator)));
    gone(&mut store, ada, jill, invitation);
    let anew = invite(&mut store, ada, acme, JILL, TeamRole::Viewer);
    assert_ne!(invitation, anew);
    sound(&store);
}

#[test]
fn inv_02_being_added_meanwhile_ends_the_invitation() {
    let Demo { mut store, ada, jill, acme, .. } = Demo::new().unwrap();
    let invitation = invite(&mut store, ada, acme, JILL, TeamRole::Admin);
    store.add_member(ada, acme, id(jill), TeamRole::Viewer).unwrap();
    gone(&mut store, ada, jill, invitation);
    assert_eq!(store.role(ada, acme, id(jill)), Ok(Some(Role::Viewer)));
    assert!(pending(&store, ada, acme).is_empty());
    sound(&store);
}

#[test]
fn inv_03_admins_revoke() {
    let Demo { mut store, operator, ada, joe, vera, jill, sam, acme, inc, .. } = Demo::new().unwrap();
    let invitation = invite(&mut store, ada, acme, JILL, TeamRole::Viewer);
    let other = invite(&mut store, sam, inc, JILL, TeamRole::Member);
    let theirs = [joe, vera, jill, sam, operator].map(|actor| (actor, invitation));
    for (actor, invitation) in theirs.into_iter().chain([(ada, other)]) {
        let message =
            format!("only admins of the team can revoke invitation `{invitation}`; {} is not an admin", actor.who);
        let error = Error::OnlyAdminsRevokeInvitations { actor: actor.who, invitation };
        refused(&mut store, |s| s.revoke_invitation(actor, invitation), &error, &message);
    }
    store.set_member_role(ada, acme, id(joe), TeamRole::Admin).unwrap();
    store.revoke_invitation(joe, invitation).unwrap();
    gone(&mut store, ada, jill, invitation);
    assert_eq!(own(&store, jill), [other]);
    gone(&mut store, ada, jill, InvitationId::from_uuid(Uuid::from_u128(404)));
    sound(&store);
}

#[test]
fn inv_03_an_expired_invitation_is_not_accepted() {
    let Demo { mut store, ada, jill, acme, .. } = Demo::new().unwrap();
    let sent = noon() + TimeDelta::seconds(5);
    let end = sent + TimeDelta::days(30);
    let second = TimeDelta::seconds(1);
    let invitation = invite(&mut store, ada.at(sent), acme, JILL, TeamRole::Viewer);
    assert_eq!(pending(&store, ada, acme)[0].expires_at(), end);
    for late in [end, end + second, end + TimeDelta::days(999)] {
        expired(&mut store, jill.at(late), invitation);
        assert!(pending(&store, ada.at(late), acme).is_empty());
        assert!(own(&store, jill.at(late)).is_empty());
    }
    assert_eq!(own(&store, jill.at(end - second)), [invitation]);
    let mut in_time = store.clone();
    in_time.accept_invitation(jill.at(end - second), invitation).unwrap();
    sound(&in_time);
    let mut declined = store.clone();
    declined.decline_invitation(jill.at(end), invitation).unwrap();
    gone(&mut declined, ada, jill, invitation);
    store.revoke_invitation(ada.at(end), invitation).unwrap();
    gone(&mut store, ada, jill, invitation);
    sound(&store);
}

#[test]
fn inv_03_time_does_not_run_backwards_for_who_is_late() {
    let Demo { mut store, ada, jill, acme, .. } = Demo::new().unwrap();
    let invitation = invite(&mut store, ada, acme, JILL, TeamRole::Viewer);
    store.rename_team(ada.at(days(30)), acme, team_name("gadgets")).unwrap();
    expired(&mut store, jill.at(days(1)), invitation);
    let again = invite(&mut store, ada.at(days(2)), acme, JILL, TeamRole::Viewer);
    assert_eq!(pending(&store, ada, acme)[0].invited_at(), days(30));
    store.accept_invitation(jill, again).unwrap();
    sound(&store);
}

#[test]
fn inv_03_expiry_is_a_setting() {
    for (settings, end) in [
        (Settings::from_seed(3), 30),
        (Settings::from_seed(3).invitation_days(1), 1),
        (Settings::from_seed(3).invitation_days(0), 0),
    ] {
        let mut store = TeamStore::new(settings);
        let [ada, joe] = ["ada@acme.com", "joe@acme.com"].map(|address| register(&mut store, address));
        let new = NewTeam::standard(team_name("acme"), id(ada));
        let acme = store.provision_team(Actor::operator(noon()), new).unwrap();
        let invitation = invite(&mut store, ada, acme, "joe@acme.com", TeamRole::Member);
        expired(&mut store, joe.at(days(end)), invitation);
        let in_time = store.accept_invitation(joe.at(days(end) - TimeDelta::nanoseconds(1)), invitation);
        assert_eq!(in_time.is_ok(), end > 0);
        sound(&store);
    }
}

#[test]
fn inv_03_an_invitation_makes_an_admin_only_while_its_sender_is_one() {
    type End = fn(&mut TeamStore, [Actor; 2], TeamId) -> Result<(), Error>;
    let ends: [End; 4] = [
        |s, [ada, joe], team| s.set_member_role(ada, team, id(joe), TeamRole::Viewer),
        |s, [ada, joe], team| s.remove_member(ada, team, id(joe)),
        |s, [_, joe], team| s.remove_member(joe, team, id(joe)),
        |s, [_, joe], _| s.delete_user(joe, id(joe)),
    ];
    let [to_admin, to_member, by_ada, default] = ["a@x.io", "m@x.io", "b@x.io", "d@x.io"];
    for (default_role, end) in
        [TeamRole::Admin, TeamRole::Member].into_iter().flat_map(|role| ends.map(|end| (role, end)))
    {
        let Demo { mut store, ada, joe, acme, .. } = Demo::new().unwrap();
        let invited = [to_admin, to_member, by_ada, default].map(|text| register(&mut store, text));
        store.set_member_role(ada, acme, id(joe), TeamRole::Admin).unwrap();
        drop(store.set_default_role(ada, acme, default_role));
        let first = invite(&mut store, joe, acme, to_admin, TeamRole::Admin);
        let plain = invite(&mut store, joe, acme, to_member, TeamRole::Member);
        let again = invite(&mut store, joe, acme, by_ada, TeamRole::Admin);
        assert_eq!(invite(&mut store, ada, acme, by_ada, TeamRole::Admin), again, "the sender is another");
        let unnamed = store.invite_default_member(joe, acme, email(default)).unwrap();

        end(&mut store, [ada, joe], acme).unwrap();
        gone(&mut store, ada, invited[0], first);
        store.accept_invitation(invited[1], plain).unwrap();
        store.accept_invitation(invited[2], again).unwrap();
        assert_eq!(store.role(ada, acme, id(invited[2])), Ok(Some(Role::Admin)));
        if default_role == TeamRole::Admin {
            gone(&mut store, ada, invited[3], unnamed);
        } else {
            // It stayed, and acceptance asks again.
            store.set_default_role(ada, acme, TeamRole::Admin).unwrap();
            let message = format!(
                "invitation `{unnamed}` would make an admin, and whoever sent it is no longer an admin, or is suspended"
            );
            let error = Error::InviterIsNoAdmin { invitation: unnamed };
            refused(&mut store, |s| s.accept_invitation(invited[3], unnamed), &error, &message);
            store.invite_default_member(ada, acme, email(default)).unwrap();
            store.accept_invitation(invited[3], unnamed).unwrap();
            assert_eq!(store.role(ada, acme, id(invited[3])), Ok(Some(Role::Admin)));
        }
        sound(&store);
    }
}

#[test]
fn inv_06_without_a_role_it_is_to_the_default_role_at_acceptance() {
    let Demo { mut store, ada, joe, jill, acme, sam, inc, .. } = Demo::new().unwrap();
    let invitation = store.invite_default_member(ada, acme, email(JILL)).unwrap();
    assert_eq!(pending(&store, joe, acme)[0].role(), None);
    for role in [TeamRole::Member, TeamRole::Viewer, TeamRole::Admin] {
        let mut store = store.clone();
        drop(store.set_default_role(ada, acme, role));
        store.accept_invitation(jill, invitation).unwrap();
        let event = &store.events().last().unwrap().event;
        assert!(matches!(event, Event::InvitationAccepted { role: given, .. } if *given == role));
        assert!(event.to_string().ends_with(&format!(" as {role}")), "{event}");
        assert_eq!(store.role(ada, acme, id(jill)), Ok(Some(role.into())));
        sound(&store);
    }
    // Inviting again replaces the role by none, and none by a role.
    let named = invite(&mut store, ada, acme, JILL, TeamRole::Viewer);
    assert_eq!((named, pending(&store, ada, acme)[0].role()), (invitation, Some(TeamRole::Viewer)));
    store.invite_default_member(ada, acme, email(JILL)).unwrap();
    assert_eq!(pending(&store, ada, acme)[0].role(), None);
    let standard = store.invite_default_member(sam, inc, email(JILL)).unwrap();
    store.accept_invitation(jill, standard).unwrap();
    assert_eq!(store.role(sam, inc, id(jill)), Ok(Some(Role::Member)));
    sound(&store);
}

#[test]
fn inv_04_only_the_user_with_the_email_answers() {
    let Demo { mut store, operator, ada, joe, jill, sam, acme, .. } = Demo::new().unwrap();
    let invitation = invite(&mut store, ada, acme, JILL, TeamRole::Admin);
    for actor in [ada, joe, sam, operator] {
        let message = format!("invitation `{invitation}` is not for the e-mail of {}", actor.who);
        let error = Error::InvitationForSomeoneElse { actor: actor.who, invitation };
        refused(&mut store, |s| s.accept_invitation(actor, invitation), &error, &message);
        refused(&mut store, |s| s.decline_invitation(actor, invitation), &error, &message);
        refused(&mut store, |s| s.accept_invitation(actor.at(days(30)), invitation), &error, &message);
        assert!(own(&store, actor).is_empty());
    }
    store.accept_invitation(jill, invitation).unwrap();
    sound(&store);
}

#[test]
fn inv_04_an_unknown_email_can_be_invited_and_its_user_accepts() {
    let Demo { mut store, ada, acme, .. } = Demo::new().unwrap();
    let invitation = invite(&mut store, ada, acme, "New@Acme.com", TeamRole::Viewer);
    let new = register(&mut store, "nEW@acme.com");
    assert_eq!(own(&store, new), [invitation]);
    store.accept_invitation(new, invitation).unwrap();
    assert_eq!(store.role(ada, acme, id(new)), Ok(Some(Role::Viewer)));
    sound(&store);
}

#[test]
fn inv_04_the_invitation_follows_the_email_not_the_user() {
    let Demo { mut store, operator, ada, jill, sam, acme, .. } = Demo::new().unwrap();
    let invitation = invite(&mut store, ada, acme, JILL, TeamRole::Member);
    store.set_email(operator, id(jill), email("jill@new.com")).unwrap();
    let message = format!("invitation `{invitation}` is not for the e-mail of {}", jill.who);
    let error = Error::InvitationForSomeoneElse { actor: jill.who, invitation };
    refused(&mut store, |s| s.accept_invitation(jill, invitation), &error, &message);
    assert!(own(&store, jill).is_empty());

    store.set_email(operator, id(sam), email(JILL)).unwrap();
    assert_eq!(own(&store, sam), [invitation]);
    store.accept_invitation(sam, invitation).unwrap();
    assert_eq!(store.role(ada, acme, id(sam)), Ok(Some(Role::Member)));
    assert_eq!(store.role(ada, acme, id(jill)), Ok(Some(Role::Collaborator)));
    sound(&store);
}

#[test]
fn inv_04_taking_the_invited_email_inside_the_team_ends_the_invitation_there() {
    let Demo { mut store, operator, ada, joe, sam, acme, inc, .. } = Demo::new().unwrap();
    let here = invite(&mut store, ada, acme, "zoe@acme.com", TeamRole::Admin);
    let there = invite(&mut store, sam, inc, "zoe@acme.com", TeamRole::Admin);
    store.set_email(operator, id(joe), email("ZOE@acme.com")).unwrap();
    assert_eq!(own(&store, joe), [there]);
    gone(&mut store, ada, joe, here);
    assert!(pending(&store, ada, acme).is_empty());
    assert_eq!(store.role(ada, acme, id(joe)), Ok(Some(Role::Member)));
    store.accept_invitation(joe, there).unwrap();
    assert_eq!(store.role(sam, inc, id(joe)), Ok(Some(Role::Admin)));
    sound(&store);
}

#[test]
fn inv_05_pending_invitations_are_for_admins_and_members() {
    let Demo { mut store, operator, ada, joe, vera, jill, sam, max, acme, inc, wave, .. } = Demo::new().unwrap();
    store.add_collaborator(sam, wave, id(jill)).unwrap();
    for address in ["c@x.com", "a@x.com", "b@x.com"] {
        invite(&mut store, ada, acme, address, TeamRole::Viewer);
        invite(&mut store, sam, inc, address, TeamRole::Member);
    }
    for (actor, team) in [(vera, acme), (jill, acme), (sam, acme), (max, acme), (jill, inc), (ada, inc)] {
        let who = actor.who;
        let message = format!(
            "only admins, members, and holders of a role with `view-invitations`, can see the invitations to team `{team}`; {who} is none of these"
        );
        let error = Error::OnlyMembersSeeInvitations { actor: who, team };
        let list = |s: &mut TeamStore| s.pending_invitations(actor, team, &PageRequest::default()).map(drop);
        refused(&mut store, list, &error, &message);
    }
    for (actor, team) in [(ada, acme), (joe, acme), (operator, acme), (sam, inc), (max, inc)] {
        let seen: Vec<_> = pending(&store, actor, team).iter().map(|one| one.email().to_string()).collect();
        assert_eq!(seen, ["a@x.com", "b@x.com", "c@x.com"]);
    }
    let two = PageRequest::first(2).unwrap();
    let page = store.pending_invitations(joe, acme, &two).unwrap();
    let rest = store.pending_invitations(joe, acme, &two.after(page.next.unwrap())).unwrap();
    assert_eq!((rest.items.len(), rest.next), (1, None));
    assert_eq!(rest.items[0].email().as_str(), "c@x.com");
    sound(&store);
}
