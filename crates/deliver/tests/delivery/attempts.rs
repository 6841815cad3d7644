use berika_deliver::{Attempt, Endpoint, FrozenEvent, Next, Outcome, attempt, event_body, next};
use berika_net::{AddressPolicy, Client, ExchangeError, Secret};
use berika_testkit::{ReceiverOptions, Reply, WebhookReceiver};
use jiff::{SignedDuration, Timestamp};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use serde_json::json;
use std::time::Duration;

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const OLD_SECRET: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
const NOW: i64 = 1_790_000_000;

fn now() -> Timestamp {
    Timestamp::from_second(NOW).unwrap()
}

fn receiver() -> WebhookReceiver {
    WebhookReceiver::start(ReceiverOptions::new(SECRET, || NOW)).unwrap()
}

fn endpoint(receiver: &WebhookReceiver, secrets: &[&str]) -> Endpoint {
    let secrets: Vec<Secret> = secrets.iter().map(|secret| Secret::from(*secret)).collect();
    Endpoint::new("shop", receiver.url().parse().unwrap(), &secrets).unwrap()
}

fn client() -> Client {
    Client::new(AddressPolicy::allowing(["127.0.0.1"]).unwrap()).unwrap()
}

fn event() -> FrozenEvent {
    let data = json!({"product": {"key": "nordic:1", "version": 3}, "text": "Mjölk & ägg\n"});
    let body = event_body("product.enriched", now(), data.as_object().unwrap().clone()).unwrap();
    FrozenEvent { id: "msg_1".to_owned(), body: body.into() }
}

async fn send(endpoint: &Endpoint) -> Attempt {
    attempt(&client(), endpoint, &event(), now()).await
}

fn decide(attempt: &Attempt) -> Next {
    next(1, &attempt.outcome, now(), &mut ChaCha8Rng::seed_from_u64(1))
}

#[tokio::test]
async fn what_is_sent_verifies_and_arrives_byte_for_byte() {
    let receiver = receiver();
    let token = vec![("X-Shop-Token".to_owned(), Secret::from("t0ken"))];
    let endpoint = endpoint(&receiver, &[SECRET]).with_headers(token).unwrap();
    let sent = send(&endpoint).await;
    assert_eq!(decide(&sent), Next::Delivered, "{}", sent.summary());
    let received = receiver.received().remove(0);
    assert!(received.verified, "{received:?}");
    assert_eq!(received.raw.as_bytes(), &event().body[..]);
    assert_eq!((received.id.as_str(), received.timestamp), ("msg_1", Some(NOW)));
    assert_eq!(received.headers["content-type"], "application/json");
    assert_eq!(received.headers["x-shop-token"], "t0ken");
}

#[tokio::test]
async fn a_later_attempt_has_the_same_id_and_bytes_and_a_new_timestamp() {
    let receiver = receiver();
    let endpoint = endpoint(&receiver, &[SECRET]);
    receiver.next([Reply::Status(500)]);
    let first = send(&endpoint).await;
    assert!(matches!(decide(&first), Next::RetryAt(_)));
    let later = now() + SignedDuration::from_secs(5);
    let second = attempt(&client(), &endpoint, &event(), later).await;
    assert_eq!(decide(&second), Next::Delivered);
    let received = receiver.received();
    assert_eq!([received[0].timestamp, received[1].timestamp], [Some(NOW), Some(NOW + 5)]);
    assert_eq!(received[0].raw, received[1].raw);
    assert!(received[1].verified && receiver.distinct_ids().len() == 1);
}

#[tokio::test]
async fn a_receiver_that_knows_either_secret_accepts_during_rotation() {
    let receiver = receiver();
    assert_eq!(decide(&send(&endpoint(&receiver, &[OLD_SECRET, SECRET])).await), Next::Delivered);
    let refused = send(&endpoint(&receiver, &[OLD_SECRET])).await;
    assert_eq!(refused.outcome.status(), Some(401));
    assert!(refused.summary().starts_with("endpoint \"shop\": answered 401"), "{}", refused.summary());
}

#[tokio::test]
async fn trouble_is_typed_and_decided_upon() {
    let receiver = receiver();
    let hasty = endpoint(&receiver, &[SECRET]).with_deadline(Duration::from_millis(200));
    receiver.next([
        Reply::Redirect(receiver.url()),
        Reply::Status(410),
        Reply::RetryAfter(429, "120".to_owned()),
        Reply::Endless,
        Reply::Hang,
    ]);
    let redirected = send(&hasty).await;
    assert!(matches!(decide(&redirected), Next::RetryAt(_)), "a redirect is a failure");
    assert!(redirected.summary().contains("redirects are not followed"), "{}", redirected.summary());
    assert!(matches!(decide(&send(&hasty).await), Next::DisableEndpoint { .. }));
    assert_eq!(decide(&send(&hasty).await), Next::RetryAt(now() + SignedDuration::from_secs(120)));
    let endless = send(&hasty).await;
    assert_eq!(decide(&endless), Next::Delivered, "the status has said it");
    assert_eq!(endless.outcome.excerpt().unwrap().len(), 20_000);
    let hanging = send(&hasty).await;
    assert!(matches!(hanging.outcome, Outcome::NoAnswer(ExchangeError::Timeout { .. })), "{hanging:?}");
    assert!(hanging.elapsed >= Duration::from_millis(200) && hanging.elapsed < Duration::from_secs(5));
    assert_eq!(receiver.count(), 5, "nothing was followed");
}

#[tokio::test]
async fn a_blocked_endpoint_is_an_outcome_that_names_it() {
    let receiver = receiver();
    let guarded = Client::new(AddressPolicy::public_only()).unwrap();
    let blocked = attempt(&guarded, &endpoint(&receiver, &[SECRET]), &event(), now()).await;
    assert!(matches!(blocked.outcome, Outcome::NoAnswer(ExchangeError::Blocked { .. })), "{blocked:?}");
    assert!(blocked.summary().contains("endpoint \"shop\"") && blocked.summary().contains("loopback"));
    assert!(matches!(decide(&blocked), Next::RetryAt(_)), "a corrected configuration loses no event");
    assert_eq!(receiver.count(), 0);
}

#[tokio::test]
async fn an_event_that_cannot_be_signed_is_an_outcome_too() {
    let receiver = receiver();
    let wrong = FrozenEvent { id: "a.b".to_owned(), ..event() };
    let unsigned = attempt(&client(), &endpoint(&receiver, &[SECRET]), &wrong, now()).await;
    assert!(matches!(unsigned.outcome, Outcome::Unsigned(_)), "{unsigned:?}");
    assert_eq!(receiver.count(), 0);
}
