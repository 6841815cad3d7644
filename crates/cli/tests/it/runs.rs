//! What ran: listed, shown, compared.

use serde_json::Value;

use crate::assortment::{csv, rows};
use crate::support::{Company, closed_port, endpoint};

fn json(company: &Company, arguments: &[&str]) -> Value {
    company.berika(&[&["runs"], arguments, &["--json"]].concat()).with_code(0).json()
}

#[test]
fn runs_are_listed_newest_first_and_shown_with_what_they_came_to() {
    let company = Company::with_feed(&csv(&rows()));
    let said = company.berika(&["runs", "list"]).with_code(1).err;
    assert!(said.contains("berika run"), "{said}");
    company.run().with_code(0);
    let mut changed = rows();
    changed[0].title = "Earl Grey Tea 80 Bags".to_owned();
    company.feed("alfa.csv", csv(&changed));
    company.configure(
        &[company.csv_supplier("alfa")],
        &[endpoint("shop", &closed_port(), "")],
        crate::support::ACCEPT_ALL,
    );
    company.run().with_code(2);

    let listed = json(&company, &["list"]);
    let runs = listed.as_array().unwrap();
    assert_eq!(runs.len(), 2);
    assert!(runs[0]["started_at"].as_str() > runs[1]["started_at"].as_str());
    for run in runs {
        assert_eq!((&run["command"], &run["state"]), (&"run".into(), &"finished".into()));
        assert!(run["seconds"].as_f64().unwrap() > 0.0);
    }
    assert_eq!(json(&company, &["list", "--limit", "1"]).as_array().unwrap(), &runs[..1]);

    let id = runs[1]["id"].as_str().unwrap();
    assert_eq!(json(&company, &["show", "latest"]), runs[0]);
    assert_eq!(json(&company, &["show", id]), runs[1]);
    assert_eq!(json(&company, &["show", &id["run_".len()..30]]), runs[1]);
    let refused = |asked: &str, part: &str| {
        let said = company.berika(&["runs", "show", asked]).with_code(1).err;
        assert!(said.contains(part), "{said}");
    };
    refused("run_", "several runs begin with run_");
    refused("ffff", "there is no run ffff");
    let text = company.berika(&["runs", "show", "latest"]).with_code(0).out;
    for part in [
        "finished",
        "model: sentence-transformers/all-MiniLM-L6-v2",
        "category",
        "alfa",
        "endpoint shop: 0 events delivered",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let table = company.berika(&["runs", "list"]).with_code(0).out;
    assert!(table.contains(id) && table.contains("finished"), "{table}");

    let diff = json(&company, &["diff", id, "latest"]);
    let figure = |name: &str| {
        let figures = diff["figures"].as_array().unwrap();
        let found = figures.iter().find(|figure| figure["name"] == name);
        let found = found.unwrap_or_else(|| panic!("no {name} in {diff}"));
        (found["before"].as_f64(), found["after"].as_f64())
    };
    assert_eq!(figure("stages.category.items"), (Some(40.0), Some(1.0)));
    assert_eq!(figure("endpoints.shop.delivered"), (Some(40.0), Some(0.0)));
    assert_eq!(diff["recipes"], serde_json::json!([]));
    assert_eq!(diff["stages"][0]["name"], "feeds");
    let text = company.berika(&["runs", "diff", id, "latest"]).with_code(0).out;
    assert!(text.contains("-39") && text.contains("The recipes are the same"), "{text}");
}

#[test]
fn a_killed_run_is_told_from_one_that_is_at_work() {
    let company = Company::with_feed(&csv(&rows()));
    company.run().with_code(0);
    company.suppliers.always("/alfa.csv", berika_testkit::Behaviour::Hang);
    let mut run = company.command(&["run"]).stdout(std::process::Stdio::null()).spawn().unwrap();
    crate::support::wait_until(|| company.suppliers.count("/alfa.csv") > 1);
    let state = || json(&company, &["show", "latest"])["state"].clone();
    assert_eq!(state(), "running");
    run.kill().unwrap();
    run.wait().unwrap();
    assert_eq!(state(), "killed");
    company.suppliers.normal("/alfa.csv");
    company.run().with_code(0);
    let states: Vec<Value> =
        json(&company, &["list"]).as_array().unwrap().iter().map(|run| run["state"].clone()).collect();
    assert_eq!(states, ["finished", "killed", "finished"]);
}
