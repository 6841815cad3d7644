//! XML as a stream of items: what Google's format, BMEcat and XML by row path share.
//!
//! [`Xml::next`] walks to the next item and holds its elements, one item at a time, under caps on its bytes, depth and
//! number of parts. No document type is ever read beyond its name, no entity beyond XML's and HTML's own is expanded,
//! nothing is fetched.
//!
//! XML that is not well-formed costs the item it stands in and no other: reading goes on behind the fault, for the
//! article number's sake, up to the item's end, the next item's beginning or the end of what encloses both.

mod around;
mod give;
mod item;
mod path;
mod path_item;
mod read;
mod rows;
mod scan;
mod tree;
mod window;

use std::collections::BTreeSet;

use crate::source::Source;
use crate::{FeedProblem, Limits, encoding};
pub(crate) use around::Ancestor;
pub(crate) use give::{give, refused, row};
pub(crate) use read::read;
pub(crate) use rows::{Rows, likely_rows, root};
pub(crate) use scan::Slip;
use scan::{Scanner, Token};
use tree::Tree;
pub(crate) use tree::{Node, local};
use window::{Stop, Window};

/// An item as it was found.
pub(crate) struct Item<'x> {
    /// Counted from 1.
    pub(crate) number: u64,
    pub(crate) root: Node<'x>,
    /// What encloses it, outermost first.
    pub(crate) ancestors: &'x [Ancestor],
    /// Why it is not whole.
    pub(crate) fault: Option<&'x Fault>,
    /// Its parts were more than are kept.
    pub(crate) cut: bool,
    /// What was read as it is meant.
    pub(crate) slips: &'x [Slip],
}

/// Why an item is lost.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) first_line: u64,
    pub(crate) last_line: u64,
    /// What the reader stumbled on, and in which line.
    pub(crate) reason: String,
}

/// A walk over a document.
pub(crate) struct Xml<'l> {
    scanner: Scanner,
    rows: Rows,
    limits: &'l Limits,
    tree: Tree,
    /// Where the item at hand begins.
    start: usize,
    fault: Option<Fault>,
    cut: bool,
    ancestors: Vec<Ancestor>,
    /// Names of elements around the items, without prefix.
    seen: BTreeSet<String>,
    /// What is wrong with the document around its items.
    notes: Vec<String>,
    /// Why nothing follows the item that was given last.
    ending: Option<FeedProblem>,
    items: u64,
    roots: u64,
    root: Option<String>,
    /// How often an item's successor was found within it.
    rewound: u32,
    /// Bytes of comments and sections that were read again because they held items.
    reread: u64,
    /// Where the token at hand begins.
    before: usize,
    /// The element that was opened last is empty.
    closing: bool,
}

/// Items whose end is missing, and which may hold items, after which no item is thought to hold one.
const MOST_REWOUND: u32 = 1_000;

/// Bytes that may be read again in any document; a long one may be read again as a whole beside.
const MOST_REREAD: u64 = 8 << 20;

impl<'l> Xml<'l> {
    pub(crate) fn open(
        source: &Source,
        found: encoding::Found,
        limits: &'l Limits,
        rows: Rows,
    ) -> Result<Self, FeedProblem> {
        let window = Window::new(Box::new(encoding::decode(source, found)?), limits.row_bytes);
        Ok(Self {
            scanner: Scanner::new(window),
            rows,
            limits,
            tree: Tree::default(),
            start: 0,
            fault: None,
            cut: false,
            ancestors: Vec::new(),
            seen: BTreeSet::new(),
            notes: Vec::new(),
            ending: None,
            items: 0,
            roots: 0,
            root: None,
            rewound: 0,
            reread: 0,
            before: 0,
            closing: false,
        })
    }

