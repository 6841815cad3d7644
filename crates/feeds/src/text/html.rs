//! HTML as plain text that keeps what lists and tables say.
//!
//! A list item is a line that begins with `- `, a row of a table or a pair of a definition list a line `Name: value`,
//! a heading a line of its own. Tags that are never closed, or closed twice, cost nothing: no tree is built, and the
//! text is walked through once. Scripts, styles and comments are no text.

use super::entities;

/// Elements whose content is no text.
const HIDDEN: [&str; 7] = ["script", "style", "template", "svg", "iframe", "object", "select"];

/// Elements that stand apart from what is around them by a blank line.
const APART: [&str; 24] = [
    "p",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "ul",
    "ol",
    "dl",
    "table",
    "blockquote",
    "pre",
    "section",
    "article",
    "aside",
    "header",
    "footer",
    "main",
    "figure",
    "form",
    "fieldset",
    "hr",
    "details",
];

/// Elements that begin a line.
const LINES: [&str; 10] =
    ["br", "div", "caption", "figcaption", "address", "summary", "legend", "option", "center", "title"];

/// Tables within tables beyond this are read as plain text.
const DEEPEST: usize = 20;

/// The text of `html`.
pub(super) fn render(html: &str) -> String {
    let mut page = Page { frames: vec![Frame::default()], tables: Vec::new() };
    let mut walk = Walk { html, at: 0, exhausted: [false; 5] };
    while let Some(part) = walk.next() {
        match part {
            Part::Text(text) => page.frame().push_text(text),
            Part::Raw(text) => page.frame().push_words(text),
            Part::Open(name) => page.open(&name),
            Part::Close(name) => page.close(&name),
        }
    }
    while !page.tables.is_empty() {
        page.end_table();
    }
    page.frames.pop().map(Frame::finish).unwrap_or_default()
}

/// Lines in one: the items of a list with commas between them, everything else with spaces.
pub(crate) fn in_one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    let mut after_item = false;
    for part in text.lines().map(str::trim).filter(|part| !part.is_empty()) {
        let item = part.strip_prefix("- ");
        if !line.is_empty() {
            line.push_str(if item.is_some() && after_item { ", " } else { " " });
        }
        after_item = item.is_some();
        line.push_str(item.unwrap_or(part));
    }
    line
}

enum Part<'h> {
    /// Text with entities.
    Text(&'h str),
    /// Text without.
    Raw(&'h str),
    Open(String),
    Close(String),
}

/// Cuts HTML into tags and text. What was looked for in vain once is not looked for again: the walk stays linear.
struct Walk<'h> {
    html: &'h str,
    at: usize,
    exhausted: [bool; 5],
}

