//! Connections with TLS. With the feature `tls`.

use std::sync::Arc;

use enterprise_teams::journal::JournalError;
use postgres::Client;
use postgres::config::SslMode;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::{PostgresJournal, unavailable};

/// Which certificates vouch for that of the server.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Roots {
    /// Those that the system trusts.
    System,
    /// Those in this text, as PEM: of a certificate authority of one's own, or of the server itself.
    Pem(Vec<u8>),
}

impl Roots {
    fn certificates(&self) -> Result<RootCertStore, JournalError> {
        let mut roots = RootCertStore::empty();
        match self {
            Self::System => {
                let found = rustls_native_certs::load_native_certs();
                roots.add_parsable_certificates(found.certs);
                if let Some(error) = found.errors.into_iter().next().filter(|_| roots.is_empty()) {
                    return Err(JournalError::unavailable(error));
                }
            }
            Self::Pem(text) => {
                for certificate in CertificateDer::pem_slice_iter(text) {
                    let certificate = certificate.map_err(|error| JournalError::unavailable(error.to_string()))?;
                    roots.add(certificate).map_err(JournalError::unavailable)?;
                }
            }
        }
        if roots.is_empty() { Err(JournalError::unavailable("there is no certificate to trust")) } else { Ok(roots) }
    }
}

/// What connects to this address with TLS and never without, whatever the address says: `roots` must vouch for the certificate of the
/// server, which must name the host of the address.
///
/// # Errors
/// [`JournalError::Unavailable`] for an address that is none, or roots that are none.
pub fn connector(
    address: &str,
    roots: &Roots,
) -> Result<impl Fn() -> Result<Client, postgres::Error> + Clone + Send + Sync + use<>, JournalError> {
    let mut config: postgres::Config = address.parse().map_err(unavailable)?;
    config.ssl_mode(SslMode::Require);
    let tls = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(JournalError::unavailable)?
        .with_root_certificates(roots.certificates()?)
        .with_no_client_auth();
    let connector = MakeRustlsConnect::new(tls);
    Ok(move || config.connect(connector.clone()))
}

impl PostgresJournal {
    /// As [`open`](Self::open), through a [`connector`] with TLS. Whoever needs more, such as a certificate of the client's, makes
    /// connections of their own for [`connect`](Self::connect).
    ///
    /// # Errors
    /// As [`open`](Self::open); [`JournalError::Unavailable`] for a server that is not trusted, or has no TLS.
    pub fn open_with_tls(address: &str, roots: &Roots) -> Result<Self, JournalError> {
        Self::connect(connector(address, roots)?)
    }
}
