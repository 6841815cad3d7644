//! Progress bars: one a stage, on standard error, only at a terminal.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use berika_pipeline::Progress;
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use super::shows_progress;
use crate::arguments::Global;

/// Bars by stage.
pub(crate) struct Bars {
    all: MultiProgress,
    bars: Mutex<HashMap<String, ProgressBar>>,
}

impl Bars {
    /// Progress for a run: bars at a terminal, nothing otherwise.
    pub(crate) fn progress(global: &Global) -> Arc<dyn Progress> {
        if shows_progress(global) { Arc::new(Self::new()) } else { Arc::new(()) }
    }

    /// Progress for fetching a model.
    pub(crate) fn fetching(global: &Global) -> Box<dyn berika_models::Progress> {
        if shows_progress(global) { Box::new(Self::new()) } else { Box::new(()) }
    }

    fn new() -> Self {
        Self { all: MultiProgress::new(), bars: Mutex::new(HashMap::new()) }
    }

    fn start(&self, name: &str, total: Option<u64>, template: &str) {
        let bar = match total {
            Some(total) => ProgressBar::new(total),
            None => ProgressBar::no_length(),
        };
        // A template that does not parse would be a slip in this file: the plain bar then.
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        bar.set_style(style.progress_chars("━╸ "));
        bar.set_prefix(name.to_owned());
        let bar = self.all.add(bar);
        self.lock().insert(name.to_owned(), bar);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, ProgressBar>> {
        self.bars.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn say(&self, text: &str) {
        if self.all.println(text).is_err() {
            tracing::warn!("{text}");
        }
    }
}

impl Progress for Bars {
    fn begin(&self, stage: &'static str, total: Option<u64>) {
        let template = match total {
            Some(_) => "{prefix:>12} {bar:30.cyan} {pos}/{len} {elapsed}",
            None => "{prefix:>12} {spinner} {pos} {elapsed}",
        };
        self.start(stage, total, template);
    }

    fn advance(&self, stage: &'static str, by: u64) {
        if let Some(bar) = self.lock().get(stage) {
            bar.inc(by);
        }
    }

    fn end(&self, stage: &'static str) {
        if let Some(bar) = self.lock().remove(stage) {
            bar.finish_and_clear();
            self.all.remove(&bar);
        }
    }

    fn note(&self, text: &str) {
        self.say(text);
    }
}

const FETCHING: &str = "model";

impl berika_models::Progress for Bars {
    fn begin(&self, source: &str, total: Option<u64>) {
        self.say(&format!("fetching the model from {source}"));
        if let Some(bar) = self.lock().remove(FETCHING) {
            bar.finish_and_clear();
        }
        self.start(FETCHING, total, "{prefix:>12} {bar:30.cyan} {bytes}/{total_bytes} {bytes_per_sec}");
    }

    fn position(&self, bytes: u64) {
        if let Some(bar) = self.lock().get(FETCHING) {
            bar.set_position(bytes);
            if Some(bytes) >= bar.length() {
                bar.finish_and_clear();
            }
        }
    }

    fn note(&self, text: &str) {
        self.say(text);
    }
}
