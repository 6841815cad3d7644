//! Workbooks: the demo's, and small ones written here part by part.

use std::io::Write;

use berika_feeds::{FeedProblem, Limits};
use zip::write::SimpleFileOptions;

use crate::support::*;

#[test]
fn the_toolshops_workbook_is_read_whole() {
    let read = read_file(&fixture("verktygslagret.xlsx"), &demo_config("verktygslagret"));
    let delivery = read.delivery();
    assert_eq!((delivery.rows, delivery.products), (60, 60));
    assert_eq!(delivery.sheet.as_deref(), Some("Artiklar"));
    let restored = read.product("430605");
    assert_eq!(restored.values.gtin.as_ref().unwrap().as_str(), "00064982002629");
    assert_eq!(restored.provenance["gtin"].rule.as_deref(), Some("leading zeros restored"));
    let warned: Vec<_> = read.warnings().iter().map(|w| (w.field.as_str(), w.problem.kind())).collect();
    assert_eq!(warned, [("gtin", "gtin"), ("gtin", "gtin-restored")], "{:?}", read.warnings());
    assert!(
        read.products().iter().all(|p| p.values.price.is_some() && !p.values.supplier_category.is_empty())
    );
}

/// What a small workbook is made of.
struct Book<'b> {
    /// What stands in `sheetData`.
    cells: &'b str,
    /// What stands behind it.
    behind: &'b str,
    date_1904: bool,
    /// The whole part of shared strings.
    strings: &'b str,
    /// Formats of the cell styles from 1 on.
    formats: &'b [&'b str],
}

const MAIN: &str = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"";

impl Default for Book<'_> {
    fn default() -> Self {
        Self { cells: "", behind: "", date_1904: false, strings: "<sst/>", formats: &["yyyy-mm-dd"] }
    }
}

impl Book<'_> {
    fn bytes(&self) -> Vec<u8> {
        const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
        let relation = |id: &str, kind: &str, target: &str| {
            format!("<Relationship Id=\"{id}\" Type=\"{RELATIONS}/{kind}\" Target=\"{target}\"/>")
        };
        let formats = self.formats.iter().enumerate();
        let codes = formats
            .clone()
            .map(|(at, code)| format!("<numFmt numFmtId=\"{}\" formatCode=\"{code}\"/>", 164 + at));
        let styles = formats.map(|(at, _)| format!("<xf numFmtId=\"{}\"/>", 164 + at));
        let parts = [
            ("[Content_Types].xml", "<Types/>".to_owned()),
            (
                "_rels/.rels",
                format!(
                    "<Relationships xmlns=\"{PACKAGE}\">{}</Relationships>",
                    relation("r1", "officeDocument", "xl/workbook.xml")
                ),
            ),
            (
                "xl/workbook.xml",
                format!(
                    "<workbook {MAIN} xmlns:r=\"{RELATIONS}\"><workbookPr date1904=\"{}\"/><sheets><sheet name=\"Dold\" sheetId=\"2\" state=\"hidden\" r:id=\"r2\"/><sheet name=\"Blad1\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>",
                    u8::from(self.date_1904)
                ),
            ),
            (
                "xl/_rels/workbook.xml.rels",
                format!(
                    "<Relationships xmlns=\"{PACKAGE}\">{}{}{}{}</Relationships>",
                    relation("r1", "worksheet", "worksheets/sheet1.xml"),
                    relation("r2", "worksheet", "/xl/worksheets/sheet2.xml"),
                    relation("r3", "styles", "styles.xml"),
                    relation("r4", "sharedStrings", "sharedStrings.xml"),
                ),
            ),
            (
                "xl/styles.xml",
                format!(
                    "<styleSheet {MAIN}><numFmts>{}</numFmts><cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs><cellXfs><xf numFmtId=\"0\"/>{}</cellXfs></styleSheet>",
                    codes.collect::<String>(),
                    styles.collect::<String>()
                ),
            ),
            ("xl/sharedStrings.xml", self.strings.to_owned()),
            (
                "xl/worksheets/sheet1.xml",
                format!("<worksheet {MAIN}><sheetData>{}</sheetData>{}</worksheet>", self.cells, self.behind),
            ),
            (
                "xl/worksheets/sheet2.xml",
                format!(
                    "<worksheet {MAIN}><sheetData>{}</sheetData></worksheet>",
                    table(&[&["sku", "title", "gtin", "date", "price"], &["9", "Dold", "", "", ""]])
                ),
            ),
        ];
        let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for (name, text) in parts {
            archive.start_file(name, SimpleFileOptions::default()).unwrap();
            archive.write_all(text.as_bytes()).unwrap();
        }
        archive.finish().unwrap().into_inner()
    }
}

