//! The scopes that every run of the tests visits; and, by command, the same with every way into every state.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use enterprise_teams::{OperationKind, TeamKind};

use super::{Found, counts, scopes, search};

/// Of one state in so many it is compared what is answered when it is reached another way.
const EVERY: usize = 64;

macro_rules! small {
    ($($name:ident: $scope:expr, $counts:expr;)+) => {
        $(
            #[test]
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

        fn all() -> impl Iterator<Item = &'static Found> {
            [$(visited::$name),+].into_iter().map(|visited| visited())
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
    x_03_all_of_membership: scopes::membership(), counts(384, 9_546, 6, 66_956, 1_866_148);
    x_03_all_of_work_in_an_enterprise_team: scopes::work(TeamKind::Enterprise), counts(686, 32_150, 8, 197_250, 3_194_334);
    x_03_all_of_work_in_a_standard_team: scopes::work(TeamKind::Standard), counts(72, 2_254, 5, 18_926, 337_042);
    x_03_all_of_transfers: scopes::transfers(), counts(1_081, 26_280, 10, 313_143, 6_810_177);
    x_03_all_of_settings_of_an_enterprise_team: scopes::settings(TeamKind::Enterprise), counts(144, 1_584, 7, 25_728, 686_208);
    x_03_all_of_settings_of_a_standard_team: scopes::settings(TeamKind::Standard), counts(96, 912, 7, 13_592, 461_032);
    x_03_all_of_accounts: scopes::accounts(), counts(480, 7_472, 7, 83_312, 2_611_600);
    x_03_all_of_places: scopes::places(), counts(467, 8_296, 8, 147_194, 3_208_686);
    x_03_all_of_pipelines: scopes::pipelines(), counts(1_600, 51_200, 8, 412_864, 9_020_736);
    x_03_all_of_resources: scopes::resources(), counts(99, 1_284, 5, 21_822, 554_754);
    x_03_all_of_sign_ins: scopes::sign_ins(), counts(832, 15_616, 9, 171_168, 3_942_240);
    x_03_all_of_users: scopes::users(), counts(395, 5_783, 9, 102_265, 2_293_379);
}

/// With what the operations are refused in these scopes.
pub(super) fn refusals() -> BTreeSet<(OperationKind, &'static str)> {
    all().flat_map(|found| found.refusals.iter().copied()).collect()
}

/// A world has one set of settings, which its form leaves out as it does the time: a change of them, and the closing of a month, would
/// lead to the same world.
#[test]
fn x_03_small_worlds_accept_every_operation() {
    let accepted: BTreeSet<_> = all().flat_map(|found| &found.accepted).collect();
    let others = OperationKind::ALL
        .iter()
        .filter(|kind| ![OperationKind::ChangeSettings, OperationKind::CloseMonths].contains(*kind));
    assert!(accepted.into_iter().eq(others));
}
