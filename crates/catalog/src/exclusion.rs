//! What a description says does *not* belong to a category, told apart from what does.
//!
//! A sentence vector has no sense of "not": "Excludes frozen fruit" attracts frozen fruit. So such sentences are taken out
//! of what is compared and kept beside it. Sentences are told by how they begin, in English, Swedish, Danish, Norwegian and
//! German; a clause inside a sentence ("milk, but not cream") stays, because where it ends cannot be told.

/// A text in two: what it names as belonging, and what it names as not belonging.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Split {
    /// The text without sentences that exclude.
    pub kept: String,
    /// The sentences that exclude, one after the other.
    pub excluded: String,
}

/// How a sentence begins that says what does not belong.
const BEGINNINGS: &[&str] = &[
    // English
    "excludes",
    "excluding",
    "exclude",
    "excluded",
    "excl",
    "exclusion",
    "exclusions",
    "exclusive of",
    "does not include",
    "do not include",
    "doesn't include",
    "don't include",
    "must not include",
    "not included",
    "not including",
    "does not cover",
    "except",
    "exception",
    "exceptions",
    "with the exception of",
    // Swedish
    "exkluderar",
    "exklusive",
    "exkl",
    "omfattar inte",
    "omfattar ej",
    "inkluderar inte",
    "inkluderar ej",
    "innefattar inte",
    "innefattar ej",
    "undantag",
    "undantaget",
    "undantagna",
    "med undantag",
    "hit hör inte",
    "hit hör ej",
    "hör inte hit",
    "hör ej hit",
    "gäller inte",
    "gäller ej",
    // Danish and Norwegian
    "omfatter ikke",
    "inkluderer ikke",
    "inkluderar ikkje",
    "medtager ikke",
    "ekskluderer",
    "eksklusive",
    "ekskl",
    "undtagen",
    "undtaget",
    "undtagelse",
    "undtagelser",
    "med undtagelse",
    "gælder ikke",
    "unntatt",
    "unntak",
    "med unntak",
    "gjelder ikke",
    // German
    "nicht enthalten",
    "nicht inbegriffen",
    "nicht eingeschlossen",
    "nicht dazu gehören",
    "nicht hierher gehören",
    "dazu gehören nicht",
    "hierzu gehören nicht",
    "enthält nicht",
    "enthalten nicht",
    "umfasst nicht",
    "umfaßt nicht",
    "beinhaltet nicht",
    "ausgenommen",
    "ausgeschlossen",
    "ausnahme",
    "ausnahmen",
    "mit ausnahme",
    "gilt nicht",
];

/// A bare "not". It excludes only where something was said before: "Ej alkoholhaltiga drycker" alone names what belongs.
const NEGATIONS: &[&str] = &["ej", "inte", "ikke"];

/// Behind a bare "not": the sentence adds ("inte bara mjölk") and excludes nothing.
const ONLY: &[&str] = &["bara", "endast", "enbart", "kun", "bare", "blot"];

/// Words that may stand before a beginning: "This category also excludes …".
const BEFORE: &[&str] = &[
    "this",
    "these",
    "the",
    "it",
    "they",
    "category",
    "brick",
    "class",
    "products",
    "product",
    "items",
    "and",
    "but",
    "also",
    "specifically",
    "explicitly",
    "expressly",
    "however",
    "kategorin",
    "kategorien",
    "kategorie",
    "den",
    "denna",
    "denne",
    "det",
    "die",
    "diese",
    "sie",
    "även",
    "också",
    "også",
    "dock",
    "dog",
    "auch",
    "jedoch",
];

/// The most words of [`BEFORE`] that are stepped over.
const MOST_BEFORE: usize = 4;

/// Abbreviations whose full stop ends no sentence although a capital letter follows.
const ABBREVIATIONS: &[&str] =
    &["var", "spp", "approx", "incl", "excl", "inkl", "exkl", "ekskl", "evtl", "bzw", "ca", "st", "no", "nr"];

/// How far back an abbreviation is looked for, in bytes.
const LONGEST_ABBREVIATION: usize = 24;

/// How far a part of a sentence is looked at, in bytes: a part is looked for behind every bracket.
const MOST_LOOKED_AT: usize = 240;

