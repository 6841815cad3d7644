//! Where the cells and records of delimited text end.
//!
//! A record is looked at before it is taken: where its quotes turn out to be wrong, its first line can be taken alone
//! and the lines behind it are scanned anew. A line ends with LF, CR LF or CR, whichever comes.

use std::io::{self, Read};

use memchr::{memchr, memchr_iter, memchr3, memrchr2};

use super::quotes::Quotes;
use super::record::Record;
use crate::source::OverBudget;

const CHUNK: usize = 64 << 10;

/// Records of `reader`, which gives UTF-8.
pub(super) struct Scanner<R> {
    reader: R,
    delimiter: u8,
    quotes: Quotes,
    caps: Caps,
    buffer: Vec<u8>,
    start: usize,
    taken: u64,
    /// Whether the reader is at its end.
    drained: bool,
    /// The line at `start`, counted from 1.
    line: u64,
}

/// How much may be held.
#[derive(Debug, Clone, Copy)]
pub(super) struct Caps {
    /// Bytes of one record.
    pub(super) record: u64,
    /// A quoted cell that runs over lines ends within so many bytes, or its quote is not closed.
    pub(super) reach: usize,
}

/// What one look along a line or a quoted cell found.
enum Step {
    Cell,
    Line,
    End,
}

impl<R: Read> Scanner<R> {
    pub(super) fn new(reader: R, delimiter: u8, quotes: Quotes, caps: Caps) -> Self {
        Self {
            reader,
            delimiter,
            quotes,
            caps,
            buffer: Vec::new(),
            start: 0,
            taken: 0,
            drained: false,
            line: 1,
        }
    }

    /// Scans the record that begins here, without taking it; false at the end of the text.
    pub(super) fn scan(&mut self, record: &mut Record) -> io::Result<bool> {
        self.scan_with(record, self.quotes, self.caps.reach)
    }

    /// As [`Self::scan`], with no quoted cell longer than `reach` where it runs over lines.
    pub(super) fn scan_within(&mut self, record: &mut Record, reach: usize) -> io::Result<bool> {
        self.scan_with(record, self.quotes, reach.min(self.caps.reach))
    }

    /// Scans the line that begins here as a record in which quotes mean nothing.
    pub(super) fn scan_line(&mut self, record: &mut Record) -> io::Result<bool> {
        self.scan_with(record, Quotes::None, self.caps.reach)
    }

    /// Takes so many lines, blank ones not counted; false where there are not as many.
    pub(super) fn skip_lines(&mut self, record: &mut Record, mut lines: u64) -> io::Result<bool> {
        while lines > 0 {
            if !self.scan_line(record)? {
                return Ok(false);
            }
            lines -= u64::from(!record.is_empty_line());
            self.take(record);
        }
        Ok(true)
    }

    /// Goes behind the record that was scanned last.
    pub(super) fn take(&mut self, record: &Record) {
        self.skip(record.length, record.lines);
    }

    /// Goes behind the first line of the record that was scanned last.
    pub(super) fn take_line(&mut self, record: &Record) {
        self.skip(record.first, 1);
    }

    /// Goes on so many bytes and lines.
    pub(super) fn skip(&mut self, bytes: usize, lines: u64) {
        self.start += bytes;
        self.taken += bytes as u64;
        self.line += lines;
    }

    /// The bytes before what is at hand.
    pub(super) fn taken(&self) -> u64 {
        self.taken
    }

    /// The line at hand.
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    /// The record that was scanned last, and not taken yet, as it stands in the text.
    pub(super) fn text_of(&self, record: &Record) -> &str {
        std::str::from_utf8(&self.buffer[self.start..self.start + record.length]).unwrap_or_default()
    }

    /// The whole lines that follow, up to `most` bytes, and whether that is all there is.
    pub(super) fn ahead(&mut self, most: usize) -> io::Result<(&str, bool)> {
        while !self.drained && self.buffer.len() - self.start <= most {
            self.fill()?;
        }
        let rest = &self.buffer[self.start..];
        let all = rest.len() <= most;
        let rest = &rest[..rest.len().min(most)];
        let whole = if all { rest.len() } else { last_line_end(rest) };
        Ok((std::str::from_utf8(&rest[..whole]).unwrap_or_default(), all))
    }

