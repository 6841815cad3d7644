//! Predictions as files: one JSON object a test row and line.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::path::Path;

use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::cells::Cell;
use super::input::Input;
use super::measure::CONFIDENCE_KIND;

/// The longest line that is read.
const MOST_LINE: u64 = 1 << 20;
/// The most lines that are read.
const MOST_LINES: usize = 20_000_000;

#[derive(Serialize)]
struct Prediction<'a> {
    id: &'a str,
    category: Option<Vec<String>>,
    confidence: f32,
    confidence_kind: &'static str,
    auto: bool,
    candidates: Vec<Candidate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    labels: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seed: Option<u64>,
}

#[derive(Serialize)]
struct Candidate {
    category: Vec<String>,
    score: f32,
}

/// Writes a prediction a line, in the order of the test file; of several cells one after another, and then every line
/// says its number of labels and its seed.
///
/// # Errors
/// If the file cannot be written.
pub(super) fn write(file: &Path, input: &Input, cells: &[Cell]) -> anyhow::Result<()> {
    let failed = || format!("failed to write {}", file.display());
    let mut writer = BufWriter::new(File::create(file).with_context(failed)?);
    for cell in cells {
        let apart = cells.len() > 1;
        for (row, judged) in input.test.iter().zip(&cell.measured.rows) {
            let candidates: Vec<Candidate> = judged
                .candidates
                .iter()
                .map(|c| Candidate { category: input.categories.path(c.category), score: c.score })
                .collect();
            let prediction = Prediction {
                id: &row.id,
                category: candidates.first().map(|first| first.category.clone()),
                confidence: judged.confidence,
                confidence_kind: CONFIDENCE_KIND,
                auto: judged.auto,
                candidates,
                labels: apart.then_some(cell.labels),
                seed: apart.then_some(cell.seed),
            };
            serde_json::to_writer(&mut writer, &prediction).with_context(failed)?;
            writer.write_all(b"\n").with_context(failed)?;
        }
    }
    writer.flush().with_context(failed)
}

/// A prediction of any program. Of the form only what is compared is read.
#[derive(Deserialize)]
struct Foreign {
    id: Value,
    category: Option<Vec<String>>,
    labels: Option<usize>,
    seed: Option<u64>,
}

/// Whether the predictions of `file` for the test rows are right, in the order of the test rows. Lines of other rows, or
/// of other cells than `cell`, are passed over.
///
/// # Errors
/// If the file cannot be read, a line is no prediction (naming file and line), or a test row has none or two.
pub(super) fn read_right(file: &Path, input: &Input, cell: &Cell) -> anyhow::Result<Vec<bool>> {
    let predicted = read(file, cell)?;
    let mut ids: HashMap<&str, usize> = HashMap::new();
    for row in &input.test {
        if let Some(line) = ids.insert(&row.id, row.line) {
            bail!(
                "id {:?} stands twice in the test file, in lines {line} and {}: predictions cannot be joined to its rows",
                row.id,
                row.line
            );
        }
    }
    let missing: Vec<&str> =
        input.test.iter().map(|row| row.id.as_str()).filter(|id| !predicted.contains_key(*id)).collect();
    if let Some(first) = missing.first() {
        bail!(
            "{} has no prediction for {} of {} test rows (first: {first:?}); give one for every row, with category null \
             where there is none",
            file.display(),
            missing.len(),
            input.test.len()
        );
    }
    let right = |row: &super::LabelledRow| {
        predicted[&row.id].as_ref().is_some_and(|category| row.truth.contains(category))
    };
    Ok(input.test.iter().map(right).collect())
}

/// The first category of each row, by id.
fn read(file: &Path, cell: &Cell) -> anyhow::Result<HashMap<String, Option<Vec<String>>>> {
    let open = File::open(file).with_context(|| format!("failed to open {}", file.display()))?;
    let mut reader = BufReader::new(open);
    let (mut predicted, mut bytes) = (HashMap::new(), Vec::new());
    for line in 1.. {
        bytes.clear();
        let at = || format!("{}, line {line}", file.display());
        let read = (&mut reader).take(MOST_LINE).read_until(b'\n', &mut bytes);
        let read = read.with_context(|| format!("failed to read {}", at()))?;
        if read == 0 {
            break;
        }
        if line > MOST_LINES || (read as u64 == MOST_LINE && bytes.last() != Some(&b'\n')) {
            bail!(
                "{}: more than {MOST_LINES} lines or {MOST_LINE} bytes in one; are these predictions, one a line?",
                at()
            );
        }
        if bytes.trim_ascii().is_empty() {
            continue;
        }
        let foreign: Foreign = serde_json::from_slice(&bytes).with_context(|| {
            format!("{} is no prediction: expected an object with id and category (names, or null)", at())
        })?;
        let of_cell = foreign.labels.is_none_or(|labels| labels == cell.labels)
            && foreign.seed.is_none_or(|seed| seed == cell.seed);
        if !of_cell {
            continue;
        }
        let id = match foreign.id {
            Value::String(id) => id,
            Value::Number(id) => id.to_string(),
            _ => bail!("{}: the id is neither text nor number", at()),
        };
        if predicted.contains_key(&id) {
            bail!("{}: there is a prediction for {id:?} already; give each row one", at());
        }
        predicted.insert(id, foreign.category);
    }
    Ok(predicted)
}