/// Splits a text by its sentences. A sentence that begins with a word such as "Excludes", "Omfattar inte" or "Nicht
/// enthalten" is excluded, with the list below it where it ends in a colon; so is what such a word begins behind a
/// semicolon, in brackets, or with a capital letter where the full stop before it is missing. What is kept is left as it
/// was written but for the blanks between sentences.
pub fn split(text: &str) -> Split {
    let mut split = Split::default();
    let mut listing = false;
    for sentence in sentences(text) {
        let is_item = sentence.starts_with(['-', '*', '•', '–']);
        let first = split.kept.is_empty() && split.excluded.is_empty();
        if (listing && is_item) || excludes(sentence, !first) {
            listing = (listing && is_item) || sentence.ends_with(':');
            push(&mut split.excluded, sentence);
            continue;
        }
        listing = false;
        let (kept, excluded) = inside(sentence);
        push(&mut split.kept, &kept);
        for part in excluded {
            push(&mut split.excluded, part);
        }
    }
    split
}

fn push(text: &mut String, sentence: &str) {
    if !text.is_empty() && !sentence.is_empty() {
        text.push(' ');
    }
    text.push_str(sentence);
}

/// The sentences, trimmed, none empty.
fn sentences(text: &str) -> Vec<&str> {
    let mut sentences = Vec::new();
    let mut start = 0;
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        let ends = match c {
            '\n' | '\r' => true,
            '!' | '?' | '.' => {
                let rest = &text[end..];
                let spaced = rest.starts_with(char::is_whitespace);
                let next = rest.trim_start().chars().next();
                let opens = next.is_none_or(|next| !next.is_lowercase() && (spaced || next.is_uppercase()));
                opens && !(c == '.' && abbreviates(&text[start..at], spaced))
            }
            _ => false,
        };
        if ends {
            sentences.push(text[start..end].trim());
            start = end;
        }
    }
    sentences.push(text[start..].trim());
    sentences.retain(|sentence| !sentence.is_empty());
    sentences
}

/// Whether the full stop behind `before` belongs to an abbreviation.
fn abbreviates(before: &str, spaced: bool) -> bool {
    let tail = &before[before.ceil_char_boundary(before.len().saturating_sub(LONGEST_ABBREVIATION))..];
    let word = tail.rsplit(char::is_whitespace).next().unwrap_or_default();
    let word = word.trim_start_matches(|c: char| !c.is_alphanumeric());
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    let dotted = word.contains('.') && letters <= 3;
    // "z.B", and the inside of one: nothing is spaced there.
    let inner = !spaced && letters <= 1;
    dotted
        || inner
        || (letters == 1 && word.chars().count() == 1)
        || ABBREVIATIONS.contains(&word.to_lowercase().as_str())
}

/// Whether a sentence, or what stands behind a bracket or semicolon, excludes. `negated` says that a bare "not" counts.
fn excludes(sentence: &str, negated: bool) -> bool {
    let mut words = words(sentence);
    let skipped = words.iter().take(MOST_BEFORE).take_while(|word| BEFORE.contains(&word.as_str())).count();
    // "Exclude" may not be stepped over, and "Products." alone excludes nothing.
    words.drain(..skipped);
    let begins = |phrase: &&str| {
        let mut wanted = phrase.split(' ');
        let mut found = words.iter();
        wanted.all(|word| found.next().is_some_and(|found| found == word))
    };
    let shuts_out = matches!(
        words.first().map(String::as_str),
        Some("schließt" | "schliesst" | "schließen" | "schliessen")
    ) && words_of(sentence).any(|word| word == "aus");
    let negation = || {
        NEGATIONS.contains(&words[0].as_str())
            && words.get(1).is_some_and(|word| !ONLY.contains(&word.as_str()))
    };
    !words.is_empty()
        && (BEGINNINGS.iter().any(begins) || shuts_out || (negated && skipped == 0 && negation()))
}

/// The first words in small letters, as many as a beginning may need.
fn words(sentence: &str) -> Vec<String> {
    words_of(sentence).take(MOST_BEFORE + 4).collect()
}

fn words_of(sentence: &str) -> impl Iterator<Item = String> {
    sentence
        .split_whitespace()
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()).replace('’', "'").to_lowercase())
        .filter(|word| !word.is_empty())
}

