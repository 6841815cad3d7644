//! A sentence against its grounds: every word and number is accounted for, and goes with what it is told of.

use rust_decimal::Decimal;

use super::Why;
use super::claims::{self, Regulated};
use super::grounds::{Ground, Grounds};
use super::inflection::Tongue;
use super::tokens::Token;
use super::vocabulary::{Role, Vocabulary};
use crate::description::CATEGORY_FIELD;
use crate::facts::quantity::Measure;
use crate::facts::{FactKind, FactValue, Quantity, Unit};

/// What a sentence says, where it may be said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Verdict {
    /// The fields it rests on.
    pub(super) fields: Vec<String>,
    /// The facts it states, by their place among the product's.
    pub(super) facts: Vec<usize>,
    /// Whether it names the product.
    pub(super) names: bool,
}

type Refusal = (Why, String);

/// What a run of tokens is.
#[derive(Debug)]
enum Part<'v> {
    Plain,
    And,
    About,
    From,
    Supplier,
    Limit,
    Contains,
    MayContain,
    Noun(&'v [FactKind]),
    After(&'v [FactKind]),
    /// The supplier's own name of a fact.
    NameOf(usize),
    Quantity,
    Content(Vec<Ground>),
    /// The product's name.
    Name,
}

#[derive(Debug)]
struct Item<'v> {
    part: Part<'v>,
    from: usize,
    to: usize,
    /// What its word would rest on, were it no noun.
    otherwise: Vec<Ground>,
}

/// Judges the tokens of one sentence.
pub(super) fn judge(grounds: &Grounds<'_>, tokens: &[Token]) -> Result<Verdict, Refusal> {
    let items = parted(grounds, tokens)?;
    let mut judge = Judge { grounds, tokens, items: &items, verdict: Verdict::default() };
    judge.contents()?;
    judge.measures()?;
    judge.origins()?;
    let verdict = judge.verdict;
    if verdict.fields.is_empty() {
        return Err((Why::Groundless, tokens.iter().map(|t| t.text.as_str()).collect::<Vec<_>>().join(" ")));
    }
    Ok(verdict)
}

/// Every token as a part of something known.
fn parted<'v>(grounds: &Grounds<'_>, tokens: &[Token]) -> Result<Vec<Item<'v>>, Refusal> {
    let vocabulary = grounds.tongue.map(Vocabulary::of);
    let mut items = Vec::new();
    let mut unknown = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let rest = &tokens[at..];
        let words = rest.iter().map_while(|token| token.quantity.is_none().then_some(token.text.as_str()));
        let phrase = vocabulary.and_then(|vocabulary| vocabulary.longest(words));
        let (entry_length, entries) = grounds.longest(rest);
        let name = grounds.name_at(rest).filter(|(_, whole)| *whole || grounds.foreign.is_some());
        let found: Vec<Ground> = entries.iter().map(|entry| entry.ground).collect();
        let name_length = name.map_or(0, |(length, _)| length);
        let item = |part, length: usize, otherwise| Item { part, from: at, to: at + length, otherwise };
        // A sequence of words that a fact gives stands above the name, and both above single words.
        let is_value =
            name_length == entry_length && found.iter().any(|ground| matches!(ground, Ground::Fact(_)));
        if name_length > 0 && name_length >= entry_length {
            let whole = name.is_some_and(|(_, whole)| whole);
            let part = match (is_value, whole) {
                // A product named by its taste alone: `Fläder`.
                (true, _) => Part::Content(found.iter().copied().chain([Ground::Title]).collect()),
                (false, true) => Part::Name,
                (false, false) => Part::Content(vec![Ground::Title]),
            };
            items.push(item(part, name_length, found));
        } else if let Some((role, length)) =
            phrase.filter(|(role, length)| *length >= entry_length && is_usable(role, &found))
        {
            items.push(item(part_of(role), length, found));
        } else if entry_length > 0 {
            let named = found.iter().find_map(|ground| match ground {
                Ground::NameOf(index) => Some(*index),
                _ => None,
            });
            let part = named.map_or_else(|| Part::Content(found.clone()), Part::NameOf);
            items.push(item(part, entry_length, found));
        } else if tokens[at].quantity.is_some() {
            items.push(item(Part::Quantity, 1, found));
        } else if let Some(grounds) = by_parts(grounds, &tokens[at]) {
            items.push(item(Part::Content(grounds), 1, found));
        } else if grounds.is_head(&tokens[at].text) {
            items.push(item(Part::Content(vec![Ground::Title]), 1, found));
        } else {
            unknown.push(at);
        }
        at = items.last().map_or(at, |item| item.to).max(at + usize::from(unknown.last() == Some(&at)));
    }
    match blamed(grounds, tokens, &unknown) {
        Some(refusal) => Err(refusal),
        None => Ok(items),
    }
}

