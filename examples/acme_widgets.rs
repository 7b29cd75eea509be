//! The two documents from top to bottom: an Enterprise Team of 2024, then an Organization of 2014.
//!
//! Prints what the documents' transcripts print, and the refusals that they state, each with its rule.

#![allow(clippy::indexing_slicing, reason = "what is listed is there: the story has just made it")]

use std::fmt::{Debug, Write};

use enterprise_teams::chrono::{DateTime, TimeDelta, Utc};
use enterprise_teams::{
    Actor, AppAction, AppId, Error, NewApp, NewSpace, NewTeam, NewUser, PageRequest, Permission, PermissionSet,
    Settings, Stage, TeamId, TeamRole, TeamStore,
    demo::id,
    entity::{AddOnControls, DynoSize, IdentityProvider, Limits, Mfa, Month, OAuthAccess, Plan},
    ids::ClientId,
    query::{AppFilter, AppSort, CurrentUse, PeopleFilter, Statement, Used},
    uuid::Uuid,
};

fn main() -> Result<(), Error> {
    print!("{}", run()?);
    Ok(())
}

/// Tells both stories, and gives what they print.
pub(crate) fn run() -> Result<String, Error> {
    let mut out = String::new();
    enterprise_team_2024(&mut Story::new("gentle-garden-8862", "heroku-24", "2024-11-14T12:00:00Z", &mut out)?)?;
    organization_2014(&mut Story::new("frozen-wave-4030", "cedar", "2014-04-16T12:00:00Z", &mut out)?)?;
    Ok(out)
}

