//! One part of a workbook as a stream of XML events, under caps.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufReader, Read};

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use zip::read::ZipFile;

use crate::source::{Budget, Purse, is_over_budget};
use crate::{FeedProblem, Limits, text};

/// The bytes of a part, unpacked as they are read.
pub(super) type Unpacked<'a> = ZipFile<'a, BufReader<File>>;

/// What is read of a part.
pub(super) enum Step<'e> {
    /// An element's beginning. One that is closed at once is followed by its [`Step::Close`] all the same.
    Open(BytesStart<'e>),
    /// An element's end, by its local name.
    Close(String),
    /// Text, with references resolved.
    Text(Cow<'e, str>),
    End,
}

pub(super) struct Part<'a> {
    reader: Reader<BufReader<Budget<Capped<Unpacked<'a>>>>>,
    purse: Purse,
    buffer: Vec<u8>,
    depth: usize,
    caps: Caps,
    /// The row that is being read, for errors that name one.
    pub(super) row: u64,
}

/// What a part may cost.
#[derive(Clone, Copy)]
struct Caps {
    part_bytes: u64,
    row_bytes: u64,
    depth: usize,
}

impl<'a> Part<'a> {
    /// `most` is the cap on the part as a whole.
    pub(super) fn new(unpacked: Unpacked<'a>, most: u64, limits: &Limits) -> Self {
        let capped = Capped { inner: unpacked, left: most };
        let (text, purse) = Budget::new(capped, limits.row_bytes);
        let mut reader = Reader::from_reader(BufReader::with_capacity(64 << 10, text));
        reader.config_mut().check_end_names = true;
        reader.config_mut().expand_empty_elements = true;
        let caps = Caps { part_bytes: most, row_bytes: limits.row_bytes, depth: limits.depth };
        Self { reader, purse, buffer: Vec::new(), depth: 0, caps, row: 0 }
    }

    /// What comes next may be as large again as one row may be.
    pub(super) fn renew(&self) {
        self.purse.renew();
    }

    pub(super) fn next(&mut self) -> Result<Step<'_>, FeedProblem> {
        let Self { reader, buffer, depth, caps, row, .. } = self;
        buffer.clear();
        let event = reader.read_event_into(buffer).map_err(|error| problem(&error, *row, *caps))?;
        match event {
            Event::Start(start) | Event::Empty(start) => {
                *depth += 1;
                if *depth > caps.depth {
                    return Err(damaged(format!("its elements nest deeper than {}", caps.depth)));
                }
                Ok(Step::Open(start))
            }
            Event::End(end) => {
                *depth -= 1;
                Ok(Step::Close(end.local_name().into_inner().to_owned()))
            }
            Event::Text(text) => Ok(Step::Text(text.into_inner())),
            Event::CData(text) => Ok(Step::Text(text.into_inner())),
            Event::GeneralRef(reference) => match resolved(&reference) {
                Some(text) => Ok(Step::Text(text)),
                None => Err(damaged(format!("the entity {:?} is not defined", &*reference))),
            },
            Event::DocType(_) => {
                Err(damaged("it declares a document type, which no workbook has".to_owned()))
            }
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => Ok(Step::Text(Cow::Borrowed(""))),
            Event::Eof if *depth > 0 => Err(damaged("one of its parts ends within an element".to_owned())),
            Event::Eof => Ok(Step::End),
        }
    }
}

/// An attribute by its local name.
pub(super) fn attribute(start: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = start.attributes();
    let found = attributes.with_checks(false).flatten().find(|a| a.key.local_name().into_inner() == name)?;
    Some(text::unescape(&found.value).into_owned())
}

/// An attribute that is true or false; false where absent.
pub(super) fn is_set(start: &BytesStart<'_>, name: &str) -> bool {
    attribute(start, name).is_some_and(|value| matches!(value.trim(), "1" | "true" | "on"))
}

pub(super) fn damaged(reason: impl Into<String>) -> FeedProblem {
    FeedProblem::Workbook { reason: reason.into() }
}

fn resolved(reference: &BytesRef<'_>) -> Option<Cow<'static, str>> {
    match reference.resolve_char_ref().ok()? {
        Some(character) => Some(Cow::Owned(character.to_string())),
        None => resolve_predefined_entity(reference).map(Cow::Borrowed),
    }
}

fn problem(error: &quick_xml::Error, row: u64, caps: Caps) -> FeedProblem {
    match error {
        quick_xml::Error::Io(io) if is_over_budget(io) => {
            FeedProblem::RowTooLarge { row, limit: caps.row_bytes }
        }
        quick_xml::Error::Io(io) if io.get_ref().is_some_and(|inner| inner.is::<OverCap>()) => {
            FeedProblem::TooLarge { limit: caps.part_bytes }
        }
        other => damaged(crate::row::shorten_to(&other.to_string(), 200)),
    }
}

/// Counts what is unpacked.
struct Capped<R> {
    inner: R,
    left: u64,
}

/// The error inside the `io::Error` of a part over its cap.
#[derive(Debug, thiserror::Error)]
#[error("the part is larger than allowed")]
struct OverCap;

impl<R: Read> Read for Capped<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.left = self.left.checked_sub(read as u64).ok_or_else(|| io::Error::other(OverCap))?;
        Ok(read)
    }
}
