//! Scopes of thousands of states, visited by command:
//! `cargo test --release --test it exhaustive -- --ignored`, which took two and a half minutes on two cores, with
//! [`small`](super::small) by every way. These are 115,000 states and 690 million questions.

use super::{counts, scopes, search};

/// Of one state in so many it is compared what is answered when it is reached another way.
const EVERY: usize = 256;

macro_rules! larger {
    ($($name:ident: $scope:expr, $counts:expr;)+) => {$(
        #[test]
        #[ignore = "larger: see the module"]
        fn $name() {
            assert_eq!(search($scope, EVERY).counts, $counts);
        }
    )+};
}

larger! {
    x_03_more_of_membership: scopes::larger_membership(), counts(12_504, 497_898, 9, 2_354_922, 56_584_854);
    x_03_more_of_work: scopes::larger_work(), counts(53_328, 2_918_520, 17, 18_255_432, 316_644_408);
    x_03_more_of_transfers: scopes::larger_transfers(), counts(17_691, 670_264, 15, 5_778_977, 105_211_831);
    x_03_more_of_accounts: scopes::larger_accounts(), counts(12_731, 551_240, 12, 3_025_821, 61_231_867);
    x_03_more_of_places: scopes::larger_places(), counts(7_462, 216_370, 10, 2_212_695, 48_851_689);
    x_03_more_of_pipelines: scopes::larger_pipelines(), counts(4_044, 193_216, 7, 1_047_272, 21_599_896);
    x_03_more_of_resources: scopes::larger_resources(), counts(2_640, 52_132, 9, 584_772, 13_911_996);
    x_03_more_of_users: scopes::larger_users(), counts(4_724, 194_377, 10, 1_255_907, 27_136_713);
}
