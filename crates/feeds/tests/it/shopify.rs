//! Shopify's product CSV: rows of variants and pictures, folded into their products.

use berika_catalog::Variant;
use proptest::prelude::*;

use crate::support::*;

fn shopify() -> berika_feeds::FeedConfig {
    config("format.type = 'shopify'")
}

/// Columns as an export of 2022 has them, and as one of 2025.
pub(crate) const OLD: &str = "Handle,Title,Body (HTML),Vendor,Product Category,Type,Tags,Published,Option1 Name,Option1 Value,\
    Option2 Name,Option2 Value,Variant SKU,Variant Grams,Variant Inventory Tracker,Variant Inventory Qty,Variant Price,\
    Variant Barcode,Image Src,Image Position,Google Shopping / Gender,Google Shopping / Condition,Variant Image,\
    Cost per item,Status\n";
const NEW: &str = "Title,URL handle,Description,Vendor,Product category,Type,Tags,Published on online store,Status,\
    SKU,Barcode,Option1 name,Option1 value,Option1 Linked To,Price,Inventory tracker,Inventory quantity,\
    Product image URL,Image position,Variant image URL,Material (product.metafields.custom.material),\
    Length (product.metafields.custom.length),Rating (product.metafields.reviews.rating)\n";

/// A shirt in three variants with four pictures, a cup without options, and a product that is not sold.
pub(crate) const ROWS: &str = "\
shirt,Linen shirt,<p>Light &amp; wide</p>,Asta,Apparel & Accessories > Clothing > Shirts,Summer,\"linen, men\",true,Colour,Blue,Size,M,S-BM,220,shopify,4,49.90,'4006381333931,https://b/2.jpg,2,male,new,https://b/v.jpg,21.00,active
shirt,,,,,,,,,Blue,,L,,220,shopify,6,49.90,,https://b/1.jpg,1,,,,21.00,
shirt,,,,,,,,,White,,M,,220,shopify,1,\"1,049.90\",,,,,,,21.00,
shirt,,,,,,,,,,,,,,,,,,https://b/3.jpg,3,,,,,
cup,Cup,,Asta,,Kitchen,,true,Title,Default Title,,,,0,,7,12.00,4006381333931,,,,used,,,active
hat,Hat,,Asta,,,,false,Title,Default Title,,,H-1,0,,7,12.00,,,,,,,,draft
hat,,,,,,,,,,,,,,,,,,https://b/h.jpg,2,,,,,
";

fn named(variant: &Variant) -> String {
    let options: Vec<_> = variant.attributes.iter().map(|(name, value)| format!("{name}={value}")).collect();
    format!("{} {}", variant.sku, options.join(" "))
}

#[test]
fn rows_of_a_handle_become_one_product() {
    let read = read_bytes(format!("{OLD}{ROWS}").as_bytes(), &shopify());
    let delivery = read.delivery();
    assert_eq!((delivery.rows, delivery.products, delivery.folded, delivery.rejected), (7, 2, 4, 1));
    assert_eq!(
        read.rows.iter().map(|row| (row.number, row.folded)).collect::<Vec<_>>(),
        [(2, 3), (6, 0), (7, 1)]
    );

    let shirt = read.values("shirt");
    assert_eq!(shirt.title.as_deref(), Some("Linen shirt"));
    assert_eq!(shirt.description.as_deref(), Some("Light & wide"));
    assert_eq!(shirt.brand.as_deref(), Some("Asta"));
    assert_eq!(shirt.supplier_category, ["Apparel & Accessories", "Clothing", "Shirts"]);
    assert_eq!(shirt.images, ["https://b/1.jpg", "https://b/2.jpg", "https://b/3.jpg"]);
    let attributes: Vec<_> = shirt.attributes.iter().map(|(k, v)| format!("{k}={v}")).collect();
    assert_eq!(attributes, ["Gender=male", "Tags=linen, men", "Type=Summer", "Weight=220 g"]);

    let variants: Vec<_> = shirt.variants.iter().map(named).collect();
    assert_eq!(
        variants,
        ["S-BM Colour=Blue Size=M", "shirt/Blue/L Colour=Blue Size=L", "shirt/White/M Colour=White Size=M"]
    );
    assert_eq!(shirt.variants[0].gtin.as_ref().unwrap().to_string(), "04006381333931");
    assert_eq!(shirt.variants[0].images, ["https://b/v.jpg"]);
    assert_eq!(shirt.variants[2].price.as_ref().unwrap().to_string(), "1049.90 SEK");
}

