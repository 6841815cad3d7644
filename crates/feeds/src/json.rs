//! JSON: a document with products somewhere in it, or one object a line.
//!
//! The document is walked by its structure, and each product is read by itself: a document of any size takes the memory
//! of one, and one that is ill-formed costs itself alone. A path is dotted (`brand.name`); through an array it leads into
//! every element, and a number picks one (`images.0`).

mod item;
mod lines;
mod mark;
mod pointer;
mod scan;
mod value;

use std::io::Read;
use std::ops::ControlFlow;

use crate::config::{Fields, JsonFormat};
use crate::mapper::{Mapper, Plan};
use crate::output::Output;
use crate::row::shorten;
use crate::source::Source;
use crate::{FeedProblem, FieldProblem, RowError, RowProblem, RowWarning, csv, encoding};
use item::JsonItem;
pub(crate) use lines::read as read_lines;
use mark::Mark;
use pointer::Step;
use scan::{End, Scanner};
use value::{Fault, Repairs, Value};

/// Reads the elements of the array, or the members of the object, that `format.records` points to.
pub(crate) fn read(
    source: &Source,
    format: &JsonFormat,
    fields: &Fields,
    output: &mut Output<'_>,
) -> Result<(), FeedProblem> {
    source.expect_text("JSON")?;
    let found = encoding::find(source, None)?;
    output.delivery.encoding = Some(found.encoding.name().to_owned());
    let path = pointer::parse(format.records.as_deref().unwrap_or_default())?;
    let mapper = Mapper::new(Plan::for_paths(fields, &Fields::default())?, output)?;
    let mut document = Document {
        scanner: Scanner::new(encoding::decode(source, found)?),
        mapper,
        output,
        number: 0,
        found: false,
        raw: Vec::new(),
        mark: Mark::default(),
        put_back: 0,
    };
    let read = document.read(&path, format.records.is_none());
    document.output.delivery.unseen = document.mapper.unseen();
    match read {
        Err(Stop::Receiver) => Ok(()),
        Err(Stop::Problem(problem)) => Err(problem),
        Ok(()) if !document.found => {
            Err(FeedProblem::NoRecords { pointer: format.records.clone().unwrap_or_default() })
        }
        Ok(()) => Ok(()),
    }
}

/// A document on the way through.
struct Document<'a, 'o, R> {
    scanner: Scanner<R>,
    mapper: Mapper<'a>,
    output: &'a mut Output<'o>,
    number: u64,
    /// Something stood where products are meant to stand.
    found: bool,
    /// The product that is being read.
    raw: Vec<u8>,
    mark: Mark,
    /// Bytes that were read anew.
    put_back: u64,
}

/// Why reading ends before the document does.
enum Stop {
    Receiver,
    Problem(FeedProblem),
}

impl From<FeedProblem> for Stop {
    fn from(problem: FeedProblem) -> Self {
        Self::Problem(problem)
    }
}

impl<R: Read> Document<'_, '_, R> {
    /// Walks over every document in the file: pages that were put one behind the other are several.
    fn read(&mut self, path: &[Step], may_be_loose: bool) -> Result<(), Stop> {
        while let Some(first) = self.scanner.peek()? {
            match first {
                b'{' if may_be_loose => self.loose_objects()?,
                b'[' | b'{' => self.descend(path)?,
                _ if self.found => {
                    return Err(self.scanner.problem("there is text behind the document").into());
                }
                b']' | b'}' => return Err(self.scanner.problem("a closing bracket too many").into()),
                _ => self.skip()?,
            }
        }
        Ok(())
    }

    /// Objects one behind the other. One alone is an envelope, whose products the settings must name.
    fn loose_objects(&mut self) -> Result<(), Stop> {
        if !self.found {
            let limit = self.output.limits.row_bytes;
            let end = self.scanner.value(&mut self.raw, limit)?;
            if end == End::Document {
                return Err(self.scanner.problem("the document ends within an object").into());
            }
            if end != End::Closed || self.scanner.peek()? != Some(b'{') {
                return Err(FeedProblem::NoRecords { pointer: String::new() }.into());
            }
            self.found = true;
            let raw = std::mem::take(&mut self.raw);
            self.scanner.put_back(&raw);
        }
        self.item(None)
    }

