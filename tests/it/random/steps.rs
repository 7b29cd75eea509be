//! The steps of a random run: five small numbers each, taken modulo what there is.

use enterprise_teams::uuid::Uuid;
use enterprise_teams::{
    AccessSource, Actor, App, AppAction, AppId, DynoSize, Email, InvitationId, Mfa, NewApp, NewTeam, NewUser,
    OAuthAccess, Operation as O, Owner, PageRequest, PeopleFilter, PermissionSet, SignIn, TeamId, TeamKind, TeamRole,
    TeamStore, UserId,
};

use super::known::{Known, an_email, limits, permissions};
use super::{places, resources};
use crate::support::{app_name, read, team_name};

/// A step: the operation, the actor, and what it is about.
pub(crate) type Raw = [u8; 5];

/// How often each operation comes, by its place in [`step`]; what ends much comes seldom.
const WEIGHTS: [u8; 77] = [
    2, 1, 1, 1, 1, 2, 1, 2, 1, 1, 1, 1, 1, 3, 2, 2, 1, 3, 2, 1, 1, 8, 1, 1, 2, 1, 4, 2, 3, 3, 2, 1, 3, 1, 1, 4, 2, 2,
    2, 3, 1, 1, 5, 2, 1, 3, 4, 4, 4, 3, 1, 1, 3, 1, 4, 1, 2, 2, 1, 1, 3, 1, 1, 3, 2, 1, 2, 1, 3, 5, 3, 2, 2, 2, 1, 2,
    1,
];

/// The place whose turn it is. Where there is nothing yet to work on, mostly what makes it instead.
fn kind(known: &Known, which: u8, c: u8) -> usize {
    let turns = (0..).zip(WEIGHTS).flat_map(|(kind, weight)| core::iter::repeat_n(kind, weight.into()));
    match turns.cycle().nth(which.into()).unwrap_or_default() {
        kind if c.is_multiple_of(8) => kind,
        18..=20 if known.invitations.live.is_empty() => 17,
        22..=38 if known.apps.live.is_empty() => 21,
        36..=38 if known.transfers.live.is_empty() => 35,
        40..=45 if known.pipelines.live.is_empty() => 39,
        50..=54 if known.spaces.live.is_empty() => 49,
        kind => kind,
    }
}

pub(super) const TEAMS: [&str; 5] = ["ant", "bee", "cat", "dog", "elk"];

