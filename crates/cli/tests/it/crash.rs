//! A run that ends before its end: killed, or interrupted.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use berika_catalog::Digest;
use berika_testkit::{Behaviour, Reply};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::Value;

use crate::assortment::{CSV_FIELDS, Row, csv, json, rows};
use crate::support::{ACCEPT_ALL, Company, Done, endpoint, events, receiver, supplier, wait_until};

const STAGES: [&str; 7] = ["feeds", "text", "vector", "category", "description", "publish", "delivery"];

/// Kills in a first run, and as many in a run that takes changes in.
const KILLS: usize = 10;

/// More attempts at stages that the kills have missed: on a busy machine a stage of a few milliseconds is soon over.
const MORE: usize = 40;

/// Enough products for several transactions in each stage, of few enough texts to be quick.
fn many(copies: usize) -> Vec<Row> {
    let mut many = Vec::new();
    for copy in 0..copies {
        many.extend(rows().into_iter().map(|row| Row { sku: format!("{}-{copy}", row.sku), ..row }));
    }
    many
}

fn company() -> Company {
    let company = Company::new();
    company.feed("alfa.csv", csv(&many(15)));
    company.feed("beta.json", json(&rows()));
    company
}

fn configure(company: &Company, shop: &str) {
    let alfa = company.csv_supplier("alfa");
    let url = company.suppliers.url("/beta.json");
    let beta = supplier("beta", "full", &url, "type = \"json\"", CSV_FIELDS, "");
    company.configure(&[alfa, beta], &[endpoint("shop", shop, "")], ACCEPT_ALL);
}

/// Changes that a second delivery brings: new prices, a new title, a product less.
fn change(company: &Company) {
    let mut changed = many(15);
    for row in changed.iter_mut().step_by(3) {
        row.price = "99.00".to_owned();
    }
    changed[1].title = "Jasmine Green Tea 80 Bags".to_owned();
    changed.truncate(590);
    company.feed("alfa.csv", csv(&changed));
}

/// Sets the store back to how it was kept, or to nothing.
fn set_back(company: &Company, kept: Option<&Path>) {
    let data = company.path("data");
    if data.exists() {
        std::fs::remove_dir_all(&data).unwrap();
    }
    if let Some(kept) = kept {
        std::fs::create_dir(&data).unwrap();
        std::fs::copy(kept, data.join("berika.sqlite")).unwrap();
    }
}

/// The undisturbed run: what it published, which versions it announced, how long each stage took.
struct Undisturbed {
    digest: Digest,
    announced: BTreeSet<(String, i64)>,
    stages: BTreeMap<String, Duration>,
}

fn undisturbed(company: &Company, shop: &berika_testkit::WebhookReceiver) -> Undisturbed {
    let done = company.run().with_code(0);
    let report = done.json();
    let seconds = |value: &Value| Duration::from_secs_f64(value["took"].as_f64().unwrap());
    let mut stages: BTreeMap<String, Duration> = BTreeMap::new();
    for stage in report["stages"].as_array().unwrap() {
        stages.insert(stage["stage"].as_str().unwrap().to_owned(), seconds(stage));
    }
    // Between feeds and texts the model is loaded.
    let loading = seconds(&report).saturating_sub(stages.values().sum());
    *stages.get_mut("text").unwrap() += loading;
    Undisturbed {
        digest: company.digest(),
        announced: events(&shop.received()).into_keys().collect(),
        stages,
    }
}

/// A run whose stages can be followed.
struct Watched {
    child: Child,
    ended: Box<dyn Iterator<Item = String>>,
}

impl Watched {
    fn start(company: &Company) -> Self {
        let mut command = company.command(&["run", "--json"]);
        command.env("BERIKA_LOG", "off,berika_pipeline=info").stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let ended = lines.map_while(Result::ok).filter_map(|line| {
            let line: Value = serde_json::from_str(&line).ok()?;
            line["fields"]["stage"].as_str().map(str::to_owned)
        });
        Self { child, ended: Box::new(ended) }
    }

    /// Waits until the stage before this one has ended. Returns whether it did.
    fn reaches(&mut self, stage: &str) -> bool {
        let before = STAGES.iter().position(|s| *s == stage).unwrap().checked_sub(1);
        before.is_none_or(|before| self.ended.any(|ended| ended == STAGES[before]))
    }

