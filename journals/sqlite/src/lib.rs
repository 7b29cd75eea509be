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
//! meanwhile. So does [`SqliteJournal::backup`], which copies the file while it is written.

#![forbid(unsafe_code)]

mod wal;

use core::time::Duration;
use std::fs::{File, TryLockError};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use chrono::{DateTime, Utc};
use enterprise_teams::journal::{ChainDigest, Entry, Journal, JournalError, KeptSnapshot, KeyUse, Position, verify};
use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension, Row, TransactionBehavior, params};

/// How often a reader looks whether there is something new.
const POLL: Duration = Duration::from_millis(5);
/// How long a lock of the file is waited for: that of a backup or of a checkpoint.
const PATIENCE: Duration = Duration::from_secs(10);
/// "ETJ1", so that `file` and others tell what this is.
const APPLICATION: i64 = 0x4554_4a31;
/// The version of the tables.
const VERSION: i64 = 1;

const TABLES: &str = "
    create table entry (
        seq integer primary key, event text not null, digest blob not null, key text, operation blob, until integer
    ) strict;
    create index entry_by_key on entry (key, seq) where key is not null;
    create table snapshot (seq integer primary key, chain blob not null, bytes blob not null, digest blob not null) strict;
    -- Beside the entries, so that a lost end shows: the last, and the first that is kept.
    create table head (one integer primary key check (one = 1), seq integer not null, digest blob not null, first integer not null) strict;
";

/// A journal in an `SQLite` file.
#[derive(Debug)]
pub struct SqliteJournal {
    connection: Connection,
    /// `None` where it only reads. After the connection, which writes once more when it is closed.
    writer: Option<WriteLock>,
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
            made.execute("insert into head values (1, 0, ?1, 1)", [ChainDigest::START.to_bytes()]).map_err(failed)?;
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
        // Made here, so that what is there is not written over.
        File::create_new(to).map_err(JournalError::unavailable)?;
        let source = connect(from.as_ref(), OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        version(&source)?;
        source.execute("vacuum into ?1", [to.to_string_lossy()]).map_err(failed)?;
        File::open(to).and_then(|file| file.sync_all()).map_err(JournalError::unavailable)?;
        sync_folder(to)?;
        verify(&mut Self::open_to_read(to)?)
    }

    fn write(&self) -> Result<(), JournalError> {
        if self.writer.is_some() { Ok(()) } else { Err(JournalError::ReadOnly) }
    }

    /// The first number that is kept, or will be.
    fn first(&self) -> Result<u64, JournalError> {
        let first = self
            .connection
            .prepare_cached("select first from head")
            .and_then(|mut query| query.query_row([], |row| unsigned(row, 0)));
        first.map_err(failed)
    }
}

/// Takes the right to write the file.
fn lock(path: &Path) -> Result<WriteLock, JournalError> {
    let mut name = path.as_os_str().to_owned();
    name.push(".writer");
    let options = &mut File::options();
    let file = options.read(true).write(true).create(true).truncate(false).open(PathBuf::from(name));
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
        let first = self.first()?;
        if after.saturating_add(1) < first {
            return Err(JournalError::Truncated { first });
        }
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let entries = || {
            let mut query = self.connection.prepare_cached(&format!("{ENTRY} where seq > ?1 order by seq limit ?2"))?;
            query.query_map([signed(after), most], entry)?.collect::<rusqlite::Result<_>>()
        };
        entries().map_err(failed)
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
        let KeptSnapshot { position, bytes, digest } = snapshot;
        let row = params![signed(position.seq), position.digest.to_bytes(), bytes, digest.to_bytes()];
        self.connection.execute("insert or replace into snapshot values (?1, ?2, ?3, ?4)", row).map_err(failed)?;
        Ok(())
    }

    fn snapshot_below(&mut self, seq: u64) -> Result<Option<KeptSnapshot>, JournalError> {
        let snapshot = |row: &Row<'_>| {
            let position = Position { seq: unsigned(row, 0)?, digest: digest(row, 1)? };
            Ok(KeptSnapshot { position, bytes: row.get(2)?, digest: digest(row, 3)? })
        };
        let query = "select seq, chain, bytes, digest from snapshot where seq < ?1 order by seq desc limit 1";
        self.connection.query_row(query, [signed(seq)], snapshot).optional().map_err(failed)
    }

    fn truncate(&mut self) -> Result<(), JournalError> {
        self.write()?;
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
        let query = "select seq from snapshot order by seq desc limit 1 offset 1";
        if let Some(first) = transaction.query_row(query, [], |row| row.get::<_, i64>(0)).optional().map_err(failed)? {
            for statement in [
                "delete from entry where seq < ?1",
                "delete from snapshot where seq < ?1",
                "update head set first = ?1",
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
