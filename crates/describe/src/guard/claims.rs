//! Words of claims that the law regulates, and of food information.

use std::collections::HashSet;
use std::sync::LazyLock;

/// What is regulated about a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Regulated {
    /// Green, health, safety, "free from" or certification.
    Claim,
    /// An allergen or what food holds.
    Food,
}

/// Words by the way in which they are compared.
#[derive(Debug, Default)]
struct Words {
    whole: HashSet<&'static str>,
    beginnings: HashSet<&'static str>,
    endings: HashSet<&'static str>,
    parts: Vec<&'static str>,
}

impl Words {
    fn add(&mut self, written: &'static str) {
        let stem = written.trim_matches('*');
        match (written.starts_with('*'), written.ends_with('*')) {
            (false, false) => self.whole.insert(stem),
            (false, true) => self.beginnings.insert(stem),
            (true, false) => self.endings.insert(stem),
            (true, true) => {
                self.parts.push(stem);
                true
            }
        };
    }

    fn holds(&self, word: &str) -> bool {
        self.whole.contains(word)
            || word
                .char_indices()
                .skip(1)
                .any(|(at, _)| self.beginnings.contains(&word[..at]) || self.endings.contains(&word[at..]))
            || self.beginnings.contains(word)
            || self.endings.contains(word)
            || self.parts.iter().any(|part| word.contains(part))
    }
}

#[derive(Debug, Default)]
struct Lists {
    claims: Words,
    not_claims: Words,
    food: Words,
    not_food: Words,
}

static LISTS: LazyLock<Lists> = LazyLock::new(|| {
    let mut lists = Lists::default();
    for line in include_str!("vocabulary/claims.txt").lines() {
        let Some((name, words)) = line.split_once(": ") else { continue };
        let list = match name {
            "claim" => &mut lists.claims,
            "not-claim" => &mut lists.not_claims,
            "food" => &mut lists.food,
            "not-food" => &mut lists.not_food,
            _ => continue,
        };
        words.split_whitespace().for_each(|word| list.add(word));
    }
    lists
});

/// What is regulated about `word`, in lower case; of a word with hyphens, any part of it.
pub(super) fn of(word: &str) -> Option<Regulated> {
    let lists = &*LISTS;
    let parts =
        || std::iter::once(word).chain(word.split(['-', '/', ' ']).filter(|part| part.len() < word.len()));
    if parts().any(|part| lists.food.holds(part) && !lists.not_food.holds(part)) {
        // `mjölkfri` is a claim about an allergen.
        let free = parts().any(|part| lists.claims.endings.iter().any(|end| part.ends_with(end)));
        return Some(if free { Regulated::Claim } else { Regulated::Food });
    }
    parts().any(|part| lists.claims.holds(part) && !lists.not_claims.holds(part)).then_some(Regulated::Claim)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claims_and_allergens_are_seen_in_five_languages() {
        for word in [
            "ekologisk",
            "miljövänliga",
            "klimatneutral",
            "hållbart",
            "glutenfri",
            "sugar-free",
            "bio",
            "umweltfreundlich",
            "nachhaltig",
            "bæredygtig",
            "bærekraftig",
            "organic",
            "eco-friendly",
            "biodegradable",
            "gesund",
            "sundt",
            "barnsäker",
            "certifierad",
            "svanenmärkt",
            "fsc",
            "dermatologiskt",
            "antibacterial",
            "bpa-free",
            "zuckerfrei",
            "energy-efficient",
            "vegansk",
            "vegan",
            "co2-neutral",
            "krav",
            "öko-tex",
        ] {
            assert_eq!(of(word), Some(Regulated::Claim), "{word}");
        }
        for word in [
            "mjölk",
            "vetemjöl",
            "jordnötter",
            "äggnudlar",
            "milk",
            "hazelnuts",
            "sojalecithin",
            "fløde",
            "Weizen",
        ] {
            assert_eq!(of(&word.to_lowercase()), Some(Regulated::Food), "{word}");
        }
        for word in [
            "rostfritt",
            "skruvdragare",
            "kaffe",
            "fiskespö",
            "kanna",
            "edelstahl",
            "kettle",
            "stål",
            "mugg",
            "lampe",
        ] {
            assert_eq!(of(word), None, "{word}");
        }
    }
}
