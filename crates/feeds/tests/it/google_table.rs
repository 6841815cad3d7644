//! Google Merchant product data as delimited text.

use crate::support::*;

fn google() -> berika_feeds::FeedConfig {
    config("format.type = 'google'")
}

#[test]
fn tabs_are_read_by_the_attributes_in_the_header() {
    let file = "id\ttitle\tDescription\tlink\timage link\tadditional_image_link\tprice\tbrand\tgtin\tproduct type\t\
        google_product_category\tcondition\tavailability\tcolor\tshipping(country:price)\tproduct_detail\titem_group_id\n\
        1\tJug\t<b>Tall</b>\thttps://b/1\thttps://b/1.jpg\thttps://b/2.jpg,https://b/3.jpg\t1,149.50 SEK\tAsta\t\
        4006381333931\tKitchen > Jugs\t669\tused\tin stock\tred\tSE:49 SEK\tBasics:Volume:1,5 l,:Lid:yes\tG1\n\
        2\tCup\t\t\t\t\t9.00 EUR\t\t\t\tHome > Cups\tnew\t\t\t\t\t\n";
    let read = read_bytes(file.as_bytes(), &google());
    assert_eq!((read.delivery().rows, read.delivery().products), (2, 2));
    assert_eq!(read.delivery().delimiter, Some('\t'));
    let jug = read.product("1");
    assert_eq!(jug.values.description.as_deref(), Some("Tall"));
    assert_eq!(jug.values.price.as_ref().unwrap().to_string(), "1149.50 SEK");
    assert_eq!(jug.values.images, ["https://b/1.jpg", "https://b/2.jpg", "https://b/3.jpg"]);
    assert_eq!(jug.values.supplier_category, ["Kitchen", "Jugs"]);
    assert_eq!(jug.values.group_id.as_deref(), Some("G1"));
    assert_eq!(jug.provenance["images"].column.as_deref(), Some("image link"));
    let attributes: Vec<_> = jug.values.attributes.iter().map(|(k, v)| format!("{k}={v}")).collect();
    assert_eq!(
        attributes,
        ["Lid=yes", "Volume=1,5 l", "color=red", "condition=used", "google_product_category=669"]
    );
    let cup = read.values("2");
    assert_eq!(cup.supplier_category, ["Home", "Cups"]);
    assert!(cup.attributes.is_empty(), "{cup:?}");
}

#[test]
fn german_templates_and_a_suppliers_fields_are_read() {
    let file = "ID;Titel;Preis;Marke;Bildlink;Zustand;Farbe\n1;Krug;149,50 EUR;Asta;https://b/1.jpg;neu;rot\n\
        2;Becher;12,00 EUR;Asta;https://b/2.jpg;neu;rot\n";
    let read = read_bytes(file.as_bytes(), &google());
    let jug = read.values("1");
    assert_eq!((jug.title.as_deref(), jug.brand.as_deref()), (Some("Krug"), Some("Asta")));
    assert_eq!(jug.price.as_ref().unwrap().to_string(), "149.50 EUR");
    assert_eq!(jug.attributes.iter().map(|(k, v)| format!("{k}={v}")).collect::<Vec<_>>(), ["farbe=rot"]);

    let config = config("format.type = 'google'\nfields = { title = 'Marke', attributes = ['Zustand'] }");
    let read = read_bytes(file.as_bytes(), &config);
    assert_eq!(read.values("1").title.as_deref(), Some("Asta"));
    assert_eq!(read.values("1").attributes.keys().collect::<Vec<_>>(), ["Zustand"]);
}

#[test]
fn a_table_without_ids_is_refused() {
    let read = read_bytes(b"identifier,title\n1,Jug\n2,Cup\n", &google());
    assert!(read.problem().contains("column \"id\", mapped to sku"), "{}", read.problem());
}