    fn scan_with(&mut self, record: &mut Record, quotes: Quotes, reach: usize) -> io::Result<bool> {
        let mut text = std::mem::take(&mut record.text).into_bytes();
        text.clear();
        let mut cells = std::mem::take(&mut record.cells);
        cells.clear();
        let mut quoted = std::mem::take(&mut record.quoted);
        quoted.clear();
        *record = Record { quoted, line: self.line, lines: 1, ..Record::default() };
        if self.peek(0)?.is_none() {
            return Ok(false);
        }
        let mut at = 0;
        loop {
            let from = text.len();
            let step = self.cell(&mut at, &mut text, record, cells.len(), quotes, reach)?;
            cells.push((from, text.len()));
            match step {
                Step::Cell => {}
                Step::Line => {
                    record.terminated = true;
                    break;
                }
                Step::End => break,
            }
        }
        record.length = at;
        if record.first == 0 {
            record.first = at;
        }
        record.text = String::from_utf8(text).map_err(io::Error::other)?;
        record.cells = cells;
        Ok(true)
    }

    /// Reads one cell from `at` on, and what ends it.
    fn cell(
        &mut self,
        at: &mut usize,
        text: &mut Vec<u8>,
        record: &mut Record,
        index: usize,
        quotes: Quotes,
        reach: usize,
    ) -> io::Result<Step> {
        let Some(mark) = quotes.mark() else { return self.plain(at, text, record, None) };
        let begun = *at;
        let mut open = begun;
        // Blanks before a quote belong to the dialect, not to the cell.
        while self.peek(open)? == Some(b' ') {
            open += 1;
        }
        if self.peek(open)? != Some(mark) {
            return self.plain(at, text, record, Some(mark));
        }
        *at = open + 1;
        record.quoted.push(index);
        // Up to here quotes are known to be text.
        let mut text_until = 0;
        loop {
            let Some(byte) = self.peek(*at)? else {
                record.open = true;
                return Ok(Step::End);
            };
            *at += 1;
            match byte {
                b'\\' if quotes == Quotes::Backslash => match self.peek(*at)? {
                    Some(next) if next == mark || next == b'\\' => {
                        text.push(next);
                        *at += 1;
                    }
                    _ => text.push(b'\\'),
                },
                _ if byte == mark => {
                    if self.peek(*at)? == Some(mark) {
                        text.push(mark);
                        *at += 1;
                    } else if let Some(step) = self.closed(at)? {
                        return Ok(step);
                    } else {
                        record.stray.get_or_insert(index);
                        if *at >= text_until {
                            match self.text_until(*at, mark)? {
                                Some(end) => text_until = end,
                                None => return self.plain(at, text, record, None),
                            }
                        }
                        text.push(mark);
                    }
                }
                b'\n' | b'\r' => {
                    text.push(byte);
                    if byte == b'\r' && self.peek(*at)? == Some(b'\n') {
                        text.push(b'\n');
                        *at += 1;
                    }
                    if record.first == 0 {
                        record.first = *at;
                    }
                    if *at - begun > reach {
                        record.open = true;
                        return Ok(Step::End);
                    }
                    record.lines += 1;
                }
                _ => {
                    *at -= 1;
                    self.run(at, text, mark, quotes == Quotes::Backslash);
                }
            }
            if record.lines > 1 && *at - begun > reach {
                record.open = true;
                return Ok(Step::End);
            }
        }
    }

    /// Copies what means nothing within a quoted cell.
    fn run(&mut self, at: &mut usize, text: &mut Vec<u8>, mark: u8, backslash: bool) {
        let rest = &self.buffer[self.start + *at..];
        let end = memchr3(mark, b'\n', b'\r', rest).unwrap_or(rest.len());
        let end = if backslash { memchr(b'\\', &rest[..end]).unwrap_or(end) } else { end };
        // What stands here means nothing, although it may be such a byte.
        let end = end.max(1);
        text.extend_from_slice(&rest[..end]);
        *at += end;
    }