/// Whether the vocabulary's reading of a word goes before that of the fields. Values of facts go before everything; words of
/// the title that compare or negate are looked at as words of the title.
fn is_usable(role: &Role, found: &[Ground]) -> bool {
    let value = found.iter().any(|ground| matches!(ground, Ground::Fact(_) | Ground::Brand));
    match role {
        Role::Negation | Role::Person | Role::Comparison | Role::Number => false,
        Role::Neutral
        | Role::Limit
        | Role::Supplier
        | Role::And
        | Role::About
        | Role::From
        | Role::Contains
        | Role::MayContain => !value,
        Role::Noun(_) => !value && !found.iter().any(|ground| matches!(ground, Ground::NameOf(_))),
        Role::After(_) => found.is_empty(),
    }
}

fn part_of<'v>(role: &'v Role) -> Part<'v> {
    match role {
        Role::And => Part::And,
        Role::About => Part::About,
        Role::From => Part::From,
        Role::Supplier => Part::Supplier,
        Role::Limit => Part::Limit,
        Role::Contains => Part::Contains,
        Role::MayContain => Part::MayContain,
        Role::Noun(kinds) => Part::Noun(kinds),
        Role::After(kinds) => Part::After(kinds),
        _ => Part::Plain,
    }
}

/// `svart/gul`, `LED-lampa` of a title with `LED lampa`: each part stands in a field.
fn by_parts(grounds: &Grounds<'_>, token: &Token) -> Option<Vec<Ground>> {
    let parts: Vec<&str> = token.text.split(['/', '-', '&']).collect();
    if parts.len() < 2 || parts.len() > 4 {
        return None;
    }
    let mut found = Vec::new();
    for part in parts {
        let word = Token { text: part.to_owned(), ..token.clone() };
        let (length, entries) = grounds.longest(std::slice::from_ref(&word));
        let usable = length == 1 && !word.is_bare_number();
        found.extend(entries.iter().filter(|_| usable).map(|entry| entry.ground));
        if !usable {
            return None;
        }
    }
    Some(found)
}

/// The worst of what is wrong with words that stand nowhere.
fn blamed(grounds: &Grounds<'_>, tokens: &[Token], unknown: &[usize]) -> Option<Refusal> {
    let words: Vec<&str> = unknown.iter().map(|at| tokens[*at].text.as_str()).collect();
    let first = words.first()?;
    let by = |why: Why, is: &dyn Fn(&str) -> bool| {
        let blamed: Vec<&str> = words.iter().copied().filter(|word| is(word)).collect();
        (!blamed.is_empty()).then(|| (why, blamed.join(", ")))
    };
    let role = |word: &str, wanted: &Role| {
        grounds.tongues().any(|tongue| Vocabulary::of(tongue).role(word) == Some(wanted))
    };
    // Most of what is unknown belongs to one other language.
    let other = Tongue::ALL.into_iter().filter(|tongue| Some(*tongue) != grounds.tongue).map(|tongue| {
        words
            .iter()
            .filter(|word| {
                Vocabulary::of(tongue)
                    .role(word)
                    .is_some_and(|role| !matches!(role, Role::Number | Role::Comparison))
            })
            .count()
    });
    let foreign = other.max().unwrap_or_default();
    if foreign * 2 >= words.len() && foreign >= 2 {
        return Some((Why::WrongLanguage, words.join(" ")));
    }
    by(Why::FoodInformation, &|word| claims::of(word) == Some(Regulated::Food))
        .or_else(|| {
            by(Why::Claim, &|word| claims::of(word) == Some(Regulated::Claim) || role(word, &Role::Negation))
        })
        .or_else(|| by(Why::NotAText, &|word| role(word, &Role::Person)))
        .or_else(|| by(Why::Number, &|word| word.chars().any(char::is_numeric) || is_number_word(word)))
        .or_else(|| {
            by(Why::Comparison, &|word| grounds.tongues().any(|tongue| Vocabulary::of(tongue).compares(word)))
        })
        .or_else(|| {
            by(Why::WrongLanguage, &|word| {
                words.len() == foreign
                    && foreign > 0
                    && Tongue::ALL.into_iter().any(|tongue| Vocabulary::of(tongue).is_neutral(word))
            })
        })
        .or_else(|| {
            Some((Why::Untraced, if words.len() == 1 { (*first).to_owned() } else { words.join(", ") }))
        })
}

