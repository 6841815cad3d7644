//! Texts of strangers as they may stand in a page or on a terminal: clean, cut and escaped.

/// The most characters of a text that are shown.
const MOST: usize = 400;

/// For HTML, in text and in attributes with quotes.
pub(super) fn escaped(text: &str) -> String {
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

/// Without signs that break lines, turn the direction of writing, show nothing or command a terminal, and not too long.
pub fn clean(text: &str) -> String {
    let shown = |character: char| match character {
        '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' => None,
        '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' => None,
        '\u{2028}' | '\u{2029}' => Some(' '),
        control if control.is_control() => Some(' '),
        other => Some(other),
    };
    let mut clean: String = text.chars().filter_map(shown).take(MOST + 1).collect();
    if let Some((end, _)) = clean.char_indices().nth(MOST) {
        clean.truncate(end);
        clean.push('…');
    }
    clean
}

/// A table; columns from `numbers` on are numbers. Cells are HTML already, headings are not.
pub(super) fn table(
    headings: &[&str],
    numbers: usize,
    rows: impl IntoIterator<Item = Vec<String>>,
) -> String {
    let class = |column: usize| if column < numbers { "" } else { " class=\"n\"" };
    let mut table = String::from("<div class=\"wide\"><table>\n<thead><tr>");
    for (column, heading) in headings.iter().enumerate() {
        table.push_str(&format!("<th{}>{}</th>", class(column), escaped(heading)));
    }
    table.push_str("</tr></thead>\n<tbody>\n");
    for row in rows {
        table.push_str("<tr>");
        for (column, cell) in row.iter().enumerate() {
            table.push_str(&format!("<td{}>{cell}</td>", class(column)));
        }
        table.push_str("</tr>\n");
    }
    table.push_str("</tbody>\n</table></div>\n");
    table
}
