//! What a generator hands back: texts with their grounds, or the reason why there are none.

use berika_catalog::Language;
use serde::{Deserialize, Serialize};

use crate::facts::LeftOut;
use crate::guard::Report;

/// The most characters of a title, as Google and most marketplaces have it. A voice may allow fewer, never more; so with
/// the others.
pub const TITLE_MOST: usize = 150;

/// The most characters of a short text.
pub const SHORT_MOST: usize = 700;

/// The most characters of a long text.
pub const LONG_MOST: usize = 4_000;

/// The most characters of a page's title, as search engines show it.
pub const SEO_TITLE_MOST: usize = 60;

/// The most characters of a page's description, as search engines show it.
pub const SEO_DESCRIPTION_MOST: usize = 160;

/// The name under which a sentence lists the category among its fields.
pub const CATEGORY_FIELD: &str = "category";

/// A product's texts in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Description {
    /// The language of the texts.
    pub language: Language,
    /// One line, at most [`TITLE_MOST`] characters.
    pub title: Text,
    /// A few sentences, at most [`SHORT_MOST`] characters.
    pub short: Text,
    /// All that can be said, in paragraphs with an empty line between, at most [`LONG_MOST`] characters.
    #[serde(default)]
    pub long: Text,
    /// The long text as HTML, of the tags that the voice allows; `None` where it allows none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub long_html: Option<String>,
    /// One line for a page's title, at most [`SEO_TITLE_MOST`] characters.
    #[serde(default)]
    pub seo_title: Text,
    /// One line for a page's description, at most [`SEO_DESCRIPTION_MOST`] characters.
    #[serde(default)]
    pub seo_description: Text,
    /// What wrote them.
    pub origin: Origin,
    /// What was taken out of a model's texts, and why.
    #[serde(default)]
    pub report: Report,
    /// What the product says and the texts do not, with the reason.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<LeftOut>,
}

impl Description {
    /// The five texts by name, in the order of [`Part::ALL`].
    pub fn texts(&self) -> [(Part, &Text); 5] {
        Part::ALL.map(|part| (part, self.text(part)))
    }

    /// One of the five.
    pub fn text(&self, part: Part) -> &Text {
        match part {
            Part::Title => &self.title,
            Part::Short => &self.short,
            Part::Long => &self.long,
            Part::SeoTitle => &self.seo_title,
            Part::SeoDescription => &self.seo_description,
        }
    }

    /// One of the five, to be changed.
    pub fn text_mut(&mut self, part: Part) -> &mut Text {
        match part {
            Part::Title => &mut self.title,
            Part::Short => &mut self.short,
            Part::Long => &mut self.long,
            Part::SeoTitle => &mut self.seo_title,
            Part::SeoDescription => &mut self.seo_description,
        }
    }

    /// Whether any of the texts is a language model's.
    pub fn by_model(&self) -> bool {
        self.texts().iter().any(|(_, text)| text.by == Author::Model)
    }
}

/// Which of a description's texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "see the fields of `Description`")]
pub enum Part {
    Title,
    Short,
    Long,
    SeoTitle,
    SeoDescription,
}

impl Part {
    /// All of them, in the order in which they are told.
    pub const ALL: [Self; 5] = [Self::Title, Self::Short, Self::Long, Self::SeoTitle, Self::SeoDescription];

    /// The name in output and events.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Short => "short",
            Self::Long => "long",
            Self::SeoTitle => "seo_title",
            Self::SeoDescription => "seo_description",
        }
    }
}

/// One text and what it rests on. Empty where it was not written at all.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// The text.
    pub text: String,
    /// The text sentence by sentence; a title is one of them, without a full stop.
    pub sentences: Vec<Sentence>,
    /// Who wrote it.
    pub by: Author,
}

/// One sentence and what it rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sentence {
    /// The sentence with its full stop.
    pub text: String,
    /// The product fields it rests on (`title`, `brand`, `attributes.Vikt`), and `category`; never empty.
    pub fields: Vec<String>,
}

/// Who wrote a text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Author {
    /// Rules.
    #[default]
    Composer,
    /// A language model: what the law and Google want marked as made by AI.
    Model,
}

/// What wrote a description.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// `composer`, `local` or `endpoint`: whose text stands in at least one part, the composer's where none else does.
    pub generator: String,
    /// The language model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// The version of the prompt that it was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt: Option<String>,
    /// How everything was written; changes whenever the same product would get another text.
    pub recipe: String,
}

/// A description, or why there is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(clippy::large_enum_variant, reason = "nearly every outcome is a description")]
pub enum Outcome {
    /// The texts.
    Described(Description),
    /// Nothing was written.
    NotDescribed(NotDescribed),
}

impl Outcome {
    /// The description, where there is one.
    pub fn description(&self) -> Option<&Description> {
        match self {
            Self::Described(description) => Some(description),
            Self::NotDescribed(_) => None,
        }
    }

    /// The description or the reason.
    ///
    /// # Errors
    /// [`NotDescribed`], where nothing was written.
    pub fn into_result(self) -> Result<Description, NotDescribed> {
        match self {
            Self::Described(description) => Ok(description),
            Self::NotDescribed(reason) => Err(reason),
        }
    }
}

/// Why a product has no description. Filler is never written instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "reason")]
pub enum NotDescribed {
    /// The generator has no rules for the language.
    #[error("no rules for the language {language}")]
    LanguageNotSupported {
        /// The language asked for.
        language: Language,
    },
    /// There is no title, or nothing usable is left of it.
    #[error("the product has no usable title")]
    NoTitle,
    /// The program is stopping: it is yet to be written.
    #[error("the program stopped before it was written")]
    Stopped,
    /// Too little is known to say anything.
    #[error(
        "too little is known: of the facts beside the title {known} can be stated in {language}, at least {needed} must"
    )]
    TooFewFacts {
        /// Facts beside the title that could be stated.
        known: usize,
        /// How many would be enough.
        needed: usize,
        /// The language asked for: a fact may be known and yet have no words in it.
        language: Language,
    },
}

impl NotDescribed {
    /// Whether it is yet to be written, since the program stopped before it was.
    pub fn is_stopped(&self) -> bool {
        matches!(self, Self::Stopped)
    }

    /// The reason in one word, for tables and the store.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::LanguageNotSupported { .. } => "language-not-supported",
            Self::NoTitle => "no-title",
            Self::Stopped => "stopped",
            Self::TooFewFacts { .. } => "too-few-facts",
        }
    }
}
