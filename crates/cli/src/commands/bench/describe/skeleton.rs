//! A text with what is the product's own taken out: two products with equal skeletons have texts that differ in names and
//! values only.

use std::collections::BTreeSet;

use berika_catalog::ProductValues;

/// The skeleton of a text about a product: words that stand in the product's values, and numbers, are one sign each.
pub(super) fn skeleton(text: &str, values: &ProductValues, category: Option<&str>) -> String {
    let attributes = values.attributes.iter().flat_map(|(name, value)| [name.as_str(), value.as_str()]);
    let fields = [values.title.as_deref(), values.brand.as_deref(), category];
    let own: BTreeSet<String> =
        fields.into_iter().flatten().chain(attributes).flat_map(words).map(str::to_lowercase).collect();
    let mut skeleton = String::new();
    let mut hidden = false;
    for word in text.split_whitespace() {
        let core = word.trim_matches(|c: char| !c.is_alphanumeric());
        let hides = core.chars().any(|c| c.is_ascii_digit()) || own.contains(&core.to_lowercase());
        if !hides {
            skeleton.push_str(&word.to_lowercase());
            skeleton.push(' ');
        } else if !hidden {
            skeleton.push_str("_ ");
        }
        hidden = hides;
    }
    skeleton
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_values_are_taken_out() {
        let product =
            |title: &str| ProductValues { title: Some(title.to_owned()), ..ProductValues::default() };
        let first = skeleton("Hammare Asta väger 1,2 kg.", &product("Hammare Asta"), None);
        assert_eq!(first, skeleton("Gryta Nord väger 7 kg.", &product("Gryta Nord"), None));
        assert_ne!(first, skeleton("Gryta Nord har vikten 7 kg.", &product("Gryta Nord"), None));
    }
}
