//! JSON values with their numbers and repeated keys as they stand in the text.
//!
//! Numbers are kept as digits: a price or a GTIN never becomes a float. A few faults that leave no doubt about what is
//! meant are repaired and told.

use std::collections::HashMap;

/// One value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Null,
    Bool(bool),
    /// Digits, point and exponent.
    Number(String),
    String(String),
    Array(Vec<Value>),
    Object(Object),
}

/// Members in the order of the text.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Object(pub(super) Vec<(String, Value)>);

impl Object {
    pub(super) fn get(&self, key: &str) -> Option<&Value> {
        self.0.iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }
}

/// What was repaired, each once.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Repairs(pub(super) Vec<&'static str>);

const NAN: &str = "NaN or Infinity was read as no value";
const CONTROL: &str = "a line break or tab in a text was not escaped";
const TWICE: &str = "a name stands twice in one object; its first value counts";

/// More values than any product has. In memory each takes many times the two bytes that it takes in the text.
pub(super) const MOST_PARTS: usize = 50_000;

/// Why a text is not read.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Fault {
    /// What is wrong and the byte where it was seen.
    IllFormed(usize, String),
    /// More values than the caller allows.
    TooManyParts,
}

/// Reads `text`, which must be one value and nothing else.
///
/// # Errors
/// [`Fault`].
pub(super) fn parse(text: &[u8], deepest: usize) -> Result<(Value, Repairs), Fault> {
    parse_within(text, deepest, &mut MOST_PARTS.clone())
}

/// As [`parse`], with `parts` values at most, of which those that were read are taken.
pub(super) fn parse_within(
    text: &[u8],
    deepest: usize,
    parts: &mut usize,
) -> Result<(Value, Repairs), Fault> {
    let text = match std::str::from_utf8(text) {
        Ok(text) => text,
        Err(error) => {
            return Err(Fault::IllFormed(error.valid_up_to(), "the text is no UTF-8".to_owned()));
        }
    };
    let repairs = Repairs::default();
    let mut parser =
        Parser { text, bytes: text.as_bytes(), at: 0, deepest, parts: *parts, is_full: false, repairs };
    let parsed = parser.value(0).and_then(|value| match parser.next() {
        None => Ok(value),
        Some(_) => Err("there is more behind the value".to_owned()),
    });
    *parts = parser.parts;
    match parsed {
        Ok(value) => Ok((value, parser.repairs)),
        Err(_) if parser.is_full => Err(Fault::TooManyParts),
        Err(reason) => Err(Fault::IllFormed(parser.at, reason)),
    }
}

struct Parser<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    deepest: usize,
    /// How many further values may come, and whether there were more.
    parts: usize,
    is_full: bool,
    repairs: Repairs,
}

