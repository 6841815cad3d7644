//! What a set of decisions teaches: the machine, the blended vectors, the counts and the suppliers' votes.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::machine::{Machine, Rows};
use crate::matrix::Packed;
use crate::product::Product;
use crate::space::Space;
use crate::stack::{Evidences, KINDS};
use crate::vector::{Sum, dot};
use crate::votes::{Ballot, Votes};

/// Products scored at once by one thread.
const BLOCK: usize = 64;

/// A decision to learn from.
#[derive(Debug)]
pub(crate) struct Lesson {
    pub(crate) key: String,
    pub(crate) product: Product,
    /// The category's slot; the one after the last for "none of ours".
    pub(crate) slot: usize,
    pub(crate) group: u64,
    /// Whether there is a vector to learn from, rather than a supplier's path alone.
    pub(crate) has_vector: bool,
}

/// What is the same for all sets of decisions.
#[derive(Debug)]
pub(crate) struct Ground<'a> {
    pub(crate) spaces: &'a [Space],
    /// The spaces whose descriptions are learnt from: one per language.
    pub(crate) described: &'a [usize],
    pub(crate) lessons: &'a [Lesson],
    pub(crate) categories: usize,
    pub(crate) dimensions: usize,
    pub(crate) prior_weight: f64,
}

impl Ground<'_> {
    /// Slots with that of "none of ours" where it is learnt.
    pub(crate) fn slots(&self) -> usize {
        self.categories + usize::from(self.lessons.iter().any(|lesson| lesson.slot == self.categories))
    }

    /// The rows that machines learn from: the categories' own first, then a row per lesson.
    pub(crate) fn rows(&self) -> (Rows, usize) {
        let mut rows = Rows::new(self.dimensions);
        for &space in self.described {
            let (space, share) = (&self.spaces[space], 1.0 / self.described.len() as f32);
            for (slot, (vector, sketch)) in space.vectors.iter().zip(&space.sketches).enumerate() {
                rows.push(vector, sketch, slot, share);
            }
        }
        let own = rows.len();
        for lesson in self.lessons {
            rows.push(&lesson.product.vector, &lesson.product.sketch, lesson.slot, 1.0);
        }
        (rows, own)
    }
}

/// What decisions besides the machine teach; cheap to count.
#[derive(Debug)]
pub(crate) struct Counted {
    /// Per space, the descriptions with the confirmed products blended in.
    blended: Vec<Blend>,
    /// Confirmed products per slot.
    pub(crate) confirmed: Vec<u32>,
    votes: Votes,
}

/// One space's blended vectors.
#[derive(Debug)]
struct Blend {
    /// Of the slots that products were blended into; elsewhere the description stands.
    changed: BTreeMap<usize, Vec<f32>>,
}

impl Counted {
    /// Nothing counted yet.
    pub(crate) fn none() -> Self {
        Self { blended: Vec::new(), confirmed: Vec::new(), votes: Votes::default() }
    }

    /// Counts the lessons of `used`.
    pub(crate) fn of(ground: &Ground<'_>, used: &[usize]) -> Self {
        let mut sums: BTreeMap<usize, Sum> = BTreeMap::new();
        let mut confirmed = vec![0; ground.slots()];
        let lessons = || used.iter().map(|&at| &ground.lessons[at]);
        let ballots = lessons().filter_map(|lesson| {
            let (path, at) = (lesson.product.path.as_ref()?, lesson.product.decided?);
            Some(Ballot { path, at, slot: lesson.slot })
        });
        let votes = Votes::of(ballots, ground.slots());
        for lesson in lessons() {
            if !lesson.has_vector {
                continue;
            }
            confirmed[lesson.slot] += 1;
            if lesson.slot < ground.categories {
                let sum = sums.entry(lesson.slot).or_insert_with(|| Sum::new(ground.dimensions));
                sum.add(&lesson.product.vector, 1.0);
            }
        }
        let blend = |space: &Space| Blend {
            changed: sums
                .iter()
                .map(|(&slot, sum)| {
                    let mut blend = sum.clone();
                    blend.add(&space.vectors[slot], ground.prior_weight);
                    (slot, blend.normalised())
                })
                .collect(),
        };
        Self { blended: ground.spaces.iter().map(blend).collect(), confirmed, votes }
    }

    /// The description of a slot with the confirmed products blended in; zero for "none of ours".
    pub(crate) fn blended<'a>(&'a self, spaces: &'a [Space], space: usize, slot: usize) -> &'a [f32] {
        let changed = self.blended[space].changed.get(&slot).map(Vec::as_slice);
        changed.or_else(|| spaces[space].vectors.get(slot).map(Vec::as_slice)).unwrap_or_default()
    }

    /// What decisions on its supplier's category say for each slot that they say anything for.
    pub(crate) fn votes(&self, product: &Product) -> Vec<(usize, f32)> {
        self.votes.for_product(product.path.as_ref(), product.decided, self.confirmed.len())
    }

