//! Random hyperplanes (Charikar 2002): vectors on the same side of all hyperplanes of a table share a bucket, and near
//! vectors often do.

use std::collections::HashMap;

use rayon::prelude::*;

use crate::matrix::Packed;

/// At a cosine of 0.93 a hyperplane parts two vectors with a chance of 0.12; all [`BITS`] of one table agree with 0.16,
/// and one of the tables does with 0.97.
pub(super) const TABLES: usize = 20;
const BITS: usize = 14;

/// Vectors on different sides of more hyperplanes than this are not near: at the threshold 34 of 280 are expected, and
/// more than this with a chance below one in ten thousand.
const MOST_APART: u32 = 56;

/// Vectors that one thread puts into buckets at once.
const BLOCK: usize = 64;

/// Leaders that are looked at in one bucket, so that a catalogue of one kind of thing stays quick.
const MOST_LEADERS: usize = 64;

/// The buckets of a list of vectors, and the leaders in them.
pub(super) struct Buckets {
    /// Per vector, its bucket in each table.
    codes: Vec<[u16; TABLES]>,
    leaders: Vec<HashMap<u16, Vec<u32>>>,
}

impl Buckets {
    /// Finds the buckets of unit vectors.
    pub(super) fn of(vectors: &[Vec<f32>], dimensions: usize) -> Self {
        let planes = Packed::new(&hyperplanes(dimensions), dimensions);
        let codes = vectors
            .par_chunks(BLOCK)
            .flat_map_iter(|block| {
                let mut sides = vec![0.0; block.len() * planes.stride()];
                planes.multiply(&block.concat(), &mut sides);
                let code = |sides: &[f32]| sides.iter().fold(0, |code, &x| code << 1 | u16::from(x > 0.0));
                let codes = |sides: &[f32]| -> [u16; TABLES] {
                    std::array::from_fn(|table| code(&sides[table * BITS..(table + 1) * BITS]))
                };
                sides.chunks_exact(planes.stride()).map(codes).collect::<Vec<_>>()
            })
            .collect();
        Self { codes, leaders: vec![HashMap::new(); TABLES] }
    }

    /// The first leader, in the order in which they became leaders, that shares a bucket with vector `at` and is `near`.
    pub(super) fn first(&self, at: usize, near: impl Fn(usize) -> bool) -> Option<usize> {
        let mut met: Vec<u32> = self
            .leaders
            .iter()
            .zip(self.codes[at])
            .filter_map(|(table, code)| table.get(&code))
            .flatten()
            .copied()
            .collect();
        met.sort_unstable();
        met.dedup();
        let apart = |leader: usize| -> u32 {
            self.codes[at].iter().zip(self.codes[leader]).map(|(a, b)| (a ^ b).count_ones()).sum()
        };
        met.into_iter()
            .map(|leader| leader as usize)
            .find(|&leader| apart(leader) <= MOST_APART && near(leader))
    }

    /// Makes vector `at` a leader.
    pub(super) fn lead(&mut self, at: usize) {
        for (table, code) in self.leaders.iter_mut().zip(self.codes[at]) {
            let bucket = table.entry(code).or_default();
            if bucket.len() < MOST_LEADERS {
                bucket.push(at as u32);
            }
        }
    }
}

/// Hyperplanes through zero with directions that are the same in every build: sums of four uniform numbers a
/// coordinate, near enough to normal.
fn hyperplanes(dimensions: usize) -> Vec<Vec<f32>> {
    let mut state = 0x6c6f_6f6b_616c_696b_u64;
    let mut uniform = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f32 / (1_u64 << 24) as f32 - 0.5
    };
    (0..TABLES * BITS)
        .map(|_| (0..dimensions).map(|_| uniform() + uniform() + uniform() + uniform()).collect())
        .collect()
}
