#![no_main]

//! The first line is a product's title, the second an attribute's value, the rest a model's draft: whatever they are, what
//! passes has fields and stays within its limits.

use berika_catalog::{Language, ProductValues};
use berika_describe::guard::Guard;
use berika_describe::{Facts, Part, Request, Voice};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let mut lines = text.splitn(3, '\n');
    let mut line = || lines.next().unwrap_or_default().to_owned();
    let (title, value, draft) = (line(), line(), line());
    let values = ProductValues {
        title: Some(title),
        brand: Some("Asta".to_owned()),
        attributes: [("Vikt".to_owned(), "1,35 kg".to_owned()), ("Material".to_owned(), value)].into(),
        language: Language::parse("sv").ok(),
        ..ProductValues::default()
    };
    let facts = Facts::of(&values);
    let voice = Voice::default();
    for tag in ["sv", "de", "en", "fi"] {
        let language = Language::parse(tag).expect("a sound tag");
        let request =
            Request { values: &values, facts: &facts, category: Some("Verktyg"), language: &language, voice: &voice };
        let guard = Guard::new(&request);
        for part in Part::ALL {
            let guarded = guard.text(part, std::slice::from_ref(&draft));
            if let Some(text) = guarded.text {
                assert!(text.text.chars().count() <= voice.limits.of(part));
                assert!(text.sentences.iter().all(|sentence| !sentence.fields.is_empty()));
            }
        }
    }
});
