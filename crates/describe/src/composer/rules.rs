//! What a language must know to describe a product. One file a language.

use crate::facts::{FactKind, Unit};

/// A language's rules: signs, words, and turns of phrase round facts.
///
/// A supplier's words are never inflected and never decide about grammar: every noun, article and verb of a sentence is
/// in these rules, and a product's name or value stands where it needs no form of its own.
pub(super) struct Rules {
    /// The language's tag.
    pub(super) tag: &'static str,
    /// The decimal sign.
    pub(super) decimal: char,
    /// The blank or sign between thousands in numbers of five digits or more.
    pub(super) thousands: char,
    /// The per cent sign with the blank before it, if any.
    pub(super) percent: &'static str,
    /// "About", before a number.
    pub(super) about: &'static str,
    /// `from {}`, of an age.
    pub(super) age: &'static str,
    /// "And".
    pub(super) and: &'static str,
    /// Whether a comma stands between two clauses with an "and".
    pub(super) comma: bool,
    /// Round a name in another language.
    pub(super) quotes: (char, char),
    /// A unit's name or symbol, for one and for any other number.
    pub(super) unit: fn(Unit, bool) -> &'static str,
    /// What a measure is called.
    pub(super) noun: fn(&FactKind) -> Option<Noun>,
    /// The verb between a measure and its value: for one and for several.
    pub(super) is: [&'static str; 2],
    /// How a property is told.
    pub(super) property: fn(&FactKind) -> Option<Property>,
    /// A property's value as this form of sentence wants it; `None` if it cannot be told so.
    pub(super) fitted: fn(&FactKind, Form, &str) -> Option<String>,
    /// A name as an object in the middle of a sentence: English wants its article.
    pub(super) object: fn(&str) -> String,
    /// Whether a value of several words loses its capital within a sentence.
    pub(super) small_values: bool,
    /// Words within a name behind which another "with" reads badly.
    pub(super) joins: &'static [&'static str],
    /// How a reader is addressed where the voice does not say.
    pub(super) address: Reader,
    /// Words that no shortened name ends in.
    pub(super) dangling: &'static [&'static str],
    /// Abbreviations in titles that can mean only one thing.
    pub(super) abbreviations: &'static [(&'static str, &'static str)],
    /// The sentences.
    pub(super) turns: Turns,
}

/// Turns of phrase for each kind of sentence; one is chosen by the product.
pub(super) struct Turns {
    /// What it is: `{name}`, `{the}` (the name as an object), `{quoted}`, `{brand}`, and `{list}` of measures.
    pub(super) opening: &'static [Turn],
    /// `{list}` of measures.
    pub(super) measures: &'static [Turn],
    /// `{list}` of properties.
    pub(super) properties: &'static [Turn],
    /// `{list}` of what else the supplier says.
    pub(super) others: &'static [Turn],
    /// `{list}` of diets.
    pub(super) diet: &'static [Turn],
    /// `{list}` of marks: turns for one, and for several.
    pub(super) certification: [&'static [Turn]; 2],
    /// `{list}` of care instructions.
    pub(super) care: &'static [Turn],
    /// `{text}`, word for word.
    pub(super) ingredients: &'static [Turn],
    /// `{text}`, word for word.
    pub(super) allergens: &'static [Turn],
    /// `{text}`, word for word.
    pub(super) may_contain: &'static [Turn],
    /// `{category}`.
    pub(super) category: &'static [Turn],
}

/// A sentence with places in braces.
#[derive(Debug, Clone, Copy)]
pub(super) struct Turn {
    pub(super) text: &'static str,
    /// How the facts of `{list}` are told.
    pub(super) form: Form,
    /// Whom the sentence speaks to.
    pub(super) to: Reader,
}

/// How a fact is told within a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Not at all: the sentence has no list.
    Nothing,
    /// Behind "with": `a weight of 450 g`, in German in the dative.
    With,
    /// Behind "has": `a weight of 450 g`, in German in the accusative.
    Having,
    /// As a clause: `the weight is 450 g`.
    Clause,
    /// Behind a verb that stands before: `the weight 450 g`.
    Definite,
    /// As a verb and what goes with it: `is made of cotton`.
    Predicate,
    /// Named, separated by commas: `weight 450 g, width 3 cm`.
    Label,
    /// Named with a colon, separated by semicolons: `weight: 450 g; width: 3 cm`.
    Pair,
}

/// Whom a sentence speaks to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reader {
    /// Nobody.
    Nobody,
    /// Anybody: the language has one form of address.
    Anybody,
    /// A reader addressed as a friend.
    Familiar,
    /// A reader addressed with respect.
    Formal,
}

/// A sentence that tells its facts in `form`.
pub(super) const fn turn(form: Form, text: &'static str) -> Turn {
    Turn { text, form, to: Reader::Nobody }
}

impl Turn {
    /// The sentence speaks to the reader in the language's only form.
    pub(super) const fn anybody(self) -> Self {
        Self { to: Reader::Anybody, ..self }
    }

    /// The sentence speaks to a friend.
    pub(super) const fn familiar(self) -> Self {
        Self { to: Reader::Familiar, ..self }
    }

    /// The sentence speaks with respect.
    pub(super) const fn formal(self) -> Self {
        Self { to: Reader::Formal, ..self }
    }
}

/// What a measure is called.
#[derive(Debug, Clone, Copy)]
pub(super) struct Noun {
    /// `a weight of`, behind "with".
    pub(super) with: &'static str,
    /// `a weight of`, behind "has".
    pub(super) having: &'static str,
    /// `the weight`.
    pub(super) the: &'static str,
    /// `weight`.
    pub(super) label: &'static str,
    /// Whether the verb is that of several.
    pub(super) several: bool,
}

/// How a property is told; each with one value and with several.
#[derive(Debug, Clone, Copy)]
pub(super) struct Property {
    /// `the colour is {}`.
    pub(super) clause: [&'static str; 2],
    /// `comes in {}`.
    pub(super) predicate: [&'static str; 2],
    /// `the colour {}`; empty where there is no such form.
    pub(super) definite: [&'static str; 2],
    /// `colour`.
    pub(super) label: [&'static str; 2],
}

/// A property told alike with one value and with several.
pub(super) const fn same(
    clause: &'static str,
    predicate: &'static str,
    definite: &'static str,
    label: &'static str,
) -> Property {
    Property { clause: [clause; 2], predicate: [predicate; 2], definite: [definite; 2], label: [label; 2] }
}

/// For languages whose adjectives for "coloured like" are nouns with an ending: `färgen är silver`, not `silverfärgad`.
pub(super) fn colour_as_noun(kind: &FactKind, form: Form, value: &str, ending: &str) -> Option<String> {
    if *kind != FactKind::Colour || matches!(form, Form::Label | Form::Pair) {
        return Some(value.to_owned());
    }
    let word = |word: &str| match word.strip_suffix(ending) {
        None if word.starts_with("transparent") => None,
        // `flerfärgad`, `elfenbensfarvet`: no noun stands before the ending.
        Some(stem) if stem.ends_with(['s', 'r']) || stem.is_empty() => None,
        Some(stem) => Some(stem.to_owned()),
        None => Some(word.to_owned()),
    };
    value.split(' ').map(word).collect::<Option<Vec<_>>>().map(|words| words.join(" "))
}

/// For languages whose names need no article.
pub(super) fn bare(name: &str) -> String {
    name.to_owned()
}
