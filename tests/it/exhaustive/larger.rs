//! Scopes of thousands of states, visited by command:
//! `cargo test --release --test it exhaustive -- --ignored`, with [`small`](super::small) by every way. These are 191,000 states
//! and 1.2 billion questions.

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
    x_03_more_of_membership: scopes::larger_membership(), counts(26_352, 1_317_624, 9, 5_006_448, 128_281_680);
    x_03_more_of_work: scopes::larger_work(), counts(98_720, 6_158_064, 15, 34_592_080, 618_539_440);
    x_03_more_of_transfers: scopes::larger_transfers(), counts(24_306, 1_040_120, 15, 8_103_614, 152_583_682);
    x_03_more_of_accounts: scopes::larger_accounts(), counts(12_731, 409_655, 11, 2_952_577, 67_983_639);
    x_03_more_of_places: scopes::larger_places(), counts(7_462, 212_310, 10, 2_156_024, 52_848_296);
    x_03_more_of_pipelines: scopes::larger_pipelines(), counts(13_784, 722_064, 8, 3_669_280, 77_505_760);
    x_03_more_of_resources: scopes::larger_resources(), counts(2_640, 52_132, 9, 580_932, 14_802_876);
    x_03_more_of_users: scopes::larger_users(), counts(4_724, 194_377, 10, 1_247_109, 28_713_263);
}