fn enterprise_team_2024(story: &mut Story<'_>) -> Result<(), Error> {
    story.chapter("Managing an Enterprise Team (2024)");
    let ada = story.user("ada@acme.com")?;
    let joe = story.user("joe@acme.com")?;
    let vera = story.user("vera@acme.com")?;
    let jill = story.user("jill@creativeinc.com")?;
    let limits = Limits { apps: Some(50), ..Limits::ENTERPRISE };
    let account = story.store.open_account(story.operator, "acme".parse()?, id(ada))?;
    let acme = story.store.create_team_in(ada, account, "acme-widgets".parse()?)?;
    story.store.set_team_limits(story.operator, acme, limits)?;
    story.say("To ada@acme.com: your team acme-widgets is provisioned, with up to 500 members and 50 apps.");
    let only_user = story.store.access_list(ada, acme, &PeopleFilter::default(), &PageRequest::default())?;
    let only_user = format!("Access: {} {}", only_user.items[0].user.email(), only_user.items[0].role);
    story.say(&only_user);

    story.section("Apps");
    story.shell("heroku create --team acme-widgets");
    let garden = story.store.create_app(ada, NewApp::in_team(acme))?;
    let name = story.store.app(ada, garden)?.name();
    story.say(&format!("Creating {name} in organization acme-widgets... done"));
    story.say_urls(ada, garden)?;
    story.shell("heroku create --team acme-widgets --app apple");
    let apple = story.store.create_app(ada, NewApp::in_team(acme).named("apple".parse()?))?;
    story.say("Creating apple... done");
    story.say_urls(ada, apple)?;

    story.section("Access");
    story.shell("heroku members:add joe@acme.com --team acme-widgets");
    story.store.add_default_member(ada, acme, id(joe))?;
    story.say("Adding joe@acme.com as member to organization acme-widgets... done");
    story.store.add_member(ada, acme, id(vera), TeamRole::Viewer)?;
    story.refuse(vera, "vera, a viewer, creates an app", |store| store.create_app(vera, NewApp::in_team(acme)));
    story.refuse(joe, "joe, a member, adds vera as admin", |store| {
        store.set_member_role(joe, acme, id(vera), TeamRole::Admin)
    });

    story.section("Transferring apps");
    let deep_spring = story.store.create_app(joe, NewApp::personal().named("deep-spring-4274".parse()?))?;
    story.store.scale_app(joe, deep_spring, "web".parse()?, DynoSize::Eco, 1)?;
    story.store.add_collaborator(joe, deep_spring, id(ada))?;
    story.refuse(ada, "ada, a collaborator and not its owner, transfers deep-spring-4274", |store| {
        store.transfer_app(ada, deep_spring, acme)
    });
    story.later(TimeDelta::days(1));
    let joe = story.now(joe);
    story.shell("heroku apps:transfer acme-widgets -a deep-spring-4274");
    story.store.transfer_app(joe, deep_spring, acme)?;
    story.say("Transferring deep-spring-4274 to acme-widgets... done");
    for period in story.store.ownership_history(joe, deep_spring)? {
        let until = period.until.map_or("now on".to_owned(), |until| until.to_rfc3339());
        let owner = story.store.readable(joe, &period.owner);
        story.say(&format!("Billing: {owner} from {} to {until}", period.from.to_rfc3339()));
    }
    let size = story.store.formation(joe, deep_spring)?[0].size;
    story.say(&format!("Dynos: web was eco and is {size}"));
    let spare = [story.store.create_app(joe, NewApp::personal())?, story.store.create_app(joe, NewApp::personal())?];
    story.refuse(joe, "joe moves two apps of his and one of the team in bulk", |store| {
        store.transfer_apps(joe, &[spare[0], apple, spare[1]], acme)
    });
    story.store.transfer_apps(joe, &spare, acme)?;
    story.say("Bulk: 2 personal apps of joe@acme.com moved to acme-widgets");
    story.list_apps(joe, acme)?;

    story.section("Removing apps");
    story.refuse(joe, "joe, a member without manage, deletes apple", |store| store.delete_app(joe, apple, "apple"));
    story.refuse(ada, "ada confirms with another name", |store| store.delete_app(ada, apple, "aple"));
    story.store.delete_app(ada, apple, "apple")?;
    story.say("Destroying apple... done");

    story.section("Spaces");
    let ada = story.now(ada);
    let private = NewSpace::new(acme, "acme-private".parse()?);
    story.refuse(vera, "vera, a viewer, creates a space", |store| store.create_space(vera, private));
    let space = story.store.create_space(ada, private)?;
    story.say("ada@acme.com creates space acme-private");
    story.refuse(joe, "joe creates an app in it", |store| store.create_app(joe, NewApp::in_space(space)));
    story.store.allow_app_creation(ada, space, id(joe))?;
    let backend = story.store.create_app(joe, NewApp::in_space(space).named("acme-backend".parse()?))?;
    let pipeline = story.store.create_pipeline(ada, acme, "acme-site".parse()?)?;
    story.store.couple_app(ada, pipeline, backend, Stage::Production)?;
    story.store.couple_app(ada, pipeline, deep_spring, Stage::Staging)?;
    story.later(TimeDelta::days(3));
    let ada = story.now(ada);
    story.use_of(ada, acme)?;
    let labs = story.store.create_team_in(ada, account, "acme-labs".parse()?)?;
    story.refuse(joe, "joe transfers the space", |store| store.transfer_space(joe, space, labs));
    story.store.transfer_space(ada, space, labs)?;
    story.say("ada@acme.com transfers acme-private to acme-labs");
    story.list_apps(ada, labs)?;
    story.list_apps(ada, acme)?;
    let stays = story.store.readable(ada, &story.store.pipeline(ada, pipeline)?.owner());
    let staying = story.store.pipeline_apps(ada, pipeline, &PageRequest::default())?.items.len();
    story.say(&format!("Pipeline acme-site stays with {stays} and {staying} app"));

    story.section("Roles and permissions");
    let website = story.store.create_app(ada, NewApp::in_team(acme).named("acme-website".parse()?))?;
    story.shell("heroku access:add jill@creativeinc.com --app acme-website --permissions view");
    story.store.grant_permissions(ada, website, id(jill), PermissionSet::VIEW)?;
    story.say("Adding jill@creativeinc.com to acme-website as collaborator... done");
    story.refuse(jill, "jill, a collaborator, lists the apps of the team", |store| {
        store
            .apps(jill, acme, &AppFilter::default(), AppSort::Name, &PageRequest::default())
            .map(|page| page.items.len())
    });
    story.refuse(jill, "jill lists its users", |store| {
        store.access_list(jill, acme, &PeopleFilter::default(), &PageRequest::default()).map(|page| page.items.len())
    });
    story.refuse(jill, "jill creates an app in it", |store| store.create_app(jill, NewApp::in_team(acme)));
    let personal = story.store.create_app(jill, NewApp::personal().named("jills-own".parse()?))?;
    story.refuse(jill, "jill transfers an app to it", |store| store.transfer_app(jill, personal, acme));
    story.store.grant_permissions(ada, website, id(joe), Permission::Deploy | Permission::Manage)?;
    story.store.grant_permissions(joe, website, id(vera), Permission::Operate.into())?;
    story.say("joe@acme.com, with manage on acme-website, grants vera@acme.com operate on it");
    story.refuse(joe, "joe reduces what ada, an admin, holds", |store| {
        store.set_permissions(joe, website, id(ada), PermissionSet::VIEW)
    });
    story.store.set_mfa(vera, id(vera), Mfa::Enrolled)?;
    story.access(joe, acme)?;

    story.section("Leaving");
    story.shell("heroku members:remove --team acme-widgets ada@acme.com");
    story.refuse(ada, "ada, the last admin, leaves", |store| store.remove_member(ada, acme, id(ada)));
    story.shell("heroku members:add joe@acme.com --team acme-widgets --role admin");
    story.refuse(ada, "joe is in the team already", |store| store.add_member(ada, acme, id(joe), TeamRole::Admin));
    story.store.set_member_role(ada, acme, id(joe), TeamRole::Admin)?;
    story.say("Adding joe@acme.com as admin to organization acme-widgets... done");
    story.store.remove_member(ada, acme, id(ada))?;
    story.say("Removing ada@acme.com from acme-widgets... done");
    story.shell("heroku access:remove -a acme-website jill@creativeinc.com");
    story.store.remove_collaborator(jill, website, id(jill))?;
    story.say("Removing jill@creativeinc.com access from the app acme-website... done");

    story.section("Resources");
    let joe = story.now(joe);
    story.store.scale_app(joe, website, "web".parse()?, DynoSize::Standard2X, 2)?;
    let basic = Plan { name: "basic".parse()?, price: 900 };
    story.store.install_add_on(joe, website, "postgres".parse()?, basic)?;
    let table = story.store.resource_table(vera, acme)?;
    for row in table.rows() {
        story.say(row.join("  ").trim_end());
    }

    story.section("Settings");
    story.store.set_add_on_controls(joe, acme, AddOnControls::On)?;
    story.store.set_member_role(joe, acme, id(vera), TeamRole::Member)?;
    story.refuse(vera, "vera installs an add-on that is not allowed", |store| {
        store.install_add_on(vera, website, "kafka".parse()?, basic)
    });
    story.store.allow_add_on(joe, acme, "kafka".parse()?)?;
    story.store.install_add_on(vera, website, "kafka".parse()?, basic)?;
    let exceptions = story.store.add_on_exceptions(joe, acme)?;
    let exceptions: Vec<String> = exceptions.iter().map(|add_on| add_on.service().to_string()).collect();
    story.say(&format!("Add-on controls are on; installed and not allowed: {}", exceptions.join(", ")));
    story.refuse(joe, "joe enables single sign-on without an identity provider", |store| store.enable_sso(joe, acme));
    let certificate = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----";
    let provider = IdentityProvider::new("urn:acme", "https://sso.acme.com/saml", certificate)?;
    story.store.set_identity_provider(joe, acme, provider)?;
    story.store.enable_sso(joe, acme)?;
    story.say("Single sign-on is enabled");
    story.refuse(vera, "vera renames the team", |store| store.rename_team(vera, acme, "veras-team".parse()?));
    story.store.rename_team(joe, acme, "acme-gadgets".parse()?)?;
    story.say("acme-widgets is acme-gadgets now");
    story.store.set_default_role(joe, acme, TeamRole::Viewer)?;
    let max = story.user("max@acme.com")?;
    story.store.add_default_member(joe, acme, id(max))?;
    story.say("New users are viewers from now on, and max@acme.com is the first");
    story.store.set_oauth_access(joe, acme, OAuthAccess::Denied)?;
    let client = Actor::oauth(id(joe), ClientId::from_uuid(Uuid::from_u128(1)), joe.at);
    story.refuse(client, "joe renames an app through a third-party client", |store| {
        store.rename_app(client, website, "website".parse()?)
    });
    story.refuse(joe, "the team leaves the account with a viewer in it", |store| {
        store.request_team_move_out(joe, acme)?;
        let operator = Actor::operator(joe.at);
        store.move_team_out(operator, acme)
    });
    story.store.request_team_deletion(joe, acme)?;
    let operator = story.operator;
    story.refuse(operator, "the operator deletes the team on joe's request", |store| store.delete_team(operator, acme));
    Ok(())
}

