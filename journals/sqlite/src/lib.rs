//! A store of `enterprise-teams` in an `SQLite` file: for one process that writes, and any number that read.
//!
//! ```
//! use enterprise_teams::replica::{Replica, ReplicaOptions, Request};
//! use enterprise_teams::{Actor, NewUser, Operation, Settings, system};
//! use enterprise_teams_sqlite::SqliteJournal;
//!
//! let folder = tempfile::tempdir()?;
//! let path = folder.path().join("teams.db");
//! let replica = Replica::open(SqliteJournal::open(&path)?, Settings::random, ReplicaOptions::default())?;
//! let register = Operation::RegisterUser { user: NewUser::new("ada@acme.com".parse()?) };
//! replica.perform(Request::new(Actor::operator(system::now()), register))?;
//! drop(replica);
//!
//! let again = Replica::open(SqliteJournal::open(&path)?, Settings::random, ReplicaOptions::default())?;
//! assert!(again.read().user_id(&"ada@acme.com".parse()?).is_ok());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! An append is one transaction with one sync of the write-ahead log (`synchronous=FULL`): when it answers `Ok`, what was appended
//! outlives the process and the machine, as far as the disk keeps what it says that it has. The file belongs on a disk of the machine, not on
//! one of the network.
//!
//! A second process that wants to write is [refused](JournalError::Occupied) by name; [`SqliteJournal::open_to_read`] reads and follows
//! meanwhile. So does [`SqliteJournal::backup`], which copies the file while it is written. With the feature `archive`
//! `SqliteJournal::archive` packs old entries, which are read as before.

#![cfg_attr(docsrs, feature(doc_cfg))]
#![forbid(unsafe_code)]

#[cfg_attr(not(feature = "archive"), path = "without_archive.rs")]
mod archive;
mod wal;

use core::time::Duration;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use chrono::{DateTime, Utc};
use enterprise_teams::journal::{
    ChainDigest, Entry, EraseError, Erasure, Journal, JournalError, KeptSnapshot, KeyUse, PAGE, Position, open, verify,
};
use enterprise_teams::{Settings, UserId};
use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension, Row, TransactionBehavior, params};

/// How often a reader looks whether there is something new.
const POLL: Duration = Duration::from_millis(5);
/// How long a lock of the file is waited for: that of a backup or of a checkpoint.
const PATIENCE: Duration = Duration::from_secs(10);
/// How many bytes of a snapshot are kept in one value.
const SNAPSHOT_PART: usize = 8 << 20;
/// "ETJ1", so that `file` and others tell what this is.
const APPLICATION: i64 = 0x4554_4a31;
/// The version of the tables.
const VERSION: i64 = 1;

const TABLES: &str = "
    create table entry (
        seq integer primary key, event text not null, digest blob not null, key text, operation blob, until integer
    ) strict;
    create index entry_by_key on entry (key, seq) where key is not null;
    create table snapshot (seq integer primary key, chain blob not null, digest blob not null) strict;
    -- The bytes of a snapshot, one part after the other: a value holds less than a gigabyte.
    create table snapshot_part (seq integer, part integer, bytes blob not null, primary key (seq, part)) strict;
    -- Entries before those, packed: from `first`, with the digest before it, to `last` with its own.
    create table archive (
        first integer primary key, before blob not null, last integer not null, digest blob not null, bytes blob not null
    ) strict;
    -- Beside the entries, so that a lost one shows: the last, the first, the first that is not packed, and the digest before that.
    create table head (
        one integer primary key check (one = 1), seq integer not null, digest blob not null,
        oldest integer not null, first integer not null, before blob not null
    ) strict;
";

/// A journal in an `SQLite` file.
#[derive(Debug)]
pub struct SqliteJournal {
    connection: Connection,
    /// `None` where it only reads. After the connection, which writes once more when it is closed.
    writer: Option<WriteLock>,
}

/// What [`SqliteJournal::erase`] has done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Erased {
    /// The first entry that says something else. What was noted of those before it still proves that they are what they were.
    pub first: u64,
    /// How the journal ended before.
    pub before: Position,
    /// How it ends now: with the same number, and another digest.
    pub after: Position,
}

/// The right to write the file: the lock of a file beside it, which goes with the process however that ends.
#[derive(Debug)]
struct WriteLock(File);

