//! How one delivery is written: encoding, delimiter, quotes, where its header stands.

use std::io::Read;

use super::layout::{self, Known, Layout, Sample};
use crate::config::{AttributesRule, CsvFormat, FieldRule, Fields};
use crate::output::Output;
use crate::source::Source;
use crate::{FeedProblem, encoding};

/// What must be known before the first row can be read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Dialect {
    pub(crate) encoding: encoding::Found,
    pub(super) layout: Layout,
}

impl Dialect {
    /// What the settings say and, where they are silent, what the text tells; noted in the delivery's summary.
    pub(crate) fn find(
        source: &Source,
        format: &CsvFormat,
        fields: &Fields,
        output: &mut Output<'_>,
    ) -> Result<Self, FeedProblem> {
        source.expect_text("CSV")?;
        let known =
            Known { delimiter: one_byte(format.delimiter)?, header_row: header_row(format.header_row)? };
        let found = encoding::find(source, format.encoding.as_deref())?;
        let (layout, other) = layout::find(&sample(source, found)?, known, &mapped_columns(fields));
        let delivery = &mut output.delivery;
        delivery.encoding = Some(found.encoding.name().to_owned());
        delivery.encoding_runner_up = found.runner_up.map(|encoding| encoding.name().to_owned());
        delivery.delimiter = Some(char::from(layout.delimiter));
        delivery.delimiter_runner_up = other.map(|other| char::from(other.delimiter));
        delivery.delimiter_evidence = Some(layout.evidence());
        delivery.quotes = Some(layout.quotes.name());
        delivery.header_row = Some(layout.header_row);
        Ok(Self { encoding: found, layout })
    }
}

/// The configured header row, counted from 1.
pub(crate) fn header_row(configured: Option<u32>) -> Result<Option<u64>, FeedProblem> {
    match configured {
        Some(0) => {
            Err(FeedProblem::Setting { key: "header_row", reason: "rows are counted from 1".to_owned() })
        }
        row => Ok(row.map(u64::from)),
    }
}

fn one_byte(delimiter: Option<char>) -> Result<Option<u8>, FeedProblem> {
    let Some(delimiter) = delimiter else { return Ok(None) };
    match u8::try_from(delimiter) {
        Ok(byte) if byte.is_ascii() && !matches!(byte, b'"' | b'\n' | b'\r') => Ok(Some(byte)),
        _ => Err(FeedProblem::Setting {
            key: "delimiter",
            reason: format!("{delimiter:?} is not one ASCII character other than a quote or a line break"),
        }),
    }
}

/// The columns that the supplier's rules name.
pub(crate) fn mapped_columns(fields: &Fields) -> Vec<&str> {
    let mut rules: Vec<&FieldRule> = fields.rules().into_iter().filter_map(|(_, rule)| rule).collect();
    let mut names: Vec<&str> = Vec::new();
    match &fields.attributes {
        Some(AttributesRule::Columns(columns)) => names.extend(columns.iter().map(String::as_str)),
        Some(AttributesRule::Named(named)) => rules.extend(named.values()),
        Some(AttributesRule::Rest) | None => {}
    }
    names.extend(rules.into_iter().flat_map(|rule| &rule.from).map(String::as_str));
    names.sort_unstable();
    names.dedup();
    names
}

/// The beginning of the text.
fn sample(source: &Source, found: encoding::Found) -> Result<Sample, FeedProblem> {
    const SAMPLE: u64 = 256 << 10;
    let mut bytes = Vec::new();
    encoding::decode(source, found)?
        .take(SAMPLE)
        .read_to_end(&mut bytes)
        .map_err(FeedProblem::io("read the file"))?;
    Ok(Sample { text: String::from_utf8_lossy(&bytes).into_owned(), cut: bytes.len() as u64 == SAMPLE })
}
