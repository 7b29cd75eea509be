//! An Enterprise Team of 2024: apps, access, transfers, spaces.

#![allow(clippy::indexing_slicing, reason = "what is listed is there: the story has just made it")]

use enterprise_teams::chrono::TimeDelta;
use enterprise_teams::{
    Error, NewApp, NewSpace, PageRequest, Stage, TeamRole,
    demo::id,
    entity::{DynoSize, Limits},
    query::{AppFilter, PeopleFilter},
};

use super::roles;
use super::story::Story;

pub(crate) fn enterprise_team_2024(story: &mut Story<'_>) -> Result<(), Error> {
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
    let staying = story.store.pipeline_apps(ada, pipeline, &AppFilter::default(), &PageRequest::default())?.items.len();
    story.say(&format!("Pipeline acme-site stays with {stays} and {staying} app"));

    roles::roles_and_settings(story, acme, [ada, joe, vera, jill])
}
