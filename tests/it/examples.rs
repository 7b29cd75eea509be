//! Every example prints what it printed when it was last read with care.

use std::path::{Path, PathBuf};

use crate::support::{files, golden};

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
    acme_widgets "../../examples/acme_widgets/main.rs"
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

#[test]
fn what_is_to_be_copied_is_short() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let left_out =
        |part: std::path::Component<'_>| ["import-org", "tests"].iter().any(|name| part.as_os_str() == *name);
    let examples =
        files(&folder).into_iter().filter(|(path, _)| !path.strip_prefix(&folder).unwrap().components().any(left_out));
    let lengths: Vec<(PathBuf, usize)> = examples.map(|(path, text)| (path, text.lines().count())).collect();
    assert!(lengths.len() > 10, "{lengths:?}");
    let long: Vec<_> = lengths.into_iter().filter(|(_, lines)| *lines >= 120).collect();
    assert_eq!(long, []);
}
