//! Features as properties: names and values that people can read, with their units.

use std::borrow::Cow;

use super::catalogue::Catalogue;
use super::names::{all, child, text_of};
use super::product::Reader;
use super::units::unit;
use crate::pairs::Pairs;
use crate::xml::Node;

/// Adds a group of features, and the product's class in the classification they follow.
pub(super) fn add<'t>(features: Node<'t>, catalogue: &Catalogue, reader: &Reader<'_>, pairs: &mut Pairs<'t>) {
    if let Some(name) = reader.text(features, "REFERENCE_FEATURE_GROUP_NAME") {
        pairs.push("REFERENCE_FEATURE_GROUP_NAME", name);
    }
    let system = text_of(features, "REFERENCE_FEATURE_SYSTEM_NAME");
    let class = text_of(features, "REFERENCE_FEATURE_GROUP_ID");
    // A class of the catalogue's own is a category; one of ETIM or ECLASS is known to everybody by its code.
    if let (Some(system), Some(class)) = (system, class)
        && catalogue.class_path(class).is_empty()
    {
        pairs.property(system, class);
    }
    below(features, reader, pairs);
}

/// Features, and those in groups of features.
fn below<'t>(features: Node<'t>, reader: &Reader<'_>, pairs: &mut Pairs<'t>) {
    all(features, "FEATURE").for_each(|feature| add_one(feature, reader, pairs));
    all(features, "FEATURE_GROUP").for_each(|group| below(group, reader, pairs));
}

fn add_one<'t>(feature: Node<'t>, reader: &Reader<'_>, pairs: &mut Pairs<'t>) {
    let template = child(feature, "FTEMPLATE");
    let of_template = |name| template.and_then(|template| reader.text(template, name));
    let name = reader.text(feature, "FNAME").or_else(|| of_template("FT_NAME"));
    // A bare code says less than its description.
    let described = || reader.text(feature, "FDESCR").or_else(|| of_template("FT_DESCR"));
    let name = match name {
        Some(name) if is_code(name) => Some(described().unwrap_or(name)),
        Some(name) => Some(name),
        None => described(),
    };
    let Some(name) = name else { return };
    let mut values: Vec<&str> =
        reader.chosen(all(feature, "FVALUE")).iter().map(|value| value.text().trim()).collect();
    let details: Vec<&str> =
        reader.chosen(all(feature, "FVALUE_DETAILS")).iter().map(|value| value.text().trim()).collect();
    if let Some(variants) = child(feature, "VARIANTS") {
        let of_variants = all(variants, "VARIANT").filter_map(|variant| reader.text(variant, "FVALUE"));
        values.extend(of_variants);
    }
    if (values.is_empty() || values.iter().all(|value| is_code(value))) && !details.is_empty() {
        values = details;
    }
    // "-" says that the feature does not apply; a value that repeats the name is a heading of a feature tree.
    values.retain(|value| !value.is_empty() && *value != "-" && *value != name);
    if values.is_empty() {
        return;
    }
    let code = reader.text(feature, "FUNIT").or_else(|| of_template("FT_UNIT")).unwrap_or_default();
    let is_range = text_of(feature, "FVALUE_TYPE") == Some("range") && values.len() == 2;
    let value = match values.as_slice() {
        [value] => Cow::Borrowed(*value),
        several => Cow::Owned(several.join(if is_range { "–" } else { ", " })),
    };
    match unit(code) {
        "" => pairs.property(name, value),
        unit => pairs.property(name, format!("{value} {unit}")),
    }
}

/// `EF000007`, `EV000123` of ETIM; `0173-1#07-BAA194#001` of ECLASS.
fn is_code(text: &str) -> bool {
    let etim = text.strip_prefix("EF").or_else(|| text.strip_prefix("EV"));
    etim.is_some_and(|rest| rest.len() == 6 && rest.bytes().all(|b| b.is_ascii_digit()))
        || text.split('#').count() == 3 && text.starts_with("0173-")
}
