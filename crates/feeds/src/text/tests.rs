use super::*;
use proptest::prelude::*;

#[test]
fn white_space_and_hidden_characters_are_gone() {
    assert_eq!(line("  Kaffe \u{a0} mellan\u{ad}rost\r\n450 g "), "Kaffe mellanrost 450 g");
    assert_eq!(line("a\u{202e}b\u{200b}c\u{0}d\u{e0041}"), "abcd");
    assert!(matches!(line(" Kaffe 450 g"), Cow::Borrowed("Kaffe 450 g")));
    assert_eq!(paragraphs("Ett\r\ntvå\n\n\n\n tre "), "Ett\ntvå\n\ntre");
}

#[test]
fn html_becomes_text_and_plain_text_is_left_alone() {
    let html = "<p>Tål <b>maskindisk</b>.</p><ul><li>1 l</li><li>Rostfri</li></ul>";
    let text = from_html(html).unwrap().unwrap();
    assert!(text.contains("Tål maskindisk."), "{text}");
    assert!(text.contains("1 l") && text.contains("Rostfri") && !text.contains('<'), "{text}");
    assert_eq!(from_html("bredd < 5 mm & höjd > 3 mm").unwrap(), None);
    assert_eq!(from_html("Gr&ouml;n &amp; r&#246;d &nix; &#x41;").unwrap().unwrap(), "Grön & röd &nix; A");
    assert!(!from_html("<script>alert(1)</script>Text").unwrap().unwrap().contains("alert"));
}

#[test]
fn rules_tables_and_links_leave_only_their_text() {
    let html = "<h2>Fakta</h2><hr><table><tr><th>Vikt</th><td>2 kg</td></tr><tr><th>Färg</th><td>Röd</td></tr></table>\
                <p>Se <a href='https://x/y'>bladet</a> <img src='a.png' alt='bild'></p><pre>a  b</pre>";
    let text = paragraphs(&from_html(html).unwrap().unwrap()).into_owned();
    assert_eq!(text, "Fakta\n\nVikt: 2 kg\nFärg: Röd\n\nSe bladet\n\na b");
}

#[test]
fn hostile_html_is_cheap() {
    let deep = "<div>".repeat(9_000);
    assert!(from_html(&deep).is_ok_and(|text| text.is_some_and(|text| text.is_empty())));
    assert!(from_html(&"<b>".repeat(100_000)).is_err());
    let tables = "<table><tr><td>x".repeat(6_000);
    assert!(from_html(&tables).unwrap().unwrap().len() < tables.len());
    let unclosed = "<a title='".repeat(10_000);
    assert!(from_html(&format!("{unclosed}<b>x</b>")).is_ok());
}

#[test]
fn html_that_was_escaped_on_its_way_is_read() {
    let html = "&lt;ul&gt;&lt;li&gt;Gr&amp;ouml;n&lt;/li&gt;&lt;/ul&gt;";
    assert_eq!(from_html(html).unwrap().unwrap(), "- Grön");
    assert_eq!(from_html("AT&amp;amp;T").unwrap().unwrap(), "AT&T");
}

proptest! {
    #[test]
    fn cleaning_twice_changes_nothing(text in ".{0,80}") {
        let once = line(&text).into_owned();
        prop_assert_eq!(line(&once), once.as_str());
        let once = paragraphs(&text).into_owned();
        prop_assert_eq!(paragraphs(&once), once.as_str());
    }
}

proptest! {
    #[test]
    fn a_line_that_is_taken_as_it_stands_has_nothing_to_take_out(text in "[ -~\u{7f}-\u{280}\u{ad}\u{2000}-\u{200f}]{0,20}") {
        let hidden_or_wide = |c: char| is_hidden(c) || (c.is_whitespace() && c != ' ');
        prop_assert!(!is_plain(&text) || (!text.contains(hidden_or_wide) && !text.contains("  ")));
    }
}
