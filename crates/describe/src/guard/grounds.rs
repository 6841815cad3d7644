//! What a product's fields give a sentence to rest on.

use std::collections::{HashMap, HashSet};

use berika_catalog::Language;

use super::inflection::{Tongue, is_form_of};
use super::tokens::{self, Token, folded};
use super::vocabulary::{Role, Vocabulary};
use crate::facts::qualifying::{denies, is_qualified, relates};
use crate::facts::quantity::scan;
use crate::facts::{Fact, FactKind, FactValue, Quantity, Unit, Word, usable_title};
use crate::{Request, composer};

/// What a word of a sentence rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ground {
    /// A word of the title.
    Title,
    /// The brand, whole.
    Brand,
    /// The category's name, whole.
    Category,
    /// A word that the voice declares harmless.
    Voice,
    /// A fact's value.
    Fact(usize),
    /// The supplier's own name of a fact.
    NameOf(usize),
}

/// Words that may stand in a sentence.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) words: Vec<Token>,
    pub(super) ground: Ground,
}

/// A quantity of the title, and the word before it.
#[derive(Debug)]
pub(super) struct TitleQuantity {
    pub(super) quantity: Quantity,
    /// It is told of something else, so that it needs the word before it: `max 25 kg`.
    pub(super) behind: Option<String>,
    /// The words before and after a share, which is told beside one of them: `70 % cocoa`.
    pub(super) beside: Option<[String; 2]>,
}

/// Everything that sentences about a product in one language may rest on.
#[derive(Debug)]
pub(super) struct Grounds<'a> {
    pub(super) facts: &'a [Fact],
    language: &'a Language,
    pub(super) tongue: Option<Tongue>,
    /// The product's own language, if it is another and has a vocabulary.
    pub(super) foreign: Option<Tongue>,
    pub(super) title: String,
    /// The title's words without brand and quantities.
    pub(super) name: Vec<Token>,
    pub(super) brand: Vec<Token>,
    pub(super) title_quantities: Vec<TitleQuantity>,
    /// Quantities that another field contradicts.
    pub(super) contradicted: Vec<Quantity>,
    /// Words next to one another in the title and in texts of facts.
    pub(super) neighbours: HashSet<(String, String)>,
    /// Whether the title denies or limits something, so that its words mean something else apart from one another.
    denied_title: bool,
    /// How many words of the name stand before one that brings another thing in: `Case` of `Case for iPhone`.
    head: usize,
    /// Words of the title behind "not" or "without".
    pub(super) negated: HashSet<String>,
    entries: Vec<Entry>,
    index: HashMap<String, Vec<usize>>,
}

impl<'a> Grounds<'a> {
    pub(super) fn of(request: &'a Request<'a>) -> Self {
        let facts = request.facts;
        let language = request.language;
        let title = folded(&request.values.title.as_deref().and_then(usable_title).unwrap_or_default());
        let foreign = facts.language.as_ref().filter(|own| *own != language);
        let mut grounds = Self {
            facts: &facts.facts,
            language,
            tongue: Tongue::of(language.as_str()),
            foreign: foreign.and_then(|own| Tongue::of(own.as_str())),
            title: title.to_lowercase(),
            name: Vec::new(),
            brand: Vec::new(),
            title_quantities: Vec::new(),
            contradicted: Vec::new(),
            neighbours: HashSet::new(),
            denied_title: false,
            head: 0,
            negated: HashSet::new(),
            entries: Vec::new(),
            index: HashMap::new(),
        };
        for (index, fact) in facts.facts.iter().enumerate() {
            grounds.add_fact(index, fact, language, foreign.is_none());
            grounds.add_translation(index, fact, foreign, language);
        }
        grounds.add_title(&title, request);
        if let Some(category) = request.category {
            let words = tokens::sentence(&folded(category), language);
            grounds.add(words, Ground::Category);
        }
        for word in &request.voice.neutral {
            grounds.add(tokens::sentence(&folded(word), language), Ground::Voice);
        }
        grounds
    }

