//! Columns that no field took: properties of the product, or listed with the reason why they are left out.

use super::assign::Column;
use super::mapping::{Mapping, field_name, same_words};
use super::price;
use super::profile::Profile;
use super::sample::Sample;
use super::vocabulary::Meaning;

/// Parts of a path that hold properties and nothing else.
const HOLDERS: [&str; 12] = [
    "attributes",
    "details",
    "properties",
    "specs",
    "specifications",
    "features",
    "egenskaper",
    "egenskaber",
    "ominaisuudet",
    "eigenschaften",
    "params",
    "parameters",
];

pub(super) fn add(sample: &Sample, columns: &[Column], mapping: &mut Mapping) {
    for at in 0..columns.len() {
        if mapping.is_used(at) {
            continue;
        }
        let profile = &sample.columns[at];
        if let Some(holder) = holder(&profile.name) {
            if mapping.attributes.iter().all(|(name, _)| *name != holder) {
                mapping.attributes.push((holder, at));
            }
            continue;
        }
        match left_out(profile, &columns[at], at, columns, mapping) {
            Some(reason) => mapping.unplaced.push((at, reason)),
            None => mapping.attributes.push((profile.name.clone(), at)),
        }
    }
}

/// The path of the object or list that this path's property stands in: `details` of `details.Färg`.
pub(super) fn holder(path: &str) -> Option<String> {
    let separator = if path.contains('/') { '/' } else { '.' };
    let parts: Vec<&str> = path.split(separator).collect();
    let at =
        parts[..parts.len() - 1].iter().position(|part| HOLDERS.contains(&part.to_lowercase().as_str()))?;
    Some(parts[..=at].join(&separator.to_string()))
}

/// Why a column is no property; `None` where it is one.
fn left_out(
    profile: &Profile,
    column: &Column,
    at: usize,
    columns: &[Column],
    mapping: &Mapping,
) -> Option<String> {
    let c = &profile.counts;
    let of = |count: u32| profile.share(count);
    let reason = |text: &str| Some(text.to_owned());
    if profile.filled == 0 {
        return match column.plain.map(field_name).filter(|name| !name.is_empty() && *name != "attributes") {
            Some(field) => Some(format!("empty in the sample; named like {field}")),
            None => reason("empty in the sample"),
        };
    }
    if column.plain == Some(Meaning::Attribute) {
        return None;
    }
    if let Some(kind) = column.price.filter(|kind| *kind != price::Kind::Other) {
        return Some(format!("another price: {}", kind.name()));
    }
    let twin = |other: usize| other != at && same_words(&columns[other].header, &column.header);
    if let Some(language) = column.header.language
        && (0..columns.len()).any(|other| twin(other) && mapping.is_used(other))
    {
        return Some(format!("the same in another language: {language}"));
    }
    match column.plain {
        Some(Meaning::Action) => return reason("says what happened to the row; it is not read"),
        Some(Meaning::Other) => return reason("known, and no field of a product"),
        Some(Meaning::Gtin) => return reason("another GTIN; one is kept"),
        Some(Meaning::Images) => return reason("named like pictures, but holds no addresses or file names"),
        Some(Meaning::Stock) => {
            return reason("named like stock, but another column is taken or it holds no numbers");
        }
        Some(Meaning::Language | Meaning::Currency) => {
            return reason("holds no codes of languages or currencies");
        }
        Some(Meaning::Sku | Meaning::Mpn | Meaning::GroupId) => {
            return reason("another number of the article");
        }
        Some(Meaning::Title | Meaning::Description) => {
            return reason("another text; one title and one description are kept");
        }
        Some(Meaning::Category) => return reason("another category; the one above is kept"),
        Some(Meaning::Brand) => return reason("another brand or maker; one is kept"),
        _ => {}
    }
    match () {
        () if of(c.uuid) > 0.5 => reason("internal ids"),
        () if of(c.url) > 0.5 => reason("addresses of pages"),
        () if of(c.date) > 0.5 => reason("dates"),
        () if of(c.gtin) > 0.7 => reason("another GTIN; one is kept"),
        () if profile.is_row_number() => reason("numbers the rows"),
        () if profile.is_constant() => reason("the same in every row"),
        () if of(c.truth) > 0.7 => reason("yes or no"),
        () if of(c.language) > 0.8 || of(c.currency) > 0.8 => reason("codes"),
        () if of(c.html) > 0.3 || profile.mean_length() > 150.0 => reason("another text"),
        // A number of many digits, different in nearly every row, says nothing of a product.
        () if of(c.number) > 0.9
            && of(c.fraction) < 0.1
            && profile.uniqueness() > 0.9
            && profile.values > 5 =>
        {
            reason("numbers without a unit or a telling name")
        }
        () => None,
    }
}
