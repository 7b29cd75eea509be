//! Lists as the story prints them.

use enterprise_teams::{
    Actor, AppAction, AppId, Error, PageRequest, TeamId,
    query::{AppFilter, AppSort, CurrentUse, PeopleFilter, Used},
};

use super::story::Story;

impl Story<'_> {
    pub(crate) fn say_urls(&mut self, actor: Actor, app: AppId) -> Result<(), Error> {
        let app = self.store.app(actor, app)?;
        let urls = format!("{} | {}", self.store.web_url(app), self.store.git_url(app));
        self.say(&urls);
        Ok(())
    }

    pub(crate) fn list_apps(&mut self, actor: Actor, team: TeamId) -> Result<(), Error> {
        let apps = self.store.apps(actor, team, &AppFilter::default(), AppSort::Name, &PageRequest::default())?;
        let lines: Vec<String> = apps.items.iter().map(|app| format!("{:22} {}", app.name(), app.stack())).collect();
        self.say("Apps:");
        for line in lines {
            self.say(&format!("  {line}"));
        }
        Ok(())
    }

    pub(crate) fn use_of(&mut self, actor: Actor, team: TeamId) -> Result<(), Error> {
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

    pub(crate) fn access(&mut self, actor: Actor, team: TeamId) -> Result<(), Error> {
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

    pub(crate) fn explain(&mut self, actor: Actor, action: AppAction, app: AppId) -> Result<(), Error> {
        let line = self.store.explain(actor, action, app)?.to_string();
        self.say(&line);
        Ok(())
    }
}
