//! Which facts go into which sentence.

use super::rules::{self, Opening, Rules, capitalised};
use super::title::Names;
use crate::Sentence;
use crate::description::{CATEGORY_FIELD, SHORT_MOST};
use crate::facts::{Fact, FactKind, FactValue, Facts, LeftOut, Reason};

/// How many measures the opening sentence carries, and the one after it.
const OPENING_MOST: usize = 2;
const MEASURES_MOST: usize = 4;

/// How many properties under a supplier's own name are told.
const OTHERS_MOST: usize = 4;

/// The most sentences.
const SENTENCES_MOST: usize = 4;

/// The most characters of a category's name.
const CATEGORY_MOST: usize = 80;

/// All that a short text is written from.
pub(super) struct Plan<'a> {
    pub(super) facts: &'a Facts,
    pub(super) names: &'a Names,
    pub(super) category: Option<&'a str>,
    pub(super) rules: &'a dyn Rules,
    /// Chooses among turns of phrase.
    pub(super) turn: usize,
}

/// The sentences written.
pub(super) struct Written {
    pub(super) sentences: Vec<Sentence>,
    /// How many facts beside the title they state.
    pub(super) stated: usize,
    pub(super) left_out: Vec<LeftOut>,
}

/// A fact in words: as an indefinite phrase and as a clause of its own.
struct Clause {
    phrase: String,
    clause: String,
    fields: Vec<String>,
}

impl Plan<'_> {
    /// Writes the sentences: what it is, its measures, its properties, what else the supplier says, where it stands.
    pub(super) fn sentences(&self) -> Written {
        let mut left_out = Vec::new();
        let mut measures = Vec::new();
        let mut properties = Vec::new();
        let mut others = Vec::new();
        for fact in self.facts.facts.iter().filter(|fact| fact.kind != FactKind::Brand) {
            match self.clause(fact) {
                Ok((Group::Measure, clause)) => measures.push(clause),
                Ok((Group::Property, clause)) => properties.push(clause),
                Ok((Group::Other, clause)) => others.push(clause),
                Err(reason) => left_out.push(LeftOut { field: fact.source.clone(), reason }),
            }
        }
        let mut keep = |clauses: &mut Vec<Clause>, most: usize| {
            for clause in clauses.drain(most.min(clauses.len())..) {
                left_out
                    .extend(clause.fields.into_iter().map(|field| LeftOut { field, reason: Reason::NoRoom }));
            }
        };
        keep(&mut measures, OPENING_MOST + MEASURES_MOST);
        keep(&mut others, OTHERS_MOST);
        let brand = usize::from(self.names.brand.is_some());
        let mut stated = brand + measures.len() + properties.len() + others.len();

        let mut sentences = vec![self.opening(&mut measures)];
        let mut middle: Vec<Sentence> =
            [self.measures(&measures), self.properties(&properties)].into_iter().flatten().collect();
        if (self.turn / 7).is_multiple_of(2) {
            middle.reverse();
        }
        sentences.append(&mut middle);
        sentences.extend(self.others(&others));
        if sentences.len() < SENTENCES_MOST {
            sentences.extend(self.category());
        }
        // Names and values are capped, so this cuts only the rarest text.
        while sentences.len() > 1 && length(&sentences) > SHORT_MOST {
            let Some(cut) = sentences.pop() else { break };
            stated =
                stated.saturating_sub(cut.fields.iter().filter(|field| *field != CATEGORY_FIELD).count());
            left_out.extend(cut.fields.into_iter().map(|field| LeftOut { field, reason: Reason::NoRoom }));
        }
        Written { sentences, stated, left_out }
    }

    fn clause(&self, fact: &Fact) -> Result<(Group, Clause), Reason> {
        let own_language = self.rules.is(self.facts.language.as_ref());
        let with = |group, phrase: String, clause: String| {
            Ok((group, Clause { phrase, clause, fields: fact.fields().map(str::to_owned).collect() }))
        };
        let (value, several) = match (&fact.kind, &fact.value) {
            (FactKind::Size, FactValue::Text(text)) if own_language || is_code(text) => (text.clone(), false),
            (FactKind::Colour | FactKind::Material, FactValue::Text(text)) if own_language => {
                (uncapitalised(text), false)
            }
            (FactKind::Other { .. }, FactValue::Text(text)) if own_language => (text.clone(), false),
            (_, value) => rules::value(self.rules, value).ok_or(Reason::NotTranslatable)?,
        };
        if let FactKind::Other { name } = &fact.kind {
            if !own_language {
                return Err(Reason::NotTranslatable);
            }
            let value = if is_common(name, &value) { uncapitalised(&value) } else { value };
            let item = format!("{} ({value})", uncapitalised(name));
            return with(Group::Other, item.clone(), item);
        }
        if let Some((phrase, clause)) = self.rules.measure(&fact.kind, &value) {
            return with(Group::Measure, phrase, clause);
        }
        let clause = self.rules.property(&fact.kind, &value, several).ok_or(Reason::NotTranslatable)?;
        with(Group::Property, String::new(), clause)
    }

    /// Takes the first measures with it, where the language's rules let it.
    fn opening(&self, measures: &mut Vec<Clause>) -> Sentence {
        let own_language = self.rules.is(self.facts.language.as_ref());
        let name = &self.names.name;
        let taken: Vec<Clause> = match self.rules.takes_measures(name) {
            true => measures.drain(..OPENING_MOST.min(measures.len())).collect(),
            false => Vec::new(),
        };
        let phrases: Vec<String> = taken.iter().map(|clause| clause.phrase.clone()).collect();
        let list = self.rules.list(&phrases);
        let text = self.rules.opening(&Opening {
            name,
            own: own_language,
            brand: self.names.brand.as_deref(),
            measures: (!taken.is_empty()).then_some(&list),
            turn: self.turn,
        });
        let mut fields = vec!["title".to_owned()];
        fields.extend(self.names.brand.as_ref().map(|_| "brand".to_owned()));
        fields.extend(taken.into_iter().flat_map(|clause| clause.fields));
        sentence(&text, fields)
    }

    fn measures(&self, measures: &[Clause]) -> Option<Sentence> {
        if measures.is_empty() {
            return None;
        }
        let having = (self.turn / 3).is_multiple_of(2);
        let parts: Vec<String> =
            measures.iter().map(|m| if having { m.phrase.clone() } else { m.clause.clone() }).collect();
        let list = self.rules.list(&parts);
        let text = if having { self.rules.having(&list) } else { format!("{}.", capitalised(&list)) };
        Some(sentence(&text, fields(measures)))
    }

    fn properties(&self, properties: &[Clause]) -> Option<Sentence> {
        let clauses: Vec<String> = properties.iter().map(|property| property.clause.clone()).collect();
        let text = format!("{}.", capitalised(&self.rules.list(&clauses)));
        (!properties.is_empty()).then(|| sentence(&text, fields(properties)))
    }

    fn others(&self, others: &[Clause]) -> Option<Sentence> {
        let items: Vec<String> = others.iter().map(|other| other.clause.clone()).collect();
        let text = self.rules.supplier_states(&self.rules.list(&items));
        (!others.is_empty()).then(|| sentence(&text, fields(others)))
    }

    fn category(&self) -> Option<Sentence> {
        let name = self.category.map(str::trim)?;
        let fits =
            !name.is_empty() && name.chars().count() <= CATEGORY_MOST && !name.contains(char::is_control);
        let text = self.rules.in_category(name, self.turn / 5);
        fits.then(|| sentence(&text, vec![CATEGORY_FIELD.to_owned()]))
    }
}

