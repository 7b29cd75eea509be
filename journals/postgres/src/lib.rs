//! A store of `enterprise-teams` in `PostgreSQL`, which any number of processes write and read.
//!
//! ```no_run
//! use enterprise_teams::replica::{Replica, ReplicaOptions};
//! use enterprise_teams::Settings;
//! use enterprise_teams_postgres::PostgresJournal;
//!
//! let journal = PostgresJournal::open("host=one,two dbname=teams target_session_attrs=read-write")?;
//! let replica = Replica::open(journal, Settings::random, ReplicaOptions::default())?;
//! # Ok::<(), enterprise_teams::journal::JournalError>(())
//! ```
//!
//! A journal is four tables in the schema that the address leads to: for several stores in one database, give each a schema of its own
//! (`options='-c search_path=acme'`).
//!
//! What was answered is committed, with `synchronous_commit` at least `on`: with synchronous standbys it is on one of them too. An address
//! may name several hosts: with `target_session_attrs=read-write` the one that was promoted is found.
//!
//! [`PostgresJournal::open`] does not encrypt; with the feature `tls` `PostgresJournal::open_with_tls` does.
//!
//! Who appends holds the lock of one row from before it follows the others to the commit, so that writers take turns. That is for their
//! peace: what guards the log is the number, which is the primary key.

#![cfg_attr(docsrs, feature(doc_cfg))]
#![forbid(unsafe_code)]

#[cfg(feature = "tls")]
mod tls;

#[cfg(feature = "tls")]
pub use tls::{Roots, connector};

use core::fmt;
use core::time::Duration;
use std::time::Instant;

use chrono::{DateTime, Utc};
use enterprise_teams::journal::{ChainDigest, Entry, Journal, JournalError, KeptSnapshot, KeyUse, Position};
use postgres::fallible_iterator::FallibleIterator;
use postgres::{Client, NoTls, Row, SimpleQueryMessage, Statement, Transaction};

/// How often the journal is asked for something new, whatever was notified.
const POLL: Duration = Duration::from_secs(1);
/// How many bytes of a snapshot are kept in one value.
const SNAPSHOT_PART: usize = 8 << 20;
/// The version of the tables.
const VERSION: i32 = 1;

/// Once, by whoever comes first; the number of the lock is "ETJ1".
const TABLES: &str = "
    begin;
    select pg_advisory_xact_lock(1163151921);
    create table if not exists journal_entry (
        seq bigint primary key, event text not null, digest bytea not null, key text, operation bytea, until bigint
    );
    create index if not exists journal_entry_by_key on journal_entry (key, seq) where key is not null;
    create table if not exists journal_snapshot (
        seq bigint primary key, chain bytea not null, digest bytea not null
    );
    create table if not exists journal_snapshot_part (
        seq bigint references journal_snapshot on delete cascade, part bigint, bytes bytea not null, primary key (seq, part)
    );
    create table if not exists journal_head (
        one int primary key check (one = 1), version int not null, seq bigint not null, digest bytea not null, first bigint not null
    ) with (fillfactor = 10);
    insert into journal_head values (1, 1, 0, decode(repeat('00', 32), 'hex'), 1) on conflict do nothing;
    commit;
";

/// One statement for the row of the end, the entries, and the word to those who wait: nothing where the journal ends elsewhere.
const APPEND: &str = "
    with moved as (update journal_head set seq = $7, digest = $8 where seq = $9 returning 1),
    kept as (
        insert into journal_entry
        select new.* from unnest($1::bigint[], $2::text[], $3::bytea[], $4::text[], $5::bytea[], $6::bigint[]) new, moved
    )
    select pg_notify('enterprise_teams_journal', '') from moved";

const HEAD: &str = "select seq, encode(digest, 'hex'), first, (extract(epoch from clock_timestamp()) * 1000000)::bigint from journal_head";
const ENTRY: &str = "select seq, event, digest, key, operation, until from journal_entry";

type Connect = dyn FnMut() -> Result<Client, postgres::Error> + Send;

/// A journal in `PostgreSQL`. It has one connection, and makes another when that breaks.
pub struct PostgresJournal {
    connect: Box<Connect>,
    session: Option<Session>,
}

/// A connection.
struct Session {
    client: Client,
    append: Statement,
    /// As it is while this has the turn.
    turn: Option<Head>,
}

#[derive(Clone, Copy)]
struct Head {
    end: Position,
    first: u64,
    now: DateTime<Utc>,
}