    /// Asks it to end, as Ctrl-C does.
    fn interrupt(&self) {
        let killed = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status().unwrap();
        assert!(killed.success());
    }

    /// Waits for its end.
    fn end(mut self) -> Done {
        let out = std::io::read_to_string(self.child.stdout.take().unwrap()).unwrap();
        self.ended.for_each(drop);
        Done { code: self.child.wait().unwrap().code(), out, err: String::new() }
    }

    /// `kill -9`. Returns the stage that was cut off; `None` where the run was over.
    fn kill(mut self, stage: &'static str) -> Option<&'static str> {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        let at = STAGES.iter().position(|s| *s == stage).unwrap();
        // What else it had ended before it died.
        let further = self.ended.filter(|ended| STAGES.contains(&ended.as_str())).count();
        STAGES.get(at + further).copied()
    }
}

/// Kills a run in about this part of this stage.
fn kill(company: &Company, stage: &'static str, after: Duration) -> Option<&'static str> {
    let mut run = Watched::start(company);
    assert!(run.reaches(stage), "{stage} was not reached");
    std::thread::sleep(after);
    run.kill(stage)
}

/// Kills runs at random moments of every stage; after each the next run must reach what an undisturbed one reaches.
/// Every run starts from the store `kept`, or from nothing.
fn killed_and_gone_on_with(company: &Company, kept: Option<&Path>, seed: u64) -> BTreeSet<(String, i64)> {
    let fresh_shop = || {
        let shop = receiver();
        set_back(company, kept);
        configure(company, &shop.url());
        shop
    };
    let shop = fresh_shop();
    let whole = undisturbed(company, &shop);
    let mut random = StdRng::seed_from_u64(seed);
    let mut hit = BTreeSet::new();
    let mut sent_again = false;
    for number in 0..KILLS + MORE {
        let missed: Vec<_> = STAGES.iter().copied().filter(|stage| !hit.contains(stage)).collect();
        let stage = match missed.as_slice() {
            [] if number >= KILLS && sent_again => break,
            // Only a kill between sending and writing down that it was sent makes an event come twice.
            [] if number >= KILLS => "delivery",
            [] => STAGES[random.random_range(0..STAGES.len())],
            missed => missed[number % missed.len()],
        };
        let after = whole.stages[stage].mul_f64(random.random_range(0.0..1.0));
        let shop = fresh_shop();
        hit.extend(kill(company, stage, after));
        company.run().with_code(0);
        assert_eq!(company.digest(), whole.digest, "kill {number} in {stage} after {after:?}");
        let announced: BTreeSet<_> = events(&shop.received()).into_keys().collect();
        assert_eq!(announced, whole.announced, "kill {number} in {stage} after {after:?}");
        sent_again |= shop.count() > announced.len();
    }
    assert_eq!(hit.len(), STAGES.len(), "only {hit:?} were hit");
    assert!(sent_again, "no kill came between sending and writing down");
    whole.announced
}

#[test]
fn a_first_run_killed_at_any_moment_is_gone_on_with() {
    let announced = killed_and_gone_on_with(&company(), None, 1);
    assert_eq!(announced.len(), 640);
    assert!(announced.iter().all(|(_, version)| *version == 1));
}

#[test]
fn a_run_over_changes_killed_at_any_moment_is_gone_on_with() {
    let company = company();
    configure(&company, &company.shop.url());
    company.run().with_code(0);
    let kept = company.path("kept.sqlite");
    std::fs::copy(company.path("data/berika.sqlite"), &kept).unwrap();
    change(&company);
    let announced = killed_and_gone_on_with(&company, Some(&kept), 2);
    assert!(announced.len() > 195, "{}", announced.len());
    assert!(announced.iter().all(|(_, version)| *version == 2));
}

#[test]
fn a_run_killed_again_and_again_comes_to_its_end() {
    let company = company();
    configure(&company, &company.shop.url());
    let whole: Duration = undisturbed(&company, &company.shop).stages.values().sum();
    let digest = company.digest();
    let shop = receiver();
    set_back(&company, None);
    configure(&company, &shop.url());
    let mut random = StdRng::seed_from_u64(3);
    for _ in 0..8 {
        let mut run = company.command(&["run"]).stdout(Stdio::null()).spawn().unwrap();
        std::thread::sleep(whole.mul_f64(random.random_range(0.0..1.0)));
        run.kill().unwrap();
        run.wait().unwrap();
    }
    company.run().with_code(0);
    assert_eq!(company.digest(), digest);
    let announced: BTreeSet<_> = events(&shop.received()).into_keys().collect();
    assert_eq!(announced.len(), 640);
    assert!(announced.iter().all(|(_, version)| *version == 1));
}

#[test]
fn an_interrupted_run_finishes_the_batch_in_hand_and_the_next_goes_on() {
    let company = company();
    configure(&company, &company.shop.url());
    let mut run = Watched::start(&company);
    assert!(run.reaches("vector"));
    run.interrupt();
    let done = run.end().with_code(2);
    assert_eq!(done.json()["interrupted"], true);
    assert!(done.problems().contains("the next one goes on"), "{}", done.problems());
    assert!(done.items("delivery") < 640);
    let texts = done.items("text");
    assert_eq!(texts, 640);

    let rest = company.run().with_code(0);
    assert_eq!(rest.items("text"), 0);
    assert_eq!(done.items("delivery") + rest.items("delivery"), 640);
    assert_eq!(events(&company.shop.received()).len(), 640);
    assert_eq!(company.shop.count(), 640);
}

#[test]
fn an_interrupted_run_does_not_wait_for_a_supplier_that_hangs() {
    let company = company();
    configure(&company, &company.shop.url());
    let config = std::fs::read_to_string(company.config()).unwrap();
    std::fs::write(company.config(), config.replace("timeout_seconds = 20", "timeout_seconds = 600"))
        .unwrap();
    company.suppliers.always("/beta.json", Behaviour::Hang);
    let mut run = Watched::start(&company);
    wait_until(|| {
        assert!(run.child.try_wait().unwrap().is_none());
        company.suppliers.count("/beta.json") > 0
    });
    run.interrupt();
    let done = run.end().with_code(2);
    assert_eq!(done.supplier("beta")["outcome"]["delivery"], "not-reached");
    assert!(
        done.problems().contains("supplier beta: the run ended before its delivery"),
        "{}",
        done.problems()
    );

    company.suppliers.normal("/beta.json");
    company.run().with_code(0);
    assert_eq!(events(&company.shop.received()).len(), 640);
}

#[test]
fn an_interrupted_delivery_begins_no_further_attempt() {
    let company = company();
    company.shop.always(Reply::Hang);
    let three = company.csv_supplier("alfa");
    company.feed("alfa.csv", csv(&rows()[..3]));
    let slow = endpoint("shop", &company.shop.url(), "timeout_seconds = 2\nconcurrency = 1");
    company.configure(&[three], &[slow], ACCEPT_ALL);
    let mut run = Watched::start(&company);
    wait_until(|| {
        assert!(run.child.try_wait().unwrap().is_none());
        company.shop.count() > 0
    });
    run.interrupt();
    let done = run.end().with_code(2);
    let stands = done.endpoint("shop");
    assert_eq!((&stands["failed"], &stands["pending"]), (&1.into(), &3.into()));
    assert_eq!(company.shop.count(), 1);

    // Those that were not begun are due at once.
    company.shop.normal();
    let done = company.run();
    assert!(done.endpoint("shop")["delivered"].as_u64() >= Some(2), "{}", done.out);
    assert!(events(&company.shop.received()).len() == 3);
}

#[test]
fn a_receiver_that_asks_for_a_pause_leaves_few_events_frozen_that_were_not_sent() {
    let company = company();
    company.configure(
        &[company.csv_supplier("alfa")],
        &[endpoint("shop", &company.shop.url(), "")],
        ACCEPT_ALL,
    );
    // Waves of 64 and 128 are taken, and the beginning of one of 256.
    company.shop.always(Reply::RetryAfter(429, "3600".to_owned()));
    company.shop.next(vec![Reply::Status(200); 64 + 128 + 20]);
    let done = company.run().with_code(2);
    assert_eq!(done.endpoint("shop")["delivered"], 64 + 128 + 20);
    let later = jiff::Timestamp::MAX;
    let mut due = company.store(async |store| store.due_events("shop", later, 1000).await.unwrap());
    due.retain(|due| due.attempts == 0);
    let frozen = due.iter().filter(|due| due.body.is_some()).count();
    assert!(due.len() > 300 && frozen < 64, "{frozen} frozen of {} that nobody attempted", due.len());
}
