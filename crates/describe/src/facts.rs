//! Typed facts from a product's values: what may be stated, where it stands, and what was left aside and why.
//!
//! Attributes are read by their names in Swedish, English, Danish, Norwegian and German. Titles give quantities where the
//! unit or the noun says what is measured, and colours, materials, sizes, codes, diets and certifications where they can
//! only be the product's own: the name of a product is the supplier's statement. Descriptions give `Name: value` lines and
//! clauses that are a statement as a whole (`Ljudnivå 92 dB`, `100 % bomull`, `Handwäsche`), and the certifications they
//! name; what a word or number in running prose refers to cannot be told by rules. Food information is copied word for
//! word. What is said not to hold (`Vegan: no`) is no fact. Nothing here writes sentences.

mod age;
mod attributes;
mod claims;
mod clean;
mod codes;
mod conflicts;
mod free_text;
mod kind;
mod names;
mod number;
mod prose;
pub(crate) mod qualifying;
pub mod quantity;
mod title_measures;
mod title_words;
mod words;

use std::fmt;

use berika_catalog::{Language, ProductValues};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize, Serializer};

pub(crate) use claims::is_claim;
pub(crate) use clean::usable_title;
pub use kind::FactKind;
pub use quantity::{Quantity, Unit};
pub use words::{Vocabulary, Word};

/// All that is known of a product.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Facts {
    /// What may be stated, in a fixed order.
    pub facts: Vec<Fact>,
    /// Facts that contradict one another; none of them is among `facts`.
    pub conflicts: Vec<Conflict>,
    /// Values that give no fact.
    pub left_out: Vec<LeftOut>,
    /// The language of the product's own words, given or detected.
    pub language: Option<Language>,
}

/// One fact.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Fact {
    /// What the fact is about.
    pub kind: FactKind,
    /// The value.
    pub value: FactValue,
    /// The field it was read from: `title`, `brand`, `description`, `attributes.Vikt`.
    pub source: String,
    /// For free text, the first byte and the one after the last, in the field's own value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub span: Option<(usize, usize)>,
    /// Other fields that say the same.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub confirmed_by: Vec<String>,
}

impl Fact {
    /// Every field the fact rests on.
    pub fn fields(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.source).chain(&self.confirmed_by).map(String::as_str)
    }
}

/// A fact's value.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FactValue {
    /// A number with a unit, or several of them: `450 g`, `2 × 1.5 Ah`, `40 × 60 cm`.
    Quantity(Quantity),
    /// Words known in every language, each with a share where one is given: `80 % cotton`.
    Words(Vec<Part>),
    /// A short text in the product's own language, or a code that has none.
    Text(String),
    /// Food information as the supplier gives it, in the supplier's language: copied whole or left out, never translated
    /// and never phrased.
    Verbatim(String),
}

impl fmt::Display for FactValue {
    /// The value in international notation, for tables: `2 × 1.5 Ah`, `80 % cotton, 20 % polyester`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Quantity(quantity) => write!(f, "{quantity}"),
            Self::Words(parts) => {
                let show = |part: &Part| match part.percent {
                    Some(percent) => format!("{percent} % {}", part.word.english()),
                    None => part.word.english().to_owned(),
                };
                f.write_str(&parts.iter().map(show).collect::<Vec<_>>().join(", "))
            }
            Self::Text(text) | Self::Verbatim(text) => f.write_str(text),
        }
    }
}

/// One of several words, such as a material of a blend.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Part {
    /// The share in percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub percent: Option<Decimal>,
    /// The word.
    pub word: Word,
}

/// Facts that cannot all be true: none is stated.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Conflict {
    /// What they are about.
    pub kind: FactKind,
    /// The facts, in the order they were read.
    pub facts: Vec<Fact>,
}

/// A value that is not stated, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// The field.
    pub field: String,
    /// Why.
    pub reason: Reason,
}

/// Why a value is not stated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// Holds markup, an address on the web, or control characters.
    Unclean,
    /// A green, health, safety or "free from" claim, which needs a proof.
    Claim,
    /// Ingredients, allergens and nutrition are copied or left out, never phrased.
    FoodInformation,
    /// Longer than a property is.
    TooLong,
    /// Not readable as what its name says it is.
    Unreadable,
    /// May be about a case of the product and not about the product.
    Ambiguous,
    /// Another field says otherwise.
    Contradicted,
    /// A number, date or flag of the supplier's own, not a property of the product.
    NotAProperty,
    /// Has no words in the language written.
    NotTranslatable,
    /// The text is full.
    NoRoom,
}

