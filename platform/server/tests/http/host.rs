//! For whom a request is meant, on real connections.

use crate::connections::{answer, listening};
use crate::support::world;

#[tokio::test]
async fn a_request_names_one_host() {
    let world = world();
    let (address, stop, task) = listening(&world).await;
    let token = world.token("joe");
    for (version, hosts, status) in [
        ("1.1", &["server"][..], "200"),
        ("1.1", &["127.0.0.1:5000"], "200"),
        ("1.1", &["[::1]:5000"], "200"),
        ("1.1", &[""], "200"),
        ("1.0", &["server"], "200"),
        ("1.0", &[], "200"),
        ("1.1", &[], "400"),
        ("1.1", &["server", "server"], "400"),
        ("1.1", &["server", "other"], "400"),
        ("1.0", &["server", "other"], "400"),
        ("1.1", &["ser ver"], "400"),
        ("1.1", &["joe@server"], "400"),
        ("1.1", &["server/path"], "400"),
        ("1.1", &["server, other"], "400"),
        ("1.1", &["http://server"], "400"),
    ] {
        let hosts = hosts.iter().map(|host| format!("Host: {host}\r\n")).collect::<Vec<_>>().concat();
        for target in ["/account", "http://server/account", "/nothing"] {
            let request = format!(
                "GET {target} HTTP/{version}\r\n{hosts}Authorization: Bearer {token}\r\nConnection: close\r\n\r\n"
            );
            let reply = answer(address, request.as_bytes()).await;
            let status = if target == "/nothing" && status == "200" { "404" } else { status };
            assert_eq!(reply.split(' ').nth(1), Some(status), "{request}{reply}");
            assert!(status != "400" || reply.contains("\"id\":\"bad_request\""), "{reply}");
        }
    }
    stop.send(()).unwrap();
    task.await.unwrap();
}
