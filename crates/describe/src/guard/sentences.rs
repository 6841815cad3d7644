//! A text cut into sentences.

/// Abbreviations after which a capital goes on with the sentence: `z. B. Rot`.
const BEFORE_CAPITAL: &[&str] =
    &["z", "b", "z.b", "u.a", "d.h", "bl.a", "t.ex", "f.eks", "bl", "t", "f", "u", "d", "e.g", "i.e"];

/// Abbreviations after which a number goes on with the sentence: `ca. 3 kg`. A unit is none: `18 V. 2 batterier`.
const BEFORE_NUMBER: &[&str] = &[
    "ca", "inkl", "exkl", "max", "min", "nr", "maks", "approx", "incl", "excl", "no", "zzgl", "ggf", "evtl",
    "vol", "str", "gr", "stl", "art",
];

/// The most sentences of a text.
const SENTENCES_MOST: usize = 400;

/// The sentences of `text` with their closing signs, at most 400. Lines and paragraphs end sentences.
pub fn sentences(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    for line in text.lines() {
        let chars: Vec<(usize, char)> = line.char_indices().collect();
        let mut start = 0;
        let mut i = 0;
        while i < chars.len() && out.len() < SENTENCES_MOST {
            let (at, c) = chars[i];
            i += 1;
            if !matches!(c, '.' | '!' | '?' | '…') {
                continue;
            }
            // Closing signs and quotes belong to the sentence.
            while i < chars.len()
                && matches!(chars[i].1, '.' | '!' | '?' | '…' | '"' | '”' | '“' | '’' | '»' | ')')
            {
                i += 1;
            }
            let end = chars.get(i).map_or(line.len(), |(at, _)| *at);
            if end < line.len()
                && (!line[end..].starts_with(char::is_whitespace) || c == '.' && goes_on(line, at, end))
            {
                continue;
            }
            push(&mut out, &line[start..end]);
            start = end;
        }
        push(&mut out, &line[start.min(line.len())..]);
    }
    out.truncate(SENTENCES_MOST);
    out
}

fn push(out: &mut Vec<String>, sentence: &str) {
    let sentence = sentence.trim();
    if !sentence.is_empty() {
        out.push(sentence.to_owned());
    }
}

/// Whether the full stop at `at` belongs to an abbreviation or an ordinal number.
fn goes_on(line: &str, at: usize, end: usize) -> bool {
    let before =
        line[..at].rsplit(|c: char| c.is_whitespace() || c == '(').next().unwrap_or_default().to_lowercase();
    let next = line[end..].trim_start().chars().next();
    // A sentence begins with a capital or a number; what goes on in lower case was no end.
    match next {
        Some(c) if c.is_ascii_digit() => BEFORE_NUMBER.contains(&before.as_str()),
        Some(c) if c.is_lowercase() => true,
        _ => BEFORE_CAPITAL.contains(&before.as_str()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn abbreviations_and_decimals_end_no_sentence() {
        for (text, expected) in [
            ("Vikten är ca. 1.5 kg. Färgen är röd.", vec!["Vikten är ca. 1.5 kg.", "Färgen är röd."]),
            ("Spänningen är 18 V. Färgen är röd!", vec!["Spänningen är 18 V.", "Färgen är röd!"]),
            ("Farben, z. B. Rot. Größe M.", vec!["Farben, z. B. Rot.", "Größe M."]),
            (
                "A weight of approx. 3 kg.\n\nThe colour is red",
                vec!["A weight of approx. 3 kg.", "The colour is red"],
            ),
            ("”Kaffe 450 g.” Den är röd.", vec!["”Kaffe 450 g.”", "Den är röd."]),
            ("Finns bl.a. i rött. Slut?", vec!["Finns bl.a. i rött.", "Slut?"]),
            ("18 V. 2 batterier ingår.", vec!["18 V.", "2 batterier ingår."]),
            ("", vec![]),
        ] {
            assert_eq!(sentences(text), expected, "{text}");
        }
    }
}
