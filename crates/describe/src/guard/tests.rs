//! Honest sentences pass and inventions fail, in five languages; and whatever the composer writes passes.
//!
//! The tables are text files: a line `product BRAND | TITLE | NAME=VALUE; … | CATEGORY` says of what the lines below it are
//! told, `+` stands before a sentence that passes, `- WHY:` before one that does not.

use berika_catalog::{Language, ProductValues};
use proptest::prelude::*;

use super::*;
use crate::facts::Facts;
use crate::{Part, Voice};

mod cross;

fn language(tag: &str) -> Language {
    Language::parse(tag).unwrap()
}

/// A product of a line of a table, with its category's name.
fn product(tag: &str, line: &str) -> (ProductValues, Option<String>) {
    let mut parts: Vec<&str> = line.split('|').map(str::trim).collect();
    parts.resize(4, "");
    let attributes = parts[2].split(';').filter_map(|pair| pair.split_once('='));
    let values = ProductValues {
        brand: (!parts[0].is_empty()).then(|| parts[0].to_owned()),
        title: Some(parts[1].to_owned()),
        attributes: attributes
            .map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()))
            .collect(),
        language: Some(language(tag)),
        ..ProductValues::default()
    };
    (values, parts.get(3).filter(|name| !name.is_empty()).map(|name| (*name).to_owned()))
}

/// Holds a table to the guard; returns how many sentences passed and how many did not.
fn hold(tag: &str, table: &str) -> (usize, usize) {
    let voice = Voice::default();
    let written = language(tag);
    let (mut passed, mut refused) = (0, 0);
    let mut wrong = Vec::new();
    let mut current = None;
    for line in table.lines() {
        if let Some(line) = line.strip_prefix("product ") {
            let (values, category) = product(tag, line);
            let facts = Facts::of(&values);
            current = Some((values, facts, category));
            continue;
        }
        let Some((values, facts, category)) = &current else { continue };
        let request =
            Request { values, facts, category: category.as_deref(), language: &written, voice: &voice };
        let guard = Guard::new(&request);
        if let Some(sentence) = line.strip_prefix("+ ") {
            passed += 1;
            if let Err((why, words)) = guard.sentence(sentence) {
                wrong.push(format!("refused: {sentence} ({} {words})", why.as_str()));
            }
        } else if let Some((why, sentence)) = line.strip_prefix("- ").and_then(|rest| rest.split_once(": ")) {
            refused += 1;
            match guard.sentence(sentence) {
                Ok(fields) => wrong.push(format!("passed: {sentence} [{}]", fields.join(", "))),
                Err((found, words)) if found.as_str() != why => {
                    wrong.push(format!("{} instead of {why}: {sentence} ({words})", found.as_str()));
                }
                Err(_) => {}
            }
        }
    }
    assert!(wrong.is_empty(), "{tag}:\n{}", wrong.join("\n"));
    (passed, refused)
}

fn is_full((passed, refused): (usize, usize)) {
    assert!(passed >= 40 && refused >= 80, "{passed} honest sentences, {refused} inventions");
}

#[test]
fn swedish_sentences() {
    is_full(hold("sv", include_str!("tests/sv.txt")));
}

#[test]
fn danish_sentences() {
    is_full(hold("da", include_str!("tests/da.txt")));
}

#[test]
fn norwegian_sentences() {
    is_full(hold("no", include_str!("tests/no.txt")));
}

#[test]
fn german_sentences() {
    is_full(hold("de", include_str!("tests/de.txt")));
}

#[test]
fn english_sentences() {
    is_full(hold("en", include_str!("tests/en.txt")));
}

/// Every sentence of a draft of one language, told of a product in another.
#[test]
fn a_foreign_product_is_named_whole_or_told_by_its_facts() {
    let (values, _) =
        product("sv", "Nordan | Gjutjärnsgryta med lock 5 l | Material=Gjutjärn; Färg=Röd; Smak=fyllig");
    let facts = Facts::of(&values);
    let (voice, english) = (Voice::default(), language("en"));
    let request =
        Request { values: &values, facts: &facts, category: None, language: &english, voice: &voice };
    let guard = Guard::new(&request);
    for sentence in [
        "“Gjutjärnsgryta med lock” from Nordan has a volume of 5 l.",
        "The material is cast iron and the colour is red.",
        "Nordan Gjutjärnsgryta med lock 5 l",
    ] {
        assert!(guard.sentence(sentence).is_ok(), "{sentence}: {:?}", guard.sentence(sentence));
    }
    for sentence in [
        "The gryta is red.",
        "The lock is red.",
        "The pot is red.",
        "The pot has a fyllig taste.",
        "A röd product.",
    ] {
        assert!(guard.sentence(sentence).is_err(), "{sentence}");
    }
}

#[test]
fn other_languages_pass_by_fields_and_neutral_words_only() {
    let (values, _) = product("fi", "Nordan | Pata kannella 5 l | Materiaali=rosti");
    let facts = Facts::of(&values);
    let voice = Voice {
        neutral: vec!["on".to_owned(), "tuote".to_owned(), "tilavuus".to_owned()],
        ..Voice::default()
    };
    let finnish = language("fi");
    let request =
        Request { values: &values, facts: &facts, category: None, language: &finnish, voice: &voice };
    let guard = Guard::new(&request);
    assert!(
        guard.sentence("Tuote on Pata kannella 5 l.").is_ok(),
        "{:?}",
        guard.sentence("Tuote on Pata kannella 5 l.")
    );
    for sentence in
        ["Tuote on luomu.", "Tuote on Pata 6 l.", "Tuote on paras.", "Tuote on.", "Tuote on Patasi."]
    {
        assert!(guard.sentence(sentence).is_err(), "{sentence}");
    }
}

