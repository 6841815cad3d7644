//! How long `berika run` takes from a feed to delivered webhooks, stage by stage, beside what the encoder alone does.
//!
//! `cargo run --release -p berika-cli --example run_speed -- BERIKA [ROWS [TITLES.jsonl...]]` runs the program BERIKA four
//! times on one store: on a fresh one, on the same feed again, with every price changed, and with one title in a hundred
//! changed. A receiver on loopback verifies every webhook. Titles are taken from the files in their order, each line an
//! object with `title` and perhaps `brand`; without files they are made up.

#![expect(clippy::print_stdout, reason = "a program for people")]

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, bail};
use berika_catalog::{Clock as _, ProductValues, SystemClock};
use berika_embed::Cpu;
use berika_pipeline::{ChosenPrecision, Encoder, PrecisionSetting};
use berika_testkit::{ReceiverOptions, WebhookReceiver};
use serde_json::Value;

const SECRET: &str = "whsec_c2lnbmVkLWJ5LXRoZS10ZXN0cy1vbi1sb29wYmFjaw==";
const MODEL: &str = "sentence-transformers/all-MiniLM-L6-v2";

struct Product {
    title: String,
    brand: String,
}

fn main() -> anyhow::Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [program, rest @ ..] = args.as_slice() else {
        bail!("usage: run_speed BERIKA [ROWS [TITLES.jsonl...]]")
    };
    let rows = rest.first().map_or(Ok(20_000), |rows| rows.parse())?;
    let mut products = products(rows, rest.get(1..).unwrap_or_default())?;
    let folder = tempfile::tempdir()?;
    let seconds = || SystemClock.now().as_second();
    let shop = WebhookReceiver::start(ReceiverOptions::new(SECRET, seconds))?;
    configure(folder.path(), &shop.url())?;

    let alone = alone(&products)?;
    println!("encoder alone: {} texts in {:.2} s, {:.0} texts/s", rows, alone, rows as f64 / alone);
    let mut runs = Runs { program, folder: folder.path(), shop: &shop, seen: 0 };
    let fresh = runs.run("fresh store", &products, 0)?;
    println!("the run is {:.0} % of the encoder's own speed\n", 100.0 * alone / fresh);
    runs.run("the same feed again", &products, 0)?;
    runs.run("every price changed", &products, 1)?;
    for product in products.iter_mut().step_by(100) {
        product.title.push_str(" (new)");
    }
    runs.run("one title in a hundred changed", &products, 1)?;
    if !shop.unverified().is_empty() {
        bail!("{} webhooks could not be verified", shop.unverified().len());
    }
    Ok(())
}

/// Titles of the files again and again, from the second time on with a number, so that no two products are equal.
fn products(rows: usize, files: &[String]) -> anyhow::Result<Vec<Product>> {
    let mut known = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {file}"))?;
        for line in text.lines() {
            let value: Value = serde_json::from_str(line)?;
            let field = |name: &str| value[name].as_str().unwrap_or_default().replace(['"', '\n', '\r'], " ");
            known.push(Product { title: field("title"), brand: field("brand") });
        }
    }
    if known.is_empty() {
        let things = ["Cordless drill", "Ground coffee, medium roast", "Bed linen with zip", "Toy train"];
        let kinds = ["", " for professionals", ", organic", " made of oak and steel", " with two batteries"];
        let sizes = ["500 g", "2 x 100 ml", "size XL", "18 V", "140 x 200 cm", "6 pack", "blue"];
        for at in 0..things.len() * kinds.len() * sizes.len() {
            let (thing, kind) = (things[at % things.len()], kinds[at / things.len() % kinds.len()]);
            let title = format!("{thing}{kind}, {}", sizes[at % sizes.len()]);
            known.push(Product { title, brand: ["Nordmat", "Acme", "Fjord"][at % 3].to_owned() });
        }
    }
    let product = |at: usize| {
        let Product { title, brand } = &known[at % known.len()];
        let round = at / known.len();
        let title = if round == 0 { title.clone() } else { format!("{title} no. {round}") };
        Product { title, brand: brand.clone() }
    };
    Ok((0..rows).map(product).collect())
}

