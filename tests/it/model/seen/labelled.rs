//! LAB-1: which labels to look for.

use enterprise_teams::names::LabelSelector;

use super::super::state::Labels;

/// Every one of these must be there: a key, or a key with a value.
#[derive(Clone, Copy, Debug)]
pub(super) struct Labelled(&'static [(&'static str, Option<&'static str>)]);

impl Labelled {
    pub(super) const ALL: Self = Self(&[]);

    pub(super) const fn some() -> [Self; 4] {
        [
            Self::ALL,
            Self(&[("env", None)]),
            Self(&[("tier", Some("production"))]),
            Self(&[("owner", Some("")), ("env", None)]),
        ]
    }

    pub(super) fn fits(self, labels: &Labels) -> bool {
        self.0
            .iter()
            .all(|(key, value)| labels.iter().any(|(held, of)| held == key && value.is_none_or(|value| *of == value)))
    }

    pub(super) fn add_to<F>(self, filter: F, add: impl Fn(F, LabelSelector) -> F) -> F {
        self.0.iter().fold(filter, |filter, (key, value)| {
            let text = value.map_or((*key).to_owned(), |value| format!("{key}={value}"));
            add(filter, text.parse().expect("a label"))
        })
    }
}
