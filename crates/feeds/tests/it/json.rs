//! JSON documents and JSON lines.

use std::ops::ControlFlow;

use berika_feeds::Limits;

use crate::support::*;

const MAPPED: &str =
    "fields = { sku = 'id', title = 'name.sv', price = 'price', images = 'media.url', attributes = 'facts' }";

fn json(extra: &str) -> berika_feeds::FeedConfig {
    config(&format!("format = {{ type = 'json'{extra} }}\n{MAPPED}"))
}

#[test]
fn the_packed_document_of_the_demo_is_read_whole() {
    let packed = read_file(&fixture("brightfield.json.gz"), &demo_config("brightfield"));
    let plain = read_file(&fixture("brightfield.json"), &demo_config("brightfield"));
    for read in [&packed, &plain] {
        assert_eq!((read.delivery().rows, read.delivery().products), (60, 60));
    }
    let spray = packed.values("BF-1001");
    assert_eq!(spray.brand.as_deref(), Some("Sparrow & Finch"));
    assert_eq!(spray.supplier_category, ["Household", "Cleaning"]);
    assert_eq!(spray.price.as_ref().unwrap().to_string(), "2.15 EUR");
    assert_eq!(spray.attributes["Capacity"], "750 ml");
    assert_eq!(spray.images.len(), 2);
    assert!(!spray.description.as_ref().unwrap().contains('<'));
    assert_eq!(packed.product("BF-1001").provenance["description"].rule.as_deref(), Some("html"));
    let gtins: Vec<_> =
        packed.warnings().iter().filter(|w| w.field == "gtin").map(|w| w.problem.to_string()).collect();
    assert_eq!(gtins.len(), 2, "{gtins:?}");
    assert!(gtins.iter().any(|w| w.contains("scientific notation")), "{gtins:?}");
}

#[test]
fn paths_lead_through_objects_and_lists() {
    let text = r#"{"meta": {"count": 1}, "data": {"it/ems": [
        {"id": 17, "name": {"sv": "Kanna"}, "price": 1.234, "media": [{"url": "https://a/1.jpg"}, {"url": "https://a/2.jpg"}],
         "facts": [{"name": "Färg", "value": "Röd"}, {"name": "Färg", "value": "Blå"}, {"name": "Volym", "value": 1.5}]},
        {"id": "18", "name": {"sv": "Fat"}, "price": "1,234", "facts": {"Mått": {"Höjd": "2 cm"}, "Ekologisk": true}}]}}"#;
    let read = read_bytes(text.as_bytes(), &json(", records = '/data/it~1ems', decimal_comma = true"));
    assert_eq!(read.delivery().products, 2);
    let jug = read.values("17");
    assert_eq!(jug.price.as_ref().unwrap().amount.to_string(), "1.234");
    assert_eq!(jug.images, ["https://a/1.jpg", "https://a/2.jpg"]);
    assert_eq!((&*jug.attributes["Färg"], &*jug.attributes["Volym"]), ("Röd, Blå", "1.5"));
    let plate = read.values("18");
    assert_eq!(plate.price.as_ref().unwrap().amount.to_string(), "1.234");
    assert_eq!((&*plate.attributes["Mått.Höjd"], &*plate.attributes["Ekologisk"]), ("2 cm", "true"));
}

#[test]
fn everything_unused_can_become_attributes() {
    let all = config(
        "format.type = 'json'\nfields = { sku = 'id', title = 't', price = 'p.amount', attributes = '*' }",
    );
    let read = read_bytes(
        br#"[{"id": "1", "t": "x", "p": {"amount": 5, "vat": 25}, "colour": "red", "n": null}]"#,
        &all,
    );
    let attributes: Vec<_> = read.values("1").attributes.iter().map(|(k, v)| format!("{k}={v}")).collect();
    assert_eq!(attributes, ["colour=red", "p.vat=25"]);
}

