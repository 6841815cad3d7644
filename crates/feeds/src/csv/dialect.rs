//! How one delivery is written: encoding, delimiter, where its header stands.

use std::io::Read;

use crate::config::{CsvFormat, Fields};
use crate::output::Output;
use crate::source::Source;
use crate::{FeedProblem, delimiter, encoding};

/// What must be known before the first row can be read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Dialect {
    pub(crate) encoding: encoding::Found,
    pub(crate) delimiter: u8,
    /// The header's row as the file counts, a `sep=` line included.
    pub(crate) header_row: u64,
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
        let header_row = header_row(format.header_row)?;
        let found = encoding::find(source, format.encoding.as_deref())?;
        output.delivery.encoding = Some(found.encoding.name().to_owned());
        output.delivery.encoding_runner_up = found.runner_up.map(|encoding| encoding.name().to_owned());

        let (sample, cut) = sample(source, found)?;
        let declared = delimiter::declared(&sample);
        let first = header_row + u64::from(declared.is_some());
        let wanted: Vec<&str> = fields
            .rules()
            .into_iter()
            .filter_map(|(_, rule)| rule)
            .flat_map(|rule| &rule.from)
            .map(|s| &**s)
            .collect();
        let (delimiter, runner_up) = match (one_byte(format.delimiter)?, declared) {
            (Some(delimiter), _) | (None, Some(delimiter)) => (delimiter, None),
            (None, None) => delimiter::find(&sample, cut, header_row as usize, &wanted),
        };
        output.delivery.delimiter = Some(char::from(delimiter));
        output.delivery.delimiter_runner_up = runner_up.map(char::from);
        Ok(Self { encoding: found, delimiter, header_row: first })
    }
}

/// The configured header row; 1 where absent.
pub(crate) fn header_row(configured: Option<u32>) -> Result<u64, FeedProblem> {
    match configured {
        Some(0) => {
            Err(FeedProblem::Setting { key: "header_row", reason: "rows are counted from 1".to_owned() })
        }
        row => Ok(u64::from(row.unwrap_or(1))),
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

/// The beginning of the text, and whether there is more.
fn sample(source: &Source, found: encoding::Found) -> Result<(String, bool), FeedProblem> {
    const SAMPLE: u64 = 256 << 10;
    let mut bytes = Vec::new();
    encoding::decode(source, found)?
        .take(SAMPLE)
        .read_to_end(&mut bytes)
        .map_err(FeedProblem::io("read the file"))?;
    Ok((String::from_utf8_lossy(&bytes).into_owned(), bytes.len() as u64 == SAMPLE))
}
