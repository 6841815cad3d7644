//! Which encoding a delivery is in, and its text as a stream of UTF-8.
//!
//! A byte order mark decides. Without one the file is read once: if it is strict UTF-8 it is that, since hardly any
//! other text is by chance. Else its bytes beyond ASCII tell which single-byte encoding is likely, and each line is
//! read as what it is: files are put together from several sources.

mod guess;
mod lines;

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use encoding_rs_io::{DecodeReaderBytes, DecodeReaderBytesBuilder};

use crate::FeedProblem;
use crate::source::Source;
use guess::guess;
use lines::LineReader;
pub(crate) use lines::OtherLines;

/// An encoding and how it was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) encoding: &'static Encoding,
    /// The second best, where it was a guess.
    pub(crate) runner_up: Option<&'static Encoding>,
    /// What lines that are not UTF-8 are in, where each line is looked at by itself.
    single: Option<&'static Encoding>,
    /// Bytes of the byte order mark.
    mark: u64,
    /// Whether every byte was seen to be UTF-8.
    strict: bool,
}

impl Found {
    fn whole(encoding: &'static Encoding) -> Self {
        Self { encoding, runner_up: None, single: None, mark: 0, strict: false }
    }

    /// What the lines are in that are not in the delivery's encoding.
    pub(crate) fn other(&self) -> Option<&'static Encoding> {
        if self.encoding == UTF_8 { self.single } else { self.single.map(|_| UTF_8) }
    }
}

/// The encoding that the supplier's settings name, else the one that the bytes tell.
pub(crate) fn find(source: &Source, configured: Option<&str>) -> Result<Found, FeedProblem> {
    let mark = Encoding::for_bom(source.head());
    if let Some((encoding, length)) = mark
        && encoding != UTF_8
    {
        return Ok(Found { mark: length as u64, ..Found::whole(encoding) });
    }
    if let (Some(label), None) = (configured, mark) {
        let encoding = Encoding::for_label(label.as_bytes()).ok_or_else(|| FeedProblem::Setting {
            key: "encoding",
            reason: format!("{label:?} is no encoding such as \"utf-8\" or \"windows-1252\""),
        })?;
        return Ok(Found::whole(encoding));
    }
    if let Some(encoding) = utf16_without_mark(source.head()) {
        return Ok(Found::whole(encoding));
    }
    let (mark, marked) = (mark.map_or(0, |(_, length)| length as u64), mark.is_some());
    let survey = Survey::of(source)?;
    if survey.is_utf8(marked) {
        return Ok(Found { mark, strict: true, ..Found::whole(UTF_8) });
    }
    let mostly_utf8 = marked || survey.utf8 - survey.unlikely > survey.other;
    let (single, runner_up) = guess(source, mostly_utf8)?;
    Ok(match mostly_utf8 {
        true => Found { mark, single: Some(single), ..Found::whole(UTF_8) },
        false => Found { runner_up, single: Some(single), ..Found::whole(single) },
    })
}

/// As [`find`] for XML, whose declaration may name the encoding. UTF-8 that is strictly so is believed before it:
/// declarations are copied about.
pub(crate) fn find_in_xml(source: &Source) -> Result<Found, FeedProblem> {
    let found = find(source, None)?;
    let head = &source.head()[..source.head().len().min(200)];
    let head = String::from_utf8_lossy(head);
    let declaration = head.split_once("<?xml").and_then(|(_, rest)| rest.split_once("?>"));
    let label =
        declaration.and_then(|(inner, _)| inner.split_once("encoding=")).map(|(_, rest)| rest.trim_start());
    let label = label.and_then(|rest| rest.split(['"', '\'']).nth(1));
    let declared = label.and_then(|label| Encoding::for_label(label.as_bytes()));
    match declared {
        Some(encoding) if encoding.is_single_byte() && found.encoding.is_single_byte() => {
            Ok(Found { single: Some(encoding), ..Found::whole(encoding) })
        }
        _ => Ok(found),
    }
}

/// The delivery's text as UTF-8, without its byte order mark. Bytes that the encoding lacks become U+FFFD.
pub(crate) fn decode(source: &Source, found: Found) -> Result<Text, FeedProblem> {
    let mut reader = source.reader()?;
    io::copy(&mut reader.by_ref().take(found.mark), &mut io::sink())
        .map_err(FeedProblem::io("read the file"))?;
    let others = OtherLines::default();
    let inner = match found.single {
        Some(single) => {
            Inner::Lines(LineReader::new(reader, single, found.encoding == UTF_8, others.clone()))
        }
        None if found.strict => Inner::Plain(reader),
        None => Inner::Whole(Box::new(
            DecodeReaderBytesBuilder::new().encoding(Some(found.encoding)).bom_sniffing(false).build(reader),
        )),
    };
    Ok(Text { inner, others })
}

