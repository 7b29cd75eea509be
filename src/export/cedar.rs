//! Cedar: a schema, policies and entities.

use core::fmt::{self, Write as _};
use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::tables::{
    KINDS, given, kept, kept_to, of_custom_roles, on_every_app, on_every_app_given, operator_on, role_in, who_has,
};
use crate::access;
use crate::entity::{Lock, OAuthAccess, SignInRequirement};
use crate::ids::{GroupId, RoleId, TeamId, UserId};
use crate::permission::{Permission, PermissionSet};
use crate::policy::{AppAction, Capability, Holder, HostActions, RoleRights};
use crate::role::{Role, TeamRole};
use crate::sort;
use crate::state::{AppRow, At, OwnerIx, State, TeamRow, UserRow};
use crate::store::TeamStore;

/// A store for Cedar: made by [`TeamStore::export_cedar`].
///
/// A request is a `User` or the one `Operator::"operator"`, which needs no entity; an `Action` by its code; a `Team` or an
/// `App`; and a context that names the third-party client if the user acts through one: `{"client": "…"}`. Without it the
/// answer is that for the user in person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Cedar {
    /// The schema, in Cedar's own syntax: the same for every store. It holds the authority tables: which group of actions each
    /// action is in. Entities and policies need it.
    pub schema: String,
    /// The policies: the same for every store.
    pub policies: String,
    /// Users, roles in teams, groups, teams and apps. As JSON they are what Cedar reads as entities.
    pub entities: Vec<CedarEntity>,
}

/// An entity, with the fields that Cedar's JSON format gives to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct CedarEntity {
    /// What it is.
    pub uid: CedarUid,
    /// What the policies ask about it.
    pub attrs: BTreeMap<&'static str, CedarValue>,
    /// The roles that a user has in teams, then the groups that they are in, and then which roles of a team's own they have; for whatever
    /// else none.
    pub parents: Vec<CedarUid>,
}

/// The type and the id of an entity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct CedarUid {
    /// The type, as in the schema.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The id: that of the store, or `TEAM/ROLE` for a role in a team.
    pub id: String,
}

