use crate::client::client;
use berika_net::{Bytes, ExchangeError, PostError, PostOutcome, PostRequest, Secret};
use berika_testkit::{ReceiverOptions, Reply, StartError, WebhookReceiver, read_journal};
use standardwebhooks::Webhook;
use std::io::Write;
use std::time::Duration;

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const OTHER: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
const NOW: i64 = 1_790_000_000;

fn receiver() -> WebhookReceiver {
    WebhookReceiver::start(ReceiverOptions::new(SECRET, || NOW)).unwrap()
}

async fn send(
    receiver: &WebhookReceiver,
    id: &str,
    timestamp: i64,
    body: &str,
    signature: &str,
) -> Result<PostOutcome, PostError> {
    let headers =
        [("webhook-id", id), ("webhook-timestamp", &timestamp.to_string()), ("webhook-signature", signature)];
    client()
        .post(PostRequest {
            url: receiver.url().parse().unwrap(),
            headers: headers.map(|(name, value)| (name.to_owned(), Secret::from(value))).to_vec(),
            body: Bytes::from(body.to_owned()),
            deadline: Duration::from_millis(500),
            max_response_bytes: 1000,
        })
        .await
}

async fn send_signed(receiver: &WebhookReceiver, id: &str, body: &str) -> Result<PostOutcome, PostError> {
    let signature = Webhook::new(SECRET).unwrap().sign(id, NOW, body.as_bytes()).unwrap();
    send(receiver, id, NOW, body, &signature).await
}

#[tokio::test]
async fn what_is_signed_is_accepted_and_remembered() {
    let receiver = receiver();
    assert_eq!(send_signed(&receiver, "msg_1", r#"{"a": 1}"#).await.unwrap().status, 200);
    assert_eq!(send_signed(&receiver, "msg_1", r#"{"a": 1}"#).await.unwrap().status, 200);
    assert_eq!(send_signed(&receiver, "msg_2", r#"{"a": 2}"#).await.unwrap().status, 200);
    let received = receiver.received();
    assert_eq!((receiver.count(), receiver.distinct_ids().len(), receiver.unverified().len()), (3, 2, 0));
    assert_eq!(
        (received[0].timestamp, received[0].received_at, received[0].answered),
        (Some(NOW), NOW, Some(200))
    );
    assert_eq!(received[2].body()["a"], 2);
    assert_eq!((received[0].raw.as_str(), received[0].path.as_str()), (r#"{"a": 1}"#, "/webhooks"));
    assert!(receiver.ids_with_differing_bodies().is_empty());
    send_signed(&receiver, "msg_1", r#"{"a":1}"#).await.unwrap();
    assert_eq!(receiver.ids_with_differing_bodies().into_iter().collect::<Vec<_>>(), ["msg_1"]);
}

#[tokio::test]
async fn forged_stale_and_malformed_requests_are_refused_and_remembered() {
    let receiver = receiver();
    let sign = |secret: &str, id: &str, at| Webhook::new(secret).unwrap().sign(id, at, b"{}").unwrap();
    let cases = [
        ("a", NOW, sign(OTHER, "a", NOW), "fits no secret"),
        ("b", NOW, sign(SECRET, "a", NOW), "fits no secret"),
        ("c", NOW - 301, sign(SECRET, "c", NOW - 301), "301 s away"),
        ("d", NOW + 301, sign(SECRET, "d", NOW + 301), "-301 s away"),
        ("e", NOW, "v1,".to_owned(), "fits no secret"),
        ("f.g", NOW, sign(SECRET, "f.g", NOW), "holds a dot"),
    ];
    for (id, timestamp, signature, reason) in &cases {
        assert_eq!(send(&receiver, id, *timestamp, "{}", signature).await.unwrap().status, 401, "{id}");
        let last = receiver.unverified().pop().unwrap();
        assert!(last.reason.as_ref().unwrap().contains(reason), "{last:?}");
    }
    assert!(receiver.accepted_ids().is_empty());
    let near = sign(SECRET, "h", NOW - 300);
    assert_eq!(send(&receiver, "h", NOW - 300, "{}", &near).await.unwrap().status, 200);
    let rotated = format!("{} {}", sign(OTHER, "i", NOW), sign(SECRET, "i", NOW));
    assert_eq!(send(&receiver, "i", NOW, "{}", &rotated).await.unwrap().status, 200);
    assert_eq!(receiver.accepted_ids().into_iter().collect::<Vec<_>>(), ["h", "i"]);
}

#[tokio::test]
async fn scripted_replies_come_in_order_and_requests_are_remembered_all_the_same() {
    let receiver = receiver();
    receiver.next([
        Reply::Status(500),
        Reply::RetryAfter(429, "30".to_owned()),
        Reply::Redirect("http://127.0.0.1:1/".to_owned()),
        Reply::Endless,
        Reply::Hang,
    ]);
    assert_eq!(send_signed(&receiver, "m", "{}").await.unwrap().status, 500);
    let busy = send_signed(&receiver, "m", "{}").await.unwrap();
    assert_eq!((busy.status, busy.retry_after.as_deref()), (429, Some("30")));
    assert_eq!(send_signed(&receiver, "m", "{}").await.unwrap().status, 307);
    let endless = send_signed(&receiver, "m", "{}").await.unwrap();
    assert_eq!((endless.status, endless.excerpt_cut), (200, true));
    let hanging = send_signed(&receiver, "m", "{}").await.unwrap_err();
    assert!(matches!(hanging, ExchangeError::Timeout { .. }), "{hanging}");
    assert_eq!(send_signed(&receiver, "m", "{}").await.unwrap().status, 200);
    let answered: Vec<_> = receiver.received().iter().map(|received| received.answered).collect();
    assert_eq!(answered, [Some(500), Some(429), Some(307), Some(200), None, Some(200)]);
    receiver.always(Reply::Status(410));
    assert_eq!(send_signed(&receiver, "m", "{}").await.unwrap().status, 410);
    receiver.normal();
    assert_eq!(send_signed(&receiver, "m", "{}").await.unwrap().status, 200);
}

#[tokio::test]
async fn the_journal_holds_everything_before_it_is_answered_and_goes_on_after_a_restart() {
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("received.jsonl");
    let options = || ReceiverOptions { journal: Some(path.clone()), ..ReceiverOptions::new(SECRET, || NOW) };
    let first = WebhookReceiver::start(options()).unwrap();
    send_signed(&first, "msg_1", r#"{"text": "två rader\n"}"#).await.unwrap();
    let memory = first.received();
    first.stop();
    assert_eq!(read_journal(&path).unwrap(), memory);
    let second = WebhookReceiver::start(options()).unwrap();
    send_signed(&second, "msg_2", "{}").await.unwrap();
    std::fs::OpenOptions::new().append(true).open(&path).unwrap().write_all(b"{\"id\":\"half").unwrap();
    let ids: Vec<_> = read_journal(&path).unwrap().into_iter().map(|received| received.id).collect();
    assert_eq!(ids, ["msg_1", "msg_2"]);
}

#[test]
fn a_receiver_that_cannot_work_does_not_start() {
    let error = WebhookReceiver::start(ReceiverOptions::new("whsec_!", || NOW)).unwrap_err();
    assert!(matches!(error, StartError::Secret { number: 1 }), "{error}");
    let journal = Some("/absent/folder/journal".into());
    let error = WebhookReceiver::start(ReceiverOptions { journal, ..ReceiverOptions::new(SECRET, || NOW) })
        .unwrap_err();
    assert!(matches!(error, StartError::Journal { .. }), "{error}");
}