/// Whether a word is a number in letters, compounds among them: `tvåhundrafemtio`, `zweihundert`, `twenty-five`.
pub(super) fn is_number_word(word: &str) -> bool {
    const JOINTS: &[&str] = &["og", "und", "en", "ett", "et", "ein", "st", "te"];
    let numbers = |part: &str| {
        Tongue::ALL.into_iter().any(|tongue| Vocabulary::of(tongue).role(part) == Some(&Role::Number))
            || JOINTS.contains(&part)
    };
    let plain: String = word.chars().filter(|c| *c != '-').collect();
    if JOINTS.contains(&plain.as_str()) || plain.len() > 60 {
        return false;
    }
    if !plain.is_empty()
        && plain.len() > 1
        && word.chars().all(|c| matches!(c, 'i' | 'v' | 'x' | 'l' | 'c' | 'm'))
    {
        return true;
    }
    // Which beginnings are made of numbers.
    let ends: Vec<usize> = plain.char_indices().map(|(at, _)| at).chain([plain.len()]).collect();
    let mut made = vec![false; plain.len() + 1];
    made[0] = true;
    for &from in &ends {
        let reached = made[from];
        for &to in ends.iter().filter(|to| reached && **to > from) {
            made[to] = made[to] || numbers(&plain[from..to]);
        }
    }
    made[plain.len()]
}

struct Judge<'g, 'i> {
    grounds: &'g Grounds<'g>,
    tokens: &'i [Token],
    items: &'i [Item<'i>],
    verdict: Verdict,
}

impl Judge<'_, '_> {
    fn words(&self, item: &Item<'_>) -> String {
        self.tokens[item.from..item.to].iter().map(|t| t.text.as_str()).collect::<Vec<_>>().join(" ")
    }

    fn rest_on(&mut self, ground: Ground) {
        let fields: Vec<&str> = match ground {
            Ground::Title => vec!["title"],
            Ground::Brand => vec!["brand"],
            Ground::Category => vec![CATEGORY_FIELD],
            Ground::Voice => vec![],
            Ground::Fact(index) => {
                if !self.verdict.facts.contains(&index) {
                    self.verdict.facts.push(index);
                }
                self.grounds.facts[index].fields().collect()
            }
            Ground::NameOf(_) => vec![],
        };
        for field in fields {
            if !self.verdict.fields.iter().any(|known| known == field) {
                self.verdict.fields.push(field.to_owned());
            }
        }
    }

    /// Words of fields: claims, allergens, negations and bare numbers stand only within the name or where a fact proves them.
    fn contents(&mut self) -> Result<(), Refusal> {
        for (index, item) in self.items.iter().enumerate() {
            match &item.part {
                Part::Name => {
                    self.verdict.names = true;
                    self.rest_on(Ground::Title);
                    let has_brand = !self.grounds.brand.is_empty()
                        && self.tokens[item.from..item.to]
                            .windows(self.grounds.brand.len())
                            .any(|run| run.iter().zip(&self.grounds.brand).all(|(a, b)| a.text == b.text));
                    if has_brand {
                        self.rest_on(Ground::Brand);
                    }
                    for at in item.from..item.to {
                        if self.tokens[at].quantity.is_some() {
                            self.quantity_in_title(at)?;
                        }
                    }
                }
                Part::Content(found) => {
                    let ground = self.content(index, item, found)?;
                    self.rest_on(ground);
                    self.verdict.names |= found.contains(&Ground::Title);
                }
                Part::Noun(_) | Part::NameOf(_) | Part::Plain | Part::And | Part::About | Part::From => {}
                Part::Supplier
                | Part::Limit
                | Part::Contains
                | Part::MayContain
                | Part::After(_)
                | Part::Quantity => {}
            }
        }
        Ok(())
    }

