//! Random sequences of what suppliers, people and operations do, cut off by `kill -9` now and then, against a small model of
//! the rules: no edit and no decision is ever lost, no product shows a category that does not exist, versions rise by one, and
//! what is published is what was told.
//!
//! `BERIKA_TEST_CASES=50` tries more sequences.

mod model;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::process::Stdio;
use std::time::Duration;

use berika_catalog::{CategoryId, ProductKey};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};

use crate::assortment::{CSV_FIELDS, LEAVES, rows};
use crate::support::{Company, Done, Event, endpoint, events};
use model::{Change, Decided, FIELDS, Item, Model};

const CASES: u64 = 3;
const STEPS: usize = 14;

/// A company, the model of it, and what was done so far.
struct World {
    company: Company,
    model: Model,
    random: StdRng,
    /// The first line says with which seed.
    done: Vec<String>,
    accept_above: f32,
    /// The last application, with what it changed of the taxonomy; `None` where there is none to take back.
    application: Option<(String, Option<Change>)>,
    /// Published versions at the last look.
    versions: BTreeMap<String, i64>,
    /// Whether something was killed since: events may coalesce then.
    killed: bool,
}

impl World {
    fn new(seed: u64) -> Self {
        let mut model =
            Model { leaves: LEAVES.iter().map(|leaf| leaf.0.to_owned()).collect(), ..Model::default() };
        for (at, row) in rows().into_iter().enumerate().filter(|(at, _)| at % 2 == 0) {
            let supplier = if at % 4 == 0 { "alfa" } else { "beta" };
            let fields = BTreeMap::from([
                ("title", row.title.clone()),
                ("brand", row.brand.clone()),
                ("price", "12.00".to_owned()),
                ("stock", "7".to_owned()),
            ]);
            model.products.insert(format!("{supplier}/{}", row.sku), Item { fields, ..Item::default() });
        }
        let random = StdRng::seed_from_u64(seed);
        let mut world = Self {
            company: Company::new(),
            model,
            random,
            done: vec![format!("seed {seed}")],
            accept_above: 0.3,
            application: None,
            versions: BTreeMap::new(),
            killed: false,
        };
        world.configure();
        world.feeds();
        world.run();
        world
    }

    fn configure(&self) {
        let suppliers = [self.company.csv_supplier("alfa"), self.company.csv_supplier("beta")];
        let policy = format!("[policy]\nwithout_evidence = {{ accept_above = {:.2} }}\n", self.accept_above);
        let shop = endpoint("shop", &self.company.shop.url(), "");
        self.company.configure(&suppliers, &[shop], &policy);
    }

    fn feeds(&self) {
        assert!(CSV_FIELDS.contains("title"));
        for supplier in ["alfa", "beta"] {
            let mut text = "sku,title,brand,category,price,stock\n".to_owned();
            for (key, Item { fields, .. }) in &self.model.products {
                let Some(sku) = key.strip_prefix(&format!("{supplier}/")) else { continue };
                let (title, brand) = (&fields["title"], &fields["brand"]);
                writeln!(text, "{sku},{title},{brand},,{},{}", fields["price"], fields["stock"]).unwrap();
            }
            self.company.feed(&format!("{supplier}.csv"), text);
        }
    }

    /// Runs a command to its end; now and then it is killed before, once or more.
    fn finish(&mut self, arguments: &[&str]) -> Done {
        while self.random.random_bool(0.3) {
            let mut command = self.company.command(arguments);
            let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            let after = self.random.random_range(0..900);
            std::thread::sleep(Duration::from_millis(after));
            child.kill().unwrap();
            child.wait().unwrap();
            self.done.push(format!("  killed after {after} ms"));
            self.killed = true;
        }
        self.company.berika(arguments)
    }

    fn run(&mut self) {
        let done = self.finish(&["run", "--json"]);
        assert_eq!(done.code, Some(0), "{}{}", done.out, done.err);
    }

    #[track_caller]
    fn command(&self, arguments: &[&str]) -> Done {
        self.company.berika(arguments).with_code(0)
    }

    fn product(&mut self) -> String {
        let keys: Vec<&String> = self.model.products.keys().collect();
        (*keys.choose(&mut self.random).unwrap()).clone()
    }

    fn leaf(&mut self) -> String {
        let leaves: Vec<&String> = self.model.leaves.iter().collect();
        (*leaves.choose(&mut self.random).unwrap()).clone()
    }