impl Drop for WriteLock {
    fn drop(&mut self) {
        // A child that is just being started has the open file too, and would hold the lock on.
        _ = self.0.unlock();
    }
}

impl SqliteJournal {
    /// Opens the file to write it, or makes it.
    ///
    /// # Errors
    /// [`JournalError::Occupied`] where another process, or another journal of this one, writes it; [`JournalError::Corrupt`] for what
    /// is no such file; [`JournalError::Unavailable`].
    pub fn open(path: impl AsRef<Path>) -> Result<Self, JournalError> {
        let path = path.as_ref();
        let writer = lock(path)?;
        wal::check(path)?;
        let mut connection = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)?;
        let made = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
        if version(&made)? == 0 {
            made.execute_batch(TABLES).map_err(failed)?;
            made.execute("insert into head values (1, 0, ?1, 1, 1, ?1)", [ChainDigest::START.to_bytes()])
                .map_err(failed)?;
            made.pragma_update(None, "application_id", APPLICATION).map_err(failed)?;
            made.pragma_update(None, "user_version", VERSION).map_err(failed)?;
        }
        made.commit().map_err(failed)?;
        sync_folder(path)?;
        Ok(Self { connection, writer: Some(writer) })
    }

    /// Opens the file to read and follow it, whoever writes it.
    ///
    /// # Errors
    /// [`JournalError::Unavailable`] where there is none; [`JournalError::Corrupt`] for what is no such file.
    pub fn open_to_read(path: impl AsRef<Path>) -> Result<Self, JournalError> {
        let connection = connect(path.as_ref(), OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        connection.pragma_update(None, "query_only", true).map_err(failed)?;
        if version(&connection)? == 0 {
            return Err(JournalError::unavailable("there is nothing in the file yet"));
        }
        Ok(Self { connection, writer: None })
    }

    /// Copies the journal of this file into a new one while it is written, and reads the whole copy: whatever was kept when this was
    /// called is in it. Answers how far it goes.
    ///
    /// # Errors
    /// [`JournalError::Unavailable`], also where there is a file at `to` already; otherwise the first thing that is wrong with the copy.
    pub fn backup(from: impl AsRef<Path>, to: impl AsRef<Path>) -> Result<Position, JournalError> {
        let to = to.as_ref();
        let source = connect(from.as_ref(), OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        if version(&source)? == 0 {
            return Err(JournalError::unavailable("there is nothing in the file yet"));
        }
        // Made here, so that what is there is not written over, and only its owner reads it.
        owners(File::options().write(true).create_new(true)).open(to).map_err(JournalError::unavailable)?;
        let copied = || {
            source.execute("vacuum into ?1", [to.to_string_lossy()]).map_err(failed)?;
            File::open(to).and_then(|file| file.sync_all()).map_err(JournalError::unavailable)?;
            sync_folder(to)?;
            verify(&mut Self::open_to_read(to)?)
        };
        // A copy that is none is in nobody's way.
        copied().inspect_err(|_| drop(std::fs::remove_file(to)))
    }

    /// Forgets a user who was deleted: writes over what the journal says of them, as [`Erasure`] says, in entries, packed ones too, and in
    /// snapshots. Then it looks whether the whole still opens; otherwise nothing has happened.
    ///
    /// From the first entry that says something else on all digests are others, so whoever has followed this journal opens it anew. What
    /// was noted of it before no longer proves anything from there on: so note what this answers.
    ///
    /// # Errors
    /// [`EraseError`].
    pub fn erase(path: impl AsRef<Path>, user: UserId) -> Result<Erased, EraseError> {
        let mut journal = Self::open(path)?;
        let erasure = Erasure::of(&mut journal, user)?;
        let before = journal.end()?;
        journal.run("begin immediate")?;
        let erased = journal.write_over(&erasure).and_then(|first| {
            let end = verify(&mut journal)?;
            open(&mut journal, || Settings::from_seed(0), PAGE)?;
            Ok(Erased { first, before, after: end })
        });
        journal.run(if erased.is_ok() { "commit" } else { "rollback" })?;
        // So that nothing of it is left in pages that are free, or in the write-ahead log.
        if erased.is_ok() {
            journal.run("vacuum; pragma wal_checkpoint(truncate)")?;
        }
        erased.map_err(EraseError::from)
    }

    fn run(&self, statements: &str) -> Result<(), JournalError> {
        self.connection.execute_batch(statements).map_err(failed)
    }

    /// Writes over what the erasure says, and answers with the number of the first entry that has changed.
    fn write_over(&mut self, erasure: &Erasure) -> Result<u64, JournalError> {
        let (oldest, live) = self.first()?;
        let end = self.end()?;
        let query =
            "select digest from (select before digest, first from archive union all select before, first from head)
            order by first limit 1";
        let before = self.connection.query_row(query, [], |row| digest(row, 0)).map_err(failed)?;
        let mut position = Position { seq: oldest - 1, digest: before };
        let mut first = None;
        while position.seq < end.seq {
            let packed = position.seq + 1 < live;
            let old = if packed { self.block(position.seq + 1)? } else { self.read(position.seq, PAGE)? };
            let before = position;
            let mut new = Vec::with_capacity(old.len());
            for entry in &old {
                let other = erasure.entry(position, entry.clone())?;
                position = other.position();
                if other != *entry && first.is_none() {
                    first = Some(other.seq);
                }
                new.push(other);
            }
            if old.is_empty() {
                return Err(JournalError::Short { expected: end.seq, found: position.seq });
            }
            if new == old {
                continue;
            }
            if packed {
                self.pack_again(before, &new)?;
            } else {
                let update = "update entry set event = ?2, digest = ?3, key = ?4 where seq = ?1";
                let mut update = self.connection.prepare_cached(update).map_err(failed)?;
                for Entry { seq, event, key, digest } in &new {
                    let key = key.as_ref().map(|used| &used.key);
                    update.execute(params![signed(*seq), event, digest.to_bytes(), key]).map_err(failed)?;
                }
            }
        }
        let head = "update head set digest = ?1, before = ifnull((select digest from archive order by first desc limit 1), before)";
        self.connection.execute(head, [position.digest.to_bytes()]).map_err(failed)?;
        let mut below = u64::MAX;
        while let Some(kept) = self.snapshot_below(below)? {
            below = kept.position.seq;
            let at = self.read(below - 1, 1)?;
            let at = at.first().ok_or(JournalError::Corrupt { seq: below })?.position();
            self.keep_snapshot(&erasure.snapshot(at, &kept)?)?;
        }
        Ok(first.unwrap_or(end.seq))
    }

    fn pack_again(&self, before: Position, entries: &[Entry]) -> Result<(), JournalError> {
        let end = entries.last().map_or(before, Entry::position);
        let row =
            params![signed(before.seq + 1), before.digest.to_bytes(), end.digest.to_bytes(), archive::pack(entries)?];
        let update = "update archive set before = ?2, digest = ?3, bytes = ?4 where first = ?1";
        self.connection.execute(update, row).map(drop).map_err(failed)
    }

    fn write(&self) -> Result<(), JournalError> {
        if self.writer.is_some() { Ok(()) } else { Err(JournalError::ReadOnly) }
    }

    /// The first number that is kept, or will be, and the first that is not packed.
    fn first(&self) -> Result<(u64, u64), JournalError> {
        let first = self
            .connection
            .prepare_cached("select oldest, first from head")
            .and_then(|mut query| query.query_row([], |row| Ok((unsigned(row, 0)?, unsigned(row, 1)?))));
        first.map_err(failed)
    }

    /// The block with this entry.
    fn block(&self, seq: u64) -> Result<Vec<Entry>, JournalError> {
        let block = |row: &Row<'_>| {
            let before = Position { seq: unsigned(row, 0)?.saturating_sub(1), digest: digest(row, 1)? };
            let end = Position { seq: unsigned(row, 2)?, digest: digest(row, 3)? };
            Ok((before, end, row.get::<_, Vec<u8>>(4)?))
        };
        let query =
            "select first, before, last, digest, bytes from archive where first <= ?1 order by first desc limit 1";
        match self.connection.query_row(query, [signed(seq)], block).optional().map_err(failed)? {
            Some((before, end, bytes)) if seq <= end.seq => archive::unpack(&bytes, before, end),
            Some(_) | None => Err(JournalError::Corrupt { seq }),
        }
    }

    /// Packs the entries that stand below the older of the two newest snapshots, but for those whose keys are still remembered, and
    /// answers how many. They are read as before, and take a tenth of the room; [`truncate`](Journal::truncate) gives them up
    /// with the others.
    ///
    /// The file does not shrink: what becomes free in it is used again. A [backup](Self::backup) is as small as can be.
    ///
    /// # Errors
    /// [`JournalError::ReadOnly`], [`JournalError::Unavailable`]; [`JournalError::Unknown`] of the last of those that it packed.
    #[cfg(feature = "archive")]
    pub fn archive(&mut self) -> Result<u64, JournalError> {
        self.write()?;
        let now = Utc::now().timestamp_micros();
        let mut packed = 0;
        loop {
            let transaction =
                self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
            let block = || {
                let query = format!(
                    "{ENTRY} where seq < (select seq from snapshot order by seq desc limit 1 offset 1)
                    and seq < ifnull((select min(seq) from entry where key is not null and until > ?1), seq + 1)
                    order by seq limit ?2"
                );
                transaction
                    .prepare_cached(&query)?
                    .query_map(params![now, archive::BLOCK], entry)?
                    .collect::<rusqlite::Result<Vec<Entry>>>()
            };
            let entries = block().map_err(failed)?;
            let (Some(first), Some(last)) = (entries.first(), entries.last()) else { return Ok(packed) };
            let before =
                |row: &Row<'_>| Ok(Position { seq: unsigned(row, 0)?.saturating_sub(1), digest: digest(row, 1)? });
            let before = transaction.query_row("select first, before from head", [], before).map_err(failed)?;
            // What is not what was kept stays as it is, to be found.
            entries.iter().try_fold(before, |before, entry| entry.check(before))?;
            let bytes = archive::pack(&entries)?;
            let digests = (before.digest.to_bytes(), last.digest.to_bytes());
            let row = params![signed(first.seq), digests.0, signed(last.seq), digests.1, bytes];
            let moved = || {
                transaction.execute("insert into archive values (?1, ?2, ?3, ?4, ?5)", row)?;
                transaction.execute("delete from entry where seq <= ?1", [signed(last.seq)])?;
                transaction.execute("update head set first = ?1, before = ?2", params![signed(last.seq + 1), digests.1])
            };
            moved().map_err(failed)?;
            transaction.commit().map_err(JournalError::unknown)?;
            packed += entries.len() as u64;
        }
    }
}