/// The operation of a step. Two times in three people come from those who are in the team or on the app.
pub(super) fn step(store: &TeamStore, known: &Known, raw @ [operation, by, a, b, c]: Raw) -> O {
    let operator = Actor::operator(known.now());
    let role = TeamRole::ALL[usize::from(c) % 3];
    let (user, team, app) = (known.users.pick(a), known.teams.pick(a), known.apps.pick(a));
    let anybody = known.users.pick(b);
    let one_of = |people: Vec<UserId>| match people.len() {
        0 => anybody,
        _ if c % 3 == 0 => anybody,
        many => people[usize::from(b) % many],
    };
    let page = PageRequest::default();
    let inside = || {
        let people = store.access_list(operator, team, &PeopleFilter::default(), &page);
        one_of(people.map_or(Vec::new(), |page| page.items.iter().map(|entry| entry.user.id()).collect()))
    };
    let on_it = |app| {
        let people = store.app_access(operator, app, &page).map_or(Vec::new(), |page| page.items);
        one_of(
            people.iter().filter(|one| one.held.permissions != PermissionSet::ALL).map(|one| one.user.id()).collect(),
        )
    };
    let owner = |app| store.app(operator, app).ok().map(App::owner);
    let enterprise = |app: &AppId| {
        let team = owner(*app).and_then(Owner::team).and_then(|team| store.team(operator, team).ok());
        team.is_some_and(|team| team.kind() == TeamKind::Enterprise)
    };
    let one_with = |fits: &dyn Fn(&AppId) -> bool| known.apps.pick_fit(a, b, fits);
    let personal = || one_with(&|app| owner(*app).is_some_and(|owner| owner.team().is_none()));
    let asked = |team: &TeamId| store.team(operator, *team).is_ok_and(|team| team.deletion_requested_at().is_some());
    let outsider = || known.users.pick_fit(b, c, |user| store.role(operator, team, *user) == Ok(None));
    let shared = |app: &AppId| {
        let people = store.app_access(operator, *app, &page).map_or(Vec::new(), |page| page.items);
        people.iter().any(|one| matches!(one.held.through, AccessSource::Grant | AccessSource::RoleAndGrant(_)))
    };
    let for_somebody = |one: &(InvitationId, TeamId, Email)| store.user_id(&one.2).is_ok();
    match kind(known, operation, c) {
        0 if b % 2 == 0 => O::RegisterUser { user: NewUser::new(an_email(a)) },
        0 => {
            let id = UserId::from_uuid(Uuid::from_u128(u128::from(b % 8)));
            O::RegisterUser { user: NewUser::new(an_email(a)).with_id(id) }
        }
        1 => O::SetEmail { user, email: an_email(b) },
        2 => O::SetMfa { user, mfa: [Mfa::Enrolled, Mfa::NotEnrolled][usize::from(b % 4 == 0)] },
        3 => O::SetSignIn { user, sign_in: [SignIn::Sso, SignIn::Password][usize::from(b % 4 == 0)] },
        4 => O::DeleteUser { user },
        5 => {
            let name = team_name(TEAMS[usize::from(a % 5)]);
            let team = [NewTeam::enterprise(name, anybody), NewTeam::standard(name, anybody)][usize::from(c % 2)];
            O::ProvisionTeam { team: team.limits(limits(c / 2)) }
        }
        6 => O::RenameTeam { team, name: team_name(TEAMS[usize::from(b % 5)]) },
        7 => O::SetTeamLimits { team, limits: limits(b) },
        9 if b % 4 == 0 || known.teams.live.iter().any(asked) => {
            O::WithdrawTeamDeletion { team: known.teams.pick_fit(a, b, asked) }
        }
        8 | 9 => O::RequestTeamDeletion { team },
        10 => O::DeleteTeam { team },
        11 => O::SetDefaultRole { team, role },
        12 => O::SetOAuthAccess { team, access: [OAuthAccess::Allowed, OAuthAccess::Denied][usize::from(b % 3 == 0)] },
        13 => O::AddMember { team, user: outsider(), role },
        14 => O::AddDefaultMember { team, user: outsider() },
        15 => O::SetMemberRole { team, user: inside(), role },
        16 => O::RemoveMember { team, user: inside() },
        17 => {
            let known = store.user(operator, anybody).map(|user| user.email().clone());
            O::InviteMember { team, email: known.ok().filter(|_| b % 3 == 0).unwrap_or(an_email(b)), role }
        }
        18 => O::AcceptInvitation { invitation: known.invitations.pick_fit(a, b, for_somebody).0 },
        19 => O::DeclineInvitation { invitation: known.invitations.pick_fit(a, b, for_somebody).0 },
        20 => O::RevokeInvitation { invitation: known.invitations.pick(a).0 },
        21 => {
            let new = match b % 8 {
                0..3 => NewApp::personal(),
                3 | 4 => NewApp::in_space(known.spaces.pick(a)),
                _ => NewApp::in_team(team),
            };
            let new = if c % 2 == 0 { new } else { new.named(app_name(&format!("app-{}", c % 16))) };
            let new = if c % 5 == 0 { new.stack(read("cedar")) } else { new };
            O::CreateApp { app: if c > 200 { new.locked() } else { new } }
        }
        22 => O::RenameApp { app, name: app_name(&format!("app-{}", b % 16)) },
        23 => {
            let name = store.app(operator, app).map(|app| app.name().to_string());
            O::DeleteApp { app, confirmation: if b % 4 == 0 { "app-0".into() } else { name.unwrap_or_default() } }
        }
        24 => O::LockApp { app },
        25 => O::UnlockApp { app },
        26 => {
            let process = ["web", "worker", "clock"][usize::from(b % 3)].parse().unwrap();
            let inside = store.app(operator, app).is_ok_and(|app| app.space().is_some());
            let (first, sizes) = match c {
                201.. => (0, 12),
                _ if inside => (6, 6),
                _ => (0, 6),
            };
            let size = DynoSize::ALL[first + usize::from(b / 3) % sizes];
            O::ScaleApp { app, process, size, quantity: (c % 3).into() }
        }
        27 => O::JoinApp { app: one_with(&|app| owner(*app).is_some_and(|owner| owner.team().is_some())) },
        28 | 29 if enterprise(&app) ^ (by % 8 == 0) => {
            O::GrantPermissions { app, user: anybody, permissions: permissions(c) }
        }
        28 | 29 => O::AddCollaborator { app, user: anybody },
        30 => {
            let app = one_with(&|app| enterprise(app) && shared(app));
            O::SetPermissions { app, user: on_it(app), permissions: permissions(c) }
        }
        31 => O::RemoveCollaborator { app, user: on_it(app) },
        32 => O::TransferApp { app, to: known.owner(b) },
        kind @ (33 | 34) => {
            let alike = |one: &&AppId| c % 8 > 0 && owner(**one) == owner(app);
            let mut apps: Vec<AppId> = known.apps.live.iter().filter(alike).copied().take(usize::from(b) % 5).collect();
            match c {
                250.. => apps.resize(1001, app),
                240.. => apps.extend_from_within(..),
                _ if b % 4 == 0 => apps.push(app),
                _ => apps.truncate(2),
            }
            let to = known.owner(a);
            if kind == 33 { O::TransferApps { apps, to } } else { O::TransferMovableApps { apps, to } }
        }
        35 => {
            let app = personal();
            let (owner, recipient) = (owner(app), on_it(app));
            let known = store.can(Actor::user(recipient, known.now()), AppAction::ViewApp, app);
            match owner {
                _ if b % 4 == 1 => O::RequestAppTransfer { app, recipient },
                Some(Owner::User(owner)) if known && owner != recipient => O::RequestAppTransfer { app, recipient },
                Some(Owner::User(_)) => O::AddCollaborator { app, user: recipient },
                _ => O::CreateApp { app: NewApp::personal() },
            }
        }
        36 => O::AcceptAppTransfer { transfer: known.transfers.pick(a).0 },
        37 => O::DeclineAppTransfer { transfer: known.transfers.pick(a).0 },
        38 => O::CancelAppTransfer { transfer: known.transfers.pick(a).0 },
        kind @ 39..=63 => places::step(store, known, kind, raw),
        76 => {
            let mut options = store.settings().options.clone();
            match b % 4 {
                0 => options.invitation_days = [30, 1, 0][usize::from(c % 3)],
                1 => options.personal_apps_max = (c % 4).into(),
                2 => options.space_apps_max = u32::from(c % 4 + 1).try_into().unwrap(),
                _ => options.default_stack = read(["heroku-24", "cedar"][usize::from(c % 2)]),
            }
            O::ChangeSettings { options }
        }
        kind => resources::step(store, known, kind, raw),
    }
}
