//! A person who is forgotten: what a log says of them is written over, and its chain of digests is made anew.

use serde_json::Value;

use super::{Entry, Journal, JournalError, KeptSnapshot, KeyUse, PAGE, Position, open};
use crate::actor::ActorKind;
use crate::event::{AuditEvent, Event};
use crate::ids::UserId;
use crate::names::Email;
use crate::settings::Settings;
use crate::snapshot::Snapshot;
use crate::sort;

/// Where nobody has an e-mail.
const NOBODY: &str = "@erased.invalid";

/// Why a user cannot be forgotten.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EraseError {
    /// They are still there: delete them first.
    #[error("user {user} is still there")]
    NotDeleted {
        /// Who.
        user: UserId,
    },
    /// The journal says nothing of them, or no longer.
    #[error("the journal has no e-mail of user {user}")]
    NotFound {
        /// Who.
        user: UserId,
    },
    /// Another user has an e-mail that was theirs: what is said of the one cannot be told from what is said of the other.
    #[error("the e-mail `{email}` is another user's now")]
    EmailInUse {
        /// Which.
        email: Email,
    },
    /// The journal cannot be read, or is not to be trusted.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

/// What of a user is written over: every e-mail that they had, wherever it stands, by one of nobody's; and the network addresses from which
/// they did something. Their id stays, and says nothing of them.
///
/// For journals, which write over what is theirs.
#[derive(Clone, Debug)]
pub struct Erasure {
    user: UserId,
    /// E-mails, and what comes in their place.
    emails: Vec<(String, String)>,
}

impl Erasure {
    /// What the journal says of a user who was deleted.
    ///
    /// # Errors
    /// [`EraseError`].
    pub fn of(journal: &mut (impl Journal + ?Sized), user: UserId) -> Result<Self, EraseError> {
        let mut emails = Vec::<Email>::new();
        let mut below = u64::MAX;
        while let Some(snapshot) = journal.snapshot_below(below)? {
            below = snapshot.position.seq;
            let store = snapshot.restore()?;
            emails.extend(store.state().users.find(user).map(|row| row.user.email.clone()));
            emails.extend(store.events().iter().flat_map(|event| emails_in(event, user)));
        }
        let mut after = match journal.read(0, 1) {
            Err(JournalError::Truncated { first }) => first.saturating_sub(1),
            entries => entries.map(|_| 0)?,
        };
        loop {
            let entries = journal.read(after, PAGE)?;
            let Some(last) = entries.last() else { break };
            after = last.seq;
            for entry in entries.iter().filter(|entry| entry.event.contains("email")) {
                emails.extend(emails_in(&entry.audit_event()?, user));
            }
        }
        emails.retain(|email| !email.to_string().ends_with(NOBODY));
        sort::by(&mut emails, Ord::cmp);
        emails.dedup();
        let end = journal.end()?;
        if end.seq == 0 {
            return Err(EraseError::NotFound { user });
        }
        let store = open(journal, || Settings::from_seed(0), 0)?.store;
        let state = store.state();
        if state.users.find(user).is_some() {
            return Err(EraseError::NotDeleted { user });
        }
        if let Some(email) = emails.iter().find(|email| state.users.find_key(email).is_some()) {
            return Err(EraseError::EmailInUse { email: email.clone() });
        }
        let mark: String = end.digest.to_string().chars().take(8).collect();
        let instead = |(index, email): (usize, Email)| (email.to_string(), format!("erased-{mark}-{index}{NOBODY}"));
        let emails: Vec<_> = emails.into_iter().enumerate().map(instead).collect();
        if emails.is_empty() { Err(EraseError::NotFound { user }) } else { Ok(Self { user, emails }) }
    }

    /// The entry that comes in the place of this one after `before`, which has come in the place of the one before it.
    ///
    /// # Errors
    /// [`JournalError::Unreadable`] for what this release cannot read, or what does not hold the e-mails of nobody.
    pub fn entry(&self, before: Position, entry: Entry) -> Result<Entry, JournalError> {
        let Entry { seq, mut event, key, .. } = entry;
        let own = event.contains("\"address\"");
        if own || self.emails.iter().any(|(email, _)| event.contains(email)) {
            let value = serde_json::from_str(&event).map_err(|problem| unreadable(seq, &problem))?;
            let read: AuditEvent = self.rewritten(seq, value)?;
            event = serde_json::to_string(&read).map_err(JournalError::unavailable)?;
        }
        let key = key.map(|used| KeyUse { key: self.text(&used.key), ..used });
        Ok(Entry::of_text(before, event, key))
    }

    /// The snapshot that comes in the place of this one, at a position of the entries that have come in the place of those before.
    ///
    /// # Errors
    /// As [`entry`](Self::entry).
    pub fn snapshot(&self, position: Position, kept: &KeptSnapshot) -> Result<KeptSnapshot, JournalError> {
        let value = serde_json::to_value(kept.snapshot()?).map_err(JournalError::unavailable)?;
        KeptSnapshot::new(position, &self.rewritten::<Snapshot>(position.seq, value)?)
    }

    fn rewritten<T: serde::de::DeserializeOwned>(&self, seq: u64, mut value: Value) -> Result<T, JournalError> {
        self.value(&mut value);
        serde_json::from_value(value).map_err(|problem| unreadable(seq, &problem))
    }

    fn value(&self, value: &mut Value) {
        match value {
            Value::String(text) => *text = self.text(text),
            Value::Array(values) => values.iter_mut().for_each(|value| self.value(value)),
            Value::Object(fields) => {
                if self.did(fields.get("actor"))
                    && let Some(Value::Object(context)) = fields.get_mut("context")
                {
                    context.remove("address");
                }
                fields.iter_mut().for_each(|(_, value)| self.value(value));
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// Whether the actor is the user, themselves or through a client.
    fn did(&self, actor: Option<&Value>) -> bool {
        let actor = actor.and_then(|actor| serde_json::from_value::<ActorKind>(actor.clone()).ok());
        actor.and_then(ActorKind::user) == Some(self.user)
    }

    /// The text with every e-mail of the user replaced that is not a part of a longer one.
    fn text(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (email, instead) in &self.emails {
            let mut done = String::new();
            let mut rest = &*text;
            while let Some((before, after)) = rest.split_once(&**email) {
                let whole = !done.chars().chain(before.chars()).next_back().is_some_and(of_email)
                    && !after.trim_start_matches('.').chars().next().is_some_and(of_email);
                done.push_str(before);
                done.push_str(if whole { instead } else { email });
                rest = after;
            }
            done.push_str(rest);
            text = done;
        }
        text
    }
}

fn of_email(char: char) -> bool {
    char.is_alphanumeric() || "._%+-@".contains(char)
}

fn unreadable(seq: u64, problem: &serde_json::Error) -> JournalError {
    JournalError::Unreadable { seq, problem: problem.to_string().into() }
}

/// The e-mails that the event gives or takes from the user.
fn emails_in(event: &AuditEvent, user: UserId) -> Vec<Email> {
    let mut emails = Vec::new();
    if let Event::UserRegistered { user: registered } = &event.event
        && registered.id == user
    {
        emails.push(registered.email.clone());
    }
    if let Event::EmailChanged { changed } = &event.event
        && changed.user == user
    {
        emails.extend([changed.from.clone(), changed.to.clone()]);
    }
    if let Event::UserDeleted { deleted } = &event.event
        && deleted.user.id == user
    {
        emails.push(deleted.user.email.clone());
    }
    emails
}
