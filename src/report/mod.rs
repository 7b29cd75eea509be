//! Reports for people: tables as Markdown and as CSV, and a page for an access review.
//!
//! A report shows what the questions that it asks would show the same actor, and nothing else.

mod review;
mod table;

use std::collections::BTreeMap;

use crate::actor::Actor;
use crate::entity::{App, Days, Millionths, Month, Owner, Shield};
use crate::error::Error;
use crate::ids::TeamId;
use crate::query::{AccessEntry, AppAccess, AppFilter, AppSort, PeopleFilter, Resource, UsagePart, collect_pages};
use crate::sort;
use crate::store::TeamStore;

pub use review::AccessReview;
pub use table::Table;

/// **Reports**: tables as Markdown and CSV, an access review as HTML.
impl TeamStore {
    /// Who holds what on which app of a team: a row for each of its people, a column for each app; and one for the groups that they are
    /// in, if anybody is (GRP-3).
    ///
    /// Visible as the [`access_list`](Self::access_list). Costs people times apps.
    ///
    /// # Errors
    /// As [`access_list`](Self::access_list).
    ///
    /// ```
    /// use enterprise_teams::demo::Demo;
    ///
    /// let Demo { store, vera, acme, .. } = Demo::new()?;
    /// let csv = store.permission_matrix(vera, acme)?.csv();
    /// assert_eq!(csv.lines().nth(2), Some("jill@creativeinc.com,collaborator,MFA off,view"));
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn permission_matrix(&self, actor: Actor, team: TeamId) -> Result<Table, Error> {
        let people = self.people_of(actor, team)?;
        let apps = self.apps_of(actor, team)?;
        let mut held = BTreeMap::new();
        for (column, app) in apps.iter().enumerate() {
            for access in self.everybody_on(actor, app)? {
                held.insert((access.user.id(), column), access.held.permissions);
            }
        }
        let grouped = people.iter().any(|person| !person.groups.is_empty());
        let head = ["e-mail", "role", "sign-in"].into_iter().chain(grouped.then_some("groups")).map(String::from);
        let mut table = Table::new(
            format!("Permissions in team {}", self.title_of(actor, team)),
            head.chain(apps.iter().map(|app| app.name().to_string())),
        );
        for person in people {
            let suspended = if person.user.suspended_at().is_some() { ", suspended" } else { "" };
            let sign_in = format!("{}{suspended}", person.status.title());
            let who = [person.user.email().to_string(), person.role_name(), sign_in];
            let groups: Vec<&str> = person.groups.iter().map(|group| group.name.as_str()).collect();
            let who = who.into_iter().chain(grouped.then(|| groups.join(" ")));
            let cells = (0..apps.len()).map(|column| {
                let held = held.get(&(person.user.id(), column));
                held.map_or_else(String::new, |held| {
                    held.iter().map(|one| one.to_string()).collect::<Vec<_>>().join(" ")
                })
            });
            table.push(who.chain(cells));
        }
        Ok(table)
    }

    /// Every dyno and add-on of a team, app by app, and its spaces (RES-4), with what each comes to in a month.
    ///
    /// # Errors
    /// As [`resources`](Self::resources).
    ///
    /// ```
    /// use enterprise_teams::{demo::Demo, entity::DynoSize};
    ///
    /// let Demo { mut store, ada, acme, website, .. } = Demo::new()?;
    /// store.scale_app(ada, website, "web".parse()?, DynoSize::Standard2X, 3)?;
    /// assert_eq!(
    ///     store.resource_table(ada, acme)?.markdown(),
    ///     "## Resources of team acme-widgets\n\n\
    ///  | app | resource | name | size or plan | quantity | dyno units a month | credits a month |\n\
    ///  | --- | --- | --- | --- | --- | --- | --- |\n\
    ///  | acme-website | dynos | web | standard-2x | 3 | 6 |  |\n",
    /// );
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn resource_table(&self, actor: Actor, team: TeamId) -> Result<Table, Error> {
        let resources = collect_pages(|page| self.resources(actor, team, page))?;
        let head = ["app", "resource", "name", "size or plan", "quantity", "dyno units a month", "credits a month"];
        let mut table = Table::new(format!("Resources of team {}", self.title_of(actor, team)), head.map(String::from));
        for one in resources {
            let of_app = match one {
                Resource::App(of_app) => of_app,
                Resource::Space(space) => {
                    let (kind, price) = ("space".to_owned(), credits(u64::from(space.shield().price()) * 1_000_000));
                    let plan = match space.shield() {
                        Shield::Off => "private",
                        Shield::On => "shield",
                    };
                    let none = String::new;
                    table.push([none(), kind, space.name().to_string(), plan.into(), "1".into(), none(), price]);
                    continue;
                }
            };
            let app = of_app.app.name();
            for dyno in of_app.dynos {
                let units = dyno.size.micro_units() * u64::from(dyno.quantity);
                let (size, quantity) = (dyno.size.to_string(), dyno.quantity.to_string());
                let name = dyno.process.to_string();
                table.push([app.to_string(), "dynos".into(), name, size, quantity, micros(units), String::new()]);
            }
            for add_on in of_app.add_ons {
                let (service, plan) = (add_on.service().to_string(), add_on.plan());
                let price = credits(u64::from(plan.price) * 1_000_000);
                let (kind, name) = ("add-on".to_owned(), plan.name.to_string());
                table.push([app.to_string(), kind, service, name, "1".into(), String::new(), price]);
            }
        }
        Ok(table)
    }

