//! What a form sends: an operation as its written form, and what a person gave for some of its fields.

use enterprise_teams::{Actor, Email, Operation, OperationKind, Owner, RoleId, TeamStore};
use enterprise_teams_platform_api::{Fault, Thing, find, plan_of};
use serde_json::Value;

use super::{ends, label};

/// The fields of a form or of an address, in their order.
#[derive(Clone, Debug, Default)]
pub(super) struct Fields(pub(super) Vec<(String, String)>);

impl Fields {
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(named, _)| named == name).map(|(_, value)| &**value)
    }

    pub(super) fn all<'f>(&'f self, name: &'f str) -> impl Iterator<Item = &'f str> {
        self.0.iter().filter(move |(named, _)| named == name).map(|(_, value)| &**value)
    }
}

/// How many arguments a form may give: no operation has as many.
const ARGUMENTS_MAX: usize = 16;
/// How long the written form of an operation may be on a form: there is room for the longest certificate. Lists are sent beside it.
const OPERATION_LEN_MAX: usize = 64 * 1024;
/// Names of fields that are no argument of an operation.
pub(super) const OPERATION: &str = "operation";
/// What the control is called whose form it is.
pub(super) const CONTROL: &str = "control";
pub(super) const KEY: &str = "key";
/// The field of the last day on which what an operation gives is to count.
pub(super) const UNTIL: &str = "until";

/// What somebody reads who gave something else than a number.
const NO_NUMBER: &str = "Give a whole number: 0, or more than that.";

/// What a person has tried on a page, and why it was refused.
#[derive(Debug)]
pub(super) struct Tried {
    pub(super) fields: Fields,
    pub(super) refused: Refused,
}

/// Why nothing was done.
#[derive(Debug)]
pub(super) struct Refused {
    /// The field at fault, where it is one.
    pub(super) field: Option<String>,
    /// Of several that were given in one field, the one at fault.
    pub(super) of: Option<String>,
    pub(super) why: Why,
}

/// Who refuses.
#[derive(Debug)]
pub(super) enum Why {
    /// The store, or who looks a name up.
    Fault(Fault),
    /// Whoever reads the form, in words.
    Unread(String),
}

/// Operations of which a form asks for several at once, each with the field that names whom or what they are about.
const SEVERAL: [(OperationKind, &str); 3] = [
    (OperationKind::AddMember, "user"),
    (OperationKind::AddGroupMember, "user"),
    (OperationKind::GrantGroupPermissions, "app"),
];
/// How many at most.
pub(super) const SEVERAL_MAX: usize = 500;

/// One of the operations of a form, with the field at fault where it is refused, and whom or what of several it is for.
pub(super) struct Step {
    pub(super) operation: Operation,
    field: Option<&'static str>,
    of: Option<String>,
}

impl Step {
    /// That it is refused.
    pub(super) fn refused(&self, why: Why) -> Refused {
        Refused { field: self.field.map(str::to_owned), of: self.of.clone(), why }
    }
}

/// The operations of a form: one for each that its field names, where there are several; and where it says until when what is given
/// counts, the giving of that end after each.
pub(super) fn operations(store: &TeamStore, actor: Actor, fields: &Fields) -> Result<Vec<Step>, Refused> {
    let Some((name, given)) = several(fields) else { return steps(store, actor, fields, None) };
    if given.len() > SEVERAL_MAX {
        let why = Why::Unread(format!("At most {SEVERAL_MAX} at a time."));
        return Err(Refused { field: Some(name.to_owned()), of: None, why });
    }
    let mut all = Vec::with_capacity(given.len());
    for one in given {
        let rest = fields.0.iter().filter(|(field, _)| field != name).cloned();
        let fields = Fields(rest.chain([(name.to_owned(), one.to_owned())]).collect());
        all.extend(steps(store, actor, &fields, Some((name, one)))?);
    }
    Ok(all)
}