impl Parser<'_> {
    /// The next byte that is no white space.
    fn next(&mut self) -> Option<u8> {
        while let Some(b' ' | b'\t' | b'\r' | b'\n') = self.bytes.get(self.at) {
            self.at += 1;
        }
        self.bytes.get(self.at).copied()
    }

    fn value(&mut self, depth: usize) -> Result<Value, String> {
        if depth > self.deepest {
            return Err(format!("it nests deeper than {}", self.deepest));
        }
        let Some(left) = self.parts.checked_sub(1) else {
            self.is_full = true;
            return Err("it has too many parts".to_owned());
        };
        self.parts = left;
        match self.next() {
            None => Err("it ends early".to_owned()),
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            Some(b'"') => self.string().map(Value::String),
            Some(_) => self.word(),
        }
    }

    fn object(&mut self, depth: usize) -> Result<Value, String> {
        self.at += 1;
        let mut object = Object::default();
        // Names are compared one by one until there are so many that it would take long.
        const FEW: usize = 32;
        let mut places: HashMap<String, usize> = HashMap::new();
        if self.next() == Some(b'}') {
            self.at += 1;
            return Ok(Value::Object(object));
        }
        loop {
            if self.next() != Some(b'"') {
                return Err("a name in quotes is missing".to_owned());
            }
            let name = self.string()?;
            if self.next() != Some(b':') {
                return Err(format!("the colon behind {:?} is missing", crate::row::shorten(&name)));
            }
            self.at += 1;
            let value = self.value(depth + 1)?;
            let before = match object.0.len() {
                0..FEW => object.get(&name),
                _ => places.get(&name).map(|place| &object.0[*place].1),
            };
            match before {
                Some(before) if *before != value => self.repaired(TWICE),
                Some(_) => {}
                None => {
                    object.0.push((name, value));
                    if object.0.len() == FEW {
                        places =
                            object.0.iter().enumerate().map(|(at, (name, _))| (name.clone(), at)).collect();
                    } else if let (FEW.., Some((name, _))) = (object.0.len(), object.0.last()) {
                        places.insert(name.clone(), object.0.len() - 1);
                    }
                }
            }
            match self.next() {
                Some(b',') => self.at += 1,
                Some(b'}') => {
                    self.at += 1;
                    return Ok(Value::Object(object));
                }
                _ => return Err("a comma or the closing brace is missing".to_owned()),
            }
        }
    }

    fn array(&mut self, depth: usize) -> Result<Value, String> {
        self.at += 1;
        let mut list = Vec::new();
        if self.next() == Some(b']') {
            self.at += 1;
            return Ok(Value::Array(list));
        }
        loop {
            list.push(self.value(depth + 1)?);
            match self.next() {
                Some(b',') => self.at += 1,
                Some(b']') => {
                    self.at += 1;
                    return Ok(Value::Array(list));
                }
                _ => return Err("a comma or the closing bracket is missing".to_owned()),
            }
        }
    }

    fn string(&mut self) -> Result<String, String> {
        self.at += 1;
        let mut plain = String::new();
        loop {
            let rest = &self.bytes[self.at..];
            let Some(length) = rest.iter().position(|b| matches!(b, b'"' | b'\\' | 0..=0x1f)) else {
                self.at = self.bytes.len();
                return Err("a text is never closed".to_owned());
            };
            plain.push_str(&self.text[self.at..self.at + length]);
            self.at += length + 1;
            match rest[length] {
                b'"' => return Ok(plain),
                b'\\' => plain.push(self.escape()?),
                control => {
                    self.repaired(CONTROL);
                    plain.push(char::from(control));
                }
            }
        }
    }

    fn escape(&mut self) -> Result<char, String> {
        let kind = self.bytes.get(self.at).copied();
        self.at += 1;
        Ok(match kind {
            Some(b @ (b'"' | b'\\' | b'/')) => char::from(b),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                let high = self.code()?;
                let low = self.bytes[self.at..].starts_with(b"\\u").then_some(self.at);
                let low = low.filter(|_| (0xd800..0xdc00).contains(&high));
                let Some(back) = low else {
                    return Ok(char::from_u32(high).unwrap_or(char::REPLACEMENT_CHARACTER));
                };
                self.at += 2;
                let low = self.code()?;
                if !(0xdc00..0xe000).contains(&low) {
                    self.at = back;
                    return Ok(char::REPLACEMENT_CHARACTER);
                }
                let code = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
                char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
            }
            _ => return Err("a backslash begins no escape in a text".to_owned()),
        })
    }

    fn code(&mut self) -> Result<u32, String> {
        let digits = self.text.get(self.at..self.at + 4).filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()));
        let code = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        self.at += 4;
        code.ok_or_else(|| "\\u without four digits behind it".to_owned())
    }

    /// `true`, `null`, a number.
    fn word(&mut self) -> Result<Value, String> {
        let rest = &self.text[self.at..];
        let end = rest
            .find(|c: char| matches!(c, ',' | ']' | '}' | ':' | '"' | '[' | '{') || c.is_ascii_whitespace());
        let word = &rest[..end.unwrap_or(rest.len())];
        let value = match word {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            "null" => Value::Null,
            "NaN" | "-NaN" | "Infinity" | "-Infinity" => {
                self.repaired(NAN);
                Value::Null
            }
            number if is_number(number) => Value::Number(number.to_owned()),
            "" => return Err("a value is missing".to_owned()),
            other => return Err(format!("{:?} is no value", crate::row::shorten(other))),
        };
        self.at += word.len();
        Ok(value)
    }

    fn repaired(&mut self, what: &'static str) {
        if !self.repairs.0.contains(&what) {
            self.repairs.0.push(what);
        }
    }
}

/// A number as JSON has them.
fn is_number(text: &str) -> bool {
    let text = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.strip_prefix(['+', '-']).unwrap_or(exponent)),
        None => (text, "0"),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    digits(whole) && digits(fraction) && digits(exponent) && (whole == "0" || !whole.starts_with('0'))
}

