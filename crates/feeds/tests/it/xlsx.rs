//! Workbooks: the demo's, and small ones written here part by part.

use std::io::Write;

use berika_feeds::Limits;
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
    assert_eq!(warned, [("gtin", "gtin")], "{:?}", read.warnings());
    assert!(
        read.products().iter().all(|p| p.values.price.is_some() && !p.values.supplier_category.is_empty())
    );
}

/// A workbook with one sheet; `cells` is what stands in `sheetData`.
fn workbook(cells: &str, date_1904: bool, shared: &str) -> Vec<u8> {
    const MAIN: &str = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"";
    const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let parts = [
        (
            "[Content_Types].xml",
            "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>".to_owned(),
        ),
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" Type=\"{RELATIONS}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook {MAIN} xmlns:r=\"{RELATIONS}\"><workbookPr date1904=\"{}\"/><sheets><sheet name=\"Dold\" sheetId=\"2\" state=\"hidden\" r:id=\"r2\"/><sheet name=\"Blad1\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>",
                u8::from(date_1904)
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" Type=\"{RELATIONS}/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"r2\" Type=\"{RELATIONS}/worksheet\" Target=\"worksheets/sheet2.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/styles.xml",
            format!(
                "<styleSheet {MAIN}><cellXfs count=\"2\"><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>"
            ),
        ),
        (
            "xl/sharedStrings.xml",
            if shared.is_empty() { format!("<sst {MAIN}/>") } else { shared.to_owned() },
        ),
        ("xl/worksheets/sheet1.xml", format!("<worksheet {MAIN}><sheetData>{cells}</sheetData></worksheet>")),
        ("xl/worksheets/sheet2.xml", format!("<worksheet {MAIN}><sheetData/></worksheet>")),
    ];
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in parts {
        archive.start_file(name, SimpleFileOptions::default()).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
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
        let read = read_bytes(&workbook(&row(serial), date_1904, ""), &mapped());
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
    let read = read_bytes(&workbook(&far, false, ""), &mapped());
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
    let whole = workbook(&header(), false, "");
    assert!(
        read_bytes(&whole[..whole.len() / 2], &mapped()).problem().contains("zip file is cut off or damaged")
    );
    let mut named = mapped();
    named.format = toml::from_str("type = 'xlsx'\nsheet = 'Blad'").unwrap();
    let read = read_bytes(&whole, &named);
    assert!(read.problem().contains("did the supplier rename it to \"Blad1\""), "{}", read.problem());
}

#[test]
fn archives_that_lie_or_swell_are_refused_before_they_are_held() {
    let lie = "<sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" uniqueCount=\"99999999999\"><si><t>a</t></si></sst>";
    let read = read_bytes(&workbook(&header(), false, lie), &mapped());
    assert!(read.problem().contains("claims 99999999999 shared strings"), "{}", read.problem());

    let bomb = format!("<row r=\"1\">{}</row>", text("A1", &" ".repeat(3 << 20)));
    let limits = Limits { workbook_bytes: 1 << 20, ..Limits::default() };
    let read = read_with(file_of(&workbook(&bomb, false, "")).path(), &mapped(), &context(), &limits);
    assert!(read.problem().contains("more than 1048576 bytes when unpacked"), "{}", read.problem());
}
