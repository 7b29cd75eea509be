//! OpenFGA: an authorization model and tuples.

use core::fmt;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::model::{self, OpenFgaModel};
use super::tables::{given, on_every_app_given, operator_on, role_in};
use crate::access;
use crate::entity::{Lock, OAuthAccess};
use crate::guard;
use crate::role::Role;
use crate::sort;
use crate::state::{AppRow, At, GroupRow, OwnerIx, RoleRow, State, TeamRow};
use crate::store::TeamStore;

/// The platform: the operator's name as a user of OpenFGA, and where a client of a third party shows.
const PLATFORM: &str = "platform:this";

/// A store for OpenFGA: made by [`TeamStore::export_openfga`].
///
/// A check asks whether a `user:ID`, or the operator as `platform:this`, has the relation named by the code of an action or
/// a capability with an `app:ID` or a `team:ID`.
///
/// Through which client somebody acts is no relation that lasts. A check on behalf of a third-party client carries it as a
/// contextual tuple, the same for every team and app: `user:ID` is `third-party` of `platform:this`. Without it the answer is
/// that for the user in person.
///
/// What the engine cannot find by itself is written out as tuples, and has to be kept so: a role goes by the kind of its
/// team, and is another relation when the kind changes (ENT-4, ENT-5); permissions are `added` where none are chosen and
/// `granted-*` where they are, and change with the owner of the app; who is on some app of a team and not in it is its
/// `standard-collaborator` or `enterprise-collaborator`; an app is `unlocked` or `locked` to its team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct OpenFga {
    /// The authorization model, schema 1.1: the same for every store with these actions of the host.
    pub model: OpenFgaModel,
    /// The tuples. As JSON they are tuple keys as OpenFGA takes them to write, which it does by the hundred.
    pub tuples: Vec<OpenFgaTuple>,
}

/// A tuple: who has which relation with what.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[non_exhaustive]
pub struct OpenFgaTuple {
    /// Who, as `type:id`; the people of a group as `group:id#member`, the holders of a role as `role:id#holder`.
    pub user: String,
    /// The relation.
    pub relation: String,
    /// With what, as `type:id`.
    pub object: String,
}

/// **For OpenFGA**: the store as model and tuples.
impl TeamStore {
    /// The store for [OpenFGA](https://openfga.dev). As it is at this time: without what has ended by then, and
    /// with what ends later, so a host exports anew at [`next_end`](Self::next_end) (END-1). Costs what the store holds.
    ///
    /// For the host, as [`snapshot`](Self::snapshot): it holds who may what everywhere.
    ///
    /// ```
    /// use enterprise_teams::demo::Demo;
    /// use enterprise_teams::export::OpenFga;
    ///
    /// let Demo { store, operator, joe, website, .. } = Demo::new()?;
    /// let OpenFga { model, tuples, .. } = store.export_openfga(operator.at);
    /// let model = serde_json::to_value(model)?;
    /// assert_eq!(model["schema_version"], "1.1");
    ///
    /// let joe = format!("user:{}", enterprise_teams::demo::id(joe));
    /// let granted = tuples
    ///     .iter()
    ///     .find(|tuple| tuple.user == joe && tuple.relation == "granted-deploy");
    /// assert_eq!(granted.map(|tuple| tuple.object.clone()), Some(format!("app:{website}")));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// Whoever lacks the sign-in that is required has no tuple where it is (SEC-5), and whoever is suspended none at all (SUS-1).
    #[must_use]
    pub fn export_openfga(&self, at: DateTime<Utc>) -> OpenFga {
        let (state, mut tuples) = (self.at(at), Vec::new());
        for team in state.teams.iter() {
            state.team_tuples(team, &mut tuples);
        }
        for app in state.apps.iter() {
            state.app_tuples(app, &mut tuples);
        }
        for group in state.groups.iter() {
            state.group_tuples(group, &mut tuples);
        }
        for role in state.roles.iter() {
            state.role_tuples(role, &mut tuples);
        }
        sort::by(&mut tuples, |one, other| {
            (&one.object, &one.relation, &one.user).cmp(&(&other.object, &other.relation, &other.user))
        });
        OpenFga { model: model::model(&state.settings.options.host_actions), tuples }
    }
}

