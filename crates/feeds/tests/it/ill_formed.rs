//! XML that is not well-formed: one item lost, by name, and no other.

use berika_feeds::{FeedProblem, Limits, RowProblem};

use crate::support::*;

fn google() -> berika_feeds::FeedConfig {
    config("format.type = 'google'")
}

/// A feed of five items on a line each, the third of which holds `broken`.
fn with(broken: &str) -> Read {
    let item = |n: u32| format!("<item><g:id>{n}</g:id><g:title>Kanna {n}</g:title></item>");
    let text = format!(
        "<rss><channel>\n{}\n{}\n{broken}\n{}\n{}\n</channel></rss>",
        item(1),
        item(2),
        item(4),
        item(5)
    );
    read_bytes(text.as_bytes(), &google())
}

fn skus(read: &Read) -> Vec<&str> {
    read.products().iter().map(|p| p.key.sku.as_str()).collect()
}

#[test]
fn a_fault_costs_its_item_and_no_other() {
    for (broken, reason) in [
        ("<item><g:id>3</g:id><g:title>Kanna</item>", "line 4: <g:title> is closed by </item>"),
        ("<item><g:id>3</g:id><g:title>Kanna</g:titel></item>", "line 4: </g:titel> closes nothing"),
        ("<item><g:id>3</g:id><b><i>Kanna</b></i></item>", "line 4: <i> is closed by </b>"),
        ("<item><g:id>3</g:id><g:title>Kanna</g:title>", "line 4: <item> is not closed"),
        (
            "<item><g:id>3</g:id></g:price><g:title>Kanna</g:title></item>",
            "line 4: </g:price> closes nothing",
        ),
        ("<item><g:id>3</g:id><p size=\"12\" rund\">x</p></item>", "attribute \"rund\" has no value"),
        ("<item><g:id>3</g:id><p size=\"12\"\">x</p></item>", "a quote stands within"),
        (
            "<item><g:id>3</g:id><p size=\"12>x</p><g:title>T</g:title></item>",
            "attribute \"size\" is not closed",
        ),
        ("<item><g:id>3</g:id><p size=12>x</p></item>", "attribute \"size\" is not quoted"),
        ("<item><g:id>3</g:id><g:title>Kanna</g:title", "</g:title does not end with >"),
        ("<item><g:id>3</g:id><g:title><![CDATA[Kanna</g:title></item>", "<![CDATA[ … ]]> is not closed"),
        ("<item><g:id>3</g:id><!-- Kanna</item>", "a comment <!-- … --> is not closed"),
        ("<item><g:title>Kanna</g:titel><g:id>3</g:id></item>", "</g:titel> closes nothing"),
        ("<item size=\"1\"2\"><g:id>3</g:id></item>", "a quote stands within"),
    ] {
        let read = with(broken);
        assert_eq!(skus(&read), ["1", "2", "4", "5"], "{broken}");
        assert_eq!(read.delivery().rows, 5, "{broken}");
        let error = read.errors()[0];
        assert_eq!((error.row, error.sku.as_deref()), (3, Some("3")), "{broken}");
        let RowProblem::IllFormed { first_line, last_line, reason: told } = &error.problem else {
            panic!("{error}")
        };
        assert!(told.contains(reason), "{told} for {broken}");
        assert!(*first_line == 4 && (4..=5).contains(last_line), "{error}");
    }
}

#[test]
fn a_section_without_end_does_not_take_the_next_items_with_it() {
    let open = |n: u32| format!("<item><g:id>{n}</g:id><g:title><![CDATA[Kanna {n}</g:title></item>\n");
    let whole = |n: u32| format!("<item><g:id>{n}</g:id><g:title><![CDATA[Kanna {n}]]></g:title></item>\n");
    let text = format!("<rss><channel>{}{}{}{}</channel></rss>", open(1), whole(2), open(3), whole(4));
    let read = read_bytes(text.as_bytes(), &google());
    assert_eq!(skus(&read), ["2", "4"]);
    let lost: Vec<_> = read.errors().iter().map(|e| e.sku.clone().unwrap()).collect();
    assert_eq!(lost, ["1", "3"]);
    // A comment that holds an item is a comment.
    let text = format!("<rss><channel>{}<!-- {} -->{}</channel></rss>", whole(1), whole(2), whole(3));
    assert_eq!(read_bytes(text.as_bytes(), &google()).delivery().rows, 2);
}