    /// Another value for a field.
    fn other(&mut self, product: &str, field: &str) -> String {
        let number = self.random.random_range(1..60);
        let item = &self.model.products[product];
        let value = match field {
            "price" => format!("{number}.50"),
            "stock" => number.to_string(),
            "brand" => format!("Brand{number}"),
            _ => format!("{} No {number}", item.fields["title"].split(" No ").next().unwrap()),
        };
        let taken =
            value == item.fields[field] || item.edits.get(field).is_some_and(|edit| edit.value == value);
        if taken { self.other(product, field) } else { value }
    }

    fn step(&mut self, number: usize) {
        match self.random.random_range(0..100) {
            0..20 => self.delivery(),
            20..40 => self.edit(),
            40..50 => self.conflict(),
            50..60 => self.decision(),
            60..68 => self.lock(),
            68..82 => self.taxonomy(number),
            82..93 => self.plan(),
            _ => self.revert(),
        }
        self.run();
        self.check();
    }

    fn delivery(&mut self) {
        let mut said = BTreeSet::new();
        for _ in 0..self.random.random_range(1..4) {
            let product = self.product();
            let field = *FIELDS.choose(&mut self.random).unwrap();
            // Only a delivery's last word on a field counts.
            if !said.insert((product.clone(), field)) {
                continue;
            }
            let ours = self.model.products[&product].edits.get(field).map(|edit| edit.value.clone());
            let value = match ours {
                // The supplier comes round to it.
                Some(ours) if self.random.random_bool(0.5) => ours,
                _ => self.other(&product, field),
            };
            self.done.push(format!("{product} is delivered with {field} {value}"));
            self.model.deliver(&product, field, &value);
        }
        self.feeds();
    }

    fn edit(&mut self) {
        let product = self.product();
        let field = *FIELDS.choose(&mut self.random).unwrap();
        let edited = self.model.products[&product].edits.contains_key(field);
        if edited && self.random.random_bool(0.3) {
            self.done.push(format!("{product}: the edit of {field} is dropped"));
            self.command(&["product", "drop", &product, field]);
            self.model.products.get_mut(&product).unwrap().edits.remove(field);
            return;
        }
        let value = self.other(&product, field);
        self.done.push(format!("{product}: {field} is set to {value}"));
        self.command(&["product", "set", &product, &format!("{field}={value}")]);
        self.model.edit(&product, field, &value);
    }