    /// The next item; `None` at the document's end.
    pub(crate) fn next(&mut self) -> Result<Option<Item<'_>>, FeedProblem> {
        if let Some(problem) = self.ending.take() {
            return Err(problem);
        }
        if !self.walk()? {
            return Ok(None);
        }
        self.items += 1;
        let raw = self.scanner.window.slice(self.start, self.scanner.at);
        if raw.iter().fold(false, |found, byte| found | is_control(*byte)) {
            self.scanner.slip(Slip::Control);
        }
        // The decoder gives UTF-8 and nothing else.
        let raw = self.scanner.window.slice(self.start, self.scanner.at);
        let raw = std::str::from_utf8(raw).unwrap_or_default();
        self.tree.join(raw);
        Ok(Some(Item {
            number: self.items,
            root: self.tree.root(raw),
            ancestors: &self.ancestors,
            fault: self.fault.as_ref(),
            cut: self.cut,
            slips: &self.scanner.slips,
        }))
    }

    /// Whether an element of this name, without prefix, stood around the items so far.
    pub(crate) fn saw(&self, name: &str) -> bool {
        self.seen.contains(name)
    }

    /// The name of the first root element, without prefix.
    pub(crate) fn root(&self) -> Option<&str> {
        self.root.as_deref()
    }

    /// What is wrong with the document around its items, each with its line.
    pub(crate) fn notes(&mut self) -> Vec<String> {
        std::mem::take(&mut self.notes)
    }

    /// Walks into the next element where none is a row. Returns how deep it stands.
    fn surrounding(&mut self) -> Result<Option<usize>, FeedProblem> {
        if std::mem::take(&mut self.closing) {
            self.pop();
        }
        loop {
            self.scanner.at = self.scanner.window.discard(self.scanner.at);
            self.start = self.scanner.at;
            match self.token()? {
                Token::Open { name, empty } => {
                    self.enter(name, false)?;
                    self.closing = empty;
                    return Ok(Some(self.ancestors.len()));
                }
                Token::Close { name } => drop(self.leave(name)),
                Token::End => return Ok(None),
                _ => {}
            }
        }
    }

    /// Walks to the end of the next item; false at the document's end.
    fn walk(&mut self) -> Result<bool, FeedProblem> {
        loop {
            self.scanner.at = self.scanner.window.discard(self.scanner.at);
            self.start = self.scanner.at;
            let token = self.token()?;
            match token {
                Token::Open { name, empty } => {
                    if self.opens_row(name) {
                        return self.item(name, empty, None).map(|()| true);
                    }
                    self.enter(name, empty)?;
                }
                Token::Close { name } => {
                    if self.leave(name) {
                        return Ok(true);
                    }
                }
                Token::Text(span) => self.surrounding_text(span, true),
                Token::CData(span) => self.surrounding_text(span, false),
                Token::Comment(span) => {
                    if let Some(reason) = self.swallows(span, b"<!--", "a comment <!-- … -->") {
                        self.note(self.start, &reason);
                    }
                }
                Token::Bad { name: Some(name), reason } if self.opens_row(name) => {
                    return self.item(name, false, Some(reason)).map(|()| true);
                }
                Token::Bad { reason, .. } => self.note(self.start, &reason),
                Token::Instruction => {}
                Token::Doctype { declares } => self.doctype(declares)?,
                Token::End => return self.end().map(|()| false),
            }
        }
    }

    fn end(&mut self) -> Result<(), FeedProblem> {
        match self.ancestors.last() {
            Some(open) => {
                let reason = format!("the document ends within <{}> of line {}", open.name, open.line);
                let at = self.scanner.at;
                Err(FeedProblem::Xml { line: self.line(at), reason })
            }
            None => Ok(()),
        }
    }

    fn token(&mut self) -> Result<Token, FeedProblem> {
        self.scanner.token().map_err(|stop| self.problem(stop))
    }

    fn problem(&mut self, stop: Stop) -> FeedProblem {
        match stop {
            Stop::Io(source) => FeedProblem::Io { step: "read the file", source },
            Stop::Full => FeedProblem::RowTooLarge { row: self.items + 1, limit: self.limits.row_bytes },
            Stop::Hopeless => {
                let at = self.scanner.at;
                let reason = "too many comments or sections without end".to_owned();
                FeedProblem::Xml { line: self.line(at), reason }
            }
        }
    }

    /// The name of a document type and its address are harmless: neither is followed.
    fn doctype(&mut self, declares: bool) -> Result<(), FeedProblem> {
        let at = self.scanner.at;
        if declares { Err(FeedProblem::Doctype { line: self.line(at) }) } else { Ok(()) }
    }

    /// Whether a comment or section that was found closed took items with it, because its own end is missing.
    ///
    /// It is read again for their sake, unless so much was that only openers within openers can be the cause: then what
    /// it holds is lost with it.
    fn swallows(&mut self, span: scan::Span, begin: &[u8], what: &str) -> Option<String> {
        let held = self.scanner.slice(span);
        if memchr::memmem::find(held, begin).is_none() || !self.rows.is_mentioned_in(held) {
            return None;
        }
        let most = MOST_REREAD + 2 * self.scanner.window.read();
        if self.reread > most {
            return Some(format!("{what} is not closed, and what stands up to the next end is lost with it"));
        }
        self.reread += held.len() as u64;
        match self.scanner.unclosed(span.start, what) {
            Token::Bad { reason, .. } => Some(reason),
            _ => None,
        }
    }

    fn opens_row(&self, name: scan::Span) -> bool {
        let name = self.scanner.slice(name);
        self.rows.opens(name, &self.ancestors)
    }

    fn line(&mut self, at: usize) -> u64 {
        self.scanner.window.line(at)
    }
}

/// Characters that XML allows nowhere; NUL is told of where it stands.
fn is_control(byte: u8) -> bool {
    (byte < 0x20) & (byte != 0) & (byte != b'\t') & (byte != b'\n') & (byte != b'\r')
}