/// The operation of a form that names one, and its end; `of` is that one, where it is one of several.
fn steps(
    store: &TeamStore,
    actor: Actor,
    fields: &Fields,
    of: Option<(&'static str, &str)>,
) -> Result<Vec<Step>, Refused> {
    let at_fault = |refused: Refused| match of {
        Some((name, one)) => refused.of(name, one),
        None => refused,
    };
    let operation = operation(store, actor, fields).map_err(at_fault)?;
    let one = || of.map(|(_, one)| one.to_owned());
    let end = match fields.get(UNTIL).map(str::trim).filter(|text| !text.is_empty()) {
        None => None,
        Some(day) => {
            let end = ends::after(&operation, day);
            let wrong = |why| Refused { field: Some(UNTIL.to_owned()), of: one(), why: Why::Unread(why) };
            Some(Step { operation: end.map_err(wrong)?, field: Some(UNTIL), of: one() })
        }
    };
    let step = Step { operation, field: of.map(|(name, _)| name), of: one() };
    Ok([step].into_iter().chain(end).collect())
}

/// The field of the form that names several, and whom or what it names, each once.
fn several(fields: &Fields) -> Option<(&'static str, Vec<&str>)> {
    let sent: Value = serde_json::from_str(fields.get(OPERATION)?).ok()?;
    let kind = sent.get("type")?.as_str()?;
    let (_, name) = SEVERAL.into_iter().find(|(one, _)| one.code() == kind)?;
    let mut given = Vec::new();
    for one in fields.get(name)?.split(|letter: char| letter == ',' || letter == ';' || letter.is_whitespace()) {
        if !one.is_empty() && !given.contains(&one) {
            given.push(one);
        }
    }
    (given.len() > 1).then_some((name, given))
}

impl Refused {
    /// With this field at fault, and this of several in it.
    fn of(self, field: &str, one: &str) -> Self {
        Self { field: Some(field.to_owned()), of: Some(one.to_owned()), ..self }
    }
}

/// The operation of a form: the one whose written form it carries, with what a person gave in place of what it says. A person is given
/// by e-mail, an app, a team or a space by name.
fn operation(store: &TeamStore, actor: Actor, fields: &Fields) -> Result<Operation, Refused> {
    let unread =
        |field: Option<&str>, why: String| Refused { field: field.map(str::to_owned), of: None, why: Why::Unread(why) };
    let sent = fields.get(OPERATION).unwrap_or_default();
    if sent.len() > OPERATION_LEN_MAX {
        return Err(unread(None, "the form is too long".into()));
    }
    let shown: Value = serde_json::from_str(sent).map_err(|error| unread(None, error.to_string()))?;
    let is_whole = serde_json::from_value::<Operation>(shown.clone()).is_ok();
    let mut wanted = shown.clone();
    let mut names: Vec<&str> = Vec::new();
    for (name, _) in &fields.0 {
        if ![OPERATION, CONTROL, KEY, UNTIL].contains(&&**name) && !names.contains(&&**name) {
            if names.len() == ARGUMENTS_MAX {
                return Err(unread(None, "the form has too many fields".into()));
            }
            names.push(name);
        }
    }
    for name in names {
        let given: Vec<&str> = fields.all(name).collect();
        let mut alone = shown.clone();
        for value in [&mut wanted, &mut alone] {
            put(store, actor, value, name, &given).map_err(|why| Refused {
                field: Some(name.to_owned()),
                of: None,
                why,
            })?;
        }
        // Where what was shown could be read, and cannot with this alone, this is at fault.
        if is_whole && let Err(error) = serde_json::from_value::<Operation>(alone) {
            let number = number_at(&shown, name).then(|| "The number is too large.".to_owned());
            return Err(unread(Some(name), number.unwrap_or_else(|| error.to_string())));
        }
    }
    let operation = serde_json::from_value(wanted).map_err(|error| unread(None, error.to_string()))?;
    priced(store, actor, &operation).map_err(|fault| Refused { field: None, of: None, why: Why::Fault(fault) })?;
    Ok(operation)
}

/// A plan costs what it costs on this platform, whatever a form says.
fn priced(store: &TeamStore, actor: Actor, operation: &Operation) -> Result<(), Fault> {
    let (service, plan) = match operation {
        Operation::InstallAddOn { service, plan, .. } => (*service, *plan),
        Operation::ChangeAddOnPlan { add_on, plan } => (store.add_on(actor, *add_on)?.service(), *plan),
        _ => return Ok(()),
    };
    let offered = plan_of(service.as_str(), plan.name.as_str())?;
    if offered.price.cents == plan.price { Ok(()) } else { Err(Fault::Missing(Thing::Plan)) }
}

/// Whether a number stands at this place.
fn number_at(value: &Value, path: &str) -> bool {
    path.split('.').try_fold(value, |place, step| place.get(step)).is_some_and(Value::is_number)
}

/// Puts what was given at its place; what is empty leaves what was optional out.
fn put(store: &TeamStore, actor: Actor, value: &mut Value, path: &str, given: &[&str]) -> Result<(), Why> {
    let text = given.last().copied().unwrap_or_default().trim();
    let name = path.rsplit('.').next().unwrap_or_default();
    if name == "user" && invite(store, value, text) {
        return Ok(());
    }
    let mut place = value;
    for step in path.split('.') {
        let Value::Object(fields) = place else { return Err(Why::Unread(format!("there is no `{path}`"))) };
        place = fields.entry(step).or_insert(Value::Null);
    }
    *place = match place {
        _ if name == "ends_at" => ends::read(text).map_err(Why::Unread)?,
        Value::Array(_) if name == "apps" || name == "targets" => {
            let apps = given.iter().map(|one| find::app(store, actor, one).map(|id| Value::from(id.to_string())));
            Value::Array(apps.collect::<Result<_, _>>()?)
        }
        Value::String(_) | Value::Object(_) if name == "role" => role(text),
        Value::Array(_) => given.iter().map(|one| Value::from(*one)).collect(),
        Value::Number(_) => Value::from(text.parse::<u64>().map_err(|_| Why::Unread(NO_NUMBER.to_owned()))?),
        Value::Null if text.is_empty() => Value::Null,
        Value::Object(_) if name == "labels" => label::read(text).map_err(Why::Unread)?,
        Value::Object(_) => match serde_json::from_str(text) {
            Ok(written) => written,
            Err(_) => owner(store, actor, text)?,
        },
        _ => named(store, actor, name, text)?,
    };
    Ok(())
}

/// A name in place of an id.
fn named(store: &TeamStore, actor: Actor, name: &str, text: &str) -> Result<Value, Fault> {
    Ok(Value::from(match name {
        "user" | "recipient" | "manager" => find::anybody(store, actor, text)?.to_string(),
        "app" => find::app(store, actor, text)?.to_string(),
        "team" => find::team(store, actor, text)?.to_string(),
        "account" => find::account(store, actor, text)?.to_string(),
        "space" => find::space(store, actor, text)?.to_string(),
        _ => text.to_owned(),
    }))
}

/// A role that a team gives: a built-in one by its word, one of the team's own by its id.
fn role(text: &str) -> Value {
    text.parse::<RoleId>().map_or_else(|_| Value::from(text), |id| serde_json::json!({ "custom": id }))
}

/// A new owner by e-mail or by the name of a team.
fn owner(store: &TeamStore, actor: Actor, text: &str) -> Result<Value, Fault> {
    let owner = if text.contains('@') {
        Owner::User(find::anybody(store, actor, text)?)
    } else {
        Owner::Team(find::team(store, actor, text)?)
    };
    Ok(serde_json::to_value(owner).unwrap_or_default())
}

/// Whether it is somebody who is to be in a team and is no user yet: they are invited instead.
fn invite(store: &TeamStore, operation: &mut Value, text: &str) -> bool {
    let Value::Object(fields) = operation else { return false };
    let invites = match fields.get("type").and_then(Value::as_str) {
        Some("add-member" | "invite-member") => "invite-member",
        Some("add-default-member" | "invite-default-member") => "invite-default-member",
        _ => return false,
    };
    let Ok(email) = text.parse::<Email>() else { return false };
    let is_unknown = store.user_id(&email).is_err();
    if is_unknown {
        fields.remove("user");
        fields.insert("type".into(), invites.into());
        fields.insert("email".into(), email.as_str().into());
    }
    is_unknown
}

impl From<Fault> for Why {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}
