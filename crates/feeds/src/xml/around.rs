//! What encloses the items: elements that are open around them, with what they say of the items in them.

use super::scan::{MOST_ATTRIBUTES, Span};
use super::{Fault, Xml, local};
use crate::FeedProblem;

/// An element that is open around the items.
#[derive(Debug, Default)]
pub(crate) struct Ancestor {
    /// Its name with prefix.
    pub(crate) name: String,
    pub(crate) attributes: Vec<(String, String)>,
    /// Elements in it that hold text alone, with their texts.
    pub(crate) leaves: Vec<(String, String)>,
    text: String,
    has_children: bool,
    pub(super) line: u64,
}

impl Xml<'_> {
    pub(super) fn enter(&mut self, name: Span, empty: bool) -> Result<(), FeedProblem> {
        const MOST_NAMES: usize = 200;
        let line = self.line(self.start);
        if self.ancestors.is_empty() {
            self.roots += 1;
            let name = String::from_utf8_lossy(self.scanner.slice(name));
            self.root.get_or_insert_with(|| local(&name).to_owned());
            if self.roots == 2 {
                self.note(self.start, "a second root element begins; it is read on");
            }
        }
        let text = |span| String::from_utf8_lossy(self.scanner.slice(span)).into_owned();
        let mut opened = Ancestor { name: text(name), line, ..Ancestor::default() };
        for (name, value) in &self.scanner.attributes {
            let value = crate::text::unescape(&text(*value)).into_owned();
            opened.attributes.push((text(*name), value));
        }
        if self.scanner.crowded {
            let reason = format!(
                "<{}> has more than {MOST_ATTRIBUTES} attributes; the rest is not read",
                crate::row::shorten(&opened.name)
            );
            self.note(self.start, &reason);
        }
        if self.seen.len() < MOST_NAMES && !self.seen.contains(local(&opened.name)) {
            self.seen.insert(local(&opened.name).to_owned());
        }
        if let Some(parent) = self.ancestors.last_mut() {
            parent.has_children = true;
        }
        self.ancestors.push(opened);
        if self.ancestors.len() > self.limits.depth {
            return Err(FeedProblem::TooDeep { line, limit: self.limits.depth });
        }
        if empty {
            self.pop();
        }
        Ok(())
    }

    /// Closes an element around the items. Returns whether an item's end was met whose beginning was not.
    pub(super) fn leave(&mut self, name: Span) -> bool {
        let text = String::from_utf8_lossy(self.scanner.slice(name)).into_owned();
        let Some(open) = self.ancestors.iter().rposition(|open| open.name == text) else {
            let line = self.line(self.start);
            let reason = format!("line {line}: </{text}> closes nothing");
            if !self.rows.is_row_name(text.as_bytes()) {
                self.note(self.start, &format!("</{text}> closes nothing"));
                return false;
            }
            self.tree.clear();
            self.cut = false;
            self.scanner.slips.clear();
            self.fault = Some(Fault { first_line: line, last_line: line, reason });
            return true;
        };
        while self.ancestors.len() > open {
            if self.ancestors.len() > open + 1
                && let Some(Ancestor { name, line, .. }) = self.ancestors.last()
            {
                let reason = format!("<{name}> of line {line} is not closed");
                self.note(self.start, &reason);
            }
            self.pop();
        }
        false
    }

    pub(super) fn pop(&mut self) {
        const MOST_LEAVES: usize = 100;
        let Some(closed) = self.ancestors.pop() else { return };
        if let Some(parent) = self.ancestors.last_mut()
            && !closed.has_children
            && !closed.text.is_empty()
            && parent.leaves.len() < MOST_LEAVES
        {
            parent.leaves.push((closed.name, closed.text));
        }
    }

    /// Text between items: kept, up to a measure, for elements that say something about the items beside them.
    pub(super) fn surrounding_text(&mut self, span: Span, is_markup: bool) {
        const MOST_TEXT: usize = 4 << 10;
        let text = String::from_utf8_lossy(self.scanner.slice(span));
        let trimmed = text.trim();
        if trimmed.is_empty() {
            return;
        }
        match self.ancestors.last_mut() {
            Some(open) if open.text.len() + trimmed.len() < MOST_TEXT => {
                if is_markup {
                    crate::text::decode(trimmed, &mut open.text);
                } else {
                    open.text.push_str(trimmed);
                }
            }
            Some(_) => {}
            None => {
                let reason = format!("{:?} stands outside the root element", crate::row::shorten(trimmed));
                self.note(self.start, &reason);
            }
        }
    }

    pub(super) fn note(&mut self, at: usize, reason: &str) {
        const MOST_NOTES: usize = 20;
        if self.notes.len() < MOST_NOTES {
            let line = self.line(at);
            self.notes.push(format!("line {line}: {reason}"));
        }
    }
}