fn configure(folder: &Path, shop: &str) -> anyhow::Result<()> {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
    let text = format!(
        r#"
taxonomy = {{ path = {taxonomy:?} }}
markets = [{{ language = "en", country = "IE", currency = "EUR" }}]
policy = {{ without_evidence = {{ accept_above = 0.0 }} }}
network = {{ allow = ["127.0.0.0/8"] }}
model = {{ id = "{MODEL}" }}

[[suppliers]]
id = "many"
delivery = "full"
language = "en"
currency = "EUR"
source = {{ path = "feed.csv" }}
format = {{ type = "csv" }}
fields = {{ sku = "sku", title = "title", brand = "brand", price = "price", stock = "stock" }}

[[endpoints]]
id = "shop"
url = "{shop}"
secret_env = "SHOP_SECRET"
"#,
        taxonomy = fixtures.join("taxonomy.jsonl")
    );
    Ok(std::fs::write(folder.join("berika.toml"), text)?)
}

/// How long the encoder takes for the products' texts, loaded and warm.
fn alone(products: &[Product]) -> anyhow::Result<f64> {
    let cache = berika_models::default_cache_dir().context("no folder for models")?;
    let folder = berika_models::ensure(MODEL, &cache, &(), &berika_models::Options::default())?;
    let precision = ChosenPrecision::of(PrecisionSetting::Auto, None, Cpu::detected())?.precision;
    let encoder = Encoder::load_folder(&folder, MODEL, precision, 0)?;
    let texts: Vec<String> = products
        .iter()
        .map(|Product { title, brand }| {
            let brand = Some(brand.clone()).filter(|brand| !brand.is_empty());
            let values = ProductValues { title: Some(title.clone()), brand, ..ProductValues::default() };
            encoder.product_text(&values)
        })
        .collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    encoder.embed_here(&texts[..texts.len().min(500)])?;
    let began = Instant::now();
    encoder.embed_here(&texts)?;
    println!("{}, {} threads", encoder.recipe(), encoder.threads());
    Ok(began.elapsed().as_secs_f64())
}

struct Runs<'a> {
    program: &'a str,
    folder: &'a Path,
    shop: &'a WebhookReceiver,
    seen: usize,
}

impl Runs<'_> {
    /// Runs the program on these products and prints what it says. Returns how long it took in all.
    fn run(&mut self, what: &str, products: &[Product], price: usize) -> anyhow::Result<f64> {
        let mut feed = String::from("sku,title,brand,price,stock\n");
        for (at, Product { title, brand }) in products.iter().enumerate() {
            writeln!(
                feed,
                "A{at:06},\"{title}\",\"{brand}\",{}.{:02},{}",
                1 + at % 200 + price,
                at % 100,
                at % 40
            )?;
        }
        std::fs::write(self.folder.join("feed.csv"), feed)?;
        let began = Instant::now();
        let output = Command::new(self.program)
            .args(["run", "--json", "--config"])
            .arg(self.folder.join("berika.toml"))
            .env("SHOP_SECRET", SECRET)
            .output()?;
        let took = began.elapsed().as_secs_f64();
        if !output.status.success() {
            bail!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        }
        let report: Value = serde_json::from_slice(&output.stdout)?;
        println!("{what}: {took:.2} s");
        for stage in report["stages"].as_array().into_iter().flatten() {
            let name = stage["stage"].as_str().unwrap_or_default();
            println!(
                "    {name:12} {:>7} {:>8.2} s",
                stage["items"],
                stage["took"].as_f64().unwrap_or_default()
            );
        }
        println!("    texts: {}", report["texts"]);
        println!("    webhooks received: {}\n", self.shop.count() - self.seen);
        self.seen = self.shop.count();
        Ok(took)
    }
}
