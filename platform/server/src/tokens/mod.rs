//! Tokens, by which a request says whose it is: kept beside the journal, in the same database, as digests.

mod postgres;
mod sqlite;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, PoisonError, RwLock};

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use enterprise_teams::chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use enterprise_teams::journal::JournalError;
use enterprise_teams::uuid::{Builder, Uuid};
use enterprise_teams::{ActorKind, UserId, ids::ClientId, rand};
use sha2::{Digest, Sha256};

pub use self::postgres::PostgresTokens;
pub use self::sqlite::SqliteTokens;

/// What a token begins with, so that one that got somewhere is recognised.
const PREFIX: &str = "teams_";
/// The most tokens of one user.
const TOKENS_MAX: usize = 100;
const DESCRIPTION_MAX: usize = 200;

/// What is known of a token. The token itself only its holder knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// By which it is revoked.
    pub id: Uuid,
    /// Whose it is.
    pub user: UserId,
    /// The third-party client that acts by it for the user, if it is one (SEC-1).
    pub client: Option<ClientId>,
    /// What it is for, in the user's words.
    pub description: String,
    /// Since when it is.
    pub created_at: DateTime<Utc>,
    /// From when on it is none.
    pub expires_at: Option<DateTime<Utc>>,
}

impl Token {
    /// Who acts by it.
    #[must_use]
    pub fn actor(&self) -> ActorKind {
        let user = self.user;
        self.client.map_or(ActorKind::User(user), |client| ActorKind::OAuth { user, client })
    }

    fn is_over(&self, now: DateTime<Utc>) -> bool {
        self.expires_at.is_some_and(|end| end <= now)
    }
}

/// A token to be.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// Whose it is.
    pub user: UserId,
    /// The third-party client that acts by it, if it is one.
    pub client: Option<ClientId>,
    /// What it is for.
    pub description: String,
    /// How long it is one.
    pub lasts: Option<TimeDelta>,
}

/// Why there is no token.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TokenError {
    /// The user has as many as there may be.
    #[error("there may be 100 tokens, and there are as many: revoke one")]
    TooMany,
    /// It would end before it began, or never.
    #[error("a token lasts a second or longer, and ends before the year 262000")]
    Duration,
    /// What it is for is not said in so many words.
    #[error("a description has 200 characters at most")]
    Description,
    /// The database.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

/// The SHA-256 of a token. It is drawn from 2^256: nothing slower is needed to keep it from who reads the digest, and who measures
/// how long a look-up takes learns of a digest, not of a token.
pub type TokenDigest = [u8; 32];

/// Where tokens are kept.
pub trait KeepTokens: Send {
    /// All of them.
    ///
    /// # Errors
    /// [`JournalError::Unavailable`], [`JournalError::Corrupt`].
    fn all(&mut self) -> Result<Vec<(TokenDigest, Token)>, JournalError>;

    /// Keeps one more. When it answers `Ok` it is kept as an event of the journal is; when it does not, it may be kept all the same. So
    /// with the others.
    ///
    /// # Errors
    /// [`JournalError::Unavailable`].
    fn insert(&mut self, digest: TokenDigest, token: &Token) -> Result<(), JournalError>;

    /// Says anew what one is for, and answers whether there was one.
    ///
    /// # Errors
    /// [`JournalError::Unavailable`].
    fn describe(&mut self, id: Uuid, description: &str) -> Result<bool, JournalError>;

    /// Another digest for one that has this, and whether there was one.
    ///
    /// # Errors
    /// [`JournalError::Unavailable`].
    fn replace(&mut self, id: Uuid, before: TokenDigest, after: TokenDigest) -> Result<bool, JournalError>;

    /// Forgets one, and answers whether there was one.
    ///
    /// # Errors
    /// [`JournalError::Unavailable`].
    fn delete(&mut self, id: Uuid) -> Result<bool, JournalError>;
}

/// Tokens that go with the process.
#[derive(Debug, Default)]
pub struct MemoryTokens(HashMap<TokenDigest, Token>);

impl KeepTokens for MemoryTokens {
    fn all(&mut self) -> Result<Vec<(TokenDigest, Token)>, JournalError> {
        Ok(self.0.iter().map(|(digest, token)| (*digest, token.clone())).collect())
    }

    fn insert(&mut self, digest: TokenDigest, token: &Token) -> Result<(), JournalError> {
        self.0.insert(digest, token.clone());
        Ok(())
    }

    fn describe(&mut self, id: Uuid, description: &str) -> Result<bool, JournalError> {
        let found = self.0.values_mut().find(|token| token.id == id);
        Ok(found.map(|token| description.clone_into(&mut token.description)).is_some())
    }

