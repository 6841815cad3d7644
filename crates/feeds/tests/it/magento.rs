//! The product CSV of Magento 2 and Adobe Commerce.

use berika_feeds::DeliveryContext;

use crate::support::*;

fn magento() -> berika_feeds::FeedConfig {
    config("format.type = 'magento'")
}

pub(crate) const HEADER: &str = "sku,store_view_code,product_type,categories,name,description,short_description,weight,\
    product_online,visibility,price,special_price,base_image,additional_images,additional_attributes,qty,\
    configurable_variations,configurable_variation_labels\n";

pub(crate) const ROWS: &str = "\
T-M,,simple,,Tee M,,,0.200,1,Not Visible Individually,19.90,,/t/m.jpg,,\"colour=Blue,ean=4006381333931,size=M\",5,,
JUG,,simple,\"Default Category/Kitchen,Default Category/Kitchen/Jugs, Pots,Default Category/Sale\",Jug,<b>Tall</b>,,1.5000,1,\"Catalog, Search\",129.00,99.00,/j/1.jpg,\"/j/1.jpg,/j/2.jpg\",\"brand=Asta,care=Wash, dry,has_options=0,material=Glass|Steel,mpn=J-1\",3,,
TEE,,configurable,Default Category/Clothes,Tee,,Soft,,1,\"Catalog, Search\",0.00,,/t/t.jpg,no_selection,\"fit=\"\"Slim, long\"\"\",0,\"sku=T-M,size=M,colour=Blue|sku=T-L,size=L,colour=Blue|sku=T-X,size=XL,colour=Blue\",\"size=Size,colour=Colour\"
T-L,,simple,,Tee L,,,0.200,1,Not Visible Individually,21.90,,,,,4,,
T-S,,simple,,Tee S,,,,1,Not Visible Individually,21.90,,,,,4,,
TEE,sv,,,Tröja,Mjuk,,,,,,,,,,,,
TEE,de,,,Hemd,Weich,,,,,,,,,,,,
OLD,,simple,,Old,,,,2,\"Catalog, Search\",5,,,,,1,,
";

#[test]
fn variants_are_folded_into_their_configurable_product() {
    let read = read_bytes(format!("{HEADER}{ROWS}").as_bytes(), &magento());
    let delivery = read.delivery();
    assert_eq!((delivery.rows, delivery.products, delivery.folded, delivery.rejected), (8, 2, 4, 2));
    let tee = read.product("TEE");
    assert_eq!(tee.values.title.as_deref(), Some("Tee"));
    assert_eq!(tee.values.description.as_deref(), Some("Soft"));
    assert_eq!(tee.values.supplier_category, ["Clothes"]);
    assert_eq!(tee.values.images, ["/t/t.jpg"]);
    assert_eq!(tee.values.attributes["fit"], "Slim, long");
    assert_eq!(tee.provenance["title"].row, 4);

    let [m, l, x] = &tee.values.variants[..] else { panic!("{tee:?}") };
    assert_eq!((m.sku.as_str(), l.sku.as_str(), x.sku.as_str()), ("T-M", "T-L", "T-X"));
    assert_eq!((m.attributes["Size"].as_str(), m.attributes["Colour"].as_str()), ("M", "Blue"));
    assert_eq!(m.gtin.as_ref().unwrap().to_string(), "04006381333931");
    assert_eq!((m.images.len(), m.stock.unwrap().to_string()), (1, "5".to_owned()));
    assert_eq!(l.price.as_ref().unwrap().to_string(), "21.90 SEK");
    // The file has no row of it.
    assert_eq!((x.attributes["Size"].as_str(), &x.price, &x.stock), ("XL", &None, &None));

    assert_eq!(tee.values.price.as_ref().unwrap().to_string(), "19.90 SEK");
    assert_eq!((tee.values.stock, &tee.values.gtin), (None, &None), "of one variant no stock is known");
}

#[test]
fn lists_and_additional_attributes_are_taken_apart() {
    let read = read_bytes(format!("{HEADER}{ROWS}").as_bytes(), &magento());
    let jug = read.values("JUG");
    assert_eq!(jug.supplier_category, ["Kitchen", "Jugs, Pots"]);
    assert_eq!(jug.images, ["/j/1.jpg", "/j/2.jpg"]);
    assert_eq!((jug.brand.as_deref(), jug.mpn.as_deref()), (Some("Asta"), Some("J-1")));
    assert_eq!(jug.price.as_ref().unwrap().to_string(), "129.00 SEK", "special prices are for a time");
    let attributes: Vec<_> = jug.attributes.iter().map(|(k, v)| format!("{k}={v}")).collect();
    assert_eq!(attributes, ["care=Wash, dry", "material=Glass, Steel", "weight=1.5"]);
    assert!(jug.variants.is_empty());
}

#[test]
fn what_is_not_sold_by_itself_is_reported() {
    let read = read_bytes(format!("{HEADER}{ROWS}").as_bytes(), &magento());
    let errors: Vec<_> = read.errors().iter().map(|e| (e.row, e.value.clone().unwrap())).collect();
    assert_eq!(errors, [(6, "Not Visible Individually".to_owned()), (9, "2".to_owned())]);
    assert!(read.errors().iter().all(|e| e.problem.kind() == "not-for-sale" && e.sku.is_none()));
    let rows = "A,,configurable,,A,,,,1,,,,,,,,\"sku=A-1,size=1|sku=A-2,size=2\",\n\
        A-1,,simple,,A 1,,,,2,,1,,,,,,,\nA-2,,simple,,A 2,,,,1,,1,,,,,,,\nA-2,,simple,,A 3,,,,1,,1,,,,,,,\n";
    let read = read_bytes(format!("{HEADER}{rows}").as_bytes(), &magento());
    assert_eq!(read.delivery().folded, 1);
    let kinds: Vec<_> = read.errors().iter().map(|e| (e.row, e.problem.kind())).collect();
    assert_eq!(kinds, [(3, "not-for-sale"), (5, "repeated")]);
    assert_eq!(read.values("A").variants.len(), 1);
}

#[test]
fn texts_of_the_suppliers_language_go_before_the_default_ones() {
    let context = DeliveryContext { language: Some("sv".to_owned().try_into().unwrap()), ..context() };
    let file = file_of(format!("{HEADER}{ROWS}").as_bytes());
    let read = read_with(file.path(), &magento(), &context, &berika_feeds::Limits::default());
    let tee = read.values("TEE");
    assert_eq!((tee.title.as_deref(), tee.description.as_deref()), (Some("Tröja"), Some("Mjuk")));
    let warned: Vec<_> = read.warnings().iter().map(|w| (w.row, w.problem.kind())).collect();
    assert_eq!(warned, [(8, "store-view")]);
}

#[test]
fn rules_may_name_additional_attributes_as_columns() {
    let config = config("format.type = 'magento'\nfields.mpn = 'additional_attributes.material'");
    let read = read_bytes(format!("{HEADER}{ROWS}").as_bytes(), &config);
    let jug = read.product("JUG");
    assert_eq!(
        (jug.values.mpn.as_deref(), jug.values.brand.as_deref()),
        (Some("Glass, Steel"), Some("Asta"))
    );
    assert_eq!(jug.provenance["mpn"].column.as_deref(), Some("additional_attributes.material"));
}
