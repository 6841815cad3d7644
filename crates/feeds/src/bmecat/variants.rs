//! Variants that a product's features list: sizes and colours, each with an addition to the article number.

use berika_catalog::{ProductRecord, Variant};

use super::names::{all, child, text_of};
use super::product::Reader;
use super::units::unit;
use crate::xml::Node;

/// One feature in which variants differ.
struct Axis<'t> {
    order: u32,
    name: &'t str,
    /// Value with unit, and what it adds to the article number.
    values: Vec<(String, &'t str)>,
}

/// Adds the variants that come of a product's features: every value of one with every value of the others.
///
/// More than a thousand are not spelt out; the values stand in the attributes all the same.
pub(super) fn add(product: Node<'_>, reader: &Reader<'_>, record: &mut ProductRecord) {
    const MOST: usize = 1_000;
    let features = all(product, "PRODUCT_FEATURES").flat_map(|features| all(features, "FEATURE"));
    let mut axes: Vec<Axis<'_>> = features.filter_map(|feature| axis(feature, reader)).collect();
    axes.sort_by_key(|axis| axis.order);
    let count = axes.iter().try_fold(1_usize, |count, axis| count.checked_mul(axis.values.len()));
    if axes.is_empty() || count.is_none_or(|count| count > MOST) {
        return;
    }
    let mut variants = vec![Variant { sku: record.key.sku.clone(), ..Variant::default() }];
    for axis in &axes {
        let with = |variant: &Variant, (value, addition): &(String, &str)| {
            let mut variant = variant.clone();
            variant.sku.push_str(addition);
            variant.attributes.insert(axis.name.to_owned(), value.clone());
            variant
        };
        variants = variants
            .iter()
            .flat_map(|variant| axis.values.iter().map(move |value| with(variant, value)))
            .collect();
    }
    let origin = record.provenance.values().next().cloned();
    if let Some(mut origin) = origin {
        origin.column = Some("VARIANTS".into());
        origin.rule = None;
        record.provenance.insert("variants".into(), origin);
        record.values.variants = variants;
    }
}

fn axis<'t>(feature: Node<'t>, reader: &Reader<'_>) -> Option<Axis<'t>> {
    let variants = child(feature, "VARIANTS")?;
    let order = text_of(variants, "VORDER").and_then(|order| order.parse().ok()).unwrap_or(u32::MAX);
    let name = reader.text(feature, "FNAME")?;
    let sign = unit(reader.text(feature, "FUNIT").unwrap_or_default());
    let value = |variant: Node<'t>| {
        let value = reader.text(variant, "FVALUE")?;
        let value = if sign.is_empty() { value.to_owned() } else { format!("{value} {sign}") };
        Some((value, text_of(variant, "SUPPLIER_PID_SUPPLEMENT").unwrap_or_default()))
    };
    let values: Vec<_> = all(variants, "VARIANT").filter_map(value).collect();
    (!values.is_empty()).then_some(Axis { order, name, values })
}
