//! What whoever runs the server does besides: users, tokens, teams. Asked of the running server over a socket in its folder, or done on
//! the journal itself where none runs.

use std::error::Error;
use std::fs;
use std::io::{self, ErrorKind};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream as StdUnixStream;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use clap::Subcommand;
use enterprise_teams::chrono::{SubsecRound, TimeDelta};
use enterprise_teams::uuid::Uuid;
use enterprise_teams::{
    Actor, Email, NewTeam, NewUser, PageRequest, UserId, ids::ClientId, query::PAGE_SIZE_MAX, system,
};
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::task::spawn_blocking;
use tokio::time::{sleep, timeout};

use crate::server::Server;
use crate::tokens::NewToken;

/// The socket's name in the folder.
const SOCKET: &str = "admin.sock";
/// How many people of a demo get a token, and what it is for.
const DEMO_TOKENS: usize = 20;
const DEMO: &str = "demo";
/// The longest command.
const COMMAND_MAX: u64 = 64 * 1024;
/// How long a command may take to arrive.
const COMMAND_TIME: Duration = Duration::from_secs(5);

/// What can be asked for.
#[derive(Clone, Debug, Serialize, Deserialize, Subcommand)]
#[serde(rename_all = "kebab-case")]
pub enum Command {
    /// Users.
    #[command(subcommand)]
    User(UserCommand),
    /// Tokens, by which users ask.
    #[command(subcommand)]
    Token(TokenCommand),
    /// Teams.
    #[command(subcommand)]
    Team(TeamCommand),
    /// Keeps a snapshot, so that the next start is fast, and prints how far it goes.
    Snapshot,
}

/// Users.
#[derive(Clone, Debug, Serialize, Deserialize, Subcommand)]
#[serde(rename_all = "kebab-case")]
pub enum UserCommand {
    /// Registers somebody, and prints a token for them.
    Add {
        /// Their e-mail.
        email: String,
    },
    /// Suspends somebody: their tokens and sessions let nobody in until they are reinstated, and they keep what they have.
    Suspend {
        /// Their e-mail.
        email: String,
    },
    /// Ends the suspension of somebody.
    Reinstate {
        /// Their e-mail.
        email: String,
    },
    /// Prints everybody: id and e-mail, and whether they are suspended.
    List,
}

/// Tokens.
#[derive(Clone, Debug, Serialize, Deserialize, Subcommand)]
#[serde(rename_all = "kebab-case")]
pub enum TokenCommand {
    /// Makes one more for a user, and prints it: the only time that it is seen.
    Add {
        /// The user's e-mail.
        email: String,
        /// What it is for.
        #[arg(long, default_value = "")]
        name: String,
        /// After how many days it ends.
        #[arg(long)]
        days: Option<u32>,
        /// The id of the third-party client that acts by it for the user.
        #[arg(long, value_name = "UUID")]
        client: Option<Uuid>,
    },
    /// Prints those of a user: id, end and name.
    List {
        /// The user's e-mail.
        email: String,
    },
    /// Revokes one, or all of a user's.
    Revoke {
        /// The user's e-mail.
        email: String,
        /// The token's id; all of them where it is left out.
        id: Option<Uuid>,
    },
}

/// Teams.
#[derive(Clone, Debug, Serialize, Deserialize, Subcommand)]
#[serde(rename_all = "kebab-case")]
pub enum TeamCommand {
    /// Provisions an Enterprise Team.
    Add {
        /// Its name.
        name: String,
        /// The e-mail of its admin, who is a user.
        #[arg(long, value_name = "E-MAIL")]
        admin: String,
        /// A Standard team instead.
        #[arg(long)]
        standard: bool,
    },
}

/// What became of it: lines to print, or what is wrong.
type Told = Result<Vec<String>, String>;

impl Command {
    /// Does it here. It waits until it is kept.
    ///
    /// # Errors
    /// What is wrong, for people.
    pub fn run(&self, server: &Server) -> Told {
        self.carry_out(server).map_err(|error| error.to_string())
    }

