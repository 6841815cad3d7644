//! Signs that a text was read in another encoding than it was written in.

/// Whether a text holds what no writer means: U+FFFD, or UTF-8 that was read as Windows-1252 (`KÃ¶tt`, `â€“`).
pub(super) fn is_broken(text: &str) -> bool {
    if text.is_ascii() {
        return false;
    }
    let mut previous = ' ';
    text.chars().any(|c| {
        let before = std::mem::replace(&mut previous, c);
        c == char::REPLACEMENT_CHARACTER
            || (matches!(before, 'Ã' | 'Â') && is_continuation(c))
            || (before == 'â' && matches!(c, '€' | '\u{80}'))
    })
}

/// What Windows-1252 makes of a byte that continues a character in UTF-8, the no-break space and letters apart.
fn is_continuation(c: char) -> bool {
    matches!(c, '\u{80}'..='\u{9f}' | '\u{a1}'..='\u{bf}') || "€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_told_from_wreckage() {
        for broken in ["KÃ¶tt", "Ã…l", "100 Â°C", "2 â€“ 3", "K\u{fffd}tt"] {
            assert!(is_broken(broken), "{broken}");
        }
        for sound in ["Kött", "SÃO PAULO", "Âme", "crème brûlée", "Ägg – 6 st", "Château", "São"] {
            assert!(!is_broken(sound), "{sound}");
        }
    }
}
