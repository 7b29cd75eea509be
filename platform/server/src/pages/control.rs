//! Controls: each is one operation of the store, there when it is allowed, and disabled with the reason when it is not.

use std::fmt::Display;

use enterprise_teams::query::Cursor;
use enterprise_teams::{Error, ErrorKind, Operation};
use enterprise_teams_platform_api::{ErrorId, Fault};
use maud::{Markup, html};
use serde_json::Value;

use super::form::{CONTROL, KEY, OPERATION, Tried, Why};
use super::layout;
use super::visit::View;

/// What a person gives for an argument of an operation. Its name is the path in the operation's written form, such as `app.name`.
pub(super) struct Field {
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    value: String,
    kind: Input,
}

enum Input {
    Text(&'static str),
    Long,
    /// One, or several on lines of their own.
    List,
    Select(Vec<Choice>),
    Checks(Vec<Choice>),
}

/// One of several: what is sent, what is shown, and why it cannot be had, if it cannot.
pub(super) struct Choice {
    value: String,
    label: String,
    chosen: bool,
    refused: Option<String>,
}

impl Choice {
    pub(super) fn new(value: impl Display, label: impl Into<String>) -> Self {
        Self { value: value.to_string(), label: label.into(), chosen: false, refused: None }
    }

    pub(super) fn chosen(mut self, chosen: bool) -> Self {
        self.chosen = chosen;
        self
    }

    /// As an option of a filter, whose value at present is `asked`.
    pub(super) fn option(&self, asked: &str) -> Markup {
        html! { option value=(self.value) selected[asked == self.value] { (self.label) } }
    }

    /// With the reason why it cannot be had.
    pub(super) fn refused(mut self, why: Option<String>) -> Self {
        self.refused = why;
        self
    }
}

impl Field {
    const fn new(name: &'static str, label: &'static str, kind: Input) -> Self {
        Self { name, label, hint: "", value: String::new(), kind }
    }

    pub(super) const fn text(name: &'static str, label: &'static str) -> Self {
        Self::new(name, label, Input::Text("text"))
    }

    pub(super) const fn email(name: &'static str, label: &'static str) -> Self {
        Self::new(name, label, Input::Text("email"))
    }

    pub(super) const fn number(name: &'static str, label: &'static str) -> Self {
        Self::new(name, label, Input::Text("number"))
    }

    pub(super) const fn day(name: &'static str, label: &'static str) -> Self {
        Self::new(name, label, Input::Text("date"))
    }

    pub(super) const fn long(name: &'static str, label: &'static str) -> Self {
        Self::new(name, label, Input::Long)
    }

    pub(super) const fn list(name: &'static str, label: &'static str) -> Self {
        Self::new(name, label, Input::List)
    }

    pub(super) const fn select(name: &'static str, label: &'static str, choices: Vec<Choice>) -> Self {
        Self::new(name, label, Input::Select(choices))
    }

    pub(super) const fn checks(name: &'static str, label: &'static str, choices: Vec<Choice>) -> Self {
        Self::new(name, label, Input::Checks(choices))
    }

    pub(super) fn value(mut self, value: impl Display) -> Self {
        self.value = value.to_string();
        self
    }

    pub(super) const fn hint(mut self, hint: &'static str) -> Self {
        self.hint = hint;
        self
    }
}

/// How a control looks, and what it asks before it acts.
#[derive(Clone, Copy)]
pub(super) enum Look {
    Plain,
    /// The one thing to do on a page.
    Main,
    /// What cannot be undone: it asks first.
    Danger(&'static str),
}

/// The reason of a refusal in words: what is wrong, and the way out.
pub(super) struct Reason {
    pub(super) message: String,
    pub(super) remedy: Option<String>,
    /// The rule that refuses, and the code of the error.
    pub(super) rule: Option<(&'static str, &'static str)>,
}

impl View<'_> {
    /// A button that does exactly this.
    pub(super) fn button(&self, label: &str, look: Look, operation: &Operation) -> Markup {
        if self.past.is_some() {
            return html! {};
        }
        let refusal = self.store.what_if(self.actor, operation).err();
        self.control(label, look, operation, &[], refusal.as_ref())
    }

    /// A form whose fields a person fills in. Whether the person may is asked with the arguments that `operation` has: those that there
    /// are now, or others that are good for nothing but to ask.
    pub(super) fn form(&self, label: &str, look: Look, operation: &Operation, fields: &[Field]) -> Markup {
        if self.past.is_some() {
            return html! {};
        }
        let refusal = self.refused_whatever_is_given(operation);
        self.form_unless(label, look, operation, fields, refusal.as_ref())
    }

    /// Why the person may not do such a thing. What is about the arguments is no reason: they are yet to come.
    pub(super) fn refused_whatever_is_given(&self, operation: &Operation) -> Option<Error> {
        let refusal = self.store.what_if(self.actor, operation).err()?;
        let kinds = [ErrorKind::Forbidden, ErrorKind::NotFound, ErrorKind::Limit, ErrorKind::Unauthenticated];
        kinds.contains(&refusal.kind()).then_some(refusal)
    }

