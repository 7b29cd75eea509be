//! Every change is an event: who did what and when, all-or-nothing across calls, what-if, the store as it was, and replay.

use enterprise_teams::chrono::TimeDelta;
use enterprise_teams::demo::{Demo, id};
use enterprise_teams::{
    Error, NewApp, Operation, PageRequest, TeamRole, TeamStore,
    query::{AuditFilter, AuditScope},
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    print!("{}", run()?);
    Ok(())
}

/// Works on a team, and gives what its audit log tells.
pub(crate) fn run() -> Result<String, Box<dyn std::error::Error>> {
    let Demo { mut store, ada, joe, jill, acme, website, .. } = Demo::new()?;
    let (joe_id, jill_id) = (id(joe), id(jill));
    let tomorrow = ada.at(ada.at + TimeDelta::days(1));
    let mut lines = Vec::new();

    // What would happen? Nothing is done.
    let removal = Operation::RemoveMember { team: acme, user: joe_id };
    lines.push(format!("what if: {}", store.readable(ada, &store.what_if(tomorrow, &removal)?.event)));
    if let Err(refusal) = store.what_if(jill, &removal) {
        lines.push(format!("what if: {}", store.readable(jill, &refusal)));
    }

    // All or nothing: the second operation is refused, so the first leaves no trace.
    let before = store.events().len();
    let refused = store.transaction(|store| {
        store.create_app(tomorrow, NewApp::in_team(acme).named("apple".parse()?))?;
        store.set_member_role(tomorrow, acme, id(ada), TeamRole::Member)
    });
    lines.push(format!("{}; events since: {}", outcome(&refused), store.events().len() - before));

    store.transaction(|store| {
        store.set_member_role(tomorrow, acme, joe_id, TeamRole::Admin)?;
        store.lock_app(tomorrow, website)?;
        store.remove_collaborator(tomorrow, website, jill_id)
    })?;

    lines.push("the team's log since tomorrow, the newest first:".into());
    let recent = AuditFilter::new(AuditScope::Team(acme)).since(tomorrow.at);
    for entry in store.audit_log(ada, &recent, &PageRequest::default())?.items {
        lines.push(format!("  {}", store.readable(ada, &entry)));
    }
    lines.push("what concerned jill, two by two:".into());
    let mut page = PageRequest::first(2)?;
    loop {
        let found = store.audit_log(jill, &AuditFilter::new(AuditScope::User(jill_id)), &page)?;
        let numbers: Vec<String> =
            found.items.iter().map(|entry| format!("#{} {}", entry.seq, entry.event.code())).collect();
        lines.push(format!("  {}", numbers.join(", ")));
        let Some(next) = found.next else { break };
        page = page.after(next);
    }

    // The log goes back as well as forwards.
    let before = store.as_of(ada.at).ok_or("handed over")?;
    let on_website =
        |store: &TeamStore| store.app_access(ada, website, &PageRequest::default()).map(|page| page.items.len());
    lines.push(format!("people on the website: {}, a day before: {}", on_website(&store)?, on_website(&before)?));

    // The events are the store.
    let copy = TeamStore::replay(store.events().to_vec())?;
    lines.push(format!("{} events replay to an equal store: {}", store.events().len(), copy == store));
    Ok(lines.join("\n") + "\n")
}

fn outcome(result: &Result<(), Error>) -> String {
    result.as_ref().map_or_else(|refusal| format!("refused by {}", refusal.rule()), |()| "done".into())
}
