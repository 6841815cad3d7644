//! XML of no standard, by row path.

use crate::support::*;

const SHOP: &str = r#"<?xml version="1.0"?><catalog xmlns:x="urn:x"><currency>EUR</currency>
    <category id="Tents"><name>Tält &amp; tarp</name><products>
      <product id="1"><name lang="de">Zelt</name><name lang="sv">Tält</name><price currency="SEK">1299.00</price>
        <codes><code type="EAN">4006381333931</code><code type="own">77</code></codes>
        <x:brand>Fjällvind</x:brand><images><image>https://b.example/1.jpg</image><image>https://b.example/2.jpg</image></images>
        <attributes><attribute name="Color">red</attribute><attribute name="Weight" unit="kg">2.5</attribute></attributes>
        <dimensions><height>120</height></dimensions><related><product id="2"/></related></product></products></category>
    <category id="Bags"><products>
      <product id="2"><name>Säck<b>stor</b></name><price>99.50</price><param><name>Volym</name><value>60</value><unit>l</unit></param>
        <text><p>En <i>rymlig</i> säck.</p><p>Tål regn.</p></text></product></products></category></catalog>"#;

fn shop(rows: &str) -> berika_feeds::FeedConfig {
    config(&format!(
        r#"format = {{ type = "xml", rows = "{rows}" }}
        [fields]
        sku = "@id"
        title = ["name[@lang='sv']", "name"]
        gtin = {{ from = "codes/code[@type='EAN']", default = "" }}
        brand = {{ from = "brand", default = "" }}
        description = {{ from = "text", default = "" }}
        price = "price"
        currency = ["price/@currency", "../../../currency"]
        images = {{ from = "images/image", default = "" }}
        supplier_category = ["../../name", "../../@id"]
        attributes = "*""#
    ))
}

#[test]
fn rows_and_fields_are_found_by_path() {
    for rows in
        ["catalog/category/products/product", "/catalog/category/products/product", "//products/product"]
    {
        let read = read_bytes(SHOP.as_bytes(), &shop(rows));
        assert_eq!(read.delivery().products, 2, "{rows}: {read:?}");
        let tent = read.values("1");
        assert_eq!(tent.title.as_deref(), Some("Tält"));
        assert_eq!(tent.brand.as_deref(), Some("Fjällvind"));
        assert_eq!(tent.price.as_ref().unwrap().to_string(), "1299.00 SEK");
        assert_eq!(tent.gtin.as_ref().unwrap().to_string(), "04006381333931");
        assert_eq!(tent.images.len(), 2);
        assert_eq!(tent.supplier_category, ["Tält & tarp"]);
        let attributes: Vec<_> = tent.attributes.iter().map(|(k, v)| format!("{k}={v}")).collect();
        let expected =
            ["Color=red", "Weight=2.5 kg", "codes/code=77", "codes/code/@type=own", "dimensions/height=120"];
        assert!(expected.iter().all(|e| attributes.iter().any(|a| a == e)), "{attributes:?}");
        let bag = read.values("2");
        assert_eq!(bag.title.as_deref().map(|t| t.replace(' ', "")), Some("Säckstor".to_owned()));
        assert_eq!(bag.price.as_ref().unwrap().to_string(), "99.50 EUR");
        assert_eq!(bag.supplier_category, ["Bags"]);
        assert_eq!(bag.attributes["Volym"], "60 l");
        let text = bag.description.as_deref().unwrap();
        assert!(text.contains("En rymlig säck.") && text.contains("Tål regn."), "{text}");
        assert_eq!(read.product("1").provenance["title"].column.as_deref(), Some("name[@lang='sv']"));
    }
}

#[test]
fn properties_as_pairs_are_attributes_without_being_named() {
    let config = config(
        "format = { type = 'xml', rows = 'r/p' }\nfields = { sku = 'id', title = \"prop[@key='Name']\" }",
    );
    let text = "<r><p><id>1</id><prop key='Name'>Kanna</prop><prop key='Färg' value='röd'/><PARAM><PARAM_NAME>Mått</PARAM_NAME><VAL>3</VAL></PARAM><x>y</x></p></r>";
    let read = read_bytes(text.as_bytes(), &config);
    let attributes: Vec<_> = read.values("1").attributes.iter().map(|(k, v)| format!("{k}={v}")).collect();
    assert_eq!(attributes, ["Färg=röd", "Mått=3"]);
    assert_eq!(read.values("1").title.as_deref(), Some("Kanna"));
}

#[test]
fn a_named_container_gives_its_leaves() {
    let config = config(
        "format = { type = 'xml', rows = '//p' }\nfields = { sku = 'id', title = 'name', attributes = ['specs', 'colour'] }",
    );
    let text = "<r><p><id>1</id><name>Kanna</name><colour>röd</colour><specs><w>2</w><s name='Volym'>1 l</s></specs></p></r>";
    let read = read_bytes(text.as_bytes(), &config);
    let attributes: Vec<_> = read.values("1").attributes.iter().map(|(k, v)| format!("{k}={v}")).collect();
    assert_eq!(attributes, ["Volym=1 l", "colour=röd", "w=2"]);
}

#[test]
fn a_row_path_that_finds_nothing_names_the_likeliest() {
    let read = read_bytes(SHOP.as_bytes(), &shop("catalog/products/product"));
    assert!(read.problem().contains("catalog/category/products/product"), "{}", read.problem());
    for (rows, part) in [("a b", "format.rows"), ("", "format.rows"), ("a/@b", "format.rows")] {
        assert!(read_bytes(SHOP.as_bytes(), &shop(rows)).problem().contains(part), "{rows}");
    }
    let config = config("format = { type = 'xml', rows = '//p' }\nfields = { sku = 'a[', title = 'b' }");
    assert!(read_bytes(b"<p/>", &config).problem().contains("\"a[\" is no path"));
}

#[test]
fn rows_within_rows_are_parts_of_them_unless_the_outer_is_not_closed() {
    let config = config(
        "format = { type = 'xml', rows = '//product' }\nfields = { sku = 'id', title = 'name', attributes = '*' }",
    );
    let product = |n: u32, more: &str| format!("<product><id>{n}</id><name>P {n}</name>{more}</product>");
    let nested =
        format!("<r>{}{}</r>", product(1, &format!("<related>{}</related>", product(9, ""))), product(2, ""));
    let read = read_bytes(nested.as_bytes(), &config);
    assert_eq!(read.products().iter().map(|p| p.key.sku.as_str()).collect::<Vec<_>>(), ["1", "2"]);
    // Neither the first nor what is open in it is closed: the second is no part of it.
    let open = format!("<r><product><id>1</id><name>P 1<b>{}{}</r>", product(2, ""), product(3, ""));
    let read = read_bytes(open.as_bytes(), &config);
    assert_eq!(read.products().iter().map(|p| p.key.sku.as_str()).collect::<Vec<_>>(), ["2", "3"]);
    assert_eq!(read.errors()[0].sku.as_deref(), Some("1"));
    assert_eq!(read.delivery().rejected, 1);
}

#[test]
fn nothing_in_a_document_opens_a_door() {
    let shop = shop("//product");
    for name in ["broken/billion_laughs.xml", "broken/external_entity.xml"] {
        let read = read_file(&fixture(name), &shop);
        assert!(matches!(read.end, Err(berika_feeds::FeedProblem::Doctype { .. })), "{name} {:?}", read.end);
    }
    let deep = "<a>".repeat(200_000);
    let read = read_bytes(deep.as_bytes(), &shop);
    assert!(matches!(read.end, Err(berika_feeds::FeedProblem::TooDeep { .. })), "{:?}", read.end);
}