impl State {
    fn team_tuples(&self, team: At<'_, TeamRow>, tuples: &mut Vec<OpenFgaTuple>) {
        let object = format!("team:{}", team.team.id);
        let kind = team.team.kind;
        tuples.push(tuple(PLATFORM, operator_on(kind), &object));
        if team.team.oauth_access == OAuthAccess::Denied {
            tuples.push(tuple(PLATFORM, "closed-to-clients", &object));
        }
        let required = access::sign_in_requirement(self, Some(team));
        let people = team.row.people.all().filter_map(|(.., user)| self.users.at(user));
        for user in people.filter(|user| !user.is_suspended() && required.is_met_by(&user.user)) {
            let role = user.role(team.ix).map_or(Role::Collaborator, Role::from);
            tuples.push(tuple(format_args!("user:{}", user.user.id), role_in(kind, role), &object));
        }
    }

    /// Who is in the group and let in to its team.
    fn group_tuples(&self, group: At<'_, GroupRow>, tuples: &mut Vec<OpenFgaTuple>) {
        let object = format!("group:{}", group.row.group.id);
        let required = access::sign_in_requirement(self, self.teams.at(group.row.team));
        let people = group.row.members.keys().filter_map(|user| self.users.find(*user));
        let people = people.filter(|user| !user.is_suspended() && required.is_met_by(&user.user));
        tuples.extend(people.map(|user| tuple(format_args!("user:{}", user.user.id), "member", &object)));
    }

    /// Who has the role and is let in to its team, and what it holds there (ROLE-1).
    fn role_tuples(&self, role: At<'_, RoleRow>, tuples: &mut Vec<OpenFgaTuple>) {
        let object = format!("role:{}", role.row.role.id);
        let required = access::sign_in_requirement(self, self.teams.at(role.row.team));
        let people = self.holders_of(role);
        let people = people.filter(|user| !user.is_suspended() && required.is_met_by(&user.user));
        tuples.extend(people.map(|user| tuple(format_args!("user:{}", user.user.id), "holder", &object)));
        let (holders, team) = (format!("{object}#holder"), format!("team:{}", role.row.role.team));
        let rights = role.row.role.rights;
        tuples.extend(rights.capabilities.iter().map(|one| tuple(&holders, given(one), &team)));
        tuples.extend(rights.permissions.iter().map(|one| tuple(&holders, on_every_app_given(one), &team)));
    }

    fn app_tuples(&self, app: At<'_, AppRow>, tuples: &mut Vec<OpenFgaTuple>) {
        let object = format!("app:{}", app.app.id);
        let team = self.team_of(app.row);
        tuples.push(tuple(PLATFORM, "operator", &object));
        let required = access::sign_in_requirement(self, team);
        let let_in = |user| {
            let found = self.users.get(user);
            found.filter(|user| !user.is_suspended() && required.is_met_by(&user.user))
        };
        if let OwnerIx::User(owner) = app.owner {
            let owner = let_in(owner).map(|owner| owner.user.id);
            tuples.extend(owner.map(|owner| tuple(format_args!("user:{owner}"), "owner", &object)));
        }
        if let Some(team) = team {
            let team = format!("team:{}", team.team.id);
            tuples.push(tuple(&team, "team", &object));
            let lock = match app.app.lock {
                Lock::Unlocked => "unlocked",
                Lock::Locked => "locked",
            };
            tuples.push(tuple(&team, lock, &object));
        }
        for grant in app.group_grants() {
            let Some(group) = self.groups.get(grant.group) else { continue };
            let group = format!("group:{}#member", group.group.id);
            let granted = grant.permissions.iter().map(|one| tuple(&group, format_args!("granted-{one}"), &object));
            tuples.extend(granted);
        }
        let chosen = guard::fixed_permissions(team).is_none();
        for (user, permissions) in app.grants() {
            let Some(user) = let_in(user) else { continue };
            let user = format!("user:{}", user.user.id);
            if chosen {
                let granted = permissions.iter().map(|one| tuple(&user, format_args!("granted-{one}"), &object));
                tuples.extend(granted);
            } else {
                tuples.push(tuple(&user, "added", &object));
            }
        }
    }
}

fn tuple(user: impl fmt::Display, relation: impl fmt::Display, object: &str) -> OpenFgaTuple {
    OpenFgaTuple { user: user.to_string(), relation: relation.to_string(), object: object.to_owned() }
}
