use core::net::Ipv4Addr;
use core::num::NonZeroU16;

use serde::{Deserialize, Serialize};

use crate::code::words;
use crate::names::{ParseError, ParseProblem, ParseTarget, check_domain, check_line};

/// The longest entity id of an identity provider, in bytes.
pub const ENTITY_ID_LEN_MAX: usize = 255;
/// The longest sign-in URL of an identity provider, in bytes.
pub const SIGN_IN_URL_LEN_MAX: usize = 2048;
/// The longest certificate of an identity provider, in bytes.
pub const CERTIFICATE_LEN_MAX: usize = 16_384;

/// An identity provider, through which people sign in to a team (SEC-2).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Unchecked")]
pub struct IdentityProvider {
    entity_id: Box<str>,
    sign_in_url: Box<str>,
    certificate: Box<str>,
}

/// What serde reads before it is checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Unchecked {
    entity_id: Box<str>,
    sign_in_url: Box<str>,
    certificate: Box<str>,
}

impl TryFrom<Unchecked> for IdentityProvider {
    type Error = ParseError;

    fn try_from(given: Unchecked) -> Result<Self, ParseError> {
        Self::new(&given.entity_id, &given.sign_in_url, &given.certificate)
    }
}

impl IdentityProvider {
    /// Takes an entity id (one line), a sign-in URL (`https`, with a host, and a port from 1 to 65535 if any) and a
    /// certificate in PEM form. The certificate is not read; the platform that checks signatures does that.
    ///
    /// # Errors
    /// The first thing that is wrong, in this order; positions are those within the part.
    ///
    /// ```
    /// use enterprise_teams::entity::IdentityProvider;
    ///
    /// let pem = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----";
    /// assert!(IdentityProvider::new("acme-idp", "https://id.acme.com/saml", pem).is_ok());
    /// assert_eq!(
    ///     IdentityProvider::new("acme-idp", "http://id.acme.com", pem)
    ///         .unwrap_err()
    ///         .to_string(),
    ///     "malformed identity provider: expected `https://` at byte 0",
    /// );
    /// ```
    pub fn new(entity_id: &str, sign_in_url: &str, certificate: &str) -> Result<Self, ParseError> {
        let fail = |problem| ParseError { what: ParseTarget::IdentityProvider, problem };
        check_line(entity_id, ENTITY_ID_LEN_MAX).map_err(fail)?;
        check_url(sign_in_url).map_err(fail)?;
        check_pem(certificate).map_err(fail)?;
        let [entity_id, sign_in_url, certificate] = [entity_id, sign_in_url, certificate].map(Box::from);
        Ok(Self { entity_id, sign_in_url, certificate })
    }

    /// The name under which the provider is known.
    #[must_use]
    pub const fn entity_id(&self) -> &str {
        &self.entity_id
    }

    /// Where people are sent to sign in.
    #[must_use]
    pub const fn sign_in_url(&self) -> &str {
        &self.sign_in_url
    }

    /// The certificate, in PEM form.
    #[must_use]
    pub const fn certificate(&self) -> &str {
        &self.certificate
    }
}

fn check_url(url: &str) -> Result<(), ParseProblem> {
    const SCHEME: &str = "https://";
    if url.len() > SIGN_IN_URL_LEN_MAX {
        return Err(ParseProblem::TooLong { at: 0, max: SIGN_IN_URL_LEN_MAX, len: url.len() });
    }
    let rest = url.strip_prefix(SCHEME).ok_or(ParseProblem::Missing { at: 0, missing: "`https://`" })?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (host, port) = authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port)));
    check_domain(host, SCHEME.len())?;
    // A host that ends in a number is read as an address.
    let ends_in_number = host.rsplit('.').next().is_some_and(|label| label.bytes().all(|byte| byte.is_ascii_digit()));
    if ends_in_number && host.parse::<Ipv4Addr>().is_err() {
        return Err(ParseProblem::Missing { at: SCHEME.len(), missing: "an address of four numbers" });
    }
    if let Some(port) = port {
        let port_at = SCHEME.len() + host.len() + 1;
        if let Some((at, found)) = port.char_indices().find(|(_, found)| !found.is_ascii_digit()) {
            return Err(ParseProblem::Character { at: port_at + at, found });
        }
        if port.parse::<NonZeroU16>().is_err() {
            return Err(ParseProblem::Missing { at: port_at, missing: "a port from 1 to 65535" });
        }
    }
    match url.char_indices().find(|(_, found)| !found.is_ascii_graphic()) {
        Some((at, found)) => Err(ParseProblem::Character { at, found }),
        None => Ok(()),
    }
}

fn check_pem(certificate: &str) -> Result<(), ParseProblem> {
    let len = certificate.len();
    if len > CERTIFICATE_LEN_MAX {
        return Err(ParseProblem::TooLong { at: 0, max: CERTIFICATE_LEN_MAX, len });
    }
    let wrong = |(_, found): &(usize, char)| !found.is_ascii_graphic() && !matches!(found, ' ' | '\n' | '\r');
    if let Some((at, found)) = certificate.char_indices().find(wrong) {
        return Err(ParseProblem::Character { at, found });
    }
    let (start, end) = ("`-----BEGIN CERTIFICATE-----`", "`-----END CERTIFICATE-----`");
    let body =
        certificate.strip_prefix(start.trim_matches('`')).ok_or(ParseProblem::Missing { at: 0, missing: start })?;
    if !body.trim_end().ends_with(end.trim_matches('`')) {
        return Err(ParseProblem::Missing { at: len, missing: end });
    }
    Ok(())
}

words! {
    /// How far single sign-on is set up for a team (SEC-2).
    pub enum Sso {
        /// There is no identity provider.
        NotConfigured "not-configured",
        /// There is an identity provider; people do not sign in through it yet.
        Disabled "disabled",
        /// People sign in through the identity provider.
        Enabled "enabled",
    }
}
