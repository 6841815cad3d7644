//! One item: its elements up to its end, or up to where it must be given up.

use super::scan::{Slip, Span, Token};
use super::window::Stop;
use super::{Fault, Xml};
use crate::FeedProblem;

/// More parts than any product has.
const MOST_PARTS: usize = 50_000;

/// Elements of HTML that hold nothing and that HTML does not close.
const VOID: [&str; 6] = ["br", "hr", "img", "wbr", "input", "col"];

/// Where an item ends.
enum End {
    /// Behind the token just read.
    Here,
    /// Before it.
    Before,
    /// Where an item within it was met that turned out to be its successor.
    At(usize),
    /// With the document.
    Document,
}

/// An element that is open within an item.
struct Open {
    node: usize,
    name: Span,
}

impl Xml<'_> {
    /// Reads the item whose opening tag was just read, into the tree.
    pub(super) fn item(
        &mut self,
        name: Span,
        empty: bool,
        broken: Option<String>,
    ) -> Result<(), FeedProblem> {
        self.tree.clear();
        self.fault = None;
        self.cut = false;
        if broken.is_none() {
            self.scanner.slips.clear();
        }
        if let Some(reason) = broken {
            self.scanner.slips.clear();
            self.scanner.attributes.clear();
            self.fault(self.start, &reason);
        }
        let mut open = Vec::with_capacity(16);
        self.push(name, &mut open);
        let end = if empty { End::Here } else { self.content(&mut open)? };
        if !matches!(end, End::Here) && self.fault.is_none() {
            let reason = format!("<{}> is not closed", self.scanner.shown(name));
            self.fault(self.start, &reason);
        }
        let inner_end = self.token_start(&end);
        while let Some(closed) = open.pop() {
            self.tree.close(closed.node, inner_end.max(self.start) - self.start);
        }
        match end {
            End::Here => {}
            End::Before => self.scanner.at = inner_end,
            End::At(at) => self.scanner.at = at,
            End::Document => {
                let at = self.scanner.at;
                let reason = "the document ends within an item".to_owned();
                self.ending = Some(FeedProblem::Xml { line: self.line(at), reason });
            }
        }
        let at = self.scanner.at;
        let last_line = if self.fault.is_some() { self.line(at) } else { 0 };
        if let Some(fault) = &mut self.fault {
            fault.last_line = last_line;
        }
        Ok(())
    }

    fn token_start(&self, end: &End) -> usize {
        match end {
            End::At(at) => *at,
            End::Before => self.before,
            End::Here | End::Document => self.scanner.at,
        }
    }

    /// Reads what stands in the elements of `open` until the first of them is closed.
    fn content(&mut self, open: &mut Vec<Open>) -> Result<End, FeedProblem> {
        // Where the first row within this one begins: if this one's end is not found, it was its neighbour.
        let mut nested = None;
        // Elements open below the deepest that is kept.
        let mut beyond = 0_usize;
        loop {
            let start = self.scanner.at;
            self.before = start;
            let token = match self.scanner.token() {
                Ok(token) => token,
                Err(Stop::Full) if nested.is_some() => return Ok(self.rewind(nested)),
                Err(stop) => return Err(self.problem(stop)),
            };
            match token {
                Token::Open { name, empty } => {
                    if self.is_row_within(name) {
                        if self.ends_before(open) {
                            return Ok(End::Before);
                        }
                        nested = nested.or(Some(start));
                    }
                    let depth = self.ancestors.len() + open.len() + beyond + 1;
                    if depth > self.limits.depth {
                        if nested.is_some() {
                            return Ok(self.rewind(nested));
                        }
                        let reason = format!("elements nest deeper than {}", self.limits.depth);
                        self.fault(start, &reason);
                        beyond += usize::from(!empty);
                        continue;
                    }
                    self.push(name, open);
                    if empty {
                        self.close_last(open, self.scanner.at);
                    }
                }
                // What is not kept is closed unseen. No row stands in it, so that a row's end is this one's.
                Token::Close { name } if beyond > 0 && !self.is_row_within(name) => beyond -= 1,
                Token::Close { name } => match self.close(name, open, start) {
                    Some(End::Before) if nested.is_some() => return Ok(self.rewind(nested)),
                    Some(end) => return Ok(end),
                    None => {}
                },
                // Text up to the document's end may be cut off.
                Token::Text(span) if beyond == 0 && self.scanner.window.end() != Some(span.end) => {
                    self.text(open, span, true);
                }
                Token::Text(_) | Token::Instruction => {}
                Token::CData(span) => match self.swallows(span, b"<![CDATA[", "a section <![CDATA[ … ]]>") {
                    Some(reason) => self.fault(start, &reason),
                    None if beyond == 0 => self.text(open, span, false),
                    None => {}
                },
                Token::Comment(span) => {
                    if let Some(reason) = self.swallows(span, b"<!--", "a comment <!-- … -->") {
                        self.fault(start, &reason);
                    }
                }
                Token::Bad { name: Some(name), .. } if self.is_row_within(name) && self.ends_before(open) => {
                    return Ok(End::Before);
                }
                Token::Bad { reason, .. } => self.fault(start, &reason),
                Token::Doctype { declares } => self.doctype(declares)?,
                Token::End if nested.is_some() => return Ok(self.rewind(nested)),
                Token::End => return Ok(End::Document),
            }
        }
    }

    /// Whether a row's opening tag within this row is the next row's: always where rows hold no rows, and where it
    /// stands directly in the row.
    fn ends_before(&self, open: &[Open]) -> bool {
        !self.rows.may_nest() || open.len() == 1 || self.rewound > super::MOST_REWOUND
    }

    fn rewind(&mut self, nested: Option<usize>) -> End {
        self.rewound += 1;
        nested.map_or(End::Document, End::At)
    }

    /// Closes the element of this name with all that is open in it.
    fn close(&mut self, name: Span, open: &mut Vec<Open>, start: usize) -> Option<End> {
        let closes = |open: &Open| self.scanner.slice(open.name) == self.scanner.slice(name);
        let Some(found) = open.iter().rposition(closes) else {
            let closed = self.scanner.slice(name);
            if self.ancestors.iter().any(|ancestor| ancestor.name.as_bytes() == closed) {
                return Some(End::Before);
            }
            let reason = format!("</{}> closes nothing", self.scanner.shown(name));
            self.fault(start, &reason);
            // Most likely a misspelt name: what stands behind it is no part of the element before it.
            if open.len() > 1 {
                self.close_last(open, start);
            }
            return None;
        };
        let unclosed = open.get(found + 1..).unwrap_or_default();
        let is_void = |open: &Open| {
            let name = self.scanner.slice(open.name);
            VOID.iter().any(|void| name.eq_ignore_ascii_case(void.as_bytes()))
        };
        if let Some(first) = unclosed.iter().find(|open| !is_void(open)) {
            let reason =
                format!("<{}> is closed by </{}>", self.scanner.shown(first.name), self.scanner.shown(name));
            self.fault(start, &reason);
        } else if !unclosed.is_empty() {
            self.scanner.slip(Slip::Unclosed);
        }
        while open.len() > found {
            self.close_last(open, start);
        }
        open.is_empty().then_some(End::Here)
    }

    fn push(&mut self, name: Span, open: &mut Vec<Open>) {
        if self.tree.len() > MOST_PARTS {
            self.cut = true;
            open.push(Open { node: usize::MAX, name });
            return;
        }
        self.cut |= self.scanner.crowded;
        let node = self.tree.open(name.since(self.start), self.scanner.at - self.start);
        let mut loose = false;
        for (name, value) in &self.scanner.attributes {
            let text = self.scanner.window.slice(value.start, value.end);
            loose |= self.tree.attribute(name.since(self.start), value.since(self.start), text);
        }
        if loose {
            self.scanner.slip(Slip::Ampersand);
        }
        open.push(Open { node, name });
    }

    fn close_last(&mut self, open: &mut Vec<Open>, inner_end: usize) {
        if let Some(closed) = open.pop() {
            self.tree.close(closed.node, inner_end - self.start);
        }
    }

    fn text(&mut self, open: &[Open], span: Span, is_markup: bool) {
        let Some(top) = open.last() else { return };
        let text = self.scanner.window.slice(span.start, span.end);
        if self.tree.text(top.node, span.since(self.start), text, is_markup) {
            self.scanner.slip(Slip::Ampersand);
        }
    }

    fn is_row_within(&self, name: Span) -> bool {
        self.rows.is_row_name(self.scanner.slice(name))
    }

    /// Notes why the item is lost: the first reason counts.
    fn fault(&mut self, at: usize, reason: &str) {
        if self.fault.is_none() {
            let (first_line, line) = (self.line(self.start), self.line(at));
            let reason = format!("line {line}: {reason}");
            self.fault = Some(Fault { first_line, last_line: line, reason });
        }
    }
}
