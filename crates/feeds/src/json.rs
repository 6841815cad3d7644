//! JSON: one document with an array of products somewhere in it, or one object a line.
//!
//! The array is read element by element, so that a document of any size takes the memory of one element. A path is
//! dotted (`brand.name`); through an array it leads into every element, and a number picks one (`images.0`).

mod item;
mod lines;

use std::fmt;
use std::io::BufReader;
use std::ops::ControlFlow;

use serde::de::{self, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use crate::config::{Fields, JsonFormat};
use crate::mapper::{Mapper, Plan};
use crate::output::Output;
use crate::source::{Budget, Purse, Source};
use crate::{FeedProblem, RowError, RowProblem, encoding};
use item::JsonItem;
pub(crate) use lines::read as read_lines;

/// Reads the elements of the array that `format.records` points to.
pub(crate) fn read(
    source: &Source,
    format: &JsonFormat,
    fields: &Fields,
    output: &mut Output<'_>,
) -> Result<(), FeedProblem> {
    source.expect_text("JSON")?;
    let found = encoding::find(source, None)?;
    output.delivery.encoding = Some(found.encoding.name().to_owned());
    let pointer = format.records.clone().unwrap_or_default();
    let path = parse_pointer(&pointer)?;
    let limits = output.limits;
    let mapper = Mapper::new(Plan::for_paths(fields, &Fields::default())?, output)?;

    let (text, purse) = Budget::new(encoding::decode(source, found)?, limits.row_bytes);
    let mut rows = Rows { purse, mapper, output, number: 0, end: None, found: false };
    let mut document = serde_json::Deserializer::from_reader(BufReader::with_capacity(64 << 10, text));
    let walked = Walk { path: &path, rows: &mut rows }.start(&mut document);
    let finished = walked.and_then(|()| document.end());

    let Rows { number, end, found, .. } = rows;
    rows.output.delivery.unseen = rows.mapper.unseen();
    match (end, finished) {
        (Some(End::Stopped), _) => Ok(()),
        (Some(End::Problem(problem)), _) => Err(problem),
        (None, Err(error)) => Err(problem(error, number + 1, limits.row_bytes)),
        (None, Ok(())) if !found => Err(FeedProblem::NoRecords { pointer }),
        (None, Ok(())) => Ok(()),
    }
}

/// What is done with each element of the array.
struct Rows<'a, 'o> {
    purse: Purse,
    mapper: Mapper<'a>,
    output: &'a mut Output<'o>,
    number: u64,
    end: Option<End>,
    found: bool,
}

/// Why reading ends before the document does.
enum End {
    Stopped,
    Problem(FeedProblem),
}

impl Rows<'_, '_> {
    /// Gives out one element; an error where no further one is wanted.
    fn give<E: de::Error>(&mut self, value: &Value) -> Result<(), E> {
        self.purse.renew();
        self.number += 1;
        let given = give(value, self.number, &self.mapper, self.output);
        self.end = match given {
            Ok(ControlFlow::Continue(())) => return Ok(()),
            Ok(ControlFlow::Break(())) => Some(End::Stopped),
            Err(problem) => Some(End::Problem(problem)),
        };
        Err(E::custom("no further element is wanted"))
    }
}

/// Gives out one JSON value as a row.
fn give(
    value: &Value,
    number: u64,
    mapper: &Mapper<'_>,
    output: &mut Output<'_>,
) -> Result<ControlFlow<()>, FeedProblem> {
    let kind = match value {
        Value::Object(_) => return output.give(mapper.row(&JsonItem { number, value })),
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

/// Walks down to the array without keeping anything else.
struct Walk<'w, 'a, 'o> {
    path: &'w [String],
    rows: &'w mut Rows<'a, 'o>,
}

impl Walk<'_, '_, '_> {
    fn start<'de, D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        // What is walked over is not kept, so it may be as large as it likes.
        self.rows.purse.suspend();
        deserializer.deserialize_any(self)
    }
}

impl<'de> de::DeserializeSeed<'de> for Walk<'_, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON document")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            match self.path.split_first() {
                Some((first, rest)) if *first == key => {
                    map.next_value_seed(Walk { path: rest, rows: &mut *self.rows })?;
                }

                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        if let Some((first, rest)) = self.path.split_first() {
            let wanted: Option<usize> = first.parse().ok();
            let mut index = 0;
            loop {
                let next = if Some(index) == wanted {
                    seq.next_element_seed(Walk { path: rest, rows: &mut *self.rows })?.is_some()
                } else {
                    seq.next_element::<IgnoredAny>()?.is_some()
                };
                if !next {
                    return Ok(());
                }
                index += 1;
            }
        }
        self.rows.found = true;
        self.rows.purse.renew();
        while let Some(value) = seq.next_element::<Value>()? {
            self.rows.give(&value)?;
        }
        self.rows.purse.suspend();
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }
    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }
    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }
    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }
    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }
    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

/// RFC 6901: parts behind slashes, with `~1` for `/` and `~0` for `~`.
fn parse_pointer(pointer: &str) -> Result<Vec<String>, FeedProblem> {
    if pointer.is_empty() {
        return Ok(Vec::new());
    }
    let Some(parts) = pointer.strip_prefix('/') else {
        let reason =
            format!("{pointer:?} is no JSON pointer: it must begin with a slash, such as \"/products\"");
        return Err(FeedProblem::Setting { key: "records", reason });
    };
    Ok(parts.split('/').map(|part| part.replace("~1", "/").replace("~0", "~")).collect())
}

fn problem(error: serde_json::Error, row: u64, limit: u64) -> FeedProblem {
    let (line, column) = (error.line(), error.column());
    if error.is_io() {
        let source = std::io::Error::from(error);
        return match crate::source::is_over_budget(&source) {
            true => FeedProblem::RowTooLarge { row, limit },
            false => FeedProblem::Io { step: "read the file", source },
        };
    }
    FeedProblem::Json { line, column, reason: without_place(&error) }
}

/// The message without " at line 1 column 2", which is said in its own words.
fn without_place(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or_default().to_owned()
}