/// A value of an attribute, as Cedar's JSON format has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum CedarValue {
    /// Yes or no.
    Bool(bool),
    /// A word.
    Text(&'static str),
    /// Another entity.
    Entity {
        /// Which.
        #[serde(rename = "__entity")]
        entity: CedarUid,
    },
    /// Other entities, in the order of their ids.
    Set(Vec<CedarValue>),
    /// Values by their names.
    Record(BTreeMap<&'static str, CedarValue>),
}

/// **For Cedar**: the store as schema, policies and entities.
impl TeamStore {
    /// The store for [Cedar](https://www.cedarpolicy.com). As it is at this time: without what has ended by then, and
    /// with what ends later, so a host exports anew at [`next_end`](Self::next_end) (END-1). Costs what the store holds.
    ///
    /// For the host, as [`snapshot`](Self::snapshot): it holds who may what everywhere.
    ///
    /// ```
    /// use enterprise_teams::demo::Demo;
    /// use enterprise_teams::export::Cedar;
    ///
    /// let Demo { store, operator, joe, acme, .. } = Demo::new()?;
    /// let Cedar { schema, policies, entities, .. } = store.export_cedar(operator.at);
    /// assert!(schema.contains("entity User in [TeamRole, Group, CustomRole]"));
    /// assert!(policies.contains(
    ///     "permit (principal is User, action in Action::\"deploy\", resource is App)"
    /// ));
    ///
    /// let joe = enterprise_teams::demo::id(joe).to_string();
    /// let joe = entities
    ///     .iter()
    ///     .find(|entity| entity.uid.id == joe)
    ///     .map(serde_json::to_value)
    ///     .unwrap()?;
    /// assert_eq!(
    ///     joe["parents"][0],
    ///     serde_json::json!({ "type": "TeamRole", "id": format!("{acme}/member") })
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn export_cedar(&self, at: DateTime<Utc>) -> Cedar {
        let state = self.at(at);
        let users = state.users.iter().map(|user| state.user_entity(user));
        let teams = state.teams.iter().flat_map(|team| team_entities(state, team));
        let apps = state.apps.iter().map(|app| state.app_entity(app));
        let groups = state.groups.iter().map(|group| group_uid(group.group.id));
        let groups = groups.map(|uid| CedarEntity { uid, attrs: BTreeMap::new(), parents: Vec::new() });
        let roles = state.roles.iter().map(|role| custom_role_uid(role.row.role.id));
        let roles = roles.map(|uid| CedarEntity { uid, attrs: BTreeMap::new(), parents: Vec::new() });
        let mut entities: Vec<CedarEntity> = users.chain(teams).chain(groups).chain(roles).chain(apps).collect();
        sort::by(&mut entities, |one, other| (one.uid.kind, &one.uid.id).cmp(&(other.uid.kind, &other.uid.id)));
        Cedar { schema: schema(&state.settings.options.host_actions), policies: policies(), entities }
    }
}

impl State {
    fn user_entity(&self, user: At<'_, UserRow>) -> CedarEntity {
        let seats = user.row.seats().iter().filter_map(|seat| Some((self.teams.get(seat.team)?, seat.role)));
        let mut parents: Vec<CedarUid> =
            seats.map(|(team, role)| role_uid(team.team.id, role.map_or(Role::Collaborator, Role::from))).collect();
        sort::by(&mut parents, |one, other| one.id.cmp(&other.id));
        let groups = user.row.groups().iter().filter_map(|group| self.groups.get(*group));
        let mut groups: Vec<_> = groups.map(|group| group.group.id).collect();
        sort::by(&mut groups, Ord::cmp);
        parents.extend(groups.into_iter().map(group_uid));
        let own = user.row.seats().iter().filter_map(|seat| self.teams.get(seat.team)?.team_role(seat.role?));
        let own = own.filter_map(|role| match role {
            TeamRole::Custom(role) => Some(role),
            TeamRole::Admin | TeamRole::Member | TeamRole::Viewer => None,
        });
        parents.extend(own.collect::<BTreeSet<_>>().into_iter().map(custom_role_uid));
        let has = SignInRequirement::MfaOrSso.is_met_by(&user.user);
        let suspended = CedarValue::Bool(user.is_suspended());
        let attrs = BTreeMap::from([("hasMfaOrSso", CedarValue::Bool(has)), ("suspended", suspended)]);
        CedarEntity { uid: user_uid(user.user.id), attrs, parents }
    }

    fn app_entity(&self, app: At<'_, AppRow>) -> CedarEntity {
        let owner = match app.owner {
            OwnerIx::User(owner) => self.users.get(owner).map(|user| ("owner", user_uid(user.user.id))),
            OwnerIx::Team(team) => self.teams.get(team).map(|team| ("team", uid("Team", team.team.id))),
        };
        let owner = owner.map(|(attribute, entity)| (attribute, CedarValue::Entity { entity }));
        let mut people: Vec<_> =
            app.grants().filter_map(|(user, permissions)| Some((self.users.get(user)?.user.id, permissions))).collect();
        sort::by_key(&mut people, |(user, _)| *user);
        let holders = |permission| {
            let holders = people.iter().filter(|(_, permissions)| permissions.contains(permission));
            CedarValue::Set(holders.map(|(user, _)| CedarValue::Entity { entity: user_uid(*user) }).collect())
        };
        let mut groups: Vec<_> = app
            .group_grants()
            .iter()
            .filter_map(|grant| Some((self.groups.get(grant.group)?.group.id, grant.permissions)))
            .collect();
        sort::by_key(&mut groups, |(group, _)| *group);
        let groups_with = |permission| {
            let groups = groups.iter().filter(|(_, permissions)| permissions.contains(permission));
            CedarValue::Set(groups.map(|(group, _)| CedarValue::Entity { entity: group_uid(*group) }).collect())
        };
        let attrs = [
            ("locked", CedarValue::Bool(app.app.lock == Lock::Locked)),
            ("needsMfaOrSso", needs_mfa_or_sso(self, self.team_of(app.row))),
            ("view", holders(Permission::View)),
            ("deploy", holders(Permission::Deploy)),
            ("operate", holders(Permission::Operate)),
            ("manage", holders(Permission::Manage)),
            ("viewGroups", groups_with(Permission::View)),
            ("deployGroups", groups_with(Permission::Deploy)),
            ("operateGroups", groups_with(Permission::Operate)),
            ("manageGroups", groups_with(Permission::Manage)),
        ];
        CedarEntity {
            uid: uid("App", app.app.id),
            attrs: attrs.into_iter().chain(owner).collect(),
            parents: Vec::new(),
        }
    }
}

/// Whether what the team owns, or what is personal, is for those with MFA or SSO alone (SEC-5).
fn needs_mfa_or_sso(state: &State, team: Option<At<'_, TeamRow>>) -> CedarValue {
    CedarValue::Bool(access::sign_in_requirement(state, team) == SignInRequirement::MfaOrSso)
}

/// A team and its roles.
fn team_entities(state: &State, team: At<'_, TeamRow>) -> impl Iterator<Item = CedarEntity> {
    let id = team.team.id;
    let of = |role| CedarValue::Entity { entity: role_uid(id, role) };
    let with = Role::ALL.iter().map(|role| (plural(*role), of(*role)));
    let rest = [
        ("kind", CedarValue::Text(team.team.kind.code())),
        ("closedToClients", CedarValue::Bool(team.team.oauth_access == OAuthAccess::Denied)),
        ("needsMfaOrSso", needs_mfa_or_sso(state, Some(team))),
    ];
    let mut roles: Vec<_> = team.row.slots.iter().flatten().collect();
    sort::by_key(&mut roles, |slot| slot.role);
    let roles_with = |has: &dyn Fn(RoleRights) -> bool| {
        let roles = roles.iter().filter(|slot| has(slot.rights));
        CedarValue::Set(roles.map(|slot| CedarValue::Entity { entity: custom_role_uid(slot.role) }).collect())
    };
    let given = of_custom_roles().map(|one| (one.code(), roles_with(&|rights| rights.capabilities.contains(one))));
    let on_every_app =
        Permission::ALL.iter().map(|one| (one.code(), roles_with(&|rights| rights.permissions.contains(*one))));
    let own = [
        ("given", CedarValue::Record(given.collect())),
        ("givenOnEveryApp", CedarValue::Record(on_every_app.collect())),
    ];
    let attrs = with.chain(rest).chain(own).collect();
    let plain = |uid| CedarEntity { uid, attrs: BTreeMap::new(), parents: Vec::new() };
    let roles = Role::ALL.iter().map(move |role| plain(role_uid(id, *role)));
    roles.chain([CedarEntity { uid: uid("Team", id), attrs, parents: Vec::new() }])
}

/// The attribute of a team that names those with a role.
const fn plural(role: Role) -> &'static str {
    match role {
        Role::Admin => "admins",
        Role::Member => "members",
        Role::Viewer => "viewers",
        Role::Custom => "inRolesOfItsOwn",
        Role::Collaborator => "collaborators",
    }
}

