//! A fact made ready to be told: which words it has in a language, and how they stand in each form of sentence.

use berika_catalog::Language;

use super::labels::{is_word, translated};
use super::notation::{fill, uncapitalised};
use super::rules::{Form, Noun, Property, Rules};
use crate::facts::{Fact, FactKind, FactValue, Facts, Reason};

/// A fact with its words.
pub(super) struct Told<'a> {
    pub(super) fact: &'a Fact,
    pub(super) group: Group,
    words: Words,
}

/// Which sentences a fact belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Group {
    Measure,
    Property,
    Diet,
    Certification,
    Care,
    Other,
    Ingredients,
    Allergens,
    MayContain,
}

enum Words {
    Measure {
        noun: Noun,
        value: String,
    },
    Property {
        property: Property,
        value: String,
        several: bool,
    },
    /// A property under the supplier's own name.
    Named {
        name: String,
        value: String,
    },
    /// Statements that stand in a list of their own.
    Items(Vec<String>),
    /// Word for word.
    Text(String),
}

impl<'a> Told<'a> {
    /// The fact in a language.
    ///
    /// # Errors
    /// The [`Reason`] why it has no words there.
    pub(super) fn new(
        fact: &'a Fact,
        facts: &Facts,
        rules: &Rules,
        language: &Language,
    ) -> Result<Self, Reason> {
        let own = rules.is(facts.language.as_ref());
        let told = |group, words| Ok(Self { fact, group, words });
        let group = match fact.kind {
            FactKind::Diet => Group::Diet,
            FactKind::Certification => Group::Certification,
            FactKind::Care => Group::Care,
            FactKind::Ingredients => Group::Ingredients,
            FactKind::Allergens => Group::Allergens,
            FactKind::MayContain => Group::MayContain,
            _ => Group::Property,
        };
        match (&fact.kind, &fact.value) {
            (_, FactValue::Verbatim(text)) if own => return told(group, Words::Text(sentence_end(text))),
            (FactKind::Diet | FactKind::Certification | FactKind::Care, FactValue::Words(parts)) => {
                let items = parts.iter().map(|part| part.word.in_language(language).map(str::to_owned));
                let items = items.collect::<Option<Vec<_>>>().ok_or(Reason::NotTranslatable)?;
                return told(group, Words::Items(items));
            }
            _ => {}
        }
        if let (FactKind::Other { name }, false) = (&fact.kind, own) {
            let translated = translated(name, &fact.value, facts.language.as_ref(), rules, language);
            let (name, value) = translated.ok_or(Reason::NotTranslatable)?;
            return told(Group::Other, Words::Named { name, value });
        }
        let (value, several) = match (&fact.kind, &fact.value) {
            (FactKind::Colour | FactKind::Material, FactValue::Text(text)) if own => {
                (if rules.small_values { uncapitalised(text) } else { text.clone() }, false)
            }
            (FactKind::Other { .. }, FactValue::Text(text)) => (text.clone(), false),
            (FactKind::Colour | FactKind::Material, FactValue::Text(_)) => {
                return Err(Reason::NotTranslatable);
            }
            (_, FactValue::Text(text)) if own || is_code(text) => (text.clone(), false),
            (_, value) => rules.value(value, language).ok_or(Reason::NotTranslatable)?,
        };
        if let FactKind::Other { name } = &fact.kind {
            let small = rules.small_values && is_common(name, &value, facts.language.as_ref());
            let value = if small { uncapitalised(&value) } else { value };
            let name = if rules.small_values { uncapitalised(name) } else { name.clone() };
            return told(Group::Other, Words::Named { name, value });
        }
        if let Some(noun) = (rules.noun)(&fact.kind) {
            return told(Group::Measure, Words::Measure { noun, value });
        }
        let property = (rules.property)(&fact.kind).ok_or(Reason::NotTranslatable)?;
        let value = match fact.kind {
            FactKind::AgeRecommendation => fill(rules.age, &[("", &value)]),
            _ => value,
        };
        told(Group::Property, Words::Property { property, value, several })
    }

    /// The fact as it stands in a sentence of this form; `None` where it cannot be told so.
    pub(super) fn in_form(&self, form: Form, rules: &Rules) -> Option<String> {
        match &self.words {
            Words::Measure { noun, value } => Some(match form {
                Form::With => format!("{} {value}", noun.with),
                Form::Having => format!("{} {value}", noun.having),
                Form::Clause => format!("{} {} {value}", noun.the, rules.is[usize::from(noun.several)]),
                // The verb stands before them all, and is that of one.
                Form::Definite if noun.several && rules.is[0] != rules.is[1] => return None,
                Form::Definite => format!("{} {value}", noun.the),
                Form::Label => format!("{} {value}", noun.label),
                Form::Pair => format!("{}: {value}", noun.label),
                Form::Nothing | Form::Predicate => return None,
            }),
            Words::Property { property, value, several } => {
                let value = (rules.fitted)(&self.fact.kind, form, value)?;
                let several = usize::from(*several);
                let template = match form {
                    Form::Clause => property.clause[several],
                    Form::Predicate => property.predicate[several],
                    Form::Definite => property.definite[several],
                    Form::Label => return Some(format!("{} {value}", property.label[several])),
                    Form::Pair => return Some(format!("{}: {value}", property.label[several])),
                    Form::Nothing | Form::With | Form::Having => return None,
                };
                (!template.is_empty()).then(|| fill(template, &[("", &value)]))
            }
            Words::Named { name, value } => match form {
                Form::Clause => Some(format!("{name} ({value})")),
                Form::Pair => Some(format!("{name}: {value}")),
                Form::Label => Some(format!("{name} {value}")),
                _ => None,
            },
            Words::Items(_) | Words::Text(_) => None,
        }
    }

    /// The statements of a fact that is a list of them.
    pub(super) fn items(&self) -> &[String] {
        match &self.words {
            Words::Items(items) => items,
            _ => &[],
        }
    }

    /// The text of a fact that is copied word for word, without its full stop.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.words {
            Words::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The bare value of a colour, a material or a measure.
    pub(super) fn value(&self) -> Option<&str> {
        match &self.words {
            Words::Measure { value, .. } | Words::Property { value, .. } | Words::Named { value, .. } => {
                Some(value)
            }
            Words::Items(_) | Words::Text(_) => None,
        }
    }
}

/// Without the full stop and blanks at its end: the sentence has its own.
fn sentence_end(text: &str) -> String {
    text.trim().trim_end_matches(['.', ' ']).to_owned()
}

/// Values that are the same in every language: `M`, `EU 42`, `38/40`, `E27`.
pub(super) fn is_code(text: &str) -> bool {
    !text.chars().any(|c| c.is_lowercase() || matches!(c, ',' | '.'))
}

/// Whether a value is made of common words: listed ones, those of a property whose values are never names, or several words of
/// which only the first has a capital.
fn is_common(name: &str, value: &str, language: Option<&Language>) -> bool {
    const COMMON: &[&str] = &[
        "smak",
        "doft",
        "duft",
        "rostning",
        "rostgrad",
        "form",
        "mönster",
        "mønster",
        "ytbehandling",
        "finish",
        "typ",
        "type",
        "smag",
        "lugt",
        "lukt",
        "flavour",
        "flavor",
        "scent",
        "fragrance",
        "roast",
        "shape",
        "pattern",
        "handle",
        "handtag",
        "håndtag",
    ];
    COMMON.contains(&name.to_lowercase().as_str())
        || language.is_some_and(|language| is_word(value, language))
        || value.split(' ').count() > 1 && value.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | ','))
}
