//! Nouns and what is told of them: a width is told with a width's number, a colour with a colour.

use super::Why;
use super::grounds::Ground;
use super::inflection::Tongue;
use super::judge::{Judge, Refusal};
use super::parts::{Item, Part};
use crate::facts::FactKind;
use crate::facts::quantity::Measure;

impl Judge<'_, '_> {
    /// Nouns go with what they name, numbers with what they measure.
    pub(super) fn measures(&mut self) -> Result<(), Refusal> {
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
    pub(super) fn origins(&self) -> Result<(), Refusal> {
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
}
