//! What must hold of any product.

use std::collections::BTreeMap;

use proptest::prelude::*;
use rust_decimal::Decimal;

use super::*;
use crate::description::CATEGORY_FIELD;
use crate::voice::Limits;

/// Every number in `text`, with the language's signs undone.
fn numbers(text: &str, tag: &str) -> Vec<Decimal> {
    let mut plain = text.replace('\u{a0}', "");
    plain = match tag {
        "en" => plain,
        // A full stop between digits is a sign of thousands.
        "da" => without_full_stops(&plain).replace(',', "."),
        _ => plain.replace(',', "."),
    };
    let mut found = Vec::new();
    let mut run = String::new();
    let chars: Vec<char> = plain.chars().chain([' ']).collect();
    for (i, &c) in chars.iter().enumerate() {
        let within = c == '.' && !run.is_empty() && chars.get(i + 1).is_some_and(char::is_ascii_digit);
        let grouping = c == ',' && !run.is_empty() && chars.get(i + 1).is_some_and(char::is_ascii_digit);
        if c.is_ascii_digit() || within {
            run.push(c);
        } else if !grouping && !run.is_empty() {
            found.extend(run.parse::<Decimal>().map(|n| n.normalize()));
            run.clear();
        }
    }
    found
}

fn without_full_stops(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let digit = |at: usize| chars.get(at).is_some_and(char::is_ascii_digit);
    let kept = |at: &usize| !(chars[*at] == '.' && *at > 0 && digit(at - 1) && digit(at + 1));
    (0..chars.len()).filter(kept).map(|at| chars[at]).collect()
}

fn amount() -> impl Strategy<Value = String> {
    let number = prop_oneof![
        (1u32..2000).prop_map(|n| n.to_string()),
        (1u32..500, 1u32..10).prop_map(|(a, b)| format!("{a},{b}")),
    ];
    let unit =
        prop::sample::select(vec!["g", "kg", "ml", "dl", "l", "V", "W", "cm", "mm", "Ah", "%", "st", "lm"]);
    (number, unit, any::<bool>())
        .prop_map(|(n, u, blank)| if blank { format!("{n} {u}") } else { format!("{n}{u}") })
}

fn plausible() -> impl Strategy<Value = ProductValues> {
    let name = prop::sample::select(vec![
        "Vikt",
        "Volym",
        "Nettovikt",
        "Bredd",
        "Höjd",
        "Effekt",
        "Spänning",
        "Antal",
        "Storlek",
        "Kabellängd",
        "Fetthalt",
    ]);
    let attributes = prop::collection::btree_map(name.prop_map(str::to_owned), amount(), 0..6);
    let words = prop::collection::vec(
        prop::sample::select(vec!["Lampa", "svart", "Kaffe", "mellan", "Gryta", "med", "lock", "Pro"]),
        1..5,
    );
    (words, amount(), attributes, prop::option::of(Just("Asta".to_owned()))).prop_map(
        |(words, amount, attributes, brand)| ProductValues {
            title: Some(format!("{} {amount}", words.join(" "))),
            brand,
            attributes,
            language: Language::parse("sv").ok(),
            ..ProductValues::default()
        },
    )
}

/// What holds of every description.
fn check(values: &ProductValues, description: &Description) -> Result<(), TestCaseError> {
    let known: BTreeMap<_, _> = values.fields();
    let limits = Limits::default();
    for (part, text) in description.texts() {
        prop_assert!(text.text.chars().count() <= limits.of(part) && !text.text.is_empty());
        let shown = text.text.replace("\n\n", " ");
        prop_assert!(
            !shown.contains(|c: char| c.is_control() || matches!(c, '<' | '>' | '{' | '}')),
            "{shown}"
        );
        prop_assert!(!shown.contains("  ") && shown.trim() == shown, "{shown:?}");
        for sentence in &text.sentences {
            prop_assert!(!sentence.fields.is_empty());
            for field in &sentence.fields {
                prop_assert!(field == CATEGORY_FIELD || known.contains_key(field), "{field}");
            }
            let title = matches!(part, Part::Title | Part::SeoTitle);
            prop_assert!(
                title || sentence.text.ends_with('.') && !sentence.text.ends_with(".."),
                "{}",
                sentence.text
            );
        }
        let joined: Vec<&str> = text.sentences.iter().map(|sentence| sentence.text.as_str()).collect();
        prop_assert_eq!(joined.join(" "), shown);
    }
    Ok(())
}

proptest! {
    #[test]
    fn every_number_comes_from_the_product(values in plausible()) {
        let source: Vec<Decimal> =
            values.title.iter().chain(values.attributes.values()).flat_map(|text| numbers(text, "sv")).collect();
        for tag in LANGUAGES {
            let Outcome::Described(description) = compose(&values, Some("Lampor"), &language(tag)) else { continue };
            check(&values, &description)?;
            for (_, text) in description.texts() {
                for number in numbers(&text.text, tag) {
                    prop_assert!(source.contains(&number), "{number} in {:?} is none of {source:?}", text.text);
                }
            }
        }
    }

    #[test]
    fn any_text_is_borne(
        title in "\\PC{0,80}|.{0,40}",
        brand in prop::option::of("\\PC{0,20}"),
        description in prop::option::of(".{0,80}"),
        attributes in prop::collection::btree_map(
            prop_oneof!["\\PC{0,12}", Just("Vikt".to_owned()), Just("Allergener".to_owned()), Just("Färg".to_owned()), Just("Material".to_owned()), Just("Storlek".to_owned())],
            "\\PC{0,20}|[0-9]{1,4}[.,]?[0-9]{0,3} ?(g|kg|cm|%)?",
            0..6,
        ),
        tag in prop::sample::select(LANGUAGES.to_vec()),
    ) {
        let values = ProductValues {
            title: Some(title),
            brand,
            description,
            attributes,
            language: Language::parse(tag).ok(),
            ..ProductValues::default()
        };
        for tag in LANGUAGES {
            if let Outcome::Described(description) = compose(&values, Some("Ost"), &language(tag)) {
                check(&values, &description)?;
            }
        }
    }
}
