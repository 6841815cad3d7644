//! What the guard did to a model's draft.

use serde::{Deserialize, Serialize};

use crate::Part;

/// What was taken out of a draft, and where the composer's text stands instead.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Sentences of the draft.
    pub checked: u32,
    /// Those that were taken out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub removed: Vec<Removed>,
    /// Texts of which too little was left, or none drafted: they are the composer's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub composed: Vec<Part>,
    /// Why a model's draft was not had at all: one line for each model asked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub causes: Vec<String>,
}

impl Report {
    /// Adds what was found of another draft.
    pub fn add(&mut self, other: Self) {
        self.checked += other.checked;
        self.removed.extend(other.removed);
        self.composed = other.composed;
        self.causes.extend(other.causes);
    }
}

/// One sentence taken out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Removed {
    /// The text it stood in.
    pub part: Part,
    /// The sentence, at most 300 characters of it.
    pub sentence: String,
    /// Why.
    pub why: Why,
    /// The words to blame.
    pub words: String,
}

/// Why a sentence may not be published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// Markup, an address, a hidden or control character.
    Unclean,
    /// A refusal, a placeholder, a piece of the prompt, or an instruction.
    NotAText,
    /// Another language than the one asked for.
    WrongLanguage,
    /// A number that no field gives with this unit.
    Number,
    /// A green, health, safety or "free from" claim or a certification that no fact proves.
    Claim,
    /// Allergens and ingredients are copied by rules, never phrased.
    FoodInformation,
    /// A comparison, superlative, warranty or price.
    Comparison,
    /// A measure told of something else than the field says.
    Misplaced,
    /// A word that stands in no field and is not harmless.
    Untraced,
    /// It rests on nothing.
    Groundless,
    /// A word that the voice bans, or a sentence longer than it allows.
    Voice,
    /// The text is full.
    NoRoom,
}

impl Why {
    /// The reason in one word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unclean => "unclean",
            Self::NotAText => "not-a-text",
            Self::WrongLanguage => "wrong-language",
            Self::Number => "number",
            Self::Claim => "claim",
            Self::FoodInformation => "food-information",
            Self::Comparison => "comparison",
            Self::Misplaced => "misplaced",
            Self::Untraced => "untraced",
            Self::Groundless => "groundless",
            Self::Voice => "voice",
            Self::NoRoom => "no-room",
        }
    }
}
