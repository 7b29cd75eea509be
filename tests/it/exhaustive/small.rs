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
    x_03_all_of_membership: scopes::membership(), counts(384, 9_120, 6, 67_622, 1_736_458);
    x_03_all_of_work_in_an_enterprise_team: scopes::work(TeamKind::Enterprise), counts(398, 16_212, 8, 111_252, 1_741_836);
    x_03_all_of_work_in_a_standard_team: scopes::work(TeamKind::Standard), counts(72, 2_254, 5, 19_358, 320_482);
    x_03_all_of_transfers: scopes::transfers(), counts(891, 20_848, 10, 257_243, 5_311_741);
    x_03_all_of_settings_of_an_enterprise_team: scopes::settings(TeamKind::Enterprise), counts(144, 1_584, 7, 25_752, 644_712);
    x_03_all_of_settings_of_a_standard_team: scopes::settings(TeamKind::Standard), counts(96, 912, 7, 14_040, 439_080);
    x_03_all_of_accounts: scopes::accounts(), counts(480, 13_266, 7, 90_284, 2_351_188);
    x_03_all_of_places: scopes::places(), counts(467, 8_632, 8, 150_692, 2_958_612);
    x_03_all_of_pipelines: scopes::pipelines(), counts(400, 12_000, 6, 102_416, 2_140_784);
    x_03_all_of_resources: scopes::resources(), counts(99, 1_284, 5, 21_966, 521_346);
    x_03_all_of_users: scopes::users(), counts(395, 5_783, 9, 100_199, 2_169_637);
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
