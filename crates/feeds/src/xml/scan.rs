//! From text to tags: a scanner that goes on behind what is no XML, and says what it was.
//!
//! What can only be meant in one way is read so and noted as a [`Slip`]; anything else is [`Token::Bad`].

use memchr::{memchr, memchr2, memmem};

use super::window::{Stop, Window};

/// A stretch of text: two places in the window, or two offsets into an item.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Span {
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Span {
    pub(super) fn since(self, base: usize) -> Self {
        Self { start: self.start - base, end: self.end - base }
    }
}

/// Something that XML forbids and that was read as it is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slip {
    /// `&` that begins no known entity.
    Ampersand,
    /// `<` that begins no tag.
    LessThan,
    /// A control character.
    Control,
    /// The same attribute twice.
    RepeatedAttribute,
    /// `<br>` and its like, as HTML writes them.
    Unclosed,
}

pub(super) enum Token {
    /// Its attributes stand in [`Scanner::attributes`].
    Open {
        name: Span,
        empty: bool,
    },
    Close {
        name: Span,
    },
    Text(Span),
    CData(Span),
    Comment(Span),
    Instruction,
    /// A document type; whether it declares anything of its own.
    Doctype {
        declares: bool,
    },
    /// No XML; with the name where it would have been an opening tag.
    Bad {
        name: Option<Span>,
        reason: String,
    },
    End,
}

/// More attributes than any tag has. Each is compared with those before it.
pub(super) const MOST_ATTRIBUTES: usize = 1_000;

pub(super) struct Scanner {
    pub(super) window: Window,
    /// Where the next token begins.
    pub(super) at: usize,
    /// Names and values of the last opening tag's attributes.
    pub(super) attributes: Vec<(Span, Span)>,
    /// That tag had more of them than [`MOST_ATTRIBUTES`]: the rest was passed over.
    pub(super) crowded: bool,
    pub(super) slips: Vec<Slip>,
    /// Searches for an end that is not there.
    fruitless: u32,
}

impl Scanner {
    pub(super) fn new(window: Window) -> Self {
        Self { window, at: 0, attributes: Vec::new(), crowded: false, slips: Vec::new(), fruitless: 0 }
    }

    pub(super) fn token(&mut self) -> Result<Token, Stop> {
        let start = self.at;
        match self.window.get(start)? {
            None => Ok(Token::End),
            Some(b'<') if self.is_markup(start)? => self.markup(start),
            Some(_) => self.text(start),
        }
    }

    pub(super) fn slice(&self, span: Span) -> &[u8] {
        self.window.slice(span.start, span.end)
    }

    pub(super) fn shown(&self, span: Span) -> String {
        crate::row::shorten(&String::from_utf8_lossy(self.slice(span)))
    }

    pub(super) fn slip(&mut self, slip: Slip) {
        if !self.slips.contains(&slip) {
            self.slips.push(slip);
        }
    }

    /// Whether the `<` at a place begins a tag or another construct.
    fn is_markup(&mut self, at: usize) -> Result<bool, Stop> {
        match self.window.get(at + 1)? {
            Some(b'/' | b'?') => Ok(self.window.get(at + 2)?.is_some_and(begins_name)),
            Some(b'!') => Ok(self.window.has(at + 2, b"--")?
                || self.window.has(at + 2, b"[CDATA[")?
                || self.window.has(at + 2, b"DOCTYPE")?),
            Some(byte) => Ok(begins_name(byte)),
            None => Ok(false),
        }
    }

    fn text(&mut self, start: usize) -> Result<Token, Stop> {
        let mut from = start;
        loop {
            let found = self.window.find(from, 1, |bytes| memchr(b'<', bytes))?;
            self.at = match found {
                Some(at) if !self.is_markup(at)? => {
                    self.slip(Slip::LessThan);
                    from = at + 1;
                    continue;
                }
                Some(at) => at,
                None => self.window.end().unwrap_or(from),
            };
            return Ok(Token::Text(Span { start, end: self.at }));
        }
    }

    fn markup(&mut self, start: usize) -> Result<Token, Stop> {
        match self.window.get(start + 1)? {
            Some(b'/') => self.closing(start),
            Some(b'?') => Ok(match self.until(start, 2, b"?>", "an instruction <? … ?>")? {
                Ok(_) => Token::Instruction,
                Err(bad) => bad,
            }),
            Some(b'!') if self.window.has(start + 2, b"--")? => Ok(self
                .until(start, 4, b"-->", "a comment <!-- … -->")?
                .map_or_else(|bad| bad, Token::Comment)),
            Some(b'!') if self.window.has(start + 2, b"[")? => Ok(self
                .until(start, 9, b"]]>", "a section <![CDATA[ … ]]>")?
                .map_or_else(|bad| bad, Token::CData)),
            Some(b'!') => {
                let end = self.window.find(start, 1, |bytes| memchr2(b'>', b'[', bytes))?;
                let Some(end) = end else {
                    return Ok(self.bad(start, None, "a document type is not closed"));
                };
                self.at = end + 1;
                Ok(Token::Doctype { declares: self.slice(Span { start: end, end: end + 1 }) == b"[" })
            }
            _ => self.opening(start),
        }
    }

