//! An item's elements. Names and texts are stretches of the document as it stands; only what had to be decoded is
//! held apart. The same tree is filled for one item after the other, so that an element costs no allocation.

use super::scan::Span;
use crate::text;

/// The elements of one item, in document order.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    nodes: Vec<Part>,
    attributes: Vec<(Span, Piece)>,
    /// Texts of an element behind its first one, in the order they were met.
    more: Vec<(usize, Piece)>,
    /// Texts that stand otherwise in the document.
    decoded: String,
}

#[derive(Debug)]
struct Part {
    name: Span,
    attributes: (usize, usize),
    text: Option<Piece>,
    /// What stands between its tags.
    inner: Span,
    /// The element behind the last one within it.
    end: usize,
}

#[derive(Debug, Clone, Copy)]
struct Piece {
    span: Span,
    /// In `decoded`, not in the document.
    decoded: bool,
}

impl Tree {
    pub(super) fn clear(&mut self) {
        self.nodes.clear();
        self.attributes.clear();
        self.more.clear();
        self.decoded.clear();
    }

    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Adds an element whose content begins at `inner`. Returns its index.
    pub(super) fn open(&mut self, name: Span, inner: usize) -> usize {
        let (index, none) = (self.nodes.len(), self.attributes.len());
        let inner = Span { start: inner, end: inner };
        self.nodes.push(Part { name, attributes: (none, none), text: None, inner, end: index + 1 });
        index
    }

    /// Adds an attribute to the element that was opened last. Returns whether an ampersand in it begins no entity.
    pub(super) fn attribute(&mut self, name: Span, span: Span, value: &[u8]) -> bool {
        let (piece, loose) = self.piece(span, value);
        self.attributes.push((name, piece));
        if let Some(last) = self.nodes.last_mut() {
            last.attributes.1 = self.attributes.len();
        }
        loose
    }

    /// Adds text to an element. Returns whether an ampersand in it begins no entity.
    pub(super) fn text(&mut self, node: usize, span: Span, text: &[u8], is_markup: bool) -> bool {
        let Some(part) = self.nodes.get(node) else { return false };
        // The line breaks between tags are no text.
        let known = part.text.is_some();
        if !known && text.iter().all(u8::is_ascii_whitespace) {
            return false;
        }
        let (piece, loose) =
            if is_markup { self.piece(span, text) } else { (Piece { span, decoded: false }, false) };
        if known {
            self.more.push((node, piece));
        } else if let Some(part) = self.nodes.get_mut(node) {
            part.text = Some(piece);
        }
        loose
    }

    pub(super) fn close(&mut self, node: usize, inner_end: usize) {
        let end = self.nodes.len();
        if let Some(part) = self.nodes.get_mut(node) {
            (part.inner.end, part.end) = (inner_end, end);
        }
    }

    /// Joins the texts of elements that have several.
    pub(super) fn join(&mut self, raw: &str) {
        if self.more.is_empty() {
            return;
        }
        let mut more = std::mem::take(&mut self.more);
        more.sort_by_key(|(node, _)| *node);
        for texts in more.chunk_by(|a, b| a.0 == b.0) {
            let Some(part) = texts.first().and_then(|(node, _)| self.nodes.get_mut(*node)) else { continue };
            let mut joined = String::new();
            for piece in part.text.iter().chain(texts.iter().map(|(_, piece)| piece)) {
                joined.push_str(piece.of(raw, &self.decoded));
            }
            let start = self.decoded.len();
            self.decoded.push_str(&joined);
            part.text = Some(Piece { span: Span { start, end: self.decoded.len() }, decoded: true });
        }
        more.clear();
        self.more = more;
    }

    pub(super) fn root<'t>(&'t self, raw: &'t str) -> Node<'t> {
        Node { tree: self, raw, index: 0 }
    }

    fn piece(&mut self, span: Span, text: &[u8]) -> (Piece, bool) {
        if memchr::memchr(b'&', text).is_none() {
            return (Piece { span, decoded: false }, false);
        }
        let start = self.decoded.len();
        let loose = text::decode(std::str::from_utf8(text).unwrap_or_default(), &mut self.decoded);
        (Piece { span: Span { start, end: self.decoded.len() }, decoded: true }, loose)
    }
}

impl Piece {
    fn of<'t>(&self, raw: &'t str, decoded: &'t str) -> &'t str {
        let text = if self.decoded { decoded } else { raw };
        text.get(self.span.start..self.span.end).unwrap_or_default()
    }
}

/// An element of an item.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Node<'t> {
    tree: &'t Tree,
    raw: &'t str,
    index: usize,
}

impl<'t> Node<'t> {
    /// Its place in document order: what tells it from its neighbours.
    pub(crate) fn index(self) -> usize {
        self.index
    }

    /// Its name as it stands, with prefix.
    pub(crate) fn name(self) -> &'t str {
        self.part().map(|part| self.of(part.name)).unwrap_or_default()
    }

    /// Its name without prefix.
    pub(crate) fn local(self) -> &'t str {
        local(self.name())
    }

    /// The text in it, without that of elements within it.
    pub(crate) fn text(self) -> &'t str {
        let text = self.part().and_then(|part| part.text);
        text.map(|piece| piece.of(self.raw, &self.tree.decoded)).unwrap_or_default()
    }

    /// What it holds as a text: where elements stand among its text, all of it as it is written, for that is HTML.
    pub(crate) fn value(self) -> &'t str {
        let text = self.text();
        if self.is_leaf() || text.trim().is_empty() { text } else { self.inner() }
    }

    /// What stands between its tags.
    pub(crate) fn inner(self) -> &'t str {
        self.part().map(|part| self.of(part.inner)).unwrap_or_default()
    }

    pub(crate) fn is_leaf(self) -> bool {
        self.part().is_none_or(|part| part.end == self.index + 1)
    }

    /// The elements within it, not those within them.
    pub(crate) fn children(self) -> impl Iterator<Item = Node<'t>> {
        let end = self.part().map_or(0, |part| part.end);
        let mut next = self.index + 1;
        std::iter::from_fn(move || {
            let node = Node { index: next, ..self };
            next = node.part().filter(|_| next < end)?.end;
            Some(node)
        })
    }

    /// The children of this name as it stands.
    pub(crate) fn all(self, name: &str) -> impl Iterator<Item = Node<'t>> {
        self.children().filter(move |child| child.name() == name)
    }

    /// Its attributes' names, with prefix, and values.
    pub(crate) fn attributes(self) -> impl Iterator<Item = (&'t str, &'t str)> {
        let (from, to) = self.part().map_or((0, 0), |part| part.attributes);
        let attributes = self.tree.attributes.get(from..to).unwrap_or_default();
        attributes.iter().map(move |(name, value)| (self.of(*name), value.of(self.raw, &self.tree.decoded)))
    }

    /// An attribute's value, by its name with or without prefix.
    pub(crate) fn attribute(self, wanted: &str) -> Option<&'t str> {
        let mut attributes = self.attributes();
        attributes.find(|(name, _)| *name == wanted || local(name) == wanted).map(|(_, value)| value)
    }

    fn of(self, span: Span) -> &'t str {
        self.raw.get(span.start..span.end).unwrap_or_default()
    }

    fn part(self) -> Option<&'t Part> {
        self.tree.nodes.get(self.index)
    }
}

/// A name without its prefix.
pub(crate) fn local(name: &str) -> &str {
    // Names are short: looking at each byte is quicker than a search.
    let colon = name.bytes().rposition(|byte| byte == b':');
    colon.and_then(|colon| name.get(colon + 1..)).unwrap_or(name)
}