fn organization_2014(story: &mut Story<'_>) -> Result<(), Error> {
    story.chapter("Creating and Managing an Organization (2014)");
    let ada = story.user("ada@acme.com")?;
    let joe = story.user("joe@acme.com")?;
    let sue = story.user("sue@acme.com")?;
    let jill = story.user("jill@creativeinc.com")?;
    let widgets = story.store.provision_team(story.operator, NewTeam::standard("acme-widgets".parse()?, id(ada)))?;
    let inc = story.store.provision_team(story.operator, NewTeam::standard("acme-inc".parse()?, id(ada)))?;

    story.section("Adding users");
    story.shell("heroku members:add --org acme-widgets");
    story.store.add_default_member(ada, widgets, id(joe))?;
    story.say("Adding as member to organization acme-widgets... done");
    story.shell("heroku members:add --org acme-widgets --role admin");
    story.store.add_member(ada, widgets, id(sue), TeamRole::Admin)?;
    story.say("Adding as admin to organization acme-widgets... done");
    story.refuse(ada, "ada adds a viewer", |store| store.add_member(ada, widgets, id(jill), TeamRole::Viewer));
    let website = story.store.create_app(joe, NewApp::in_team(widgets).named("acme-website".parse()?))?;
    story.shell("heroku sharing:add --app acme-website");
    story.store.add_collaborator(joe, website, id(jill))?;
    story.say("Adding to acme-website as collaborator... done");
    story.refuse(ada, "ada chooses permissions on it", |store| {
        store.grant_permissions(ada, website, id(jill), Permission::Deploy.into())
    });

    story.section("Transferring apps");
    let deep_spring = story.store.create_app(joe, NewApp::personal().named("deep-spring-4274".parse()?))?;
    story.shell("heroku sharing:transfer acme-widgets -a deep-spring-4274");
    story.store.transfer_app(joe, deep_spring, widgets)?;
    story.say("Transferring deep-spring-4274 to acme-widgets... done");

    story.section("Creating apps");
    story.shell("heroku create --org acme-inc");
    let wave = story.store.create_app(ada, NewApp::in_team(inc))?;
    let app = story.store.app(ada, wave)?;
    let text = format!("Creating {} in organization acme-inc...done, stack is {} |", app.name(), app.stack());
    story.say(&text);
    story.say("Git remote heroku added");

    story.section("Locking");
    story.refuse(joe, "joe, a member, locks an app", |store| store.lock_app(joe, deep_spring));
    let staging = story.store.create_app(sue, NewApp::in_team(widgets).named("acme-website-staging".parse()?))?;
    story.explain(joe, AppAction::PushCode, staging)?;
    story.store.lock_app(ada, staging)?;
    story.say("ada@acme.com locks acme-website-staging");
    story.explain(joe, AppAction::PushCode, staging)?;
    story.refuse(joe, "joe joins it", |store| store.join_app(joe, staging));

    story.section("Removing apps");
    story.refuse(joe, "joe, a member, takes an app out", |store| store.transfer_app(joe, staging, id(joe)));
    story.shell("heroku sharing:transfer --app acme-website-staging");
    story.store.transfer_app(ada, staging, id(joe))?;
    story.say("Transferring acme-website-staging to done");
    story.list_apps(joe, widgets)?;

    story.section("Monitoring usage");
    story.store.scale_app(joe, website, "web".parse()?, DynoSize::Standard1X, 3)?;
    let card = "visa 4242".parse()?;
    story.store.set_payment_method(ada, widgets, Some(card))?;
    story.refuse(joe, "joe, a member, looks at the usage", |store| store.current_use(joe, widgets));
    story.use_of(ada, widgets)?;
    story.later(TimeDelta::days(10));
    let (joe, ada) = (story.now(joe), story.now(ada));
    story.store.scale_app(joe, website, "web".parse()?, DynoSize::Standard1X, 1)?;
    story.later(TimeDelta::days(10));
    let ada = story.now(ada);
    for row in story.store.usage_table(ada, widgets, Month::of(ada.at))?.rows() {
        story.say(&row.join("  "));
    }
    let first = Month::of(ada.at);
    story.store.close_months(story.operator.at(first.end()))?;
    let Statement { number, total, .. } = story.store.statement(ada, widgets, first)?;
    story.say(&format!("Statement {number} of {first}: {} millionths of a dyno unit", total.dyno_units));
    Ok(())
}