impl<'h> Walk<'h> {
    fn next(&mut self) -> Option<Part<'h>> {
        loop {
            let rest = &self.html[self.at..];
            if rest.is_empty() {
                return None;
            }
            let is_tag = |at: usize| {
                let next = rest.as_bytes().get(at + 1).copied().unwrap_or(b' ');
                next.is_ascii_alphabetic() || matches!(next, b'/' | b'!' | b'?')
            };
            let start =
                rest.match_indices('<').map(|(at, _)| at).find(|at| is_tag(*at)).unwrap_or(rest.len());
            if start > 0 {
                self.at += start;
                return Some(Part::Text(&rest[..start]));
            }
            if let Some(inner) = rest.strip_prefix("<!--") {
                let end = self.find(4, "-->", 0);
                // A comment that never ends hides its own tag only.
                self.at = end.map_or_else(|| self.html.len() - inner.len(), |end| end + 3);
                continue;
            }
            if rest.starts_with("<![CDATA[") {
                let from = self.at + 9;
                let end = self.find(9, "]]>", 1).unwrap_or(self.html.len());
                self.at = (end + 3).min(self.html.len());
                return Some(Part::Raw(&self.html[from..end]));
            }
            let Some(end) = self.tag_end() else {
                self.at += 1;
                return Some(Part::Raw("<"));
            };
            let tag = &self.html[self.at + 1..end];
            self.at = end + 1;
            let (closing, name) = tag.strip_prefix('/').map_or((false, tag), |name| (true, name));
            let length = name.bytes().take_while(|b| b.is_ascii_alphanumeric()).count();
            let name = name[..length].to_ascii_lowercase();
            if name.is_empty() {
                continue;
            }
            if closing {
                return Some(Part::Close(name));
            }
            if HIDDEN.contains(&name.as_str()) && !tag.ends_with('/') {
                self.skip_to_close(&name);
                continue;
            }
            return Some(Part::Open(name));
        }
    }

    /// Where `wanted` stands at least `ahead` bytes on.
    fn find(&mut self, ahead: usize, wanted: &str, memo: usize) -> Option<usize> {
        if self.exhausted[memo] {
            return None;
        }
        let from = self.at + ahead;
        let found = self.html[from..].find(wanted).map(|at| from + at);
        self.exhausted[memo] = found.is_none();
        found
    }

    /// The `>` that ends the tag here; one within quotes does not, unless the quotes never close.
    fn tag_end(&mut self) -> Option<usize> {
        let mut ahead = 1;
        loop {
            let rest = &self.html.as_bytes()[self.at + ahead..];
            let at = rest.iter().position(|b| matches!(b, b'>' | b'"' | b'\'' | b'<'))?;
            match rest[at] {
                b'>' => return Some(self.at + ahead + at),
                // `<a <b>`: the first was no tag.
                b'<' => return None,
                quote => {
                    let (quote, memo) = if quote == b'"' { ("\"", 2) } else { ("'", 3) };
                    match self.find(ahead + at + 1, quote, memo) {
                        Some(end) => ahead = end + 1 - self.at,
                        None => return self.find(ahead + at, ">", 4),
                    }
                }
            }
        }
    }

    /// Goes on behind the element's own closing tag; without one, everything that follows is part of it.
    fn skip_to_close(&mut self, name: &str) {
        let bytes = self.html.as_bytes();
        let mut at = self.at;
        while let Some(found) = self.html[at..].find("</") {
            let start = at + found + 2;
            let same =
                bytes.get(start..start + name.len()).is_some_and(|b| b.eq_ignore_ascii_case(name.as_bytes()));
            if same {
                self.at = self.html[start..].find('>').map_or(bytes.len(), |end| start + end + 1);
                return;
            }
            at = start;
        }
        self.at = bytes.len();
    }
}

/// What is being written: the page itself or a cell of a table in it.
#[derive(Default)]
struct Frame {
    text: String,
    line: String,
    /// A list item was opened, and nothing of it is written yet.
    item: bool,
    /// The line is a term, whose explanation follows.
    term: bool,
    /// A blank line is due before the next.
    apart: bool,
    preformatted: bool,
}

impl Frame {
    fn push_text(&mut self, text: &str) {
        if text.contains('&') { self.push_words(&entities(text)) } else { self.push_words(text) }
    }

    fn push_words(&mut self, text: &str) {
        for (nth, part) in text.split('\n').enumerate() {
            if nth > 0 && self.preformatted {
                self.end_line();
            }
            let begins = part.starts_with(char::is_whitespace) || (nth > 0 && !self.preformatted);
            let mut gap = begins && !self.line.is_empty() && !self.line.ends_with(' ');
            for word in part.split_whitespace() {
                if gap {
                    self.line.push(' ');
                }
                gap = true;
                self.line.push_str(word);
            }
            if part.ends_with(char::is_whitespace) && !self.line.is_empty() && !self.line.ends_with(' ') {
                self.line.push(' ');
            }
        }
    }

    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        self.term = false;
        let line = line.trim();
        if line.is_empty() {
            return;
        }
        if !self.text.is_empty() {
            self.text.push_str(if self.apart { "\n\n" } else { "\n" });
        }
        self.apart = false;
        if std::mem::take(&mut self.item) && !line.starts_with("- ") {
            self.text.push_str("- ");
        }
        self.text.push_str(line);
    }

    fn finish(mut self) -> String {
        self.end_line();
        self.text
    }
}

/// A table being read.
#[derive(Default)]
struct Table {
    /// The names of the columns, once a row of them was read.
    header: Vec<String>,
    header_used: bool,
    row: Vec<(String, bool)>,
    /// Whether a cell is open, and whether that is a header's.
    cell: Option<bool>,
}

struct Page {
    /// The page and, above it, the open cells of open tables.
    frames: Vec<Frame>,
    tables: Vec<Table>,
}