#[test]
fn variants_tell_the_products_price_and_stock_and_an_only_one_its_gtin() {
    let read = read_bytes(format!("{OLD}{ROWS}").as_bytes(), &shopify());
    let shirt = read.product("shirt");
    assert_eq!(shirt.values.price.as_ref().unwrap().to_string(), "49.90 SEK");
    assert_eq!(shirt.values.gtin, None, "the GTIN of one variant is not the product's");
    assert_eq!(shirt.values.stock.unwrap().to_string(), "11");
    assert_eq!(shirt.provenance["stock"].rule.as_deref(), Some("sum of variants"));
    assert_eq!(shirt.provenance["price"].column.as_deref(), Some("Variant Price"));
    assert_eq!((shirt.provenance["title"].row, shirt.provenance["variants"].row), (2, 2));

    let cup = read.values("cup");
    assert_eq!(cup.gtin.as_ref().unwrap().to_string(), "04006381333931");
    assert_eq!(cup.stock, None, "nobody counts it");
    assert_eq!(cup.supplier_category, ["Kitchen"]);
    assert_eq!(cup.variants.iter().map(named).collect::<Vec<_>>(), ["cup "], "a default title is no option");
    assert_eq!(cup.attributes["Condition"], "used");
}

#[test]
fn what_the_shop_does_not_sell_is_reported_and_not_listed() {
    let read = read_bytes(format!("{OLD}{ROWS}").as_bytes(), &shopify());
    let [error] = read.errors()[..] else { panic!("{read:?}") };
    assert_eq!(
        error.to_string(),
        "row 7, column \"Status\", value \"draft\": product \"hat\" is not for sale"
    );
    assert_eq!(error.sku, None);
    // Old exports have no status: being published decides.
    let old = "Handle,Title,Published,Variant Price\na,A,false,1\nb,B,true,1\n";
    let read = read_bytes(old.as_bytes(), &shopify());
    assert_eq!((read.products().len(), read.errors()[0].problem.kind()), (1, "not-for-sale"));
}

#[test]
fn the_new_column_names_and_metafields_are_read() {
    let rows = "\
Ring,ring,Gold,Asta,Apparel & Accessories > Jewelry,,,false,active,'000123,,Size,52,product.metafields.custom.size,99.00,shopify,2,https://b/r.jpg,1,,\"[\"\"gold\"\",\"\"silver\"\"]\",\"{\"\"value\"\":1.5,\"\"unit\"\":\"\"CENTIMETERS\"\"}\",\"{\"\"value\"\":\"\"4.5\"\"}\"
,ring,,,,,,,,R-54,,,54,,99.00,shopify,0,,,,,,
";
    let read = read_bytes(format!("{NEW}{rows}").as_bytes(), &shopify());
    let ring = read.values("ring");
    assert_eq!(ring.variants.iter().map(named).collect::<Vec<_>>(), ["000123 Size=52", "R-54 Size=54"]);
    let attributes: Vec<_> = ring.attributes.iter().map(|(k, v)| format!("{k}={v}")).collect();
    assert_eq!(attributes, ["Length=1.5 centimeters", "Material=gold, silver"]);
    assert_eq!(read.warnings(), Vec::<&berika_feeds::RowWarning>::new());
}

#[test]
fn a_file_in_another_order_gives_the_same_products() {
    let whole = read_bytes(format!("{OLD}{ROWS}").as_bytes(), &shopify());
    let mut lines: Vec<&str> = ROWS.lines().collect();
    // As a spreadsheet leaves it that was sorted by another column.
    lines.sort_by_key(|line| line.split(',').nth(9));
    let sorted = read_bytes(format!("{OLD}{}", lines.join("\n")).as_bytes(), &shopify());
    assert_eq!(sorted.delivery().folded, whole.delivery().folded);
    for sku in ["shirt", "cup"] {
        let (mut a, mut b) = (sorted.values(sku).clone(), whole.values(sku).clone());
        a.variants.sort_by(|x, y| x.sku.cmp(&y.sku));
        b.variants.sort_by(|x, y| x.sku.cmp(&y.sku));
        assert_eq!((&a.variants, &a.title, &a.images), (&b.variants, &b.title, &b.images));
    }
}

#[test]
fn rows_too_many_to_be_held_refuse_the_delivery_with_the_remedy() {
    let limits = berika_feeds::Limits { gathered_bytes: 2000, ..berika_feeds::Limits::default() };
    let rows = |apart: bool| {
        let pick = |i: usize| if apart { i % 40 } else { i / 2 };
        let lines = (0..80).map(|i| format!("p{0},P{0},,,,,,,Size,{i},,,,,,,9,,,,,,,,", pick(i)));
        format!("{OLD}{}", lines.collect::<Vec<_>>().join("\n"))
    };
    let read = read_with(file_of(rows(false).as_bytes()).path(), &shopify(), &context(), &limits);
    assert_eq!((read.delivery().products, read.delivery().folded), (40, 40));
    let read = read_with(file_of(rows(true).as_bytes()).path(), &shopify(), &context(), &limits);
    assert!(read.problem().contains("sort the file by \"Handle\""), "{}", read.problem());
}

