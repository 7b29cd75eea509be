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
    x_03_all_of_membership: scopes::membership(), counts(384, 9_546, 6, 73_290, 2_237_670);
    x_03_all_of_work_in_an_enterprise_team: scopes::work(TeamKind::Enterprise), counts(686, 32_150, 8, 220_356, 3_758_444);
    x_03_all_of_work_in_a_standard_team: scopes::work(TeamKind::Standard), counts(72, 2_254, 5, 19_550, 398_050);
    x_03_all_of_groups: scopes::groups(), counts(1_539, 72_804, 10, 633_623, 10_615_657);
    x_03_all_of_roles: scopes::roles(), counts(346, 11_412, 7, 114_716, 2_484_436);
    x_03_all_of_transfers: scopes::transfers(), counts(1_081, 26_280, 10, 342_630, 8_030_250);
    x_03_all_of_settings_of_an_enterprise_team: scopes::settings(TeamKind::Enterprise), counts(288, 3_600, 8, 56_784, 1_613_616);
    x_03_all_of_settings_of_a_standard_team: scopes::settings(TeamKind::Standard), counts(192, 2_112, 8, 28_144, 1_085_456);
    x_03_all_of_accounts: scopes::accounts(), counts(480, 7_472, 7, 91_911, 3_078_393);
    x_03_all_of_places: scopes::places(), counts(467, 8_296, 8, 165_998, 3_731_602);
    x_03_all_of_pipelines: scopes::pipelines(), counts(1_600, 51_200, 8, 457_664, 10_511_936);
    x_03_all_of_resources: scopes::resources(), counts(198, 2_982, 6, 48_414, 1_316_994);
    x_03_all_of_sign_ins: scopes::sign_ins(), counts(832, 15_616, 9, 188_320, 4_637_280);
    x_03_all_of_suspensions: scopes::suspensions(), counts(1_380, 22_982, 8, 319_576, 8_402_024);
    x_03_all_of_users: scopes::users(), counts(395, 5_783, 9, 114_291, 2_709_873);
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
