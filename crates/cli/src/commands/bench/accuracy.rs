//! `berika bench accuracy`: how often the category is right, on labelled products that were held out.
//!
//! The product template, the model and the classifier are those of the pipeline. Rows of the test file are not read
//! for anything but the set of categories before they are scored: centring uses the training rows, so the prediction
//! of one test row does not depend on the others. Texts are embedded once; each number of labels with each seed is a
//! cell of its own.

mod against;
mod arguments;
mod cells;
mod fail_under;
mod figures;
mod html;
mod input;
mod labels;
mod markdown;
mod measure;
mod predictions;
mod shown;
mod svg;
mod text;

use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;

use super::embedded::Embedded;
use super::labelled_file::LabelledRow;
use super::stages::Stages;
use super::vectors;
use cells::{Cell, cells};
use figures::{Details, Figures, PolicyFigures};

pub(super) use arguments::Args;

/// Measures, writes the files and prints a line a figure.
///
/// # Errors
/// If a file cannot be read or written, a row is not as it should be (naming file and line), or the model cannot be
/// had.
pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let figures = measured(args)?;
    figures::write(&args.json, &figures)?;
    if let Some(file) = &args.markdown {
        write(file, &markdown::page(&figures))?;
    }
    if let Some(file) = &args.html {
        write(file, &html::page(&figures))?;
    }
    shown::print(&figures);
    let reached = figures.fail_under.iter().all(|held| held.reached);
    Ok(if reached { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Measures, and writes the predictions.
fn measured(args: &Args) -> anyhow::Result<Figures> {
    let mut stages = Stages::new();
    let mut input = input::read(args)?;
    let (labels, note) = labels::counts(&args.labels, input.train.len())?;
    input.notes.extend(note);
    stages.done("read");
    let (train, test) = (&input.train, &input.test);
    let embedded = Embedded::of(&input.categories, train, test, &args.model, args.precision, &mut stages)?;
    let seeds: Vec<u64> = (0..args.seeds).map(|more| args.seed.wrapping_add(more)).collect();
    let measured = cells(&input, &embedded, &labels, &seeds, &mut stages)?;
    let cells = measured.cells;
    let rank_seconds = stages.seconds("rank") / measured.builds as f64;
    if let Some(file) = &args.predictions {
        predictions::write(file, &input, &cells)?;
    }
    let details = Details::of(&input, &embedded, last(&cells))?;
    stages.done("evaluate");
    let against = against::against(args, &input, &embedded, &cells)?;
    if !against.is_empty() {
        stages.done("against");
    }
    let curve = figures::curve(&cells);
    let fail_under = curve.last().map(|cell| fail_under::hold(&args.fail_under, cell)).unwrap_or_default();
    let last = last(&cells);
    let mut notes = std::mem::take(&mut input.notes);
    notes.extend(measured.notes);
    Ok(Figures {
        report: last.report,
        labels: last.labels,
        train_rows: input.train.len(),
        products_per_second: input.test.len() as f64
            / (stages.seconds("embed_test") + rank_seconds).max(1e-9),
        seconds: stages.finish(),
        model: embedded.model.clone(),
        approximate: embedded.approximate.clone(),
        model_recipe: embedded.encoder.recipe().to_owned(),
        classifier_recipe: last.measured.classifier_recipe.clone(),
        seed: last.seed,
        confidence_kind: measure::CONFIDENCE_KIND,
        policy: PolicyFigures::of(&last.report, &last.measured.rows),
        curve,
        against,
        fail_under,
        notes,
        details,
    })
}

/// The cell that is shown in detail: of those with the most labels the one with the first seed.
fn last(cells: &[Cell]) -> &Cell {
    let most = cells.last().expect("there is a number of labels and a seed").labels;
    cells.iter().find(|cell| cell.labels == most).expect("the last one is among them")
}

fn write(file: &Path, text: &str) -> anyhow::Result<()> {
    std::fs::write(file, text).with_context(|| format!("failed to write {}", file.display()))
}

#[cfg(test)]
mod tests;