    fn replace(&mut self, id: Uuid, before: TokenDigest, after: TokenDigest) -> Result<bool, JournalError> {
        let is_it = self.0.get(&before).is_some_and(|token| token.id == id);
        let token = if is_it { self.0.remove(&before) } else { None };
        Ok(token.map(|token| self.0.insert(after, token)).is_some())
    }

    fn delete(&mut self, id: Uuid) -> Result<bool, JournalError> {
        let before = self.0.len();
        self.0.retain(|_, token| token.id != id);
        Ok(self.0.len() < before)
    }
}

/// The tokens that are kept, as this server knows them.
pub struct Tokens {
    known: RwLock<HashMap<TokenDigest, Token>>,
    kept: Mutex<Box<dyn KeepTokens>>,
}

impl Tokens {
    /// Those that are kept there.
    ///
    /// # Errors
    /// As [`KeepTokens::all`].
    pub fn open(mut kept: Box<dyn KeepTokens>) -> Result<Self, JournalError> {
        let known = kept.all()?.into_iter().collect();
        Ok(Self { known: RwLock::new(known), kept: Mutex::new(kept) })
    }

    /// Looks what other servers have issued and revoked.
    ///
    /// # Errors
    /// As [`KeepTokens::all`].
    pub fn refresh(&self) -> Result<(), JournalError> {
        // The lock is held until it is known, so that what is issued or revoked meanwhile is not forgotten.
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let all = kept.all()?.into_iter().collect();
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = all;
        Ok(())
    }

    /// Makes a token, which only this answers, when it is kept.
    ///
    /// # Errors
    /// [`TokenError`].
    pub fn issue(&self, new: NewToken, now: DateTime<Utc>) -> Result<(Token, String), TokenError> {
        let now = now.trunc_subsecs(6);
        let NewToken { user, client, description, lasts } = new;
        if description.chars().count() > DESCRIPTION_MAX {
            return Err(TokenError::Description);
        }
        let end = |lasts: TimeDelta| {
            now.checked_add_signed(lasts).filter(|_| lasts >= TimeDelta::seconds(1)).ok_or(TokenError::Duration)
        };
        let expires_at = lasts.map(end).transpose()?;
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let (over, held): (Vec<_>, Vec<_>) = self.of(user).into_iter().partition(|token| token.is_over(now));
        if held.len() >= TOKENS_MAX {
            return Err(TokenError::TooMany);
        }
        let id = Builder::from_random_bytes(rand::random()).into_uuid();
        let token = Token { id, user, client, description, created_at: now, expires_at };
        let text = fresh();
        // Those that are over make room.
        for old in &over {
            kept.delete(old.id)?;
        }
        kept.insert(digest(&text), &token)?;
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        known.retain(|_, known| !over.contains(known));
        known.insert(digest(&text), token.clone());
        Ok((token, text))
    }

    /// Makes another token of one of the user's, which is none from here on; the rest stays.
    ///
    /// # Errors
    /// As [`KeepTokens::replace`].
    pub fn regenerate(&self, user: UserId, id: Uuid) -> Result<Option<(Token, String)>, JournalError> {
        let text = fresh();
        let after = digest(&text);
        let changed = self.change(user, id, |kept, before, _| Ok((kept.replace(id, before, after)?, after)))?;
        Ok(changed.map(|token| (token, text)))
    }

    /// Says anew what a token of the user's is for.
    ///
    /// # Errors
    /// [`TokenError`].
    pub fn describe(&self, user: UserId, id: Uuid, description: &str) -> Result<Option<Token>, TokenError> {
        if description.chars().count() > DESCRIPTION_MAX {
            return Err(TokenError::Description);
        }
        let changed = self.change(user, id, |kept, before, token| {
            description.clone_into(&mut token.description);
            Ok((kept.describe(id, description)?, before))
        });
        Ok(changed?)
    }

