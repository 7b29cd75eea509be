//! Every example prints what it printed when it was last read with care.

use crate::support::golden;

/// An example, as a module whose `main` is not called.
macro_rules! examples {
    ($($name:ident $path:literal)+) => {$(
        #[path = $path]
        #[expect(dead_code, reason = "`main` prints what `run` gives")]
        mod $name;

        #[test]
        fn $name() {
            let found = $name::run().expect("an example that runs");
            golden(concat!("tests/it/golden/", stringify!($name), ".txt"), &found);
        }
    )+};
}

examples! {
    acme_widgets "../../examples/acme_widgets.rs"
    access_review "../../examples/access_review.rs"
    audit_trail "../../examples/audit_trail.rs"
    explain "../../examples/explain.rs"
    monthly_bill "../../examples/monthly_bill.rs"
    name_generator "../../examples/name_generator.rs"
    snapshot "../../examples/snapshot.rs"
    space_transfer "../../examples/space_transfer.rs"
}

#[cfg(feature = "proptest")]
examples! {
    property_test_your_app "../../examples/property_test_your_app.rs"
}