pub(crate) fn workbook(cells: &str, date_1904: bool) -> Vec<u8> {
    Book { cells, date_1904, ..Book::default() }.bytes()
}

/// Rows of texts, from row 1 and column A on; blank texts have no cell.
fn table(rows: &[&[&str]]) -> String {
    let mut cells = String::new();
    for (number, row) in rows.iter().enumerate().map(|(at, row)| (at + 1, row)) {
        cells += &format!("<row r=\"{number}\">");
        for (column, value) in ('A'..='Z').zip(row.iter()).filter(|(_, value)| !value.is_empty()) {
            cells += &text(&format!("{column}{number}"), value);
        }
        cells += "</row>";
    }
    cells
}

fn text(at: &str, value: &str) -> String {
    format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{value}</t></is></c>")
}

fn header() -> String {
    let names = [("A1", "sku"), ("B1", "title"), ("C1", "gtin"), ("D1", "date"), ("E1", "price")];
    format!("<row r=\"1\">{}</row>", names.map(|(at, name)| text(at, name)).concat())
}

fn mapped() -> berika_feeds::FeedConfig {
    config(
        "format.type = 'xlsx'\nfields = { sku = 'sku', title = 'title', gtin = 'gtin', best_before = 'date', price = 'price' }",
    )
}

#[test]
fn numbers_dates_and_errors_are_read_as_shown() {
    let row = |serial: u32| {
        format!(
            "{}<row r=\"3\"><c r=\"A3\"><v>1001</v></c>{}<c r=\"C3\"><v>4006381333931</v></c><c r=\"D3\" s=\"1\"><v>{serial}</v></c><c r=\"E3\"><v>0.30000000000000004</v></c></row>\
             <row r=\"4\"><c r=\"A4\"><v>1002</v></c>{}<c r=\"C4\" t=\"e\"><v>#N/A</v></c><c r=\"D4\"><v>{serial}</v></c></row>",
            header(),
            text("B3", "Kanna"),
            text("B4", "Fat")
        )
    };
    for (date_1904, serial) in [(false, 46356), (true, 46356 - 1462)] {
        let read = read_bytes(&workbook(&row(serial), date_1904), &mapped());
        assert_eq!(read.delivery().sheet.as_deref(), Some("Blad1"));
        let jug = read.values("1001");
        assert_eq!(jug.gtin.as_ref().unwrap().as_str(), "04006381333931");
        assert_eq!(jug.best_before.unwrap().to_string(), "2026-11-30", "1904: {date_1904}");
        assert_eq!(jug.price.as_ref().unwrap().to_string(), "0.3 SEK");
        assert_eq!(read.product("1001").provenance["title"].row, 3);
        assert_eq!(read.warnings()[0].problem.kind(), "error-cell");
    }
}

#[test]
fn cells_far_apart_cost_nothing() {
    let far = format!("{}<row r=\"1048576\">{}</row>", header(), text("XFD1048576", "långt bort"));
    let read = read_bytes(&workbook(&far, false), &mapped());
    assert_eq!(read.errors()[0].problem.kind(), "outside-table");
    assert_eq!(read.errors()[0].row, 1_048_576);
    let fixture = read_file(&fixture("broken/far_cells.xlsx"), &mapped());
    assert!(fixture.problem().contains("\"sku\""), "{}", fixture.problem());
}

