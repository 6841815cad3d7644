//! What is tried again, how long it takes, and when a server is left alone.

use std::sync::Arc;
use std::time::Duration;

use berika_describe::LanguageModel;
use berika_describe::endpoint::Time;
use berika_testkit::{Answer, Misbehaviour, ModelDialect, ModelOptions, RateLimit};

use crate::support::{Bench, SAID, ask, ask_all, error, prompt};

fn status(status: u16) -> Misbehaviour {
    Misbehaviour::Answer(Answer::status(status))
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[tokio::test]
async fn failures_that_pass_are_tried_again_after_pauses_that_double() {
    let bench = Bench::new(ModelOptions::default());
    bench.server.next([status(500), status(502), status(504)]);
    let endpoint = bench.endpoint();
    assert_eq!(ask(&endpoint).await.unwrap().text, SAID);
    assert_eq!(bench.time.now(), seconds(1 + 2 + 4));
    assert_eq!(endpoint.tally().tries, 4);

    bench.server.next([Misbehaviour::BreakOff, Misbehaviour::Answer(Answer::ok("{\"choices\":[]}"))]);
    bench.server.next([Misbehaviour::Answer(Answer::ok("{\"error\":{\"code\":503,\"message\":\"busy\"}}"))]);
    ask(&endpoint).await.unwrap();
    assert_eq!(bench.server.calls(), 8);
}

#[tokio::test]
async fn a_server_that_never_answers_well_is_given_up_with_the_number_of_tries() {
    for (misbehaviour, reason) in [
        (
            Misbehaviour::Answer(Answer { body: b"<html>oops".to_vec(), ..Answer::status(500) }),
            "answered 500: <html>oops (4 tries)",
        ),
        (
            Misbehaviour::Answer(Answer::ok("<html>")),
            "answered 6 bytes that are no chat completion (4 tries)",
        ),
        (Misbehaviour::BreakOff, "no complete answer (4 tries): "),
    ] {
        let bench = Bench::new(ModelOptions { every: vec![(1, misbehaviour)], ..ModelOptions::default() });
        let failure = error(&bench.endpoint()).await;
        assert_eq!(failure.0, "model-failed");
        assert!(failure.1.contains(reason), "{}", failure.1);
        assert_eq!(bench.server.calls(), 4);
    }
}

#[tokio::test]
async fn a_server_that_asks_for_patience_gets_it_from_all_calls() {
    let rate = Some(RateLimit { calls: 10, window: seconds(20) });
    for dialect in [ModelDialect::OpenAi, ModelDialect::Ollama, ModelDialect::Vllm] {
        let bench = Bench::new(ModelOptions { dialect, rate, ..ModelOptions::default() });
        let endpoint = bench.endpoint();
        for number in 0..35 {
            endpoint.complete(&prompt(number)).await.unwrap();
        }
        assert_eq!(bench.server.calls(), 35 + 3, "one call a window finds the limit");
        assert_eq!(bench.time.now(), seconds(60));
    }
    let bench = Bench::new(ModelOptions { rate, ..ModelOptions::default() });
    let answers = ask_all(&Arc::new(bench.endpoint()), 100).await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 100);
    assert!(bench.server.calls() <= 100 + 10 * 4, "at most as many as are asked at once find each limit");
}

#[tokio::test]
async fn a_server_that_asks_for_more_patience_than_there_is_is_not_asked_again() {
    let bench = Bench::new(ModelOptions::default());
    bench.server.next([Misbehaviour::Answer(Answer::status(429).with("retry-after", "3600"))]);
    let endpoint = bench.endpoint();
    assert!(error(&endpoint).await.1.contains("answered 429"));
    assert_eq!(bench.server.calls(), 1);
    ask(&endpoint).await.unwrap();
    assert_eq!(bench.time.now(), seconds(90), "the others wait as long as patience goes");
}

#[tokio::test]
async fn calls_keep_the_pace() {
    let mut bench = Bench::new(ModelOptions::default());
    bench.settings.requests_per_minute = Some(30);
    let endpoint = bench.endpoint();
    for _ in 0..11 {
        ask(&endpoint).await.unwrap();
    }
    assert_eq!(bench.time.now(), seconds(20));

    let mut bench = Bench::new(ModelOptions::default());
    bench.settings.tokens_per_minute = Some(600);
    let endpoint = bench.endpoint();
    for _ in 0..100 {
        ask(&endpoint).await.unwrap();
    }
    let bill = bench.server.bill();
    let rate = (bill.prompt_tokens + bill.output_tokens) as f64 / bench.time.now().as_secs_f64() * 60.0;
    assert!((590.0..620.0).contains(&rate), "{rate} tokens a minute, first call not waited for");
}

#[tokio::test]
async fn no_more_calls_are_made_at_once_than_settings_say() {
    let mut bench =
        Bench::new(ModelOptions { latency: Duration::from_millis(20), ..ModelOptions::default() });
    bench.settings.concurrency = 3;
    let answers = ask_all(&Arc::new(bench.endpoint()), 30).await;
    assert!(answers.iter().all(Result::is_ok));
    assert_eq!(bench.server.most_at_once(), 3);
}

#[tokio::test]
async fn a_dead_server_costs_minutes_and_not_hours() {
    let bench = Bench::new(ModelOptions { every: vec![(1, status(500))], ..ModelOptions::default() });
    let endpoint = bench.endpoint();
    for _ in 0..1000 {
        assert_eq!(error(&endpoint).await.0, "model-failed");
    }
    // Eight calls, four rests, one call after each.
    assert_eq!(bench.server.calls(), 12 * 4);
    assert_eq!(bench.time.now(), seconds(12 * 7 + 15 + 30 + 60 + 120));
    assert!(error(&endpoint).await.1.contains("is left alone"));
}

#[tokio::test]
async fn a_server_that_comes_back_is_used_again() {
    let bench = Bench::new(ModelOptions::default());
    bench.server.next(std::iter::repeat_n(status(503), 10 * 4));
    let endpoint = bench.endpoint();
    for _ in 0..10 {
        error(&endpoint).await;
    }
    for _ in 0..20 {
        ask(&endpoint).await.unwrap();
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_is_tried_and_then_left_alone() {
    let mut bench = Bench::new(ModelOptions::default());
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    bench.settings.url = format!("http://{}", free.local_addr().unwrap());
    drop(free);
    let endpoint = bench.endpoint();
    let failure = error(&endpoint).await;
    assert!(failure.1.contains("(4 tries): ") && failure.1.contains("cannot connect"), "{}", failure.1);
    for _ in 0..100 {
        error(&endpoint).await;
    }
    assert_eq!(endpoint.tally().tries, 12 * 4);
}

#[tokio::test]
async fn broken_json_in_an_answer_is_its_readers_matter() {
    let bench =
        Bench::new(ModelOptions { every: vec![(1, Misbehaviour::HalfContent)], ..ModelOptions::default() });
    assert_eq!(ask(&bench.endpoint()).await.unwrap().text, SAID[..SAID.len() / 2]);
    assert_eq!(bench.server.calls(), 1);
}
