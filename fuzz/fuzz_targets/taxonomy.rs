#![no_main]

use std::sync::Arc;

use berika_catalog::{Language, exclusion};
use berika_classify::Targets;
use berika_classify::lint::{LintInput, lint};
use berika_classify::taxonomy_file::{Format, read};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let english = Language::parse("en").expect("a language");
    for name in ["t.jsonl", "t.csv", "t.yaml", "t"] {
        let Some(format) = Format::of(name, bytes) else { continue };
        let Ok(taxonomy) = read(name, format, &english, "fuzz", 1, bytes) else { continue };
        assert!(taxonomy.leaves().count() > 0);
        let targets = Targets::leaves(Arc::new(taxonomy));
        assert!(!targets.texts().is_empty());
        let input = LintInput {
            targets: &targets,
            compared: &[],
            language: &english,
            vectors: None,
            products: &[],
            opinions: None,
        };
        lint(&input);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count();
        let split = exclusion::split(text);
        assert_eq!(letters(&split.kept) + letters(&split.excluded), letters(text));
    }
});
