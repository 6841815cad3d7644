//! XML as a stream of elements: what Google's format and BMEcat share.
//!
//! No document type is ever read beyond its name, no entity beyond XML's and HTML's own is expanded, nothing is
//! fetched. An item's subtree is held in memory, one at a time, under caps on its bytes, depth and number of parts.

use std::cell::Cell;
use std::io::{self, BufRead, BufReader, Read};
use std::rc::Rc;

use quick_xml::NsReader;
use quick_xml::escape::resolve_html5_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::name::{Namespace, ResolveResult};

use crate::source::{Budget, Purse, Source, is_over_budget};
use crate::{FeedProblem, Limits, encoding, text};

const GOOGLE: &str = "base.google.com/ns/1.0";

/// An element with all that is in it.
#[derive(Debug, Default)]
pub(crate) struct Element {
    /// `g:price` for Google's namespace, whatever its prefix; else the name as it stands.
    pub(crate) name: String,
    pub(crate) attributes: Vec<(String, String)>,
    pub(crate) text: String,
    pub(crate) children: Vec<Element>,
}

/// What a subtree turned out to be.
pub(crate) struct Subtree {
    pub(crate) element: Element,
    /// Its parts were more than are kept: it is not whole.
    pub(crate) cut: bool,
    /// An entity in it is not defined, or an ampersand begins none: both were left as they stand.
    pub(crate) loose_ampersand: bool,
}

/// One step of the walk over a document.
pub(crate) enum Step {
    Open(Element),
    Close,
    End,
}

type Text = LineCounter<BufReader<Budget<Box<dyn Read>>>>;

/// A walk over a document.
pub(crate) struct Xml<'l> {
    reader: NsReader<Text>,
    buffer: Vec<u8>,
    purse: Purse,
    lines: Rc<Cell<u64>>,
    limits: &'l Limits,
    depth: usize,
    /// The last step opened an element that is closed at once.
    closing: bool,
    /// Items so far, for errors that name one.
    pub(crate) items: u64,
}

impl<'l> Xml<'l> {
    pub(crate) fn open(
        source: &Source,
        found: encoding::Found,
        limits: &'l Limits,
    ) -> Result<Self, FeedProblem> {
        let text: Box<dyn Read> = Box::new(encoding::decode(source, found)?);
        let (text, purse) = Budget::new(text, limits.row_bytes);
        let lines = Rc::new(Cell::new(1));
        let text = LineCounter { inner: BufReader::with_capacity(64 << 10, text), lines: lines.clone() };
        let mut reader = NsReader::from_reader(text);
        reader.config_mut().check_end_names = true;
        // The commonest fault of all: `Salt & pepper`, `?a=1&b=2`. It is read as it is meant, and told.
        reader.config_mut().allow_dangling_amp = true;
        Ok(Self { reader, buffer: Vec::new(), purse, lines, limits, depth: 0, closing: false, items: 0 })
    }

    /// The next opening or closing of an element, with attributes but without content.
    pub(crate) fn step(&mut self) -> Result<Step, FeedProblem> {
        self.purse.renew();
        loop {
            match self.next()? {
                Token::Open(element) => return Ok(Step::Open(element)),
                Token::Close => return Ok(Step::Close),
                Token::End => return Ok(Step::End),
                Token::Text(_) | Token::Loose(_) => self.purse.renew(),
            }
        }
    }

    /// All that is in the element that was just opened, up to and with its closing.
    pub(crate) fn subtree(&mut self, opened: Element) -> Result<Subtree, FeedProblem> {
        const MOST_PARTS: usize = 50_000;
        self.purse.renew();
        let mut open = vec![opened];
        let (mut parts, mut loose_ampersand) = (0, false);
        loop {
            match self.next()? {
                Token::Open(element) => open.push(element),
                Token::Text(text) => append(&mut open, &text),
                Token::Loose(text) => {
                    loose_ampersand = true;
                    append(&mut open, &text);
                }
                Token::Close => {
                    let closed = open.pop().unwrap_or_default();
                    let Some(parent) = open.last_mut() else {
                        self.purse.renew();
                        return Ok(Subtree { element: closed, cut: parts > MOST_PARTS, loose_ampersand });
                    };
                    parts += 1;
                    if parts <= MOST_PARTS {
                        parent.children.push(closed);
                    }
                }
                Token::End => return Err(self.ill_formed("the document ends within an element")),
            }
        }
    }

