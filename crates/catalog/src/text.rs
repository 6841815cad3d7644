//! What is embedded: the texts of a product and of a category.
//!
//! The recipe is versioned: vectors of different template versions are never compared.

use std::collections::BTreeSet;

use crate::taxonomy::in_language;
use crate::wording::says_something;
use crate::{Digest, Language, ProductValues, Taxonomy, exclusion};

/// The version of the product template below. Part of every recipe that uses it.
pub const PRODUCT_TEMPLATE: &str = "product-text-3";

/// The version of the category template below. Part of every recipe that uses it.
pub const CATEGORY_TEMPLATE: &str = "category-text-2";

/// How long a product's text may become, in the tokens of the model that will read it.
pub struct TokenLimit<'a> {
    /// The most tokens.
    pub most: usize,
    /// Counts the tokens of a text.
    pub count: &'a dyn Fn(&str) -> usize,
}

/// A product's text: brand and title, then the supplier's category, the attributes that say what kind of thing it is,
/// and the description, as many of these as fit, most telling first.
///
/// Other attributes stay out. Colour, size and season move a vector away from its category: with all of them in the
/// text, top-1 fell by 5 to 9 points on a fashion catalogue and by up to 6 on a grocery's (see
/// `benches/runs/accuracy-foundation.md`).
///
/// The title always stands, even where it alone is over the limit: the model cuts it. A description is cut at a word.
/// Where nothing is known, or only codes and digits ([`says_something`]), the text is empty and the product has no vector.
pub fn product_text(values: &ProductValues, limit: &TokenLimit<'_>) -> String {
    let mut text = headline(values);
    let category = values.supplier_category.join(" > ");
    let kinds =
        values.attributes.iter().filter(|(name, _)| names_a_kind(name)).map(|(_, value)| value.clone());
    let description = values.description.as_deref().unwrap_or_default();
    for part in std::iter::once(category).chain(kinds) {
        if part.is_empty() {
            continue;
        }
        let longer = join(&text, &part);
        if fits(&longer, limit) {
            text = longer;
        }
    }
    let text = append_words(text, description, limit);
    if says_something(&text) { text } else { String::new() }
}

/// All words that a product is categorised by: those of [`product_text`] and the whole description, which no model's limit
/// cuts. Empty where nothing is known.
pub fn product_words(values: &ProductValues) -> String {
    let kinds =
        values.attributes.iter().filter(|(name, _)| names_a_kind(name)).map(|(_, value)| value.clone());
    let parts = [headline(values), values.supplier_category.join(" > ")].into_iter().chain(kinds);
    let parts = parts.chain(values.description.clone());
    parts.filter(|part| !part.trim().is_empty()).collect::<Vec<_>>().join(" ")
}

/// The facts by which a product is categorised, for change detection: the text, the words and the structured signals
/// beside them.
pub fn evidence_digest(supplier: &str, values: &ProductValues, text: &str) -> Digest {
    let category = values.supplier_category.join("\u{1f}");
    let language = values.language.as_ref().map_or("", Language::as_str);
    let words = product_words(values);
    Digest::of_parts([
        supplier,
        &category,
        values.brand.as_deref().unwrap_or_default(),
        text,
        &words,
        language,
    ])
}

/// The facts that a description is written from, for change detection: not price, stock or pictures, which change
/// daily and are no part of a text.
pub fn facts_digest(values: &ProductValues) -> Digest {
    Digest::of_json(&(
        &values.title,
        &values.brand,
        &values.gtin,
        &values.mpn,
        &values.description,
        &values.attributes,
        &values.language,
        &values.best_before,
    ))
}

/// What a category's texts are composed of, in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CategoryParts {
    /// The name.
    pub name: String,
    /// The names from the root down, without levels that repeat the one above.
    pub path: String,
    /// What belongs there, without the sentences that say what does not ([`exclusion`]).
    pub description: Option<String>,
    /// Other words for it, joined.
    pub synonyms: Option<String>,
}

/// What a category's texts are composed of. What there is not in `language` is taken from English, else from the first
/// language there is.
pub fn category_parts(taxonomy: &Taxonomy, index: usize, language: &Language) -> CategoryParts {
    let category = &taxonomy.categories()[index];
    let mut path = taxonomy.path_names(index, language);
    path.dedup();
    let described = in_language(&category.descriptions, language).map(|text| exclusion::split(text).kept);
    let synonyms = in_language(&category.synonyms, language).map(|synonyms| synonyms.join(", "));
    let said = |text: &String| !text.trim().is_empty();
    CategoryParts {
        name: category.name(language).to_owned(),
        path: path.join(" > "),
        description: described.filter(said),
        synonyms: synonyms.filter(said),
    }
}

/// A category's texts in `language`, each to be embedded on its own and averaged: its name, its path, its name with
/// the description, and its synonyms. Texts that say the same twice are left out. What a description excludes is no part
/// of them: a sentence vector has no sense of "not".
pub fn category_texts(taxonomy: &Taxonomy, index: usize, language: &Language) -> Vec<String> {
    let CategoryParts { name, path, description, synonyms } = category_parts(taxonomy, index, language);
    let described = description.map(|description| format!("{name}. {description}"));
    let mut seen = BTreeSet::new();
    let texts = [Some(name), Some(path), described, synonyms].into_iter().flatten();
    texts.filter(|text| !text.trim().is_empty() && seen.insert(text.clone())).collect()
}

