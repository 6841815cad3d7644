//! Where the time of one forward pass goes: a trace of its steps for a browser's trace viewer, and their shares.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use berika_embed::{Model, Prompt};
use serde_json::{Map, Value, json};
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::{Context, SubscriberExt as _};
use tracing_subscriber::registry::{LookupSpan, Registry};

use crate::output;

/// Embeds the texts on one thread, writes what was entered and left to `file` and prints the shares.
///
/// # Errors
/// If a text cannot be embedded, or the file cannot be written.
pub(super) fn one_pass(model: &Model, texts: &[&str], prompt: Prompt<'_>, file: &Path) -> anyhow::Result<()> {
    let steps = record(model, texts, prompt)?;
    let Some(whole) =
        steps.iter().filter(|step| step.parent.is_none()).map(|step| step.took).reduce(|a, b| a + b)
    else {
        bail!("no forward pass was traced: the program was built without spans");
    };
    let events: Vec<Value> = steps.iter().map(Step::event).collect();
    std::fs::write(file, json!({ "traceEvents": events }).to_string())
        .with_context(|| format!("failed to write {}", file.display()))?;
    let mut table = output::table(&["step", "times", "ms", "share"]);
    for (name, (times, took)) in shares(&steps) {
        let (ms, share) = (took.as_secs_f64() * 1e3, took.as_secs_f64() / whole.as_secs_f64());
        table.add_row([name, &times.to_string(), &format!("{ms:.3}"), &format!("{:.1} %", 100.0 * share)]);
    }
    output::line(format!(
        "\n{} texts on one thread, {:.3} ms; each step without those inside it:",
        texts.len(),
        whole.as_secs_f64() * 1e3
    ));
    output::line(table);
    Ok(())
}

/// The steps of embedding these texts, in the order in which they began.
fn record(model: &Model, texts: &[&str], prompt: Prompt<'_>) -> anyhow::Result<Vec<Step>> {
    // A subscriber belongs to one thread: on a pool of one, everything happens there.
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build()?;
    let recorded =
        Arc::new(Mutex::new(Recorded { began: Instant::now(), open: Vec::new(), steps: Vec::new() }));
    let only_ours = Targets::new().with_target("berika_embed", LevelFilter::TRACE);
    let subscriber = Registry::default().with(Recorder(Arc::clone(&recorded)).with_filter(only_ours));
    pool.install(|| {
        model.embed(texts, prompt, &mut |_| {})?;
        tracing::subscriber::with_default(subscriber, || model.embed(texts, prompt, &mut |_| {}))
    })?;
    let steps = std::mem::take(&mut lock(&recorded).steps);
    Ok(steps)
}

/// How often each kind of step was taken, and its time without the steps inside it.
fn shares(steps: &[Step]) -> Vec<(&'static str, (usize, Duration))> {
    let mut own: Vec<Duration> = steps.iter().map(|step| step.took).collect();
    for step in steps {
        if let Some(parent) = step.parent {
            own[parent] = own[parent].saturating_sub(step.took);
        }
    }
    let mut shares: BTreeMap<&'static str, (usize, Duration)> = BTreeMap::new();
    for (step, own) in steps.iter().zip(own) {
        let (times, took) = shares.entry(step.name).or_default();
        *times += 1;
        *took += own;
    }
    let mut shares: Vec<_> = shares.into_iter().collect();
    shares.sort_by(|(_, (_, a)), (_, (_, b))| b.cmp(a));
    shares
}

/// A span that was entered once.
struct Step {
    name: &'static str,
    fields: Map<String, Value>,
    /// The step that it is a part of.
    parent: Option<usize>,
    /// After the recording began.
    at: Duration,
    took: Duration,
}

impl Step {
    /// A complete event of the Trace Event Format, times in microseconds.
    fn event(&self) -> Value {
        let micros = |time: Duration| time.as_secs_f64() * 1e6;
        json!({
            "name": self.name, "ph": "X", "pid": 1, "tid": 1,
            "ts": micros(self.at), "dur": micros(self.took), "args": self.fields,
        })
    }
}

struct Recorded {
    began: Instant,
    /// The steps entered and not left, outermost first.
    open: Vec<usize>,
    steps: Vec<Step>,
}

struct Recorder(Arc<Mutex<Recorded>>);

/// A panic elsewhere leaves nothing here half done.
fn lock(recorded: &Mutex<Recorded>) -> MutexGuard<'_, Recorded> {
    recorded.lock().unwrap_or_else(PoisonError::into_inner)
}

#[derive(Default)]
struct Fields(Map<String, Value>);

impl Visit for Fields {
    fn record_u64(&mut self, field: &Field, value: u64) {
        self.0.insert(field.name().to_owned(), value.into());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        self.0.insert(field.name().to_owned(), format!("{value:?}").into());
    }
}

impl<S: tracing::Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Recorder {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        if let Some(span) = context.span(id) {
            span.extensions_mut().insert(fields);
        }
    }

    fn on_enter(&self, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        let fields = span.extensions_mut().remove::<Fields>().unwrap_or_default().0;
        let mut recorded = lock(&self.0);
        let parent = recorded.open.last().copied();
        let place = recorded.steps.len();
        recorded.open.push(place);
        let at = recorded.began.elapsed();
        recorded.steps.push(Step { name: span.name(), fields, parent, at, took: Duration::ZERO });
    }

    fn on_exit(&self, _: &Id, _: Context<'_, S>) {
        let mut recorded = lock(&self.0);
        let now = recorded.began.elapsed();
        if let Some(place) = recorded.open.pop() {
            let step = &mut recorded.steps[place];
            step.took = now.saturating_sub(step.at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_inside_a_part_counts_for_the_part_alone() {
        let step = |name, parent, took| Step {
            name,
            parent,
            took: Duration::from_millis(took),
            at: Duration::ZERO,
            fields: Map::new(),
        };
        let steps = [
            step("pass", None, 100),
            step("layer", Some(0), 50),
            step("up", Some(1), 45),
            step("layer", Some(0), 40),
            step("up", Some(3), 35),
        ];
        let of = |times, took| (times, Duration::from_millis(took));
        assert_eq!(shares(&steps), [("up", of(2, 80)), ("layer", of(2, 10)), ("pass", of(1, 10))]);
    }
}
