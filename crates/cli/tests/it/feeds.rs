//! Bad input: each delivery fails or loses rows by itself, is named, and keeps nobody else from coming in.

use std::io::Write as _;
use std::path::Path;

use berika_testkit::Behaviour;
use serde_json::Value;

use crate::assortment::{CSV_FIELDS, csv, rows};
use crate::support::{ACCEPT_ALL, Company, Done, closed_port, endpoint, supplier};

/// The mapping of `fixtures/feeds/broken/*.csv`.
const SWEDISH: &str = "sku = \"Artikelnr\"\ntitle = \"Benämning\"\ngtin = \"EAN\"\nprice = \"Pris\"\n";

const CSV: &str = "type = \"csv\"\ndecimal_comma = true";

fn broken(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/feeds/broken");
    std::fs::read(folder.join(name)).unwrap()
}

/// A company whose suppliers each send one odd file; `good` sends a good one.
struct Many {
    company: Company,
    suppliers: Vec<String>,
}

impl Many {
    fn new() -> Self {
        let company = Company::new();
        company.feed("good.csv", csv(&rows()[..10]));
        let suppliers = vec![company.csv_supplier("good")];
        Self { company, suppliers }
    }

    /// Adds a supplier whose feed is `id.extension` with these bytes.
    fn sends(
        &mut self,
        id: &str,
        extension: &str,
        bytes: impl AsRef<[u8]>,
        format: &str,
        fields: &str,
    ) -> &mut Self {
        let name = format!("{id}.{extension}");
        self.company.feed(&name, bytes);
        let url = self.company.suppliers.url(&format!("/{name}"));
        self.suppliers.push(supplier(id, "full", &url, format, fields, ""));
        self
    }

    /// Adds a supplier whose good CSV feed is served like this.
    fn behaves(&mut self, id: &str, behaviour: Behaviour) -> &mut Self {
        self.sends(id, "csv", csv(&rows()), "type = \"csv\"", CSV_FIELDS);
        self.company.suppliers.always(&format!("/{id}.csv"), behaviour);
        self
    }

    /// Changes the last supplier's section.
    fn with(&mut self, old: &str, new: &str) {
        let last = self.suppliers.last_mut().unwrap();
        assert!(last.contains(old));
        *last = last.replace(old, new);
    }

    fn run(&self, code: i32) -> Done {
        let shop = endpoint("shop", &self.company.shop.url(), "");
        self.company.configure(&self.suppliers, &[shop], ACCEPT_ALL);
        let done = self.company.run().with_code(code);
        let good = done.supplier("good")["outcome"].clone();
        assert_eq!(
            (good["delivery"].as_str(), good["counts"]["stored"].as_u64()),
            (Some("taken-in"), Some(10))
        );
        for supplier in done.json()["suppliers"].as_array().unwrap() {
            let counts = &supplier["outcome"]["counts"];
            let count = |name: &str| counts[name].as_u64().unwrap_or_default();
            assert_eq!(count("read"), count("stored") + count("folded") + count("refused"), "{supplier}");
        }
        done
    }
}

/// A supplier's delivery failed, and the message says all of this.
#[track_caller]
fn failed(done: &Done, id: &str, parts: &[&str]) -> Value {
    let outcome = done.supplier(id)["outcome"].clone();
    assert_eq!(outcome["delivery"], "failed", "{outcome}");
    let error = outcome["error"].as_str().unwrap();
    let problems = done.problems();
    assert!(problems.contains(error), "{problems}");
    for part in [&format!("supplier {id}"), &format!("/{id}.")]
        .into_iter()
        .map(String::as_str)
        .chain(parts.iter().copied())
    {
        assert!(error.contains(part), "{id}: no {part:?} in {error:?}");
    }
    outcome
}

/// A delivery was taken in with so many rows read, stored, folded and refused, and its reports say all of this.
#[track_caller]
fn taken_in(done: &Done, id: &str, sums: [u64; 4], parts: &[&str]) {
    let outcome = done.supplier(id)["outcome"].clone();
    assert_eq!(outcome["delivery"], "taken-in", "{id}: {outcome}");
    let counts =
        ["read", "stored", "folded", "refused"].map(|name| outcome["counts"][name].as_u64().unwrap());
    assert_eq!(counts, sums, "{id}: {outcome}");
    let reports = outcome["examples"].to_string();
    for part in parts {
        assert!(reports.contains(part), "{id}: no {part:?} in {reports}");
    }
}

#[test]
fn a_delivery_that_cannot_be_read_is_named_and_the_others_come_in() {
    let mut many = Many::new();
    many.sends("empty", "csv", broken("empty.csv"), CSV, SWEDISH);
    many.sends("header", "csv", broken("header_only.csv"), CSV, SWEDISH);
    many.sends("login", "csv", broken("html_instead.csv"), CSV, SWEDISH);
    many.sends("renamed", "csv", broken("changed_header.csv"), CSV, SWEDISH);
    many.sends("cutzip", "csv.gz", broken("truncated.csv.gz"), CSV, SWEDISH);
    many.sends(
        "cutjson",
        "json",
        broken("truncated.json"),
        "type = \"json\"\nrecords = \"/products\"",
        "sku = \"sku\"\ntitle = \"name\"",
    );
    many.sends("laughs", "xml", broken("billion_laughs.xml"), "type = \"google\"", "");
    many.sends("entity", "xml", broken("external_entity.xml"), "type = \"google\"", "");
    many.sends("nozip", "xlsx", broken("not_a_zip.xlsx"), "type = \"xlsx\"", SWEDISH);
    many.sends("bomb", "csv.gz", gzip_bomb(), "type = \"csv\"", CSV_FIELDS);
    many.with("timeout_seconds = 20", "timeout_seconds = 20\nmax_unpacked_megabytes = 1");
    let done = many.run(2);

    failed(&done, "empty", &["the file is empty"]);
    failed(&done, "header", &["no rows"]);
    failed(&done, "login", &["expected CSV", "a web page", "Logga in"]);
    failed(&done, "renamed", &["\"Artikelnr\"", "sku", "not in the header"]);
    failed(&done, "cutzip", &["the gzip file is cut off"]);
    let outcome = failed(&done, "cutjson", &["not valid JSON at line 4"]);
    assert_eq!(outcome["counts"]["stored"], 2, "items before the cut are good");
    failed(&done, "laughs", &["line ", "declares entities or a DTD of its own, which are refused"]);
    failed(&done, "entity", &["line ", "declares entities or a DTD of its own, which are refused"]);
    let host = std::fs::read_to_string("/etc/hostname").unwrap_or_default();
    assert!(host.trim().is_empty() || !done.out.contains(host.trim()));
    failed(&done, "nozip", &[]);
    failed(&done, "bomb", &["more than 1048576 bytes when unpacked"]);
}