    fn add_fact(&mut self, index: usize, fact: &Fact, language: &Language, own: bool) {
        let ground = Ground::Fact(index);
        let text = |text: &str| tokens::sentence(&folded(text), language);
        match &fact.value {
            FactValue::Quantity(_) => {}
            FactValue::Words(parts) => {
                for part in parts {
                    let written = part.word.in_language(language);
                    for spelling in part.word.spellings(language).chain(written) {
                        self.add(text(spelling), ground);
                    }
                }
            }
            FactValue::Text(value) if fact.kind == FactKind::Brand => {
                self.brand = text(value);
                self.add(text(value), Ground::Brand);
            }
            FactValue::Text(value) => {
                let code = !value.chars().any(char::is_lowercase);
                if own || code {
                    let words = text(value);
                    self.note_neighbours(&words);
                    // A few words may be told apart, a text only whole.
                    if words.len() <= 3 && !words.iter().any(Token::has_digit) && own && !is_qualified(value)
                    {
                        words.iter().for_each(|word| self.add(vec![word.clone()], ground));
                    }
                    self.add(words, ground);
                }
            }
            FactValue::Verbatim(value) => self.add(text(value), ground),
        }
        if let FactKind::Other { name } = &fact.kind
            && own
        {
            self.add(text(name), Ground::NameOf(index));
        }
    }

    /// The words that rules have in this language for a property under the supplier's own name in another.
    fn add_translation(&mut self, index: usize, fact: &Fact, from: Option<&Language>, language: &Language) {
        let FactKind::Other { name } = &fact.kind else { return };
        let Some((name, value)) = composer::property_in(name, &fact.value, from, language) else { return };
        let text = |text: &str| tokens::sentence(&folded(text), language);
        self.add(text(&name), Ground::NameOf(index));
        if matches!(&fact.value, FactValue::Text(text) if !denies(text)) {
            const AND: [&str; 4] = ["och", "and", "og", "und"];
            for word in
                text(&value).into_iter().filter(|word| !word.has_digit() && !AND.contains(&&*word.text))
            {
                self.add(vec![word], Ground::Fact(index));
            }
            self.add(text(&value), Ground::Fact(index));
        }
    }

    fn add_title(&mut self, title: &str, request: &Request<'_>) {
        let disputed = request.facts.conflicts.iter().flat_map(|conflict| &conflict.facts);
        self.contradicted = disputed
            .filter_map(|fact| match &fact.value {
                FactValue::Quantity(quantity) => Some(quantity.clone()),
                _ => None,
            })
            .collect();
        self.denied_title = denies(title);
        let found = scan(title, request.facts.language.as_ref());
        let spans = found.iter().map(|f| (f.start, f.end, f.quantity.clone())).collect();
        let words = tokens::tokens(title, spans);
        for (at, token) in words.iter().enumerate() {
            if let Some(quantity) =
                token.quantity.clone().filter(|quantity| !self.contradicted.contains(quantity))
            {
                let relative = found.iter().any(|f| f.start == token.start && f.relative);
                let before = words[..at].last().map(|word| word.text.clone()).unwrap_or_default();
                let after = words.get(at + 1).map(|word| word.text.clone()).unwrap_or_default();
                let share = quantity.unit == Unit::Percent;
                let beside = share.then(|| [before.clone(), after]);
                self.title_quantities.push(TitleQuantity {
                    quantity,
                    behind: relative.then_some(before),
                    beside,
                });
            }
        }
        self.note_neighbours(&words);
        let mut negating = 0;
        for token in &words {
            let negation =
                self.tongues().any(|t| Vocabulary::of(t).role(&token.text) == Some(&Role::Negation));
            if negation {
                negating = 3;
            } else if negating > 0 {
                negating -= 1;
                if !self.tongues().any(|t| Vocabulary::of(t).is_neutral(&token.text)) {
                    self.negated.insert(token.text.clone());
                }
            }
        }
        self.name =
            without_run(&words, &self.brand).into_iter().filter(|word| word.quantity.is_none()).collect();
        if self.name.is_empty() {
            self.name = words.iter().filter(|word| word.quantity.is_none()).cloned().collect();
        }
        let related = self.name.iter().position(|word| relates(&word.text));
        self.head = related.unwrap_or(self.name.len());
        // Words of another language stand in the name only, and so do those of a title that names other things beside the
        // product or denies something: `Case for iPhone`, `batteries not included`.
        let foreign = self.foreign.is_some();
        if !self.denied_title && !foreign {
            words
                .into_iter()
                .take_while(|word| !relates(&word.text))
                .filter(|word| word.quantity.is_none())
                .for_each(|word| self.add(vec![word], Ground::Title));
        }
    }