impl Page {
    fn frame(&mut self) -> &mut Frame {
        if self.frames.is_empty() {
            self.frames.push(Frame::default());
        }
        let last = self.frames.len() - 1;
        &mut self.frames[last]
    }

    fn open(&mut self, name: &str) {
        match name {
            "table" if self.tables.len() < DEEPEST => {
                self.frame().end_line();
                self.frame().apart = true;
                self.tables.push(Table::default());
            }
            "tr" => self.end_row(),
            "td" | "th" if !self.tables.is_empty() => {
                self.end_cell();
                self.frames.push(Frame::default());
                if let Some(table) = self.tables.last_mut() {
                    table.cell = Some(name == "th");
                }
            }
            "td" | "th" => self.frame().end_line(),
            "li" => {
                self.frame().end_line();
                self.frame().item = true;
            }
            "dt" => {
                self.frame().end_line();
                self.frame().term = true;
            }
            "dd" => {
                let frame = self.frame();
                if !frame.term || frame.line.trim().is_empty() {
                    frame.end_line();
                    return;
                }
                let term = named(&frame.line).to_owned();
                frame.line = format!("{term}: ");
                frame.term = false;
            }
            _ => self.boundary(name, true),
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "table" => self.end_table(),
            "tr" | "thead" | "tbody" => self.end_row(),
            "td" | "th" => self.end_cell(),
            "li" => {
                self.frame().end_line();
                self.frame().item = false;
            }
            "dd" => self.frame().end_line(),
            _ => self.boundary(name, false),
        }
    }

    fn boundary(&mut self, name: &str, opens: bool) {
        let frame = self.frame();
        if APART.contains(&name) {
            frame.end_line();
            // The first paragraph within a list item is the item's own line.
            frame.apart |= !frame.item && !frame.text.is_empty();
        } else if LINES.contains(&name) {
            frame.end_line();
        }
        if name == "pre" {
            frame.preformatted = opens;
        }
    }

    fn end_cell(&mut self) {
        let Some(table) = self.tables.last_mut() else { return };
        let Some(header) = table.cell.take() else { return };
        if let Some(frame) = self.frames.pop() {
            table.row.push((frame.finish(), header));
        }
    }

    fn end_row(&mut self) {
        self.end_cell();
        let Some(table) = self.tables.last_mut() else { return };
        let row = std::mem::take(&mut table.row);
        let lines = table.lines(row);
        let frame = self.frame();
        for line in lines {
            frame.end_line();
            frame.line = line;
            frame.end_line();
        }
    }

    fn end_table(&mut self) {
        self.end_row();
        let Some(table) = self.tables.pop() else { return };
        let frame = self.frame();
        if !table.header_used && !table.header.is_empty() {
            frame.line = listed(&table.header);
        }
        frame.end_line();
        frame.apart = true;
    }
}

impl Table {
    /// The lines that a row comes to.
    fn lines(&mut self, row: Vec<(String, bool)>) -> Vec<String> {
        let filled = row.iter().filter(|(text, _)| !text.is_empty()).count();
        if filled == 0 {
            return Vec::new();
        }
        // A table that only places things: each cell is a text of its own.
        if row.iter().any(|(text, _)| text.contains('\n')) || filled == 1 {
            return row.into_iter().map(|(text, _)| text).filter(|text| !text.is_empty()).collect();
        }
        let all_headers = row.iter().all(|(_, header)| *header);
        let texts: Vec<String> = row.iter().map(|(text, _)| text.clone()).collect();
        if all_headers && self.header.is_empty() {
            self.header = texts;
            return Vec::new();
        }
        self.header_used = true;
        match &texts[..] {
            [name, value] => vec![pair(name, value)],
            texts if texts.len() == self.header.len() => {
                let pairs = self.header.iter().zip(texts).filter(|(_, value)| !value.is_empty());
                vec![pairs.map(|(name, value)| pair(name, value)).collect::<Vec<_>>().join("; ")]
            }
            texts if row.chunks(2).all(|two| matches!(two, [(_, true), (_, false)])) => texts
                .chunks(2)
                .filter(|two| two.iter().any(|text| !text.is_empty()))
                .map(|two| pair(&two[0], &two[1]))
                .collect(),
            texts => vec![listed(texts)],
        }
    }
}

