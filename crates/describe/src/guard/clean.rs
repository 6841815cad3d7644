//! What no text has: markup, addresses, hidden characters, and what a machine says when it writes no text.

use super::Why;
use super::tokens::Token;

/// The most characters of a sentence that is looked at.
const SENTENCE_MOST: usize = 3_000;

/// Phrases of refusals, prompts and placeholders, in lower case.
const NO_TEXT: &[&str] = &[
    "as an ai",
    "as a language model",
    "language model",
    "i cannot",
    "i can't",
    "i am unable",
    "i'm unable",
    "i'm sorry",
    "i am sorry",
    "i apologi",
    "sorry,",
    "sure,",
    "sure!",
    "certainly!",
    "of course!",
    "som en ai",
    "som ai",
    "språkmodell",
    "sprogmodel",
    "sprachmodell",
    "als ki",
    "als eine ki",
    "jag kan inte",
    "jeg kan ikke",
    "ich kann nicht",
    "tyvärr",
    "beklager",
    "desværre",
    "leider",
    "tut mir leid",
    "lorem ipsum",
    "placeholder",
    "platshållare",
    "pladsholder",
    "platzhalter",
    "todo",
    "tbd",
    "xxx",
    "insert ",
    "your brand",
    "product name",
    "produktnamn här",
    "system prompt",
    "systemprompt",
    "json",
    "seo_title",
    "seo_description",
    "ignore previous",
    "ignore all",
    "ignorera",
    "ignorer ",
    "ignoriere",
    "disregard",
    "assistant",
    "user:",
    "system:",
    "prompt",
    "output:",
    "input:",
    "facts:",
    "fakta:",
    "answer:",
    "note:",
    "undefined",
    "null,",
    "nan,",
    "n/a",
];

/// Whether every character is one that texts have. `extra` are signs of the product's own name.
pub(super) fn check(sentence: &str, extra: &str) -> Result<(), (Why, String)> {
    if sentence.len() > SENTENCE_MOST * 4 || sentence.chars().count() > SENTENCE_MOST {
        return Err((Why::NotAText, "too long".to_owned()));
    }
    if let Some(odd) = sentence.chars().find(|c| !is_ordinary(*c) && !extra.contains(*c)) {
        return Err((Why::Unclean, odd.escape_unicode().to_string()));
    }
    let start = sentence.trim_start();
    let listed = start.split_once(['.', ')']).is_some_and(|(number, rest)| {
        (1..=2).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit()) && rest.starts_with(' ')
    });
    if start.starts_with(['-', '–', '—', '+', '=', '|', '/'])
        || start.starts_with('#')
        || listed
        || sentence.contains("--")
    {
        return Err((Why::Unclean, start.chars().take(4).collect()));
    }
    if let Some(address) = sentence.split_whitespace().find(|word| is_address(word) && !extra.contains(word))
    {
        return Err((Why::Unclean, address.to_owned()));
    }
    // A sign for feet behind a number, where the name has one for inches.
    let feet = sentence.char_indices().find(|(at, c)| {
        let next = sentence[at + c.len_utf8()..].chars().next();
        matches!(c, '\'' | '’' | '′')
            && sentence[..*at].ends_with(|c: char| c.is_ascii_digit())
            && !next.is_some_and(char::is_alphanumeric)
    });
    if feet.is_some() && !extra.contains(['\'', '’', '′']) {
        return Err((Why::Number, "'".to_owned()));
    }
    // What is left of an answer's own marks.
    if ["\",", ",\"", "\":"].iter().any(|marks| sentence.contains(marks)) {
        return Err((Why::Unclean, "\"".to_owned()));
    }
    if let Some(word) =
        sentence.split(|c: char| !c.is_alphabetic()).find(|w| is_mixed(w) && !extra.contains(w))
    {
        return Err((Why::Unclean, word.to_owned()));
    }
    Ok(())
}

/// Whether the sentence says something, and says it once.
pub(super) fn check_text(text: &str, tokens: &[Token], name: &str) -> Result<(), (Why, String)> {
    let lower = text.to_lowercase();
    if let Some(phrase) = NO_TEXT.iter().find(|phrase| lower.contains(**phrase) && !name.contains(**phrase)) {
        return Err((Why::NotAText, phrase.trim().to_owned()));
    }
    if text.ends_with('?') && !name.ends_with('?') {
        return Err((Why::NotAText, "?".to_owned()));
    }
    if let Some(odd) = unbalanced(text, name) {
        return Err((Why::NotAText, odd.to_owned()));
    }
    // "in steel in steel", "in stainless steel in stainless steel".
    for (length, apart) in [(2, 2), (3, 3), (2, 3)] {
        let twice = |run: &&[Token]| run[..length].iter().zip(&run[apart..]).all(|(a, b)| a.text == b.text);
        if let Some(run) = tokens.windows(length + apart).find(twice) {
            return Err((Why::NotAText, run.iter().map(|t| t.text.as_str()).collect::<Vec<_>>().join(" ")));
        }
    }
    let same = |a: &Token, b: &Token| a.text == b.text && !a.text.is_empty();
    for pair in tokens.windows(2) {
        if same(&pair[0], &pair[1]) && !name.contains(&format!("{} {}", pair[0].text, pair[1].text)) {
            return Err((Why::NotAText, format!("{} {}", pair[0].text, pair[1].text)));
        }
    }
    // The same four words twice.
    for (at, run) in tokens.windows(4).enumerate() {
        let again = tokens[at + 4..].windows(4).any(|other| run.iter().zip(other).all(|(a, b)| same(a, b)));
        if again {
            return Err((
                Why::NotAText,
                run.iter().map(|token| token.text.as_str()).collect::<Vec<_>>().join(" "),
            ));
        }
    }
    Ok(())
}