    /// The ground on which an item's words stand.
    fn content(&self, index: usize, item: &Item<'_>, found: &[Ground]) -> Result<Ground, Refusal> {
        let mut refusal = None;
        for ground in found {
            match self.may_stand(index, item, *ground) {
                Ok(()) => return Ok(*ground),
                Err(why) => refusal = refusal.or(Some(why)),
            }
        }
        Err(refusal.unwrap_or_else(|| (Why::Untraced, self.words(item))))
    }

    fn may_stand(&self, index: usize, item: &Item<'_>, ground: Ground) -> Result<(), Refusal> {
        let tokens = &self.tokens[item.from..item.to];
        let refuse = |why| Err((why, self.words(item)));
        match ground {
            Ground::Brand | Ground::Voice => Ok(()),
            Ground::Fact(fact) => self.value_may_stand(index, item, fact),
            Ground::Category => {
                let claim = tokens.iter().any(|token| claims::of(&token.text) == Some(Regulated::Claim));
                if claim { refuse(Why::Claim) } else { Ok(()) }
            }
            Ground::NameOf(_) => Ok(()),
            Ground::Title => {
                for token in tokens {
                    let word = token.text.as_str();
                    let role = |wanted: &Role| {
                        self.grounds.tongues().any(|tongue| Vocabulary::of(tongue).role(word) == Some(wanted))
                    };
                    match claims::of(word) {
                        Some(Regulated::Food) => return refuse(Why::FoodInformation),
                        Some(Regulated::Claim) => return refuse(Why::Claim),
                        None => {}
                    }
                    if role(&Role::Negation) {
                        return refuse(Why::Claim);
                    }
                    let compares = self.grounds.tongues().any(|tongue| Vocabulary::of(tongue).compares(word));
                    if compares || role(&Role::Person) {
                        return refuse(Why::Comparison);
                    }
                    if self.grounds.negated.contains(word) {
                        return refuse(Why::Misplaced);
                    }
                    let bare = token.is_bare_number() || is_number_word(word);
                    if bare && !self.has_its_neighbour(item.from, item.to) {
                        return refuse(Why::Number);
                    }
                }
                Ok(())
            }
        }
    }

    /// A number without a unit says nothing without the word that it stands beside in its field.
    fn has_its_neighbour(&self, from: usize, to: usize) -> bool {
        let known = |a: usize, b: usize| {
            self.grounds.neighbours.contains(&(self.tokens[a].text.clone(), self.tokens[b].text.clone()))
        };
        let next = self.tokens.get(to).filter(|token| !token.apart);
        let ends = next.is_none_or(|token| {
            token.quantity.is_none()
                && self.grounds.tongue.is_some_and(|tongue| Vocabulary::of(tongue).is_neutral(&token.text))
        });
        next.is_some() && known(to - 1, to)
            || from > 0 && !self.tokens[from].apart && known(from - 1, from) && ends
    }