/// A new file for its owner alone, where the system knows owners.
fn owners(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}

/// Takes the right to write the file.
fn lock(path: &Path) -> Result<WriteLock, JournalError> {
    let mut name = path.as_os_str().to_owned();
    name.push(".writer");
    let file = owners(File::options().read(true).write(true).create(true).truncate(false)).open(PathBuf::from(name));
    let mut file = file.map_err(JournalError::unavailable)?;
    match file.try_lock() {
        Ok(()) => {
            let named = file.set_len(0).and_then(|()| write!(file, "process {}", std::process::id()));
            named.map_err(JournalError::unavailable)?;
            Ok(WriteLock(file))
        }
        Err(TryLockError::WouldBlock) => {
            let mut writer = String::new();
            _ = file.read_to_string(&mut writer);
            Err(JournalError::Occupied { writer: if writer.is_empty() { "another process".into() } else { writer } })
        }
        Err(TryLockError::Error(error)) => Err(JournalError::unavailable(error)),
    }
}

fn connect(path: &Path, flags: OpenFlags) -> Result<Connection, JournalError> {
    let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX).map_err(failed)?;
    connection.busy_timeout(PATIENCE).map_err(failed)?;
    // Also in the cache of a disk, where the system can; and what is no cell is not taken for one.
    for (pragma, value) in
        [("synchronous", "full"), ("fullfsync", "on"), ("cell_size_check", "on"), ("trusted_schema", "off")]
    {
        connection.pragma_update(None, pragma, value).map_err(failed)?;
    }
    connection.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(())).map_err(failed)?;
    Ok(connection)
}

