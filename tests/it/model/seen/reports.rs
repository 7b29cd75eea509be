//! PERM-11, RES-4, USE-2: reports, as tables of texts; and which names are shown for ids.

use enterprise_teams::{
    Capability, Error, Owner, Permission, PermissionSet, Role, TeamId,
    entity::{Days, Month, Shield, Usage},
    report::Table,
};

use super::super::verdict::refuse_unless;
use super::usage::units;
use super::{ActorView, Sight};

/// What a report says.
type Rows = Vec<Vec<String>>;

/// The name of what has the id, for whoever may know it.
pub(super) fn shown<T: ToString>(id: impl ToString + Copy, name: Result<T, Error>) -> String {
    name.map_or_else(|_| id.to_string(), |name| name.to_string())
}

/// Hundred-millionths, or millionths, as a number without zeros at its end.
fn decimal(amount: u64, digits: usize) -> String {
    let text = format!("{amount:0width$}", width = digits + 1);
    let (whole, rest) = text.split_at(text.len() - digits);
    format!("{whole}.{rest}").trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn codes(held: PermissionSet) -> String {
    let code = |one: &Permission| format!("{one:?}").to_lowercase();
    Permission::ALL.iter().filter(|one| held.contains(**one)).map(code).collect::<Vec<_>>().join(" ")
}

impl Sight<'_> {
    /// By e-mail; what each holds on each app, by name.
    fn permission_matrix(&self, team: TeamId) -> Result<Rows, Error> {
        self.access_list_open(team)?;
        let outside = self.looks(team, Capability::ViewCollaborators);
        refuse_unless(self.looks(team, Capability::ViewApps), Error::OnlyTeamListsApps { actor: self.who, team })?;
        let apps = self.apps_of(team);
        let head = ["e-mail", "role", "sign-in"].map(String::from).into_iter();
        let mut people = self.people(team);
        people.retain(|person| outside || person.1.0 != Role::Collaborator);
        people.sort_by_key(|((_, user), ..)| user.email.to_string());
        // GRP-3: a column more, if anybody is in a group.
        let grouped = people.iter().any(|(.., groups, _)| !groups.is_empty());
        let head = head.chain(grouped.then(|| "groups".to_owned()));
        let rows = people.iter().map(|((id, user), (role, custom), status, _, _, groups, _)| {
            let role = custom.map_or(role.to_string(), |name| name.to_string());
            let cells = apps.iter().map(|(app, _)| codes(self.held_by(*id, *app).permissions));
            let groups = groups.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
            let suspended = if self.model.is_suspended(*id) { ", suspended" } else { "" };
            let who = [user.email.to_string(), role, format!("{}{suspended}", status.title())];
            who.into_iter().chain(grouped.then_some(groups)).chain(cells).collect()
        });
        let head = head.chain(apps.iter().map(|(_, app)| app.name.to_string())).collect();
        Ok([head].into_iter().chain(rows).collect())
    }

    fn resource_table(&self, team: TeamId) -> Result<Rows, Error> {
        self.resources_open(team)?;
        let rows = self.apps_of(team).into_iter().flat_map(|(id, app)| {
            let dynos = self.dynos_of(id).into_iter().map(move |(process, size, quantity)| {
                let units = decimal(units(size, quantity), 6);
                ["dynos".into(), process.to_string(), size.to_string(), quantity.to_string(), units, String::new()]
            });
            let add_ons = self.add_ons_of(id).into_iter().map(|(_, one)| {
                let credits = decimal(one.plan.price.into(), 2);
                let (service, plan) = (one.service.to_string(), one.plan.name.to_string());
                ["add-on".into(), service, plan, "1".into(), String::new(), credits]
            });
            dynos.chain(add_ons).map(move |cells| [app.name.to_string()].into_iter().chain(cells).collect())
        });
        let mut spaces: Vec<_> = self.model.spaces.values().filter(|space| space.team == team).collect();
        spaces.sort_by_key(|space| space.name.to_string());
        let spaces = spaces.into_iter().map(|space| {
            let (plan, credits) = if space.shield == Shield::On { ("shield", "3000") } else { ("private", "1000") };
            ["", "space", space.name.as_str(), plan, "1", "", credits].map(String::from).into()
        });
        Ok(rows.chain(spaces).collect())
    }

    /// Without the names: what is gone has none.
    pub(super) fn usage_table(&self, owner: Owner, month: Month) -> Result<Rows, Error> {
        let (_, total, _, parts) = self.usage(owner, Days::of(month))?;
        let cells = |used: &Usage| vec![decimal(used.dyno_units, 6), decimal(used.add_ons, 8), decimal(used.spaces, 8)];
        let mut rows: Rows = parts.values().map(cells).collect();
        rows.sort();
        rows.push(cells(&total));
        Ok(rows)
    }
}

pub(super) fn ask(asker: &mut ActorView<'_>) {
    let ActorView { store, actor, sight, .. } = *asker;
    let rows = |table: Table| table.rows().to_vec();
    for team in sight.teams_and_none() {
        let found = || {
            let table = store.permission_matrix(actor, team)?;
            Ok([table.head()].into_iter().map(<[String]>::to_vec).chain(table.rows().iter().cloned()).collect())
        };
        asker.same(("permission_matrix", team), found, || sight.permission_matrix(team));
        let found = || store.resource_table(actor, team).map(rows);
        asker.same(("resource_table", team), found, || sight.resource_table(team));
        let found = || store.access_review(actor, team).map(drop);
        asker.same(("access_review", team), found, || sight.access_list_open(team));
    }
    for id in sight.users_and_none() {
        let model = || shown(id, sight.user(id).map(|(_, user)| user.email));
        asker.same(("readable", id), || store.readable(actor, &id), model);
    }
    for id in sight.teams_and_none() {
        let model = || shown(id, sight.team_name(id));
        asker.same(("readable", id), || store.readable(actor, &id), model);
    }
    for id in sight.apps_and_none() {
        let model = || shown(id, sight.app(id).map(|(_, app)| app.name));
        asker.same(("readable", id), || store.readable(actor, &id), model);
    }
    for id in sight.spaces_and_none() {
        let model = || shown(id, sight.space_name(id));
        asker.same(("readable", id), || store.readable(actor, &id), model);
    }
    for id in sight.pipelines_and_none() {
        let model = || shown(id, sight.pipeline(id).map(|(_, pipeline)| pipeline.name));
        asker.same(("readable", id), || store.readable(actor, &id), model);
    }
    for id in sight.accounts_and_none() {
        let model = || shown(id, sight.account(id).map(|(_, name, _)| name));
        asker.same(("readable", id), || store.readable(actor, &id), model);
    }
}
