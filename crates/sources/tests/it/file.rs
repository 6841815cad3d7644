//! A file at an address.

use crate::support::{Supplier, delivery, get, sources, text};
use berika_sources::{Got, Validators};
use berika_testkit::{Answer, Behaviour};

#[tokio::test]
async fn a_file_comes_once_and_is_deleted_in_the_end() {
    let supplier = Supplier::new();
    supplier.file("feed.csv", "sku\n1\n");
    let source = supplier.source("/feed.csv?token=abc", "");
    let first = delivery(supplier.get(&source).await);
    assert_eq!(text(&first), "sku\n1\n");
    assert_eq!(first.shown, format!("{}?…", supplier.server.url("/feed.csv")));
    assert!(matches!(supplier.get_known(&source, &first.validators).await.unwrap(), Got::Unchanged));
    let path = first.path.clone();
    drop(first);
    assert!(!path.exists());
}

#[tokio::test]
async fn a_local_file_stays_where_it_is() {
    let supplier = Supplier::new();
    supplier.file("feed.csv", "sku\n1\n");
    let source = crate::support::config("path = \"feed.csv\"");
    let local = delivery(supplier.get(&source).await);
    assert_eq!((local.shown.as_str(), text(&local).as_str()), ("feed.csv", "sku\n1\n"));
    drop(local);
    assert!(supplier.folder.path().join("feed.csv").exists());
}

#[tokio::test]
async fn a_server_that_recovers_is_waited_for_and_one_that_does_not_is_given_up() {
    let supplier = Supplier::new();
    supplier.file("feed.csv", "sku\n1\n");
    let source = supplier.source("/feed.csv", "");
    let busy = || Behaviour::RetryLater { status: 503, retry_after: "0".to_owned() };
    supplier.server.next("/feed.csv", [Behaviour::Status(500), busy(), Behaviour::Truncate]);
    assert_eq!(supplier.text(&source).await, "sku\n1\n", "nothing of the failed tries is left");
    assert_eq!(supplier.server.count("/feed.csv"), 4);

    supplier.server.always("/feed.csv", Behaviour::Status(503));
    assert!(supplier.error(&source).await.ends_with("the server answered 503"));
    assert_eq!(supplier.server.count("/feed.csv"), 8);
    supplier.server.always("/feed.csv", Behaviour::Status(404));
    assert!(supplier.error(&source).await.ends_with("the server answered 404"));
    assert_eq!(supplier.server.count("/feed.csv"), 9, "what will not pass is not tried again");
    let patient = Behaviour::RetryLater { status: 429, retry_after: "3600".to_owned() };
    supplier.server.always("/feed.csv", patient);
    assert!(supplier.error(&source).await.ends_with("the server answered 429"));
    assert_eq!(supplier.server.count("/feed.csv"), 10, "an hour is too long to wait");
}

#[tokio::test]
async fn a_broken_transfer_goes_on_where_it_broke_off() {
    let supplier = Supplier::new();
    let whole: String = (0..10_000).map(|row| format!("{row};product\n")).collect();
    supplier.file("feed.csv", &whole);
    supplier.server.next("/feed.csv", [Behaviour::BreakOff, Behaviour::BreakOff]);
    let got = delivery(supplier.get(&supplier.source("/feed.csv", "")).await);
    assert_eq!(text(&got), whole);
    assert!(got.validators.etag.is_some());
    let ranges: Vec<_> =
        supplier.server.requests().iter().map(|seen| seen.headers.get("range").cloned()).collect();
    let half = whole.len() / 2;
    let three_quarters = half + (whole.len() - half) / 2;
    assert_eq!(ranges, [None, Some(format!("bytes={half}-")), Some(format!("bytes={three_quarters}-"))]);
}

#[tokio::test]
async fn a_transfer_starts_anew_where_the_file_changed_or_ranges_are_ignored() {
    let supplier = Supplier::new();
    let source = supplier.source("/feed.csv", "");
    supplier.file("feed.csv", "the file\n".repeat(50));
    supplier.server.next("/feed.csv", [Behaviour::BreakOff, Behaviour::IgnoreRange]);
    assert_eq!(supplier.text(&source).await, "the file\n".repeat(50));

    // Other content under another tag, as after a nightly export.
    supplier.server.next("/feed.csv", [Behaviour::BreakOff, Behaviour::Content(b"another".to_vec())]);
    assert_eq!(supplier.text(&source).await, "another");
}

#[tokio::test]
async fn a_server_without_end_or_too_much_of_it_is_left() {
    let supplier = Supplier::new();
    supplier.file("feed.csv", "sku\n1\n");
    supplier.server.always("/feed.csv", Behaviour::Endless);
    let error = supplier.error(&supplier.source("/feed.csv", "max_megabytes = 1")).await;
    assert!(error.ends_with("larger than the limit of 1048576 bytes"), "{error}");
    for slow in [Behaviour::Hang, Behaviour::Drip] {
        supplier.server.always("/feed.csv", slow);
        let error = supplier.error(&supplier.source("/feed.csv", "timeout_seconds = 1")).await;
        assert!(error.ends_with("no complete answer within 1 s"), "{error}");
    }
}

#[tokio::test]
async fn a_file_in_an_encoding_that_nothing_undoes_is_refused_by_name() {
    let supplier = Supplier::new();
    let source = supplier.source("/feed.csv", "");
    let serve = |encoding: &'static str| {
        supplier.server.on("/feed.csv", move |_| Answer::ok("sku\n1\n").with("content-encoding", encoding));
    };
    for encoding in ["br", "deflate", "gzip, br", "gzip, gzip"] {
        serve(encoding);
        let error = supplier.error(&source).await;
        assert!(error.contains(&format!("the answer is compressed ({encoding:?})")), "{error}");
    }
    assert_eq!(supplier.server.count("/feed.csv"), 4, "a refusal is not tried again");
    for encoding in ["identity", "GZIP", "x-gzip", "", "aws-chunked, gzip"] {
        serve(encoding);
        assert_eq!(supplier.text(&source).await, "sku\n1\n", "{encoding}");
    }
}

#[tokio::test]
async fn the_address_guard_stands_before_every_source() {
    let supplier = Supplier::new();
    supplier.file("feed.csv", "sku\n1\n");
    let guarded = sources(&[]);
    let source = supplier.source("/feed.csv", "");
    let error = get(&guarded, &source, &Validators::default(), supplier.folder.path()).await.unwrap_err();
    assert!(berika_net::error_chain(&error).contains("is blocked (loopback)"));
    assert_eq!(supplier.server.count("/feed.csv"), 0);
}