    /// A property under a name of the supplier's own is told with its name.
    fn value_may_stand(&self, index: usize, item: &Item<'_>, fact: usize) -> Result<(), Refusal> {
        let kind = &self.grounds.facts[fact].kind;
        let token = &self.tokens[item.from];
        let bare = item.to == item.from + 1 && (token.is_bare_number() || token.text.chars().count() == 1);
        if bare && matches!(kind, FactKind::Size | FactKind::EnergyClass | FactKind::AgeRecommendation) {
            // `38` and `M` say nothing without "size".
            let mut before = self.items[..index].iter().rev();
            let noun = before.find(|item| !matches!(item.part, Part::Plain | Part::And));
            let named =
                noun.is_some_and(|noun| matches!(&noun.part, Part::Noun(kinds) if kinds.contains(kind)));
            return if named { Ok(()) } else { Err((Why::Misplaced, self.words(item))) };
        }
        let FactKind::Other { .. } = kind else { return Ok(()) };
        let named = |item: &Item<'_>| {
            matches!(item.part, Part::NameOf(named) if named == fact)
                || item.otherwise.contains(&Ground::NameOf(fact))
                || matches!(&item.part, Part::Content(found) if found.contains(&Ground::NameOf(fact)))
        };
        let told = self.items.iter().enumerate().any(|(at, item)| at != index && named(item));
        if told { Ok(()) } else { Err((Why::Misplaced, self.words(item))) }
    }

    /// Nouns go with what they name, numbers with what they measure.
    fn measures(&mut self) -> Result<(), Refusal> {
        // The noun that waits for its number or word, and whether it had one.
        let mut noun: Option<(usize, bool)> = None;
        let mut listed = false;
        let mut at = 0;
        while at < self.items.len() {
            let item = &self.items[at];
            match &item.part {
                Part::Noun(_) | Part::NameOf(_) => {
                    // A brand with its maker, a size of a package: the later noun is the one.
                    self.settle(noun)?;
                    let after_value = self.follows_its_value(at);
                    noun = Some((at, after_value));
                    listed = after_value;
                }
                Part::Quantity => {
                    let next = self.items.get(at + 1).filter(|next| !self.tokens[next.from].apart);
                    let waiting = noun.filter(|(_, had)| !had || listed).map(|(noun, _)| noun);
                    let about = at
                        .checked_sub(1)
                        .is_some_and(|before| matches!(self.items[before].part, Part::About));
                    let kinds: Option<Vec<FactKind>> = match next.map(|next| &next.part) {
                        Some(Part::After(kinds)) => Some(kinds.to_vec()),
                        // `450 g vikt`.
                        Some(Part::Noun(kinds)) if waiting.is_none() => Some(kinds.to_vec()),
                        Some(Part::NameOf(fact)) if waiting.is_none() => {
                            Some(vec![self.grounds.facts[*fact].kind.clone()])
                        }
                        _ => waiting.map(|noun| self.kinds_of(&self.items[noun])),
                    };
                    self.quantity(at, kinds.as_deref(), about)?;
                    let behind = matches!(next.map(|next| &next.part), Some(Part::Noun(_) | Part::NameOf(_)));
                    match waiting {
                        Some(waiting) => noun = Some((waiting, true)),
                        None if behind => {
                            at += 1;
                            noun = Some((at, true));
                        }
                        None => {}
                    }
                    listed = true;
                }
                Part::Content(found) => {
                    if let Some((waiting, had)) = noun
                        && (!had || listed)
                    {
                        let kinds = &self.items[waiting];
                        let fits = found.iter().any(|ground| self.is_of(*ground, kinds));
                        let of_another =
                            found.iter().all(|ground| matches!(ground, Ground::Fact(_))) && !fits;
                        // "The material is red": a value of something else right where this one's is told.
                        if of_another && !had && !self.is_measure(kinds) && !self.another_noun_follows(at) {
                            return Err((
                                Why::Misplaced,
                                format!("{} {}", self.words(kinds), self.words(item)),
                            ));
                        }
                        noun = Some((waiting, had || fits));
                        listed = fits;
                    }
                }
                Part::And => {}
                Part::Contains | Part::MayContain => {
                    self.contained(at)?;
                    listed = false;
                }
                Part::After(_) => {
                    let behind = at > 0
                        && matches!(self.items[at - 1].part, Part::Quantity)
                        && !self.tokens[item.from].apart;
                    if !behind {
                        return Err((Why::Comparison, self.words(item)));
                    }
                }
                Part::Limit => {
                    listed = false;
                    let quantity = |item: &&Item<'_>| !matches!(item.part, Part::Plain | Part::About);
                    let next = self.items[at + 1..].iter().find(quantity);
                    if next.is_some_and(|next| matches!(next.part, Part::Quantity)) {
                        return Err((Why::Misplaced, self.words(item)));
                    }
                }
                Part::Plain | Part::About | Part::From | Part::Supplier | Part::Name => {
                    listed &= matches!(item.part, Part::About);
                }
            }
            at += 1;
        }
        self.settle(noun)
    }

    /// `a red colour`, `has Canada as its country of origin`.
    fn follows_its_value(&self, at: usize) -> bool {
        let near = self.items[..at].iter().rev().take(3);
        let before = near
            .take_while(|item| !self.tokens[item.to].apart)
            .find(|item| !matches!(item.part, Part::Plain));
        let Some(Part::Content(found)) = before.map(|item| &item.part) else { return false };
        found.iter().any(|ground| self.is_of(*ground, &self.items[at]))
    }

    /// Whether a value at `at` stands before its own noun: `a red colour`.
    fn another_noun_follows(&self, at: usize) -> bool {
        self.items.get(at + 1).is_some_and(|next| matches!(next.part, Part::Noun(_) | Part::NameOf(_)))
    }

    /// A noun that no number or word went with says nothing, or something that no field says. A word of the title may be one by
    /// chance.
    fn settle(&self, noun: Option<(usize, bool)>) -> Result<(), Refusal> {
        let Some((at, false)) = noun else { return Ok(()) };
        let item = &self.items[at];
        let told = match item.part {
            Part::NameOf(fact) => self.verdict.facts.contains(&fact),
            _ => item.otherwise.iter().any(|ground| matches!(ground, Ground::Title | Ground::Category)),
        };
        if told { Ok(()) } else { Err((Why::Misplaced, self.words(item))) }
    }

    fn kinds_of(&self, noun: &Item<'_>) -> Vec<FactKind> {
        match &noun.part {
            Part::Noun(kinds) => kinds.to_vec(),
            Part::NameOf(fact) => {
                // Several facts may have names of the same words.
                let mut kinds = vec![self.grounds.facts[*fact].kind.clone()];
                kinds.extend(noun.otherwise.iter().filter_map(|ground| match ground {
                    Ground::NameOf(fact) => Some(self.grounds.facts[*fact].kind.clone()),
                    _ => None,
                }));
                kinds
            }
            _ => Vec::new(),
        }
    }

    /// Whether words that rest on `ground` are a value of what the noun names.
    fn is_of(&self, ground: Ground, noun: &Item<'_>) -> bool {
        let kinds = self.kinds_of(noun);
        match ground {
            Ground::Fact(index) => kinds.contains(&self.grounds.facts[index].kind),
            Ground::Brand => kinds.contains(&FactKind::Brand),
            _ => false,
        }
    }

    fn is_measure(&self, noun: &Item<'_>) -> bool {
        const WORDS: &[FactKind] = &[
            FactKind::Colour,
            FactKind::Material,
            FactKind::Origin,
            FactKind::Brand,
            FactKind::Diet,
            FactKind::Certification,
            FactKind::Care,
            FactKind::EnergyClass,
            FactKind::LampBase,
            FactKind::ProtectionClass,
        ];
        !self.kinds_of(noun).iter().all(|kind| WORDS.contains(kind))
    }

    /// "Contains" goes with an amount, or with food information word for word.
    fn contained(&self, at: usize) -> Result<(), Refusal> {
        let next = self.items[at + 1..].iter().find(|item| !matches!(item.part, Part::Plain | Part::About));
        let kinds: &[FactKind] = match self.items[at].part {
            Part::MayContain => &[FactKind::MayContain],
            _ => &[FactKind::Allergens, FactKind::Ingredients],
        };
        let copied = |found: &[Ground]| {
            found.iter().any(|ground| matches!(ground, Ground::Fact(index) if kinds.contains(&self.grounds.facts[*index].kind)))
        };
        match next.map(|next| &next.part) {
            Some(Part::Quantity) if matches!(self.items[at].part, Part::Contains) => Ok(()),
            Some(Part::Content(found)) if copied(found) => Ok(()),
            Some(Part::MayContain) if matches!(self.items[at].part, Part::Contains) => Ok(()),
            _ => Err((Why::FoodInformation, self.words(&self.items[at]))),
        }
    }

    /// A maker, a country or a material follows "from".
    fn origins(&self) -> Result<(), Refusal> {
        for (at, item) in self.items.iter().enumerate() {
            if !matches!(item.part, Part::From) {
                continue;
            }
            let skipped = |item: &&Item<'_>| {
                !matches!(item.part, Part::Plain | Part::Limit | Part::About | Part::Noun(_) | Part::And)
            };
            let Some(next) = self.items[at + 1..].iter().find(skipped) else { continue };
            let kind_fits = |ground: &Ground| match ground {
                Ground::Brand => true,
                Ground::Fact(index) => {
                    matches!(self.grounds.facts[*index].kind, FactKind::Origin | FactKind::Material)
                }
                _ => false,
            };
            let fits = match &next.part {
                Part::Content(found) => found.iter().any(kind_fits),
                Part::Name => false,
                Part::Quantity => {
                    let german = self.grounds.tongue == Some(Tongue::German);
                    let age = self.tokens[next.from]
                        .quantity
                        .as_ref()
                        .is_some_and(|q| q.unit.measure() == Measure::Age);
                    german || age
                }
                _ => true,
            };
            let verbatim = self
                .grounds
                .neighbours
                .contains(&(self.tokens[item.to - 1].text.clone(), self.tokens[next.from].text.clone()))
                && next.from == item.to;
            if !fits && !verbatim {
                return Err((Why::Misplaced, format!("{} {}", self.words(item), self.words(next))));
            }
        }
        Ok(())
    }

    /// A quantity within the name stands in the title too, or is what the package holds.
    fn quantity_in_title(&mut self, at: usize) -> Result<(), Refusal> {
        let Some(quantity) = &self.tokens[at].quantity else { return Ok(()) };
        if self.title_gives(at, quantity) {
            self.rest_on(Ground::Title);
            return Ok(());
        }
        // A title's `32 h` is read as words there; a comma may mean something else in another language.
        let written = &self.tokens[at].text;
        let plain = self.grounds.foreign.is_none() || !written.contains([',', '.']);
        let disputed = self.grounds.contradicted.iter().any(|given| is_equal(given, quantity, true));
        if plain && !disputed && self.grounds.is_in_title(written) {
            self.rest_on(Ground::Title);
            return Ok(());
        }
        let content = self
            .facts_with(quantity, false)
            .into_iter()
            .find(|index| matches!(self.grounds.facts[*index].kind, FactKind::NetContent | FactKind::Volume));
        match content {
            Some(index) => {
                self.rest_on(Ground::Fact(index));
                Ok(())
            }
            None => Err((Why::Number, self.tokens[at].text.clone())),
        }
    }

    fn title_gives(&self, at: usize, quantity: &Quantity) -> bool {
        let before = at.checked_sub(1).map(|before| self.tokens[before].text.as_str()).unwrap_or_default();
        self.grounds.title_quantities.iter().any(|given| {
            is_equal(&given.quantity, quantity, true)
                && given.behind.as_deref().is_none_or(|word| word == before)
        })
    }

    /// The facts with this value.
    fn facts_with(&self, quantity: &Quantity, about: bool) -> Vec<usize> {
        let has = |value: &FactValue| matches!(value, FactValue::Quantity(given) if is_equal(given, quantity, about));
        (0..self.grounds.facts.len()).filter(|index| has(&self.grounds.facts[*index].value)).collect()
    }

    /// A number rests on a fact of a kind that its noun names; without a noun, of a kind that its unit tells.
    fn quantity(&mut self, at: usize, kinds: Option<&[FactKind]>, about: bool) -> Result<(), Refusal> {
        let item = &self.items[at];
        let Some(quantity) = &self.tokens[item.from].quantity else { return Ok(()) };
        let refuse = |why| Err((why, self.tokens[item.from].text.clone()));
        let told_of =
            |fact: &usize| kinds.is_none_or(|kinds| kinds.contains(&self.grounds.facts[*fact].kind));
        if let Some(shared) = self.share(at, quantity).filter(told_of) {
            self.rest_on(Ground::Fact(shared));
            return Ok(());
        }
        let equal = self.facts_with(quantity, about);
        let fits = |index: &usize| {
            let kind = &self.grounds.facts[*index].kind;
            match kinds {
                Some(kinds) => kinds.contains(kind) && measures(kinds, quantity),
                None => is_told_by_unit(kind, quantity),
            }
        };
        if let Some(index) = equal.iter().copied().find(fits) {
            self.rest_on(Ground::Fact(index));
            return Ok(());
        }
        if kinds.is_none() && self.title_gives(item.from, quantity) {
            self.rest_on(Ground::Title);
            return Ok(());
        }
        let known = !equal.is_empty() || self.title_gives(item.from, quantity);
        refuse(if known { Why::Misplaced } else { Why::Number })
    }

    /// `80 % bomull`, `bomull 80 %`: the fact whose share this is.
    fn share(&self, at: usize, quantity: &Quantity) -> Option<usize> {
        if quantity.unit != Unit::Percent || quantity.numbers.len() != 1 {
            return None;
        }
        let beside =
            [at.checked_sub(1), Some(at + 1)].into_iter().flatten().filter_map(|at| self.items.get(at));
        beside.filter_map(|item| self.shares(item, quantity.numbers[0])).next()
    }

    fn shares(&self, item: &Item<'_>, percent: Decimal) -> Option<usize> {
        let Part::Content(found) = &item.part else { return None };
        let spoken = &self.tokens[item.from..item.to];
        found.iter().find_map(|ground| {
            let Ground::Fact(index) = ground else { return None };
            let FactValue::Words(parts) = &self.grounds.facts[*index].value else { return None };
            let is_it = |part: &crate::facts::Part| {
                part.percent == Some(percent) && self.grounds.spells(part.word, spoken)
            };
            parts.iter().any(is_it).then_some(*index)
        })
    }
}

