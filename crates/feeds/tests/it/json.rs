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
    let trailing = read_bytes(br#"[{"id": "1", "name": {"sv": "x"}}] [1]"#, &json(""));
    assert!(trailing.problem().contains("not valid JSON"));
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
