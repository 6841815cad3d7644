//! What stands around a table's rows and between them: junk, headers again, totals, rows cut in pieces.

use berika_catalog::DeliveryKind;
use berika_feeds::Limits;

use crate::support::*;

const PLAIN: &str =
    "format.type = 'csv'\nfields = { sku = 'sku', title = 'title', price = 'price', attributes = '*' }";

fn read(text: &str) -> Read {
    read_bytes(text.as_bytes(), &config(PLAIN))
}

fn skus(read: &Read) -> Vec<&str> {
    read.products().iter().map(|p| p.key.sku.as_str()).collect()
}

fn faults(read: &Read) -> Vec<(u64, &'static str)> {
    read.errors().iter().map(|e| (e.row, e.problem.kind())).collect()
}

fn warned(read: &Read) -> Vec<(u64, &'static str)> {
    read.warnings().iter().map(|w| (w.row, w.problem.kind())).collect()
}

#[test]
fn a_header_in_row_7_is_found() {
    let text = "Firman AB;;\nStorgatan 1, 123 45 Staden;;\n;;\nPrislista;2026-11-01;\nKontakt:;info@example.se;\n\
                Alla priser i SEK;;\nsku;title;price\n1;Ett;12,50\n2;Två;9,00\n";
    let found = read(text);
    assert_eq!((skus(&found), found.delivery().header_row), (vec!["1", "2"], Some(7)));
    assert_eq!(found.product("1").provenance["title"].row, 8);
    // By its shape alone, which the message about a renamed column needs.
    let renamed = "format.type = 'csv'\nfields = { sku = 'Art.nr' }";
    let renamed = read_bytes(text.replace("sku", "Artnr").as_bytes(), &config(renamed));
    assert!(renamed.problem().ends_with("rename it to \"Artnr\"?"), "{}", renamed.problem());
}

#[test]
fn headers_below_the_header_and_in_the_middle_are_no_products() {
    let found = read(
        "sku;title;price;weight\nart_no;name;price_sek;net_weight\n;;SEK;kg\n1;Ett;12,50;1,5\n2;Två;9,00;2\n\
         3;Tre;8,00;3\nSKU;Title;Price;Weight\n4;Fyra;7,00;4\n",
    );
    assert_eq!(skus(&found), ["1", "2", "3", "4"]);
    assert_eq!(faults(&found), [(2, "header"), (3, "header"), (7, "header")]);
}

#[test]
fn totals_and_end_marks_are_no_products() {
    for closing in [
        "Summa;;;1 234,00\n",
        "Total;;;1234\n\n;;;\n",
        ";;Totalt:;1 234,00 kr\n",
        "Antal artiklar: 300\n",
        "300 artiklar\n",
        "*** End of file ***\n",
        "EOF",
        "Summe;;;9,99",
        "I alt;;;9,99",
    ] {
        let found = read(&format!("sku;title;text;price\n1;Ett;x;12,50\n2;Två;y;9,00\n{closing}"));
        assert_eq!((skus(&found), faults(&found)), (vec!["1", "2"], vec![(4, "closing")]), "{closing}");
    }
    let two = read("sku;title;text;price\n1;Ett;x;12,50\nSumma;;;12,50\nAntal: 1;;;\n");
    assert_eq!(faults(&two), [(3, "closing"), (4, "closing")]);
}

#[test]
fn a_product_called_total_is_a_product() {
    let found = read(
        "sku;title;text;price\nTOTAL;Total 5W-40;Motorolja;99,00\n1;Total;;9,00\nSumma;Brädspel;;199,00\n\
         end-1;Ändstycke;;5,00\n",
    );
    assert_eq!(skus(&found), ["TOTAL", "1", "Summa", "end-1"]);
    let delta = berika_feeds::DeliveryContext { kind: DeliveryKind::Delta, ..context() };
    let prices = config("format.type = 'csv'\nfields = { sku = 'sku', price = 'price' }");
    let file = file_of(b"sku;price;x\nTotal;9,90;\nEND-100;1,00;\n1;2,00;\nSumma;12,90;\n");
    let found = read_with(file.path(), &prices, &delta, &Limits::default());
    assert_eq!((skus(&found), faults(&found)), (vec!["Total", "END-100", "1"], vec![(5, "closing")]));
}

#[test]
fn rows_without_their_last_cells_are_padded() {
    let found = read("sku;title;price;a;b\n1;Ett;12,50;x;y\n2;Två;9,00\n3;Tre;8,00;z\n4\n5;Fem;1,00;;\n");
    assert_eq!(skus(&found), ["1", "2", "3", "5"]);
    assert_eq!(warned(&found), [(3, "padded"), (4, "padded")]);
    assert_eq!(faults(&found), [(5, "ragged")]);
}

#[test]
fn a_row_that_a_line_break_cut_in_two_is_not_padded() {
    let found = read("sku;title;price\n1;Ett;12,50\n2;Två\ndelar;9,00\n3;Tre;8,00\n4;Fyr");
    assert_eq!(skus(&found), ["1", "3"]);
    assert_eq!(faults(&found), [(3, "ragged"), (4, "ragged"), (6, "ragged")]);
}

#[test]
fn too_many_cells_are_refused_unless_blank() {
    let found = read("sku;title;price\n1;Ett;12,50;;\n2;Två;del;9,00\n");
    assert_eq!((skus(&found), faults(&found)), (vec!["1"], vec![(3, "ragged")]));
}

