//! One JSON object a line, or several. A line that is none costs itself alone.

use std::io::{BufRead, BufReader, Read};
use std::ops::ControlFlow;

use super::scan::{End, Scanner};
use super::value::{self, Fault, MOST_PARTS, Repairs, Value};
use super::{faulty, give};
use crate::config::Fields;
use crate::mapper::{Mapper, Plan};
use crate::output::Output;
use crate::source::Source;
use crate::{FeedProblem, Limits, RowError, RowProblem, encoding};

pub(crate) fn read(source: &Source, fields: &Fields, output: &mut Output<'_>) -> Result<(), FeedProblem> {
    source.expect_text("JSONL")?;
    if source.head().iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'[') {
        let found = "a JSON array; set format.type to \"json\"".to_owned();
        return Err(FeedProblem::WrongContent { expected: "JSONL", found });
    }
    let first = source.head().split(|b| *b == b'\n').map(<[u8]>::trim_ascii).find(|line| !line.is_empty());
    if first == Some(b"{") {
        let found = "objects over several lines; set format.type to \"json\"".to_owned();
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
        let given = match parse(&line, row, output.limits) {
            Ok(values) => give_all(&values, row, &mapper, output)?,
            Err(error) => output.reject(error)?,
        };
        if given == ControlFlow::Break(()) {
            break;
        }
    }
    output.delivery.unseen = mapper.unseen();
    Ok(())
}

fn give_all(
    values: &[(Value, Repairs)],
    row: u64,
    mapper: &Mapper<'_>,
    output: &mut Output<'_>,
) -> Result<ControlFlow<()>, FeedProblem> {
    for (value, repairs) in values {
        if give(value, repairs, row, mapper, output)? == ControlFlow::Break(()) {
            return Ok(ControlFlow::Break(()));
        }
    }
    Ok(ControlFlow::Continue(()))
}

fn parse(line: &[u8], row: u64, limits: &Limits) -> Result<Vec<(Value, Repairs)>, RowError> {
    let limit = limits.row_bytes;
    if line.len() as u64 > limit {
        return Err(faulty(row, line, RowProblem::TooLarge { bytes: line.len() as u64, limit }));
    }
    // Where files were put one behind the other a byte order mark stands before a line.
    let text = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
    let reason = match value::parse(text, limits.depth) {
        Ok(value) => return Ok(vec![value]),
        Err(Fault::TooManyParts) => return Err(faulty(row, line, RowProblem::TooManyParts)),
        Err(Fault::IllFormed(_, reason)) => reason,
    };
    match several(text, limits) {
        Ok(values) => Ok(values),
        Err(Some(Fault::TooManyParts)) => Err(faulty(row, line, RowProblem::TooManyParts)),
        Err(_) => Err(faulty(row, line, RowProblem::Json(reason))),
    }
}

/// Objects one behind the other in one line, which together have no more parts than one product; the fault where one of
/// them is ill-formed, and nothing where the line is something else.
fn several(line: &[u8], limits: &Limits) -> Result<Vec<(Value, Repairs)>, Option<Fault>> {
    let (mut scanner, mut raw, mut values) = (Scanner::new(line), Vec::new(), Vec::new());
    let mut parts = MOST_PARTS;
    while scanner.peek().map_err(|_| None)? == Some(b'{') {
        if scanner.value(&mut raw, limits.row_bytes).map_err(|_| None)? != End::Closed {
            return Err(None);
        }
        values.push(value::parse_within(&raw, limits.depth, &mut parts)?);
        if scanner.peek().map_err(|_| None)? == Some(b',') {
            scanner.pass();
        }
    }
    let is_all = scanner.peek().map_err(|_| None)?.is_none() && !values.is_empty();
    if is_all { Ok(values) } else { Err(None) }
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