    /// The evidence of its count.
    pub(crate) fn count(&self, slot: usize) -> f32 {
        f64::from(self.confirmed[slot]).ln_1p() as f32
    }
}

/// The evidence for every slot, of each of `products`, in blocks on all threads. `each` is called with the product's
/// place and its evidence by slot.
pub(crate) fn evidences<T: Send>(
    spaces: &[Space],
    machine: &Machine,
    counted: &Counted,
    products: &[&Product],
    each: impl Fn(usize, &[Evidences]) -> T + Sync,
) -> Vec<T> {
    let slots = counted.confirmed.len();
    let dimensions = machine.dense.first().map_or(0, Vec::len);
    let packed: Vec<[Packed; 2]> = (0..spaces.len())
        .map(|space| {
            let mut described = spaces[space].vectors.clone();
            described.resize(slots, vec![0.0; dimensions]);
            let blended = (0..slots)
                .map(|slot| padded(counted.blended(spaces, space, slot), dimensions))
                .collect::<Vec<_>>();
            [Packed::new(&described, dimensions), Packed::new(&blended, dimensions)]
        })
        .collect();
    let outputs = Packed::new(&machine.dense, dimensions);
    let counts: Vec<f32> = (0..slots).map(|slot| counted.count(slot)).collect();
    let places: Vec<usize> = (0..products.len()).collect();
    let done: Vec<Vec<T>> = places
        .par_chunks(BLOCK)
        .map(|places| {
            let vectors: Vec<f32> =
                places.iter().flat_map(|&at| products[at].vector.iter().copied()).collect();
            let stride = outputs.stride();
            let multiplied = |with: &Packed| {
                let mut scores = vec![0.0; places.len() * stride];
                with.multiply(&vectors, &mut scores);
                scores
            };
            let outputs = multiplied(&outputs);
            // Mostly one space: with several, all of the block are compared with each.
            let in_block: BTreeSet<usize> = places.iter().map(|&at| products[at].space).collect();
            let by_space: BTreeMap<usize, [Vec<f32>; 2]> =
                in_block.into_iter().map(|space| (space, packed[space].each_ref().map(multiplied))).collect();
            places
                .iter()
                .enumerate()
                .map(|(row, &at)| {
                    let product = products[at];
                    let [described, blended] = &by_space[&product.space];
                    let range = row * stride..row * stride + slots;
                    let (described, blended) = (&described[range.clone()], &blended[range.clone()]);
                    let mut pieces = vec![0.0; slots];
                    spaces[product.space].add_pieces(&product.sketch, 1.0, &mut pieces);
                    let mut output = outputs[range].to_vec();
                    for (output, constant) in output.iter_mut().zip(&machine.constant) {
                        *output += constant;
                    }
                    for &(place, x) in &product.sketch.entries {
                        let weights = &machine.lexical[usize::from(place) * slots..][..slots];
                        for (output, w) in output.iter_mut().zip(weights) {
                            *output += x * w;
                        }
                    }
                    let mut all: Vec<Evidences> = (0..slots)
                        .map(|slot| {
                            [described[slot], pieces[slot], output[slot], blended[slot], counts[slot], 0.0]
                        })
                        .collect();
                    for (slot, vote) in counted.votes(product) {
                        all[slot][KINDS - 1] = vote;
                    }
                    each(at, &all)
                })
                .collect()
        })
        .collect();
    done.into_iter().flatten().collect()
}

/// The evidence for one slot.
pub(crate) fn evidence(
    spaces: &[Space],
    machine: Option<&Machine>,
    counted: &Counted,
    product: &Product,
    slot: usize,
) -> Evidences {
    let space = &spaces[product.space];
    let is_category = slot < space.vectors.len();
    let described = if is_category { dot(&product.vector, &space.vectors[slot]) } else { 0.0 };
    let pieces = if is_category { space.pieces(&product.sketch, slot) } else { 0.0 };
    let output = machine.map_or(0.0, |machine| {
        dot(&product.vector, &machine.dense[slot])
            + machine.words(&product.sketch, slot)
            + machine.constant[slot]
    });
    let blended = dot(&product.vector, counted.blended(spaces, product.space, slot));
    let votes = counted.votes(product);
    let vote = votes.iter().find(|(voted, _)| *voted == slot).map_or(0.0, |(_, vote)| *vote);
    [described, pieces, output, blended, counted.count(slot), vote]
}

fn padded(vector: &[f32], dimensions: usize) -> Vec<f32> {
    let mut vector = vector.to_vec();
    vector.resize(dimensions, 0.0);
    vector
}

/// Slots that nothing tells from the others: no description of their own, nothing confirmed.
pub(crate) fn silent(space: &Space, counted: &Counted) -> Vec<usize> {
    space.silent().filter(|&slot| counted.confirmed[slot] == 0).collect()
}
