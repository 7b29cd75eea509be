//! An Organization of 2014.

use enterprise_teams::chrono::TimeDelta;
use enterprise_teams::{
    AppAction, Error, NewApp, NewTeam, Permission, TeamRole,
    demo::id,
    entity::{DynoSize, Month},
    query::Statement,
};

use super::story::Story;

pub(crate) fn organization_2014(story: &mut Story<'_>) -> Result<(), Error> {
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