/// What of a sentence that does not exclude as a whole is kept, and its parts that exclude: in brackets, behind a
/// semicolon, or behind a missing full stop.
fn inside(sentence: &str) -> (String, Vec<&str>) {
    let (mut kept, mut excluded) = (String::new(), Vec::new());
    let mut from = 0;
    let mut after_break = false;
    for (at, c) in sentence.char_indices() {
        if at < from {
            continue;
        }
        let end = at + c.len_utf8();
        let rest = head(&sentence[end..]);
        if c == '(' && excludes(rest, true) {
            let close = sentence[end..].find(')').map_or(sentence.len(), |close| end + close + 1);
            push(&mut kept, sentence[from..at].trim());
            excluded.push(&sentence[at..close]);
            from = close;
        } else if (c == ';' && excludes(rest, true))
            || (after_break && c.is_uppercase() && excludes(head(&sentence[at..]), false))
        {
            push(&mut kept, sentence[from..at].trim());
            excluded.push(sentence[at..].trim_start_matches(';').trim());
            from = sentence.len();
        }
        after_break = c.is_whitespace();
    }
    push(&mut kept, sentence[from..].trim());
    if !excluded.is_empty() {
        // The blank before what was in brackets.
        kept = kept.replace(" .", ".").replace(" ,", ",");
    }
    (kept, excluded)
}

fn head(text: &str) -> &str {
    &text[..text.floor_char_boundary(MOST_LOOKED_AT)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, kept: &str, excluded: &str) {
        assert_eq!(split(text), Split { kept: kept.to_owned(), excluded: excluded.to_owned() }, "{text}");
    }

    #[test]
    fn sentences_that_exclude_are_told_in_five_languages() {
        check("Drinking milk. Excludes cream.", "Drinking milk.", "Excludes cream.");
        check(
            "Milk. Specifically excludes: whey. Fresh or not.",
            "Milk. Fresh or not.",
            "Specifically excludes: whey.",
        );
        check(
            "Milk. This category does not include cream.",
            "Milk.",
            "This category does not include cream.",
        );
        check("Mjölk. Ej grädde. Omfattar inte fil.", "Mjölk.", "Ej grädde. Omfattar inte fil.");
        check("Mælk. Omfatter ikke fløde. Undtagen ymer.", "Mælk.", "Omfatter ikke fløde. Undtagen ymer.");
        check("Melk. Unntatt fløte. Ikke yoghurt.", "Melk.", "Unntatt fløte. Ikke yoghurt.");
        check(
            "Milch. Nicht enthalten: Sahne. Ausgenommen Quark.",
            "Milch.",
            "Nicht enthalten: Sahne. Ausgenommen Quark.",
        );
        check("Milch. Schließt Sahne aus.", "Milch.", "Schließt Sahne aus.");
    }

    #[test]
    fn what_only_looks_like_an_exclusion_stays() {
        for text in [
            "Ej alkoholhaltiga drycker.",
            "Mjölk. Inte bara av ko.",
            "Exceptional cheese. Exclusive teas.",
            "Nicht rostende Schrauben.",
            "Schließt dicht und schnell.",
            "Including, but not limited to, milk.",
            "",
        ] {
            check(text, text, "");
        }
    }

    #[test]
    fn an_exclusion_without_a_full_stop_in_brackets_or_behind_a_semicolon_is_found() {
        check("Nuts, salted.Excludes fruit.", "Nuts, salted.", "Excludes fruit.");
        check("Brushes and foils Excludes Razors", "Brushes and foils", "Excludes Razors");
        check("Shelf stable nuts; excludes fruit; mixes", "Shelf stable nuts", "excludes fruit; mixes");
        check("Boards (excluding toys) of any size.", "Boards of any size.", "(excluding toys)");
        check(
            "Saws.\nExcludes:\n- blades\n- chains\nFor wood.",
            "Saws. For wood.",
            "Excludes: - blades - chains",
        );
    }

    #[test]
    fn abbreviations_end_no_exclusion() {
        let excluded = "Excludes herbs, e.g. Basil, var. Alba, z.B. Salbei.";
        check(&format!("Trees. {excluded} Any size."), "Trees. Any size.", excluded);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_but_blanks(text in "([a-zåß]{1,4}[.;:( )\n]{1,2}|Excludes |Ej |\\(except ){0,12}") {
            let split = split(&text);
            let count = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count();
            prop_assert_eq!(count(&split.kept) + count(&split.excluded), count(&text));
            prop_assert_eq!(super::split(&split.kept).kept.is_empty(), split.kept.is_empty());
        }

        #[test]
        fn no_text_makes_it_panic(text in any::<String>()) {
            split(&text);
        }
    }
}
