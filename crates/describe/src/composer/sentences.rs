//! Facts into sentences: which turn of phrase a product gets, and what stands in one sentence.

use berika_catalog::Language;

use super::notation::{capitalised, fill};
use super::rules::{Form, Reader, Rules, Turn};
use super::title::{Names, shortened};
use super::told::{Group, Told};
use crate::description::CATEGORY_FIELD;
use crate::voice::{Address, Voice};
use crate::{Author, Part, Sentence, Text};

/// The most characters of a category's name.
const CATEGORY_MOST: usize = 80;

/// All that a product's texts in one language are written from.
pub(super) struct Writer<'a> {
    pub(super) names: &'a Names,
    pub(super) told: Vec<Told<'a>>,
    pub(super) category: Option<&'a str>,
    pub(super) rules: &'static Rules,
    pub(super) language: &'a Language,
    pub(super) voice: &'a Voice,
    /// Whether the name is in the language written; a foreign one is quoted.
    pub(super) own: bool,
    /// Chooses among turns of phrase.
    pub(super) seed: u64,
}

/// A sentence and the facts it tells, as places in [`Writer::told`].
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) sentence: Sentence,
    pub(super) told: Vec<usize>,
}

impl Line {
    fn new(text: String, fields: Vec<String>, told: Vec<usize>) -> Self {
        let mut kept: Vec<String> = Vec::with_capacity(fields.len());
        for field in fields {
            if !kept.contains(&field) {
                kept.push(field);
            }
        }
        // `approx.` and `stk.` may end a sentence.
        let text = match text.strip_suffix("..") {
            Some(rest) => format!("{rest}."),
            None => text,
        };
        Self { sentence: Sentence { text, fields: kept }, told }
    }

    pub(super) fn length(&self) -> usize {
        self.sentence.text.chars().count()
    }
}