fn uid(kind: &'static str, id: impl fmt::Display) -> CedarUid {
    CedarUid { kind, id: id.to_string() }
}

fn user_uid(user: UserId) -> CedarUid {
    uid("User", user)
}

fn group_uid(group: GroupId) -> CedarUid {
    uid("Group", group)
}

fn custom_role_uid(role: RoleId) -> CedarUid {
    uid("CustomRole", role)
}

fn role_uid(team: TeamId, role: Role) -> CedarUid {
    uid("TeamRole", format_args!("{team}/{role}"))
}

/// The schema: what there is, and in which groups each action is.
fn schema(own: &HostActions) -> String {
    let given: Vec<String> = of_custom_roles().map(|one| format!("    \"{one}\": Set<CustomRole>,\n")).collect();
    let mut text = include_str!("schema.cedarschema").replace("    // given\n", &given.concat());
    let kept: Vec<String> = kept().into_iter().filter_map(kept_to).collect();
    let _ = write!(
        text,
        "// What is kept to some who hold the permission (PERM-9, PERM-10, STD-4).\naction {};\n\n",
        quoted(kept)
    );
    for action in AppAction::ALL {
        let groups = action.any_of().iter().map(|one| one.to_string()).chain(kept_to(action.holders()));
        text += &declared(action.code(), groups, "App");
    }
    for (action, any_of) in own.iter() {
        text += &declared(action.as_str(), any_of.iter().map(|one| one.to_string()), "App");
    }
    let groups: BTreeSet<String> = Capability::ALL.iter().flat_map(|capability| who_has(*capability)).collect();
    let _ = write!(
        text,
        "\n// Who may do what on a team (CAP-1), and what the operator looks at.\naction {};\n\n",
        quoted(groups)
    );
    for capability in Capability::ALL {
        text += &declared(capability.code(), who_has(*capability), "Team");
    }
    text
}

fn declared(code: &str, groups: impl IntoIterator<Item = String>, resource: &str) -> String {
    let groups = quoted(groups);
    format!(
        "action \"{code}\" in [{groups}]\n  appliesTo {{ principal: [User, Operator], resource: {resource}, context: Through }};\n"
    )
}

