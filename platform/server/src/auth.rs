//! Who asks: tokens, and the two ways to send one.

use std::collections::HashMap;
use std::fmt::{self, Write};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use enterprise_teams::{UserId, rand, uuid::Uuid};
use subtle::ConstantTimeEq;

const SECRET_LEN: usize = 32;
const USER_DIGITS: usize = 32;

/// A token for each user who has been given one: the user's id, by which it is found, and a secret, which is compared in
/// constant time.
#[derive(Default)]
pub struct Tokens(HashMap<UserId, [u8; SECRET_LEN]>);

impl Tokens {
    /// Hands out a token; one that the user had before is void.
    pub fn hand_out(&mut self, user: UserId) -> String {
        let secret: [u8; SECRET_LEN] = rand::random();
        self.0.insert(user, secret);
        secret.iter().fold(user.uuid().simple().to_string(), |mut token, byte| {
            let _ = write!(token, "{byte:02x}");
            token
        })
    }

    /// The user of the token.
    pub(crate) fn user(&self, token: &str) -> Option<UserId> {
        let (user, digits) = token.split_at_checked(USER_DIGITS)?;
        let user = Uuid::try_parse(user).ok()?.into();
        let given = bytes(digits)?;
        let secret = self.0.get(&user).unwrap_or(&[0; SECRET_LEN]);
        let known = self.0.contains_key(&user) & bool::from(secret.ct_eq(&given));
        known.then_some(user)
    }
}

/// Without the secrets.
impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Tokens").field(&self.0.len()).finish()
    }
}

/// The token of an `Authorization` header: `Bearer TOKEN`, or `Basic` with the token as the password.
pub(crate) fn token(header: &str) -> Option<String> {
    let (scheme, value) = header.trim().split_once(' ')?;
    let value = value.trim();
    if scheme.eq_ignore_ascii_case("bearer") {
        Some(value.to_owned())
    } else if scheme.eq_ignore_ascii_case("basic") {
        let text = String::from_utf8(BASE64_STANDARD.decode(value).ok()?).ok()?;
        text.split_once(':').map(|(_, password)| password.to_owned())
    } else {
        None
    }
}

/// The bytes that these hexadecimal digits are.
fn bytes(digits: &str) -> Option<[u8; SECRET_LEN]> {
    let mut bytes = [0; SECRET_LEN];
    if digits.len() != 2 * SECRET_LEN || !digits.is_ascii() {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(digits.as_bytes().chunks_exact(2)) {
        let digit = |digit: &u8| char::from(*digit).to_digit(16);
        let [high, low] = pair else { return None };
        *byte = u8::try_from(digit(high)? * 16 + digit(low)?).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(number: u128) -> UserId {
        UserId::from_uuid(Uuid::from_u128(number))
    }

    #[test]
    fn a_token_is_its_users_until_the_next() {
        let mut tokens = Tokens::default();
        let (one, other) = (tokens.hand_out(user(1)), tokens.hand_out(user(2)));
        assert_eq!((tokens.user(&one), tokens.user(&other)), (Some(user(1)), Some(user(2))));
        let next = tokens.hand_out(user(1));
        assert_eq!((tokens.user(&one), tokens.user(&next)), (None, Some(user(1))));
    }

    #[test]
    fn nothing_but_the_token_is_taken() {
        let mut tokens = Tokens::default();
        let token = tokens.hand_out(user(1));
        let other = tokens.hand_out(user(2));
        let (id, secret) = token.split_at(USER_DIGITS);
        let last = if token.ends_with('0') { "1" } else { "0" };
        let changed = format!("{}{last}", token.split_at(token.len() - 1).0);
        let nobody = format!("{}{}", user(3).uuid().simple(), "00".repeat(SECRET_LEN));
        let swapped = format!("{}{secret}", other.split_at(USER_DIGITS).0);
        let long = format!("{token}00");
        let multibyte = format!("{id}{}", "ä".repeat(SECRET_LEN));
        for wrong in ["", id, secret, &changed, &nobody, &swapped, &long, &multibyte, "é", &"é".repeat(48)] {
            assert_eq!(tokens.user(wrong), None, "{wrong}");
        }
        assert!(!format!("{tokens:?}").contains(secret));
    }

    #[test]
    fn both_schemes() {
        assert_eq!(token("Bearer abc").as_deref(), Some("abc"));
        assert_eq!(token("bearer  abc ").as_deref(), Some("abc"));
        assert_eq!(token("Basic OmFiYw==").as_deref(), Some("abc"));
        assert_eq!(token("basic am9lOmE6Yg==").as_deref(), Some("a:b"));
        for none in ["", "abc", "Bearer", "Token abc", "Basic ?", "Basic YWJj", "Basic /w=="] {
            assert_eq!(token(none), None, "{none}");
        }
    }
}