#[test]
fn what_is_no_workbook_is_named() {
    assert!(read_file(&fixture("broken/not_a_zip.xlsx"), &mapped()).problem().contains("no zip archive"));
    assert!(read_bytes(b"<html><title>Logga in</title>", &mapped()).problem().contains("Logga in"));
    assert!(read_bytes(b"PK\x03\x04rubbish", &mapped()).problem().contains("zip file is cut off or damaged"));
    let whole = workbook(&header(), false);
    assert!(
        read_bytes(&whole[..whole.len() / 2], &mapped()).problem().contains("zip file is cut off or damaged")
    );
    let mut named = mapped();
    named.format = toml::from_str("type = 'xlsx'\nsheet = 'Blad'").unwrap();
    let read = read_bytes(&whole, &named);
    assert!(read.problem().contains("did the supplier rename it to \"Blad1\""), "{}", read.problem());
}

#[test]
fn parts_that_swell_are_refused() {
    let spaces = " ".repeat(3 << 20);
    let cells = format!("<row r=\"1\">{}</row>", text("A1", &spaces));
    let strings = format!("<sst uniqueCount=\"99999999999\"><si><t>{spaces}</t></si></sst>");
    let limits = Limits { workbook_bytes: 1 << 20, unpacked_bytes: 2 << 20, ..Limits::default() };
    for (book, limit) in [
        (Book { strings: &strings, ..Book::default() }, 1 << 20),
        (Book { cells: &cells, ..Book::default() }, 2 << 20),
    ] {
        let read = read_with(file_of(&book.bytes()).path(), &mapped(), &context(), &limits);
        assert!(
            matches!(read.end, Err(FeedProblem::TooLarge { limit: found }) if found == limit),
            "{:?}",
            read.end
        );
    }
    let limits = Limits { row_bytes: 1 << 20, ..Limits::default() };
    let read = read_with(file_of(&workbook(&cells, false)).path(), &mapped(), &context(), &limits);
    assert!(matches!(read.end, Err(FeedProblem::RowTooLarge { row: 1, .. })), "{:?}", read.end);
    let deep = "<row>".repeat(1_000);
    assert!(read_bytes(&workbook(&deep, false), &mapped()).problem().contains("nest deeper than"));
}

fn attributes() -> berika_feeds::FeedConfig {
    config("format.type = 'xlsx'\nfields = { sku = 'sku', title = 'title', attributes = '*' }")
}

/// A header and one row whose third cell is `cell`; what became of it.
fn third(cell: &str, book: &Book<'_>) -> Option<String> {
    let head = table(&[&["sku", "title", "x"]]);
    let cells = format!("{head}<row r=\"2\">{}{}{cell}</row>", text("A2", "1"), text("B2", "Kanna"));
    let read = read_bytes(&Book { cells: &cells, ..*book }.bytes(), &attributes());
    read.values("1").attributes.get("x").cloned()
}

#[test]
fn every_kind_of_cell_is_read_as_it_is_shown() {
    let strings = "<sst><si><t>delad</t></si><si><r><rPr><b/></rPr><t>fet </t></r><r><t>&amp; mager</t></r><rPh sb=\"0\"><t>läs</t></rPh></si></sst>";
    let book = Book { strings, formats: &["0000000000000", "0.00", "0%", "hh:mm"], ..Book::default() };
    for (cell, shown) in [
        ("<c r=\"C2\" t=\"s\"><v>0</v></c>", Some("delad")),
        ("<c r=\"C2\" t=\"s\"><v>1</v></c>", Some("fet & mager")),
        ("<c r=\"C2\" t=\"s\"><v>7</v></c>", None),
        ("<c r=\"C2\" t=\"inlineStr\"><is><r><t>a</t></r><r><t>b_x0041_</t></r></is></c>", Some("abA")),
        ("<c r=\"C2\" t=\"str\"><f>A1&amp;B1</f><v>summa</v></c>", Some("summa")),
        ("<c r=\"C2\"><f>1+1</f><v>2</v></c>", Some("2")),
        ("<c r=\"C2\"><f>1+1</f></c>", None),
        ("<c r=\"C2\" t=\"b\"><v>1</v></c>", Some("true")),
        ("<c r=\"C2\" t=\"e\"><v>#DIV/0!</v></c>", None),
        ("<c r=\"C2\" t=\"d\"><v>2026-11-30T00:00:00</v></c>", Some("2026-11-30")),
        ("<c r=\"C2\" s=\"1\"><v>735000000001</v></c>", Some("0735000000001")),
        ("<c r=\"C2\" s=\"2\"><v>1.1000000000000001</v></c>", Some("1.10")),
        ("<c r=\"C2\" s=\"3\"><v>0.25</v></c>", Some("0.25")),
        ("<c r=\"C2\" s=\"4\"><v>0.5</v></c>", Some("12:00:00")),
        ("<c r=\"C2\" s=\"99\"><v>5</v></c>", Some("5")),
        ("<c r=\"C2\"><v>4.006381333931E12</v></c>", Some("4006381333931")),
        ("<c r=\"C2\" s=\"2\"/>", None),
        ("<c><v>7</v></c>", Some("7")),
        ("<x:c xmlns:x=\"y\" r=\"C2\"><x:v>8</x:v></x:c>", Some("8")),
    ] {
        assert_eq!(third(cell, &book).as_deref(), shown, "{cell}");
    }
}

