//! What a generator hands back: a description with its grounds, or the reason why there is none.

use berika_catalog::Language;
use serde::{Deserialize, Serialize};

use crate::facts::LeftOut;

/// The most characters of a title, as Google and most marketplaces have it.
pub const TITLE_MOST: usize = 150;

/// The most characters of a short text.
pub const SHORT_MOST: usize = 700;

/// The name under which a sentence lists the category among its fields.
pub const CATEGORY_FIELD: &str = "category";

/// A product's texts in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Description {
    /// The language of the texts.
    pub language: Language,
    /// One line, at most [`TITLE_MOST`] characters.
    pub title: String,
    /// The fields the title rests on.
    pub title_fields: Vec<String>,
    /// The sentences joined by spaces, at most [`SHORT_MOST`] characters.
    pub short: String,
    /// The short text sentence by sentence.
    pub sentences: Vec<Sentence>,
    /// Who wrote it: `composer`.
    pub generator: String,
    /// How it was written; changes whenever the same product would get another text.
    pub recipe: String,
    /// What the product says and the texts do not, with the reason.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<LeftOut>,
}

/// One sentence and what it rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sentence {
    /// The sentence with its full stop.
    pub text: String,
    /// The product fields it rests on (`title`, `brand`, `attributes.Vikt`), and `category`; never empty.
    pub fields: Vec<String>,
}

/// A description, or why there is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
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
    /// The reason in one word, for tables and the store.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::LanguageNotSupported { .. } => "language-not-supported",
            Self::NoTitle => "no-title",
            Self::TooFewFacts { .. } => "too-few-facts",
        }
    }
}