/// A store, a clock, and what is printed.
struct Story<'o> {
    store: TeamStore,
    operator: Actor,
    out: &'o mut String,
}

impl<'o> Story<'o> {
    /// A store whose first generated name is `first_name`.
    fn new(first_name: &str, stack: &str, at: &str, out: &'o mut String) -> Result<Self, Error> {
        let settings = Settings::from_seed(2024);
        let first = settings.names().index_of(&first_name.parse()?).unwrap_or_default();
        let settings = settings.first_name(first).default_stack(stack.parse()?);
        let at = at.parse::<DateTime<Utc>>().unwrap_or_default();
        Ok(Self { store: TeamStore::new(settings), operator: Actor::operator(at), out })
    }

    fn user(&mut self, email: &str) -> Result<Actor, Error> {
        let user = self.store.register_user(self.operator, NewUser::new(email.parse()?))?;
        Ok(Actor::user(user, self.operator.at))
    }

    fn later(&mut self, delta: TimeDelta) {
        self.operator = self.operator.at(self.operator.at + delta);
    }

    fn now(&self, actor: Actor) -> Actor {
        actor.at(self.operator.at)
    }

    fn say(&mut self, line: &str) {
        self.out.push_str(line);
        self.out.push('\n');
    }

    fn chapter(&mut self, title: &str) {
        let gap = if self.out.is_empty() { "" } else { "\n" };
        let _ = write!(self.out, "{gap}{title}\n{}\n", "=".repeat(title.len()));
    }