impl PostgresJournal {
    /// Connects to this address without encryption, and makes the tables where there are none.
    ///
    /// # Errors
    /// [`JournalError::Unavailable`], also for a server that does not sync (`fsync=off`); [`JournalError::Unreadable`] for tables of a newer
    /// release.
    pub fn open(address: &str) -> Result<Self, JournalError> {
        let config: postgres::Config = address.parse().map_err(unavailable)?;
        Self::connect(move || config.connect(NoTls))
    }

    /// As [`open`](Self::open), with whatever makes a connection, such as one with TLS. It is called again when a connection breaks.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn connect(
        connect: impl FnMut() -> Result<Client, postgres::Error> + Send + 'static,
    ) -> Result<Self, JournalError> {
        let mut journal = Self { connect: Box::new(connect), session: None };
        journal.session()?;
        Ok(journal)
    }

    /// The connection, or another one where it broke.
    fn session(&mut self) -> Result<&mut Session, JournalError> {
        if self.session.as_ref().is_some_and(|session| session.client.is_closed()) {
            self.session = None;
        }
        match &mut self.session {
            Some(session) => Ok(session),
            none => Ok(none.insert(Session::new((self.connect)().map_err(unavailable)?)?)),
        }
    }
}

fn unavailable(error: postgres::Error) -> JournalError {
    JournalError::unavailable(error)
}

impl Session {
    fn new(mut client: Client) -> Result<Self, JournalError> {
        // Whoever stops in its turn loses it; whoever waits for one too long hears so.
        let limits = "set lock_timeout = '10s'; set idle_in_transaction_session_timeout = '30s'; set client_min_messages = warning";
        client.batch_execute(limits).map_err(unavailable)?;
        let setting = |client: &mut Client, name: &str| {
            client.query_one("select current_setting($1)", &[&name]).and_then(|row| row.try_get::<_, String>(0))
        };
        if setting(&mut client, "fsync").map_err(unavailable)? == "off" {
            return Err(JournalError::unavailable("the server does not sync what it keeps: fsync is off"));
        }
        if ["off", "local"].contains(&&*setting(&mut client, "synchronous_commit").map_err(unavailable)?) {
            client.batch_execute("set synchronous_commit = on").map_err(unavailable)?;
        }
        let made = "select to_regclass('journal_head') is not null";
        if !client.query_one(made, &[]).and_then(|row| row.try_get(0)).map_err(unavailable)? {
            client.batch_execute(TABLES).map_err(unavailable)?;
        }
        let version = client.query_one("select version from journal_head", &[]).and_then(|row| row.try_get(0));
        match version.map_err(unavailable)? {
            ..=VERSION => {}
            newer => {
                let problem = format!("the tables are of version {newer}, and this release reads up to {VERSION}");
                return Err(JournalError::Unreadable { seq: 0, problem: problem.into() });
            }
        }
        let append = client.prepare(APPEND).map_err(unavailable)?;
        Ok(Self { client, append, turn: None })
    }

    /// The head, after `before` and with the lock `after`: all in one message, since each takes a way to the server and back.
    fn head(&mut self, before: &str, after: &str) -> Result<Head, JournalError> {
        let messages = self.client.simple_query(&format!("{before}{HEAD}{after}")).map_err(unavailable)?;
        let row = messages.iter().find_map(|message| match message {
            SimpleQueryMessage::Row(row) => Some(row),
            _ => None,
        });
        let head = || {
            let text = |column| row?.try_get(column).ok()?;
            let number = |column| text(column)?.parse().ok();
            let half = |hex| Some(u128::from_str_radix(text(1)?.get(hex)?, 16).ok()?.to_be_bytes());
            let digest = [half(0..32)?, half(32..64)?].concat().try_into().ok()?;
            let end = Position { seq: number(0)?, digest: ChainDigest::from_bytes(digest) };
            Some(Head { end, first: number(2)?, now: DateTime::from_timestamp_micros(text(3)?.parse().ok()?)? })
        };
        head().ok_or(JournalError::Corrupt { seq: 0 })
    }

    /// Begins a transaction with the lock of the row.
    fn begin(&mut self) -> Result<Head, JournalError> {
        if self.turn.is_some() {
            self.roll_back();
        }
        let head = self.head("begin;", " for update").inspect_err(|_| self.roll_back())?;
        self.turn = Some(head);
        Ok(head)
    }

    /// Ends the transaction, if there is one.
    fn roll_back(&mut self) {
        self.turn = None;
        // A connection that cannot even do that is closed, and its transaction with it.
        _ = self.client.batch_execute("rollback");
    }

