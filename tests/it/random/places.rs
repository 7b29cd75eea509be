//! The steps that are about pipelines, spaces and Enterprise Accounts.

use enterprise_teams::{
    AccountPermission, AccountPermissionSet, Actor, App, AppId, NewApp, NewSpace, Operation as O, Owner, PageRequest,
    PeopleFilter, Pipeline, PipelineId, Role, Space, Stage, Team, TeamId, TeamKind, TeamStore, UserId,
};

use super::known::Known;
use super::steps::{Raw, TEAMS};
use crate::support::{read, team_name};

const PIPELINES: [&str; 3] = ["app-1", "flow", "main-flow"];
const SPACES: [&str; 3] = ["sea", "sky", "sun"];
const ACCOUNTS: [&str; 2] = ["one", "two"];

fn account_permissions(which: u8) -> AccountPermissionSet {
    AccountPermission::ALL.iter().copied().filter(|one| which >> *one as u8 & 1 == 1).collect()
}

/// The operation of this kind. Mostly what it is about fits together, as far as there is such a thing.
pub(super) fn step(store: &TeamStore, known: &Known, kind: usize, [_, _, a, b, c]: Raw) -> O {
    let (operator, page) = (Actor::operator(known.now()), PageRequest::default());
    let (pipeline, space, account) = (known.pipelines.pick(a), known.spaces.pick(a), known.accounts.pick(a));
    let stage = Stage::ALL[[2, 3, 4, 3, 4, 0, 1][usize::from(c) % 7]];
    let name = |names: &[&'static str]| names[usize::from(b) % names.len()];
    let owner = |app: &AppId| store.app(operator, *app).map(App::owner).ok();
    let coupled = |app: &AppId| store.coupling(operator, *app).is_ok_and(|place| place.is_some());
    let coupled_app = || known.apps.pick_fit(a, b, coupled);
    let others = |app: &AppId| {
        let place = store.coupling(operator, *app).ok().flatten();
        let all = place.and_then(|place| store.pipeline_apps(operator, place.pipeline, &page).ok());
        let others = all.map_or(Vec::new(), |page| page.items).into_iter().filter(|(other, _)| other.id() != *app);
        others.map(|(other, place)| (other.id(), place.stage)).collect::<Vec<_>>()
    };
    let released = |app: &AppId| store.release(operator, *app).is_ok_and(|release| release.is_some());
    let stage_of = |app: &AppId| store.coupling(operator, *app).ok().flatten().map(|place| place.stage);
    let source = |app: &AppId| {
        let next = stage_of(app).and_then(Stage::next);
        next.is_some() && released(app) && others(app).iter().any(|(_, stage)| Some(*stage) == next)
    };
    let chooses = |app: &AppId| {
        released(app) && !others(app).is_empty() && stage_of(app).is_some_and(|stage| stage != Stage::Production)
    };
    let team_of = |space| store.space(operator, space).map(Space::team).ok();
    let team = |team: &TeamId| store.team(operator, *team).ok();
    let team_fit = |fits: &dyn Fn(&Team) -> bool| known.teams.pick_fit(a, b, |one| team(one).is_some_and(fits));
    let person = |people: Vec<UserId>| match people.len() {
        0 => known.users.pick(b),
        _ if c % 4 == 0 => known.users.pick(b),
        many => people[usize::from(b) % many],
    };
    let inside = || {
        let members = store.account_members(operator, account, &page);
        person(members.map_or(Vec::new(), |page| page.items.iter().map(|member| member.user.id()).collect()))
    };
    let asked = |team: &Team| team.move_out_requested_at().is_some();
    let any_team = |fits: &dyn Fn(&Team) -> bool| known.teams.live.iter().filter_map(team).any(fits);
    let any_app = |fits: &dyn Fn(&AppId) -> bool| known.apps.live.iter().any(fits);
    // Where there is nothing yet to work on, mostly what makes it instead.
    let kind = match kind {
        39 if known.pipelines.live.len() > 2 => 42,
        _ if c % 6 == 0 => kind,
        42 if known.pipelines.live.is_empty() => 39,
        43 | 44 if !any_app(&coupled) => 42,
        47 | 48 if !any_app(&chooses) => [42, 46][usize::from(b / 4) % 2],
        47 if !any_app(&source) => [42, 43][usize::from(b / 4) % 2],
        53 if store.app_creators(operator, space, &page).is_ok_and(|page| page.items.is_empty()) => 52,
        62 | 63 if !any_team(&asked) => 61,
        kind => kind,
    };
    match kind {
        39 => {
            let owner = owner(&known.apps.pick(b)).filter(|_| c % 4 != 0).unwrap_or(known.owner(b));
            O::CreatePipeline { owner, name: read(PIPELINES[usize::from(a) % 3]) }
        }
        40 => O::RenamePipeline { pipeline, name: read(name(&PIPELINES)) },
        41 => O::DeletePipeline { pipeline },
        42 => {
            let of = |pipeline: &PipelineId| store.pipeline(operator, *pipeline).map(Pipeline::owner).ok();
            let free = |app: &AppId| !coupled(app) && known.pipelines.live.iter().any(|one| of(one) == owner(app));
            if c % 6 != 0 && !any_app(&free) {
                return O::CreateApp {
                    app: match of(&pipeline) {
                        Some(Owner::Team(team)) => NewApp::in_team(team),
                        _ => NewApp::personal(),
                    },
                };
            }
            let app = known.apps.pick_fit(b, c, free);
            O::CoupleApp { pipeline: known.pipelines.pick_fit(a, c, |one| of(one) == owner(&app)), app, stage }
        }
        43 => O::SetStage { app: coupled_app(), stage },
        44 => O::UncoupleApp { app: coupled_app() },
        45 => O::TransferPipeline { pipeline, to: known.owner(b) },
        46 => O::ReleaseApp { app: coupled_app(), description: read("Deploy 8f3c2a1") },
        47 => O::PromoteApp { app: known.apps.pick_fit(a, b, source) },
        48 => {
            let app = known.apps.pick_fit(a, b, chooses);
            let others = others(&app).into_iter().map(|(other, _)| other);
            let mut targets: Vec<AppId> = others.take(1 + usize::from(b / 4) % 3).collect();
            match c % 11 {
                0 => targets.push(app),
                1 => targets = vec![known.apps.pick(c / 8)],
                2 => targets.extend_from_within(..),
                3 => targets.push(known.apps.pick(c / 8)),
                _ => {}
            }
            O::PromoteAppTo { app, targets }
        }
        49 => {
            let team = team_fit(&|team| team.kind() == TeamKind::Enterprise);
            let new = NewSpace::new(team, read(SPACES[usize::from(c) % 3]));
            O::CreateSpace { space: if c % 2 == 0 { new } else { new.shielded() } }
        }
        50 => O::RenameSpace { space, name: read(name(&SPACES)) },
        51 => {
            let name = store.space(operator, space).map(|space| space.name().to_string());
            O::DestroySpace { space, confirmation: if b % 4 == 0 { "sea".into() } else { name.unwrap_or_default() } }
        }
        52 => {
            let members = PeopleFilter::default().role(Role::Member);
            let people = team_of(space).and_then(|team| store.access_list(operator, team, &members, &page).ok());
            let people: Vec<_> = people.map_or(Vec::new(), |page| page.items.iter().map(|one| one.user.id()).collect());
            O::AllowAppCreation { space, user: person(people) }
        }
        53 => {
            let people = store.app_creators(operator, space, &page);
            let people = people.map_or(Vec::new(), |page| page.items.iter().map(|user| user.id()).collect());
            O::RevokeAppCreation { space, user: person(people) }
        }
        54 => {
            let from = team_of(space).and_then(|from| team(&from));
            let fits = |team: &Team| {
                from.is_some_and(|from| {
                    team.account().is_some_and(|_| team.account() == from.account() && team != from)
                })
            };
            O::TransferSpace { space, team: team_fit(&fits) }
        }
        55 => O::OpenAccount { name: read(name(&ACCOUNTS)), manager: known.users.pick(a) },
        56 => O::AddAccountMember { account, user: known.users.pick(b), permissions: account_permissions(c) },
        57 => O::SetAccountPermissions { account, user: inside(), permissions: account_permissions(c / 4) },
        58 => O::RemoveAccountMember { account, user: inside() },
        59 => O::CreateTeamIn { account, name: team_name(name(&TEAMS)) },
        60 => {
            let team = team_fit(&|team| team.kind() == TeamKind::Standard);
            let admins = PeopleFilter::default().role(Role::Admin);
            let admin = store.access_list(operator, team, &admins, &page).ok();
            let admin = admin.and_then(|page| page.items.first().map(|one| one.user.id()));
            let members = store.account_members(operator, account, &page).map_or(Vec::new(), |page| page.items);
            match admin.filter(|admin| c % 8 != 0 && !members.iter().any(|one| one.user.id() == *admin)) {
                Some(user) => O::AddAccountMember { account, user, permissions: AccountPermissionSet::ALL },
                None => O::MoveTeamIn { team, account },
            }
        }
        61 => O::RequestTeamMoveOut { team: team_fit(&|team| team.account().is_some()) },
        62 => O::WithdrawTeamMoveOut { team: team_fit(&asked) },
        _ => O::MoveTeamOut { team: team_fit(&asked) },
    }
}
