//! Every text of every case, read sentence by sentence by somebody who writes the language.

use std::fmt::Write;

use super::cases::cases;
use super::*;

/// Titles, then the short and the long text with their fields, then what search engines show, then what is left out.
fn shown(tag: &str) -> String {
    let column = LANGUAGES.iter().position(|language| *language == tag).unwrap();
    let mut out = String::new();
    for (values, category) in cases() {
        let source = values.language.as_ref().map(Language::as_str).unwrap_or_default();
        writeln!(out, "{source}: {}", values.title.as_deref().unwrap_or_default()).unwrap();
        match compose(&values, Some(category[column]), &language(tag)) {
            Outcome::Described(description) => write(&mut out, &description),
            Outcome::NotDescribed(reason) => writeln!(out, "  ({reason})").unwrap(),
        }
        out.push('\n');
    }
    out
}

fn write(out: &mut String, description: &Description) {
    writeln!(out, "= {}", description.title.text).unwrap();
    writeln!(out, "= {}", description.seo_title.text).unwrap();
    writeln!(out, "= {}", description.seo_description.text).unwrap();
    for sentence in &description.short.sentences {
        writeln!(out, "  {}  [{}]", sentence.text, sentence.fields.join(", ")).unwrap();
    }
    for paragraph in description.long.text.split("\n\n") {
        writeln!(out, "  | {paragraph}").unwrap();
    }
    for left in &description.left_out {
        writeln!(out, "  - {}: {}", left.field, left.reason.as_str()).unwrap();
    }
}

#[test]
fn swedish_texts() {
    insta::assert_snapshot!(shown("sv"));
}

#[test]
fn english_texts() {
    insta::assert_snapshot!(shown("en"));
}

#[test]
fn danish_texts() {
    insta::assert_snapshot!(shown("da"));
}

#[test]
fn norwegian_texts() {
    insta::assert_snapshot!(shown("no"));
}

#[test]
fn german_texts() {
    insta::assert_snapshot!(shown("de"));
}