    fn descend(&mut self, path: &[Step]) -> Result<(), Stop> {
        match self.scanner.peek()? {
            Some(b'[') => self.array(path),
            Some(b'{') => self.object(path),
            _ => self.skip(),
        }
    }

    fn array(&mut self, path: &[Step]) -> Result<(), Stop> {
        self.found |= path.is_empty();
        self.scanner.pass();
        let mut index = 0usize;
        loop {
            match (self.scanner.peek()?, path) {
                (None, _) => return Err(self.scanner.problem("the document ends within an array").into()),
                (Some(b']'), _) => {
                    self.scanner.pass();
                    return Ok(());
                }
                (Some(b','), _) => self.scanner.pass(),
                (Some(_), []) => self.item(None)?,
                (Some(b'}'), _) => return Err(self.scanner.problem("a brace closes an array").into()),
                (Some(_), [step, rest @ ..]) => {
                    if step.leads_to(&index.to_string()) {
                        self.descend(rest)?;
                    } else {
                        self.skip()?;
                    }
                    index += 1;
                }
            }
        }
    }

    fn object(&mut self, path: &[Step]) -> Result<(), Stop> {
        self.found |= path.is_empty();
        self.scanner.pass();
        loop {
            match self.scanner.peek()? {
                None => return Err(self.scanner.problem("the document ends within an object").into()),
                Some(b'}') => {
                    self.scanner.pass();
                    return Ok(());
                }
                Some(b',') => self.scanner.pass(),
                Some(b'"') => {
                    let name = self.name()?;
                    match path {
                        [] => self.item(Some(name))?,
                        [step, rest @ ..] if step.leads_to(&name) => self.descend(rest)?,
                        _ => self.skip()?,
                    }
                }
                Some(_) => return Err(self.scanner.problem("a name in quotes is missing").into()),
            }
        }
    }

    /// A member's name, up to and with its colon.
    fn name(&mut self) -> Result<String, Stop> {
        const LONGEST: u64 = 64 << 10;
        self.scanner.value(&mut self.raw, LONGEST)?;
        let Ok((Value::String(name), _)) = value::parse(&self.raw, 1) else {
            return Err(self.scanner.problem("a name is ill-formed").into());
        };
        if self.scanner.peek()? != Some(b':') {
            return Err(self
                .scanner
                .problem(format!("the colon behind {:?} is missing", shorten(&name)))
                .into());
        }
        self.scanner.pass();
        Ok(name)
    }

    fn skip(&mut self) -> Result<(), Stop> {
        match self.scanner.skip()? {
            End::Closed | End::Unclosed => Ok(()),
            End::Document => Err(self.scanner.problem("the document ends within a value").into()),
            End::Limit => Err(self.scanner.problem("values nest too deep").into()),
        }
    }