/// Where a fact is told.
enum Group {
    Measure,
    Property,
    Other,
}

fn fields(clauses: &[Clause]) -> Vec<String> {
    clauses.iter().flat_map(|clause| clause.fields.clone()).collect()
}

fn sentence(text: &str, mut fields: Vec<String>) -> Sentence {
    let mut seen = Vec::new();
    fields.retain(|field| {
        let new = !seen.contains(field);
        seen.push(field.clone());
        new
    });
    // `approx.` may end a sentence; no other text of ours ends in two stops.
    Sentence { text: text.replace("..", "."), fields }
}

fn length(sentences: &[Sentence]) -> usize {
    sentences.iter().map(|sentence| sentence.text.chars().count() + 1).sum::<usize>().saturating_sub(1)
}

/// Sizes that are the same in every language: `M`, `EU 42`, `38/40`.
fn is_code(text: &str) -> bool {
    !text.chars().any(|c| c.is_lowercase() || matches!(c, ',' | '.'))
}

/// Whether a value is made of common words: those of a property whose values are never names, or several words of
/// which only the first has a capital.
fn is_common(name: &str, value: &str) -> bool {
    const COMMON: &[&str] = &[
        "smak",
        "doft",
        "rostning",
        "rostgrad",
        "form",
        "mönster",
        "ytbehandling",
        "finish",
        "typ",
        "flavour",
        "flavor",
        "scent",
        "fragrance",
        "roast",
        "shape",
        "pattern",
        "type",
        "handle",
        "handtag",
    ];
    COMMON.contains(&name.to_lowercase().as_str())
        || value.split(' ').count() > 1 && value.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | ','))
}

/// A word with a capital only at its start, without it.
fn uncapitalised(text: &str) -> String {
    let plain = text.chars().skip(1).all(|c| !c.is_uppercase());
    if plain { text.to_lowercase() } else { text.to_owned() }
}
