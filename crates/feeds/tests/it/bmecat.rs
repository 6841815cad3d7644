//! BMEcat catalogues.

use berika_catalog::Language;
use berika_feeds::Limits;

use crate::support::*;

fn bmecat() -> berika_feeds::FeedConfig {
    config("format.type = 'bmecat'")
}

#[test]
fn the_german_catalogue_is_read_whole() {
    let read = read_file(&fixture("werkgut.xml"), &demo_config("werkgut"));
    assert_eq!((read.delivery().rows, read.delivery().products), (50, 50));
    let drill = read.values("WG-100201");
    assert_eq!(drill.title.as_deref(), Some("Akku-Bohrschrauber 12V 2x1,5Ah Koffer"));
    assert_eq!(drill.brand.as_deref(), Some("Brandtwerk"));
    assert_eq!(drill.supplier_category, ["Werkstatt", "Elektrowerkzeuge"]);
    assert_eq!(drill.price.as_ref().unwrap().to_string(), "79.90 EUR");
    assert_eq!(drill.attributes["Spannung"], "12 V");
    assert_eq!(drill.attributes["Lieferumfang"], "Ladegerät, 2 Akkus, Koffer");
    assert_eq!(drill.images, ["https://medien.werkgut.example/artikel/WG-100201.jpg"]);
    assert_eq!(drill.language.as_ref().unwrap().as_str(), "de");
    let warned: Vec<_> = read.warnings().iter().map(|w| w.problem.kind()).collect();
    assert_eq!(warned.len(), 3, "{:?}", read.warnings());
    assert!(read.products().iter().all(|p| !p.values.supplier_category.is_empty()));
}

const BILINGUAL: &str = r#"<BMECAT version="2005"><HEADER><CATALOG><LANGUAGE default="true">deu</LANGUAGE><LANGUAGE>swe</LANGUAGE>
    <CURRENCY>EUR</CURRENCY></CATALOG></HEADER><T_NEW_CATALOG><PRODUCT><SUPPLIER_PID>1</SUPPLIER_PID><PRODUCT_DETAILS>
    <DESCRIPTION_SHORT lang="deu">Kanne</DESCRIPTION_SHORT><DESCRIPTION_SHORT lang="swe">Kanna</DESCRIPTION_SHORT></PRODUCT_DETAILS>
    <PRODUCT_FEATURES><FEATURE><FNAME lang="deu">Farbe</FNAME><FNAME lang="swe">Färg</FNAME><FVALUE lang="deu">Rot</FVALUE>
    <FVALUE lang="swe">Röd</FVALUE></FEATURE><FEATURE><FNAME>X</FNAME><FVALUE>-</FVALUE></FEATURE></PRODUCT_FEATURES>
    <PRODUCT_PRICE_DETAILS><PRODUCT_PRICE price_type="nrp"><PRICE_AMOUNT>20</PRICE_AMOUNT></PRODUCT_PRICE>
    <PRODUCT_PRICE price_type="net_customer"><PRICE_AMOUNT>9</PRICE_AMOUNT><LOWER_BOUND>100</LOWER_BOUND></PRODUCT_PRICE>
    <PRODUCT_PRICE price_type="net_customer"><PRICE_AMOUNT>10.5</PRICE_AMOUNT><LOWER_BOUND>1</LOWER_BOUND></PRODUCT_PRICE>
    </PRODUCT_PRICE_DETAILS></PRODUCT></T_NEW_CATALOG></BMECAT>"#;

#[test]
fn texts_are_taken_in_the_language_wanted() {
    let file = file_of(BILINGUAL.as_bytes());
    let mut context = context();
    for (language, title, colour) in
        [("sv", "Kanna", "Färg=Röd"), ("de", "Kanne", "Farbe=Rot"), ("da", "Kanne", "Farbe=Rot")]
    {
        context.language = Some(Language::parse(language).unwrap());
        let read = read_with(file.path(), &bmecat(), &context, &Limits::default());
        let jug = read.values("1");
        assert_eq!(jug.title.as_deref(), Some(title));
        let attributes: Vec<_> = jug.attributes.iter().map(|(k, v)| format!("{k}={v}")).collect();
        assert_eq!(attributes, [colour]);
        assert_eq!(jug.language.as_ref().unwrap().as_str(), if language == "sv" { "sv" } else { "de" });
        assert_eq!(jug.price.as_ref().unwrap().to_string(), "10.5 EUR");
    }
}