/// Whether an attribute's name says that its value is a kind of product: one of the words that suppliers use for it in
/// English, Swedish, Danish, Norwegian and German, alone or as a part (`Product type`, `Varetype`).
fn names_a_kind(name: &str) -> bool {
    const WORDS: [&str; 15] = [
        "type",
        "typ",
        "kind",
        "category",
        "kategori",
        "kategorie",
        "produktart",
        "produktgrupp",
        "produktgruppe",
        "produkttyp",
        "produkttype",
        "varetype",
        "varugrupp",
        "varegruppe",
        "warengruppe",
    ];
    name.to_lowercase().split(|c: char| !c.is_alphabetic()).any(|word| WORDS.contains(&word))
}

/// Brand and title; the brand only where the title does not name it already.
fn headline(values: &ProductValues) -> String {
    let title = values.title.as_deref().unwrap_or_default().trim();
    match values.brand.as_deref().map(str::trim).filter(|brand| !brand.is_empty()) {
        Some(brand) if title.is_empty() => brand.to_owned(),
        Some(brand) if !title.to_lowercase().contains(&brand.to_lowercase()) => format!("{brand} {title}"),
        _ => title.to_owned(),
    }
}

fn join(text: &str, part: &str) -> String {
    if text.is_empty() { part.to_owned() } else { format!("{text}. {part}") }
}

/// A token is at least one byte, so short texts need no counting.
fn fits(text: &str, limit: &TokenLimit<'_>) -> bool {
    text.len() + 2 <= limit.most || (limit.count)(text) <= limit.most
}

/// Appends as many of `words` as fit, found by bisection so that a long description costs few token counts.
fn append_words(text: String, words: &str, limit: &TokenLimit<'_>) -> String {
    // Far more than any model reads; keeps a 10 MB description from being counted at all.
    const MOST_CHARS: usize = 8_000;
    let words = words.char_indices().nth(MOST_CHARS).map_or(words, |(end, _)| &words[..end]);
    let ends: Vec<usize> = words
        .char_indices()
        .filter(|(_, c)| c.is_whitespace())
        .map(|(at, _)| at)
        .chain((!words.is_empty()).then_some(words.len()))
        .collect();
    let fitting = ends.partition_point(|&end| fits(&join(&text, &words[..end]), limit));
    match fitting.checked_sub(1).map(|last| words[..ends[last]].trim()) {
        Some(kept) if !kept.is_empty() => join(&text, kept),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Category, CategoryId};

    fn words(text: &str) -> usize {
        text.split_whitespace().count()
    }

    fn product() -> ProductValues {
        ProductValues {
            title: Some("Kaffe mellanrost 450g".to_owned()),
            brand: Some("Fjällbryggd".to_owned()),
            supplier_category: vec!["Livsmedel".to_owned(), "Dryck".to_owned()],
            attributes: [
                ("Produkttyp".to_owned(), "Bryggkaffe".to_owned()),
                ("Färg".to_owned(), "Röd".to_owned()),
            ]
            .into(),
            description: Some("Ett fylligt kaffe för bryggare som räcker länge".to_owned()),
            ..ProductValues::default()
        }
    }

    #[test]
    fn the_most_telling_parts_come_first_and_the_limit_holds() {
        let text = |most| product_text(&product(), &TokenLimit { most, count: &words });
        assert_eq!(
            text(100),
            "Fjällbryggd Kaffe mellanrost 450g. Livsmedel > Dryck. Bryggkaffe. \
             Ett fylligt kaffe för bryggare som räcker länge"
        );
        assert_eq!(text(10), "Fjällbryggd Kaffe mellanrost 450g. Livsmedel > Dryck. Bryggkaffe. Ett fylligt");
        assert_eq!(text(1), "Fjällbryggd Kaffe mellanrost 450g");
    }

    #[test]
    fn a_brand_in_the_title_is_not_repeated_and_nothing_known_is_no_text() {
        let limit = TokenLimit { most: 100, count: &words };
        let named = ProductValues {
            title: Some("FJÄLLBRYGGD kaffe".to_owned()),
            brand: Some("Fjällbryggd".to_owned()),
            ..ProductValues::default()
        };
        assert_eq!(product_text(&named, &limit), "FJÄLLBRYGGD kaffe");
        assert_eq!(product_text(&ProductValues::default(), &limit), "");
        let code = ProductValues { title: Some("SKU 12345".to_owned()), ..ProductValues::default() };
        assert_eq!(product_text(&code, &limit), "");
        let told = ProductValues { description: Some("Bryggkaffe".to_owned()), ..code };
        assert_eq!(product_text(&told, &limit), "SKU 12345. Bryggkaffe");
    }

    #[test]
    fn what_a_category_excludes_is_no_part_of_its_texts() {
        let english = Language::parse("en").unwrap();
        let texts = |description: &str| {
            let category = |id: &str, parent: Option<&str>| Category {
                id: CategoryId(id.to_owned()),
                parent: parent.map(|parent| CategoryId(parent.to_owned())),
                names: [(english.clone(), "Milk".to_owned())].into(),
                descriptions: [(english.clone(), description.to_owned())].into(),
                excludes: [(english.clone(), "Ice cream".to_owned())].into(),
                synonyms: [].into(),
                external_ids: [].into(),
            };
            let taxonomy =
                Taxonomy::new("own", 1, vec![category("a", None), category("b", Some("a"))]).unwrap();
            category_texts(&taxonomy, 1, &english)
        };
        assert_eq!(texts("For drinking. Excludes cream."), ["Milk", "Milk. For drinking."]);
        assert_eq!(texts("Excludes cream."), ["Milk"]);
    }

    #[test]
    fn price_and_stock_are_no_part_of_the_facts() {
        let mut changed = product();
        changed.stock = Some(5.into());
        assert_eq!(facts_digest(&product()), facts_digest(&changed));
        changed.title = Some("Te".to_owned());
        assert_ne!(facts_digest(&product()), facts_digest(&changed));
    }
}