    /// What each app and space of a team, or each app of a user, used in a month (USE-2), and the sum, exactly.
    ///
    /// # Errors
    /// As [`usage`](Self::usage).
    ///
    /// ```
    /// use enterprise_teams::chrono::TimeDelta;
    /// use enterprise_teams::{demo::Demo, entity::{DynoSize, Month}};
    ///
    /// let Demo { mut store, ada, acme, website, .. } = Demo::new()?;
    /// store.scale_app(ada, website, "web".parse()?, DynoSize::Standard1X, 1)?;
    /// let later = ada.at(ada.at + TimeDelta::hours(72));
    /// assert_eq!(
    ///     store.usage_table(later, acme, Month::of(ada.at))?.csv(),
    ///     "used by,dyno units,add-on credits,space credits\r\n\
    ///      acme-website,0.1,0,0\r\n\
    ///      total,0.1,0,0\r\n",
    /// );
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn usage_table(&self, actor: Actor, owner: impl Into<Owner>, month: Month) -> Result<Table, Error> {
        let owner = owner.into();
        let report = self.usage(actor, owner, Days::of(month))?;
        let head = ["used by", "dyno units", "add-on credits", "space credits"];
        let whose = match owner {
            Owner::Team(team) => format!("team {}", self.title_of(actor, team)),
            Owner::User(user) => {
                self.user(actor, user).map_or_else(|_| user.to_string(), |user| user.email().to_string())
            }
        };
        let mut table = Table::new(format!("Usage of {whose} in {month}"), head.map(String::from));
        let mut parts: Vec<_> =
            report.parts().into_iter().map(|(part, usage)| (self.part_name(actor, part), usage)).collect();
        sort::by(&mut parts, |one, other| one.0.cmp(&other.0));
        for (name, used) in parts.into_iter().chain([("total".to_owned(), report.total())]) {
            table.push([name, micros(used.dyno_units), credits(used.add_ons), credits(used.spaces)]);
        }
        Ok(table)
    }

    /// Who can do what in a team, and through what: a page to review access with.
    ///
    /// Visible as the [`access_list`](Self::access_list). Costs people times apps.
    ///
    /// # Errors
    /// As [`access_list`](Self::access_list).
    ///
    /// ```
    /// use enterprise_teams::demo::Demo;
    ///
    /// let Demo { store, ada, acme, .. } = Demo::new()?;
    /// let page = store.access_review(ada, acme)?.html();
    /// assert!(page.contains("jill@creativeinc.com"));
    /// # Ok::<(), enterprise_teams::Error>(())
    /// ```
    pub fn access_review(&self, actor: Actor, team: TeamId) -> Result<AccessReview<'_>, Error> {
        let people = self.people_of(actor, team)?;
        let apps = self.apps_of(actor, team)?;
        let apps = apps.into_iter().map(|app| Ok((app, self.everybody_on(actor, app)?)));
        let apps = apps.collect::<Result<_, Error>>()?;
        Ok(AccessReview { team: self.title_of(actor, team), at: self.at(actor.at).now(actor), people, apps })
    }

    fn people_of(&self, actor: Actor, team: TeamId) -> Result<Vec<AccessEntry<'_>>, Error> {
        collect_pages(|page| self.access_list(actor, team, &PeopleFilter::default(), page))
    }

    fn apps_of(&self, actor: Actor, team: TeamId) -> Result<Vec<&App>, Error> {
        collect_pages(|page| self.apps(actor, team, &AppFilter::default(), AppSort::Name, page))
    }

    /// Everybody who holds something on the app.
    fn everybody_on(&self, actor: Actor, app: &App) -> Result<Vec<AppAccess<'_>>, Error> {
        collect_pages(|page| self.app_access(actor, app.id(), page))
    }

    fn title_of(&self, actor: Actor, team: TeamId) -> String {
        self.team_name(actor, team).map_or_else(|_| team.to_string(), |name| name.to_string())
    }

    /// The name of an app or a space, or the id of one that is gone.
    fn part_name(&self, actor: Actor, part: UsagePart) -> String {
        match part {
            UsagePart::App(app) => self.app(actor, app).map_or_else(|_| app.to_string(), |app| app.name().to_string()),
            UsagePart::Space(space) => {
                self.space_name(actor, space).map_or_else(|_| space.to_string(), |name| format!("space {name}"))
            }
        }
    }
}

/// Millionths as a decimal number, exactly.
fn micros(amount: u64) -> String {
    Millionths(amount).to_string()
}

/// Millionths of a cent as credits, of which each is a hundred cents, exactly.
fn credits(micro_cents: u64) -> String {
    let text = format!("{}.{:08}", micro_cents / 100_000_000, micro_cents % 100_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