/// The version of the tables, 0 where there are none.
fn version(connection: &Connection) -> Result<i64, JournalError> {
    let number = |pragma| connection.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0)).map_err(failed);
    match (number("application_id")?, number("user_version")?) {
        (0, 0) => Ok(0),
        (APPLICATION, version @ 0..=VERSION) => Ok(version),
        (APPLICATION, newer) => {
            let problem = format!("the file is of version {newer}, and this release reads up to {VERSION}");
            Err(JournalError::Unreadable { seq: 0, problem: problem.into() })
        }
        (_, _) => Err(JournalError::unavailable("the file is one of another program")),
    }
}

/// The name of a new file outlives the machine only when its folder is synced.
fn sync_folder(path: &Path) -> Result<(), JournalError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(JournalError::unavailable)
}

/// What `SQLite` says before anything was to be kept.
fn failed(error: rusqlite::Error) -> JournalError {
    match &error {
        rusqlite::Error::SqliteFailure(failure, _)
            if matches!(failure.code, ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) =>
        {
            JournalError::Corrupt { seq: 0 }
        }
        rusqlite::Error::InvalidColumnType(..)
        | rusqlite::Error::FromSqlConversionFailure(..)
        | rusqlite::Error::IntegralValueOutOfRange(..)
        | rusqlite::Error::Utf8Error(..)
        | rusqlite::Error::QueryReturnedNoRows => JournalError::Corrupt { seq: 0 },
        _ => JournalError::unavailable(error),
    }
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn unsigned(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    let number: i64 = row.get(column)?;
    u64::try_from(number).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(column, number))
}

