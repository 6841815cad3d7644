use crate::client::{body, fetch, request};
use berika_net::{ExchangeError, FetchError, FetchRequest, Fetched};
use berika_testkit::{Behaviour, SupplierServer};
use std::time::Duration;
use tempfile::TempDir;

const FEED: &str = "/nordic/feed.csv";

fn server() -> (SupplierServer, TempDir) {
    let folder = TempDir::new().unwrap();
    std::fs::create_dir(folder.path().join("nordic")).unwrap();
    std::fs::write(folder.path().join("nordic/feed.csv"), "sku;name\n1;Penna\n").unwrap();
    std::fs::write(folder.path().join("x.xlsx"), "PK").unwrap();
    (SupplierServer::start(folder.path()).unwrap(), folder)
}

async fn error(server: &SupplierServer) -> FetchError {
    fetch(&request(&server.url(FEED))).await.unwrap_err()
}

#[tokio::test]
async fn files_are_served_with_validators_that_work() {
    let (server, folder) = server();
    let plain = request(&server.url(FEED));
    let (fetched, bytes) = fetch(&plain).await.unwrap();
    assert_eq!(bytes, b"sku;name\n1;Penna\n");
    let first = body(fetched);
    assert_eq!(first.content_type.as_deref(), Some("text/csv"));

    let by_tag = FetchRequest { if_none_match: first.etag.clone(), ..plain.clone() };
    let by_date = FetchRequest { if_modified_since: first.last_modified.clone(), ..plain.clone() };
    assert_eq!(fetch(&by_tag).await.unwrap().0, Fetched::NotModified);
    assert_eq!(fetch(&by_date).await.unwrap().0, Fetched::NotModified);

    std::fs::write(folder.path().join("nordic/feed.csv"), "sku;name\n").unwrap();
    let both = FetchRequest { if_modified_since: first.last_modified.clone(), ..by_tag };
    let (fetched, bytes) = fetch(&both).await.unwrap();
    assert_eq!(bytes, b"sku;name\n", "the tag goes before the date");
    assert_ne!(body(fetched).etag, first.etag);

    assert_eq!(
        (server.count(FEED), server.count_status(FEED, 304), server.count_status(FEED, 200)),
        (4, 2, 2)
    );
    assert!(server.requests()[1].headers.contains_key("if-none-match"));
    let (fetched, _) = fetch(&request(&server.url("/x.xlsx"))).await.unwrap();
    assert!(body(fetched).content_type.unwrap().ends_with("spreadsheetml.sheet"));
}

#[tokio::test]
async fn nothing_outside_the_folder_is_served() {
    let (server, folder) = server();
    std::fs::write(folder.path().parent().unwrap().join("berika-outside.txt"), "secret").unwrap();
    for path in [
        "/absent.csv",
        "/%2e%2e/berika-outside.txt",
        "/..%2fberika-outside.txt",
        "//etc/passwd",
        "/nordic",
        "/",
    ] {
        let error = fetch(&request(&server.url(path))).await.unwrap_err();
        assert!(matches!(error, FetchError::Status { status: 404, .. }), "{path}: {error}");
    }
    std::fs::remove_file(folder.path().parent().unwrap().join("berika-outside.txt")).unwrap();
}

#[tokio::test]
async fn scripts_hold_for_one_request_or_until_further_notice() {
    let (server, _folder) = server();
    server.next(
        FEED,
        [Behaviour::Status(500), Behaviour::RetryLater { status: 503, retry_after: "7".to_owned() }],
    );
    assert!(matches!(error(&server).await, FetchError::Status { status: 500, .. }));
    let busy = error(&server).await;
    assert_eq!(busy.retry_after(), Some(Duration::from_secs(7)), "{busy}");
    fetch(&request(&server.url(FEED))).await.unwrap();
    server.always(FEED, Behaviour::Status(404));
    for _ in 0..2 {
        assert!(matches!(error(&server).await, FetchError::Status { status: 404, .. }));
    }
    server.normal(FEED);
    fetch(&request(&server.url(FEED))).await.unwrap();
}

#[tokio::test]
async fn every_kind_of_trouble_is_the_trouble_it_says() {
    let (server, _folder) = server();
    server.always(FEED, Behaviour::Truncate);
    let truncated = error(&server).await;
    assert!(
        matches!(truncated, FetchError::Truncated { received: 8, expected: Some(17), .. }),
        "{truncated}"
    );

    let hasty = FetchRequest { deadline: Duration::from_millis(250), ..request(&server.url(FEED)) };
    for slow in [Behaviour::Hang, Behaviour::Drip] {
        server.always(FEED, slow.clone());
        let error = fetch(&hasty).await.unwrap_err();
        assert!(matches!(error, FetchError::Exchange(ExchangeError::Timeout { .. })), "{slow:?}: {error}");
    }
    server.always(FEED, Behaviour::Endless);
    assert!(matches!(error(&server).await, FetchError::TooLarge { .. }));

    server.always(FEED, Behaviour::ContentType("text/html".to_owned()));
    let (fetched, _) = fetch(&request(&server.url(FEED))).await.unwrap();
    assert_eq!(body(fetched).content_type.as_deref(), Some("text/html"));

    server.always(FEED, Behaviour::Redirect("/x.xlsx".to_owned()));
    assert_eq!(fetch(&request(&server.url(FEED))).await.unwrap().1, b"PK");

    server.always(FEED, Behaviour::Content(b"other".to_vec()));
    assert_eq!(fetch(&request(&server.url(FEED))).await.unwrap().1, b"other");
}

#[tokio::test]
async fn a_lying_tag_hides_a_change() {
    let (server, folder) = server();
    server.always(FEED, Behaviour::Etag("\"same\"".to_owned()));
    let (fetched, _) = fetch(&request(&server.url(FEED))).await.unwrap();
    let etag = body(fetched).etag;
    assert_eq!(etag.as_deref(), Some("\"same\""));
    std::fs::write(folder.path().join("nordic/feed.csv"), "changed").unwrap();
    let again = FetchRequest { if_none_match: etag, ..request(&server.url(FEED)) };
    assert_eq!(fetch(&again).await.unwrap().0, Fetched::NotModified);
    assert_eq!(fetch(&request(&server.url(FEED))).await.unwrap().1, b"changed");
}

#[tokio::test]
async fn stopping_closes_the_door_and_the_hanging_connections() {
    let (server, _folder) = server();
    server.always(FEED, Behaviour::Hang);
    let url = server.url(FEED);
    let hanging = tokio::spawn({
        let url = url.clone();
        async move { fetch(&request(&url)).await.unwrap_err() }
    });
    while server.count(FEED) == 0 {
        tokio::task::yield_now().await;
    }
    server.stop();
    let cut = hanging.await.unwrap();
    assert!(matches!(cut, FetchError::Exchange(ExchangeError::Broken { .. })), "{cut}");
    let refused = fetch(&request(&url)).await.unwrap_err();
    assert!(matches!(refused, FetchError::Exchange(ExchangeError::Connect { .. })), "{refused}");
}
