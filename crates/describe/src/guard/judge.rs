//! A sentence against its grounds: every word and number is accounted for, and goes with what it is told of.

use super::Why;
use super::claims::{self, Regulated};
use super::grounds::{Ground, Grounds};
use super::parts::{Item, Part, is_number_word, parted};
use super::tokens::Token;
use super::vocabulary::{Role, Vocabulary};
use crate::description::CATEGORY_FIELD;
use crate::facts::{FactKind, FactValue};

/// What a sentence says, where it may be said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Verdict {
    /// The fields it rests on.
    pub(super) fields: Vec<String>,
    /// The facts it states, by their place among the product's.
    pub(super) facts: Vec<usize>,
    /// Whether it names the product, be it by a word of the name.
    pub(super) names: bool,
    /// Whether it names the product as the title does.
    pub(super) names_whole: bool,
}

/// Why a sentence may not be published, and the words to blame.
pub(super) type Refusal = (Why, String);

/// Judges the tokens of one sentence.
pub(super) fn judge(grounds: &Grounds<'_>, tokens: &[Token]) -> Result<Verdict, Refusal> {
    let items = parted(grounds, tokens)?;
    let mut judge = Judge { grounds, tokens, items: &items, verdict: Verdict::default() };
    judge.contents()?;
    judge.measures()?;
    judge.blends()?;
    judge.origins()?;
    let verdict = judge.verdict;
    if verdict.fields.is_empty() {
        return Err((Why::Groundless, tokens.iter().map(|t| t.text.as_str()).collect::<Vec<_>>().join(" ")));
    }
    Ok(verdict)
}

/// A sentence on its way to a verdict.
pub(super) struct Judge<'g, 'i> {
    pub(super) grounds: &'g Grounds<'g>,
    pub(super) tokens: &'i [Token],
    pub(super) items: &'i [Item<'i>],
    pub(super) verdict: Verdict,
}

impl Judge<'_, '_> {
    pub(super) fn words(&self, item: &Item<'_>) -> String {
        self.tokens[item.from..item.to].iter().map(|t| t.text.as_str()).collect::<Vec<_>>().join(" ")
    }

    pub(super) fn rest_on(&mut self, ground: Ground) {
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
                    self.verdict.names_whole = true;
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
                    if ground == Ground::Title {
                        self.verdict.names = true;
                        self.verdict.names_whole |=
                            self.grounds.is_named_by(&self.tokens[item.from..item.to]);
                    }
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

    /// A blend is told with all of its materials.
    fn blends(&self) -> Result<(), Refusal> {
        for index in &self.verdict.facts {
            let fact = &self.grounds.facts[*index];
            let FactValue::Words(parts) = &fact.value else { continue };
            if fact.kind != FactKind::Material || parts.len() < 2 {
                continue;
            }
            let is_told = |part: &crate::facts::Part| {
                self.items.iter().any(|item| {
                    let words = &self.tokens[item.from..item.to];
                    matches!(item.part, Part::Content(_)) && self.grounds.spells(part.word, words)
                })
            };
            if let Some(untold) = parts.iter().find(|part| !is_told(part)) {
                return Err((Why::Misplaced, format!("without {}", untold.word.english())));
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
        // The nearest name before, else the nearest behind: `front: oak; back: pine` is not `front: pine; back: oak`.
        let names_any = |item: &&Item<'_>| {
            matches!(item.part, Part::NameOf(_))
                || item.otherwise.iter().any(|ground| matches!(ground, Ground::NameOf(_)))
                || matches!(&item.part, Part::Content(found) if found.iter().any(|ground| matches!(ground, Ground::NameOf(_))))
        };
        let before = self.items[..index].iter().rev().find(names_any);
        let told = before.or_else(|| self.items[index + 1..].iter().find(names_any)).is_some_and(named);
        if told { Ok(()) } else { Err((Why::Misplaced, self.words(item))) }
    }
}