#[test]
fn article_numbers_of_variants_are_made_unique() {
    let rows = "\
a,A,,,,,,,Size,S,,,X,,,,9,,,,,,,,
a,,,,,,,,,M,,,X,,,,9,,,,,,,,
a,,,,,,,,,L,,,#N/A,,,,9,,,,,,,,
a,,,,,,,,,XL,,,Y,,,,9,,,,,,,,
a,,,,,,,,,XXL,,,,,,,9,,,,,,,,
a,,,,,,,,,XXL,,,,,,,10,,,,,,,,
a,,,,,,,,,XXL,,,,,,,9,,,,,,,,
";
    let read = read_bytes(format!("{OLD}{rows}").as_bytes(), &shopify());
    let skus: Vec<_> = read.values("a").variants.iter().map(|v| v.sku.as_str()).collect();
    assert_eq!(skus, ["a/S", "a/M", "a/L", "Y", "a/XXL"]);
    let warned: Vec<_> = read.warnings().iter().map(|w| (w.row, w.problem.kind())).collect();
    assert_eq!(warned, [(2, "variant-sku"), (3, "variant-sku"), (4, "variant-sku")]);
    // The same row twice is one variant; one that says otherwise is reported.
    let [error] = read.errors()[..] else { panic!("{read:?}") };
    assert_eq!((error.row, error.problem.kind()), (7, "repeated"));
    assert_eq!(read.delivery().folded, 5);
}

#[test]
fn rows_that_cannot_be_used_lose_no_neighbour() {
    let rows = "\
a,A,,,,,,,Size,S,,,,,,,9,,,,,,,,
,,,,,,,,,M,,,,,,,9,,,,,,,,
a,,,too,few
a,Another,,,,,,,,L,,,,,,,nine,,,,,,,,
";
    let read = read_bytes(format!("{OLD}{rows}").as_bytes(), &shopify());
    assert_eq!(read.values("a").variants.len(), 2);
    let errors: Vec<_> = read.errors().iter().map(|e| (e.row, e.problem.kind(), e.sku.as_deref())).collect();
    assert_eq!(errors, [(3, "no-sku", None), (4, "ragged", Some("a"))]);
    let warned: Vec<_> =
        read.warnings().iter().map(|w| (w.row, w.field.as_str(), w.problem.kind())).collect();
    assert_eq!(warned, [(5, "title", "contradicted"), (5, "variants.price", "number")]);
    assert_eq!(read.delivery().folded, 1);
}

#[test]
fn a_suppliers_fields_go_before_the_exports() {
    let config = config(
        "format = { type = 'shopify' }\n[fields]\nbrand = { constant = 'Asta AB' }\nprice = 'Cost per item'\n\
         attributes = ['Type']",
    );
    let read = read_bytes(format!("{OLD}{ROWS}").as_bytes(), &config);
    let shirt = read.values("shirt");
    assert_eq!((shirt.brand.as_deref(), shirt.title.as_deref()), (Some("Asta AB"), Some("Linen shirt")));
    assert_eq!(shirt.variants[1].price.as_ref().unwrap().to_string(), "21.00 SEK");
    assert_eq!(shirt.attributes.keys().collect::<Vec<_>>(), ["Type"]);

    let renamed = crate::support::config("format.type = 'shopify'\nfields.brand = 'Vendors'");
    let read = read_bytes(format!("{OLD}{ROWS}").as_bytes(), &renamed);
    assert!(read.problem().contains("did the supplier rename it to \"Vendor\"?"), "{}", read.problem());
    let other = read_bytes(b"Handles,Title\na,A\n", &shopify());
    assert!(other.problem().contains("column \"Handle\", mapped to sku"), "{}", other.problem());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn products_do_not_depend_on_the_order_of_rows(
        (rows, shuffled) in proptest::collection::vec(0usize..6, 1..40).prop_flat_map(|products| {
            let line = |(i, p): (usize, usize)| format!("p{p},P{p},,,,,,,Size,{i},,,V{i},,shopify,{i},9,,https://b/{i}.jpg,{i},,,,,");
            let rows: Vec<String> = products.into_iter().enumerate().map(line).collect();
            (Just(rows.clone()), Just(rows).prop_shuffle())
        }),
    ) {
        let products = |rows: &[String]| {
            let read = read_bytes(format!("{OLD}{}", rows.join("\n")).as_bytes(), &shopify());
            assert_eq!(read.delivery().rows, rows.len() as u64);
            let product = |product: &&berika_catalog::ProductRecord| {
                let mut values = product.values.clone();
                values.variants.sort_by(|a, b| a.sku.cmp(&b.sku));
                // The first variant's is the product's.
                values.price = None;
                (product.key.sku.clone(), values)
            };
            let mut products: Vec<_> = read.products().iter().map(product).collect();
            products.sort_by(|a, b| a.0.cmp(&b.0));
            products
        };
        prop_assert_eq!(products(&rows), products(&shuffled));
    }
}
