//! OpenFGA's authorization model, made from the authority tables.

use std::collections::BTreeMap;

use serde::Serialize;

use super::tables::{KINDS, given, kept, kept_to, on_every_app, on_every_app_given, operator_on, role_in, who_has};
use crate::permission::{Permission, PermissionSet};
use crate::policy::{AppAction, Capability, Holder, HostActions};
use crate::role::Role;

/// An authorization model, schema 1.1, which OpenFGA reads as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct OpenFgaModel {
    schema_version: &'static str,
    type_definitions: Vec<TypeDefinition>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
struct TypeDefinition {
    #[serde(rename = "type")]
    name: &'static str,
    relations: BTreeMap<String, Userset>,
    metadata: Metadata,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
struct Metadata {
    relations: BTreeMap<String, Direct>,
}

/// Of which types the users are that tuples name directly.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Direct {
    directly_related_user_types: Vec<DirectType>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct DirectType {
    #[serde(rename = "type")]
    name: &'static str,
    /// Not the thing itself, but whoever has this relation with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    relation: Option<&'static str>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
enum Userset {
    This {},
    #[serde(rename = "computedUserset")]
    Computed {
        relation: String,
    },
    #[serde(rename = "tupleToUserset", rename_all = "camelCase")]
    Through {
        tupleset: Relation,
        computed_userset: Relation,
    },
    Union {
        child: Vec<Userset>,
    },
    Intersection {
        child: [Box<Userset>; 2],
    },
    Difference {
        base: Box<Userset>,
        subtract: Box<Userset>,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Relation {
    relation: String,
}

fn of(relation: impl Into<String>) -> Userset {
    Userset::Computed { relation: relation.into() }
}

/// Who has `relation` with what `tupleset` leads to.
fn through(tupleset: &str, relation: impl Into<String>) -> Userset {
    let [tupleset, computed_userset] = [tupleset.into(), relation.into()].map(|relation| Relation { relation });
    Userset::Through { tupleset, computed_userset }
}

/// Whoever is in one of these and is not kept out as a third-party client (SEC-1).
fn let_in(child: Vec<Userset>) -> Userset {
    Userset::Difference { base: Box::new(Userset::Union { child }), subtract: Box::new(of("kept-out")) }
}

impl TypeDefinition {
    fn new(name: &'static str) -> Self {
        Self { name, ..Self::default() }
    }

    /// With a relation that tuples name, to things of this type.
    fn direct(self, relation: impl Into<String>, name: &'static str) -> Self {
        self.related(relation.into(), vec![DirectType { name, relation: None }])
    }

    fn related(mut self, relation: String, directly_related_user_types: Vec<DirectType>) -> Self {
        let direct = Direct { directly_related_user_types };
        self.metadata.relations.insert(relation.clone(), direct);
        self.with(relation, Userset::This {})
    }

    fn with(mut self, relation: impl Into<String>, userset: Userset) -> Self {
        self.relations.insert(relation.into(), userset);
        self
    }
}

pub(super) fn model(own: &HostActions) -> OpenFgaModel {
    let types = [
        TypeDefinition::new("user"),
        TypeDefinition::new("platform").direct("third-party", "user"),
        team(),
        TypeDefinition::new("group").direct("member", "user"),
        TypeDefinition::new("role").direct("holder", "user"),
        app(own),
    ];
    OpenFgaModel { schema_version: "1.1", type_definitions: types.into() }
}

fn team() -> TypeDefinition {
    let mut team = TypeDefinition::new("team")
        .direct("closed-to-clients", "platform")
        .with("kept-out", through("closed-to-clients", "third-party"));
    for kind in KINDS {
        team = team.direct(operator_on(kind), "platform");
        for role in Role::ALL {
            team = team.direct(role_in(kind, *role), "user");
        }
    }
    for role in Role::ALL {
        let child = KINDS.map(|kind| of(role_in(kind, *role))).into();
        team = team.with(role.to_string(), Userset::Union { child });
    }
    for capability in Capability::ALL {
        let own = capability.is_for_custom_roles().then(|| given(*capability));
        if let Some(given) = &own {
            team = team.related(given.clone(), vec![DirectType { name: "role", relation: Some("holder") }]);
        }
        team = team.with(capability.code(), let_in(who_has(*capability).into_iter().chain(own).map(of).collect()));
    }
    for permission in Permission::ALL {
        let holders = DirectType { name: "role", relation: Some("holder") };
        team = team.related(on_every_app_given(*permission), vec![holders]);
    }
    team
}

fn app(own: &HostActions) -> TypeDefinition {
    let mut app = TypeDefinition::new("app")
        .direct("owner", "user")
        .direct("team", "team")
        .direct("unlocked", "team")
        .direct("locked", "team")
        .direct("operator", "platform")
        .direct("added", "user")
        .with("kept-out", through("team", "kept-out"));
    for permission in Permission::ALL {
        let people = [("user", None), ("group", Some("member"))].map(|(name, relation)| DirectType { name, relation });
        app = app.related(format!("granted-{permission}"), people.into());
        let mut held = vec![of("owner"), of(format!("granted-{permission}"))];
        for (kind, role, by_lock) in on_every_app() {
            for (lock, _) in ["unlocked", "locked"].iter().zip(by_lock).filter(|(_, set)| set.contains(*permission)) {
                held.push(through(lock, role_in(kind, role)));
            }
        }
        held.push(through("team", on_every_app_given(*permission)));
        held.extend(PermissionSet::WORK.contains(*permission).then(|| of("added")));
        held.extend(PermissionSet::VIEW.contains(*permission).then(|| of("operator")));
        app = app.with(permission.to_string(), let_in(held));
    }
    for holders in kept() {
        let child = holders.iter().map(is_holder).collect();
        app = app.with(kept_to(holders).unwrap_or_default(), Userset::Union { child });
    }
    for action in AppAction::ALL {
        let held = Userset::Union { child: action.any_of().iter().map(|one| of(one.to_string())).collect() };
        let allowed = match kept_to(action.holders()) {
            Some(group) => Userset::Intersection { child: [held, of(group)].map(Box::new) },
            None => held,
        };
        app = app.with(action.code(), allowed);
    }
    for (action, any_of) in own.iter() {
        let child = any_of.iter().map(|one| of(one.to_string())).collect();
        app = app.with(action.as_str(), Userset::Union { child });
    }
    app
}

/// Whoever holds what they hold on the app as this holder.
fn is_holder(holder: Holder) -> Userset {
    let [enterprise, standard] = KINDS.map(|kind| through("team", role_in(kind, Role::Collaborator)));
    match holder {
        Holder::Owner => of("owner"),
        Holder::Admin => through("team", Role::Admin.to_string()),
        // Whoever has a role of the team's own counts as a member (ROLE-2).
        Holder::Member => {
            Userset::Union { child: [Role::Member, Role::Custom].map(|role| through("team", role.to_string())).into() }
        }
        Holder::Viewer => through("team", Role::Viewer.to_string()),
        Holder::Collaborator => enterprise,
        Holder::StandardCollaborator => standard,
        Holder::PersonalCollaborator => {
            let in_team = Role::ALL.iter().map(|role| through("team", role.to_string())).collect();
            Userset::Difference { base: Box::new(of("added")), subtract: Box::new(Userset::Union { child: in_team }) }
        }
    }
}