/// `Name: value`, whether or not the name ends with a colon of its own.
fn pair(name: &str, value: &str) -> String {
    match (named(name), value) {
        ("", text) | (text, "") => text.to_owned(),
        (name, value) => format!("{name}: {value}"),
    }
}

fn named(name: &str) -> &str {
    name.trim().trim_end_matches(':').trim_end()
}

fn listed(texts: &[String]) -> String {
    texts.iter().filter(|text| !text.is_empty()).cloned().collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lists_and_tables_keep_what_they_say() {
        for (html, text) in [
            ("<p>Ett</p><p>två<br>tre</p>", "Ett\n\ntvå\ntre"),
            (
                "<h2>Fakta</h2>Stål<ul><li><b>Vikt:</b> 2 kg</li><li><p>Rostfri</p></li><li></li></ul>Slut",
                "Fakta\n\nStål\n\n- Vikt: 2 kg\n- Rostfri\n\nSlut",
            ),
            ("<ul><li>a<ul><li>b</li></ul></li></ul>", "- a\n\n- b"),
            (
                "<table><tr><td>Vikt:</td><td>2 kg</td></tr><tr><th>Färg</th><td>Röd</td></table>",
                "Vikt: 2 kg\nFärg: Röd",
            ),
            ("<table><thead><tr><th>Egenskap<th>Värde</thead><tr><td>Vikt<td>2 kg</table>", "Vikt: 2 kg"),
            (
                "<table><tr><th>Storlek<th>Bredd<th>Längd<tr><td>M<td><td>70 cm</table>",
                "Storlek: M; Längd: 70 cm",
            ),
            ("<table><tr><th>A<td>1<th>B<td>2</table>", "A: 1\nB: 2"),
            ("<table><tr><td>1<td>2<td>3</table>", "1, 2, 3"),
            ("<table><tr><th>Bara<th>rubriker<th>här</table>", "Bara, rubriker, här"),
            ("<table><tr><td><p>Ett</p><p>två</p></td><td>Tre</td></tr></table>", "Ett\n\ntvå\nTre"),
            ("<dl><dt>Vikt</dt><dd>2 kg</dd><dt>Färg:<dd>Röd</dl>", "Vikt: 2 kg\nFärg: Röd"),
            ("a<script>if (a<b) {}</script>b<style>p{}</style><!-- c <b> -->d", "abd"),
            ("<a title=\"a > b\" href='x'>länk</a>, 5 < 6 <b>och</b> slut", "länk, 5 < 6 och slut"),
            ("a <!-- aldrig slut b", "a aldrig slut b"),
            ("<b>fet</b>stil &amp; gr&ouml;n<![CDATA[ <x> ]]>", "fetstil & grön <x>"),
            ("<pre>a\nb</pre>", "a\nb"),
            ("</td></tr></table><td>x", "x"),
        ] {
            assert_eq!(render(html), text, "{html}");
        }
        assert_eq!(in_one_line("Stål\n\n- a\n- b\nslut"), "Stål a, b slut");
    }

    proptest! {
        #[test]
        fn any_tags_end_in_text_no_longer_than_they_were(
            parts in prop::collection::vec(
                prop::sample::select(vec![
                    "<table>", "</table>", "<tr>", "<td>", "<th>", "</td>", "<li>", "<ul>", "</ul>", "<p>", "<dt>",
                    "<dd>", "<br>", "<pre>", "<script>", "</script>", "<!--", "-->", "<a title=\"", "\">", "ord ", "&lt;",
                    "å\n", "<", ">",
                ]),
                0..60,
            ),
        ) {
            let html = parts.concat();
            let text = render(&html);
            prop_assert!(text.len() <= 2 * html.len(), "{html:?} {text:?}");
            prop_assert_eq!(text.trim(), text.as_str());
        }

        #[test]
        fn words_outside_tags_are_kept(words in prop::collection::vec("[a-zåäö]{1,8}", 1..20), tag in 0usize..6) {
            let tag = ["b", "p", "li", "td", "div", "h2"][tag];
            let html: String = words.iter().map(|word| format!("<{tag}>{word}</{tag}> ")).collect();
            let text = render(&html);
            let kept: Vec<&str> = text.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty()).collect();
            prop_assert_eq!(kept, words);
        }
    }
}