impl Writer<'_> {
    /// A number below `of` that stays with the product, the text and what it decides.
    pub(super) fn pick(&self, part: Part, what: &str, of: usize) -> usize {
        let mut hash = self.seed;
        for byte in part.as_str().bytes().chain([0]).chain(what.bytes()) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        // The finaliser of splitmix64: a remainder needs every bit mixed.
        hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        hash ^= hash >> 31;
        usize::try_from(hash % of.max(1) as u64).unwrap_or_default()
    }

    /// The facts of one group, in the order in which they are told.
    pub(super) fn of_group(&self, group: Group) -> Vec<usize> {
        (0..self.told.len()).filter(|&at| self.told[at].group == group).collect()
    }

    /// What it is, with up to `most` of `measures`; fewer where the voice wants short sentences.
    pub(super) fn opening(&self, part: Part, measures: &[usize], most: usize) -> Line {
        let fits = |line: &Line| self.is_short(&line.sentence.text);
        let from = most.min(measures.len());
        let some =
            (1..=from).rev().find_map(|k| self.opening_in(part, &measures[..k], |_| true).filter(fits));
        some.or_else(|| self.opening_in(part, &[], |_| true)).unwrap_or_else(|| self.bare_name(usize::MAX))
    }

    /// What it is, in a turn that is `wanted`.
    pub(super) fn opening_in(
        &self,
        part: Part,
        measures: &[usize],
        wanted: impl Fn(&Turn) -> bool,
    ) -> Option<Line> {
        let Names { name, brand, .. } = self.names;
        let lower = name.to_lowercase();
        let joined = self.rules.joins.iter().any(|word| lower.contains(word));
        let usable = |turn: &Turn| {
            wanted(turn)
                && turn.text.contains("{brand}") == brand.is_some()
                && (turn.form == Form::Nothing) == measures.is_empty()
                && !(turn.form == Form::With && joined)
                && !(turn.text.contains("({list})") && name.contains('('))
                && !(turn.text.contains("{name}:") && name.contains(':'))
                && (measures.is_empty() || self.list(measures, turn.form).is_some())
        };
        let turn = self.turn(part, "opening", self.rules.turns.opening, None, usable)?;
        let list = self.list(measures, turn.form).unwrap_or_default();
        let quoted = self.rules.quote(name);
        let the = (self.rules.object)(name);
        let text = fill(
            turn.text,
            &[
                ("name", if self.own { name } else { &quoted }),
                ("the", if self.own { &the } else { &quoted }),
                ("quoted", &quoted),
                ("brand", brand.as_deref().unwrap_or_default()),
                ("list", &list),
            ],
        );
        let mut fields = vec!["title".to_owned()];
        fields.extend(brand.as_ref().map(|_| "brand".to_owned()));
        fields.extend(self.fields(measures));
        Some(Line::new(text, fields, measures.to_vec()))
    }

    /// The name alone, at most `most` characters with its full stop.
    pub(super) fn bare_name(&self, most: usize) -> Line {
        let name = shortened(&self.names.name, most.saturating_sub(1), self.rules.dangling);
        Line::new(format!("{name}."), vec!["title".to_owned()], Vec::new())
    }

    /// Facts in sentences of at most `per`, behind those that are there.
    pub(super) fn tell(
        &self,
        part: Part,
        what: &str,
        turns: &'static [Turn],
        facts: &[usize],
        per: usize,
        lines: &mut Vec<Line>,
    ) {
        // Five facts by four make three and two, not four and one.
        let sentences = facts.len().div_ceil(per.max(1)).max(1);
        for chunk in facts.chunks(facts.len().div_ceil(sentences).max(1)) {
            self.sentence(part, what, turns, chunk, lines);
        }
    }

    /// One sentence, or two where it would be longer than the voice allows.
    fn sentence(
        &self,
        part: Part,
        what: &str,
        turns: &'static [Turn],
        facts: &[usize],
        lines: &mut Vec<Line>,
    ) {
        // A heading stands over several facts.
        let headed = |turn: &Turn| turn.form == Form::Label && facts.len() == 1;
        let usable = |turn: &Turn| !headed(turn) && self.list(facts, turn.form).is_some();
        let told = self.turn(part, what, turns, lines.last(), usable).and_then(|turn| {
            let list = self.list(facts, turn.form)?;
            let list = if turn.text.starts_with('{') { capitalised(&list) } else { list };
            Some(fill(turn.text, &[("list", &list)]))
        });
        match told {
            Some(text) if facts.len() == 1 || self.is_short(&text) => {
                lines.push(Line::new(text, self.fields(facts), facts.to_vec()));
            }
            // Nothing says them together, or nothing short.
            _ if facts.len() > 1 => {
                let (first, second) = facts.split_at(facts.len().div_ceil(2));
                self.sentence(part, what, turns, first, lines);
                self.sentence(part, what, turns, second, lines);
            }
            _ => {}
        }
    }

    /// The statements of all facts of a group as one list: diets, marks, care instructions.
    pub(super) fn items(&self, part: Part, group: Group, before: Option<&Line>) -> Option<Line> {
        let facts = self.of_group(group);
        let mut items: Vec<String> = Vec::new();
        for item in facts.iter().flat_map(|&at| self.told[at].items()) {
            if !items.contains(item) {
                items.push(item.clone());
            }
        }
        let turns = &self.rules.turns;
        let turns = match group {
            Group::Diet => turns.diet,
            Group::Certification => turns.certification[usize::from(items.len() > 1)],
            _ => turns.care,
        };
        if items.is_empty() {
            return None;
        }
        // `the product is no added sugar` is none.
        let adjectives = items.iter().all(|item| !item.starts_with("no "));
        let usable = |turn: &Turn| turn.form == Form::Label || adjectives || group != Group::Diet;
        let turn = self.turn(part, group.name(), turns, before, usable)?;
        let list = if turn.form == Form::Label { items.join(", ") } else { self.rules.list(&items) };
        Some(Line::new(fill(turn.text, &[("list", &list)]), self.fields(&facts), facts))
    }

    /// Food information, word for word; never with a turn that adds to it.
    pub(super) fn verbatim(&self, part: Part) -> Vec<Line> {
        let turns = &self.rules.turns;
        let told = |&at: &usize| {
            let told = &self.told[at];
            let turns = match told.group {
                Group::Ingredients => turns.ingredients,
                Group::Allergens => turns.allergens,
                _ => turns.may_contain,
            };
            let turn = self.turn(part, told.group.name(), turns, None, |_| true)?;
            Some(Line::new(fill(turn.text, &[("text", told.text()?)]), self.fields(&[at]), vec![at]))
        };
        let groups = [Group::Ingredients, Group::Allergens, Group::MayContain];
        groups.into_iter().flat_map(|group| self.of_group(group)).filter_map(|at| told(&at)).collect()
    }

    /// Where it stands in the shop.
    pub(super) fn category(&self, part: Part, before: Option<&Line>) -> Option<Line> {
        let name = self.category.map(str::trim)?;
        let fits =
            !name.is_empty() && name.chars().count() <= CATEGORY_MOST && !name.contains(char::is_control);
        let turn = self.turn(part, "category", self.rules.turns.category, before, |_| fits)?;
        let text = fill(turn.text, &[("category", name)]);
        Some(Line::new(text, vec![CATEGORY_FIELD.to_owned()], Vec::new()))
    }

    /// The turn that the product chooses among the usable ones, not with the beginning of the sentence before.
    fn turn(
        &self,
        part: Part,
        what: &str,
        turns: &'static [Turn],
        before: Option<&Line>,
        usable: impl Fn(&Turn) -> bool,
    ) -> Option<&'static Turn> {
        let mut fit: Vec<&Turn> = turns.iter().filter(|turn| self.speaks(turn.to) && usable(turn)).collect();
        let mut prefer = |wanted: &dyn Fn(&Turn) -> bool| {
            if fit.iter().any(|turn| wanted(turn)) {
                fit.retain(|turn| wanted(turn));
            }
        };
        // Where every turn holds a word that the voice does not want, one must still be taken.
        if !self.voice.banned.is_empty() || !self.voice.preferred.is_empty() {
            prefer(&|turn| self.voice.check_sentence(turn.text, Some(self.language)).is_ok());
        }
        if let Some(before) = before {
            prefer(&|turn| beginning(turn.text) != beginning(&before.sentence.text));
        }
        fit.get(self.pick(part, what, fit.len())).copied()
    }

    /// Whether the voice lets a sentence speak to this reader.
    fn speaks(&self, to: Reader) -> bool {
        match (to, self.voice.address) {
            (Reader::Nobody | Reader::Anybody, _) => true,
            (_, Address::None) => to == self.rules.address,
            (Reader::Familiar, address) => address == Address::Informal,
            (Reader::Formal, address) => address == Address::Formal,
        }
    }

    /// Whether a sentence has no more words than the voice allows.
    fn is_short(&self, sentence: &str) -> bool {
        sentence.split_whitespace().count() <= self.voice.sentence_words_most
    }

    /// Facts as a list of the form; `None` where one of them has no such form or the list would be misread.
    pub(super) fn list(&self, facts: &[usize], form: Form) -> Option<String> {
        if facts.is_empty() {
            return None;
        }
        let items = facts.iter().map(|&at| self.told[at].in_form(form, self.rules));
        let items = items.collect::<Option<Vec<_>>>()?;
        let nested = items.len() > 1 && items.iter().any(|item| self.rules.is_list(item));
        match form {
            Form::Label if nested => None,
            Form::Label => Some(items.join(", ")),
            Form::Pair => Some(items.join("; ")),
            // One subject or verb for all: no comma may stand before the last.
            Form::Predicate | Form::Definite if nested => None,
            Form::Predicate => Some(self.predicates(&items)),
            Form::Clause if self.told[facts[0]].group != Group::Other => Some(self.rules.clauses(&items)),
            _ => Some(self.rules.list(&items)),
        }
    }

    /// `has A and B and is made of C`: neighbours with the same verb share it.
    fn predicates(&self, items: &[String]) -> String {
        let mut verbs: Vec<(&str, Vec<String>)> = Vec::new();
        for item in items {
            let (verb, rest) = item.split_once(' ').unwrap_or((item, ""));
            match verbs.last_mut() {
                Some((last, objects)) if *last == verb => objects.push(rest.to_owned()),
                _ => verbs.push((verb, vec![rest.to_owned()])),
            }
        }
        let told: Vec<String> =
            verbs.iter().map(|(verb, objects)| format!("{verb} {}", self.rules.list(objects))).collect();
        self.rules.joined(&told, false)
    }

    fn fields(&self, facts: &[usize]) -> Vec<String> {
        facts.iter().flat_map(|&at| self.told[at].fact.fields()).map(str::to_owned).collect()
    }
}

