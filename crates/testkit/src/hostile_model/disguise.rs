//! Ways to make an invention hard to see, and to turn a true statement into a false one.

/// Units that a number is given in place of its own.
const UNITS: [&str; 16] =
    ["kg", "g", "ml", "l", "cm", "mm", "W", "V", "Ah", "mAh", "oz", "lb", "dB", "Nm", "%", "lm"];

/// A sentence as a reader sees it, but not as a search for words does.
pub(super) fn disguised(sentence: &str, draw: usize) -> String {
    let (way, place) = (draw % 16, draw / 16);
    match way {
        0 => within_words(sentence, place, '\u{200b}'),
        1 => within_words(sentence, place, '\u{00ad}'),
        2 => within_words(sentence, place, '\u{2060}'),
        3 => sentence.chars().map(look_alike).collect(),
        4 => broken_in_two(sentence, place),
        5 => format!("**{sentence}**"),
        6 => format!("<b>{sentence}</b>"),
        7 => format!("- {sentence}\n"),
        8 => format!("# {sentence}\n"),
        9 => format!("<script>{sentence}</script>"),
        10 => sentence.to_uppercase(),
        11 => sentence.chars().map(full_width).collect(),
        12 => sentence.replace(' ', "\u{00a0}"),
        13 => format!("\u{202e}{sentence}\u{202c}"),
        14 => sentence.chars().flat_map(decomposed).collect(),
        _ => format!("{{{{{sentence}}}}}"),
    }
}

/// The sentence with its first number replaced, or one added where there is none.
pub(super) fn other_number(sentence: &str, number: &str) -> String {
    let digits = |letter: char| letter.is_ascii_digit();
    let Some(start) = sentence.find(digits) else {
        return format!("{} ({number} g).", sentence.trim_end_matches('.'));
    };
    let end =
        sentence[start..].find(|letter| !digits(letter)).map_or(sentence.len(), |length| start + length);
    format!("{}{number}{}", &sentence[..start], &sentence[end..])
}

/// The sentence with another unit after its first number.
pub(super) fn other_unit(sentence: &str, draw: usize) -> String {
    let words: Vec<&str> = sentence.split(' ').collect();
    let number = words.iter().position(|word| word.starts_with(|first: char| first.is_ascii_digit()));
    let Some(number) = number.filter(|at| at + 1 < words.len()) else {
        return other_number(sentence, &(draw % 970 + 2).to_string());
    };
    let old = words[number + 1].trim_end_matches(['.', ',']);
    let unit =
        UNITS.iter().cycle().skip(draw % UNITS.len()).find(|unit| **unit != old).copied().unwrap_or("kg");
    let changed: Vec<String> = words
        .iter()
        .enumerate()
        .map(|(at, word)| if at == number + 1 { word.replacen(old, unit, 1) } else { (*word).to_owned() })
        .collect();
    changed.join(" ")
}

/// A character that cannot be seen inside every word from some place on.
fn within_words(sentence: &str, place: usize, hidden: char) -> String {
    let mut text = String::with_capacity(sentence.len() * 2);
    let mut letters = 0;
    for letter in sentence.chars() {
        letters = if letter.is_alphabetic() { letters + 1 } else { 0 };
        if letters == 3 + place % 2 {
            text.push(hidden);
        }
        text.push(letter);
    }
    text
}

/// Two sentences of one, the second with a capital letter: `Free. From gluten.`
fn broken_in_two(sentence: &str, place: usize) -> String {
    let spaces: Vec<usize> = sentence.match_indices(' ').map(|(at, _)| at).collect();
    let Some(at) = spaces.get(place % spaces.len().max(1)).copied() else {
        return sentence.to_owned();
    };
    let (first, second) = (&sentence[..at], &sentence[at + 1..]);
    let mut letters = second.chars();
    let capital: String = letters.next().map(|letter| letter.to_uppercase().collect()).unwrap_or_default();
    format!("{first}. {capital}{}", letters.as_str())
}

/// The Cyrillic letter that looks the same.
fn look_alike(letter: char) -> char {
    match letter {
        'a' => 'а',
        'e' => 'е',
        'o' => 'о',
        'p' => 'р',
        'c' => 'с',
        'x' => 'х',
        'A' => 'А',
        'E' => 'Е',
        'K' => 'К',
        'M' => 'М',
        'O' => 'О',
        'T' => 'Т',
        other => other,
    }
}

/// Letters and digits of the width of a Chinese character.
fn full_width(letter: char) -> char {
    match letter {
        '!'..='~' => char::from_u32(u32::from(letter) + 0xfee0).unwrap_or(letter),
        other => other,
    }
}

/// Letters with their marks apart.
fn decomposed(letter: char) -> Vec<char> {
    match letter {
        'å' => vec!['a', '\u{30a}'],
        'ä' => vec!['a', '\u{308}'],
        'ö' => vec!['o', '\u{308}'],
        'ü' => vec!['u', '\u{308}'],
        'é' => vec!['e', '\u{301}'],
        other => vec![other],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_disguise_leaves_a_sentence_as_it_is() {
        for way in 0..64 {
            let sentence = "Fri från gluten och väger 3 kg.";
            assert_ne!(disguised(sentence, way), sentence, "{way}");
        }
        assert_eq!(disguised("Free from gluten.", 4), "Free. From gluten.");
    }

    #[test]
    fn true_statements_are_made_false() {
        assert_eq!(other_number("It weighs 450 g.", "12"), "It weighs 12 g.");
        assert_eq!(other_unit("It weighs 450 g.", 0), "It weighs 450 kg.");
        assert_eq!(other_unit("It weighs 450 g.", 1), "It weighs 450 ml.");
        assert_eq!(other_number("It is red.", "12"), "It is red (12 g).");
    }
}
