//! What every fuzz target does: the bytes are a delivery, and its sums must hold whatever they are.

use std::io::Write;
use std::ops::ControlFlow;

use berika_catalog::{Currency, DeliveryKind, SupplierId};
use berika_feeds::{DeliveryContext, FeedConfig, Limits};

/// Reads `bytes` as a delivery of `format`, a format section in TOML.
pub fn read(format: &str, bytes: &[u8]) {
    let config: FeedConfig = toml::from_str(&format!(
        "format = {{ {format} }}\n\
         [fields]\n\
         sku = {{ from = ['sku', 'id', 'g:id', 'SUPPLIER_PID'], default = 'x' }}\n\
         title = {{ from = ['title', 'g:title', 'DESCRIPTION_SHORT'], default = 'y' }}\n\
         gtin = {{ from = ['gtin', 'g:gtin'], default = '' }}\n\
         price = {{ from = ['price', 'g:price'], default = '' }}\n\
         description = {{ from = ['text', 'description'], default = '' }}\n\
         best_before = {{ from = ['date'], default = '' }}\n\
         images = {{ from = ['image'], default = '' }}\n\
         attributes = '*'\n"
    ))
    .expect("the configuration above is sound");
    let context = DeliveryContext {
        supplier: SupplierId::new("fuzz").expect("a sound name"),
        file: "fuzz".to_owned(),
        kind: DeliveryKind::Full,
        language: None,
        currency: Currency::parse("SEK").ok(),
    };
    // Small enough that the caps are met by small inputs.
    let limits = Limits {
        unpacked_bytes: 1 << 20,
        workbook_bytes: 4 << 20,
        rows: 10_000,
        columns: 1_000,
        cell_bytes: 4 << 10,
        row_bytes: 64 << 10,
        gathered_bytes: 16 << 10,
        depth: 30,
    };
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
    file.write_all(bytes).expect("room for it");
    let (mut rows, mut products) = (0, 0);
    let end = berika_feeds::read(file.path(), &config, &context, &limits, &mut |row| {
        rows += 1 + row.folded;
        if let Ok(product) = &row.outcome {
            products += 1;
            let fields: Vec<String> = product.values.fields().into_keys().collect();
            let origins: Vec<String> = product.provenance.keys().map(ToString::to_string).collect();
            assert_eq!(fields, origins);
            assert!(!product.key.sku.is_empty());
        }
        ControlFlow::Continue(())
    });
    if let Ok(delivery) = end {
        assert_eq!((delivery.rows, delivery.products), (rows, products));
        assert_eq!(delivery.rows, delivery.products + delivery.folded + delivery.rejected);
        assert!(rows > 0);
    }
}
