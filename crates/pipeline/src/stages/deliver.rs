//! Published document → delivery: every attempt that is due, and no more. Later attempts belong to the next run.

use std::collections::HashSet;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::time::Instant;

use berika_deliver::{
    Attempt, Endpoint, EndpointError, FrozenEvent, Next, Outcome, attempt, next, pause_until,
};
use berika_net::{Bytes, Url};
use berika_store::{AttemptRecord, AttemptResult, DueEvent, StoreError};
use futures_util::StreamExt;
use jiff::Timestamp;

use crate::config::{EndpointConfig, SecretError, SecretSource};
use crate::report::Delivered;
use crate::{Engine, event};

/// Events frozen together, while those before them are under way: what is frozen and not sent, because the receiver asks
/// for a pause or the run is to end, no newer version can take over.
const SLICE: usize = 64;

/// Events sent and recorded together at first, and again after a wave that was not wholly taken.
const WAVE: usize = 64;

/// The most of them: waves double for as long as the receiver takes everything. A kill repeats at most this many, under
/// their own ids.
const LARGEST_WAVE: usize = 512;

/// Events in a row without any answer, after which the rest of a wave is not sent.
const UNANSWERED: usize = 64;

/// Waves in which no event got any answer, after which the rest waits for the next run: a receiver that is down is
/// not asked a hundred thousand times, nor is the run kept waiting for a hundred thousand time-outs.
const SILENT_WAVES: u32 = 2;

