//! How a market speaks: tone, form of address, words, lengths, markup.
//!
//! A voice is a TOML file of the shop's own; [`Voice::parse`] reads it. It can only take away: it bans words and makes texts
//! shorter. What it adds, preferred and neutral words, may claim nothing. Sentences written by whoever are held to it by
//! [`Voice::check_sentence`], its own examples by [`check`].

mod check;
mod file;
mod html;
mod words;

use berika_catalog::Language;
use serde::{Deserialize, Serialize};

use crate::Part;
use crate::description::{LONG_MOST, SEO_DESCRIPTION_MOST, SEO_TITLE_MOST, SHORT_MOST, TITLE_MOST};

pub use check::{Breach, ExampleVerdict, Rule, check};
pub use file::VoiceError;

/// A market's voice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Voice {
    /// Its name, for messages.
    pub name: String,
    /// How it sounds.
    pub tone: Tone,
    /// How the reader is addressed.
    pub address: Address,
    /// Words and phrases that no text of a model may hold, whole words without case; `billig*` stands for every word
    /// that begins so.
    pub banned: Vec<String>,
    /// Words or phrases, and what is written instead: `[["skruvmaskin", "skruvdragare"]]`.
    pub preferred: Vec<(String, String)>,
    /// The most words of a sentence.
    pub sentence_words_most: usize,
    /// How long texts may be.
    pub limits: Limits,
    /// The tags that [`Voice::long_as_html`] may make, of `p`, `br`, `ul`, `li`, `strong`, `em`, `h2`, `h3`; with none, the
    /// long text is plain.
    pub html: Vec<String>,
    /// Words that this market declares harmless, for languages without a vocabulary of their own in the guard.
    pub neutral: Vec<String>,
    /// Sentences that keep to the voice or do not, for `berika voice check`.
    pub examples: Vec<VoiceExample>,
}

impl Default for Voice {
    fn default() -> Self {
        Self {
            name: String::new(),
            tone: Tone::default(),
            address: Address::default(),
            banned: Vec::new(),
            preferred: Vec::new(),
            sentence_words_most: WORDS_MOST,
            limits: Limits::default(),
            html: Vec::new(),
            neutral: Vec::new(),
            examples: Vec::new(),
        }
    }
}

/// The most words of a sentence; a file may allow fewer, never more.
pub const WORDS_MOST: usize = 50;

/// How a voice sounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tone {
    /// No contractions (`it's`), no exclamation marks.
    Formal,
    /// No exclamation marks.
    #[default]
    Neutral,
    /// A sentence may end in one exclamation mark.
    Friendly,
}

/// How the reader is addressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Address {
    /// No form is asked for.
    #[default]
    None,
    /// `du`, `you`.
    Informal,
    /// `Ni`, `De`, `Sie`, `you`.
    Formal,
}

/// A sentence in a voice file that is to pass or to fail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VoiceExample {
    /// The sentence, or the whole text where `part` is given.
    pub text: String,
    /// Whether it keeps to the voice.
    pub ok: bool,
    /// The rule that it breaks, where it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub breaks: Option<Rule>,
    /// Its language; without one the form of address is not looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// Which text it would be, where its length is looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<Part>,
}

/// The most characters of each text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[expect(missing_docs, reason = "see the fields of `Description`")]
pub struct Limits {
    pub title: usize,
    pub short: usize,
    pub long: usize,
    pub seo_title: usize,
    pub seo_description: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            title: TITLE_MOST,
            short: SHORT_MOST,
            long: LONG_MOST,
            seo_title: SEO_TITLE_MOST,
            seo_description: SEO_DESCRIPTION_MOST,
        }
    }
}

impl Limits {
    /// The most characters of one text.
    pub fn of(&self, part: Part) -> usize {
        match part {
            Part::Title => self.title,
            Part::Short => self.short,
            Part::Long => self.long,
            Part::SeoTitle => self.seo_title,
            Part::SeoDescription => self.seo_description,
        }
    }
}

impl Voice {
    /// `text` with the preferred words in place of the others, capitals kept. `names` (of products and brands) stay as
    /// they are.
    pub fn apply_preferred(&self, text: &str, names: &[&str]) -> String {
        words::with_preferred(text, &self.preferred, names)
    }

    /// The long text as HTML: everything escaped, and only the tags that the voice allows. Paragraphs have an empty line
    /// between them; lines that begin with `- ` are a list. Without tags allowed, the text as it is.
    pub fn long_as_html(&self, paragraphs: &str) -> String {
        html::of(paragraphs, &self.html)
    }
}