/// Whether the nouns of these kinds name such an amount: what a package holds may be a mass or a volume, but only a mass is
/// heavy and only a volume is held.
fn measures(kinds: &[FactKind], quantity: &Quantity) -> bool {
    let measure = quantity.unit.measure();
    match kinds.first() {
        Some(FactKind::Weight) => measure == Measure::Mass,
        Some(FactKind::Volume) if kinds.contains(&FactKind::Storage) => {
            matches!(measure, Measure::Volume | Measure::Charge | Measure::Energy | Measure::Data)
        }
        Some(FactKind::Volume) => measure == Measure::Volume,
        Some(FactKind::PackSize) => measure == Measure::Count,
        _ => true,
    }
}

/// Kinds that a number's unit tells without a word: `450 g` is a weight, but `40 cm` may be any length.
fn is_told_by_unit(kind: &FactKind, quantity: &Quantity) -> bool {
    match kind {
        FactKind::Weight
        | FactKind::NetContent
        | FactKind::Volume
        | FactKind::Power
        | FactKind::Voltage
        | FactKind::BatteryCapacity
        | FactKind::Torque
        | FactKind::RotationSpeed
        | FactKind::LuminousFlux
        | FactKind::ColourTemperature
        | FactKind::Storage
        | FactKind::Pressure
        | FactKind::Current
        | FactKind::Frequency
        | FactKind::PackSize
        | FactKind::NoiseLevel
        | FactKind::AgeRecommendation => true,
        FactKind::Dimensions => quantity.numbers.len() > 1,
        _ => false,
    }
}

/// Whether both say the same, in whatever unit. What the supplier says is "about" so much is told so.
fn is_equal(given: &Quantity, told: &Quantity, about: bool) -> bool {
    let same =
        |a: Decimal, b: Decimal| Quantity::new(a, given.unit).agrees_with(&Quantity::new(b, told.unit));
    given.count == told.count
        && (about || !given.approximate)
        && given.numbers.len() == told.numbers.len()
        && given.numbers.iter().zip(&told.numbers).all(|(a, b)| same(*a, *b))
}