    /// Changes a token of the user's where it is kept; one that is not there any more is forgotten here too.
    fn change(
        &self,
        user: UserId,
        id: Uuid,
        change: impl FnOnce(&mut dyn KeepTokens, TokenDigest, &mut Token) -> Result<(bool, TokenDigest), JournalError>,
    ) -> Result<Option<Token>, JournalError> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let found = known.iter().find(|(_, token)| token.user == user && token.id == id);
        let Some((before, mut token)) = found.map(|(digest, token)| (*digest, token.clone())) else { return Ok(None) };
        drop(known);
        let (was_there, after) = change(&mut **kept, before, &mut token)?;
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        known.remove(&before);
        if !was_there {
            return Ok(None);
        }
        known.insert(after, token.clone());
        Ok(Some(token))
    }

    /// Forgets the tokens of those who are no users.
    ///
    /// # Errors
    /// As [`KeepTokens::delete`].
    pub(crate) fn retain(&self, is_user: impl Fn(UserId) -> bool) -> Result<(), JournalError> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        for token in known.values().filter(|token| !is_user(token.user)) {
            kept.delete(token.id)?;
        }
        known.retain(|_, token| is_user(token.user));
        Ok(())
    }

    /// Revokes a token of the user: from here on nobody is let in by it.
    ///
    /// # Errors
    /// As [`KeepTokens::delete`].
    pub fn revoke(&self, user: UserId, id: Uuid) -> Result<Option<Token>, JournalError> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(token) = self.of(user).into_iter().find(|token| token.id == id) else { return Ok(None) };
        kept.delete(id)?;
        self.known.write().unwrap_or_else(PoisonError::into_inner).retain(|_, token| token.id != id);
        Ok(Some(token))
    }

    /// Revokes the token itself, if it is one.
    ///
    /// # Errors
    /// As [`revoke`](Self::revoke).
    pub fn revoke_by(&self, text: &str) -> Result<(), JournalError> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner).get(&digest(text)).cloned();
        known.map_or(Ok(()), |token| self.revoke(token.user, token.id).map(drop))
    }

    /// The user's tokens, also those that are over, the oldest first.
    #[must_use]
    pub fn of(&self, user: UserId) -> Vec<Token> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let mut tokens: Vec<_> = known.values().filter(|token| token.user == user).cloned().collect();
        tokens.sort_by_key(|token| (token.created_at, token.id));
        tokens
    }

    /// Whom this token lets in at this time.
    #[must_use]
    pub fn find(&self, text: &str, now: DateTime<Utc>) -> Option<ActorKind> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known.get(&digest(text)).filter(|token| !token.is_over(now)).map(Token::actor)
    }
}

/// How many there are.
impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        f.debug_tuple("Tokens").field(&known.len()).finish()
    }
}

fn fresh() -> String {
    format!("{PREFIX}{}", BASE64_URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>()))
}