#[test]
fn cells_without_a_value_that_can_be_known_are_named() {
    let cells = format!(
        "{}<row r=\"2\">{}{}<c r=\"C2\" t=\"e\"><v>#REF!</v></c><c r=\"E2\"><f>D2*2</f></c></row>\
         <row r=\"3\"><c r=\"A3\" t=\"e\"><v>#N/A</v></c>{}</row>",
        header(),
        text("A2", "1"),
        text("B2", "Kanna"),
        text("B3", "Fat")
    );
    let read = read_bytes(&workbook(&cells, false), &mapped());
    let warned: Vec<_> = read
        .warnings()
        .iter()
        .map(|w| (w.field.as_str(), w.value.as_deref().unwrap(), w.problem.kind()))
        .collect();
    assert_eq!(
        warned,
        [("gtin", "#REF!", "error-cell"), ("price", "a formula without its value", "error-cell")]
    );
    assert_eq!((read.errors()[0].row, read.errors()[0].problem.kind()), (3, "sku-error-cell"));
}

#[test]
fn an_article_number_that_became_a_date_is_refused() {
    let row = |number: u32, serial: &str| {
        format!(
            "<row r=\"{number}\"><c r=\"A{number}\" s=\"1\"><v>{serial}</v></c>{}</row>",
            text(&format!("B{number}"), "Kanna")
        )
    };
    let cells = [header(), row(2, "46054"), row(3, "1001")].concat();
    let read = read_bytes(&Book { cells: &cells, formats: &["d-mmm"], ..Book::default() }.bytes(), &mapped());
    let error = read.errors()[0];
    assert_eq!(
        (error.row, error.value.as_deref(), error.problem.kind()),
        (2, Some("2026-02-01"), "sku-date")
    );
    assert_eq!(read.values("1001").title.as_deref(), Some("Kanna"));
}

#[test]
fn a_merged_value_counts_for_all_its_rows() {
    let cells = table(&[
        &["sku", "grupp", "title"],
        &["1", "Köksredskap", "Kanna"],
        &["2", "", "Fat"],
        &["3", "", "Slev"],
        &["4", "", "Hink"],
        &["Städ", "", ""],
        &["5", "", "Mopp"],
    ]);
    let behind = "<mergeCells count=\"2\"><mergeCell ref=\"B2:B4\"/><mergeCell ref=\"A6:C6\"/></mergeCells>";
    let grouped = config(
        "format.type = 'xlsx'\nfields = { sku = 'sku', title = 'title', supplier_category = { from = 'grupp', default = 'Övrigt' } }",
    );
    let read = read_bytes(&Book { cells: &cells, behind, ..Book::default() }.bytes(), &grouped);
    let groups: Vec<_> = read.products().iter().map(|p| p.values.supplier_category[0].as_str()).collect();
    assert_eq!(groups, ["Köksredskap", "Köksredskap", "Köksredskap", "Övrigt", "Övrigt"]);
    // A heading across the table is no product: it must not become its own title.
    let error = read.errors()[0];
    assert_eq!((error.row, error.sku.as_deref(), error.problem.kind()), (6, Some("Städ"), "nameless"));
}