fn digest(row: &Row<'_>, column: usize) -> rusqlite::Result<ChainDigest> {
    row.get(column).map(ChainDigest::from_bytes)
}

const ENTRY: &str = "select seq, event, digest, key, operation, until from entry";

fn entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
    let key = match row.get(3)? {
        Some(key) => Some(KeyUse { key, operation: digest(row, 4)?, until: row.get(5)? }),
        None => None,
    };
    Ok(Entry { seq: unsigned(row, 0)?, event: row.get(1)?, key, digest: digest(row, 2)? })
}

/// Keeps the snapshot, unless what it stands on has been given up.
fn insert_snapshot(connection: &Connection, snapshot: &KeptSnapshot) -> rusqlite::Result<()> {
    let KeptSnapshot { position, bytes, digest } = snapshot;
    let seq = signed(position.seq);
    let insert = "insert or replace into snapshot select ?1, ?2, ?3 where ?1 >= (select oldest from head)";
    if connection.execute(insert, params![seq, position.digest.to_bytes(), digest.to_bytes()])? == 0 {
        return Ok(());
    }
    connection.execute("delete from snapshot_part where seq = ?1", [seq])?;
    let mut insert = connection.prepare_cached("insert into snapshot_part values (?1, ?2, ?3)")?;
    (0_i64..)
        .zip(bytes.chunks(SNAPSHOT_PART))
        .try_for_each(|(part, bytes)| insert.execute(params![seq, part, bytes]).map(drop))
}

impl Journal for SqliteJournal {
    fn now(&mut self) -> Result<DateTime<Utc>, JournalError> {
        Ok(Utc::now())
    }

    fn append(&mut self, after: u64, entries: &[Entry]) -> Result<(), JournalError> {
        self.write()?;
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
        let appended = || {
            let last = transaction.prepare_cached("select seq from head")?.query_row([], |row| unsigned(row, 0))?;
            if last != after {
                return Ok(Some(last));
            }
            let Some(end) = entries.last() else { return Ok(None) };
            let mut insert = transaction.prepare_cached("insert into entry values (?1, ?2, ?3, ?4, ?5, ?6)")?;
            for Entry { seq, event, key, digest } in entries {
                let (key, operation, until) = match key {
                    Some(KeyUse { key, operation, until }) => (Some(key), Some(operation.to_bytes()), Some(until)),
                    None => (None, None, None),
                };
                insert.execute(params![signed(*seq), event, digest.to_bytes(), key, operation, until])?;
            }
            let mut update = transaction.prepare_cached("update head set seq = ?1, digest = ?2")?;
            update.execute(params![signed(end.seq), end.digest.to_bytes()])?;
            Ok(None)
        };
        match appended().map_err(failed)? {
            Some(last) => Err(JournalError::Conflict { last }),
            // A commit without room or while others hold a lock is undone; whether one was that met another fault, nobody knows.
            None => transaction.commit().map_err(|error| match error.sqlite_error_code() {
                Some(ErrorCode::DiskFull | ErrorCode::DatabaseBusy) => JournalError::unavailable(error),
                _ => JournalError::unknown(error),
            }),
        }
    }