fn digest(text: &str) -> TokenDigest {
    Sha256::digest(text).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(number: u128) -> UserId {
        UserId::from_uuid(Uuid::from_u128(number))
    }

    fn new(number: u128) -> NewToken {
        NewToken { user: user(number), client: None, description: String::new(), lasts: None }
    }

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(second, 0).unwrap()
    }

    fn tokens() -> Tokens {
        Tokens::open(Box::new(MemoryTokens::default())).unwrap()
    }

    #[test]
    fn a_token_is_its_users_until_it_is_revoked() {
        let tokens = tokens();
        let (one, text) = tokens.issue(new(1), at(0)).unwrap();
        let (_, other) = tokens.issue(new(2), at(0)).unwrap();
        assert_eq!(tokens.find(&text, at(0)), Some(ActorKind::User(user(1))));
        assert_eq!(tokens.find(&other, at(0)), Some(ActorKind::User(user(2))));
        assert_eq!(tokens.revoke(user(2), one.id).unwrap(), None, "it is somebody else's");
        assert_eq!(tokens.revoke(user(1), one.id).unwrap().as_ref(), Some(&one));
        assert_eq!(tokens.find(&text, at(0)), None);
        assert_eq!(tokens.revoke(user(1), one.id).unwrap(), None);
        assert!(tokens.of(user(1)).is_empty() && tokens.of(user(2)).len() == 1);
    }

    #[test]
    fn a_token_ends_and_makes_room() {
        let tokens = tokens();
        let (_, text) = tokens.issue(NewToken { lasts: Some(TimeDelta::seconds(10)), ..new(1) }, at(100)).unwrap();
        assert!(tokens.find(&text, at(109)).is_some());
        assert!(tokens.find(&text, at(110)).is_none());
        for _ in 1..TOKENS_MAX {
            tokens.issue(new(1), at(100)).unwrap();
        }
        assert!(matches!(tokens.issue(new(1), at(109)), Err(TokenError::TooMany)));
        assert!(tokens.issue(new(2), at(109)).is_ok());
        assert!(tokens.issue(new(1), at(110)).is_ok());
        assert_eq!(tokens.of(user(1)).len(), TOKENS_MAX);
        for lasts in [TimeDelta::zero(), TimeDelta::seconds(-1), TimeDelta::MAX, TimeDelta::milliseconds(999)] {
            let refused = tokens.issue(NewToken { lasts: Some(lasts), ..new(3) }, at(110));
            assert!(matches!(refused, Err(TokenError::Duration)), "{lasts}");
        }
        let long = NewToken { description: "ä".repeat(DESCRIPTION_MAX + 1), ..new(3) };
        assert!(matches!(tokens.issue(long, at(110)), Err(TokenError::Description)));
        assert!(tokens.issue(NewToken { description: "ä".repeat(DESCRIPTION_MAX), ..new(3) }, at(110)).is_ok());
    }

    #[test]
    fn nothing_but_the_token_is_taken() {
        let tokens = tokens();
        let (token, text) = tokens.issue(new(1), at(0)).unwrap();
        let secret = text.strip_prefix(PREFIX).unwrap();
        let changed: String = secret.chars().rev().collect();
        let changed = format!("{PREFIX}{changed}");
        for wrong in
            ["", PREFIX, secret, &changed, &format!("{text}="), &text.to_uppercase(), &token.id.to_string(), "é"]
        {
            assert_eq!(tokens.find(wrong, at(0)), None, "{wrong}");
        }
        assert!(!format!("{tokens:?}").contains(secret));
    }

    #[test]
    fn a_token_is_made_anew_and_said_anew() {
        let tokens = tokens();
        let (token, text) = tokens.issue(NewToken { lasts: Some(TimeDelta::seconds(9)), ..new(1) }, at(0)).unwrap();
        assert_eq!(tokens.regenerate(user(2), token.id).unwrap(), None);
        let (same, other) = tokens.regenerate(user(1), token.id).unwrap().unwrap();
        assert_eq!((&same, tokens.find(&text, at(0))), (&token, None));
        let described = tokens.describe(user(1), token.id, "laptop").unwrap().unwrap();
        assert_eq!(described, Token { description: "laptop".to_owned(), ..token });
        assert_eq!((tokens.of(user(1)), tokens.find(&other, at(8)).is_some()), (vec![described], true));
        tokens.refresh().unwrap();
        assert_eq!((tokens.find(&text, at(0)), tokens.find(&other, at(0))), (None, Some(ActorKind::User(user(1)))));
        assert!(matches!(tokens.describe(user(1), same.id, &"x".repeat(201)), Err(TokenError::Description)));
        assert_eq!(tokens.describe(user(2), same.id, "").unwrap(), None);
    }

    /// What another server has revoked or made anew does not come back by what this one knows of it.
    #[test]
    fn what_is_gone_elsewhere_stays_gone() {
        /// Kept for two servers.
        #[derive(Clone, Default)]
        struct Shared(std::sync::Arc<Mutex<MemoryTokens>>);
        impl KeepTokens for Shared {
            fn all(&mut self) -> Result<Vec<(TokenDigest, Token)>, JournalError> {
                self.0.lock().unwrap().all()
            }
            fn insert(&mut self, digest: TokenDigest, token: &Token) -> Result<(), JournalError> {
                self.0.lock().unwrap().insert(digest, token)
            }
            fn describe(&mut self, id: Uuid, description: &str) -> Result<bool, JournalError> {
                self.0.lock().unwrap().describe(id, description)
            }
            fn replace(&mut self, id: Uuid, before: TokenDigest, after: TokenDigest) -> Result<bool, JournalError> {
                self.0.lock().unwrap().replace(id, before, after)
            }
            fn delete(&mut self, id: Uuid) -> Result<bool, JournalError> {
                self.0.lock().unwrap().delete(id)
            }
        }
        let kept = Shared::default();
        let [here, there] = [(); 2].map(|()| Tokens::open(Box::new(kept.clone())).unwrap());
        let made: Vec<_> = (0..3).map(|_| here.issue(new(1), at(0)).unwrap()).collect();
        there.refresh().unwrap();
        let [(revoked, one), (rotated, two), (stays, three)] = &*made else { panic!("{made:?}") };
        here.revoke(user(1), revoked.id).unwrap();
        let (_, other) = here.regenerate(user(1), rotated.id).unwrap().unwrap();
        assert_eq!(there.describe(user(1), revoked.id, "mine").unwrap(), None);
        assert_eq!(there.regenerate(user(1), revoked.id).unwrap(), None);
        assert!(there.describe(user(1), rotated.id, "theirs").unwrap().is_some());
        assert_eq!(there.regenerate(user(1), rotated.id).unwrap(), None);
        assert!(there.describe(user(1), stays.id, "that").unwrap().is_some());
        for server in [&here, &there] {
            server.refresh().unwrap();
            let found = [one, two, &other, three].map(|text| server.find(text, at(0)).is_some());
            assert_eq!(found, [false, false, true, true]);
            let described: Vec<_> = server.of(user(1)).into_iter().map(|token| token.description).collect();
            assert!(
                described.contains(&"theirs".to_owned()) && described.contains(&"that".to_owned()),
                "{described:?}"
            );
        }
        here.retain(|_| false).unwrap();
        there.refresh().unwrap();
        assert_eq!((here.of(user(1)), there.of(user(1))), (vec![], vec![]));
    }

    #[test]
    fn a_third_partys_token_says_so() {
        let tokens = tokens();
        let client = ClientId::from_uuid(Uuid::from_u128(9));
        let (_, text) = tokens.issue(NewToken { client: Some(client), ..new(1) }, at(0)).unwrap();
        assert_eq!(tokens.find(&text, at(0)), Some(ActorKind::OAuth { user: user(1), client }));
    }
}