#[test]
fn facts_that_contradict_one_another_are_not_told() {
    let (values, _) = product("sv", "Garant | Kaffe 500 g | Vikt=450 g");
    let facts = Facts::of(&values);
    let (voice, swedish) = (Voice::default(), language("sv"));
    let request =
        Request { values: &values, facts: &facts, category: None, language: &swedish, voice: &voice };
    let guard = Guard::new(&request);
    assert!(guard.sentence("Kaffe kommer från Garant.").is_ok());
    for sentence in ["Kaffet väger 500 g.", "Kaffet väger 450 g.", "Kaffe 500 g från Garant.", "Kaffe 450 g"]
    {
        assert!(guard.sentence(sentence).is_err(), "{sentence}");
    }
}

#[test]
fn preferred_words_are_written_and_need_no_field() {
    let (values, _) = product("sv", "Asta | Skruvmaskin X 18V | Vikt=1 kg");
    let facts = Facts::of(&values);
    let preferred = vec![("skruvmaskinen".to_owned(), "skruvdragaren".to_owned())];
    let (voice, swedish) = (Voice { preferred, ..Voice::default() }, language("sv"));
    let request =
        Request { values: &values, facts: &facts, category: None, language: &swedish, voice: &voice };
    let guarded = Guard::new(&request).text(Part::Short, &["Skruvmaskinen väger 1 kg.".to_owned()]);
    assert_eq!(guarded.text.unwrap().text, "Skruvdragaren väger 1 kg.");
}

#[test]
fn drafts_are_assembled_within_limits_or_given_up() {
    let (values, _) = product("sv", "Asta | Skruvdragare 18V | Vikt=1,35 kg; Färg=svart");
    let facts = Facts::of(&values);
    let (voice, swedish) = (Voice::default(), language("sv"));
    let request =
        Request { values: &values, facts: &facts, category: None, language: &swedish, voice: &voice };
    let guard = Guard::new(&request);
    let text = |part, paragraphs: &[&str]| {
        let paragraphs: Vec<String> = paragraphs.iter().map(|p| (*p).to_owned()).collect();
        guard.text(part, &paragraphs)
    };
    let long = text(
        Part::Long,
        &["Skruvdragaren väger 1,35 kg. Den är röd. Skruvdragaren väger 1,35 kg.", "Färgen är svart."],
    );
    let shown = long.text.unwrap();
    assert_eq!(shown.text, "Skruvdragaren väger 1,35 kg.\n\nFärgen är svart.");
    assert_eq!(shown.sentences[1].fields, ["attributes.Färg"]);
    let why: Vec<Why> = long.removed.iter().map(|removed| removed.why).collect();
    assert_eq!((long.checked, why), (4, vec![Why::Untraced, Why::NotAText]));

    assert_eq!(text(Part::Long, &["Skruvdragaren väger 1,35 kg."]).text, None);
    assert_eq!(text(Part::Short, &["Färgen är svart."]).text, None);
    assert!(text(Part::Short, &["Skruvdragaren är svart."]).text.is_some());
    assert_eq!(text(Part::Title, &["Asta Skruvdragare 18 V"]).text.unwrap().text, "Asta Skruvdragare 18 V");
    assert_eq!(text(Part::Title, &["Asta Skruvdragare 20 V"]).text, None);
    assert_eq!(text(Part::Title, &["Asta svart"]).text, None);
    assert_eq!(text(Part::Title, &[]).text, None);
    assert_eq!(text(Part::Title, &["Asta Skruvdragare 18 V är svart"]).text, None);
    assert_eq!(text(Part::Short, &["Är skruvdragaren svart."]).text, None);
    assert_eq!(text(Part::Short, &["Skruvdragaren är svart och har."]).text, None);
    let full = text(Part::SeoDescription, &[&"Skruvdragaren är svart, svart och väger 1,35 kg. ".repeat(4)]);
    assert!(full.text.is_none() || full.text.unwrap().text.chars().count() <= 160);
}

proptest! {
    #[test]
    fn any_draft_is_borne(
        sentence in "\\PC{0,200}|([a-zåäö0-9 .,%×-]|från|utan|18 V|Asta|skruvdragare){0,60}",
        title in "\\PC{0,60}|Skruvdragare 18V [0-9a-z ]{0,20}",
        tag in "sv|da|no|de|en|fi",
    ) {
        let values = ProductValues { title: Some(title), ..product("sv", "Asta | x | Vikt=1 kg").0 };
        let facts = Facts::of(&values);
        let (voice, written) = (Voice::default(), language(&tag));
        let request = Request { values: &values, facts: &facts, category: Some("Verktyg"), language: &written, voice: &voice };
        let guard = Guard::new(&request);
        if let Ok(fields) = guard.sentence(&sentence) {
            prop_assert!(!fields.is_empty());
        }
        for part in Part::ALL {
            guard.text(part, std::slice::from_ref(&sentence));
        }
    }
}

#[test]
fn a_long_draft_takes_no_longer_than_its_length() {
    let (values, _) = product("sv", "Asta | Skruvdragare 18V | Vikt=1 kg");
    let facts = Facts::of(&values);
    let (voice, swedish) = (Voice::default(), language("sv"));
    let request =
        Request { values: &values, facts: &facts, category: None, language: &swedish, voice: &voice };
    let guard = Guard::new(&request);
    for long in ["a ".repeat(200_000), "1".repeat(200_000), "tvåhundra".repeat(20_000), "a. ".repeat(100_000)]
    {
        assert!(guard.text(Part::Long, &[long]).text.is_none());
    }
}