/// A number without exponent and without a fraction of zeros: `4.006381333931E12` is `4006381333931`.
pub(super) fn plain_number(number: &str) -> String {
    const MOST_ZEROS: i64 = 40;
    let (sign, rest) = number.strip_prefix('-').map_or(("", number), |rest| ("-", rest));
    let (mantissa, exponent) = rest.split_once(['e', 'E']).unwrap_or((rest, "0"));
    let Some(exponent) = exponent.parse().ok().filter(|e: &i64| e.abs() <= MOST_ZEROS) else {
        return number.to_owned();
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let mut digits = format!("{whole}{fraction}");
    let mut point = whole.len() as i64 + exponent;
    if point < 1 {
        digits.insert_str(0, &"0".repeat((1 - point) as usize));
        point = 1;
    }
    let point = point as usize;
    if digits.len() < point {
        digits.push_str(&"0".repeat(point - digits.len()));
    }
    let (whole, fraction) = digits.split_at(point);
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        whole => whole,
    };
    match fraction.bytes().all(|b| b == b'0') {
        true if whole == "0" => whole.to_owned(),
        true => format!("{sign}{whole}"),
        false => format!("{sign}{whole}.{fraction}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(text: &str) -> Result<Value, String> {
        parse(text.as_bytes(), 20).map(|(value, _)| value).map_err(|fault| match fault {
            Fault::IllFormed(_, reason) => reason,
            Fault::TooManyParts => "too many parts".to_owned(),
        })
    }

    #[test]
    fn numbers_keep_their_digits() {
        for (number, plain) in [
            ("12.50", "12.50"),
            ("17.0", "17"),
            ("0.1000000000000000055511151231257827", "0.1000000000000000055511151231257827"),
            ("73500123456789012345678", "73500123456789012345678"),
            ("4.006381333931E12", "4006381333931"),
            ("1e-3", "0.001"),
            ("-0.0", "0"),
            ("-1.5e1", "-15"),
            ("1e999", "1e999"),
            ("0e5", "0"),
        ] {
            let Ok(Value::Number(found)) = of(number) else { panic!("{number}") };
            assert_eq!(plain_number(&found), plain);
        }
    }

    #[test]
    fn what_leaves_no_doubt_is_repaired_and_told() {
        for (text, value, repair) in [
            ("NaN", Value::Null, NAN),
            ("\"a\tb\"", Value::String("a\tb".to_owned()), CONTROL),
            (
                r#"{"a": 1, "a": 2}"#,
                Value::Object(Object(vec![("a".to_owned(), Value::Number("1".to_owned()))])),
                TWICE,
            ),
        ] {
            assert_eq!(parse(text.as_bytes(), 20), Ok((value, Repairs(vec![repair]))));
        }
        assert_eq!(parse(br#"{"a": 1, "a": 1}"#, 20).unwrap().1, Repairs::default());
    }

    #[test]
    fn what_is_no_json_says_why() {
        for (text, reason) in [
            ("{\"a\" 1}", "the colon behind \"a\" is missing"),
            ("{a: 1}", "a name in quotes is missing"),
            ("[1,]", "a value is missing"),
            ("[1 2]", "a comma or the closing bracket is missing"),
            ("{\"a\": 1,}", "a name in quotes is missing"),
            ("\"abc", "a text is never closed"),
            ("{\"a\": None}", "\"None\" is no value"),
            ("0123", "\"0123\" is no value"),
            ("1 2", "there is more behind the value"),
            ("\"\\x\"", "a backslash begins no escape in a text"),
        ] {
            assert_eq!(of(text), Err(reason.to_owned()), "{text}");
        }
        assert_eq!(of(&"[".repeat(50)), Err("it nests deeper than 20".to_owned()));
    }

    #[test]
    fn parts_are_counted() {
        let list = |parts: usize| format!("[{}0]", "0,".repeat(parts - 2));
        assert!(of(&list(MOST_PARTS)).is_ok());
        assert_eq!(of(&list(MOST_PARTS + 1)), Err("too many parts".to_owned()));
        let mut left = 10;
        assert!(parse_within(b"{\"a\": [1, 2]}", 20, &mut left).is_ok());
        assert_eq!(left, 6);
    }

    proptest! {
        /// An independent reader agrees, but for what is repaired here.
        #[test]
        fn another_reader_agrees(text in "[\\[\\]{}\",:\\\\ au0-9.eE+-]{0,24}|(\\{\"[ab]\":[0-9\"tru]{0,6},?\\}|\\[|\\]|,){0,6}") {
            let other = serde_json::from_str::<serde_json::Value>(&text);
            match (of(&text), other) {
                (Ok(_), Ok(_)) | (Err(_), Err(_)) => {}
                // A float that would overflow, a lone half of a pair.
                (Ok(_), Err(error)) => prop_assert!(text.contains(['e', 'E']) || text.contains("\\u"), "{error} {text}"),
                (Err(error), Ok(_)) => prop_assert!(false, "{error} {text}"),
            }
        }

        #[test]
        fn texts_are_read_back(text in "\\PC{0,20}") {
            prop_assert_eq!(of(&serde_json::to_string(&text).unwrap()), Ok(Value::String(text)));
        }
    }
}
