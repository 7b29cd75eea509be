//! A refusal as one value to send.

use serde::Serialize;

use super::{Error, ErrorKind, Grantor, Remedy};
use crate::readable::{Names, Worded};
use crate::rule::Rule;

/// A refusal as one value for the host to send, in the shape of RFC 9457: made by
/// [`TeamStore::problem`](crate::TeamStore::problem), with names for ids in `detail` and `remedy` as far as the actor may see them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ProblemDetails {
    /// A URN that ends with the code.
    #[serde(rename = "type")]
    pub uri: String,
    /// The kind of problem in words, the same for every refusal with this code.
    pub title: String,
    /// The HTTP status of the class.
    pub status: u16,
    /// The message.
    pub detail: String,
    /// As [`Error::code`].
    pub code: &'static str,
    /// As [`Error::rule`].
    pub rule: Rule,
    /// As [`Error::kind`].
    pub class: ErrorKind,
    /// The way out, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<RemedyDetails>,
    /// The refusal itself: its fields, with ids.
    pub facts: Error,
}

/// The way out of a refusal, as part of [`ProblemDetails`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RemedyDetails {
    /// The way out as one sentence.
    pub text: String,
    /// As [`Remedy::needed`].
    pub needed: &'static str,
    /// Who could give it; `None` where the actor needs nobody else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
}

impl ProblemDetails {
    pub(crate) fn of(error: &Error, names: &dyn Names) -> Self {
        let from = |grantor: Grantor| (grantor != Grantor::Actor).then(|| Worded(&grantor, names).to_string());
        let remedy = |remedy: Remedy| RemedyDetails {
            text: Worded(&remedy, names).to_string(),
            needed: remedy.needed,
            from: from(remedy.from),
        };
        Self {
            uri: format!("urn:enterprise-teams:error:{}", error.code()),
            title: error.code().replace('-', " "),
            status: error.kind().http_status(),
            detail: Worded(error, names).to_string(),
            code: error.code(),
            rule: error.rule(),
            class: error.kind(),
            remedy: error.remedy().map(remedy),
            facts: error.clone(),
        }
    }
}
