//! Which token comes next.

use std::collections::BTreeSet;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore as _, SeedableRng as _};

use crate::options::Options;

/// Tokens less likely than the likeliest by this factor are not drawn: there are hundreds of thousands of them.
const FAINT: f32 = 1e-6;

/// Chooses tokens, one after the other.
pub(crate) struct Sampler {
    temperature: f32,
    top_p: f32,
    penalty: f32,
    said: BTreeSet<u32>,
    random: ChaCha8Rng,
}

impl Sampler {
    pub(crate) fn new(options: &Options) -> Self {
        Self {
            temperature: options.temperature,
            top_p: options.top_p,
            penalty: options.repetition_penalty,
            said: BTreeSet::new(),
            random: ChaCha8Rng::seed_from_u64(options.seed),
        }
    }

    /// The next token, from the score of each; `None` if the scores are not numbers. Of equal scores the first wins.
    pub(crate) fn next(&mut self, scores: &mut [f32]) -> Option<u32> {
        if self.penalty > 1.0 {
            for &token in &self.said {
                let Some(score) = scores.get_mut(token as usize) else { continue };
                *score = if *score > 0.0 { *score / self.penalty } else { *score * self.penalty };
            }
        }
        let (best, highest) = highest(scores)?;
        let token = if self.temperature > 0.0 { self.draw(scores, highest) } else { best };
        self.said.insert(token);
        Some(token)
    }

    fn draw(&mut self, scores: &[f32], highest: f32) -> u32 {
        let share = |score: f32| ((score - highest) / self.temperature).exp();
        let mut likely: Vec<(f32, u32)> = scores
            .iter()
            .zip(0..)
            .map(|(&score, token)| (share(score), token))
            .filter(|(share, _)| *share >= FAINT)
            .collect();
        likely.sort_unstable_by(|(a, m), (b, n)| b.total_cmp(a).then(m.cmp(n)));
        let all: f64 = likely.iter().map(|(share, _)| f64::from(*share)).sum();
        let mut kept = 0.0;
        let cut = all * f64::from(self.top_p);
        let count = likely.iter().position(|(share, _)| {
            kept += f64::from(*share);
            kept >= cut
        });
        likely.truncate(count.map_or(likely.len(), |last| last + 1));
        let mut left = (self.random.next_u64() >> 11) as f64 / (1_u64 << 53) as f64 * kept;
        for (share, token) in &likely {
            left -= f64::from(*share);
            if left < 0.0 {
                return *token;
            }
        }
        likely.last().map_or(0, |(_, token)| *token)
    }
}

fn highest(scores: &[f32]) -> Option<(u32, f32)> {
    let mut best = (0, f32::NEG_INFINITY);
    for (token, &score) in (0..).zip(scores) {
        if score > best.1 {
            best = (token, score);
        }
        if score.is_nan() {
            return None;
        }
    }
    best.1.is_finite().then_some(best)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(options: &Options, scores: &[f32], count: usize) -> Vec<u32> {
        let mut sampler = Sampler::new(options);
        (0..count).map(|_| sampler.next(&mut scores.to_vec()).unwrap()).collect()
    }

    #[test]
    fn greedy_takes_the_first_of_the_highest() {
        assert_eq!(drawn(&Options::default(), &[0.5, 2.0, 2.0, -1.0], 2), [1, 1]);
        let mut sampler = Sampler::new(&Options::default());
        assert_eq!(sampler.next(&mut [f32::NEG_INFINITY; 3]), None);
        assert_eq!(sampler.next(&mut [1.0, f32::NAN]), None);
        assert_eq!(sampler.next(&mut []), None);
    }

    #[test]
    fn a_seed_draws_the_same_and_another_seed_others() {
        let scores: Vec<f32> = (0..50).map(|n| (n % 7) as f32 / 3.0).collect();
        let warm = Options { temperature: 1.0, seed: 7, ..Options::default() };
        let first = drawn(&warm, &scores, 40);
        assert_eq!(first, drawn(&warm, &scores, 40));
        assert_ne!(first, drawn(&Options { seed: 8, ..warm }, &scores, 40));
    }

    #[test]
    fn drawing_follows_the_odds_and_top_p_cuts_them() {
        let scores = [0.0, 1.0, 2.0];
        let warm = Options { temperature: 1.0, ..Options::default() };
        let all = drawn(&warm, &scores, 6000);
        let share = |token: u32| all.iter().filter(|&&t| t == token).count() as f64 / 6000.0;
        for (token, expected) in [(0, 0.0900), (1, 0.2447), (2, 0.6652)] {
            assert!((share(token) - expected).abs() < 0.02, "{token}: {}", share(token));
        }
        let cut = drawn(&Options { top_p: 0.8, ..warm.clone() }, &scores, 500);
        assert!(cut.contains(&1) && cut.contains(&2) && !cut.contains(&0));
        assert!(drawn(&Options { top_p: 0.6, ..warm }, &scores, 500).iter().all(|&token| token == 2));
    }

    #[test]
    fn a_penalty_turns_from_what_was_said() {
        let options = Options { repetition_penalty: 2.0, ..Options::default() };
        assert_eq!(drawn(&options, &[3.0, 2.0, -1.0], 3), [0, 1, 0]);
    }
}
