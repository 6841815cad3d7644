//! Deliveries that must be refused as a whole, each with a reason of its own.

use berika_catalog::DeliveryKind;
use berika_feeds::{FeedProblem, Limits};

use crate::support::*;

fn swedish() -> berika_feeds::FeedConfig {
    config(
        "format.type = 'csv'\nfields = { sku = 'Artikelnr', title = 'Benämning', gtin = 'EAN', price = 'Pris' }",
    )
}

fn plain() -> berika_feeds::FeedConfig {
    config("format.type = 'csv'\nfields = { sku = 'sku', title = 'title' }")
}

#[test]
fn files_without_rows_are_refused() {
    assert!(matches!(read_file(&fixture("broken/empty.csv"), &swedish()).end, Err(FeedProblem::Empty)));
    assert!(matches!(read_bytes(b"\xef\xbb\xbf \r\n", &swedish()).end, Err(FeedProblem::Empty)));
    assert!(matches!(read_bytes(&gzip(b""), &swedish()).end, Err(FeedProblem::Empty)));
    assert!(matches!(
        read_file(&fixture("broken/header_only.csv"), &swedish()).end,
        Err(FeedProblem::NoRows)
    ));
    let read = berika_feeds::read(
        std::path::Path::new("/nowhere/at/all.csv"),
        &swedish(),
        &context(),
        &Limits::default(),
        &mut |_| std::ops::ControlFlow::Continue(()),
    );
    let error = read.unwrap_err();
    assert_eq!(error.to_string(), "supplier test, file feed: cannot open the file");
    assert!(std::error::Error::source(&error).is_some());
}

#[test]
fn another_kind_of_file_is_named() {
    let page = read_file(&fixture("broken/html_instead.csv"), &swedish());
    assert!(page.problem().contains("a web page titled \"Logga in – Kundportal\""), "{}", page.problem());
    for (bytes, named) in
        [(b"%PDF-1.7".as_slice(), "PDF"), (b"\xd0\xcf\x11\xe0\xa1", ".xls"), (b"Rar!\x1a\x07", "rar archive")]
    {
        for format in ["csv", "json", "jsonl", "google", "bmecat"] {
            let config = config(&format!("format.type = '{format}'\nfields.sku = 'a'"));
            assert!(read_bytes(bytes, &config).problem().contains(named), "{format} {named}");
        }
    }
}

#[test]
fn a_changed_header_names_the_column_and_its_likeness() {
    let read = read_file(&fixture("broken/changed_header.csv"), &swedish());
    assert!(read.problem().contains("column \"Artikelnr\", mapped to sku"), "{}", read.problem());
    let renamed = read_bytes(
        "Artikelnummer;Titel\n1;x\n".as_bytes(),
        &config("format.type = 'csv'\nfields = { sku = 'Artikelnr', title = 'Titel' }"),
    );
    assert!(
        renamed.problem().ends_with("did the supplier rename it to \"Artikelnummer\"?"),
        "{}",
        renamed.problem()
    );
    let optional = config(
        "format.type = 'csv'\nfields = { sku = 'sku', title = 'title', brand = { from = 'brand', default = 'X' } }",
    );
    assert_eq!(read_bytes(b"sku;title\n1;x\n", &optional).values("1").brand.as_deref(), Some("X"));
    assert!(
        read_bytes(b"a;b\n1;2\n", &config("format.type = 'csv'")).problem().contains("fields.sku is not set")
    );
}

#[test]
fn entities_and_document_types_are_never_expanded() {
    for name in ["broken/billion_laughs.xml", "broken/external_entity.xml"] {
        for format in ["google", "bmecat"] {
            let read = read_file(&fixture(name), &config(&format!("format.type = '{format}'")));
            assert!(read.rows.is_empty());
            assert!(matches!(read.end, Err(FeedProblem::Doctype { .. })), "{name} {:?}", read.end);
        }
    }
}

#[test]
fn deep_xml_is_refused() {
    let deep = "<a>".repeat(200_000);
    let read = read_bytes(deep.as_bytes(), &config("format.type = 'google'"));
    assert!(matches!(read.end, Err(FeedProblem::TooDeep { .. })), "{:?}", read.end);
    let deep = format!("[{}", "[".repeat(200_000));
    assert!(
        read_bytes(deep.as_bytes(), &config("format.type = 'json'\nfields.sku = 'a'"))
            .problem()
            .contains("JSON")
    );
}

