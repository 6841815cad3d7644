//! What is seen of a delivery's rows while they are read.

use std::collections::BTreeMap;

use berika_catalog::ProductRecord;
use berika_catalog::contract::Profiler;
use berika_feeds::{FieldProblem, Row, RowError, RowWarning};
use berika_store::RowReport;
use serde::Serialize;
use serde_json::Value;

use crate::stages::import::read::Watch;

/// Examples that are kept of each kind of problem.
const EXAMPLES: usize = 3;

/// A product as it will be stored.
#[derive(Debug, Clone, Serialize)]
pub struct SampleRow {
    /// Its row.
    pub row: u64,
    /// Its article number.
    pub sku: String,
    /// Its fields.
    pub fields: Vec<SampleField>,
    /// What was dropped or repaired, as sentences.
    pub warnings: Vec<String>,
}

/// A field as it will be stored.
#[derive(Debug, Clone, Serialize)]
pub struct SampleField {
    /// The field.
    pub field: String,
    /// Its value.
    pub value: Value,
    /// The column or path it is from.
    pub column: Option<String>,
    /// The rule that made it, where it is not simply the column's value.
    pub rule: Option<String>,
}

/// Problems of one kind.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Kind {
    /// The kind.
    pub kind: String,
    /// How many.
    pub count: u64,
    /// The first few.
    pub examples: Vec<Example>,
}

/// One problem and where it is.
#[derive(Debug, Clone, Serialize)]
pub struct Example {
    /// The row.
    pub row: u64,
    /// The column or path.
    pub column: Option<String>,
    /// The value, shortened.
    pub value: Option<String>,
    /// What is wrong and what to do, with the place.
    pub message: String,
}

/// What became of a delivery's GTINs.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Gtins {
    /// Right as they stand.
    pub good: u64,
    /// Damaged and restored, by how.
    pub restored: BTreeMap<String, u64>,
    /// Dropped, by what is wrong with them.
    pub damaged: BTreeMap<String, u64>,
}

impl Kind {
    /// Rows that contradict an earlier one, which only the store can tell; none where there are none.
    pub(super) fn of_conflicts(conflicts: &[RowReport]) -> Option<Self> {
        let example = |report: &RowReport| Example {
            row: report.row,
            column: None,
            value: None,
            message: report.message.clone(),
        };
        (!conflicts.is_empty()).then(|| Self {
            kind: "duplicate-sku".to_owned(),
            count: conflicts.len() as u64,
            examples: conflicts.iter().take(EXAMPLES).map(example).collect(),
        })
    }
}

/// Gathers all of it, row by row.
#[derive(Debug, Default)]
pub(super) struct Findings {
    most: usize,
    pub(super) profiler: Profiler,
    pub(super) shown: Vec<SampleRow>,
    pub(super) refused: BTreeMap<&'static str, Kind>,
    pub(super) dropped: BTreeMap<&'static str, Kind>,
    pub(super) gtins: Gtins,
}

impl Findings {
    /// Keeps so many products as they will be stored.
    pub(super) fn showing(most: usize) -> Self {
        Self { most, ..Self::default() }
    }

    fn product(&mut self, row: &Row, record: &ProductRecord) {
        if record.values.gtin.is_some() {
            let origin = record.provenance.get("gtin");
            match origin.and_then(|origin| origin.rule.as_deref()).filter(|rule| is_repair(rule)) {
                Some(rule) => *self.gtins.restored.entry(rule.to_owned()).or_default() += 1,
                None => self.gtins.good += 1,
            }
        }
        if self.shown.len() < self.most {
            self.shown.push(shown(row, record));
        }
    }
}

impl Watch for Findings {
    fn row(&mut self, row: &Row) {
        self.profiler.row(row);
        for warning in &row.warnings {
            count(&mut self.dropped, warning.problem.kind(), || of_warning(warning));
            if let FieldProblem::Gtin(error) | FieldProblem::GtinDamaged(error) = &warning.problem {
                *self.gtins.damaged.entry(error.kind().to_owned()).or_default() += 1;
            }
        }
        match &row.outcome {
            Ok(record) => self.product(row, record),
            Err(error) => count(&mut self.refused, error.problem.kind(), || of_error(error)),
        }
    }
}

/// Whether a rule says that a value was repaired, not where it came from.
fn is_repair(rule: &str) -> bool {
    !matches!(rule, "constant" | "default" | "join" | "map" | "pattern" | "unit")
}

fn count(kinds: &mut BTreeMap<&'static str, Kind>, kind: &'static str, example: impl FnOnce() -> Example) {
    let kind = kinds.entry(kind).or_insert_with(|| Kind { kind: kind.to_owned(), ..Kind::default() });
    kind.count += 1;
    if kind.examples.len() < EXAMPLES {
        kind.examples.push(example());
    }
}

fn of_error(error: &RowError) -> Example {
    let (column, value) = (error.column.clone(), error.value.clone());
    Example { row: error.row, column, value, message: error.to_string() }
}

fn of_warning(warning: &RowWarning) -> Example {
    let (column, value) = (warning.column.clone(), warning.value.clone());
    Example { row: warning.row, column, value, message: warning.to_string() }
}

fn shown(row: &Row, record: &ProductRecord) -> SampleRow {
    let field = |(field, value): (String, Value)| {
        let origin = record.provenance.get(field.as_str());
        SampleField {
            column: origin.and_then(|origin| origin.column.as_deref()).map(str::to_owned),
            rule: origin.and_then(|origin| origin.rule.as_deref()).map(str::to_owned),
            field,
            value,
        }
    };
    SampleRow {
        row: row.number,
        sku: record.key.sku.clone(),
        fields: record.values.fields().into_iter().map(field).collect(),
        warnings: row.warnings.iter().map(ToString::to_string).collect(),
    }
}
