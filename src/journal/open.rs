//! The store of a journal: from the newest snapshot that can be read, and the entries after it.

use core::ops::ControlFlow;

use chrono::{DateTime, Utc};

use super::{Entry, HistoryError, Journal, JournalError, Position};
use crate::event::AuditEvent;
use crate::invariant::Violation;
use crate::settings::Settings;
use crate::store::{ReplayError, TeamStore};

/// How many entries are read at a time.
pub const PAGE: usize = 1000;

/// A store as it was opened from a journal.
#[derive(Debug)]
#[non_exhaustive]
pub struct Opened {
    /// The store.
    pub store: TeamStore,
    /// How far it is.
    pub position: Position,
    /// Why newer snapshots than the one that it comes from could not be read. The store is none the worse for it.
    pub skipped: Vec<JournalError>,
    /// Which [invariants](TeamStore::check_invariants) do not hold: empty, unless there is a fault in this library, or it holds a log
    /// to stricter ones than the release that wrote it. So a release never refuses what an earlier one has kept.
    pub violations: Vec<Violation>,
}

/// Opens the store that a journal keeps, or begins one with these settings where the journal is empty.
///
/// It comes from the newest snapshot that can be read, and otherwise from all entries. Every entry must be what was kept, every event
/// must fit, and the journal must reach as far as it says. The last `keep` events stay in the store's log, and up to as many more.
///
/// # Errors
/// [`JournalError`]: what the journal answers, or the first thing that is wrong with what it keeps.
pub fn open(
    journal: &mut (impl Journal + ?Sized),
    settings: impl FnOnce() -> Settings,
    keep: usize,
) -> Result<Opened, JournalError> {
    let mut skipped = Vec::new();
    let (mut store, mut position) = match begun(journal, &mut skipped)? {
        Some(begun) => begun,
        None => begin(journal, settings)?,
    };
    follow(journal, &mut store, &mut position, keep)?;
    let violations = store.check_invariants();
    Ok(Opened { store, position, skipped, violations })
}

/// The store of the newest snapshot that can be read, or of the first entry; `None` where the journal is empty.
fn begun(
    journal: &mut (impl Journal + ?Sized),
    skipped: &mut Vec<JournalError>,
) -> Result<Option<(TeamStore, Position)>, JournalError> {
    let mut below = u64::MAX;
    while let Some(snapshot) = journal.snapshot_below(below)? {
        let position = snapshot.position;
        match snapshot.restore() {
            Ok(store) => return stands(journal, position).map(|()| Some((store, position))),
            Err(error) => skipped.push(error),
        }
        below = position.seq;
    }
    match journal.read(0, 1) {
        Err(truncated @ JournalError::Truncated { .. }) => Err(skipped.pop().unwrap_or(truncated)),
        entries => entries?.first().map(opened).transpose(),
    }
}

/// The entry at which the snapshot was taken is there.
fn stands(journal: &mut (impl Journal + ?Sized), position: Position) -> Result<(), JournalError> {
    let seq = position.seq;
    match journal.read(seq.saturating_sub(1), 1)?.first() {
        Some(entry) if entry.seq == seq && entry.digest == position.digest => Ok(()),
        Some(_) => Err(JournalError::Corrupt { seq }),
        None => Err(JournalError::Short { expected: seq, found: journal.end()?.seq }),
    }
}

fn opened(first: &Entry) -> Result<(TeamStore, Position), JournalError> {
    let position = first.check(Position::START)?;
    Ok((TeamStore::opened(first.audit_event()?)?, position))
}

fn begin(
    journal: &mut (impl Journal + ?Sized),
    settings: impl FnOnce() -> Settings,
) -> Result<(TeamStore, Position), JournalError> {
    let end = journal.end()?;
    if end.seq > 0 {
        // Somebody has begun it since it was found empty; or what it began with is gone.
        let short = JournalError::Short { expected: end.seq, found: 0 };
        return journal.read(0, 1)?.first().map_or(Err(short), opened);
    }
    let store = TeamStore::new(settings());
    let first = store.events().first().ok_or(ReplayError::NotOpened)?;
    let first = Entry::new(Position::START, first, None)?;
    match journal.append(0, std::slice::from_ref(&first)) {
        Ok(()) => opened(&first),
        // Whoever was faster has begun it, and it may have been this one.
        Err(error @ (JournalError::Conflict { .. } | JournalError::Unknown(_) | JournalError::ReadOnly)) => {
            journal.read(0, 1)?.first().map_or(Err(error), opened)
        }
        Err(error) => Err(error),
    }
}