#[test]
fn what_can_only_be_meant_in_one_way_is_read_so_and_told() {
    for (broken, title, kind) in [
        ("Salt & peppar", "Salt & peppar", "ampersand"),
        ("Salt &och; peppar", "Salt &och; peppar", "ampersand"),
        ("Vikt <5 kg", "Vikt <5 kg", "markup"),
        ("a < b", "a < b", "markup"),
        ("Kanna <3", "Kanna <3", "markup"),
        ("Kan\u{2}na\u{1}", "Kanna", "markup"),
        ("<p a=\"1\" a=\"2\">Kanna</p>x", "Kanna x", "markup"),
        ("Kanna<br>röd", "Kanna röd", "markup"),
        ("Kanna<br><hr>röd <b>stor</b>", "Kanna röd stor", "markup"),
    ] {
        let read = with(&format!("<item><g:id>3</g:id><g:title>{broken}</g:title></item>"));
        assert_eq!(read.delivery().products, 5, "{broken}");
        let read_title = read.values("3").title.clone().unwrap();
        assert_eq!(read_title.split_whitespace().collect::<Vec<_>>().join(" "), title);
        let warned: Vec<_> = read.warnings().iter().map(|w| (w.row, w.problem.kind())).collect();
        assert_eq!(warned, [(3, kind)], "{broken}");
    }
}

#[test]
fn faults_around_items_lose_none_and_are_noted_by_line() {
    let item = "<item><g:id>1</g:id><g:title>Kanna</g:title></item>";
    for (text, note) in [
        (format!("<rss><channel>\n</x>{item}</channel></rss>"), "line 2: </x> closes nothing"),
        (format!("<rss><channel><open>{item}\n</channel></rss>"), "<open> of line 1 is not closed"),
        (format!("<rss>{item}</rss>\n<rss/>"), "line 2: a second root element begins; it is read on"),
        (
            format!("Warning: session_start()\n<?xml version='1.0'?><rss>{item}</rss>"),
            "line 1: \"Warning: session_start()\" stands outside the root element",
        ),
        (
            format!("\n\n<?xml version='1.0'?><rss>{item}<a b=c></rss>"),
            "line 3: the value of attribute \"b\"",
        ),
    ] {
        let read = read_bytes(text.as_bytes(), &google());
        assert_eq!(read.delivery().products, 1, "{text}");
        assert!(read.delivery().notes.iter().any(|told| told.contains(note)), "{:?}", read.delivery().notes);
    }
    let well = read_bytes(format!("<?xml version='1.0'?><rss>{item}</rss>").as_bytes(), &google());
    assert!(well.delivery().notes.is_empty());
    // Two documents one after the other are both read.
    let twice = format!("<rss>{item}</rss><rss>{}</rss>", item.replace('1', "2"));
    assert_eq!(read_bytes(twice.as_bytes(), &google()).delivery().products, 2);
}

#[test]
fn an_end_without_its_beginning_is_a_lost_item() {
    let read = with("<g:id>3</g:id><g:title>Kanna</g:title></item>");
    assert_eq!(skus(&read), ["1", "2", "4", "5"]);
    assert_eq!(read.delivery().rejected, 1);
    assert!(read.errors()[0].to_string().contains("line 4: </item> closes nothing"), "{}", read.errors()[0]);
}

#[test]
fn a_cut_off_document_gives_what_stands_before() {
    let text = "<rss>\n<channel>\n<item><g:id>1</g:id><title>a</title></item>\n<item><g:id>2</g:id><title>b";
    let read = read_bytes(text.as_bytes(), &google());
    assert_eq!(skus(&read), ["1"]);
    assert_eq!(read.errors()[0].sku.as_deref(), Some("2"));
    assert!(read.problem().contains("not well-formed at line 4"), "{}", read.problem());
    for cut in ["<rss><channel><item><g:id>1</g:id>", "<rss><channel>", "<rss><channel><item><g:id>1"] {
        assert!(read_bytes(cut.as_bytes(), &google()).problem().contains("not well-formed"), "{cut}");
    }
    // A number that is cut off is no number.
    let read = read_bytes(b"<rss><item><g:title>x</g:title><g:id>123", &google());
    assert_eq!(read.errors()[0].sku, None);
}

#[test]
fn sections_without_end_do_not_cost_time_without_end() {
    let mut text = "<rss><channel>".to_owned();
    for n in 0..2_000 {
        text.push_str(&format!("<item><g:id>{n}</g:id><g:title><![CDATA[Kanna</g:title></item>\n"));
    }
    let read = read_bytes(text.as_bytes(), &google());
    assert!(read.problem().contains("without end"), "{}", read.problem());
    let nested = "<r>".to_owned() + &"<product><name>a<b>".repeat(5_000) + "</r>";
    let config =
        config("format = { type = 'xml', rows = 'r/product' }\nfields = { sku = 'id', title = 'name' }");
    let read = read_bytes(nested.as_bytes(), &config);
    assert_eq!(read.delivery().rejected, 5_000);
}

