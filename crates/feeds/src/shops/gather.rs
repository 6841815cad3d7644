//! The rows of one product brought together, wherever they stand.
//!
//! They nearly always follow one another. A first pass over the file notes which products come back later; in the
//! second only these wait, and every other product is complete when the next one begins. What is held of the first
//! pass is eight bytes for each product.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::FeedProblem;
use crate::csv::KeptRow;

/// Runs of rows with the same key, in the order of the file.
#[derive(Debug, Default)]
pub(super) struct Runs(Vec<u64>);

/// Keys that have several runs, by hash, and how many of them are still to come.
#[derive(Debug, Default)]
pub(super) struct Returning(HashMap<u64, u32>);

/// Rows on their way to whole products.
#[derive(Debug)]
pub(super) struct Gathering {
    returning: Returning,
    /// The product that the last row belongs to.
    current: Option<Product>,
    /// Products whose further rows are still to come.
    waiting: HashMap<String, Product>,
    /// Bytes of all rows held.
    bytes: usize,
    limit: usize,
}

/// All rows of one product, in the order of the file.
#[derive(Debug)]
pub(super) struct Product {
    pub(super) key: String,
    pub(super) rows: Vec<KeptRow>,
}

impl Runs {
    /// Notes the key of the next row.
    pub(super) fn note(&mut self, key: &str) {
        let hash = hash(key);
        if self.0.last() != Some(&hash) {
            self.0.push(hash);
        }
    }

    /// The keys that come back. `other` gives the key that a row goes by where that was not yet known.
    pub(super) fn returning<'k>(self, other: impl Fn(u64) -> Option<&'k str>) -> Returning {
        let mut runs = self.0;
        runs.iter_mut().for_each(|run| *run = other(*run).map_or(*run, hash));
        runs.dedup();
        runs.sort_unstable();
        let several = runs.chunk_by(|a, b| a == b).filter(|same| same.len() > 1);
        Returning(several.map(|same| (same[0], same.len() as u32)).collect())
    }
}

impl Returning {
    /// Notes that a run has ended. Whether it was the key's last.
    fn ends(&mut self, key: &str) -> bool {
        let hash = hash(key);
        let Some(left) = self.0.get_mut(&hash) else { return true };
        *left -= 1;
        if *left == 0 {
            self.0.remove(&hash);
            return true;
        }
        false
    }
}

impl Gathering {
    pub(super) fn new(returning: Returning, limit: usize) -> Self {
        Self { returning, current: None, waiting: HashMap::new(), bytes: 0, limit }
    }

    /// Takes the next row. Returns the product that is complete by it.
    ///
    /// # Errors
    /// [`FeedProblem::Scattered`] where more would be held than may be; `column` is what it names.
    pub(super) fn add(
        &mut self,
        key: &str,
        row: KeptRow,
        column: &str,
    ) -> Result<Option<Product>, FeedProblem> {
        let mut complete = None;
        if self.current.as_ref().is_none_or(|current| current.key != key) {
            complete = self.end_run();
            let waiting = self.waiting.remove(key);
            self.current = waiting.or_else(|| Some(Product { key: key.to_owned(), rows: Vec::new() }));
        }
        self.bytes += row.size();
        if self.bytes > self.limit {
            let column = column.to_owned();
            return Err(FeedProblem::Scattered { row: row.row, column, limit: self.limit });
        }
        if let Some(current) = &mut self.current {
            current.rows.push(row);
        }
        Ok(complete)
    }

    /// What is left at the end of the file, in the order of the first rows.
    pub(super) fn finish(mut self) -> Vec<Product> {
        let mut left: Vec<Product> = self.current.take().into_iter().collect();
        left.extend(self.waiting.into_values());
        left.sort_by_key(|product| product.rows.first().map_or(0, |row| row.row));
        left
    }

    fn end_run(&mut self) -> Option<Product> {
        let current = self.current.take()?;
        if self.returning.ends(&current.key) {
            self.bytes -= current.rows.iter().map(KeptRow::size).sum::<usize>();
            return Some(current);
        }
        self.waiting.insert(current.key.clone(), current);
        None
    }
}

/// A hash by which keys are compared in the first pass. Two keys that share one only wait longer than they need.
pub(super) fn hash(key: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}