/// The first word: two sentences in a row that begin with "The product" or "According to" read badly.
fn beginning(text: &str) -> Option<&str> {
    text.split(' ').next()
}

impl Group {
    fn name(self) -> &'static str {
        match self {
            Self::Measure => "measure",
            Self::Property => "property",
            Self::Diet => "diet",
            Self::Certification => "certification",
            Self::Care => "care",
            Self::Other => "other",
            Self::Ingredients => "ingredients",
            Self::Allergens => "allergens",
            Self::MayContain => "may-contain",
        }
    }
}

/// Sentences as a text, a blank between them.
pub(super) fn text(lines: &[Line]) -> Text {
    paragraphs(std::slice::from_ref(&lines.to_vec()))
}

/// Paragraphs of sentences as a text, an empty line between them.
pub(super) fn paragraphs(paragraphs: &[Vec<Line>]) -> Text {
    let mut text = String::new();
    for paragraph in paragraphs.iter().filter(|paragraph| !paragraph.is_empty()) {
        text.push_str(if text.is_empty() { "" } else { "\n\n" });
        for (at, line) in paragraph.iter().enumerate() {
            text.push_str(if at == 0 { "" } else { " " });
            text.push_str(&line.sentence.text);
        }
    }
    let sentences = paragraphs.iter().flatten().map(|line| line.sentence.clone()).collect();
    Text { text, sentences, by: Author::Composer }
}
