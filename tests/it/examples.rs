//! Every example prints what it printed when it was last read with care.

use std::fs;
use std::path::Path;

/// An example, as a module whose `main` is not called.
macro_rules! examples {
    ($($name:ident $path:literal)+) => {$(
        #[path = $path]
        #[expect(dead_code, reason = "`main` prints what `run` gives")]
        mod $name;

        #[test]
        fn $name() {
            let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join(concat!("tests/it/golden/", stringify!($name), ".txt"));
            let expected = fs::read_to_string(golden).expect("the expected output");
            let found = $name::run().expect("an example that runs");
            assert!(found == expected, "{} prints:\n{found}", stringify!($name));
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
