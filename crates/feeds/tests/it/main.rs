//! Feeds read from files, as the pipeline reads them.
#![expect(clippy::unwrap_used, reason = "helpers of tests are tests")]

mod bmecat;
mod broken;
mod csv;
mod dialects;
mod encodings;
mod google;
mod google_table;
mod hostile;
mod ill_formed;
mod json;
mod magento;
mod mapping;
mod packing;
mod real_feeds;
mod roundtrip;
mod shopify;
mod suggest;
mod suggest_case;
mod support;
mod tables;
mod whole;
mod woocommerce;
mod xlsx;
mod xml;