    /// A construct up to its closing `end`; without one, only its beginning is no XML.
    fn until(
        &mut self,
        start: usize,
        begin: usize,
        end: &[u8],
        what: &str,
    ) -> Result<Result<Span, Token>, Stop> {
        const MOST_FRUITLESS: u32 = 100;
        let from = start + begin;
        match self.window.find(from, end.len(), |bytes| memmem::find(bytes, end)) {
            Ok(Some(found)) => {
                self.at = found + end.len();
                Ok(Ok(Span { start: from, end: found }))
            }
            Ok(None) | Err(Stop::Full) => {
                self.fruitless += 1;
                if self.fruitless > MOST_FRUITLESS {
                    return Err(Stop::Hopeless);
                }
                Ok(Err(self.unclosed(from, what)))
            }
            Err(stop) => Err(stop),
        }
    }

    /// What begins before `from` has no end, so that it is taken for no more than its beginning.
    pub(super) fn unclosed(&mut self, from: usize, what: &str) -> Token {
        self.at = from;
        Token::Bad { name: None, reason: format!("{what} is not closed") }
    }

    fn closing(&mut self, start: usize) -> Result<Token, Stop> {
        let name = self.name(start + 2)?;
        let end = self.space(name.end)?;
        if self.window.get(end)? != Some(b'>') {
            let reason = format!("</{} does not end with >", self.shown(name));
            return Ok(self.bad(start, None, reason));
        }
        self.at = end + 1;
        Ok(Token::Close { name })
    }

    fn opening(&mut self, start: usize) -> Result<Token, Stop> {
        self.attributes.clear();
        self.crowded = false;
        let name = self.name(start + 1)?;
        let mut at = name.end;
        loop {
            at = self.space(at)?;
            let empty = match self.window.get(at)? {
                Some(b'>') => false,
                Some(b'/') if self.window.get(at + 1)? == Some(b'>') => true,
                Some(_) => {
                    at = match self.attribute(at)? {
                        Ok(end) => end,
                        Err(reason) => return Ok(self.bad(start, Some(name), reason)),
                    };
                    continue;
                }
                None => {
                    let reason = format!("<{} does not end with >", self.shown(name));
                    return Ok(self.bad(start, Some(name), reason));
                }
            };
            self.at = at + if empty { 2 } else { 1 };
            return Ok(Token::Open { name, empty });
        }
    }

    /// One attribute; returns the place behind it, or what is wrong with it.
    fn attribute(&mut self, start: usize) -> Result<Result<usize, String>, Stop> {
        let name = self.name(start)?;
        if name.start == name.end {
            let found = Span { start, end: start + 1 };
            return Ok(Err(format!("{:?} stands where an attribute should", self.shown(found))));
        }
        let equals = self.space(name.end)?;
        if self.window.get(equals)? != Some(b'=') {
            return Ok(Err(format!("attribute {:?} has no value", self.shown(name))));
        }
        let open = self.space(equals + 1)?;
        let Some(quote @ (b'"' | b'\'')) = self.window.get(open)? else {
            return Ok(Err(format!("the value of attribute {:?} is not quoted", self.shown(name))));
        };
        let mut from = open + 1;
        let close = loop {
            match self.window.find(from, 1, |bytes| memchr2(quote, b'<', bytes))? {
                Some(found) if self.window.get(found)? == Some(quote) => break found,
                Some(found) if !self.is_markup(found)? => {
                    self.slip(Slip::LessThan);
                    from = found + 1;
                }
                _ => return Ok(Err(format!("the value of attribute {:?} is not closed", self.shown(name)))),
            }
        };
        if !matches!(self.window.get(close + 1)?, Some(b'>' | b'/' | b' ' | b'\t' | b'\r' | b'\n')) {
            return Ok(Err(format!(
                "a quote stands within the value of attribute {:?}; write it as &quot;",
                self.shown(name)
            )));
        }
        if self.attributes.len() >= MOST_ATTRIBUTES {
            self.crowded = true;
        } else if self.attributes.iter().any(|(known, _)| self.slice(*known) == self.slice(name)) {
            self.slip(Slip::RepeatedAttribute);
        } else {
            self.attributes.push((name, Span { start: open + 1, end: close }));
        }
        Ok(Ok(close + 1))
    }

    fn name(&mut self, start: usize) -> Result<Span, Stop> {
        let mut end = start;
        while self.window.get(end)?.is_some_and(|byte| !ends_name(byte)) {
            end += 1;
        }
        Ok(Span { start, end })
    }

    fn space(&mut self, mut at: usize) -> Result<usize, Stop> {
        while self.window.get(at)?.is_some_and(|byte| byte.is_ascii_whitespace()) {
            at += 1;
        }
        Ok(at)
    }

    /// Goes on behind the `<`.
    fn bad(&mut self, start: usize, name: Option<Span>, reason: impl Into<String>) -> Token {
        self.at = start + 1;
        Token::Bad { name, reason: reason.into() }
    }
}

fn begins_name(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || matches!(byte, b'_' | b':') || !byte.is_ascii()
}

fn ends_name(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/' | b'=' | b'<' | b'"' | b'\'')
}
