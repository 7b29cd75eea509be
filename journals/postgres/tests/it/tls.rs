//! Connections with TLS, to a server whose certificate is made here.

use core::time::Duration;
use std::thread;
use std::time::Instant;

use enterprise_teams::Settings;
use enterprise_teams::journal::{Journal, JournalError, verify};
use enterprise_teams::replica::{Replica, ReplicaOptions, Request};
use enterprise_teams_journal_contract::{operator, register};
use enterprise_teams_postgres::{PostgresJournal, Roots};
use postgres::{Client, NoTls};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};

use crate::{PATIENCE, RUNNING, fresh};

/// Whoever it issues certificates for is trusted by whoever trusts it.
fn authority() -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// Puts this into a file of the server's.
fn put(client: &mut Client, file: &str, text: &str) {
    let put = format!("copy (select '{text}') to program 'umask 077; sed ''s/\\\\n/\\n/g'' > {file}'");
    client.batch_execute(&put).unwrap();
}

fn reload(client: &mut Client, ssl: &str) {
    client.batch_execute(&format!("alter system set ssl = {ssl}")).unwrap();
    client.batch_execute("select pg_reload_conf()").unwrap();
    // Connections made from now on have it, a moment later.
    for _ in 0..100 {
        let now: String = client.query_one("show ssl", &[]).unwrap().get(0);
        if now == ssl {
            break;
        }
        thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn with_tls_only_a_server_that_is_trusted_and_is_the_one_that_was_asked_for_is_spoken_to() {
    let _alone = RUNNING.write();
    let Some(address) = fresh() else { return };
    let mut client = Client::connect(&address, NoTls).unwrap();
    // On loopback rather than by its socket.
    let folder = address.split_once("host=").unwrap().1.split(' ').next().unwrap();
    let at = |host: &str| address.replace(&format!("host={folder}"), &format!("host={host} hostaddr=127.0.0.1"));
    let (ours, other) = (authority(), authority());
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(["db.example".to_owned()]).unwrap().signed_by(&key, &ours).unwrap();
    let trusted = Roots::Pem(ours.pem().into_bytes());
    let refused = |host: &str, roots: &Roots| match PostgresJournal::open_with_tls(&at(host), roots) {
        Err(JournalError::Unavailable(cause)) => {
            let mut causes = vec![cause.to_string()];
            let mut source = cause.source();
            while let Some(cause) = source {
                causes.push(cause.to_string());
                source = cause.source();
            }
            causes.join(": ")
        }
        outcome => panic!("{outcome:?}"),
    };
    let without = refused("db.example", &trusted);
    assert!(without.contains("does not support TLS"), "{without}");

    put(&mut client, "server.crt", &certificate.pem());
    put(&mut client, "server.key", &key.serialize_pem());
    reload(&mut client, "on");
    let journal = PostgresJournal::open_with_tls(&at("db.example"), &trusted).unwrap();
    let replica = Replica::open(journal, || Settings::from_seed(1), ReplicaOptions::default()).unwrap();
    let event = replica.perform(Request::new(operator(), register("ada"))).unwrap();
    let encrypted: i64 = client.query_one("select count(*) from pg_stat_ssl where ssl", &[]).unwrap().get(0);
    assert_eq!(encrypted, 1);
    assert_eq!(verify(&mut PostgresJournal::open(&address).unwrap()).unwrap().seq, event.seq);
    // A connection that broke is made anew as the first one was.
    client.batch_execute("select pg_terminate_backend(pid) from pg_stat_ssl where ssl").unwrap();
    let since = Instant::now();
    while client.query_one("select count(*) from pg_stat_ssl where ssl", &[]).unwrap().get::<_, i64>(0) > 0 {
        assert!(since.elapsed() < PATIENCE, "it goes");
        thread::sleep(Duration::from_millis(10));
    }
    _ = replica.with_journal(Journal::end);
    replica.perform(Request::new(operator(), register("joe"))).unwrap();

    let unknown = refused("db.example", &Roots::Pem(other.pem().into_bytes()));
    assert!(unknown.contains("certificate"), "{unknown}");
    let unknown = refused("db.example", &Roots::System);
    assert!(unknown.contains("certificate"), "{unknown}");
    let another = refused("other.example", &trusted);
    assert!(another.contains("not valid for name"), "{another}");
    for roots in ["", "nonsense", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
        refused("db.example", &Roots::Pem(roots.into()));
    }
    reload(&mut client, "off");
    // It is not done without.
    refused("db.example", &trusted);
}
