//! Why may somebody do something, or why not: yes and no through every way of holding permissions.

use enterprise_teams::demo::{Demo, id};
use enterprise_teams::{AppAction, Capability, Error, NewApp, PageRequest, Permission};

fn main() -> Result<(), Error> {
    print!("{}", run()?);
    Ok(())
}

/// Asks, and gives the answers.
pub(crate) fn run() -> Result<String, Error> {
    let Demo { mut store, operator, ada, joe, vera, jill, acme, website, sam, max, wave, .. } = Demo::new()?;
    let own = store.create_app(jill, NewApp::personal().named("jills-own".parse()?))?;
    let mut lines = Vec::new();

    for (actor, action, app) in [
        (ada, AppAction::DeleteApp, website),
        (joe, AppAction::PushCode, website),
        (joe, AppAction::DeleteApp, website),
        (vera, AppAction::ViewLogs, website),
        (vera, AppAction::PushCode, website),
        (jill, AppAction::ViewApp, website),
        (jill, AppAction::RestartApp, website),
        (jill, AppAction::AddPaidAddOn, own),
        (max, AppAction::PushCode, wave),
        (max, AppAction::LockApp, wave),
        (max, AppAction::ViewApp, website),
        (operator, AppAction::PushCode, website),
    ] {
        lines.push(store.explain(actor, action, app)?.to_string());
    }
    for (actor, capability) in [
        (joe, Capability::CreateApps),
        (vera, Capability::CreateApps),
        (jill, Capability::ViewApps),
        (sam, Capability::ViewApps),
    ] {
        lines.push(store.explain(actor, capability, acme)?.to_string());
    }

    // A refusal tells the way out; taking it turns the answer.
    let refusal = store.check(vera, AppAction::PushCode, website).err();
    if let Some(remedy) = refusal.and_then(|refusal| refusal.remedy()) {
        lines.push(format!("the way out: {}", store.readable(vera, &remedy)));
    }
    store.grant_permissions(ada, website, id(vera), Permission::Deploy.into())?;
    lines.push(store.explain(vera, AppAction::PushCode, website)?.to_string());

    lines.push("who can push-code on acme-website:".into());
    for access in store.who_can(ada, AppAction::PushCode, website, &PageRequest::default())?.items {
        lines.push(format!("  {}: {}", access.user.email(), access.held.through));
    }
    Ok(lines.join("\n") + "\n")
}
