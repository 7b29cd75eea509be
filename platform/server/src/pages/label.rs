//! Labels (LAB-1): as they stand with what they are on, and the form that sets all of them.

use std::fmt::Display;

use enterprise_teams::Operation;
use enterprise_teams::entity::Labels;
use maud::{Markup, html};
use serde_json::{Map, Value};

use super::control::{Field, Look};
use super::visit::View;

/// `key=value` each, or the key alone; nothing where there are none.
pub(super) fn shown(labels: &Labels) -> Markup {
    html! {
        @if !labels.is_empty() {
            ul.labels aria-label="Labels" { @for (key, value) in labels.iter() { li.badge { (text(key, value)) } } }
        }
    }
}

fn text(key: impl Display, value: impl Display) -> String {
    let text = format!("{key}={value}");
    text.strip_suffix('=').map(str::to_owned).unwrap_or(text)
}

/// Sets the labels, each on a line of its own; `set` has those that there are.
pub(super) fn form(view: &View<'_>, labels: &Labels, set: &Operation) -> Markup {
    let lines: Vec<String> = labels.iter().map(|(key, value)| text(key, value)).collect();
    let field = Field::long("labels", "Labels, one on each line").value(lines.join("\n")).hint(
        "A key, or key=value: at most 16. A key has lower-case letters, digits and hyphens, a value up to 120 bytes.",
    );
    view.form("Set labels", Look::Plain, set, &[field])
}

/// The labels of the form's lines, as an operation has them; or why it cannot be told which.
pub(super) fn read(text: &str) -> Result<Value, String> {
    let mut labels = Map::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (key, value) = line.split_once('=').unwrap_or((line, ""));
        let (key, value) = (key.trim_end(), value.trim_start());
        if labels.insert(key.to_owned(), value.into()).is_some() {
            return Err(format!("The key `{key}` is there twice."));
        }
    }
    Ok(Value::Object(labels))
}