    /// A transaction of its own, which is not known to have come to anything until it is committed.
    fn commit(&mut self, act: impl FnOnce(&mut Client) -> Result<(), postgres::Error>) -> Result<(), JournalError> {
        if self.turn.is_none() {
            self.begin()?;
        }
        if let Err(error) = act(&mut self.client) {
            self.roll_back();
            return Err(unavailable(error));
        }
        self.turn = None;
        self.client.batch_execute("commit").map_err(JournalError::unknown)
    }
}

fn number(row: &Row, column: usize) -> Result<u64, JournalError> {
    let number: i64 = row.try_get(column).map_err(unavailable)?;
    u64::try_from(number).map_err(|_| JournalError::Corrupt { seq: 0 })
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn digest(row: &Row, column: usize) -> Result<ChainDigest, JournalError> {
    let bytes: &[u8] = row.try_get(column).map_err(unavailable)?;
    bytes.try_into().map(ChainDigest::from_bytes).map_err(|_| JournalError::Corrupt { seq: 0 })
}

fn entry(row: &Row) -> Result<Entry, JournalError> {
    let key: Option<String> = row.try_get(3).map_err(unavailable)?;
    let key = match key {
        Some(key) => Some(KeyUse { key, operation: digest(row, 4)?, until: row.try_get(5).map_err(unavailable)? }),
        None => None,
    };
    let event = row.try_get(1).map_err(unavailable)?;
    Ok(Entry { seq: number(row, 0)?, event, key, digest: digest(row, 2)? })
}

impl Journal for PostgresJournal {
    fn now(&mut self) -> Result<DateTime<Utc>, JournalError> {
        let session = self.session()?;
        match session.turn {
            Some(head) => Ok(head.now),
            None => session.head("", "").map(|head| head.now),
        }
    }

    fn take_turn(&mut self) -> Result<(), JournalError> {
        self.session()?.begin().map(drop)
    }

    fn pass_turn(&mut self) {
        if let Some(session) = self.session.as_mut().filter(|session| session.turn.is_some()) {
            session.roll_back();
        }
    }

    fn append(&mut self, after: u64, entries: &[Entry]) -> Result<(), JournalError> {
        let session = self.session()?;
        let last = match session.turn {
            Some(head) => head.end.seq,
            None => session.begin()?.end.seq,
        };
        let end = match entries.last() {
            Some(end) if last == after => end.position(),
            _ => {
                session.roll_back();
                return if last == after { Ok(()) } else { Err(JournalError::Conflict { last }) };
            }
        };
        let keys = || entries.iter().map(|entry| entry.key.as_ref());
        let seqs: Vec<i64> = entries.iter().map(|entry| signed(entry.seq)).collect();
        let events: Vec<&str> = entries.iter().map(|entry| entry.event.as_str()).collect();
        let digests: Vec<_> = entries.iter().map(|entry| entry.digest.to_bytes()).collect();
        let digests: Vec<&[u8]> = digests.iter().map(<[u8; 32]>::as_slice).collect();
        let names: Vec<Option<&str>> = keys().map(|key| key.map(|key| key.key.as_str())).collect();
        let operations: Vec<_> = keys().map(|key| key.map(|key| key.operation.to_bytes())).collect();
        let operations: Vec<Option<&[u8]>> =
            operations.iter().map(|bytes| bytes.as_ref().map(<[u8; 32]>::as_slice)).collect();
        let untils: Vec<Option<i64>> = keys().map(|key| key.map(|key| key.until)).collect();
        let (seq, bytes, before) = (signed(end.seq), end.digest.to_bytes(), signed(after));
        let append = session.append.clone();
        session.commit(|client| {
            let end: [&(dyn postgres::types::ToSql + Sync); 9] =
                [&seqs, &events, &digests, &names, &operations, &untils, &seq, &bytes.as_slice(), &before];
            client.query_one(&append, &end).map(drop)
        })
    }

    fn read(&mut self, after: u64, most: usize) -> Result<Vec<Entry>, JournalError> {
        let session = self.session()?;
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let query = format!("{ENTRY} where seq > $1 order by seq limit $2");
        let rows = session.client.query(&query, &[&signed(after), &most]).map_err(unavailable)?;
        // Asked after the rows, so that those that were given up before are not missed in silence.
        let first = match session.turn {
            Some(head) => head.first,
            None => session.head("", "")?.first,
        };
        if after.saturating_add(1) < first {
            return Err(JournalError::Truncated { first });
        }
        rows.iter().map(entry).collect()
    }

    fn end(&mut self) -> Result<Position, JournalError> {
        let session = self.session()?;
        match session.turn {
            Some(head) => Ok(head.end),
            None => session.head("", "").map(|head| head.end),
        }
    }

    fn keyed(&mut self, key: &str) -> Result<Option<Entry>, JournalError> {
        let query = format!("{ENTRY} where key = $1 order by seq desc limit 1");
        let row = self.session()?.client.query_opt(&query, &[&key]).map_err(unavailable)?;
        row.as_ref().map(entry).transpose()
    }

    fn keep_snapshot(&mut self, snapshot: &KeptSnapshot) -> Result<(), JournalError> {
        let KeptSnapshot { position, bytes, digest } = snapshot;
        let (seq, chain, digest) = (signed(position.seq), position.digest.to_bytes(), digest.to_bytes());
        let keep = |transaction: &mut Transaction<'_>| {
            let insert = "
                insert into journal_snapshot select $1, $2, $3 where $1 >= (select first from journal_head)
                on conflict (seq) do update set chain = excluded.chain, digest = excluded.digest";
            if transaction.execute(insert, &[&seq, &chain.as_slice(), &digest.as_slice()])? == 0 {
                return Ok(());
            }
            transaction.execute("delete from journal_snapshot_part where seq = $1", &[&seq])?;
            let insert = transaction.prepare("insert into journal_snapshot_part values ($1, $2, $3)")?;
            let mut parts = (0_i64..).zip(bytes.chunks(SNAPSHOT_PART));
            parts.try_for_each(|(part, bytes)| transaction.execute(&insert, &[&seq, &part, &bytes]).map(drop))
        };
        let session = self.session()?;
        if session.turn.is_some() {
            session.roll_back();
        }
        let mut transaction = session.client.transaction().map_err(unavailable)?;
        keep(&mut transaction).map_err(unavailable)?;
        transaction.commit().map_err(JournalError::unknown)?;
        // Nobody waits while a large one is written, and what it stands on may have been given up meanwhile.
        let late = "delete from journal_snapshot where seq = $1 and seq < (select first from journal_head)";
        session.client.execute(late, &[&seq]).map(drop).map_err(unavailable)
    }

    fn snapshot_below(&mut self, seq: u64) -> Result<Option<KeptSnapshot>, JournalError> {
        let query = "
            select seq, chain, digest, bytes from journal_snapshot left join journal_snapshot_part using (seq)
            where seq = (select max(seq) from journal_snapshot where seq < $1) order by part";
        let mut rows = self.session()?.client.query_raw(query, [signed(seq)]).map_err(unavailable)?;
        let mut found: Option<KeptSnapshot> = None;
        while let Some(row) = rows.next().map_err(unavailable)? {
            let kept = match &mut found {
                Some(kept) => kept,
                none => {
                    let position = Position { seq: number(&row, 0)?, digest: digest(&row, 1)? };
                    none.insert(KeptSnapshot { position, bytes: Vec::new(), digest: digest(&row, 2)? })
                }
            };
            let part: Option<&[u8]> = row.try_get(3).map_err(unavailable)?;
            kept.bytes.extend_from_slice(part.unwrap_or_default());
        }
        Ok(found)
    }

    fn truncate(&mut self) -> Result<(), JournalError> {
        let second = "select seq from journal_snapshot order by seq desc limit 1 offset 1";
        self.session()?.commit(|client| {
            let Some(row) = client.query_opt(second, &[])? else { return Ok(()) };
            let first: i64 = row.try_get(0)?;
            for statement in [
                "delete from journal_entry where seq < $1",
                "delete from journal_snapshot where seq < $1",
                "update journal_head set first = $1",
            ] {
                client.execute(statement, &[&first])?;
            }
            Ok(())
        })
    }

    fn wait(&mut self, after: u64, at_most: Duration) -> Result<(), JournalError> {
        let since = Instant::now();
        let Session { client, .. } = self.session()?;
        client.batch_execute("listen enterprise_teams_journal").map_err(unavailable)?;
        loop {
            let session = self.session()?;
            let left = at_most.saturating_sub(since.elapsed());
            if session.head("", "")?.end.seq > after || left.is_zero() {
                // What was notified is not wanted any more, and would be remembered.
                session.client.batch_execute("unlisten *").map_err(unavailable)?;
                while session.client.notifications().iter().next().map_err(unavailable)?.is_some() {}
                return Ok(());
            }
            session.client.notifications().timeout_iter(left.min(POLL)).next().map_err(unavailable)?;
        }
    }
}

impl fmt::Debug for PostgresJournal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresJournal").field("connected", &self.session.is_some()).finish_non_exhaustive()
    }
}