#[test]
fn sections_within_sections_do_not_cost_time_without_end() {
    let product = "<product><id>1</id><name>Kanna</name></product>";
    let config =
        config("format = { type = 'xml', rows = 'r/product' }\nfields = { sku = 'id', title = 'name' }");
    let comments = format!("<r>{}{product}-->{product}</r>", "<!-- ".repeat(200_000));
    let read = read_bytes(comments.as_bytes(), &config);
    assert_eq!((read.delivery().products, read.delivery().rejected), (1, 0));
    assert!(read.delivery().notes.iter().any(|note| note.contains("is not closed")));
    let sections = "<![CDATA[ ".repeat(100_000);
    let text = format!("<r><product><id>2</id><name>{sections}{product}]]></name></product>{product}</r>");
    let read = read_bytes(text.as_bytes(), &config);
    assert_eq!(skus(&read), ["1"]);
    assert_eq!(read.errors()[0].sku.as_deref(), Some("2"));
}

#[test]
fn a_tag_of_countless_attributes_costs_its_item_and_no_time() {
    let attributes: String = (0..50_000).map(|n| format!(" a{n}='1'")).collect();
    let read = with(&format!("<item><g:id>3</g:id><p{attributes}>x</p></item>"));
    assert_eq!(skus(&read), ["1", "2", "4", "5"]);
    assert_eq!(
        (read.errors()[0].sku.as_deref(), read.errors()[0].problem.kind()),
        (Some("3"), "too-many-parts")
    );
    let text = format!("<rss\n{attributes}><item><g:id>1</g:id><g:title>Kanna</g:title></item></rss>");
    let read = read_bytes(text.as_bytes(), &google());
    assert_eq!(skus(&read), ["1"]);
    assert_eq!(read.delivery().notes, ["line 1: <rss> has more than 1000 attributes; the rest is not read"]);
}

#[test]
fn an_item_that_nests_too_deep_is_lost_alone() {
    let deep = |n: usize| "<b>".repeat(n) + &"</b>".repeat(n);
    let unclosed = "<b>".repeat(200);
    for broken in [
        format!("<item><x>{}</x><g:id>3</g:id></item>", deep(200)),
        format!("<item><g:id>3</g:id><x>{}</x></item>", deep(100_000)),
        format!("<item><g:id>3</g:id><x>{unclosed}</x></item>"),
        format!("<item><g:id>3</g:id>{unclosed}"),
    ] {
        let read = with(&broken);
        assert_eq!(skus(&read), ["1", "2", "4", "5"]);
        assert_eq!(read.delivery().rows, 5);
        let error = read.errors()[0];
        assert_eq!(error.sku.as_deref(), Some("3"));
        assert!(error.to_string().contains("line 4: elements nest deeper than 100"), "{error}");
    }
    // Where rows may hold rows, the next one is still found.
    let config =
        config("format = { type = 'xml', rows = 'r/product' }\nfields = { sku = 'id', title = 'name' }");
    for broken in [deep(200) + "</product>", unclosed.clone() + "</product>", unclosed] {
        let product = "<product><id>1</id><name>Kanna</name></product>";
        let text = format!("<r><product><id>2</id>{broken}{product}</r>");
        let read = read_bytes(text.as_bytes(), &config);
        assert_eq!(skus(&read), ["1"]);
        assert_eq!((read.delivery().rejected, read.errors()[0].sku.as_deref()), (1, Some("2")));
    }
}

#[test]
fn an_item_larger_than_allowed_ends_the_delivery() {
    let limits = Limits { row_bytes: 1 << 20, ..Limits::default() };
    let text = format!(
        "<rss><item><g:id>1</g:id><title>a</title></item><item><g:id>2</g:id><title>{}</title></item></rss>",
        "x".repeat(3 << 20)
    );
    let read = read_with(file_of(text.as_bytes()).path(), &google(), &context(), &limits);
    assert_eq!(skus(&read), ["1"]);
    assert!(matches!(read.end, Err(FeedProblem::RowTooLarge { row: 2, .. })), "{:?}", read.end);
    let large = format!("<rss><item><g:id>2</g:id><title>{}</title></item></rss>", "x".repeat(3 << 20));
    let read = read_bytes(large.as_bytes(), &google());
    assert_eq!(read.errors()[0].problem.kind(), "too-large");
}

#[test]
fn inclusions_and_instructions_are_inert() {
    let text = r#"<?xml version="1.0"?><?xml-stylesheet href="http://nowhere.example/x.xsl"?><rss xmlns:xi="http://www.w3.org/2001/XInclude">
        <item><g:id>1</g:id><g:title>Kanna<?php system("x") ?></g:title><xi:include href="file:///etc/passwd" parse="text"/></item></rss>"#;
    let read = read_bytes(text.as_bytes(), &google());
    assert_eq!(read.values("1").title.as_deref(), Some("Kanna"));
    assert!(!format!("{:?}", read.rows).contains("root:"));
}
