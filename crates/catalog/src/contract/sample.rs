//! Some of a delivery's products, chosen by their article numbers: the same ones in every delivery.

use std::collections::BTreeMap;

use crate::{Money, ProductRecord};

/// The most products that are kept: where a delivery has no more, a sample is all of it.
const MOST: usize = 10_000;

/// Products whose number's hash ends in `level` zero bits. The level rises as the delivery does, so that memory does not.
#[derive(Debug, Clone, Default)]
pub struct Sample {
    level: u32,
    products: BTreeMap<u64, Sampled>,
}

/// What is kept of a product.
#[derive(Debug, Clone)]
pub(super) struct Sampled {
    pub(super) sku: String,
    pub(super) title: Option<u64>,
    pub(super) price: Option<Money>,
}

impl Sample {
    /// Offers a product. The first row of an article number counts, as it does in the store.
    pub(super) fn add(&mut self, hash: u64, record: &ProductRecord) {
        if !self.takes(hash) {
            return;
        }
        self.products.entry(hash).or_insert_with(|| Sampled {
            sku: record.key.sku.clone(),
            title: record.values.title.as_deref().map(hash_of),
            price: record.values.price.clone(),
        });
        while self.products.len() > MOST {
            self.level += 1;
            let level = self.level;
            self.products.retain(|hash, _| hash.trailing_zeros() >= level);
        }
    }

    /// The article numbers in it, for looking them up.
    pub fn skus(&self) -> Vec<String> {
        self.products.values().map(|product| product.sku.clone()).collect()
    }

    /// How many different article numbers the delivery has, more or less.
    pub fn distinct(&self) -> u64 {
        (self.products.len() as u64) << self.level.min(40)
    }

    pub(super) fn len(&self) -> usize {
        self.products.len()
    }

    pub(super) fn get(&self, sku: &str) -> Option<&Sampled> {
        self.products.get(&hash_of(sku)).filter(|product| product.sku == sku)
    }

    pub(super) fn prices(&self) -> impl Iterator<Item = &Money> {
        self.products.values().filter_map(|product| product.price.as_ref())
    }

    fn takes(&self, hash: u64) -> bool {
        hash.trailing_zeros() >= self.level
    }
}

/// A hash that is the same on every machine.
pub(super) fn hash_of(text: &str) -> u64 {
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&blake3::hash(text.as_bytes()).as_bytes()[..8]);
    u64::from_le_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ProductKey, ProductValues, SupplierId};

    #[test]
    fn memory_does_not_grow_and_the_count_stays_close() {
        let mut sample = Sample::default();
        for n in 0..100_000 {
            let key = ProductKey { supplier: SupplierId::new("a").unwrap(), sku: format!("N-{n}") };
            let record = ProductRecord { key, values: ProductValues::default(), provenance: BTreeMap::new() };
            for _ in 0..2 {
                sample.add(hash_of(&record.key.sku), &record);
            }
            assert!(sample.len() <= MOST);
        }
        let distinct = sample.distinct() as f64;
        assert!((distinct / 100_000.0 - 1.0).abs() < 0.05, "{distinct}");
    }
}