    /// A form of which it was asked otherwise whether the person may.
    pub(super) fn form_unless(
        &self,
        label: &str,
        look: Look,
        operation: &Operation,
        fields: &[Field],
        refusal: Option<&Error>,
    ) -> Markup {
        if self.past.is_some() {
            return html! {};
        }
        self.control(label, look, operation, fields, refusal)
    }

    fn control(&self, label: &str, look: Look, operation: &Operation, fields: &[Field], no: Option<&Error>) -> Markup {
        let shown = shown(operation, fields);
        let tried = self.tried.filter(|tried| is_tried(tried, label, &shown, fields));
        if tried.is_some() {
            self.told.set(true);
        }
        let (class, asks) = match look {
            Look::Plain => ("", None),
            Look::Main => ("main", None),
            Look::Danger(asks) => ("danger", Some(asks)),
        };
        html! {
            div.control.(operation.kind().code()) {
                form method="post" action=(self.here(&[])) data-confirm=[asks] {
                    fieldset disabled[no.is_some()] {
                        legend.away { (label) }
                        input type="hidden" name=(KEY) value=(self.visit.visitor.key.as_str());
                        input type="hidden" name=(OPERATION) value=(shown);
                        input type="hidden" name=(CONTROL) value=(label);
                        @for field in fields { (self.field(field, tried)) }
                        button type="submit" class=(class) { (label) }
                    }
                    @if let Some(tried) = tried.filter(|tried| !is_of_a_field(tried, fields)) { (self.refusal(tried)) }
                }
                @if let Some(refusal) = no { (self.why(refusal)) }
            }
        }
    }

    fn field(&self, field: &Field, tried: Option<&Tried>) -> Markup {
        let is_at_fault = tried.is_some_and(|tried| tried.refused.field.as_deref() == Some(field.name));
        let before: Vec<&str> = tried.iter().flat_map(|tried| tried.fields.all(field.name)).collect();
        let value = before.first().copied().filter(|_| tried.is_some()).unwrap_or(&field.value);
        let chosen = |choice: &Choice| match tried {
            Some(_) => before.contains(&&*choice.value),
            None => choice.chosen,
        };
        let told = self.label();
        let (invalid, told_by) = (is_at_fault.then_some("true"), is_at_fault.then_some(&*told));
        html! {
            @if let Input::Checks(choices) = &field.kind {
                fieldset.checks aria-describedby=[told_by] {
                    legend { (field.label) }
                    @for choice in choices {
                        label {
                            input type="checkbox" name=(field.name) value=(choice.value) checked[chosen(choice)]
                                disabled[choice.refused.is_some()];
                            span { (choice.label) }
                            @if let Some(why) = &choice.refused { small { (why) } }
                        }
                    }
                }
            } @else {
                label.field {
                    span { (field.label) }
                    @match &field.kind {
                        Input::Select(choices) => {
                            select name=(field.name) aria-invalid=[invalid] aria-describedby=[told_by] {
                                @for choice in choices {
                                    option value=(choice.value) selected[chosen(choice)] disabled[choice.refused.is_some()] {
                                        (choice.label) @if let Some(why) = &choice.refused { ": " (why) }
                                    }
                                }
                            }
                        }
                        Input::Long => {
                            textarea name=(field.name) rows="3" aria-invalid=[invalid] aria-describedby=[told_by] { (value) }
                        }
                        Input::List => {
                            textarea name=(field.name) rows="2" data-list autocomplete="off" spellcheck="false"
                                aria-invalid=[invalid] aria-describedby=[told_by] { (value) }
                        }
                        Input::Text(kind) => {
                            input type=(kind) name=(field.name) value=(value) min=[(*kind == "number").then_some("0")]
                                autocomplete="off" spellcheck="false" aria-invalid=[invalid] aria-describedby=[told_by];
                        }
                        Input::Checks(_) => {}
                    }
                    @if !field.hint.is_empty() { small { (field.hint) } }
                }
            }
            @if is_at_fault && let Some(tried) = tried { div id=(told) { (self.refusal(tried)) } }
        }
    }

    /// What was tried, and why it was not done.
    pub(super) fn refusal(&self, tried: &Tried) -> Markup {
        let mut reason = match &tried.refused.why {
            Why::Fault(fault) => self.reason(fault),
            Why::Unread(text) => Reason { message: text.clone(), remedy: None, rule: None },
        };
        if let Some(of) = &tried.refused.of {
            reason.message = format!("{of}: {}", reason.message);
        }
        html! {
            div.refusal role="alert" { (told(&reason)) }
        }
    }

    /// Why something may not be done, to be opened.
    pub(super) fn why(&self, refusal: &Error) -> Markup {
        let reason = self.reason_of(refusal);
        html! {
            details.why {
                summary { "Why?" }
                div { (told(&reason)) }
            }
        }
    }

    /// What stands in the place of a part of a page that this person may not see.
    pub(super) fn denied(&self, refusal: &Error) -> Markup {
        html! { div.card.denied { (told(&self.reason_of(refusal))) } }
    }

