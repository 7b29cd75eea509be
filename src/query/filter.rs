//! LAB-1: which teams, spaces and pipelines a list holds.

use serde::{Deserialize, Serialize};

use super::lower_case;
use crate::entity::{Labels, Pipeline, Space, Team};
use crate::names::LabelSelector;

/// Whether there is every label that is asked for.
pub(super) fn has_all(labels: &Labels, wanted: &[LabelSelector]) -> bool {
    wanted.iter().all(|selector| labels.matches(selector))
}

macro_rules! filters {
    ($($(#[$doc:meta])+ $name:ident of $thing:ident;)+) => {$(
        $(#[$doc])+
        #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct $name {
            #[serde(rename = "containing", deserialize_with = "lower_case", skip_serializing_if = "Option::is_none")]
            part: Option<String>,
            #[serde(skip_serializing_if = "Vec::is_empty")]
            labels: Vec<LabelSelector>,
        }

        impl $name {
            /// With this in the name, in upper or lower case.
            #[must_use]
            pub fn containing(mut self, part: &str) -> Self {
                self.part = Some(part.to_ascii_lowercase());
                self
            }

            /// With this label too (LAB-1).
            #[must_use]
            pub fn label(mut self, label: LabelSelector) -> Self {
                self.labels.push(label);
                self
            }

            pub(super) fn admits(&self, thing: &$thing) -> bool {
                self.part.as_ref().is_none_or(|part| thing.name.as_str().contains(part))
                    && has_all(&thing.labels, &self.labels)
            }
        }
    )+};
}

filters! {
    /// Which teams to list; all of them by default.
    ///
    /// ```
    /// use enterprise_teams::query::TeamFilter;
    ///
    /// let labs_of_4711 = TeamFilter::default().containing("lab").label("cost-centre=4711".parse()?);
    /// # Ok::<(), enterprise_teams::ParseError>(())
    /// ```
    TeamFilter of Team;

    /// Which spaces to list; all of them by default.
    SpaceFilter of Space;

    /// Which pipelines to list; all of them by default.
    PipelineFilter of Pipeline;
}
