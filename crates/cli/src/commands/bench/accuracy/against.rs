//! Other results on the same rows, compared.

use std::path::Path;

use anyhow::Context;
use berika_evaluate::{Comparison, Pair, Settings, compare};
use serde::Serialize;

use super::super::embedded::Embedded;
use super::super::stages::Stages;
use super::arguments::Args;
use super::cells::{Cell, cells, right};
use super::figures::{CurvePoint, curve};
use super::input::Input;
use super::predictions;

/// Another result, held against this one.
#[derive(Debug, Serialize)]
pub(super) struct Against {
    /// What it is of: a model with what decides its vectors, or a file.
    pub(super) name: String,
    /// Its figures by number of labels; empty for predictions from a file.
    pub(super) curve: Vec<CurvePoint>,
    /// The difference in top-1, by number of labels.
    pub(super) comparisons: Vec<Compared>,
}

/// The two results at one number of labels.
#[derive(Debug, Serialize)]
pub(super) struct Compared {
    /// Rows of the training file used as confirmed decisions.
    pub(super) labels: usize,
    /// The seeds that are compared, in the order of the comparison's pairs.
    pub(super) seeds: Vec<u64>,
    /// How they differ.
    #[serde(flatten)]
    pub(super) comparison: Comparison,
}

/// Compares with all that was asked for. Predictions from a file are compared with the last number of labels and the
/// first seed.
///
/// # Errors
/// If the other model cannot be had, or the file is not as it should be.
pub(super) fn against(
    args: &Args,
    input: &Input,
    this: &Embedded,
    measured: &[Cell],
) -> anyhow::Result<Vec<Against>> {
    let mut all = Vec::new();
    if args.against_model.is_some() || args.against_precision.is_some() {
        all.push(model(args, input, measured)?);
    }
    if let Some(file) = &args.against_predictions {
        all.push(this.encoder.compute(|| file_of(file, args, input, measured))?);
    }
    Ok(all)
}

fn model(args: &Args, input: &Input, measured: &[Cell]) -> anyhow::Result<Against> {
    let model = args.against_model.as_ref().unwrap_or(&args.model);
    let precision = args.against_precision.unwrap_or(args.precision);
    let mut stages = Stages::new();
    let embedded = Embedded::of(&input.categories, &input.train, &input.test, model, precision, &mut stages)
        .with_context(|| format!("failed to compare with {model}"))?;
    let by_labels: Vec<&[Cell]> = measured.chunk_by(|a, b| a.labels == b.labels).collect();
    let labels: Vec<usize> = by_labels.iter().map(|cells| cells[0].labels).collect();
    let seeds: Vec<u64> = by_labels[0].iter().map(|cell| cell.seed).collect();
    let others = cells(input, &embedded, &labels, &seeds, &mut stages)?.cells;
    let compared = |these: &&[Cell], others: &[Cell]| {
        let pair = |(this, other): (&Cell, &Cell)| Pair {
            this: right(input, &this.measured),
            other: right(input, &other.measured),
        };
        let pairs: Vec<Pair> = these.iter().zip(others).map(pair).collect();
        let settings = Settings { seed: args.seed, ..Settings::default() };
        let comparison = embedded.encoder.compute(|| compare(&pairs, &settings))?;
        anyhow::Ok(Compared { labels: these[0].labels, seeds: seeds.clone(), comparison })
    };
    let comparisons = by_labels
        .iter()
        .zip(others.chunks(seeds.len()))
        .map(|(these, others)| compared(these, others))
        .collect::<anyhow::Result<_>>()?;
    Ok(Against { name: embedded.shown(), curve: curve(&others), comparisons })
}

fn file_of(file: &Path, args: &Args, input: &Input, measured: &[Cell]) -> anyhow::Result<Against> {
    let last = super::last(measured);
    let pair =
        Pair { this: right(input, &last.measured), other: predictions::read_right(file, input, last)? };
    let comparison = compare(&[pair], &Settings { seed: args.seed, ..Settings::default() })?;
    let comparisons = vec![Compared { labels: last.labels, seeds: vec![last.seed], comparison }];
    Ok(Against { name: file.display().to_string(), curve: Vec::new(), comparisons })
}