#[test]
fn a_quote_never_closed_costs_its_own_row() {
    let rows =
        |from: u32, to: u32| -> String { (from..to).map(|n| format!("{n};\"Vara {n}\";{n},00\n")).collect() };
    let before = format!("sku;title;price\n{}", rows(1, 4));
    for broken in ["x;\"Bruten;9,00\n", "x;\"Bruten\nrad;9,00\n", "x;\"Bruten ''rad;9,00\n"] {
        let found = read(&format!("{before}{broken}{}", rows(4, 9)));
        assert_eq!(skus(&found), ["1", "2", "3", "4", "5", "6", "7", "8"], "{broken}");
        assert_eq!(faults(&found), [(5, "unclosed-quote")], "{broken}");
        let last = 4 + broken.lines().count();
        assert!(found.errors()[0].to_string().contains(&format!("lines 5 to {last} is lost")), "{broken}");
    }
    // The quote of another row closes it, and the cells are as many as they should be.
    let found = read("sku;title;price;a;b\n1;Ett;1;x;y\n2;\"Två;2;x;y\n3;Tre 5\";3;x;y\n4;\"Fyra\";4;x;y\n");
    assert_eq!((skus(&found), faults(&found)), (vec!["1", "3", "4"], vec![(3, "unclosed-quote")]));
    // Never closed to the end of the file, through more than is looked at.
    let many: String = (4..30_000).map(|n| format!("{n};Vara {n};{n},00\n")).collect();
    let found = read(&format!("{before}x;\"Bruten;9,00\n{many}"));
    assert_eq!((found.delivery().products, faults(&found)), (29_999, vec![(5, "unclosed-quote")]));
}

#[test]
fn texts_over_several_lines_stay_whole() {
    let text = "sku;title;price\n1;\"Rör\r\n5\"\" långt;\r\noch; brett\";9,00\n2;\"Två\n\n\";8,00\n\
                3;\"Rör 6\" långt\nsvart\";7,00\n";
    let found = read(text);
    assert_eq!(found.values("1").title.as_deref(), Some("Rör 5\" långt; och; brett"));
    assert_eq!(found.values("3").title.as_deref(), Some("Rör 6\" långt svart"));
    assert_eq!((skus(&found), warned(&found)), (vec!["1", "2", "3"], vec![(4, "quotes")]));
}

#[test]
fn stray_quotes_are_text() {
    let found = read(
        "sku;title;price\n1;Rör 5\" x 7\";9,00\n2;\"Rör 5\" x 7 mm\";8,00\n3;'n Beetje;7,00\n4;\"x\" y;1\n",
    );
    let titles: Vec<_> = found.products().iter().map(|p| p.values.title.clone().unwrap()).collect();
    assert_eq!(titles, ["Rör 5\" x 7\"", "Rör 5\" x 7 mm", "'n Beetje", "x y"]);
    assert_eq!(warned(&found), [(3, "quotes"), (5, "quotes")]);
}

#[test]
fn quotes_of_every_kind_are_told() {
    for (text, quotes) in [
        ("sku;title\n1;\"a;\"\"b\"\"\"\n", "double"),
        ("sku;title\n1;\"a;\\\"b\\\"\"\n2;\"c\"\n", "double, with backslash"),
        ("sku;title\n1;'a;\"b\"'\n2;'c'\n", "single"),
    ] {
        let read = read_bytes(
            text.as_bytes(),
            &config("format.type = 'csv'\nfields = { sku = 'sku', title = 'title' }"),
        );
        assert_eq!(read.values("1").title.as_deref(), Some("a;\"b\""), "{text}");
        assert_eq!(read.delivery().quotes, Some(quotes));
    }
}

#[test]
fn article_numbers_that_became_dates_are_named() {
    let found = read(
        "sku;title;price\n1-1;Ett;1,00\n1 Feb;Två;2,00\n01-feb;Tre;3,00\n2-maj;Fyra;4,00\nfeb-26;Fem;5,00\n\
                      2026-02-01;Sex;6,00\nMAJ-1;Sju;7,00\n5-2;Åtta;8,00\n",
    );
    assert_eq!(found.delivery().products, 8);
    let dates: Vec<u64> = found.warnings().iter().map(|w| w.row).collect();
    assert_eq!(dates, [3, 4, 5, 6, 7]);
    assert!(found.warnings().iter().all(|w| w.problem.kind() == "date-sku" && w.field == "sku"));
    // Where most article numbers are dates, they are meant.
    let dated = read("sku;title\n2026-02-01;Ett\n2026-02-02;Två\n2026-02-03;Tre\n4;Fyra\n");
    assert!(dated.warnings().is_empty(), "{:?}", dated.warnings());
}

#[test]
fn the_delivery_says_how_it_was_read() {
    let found = read("sku;title;price\n1;Ett;9,00\n2;Två, tre;8,50\n3;Tre, fyra;7,50\n");
    let delivery = found.delivery();
    assert_eq!(
        delivery.delimiter_evidence.as_deref(),
        Some("3 columns in 3 of 3 rows, 3 of 3 mapped columns in the header")
    );
    assert_eq!((delivery.quotes, delivery.header_row), (Some("double"), Some(1)));
}

#[test]
fn a_quoted_cell_of_several_lines_is_no_row_without_a_key() {
    let config =
        config("[format]\ntype = 'csv'\n[fields]\nsku = 'Artikelnr'\ntitle = 'Namn'\nattributes = '*'");
    let read = read_bytes(b"Artikelnr|Namn|Mark|Vikt\nA-0|\"||\n|A\"||", &config);
    assert_eq!(read.delivery().rejected, 0, "{read:?}");
    assert_eq!(read.values("A-0").title.as_deref(), Some("|| |A"));
}