#[test]
fn a_delivery_that_does_not_arrive_is_named_and_the_others_come_in() {
    let mut many = Many::new();
    // Four are fetched at a time: first those that take their time.
    many.behaves("hangs", Behaviour::Hang).with("timeout_seconds = 20", "timeout_seconds = 1");
    many.behaves("drips", Behaviour::Drip).with("timeout_seconds = 20", "timeout_seconds = 1");
    many.suppliers.push(supplier("off", "full", &format!("{}off.csv", closed_port()), CSV, SWEDISH, ""));
    many.behaves("error", Behaviour::Status(500));
    many.behaves("cut", Behaviour::Truncate);
    many.behaves("gone", Behaviour::Status(404));
    many.behaves("vast", Behaviour::Endless)
        .with("timeout_seconds = 20", "timeout_seconds = 20\nmax_megabytes = 1");
    many.suppliers.push(supplier("local", "full", "", CSV, SWEDISH, ""));
    many.with("url = \"\"", "path = \"nowhere/local.csv\"");
    let done = many.run(2);

    failed(&done, "cut", &[]);
    failed(&done, "gone", &["404"]);
    failed(&done, "error", &["500"]);
    failed(&done, "hangs", &["1 s"]);
    failed(&done, "drips", &["1 s"]);
    failed(&done, "vast", &[]);
    failed(&done, "off", &["refused"]);
    failed(&done, "local", &["No such file"]);
    assert_eq!(many.company.suppliers.count("/gone.csv"), 1, "404 does not pass");
    assert_eq!(many.company.suppliers.count("/error.csv"), 4, "500 may pass");

    // What was cut off is fetched again whole, and nothing of the failure is left.
    many.company.suppliers.normal("/cut.csv");
    let done = many.company.berika(&["run", "--supplier", "cut", "--json"]).with_code(0);
    taken_in(&done, "cut", [40, 40, 0, 0], &[]);
}

#[test]
fn a_bad_row_is_reported_with_its_place_and_its_neighbours_come_in() {
    let mut many = Many::new();
    many.sends("ragged", "csv", broken("ragged.csv"), CSV, SWEDISH);
    many.sends("nul", "csv", broken("nul_bytes.csv"), CSV, SWEDISH);
    many.sends("twice", "csv", broken("duplicate_skus.csv"), CSV, SWEDISH);
    many.sends(
        "far",
        "xlsx",
        broken("far_cells.xlsx"),
        "type = \"xlsx\"",
        "sku = \"Artikelnr\"\ntitle = \"Artikelnr\"",
    );
    many.sends("huge", "csv", huge_cell(), "type = \"csv\"", CSV_FIELDS);
    many.sends("wide", "csv", five_thousand_columns(), "type = \"csv\"", CSV_FIELDS);
    // Refused rows are reported; there is nothing to wait for and nothing to try again.
    let done = many.run(0);

    taken_in(
        &done,
        "ragged",
        [7, 5, 0, 2],
        &["row 3", "R-2", "the last 2 cells are missing", "row 4", "6 cells where the header has 4", "row 7"],
    );
    taken_in(&done, "nul", [4, 3, 0, 1], &["row 3", "row 4", "Benämning", "NUL bytes were taken out"]);
    taken_in(&done, "twice", [7, 4, 1, 2], &["row 6", "D-2", "row 7", "D-1", "the first row was kept"]);
    taken_in(&done, "far", [1, 0, 0, 1], &["row 1048576", "slut", "columns without a header"]);
    taken_in(&done, "huge", [3, 2, 0, 1], &["row 3", "title", "10485760 bytes"]);
    taken_in(&done, "wide", [2, 2, 0, 0], &[]);
}

/// Three good rows, the second with a title of 10 MB.
fn huge_cell() -> String {
    let mut three = rows()[..3].to_vec();
    three[1].title = "x".repeat(10 << 20);
    csv(&three)
}

/// Two good rows with 4,994 columns that nobody asked for.
fn five_thousand_columns() -> String {
    let widen = |(at, line): (usize, &str)| {
        let more: String =
            (0..4_994).map(|n| if at == 0 { format!(",c{n}") } else { ",v".to_owned() }).collect();
        format!("{line}{more}\n")
    };
    csv(&rows()[..2]).lines().enumerate().map(widen).collect()
}

/// 30 MB in 30 rows, packed to a few kilobytes.
fn gzip_bomb() -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(b"sku,title,brand,category,price,stock,note\n").unwrap();
    for n in 0..30 {
        write!(packed, "B{n},Bag {n},,,1.00,1,").unwrap();
        packed.write_all(&vec![b'a'; 1_000_000]).unwrap();
        packed.write_all(b"\n").unwrap();
    }
    packed.finish().unwrap()
}
