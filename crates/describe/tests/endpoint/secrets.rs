//! Nothing that is shown holds a key or a password.

use berika_describe::LanguageModel;
use berika_describe::endpoint::{Endpoint, MemoryLedger, PATIENCE, Settings, SettingsError, Surroundings};
use berika_net::{AddressPolicy, Client, SecretSource};
use berika_testkit::{Answer, Misbehaviour, ModelOptions};
use std::path::Path;
use std::sync::Arc;

use crate::support::{Bench, Jumping, SECRET, ask, error};

#[tokio::test]
async fn the_key_is_sent_and_never_shown() {
    let key = Some(SECRET.to_owned());
    let mut bench = Bench::new(ModelOptions { key, ..ModelOptions::default() });
    bench.settings.key = Some(SecretSource::Env("KEY".to_owned()));
    let endpoint = bench.endpoint();
    ask(&endpoint).await.unwrap();
    assert_hidden(&[format!("{endpoint:?} {}", endpoint.recipe())]);

    // A server that repeats what it was given.
    let mut bench = Bench::new(ModelOptions { key: Some("another".to_owned()), ..ModelOptions::default() });
    bench.settings.key = Some(SecretSource::Env("KEY".to_owned()));
    let endpoint = bench.endpoint();
    let failure = error(&endpoint).await.1;
    assert!(failure.contains("Incorrect API key provided: Bearer (hidden)"), "{failure}");
    assert_hidden(&[failure, format!("{endpoint:?} {:?}", ask(&endpoint).await)]);
}

#[tokio::test]
async fn what_an_address_holds_is_never_shown() {
    let mut bench = Bench::new(ModelOptions::default());
    let host = bench.server.base_url().replace("http://", "");
    bench.settings.url = format!("http://me:{SECRET}@{host}/v1?api-version={SECRET}");
    bench.server.next([Misbehaviour::Answer(Answer {
        body: format!("{{\"error\":\"{SECRET} is odd\"}}").into_bytes(),
        ..Answer::status(400)
    })]);
    let endpoint = bench.endpoint();
    let failure = format!("{:?}", ask(&endpoint).await);
    assert!(failure.contains("answered 400: (not shown"), "{failure}");
    bench.server.next(std::iter::repeat_n(Misbehaviour::BreakOff, 4));
    let broken = ask(&endpoint).await.unwrap_err();
    assert_hidden(&[failure, format!("{broken:?} {broken}"), format!("{endpoint:?}"), endpoint.recipe()]);
}

#[tokio::test]
async fn an_address_that_is_not_permitted_and_a_key_that_is_not_there_say_so() {
    let bench = Bench::new(ModelOptions::default());
    let around = || Surroundings {
        client: Client::new(AddressPolicy::default()).unwrap(),
        patience: PATIENCE,
        time: Arc::new(Jumping::default()),
        ledger: Arc::new(MemoryLedger::new(Default::default())),
    };
    let endpoint = Endpoint::new(bench.settings.clone(), Path::new("."), &|_| None, around()).unwrap();
    let failure = error(&endpoint).await;
    assert_eq!(failure.0, "model-unusable");
    assert!(failure.1.contains("address guard"), "{}", failure.1);
    assert_eq!((bench.server.calls(), endpoint.tally().tries), (0, 1));

    let key = Some(SecretSource::Env("NO_SUCH_KEY".to_owned()));
    let settings = Settings { key, ..bench.settings.clone() };
    let missing = Endpoint::new(settings, Path::new("."), &|_| None, around()).unwrap_err();
    assert!(matches!(missing, SettingsError::Key(_)), "{missing}");
}

fn assert_hidden(shown: &[String]) {
    for text in shown {
        assert!(!text.contains(SECRET), "{text}");
    }
}