#[test]
fn ragged_rows_and_nul_bytes_lose_only_themselves() {
    let ragged = read_file(&fixture("broken/ragged.csv"), &swedish());
    let skus: Vec<_> = ragged.products().iter().map(|p| p.key.sku.as_str()).collect();
    assert_eq!(skus, ["R-1", "R-2", "R-4", "R-5", "R-7"]);
    assert_eq!(ragged.delivery().rejected, 2);
    let warned: Vec<_> = ragged.warnings().iter().map(|w| (w.row, w.problem.kind())).collect();
    assert_eq!(warned, [(3, "padded"), (6, "quotes")]);
    assert_eq!(ragged.values("R-5").title.as_deref(), Some("Slev; hålslev 2-pack"));

    let nul = read_file(&fixture("broken/nul_bytes.csv"), &swedish());
    assert!(nul.delivery().products >= 2, "{nul:?}");
    assert_eq!(
        nul.warnings().iter().filter(|w| w.problem.kind() == "nul").count(),
        1,
        "{:?}",
        nul.warnings()
    );
    assert_eq!(nul.delivery().rejected, 1);
}

#[test]
fn repeated_article_numbers_are_all_given_out() {
    let read = read_file(&fixture("broken/duplicate_skus.csv"), &swedish());
    assert_eq!(read.delivery().products, 7);
}

#[test]
fn caps_on_columns_rows_and_row_length_hold() {
    let header: Vec<String> = (0..5_000).map(|i| format!("c{i}")).collect();
    let row: Vec<String> = (0..5_000).map(|i| i.to_string()).collect();
    let wide = format!("sku;title;{}\n1;x;{}\n", header.join(";"), row.join(";"));
    let all = config("format.type = 'csv'\nfields = { sku = 'sku', title = 'title', attributes = '*' }");
    assert_eq!(read_bytes(wide.as_bytes(), &all).values("1").attributes.len(), 5_000);
    let limits = Limits { columns: 4_000, rows: 2, row_bytes: 1 << 20, ..Limits::default() };
    let with = |text: &str| read_with(file_of(text.as_bytes()).path(), &plain(), &context(), &limits);
    assert!(matches!(with(&wide).end, Err(FeedProblem::TooManyColumns { .. })));

    let many = with("sku;title\n1;a\n2;b\n3;c\n");
    assert_eq!(many.products().len(), 2);
    assert!(matches!(many.end, Err(FeedProblem::TooManyRows { limit: 2 })));

    let open = with(&format!("sku;title\n1;a\n2;\"b\n{}", "lång rad\n".repeat(300_000)));
    assert_eq!((open.products().len(), open.delivery().rejected), (1, 1));
    assert_eq!(open.errors()[0].problem.kind(), "unclosed-quote");
    let endless = with(&format!("sku;title\n1;a\n2;{}", "b".repeat(3 << 20)));
    assert_eq!(endless.products().len(), 1);
    assert!(matches!(endless.end, Err(FeedProblem::RowTooLarge { row: 3, .. })), "{:?}", endless.end);
}

#[test]
fn settings_that_mean_nothing_are_refused() {
    for (format, key) in [
        ("delimiter = 'ö'", "delimiter"),
        ("delimiter = '\"'", "delimiter"),
        ("encoding = 'klingon'", "encoding"),
        ("header_row = 0", "header_row"),
    ] {
        let config = config(&format!(
            "format = {{ type = 'csv', {format} }}\nfields = {{ sku = 'sku', title = 'title' }}"
        ));
        assert!(read_bytes(b"sku;title\n1;x\n", &config).problem().contains(key), "{format}");
    }
}

#[test]
fn a_row_of_a_delta_needs_a_key_alone() {
    let delta = berika_feeds::DeliveryContext { kind: DeliveryKind::Delta, ..context() };
    let prices = config("format.type = 'csv'\nfields = { sku = 'sku', price = 'price' }");
    let file = file_of(b"sku;price\n1;9,90\n2;\n");
    assert_eq!(read_with(file.path(), &prices, &delta, &Limits::default()).delivery().products, 2);
    assert_eq!(read_file(file.path(), &prices).delivery().products, 0);
}
