//! The part of a classifier that takes time to make: the machine, the weights of the evidence, the calibration, and how each
//! decision would have been ranked without it.

mod file;

use std::collections::BTreeMap;

use berika_catalog::CategoryId;
use rayon::prelude::*;

use crate::CANDIDATES;
use crate::belonging::{Belonging, Example};
use crate::calibration::{Calibration, Lead};
use crate::evidence::CrossFitted;
use crate::hash::mixed;
use crate::learnt::{Counted, Ground, evidences, silent};
use crate::machine::Machine;
use crate::stack::{COMPARED, Choice, DEFAULT, Evidences, PRIOR, Weights};
use crate::top::best;

/// Parts that decisions are divided into; each is ranked by what the others teach.
const FOLDS: u64 = 5;
/// With fewer decisions nothing is fitted: the defaults hold.
const FEWEST: usize = 25;

pub use file::TrainedBytesError;

/// What training comes to.
#[derive(Debug, Clone, PartialEq)]
pub struct Trained {
    /// `None` while nothing is confirmed.
    pub(crate) machine: Option<Machine>,
    pub(crate) weights: Weights,
    pub(crate) calibration: Calibration,
    pub(crate) cross_fitted: Vec<CrossFitted>,
    /// Per language with enough decisions.
    pub(crate) belonging: Vec<Belonging>,
}

impl Trained {
    pub(crate) fn untaught() -> Self {
        Self {
            machine: None,
            weights: Weights(PRIOR),
            calibration: Calibration::unseen(),
            cross_fitted: Vec::new(),
            belonging: Vec::new(),
        }
    }

    /// Learns from all lessons of the ground. `ids` are the categories' by slot.
    pub(crate) fn of(ground: &Ground<'_>, ids: &[&CategoryId]) -> Self {
        let lessons: Vec<usize> =
            (0..ground.lessons.len()).filter(|&at| ground.lessons[at].has_vector).collect();
        if lessons.is_empty() {
            return Self::untaught();
        }
        let (rows, own) = ground.rows();
        let slots = ground.slots();
        let train = |lessons: &[usize]| {
            let used: Vec<usize> = (0..own).chain(lessons.iter().map(|at| own + at)).collect();
            let mut machine = Machine::train(&rows, &used, slots);
            machine.round();
            machine
        };
        let machine = train(&lessons);
        if lessons.len() < FEWEST {
            return Self { machine: Some(machine), weights: Weights(DEFAULT), ..Self::untaught() };
        }
        let fold = |at: usize| mixed(ground.lessons[at].group) % FOLDS;
        let mut choices: Vec<(usize, Compared)> = Vec::new();
        for held in 0..FOLDS {
            let (out, kept): (Vec<usize>, Vec<usize>) = lessons.iter().partition(|&&at| fold(at) == held);
            if out.is_empty() || kept.is_empty() {
                continue;
            }
            let all: Vec<usize> = (0..ground.lessons.len()).filter(|&at| fold(at) != held).collect();
            let machine = train(&kept);
            let counted = Counted::of(ground, &all);
            let products: Vec<_> = out.iter().map(|&at| &ground.lessons[at].product).collect();
            let silent: Vec<Vec<usize>> = ground.spaces.iter().map(|space| silent(space, &counted)).collect();
            let compared = evidences(ground.spaces, &machine, &counted, &products, |place, all| {
                let lesson = &ground.lessons[out[place]];
                Compared::of(all, &silent[lesson.product.space], lesson.slot)
            });
            choices.extend(out.iter().copied().zip(compared));
        }
        choices.sort_by_key(|(at, _)| *at);
        let fitted = |held: Option<u64>| {
            let used: Vec<&Compared> = choices
                .iter()
                .filter(|(at, _)| Some(fold(*at)) != held)
                .map(|(_, compared)| compared)
                .collect();
            let weights = Weights::fit(&used.iter().map(|compared| &compared.choice).collect::<Vec<_>>());
            let trials: Vec<(Lead, bool)> = used.iter().map(|compared| compared.trial(&weights)).collect();
            (weights, Calibration::fit(&trials))
        };
        let (weights, calibration) = fitted(None);
        // How a decision would have been ranked knows it neither through the machine nor through weights and calibration.
        let by_fold: Vec<(Weights, Calibration)> =
            (0..FOLDS).into_par_iter().map(|held| fitted(Some(held))).collect();
        let cross_fitted = choices
            .iter()
            .map(|(at, compared)| {
                let lesson = &ground.lessons[*at];
                let (weights, calibration) = &by_fold[fold(*at) as usize];
                let candidates: Vec<(CategoryId, f32)> = compared
                    .ranked(weights, calibration)
                    .into_iter()
                    .filter_map(|(slot, share)| Some(((*ids.get(slot)?).clone(), share)))
                    .take(CANDIDATES)
                    .collect();
                CrossFitted {
                    key: lesson.key.clone(),
                    given: ids.get(lesson.slot).map(|id| (*id).clone()),
                    group: lesson.group,
                    // That it is none of ours may be likelier: the first category is no surer for that.
                    confidence: candidates.first().map_or(0.0, |(_, share)| *share),
                    candidates,
                }
            })
            .collect();
        let mut by_centre: BTreeMap<usize, Vec<Example<'_>>> = BTreeMap::new();
        for (at, compared) in &choices {
            let lesson = &ground.lessons[*at];
            let fold = fold(*at) as usize;
            let score = compared.best(&by_fold[fold].0, ground.categories);
            if let (Some(_), Some(score), true) =
                (lesson.product.apart, score, lesson.slot < ground.categories)
            {
                let example = Example { product: &lesson.product, fold, score };
                by_centre.entry(lesson.product.centre).or_default().push(example);
            }
        }
        let belonging = by_centre
            .iter()
            .filter_map(|(&centre, examples)| Belonging::fit(centre, FOLDS as usize, examples))
            .collect();
        Self { machine: Some(machine), weights, calibration, cross_fitted, belonging }
    }
}

