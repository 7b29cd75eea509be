//! Tokens beside a journal in `PostgreSQL`, for all servers on it.

use std::fmt;

use enterprise_teams::chrono::{DateTime, Utc};
use enterprise_teams::journal::JournalError;
use enterprise_teams::uuid::Uuid;
use enterprise_teams::{UserId, ids::ClientId};
use postgres::{Client, Row};

use super::{KeepTokens, Token, TokenDigest};

/// Times in microseconds. What is answered is kept, whatever the server's default is. Of several that begin at once one makes the table.
const TABLE: &str = "
    set client_min_messages = warning;
    set lock_timeout = '10s';
    select set_config('synchronous_commit', case when current_setting('synchronous_commit') in ('off', 'local') then 'on'
        else current_setting('synchronous_commit') end, false);
    begin;
    select pg_advisory_xact_lock(7306357456646927723);
    create table if not exists platform_token (
        id text primary key, digest bytea not null unique, user_id text not null, client text, description text not null,
        created_at bigint not null, expires_at bigint
    );
    commit";

type Connect = dyn FnMut() -> Result<Client, postgres::Error> + Send;

/// Tokens in a `PostgreSQL` database, in the schema that the address leads to. A connection that breaks is made anew.
pub struct PostgresTokens {
    connect: Box<Connect>,
    client: Option<Client>,
}

impl PostgresTokens {
    /// Those where this connects to. It is called again when a connection breaks.
    ///
    /// # Errors
    /// [`JournalError::Unavailable`].
    pub fn connect(
        connect: impl FnMut() -> Result<Client, postgres::Error> + Send + 'static,
    ) -> Result<Self, JournalError> {
        let mut tokens = Self { connect: Box::new(connect), client: None };
        tokens.with(|_| Ok(()))?;
        Ok(tokens)
    }

    fn with<T>(&mut self, ask: impl FnOnce(&mut Client) -> Result<T, postgres::Error>) -> Result<T, JournalError> {
        if self.client.as_ref().is_some_and(Client::is_closed) {
            self.client = None;
        }
        let client = match &mut self.client {
            Some(client) => client,
            none => {
                let mut client = (self.connect)().map_err(JournalError::unavailable)?;
                client.batch_execute(TABLE).map_err(JournalError::unavailable)?;
                none.insert(client)
            }
        };
        ask(client).map_err(JournalError::unavailable)
    }
}

impl KeepTokens for PostgresTokens {
    fn all(&mut self) -> Result<Vec<(TokenDigest, Token)>, JournalError> {
        let query = "select digest, id, user_id, client, description, created_at, expires_at from platform_token";
        self.with(|client| client.query(query, &[]))?.iter().map(token).collect()
    }

    fn insert(&mut self, digest: TokenDigest, token: &Token) -> Result<(), JournalError> {
        let Token { id, user, client, description, created_at, expires_at } = token;
        let (id, user, client) = (id.to_string(), user.to_string(), client.map(|client| client.to_string()));
        let (begin, end) = (created_at.timestamp_micros(), expires_at.map(|end| end.timestamp_micros()));
        let insert = "insert into platform_token (id, digest, user_id, client, description, created_at, expires_at)
            values ($1, $2, $3, $4, $5, $6, $7)";
        self.with(|connection| {
            connection.execute(insert, &[&id, &digest.as_slice(), &user, &client, &description, &begin, &end])
        })
        .map(drop)
    }

    fn describe(&mut self, id: Uuid, description: &str) -> Result<bool, JournalError> {
        let update = "update platform_token set description = $2 where id = $1";
        self.with(|client| client.execute(update, &[&id.to_string(), &description])).map(|rows| rows > 0)
    }

    fn replace(&mut self, id: Uuid, before: TokenDigest, after: TokenDigest) -> Result<bool, JournalError> {
        let update = "update platform_token set digest = $3 where id = $1 and digest = $2";
        let changed =
            self.with(|client| client.execute(update, &[&id.to_string(), &before.as_slice(), &after.as_slice()]));
        changed.map(|rows| rows > 0)
    }

    fn delete(&mut self, id: Uuid) -> Result<bool, JournalError> {
        let delete = "delete from platform_token where id = $1";
        self.with(|client| client.execute(delete, &[&id.to_string()])).map(|rows| rows > 0)
    }
}

impl fmt::Debug for PostgresTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresTokens").finish_non_exhaustive()
    }
}

fn token(row: &Row) -> Result<(TokenDigest, Token), JournalError> {
    let read = || -> Result<_, Box<dyn std::error::Error + Send + Sync>> {
        let uuid = |column| Ok::<_, Box<dyn std::error::Error + Send + Sync>>(Uuid::parse_str(row.try_get(column)?)?);
        let time = |micros| DateTime::<Utc>::from_timestamp_micros(micros).ok_or("a time that is none");
        let client = row.try_get::<_, Option<&str>>(3)?.map(Uuid::parse_str).transpose()?;
        let token = Token {
            id: uuid(1)?,
            user: UserId::from_uuid(uuid(2)?),
            client: client.map(ClientId::from_uuid),
            description: row.try_get(4)?,
            created_at: time(row.try_get(5)?)?,
            expires_at: row.try_get::<_, Option<i64>>(6)?.map(time).transpose()?,
        };
        Ok((row.try_get::<_, &[u8]>(0)?.try_into()?, token))
    };
    read().map_err(JournalError::unavailable)
}