#[test]
fn a_path_that_no_item_has_is_told() {
    let read = read_bytes(br#"[{"id": "1", "name": {"sv": "x"}}]"#, &json(""));
    assert_eq!(read.delivery().unseen, ["price", "media.url"]);
}

#[test]
fn elements_that_are_no_products_lose_only_themselves() {
    let read = read_bytes(br#"[{"id": "1", "name": {"sv": "x"}}, 5, null, {"name": {"sv": "y"}}, {"id": "2", "name": {"sv": "z"}}]"#, &json(""));
    assert_eq!((read.delivery().products, read.delivery().rejected), (2, 3));
}

#[test]
fn a_document_cut_off_gives_what_was_whole_and_says_where_it_ends() {
    let read = read_file(&fixture("broken/truncated.json"), &demo_config("brightfield"));
    assert_eq!(read.products().len(), 2);
    assert!(read.problem().contains("line 4"), "{}", read.problem());
    let trailing = read_bytes(br#"[{"id": "1", "name": {"sv": "x"}}] slut"#, &json(""));
    assert!(trailing.problem().contains("there is text behind the document"), "{}", trailing.problem());
    for cut in [
        r#"{"rows": [{"id": "1", "name": {"sv": "x"}}"#,
        r#"{"rows": [{"id": "1", "name": {"sv": "x"}}], "next": "a"#,
    ] {
        let read = read_bytes(cut.as_bytes(), &json(", records = '/rows'"));
        assert_eq!(read.products().len(), 1);
        assert!(read.problem().contains("the document ends within"), "{}", read.problem());
    }
}

#[test]
fn a_document_without_the_array_says_what_to_set() {
    for (text, extra) in [(r#"{"a": 1}"#, ""), (r#"{"a": 1}"#, ", records = '/products'"), ("7", "")] {
        let read = read_bytes(text.as_bytes(), &json(extra));
        assert!(read.problem().contains("format.records"), "{}", read.problem());
    }
    assert!(read_bytes(b"[]", &json("")).problem().contains("no rows"));
    assert!(read_bytes(b"[]", &json(", records = 'products'")).problem().contains("must begin with a slash"));
}

#[test]
fn a_bad_line_costs_itself_alone() {
    let lines = config(&format!("format.type = 'jsonl'\n{MAPPED}"));
    let text = format!(
        "{{\"id\": \"1\", \"name\": {{\"sv\": \"Ett\"}}}}\n\n{{\"id\": \n[1]\n{{\"id\": \"{}\"}}\n{{\"id\": \"2\", \"name\": {{\"sv\": \"Två\"}}}}",
        "9".repeat(3 << 20)
    );
    let limits = Limits { row_bytes: 1 << 20, ..Limits::default() };
    let read = read_with(file_of(text.as_bytes()).path(), &lines, &context(), &limits);
    assert_eq!(read.delivery().products, 2);
    let errors: Vec<_> = read.errors().iter().map(|e| (e.row, e.problem.kind())).collect();
    assert_eq!(errors, [(3, "not-json"), (4, "not-an-object"), (5, "too-large")]);
    assert!(read_bytes(b"[{}]", &lines).problem().contains("set format.type to \"json\""));
}

#[test]
fn an_element_over_the_cap_ends_the_delivery() {
    let text = format!(
        r#"{{"skipped": "{}", "rows": [{{"id": "1", "name": {{"sv": "x"}}}}, {{"id": "{}"}}]}}"#,
        "y".repeat(3 << 20),
        "9".repeat(3 << 20)
    );
    let limits = Limits { row_bytes: 1 << 20, ..Limits::default() };
    let read = read_with(file_of(text.as_bytes()).path(), &json(", records = '/rows'"), &context(), &limits);
    assert_eq!(read.products().len(), 1);
    assert!(read.problem().starts_with("row 2 is longer than"), "{}", read.problem());
}

#[test]
fn the_receiver_may_stop() {
    let text: String =
        (0..1000).map(|i| format!("{{\"id\": \"{i}\", \"name\": {{\"sv\": \"x\"}}}}\n")).collect();
    let lines = config(&format!("format.type = 'jsonl'\n{MAPPED}"));
    let array = format!("[{}]", text.trim_end().replace('\n', ","));
    for (bytes, config) in [(text.as_bytes(), &lines), (array.as_bytes(), &json(""))] {
        let mut rows = 0;
        let delivery =
            berika_feeds::read(file_of(bytes).path(), config, &context(), &Limits::default(), &mut |_| {
                rows += 1;
                if rows == 20 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            });
        let delivery = delivery.unwrap();
        assert!(delivery.stopped);
        assert_eq!((rows, delivery.rows), (20, 20));
    }
}

/// Each item that is named must be lost and no other.
fn lost(text: &str, extra: &str, products: &[&str], errors: &[(u64, &str)]) {
    let read = read_bytes(text.as_bytes(), &json(extra));
    let skus: Vec<_> = read.products().iter().map(|p| p.key.sku.as_str()).collect();
    assert_eq!(skus, products, "{text}");
    assert_eq!(read.delivery().rejected as usize, errors.len(), "{text}");
    for (error, (row, reason)) in read.errors().iter().zip(errors) {
        assert_eq!((error.row, error.problem.kind()), (*row, "not-json"), "{text}");
        assert!(error.problem.to_string().contains(reason), "{} {reason}", error.problem);
    }
}

#[test]
fn an_ill_formed_item_costs_itself_alone() {
    let with = |item: &str| {
        format!(
            "[{{\"id\": \"1\", \"name\": {{\"sv\": \"Ett\"}}}},\n{item},\n{{\"id\": \"3\", \"name\": {{\"sv\": \"Tre\"}}}}]"
        )
    };
    for (item, reason) in [
        (r#"{"id": "2", "name": {"sv": None}}"#, "line 2: \"None\" is no value"),
        (r#"{"id": "2", "name": {"sv": "Två"},}"#, "line 2: a name in quotes is missing"),
        (r#"{"id": "2" "name": {"sv": "Två"}}"#, "line 2: a comma or the closing brace is missing"),
        (
            r#"{"id": "2", "media": [{"url": 1}, "name": {"sv": "Två"}}"#,
            "line 2: a comma or the closing bracket",
        ),
        // What is missing here reaches into the next item, which is found by the name that it begins with.
        (r#"{"id": "2", "name": {"sv": "Två}}"#, "line 3:"),
        (r#"{"id": "2, "name": {"sv": "Två"}}"#, "line 2:"),
        (r#"{"id": "2", "name": {"sv": "Två"}"#, "line 3:"),
        (r#"{"id": "2", "name": {"sv": "Två"#, "line 3:"),
    ] {
        lost(&with(item), "", &["1", "3"], &[(2, reason)]);
        let minified = with(item).replace('\n', "");
        lost(&minified, "", &["1", "3"], &[(2, "line 1:")]);
        lost(
            &format!("{{\"rows\": {}, \"more\": true}}", with(item)),
            ", records = '/rows'",
            &["1", "3"],
            &[(2, "line")],
        );
    }
    lost(
        &with(r#"{"id": "2", "name": {"sv": "Två"}}}"#),
        "",
        &["1", "2", "3"],
        &[(3, "a closing bracket too many")],
    );
    lost(&with(r#"{"id": "2", "name": {"sv": "Två"}},"#), "", &["1", "2", "3"], &[]);
    let deep = format!(r#"{{"id": "2", "x": {}1{}}}"#, "[".repeat(1_000), "]".repeat(1_000));
    lost(&with(&deep), "", &["1", "3"], &[(2, "nests deeper than 100")]);
}

#[test]
fn an_inner_list_is_never_taken_for_items() {
    let text = r#"[{"id": "1", "name": {"sv": "Ett"}, "variants": [{"id": "1a"}, {"id": "1b"}]},
        {"id": "2, "name": {"sv": "Två"}, "variants": [{"id": "2a", "name": {"sv": "x"}}, {"id": "2b"}]}]"#;
    let read = read_bytes(text.as_bytes(), &json(""));
    assert_eq!(read.products().len(), 1);
    assert!(read.products().iter().all(|p| p.key.sku == "1"));
}

#[test]
fn what_leaves_no_doubt_is_repaired_and_told() {
    let text = "[{\"id\": \"1\", \"name\": {\"sv\": \"Ett\trör\"}, \"price\": NaN}, {\"id\": \"2\", \"name\": {\"sv\": \"Två\"}, \"price\": 5, \"price\": 6, \"id\": \"2\"}]";
    let read = read_bytes(text.as_bytes(), &json(""));
    assert_eq!(read.values("1").title.as_deref(), Some("Ett rör"));
    assert_eq!(read.values("2").price.as_ref().unwrap().to_string(), "5 SEK");
    let warned: Vec<_> = read.warnings().iter().map(|w| (w.row, w.problem.kind())).collect();
    assert_eq!(warned, [(1, "json"), (1, "json"), (2, "json")]);
}

#[test]
fn numbers_are_never_rounded() {
    let config = config(
        "format.type = 'json'\nfields = { sku = 'id', title = 't', gtin = 'g', price = 'p', attributes = ['n'] }",
    );
    let text = r#"[{"id": 12345678901234567890123, "t": "x", "g": 4006381333931, "p": 0.10, "n": 0.12345678901234567890123},
        {"id": 17.0, "t": "x", "g": 4.006381333931e12, "p": 1E3, "n": 1.50}]"#;
    let read = read_bytes(text.as_bytes(), &config);
    let first = read.values("12345678901234567890123");
    assert_eq!(first.price.as_ref().unwrap().to_string(), "0.10 SEK");
    assert_eq!(first.attributes["n"], "0.12345678901234567890123");
    let second = read.values("17");
    assert_eq!(second.gtin, first.gtin);
    assert_eq!(
        (second.price.as_ref().unwrap().to_string().as_str(), second.attributes["n"].as_str()),
        ("1000 SEK", "1.50")
    );
}

#[test]
fn the_members_of_an_object_are_items_with_a_key() {
    let config =
        config("format = { type = 'json', records = '/products' }\nfields = { sku = '@key', title = 't' }");
    let read = read_bytes(
        br#"{"products": {"A-1": {"t": "Ett"}, "A-2": {"t": }, "A-3": {"t": "Tre"}, "total": 3}}"#,
        &config,
    );
    assert_eq!(read.values("A-3").title.as_deref(), Some("Tre"));
    assert_eq!((read.delivery().products, read.delivery().rejected), (2, 2));
}

#[test]
fn a_star_leads_through_every_group() {
    let text = r#"{"groups": [{"name": "a", "products": [{"id": "1", "name": {"sv": "x"}}]}, {"name": "b"},
        {"products": [{"id": "2", "name": {"sv": "y"}}, {"id": "3", "name": {"sv": "z"}}]}]}"#;
    let read = read_bytes(text.as_bytes(), &json(", records = '/groups/*/products'"));
    assert_eq!(read.delivery().products, 3);
    let second = read_bytes(text.as_bytes(), &json(", records = '/groups/2/products'"));
    assert_eq!(second.delivery().products, 2);
}

#[test]
fn documents_one_behind_the_other_are_read_on() {
    let one = r#"{"id": "1", "name": {"sv": "Ett"}}"#;
    let two = one.replace("\"1\"", "\"2\"").replace(", ", ",\n  ");
    for text in
        [format!("{one}{two}"), format!("\u{feff}{one}\n\u{feff}{two}\n"), format!("[{one}]\n[{two}]")]
    {
        assert_eq!(read_bytes(text.as_bytes(), &json("")).delivery().products, 2, "{text}");
    }
    let lines = config(&format!("format.type = 'jsonl'\n{MAPPED}"));
    let text = format!(
        "\u{feff}{one}{}\r\n\u{feff}{}\n",
        one.replace("\"1\"", "\"2\""),
        one.replace("\"1\"", "\"3\"")
    );
    assert_eq!(read_bytes(text.as_bytes(), &lines).delivery().products, 3);
    let pretty = read_bytes(b"{\n  \"id\": \"1\"\n}\n", &lines);
    assert!(pretty.problem().contains("set format.type to \"json\""), "{}", pretty.problem());
}

#[test]
fn an_item_of_too_many_parts_is_lost_alone() {
    let zeros = format!("{}0", "0,".repeat(60_000));
    let many = format!("{{\"id\": 2, \"x\": [{zeros}]}}");
    let document = format!(
        "[{{\"id\": 1, \"name\": {{\"sv\": \"a\"}}}}, {many}, [{zeros}], {{\"id\": 4, \"name\": {{\"sv\": \"b\"}}}}]"
    );
    let several = "{}".repeat(60_000);
    let listed = format!(
        "{{\"id\": 1, \"name\": {{\"sv\": \"a\"}}}}\n{many}\n{several}\n{{\"id\": 4, \"name\": {{\"sv\": \"b\"}}}}\n"
    );
    let lines = config(&format!("format.type = 'jsonl'\n{MAPPED}"));
    for read in [read_bytes(document.as_bytes(), &json("")), read_bytes(listed.as_bytes(), &lines)] {
        assert_eq!(read.delivery().products, 2);
        let found: Vec<_> = read.errors().iter().map(|e| (e.row, e.problem.kind())).collect();
        assert_eq!(found, [(2, "too-many-parts"), (3, "too-many-parts")]);
    }
}

#[test]
fn a_page_behind_comments_is_one() {
    for before in [
        "<!-- v1 -->",
        "\u{feff}<!-- a > b -->\n<!--[if IE]><p><![endif]-->\n",
        "<?xml version='1.0'?><!---->",
    ] {
        let page = format!("{before}<!DOCTYPE html><html><head><title>Logga in</title></head></html>");
        let problem = read_bytes(page.as_bytes(), &json("")).problem();
        assert!(problem.contains("a web page titled \"Logga in\""), "{problem}");
    }
    assert!(!read_bytes(b"<!-- <html> --><rows/>", &json("")).problem().contains("a web page"));
    assert!(!read_bytes(b"<!-- <html>", &json("")).problem().contains("a web page"));
}

#[test]
fn a_page_for_people_is_told_from_json() {
    let page = b"\n<!DOCTYPE html><html><head><title>Logga in</title></head><body></body></html>";
    for kind in ["json", "jsonl"] {
        let config = config(&format!("format.type = '{kind}'\n{MAPPED}"));
        assert!(read_bytes(page, &config).problem().contains("a web page titled \"Logga in\""));
    }
}
