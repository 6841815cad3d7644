//! How vocabularies write bytes: as `<0x0A>`, or each as a letter (GPT-2's table).

/// The byte that `<0x0A>` names.
pub(super) fn named(piece: &str) -> Option<u8> {
    u8::from_str_radix(piece.strip_prefix("<0x")?.strip_suffix('>')?, 16).ok()
}

/// Adds the bytes that a piece's letters stand for. A letter that stands for none is itself.
pub(super) fn from_letters(piece: &str, out: &mut Vec<u8>) {
    for letter in piece.chars() {
        match byte(letter) {
            Some(byte) => out.push(byte),
            None => out.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
}

/// Bytes that print stand for themselves; the others have the letters from U+0100 on, in their order.
fn byte(letter: char) -> Option<u8> {
    let prints = |byte: u8| matches!(byte, b'!'..=b'~' | 0xa1..=0xac | 0xae..=0xff);
    match u32::from(letter) {
        code @ 0..256 => u8::try_from(code).ok().filter(|&byte| prints(byte)),
        code => (0..=255).filter(|&byte| !prints(byte)).nth(code as usize - 256),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_has_one_letter() {
        let mut seen = [false; 256];
        for byte in (0..0x144).filter_map(|code| byte(char::from_u32(code).unwrap())) {
            assert!(!std::mem::replace(&mut seen[byte as usize], true));
        }
        assert!(seen.iter().all(|&seen| seen));
        let mut out = Vec::new();
        from_letters("ĠkaffeÃ¤Ċ日", &mut out);
        assert_eq!(out, " kaffeä\n日".as_bytes());
        assert_eq!((named("<0x0A>"), named("<0xG>"), named("x")), (Some(10), None, None));
    }
}
