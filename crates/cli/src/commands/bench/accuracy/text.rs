//! Texts of strangers (category names, file names) as they may stand in a page: cut, clean and escaped.

/// The most characters of a text that are shown.
const MOST: usize = 160;

/// The names of a path, one line.
pub(super) fn path(names: &[String]) -> String {
    names.join(" > ")
}

/// For HTML, in text and in attributes with quotes.
pub(super) fn html(text: &str) -> String {
    let mut escaped = String::new();
    for character in clean(text).chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// For Markdown. Every sign that could mean something there, or in HTML, becomes a reference to it, which means nothing.
pub(super) fn markdown(text: &str) -> String {
    let mut escaped = String::new();
    for character in clean(text).chars() {
        if character.is_ascii_punctuation() && character != ',' {
            escaped.push_str(&format!("&#{};", u32::from(character)));
        } else {
            escaped.push(character);
        }
    }
    escaped
}

/// Without signs that break lines, turn the direction of writing or show nothing, and not too long.
fn clean(text: &str) -> String {
    let clean = text.chars().filter_map(|character| match character {
        '\u{ad}'
        | '\u{61c}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' => None,
        '\u{feff}' | '\u{fff9}'..='\u{fffb}' => None,
        '\u{2028}' | '\u{2029}' => Some(' '),
        control if control.is_control() => Some(' '),
        other => Some(other),
    });
    crate::output::cut(&clean.collect::<String>(), MOST)
}

/// A share in percent.
pub(super) fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

/// How likely a difference comes by chance.
pub(super) fn chance(p_value: f64) -> String {
    if p_value < 0.0001 { "< 0.0001".to_owned() } else { format!("{p_value:.4}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_text_means_anything_in_html_or_markdown() {
        let hostile = "<img src=x onerror='a(\"&\")'>|`[x](https://a.b)`\n# \u{202e}@all";
        let escaped = html(hostile);
        assert!(!escaped.contains(['<', '>', '"', '\'', '\n', '\u{202e}']), "{escaped}");
        assert_eq!(html("A & B"), "A &amp; B");
        let escaped = markdown(hostile);
        let meaning = ['<', '>', '|', '`', '[', ']', '(', '.', ':', '@', '\n', '\u{202e}', '*', '_', '"'];
        assert!(!escaped.contains(meaning), "{escaped}");
        assert_eq!(markdown("Bröd, A|B"), "Bröd, A&#124;B");
    }

    #[test]
    fn a_text_is_cut_before_it_is_escaped() {
        assert!(markdown(&"&".repeat(10_000)).len() < 1000);
    }
}
