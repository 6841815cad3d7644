//! In how many texts of the catalogue a feature occurs.

use serde::{Deserialize, Serialize};

use super::ngrams::{Feature, features};

/// Features that fall into one place are counted together; at this many places that is rare.
const PLACES: usize = 1 << 18;

/// Document frequencies of words and pieces of words, counted over the catalogue's texts (or a sample of them) and kept
/// with a classifier's version, so that a text weighs the same tomorrow.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Counted", into = "Counted")]
pub struct WordFrequencies {
    texts: u32,
    /// Per place; empty before the first text.
    counts: Vec<u32>,
}

/// As it is stored: places that were seen, as the distance from the one before, and their counts.
#[derive(Serialize, Deserialize)]
struct Counted {
    texts: u32,
    places: Vec<(u32, u32)>,
}

impl WordFrequencies {
    /// No text seen: everything is equally rare.
    pub fn new() -> Self {
        Self::default()
    }

    /// Texts counted.
    pub fn texts(&self) -> u32 {
        self.texts
    }

    /// Counts one text. Each feature of it counts once.
    pub fn add(&mut self, text: &str) {
        self.counts.resize(PLACES, 0);
        self.texts = self.texts.saturating_add(1);
        let mut places = Vec::new();
        features(text, |feature| places.push(place(feature)));
        places.sort_unstable();
        places.dedup();
        for place in places {
            self.counts[place] = self.counts[place].saturating_add(1);
        }
    }

    /// How rare a feature is: `ln((1 + texts) / (1 + texts with it)) + 1`, as scikit-learn smooths it.
    pub(crate) fn rarity(&self, feature: Feature) -> f32 {
        let count = self.counts.get(place(feature)).copied().unwrap_or_default();
        let texts = f64::from(self.texts) + 1.0;
        ((texts / (f64::from(count) + 1.0)).ln() + 1.0) as f32
    }
}

fn place(feature: Feature) -> usize {
    (feature.hash >> 40) as usize % PLACES
}

impl From<WordFrequencies> for Counted {
    fn from(frequencies: WordFrequencies) -> Self {
        let mut last = 0;
        let seen = frequencies.counts.iter().enumerate().filter(|(_, count)| **count > 0);
        let places = seen
            .map(|(place, &count)| {
                let step = place - last;
                last = place;
                (step as u32, count)
            })
            .collect();
        Self { texts: frequencies.texts, places }
    }
}

impl From<Counted> for WordFrequencies {
    fn from(counted: Counted) -> Self {
        let mut counts = if counted.places.is_empty() { Vec::new() } else { vec![0; PLACES] };
        let mut place = 0_usize;
        for (step, count) in counted.places {
            place += step as usize;
            // A place beyond the table was not written by us; it is left out.
            if let Some(slot) = counts.get_mut(place) {
                *slot = count;
            }
        }
        Self { texts: counted.texts, counts }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn feature(text: &str) -> Feature {
        let mut first = None;
        features(text, |feature| first = first.or(Some(feature)));
        first.unwrap()
    }

    #[test]
    fn what_is_in_every_text_weighs_least() {
        let mut frequencies = WordFrequencies::new();
        for product in ["ekologisk mjölk", "ekologisk ost", "ekologisk ekologisk sågklinga"] {
            frequencies.add(product);
        }
        let (common, rare) = (frequencies.rarity(feature("ekologisk")), frequencies.rarity(feature("mjölk")));
        assert!((common - 1.0).abs() < 1e-6, "{common}");
        assert!(rare > common + 0.5);
        assert!(frequencies.rarity(feature("nytt")) > rare);
        assert!((WordFrequencies::new().rarity(feature("nytt")) - 1.0).abs() < 1e-6);
    }

    #[test]
    fn what_was_stored_is_what_was_counted() {
        let mut frequencies = WordFrequencies::new();
        frequencies.add("Björnbärssylt 400 g");
        frequencies.add("Hallonsylt 400 g");
        let json = serde_json::to_string(&frequencies).unwrap();
        assert_eq!(serde_json::from_str::<WordFrequencies>(&json).unwrap(), frequencies);
        let odd: WordFrequencies =
            serde_json::from_str(r#"{"texts":1,"places":[[4294967295,3],[5,1]]}"#).unwrap();
        assert_eq!(odd.texts(), 1);
    }
}
