//! Google Merchant RSS and Atom.

use crate::support::*;

fn google() -> berika_feeds::FeedConfig {
    config("format.type = 'google'")
}

#[test]
fn the_danish_feed_is_read_whole() {
    let read = read_file(&fixture("fjordfritid.xml"), &demo_config("fjordfritid"));
    assert_eq!((read.delivery().rows, read.delivery().products), (50, 50));
    let tent = read.values("FF-1001");
    assert_eq!(tent.title.as_deref(), Some("Kuppeltelt 3 pers. m. fortelt"));
    assert_eq!(tent.price.as_ref().unwrap().to_string(), "1299.00 DKK");
    assert_eq!(tent.supplier_category, ["Friluftsliv", "Telte"]);
    assert_eq!(tent.images.len(), 2);
    let description = tent.description.as_deref().unwrap();
    assert!(description.contains("rummeligt fortelt") && !description.contains('<'), "{description}");
    let names: Vec<_> = tent.attributes.keys().map(String::as_str).collect();
    assert_eq!(names, ["google_product_category", "material", "size"]);
    let gtins: Vec<_> = read.warnings().iter().filter(|w| w.field == "gtin").map(|w| w.row).collect();
    assert_eq!(gtins.len(), 2, "{:?}", read.warnings());
    assert_eq!(read.warnings().len(), 2, "{:?}", read.warnings());
}

#[test]
fn atom_other_prefixes_and_undeclared_ones_are_read() {
    let atom = r#"<?xml version="1.0" encoding="windows-1252"?><feed xmlns="http://www.w3.org/2005/Atom" xmlns:x="http://base.google.com/ns/1.0">
        <title>Butik</title><entry><x:id>1</x:id><title>R&#246;d kanna &amp; fat&nbsp;XL</title><link href="https://b/1"/>
        <x:product_detail><x:attribute_name>Volym</x:attribute_name><x:attribute_value>1 l</x:attribute_value></x:product_detail>
        <x:shipping><x:price>49 SEK</x:price></x:shipping><x:condition>used</x:condition><x:price>149,50 SEK</x:price></entry></feed>"#;
    let read = read_bytes(atom.as_bytes(), &google());
    let jug = read.values("1");
    assert_eq!(jug.title.as_deref(), Some("Röd kanna & fat XL"));
    assert_eq!(jug.price.as_ref().unwrap().to_string(), "149.50 SEK");
    let attributes: Vec<_> = jug.attributes.iter().map(|(k, v)| format!("{k}={v}")).collect();
    assert_eq!(attributes, ["Volym=1 l", "condition=used"]);

    let undeclared = "<rss><channel><item><g:id>1</g:id><g:title><![CDATA[A <b>&amp;</b> B]]></g:title></item></channel></rss>";
    assert_eq!(read_bytes(undeclared.as_bytes(), &google()).values("1").title.as_deref(), Some("A & B"));
}

#[test]
fn a_suppliers_fields_go_before_the_standards() {
    let config = config(
        "format.type = 'google'\nfields = { sku = 'g:mpn', attributes = ['g:color'], stock = { constant = '3' } }",
    );
    let item = "<rss><channel><item><g:id>1</g:id><g:mpn>M-1</g:mpn><title>Kanna</title><g:color>Röd</g:color><g:size>L</g:size></item></channel></rss>";
    let read = read_bytes(item.as_bytes(), &config);
    let jug = read.values("M-1");
    assert_eq!(jug.attributes.len(), 1);
    assert_eq!(jug.stock.unwrap().to_string(), "3");
    assert_eq!(read.product("M-1").provenance["stock"].rule.as_deref(), Some("constant"));
}

#[test]
fn loose_ampersands_are_read_as_meant_and_told() {
    let read = read_file(&fixture("broken/not_wellformed_google.xml"), &google());
    assert_eq!(read.delivery().products, 3);
    assert_eq!(read.values("U-2").title.as_deref(), Some("Salt & peberkværn sæt"));
    let warned: Vec<_> = read.warnings().iter().map(|w| (w.row, w.problem.kind())).collect();
    assert_eq!(warned, [(2, "ampersand")]);

    let item =
        "<rss><channel><item><g:id>1</g:id><title>Kanna &lol; r&#246;d &</title></item></channel></rss>";
    let read = read_bytes(item.as_bytes(), &google());
    assert_eq!(read.values("1").title.as_deref(), Some("Kanna &lol; röd &"));
    assert_eq!(read.warnings()[0].problem.kind(), "ampersand");
}
