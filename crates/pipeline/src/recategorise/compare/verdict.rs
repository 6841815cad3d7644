//! What a comparison comes to, in one sentence.

use berika_evaluate::Comparison;
use serde::Serialize;

/// A p-value at least so small says that a difference is no chance.
const NO_CHANCE: f64 = 0.05;

/// Which model is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Winner {
    /// The first.
    First,
    /// The second.
    Second,
    /// The data do not say.
    Neither,
}

/// Which model is better, and how that is known.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Verdict {
    /// The better one.
    pub winner: Winner,
    /// In words.
    pub sentence: String,
}

impl Verdict {
    pub(super) fn of(paired: &Comparison, models: &[String; 2]) -> Self {
        let difference = paired.difference;
        let split = &paired.pairs[0];
        let told = split.p_value < NO_CHANCE && (difference.low > 0.0 || difference.high < 0.0);
        let points = |share: f64| format!("{:.1}", share * 100.0);
        let (winner, sentence) = if told {
            let first = difference.value > 0.0;
            let (winner, name) =
                if first { (Winner::First, &models[0]) } else { (Winner::Second, &models[1]) };
            let (low, high) =
                if first { (difference.low, difference.high) } else { (-difference.high, -difference.low) };
            let sentence = format!(
                "{name} is better: {} points more are right ({} to {}); chance alone makes that with p = {:.2e}",
                points(difference.value.abs()),
                points(low),
                points(high),
                split.p_value
            );
            (winner, sentence)
        } else if split.only_this + split.only_other == 0 {
            (Winner::Neither, format!("the two are right on the same {} products", paired.rows))
        } else {
            let more = match more_rows(paired) {
                Some(more) => {
                    format!("; if the difference stays as it is, some {more} products more would tell")
                }
                None => String::new(),
            };
            let sentence = format!(
                "the data do not say which is better: the difference is {} points ({} to {}, p = {:.2}){more}",
                points(difference.value),
                points(difference.low),
                points(difference.high),
                split.p_value
            );
            (Winner::Neither, sentence)
        };
        Self { winner, sentence }
    }
}

/// How many products more it takes until the interval no longer holds 0, if the difference stays; its width goes with the
/// square root. `None` where there is no difference, or no end of it.
fn more_rows(paired: &Comparison) -> Option<usize> {
    const MOST: f64 = 1e6;
    let difference = paired.difference.value.abs();
    let half = (paired.difference.high - paired.difference.low) / 2.0;
    let needed = paired.rows as f64 * (half / difference).powi(2);
    (difference > 0.0 && needed < MOST).then(|| (needed.ceil() as usize).saturating_sub(paired.rows).max(1))
}

#[cfg(test)]
mod tests {
    use berika_evaluate::{Pair, Settings, compare};

    use super::*;

    /// So many rows that only the first has right, only the second, and both.
    fn verdict(first: usize, second: usize, both: usize) -> Verdict {
        let rows = |one: bool, other: bool, count: usize| std::iter::repeat_n((one, other), count);
        let all = rows(true, false, first).chain(rows(false, true, second)).chain(rows(true, true, both));
        let (this, other) = all.unzip();
        let paired = compare(&[Pair { this, other }], &Settings::default()).unwrap();
        Verdict::of(&paired, &["small".to_owned(), "large".to_owned()])
    }

    #[test]
    fn a_difference_is_told_only_where_chance_does_not_explain_it() {
        let clear = verdict(5, 40, 155);
        assert_eq!(clear.winner, Winner::Second);
        assert!(
            clear.sentence.starts_with("large is better: 17.5 points more are right ("),
            "{}",
            clear.sentence
        );
        assert_eq!(verdict(40, 5, 155).winner, Winner::First);
        let unclear = verdict(8, 12, 180);
        assert_eq!(unclear.winner, Winner::Neither);
        assert!(unclear.sentence.contains("the data do not say") && unclear.sentence.contains("would tell"));
        assert_eq!(verdict(0, 0, 60).sentence, "the two are right on the same 60 products");
        assert!(!verdict(9, 9, 60).sentence.contains("would tell"), "of no difference nothing more tells");
    }
}
