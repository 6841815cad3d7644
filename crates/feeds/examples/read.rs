//! Reads one file and prints what came of it: `cargo run --release -p berika-feeds --example read -- FEED.toml FILE`.
//!
//! `FEED.toml` has the sections `[format]` and `[fields]` of a supplier.
#![expect(clippy::print_stdout, reason = "printing is what it does")]

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Instant;

use berika_catalog::{Currency, DeliveryKind, SupplierId};
use berika_feeds::{DeliveryContext, FeedConfig, Limits};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(config), Some(file)) = (arguments.next(), arguments.next()) else {
        return Err("usage: read FEED.toml FILE".into());
    };
    let config: FeedConfig = toml::from_str(&std::fs::read_to_string(config)?)?;
    let context = DeliveryContext {
        supplier: SupplierId::new("example")?,
        file: file.clone(),
        kind: DeliveryKind::Full,
        language: None,
        currency: Some(Currency::parse("EUR")?),
    };
    let mut kinds: BTreeMap<String, u64> = BTreeMap::new();
    let mut shown = 0;
    let start = Instant::now();
    let read = berika_feeds::read(Path::new(&file), &config, &context, &Limits::default(), &mut |row| {
        for warning in &row.warnings {
            *kinds.entry(format!("warning {}", warning.problem.kind())).or_default() += 1;
        }
        match &row.outcome {
            Ok(product) if shown < 2 => {
                shown += 1;
                println!("{}", serde_json::to_string_pretty(&product.values).unwrap_or_default());
            }
            Ok(_) => {}
            Err(error) => {
                let seen = kinds.entry(format!("error {}", error.problem.kind())).or_default();
                *seen += 1;
                if *seen <= 3 {
                    println!("{error}");
                }
            }
        }
        ControlFlow::Continue(())
    });
    let seconds = start.elapsed().as_secs_f64();
    let delivery = read?;
    println!("{delivery:#?}\n{kinds:#?}");
    println!("{:.2} s, {:.0} rows/s", seconds, delivery.rows as f64 / seconds);
    Ok(())
}
