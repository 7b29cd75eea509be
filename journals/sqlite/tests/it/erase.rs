//! A person who is forgotten.

use std::fs;
use std::path::Path;

use enterprise_teams::journal::{EraseError, Journal, PAGE, open, verify};
use enterprise_teams::replica::{Replica, Request};
use enterprise_teams::{
    Actor, Event, EventContext, NewTeam, Operation, PageRequest, TeamStore, UserId, entity::Mfa, uuid::Uuid,
};
use enterprise_teams_journal_contract::{operator, register};
use enterprise_teams_sqlite::SqliteJournal;

use crate::{folder, replica};

/// Every text that must be gone, and where it is nevertheless.
fn left(folder: &Path) -> Vec<String> {
    let mut left = Vec::new();
    for file in fs::read_dir(folder).unwrap() {
        let file = file.unwrap().path();
        let bytes = fs::read(&file).unwrap();
        for text in ["\"ada@acme.com", "ada.new@acme.com", " ada@acme.com", "10.1.2.3"] {
            if bytes.windows(text.len()).any(|window| window == text.as_bytes()) {
                left.push(format!("{text} in {}", file.display()));
            }
        }
    }
    left
}

fn ask(replica: &Replica<SqliteJournal>, operation: Operation) -> Event {
    replica.perform(Request::new(operator(), operation)).unwrap().event
}

fn registered(event: &Event) -> UserId {
    let Event::UserRegistered { user } = event else { panic!("{event:?}") };
    user.id()
}

#[test]
fn what_a_journal_says_of_a_user_who_was_deleted_is_written_over_and_it_still_verifies() {
    let (folder, path) = folder();
    let replica = replica(&path);
    let joe = registered(&ask(&replica, register("joe")));
    let ada = registered(&ask(&replica, register("ada")));
    // Somebody whose e-mail ends as hers.
    ask(&replica, register("xada"));
    let team = NewTeam::enterprise("acme".parse().unwrap(), joe);
    ask(&replica, Operation::ProvisionTeam { team });
    let context = EventContext::new().reason("asked by ada@acme.com. And by xada@acme.com".parse().unwrap());
    let lifted = Operation::SetEmail { user: joe, email: "joe.new@acme.com".parse().unwrap() };
    replica.perform(Request::new(operator(), lifted).context(context.clone())).unwrap();
    let own = Actor::user(ada, operator().at);
    let mfa = Operation::SetMfa { user: ada, mfa: Mfa::Enrolled };
    let request = Request::new(own, mfa).context(EventContext::new().address([10, 1, 2, 3].into()));
    replica.perform(request.key("ada@acme.com".parse().unwrap())).unwrap();
    replica.keep_snapshot().unwrap();
    ask(&replica, Operation::SetEmail { user: ada, email: "ada.new@acme.com".parse().unwrap() });
    replica.keep_snapshot().unwrap();
    let alive = || SqliteJournal::erase(&path, ada);
    assert!(alive().is_err(), "the replica writes the file");
    drop(replica);
    assert!(matches!(alive(), Err(EraseError::NotDeleted { user }) if user == ada));
    let nobody = UserId::from_uuid(Uuid::from_u128(7));
    assert!(matches!(SqliteJournal::erase(&path, nobody), Err(EraseError::NotFound { user }) if user == nobody));

    let replica = crate::replica(&path);
    ask(&replica, Operation::DeleteUser { user: ada });
    replica.keep_snapshot().unwrap();
    let taken = registered(&ask(&replica, register("ada")));
    let mut journal = replica.into_journal();
    #[cfg(feature = "archive")]
    assert!(journal.archive().unwrap() > 3);
    let whole = journal.read(0, PAGE).unwrap();
    drop(journal);
    let end = whole.last().unwrap().position();
    let used = SqliteJournal::erase(&path, ada).unwrap_err();
    assert!(matches!(&used, EraseError::EmailInUse { email } if *email == "ada@acme.com"), "{used}");
    let replica = crate::replica(&path);
    assert_eq!(replica.with_journal(|journal| journal.read(0, PAGE)).unwrap(), whole, "nothing has happened");
    ask(&replica, Operation::DeleteUser { user: taken });
    drop(replica);
    assert!(!left(folder.path()).is_empty());

    let mut journal = SqliteJournal::open(&path).unwrap();
    let before = open(&mut journal, || panic!("it has begun"), PAGE).unwrap();
    let whole = journal.read(0, PAGE).unwrap();
    drop(journal);
    let erased = SqliteJournal::erase(&path, ada).unwrap();
    assert_eq!((erased.first, erased.before.seq, erased.after.seq), (3, end.seq + 1, end.seq + 1));
    assert_eq!(left(folder.path()), [] as [String; 0]);
    assert!(matches!(SqliteJournal::erase(&path, ada), Err(EraseError::NotFound { .. })), "they are forgotten");
    let mut journal = SqliteJournal::open(&path).unwrap();
    assert_eq!(verify(&mut journal).unwrap(), erased.after);
    let new = journal.read(0, PAGE).unwrap();
    for (old, new) in whole.iter().zip(&new) {
        assert_eq!(old.digest == new.digest, new.seq < erased.first, "entry {}", new.seq);
        assert_eq!(old.audit_event().unwrap().event.code(), new.audit_event().unwrap().event.code());
    }
    let opened = open(&mut journal, || panic!("it has begun"), PAGE).unwrap();
    assert_eq!((opened.violations, opened.skipped.len()), (Vec::new(), 0));
    let everybody = |store: &TeamStore| {
        let page = store.users(operator(), &PageRequest::default()).unwrap();
        page.items.iter().map(|user| user.email().to_string()).collect::<Vec<_>>()
    };
    assert_eq!(everybody(&opened.store), everybody(&before.store));
    let whole = new.iter().map(|entry| entry.audit_event().unwrap());
    assert!(TeamStore::replay(whole).is_ok());
    let reason = new[5].audit_event().unwrap().context.unwrap().reason.clone().unwrap().to_string();
    assert!(reason.starts_with("asked by erased-") && reason.ends_with(". And by xada@acme.com"), "{reason}");
}