#[test]
fn the_older_names_mean_the_same() {
    let old = r#"<?xml version="1.0"?><!DOCTYPE BMECAT SYSTEM "bmecat_new_catalog.dtd"><BMECAT version="1.2"><HEADER><CATALOG><LANGUAGE>swe</LANGUAGE></CATALOG></HEADER>
        <T_NEW_CATALOG><CATALOG_GROUP_SYSTEM><CATALOG_STRUCTURE type="root"><GROUP_ID>1</GROUP_ID><GROUP_NAME>Allt</GROUP_NAME><PARENT_ID>0</PARENT_ID></CATALOG_STRUCTURE>
        <CATALOG_STRUCTURE type="leaf"><GROUP_ID>2</GROUP_ID><GROUP_NAME>Kök</GROUP_NAME><PARENT_ID>1</PARENT_ID></CATALOG_STRUCTURE></CATALOG_GROUP_SYSTEM>
        <ARTICLE><SUPPLIER_AID>7</SUPPLIER_AID><ARTICLE_DETAILS><DESCRIPTION_SHORT>Kanna</DESCRIPTION_SHORT><EAN>4006381333931</EAN>
        <MANUFACTURER_AID>K-7</MANUFACTURER_AID></ARTICLE_DETAILS></ARTICLE>
        <ARTICLE_TO_CATALOGGROUP_MAP><ART_ID>7</ART_ID><CATALOG_GROUP_ID>2</CATALOG_GROUP_ID></ARTICLE_TO_CATALOGGROUP_MAP></T_NEW_CATALOG></BMECAT>"#;
    let read = read_bytes(old.as_bytes(), &bmecat());
    let jug = read.values("7");
    assert_eq!(jug.supplier_category, ["Kök"]);
    assert_eq!((jug.mpn.as_deref(), jug.gtin.is_some()), (Some("K-7"), true));
}

#[test]
fn updates_and_other_documents_are_refused_by_name() {
    let update = "<BMECAT><HEADER/><T_UPDATE_PRICES prev_version='1'><ARTICLE/></T_UPDATE_PRICES></BMECAT>";
    assert!(read_bytes(update.as_bytes(), &bmecat()).problem().contains("T_UPDATE_PRICES"));
    assert!(read_bytes(b"<rss><channel/></rss>", &bmecat()).problem().contains("expected BMEcat"));
    assert!(
        read_bytes(b"<BMECAT><HEADER/><T_NEW_CATALOG/></BMECAT>", &bmecat()).problem().contains("no rows")
    );
}

#[test]
fn a_circle_of_groups_ends() {
    let circle = r#"<BMECAT><T_NEW_CATALOG><CATALOG_STRUCTURE type="node"><GROUP_ID>1</GROUP_ID><GROUP_NAME>A</GROUP_NAME><PARENT_ID>2</PARENT_ID></CATALOG_STRUCTURE>
        <CATALOG_STRUCTURE type="leaf"><GROUP_ID>2</GROUP_ID><GROUP_NAME>B</GROUP_NAME><PARENT_ID>1</PARENT_ID></CATALOG_STRUCTURE>
        <PRODUCT><SUPPLIER_PID>1</SUPPLIER_PID><PRODUCT_DETAILS><DESCRIPTION_SHORT>X</DESCRIPTION_SHORT></PRODUCT_DETAILS></PRODUCT>
        <PRODUCT_TO_CATALOGGROUP_MAP><PROD_ID>1</PROD_ID><CATALOG_GROUP_ID>2</CATALOG_GROUP_ID></PRODUCT_TO_CATALOGGROUP_MAP></T_NEW_CATALOG></BMECAT>"#;
    assert!(read_bytes(circle.as_bytes(), &bmecat()).values("1").supplier_category.len() <= 30);
}
