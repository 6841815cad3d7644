//! Published document → delivery: every attempt that is due, and no more. Later attempts belong to the next run.

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

/// Events frozen, sent and recorded together at first, and again after a wave that was not wholly answered.
const WAVE: usize = 64;

/// The most of them: waves double for as long as the receiver takes everything. A kill repeats at most this many, under
/// their own ids.
const LARGEST_WAVE: usize = 512;

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
        let frozen = freeze(engine, &events, report).await?;
        if frozen.is_empty() {
            break;
        }
        // A receiver that asks for a pause, or says nothing for long, is not sent the rest of a large wave.
        let (pause, unanswered) = (AtomicBool::new(false), AtomicUsize::new(0));
        let attempts: Vec<(Turn, Attempt, u64, String)> = futures_util::stream::iter(frozen)
            .map(async |(turn, event)| {
                // What is not under way when the run is to end stays as it is: frozen and due.
                if engine.stopping() || pause.load(Relaxed) || unanswered.load(Relaxed) >= WAVE {
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
            break;
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
        silent = if answered { 0 } else { silent + 1 };
        if disabled || pause.into_inner() || silent >= SILENT_WAVES {
            break;
        }
        wave = if all_taken { (2 * wave).min(LARGEST_WAVE) } else { WAVE };
    }
    Ok(())
}

/// Composes the bytes of events at their first attempt. Returns what is to be sent: which attempt it is, and the event.
async fn freeze(
    engine: &Engine,
    events: &[DueEvent],
    report: &mut Delivered,
) -> Result<Vec<(Turn, FrozenEvent)>, StoreError> {
    let mut bodies = Vec::new();
    for due in events.iter().filter(|due| due.body.is_none()) {
        match event::body(due, engine.now()) {
            Ok(body) => bodies.push((due.id.clone(), due.version, body)),
            Err(error) => {
                report.error =
                    Some(format!("product {}: the event cannot be composed: {error}", due.product.key));
            }
        }
    }
    let frozen = engine.store.freeze_events(&bodies).await?;
    let mut new: std::collections::HashMap<String, Vec<u8>> =
        bodies.into_iter().filter(|(id, ..)| frozen.contains(id)).map(|(id, _, body)| (id, body)).collect();
    Ok(events
        .iter()
        .filter_map(|due| {
            let body = due.body.clone().or_else(|| new.remove(&due.id))?;
            let turn = Turn { number: due.attempts + 1, before_replay: due.attempts_before_replay };
            Some((turn, FrozenEvent { id: due.id.clone(), body: Bytes::from(body) }))
        })
        .collect())
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
