//! Lists and pairs within one cell, as shop systems write them.

/// Parts between `separator`s. A backslash before one makes it a character.
pub(super) fn split_escaped(text: &str, separator: char) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let escaped = c == '\\' && chars.peek() == Some(&separator);
        let c = if escaped { chars.next().unwrap_or(c) } else { c };
        match parts.last_mut() {
            Some(last) if escaped || c != separator => last.push(c),
            _ => parts.push(String::new()),
        }
    }
    parts.retain(|part| !part.trim().is_empty());
    parts.iter().map(|part| part.trim().to_owned()).collect()
}

/// `a=1,b=x, y,c="p, ""q"""` as pairs. A comma that no name follows belongs to the value before it, and a value within
/// quotes ends with them.
pub(super) fn pairs(text: &str) -> Vec<(String, String)> {
    let mut pairs: Vec<(String, String)> = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let Some((name, value)) = name_of(rest) else {
            let (part, behind) = rest.split_once(',').unwrap_or((rest, ""));
            if let Some((_, value)) = pairs.last_mut() {
                value.push(',');
                value.push_str(part);
            }
            rest = behind;
            continue;
        };
        match value.strip_prefix('"').and_then(quoted) {
            Some((value, behind)) => {
                pairs.push((name.to_owned(), value));
                rest = behind.strip_prefix(',').unwrap_or(behind);
            }
            None => {
                let (value, behind) = value.split_once(',').unwrap_or((value, ""));
                pairs.push((name.to_owned(), value.to_owned()));
                rest = behind;
            }
        }
    }
    pairs
}

/// The name before the first `=`, and what stands behind it.
fn name_of(text: &str) -> Option<(&str, &str)> {
    let (name, value) = text.split_once('=')?;
    let name = name.trim();
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    is_name.then_some((name, value))
}

/// A value up to its closing quote, doubled ones within it made single, and what stands behind it; `None` where the
/// quote does not end a value.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut rest = text;
    loop {
        let (part, behind) = rest.split_once('"')?;
        value.push_str(part);
        match behind.strip_prefix('"') {
            Some(behind) => {
                value.push('"');
                rest = behind;
            }
            None => return (behind.is_empty() || behind.starts_with(',')).then_some((value, behind)),
        }
    }
}

/// The longest of several category paths, its levels apart; the first of those that are equally long.
pub(super) fn longest(paths: impl IntoIterator<Item = Vec<String>>) -> Vec<String> {
    paths
        .into_iter()
        .reduce(|best, path| if path.len() > best.len() { path } else { best })
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Vec<String> {
        pairs(text).into_iter().map(|(name, value)| format!("{name}={value}")).collect()
    }

    #[test]
    fn pairs_keep_commas_and_quotes_of_values() {
        assert_eq!(read("a=1,b=2"), ["a=1", "b=2"]);
        assert_eq!(read("care=Wash, dry,colour=Blue"), ["care=Wash, dry", "colour=Blue"]);
        assert_eq!(read(r#"a="x,y",b="say ""hi""",c=3"#), ["a=x,y", r#"b=say "hi""#, "c=3"]);
        assert_eq!(read(r#"size=5" wide,b="open"#), [r#"size=5" wide"#, r#"b="open"#]);
        assert_eq!(read("text=see <a href=x>,b=2"), ["text=see <a href=x>", "b=2"]);
        assert_eq!(read(",,=,"), Vec::<String>::new());
    }

    #[test]
    fn escaped_separators_are_characters() {
        assert_eq!(split_escaped(r"Clothing > T\, shirts, Sale,", ','), ["Clothing > T, shirts", "Sale"]);
    }

    proptest! {
        #[test]
        fn quoted_pairs_read_back_equal(pairs_in in prop::collection::vec(("[a-z][a-z0-9_]{0,8}", "\\PC{0,12}"), 1..6)) {
            let pair = |(name, value): &(String, String)| format!("{name}=\"{}\"", value.replace('"', "\"\""));
            let text = pairs_in.iter().map(pair).collect::<Vec<_>>().join(",");
            prop_assert_eq!(pairs(&text), pairs_in);
        }

        #[test]
        fn no_text_stops_the_reading(text in "\\PC{0,60}") {
            pairs(&text);
            split_escaped(&text, ',');
        }
    }
}