    fn section(&mut self, title: &str) {
        let _ = write!(self.out, "\n{title}\n{}\n", "-".repeat(title.len()));
    }

    fn shell(&mut self, command: &str) {
        self.say(&format!("$ {command}"));
    }

    fn say_urls(&mut self, actor: Actor, app: AppId) -> Result<(), Error> {
        let app = self.store.app(actor, app)?;
        let urls = format!("{} | {}", self.store.web_url(app), self.store.git_url(app));
        self.say(&urls);
        Ok(())
    }

    fn list_apps(&mut self, actor: Actor, team: TeamId) -> Result<(), Error> {
        let apps = self.store.apps(actor, team, &AppFilter::default(), AppSort::Name, &PageRequest::default())?;
        let lines: Vec<String> = apps.items.iter().map(|app| format!("{:22} {}", app.name(), app.stack())).collect();
        self.say("Apps:");
        for line in lines {
            self.say(&format!("  {line}"));
        }
        Ok(())
    }

    fn use_of(&mut self, actor: Actor, team: TeamId) -> Result<(), Error> {
        let CurrentUse { apps, members, spaces, dyno_units, add_on_credits } = self.store.current_use(actor, team)?;
        let units = Used { used: dyno_units.used / 1_000_000, limit: dyno_units.limit.map(|limit| limit / 1_000_000) };
        let credits = Used { used: add_on_credits.used / 100, limit: add_on_credits.limit.map(|limit| limit / 100) };
        self.say("Current use:");
        for (what, Used { used, limit }) in
            [("apps", apps), ("members", members), ("spaces", spaces), ("dyno units", units), ("credits", credits)]
        {
            let limit = limit.map_or("no limit".to_owned(), |limit| format!("of {limit}"));
            self.say(&format!("  {what:12} {used:>5} {limit}"));
        }
        Ok(())
    }

    fn access(&mut self, actor: Actor, team: TeamId) -> Result<(), Error> {
        let page = self.store.access_list(actor, team, &PeopleFilter::default(), &PageRequest::default())?;
        let lines: Vec<String> = page
            .items
            .iter()
            .map(|entry| {
                let apps: Vec<String> = entry.apps.iter().map(|app| app.name().to_string()).collect();
                format!("{:22} {:13} {:8} {}", entry.user.email(), entry.role, entry.status.title(), apps.join(", "))
            })
            .collect();
        self.say("Access:");
        for line in lines {
            self.say(&format!("  {}", line.trim_end()));
        }
        Ok(())
    }

    fn explain(&mut self, actor: Actor, action: AppAction, app: AppId) -> Result<(), Error> {
        let line = self.store.explain(actor, action, app)?.to_string();
        self.say(&line);
        Ok(())
    }

    /// Tries something that a rule forbids, and prints the rule and the message.
    fn refuse<T: Debug>(
        &mut self,
        actor: Actor,
        attempt: &str,
        operation: impl FnOnce(&mut TeamStore) -> Result<T, Error>,
    ) {
        let line = match operation(&mut self.store) {
            Err(refusal) => {
                format!("refused {}: {attempt}: {}", refusal.rule(), self.store.readable(actor, &refusal))
            }
            Ok(done) => format!("NOT REFUSED: {attempt}: {done:?}"),
        };
        self.say(&line);
    }
}