    fn conflict(&mut self) {
        let conflicts: Vec<(String, &'static str)> = self
            .model
            .products
            .iter()
            .flat_map(|(key, item)| item.conflicts().into_iter().map(|field| (key.clone(), field)))
            .collect();
        let Some((product, field)) = conflicts.choose(&mut self.random).cloned() else { return self.edit() };
        let ours = self.random.random_bool(0.5);
        let whose = if ours { "ours" } else { "theirs" };
        self.done.push(format!("{product}: {whose} is taken for {field}"));
        self.command(&["conflicts", "take", whose, &product, field]);
        if ours {
            self.model.keep_ours(&product, field);
        } else {
            self.model.products.get_mut(&product).unwrap().edits.remove(field);
        }
    }

    fn decision(&mut self) {
        let (product, leaf) = (self.product(), self.leaf());
        self.done.push(format!("{product} is decided to be in {leaf}"));
        self.command(&["decide", &product, &leaf]);
        self.model.decide(&product, &leaf);
    }

    fn lock(&mut self) {
        let product = self.product();
        let locked = self.model.products[&product].locked.is_some();
        let category = if locked { None } else { Some(self.category(&product)) };
        self.done.push(format!("{product} is {}locked", if locked { "un" } else { "" }));
        self.command(&["product", if locked { "unlock" } else { "lock" }, &product]);
        self.model.products.get_mut(&product).unwrap().locked = category;
    }

    fn taxonomy(&mut self, number: usize) {
        let leaf = self.leaf();
        let few = self.model.leaves.len() < 5;
        let change = match self.random.random_range(0..5) {
            0 if !few => {
                let into = loop {
                    let into = self.leaf();
                    if into != leaf {
                        break into;
                    }
                };
                Change::Merge { from: leaf, into }
            }
            1 if !few => Change::Delete { leaf },
            2 => Change::Split { into: [format!("{leaf}-a{number}"), format!("{leaf}-b{number}")], leaf },
            3 => Change::Move { leaf, below: "garden".to_owned() },
            _ => Change::Rename { to: format!("{leaf}-r{number}"), from: leaf },
        };
        self.done.push(format!("the taxonomy changes: {change:?}"));
        let name = |id: &str| json!({"en": format!("Goods {id}"), "sv": format!("Varor {id}")});
        let garden = json!({"add": {"id": "garden", "names": {"en": "Garden", "sv": "Trädgård"}}});
        let known = self.company.store(async |store| {
            let taxonomy = store.taxonomy("own").await.unwrap().unwrap();
            taxonomy.get(&CategoryId("garden".to_owned())).is_some()
        });
        let mut changes = Vec::new();
        if matches!(change, Change::Move { .. }) && !known {
            changes.push(garden);
        }
        changes.push(match &change {
            Change::Rename { from, to } => json!({"rename": {"category": from, "id": to}}),
            Change::Merge { from, into } => json!({"merge": {"categories": [from], "into": into}}),
            Change::Delete { leaf } => json!({"delete": {"category": leaf, "confirmed": "review"}}),
            Change::Split { leaf, into: [one, two] } => json!({"split": {"category": leaf, "into": [
                {"id": one, "names": name(one)}, {"id": two, "names": name(two)},
            ]}}),
            Change::Move { leaf, below } => json!({"move": {"category": leaf, "below": below}}),
        });
        std::fs::write(self.company.path("changes.json"), json!({"changes": changes}).to_string()).unwrap();
        let (file, plan) = (self.text("changes.json"), self.text("plan.json"));
        if self.random.random_bool(0.5) {
            self.command(&["taxonomy", "plan", &file, "--output", &plan]);
        } else {
            self.command(&["recategorise", "plan", "--taxonomy", &file, "--output", &plan]);
        }
        let run = self.apply(false);
        self.model.change(&change);
        self.application = Some((run, Some(change)));
    }

    fn plan(&mut self) {
        self.accept_above = *[0.05, 0.3, 0.6, 0.9].choose(&mut self.random).unwrap();
        self.configure();
        self.done.push(format!("a plan with what is at least {} sure accepted", self.accept_above));
        let before = self.standings();
        let plan = self.text("plan.json");
        self.command(&["recategorise", "plan", "--output", &plan]);
        assert_eq!(self.standings(), before, "planning changed something");
        let run = self.apply(true);
        if self.random.random_bool(0.3) {
            self.done.push("  and taken back at once".to_owned());
            self.take_back(&run);
            assert_eq!(self.standings(), before, "the revert left a difference");
            self.application = None;
        } else {
            self.application = Some((run, None));
        }
    }

    fn revert(&mut self) {
        let Some((run, change)) = self.application.take() else { return self.plan() };
        self.done.push(format!("{run} is taken back: {change:?}"));
        self.take_back(&run);
        if let Some(change) = &change {
            self.model.change_back(change);
        }
        // What is restored depends on who touched what: what a lock holds is what stands there now.
        let locked: Vec<String> = self
            .model
            .products
            .iter()
            .filter(|(_, item)| item.locked.is_some())
            .map(|(key, _)| key.clone())
            .collect();
        for product in locked {
            let category = self.category(&product);
            self.model.products.get_mut(&product).unwrap().locked = Some(category);
        }
    }

    /// Applies `plan.json`, perhaps by way of a canary. Returns the run.
    fn apply(&mut self, canary: bool) -> String {
        let plan = self.text("plan.json");
        let mut arguments = vec!["recategorise", "apply", &plan, "--json"];
        if canary && self.random.random_bool(0.4) {
            self.done.push("  with a canary".to_owned());
            let first = [arguments.as_slice(), &["--canary", "40%"]].concat();
            let done = self.finish(&first);
            let waits = done.err.contains("go on with --continue");
            assert!(
                matches!(done.code, Some(0 | 2)) || waits || applied_already(&done),
                "{}{}",
                done.out,
                done.err
            );
            arguments.push("--continue");
        }
        let done = self.finish(&arguments);
        assert!(done.code == Some(0) || applied_already(&done), "{}{}", done.out, done.err);
        let runs = self.command(&["runs", "list", "--json"]).json();
        let applied = runs.as_array().unwrap().iter().find(|run| run["command"] == "recategorise apply");
        applied.unwrap()["id"].as_str().unwrap().to_owned()
    }

    fn take_back(&mut self, run: &str) {
        let done = self.finish(&["recategorise", "revert", run, "--json"]);
        let already = done.code == Some(1) && done.err.contains("taken back already");
        assert!(matches!(done.code, Some(0 | 2)) || already, "{}{}", done.out, done.err);
    }

    fn text(&self, name: &str) -> String {
        self.company.path(name).to_str().unwrap().to_owned()
    }

    /// Verdict and category of every product.
    fn standings(&self) -> Vec<(String, String, Option<String>, f64)> {
        self.company.store(async |store| {
            let products = store.categorised_products(None, 1_000).await.unwrap();
            products.into_iter().map(|p| (p.key.to_string(), p.verdict, p.category, p.confidence)).collect()
        })
    }

    fn category(&self, product: &str) -> Option<String> {
        self.standings().into_iter().find(|(key, ..)| key == product).and_then(|(_, _, category, _)| category)
    }

    fn check(&mut self) {
        let mut faults = Vec::new();
        // A branch whose last leaf was moved away is a leaf itself.
        let leaves: BTreeSet<String> = self.company.store(async |store| {
            let taxonomy = store.taxonomy("own").await.unwrap().unwrap();
            taxonomy.leaves().map(|leaf| taxonomy.categories()[leaf].id.to_string()).collect()
        });
        let missing: Vec<&String> = self.model.leaves.difference(&leaves).collect();
        if !missing.is_empty() {
            faults.push(format!("the taxonomy has no leaves {missing:?}"));
        }
        let received = self.company.shop.received();
        let told = events(&received);
        let mut last: BTreeMap<&str, &Event> = BTreeMap::new();
        for ((product, _), event) in &told {
            last.insert(product, event);
        }
        let standings: BTreeMap<_, _> = self
            .standings()
            .into_iter()
            .map(|(key, verdict, category, _)| (key, (verdict, category)))
            .collect();
        for (key, item) in &self.model.products {
            let product_key = ProductKey::parse(key).unwrap();
            let stored =
                self.company.store(async |store| store.product(&product_key).await.unwrap().unwrap().product);
            for field in FIELDS {
                let edit = stored.edits.0.get(field).map(|edit| (said(&edit.value), said(&edit.replaced)));
                let expected = item.edits.get(field).map(|edit| (edit.value.clone(), edit.replaced.clone()));
                if edit != expected {
                    faults.push(format!("{key}: the edit of {field} is {edit:?}, not {expected:?}"));
                }
                let value = stored.values().fields().get(field).map(said).unwrap_or_default();
                if value != item.value(field) {
                    faults.push(format!("{key}: {field} is {value}, not {}", item.value(field)));
                }
            }
            let (verdict, category) = &standings[key];
            match &item.decided {
                Some(Decided::In(decided)) => {
                    if verdict != "accept" || category.as_ref() != Some(decided) {
                        faults.push(format!("{key}: {verdict} {category:?}, but a person decided {decided}"));
                    }
                }
                Some(Decided::Gone(gone)) => {
                    if verdict != "review" {
                        faults.push(format!(
                            "{key}: {verdict} {category:?}, but {gone}, its decision, is gone"
                        ));
                    }
                }
                None => {
                    if let Some(locked) = &item.locked
                        && category != locked
                    {
                        faults.push(format!("{key}: locked in {locked:?} and now in {category:?}"));
                    }
                }
            }
            let Some((version, document)) = self.company.published(key) else { continue };
            let shown = document["category"]["id"].as_str();
            if shown.is_some_and(|shown| !leaves.contains(shown)) {
                faults.push(format!("{key}: shows {shown:?}, which does not exist"));
            }
            for field in FIELDS {
                let value = document["fields"].get(field).map(said).unwrap_or_default();
                if !document["fields"].is_null() && verdict == "accept" && value != item.value(field) {
                    faults.push(format!("{key}: {field} is published as {value}, not {}", item.value(field)));
                }
            }
            match last.get(key.as_str()) {
                Some(event) if event.version == version && event.data["document"] == document => {}
                other => faults.push(format!(
                    "{key}: version {version} is published, version {:?} was told",
                    other.map(|event| event.version)
                )),
            }
            let before = self.versions.insert(key.clone(), version).unwrap_or(0);
            let missing: Vec<i64> = (before + 1..=version)
                .filter(|version| !told.contains_key(&(key.clone(), *version)))
                .collect();
            if !self.killed && !missing.is_empty() {
                faults.push(format!("{key}: versions {missing:?} were never told"));
            }
        }
        let logged = self.company.store(async |store| store.decision_log(0, 10_000).await.unwrap().len());
        if logged != self.model.decisions {
            faults.push(format!("{logged} decisions are in the log, {} were taken", self.model.decisions));
        }
        self.killed = false;
        assert!(faults.is_empty(), "{}\n\nafter\n{}", faults.join("\n"), self.done.join("\n"));
    }
}

/// Whether a plan had been applied to its end before the kill.
fn applied_already(done: &Done) -> bool {
    done.code == Some(1) && done.err.contains("applied already")
}

/// A value as the model writes it.
fn said(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Object(money) => said(&money["amount"]),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

#[test]
fn no_edit_and_no_decision_is_ever_lost_whatever_is_done_and_killed() {
    let cases = std::env::var("BERIKA_TEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(CASES);
    for seed in 0..cases {
        let mut world = World::new(seed);
        for number in 0..STEPS {
            world.step(number);
        }
    }
}
