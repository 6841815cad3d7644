//! Text that was UTF-8, was read in a single-byte encoding on its way, and was stored so: `KÃ¶tt`, `â€“`, `K√∂tt`.
//!
//! It is put right only where all its characters beyond ASCII are such sequences and give letters and signs of product
//! texts. So what is right stays: `CAFÉ®`, `SÃO PAULO`, `”SMÅ”` hold no such sequences alone.

use std::sync::LazyLock;

use encoding_rs::{Encoding, MACINTOSH, WINDOWS_1250, WINDOWS_1252};

/// The text as it was meant, where it is mojibake. It may have happened more than once.
pub(crate) fn repair(text: &str) -> Option<String> {
    const TIMES: usize = 3;
    if !has_neighbours_beyond_ascii(text) {
        return None;
    }
    let mut repaired = undo(text)?;
    for _ in 1..TIMES {
        match undo(&repaired) {
            Some(better) => repaired = better,
            None => break,
        }
    }
    // C1 controls stand between two rounds only.
    (!repaired.contains(|c: char| matches!(c, '\u{80}'..='\u{9f}'))).then_some(repaired)
}

/// Two such characters side by side, without which nothing is mojibake.
fn has_neighbours_beyond_ascii(text: &str) -> bool {
    // The last byte of one and the first of the next.
    text.as_bytes().windows(2).any(|pair| pair[0] >= 0x80 && pair[1] >= 0xc0)
}

/// One round, by the first encoding that explains the text.
fn undo(text: &str) -> Option<String> {
    TABLES.iter().find_map(|table| {
        let mut bytes = Vec::with_capacity(text.len());
        for c in text.chars() {
            bytes.push(table.byte(c)?);
        }
        let meant = String::from_utf8(bytes).ok()?;
        is_plausible(&meant).then_some(meant)
    })
}

/// Whether what came out are letters and signs of product texts, and by no chance.
fn is_plausible(meant: &str) -> bool {
    let mut certain = false;
    let mut beyond = 0;
    let mut glued = true;
    let mut chars = meant.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            c if c.is_ascii() => continue,
            // `Ã` and `Â` before a sign, `â€` before one: no language writes these.
            '\u{80}'..='\u{ff}' | '\u{2010}'..='\u{2044}' | '\u{20ac}' | '\u{2100}'..='\u{22ff}' => {
                certain = true;
            }
            // `Å‚` before a letter: such signs do not stand within words.
            '\u{100}'..='\u{17f}' => {
                let within = chars.peek().is_some_and(|next| next.is_alphabetic());
                glued &= within && "ćęłńśźżŁŚŹŻěřšžťňőű".contains(c);
            }
            // What stands between two rounds, and is rare else.
            '\u{192}' | '\u{2c6}'..='\u{2dd}' | 'Ω' | 'π' | '◊' | '\u{f8ff}' | 'ﬁ' | 'ﬂ' => {}
            _ => return false,
        }
        beyond += 1;
    }
    beyond > 0 && (certain || glued)
}

/// The bytes of an encoding's characters.
struct Table([char; 128]);

impl Table {
    fn of(encoding: &'static Encoding) -> Self {
        let mut chars = ['\0'; 128];
        for (byte, place) in (0x80..=0xff_u8).zip(&mut chars) {
            *place = encoding.decode_without_bom_handling(&[byte]).0.chars().next().unwrap_or_default();
        }
        Self(chars)
    }

    fn byte(&self, c: char) -> Option<u8> {
        if c.is_ascii() {
            return u8::try_from(c).ok();
        }
        match self.0.iter().position(|known| *known == c) {
            Some(at) => u8::try_from(at + 0x80).ok(),
            // Read as Latin-1, these bytes are controls.
            None => matches!(c, '\u{80}'..='\u{9f}').then(|| u8::try_from(c).ok()).flatten(),
        }
    }
}

static TABLES: LazyLock<[Table; 3]> =
    LazyLock::new(|| [WINDOWS_1252, MACINTOSH, WINDOWS_1250].map(Table::of));

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn mangle(text: &str, encoding: &'static Encoding) -> String {
        encoding.decode_without_bom_handling(text.as_bytes()).0.into_owned()
    }

    #[test]
    fn mojibake_is_put_right() {
        for (mangled, meant) in [
            ("KÃ¶tt", "Kött"),
            ("Ã…re Ã„lg Ã–l", "Åre Älg Öl"),
            ("10â€“12 mm", "10–12 mm"),
            ("ÃƒÂ¶l", "öl"),
            ("K√∂tt", "Kött"),
            ("50 Â°C, 3 mÂ²", "50 °C, 3 m²"),
            ("MÃ¼ller & SÃ¶hne GroÃŸ", "Müller & Söhne Groß"),
            ("KĂ¶tt", "Kött"),
            ("WrocÅ‚aw Å¼Ã³Å‚ty", "Wrocław żółty"),
            ("Ã\u{96}l", "Öl"),
            ("â‚¬ 10", "€ 10"),
            ("LidlÂ®", "Lidl®"),
        ] {
            assert_eq!(repair(mangled).as_deref(), Some(meant), "{mangled}");
        }
    }

    #[test]
    fn what_is_right_is_left_alone() {
        for right in [
            "Kött",
            "NESCAFÉ®",
            "SÃO PAULO",
            "MAÇÃ",
            "”SMÅ”",
            "SMÅ™",
            "SMÅ®",
            "PLÅ® kött",
            "√2 ≈ 1,41",
            "¬ ∂",
            "« CAFÉ »",
            "10–12 °C",
            "żółty",
            "Łódź",
            "čaj",
            "Škoda",
            "Привет",
            "北京",
            "½”",
            "Ø 10 mm ±½",
            "€ 100",
            "…—",
            "ÅÄÖ",
            "Crème brûlée",
            "KÃ",
            "Â",
            "",
            "abc",
        ] {
            assert_eq!(repair(right), None, "{right}");
        }
    }

    proptest! {
        #[test]
        fn mangled_texts_come_back(
            words in proptest::collection::vec("[a-zA-ZåäöÅÄÖæøÆØéüßÜèà°²½–’”€®]{1,9}", 1..6),
            encoding in prop::sample::select(vec![WINDOWS_1252, MACINTOSH]),
            times in 1..3,
        ) {
            let text = words.join(" ");
            let mut mangled = text.clone();
            for _ in 0..times {
                mangled = mangle(&mangled, encoding);
            }
            prop_assert_eq!(repair(&mangled).unwrap_or(mangled), text);
        }

        #[test]
        fn ordinary_texts_stay(words in proptest::collection::vec(
            "([A-ZÅÄÖÆØÜÉ]?[a-zåäöæøéüßèà]{1,9}|[A-ZÅÄÖÆØÜÉ]{1,9}[®™]?|”[a-zåäö]{1,5}”|[0-9]{1,3}[–°½]?|« [a-zéè]{1,9} »)", 1..6)
        ) {
            let text = words.join(" ");
            prop_assert_eq!(repair(&text), None);
        }
    }
}