#[test]
fn the_header_is_found_below_what_stands_above_it() {
    let cells = table(&[
        &["Prislista hösten 2026"],
        &["", "Kundnr", "4711"],
        &["Artikel", "", "Pris", ""],
        &["Nr", "Namn", "SEK", "EUR"],
        &["1", "Kanna", "99", "9"],
    ]);
    let behind = "<mergeCells><mergeCell ref=\"A1:F1\"/><mergeCell ref=\"A3:B3\"/><mergeCell ref=\"C3:D3\"/></mergeCells>";
    let book = Book { cells: &cells, behind, ..Book::default() }.bytes();
    let both = config(
        "format.type = 'xlsx'\nfields = { sku = 'Artikel Nr', title = 'Artikel Namn', price = 'Pris EUR' }",
    );
    let read = read_bytes(&book, &both);
    assert_eq!(read.delivery().columns, ["Artikel Nr", "Artikel Namn", "Pris SEK", "Pris EUR"]);
    assert_eq!(read.values("1").price.as_ref().unwrap().to_string(), "9 SEK");
    let lower = config("format.type = 'xlsx'\nfields = { sku = 'Nr', title = 'Namn', price = 'SEK' }");
    let read = read_bytes(&book, &lower);
    assert_eq!((read.delivery().products, read.product("1").provenance["title"].row), (1, 5));
    let given = config(
        "format = { type = 'xlsx', header_row = 3 }\nfields = { sku = 'Artikel', title = 'Artikel (2)' }",
    );
    assert_eq!(read_bytes(&book, &given).delivery().rows, 2);
}

#[test]
fn hidden_rows_are_read_and_counted() {
    let cells = table(&[&["sku", "title"], &["1", "Kanna"], &["2", "Fat"]])
        .replace("<row r=\"2\"", "<row hidden=\"1\" r=\"2\"");
    let read = read_bytes(&workbook(&cells, false), &attributes());
    assert_eq!((read.delivery().products, read.delivery().hidden_rows), (2, 1));
}

#[test]
fn the_named_sheet_is_read_even_if_hidden() {
    let mut named = mapped();
    named.format = toml::from_str("type = 'xlsx'\nsheet = 'Dold'").unwrap();
    let read = read_bytes(&workbook(&header(), false), &named);
    assert_eq!(read.values("9").title.as_deref(), Some("Dold"));
}

#[test]
fn other_documents_are_told_apart() {
    for (name, kind) in [("xl/workbook.bin", ".xlsb"), ("mimetype", ".ods"), ("word/document.xml", "Word")] {
        let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for name in ["[Content_Types].xml", name] {
            archive.start_file(name, SimpleFileOptions::default()).unwrap();
        }
        let problem = read_bytes(&archive.finish().unwrap().into_inner(), &mapped()).problem();
        assert!(problem.contains(kind), "{problem}");
    }
}

/// Another reader's view of the same workbook.
#[test]
fn another_reader_finds_the_same_texts() {
    use calamine::DataRef;
    let path = fixture("verktygslagret.xlsx");
    let all =
        config("format.type = 'xlsx'\nfields = { sku = 'Art.nr', title = 'Produktnamn', attributes = '*' }");
    let read = read_file(&path, &all);
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(&path).unwrap();
    let mut cells = book.worksheet_cells_reader(read.delivery().sheet.as_ref().unwrap()).unwrap();
    let mut texts = std::collections::BTreeMap::new();
    while let Some(cell) = cells.next_cell().unwrap() {
        let text = match cell.get_value() {
            DataRef::String(text) => text.clone(),
            DataRef::SharedString(text) => (*text).to_owned(),
            _ => continue,
        };
        texts.insert((u64::from(cell.get_position().0) + 1, cell.get_position().1 as usize), text);
    }
    let columns = &read.delivery().columns;
    let mut compared = 0;
    for product in read.products() {
        for (name, value) in &product.values.attributes {
            let column = columns.iter().position(|column| column == name).unwrap();
            let Some(text) = texts.get(&(product.provenance["title"].row, column)) else { continue };
            assert_eq!(value, text.trim(), "{name}");
            compared += 1;
        }
    }
    assert!(compared > 100, "{compared}");
}