    fn carry_out(&self, server: &Server) -> Result<Vec<String>, Box<dyn Error>> {
        let operator = Actor::operator(system::now().trunc_subsecs(0));
        let id = |email: &str| -> Result<UserId, Box<dyn Error>> { Ok(server.store().user_id(&email.parse()?)?) };
        let issue = |user, client, name: &str, lasts| {
            let new = NewToken { user, client, description: name.to_owned(), lasts };
            server.tokens().issue(new, system::now())
        };
        match self {
            Self::User(UserCommand::Add { email }) => {
                let email = email.parse::<Email>()?;
                let user = server.transaction(|store| store.register_user(operator, NewUser::new(email.clone())))?;
                let (_, text) = issue(user, None, "first", None)?;
                Ok(vec![environment(server.address(), &text, email.as_str())])
            }
            Self::User(UserCommand::Suspend { email }) => {
                let user = id(email)?;
                server.transaction(|store| store.suspend_user(operator, user))?;
                Ok(Vec::new())
            }
            Self::User(UserCommand::Reinstate { email }) => {
                let user = id(email)?;
                server.transaction(|store| store.reinstate_user(operator, user))?;
                Ok(Vec::new())
            }
            Self::User(UserCommand::List) => {
                let store = server.store();
                let (mut lines, mut page) = (Vec::new(), Some(PageRequest::first(PAGE_SIZE_MAX)?));
                while let Some(asked) = page {
                    let found = store.users(operator, &asked)?;
                    lines.extend(found.items.iter().map(|user| {
                        let suspended = if user.suspended_at().is_some() { " suspended" } else { "" };
                        format!("{} {}{suspended}", user.id(), user.email())
                    }));
                    page = found.next.map(|next| asked.after(next));
                }
                Ok(lines)
            }
            Self::Token(TokenCommand::Add { email, name, days, client }) => {
                let lasts = days.map(|days| TimeDelta::days(days.into()));
                let (_, text) = issue(id(email)?, client.map(ClientId::from_uuid), name, lasts)?;
                Ok(vec![environment(server.address(), &text, email)])
            }
            Self::Token(TokenCommand::List { email }) => {
                let tokens = server.tokens().of(id(email)?);
                let lines = tokens.iter().map(|token| {
                    let end = token.expires_at.map_or("never ends".to_owned(), |end| format!("ends {end}"));
                    let client = token.client.map_or(String::new(), |client| format!(", client {client}"));
                    format!("{} {end}{client} {}", token.id, token.description)
                });
                Ok(lines.collect())
            }
            Self::Token(TokenCommand::Revoke { email, id: Some(token) }) => {
                let revoked = server.tokens().revoke(id(email)?, *token)?;
                revoked.map(|_| Vec::new()).ok_or_else(|| format!("{email} has no token {token}").into())
            }
            Self::Token(TokenCommand::Revoke { email, id: None }) => {
                let user = id(email)?;
                let all = server.tokens().of(user);
                all.iter().try_for_each(|token| server.tokens().revoke(user, token.id).map(drop))?;
                Ok(vec![format!("{} revoked", all.len())])
            }
            Self::Snapshot => {
                let end = server.keep_snapshot()?;
                Ok(vec![format!("{} events, {}", end.seq, end.digest)])
            }
            Self::Team(TeamCommand::Add { name, admin, standard }) => {
                let (name, admin) = (name.parse()?, id(admin)?);
                let new = if *standard { NewTeam::standard(name, admin) } else { NewTeam::enterprise(name, admin) };
                let team = server.transaction(|store| store.provision_team(operator, new))?;
                Ok(vec![team.to_string()])
            }
        }
    }

    /// Asks the server that runs on this folder; `None` where none does.
    ///
    /// # Errors
    /// The server breaks off.
    pub fn ask(&self, folder: &Path) -> io::Result<Option<Told>> {
        let mut stream = match StdUnixStream::connect(folder.join(SOCKET)) {
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::ConnectionRefused) => {
                return Ok(None);
            }
            stream => stream?,
        };
        serde_json::to_writer(&mut stream, self)?;
        io::Write::write_all(&mut stream, b"\n")?;
        Ok(Some(serde_json::from_reader(stream)?))
    }
}

/// A token for each of the first users of a demo, and what to do with it; those that it made before are none any more.
///
/// # Errors
/// What is wrong, for people.
pub fn demo_tokens(server: &Server) -> Result<Vec<String>, Box<dyn Error>> {
    let operator = Actor::operator(system::now().trunc_subsecs(0));
    let store = server.store();
    let users = store.users(operator, &PageRequest::first(DEMO_TOKENS)?)?;
    let lines = users.items.iter().map(|user| {
        let mut before = server.tokens().of(user.id()).into_iter().filter(|token| token.description == DEMO);
        before.try_for_each(|token| server.tokens().revoke(user.id(), token.id).map(drop))?;
        let new = NewToken { user: user.id(), client: None, description: DEMO.to_owned(), lasts: None };
        let (_, text) = server.tokens().issue(new, system::now())?;
        Ok(environment(server.address(), &text, user.email().as_str()))
    });
    lines.collect()
}

/// What a client needs to ask with this token.
#[must_use]
pub fn environment(address: &str, token: &str, email: &str) -> String {
    format!(
        "export HEROKU_HOST={address} HEROKU_PARTICLEBOARD_URL={address} HEROKU_GIT_HOST=git.invalid DISABLE_TELEMETRY=true \
         HEROKU_API_KEY={token} # {email}"
    )
}

/// The socket for commands. Who may open it may do everything: so it is for its owner alone, as its folder should be.
///
/// # Errors
/// There can be no socket.
pub fn socket(folder: &Path) -> io::Result<UnixListener> {
    let path = folder.join(SOCKET);
    // One that a process has left which is gone: whoever writes the journal is alone in the folder.
    match fs::remove_file(&path) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let listener = UnixListener::bind(&path)?;
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600))?;
    Ok(listener)
}

/// Carries commands out until it is dropped.
pub async fn listen(listener: UnixListener, server: Arc<Server>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            sleep(Duration::from_millis(50)).await;
            continue;
        };
        let server = Arc::clone(&server);
        tokio::spawn(async move {
            // Who breaks off has no answer.
            let _ = answer(stream, server).await;
        });
    }
}

async fn answer(mut stream: UnixStream, server: Arc<Server>) -> io::Result<()> {
    let mut line = String::new();
    let (read, mut write) = stream.split();
    timeout(COMMAND_TIME, BufReader::new(read.take(COMMAND_MAX)).read_line(&mut line)).await??;
    let told: Told = match serde_json::from_str::<Command>(&line) {
        Ok(command) => spawn_blocking(move || command.run(&server)).await?,
        Err(error) => Err(format!("the server understands no such command: {error}")),
    };
    write.write_all(&serde_json::to_vec(&told)?).await?;
    write.shutdown().await
}