/// A delivery's text.
pub(crate) struct Text {
    inner: Inner,
    /// The lines that were not in the delivery's encoding.
    pub(crate) others: OtherLines,
}

enum Inner {
    Plain(BufReader<File>),
    Whole(Box<DecodeReaderBytes<BufReader<File>, Vec<u8>>>),
    Lines(LineReader<BufReader<File>>),
}

impl Read for Text {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match &mut self.inner {
            Inner::Plain(reader) => reader.read(buffer),
            Inner::Whole(reader) => reader.read(buffer),
            Inner::Lines(reader) => reader.read(buffer),
        }
    }
}

/// Text in a Western script has a zero in every second byte of its UTF-16.
fn utf16_without_mark(head: &[u8]) -> Option<&'static Encoding> {
    let sample = &head[..head.len().min(4096) & !1];
    let zeros = |offset: usize| sample.iter().skip(offset).step_by(2).filter(|b| **b == 0).count();
    let (even, odd, pairs) = (zeros(0), zeros(1), sample.len() / 2);
    match () {
        () if pairs >= 8 && odd * 10 > pairs * 8 && even * 10 < pairs => Some(UTF_16LE),
        () if pairs >= 8 && even * 10 > pairs * 8 && odd * 10 < pairs => Some(UTF_16BE),
        () => None,
    }
}

/// How much of a file is UTF-8.
#[derive(Debug, Default)]
struct Survey {
    /// Characters beyond ASCII that are.
    utf8: u64,
    /// Of those, such as text hardly has: they may as well be two letters of another encoding (`É®` is `ɮ`).
    unlikely: u64,
    /// Bytes that are not.
    other: u64,
}

impl Survey {
    fn of(source: &Source) -> Result<Self, FeedProblem> {
        /// So many bytes that are not UTF-8 tell enough.
        const ENOUGH: u64 = 10_000;
        let mut survey = Self::default();
        let mut reader = source.reader()?;
        // The bytes of a character that the last buffer cut in two.
        let mut carried = Vec::new();
        while survey.other < ENOUGH {
            let buffer = reader.fill_buf().map_err(FeedProblem::io("read the file"))?;
            if buffer.is_empty() {
                survey.other += carried.len() as u64;
                break;
            }
            let length = buffer.len();
            if !carried.is_empty() || !buffer.is_ascii() {
                carried.extend_from_slice(buffer);
                let whole = carried.len() - unfinished(&carried);
                survey.add(&carried[..whole]);
                carried.drain(..whole);
            }
            reader.consume(length);
        }
        Ok(survey)
    }

    fn add(&mut self, bytes: &[u8]) {
        const LOOKED_AT: u64 = 1_000;
        if self.utf8 > LOOKED_AT && std::str::from_utf8(bytes).is_ok() {
            self.utf8 += bytes.iter().filter(|byte| **byte >= 0xc0).count() as u64;
            return;
        }
        for chunk in bytes.utf8_chunks() {
            self.other += chunk.invalid().len() as u64;
            for c in chunk.valid().chars().filter(|c| !c.is_ascii()) {
                self.utf8 += 1;
                self.unlikely += u64::from(
                    matches!(c, '\u{80}'..='\u{9f}' | '\u{180}'..='\u{36f}' | '\u{500}'..='\u{8ff}'),
                );
            }
        }
    }

    fn is_utf8(&self, marked: bool) -> bool {
        const MANY: u64 = 20;
        self.other == 0 && (marked || self.unlikely < self.utf8 || self.utf8 == 0 || self.utf8 > MANY)
    }
}

/// How many bytes at the end begin a character of UTF-8 that may go on behind them.
fn unfinished(bytes: &[u8]) -> usize {
    const LONGEST: usize = 3;
    let tail = &bytes[bytes.len().saturating_sub(LONGEST)..];
    let Some(lead) = tail.iter().rposition(|byte| *byte >= 0xc0) else { return 0 };
    match std::str::from_utf8(&tail[lead..]) {
        Err(error) if error.error_len().is_none() && error.valid_up_to() == 0 => tail.len() - lead,
        _ => 0,
    }
}
