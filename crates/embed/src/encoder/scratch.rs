//! The memory that forward passes work on, kept between them so that it is asked for and cleared once.

use std::sync::{Mutex, PoisonError};

use berika_kernels::attention;

use super::linear::{Rounded, Rows};

/// Rows are computed in blocks of so many: buffers have room for whole ones.
pub(super) const BLOCK: usize = 32;

/// What one pass works on.
#[derive(Default)]
pub(crate) struct Scratch {
    /// `[tokens, hidden]`: what a layer gets and gives.
    pub(super) xs: Vec<f32>,
    /// `[tokens, 3, hidden]`: queries, keys and values.
    pub(super) qkv: Vec<f32>,
    /// One for each part of the rows that is computed at the same time.
    pub(super) parts: Vec<Part>,
}

/// What one part of a pass's rows works on, on one thread.
#[derive(Default)]
pub(super) struct Part {
    pub(super) attended: Vec<f32>,
    pub(super) sums: Vec<f32>,
    pub(super) inner: Rows,
    pub(super) rounded: Rounded,
    pub(super) attention: attention::Scratch,
}

impl Scratch {
    /// Makes room for so many tokens, computed in `parts` parts of `rows` rows.
    pub(super) fn fit(&mut self, tokens: usize, hidden: usize, parts: usize, rows: usize) {
        fit(&mut self.xs, tokens, hidden);
        fit(&mut self.qkv, tokens, 3 * hidden);
        if self.parts.len() < parts {
            self.parts.resize_with(parts, Part::default);
        }
        for part in &mut self.parts[..parts] {
            fit(&mut part.attended, rows, hidden);
            fit(&mut part.sums, rows, hidden);
        }
    }
}

/// Room for `rows` of `width` numbers, in whole blocks. What stood there stays, so nothing is cleared twice.
pub(super) fn fit<T: Default + Clone>(buffer: &mut Vec<T>, rows: usize, width: usize) {
    let room = rows.next_multiple_of(BLOCK) * width;
    if buffer.len() < room {
        buffer.resize(room, T::default());
    }
}

/// Scratches that no pass is using.
#[derive(Default)]
pub(crate) struct Shelf(Mutex<Vec<Scratch>>);

impl Shelf {
    /// Runs `work` on a scratch from the shelf, or on a new one.
    pub(crate) fn with<T>(&self, work: impl FnOnce(&mut Scratch) -> T) -> T {
        let lock = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut scratch = lock().pop().unwrap_or_default();
        let done = work(&mut scratch);
        lock().push(scratch);
        done
    }
}