/// Brings a store that is as far as `position` up to the end of the journal, and answers how many events came. Where something is wrong it
/// stops before that. The last `keep` events stay in the store's log, and up to as many more.
///
/// # Errors
/// [`JournalError`]: what the journal answers, or the first thing that is wrong with what it keeps.
pub fn follow(
    journal: &mut (impl Journal + ?Sized),
    store: &mut TeamStore,
    position: &mut Position,
    keep: usize,
) -> Result<u64, JournalError> {
    let since = position.seq;
    each(journal, position, |event| {
        store.follow(event)?;
        bound(store, keep);
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(position.seq - since)
}

/// Cuts the log of the store to its last `keep` events when it has twice as many: to do it for each event would cost as much each time.
pub(crate) fn bound(store: &mut TeamStore, keep: usize) {
    if store.events().len() > keep.saturating_mul(2) {
        store.drain_events(keep);
    }
}

/// Reads every entry after `position` up to the end of the journal, or until `act` breaks off, and checks that it is what was kept.
fn each(
    journal: &mut (impl Journal + ?Sized),
    position: &mut Position,
    mut act: impl FnMut(AuditEvent) -> Result<ControlFlow<()>, JournalError>,
) -> Result<(), JournalError> {
    loop {
        // Asked before the entries are, so that what comes in between is no fault.
        let end = journal.end()?;
        if end.seq < position.seq {
            return Err(JournalError::Short { expected: position.seq, found: end.seq });
        }
        let entries = journal.read(position.seq, PAGE)?;
        for entry in &entries {
            let next = entry.check(*position)?;
            if act(entry.audit_event()?)?.is_break() {
                return Ok(());
            }
            *position = next;
        }
        if position.seq == end.seq && position.digest != end.digest {
            return Err(JournalError::Corrupt { seq: end.seq });
        }
        if position.seq < end.seq && entries.is_empty() {
            return Err(JournalError::Short { expected: end.seq, found: position.seq });
        }
        if position.seq >= end.seq {
            return Ok(());
        }
    }
}

/// The events after number `after`, at most `most` of them. Each is what was kept, as far as the entry before it is still there to tell.
///
/// # Errors
/// [`JournalError`]: what the journal answers, or the first thing that is wrong with what it keeps.
pub fn events(journal: &mut (impl Journal + ?Sized), after: u64, most: usize) -> Result<Vec<AuditEvent>, JournalError> {
    let mut before = match after.checked_sub(1).map(|before| journal.read(before, 1)) {
        None => Some(Position::START),
        Some(Err(JournalError::Truncated { .. })) => None,
        Some(entries) => entries?.first().map(Entry::position),
    };
    let checked = |entry: &Entry| {
        before = Some(before.map_or(Ok(entry.position()), |before| entry.check(before))?);
        entry.audit_event()
    };
    journal.read(after, most)?.iter().map(checked).collect()
}

/// The events below this number, as far down as they are kept, the oldest first: at most a page of the last of them. None where no more
/// are kept.
#[cfg(feature = "replica")]
pub(crate) fn events_below(journal: &mut (impl Journal + ?Sized), below: u64) -> Result<Vec<AuditEvent>, JournalError> {
    let mut after = below.saturating_sub(1 + PAGE as u64);
    if let Err(JournalError::Truncated { first }) = journal.read(after, 1) {
        after = first.saturating_sub(1);
    }
    let most = usize::try_from(below.saturating_sub(1 + after)).unwrap_or(PAGE);
    if most == 0 { Ok(Vec::new()) } else { events(journal, after, most) }
}

/// The store as it was at `at`, as [`TeamStore::as_of`]: from the newest snapshot before, or the first entry, and what came after it. The
/// last `keep` events stay in its log, and up to as many more.
///
/// # Errors
/// [`HistoryError`].
pub fn as_of(journal: &mut (impl Journal + ?Sized), at: DateTime<Utc>, keep: usize) -> Result<TeamStore, HistoryError> {
    let given_up = |error: &HistoryError| matches!(error, HistoryError::Journal(JournalError::Truncated { .. }));
    again(|| was(journal, at, keep), given_up)
}

fn was(journal: &mut (impl Journal + ?Sized), at: DateTime<Utc>, keep: usize) -> Result<TeamStore, HistoryError> {
    let (mut store, mut position) = before(journal, at)?;
    if store.last_at() > at {
        return Err(HistoryError::NotKept { since: store.last_at() });
    }
    each(journal, &mut position, |event| {
        if event.at > at {
            return Ok(ControlFlow::Break(()));
        }
        store.follow(event)?;
        bound(&mut store, keep);
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(store)
}

/// The store of the newest snapshot of that time or before that can be read, or of the first entry; otherwise the oldest that is kept.
fn before(journal: &mut (impl Journal + ?Sized), at: DateTime<Utc>) -> Result<(TeamStore, Position), JournalError> {
    let (mut below, mut oldest) = (u64::MAX, None);
    while let Some(snapshot) = journal.snapshot_below(below)? {
        let position = snapshot.position;
        below = position.seq;
        // What cannot be read `open` tells.
        let Ok(store) = snapshot.restore() else { continue };
        stands(journal, position)?;
        let found = store.last_at() <= at;
        oldest = Some((store, position));
        if found {
            break;
        }
    }
    match oldest {
        Some((store, position)) if store.last_at() <= at => Ok((store, position)),
        oldest => match (journal.read(0, 1), oldest) {
            (Err(JournalError::Truncated { .. }), Some(oldest)) => Ok(oldest),
            (entries, _) => opened(entries?.first().ok_or(ReplayError::NotOpened)?),
        },
    }
}

/// Reads the whole journal, from its oldest snapshot or first entry on, and checks that every entry and every snapshot is what was kept
/// and can be read. Answers how far it goes. It makes no store: whoever wants that too [opens](open) a copy. Where old entries are given
/// up meanwhile it begins again, a few times.
///
/// # Errors
/// [`JournalError`]: what the journal answers, or the first thing that is wrong with what it keeps.
pub fn verify(journal: &mut (impl Journal + ?Sized)) -> Result<Position, JournalError> {
    again(|| verified(journal), |error| matches!(error, JournalError::Truncated { .. }))
}

/// Acts once more, and at most so often, where what it read from was given up meanwhile.
fn again<T, E>(mut act: impl FnMut() -> Result<T, E>, given_up: impl Fn(&E) -> bool) -> Result<T, E> {
    for _ in 0..3 {
        match act() {
            Err(error) if given_up(&error) => {}
            outcome => return outcome,
        }
    }
    act()
}

fn verified(journal: &mut (impl Journal + ?Sized)) -> Result<Position, JournalError> {
    let (mut below, mut position) = (u64::MAX, Position::START);
    while let Some(snapshot) = journal.snapshot_below(below)? {
        position = snapshot.position;
        snapshot.restore()?;
        stands(journal, position)?;
        below = position.seq;
    }
    if position != Position::START && !matches!(journal.read(0, 1), Err(JournalError::Truncated { .. })) {
        position = Position::START;
    }
    each(journal, &mut position, |_| Ok(ControlFlow::Continue(())))?;
    Ok(position)
}

#[cfg(test)]
mod tests {
    use super::super::{KeptSnapshot, MemoryJournal};
    use super::*;
    use crate::actor::ActorKind;
    use crate::event::{AuditEvent, Event, RoleChange};
    use crate::role::TeamRole;
    use crate::rule::Rule;
    use crate::snapshot::RestoreError;
    use crate::tests::Sound;
    use crate::version::Version;

    /// A law that came later: here it forbids what no release has allowed, that a team is without an admin.
    #[test]
    fn x_03_what_breaks_a_law_that_came_later_is_opened_and_told() {
        let Sound { mut store, ada, acme, .. } = Sound::new().expect("a sound store");
        let (from, to) = (TeamRole::Admin, TeamRole::Member);
        let (spaces_ended, invitations_ended) = (Box::new([]), Box::new([]));
        let changed = RoleChange { team: acme, user: ada, from, to, spaces_ended, invitations_ended };
        let (seq, at) = (store.seq() + 1, store.last_at());
        let event = Event::MemberRoleChanged { changed: Box::new(changed) };
        store
            .follow(AuditEvent { version: Version, seq, at, actor: ActorKind::Operator, context: None, event })
            .expect("what fits");

        let mut journal = MemoryJournal::new();
        let mut position = Position::START;
        for event in store.events().to_vec() {
            let entry = Entry::new(position, &event, None).expect("an entry");
            journal.append(position.seq, std::slice::from_ref(&entry)).expect("kept");
            position = entry.position();
        }
        let told = |opened: &Opened| opened.violations.iter().map(|found| found.rule).collect::<Vec<_>>();
        let from_events = open(&mut journal, || unreachable!(), 10).expect("opened from its events");
        assert_eq!((told(&from_events), from_events.skipped.len()), (vec![Rule::Team2], 0));

        store.drain_events(0);
        assert!(matches!(TeamStore::restore(store.snapshot()), Err(RestoreError::Invariant(_))));
        journal.keep_snapshot(&KeptSnapshot::new(position, &store.snapshot()).expect("a snapshot")).expect("kept");
        let from_snapshot = open(&mut journal, || unreachable!(), 10).expect("opened from its snapshot");
        assert_eq!(
            (told(&from_snapshot), from_snapshot.skipped.len()),
            (vec![Rule::Team2], 0),
            "{:?}",
            from_snapshot.skipped
        );
        assert_eq!(verify(&mut journal).expect("verified"), position);
    }
}
