//! An Enterprise Team of 2024, further: roles and permissions, leaving, resources, settings.

use enterprise_teams::{
    Actor, Error, NewApp, PageRequest, Permission, PermissionSet, TeamId, TeamRole,
    demo::id,
    entity::{AddOnControls, DynoSize, IdentityProvider, Mfa, OAuthAccess, Plan},
    ids::ClientId,
    query::{AppFilter, AppSort, PeopleFilter},
    uuid::Uuid,
};

use super::story::Story;

pub(crate) fn roles_and_settings(story: &mut Story<'_>, acme: TeamId, people: [Actor; 4]) -> Result<(), Error> {
    let [ada, joe, vera, jill] = people;
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