    /// Reads one product and gives it out; `key` is its name, where it is a member of an object.
    fn item(&mut self, key: Option<String>) -> Result<(), Stop> {
        let limits = self.output.limits;
        self.number += 1;
        let first = self.scanner.peek()?;
        let line = self.scanner.line();
        if key.is_some() && matches!(first, Some(b',' | b']' | b'}')) {
            return self.refuse(line, "a value is missing", b"");
        }
        let mut raw = std::mem::take(&mut self.raw);
        let end = self.scanner.value(&mut raw, limits.row_bytes)?;
        if raw.is_empty() && end == End::Unclosed {
            self.scanner.pass();
            return self.refuse(line, "a closing bracket too many", &raw);
        }
        let parsed = (end == End::Closed).then(|| value::parse(&raw, limits.depth));
        let given = match parsed {
            Some(Err(Fault::TooManyParts)) => {
                proceed(self.output.reject(faulty(self.number, &raw, RowProblem::TooManyParts)))
            }
            Some(Ok((value, repairs))) => {
                self.mark.learn(&raw);
                let value = with_key(value, key);
                proceed(give(&value, &repairs, self.number, &self.mapper, self.output))
            }
            Some(Err(Fault::IllFormed(..))) | None => {
                let next = if key.is_none() { self.mark.find(&raw) } else { None };
                let next = next.filter(|_| self.put_back < limits.row_bytes.saturating_mul(16));
                match (next, end) {
                    (Some(next), _) => {
                        self.put_back += (raw.len() - next) as u64;
                        self.scanner.put_back(&raw[next..]);
                        raw.truncate(next);
                    }
                    (None, End::Document) => {
                        return Err(self
                            .scanner
                            .problem(format!("the document ends within item {}", self.number))
                            .into());
                    }
                    (None, End::Limit) => {
                        let limit = limits.row_bytes;
                        return Err(FeedProblem::RowTooLarge { row: self.number, limit }.into());
                    }
                    (None, End::Closed | End::Unclosed) => {}
                }
                let (at, reason) = match value::parse(&raw, limits.depth) {
                    Err(Fault::IllFormed(at, reason)) => (at, reason),
                    Ok(_) | Err(Fault::TooManyParts) => (raw.len(), "it has no end".to_owned()),
                };
                let breaks = raw[..at.min(raw.len())].iter().filter(|byte| **byte == b'\n').count();
                self.refuse(line + breaks as u64, &reason, &raw)
            }
        };
        self.raw = raw;
        given
    }

    fn refuse(&mut self, line: u64, reason: &str, raw: &[u8]) -> Result<(), Stop> {
        let problem = RowProblem::Json(format!("line {line}: {reason}"));
        proceed(self.output.reject(faulty(self.number, raw, problem)))
    }
}

fn proceed(given: Result<ControlFlow<()>, FeedProblem>) -> Result<(), Stop> {
    match given? {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(Stop::Receiver),
    }
}

/// The object with its name as a member.
fn with_key(mut value: Value, key: Option<String>) -> Value {
    if let (Value::Object(object), Some(key)) = (&mut value, key) {
        object.0.insert(0, ("@key".to_owned(), Value::String(key)));
    }
    value
}

fn faulty(row: u64, raw: &[u8], problem: RowProblem) -> RowError {
    const SHOWN: usize = 400;
    let value = shorten(&String::from_utf8_lossy(&raw[..raw.len().min(SHOWN)]));
    RowError { row, sku: None, column: None, value: Some(value), problem }
}

/// Gives out one JSON value as a row.
fn give(
    value: &Value,
    repairs: &Repairs,
    number: u64,
    mapper: &Mapper<'_>,
    output: &mut Output<'_>,
) -> Result<ControlFlow<()>, FeedProblem> {
    let kind = match value {
        Value::Object(_) => {
            let mut row = mapper.row(&JsonItem { number, value });
            let key = row.outcome.as_ref().ok().map(|product| &product.key.sku);
            if let Some(key) = key.filter(|key| csv::was_rounded(key)) {
                row.warnings.push(RowWarning {
                    row: number,
                    field: "sku".to_owned(),
                    column: None,
                    value: Some(key.clone()),
                    problem: FieldProblem::RoundedSku,
                });
            }
            row.warnings.extend(repairs.0.iter().map(|what| RowWarning {
                row: number,
                field: "item".to_owned(),
                column: None,
                value: None,
                problem: FieldProblem::Json(what),
            }));
            return output.give(row);
        }
        Value::Null => "null",
        Value::Bool(_) => "a truth value",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "an array",
    };
    output.reject(RowError {
        row: number,
        sku: None,
        column: None,
        value: None,
        problem: RowProblem::NotAnObject(kind),
    })
}