/// The categories that a decision is compared over, the right one among them.
struct Compared {
    slots: Vec<usize>,
    choice: Choice,
    /// Whether the right one would have been compared without being known.
    reached: bool,
}

impl Compared {
    fn of(all: &[Evidences], silent: &[usize], right: usize) -> Self {
        let mut rough: Vec<f32> = all.iter().map(|evidences| Weights(DEFAULT).score(evidences)).collect();
        for &slot in silent {
            rough[slot] = f32::NAN;
        }
        let mut slots = best(&rough, COMPARED);
        let reached = slots.contains(&right);
        if !reached {
            slots.push(right);
        }
        let place = slots.iter().position(|&slot| slot == right).unwrap_or_default();
        let evidences = slots.iter().map(|&slot| all[slot]).collect();
        Self { slots, choice: Choice { evidences, right: place }, reached }
    }

    /// Slots with their shares of the softmax, best first, as without knowing the right one.
    fn shares(&self, weights: &Weights) -> Vec<(usize, f64)> {
        let known = self.slots.len() - usize::from(!self.reached);
        let scores: Vec<f32> = self.choice.evidences[..known].iter().map(|e| weights.score(e)).collect();
        shares(&scores).into_iter().map(|(place, share)| (self.slots[place], share)).collect()
    }

    /// The best score among the first `categories` slots, as without knowing the right one.
    fn best(&self, weights: &Weights, categories: usize) -> Option<f32> {
        let known = self.slots.len() - usize::from(!self.reached);
        let known = self.slots.iter().zip(&self.choice.evidences).take(known);
        let scores = known.filter(|(slot, _)| **slot < categories).map(|(_, e)| weights.score(e));
        scores.max_by(f32::total_cmp)
    }

    fn trial(&self, weights: &Weights) -> (Lead, bool) {
        let shares = self.shares(weights);
        let lead = Lead::of(&shares.iter().map(|(_, share)| *share).collect::<Vec<_>>());
        (lead, shares.first().map(|(slot, _)| *slot) == Some(self.slots[self.choice.right]))
    }

    fn ranked(&self, weights: &Weights, calibration: &Calibration) -> Vec<(usize, f32)> {
        probabilities(&self.shares(weights), calibration)
    }
}

/// The softmax of the scores: places with their shares, best first.
pub(crate) fn shares(scores: &[f32]) -> Vec<(usize, f64)> {
    let order = best(scores, scores.len());
    let top = order.first().map_or(0.0, |&place| f64::from(scores[place]));
    let powers: Vec<f64> = order.iter().map(|&place| (f64::from(scores[place]) - top).exp()).collect();
    let sum: f64 = powers.iter().sum();
    order.into_iter().zip(powers).map(|(place, power)| (place, power / sum)).collect()
}

/// Calibrated: the first has the confidence as its probability, the others share the rest as they did before. One of them
/// may come out above the first, where the confidence is low and few share the rest.
pub(crate) fn spread(shares: &[(usize, f64)], calibration: &Calibration) -> Vec<(usize, f32)> {
    let lead = Lead::of(&shares.iter().map(|(_, share)| *share).collect::<Vec<_>>());
    let confidence = calibration.confidence(lead);
    let rest = (1.0 - shares.first().map_or(0.0, |(_, share)| *share)).max(1e-12);
    let of = |place: usize, share: f64| {
        if place == 0 { confidence } else { (share / rest * f64::from(1.0 - confidence)) as f32 }
    };
    shares.iter().enumerate().map(|(place, &(slot, share))| (slot, of(place, share))).collect()
}

/// The spread probabilities in falling order: none is above the one before.
pub(crate) fn probabilities(shares: &[(usize, f64)], calibration: &Calibration) -> Vec<(usize, f32)> {
    let mut ranked = spread(shares, calibration);
    let mut last = f32::INFINITY;
    for (_, probability) in &mut ranked {
        last = last.min(*probability);
        *probability = last;
    }
    ranked
}
