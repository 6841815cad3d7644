//! What a job of descriptions came to.

use std::collections::BTreeMap;

use berika_describe::Outcome;
use serde::Serialize;

use super::forecast::Forecast;
use crate::output;

/// Counts over the texts of one job.
#[derive(Debug, Default, Serialize)]
pub(super) struct Summary {
    /// What the job was expected to cost, where it costs anything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) forecast: Option<Forecast>,
    /// Texts of products in a language that were written now.
    pub(super) described: u64,
    /// Those that an earlier program had written.
    pub(super) kept: u64,
    /// Reasons why nothing could be written, with their number.
    pub(super) not_described: BTreeMap<&'static str, u64>,
    /// Who wrote, with the number of texts.
    pub(super) generators: BTreeMap<String, u64>,
    /// Sentences of models that were looked at.
    pub(super) sentences_checked: u64,
    /// Those that were taken out, by reason.
    pub(super) sentences_removed: BTreeMap<&'static str, u64>,
    /// Why a model's text was not had, with the number of texts.
    pub(super) causes: BTreeMap<String, u64>,
    /// Models that were no longer asked, with the reason.
    pub(super) out_of_use: Vec<(String, String)>,
    /// Whether it was stopped before its end.
    pub(super) interrupted: bool,
    /// How long it took.
    pub(super) seconds: f64,
}

/// The most different causes that are told apart.
const CAUSES_MOST: usize = 20;

impl Summary {
    pub(super) fn add(&mut self, outcome: &Outcome) {
        let description = match outcome {
            Outcome::Described(description) => description,
            Outcome::NotDescribed(reason) => {
                *self.not_described.entry(reason.as_str()).or_default() += 1;
                return;
            }
        };
        self.described += 1;
        *self.generators.entry(description.origin.generator.clone()).or_default() += 1;
        self.sentences_checked += u64::from(description.report.checked);
        for removed in &description.report.removed {
            *self.sentences_removed.entry(removed.why.as_str()).or_default() += 1;
        }
        for cause in &description.report.causes {
            if self.causes.contains_key(cause) || self.causes.len() < CAUSES_MOST {
                *self.causes.entry(cause.clone()).or_default() += 1;
            }
        }
    }

    pub(super) fn print(&self, path: &str) {
        let rate = self.described as f64 / self.seconds.max(f64::MIN_POSITIVE);
        output::line(format!(
            "{} descriptions in {:.1} s ({rate:.0} a second): {path}",
            self.described, self.seconds
        ));
        if self.kept > 0 {
            output::line(format!("  {} were there already", self.kept));
        }
        for (reason, count) in &self.not_described {
            output::line(format!("  {count} not written: {reason}"));
        }
        for (generator, count) in &self.generators {
            output::line(format!("  {count} by {generator}"));
        }
        if self.sentences_checked > 0 {
            let removed: u64 = self.sentences_removed.values().sum();
            let reasons: Vec<String> =
                self.sentences_removed.iter().map(|(why, count)| format!("{why} {count}")).collect();
            output::line(format!(
                "  of {} sentences by models the guard took out {removed}: {}",
                self.sentences_checked,
                reasons.join(", ")
            ));
        }
        for (cause, count) in &self.causes {
            output::line(format!("  {count} without a model's text: {cause}"));
        }
        for (model, why) in &self.out_of_use {
            output::line(format!("  {model} was no longer asked: {why}"));
        }
        if self.interrupted {
            output::line("  stopped before the end; the same command with --resume goes on".to_owned());
        }
    }
}
