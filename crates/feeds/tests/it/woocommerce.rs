//! WooCommerce's product CSV.

use crate::support::*;

pub(crate) const FILE: &str = "\
ID,Type,SKU,Name,Published,Short description,Description,Stock,Weight (kg),Regular price,Categories,Tags,Images,Parent,Attribute 1 name,Attribute 1 value(s),Attribute 2 name,Attribute 2 value(s)
44,variable,TEE,Tee,1,Soft,\"<p>Wide</p>\",,0.5,,\"Clothing, Clothing > Tees\",summer,\"https://b/1.jpg, https://b/2.jpg\",,Size,\"S, M\",Brand,\"Asta\\, Co\"
45,variation,TEE-S,Tee - S,1,,,3,,19.90,,,https://b/s.jpg,TEE,Size,S,,
46,variation,,Tee - M,1,,,4,,19.90,,,,id:44,Size,M,,
47,variation,TEE-L,Tee - L,-1,,,4,,19.90,,,,TEE,Size,L,,
50,simple,,Cup,1,,,2,,9.90,Kitchen,,,,,,,
51,simple,HAT,Hat,-1,,,2,,9.90,,,,,,,,
52,variation,GONE-S,Gone - S,1,,,2,,9.90,,,,id:9,Size,S,,
";

#[test]
fn variations_are_folded_into_their_product() {
    let read = read_bytes(FILE.as_bytes(), &config("format.type = 'woocommerce'"));
    let delivery = read.delivery();
    assert_eq!((delivery.rows, delivery.products, delivery.folded, delivery.rejected), (7, 3, 2, 2));
    let tee = read.values("TEE");
    assert_eq!((tee.title.as_deref(), tee.description.as_deref()), (Some("Tee"), Some("Wide")));
    assert_eq!(tee.supplier_category, ["Clothing", "Tees"]);
    assert_eq!(tee.images, ["https://b/1.jpg", "https://b/2.jpg"]);
    let attributes: Vec<_> = tee.attributes.iter().map(|(k, v)| format!("{k}={v}")).collect();
    assert_eq!(attributes, ["Brand=Asta, Co", "Size=S, M", "Tags=summer", "Weight=0.5 kg"]);
    let variants: Vec<_> =
        tee.variants.iter().map(|v| (v.sku.as_str(), v.attributes["Size"].as_str())).collect();
    assert_eq!(variants, [("TEE-S", "S"), ("TEE/M", "M")]);
    assert_eq!(
        (tee.stock.unwrap().to_string(), tee.price.as_ref().unwrap().to_string()),
        ("7".into(), "19.90 SEK".into())
    );

    assert_eq!(read.values("id:50").title.as_deref(), Some("Cup"));
    // Its product is not in the file.
    assert_eq!(read.values("id:9").variants[0].sku, "GONE-S");
    let errors: Vec<_> = read.errors().iter().map(|e| (e.row, e.problem.kind())).collect();
    assert_eq!(errors, [(5, "not-for-sale"), (7, "not-for-sale")]);
}
