//! BMEcat catalogues.

use berika_catalog::{DeliveryKind, Language};
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
fn other_documents_are_refused_by_name() {
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

const UPDATE: &str = r#"<BMECAT version="2005"><HEADER><CATALOG><LANGUAGE>deu</LANGUAGE><CURRENCY>EUR</CURRENCY></CATALOG></HEADER>
    <T_UPDATE_PRODUCTS prev_version="1"><PRODUCT mode="new"><SUPPLIER_PID>1</SUPPLIER_PID><PRODUCT_DETAILS><DESCRIPTION_SHORT>Kanne</DESCRIPTION_SHORT></PRODUCT_DETAILS></PRODUCT>
    <PRODUCT mode="delete"><SUPPLIER_PID>2</SUPPLIER_PID></PRODUCT></T_UPDATE_PRODUCTS></BMECAT>"#;

#[test]
fn updates_are_deltas_whatever_is_configured() {
    let prices = "<BMECAT version='1.2'><HEADER/><T_UPDATE_PRICES prev_version='1'><ARTICLE><SUPPLIER_AID>1</SUPPLIER_AID><ARTICLE_PRICE_DETAILS><ARTICLE_PRICE price_type='nrp'><PRICE_AMOUNT>9.90</PRICE_AMOUNT></ARTICLE_PRICE></ARTICLE_PRICE_DETAILS></ARTICLE></T_UPDATE_PRICES></BMECAT>";
    let read = read_bytes(prices.as_bytes(), &bmecat());
    assert_eq!(read.delivery().kind, Some(DeliveryKind::Delta));
    assert_eq!(read.values("1").price.as_ref().unwrap().to_string(), "9.90 SEK");
    let read = read_bytes(UPDATE.as_bytes(), &bmecat());
    assert_eq!(read.delivery().kind, Some(DeliveryKind::Delta));
    assert_eq!(read.values("1").title.as_deref(), Some("Kanne"));
    for (text, kind) in [(UPDATE, DeliveryKind::Delta), (BILINGUAL, DeliveryKind::Full)] {
        let file = file_of(text.as_bytes());
        assert_eq!(berika_feeds::kind_of(file.path(), &bmecat(), &context(), &Limits::default()), kind);
    }
    let withdrawn = read.errors()[0];
    assert_eq!((withdrawn.sku.as_deref(), withdrawn.problem.kind()), (Some("2"), "withdrawn"));
    assert_eq!(read_bytes(BILINGUAL.as_bytes(), &bmecat()).delivery().kind, Some(DeliveryKind::Full));
}

#[test]
fn a_withdrawal_is_one_in_any_case_and_only_of_a_product_with_a_number() {
    for mode in ["Delete", "DELETE", " delete "] {
        let read = read_bytes(UPDATE.replace("\"delete\"", &format!("\"{mode}\"")).as_bytes(), &bmecat());
        let withdrawn = read.errors()[0];
        assert_eq!((withdrawn.sku.as_deref(), withdrawn.problem.kind()), (Some("2"), "withdrawn"), "{mode}");
    }
    let read = read_bytes(UPDATE.replace("<SUPPLIER_PID>2</SUPPLIER_PID>", "").as_bytes(), &bmecat());
    assert_eq!((read.errors()[0].row, read.errors()[0].problem.kind()), (2, "no-sku"));
}

/// A product with these parts.
fn product(parts: &str) -> Read {
    let text = format!(
        "<BMECAT version='2005'><HEADER><CATALOG><LANGUAGE>deu</LANGUAGE><CURRENCY>EUR</CURRENCY><GENERATION_DATE>2026-05-01</GENERATION_DATE></CATALOG></HEADER>
         <T_NEW_CATALOG><PRODUCT><SUPPLIER_PID>1</SUPPLIER_PID><PRODUCT_DETAILS><DESCRIPTION_SHORT>X</DESCRIPTION_SHORT></PRODUCT_DETAILS>{parts}</PRODUCT></T_NEW_CATALOG></BMECAT>"
    );
    read_bytes(text.as_bytes(), &bmecat())
}

#[test]
fn features_are_named_and_valued_as_people_read_them() {
    let read = product(
        "<PRODUCT_FEATURES><REFERENCE_FEATURE_SYSTEM_NAME>ETIM-8.0</REFERENCE_FEATURE_SYSTEM_NAME><REFERENCE_FEATURE_GROUP_ID>EC000001</REFERENCE_FEATURE_GROUP_ID>
         <FEATURE><FNAME>EF000007</FNAME><FDESCR>Farbe</FDESCR><FVALUE>EV000080</FVALUE><FVALUE_DETAILS>Rot</FVALUE_DETAILS></FEATURE>
         <FEATURE><FNAME>Temperatur</FNAME><FVALUE>-5</FVALUE><FVALUE>40</FVALUE><FVALUE_TYPE>range</FVALUE_TYPE><FUNIT>CEL</FUNIT></FEATURE>
         <FEATURE><FNAME>Spannung</FNAME><FVALUE>110</FVALUE><FVALUE>230</FVALUE><FUNIT>VLT</FUNIT></FEATURE>
         <FEATURE><FNAME>EF000008</FNAME><FVALUE>7</FVALUE><FUNIT>XXX</FUNIT></FEATURE>
         <FEATURE_GROUP><FEATURE><FTEMPLATE><FT_ID>1</FT_ID><FT_NAME>Breite</FT_NAME></FTEMPLATE><FVALUE>4.9</FVALUE><FUNIT>MMT</FUNIT></FEATURE></FEATURE_GROUP></PRODUCT_FEATURES>",
    );
    let attributes: Vec<_> = read.values("1").attributes.iter().map(|(k, v)| format!("{k}={v}")).collect();
    let expected = [
        "Breite=4.9 mm",
        "EF000008=7 XXX",
        "ETIM-8.0=EC000001",
        "Farbe=Rot",
        "Spannung=110, 230 V",
        "Temperatur=-5–40 °C",
    ];
    assert_eq!(attributes, expected);
}

#[test]
fn the_price_that_holds_is_taken_for_one_unit() {
    let price = |kind: &str, amount: &str, bound: &str| {
        format!(
            "<PRODUCT_PRICE price_type='{kind}'><PRICE_AMOUNT>{amount}</PRICE_AMOUNT><LOWER_BOUND>{bound}</LOWER_BOUND></PRODUCT_PRICE>"
        )
    };
    let details =
        |dates: &str, prices: &str| format!("<PRODUCT_PRICE_DETAILS>{dates}{prices}</PRODUCT_PRICE_DETAILS>");
    let of = |parts: &str| product(parts).values("1").price.as_ref().map(ToString::to_string);
    let old = "<DATETIME type='valid_start_date'><DATE>2025-01-01</DATE></DATETIME><DATETIME type='valid_end_date'><DATE>2025-12-31</DATE></DATETIME>";
    let now = "<VALID_START_DATE>2026-01-01</VALID_START_DATE>";
    let both =
        details(old, &price("net_customer", "5", "1")) + &details(now, &price("net_customer", "7", "1"));
    assert_eq!(of(&both).as_deref(), Some("7 EUR"));
    assert_eq!(of(&details(old, &price("nrp", "5", "1"))).as_deref(), Some("5 EUR"));
    let kinds = details(
        "",
        &(price("nrp", "9", "1") + &price("net_list", "8", "10") + &price("net_list", "8.5", "1")),
    );
    assert_eq!(of(&kinds).as_deref(), Some("8.5 EUR"));
    let hundred =
        format!("<PRODUCT_ORDER_DETAILS><PRICE_QUANTITY>100</PRICE_QUANTITY></PRODUCT_ORDER_DETAILS>{kinds}");
    assert_eq!(of(&hundred).as_deref(), Some("0.085 EUR"));
    let empty =
        details("", "<PRODUCT_PRICE price_type='net_customer'><LOWER_BOUND>1</LOWER_BOUND></PRODUCT_PRICE>");
    assert_eq!(of(&(empty + &kinds)).as_deref(), Some("8.5 EUR"));
}

#[test]
fn an_ill_formed_product_is_lost_alone() {
    let text = BILINGUAL.replace("</T_NEW_CATALOG>", "<PRODUCT><SUPPLIER_PID>2</SUPPLIER_PID><X></PRODUCT><PRODUCT><SUPPLIER_PID>3</SUPPLIER_PID><PRODUCT_DETAILS><DESCRIPTION_SHORT>Topf</DESCRIPTION_SHORT></PRODUCT_DETAILS></PRODUCT></T_NEW_CATALOG>");
    let read = read_bytes(text.as_bytes(), &bmecat());
    assert_eq!(read.delivery().products, 2);
    assert_eq!((read.errors()[0].sku.as_deref(), read.errors()[0].problem.kind()), (Some("2"), "ill-formed"));
}

#[test]
fn variants_within_a_product_are_spelt_out() {
    let read = product(
        "<PRODUCT_FEATURES><FEATURE><FNAME>Farbe</FNAME><VARIANTS><VARIANT><FVALUE>rot</FVALUE><SUPPLIER_AID_SUPPLEMENT>-R</SUPPLIER_AID_SUPPLEMENT></VARIANT>
         <VARIANT><FVALUE>blau</FVALUE><SUPPLIER_AID_SUPPLEMENT>-B</SUPPLIER_AID_SUPPLEMENT></VARIANT><VORDER>2</VORDER></VARIANTS></FEATURE>
         <FEATURE><FNAME>Breite</FNAME><VARIANTS><VARIANT><FVALUE>5</FVALUE><SUPPLIER_AID_SUPPLEMENT>/5</SUPPLIER_AID_SUPPLEMENT></VARIANT><VORDER>1</VORDER></VARIANTS><FUNIT>MMT</FUNIT></FEATURE></PRODUCT_FEATURES>
         <PRODUCT_REFERENCE type='base_product'><PROD_ID_TO>0</PROD_ID_TO></PRODUCT_REFERENCE>",
    );
    let values = read.values("1");
    let variants: Vec<_> = values
        .variants
        .iter()
        .map(|v| format!("{} {} {}", v.sku, v.attributes["Breite"], v.attributes["Farbe"]))
        .collect();
    assert_eq!(variants, ["1/5-R 5 mm rot", "1/5-B 5 mm blau"]);
    assert_eq!(values.attributes["Farbe"], "rot, blau");
    assert_eq!(values.group_id.as_deref(), Some("0"));
    assert_eq!(read.product("1").provenance["variants"].column.as_deref(), Some("VARIANTS"));
}

#[test]
fn texts_in_other_languages_stand_under_their_language() {
    let config = config(
        "format.type = 'bmecat'\nfields.attributes = { engelska = 'DESCRIPTION_SHORT.en', svenska = 'DESCRIPTION_SHORT.sv' }",
    );
    let text = BILINGUAL.replace(
        "<DESCRIPTION_SHORT lang=\"swe\">",
        "<DESCRIPTION_SHORT lang=\"eng\">Jug</DESCRIPTION_SHORT><DESCRIPTION_SHORT lang=\"swe\">",
    );
    let read = read_bytes(text.as_bytes(), &config);
    let attributes: Vec<_> = read.values("1").attributes.iter().map(|(k, v)| format!("{k}={v}")).collect();
    assert_eq!(attributes, ["engelska=Jug", "svenska=Kanna"]);
}