    /// What ends the cell behind a closing quote; `None` where the quote closes nothing.
    fn closed(&mut self, at: &mut usize) -> io::Result<Option<Step>> {
        let mut behind = *at;
        while self.delimiter != b' ' && self.peek(behind)? == Some(b' ') {
            behind += 1;
        }
        let step = match self.peek(behind)? {
            None => Step::End,
            Some(byte) if byte == self.delimiter => {
                behind += 1;
                Step::Cell
            }
            Some(b'\n') => {
                behind += 1;
                Step::Line
            }
            Some(b'\r') => {
                behind += 1 + usize::from(self.peek(behind + 1)? == Some(b'\n'));
                Step::Line
            }
            Some(_) => return Ok(None),
        };
        *at = behind;
        Ok(Some(step))
    }

    /// How far the quotes behind a quote before `at` are text: to one in the same line that closes, or over its end.
    /// `None` where the quote before `at` closes itself, although text follows it: `"5 mm" long;12`.
    fn text_until(&mut self, at: usize, mark: u8) -> io::Result<Option<usize>> {
        const FAR: usize = 4 << 10;
        let mut delimited = false;
        for at in at..at + FAR {
            match self.peek(at)? {
                None | Some(b'\n' | b'\r') => return Ok((!delimited).then_some(at)),
                Some(byte) if byte == mark && self.closed(&mut (at + 1))?.is_some() => return Ok(Some(at)),
                Some(byte) => delimited |= byte == self.delimiter,
            }
        }
        Ok(Some(at + FAR))
    }

    /// A cell without quotes.
    fn plain(
        &mut self,
        at: &mut usize,
        text: &mut Vec<u8>,
        record: &mut Record,
        mark: Option<u8>,
    ) -> io::Result<Step> {
        let from = text.len();
        loop {
            if self.peek(*at)?.is_none() {
                return Ok(Step::End);
            }
            let rest = &self.buffer[self.start + *at..];
            let Some(end) = memchr3(self.delimiter, b'\n', b'\r', rest) else {
                text.extend_from_slice(rest);
                *at += rest.len();
                continue;
            };
            let ending = rest[end];
            text.extend_from_slice(&rest[..end]);
            *at += end + 1;
            record.bare |= mark.is_some_and(|mark| text[from..].trim_ascii_end().last() == Some(&mark));
            return Ok(match ending {
                b'\r' => {
                    *at += usize::from(self.peek(*at)? == Some(b'\n'));
                    Step::Line
                }
                b'\n' => Step::Line,
                _ => Step::Cell,
            });
        }
    }

    /// The byte at an offset from the record's beginning.
    fn peek(&mut self, at: usize) -> io::Result<Option<u8>> {
        while self.start + at >= self.buffer.len() {
            if self.drained {
                return Ok(None);
            }
            self.fill()?;
        }
        Ok(Some(self.buffer[self.start + at]))
    }

    fn fill(&mut self) -> io::Result<()> {
        if (self.buffer.len() - self.start) as u64 > self.caps.record {
            return Err(io::Error::other(OverBudget));
        }
        if self.start > 0 {
            self.buffer.drain(..self.start);
            self.start = 0;
        }
        let filled = self.buffer.len();
        self.buffer.resize(filled + CHUNK, 0);
        let read = loop {
            match self.reader.read(&mut self.buffer[filled..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other,
            }
        };
        self.buffer.truncate(filled + *read.as_ref().unwrap_or(&0));
        self.drained = read? == 0;
        Ok(())
    }
}

/// The place behind the last line end.
fn last_line_end(text: &[u8]) -> usize {
    memrchr2(b'\n', b'\r', text).map_or(0, |at| at + 1)
}

/// The lines of `text` without their ends, blank ones left out.
pub(super) fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.split(['\n', '\r']).filter(|line| !line.is_empty())
}

/// How many cells a line has where quotes mean nothing.
pub(super) fn cells_of_line(line: &str, delimiter: u8) -> usize {
    memchr_iter(delimiter, line.as_bytes()).count() + 1
}
