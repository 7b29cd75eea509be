//! Cedar, asked through its own engine.

use std::error::Error;

use cedar_policy::{
    Authorizer, Context, Decision, Entities, EntityId, EntityTypeName, EntityUid, PolicySet, Request, Response,
    RestrictedExpression, Schema, ValidationMode, Validator,
};
use enterprise_teams::export::Cedar;
use enterprise_teams::{AccessQuery, ActorKind};

use crate::{Asked, Opinion};

/// Cedar with an export in it. Policies, entities and every request are checked against the schema.
pub struct Engine {
    schema: Schema,
    policies: PolicySet,
    entities: Entities,
    in_person: Context,
    types: Types,
}

struct Types {
    user: EntityTypeName,
    operator: EntityTypeName,
    team: EntityTypeName,
    app: EntityTypeName,
    action: EntityTypeName,
}

impl Engine {
    /// Reads an export.
    ///
    /// # Errors
    /// If Cedar finds fault with it: syntax, types, a policy that the validator rejects or warns of.
    pub fn new(export: &Cedar) -> Result<Self, Box<dyn Error>> {
        Self::with_policies(export, export.policies.parse()?)
    }

    /// Reads an export, with other policies than its own.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn with_policies(export: &Cedar, policies: PolicySet) -> Result<Self, Box<dyn Error>> {
        let (schema, warnings) = Schema::from_cedarschema_str(&export.schema)?;
        if let Some(warning) = warnings.into_iter().next() {
            return Err(warning.into());
        }
        let validated = Validator::new(schema.clone()).validate(&policies, ValidationMode::Strict);
        let errors = validated.validation_errors().map(ToString::to_string);
        let faults: Vec<String> = errors.chain(validated.validation_warnings().map(ToString::to_string)).collect();
        if !faults.is_empty() {
            return Err(faults.join("; ").into());
        }
        let entities = Entities::from_json_value(serde_json::to_value(&export.entities)?, Some(&schema))?;
        let types = Types {
            user: "User".parse()?,
            operator: "Operator".parse()?,
            team: "Team".parse()?,
            app: "App".parse()?,
            action: "Action".parse()?,
        };
        Ok(Self { schema, policies, entities, in_person: Context::empty(), types })
    }

    /// The policy that alone permits this, by its name, if it is permitted by one.
    #[must_use]
    pub fn only_reason(&self, asked: Asked) -> Option<String> {
        let answer = self.answer(asked);
        let mut reasons = answer.diagnostics().reason();
        let (reason, None) = (reasons.next()?, reasons.next()) else { return None };
        let permits = answer.decision() == Decision::Allow;
        permits.then(|| self.policies.annotation(reason, "id")).flatten().map(str::to_owned)
    }

    fn answer(&self, Asked { who, question }: Asked) -> Response {
        let uid = |kind: &EntityTypeName, id: String| EntityUid::from_type_name_and_id(kind.clone(), EntityId::new(id));
        let principal = match who {
            ActorKind::User(user) | ActorKind::OAuth { user, .. } => uid(&self.types.user, user.to_string()),
            ActorKind::Operator => uid(&self.types.operator, "operator".to_owned()),
        };
        let context = match who {
            ActorKind::OAuth { client, .. } => {
                let client = RestrictedExpression::new_string(client.to_string());
                Context::from_pairs([("client".to_owned(), client)]).expect("one attribute")
            }
            ActorKind::User(_) | ActorKind::Operator => self.in_person.clone(),
        };
        let (action, resource) = match &question {
            AccessQuery::App(action, app) => (action.code(), uid(&self.types.app, app.to_string())),
            AccessQuery::Host(action, app) => (action.as_str(), uid(&self.types.app, app.to_string())),
            AccessQuery::Team(capability, team) => (capability.code(), uid(&self.types.team, team.to_string())),
        };
        let action = uid(&self.types.action, action.to_owned());
        let request = Request::new(principal, action, resource, context, Some(&self.schema)).expect("fits the schema");
        Authorizer::new().is_authorized(&request, &self.policies, &self.entities)
    }
}

impl Opinion for Engine {
    fn allows(&self, asked: Asked) -> bool {
        self.answer(asked).decision() == Decision::Allow
    }

    fn because(&self, asked: Asked) -> String {
        let answer = self.answer(asked);
        let policies = answer.diagnostics().reason();
        let policies: Vec<&str> = policies.filter_map(|policy| self.policies.annotation(policy, "id")).collect();
        let errors: Vec<String> = answer.diagnostics().errors().map(ToString::to_string).collect();
        format!("{:?} by policies {policies:?}, errors {errors:?}", answer.decision())
    }
}