    /// The languages whose negations and comparisons are looked for.
    pub(super) fn tongues(&self) -> impl Iterator<Item = Tongue> {
        self.tongue.into_iter().chain(self.foreign).chain([Tongue::English])
    }

    fn note_neighbours(&mut self, words: &[Token]) {
        for pair in words.windows(2) {
            self.neighbours.insert((pair[0].text.clone(), pair[1].text.clone()));
        }
    }

    fn add(&mut self, words: Vec<Token>, ground: Ground) {
        let Some(first) = words.first() else { return };
        self.index.entry(key(&first.text)).or_default().push(self.entries.len());
        self.entries.push(Entry { words, ground });
    }

    /// The entries that stand at the start of `spoken` and are longest, with their number of words.
    pub(super) fn longest(&self, spoken: &[Token]) -> (usize, Vec<&Entry>) {
        let (mut most, mut found) = (0, Vec::new());
        let Some(first) = spoken.first() else { return (0, found) };
        let candidates = self.index.get(&key(&first.text)).into_iter().flatten();
        for entry in candidates.map(|index| &self.entries[*index]) {
            let length = entry.words.len();
            if length < most || length > spoken.len() || !self.stands(entry, &spoken[..length]) {
                continue;
            }
            if length > most {
                (most, found) = (length, Vec::new());
            }
            found.push(entry);
        }
        (most, found)
    }

    /// Whether `word` is the head of a compound of the title: `grytan` of `gjutjärnsgryta`.
    pub(super) fn is_head(&self, word: &str) -> bool {
        const HEAD_LEAST: usize = 4;
        const MODIFIER_LEAST: usize = 3;
        let compounds =
            matches!(self.tongue, Some(tongue) if tongue != Tongue::English) && self.foreign.is_none();
        const FALSE: &[&str] = &["konst", "kunst", "fusk", "imitation", "faux", "veg", "skinn", "falsk"];
        let of = |title: &Token| {
            if FALSE.iter().any(|modifier| title.text.starts_with(modifier)) {
                return false;
            }
            let heads = title.text.char_indices().skip(MODIFIER_LEAST).map(|(at, _)| &title.text[at..]);
            title.text.chars().all(char::is_alphabetic)
                && heads
                    .take_while(|head| head.chars().count() >= HEAD_LEAST)
                    .any(|head| is_form_of(word, head, self.tongue))
        };
        !self.denied_title
            && compounds
            && word.chars().count() >= HEAD_LEAST
            && self.name[..self.head].iter().any(of)
    }

    fn stands(&self, entry: &Entry, spoken: &[Token]) -> bool {
        let last = entry.words.len() - 1;
        entry.words.iter().zip(spoken).enumerate().all(|(at, (wanted, word))| {
            match (&wanted.quantity, &word.quantity) {
                (Some(a), Some(b)) => a == b,
                (None, None) => {
                    word.text == wanted.text
                        || at == last && self.inflects(entry.ground, &word.text, &wanted.text)
                }
                _ => false,
            }
        })
    }

    /// Whether `spoken` is `word` in the language written.
    pub(super) fn spells(&self, word: Word, spoken: &[Token]) -> bool {
        let written = word.in_language(self.language);
        word.spellings(self.language).chain(written).any(|spelling| {
            let words = tokens::sentence(&folded(spelling), self.language);
            words.len() == spoken.len()
                && words.iter().zip(spoken).all(|(a, b)| is_form_of(&b.text, &a.text, self.tongue))
        })
    }