    fn read(&mut self, after: u64, most: usize) -> Result<Vec<Entry>, JournalError> {
        // From one state of the file, whatever a writer packs or gives up meanwhile.
        let alone = self.connection.is_autocommit();
        let _state = alone.then(|| self.connection.unchecked_transaction()).transpose().map_err(failed)?;
        let (oldest, first) = self.first()?;
        let (mut next, mut entries) = (after.saturating_add(1), Vec::new());
        if next < oldest {
            return Err(JournalError::Truncated { first: oldest });
        }
        while next < first && entries.len() < most {
            let block = self.block(next)?;
            let wanted = block.into_iter().filter(|entry| entry.seq >= next).take(most - entries.len());
            entries.extend(wanted);
            next = entries.last().map_or(next, |last: &Entry| last.seq) + 1;
        }
        let most = i64::try_from(most - entries.len()).unwrap_or(i64::MAX);
        let mut rest = || {
            let mut query =
                self.connection.prepare_cached(&format!("{ENTRY} where seq >= ?1 order by seq limit ?2"))?;
            for entry in query.query_map([signed(next), most], entry)? {
                entries.push(entry?);
            }
            Ok::<_, rusqlite::Error>(())
        };
        rest().map_err(failed)?;
        Ok(entries)
    }

    fn end(&mut self) -> Result<Position, JournalError> {
        let end = || {
            let mut query = self.connection.prepare_cached("select seq, digest from head")?;
            query.query_row([], |row| Ok(Position { seq: unsigned(row, 0)?, digest: digest(row, 1)? }))
        };
        end().map_err(failed)
    }

    fn keyed(&mut self, key: &str) -> Result<Option<Entry>, JournalError> {
        let found = || {
            let query = format!("{ENTRY} where key = ?1 order by seq desc limit 1");
            self.connection.prepare_cached(&query)?.query_row([key], entry).optional()
        };
        found().map_err(failed)
    }

    fn keep_snapshot(&mut self, snapshot: &KeptSnapshot) -> Result<(), JournalError> {
        self.write()?;
        // Within an erasure there is a transaction already.
        if !self.connection.is_autocommit() {
            return insert_snapshot(&self.connection, snapshot).map_err(failed);
        }
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
        insert_snapshot(&transaction, snapshot).map_err(failed)?;
        transaction.commit().map_err(JournalError::unknown)
    }

    fn snapshot_below(&mut self, seq: u64) -> Result<Option<KeptSnapshot>, JournalError> {
        let found = || {
            let query = "
                select seq, chain, digest, bytes from snapshot left join snapshot_part using (seq)
                where seq = (select max(seq) from snapshot where seq < ?1) order by part";
            let mut query = self.connection.prepare_cached(query)?;
            let mut rows = query.query([signed(seq)])?;
            let mut found: Option<KeptSnapshot> = None;
            while let Some(row) = rows.next()? {
                let kept = match &mut found {
                    Some(kept) => kept,
                    none => {
                        let position = Position { seq: unsigned(row, 0)?, digest: digest(row, 1)? };
                        none.insert(KeptSnapshot { position, bytes: Vec::new(), digest: digest(row, 2)? })
                    }
                };
                kept.bytes.extend_from_slice(row.get_ref(3)?.as_blob_or_null()?.unwrap_or_default());
            }
            Ok(found)
        };
        found().map_err(failed)
    }

    fn truncate(&mut self) -> Result<(), JournalError> {
        self.write()?;
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
        let query = "select seq from snapshot order by seq desc limit 1 offset 1";
        if let Some(first) = transaction.query_row(query, [], |row| row.get::<_, i64>(0)).optional().map_err(failed)? {
            for statement in [
                "update head set oldest = ?1",
                "update head set first = ?1, before = (select digest from entry where seq = ?1 - 1) where first < ?1",
                "delete from entry where seq < ?1",
                "delete from archive where last < ?1",
                "delete from snapshot where seq < ?1",
                "delete from snapshot_part where seq < ?1",
            ] {
                transaction.execute(statement, [first]).map_err(failed)?;
            }
        }
        transaction.commit().map_err(JournalError::unknown)
    }

    fn wait(&mut self, after: u64, at_most: Duration) -> Result<(), JournalError> {
        let since = Instant::now();
        while self.end()?.seq <= after {
            let left = at_most.saturating_sub(since.elapsed());
            if left.is_zero() {
                break;
            }
            std::thread::sleep(left.min(POLL));
        }
        Ok(())
    }
}
