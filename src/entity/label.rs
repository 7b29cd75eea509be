use core::fmt;
use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::names::{LabelKey, LabelSelector, LabelValue, ParseError, ParseProblem, ParseTarget};

/// The most labels of one thing (LAB-1).
pub const LABELS_MAX: usize = 16;

/// The labels of a team, an app, a space or a pipeline (LAB-1): at most [`LABELS_MAX`], each a key with a value, in the order of the
/// keys.
///
/// As a serde value it is a map.
///
/// ```
/// use enterprise_teams::entity::Labels;
///
/// let labels = Labels::new([("env".parse()?, "production".parse()?), ("tier".parse()?, "".parse()?)])?;
/// assert_eq!(labels.get("env").map(|value| value.as_str()), Some("production"));
/// assert_eq!(labels.to_string(), "env=production, tier");
/// # Ok::<(), enterprise_teams::ParseError>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Labels(Option<Arc<BTreeMap<LabelKey, LabelValue>>>);

impl Labels {
    /// No labels.
    pub const NONE: Self = Self(None);

    /// These labels. Of several with one key the last counts.
    ///
    /// # Errors
    /// [`ParseError`] if there are more than [`LABELS_MAX`].
    pub fn new(labels: impl IntoIterator<Item = (LabelKey, LabelValue)>) -> Result<Self, ParseError> {
        Self::of(labels.into_iter().collect())
    }

    fn of(labels: BTreeMap<LabelKey, LabelValue>) -> Result<Self, ParseError> {
        match labels.len() {
            0 => Ok(Self::NONE),
            1..=LABELS_MAX => Ok(Self(Some(Arc::new(labels)))),
            count => {
                let problem = ParseProblem::TooMany { max: LABELS_MAX, count };
                Err(ParseError { what: ParseTarget::Labels, problem })
            }
        }
    }

    /// With this label too, in place of one of the same key.
    ///
    /// # Errors
    /// [`ParseError`] if there would be more than [`LABELS_MAX`].
    pub fn with(&self, key: LabelKey, value: LabelValue) -> Result<Self, ParseError> {
        let held = self.iter().map(|(key, value)| (key.clone(), value.clone()));
        Self::new(held.chain([(key, value)]))
    }

    /// Without the label of this key.
    #[must_use]
    pub fn without(&self, key: &LabelKey) -> Self {
        let mut left = self.0.as_deref().cloned().unwrap_or_default();
        left.remove(key);
        Self(if left.is_empty() { None } else { Some(Arc::new(left)) })
    }

    /// The value of the label of this key, if there is one.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&LabelValue> {
        self.iter().find(|(held, _)| held.as_str() == key).map(|(_, value)| value)
    }

    /// Every label, in the order of the keys.
    pub fn iter(&self) -> impl Iterator<Item = (&LabelKey, &LabelValue)> {
        self.0.as_deref().into_iter().flatten()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.as_ref().map_or(0, |labels| labels.len())
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// Whether there is the label that is asked for.
    #[must_use]
    pub fn matches(&self, selector: &LabelSelector) -> bool {
        let held = self.0.as_ref().and_then(|labels| labels.get(selector.key()));
        held.is_some_and(|held| selector.value().is_none_or(|wanted| wanted == held))
    }
}

/// `key=value` each, or the key alone where the value is empty; `nothing` where there are none.
impl fmt::Display for Labels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return f.write_str("nothing");
        }
        for (at, (key, value)) in self.iter().enumerate() {
            let comma = if at == 0 { "" } else { ", " };
            let equals = if value.as_str().is_empty() { "" } else { "=" };
            write!(f, "{comma}{key}{equals}{value}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Labels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl Serialize for Labels {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de> Deserialize<'de> for Labels {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::of(Deserialize::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}
