//! Delimited text: dialects, encodings, damaged rows.

use crate::support::*;

const PLAIN: &str =
    "format.type = 'csv'\nfields = { sku = 'sku', title = 'title', price = 'price', attributes = '*' }";

#[test]
fn the_grocers_feed_is_read_whole() {
    let read = read_file(&fixture("nordmat.csv"), &demo_config("nordmat"));
    let delivery = read.delivery();
    assert_eq!((delivery.rows, delivery.products, delivery.rejected), (84, 82, 2));
    assert_eq!(delivery.encoding.as_deref(), Some("windows-1252"));
    assert_eq!((delivery.delimiter, delivery.columns.len()), (Some(';'), 12));

    let milk = read.values("NM-10001");
    assert_eq!(milk.title.as_deref(), Some("MELLANMJÖLK 1,5% 1L"));
    assert_eq!(milk.price.as_ref().unwrap().to_string(), "11.40 SEK");
    assert_eq!(milk.supplier_category, ["Mejeri", "Mjölk"]);
    assert_eq!(milk.best_before.unwrap().to_string(), "2026-12-02");
    assert_eq!(milk.attributes["Ursprung"], "Sverige");
    assert_eq!(milk.gtin.as_ref().unwrap().as_str(), "07352417011500");
    assert_eq!(read.product("NM-10001").provenance["price"].column.as_deref(), Some("Pris"));
    assert_eq!(read.product("NM-10001").provenance["price"].row, 2);

    let said: Vec<String> = read.errors().iter().map(ToString::to_string).collect();
    assert!(said.iter().any(|e| e.contains("\"Artikelnr\": the article number is missing")), "{said:?}");
    assert!(said.iter().any(|e| e.contains("\"NM-10214\": 3 cells where the header has 12")), "{said:?}");
    let warned: Vec<(&str, &str)> =
        read.warnings().iter().map(|w| (w.field.as_str(), w.problem.kind())).collect();
    assert_eq!(warned.iter().filter(|w| w.0 == "gtin").count(), 3, "{warned:?}");
    assert_eq!(warned.iter().filter(|w| w.0 == "price").count(), 2, "{warned:?}");
    assert_eq!(warned.len(), 5, "{:?}", read.warnings());
}

#[test]
fn dialects_are_found_by_themselves() {
    for text in [
        "sku;title;price\n1;Ett;12,50\n2;Två;9,00\n",
        "sku,title,price\n1,Ett,12.50\n2,Två,9.00\n",
        "sku\ttitle\tprice\r\n1\tEtt\t12,50\r\n2\tTvå\t9,00\r\n",
        "sku|title|price\n1|Ett|12.50\n2|Två|9.00\n",
        "sep=;\nsku;title;price\n1;Ett;12,50\n2;Två;9,00\n",
        "\u{feff}sku;title;price;\n1;\"Ett\";12,50;\n\n;;;\n2;Två;9,00;\n",
        "sku,title,price\n1,Ett,\"12,50\"\n2,Två,\"9,00\"\n",
    ] {
        let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let with_mark = [b"\xff\xfe".as_slice(), &utf16].concat();
        let (latin, _, _) = encoding_rs::WINDOWS_1252.encode(text.trim_start_matches('\u{feff}'));
        let zipped = gzip(text.as_bytes());
        let without_mark = if text.starts_with('\u{feff}') { with_mark.clone() } else { utf16 };
        for bytes in [text.as_bytes(), &with_mark, &without_mark, &latin, &zipped] {
            let read = read_bytes(bytes, &config(PLAIN));
            assert_eq!(read.delivery().rows, 2, "{text:?} {read:?}");
            assert_eq!(read.values("2").title.as_deref(), Some("Två"), "{text:?}");
            assert_eq!(read.values("1").price.as_ref().unwrap().to_string(), "12.50 SEK");
        }
    }
}

#[test]
fn one_bad_row_loses_no_other() {
    let huge = "x".repeat(10 << 20);
    let text = format!(
        "sku;title;price\n1;Ett;1\n2;{huge};2\n3;Tre\n4;Fy;ra;1\n5;Fem;1,00 SEK\n6\0;Sex;1\n7;S\0ju;1\n;Åtta;1\n9;;1\n"
    );
    let read = read_bytes(text.as_bytes(), &config(PLAIN));
    let delivery = read.delivery();
    assert_eq!((delivery.rows, delivery.products), (9, 4));
    let skus: Vec<&str> = read.products().iter().map(|p| p.key.sku.as_str()).collect();
    assert_eq!(skus, ["1", "3", "5", "7"]);
    assert_eq!(read.values("7").title.as_deref(), Some("Sju"));
    let kinds: Vec<_> = read.errors().iter().map(|e| (e.row, e.problem.kind())).collect();
    assert_eq!(kinds, [(3, "too-large"), (5, "ragged"), (7, "bad-sku"), (9, "no-sku"), (10, "nameless")]);
    assert!(read.errors()[0].to_string().len() < 300);
}