    pub(super) fn reason(&self, fault: &Fault) -> Reason {
        match fault {
            // What this person does not see is told as what is not there.
            Fault::Refused(error) if ErrorId::from(fault) != ErrorId::NotFound => self.reason_of(error),
            _ => {
                let told = self.visit.visitor.server.told(self.store, self.actor, fault);
                Reason { message: told.message, remedy: None, rule: None }
            }
        }
    }

    pub(super) fn reason_of(&self, refusal: &Error) -> Reason {
        let problem = self.store.problem(self.actor, refusal);
        let remedy = problem.remedy.map(|remedy| remedy.text);
        Reason { message: problem.detail, remedy, rule: Some((problem.rule.id(), problem.code)) }
    }

    /// The way to the next part of a list.
    pub(super) fn pager(&self, next: Option<&Cursor>) -> Markup {
        self.pager_of("after", next)
    }

    /// What stands where a list has nothing: what it is, and what to do next; or that there is no more of it.
    pub(super) fn empty(&self, what: &str, next: &str) -> Markup {
        self.empty_of("after", what, next)
    }

    /// The same, of a list whose cursor is in this query parameter.
    pub(super) fn empty_of(&self, name: &str, what: &str, next: &str) -> Markup {
        if self.asked(name).is_some() {
            return layout::empty("There is no more.", "Go back to the first page.");
        }
        layout::empty(what, next)
    }

    /// The way to the next part of a list whose cursor is in this query parameter, and back to the first.
    pub(super) fn pager_of(&self, name: &str, next: Option<impl ToString>) -> Markup {
        let first = self.asked(name).is_some();
        html! {
            @if first || next.is_some() {
                nav.pager aria-label="Pages" {
                    @if first { a href=(self.here(&[(name, "")])) { "First page" } }
                    @if let Some(next) = next { a rel="next" href=(self.here(&[(name, &next.to_string())])) { "Next page" } }
                }
            }
        }
    }

    /// A form that asks this page for a part of its list: a text, and perhaps selections.
    pub(super) fn filter(&self, label: &str, selects: &[(&str, &str, Vec<Choice>)]) -> Markup {
        self.filter_with(label, selects, &html! {})
    }

    /// The same, with more to fill in.
    pub(super) fn filter_with(&self, label: &str, selects: &[(&str, &str, Vec<Choice>)], more: &Markup) -> Markup {
        html! {
            form.filter method="get" action=(self.visit.path()) role="search" data-live {
                @if let Some(time) = self.asked("on") { input type="hidden" name="on" value=(time); }
                label { span.away { (label) }
                    input type="search" name="filter" placeholder=(label) value=(self.asked("filter").unwrap_or_default()); }
                @for (name, label, choices) in selects {
                    label { span.away { (label) }
                        select name=(name) {
                            @for choice in choices { (choice.option(self.asked(name).unwrap_or_default())) }
                        }
                    }
                }
                (more)
                button type="submit" { "Filter" }
            }
        }
    }
}

/// Whether one of these fields is at fault.
fn is_of_a_field(tried: &Tried, fields: &[Field]) -> bool {
    tried.refused.field.as_deref().is_some_and(|name| fields.iter().any(|field| field.name == name))
}

/// Whether it was tried here: under this label, and with the same operation, whatever its fields were then and are now.
fn is_tried(tried: &Tried, label: &str, shown: &Value, fields: &[Field]) -> bool {
    let sent = tried.fields.get(OPERATION).and_then(|sent| serde_json::from_str(sent).ok());
    let fixed = |operation: &Value| {
        let mut operation = operation.clone();
        for field in fields {
            let (before, name) =
                field.name.rsplit_once('.').map_or((None, field.name), |(path, name)| (Some(path), name));
            let mut steps = before.into_iter().flat_map(|path| path.split('.'));
            let place = steps.try_fold(&mut operation, |place, step| place.get_mut(step));
            if let Some(Value::Object(place)) = place {
                place.remove(name);
            }
        }
        operation
    };
    tried.fields.get(CONTROL) == Some(label) && sent.is_some_and(|sent: Value| fixed(&sent) == fixed(shown))
}

/// The written form of the operation: with no boxes ticked, since a form does not say which are not.
fn shown(operation: &Operation, fields: &[Field]) -> Value {
    let mut written = serde_json::to_value(operation).unwrap_or_default();
    for field in fields.iter().filter(|field| matches!(field.kind, Input::Checks(_))) {
        let place = field.name.split('.').try_fold(&mut written, |place, step| place.get_mut(step));
        if let Some(place) = place {
            *place = Value::Array(Vec::new());
        }
    }
    written
}

fn told(reason: &Reason) -> Markup {
    html! {
        p { (reason.message) }
        @if let Some(remedy) = &reason.remedy { p.remedy { (remedy) } }
        @if let Some((rule, code)) = reason.rule { p.rule { a href={ "/errors/" (code) } { (rule) } } }
    }
}
