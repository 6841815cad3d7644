//! A delivery's bytes: opened, unpacked, recognised by their first bytes.
//!
//! Every format needs a look ahead or a second pass (encoding, header, BMEcat's category map), so a packed file is
//! unpacked to an unnamed temporary file first. That also finds a cut-off download before its first row is used.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use crate::{FeedProblem, Limits, packing};

const HEAD: usize = 64 << 10;

/// A delivery that is not packed, or not any more.
pub(crate) struct Source {
    file: File,
    head: Vec<u8>,
}

impl Source {
    /// Opens `path`, unpacking it whatever its name; `member` names the file within an archive of several.
    pub(crate) fn open(path: &Path, member: Option<&str>, limits: &Limits) -> Result<Self, FeedProblem> {
        let file = File::open(path).map_err(FeedProblem::io("open the file"))?;
        let mut file = packing::unpacked(file, member, limits)?;
        let length = file.metadata().map_err(FeedProblem::io("read the file's size"))?.len();
        if length > limits.unpacked_bytes {
            return Err(FeedProblem::TooLarge { limit: limits.unpacked_bytes });
        }
        rewind(&mut file)?;
        let mut head = Vec::new();
        (&mut file).take(HEAD as u64).read_to_end(&mut head).map_err(FeedProblem::io("read the file"))?;
        let blank = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&head).iter().all(u8::is_ascii_whitespace);
        if blank && head.len() < HEAD {
            return Err(FeedProblem::Empty);
        }
        Ok(Self { file, head })
    }

    /// The first 64 kB.
    pub(crate) fn head(&self) -> &[u8] {
        &self.head
    }

    /// A reader from the first byte on. Only one is in use at a time: they share the file's position.
    pub(crate) fn reader(&self) -> Result<BufReader<File>, FeedProblem> {
        let mut file = self.file.try_clone().map_err(FeedProblem::io("open the file once more"))?;
        rewind(&mut file)?;
        Ok(BufReader::with_capacity(HEAD, file))
    }

    /// Refuses what is clearly another kind of file.
    pub(crate) fn expect_text(&self, expected: &'static str) -> Result<(), FeedProblem> {
        match recognise(&self.head) {
            Some(found) => Err(FeedProblem::WrongContent { expected, found }),
            None => Ok(()),
        }
    }
}

fn rewind(file: &mut File) -> Result<(), FeedProblem> {
    file.seek(SeekFrom::Start(0)).map(drop).map_err(FeedProblem::io("go back to the file's beginning"))
}

/// What a file is by its first bytes, where it is surely no text with rows in it.
fn recognise(head: &[u8]) -> Option<String> {
    let named: [(&[u8], &str); 6] = [
        (b"PK\x03\x04", "a workbook (.xlsx, .ods) or another document"),
        (b"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls)"),
        (b"%PDF", "a PDF document"),
        (b"\xfd7zXZ\0", "an xz archive"),
        (b"7z\xbc\xaf", "a 7z archive"),
        (b"Rar!", "a rar archive"),
    ];
    if let Some((_, name)) = named.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Some((*name).to_owned());
    }
    web_page(&String::from_utf8_lossy(&head[..head.len().min(16 << 10)]))
}

/// A page for people, such as the login form that a supplier's server sends where the session has ended.
fn web_page(text: &str) -> Option<String> {
    // Lower case of ASCII keeps every place in the text.
    let lower = text.to_ascii_lowercase();
    let start = lower.trim_start_matches('\u{feff}').trim_start();
    let start = match start.strip_prefix("<?xml").and_then(|rest| rest.split_once('>')) {
        Some((_, rest)) => behind_comments(rest.trim_start()),
        None => behind_comments(start),
    };
    if !["<!doctype html", "<html", "<head", "<body"].iter().any(|tag| start.starts_with(tag)) {
        return None;
    }
    let title = lower.find("<title>").map(|at| at + "<title>".len());
    let title =
        title.and_then(|from| lower[from..].find("</title>").map(|length| &text[from..from + length]));
    Some(match title {
        Some(title) => format!("a web page titled {:?}", crate::row::shorten(title.trim())),
        None => "a web page".to_owned(),
    })
}

/// The text without the comments that it begins with, such as a server's licence or the conditions for old browsers.
fn behind_comments(mut text: &str) -> &str {
    while let Some((_, rest)) = text.strip_prefix("<!--").and_then(|rest| rest.split_once("-->")) {
        text = rest.trim_start();
    }
    text
}

/// Counts what is read since the last [`Budget::renew`], so that one row cannot fill the memory.
pub(crate) struct Budget<R> {
    inner: R,
    spent: std::rc::Rc<std::cell::Cell<u64>>,
    limit: u64,
}

/// Renews the budget of the reader it belongs to.
pub(crate) struct Purse(std::rc::Rc<std::cell::Cell<u64>>);

/// The error inside the `io::Error` of a reader that is out of budget.
#[derive(Debug, thiserror::Error)]
#[error("the row is larger than allowed")]
pub(crate) struct OverBudget;

impl<R> Budget<R> {
    pub(crate) fn new(inner: R, limit: u64) -> (Self, Purse) {
        let spent = std::rc::Rc::new(std::cell::Cell::new(0));
        (Self { inner, spent: spent.clone(), limit }, Purse(spent))
    }
}

impl Purse {
    /// A row has ended: the next may be as large again.
    pub(crate) fn renew(&self) {
        self.0.set(0);
    }
}

impl<R: Read> Read for Budget<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let spent = self.spent.get();
        if spent > self.limit {
            return Err(io::Error::other(OverBudget));
        }
        let read = self.inner.read(buffer)?;
        self.spent.set(spent + read as u64);
        Ok(read)
    }
}

/// Whether an error is a reader's that ran out of budget.
pub(crate) fn is_over_budget(error: &io::Error) -> bool {
    error.get_ref().is_some_and(|inner| inner.is::<OverBudget>())
}