impl Reason {
    /// The reason in one word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unclean => "unclean",
            Self::Claim => "claim",
            Self::FoodInformation => "food-information",
            Self::TooLong => "too-long",
            Self::Unreadable => "unreadable",
            Self::Ambiguous => "ambiguous",
            Self::Contradicted => "contradicted",
            Self::NotAProperty => "not-a-property",
            Self::NotTranslatable => "not-translatable",
            Self::NoRoom => "no-room",
        }
    }
}

/// The most attributes read of one product; more are left out.
const ATTRIBUTES_MOST: usize = 500;

impl Facts {
    /// Reads a product's facts. Never fails: what cannot be read is in `left_out`.
    pub fn of(values: &ProductValues) -> Self {
        let language = language_of(values);
        let mut facts = Self { language: language.clone(), ..Self::default() };
        let mut used_up = false;
        let mut denied = Vec::new();
        if let Some(brand) = &values.brand {
            match clean::short_text(brand, clean::BRAND_MOST) {
                Ok(text) => facts.push(FactKind::Brand, FactValue::Text(text), "brand", None),
                Err(reason) => facts.leave_out("brand", reason),
            }
        }
        for (index, (name, value)) in values.attributes.iter().enumerate() {
            let field = format!("attributes.{name}");
            if index >= ATTRIBUTES_MOST {
                facts.leave_out(&field, Reason::NoRoom);
                continue;
            }
            match attributes::read(name, value, language.as_ref()) {
                Ok(read) => read.into_iter().for_each(|(kind, value)| facts.push(kind, value, &field, None)),
                Err(reason) => facts.leave_out(&field, reason),
            }
            denied.extend(attributes::denied(name, value).map(|(kind, word)| (kind, word, field)));
        }
        facts.join_unit(values);
        if let Some(title) = &values.title {
            used_up = facts.read_title(title, values.brand.as_deref());
        }
        if let Some(description) = &values.description {
            for (kind, value, span) in free_text::in_description(description, language.as_ref()) {
                facts.push(kind, value, "description", Some(span));
            }
        }
        conflicts::settle(facts, &denied, used_up)
    }

    /// A bare number in one field and its unit in another: `quantity: 500`, `unit: g`.
    fn join_unit(&mut self, values: &ProductValues) {
        if let Some((number, unit, kind, value)) =
            attributes::amount_in_two_fields(&values.attributes, self.language.as_ref())
        {
            let fields = [number, unit].map(|name| format!("attributes.{name}"));
            self.left_out.retain(|left| !fields.contains(&left.field));
            self.facts.retain(|fact| !fields.contains(&fact.source));
            self.push(kind, value, &fields[0], None);
            if let Some(fact) = self.facts.last_mut() {
                fact.confirmed_by.push(fields[1].clone());
            }
        }
    }

    /// Whether what the title names is used up is the answer.
    fn read_title(&mut self, title: &str, brand: Option<&str>) -> bool {
        let mut found = title_measures::in_title(title, self.language.as_ref());
        let known =
            title_words::Known { facts: &self.facts, left_out: &self.left_out, measures: &found, brand };
        let words =
            free_text::in_usable_part(title, |text| title_words::read(text, self.language.as_ref(), &known));
        let used_up = title_words::is_used_up(title, self.language.as_ref(), &known);
        found.extend(words);
        for (kind, value, span) in found {
            self.push(kind, value, "title", Some(span));
        }
        used_up
    }

    /// The facts of one kind.
    pub fn of_kind<'a>(&'a self, kind: &'a FactKind) -> impl Iterator<Item = &'a Fact> + 'a {
        self.facts.iter().filter(move |fact| fact.kind == *kind)
    }

    fn push(&mut self, kind: FactKind, value: FactValue, source: &str, span: Option<(usize, usize)>) {
        self.facts.push(Fact { kind, value, source: source.to_owned(), span, confirmed_by: Vec::new() });
    }

    fn leave_out(&mut self, field: &str, reason: Reason) {
        self.left_out.push(LeftOut { field: field.to_owned(), reason });
    }
}

/// The language given, else the one detected in title and description.
fn language_of(values: &ProductValues) -> Option<Language> {
    let detect = || {
        let text = [values.title.as_deref(), values.description.as_deref()];
        let words: Vec<&str> = text.into_iter().flatten().collect();
        Language::detect(&clean::head(&words.join(". "), 2_000))
    };
    values.language.clone().or_else(detect)
}

impl Serialize for Word {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.english())
    }
}

#[cfg(test)]
mod tests;