#[test]
fn a_quote_that_is_never_closed_tells_the_lines_it_took() {
    let text = "sku;title;price\n1;Ett;1\n2;\"Två tum;2\n3;Tre;3\n4;Fyra;4\n";
    let read = read_bytes(text.as_bytes(), &config(PLAIN));
    let skus: Vec<&str> = read.products().iter().map(|p| p.key.sku.as_str()).collect();
    assert_eq!(skus, ["1", "3", "4"]);
    assert_eq!((read.delivery().rows, read.product("4").provenance["title"].row), (4, 5));
    let said = read.errors()[0].to_string();
    assert!(said.starts_with("row 3, column \"sku\", value \"2\": a quote"), "{said}");
    assert!(said.contains("lines 3 to 3"), "{said}");
    assert_eq!(read.errors()[0].sku.as_deref(), Some("2"));
}

#[test]
fn an_article_number_that_a_spreadsheet_rounded_is_named_and_kept() {
    let keys = ["1,23E+12", "4.5E+05", "1E+12", "12E5", "A1E+12", "1234E+12", "1,23"];
    let rows: String = keys.iter().map(|key| format!("{key};Kanna;1\n")).collect();
    let read = read_bytes(format!("sku;title;price\n{rows}").as_bytes(), &config(PLAIN));
    let rows: String =
        keys.iter().map(|key| format!("{{\"sku\": \"{key}\", \"title\": \"Kanna\"}}")).collect();
    let json = read_bytes(rows.as_bytes(), &config(&PLAIN.replace("'csv'", "'jsonl'")));
    let text = |value: &str| format!("<c t=\"inlineStr\"><is><t>{value}</t></is></c>");
    let row = |key: &str, rest: &str| {
        format!("<row>{}{}{}</row>", text(key), text(rest), text(if rest == "title" { "price" } else { "1" }))
    };
    let cells = row("sku", "title") + &keys.map(|key| row(key, "Kanna")).concat();
    let book = crate::xlsx::workbook(&cells, false);
    let xlsx = read_bytes(&book, &config(&PLAIN.replace("'csv'", "'xlsx'")));
    for read in [read, json, xlsx] {
        assert_eq!(read.delivery().products, 7);
        let warned = read.warnings().into_iter().filter(|w| w.problem.kind() == "rounded-sku");
        let warned: Vec<_> = warned.filter_map(|w| w.value.as_deref()).collect();
        assert_eq!(warned, keys[..3]);
    }
}

/// Each such line is looked at as far as its quote reaches: the delivery as a whole has a budget for that.
#[test]
fn quotes_that_are_never_closed_do_not_cost_time_without_end() {
    let good: String = (0..2_000).map(|row| format!("{row};Kanna;1\n")).collect();
    let lost = |line: &str| format!("sku;title;price\n{good}{}", line.repeat(60_000));
    let started = std::time::Instant::now();
    for (line, least) in [("a;\"b\n", 2_000), ("a;\"b;1\nb;Fat;2\n", 2_000)] {
        let read = read_bytes(lost(line).as_bytes(), &config(PLAIN));
        assert!(read.delivery().products >= least, "{}", read.delivery().products);
    }
    assert!(started.elapsed() < std::time::Duration::from_secs(30), "{:?}", started.elapsed());
}

#[test]
fn the_columns_of_a_spreadsheet_export_are_unwrapped() {
    let text = "sku,title,gtin,title,n\n=\"0012\",Kanna,36000291452,Bild,#N/A\n";
    let mapped = "format.type = 'csv'\n\
                  fields = { sku = 'sku', title = 'title', gtin = 'gtin', mpn = 'n', attributes = ['title (2)'] }";
    let read = read_bytes(text.as_bytes(), &config(mapped));
    let jug = read.values("0012");
    assert_eq!(jug.gtin.as_ref().unwrap().as_str(), "00036000291452");
    assert_eq!(jug.attributes["title (2)"], "Bild");
    assert_eq!((jug.mpn.as_deref(), read.warnings()[0].problem.kind()), (None, "error-cell"));
}

#[test]
fn rows_above_the_header_are_skipped() {
    let text = "Prislista 2026;;\nutskriven 1 nov;;\nsku;title;price\n1;Ett;1,00\n";
    let below = "format = { type = 'csv', header_row = 3 }\nfields = { sku = 'sku', title = 'title' }";
    let read = read_bytes(text.as_bytes(), &config(below));
    assert_eq!(read.product("1").provenance["title"].row, 4);
}