/// The policies: those that are the same whatever the tables say, then one for each group.
fn policies() -> String {
    let mut text = include_str!("policies.cedar").to_owned();
    let groups: BTreeSet<String> = Capability::ALL.iter().flat_map(|capability| who_has(*capability)).collect();
    text += "\n// What a role may do on a team (CAP-1 to CAP-3), and where the platform operator looks.\n";
    for kind in KINDS {
        let of_kind = format!("resource.kind == \"{}\"", kind.code());
        for role in Role::ALL.iter().filter(|role| groups.contains(&role_in(kind, **role))) {
            let when = format!("{of_kind} && principal in resource.{}", plural(*role));
            text += &permit(&role_in(kind, *role), "User", &[role_in(kind, *role)], "Team", &when);
        }
        if groups.contains(&operator_on(kind)) {
            text += &permit(&operator_on(kind), "Operator", &[operator_on(kind)], "Team", &of_kind);
        }
    }
    text += "\n// What a role holds on every app of its team (PERM-1, PERM-2, STD-2, STD-3).\n";
    for (kind, role, [unlocked, locked]) in on_every_app() {
        let name = role_in(kind, role);
        let of_kind = format!("resource has team && resource.team.kind == \"{}\"", kind.code());
        let when = format!("{of_kind} && principal in resource.team.{}", plural(role));
        let always = unlocked.iter().filter(|one| locked.contains(*one)).collect::<PermissionSet>();
        for (held, id, lock) in [
            (always, "every-app", ""),
            (unlocked, "unlocked-apps", " && !resource.locked"),
            (locked, "locked-apps", " && resource.locked"),
        ] {
            let more = held.iter().filter(|one| lock.is_empty() || !always.contains(*one));
            let more: Vec<String> = more.map(|one| one.to_string()).collect();
            if !more.is_empty() {
                text += &permit(&format!("{name}-on-{id}"), "User", &more, "App", &format!("{when}{lock}"));
            }
        }
    }
    text += "\n// What a role of a team's own holds (ROLE-1).\n";
    for capability in of_custom_roles() {
        let when = format!("principal in resource.given[\"{capability}\"]");
        text += &permit(&given(capability), "User", &[capability.to_string()], "Team", &when);
    }
    for permission in Permission::ALL {
        let when = format!("resource has team && principal in resource.team.givenOnEveryApp.{permission}");
        text += &permit(&on_every_app_given(*permission), "User", &[permission.to_string()], "App", &when);
    }
    text += "\n// What is kept to some who hold the permission (PERM-9, PERM-10, STD-4).\n";
    for holders in kept() {
        let name = kept_to(holders).unwrap_or_default();
        let unless: Vec<&str> = holders.iter().map(is_holder).collect();
        let _ = write!(
            text,
            "\n@id(\"{name}\")\nforbid (principal is User, action in Action::\"{name}\", resource is App)\nunless {{\n  {}\n}};\n",
            unless.join(" ||\n  ")
        );
    }
    text
}

fn permit(id: &str, principal: &str, groups: &[String], resource: &str, when: &str) -> String {
    let groups: Vec<String> = groups.iter().map(|group| format!("Action::\"{group}\"")).collect();
    format!(
        "\n@id(\"{id}\")\npermit (principal is {principal}, action in [{}], resource is {resource})\nwhen {{ {when} }};\n",
        groups.join(", ")
    )
}

/// Whether who asks holds what they hold on the app as this holder.
const fn is_holder(holder: Holder) -> &'static str {
    match holder {
        Holder::Owner => "(resource has owner && principal == resource.owner)",
        Holder::Admin => "(resource has team && principal in resource.team.admins)",
        // Whoever has a role of the team's own counts as a member (ROLE-2).
        Holder::Member => {
            "(resource has team && (principal in resource.team.members || principal in resource.team.inRolesOfItsOwn))"
        }
        Holder::Viewer => "(resource has team && principal in resource.team.viewers)",
        Holder::Collaborator => {
            "(resource has team && resource.team.kind == \"enterprise\" && principal in resource.team.collaborators)"
        }
        Holder::StandardCollaborator => {
            "(resource has team && resource.team.kind == \"standard\" && principal in resource.team.collaborators)"
        }
        Holder::PersonalCollaborator => "(resource has owner && principal != resource.owner)",
    }
}

fn quoted(names: impl IntoIterator<Item = String>) -> String {
    names.into_iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ")
}