    fn inflects(&self, ground: Ground, word: &str, source: &str) -> bool {
        match ground {
            // A name takes a genitive.
            Ground::Brand => word.strip_prefix(source).is_some_and(|end| matches!(end, "s" | "'s" | "'")),
            Ground::Fact(index) if matches!(self.facts[index].value, FactValue::Verbatim(_)) => false,
            _ => is_form_of(word, source, self.tongue),
        }
    }

    /// How many words at the start of `spoken` are the product's name, and whether it is whole. Quantities of the name may
    /// be left out, and others and the brand may stand within it: they are looked at apart.
    pub(super) fn name_at(&self, spoken: &[Token]) -> Option<(usize, bool)> {
        let (mut at, mut known, mut words, mut end) = (0, 0, 0, 0);
        while known < self.name.len() {
            let wanted = &self.name[known];
            let Some(token) = spoken.get(at) else { break };
            if is_same(&token.text, &wanted.text) {
                words += usize::from(wanted.quantity.is_none());
                known += 1;
                at += 1;
                end = at;
            } else if wanted.quantity.is_some() {
                at += usize::from(at > 0 && token.quantity == wanted.quantity);
                known += 1;
            } else if let Some(length) = self.joined(known, token) {
                words += length;
                known += length;
                at += 1;
                end = at;
            } else if at > 0 && token.quantity.is_some() {
                at += 1;
            } else if at > 0 && starts_with_run(&spoken[at..], &self.brand) {
                at += self.brand.len();
            } else {
                break;
            }
        }
        let left = self.name[known..].iter().filter(|token| token.quantity.is_none()).count();
        let whole = left == 0 && words > 0;
        // The first words of a name are not the name, and weighed word by word.
        (whole || !self.denied_title && words >= 2).then_some((end, whole))
    }

    /// Whether these words hold what the product is called before other things come in, in its order.
    pub(super) fn is_named_by(&self, spoken: &[Token]) -> bool {
        let head = &self.name[..self.head];
        !self.denied_title
            && !head.is_empty()
            && spoken.windows(head.len()).any(|run| {
                run.iter().zip(head).enumerate().all(|(at, (said, word))| {
                    said.text == word.text
                        || at + 1 == head.len() && is_form_of(&said.text, &word.text, self.tongue)
                })
            })
    }

    /// How many words of the name a quantity of the sentence is: a title's `32 h` may be read as words.
    fn joined(&self, from: usize, token: &Token) -> Option<usize> {
        token.quantity.as_ref()?;
        (1..=3).find(|length| {
            let words: Vec<&str> =
                self.name[from..].iter().take(*length).map(|word| word.text.as_str()).collect();
            words.len() == *length && words.join(" ") == token.text
        })
    }

    /// Whether the title has this text between other words.
    pub(super) fn is_in_title(&self, text: &str) -> bool {
        self.title.match_indices(text).any(|(at, _)| {
            !self.title[..at].ends_with(char::is_alphanumeric)
                && !self.title[at + text.len()..].starts_with(char::is_alphanumeric)
        })
    }
}

/// Abbreviations that the composer writes out.
fn is_same(spoken: &str, written: &str) -> bool {
    const LONG: &[(&str, &str)] = &[
        ("m", "med"),
        ("u", "utan"),
        ("exkl", "exklusive"),
        ("inkl", "inklusive"),
        ("w", "with"),
        ("w/o", "without"),
        ("incl", "including"),
        ("excl", "excluding"),
    ];
    spoken == written || LONG.contains(&(written, spoken))
}

fn starts_with_run(spoken: &[Token], run: &[Token]) -> bool {
    !run.is_empty() && spoken.len() >= run.len() && run.iter().zip(spoken).all(|(a, b)| a.text == b.text)
}

fn without_run(words: &[Token], run: &[Token]) -> Vec<Token> {
    match (0..words.len()).find(|at| starts_with_run(&words[*at..], run)) {
        Some(at) => words[..at].iter().chain(&words[at + run.len()..]).cloned().collect(),
        None => words.to_vec(),
    }
}

/// Forms of a word share their first three letters.
fn key(word: &str) -> String {
    word.chars().take(3).collect()
}
