//! Tokens in the file of the journal.

use std::path::Path;
use std::time::Duration;

use enterprise_teams::chrono::{DateTime, Utc};
use enterprise_teams::journal::JournalError;
use enterprise_teams::uuid::Uuid;
use enterprise_teams::{UserId, ids::ClientId};
use rusqlite::types::Type;
use rusqlite::{Connection, Row, params};

use super::{KeepTokens, Token, TokenDigest};

/// Times in microseconds.
const TABLE: &str = "
    create table if not exists platform_token (
        id text primary key, digest blob not null unique, user text not null, client text, description text not null,
        created_at integer not null, expires_at integer
    ) strict";

/// Tokens in an `SQLite` file, which may be that of the journal.
#[derive(Debug)]
pub struct SqliteTokens(Connection);

impl SqliteTokens {
    /// Those of the file, which is there already.
    ///
    /// # Errors
    /// [`JournalError::Unavailable`].
    pub fn open(path: &Path) -> Result<Self, JournalError> {
        let open = || {
            let connection = Connection::open(path)?;
            connection.busy_timeout(Duration::from_secs(10))?;
            // Kept as the events are: also when the power fails.
            connection.pragma_update(None, "synchronous", "full")?;
            connection.pragma_update(None, "fullfsync", "on")?;
            connection.execute_batch(TABLE)?;
            Ok(connection)
        };
        open().map(Self).map_err(failed)
    }
}

impl KeepTokens for SqliteTokens {
    fn all(&mut self) -> Result<Vec<(TokenDigest, Token)>, JournalError> {
        let query = "select digest, id, user, client, description, created_at, expires_at from platform_token";
        let mut query = self.0.prepare_cached(query).map_err(failed)?;
        let rows = query.query_map([], token).map_err(failed)?;
        rows.collect::<rusqlite::Result<_>>().map_err(failed)
    }

    fn insert(&mut self, digest: TokenDigest, token: &Token) -> Result<(), JournalError> {
        let Token { id, user, client, description, created_at, expires_at } = token;
        let client = client.map(|client| client.to_string());
        let end = expires_at.map(|end| end.timestamp_micros());
        let row =
            params![id.to_string(), digest, user.to_string(), client, description, created_at.timestamp_micros(), end];
        let insert = "insert into platform_token (id, digest, user, client, description, created_at, expires_at)
            values (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        self.0.execute(insert, row).map(drop).map_err(failed)
    }

    fn describe(&mut self, id: Uuid, description: &str) -> Result<bool, JournalError> {
        let update = "update platform_token set description = ?2 where id = ?1";
        self.0.execute(update, params![id.to_string(), description]).map(|rows| rows > 0).map_err(failed)
    }

    fn replace(&mut self, id: Uuid, before: TokenDigest, after: TokenDigest) -> Result<bool, JournalError> {
        let update = "update platform_token set digest = ?3 where id = ?1 and digest = ?2";
        self.0.execute(update, params![id.to_string(), before, after]).map(|rows| rows > 0).map_err(failed)
    }

    fn delete(&mut self, id: Uuid) -> Result<bool, JournalError> {
        let deleted = self.0.execute("delete from platform_token where id = ?1", [id.to_string()]);
        deleted.map(|rows| rows > 0).map_err(failed)
    }
}

fn failed(error: rusqlite::Error) -> JournalError {
    JournalError::unavailable(error)
}

fn token(row: &Row<'_>) -> rusqlite::Result<(TokenDigest, Token)> {
    let uuid = |column| {
        let text: String = row.get(column)?;
        Uuid::parse_str(&text).map_err(|error| strange(column, Type::Text, error))
    };
    let time = |column: usize, micros: i64| {
        DateTime::<Utc>::from_timestamp_micros(micros).ok_or(rusqlite::Error::IntegralValueOutOfRange(column, micros))
    };
    let client = row.get::<_, Option<String>>(3)?.map(|_| uuid(3)).transpose()?;
    Ok((
        row.get(0)?,
        Token {
            id: uuid(1)?,
            user: UserId::from_uuid(uuid(2)?),
            client: client.map(ClientId::from_uuid),
            description: row.get(4)?,
            created_at: time(5, row.get(5)?)?,
            expires_at: row.get::<_, Option<i64>>(6)?.map(|micros| time(6, micros)).transpose()?,
        },
    ))
}

fn strange(column: usize, kind: Type, error: impl std::error::Error + Send + Sync + 'static) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, kind, Box::new(error))
}
