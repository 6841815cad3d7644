//! One JSON object a line. A line that is none costs itself alone.

use std::io::{BufRead, BufReader, Read};
use std::ops::ControlFlow;

use serde_json::Value;

use super::{give, without_place};
use crate::config::Fields;
use crate::mapper::{Mapper, Plan};
use crate::output::Output;
use crate::row::shorten;
use crate::source::Source;
use crate::{FeedProblem, RowError, RowProblem, encoding};

pub(crate) fn read(source: &Source, fields: &Fields, output: &mut Output<'_>) -> Result<(), FeedProblem> {
    source.expect_text("JSONL")?;
    if source.head().iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'[') {
        let found = "a JSON array; set format.type to \"json\"".to_owned();
        return Err(FeedProblem::WrongContent { expected: "JSONL", found });
    }
    let found = encoding::find(source, None)?;
    output.delivery.encoding = Some(found.encoding.name().to_owned());
    let plan = Plan::for_paths(fields, &Fields::default())?;
    let mapper = Mapper::new(plan, output)?;
    let mut text = BufReader::with_capacity(64 << 10, encoding::decode(source, found)?);
    let mut line = Vec::new();
    let mut row = 0;
    while next_line(&mut text, &mut line, output.limits.row_bytes)? {
        row += 1;
        if line.trim_ascii().is_empty() {
            continue;
        }
        let given = match parse(&line, row, output.limits.row_bytes) {
            Ok(value) => give(&value, row, &mapper, output)?,
            Err(error) => output.reject(error)?,
        };
        if given == ControlFlow::Break(()) {
            break;
        }
    }
    output.delivery.unseen = mapper.unseen();
    Ok(())
}

fn parse(line: &[u8], row: u64, limit: u64) -> Result<Value, RowError> {
    let refuse = |problem| {
        let value = Some(shorten(&String::from_utf8_lossy(&line[..line.len().min(400)])));
        RowError { row, sku: None, column: None, value, problem }
    };
    if line.len() as u64 > limit {
        return Err(refuse(RowProblem::TooLarge { bytes: line.len() as u64, limit }));
    }
    serde_json::from_slice(line).map_err(|error| refuse(RowProblem::Json(without_place(&error))))
}

/// Reads a line; of one over the cap only so much that it is seen to be. False at the end.
fn next_line(text: &mut impl BufRead, line: &mut Vec<u8>, limit: u64) -> Result<bool, FeedProblem> {
    line.clear();
    let read =
        text.by_ref().take(limit + 1).read_until(b'\n', line).map_err(FeedProblem::io("read the file"))?;
    if read as u64 > limit && line.last() != Some(&b'\n') {
        text.skip_until(b'\n').map_err(FeedProblem::io("read the file"))?;
    }
    Ok(read > 0)
}
