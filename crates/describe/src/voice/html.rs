//! Paragraphs as HTML of our own making.

/// The tags that a voice may allow.
pub(super) const TAGS: &[&str] = &["p", "br", "ul", "li", "strong", "em", "h2", "h3"];

/// Paragraphs with the `allowed` tags; the text itself where none is allowed.
pub(super) fn of(paragraphs: &str, allowed: &[String]) -> String {
    if allowed.is_empty() {
        return paragraphs.to_owned();
    }
    let may = |tag: &str| allowed.iter().any(|a| a == tag);
    let text = paragraphs.replace("\r\n", "\n");
    let blocks: Vec<String> =
        text.split("\n\n").map(str::trim).filter(|block| !block.is_empty()).map(|b| block(b, &may)).collect();
    match may("p") {
        true => blocks.join("\n"),
        false if may("br") => blocks.join("<br><br>\n"),
        false => blocks.join("\n\n"),
    }
}

fn block(text: &str, may: &dyn Fn(&str) -> bool) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let items: Option<Vec<&str>> =
        lines.iter().map(|line| line.strip_prefix("- ").or_else(|| line.strip_prefix("• "))).collect();
    if let Some(items) = items.filter(|_| may("ul") && may("li")) {
        let items: Vec<String> = items.iter().map(|item| format!("<li>{}</li>", named(item, may))).collect();
        return format!("<ul>{}</ul>", items.concat());
    }
    // A line without a full stop is a heading.
    let heading = lines.len() == 1 && !text.ends_with(['.', '!', '?', ':', ';', ',']);
    if let Some(tag) = ["h2", "h3"].into_iter().find(|tag| heading && may(tag)) {
        return format!("<{tag}>{}</{tag}>", escaped(text));
    }
    let lines: Vec<String> = lines.into_iter().map(escaped).collect();
    let body = lines.join(if may("br") { "<br>\n" } else { "\n" });
    if may("p") { format!("<p>{body}</p>") } else { body }
}

/// `Weight: 450 g` with its name in bold.
fn named(item: &str, may: &dyn Fn(&str) -> bool) -> String {
    match item.split_once(": ") {
        Some((name, value)) if may("strong") => {
            format!("<strong>{}:</strong> {}", escaped(name), escaped(value))
        }
        _ => escaped(item),
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if c.is_control() && c != '\n' => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(tags: &[&str]) -> Vec<String> {
        tags.iter().map(|tag| (*tag).to_owned()).collect()
    }

    #[test]
    fn only_allowed_tags_are_made_and_the_text_is_escaped() {
        let text = "M&S <b>kanna</b>.\nVikt 1 kg.\n\n- Vikt: 1 kg\n- Färg: \"röd\"";
        assert_eq!(of(text, &[]), text);
        assert_eq!(
            of(text, &tags(&["p", "br", "ul", "li", "strong"])),
            "<p>M&amp;S &lt;b&gt;kanna&lt;/b&gt;.<br>\nVikt 1 kg.</p>\n\
             <ul><li><strong>Vikt:</strong> 1 kg</li><li><strong>Färg:</strong> &quot;röd&quot;</li></ul>"
        );
        assert_eq!(of("Ett.\n\nTvå.", &tags(&["br"])), "Ett.<br><br>\nTvå.");
        assert_eq!(of("Mått\n\nTvå.", &tags(&["p", "h3"])), "<h3>Mått</h3>\n<p>Två.</p>");
    }
}