    fn next(&mut self) -> Result<Token, FeedProblem> {
        if std::mem::take(&mut self.closing) {
            self.depth = self.depth.saturating_sub(1);
            return Ok(Token::Close);
        }
        loop {
            self.buffer.clear();
            let (namespace, event) = match self.reader.read_resolved_event_into(&mut self.buffer) {
                Ok(read) => read,
                Err(error) => return Err(problem(&error, self.lines.get(), self.items + 1, self.limits)),
            };
            let line = self.lines.get();
            let token = match event {
                Event::Start(start) => Token::Open(element(&namespace, &start)),
                Event::Empty(start) => {
                    self.closing = true;
                    Token::Open(element(&namespace, &start))
                }
                Event::End(_) => {
                    self.depth = self.depth.saturating_sub(1);
                    return Ok(Token::Close);
                }
                // Text never begins with an ampersand but where that is no entity's beginning.
                Event::Text(text) if text.starts_with('&') => Token::Loose(text.into_inner().into_owned()),
                Event::Text(text) => Token::Text(text.into_inner().into_owned()),
                Event::CData(text) => Token::Text(text.into_inner().into_owned()),
                Event::GeneralRef(entity) => match resolve(&entity) {
                    Some(text) => Token::Text(text),
                    None => Token::Loose(format!("&{};", &*entity)),
                },
                // The name of a document type and its address are harmless: neither is followed.
                Event::DocType(doctype) if doctype.contains('[') => {
                    return Err(FeedProblem::Doctype { line });
                }
                Event::DocType(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => continue,
                Event::Eof if self.depth > 0 => {
                    return Err(self.ill_formed("the document ends within an element"));
                }
                Event::Eof => Token::End,
            };
            if matches!(token, Token::Open(_)) {
                self.depth += 1;
                if self.depth > self.limits.depth {
                    return Err(FeedProblem::TooDeep { line, limit: self.limits.depth });
                }
            }
            return Ok(token);
        }
    }

    fn ill_formed(&self, reason: &str) -> FeedProblem {
        FeedProblem::Xml { line: self.lines.get(), reason: reason.to_owned() }
    }
}

enum Token {
    Open(Element),
    Close,
    Text(String),
    /// Text with an ampersand that begins no entity that is defined.
    Loose(String),
    End,
}

impl Element {
    /// The first child of this name.
    pub(crate) fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    /// All children of this name.
    pub(crate) fn all<'e>(&'e self, name: &'e str) -> impl Iterator<Item = &'e Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The trimmed text of the first child of this name, if it has any.
    pub(crate) fn text_of(&self, name: &str) -> Option<&str> {
        let named = self.children.iter().filter(|child| child.name == name);
        named.map(|child| child.text.trim()).find(|text| !text.is_empty())
    }

    /// An attribute's value.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

fn append(open: &mut [Element], text: &str) {
    if let Some(top) = open.last_mut() {
        top.text.push_str(text);
    }
}

fn element(namespace: &ResolveResult<'_>, start: &BytesStart<'_>) -> Element {
    let name = start.name();
    let local = name.local_name().into_inner();
    let is_google = |uri: &str| uri.trim_end_matches('/').ends_with(GOOGLE);
    let name = match (namespace, name.prefix()) {
        (ResolveResult::Bound(Namespace(uri)), _) if is_google(uri) => format!("g:{local}"),
        _ => name.into_inner().to_owned(),
    };
    let mut attributes = start.attributes();
    let attributes = attributes.with_checks(false).flatten().map(|attribute| {
        (attribute.key.local_name().into_inner().to_owned(), text::unescape(&attribute.value).into_owned())
    });
    Element { name, attributes: attributes.collect(), ..Element::default() }
}

/// Character references, XML's five entities and HTML's, which many feeds use without declaring them.
fn resolve(entity: &BytesRef<'_>) -> Option<String> {
    match entity.resolve_char_ref() {
        Ok(Some(character)) => Some(character.to_string()),
        Ok(None) => resolve_html5_entity(entity).map(str::to_owned),
        Err(_) => None,
    }
}

fn problem(error: &quick_xml::Error, line: u64, row: u64, limits: &Limits) -> FeedProblem {
    match error {
        quick_xml::Error::Io(io) if is_over_budget(io) => {
            FeedProblem::RowTooLarge { row, limit: limits.row_bytes }
        }
        quick_xml::Error::Io(io) => {
            FeedProblem::Io { step: "read the file", source: io::Error::new(io.kind(), io.to_string()) }
        }
        other => FeedProblem::Xml { line, reason: crate::row::shorten_to(&other.to_string(), 200) },
    }
}

/// Counts the line breaks that were read over.
struct LineCounter<R> {
    inner: R,
    lines: Rc<Cell<u64>>,
}

impl<R: BufRead> Read for LineCounter<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(buffer)?;
        self.consume(read);
        Ok(read)
    }
}

impl<R: BufRead> BufRead for LineCounter<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        // A buffer that holds `amount` bytes is given again without reading.
        if let Ok(buffer) = self.inner.fill_buf() {
            let read = &buffer[..amount.min(buffer.len())];
            let breaks = read.iter().filter(|b| **b == b'\n').count() as u64;
            self.lines.set(self.lines.get() + breaks);
        }
        self.inner.consume(amount);
    }
}