/// A bracket or quotation mark that is opened and not closed, or a full stop behind another sign.
fn unbalanced<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let count = |sign: char| text.matches(sign).count();
    // An inch sign, too, is a quotation mark.
    let inches = text
        .char_indices()
        .filter(|(at, c)| *c == '"' && text[..*at].ends_with(|c: char| c.is_ascii_digit()))
        .count();
    let odd_quotes = count('"') % 2 == 1 && inches == 0;
    if count('(') != count(')') && name.matches('(').count() == name.matches(')').count() {
        return Some("(");
    }
    if odd_quotes && name.matches('"').count().is_multiple_of(2) {
        return Some("\"");
    }
    [";.", ",.", ":.", "()", "?.", "!."].into_iter().find(|signs| text.contains(signs))
}

/// Letters of any script without marks of their own, ASCII digits and the signs of ordinary sentences. Digits of other
/// kinds, full-width letters, emoji, hidden and control characters are none of them.
fn is_ordinary(c: char) -> bool {
    match c {
        ' '..='~' => !matches!(
            c,
            '<' | '>'
                | '{'
                | '}'
                | '['
                | ']'
                | '`'
                | '\\'
                | '*'
                | '_'
                | '#'
                | '|'
                | '~'
                | '^'
                | '='
                | '@'
                | '$'
        ),
        '\u{a0}' | '\u{202f}' | '\u{2009}' | '–' | '—' | '‐' | '‑' | '‘' | '’' | '“' | '”' | '„' | '«'
        | '»' | '…' | '°' | '×' | '½' | '¼' | '¾' | '²' | '³' | '®' | '™' | 'µ' | 'Ω' | '″' | '§' => {
            true
        }
        '\u{fb00}'..='\u{fb06}' | '\u{ff00}'..='\u{ffef}' | '\u{1d400}'..='\u{1d7ff}' | 'ª' | 'º' | 'ſ' => {
            false
        }
        '\u{2100}'..='\u{218f}'
        | '\u{2460}'..='\u{24ff}'
        | '\u{1f100}'..='\u{1f1ff}'
        | '\u{3164}'
        | '\u{115f}'
        | '\u{1160}' => false,
        c => c.is_alphabetic(),
    }
}

/// Letters of two scripts in one word look like another word.
fn is_mixed(word: &str) -> bool {
    let script = |c: char| match c {
        'µ' | 'Ω' => None,
        c if c.is_ascii()
            || ('\u{c0}'..='\u{24f}').contains(&c)
            || ('\u{1e00}'..='\u{1eff}').contains(&c) =>
        {
            Some(0)
        }
        '\u{370}'..='\u{3ff}' | '\u{1f00}'..='\u{1fff}' => Some(1),
        '\u{400}'..='\u{52f}' => Some(2),
        _ => Some(3),
    };
    let mut scripts = word.chars().filter_map(script);
    scripts.next().is_some_and(|first| scripts.any(|other| other != first))
}

fn is_address(word: &str) -> bool {
    const ENDS: &[&str] = &[
        "com", "se", "net", "org", "dk", "de", "no", "eu", "io", "ru", "info", "shop", "co", "uk", "ai",
        "app",
    ];
    let lower = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let domain = lower.split('/').next().and_then(|host| host.rsplit_once('.')).is_some_and(|(host, end)| {
        ENDS.contains(&end)
            && host.chars().count() > 1
            && host.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '.'))
    });
    lower.contains("://")
        || lower.starts_with("www.")
        || lower.starts_with("http")
        || lower.contains('@')
        || domain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_addresses_and_hidden_characters_are_unclean() {
        for text in [
            "Kannan är <b>röd</b>.",
            "**Kannan** är röd.",
            "# Kanna",
            "- Kannan är röd.",
            "1. Kannan är röd.",
            "`röd`",
            "Se www.kanna.se.",
            "Se kanna.se för mer.",
            "Skriv till a@b.se.",
            "Kannan 😀.",
            "Kan\u{200b}nan.",
            "Kan\u{ad}nan.",
            "\u{202e}nanaK",
            "Kannan är ４ kg.",
            "Kannan är ٤ kg.",
            "Kаnnan (Cyrillic a).",
            "Kannan är 5⁵.",
            "{{brand}} kanna",
            "[brand] kanna",
            "Kanna\u{7}.",
            "Ko\u{301}p.",
            "𝗕old",
            "Ⅳ",
        ] {
            assert_eq!(check(text, "").unwrap_err().0, Why::Unclean, "{text}");
        }
        for text in ["Kannan är röd, 40 × 60 cm (ca 3 kg).", "”Kanna” – M&S.", "Größe: 5 µm.", "Кружка."]
        {
            assert_eq!(check(text, ""), Ok(()), "{text}");
        }
    }
}
