//! The cells measured: every number of labels with every seed.

use std::sync::Arc;

use berika_evaluate::{Outcome, Report, Settings, report, take_labels};

use super::super::embedded::Embedded;
use super::super::stages::Stages;
use super::input::Input;
use super::measure::{Judged, Measured, measure};

/// One number of labels with one seed.
#[derive(Debug)]
pub(super) struct Cell {
    /// Rows of the training file used as confirmed decisions.
    pub(super) labels: usize,
    /// Seed of their choice and of the intervals.
    pub(super) seed: u64,
    /// What became of the test rows.
    pub(super) measured: Arc<Measured>,
    /// How good that is.
    pub(super) report: Report,
}

/// All cells of one model.
#[derive(Debug)]
pub(super) struct Cells {
    /// By number of labels, then by seed.
    pub(super) cells: Vec<Cell>,
    /// How often the classifier was built; less than once a cell where several have the same labels.
    pub(super) builds: usize,
    /// What a reader of the figures should know.
    pub(super) notes: Vec<String>,
}

/// Measures every number of `labels` with every seed.
///
/// # Errors
/// As [`measure`].
pub(super) fn cells(
    input: &Input,
    embedded: &Embedded,
    labels: &[usize],
    seeds: &[u64],
    stages: &mut Stages,
) -> anyhow::Result<Cells> {
    let mut all = Cells { cells: Vec::new(), builds: 0, notes: Vec::new() };
    for &count in labels {
        // None and all are the same rows with every seed.
        let mut last: Option<(Vec<usize>, Arc<Measured>)> = None;
        for &seed in seeds {
            let labelled = take_labels(input.train.len(), count, seed);
            let mut rows = labelled.clone();
            rows.sort_unstable();
            let measured = match last.filter(|(last, _)| *last == rows) {
                Some((_, measured)) => measured,
                None => {
                    all.builds += 1;
                    let note = input.one_class(&labelled).map(|note| format!("seed {seed}: {note}"));
                    all.notes.extend(note);
                    Arc::new(measure(input, embedded, &labelled, stages)?)
                }
            };
            let settings = Settings { seed, ..Settings::default() };
            let outcomes = outcomes(input, &measured);
            let report = embedded.encoder.compute(|| report(&outcomes, input.categories.len(), &settings))?;
            stages.done("evaluate");
            all.cells.push(Cell { labels: labelled.len(), seed, measured: Arc::clone(&measured), report });
            last = Some((rows, measured));
        }
    }
    Ok(all)
}

/// What became of each test row, beside what is right.
pub(super) fn outcomes(input: &Input, measured: &Measured) -> Vec<Outcome> {
    let outcome = |(row, judged): (&super::LabelledRow, &Judged)| Outcome {
        truth: row.truth.clone(),
        candidates: judged.candidates.iter().map(|offered| input.categories.path(offered.category)).collect(),
        confidence: judged.confidence,
        accepted: judged.auto,
        language: row.values.language.as_ref().map(|language| language.as_str().to_owned()),
    };
    input.test.iter().zip(&measured.rows).map(outcome).collect()
}

/// Whether the first candidate of each test row is right.
pub(super) fn right(input: &Input, measured: &Measured) -> Vec<bool> {
    outcomes(input, measured).iter().map(Outcome::is_right).collect()
}