/// A row's texts are counted where cells share one, and where they reach down from above.
#[test]
fn cells_that_share_a_large_text_lose_their_row_alone() {
    let limits = Limits { row_bytes: 4 << 20, cell_bytes: 2 << 20, ..Limits::default() };
    let strings = format!("<sst><si><t>{}</t></si></sst>", "x".repeat(1 << 20));
    let shared = "<c t=\"s\"><v>0</v></c>".repeat(3_000);
    let cells = format!(
        "{}<row r=\"2\">{}{shared}</row><row r=\"3\">{}{}</row>",
        header(),
        text("A2", "1"),
        text("A3", "2"),
        text("B3", "Kanna")
    );
    let book = Book { cells: &cells, strings: &strings, ..Book::default() };
    let read = read_with(file_of(&book.bytes()).path(), &mapped(), &context(), &limits);
    assert_eq!((read.delivery().products, read.delivery().rejected), (1, 1));
    assert_eq!(read.values("2").title.as_deref(), Some("Kanna"));
    let error = read.errors()[0];
    assert_eq!((error.row, error.problem.kind(), error.sku.as_deref()), (2, "too-large", Some("1")));
}

#[test]
fn large_texts_that_reach_down_lose_the_rows_that_they_reach() {
    let limits = Limits { row_bytes: 4 << 20, cell_bytes: 2 << 20, ..Limits::default() };
    let strings = format!("<sst><si><t>{}</t></si></sst>", "x".repeat(1 << 20));
    let mut cells = header();
    let mut merged = String::new();
    for (row, column) in (2..12).zip('F'..) {
        let shared = format!("<c r=\"{column}{row}\" t=\"s\"><v>0</v></c>");
        let key = text(&format!("A{row}"), &row.to_string());
        let title = text(&format!("B{row}"), "Kanna");
        cells += &format!("<row r=\"{row}\">{key}{title}{shared}</row>");
        merged += &format!("<mergeCell ref=\"{column}{row}:{column}13\"/>");
    }
    for row in [13, 14] {
        let (key, title) = (text(&format!("A{row}"), &row.to_string()), text(&format!("B{row}"), "Fat"));
        cells += &format!("<row r=\"{row}\">{key}{title}</row>");
    }
    let behind = format!("<mergeCells>{merged}</mergeCells>");
    let book = Book { cells: &cells, strings: &strings, behind: &behind, ..Book::default() };
    let read = read_with(file_of(&book.bytes()).path(), &mapped(), &context(), &limits);
    let kept: Vec<_> = read.products().iter().map(|p| p.key.sku.clone()).collect();
    assert_eq!(kept, ["2", "3", "4", "14"]);
    assert!(read.errors().iter().all(|e| e.problem.kind() == "too-large"), "{:?}", read.errors());
    assert_eq!(read.delivery().rejected, 8);
}

/// A text above the header that spans every column is not held once for each.
#[test]
fn a_large_text_over_all_columns_is_not_copied_into_each() {
    let strings = format!("<sst><si><t>{}</t></si></sst>", "x".repeat(200 << 10));
    let cells = format!(
        "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c></row>{}",
        header().replace("r=\"1\"", "r=\"2\"").replace("1\" t", "2\" t")
            + &format!("<row r=\"3\">{}{}</row>", text("A3", "1"), text("B3", "Kanna"))
    );
    let behind = "<mergeCells><mergeCell ref=\"A1:XFD1\"/></mergeCells>";
    let book = Book { cells: &cells, strings: &strings, behind, ..Book::default() };
    let read = read_bytes(&book.bytes(), &mapped());
    assert_eq!((read.delivery().header_row, read.delivery().products), (Some(2), 1));
}

#[test]
fn two_cells_of_one_address_are_told() {
    let row = |second: &str| {
        format!("<row r=\"2\">{}{}{}</row>", text("A2", "1"), text("B2", "Kanna"), text("B2", second))
    };
    for (second, told) in [("Fat", Some("Fat")), ("Kanna", None)] {
        let read = read_bytes(&workbook(&(header() + &row(second)), false), &mapped());
        assert_eq!(read.values("1").title.as_deref(), Some("Kanna"));
        let warned = read.warnings().into_iter().find(|w| w.problem.kind() == "cell-twice");
        assert_eq!(warned.and_then(|w| w.value.as_deref()), told);
        assert!(warned.is_none_or(|w| w.column.as_deref() == Some("title")));
    }
}
