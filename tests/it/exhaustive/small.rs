//! The scopes that `.ci/run` visits, those of at most two and a half million questions in every run of the tests; and, by command, the
//! same with every way into every state.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use enterprise_teams::{OperationKind, TeamKind};

use super::{Found, counts, scopes, search};

/// Of one state in so many it is compared what is answered when it is reached another way.
const EVERY: usize = 64;

macro_rules! small {
    ($($(#[$ignored:meta])? $name:ident: $scope:expr, $counts:expr;)+) => {
        $(
            #[test]
            $(#[$ignored])?
            fn $name() {
                assert_eq!(visited::$name().counts, $counts);
            }
        )+

        /// Each scope is visited once, for whoever asks first.
        mod visited {
            use super::*;

            $(
                pub(super) fn $name() -> &'static Found {
                    static FOUND: LazyLock<Found> = LazyLock::new(|| search($scope, EVERY));
                    &FOUND
                }
            )+
        }

        /// All of them, or those that every run visits.
        fn found(all: bool) -> impl Iterator<Item = &'static Found> {
            let quick = [$(<[&str]>::is_empty(&[$(stringify!($ignored))?])),+];
            let visited: [fn() -> &'static Found; _] = [$(visited::$name),+];
            visited.into_iter().zip(quick).filter(move |(_, quick)| all || *quick).map(|(visited, _)| visited())
        }

        /// As above, and all that is done now and then is done always.
        mod by_every_way {
            use super::*;

            $(
                #[test]
                #[ignore = "by every way: see `larger`"]
                fn $name() {
                    let found = search($scope, 1);
                    assert_eq!(found.counts, $counts);
                    assert_eq!(found.refusals, visited::$name().refusals);
                }
            )+
        }
    };
}

small! {
    x_03_all_of_membership: scopes::membership(), counts(384, 9_546, 6, 74_862, 2_368_194);
    #[ignore = "in optimised code: see `.ci/run`"]
    x_03_all_of_work_in_an_enterprise_team: scopes::work(TeamKind::Enterprise), counts(686, 32_150, 8, 227_592, 3_998_168);
    x_03_all_of_work_in_a_standard_team: scopes::work(TeamKind::Standard), counts(72, 2_254, 5, 20_142, 423_378);
    #[ignore = "in optimised code: see `.ci/run`"]
    x_03_all_of_groups: scopes::groups(), counts(1_539, 72_804, 10, 654_487, 11_335_457);
    #[ignore = "in optimised code: see `.ci/run`"]
    x_03_all_of_roles: scopes::roles(), counts(346, 11_412, 7, 115_952, 2_629_904);
    #[ignore = "in optimised code: see `.ci/run`"]
    x_03_all_of_transfers: scopes::transfers(), counts(1_081, 26_280, 10, 352_470, 8_561_234);
    x_03_all_of_settings_of_an_enterprise_team: scopes::settings(TeamKind::Enterprise), counts(288, 3_600, 8, 57_216, 1_716_864);
    x_03_all_of_settings_of_a_standard_team: scopes::settings(TeamKind::Standard), counts(192, 2_112, 8, 28_432, 1_154_288);
    #[ignore = "in optimised code: see `.ci/run`"]
    x_03_all_of_accounts: scopes::accounts(), counts(480, 7_472, 7, 91_911, 3_255_801);
    #[ignore = "in optimised code: see `.ci/run`"]
    x_03_all_of_places: scopes::places(), counts(467, 8_296, 8, 169_076, 3_978_900);
    #[ignore = "in optimised code: see `.ci/run`"]
    x_03_all_of_pipelines: scopes::pipelines(), counts(1_600, 51_200, 8, 460_864, 11_212_736);
    x_03_all_of_resources: scopes::resources(), counts(198, 2_982, 6, 49_242, 1_400_118);
    #[ignore = "in optimised code: see `.ci/run`"]
    x_03_all_of_sign_ins: scopes::sign_ins(), counts(832, 15_616, 9, 190_656, 4_934_464);
    #[ignore = "in optimised code: see `.ci/run`"]
    x_03_all_of_suspensions: scopes::suspensions(), counts(1_380, 22_982, 8, 326_792, 8_891_608);
    #[ignore = "in optimised code: see `.ci/run`"]
    x_03_all_of_ends: scopes::ends(), counts(741, 15_201, 8, 273_448, 4_676_432);
    #[ignore = "in optimised code: see `.ci/run`"]
    x_03_all_of_users: scopes::users(), counts(395, 5_783, 9, 116_681, 2_886_375);
}

/// With what the operations are refused in all these scopes, or in those that every run visits.
pub(super) fn refusals(all: bool) -> BTreeSet<(OperationKind, &'static str)> {
    found(all).flat_map(|found| found.refusals.iter().copied()).collect()
}

/// A world has one set of settings, which its form leaves out as it does the time: a change of them, and the closing of a month, would
/// lead to the same world.
#[test]
#[ignore = "in optimised code: see `.ci/run`"]
fn x_03_small_worlds_accept_every_operation() {
    let accepted: BTreeSet<_> = found(true).flat_map(|found| &found.accepted).collect();
    let others = OperationKind::ALL
        .iter()
        .filter(|kind| ![OperationKind::ChangeSettings, OperationKind::CloseMonths].contains(*kind));
    assert!(accepted.into_iter().eq(others));
}
