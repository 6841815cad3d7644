//! How much of it a product is.

use berika_catalog::{Language, ProductValues};
use berika_describe::facts::Quantity;
use berika_describe::facts::quantity::{Measure, Unit, scan};

/// An attribute longer than this is not a measure.
const MEASURE_MOST: usize = 40;

/// The quantities that a product's title gives, or else its attributes, each once, in one unit a measure, in a fixed order:
/// `0.5 kg` and `500 g` are one. What is only the amount of something else (`for 10 l`) is none.
pub(super) fn sizes(values: &ProductValues) -> Vec<String> {
    let language = values.language.as_ref();
    let title = values.title.as_deref().map(|title| read(title, language)).unwrap_or_default();
    let mut sizes = if title.is_empty() {
        let short = values.attributes.values().filter(|value| value.len() <= MEASURE_MOST);
        short.filter(|value| value.starts_with(|c: char| c.is_ascii_digit())).fold(
            Vec::new(),
            |mut all, value| {
                all.extend(read(value, language));
                all
            },
        )
    } else {
        title
    };
    sizes.sort();
    sizes.dedup();
    sizes
}

fn read(text: &str, language: Option<&Language>) -> Vec<String> {
    let found = scan(text, language).into_iter().filter(|found| !found.relative);
    found
        .map(|found| {
            let one = Quantity { approximate: false, ..found.quantity };
            let unit = match one.unit.measure() {
                Measure::Mass => Unit::Gram,
                Measure::Volume => Unit::Millilitre,
                Measure::Length => Unit::Millimetre,
                _ => one.unit,
            };
            one.in_unit(unit).unwrap_or(one).to_string()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(title: &str, attributes: &[(&str, &str)]) -> Vec<String> {
        sizes(&ProductValues {
            title: Some(title.to_owned()),
            attributes: attributes.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
            ..ProductValues::default()
        })
    }

    #[test]
    fn the_same_amount_is_the_same_however_it_is_written() {
        assert_eq!(of("Ground Coffee 0.5 kg", &[]), of("Coffee, ground 500 g", &[("Weight", "0.6 kg")]));
        assert_eq!(of("Cola 6x33 cl", &[]), of("Cola 6 x 330 ml", &[]));
        assert_ne!(of("Cola 6 x 330 ml", &[]), of("Cola 330 ml", &[]));
        assert_eq!(of("Coffee", &[("Weight", "500 g"), ("Text", "good for 3 kg of cake")]), ["500 g"]);
        assert!(of("Coffee", &[("Colour", "black")]).is_empty());
    }
}