/// Why an endpoint cannot be attempted at all.
#[derive(Debug, thiserror::Error)]
pub(crate) enum EndpointFault {
    /// Its address.
    #[error("its url is no address: {0}")]
    Url(#[from] url::ParseError),
    /// Its secret is not there.
    #[error("{0}")]
    Secret(#[from] SecretError),
    /// Its secret cannot sign.
    #[error("{0}")]
    Endpoint(#[from] EndpointError),
}

/// Which attempt at an event this is.
#[derive(Debug, Clone, Copy)]
struct Turn {
    /// Counted from 1 over the event's whole life.
    number: u32,
    /// How many of these were before a person replayed it.
    before_replay: u32,
}

/// An event with its bytes, which no newer version takes over once they are frozen.
struct Composed {
    turn: Turn,
    id: String,
    version: i64,
    body: Vec<u8>,
    frozen: bool,
}

/// Makes every attempt that is due, endpoints side by side so that a slow one keeps nobody waiting.
pub(crate) async fn stage(engine: &Engine) -> Result<Vec<Delivered>, StoreError> {
    let due = engine.now();
    let endpoints = &engine.config.endpoints;
    let mut total = 0;
    for endpoint in endpoints {
        total += engine.store.endpoint_state(&endpoint.id, due).await?.due;
    }
    engine.progress.begin("delivery", Some(total));
    let all = endpoints.iter().map(|endpoint| deliver_to(engine, endpoint, due));
    let delivered = futures_util::future::join_all(all).await.into_iter().collect();
    engine.progress.end("delivery");
    delivered
}

/// An endpoint with its secrets, ready for attempts.
pub(crate) fn ready(engine: &Engine, endpoint: &EndpointConfig) -> Result<Endpoint, EndpointFault> {
    let url = Url::parse(&endpoint.url)?;
    let secrets = engine.config.signing_secrets(endpoint, &*engine.environment)?;
    let secret = |source: &SecretSource| source.read(&engine.config.folder, &*engine.environment);
    let headers = endpoint.headers.iter().map(|(name, source)| Ok((name.clone(), secret(source)?)));
    let headers = headers.collect::<Result<_, SecretError>>()?;
    let ready = Endpoint::new(endpoint.id.clone(), url, &secrets)?.with_headers(headers)?;
    Ok(ready.with_deadline(endpoint.timeout()))
}

async fn deliver_to(
    engine: &Engine,
    config: &EndpointConfig,
    due: Timestamp,
) -> Result<Delivered, StoreError> {
    let mut report = Delivered {
        endpoint: config.id.clone(),
        delivered: 0,
        failed: 0,
        pending: 0,
        dead: 0,
        last_failure: None,
        disabled: None,
        error: None,
    };
    match ready(engine, config) {
        Ok(endpoint) => waves(engine, config, &endpoint, due, &mut report).await?,
        Err(fault) => report.error = Some(fault.to_string()),
    }
    report.stands(&engine.store.endpoint_state(&config.id, engine.now()).await?);
    Ok(report)
}

async fn waves(
    engine: &Engine,
    config: &EndpointConfig,
    endpoint: &Endpoint,
    due: Timestamp,
    report: &mut Delivered,
) -> Result<(), StoreError> {
    let mut silent = 0;
    let mut wave = WAVE;
    while !engine.stopping() {
        let events = engine.store.due_events(&config.id, due, wave).await?;
        if events.is_empty() {
            break;
        }
        let mut composed = compose(engine, events, report).into_iter();
        let slices = std::iter::from_fn(|| {
            let slice: Vec<Composed> = composed.by_ref().take(SLICE).collect();
            (!slice.is_empty()).then_some(slice)
        });
        // A receiver that asks for a pause, or says nothing for long, is not sent the rest of a large wave. What is then not
        // under way stays as it is, and due.
        let (pause, unanswered) = (AtomicBool::new(false), AtomicUsize::new(0));
        let fault = OnceLock::new();
        let ends = || {
            engine.stopping()
                || pause.load(Relaxed)
                || unanswered.load(Relaxed) >= UNANSWERED
                || fault.get().is_some()
        };
        let attempts: Vec<(Turn, Attempt, u64, String)> = futures_util::stream::iter(slices)
            .then(async |slice| {
                let frozen = if ends() { Ok(Vec::new()) } else { freeze(engine, slice).await };
                // The attempts under way are recorded first.
                frozen.unwrap_or_else(|error| {
                    _ = fault.set(error);
                    Vec::new()
                })
            })
            .flat_map(futures_util::stream::iter)
            .map(async |(turn, event)| {
                if ends() {
                    return None;
                }
                let began = Instant::now();
                let made = attempt(&engine.client, endpoint, &event, engine.now()).await;
                match made.outcome {
                    Outcome::Answered(_) => unanswered.store(0, Relaxed),
                    _ => _ = unanswered.fetch_add(1, Relaxed),
                }
                pause.fetch_or(pause_until(&made.outcome, engine.now()).is_some(), Relaxed);
                engine.progress.advance("delivery", 1);
                Some((turn, made, u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX), event.id))
            })
            .buffer_unordered(config.concurrency)
            .filter_map(std::future::ready)
            .collect()
            .await;
        if attempts.is_empty() {
            return fault.into_inner().map_or(Ok(()), Err);
        }
        let now = engine.now();
        let mut records = Vec::with_capacity(attempts.len());
        let (mut answered, mut all_taken) = (false, true);
        for (turn, made, duration_ms, id) in attempts {
            answered |= matches!(made.outcome, Outcome::Answered(_));
            all_taken &= made.outcome.is_success();
            if made.outcome.is_success() {
                report.delivered += 1;
            } else {
                report.failed += 1;
                report.last_failure = Some(made.outcome.summary());
            }
            records.push(record(engine, id, turn, &made, duration_ms, now));
        }
        // A fixed order, whatever order the answers came in.
        records.sort_by(|a, b| a.id.cmp(&b.id));
        let disabled = records.iter().any(|r| matches!(r.result, AttemptResult::Disable(_)));
        engine.store.record_attempts(&config.id, &records, now).await?;
        if let Some(error) = fault.into_inner() {
            return Err(error);
        }
        silent = if answered { 0 } else { silent + 1 };
        if disabled || pause.into_inner() || silent >= SILENT_WAVES {
            break;
        }
        wave = if all_taken { (2 * wave).min(LARGEST_WAVE) } else { WAVE };
    }
    Ok(())
}

/// The bytes of events: those of their first attempt, or new ones where there was none.
fn compose(engine: &Engine, events: Vec<DueEvent>, report: &mut Delivered) -> Vec<Composed> {
    let compose = |mut due: DueEvent| {
        let turn = Turn { number: due.attempts + 1, before_replay: due.attempts_before_replay };
        let (body, frozen) = match due.body.take() {
            Some(body) => (body, true),
            None => match event::body(&due, engine.now()) {
                Ok(body) => (body, false),
                Err(error) => {
                    let key = &due.product.key;
                    report.error = Some(format!("product {key}: the event cannot be composed: {error}"));
                    return None;
                }
            },
        };
        Some(Composed { turn, id: due.id, version: due.version, body, frozen })
    };
    events.into_iter().filter_map(compose).collect()
}

/// Freezes what is not frozen yet. Returns what is to be sent, without the events that a newer version took over meanwhile.
async fn freeze(engine: &Engine, events: Vec<Composed>) -> Result<Vec<(Turn, FrozenEvent)>, StoreError> {
    let (mut old, new): (Vec<Composed>, Vec<Composed>) = events.into_iter().partition(|event| event.frozen);
    if !new.is_empty() {
        let bodies: Vec<(String, i64, Vec<u8>)> =
            new.iter().map(|new| (new.id.clone(), new.version, new.body.clone())).collect();
        let frozen: HashSet<String> = engine.store.freeze_events(&bodies).await?.into_iter().collect();
        old.extend(new.into_iter().filter(|new| frozen.contains(&new.id)));
    }
    let event = |event: Composed| (event.turn, FrozenEvent { id: event.id, body: Bytes::from(event.body) });
    Ok(old.into_iter().map(event).collect())
}

fn record(
    engine: &Engine,
    id: String,
    turn: Turn,
    made: &Attempt,
    duration_ms: u64,
    now: Timestamp,
) -> AttemptRecord {
    let result = match engine
        .with_ids(|ids| next(turn.number - turn.before_replay, &made.outcome, now, ids.random()))
    {
        Next::Delivered => AttemptResult::Delivered,
        Next::RetryAt(at) => AttemptResult::RetryAt(at),
        Next::Dead { .. } => AttemptResult::Dead,
        Next::DisableEndpoint { reason } => AttemptResult::Disable(reason),
    };
    AttemptRecord {
        id,
        number: turn.number,
        started_at: made.started_at,
        duration_ms,
        status: made.outcome.status(),
        outcome: made.outcome.summary(),
        answer: made.outcome.excerpt().filter(|text| !text.is_empty()).map(str::to_owned),
        result,
    }
}
