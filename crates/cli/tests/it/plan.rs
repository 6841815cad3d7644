//! Plans through the binary: what would change is computed and written down, and nothing changes.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::assortment::{csv, rows, taxonomy};
use crate::support::{ACCEPT_ALL, Company, endpoint};

/// Verdict, category and confidence.
type Stands = (String, Option<String>, f64);

/// How products stand in the store.
fn standing(company: &Company) -> BTreeMap<String, Stands> {
    company.store(async |store| {
        let mut standing = BTreeMap::new();
        for row in rows() {
            let key = berika_catalog::ProductKey::parse(&format!("alfa/{}", row.sku)).unwrap();
            let Some(product) = store.product(&key).await.unwrap() else { continue };
            let Some(found) = store.categorisation(product.id).await.unwrap() else { continue };
            standing.insert(key.to_string(), (found.verdict, found.category, found.confidence));
        }
        standing
    })
}

fn configure(company: &Company, policy: &str) {
    company.configure(&[company.csv_supplier("alfa")], &[endpoint("shop", &company.shop.url(), "")], policy);
}

/// Makes a plan; returns what it says in JSON, and the file.
fn plan(company: &Company, arguments: &[&str]) -> (Value, Value) {
    let (before, published, received) = (standing(company), company.digest(), company.shop.received().len());
    let file = company.path("plan.json");
    let all = [&["recategorise", "plan", "--json", "--output", file.to_str().unwrap()], arguments].concat();
    let said = company.berika(&all).with_code(0).json();
    assert_eq!(standing(company), before, "no category changes");
    assert_eq!(company.digest(), published, "nothing public changes");
    assert_eq!(company.shop.received().len(), received, "nobody is told");
    let written: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
    assert_eq!(written["digest"], said["digest"]);
    (said, written["plan"].clone())
}

fn decide(company: &Company, decided: &[(&str, &str)]) {
    let lines: String = decided.iter().map(|(sku, category)| format!("alfa,{sku},{category}\n")).collect();
    let path = company.path("decisions.csv");
    std::fs::write(&path, format!("supplier,sku,category\n{lines}")).unwrap();
    company.berika(&["decide", "import", path.to_str().unwrap()]).with_code(0);
}

/// A confidence between those of the products, so that some are above and some below.
fn middle(standing: &BTreeMap<String, Stands>) -> f64 {
    let mut all: Vec<f64> = standing.values().map(|(.., confidence)| *confidence).collect();
    all.sort_by(f64::total_cmp);
    (all[all.len() / 2] + all[all.len() / 2 + 1]) / 2.0
}

#[test]
fn a_stricter_threshold_is_planned_with_its_figures_and_changes_nothing() {
    let company = Company::with_feed(&csv(&rows()));
    company.run().with_code(0);
    let before = standing(&company);
    assert!(before.len() == 40 && before.values().all(|(verdict, ..)| verdict == "accept"), "{before:?}");
    let (said, _) = plan(&company, &[]);
    assert_eq!((&said["moves"], &said["summary"]["unchanged"]), (&json!(0), &json!(40)), "{said}");
    assert!(said["summary"]["notes"].to_string().contains("no product would move"), "{said}");

    // From now on a person looks at the less sure half.
    let limit = middle(&before);
    configure(&company, &format!("[policy]\nwithout_evidence = {{ accept_above = {limit} }}\n"));
    let page = company.path("plan.html");
    let (said, written) = plan(&company, &["--report", page.to_str().unwrap()]);
    let below: Vec<&String> =
        before.iter().filter(|(_, (.., confidence))| *confidence < limit).map(|(key, _)| key).collect();
    let moved: Vec<String> = written["moves"].as_array().unwrap().iter().map(key).collect();
    assert_eq!(moved.iter().collect::<Vec<_>>(), below, "in the order of keys");
    let summary = &said["summary"];
    assert_eq!((&summary["products"], &summary["untouched"]), (&json!(40), &json!({})));
    assert_eq!(summary["unchanged"], 40 - below.len());
    assert_eq!((&summary["review_before"], &summary["review_after"]), (&json!(0), &json!(below.len())));
    assert_eq!(summary["deliveries"], json!({}), "what goes back to review stays published");
    let flows = summary["flows"].as_array().unwrap();
    let counts: Vec<u64> = flows.iter().map(|flow| flow["products"].as_u64().unwrap()).collect();
    assert_eq!(counts.iter().sum::<u64>() as usize, below.len());
    assert!(counts.is_sorted_by(|a, b| a >= b), "the most frequent first: {counts:?}");
    assert!(flows.iter().all(|flow| flow["to"].is_null() && flow["to_verdict"] == "review"), "{flows:?}");

    // The page is all there is to it.
    let page = std::fs::read_to_string(page).unwrap();
    assert!(page.contains("default-src 'none'") && page.contains(&format!(">{}</b>", below.len())), "{page}");
    for outside in ["<script", "src=", "href=", "url(", "@import"] {
        assert!(!page.contains(outside), "{outside}");
    }

    // The same once more says the same, but for its name and the time.
    let (_, again) = plan(&company, &[]);
    let same = |plan: &Value| ["basis", "selection", "summary", "moves"].map(|part| plan[part].clone());
    assert_eq!(same(&again), same(&written));
    // What a run finds afterwards is what it would have found without the plans.
    assert_eq!(company.run().with_code(0).items("category"), 0);

    // What people said is first carried out by a run, and then left alone.
    let confirmed =
        [below[0], below[1]].map(|key| (key.strip_prefix("alfa/").unwrap(), before[key].1.clone().unwrap()));
    decide(&company, &confirmed.each_ref().map(|(sku, category)| (*sku, category.as_str())));
    let untouched = |why: &str| {
        let (said, written) = plan(&company, &[]);
        assert_eq!(said["summary"]["untouched"], json!({ why: 2 }));
        let moved: Vec<String> = written["moves"].as_array().unwrap().iter().map(key).collect();
        assert!(!moved.contains(below[0]) && !moved.contains(below[1]), "{moved:?}");
    };
    untouched("judged by the next run anyway");
    company.run().with_code(0);
    untouched("confirmed by a person");
}

fn key(step: &Value) -> String {
    format!("{}/{}", step["product"]["supplier"].as_str().unwrap(), step["product"]["sku"].as_str().unwrap())
}

#[test]
fn only_what_was_chosen_is_looked_at_and_what_cannot_be_chosen_is_said() {
    let company = Company::with_feed(&csv(&rows()));
    company.run().with_code(0);
    let before = standing(&company);
    let looked_at =
        |arguments: &[&str]| plan(&company, arguments).0["summary"]["products"].as_u64().unwrap() as usize;
    let stands = |of: &dyn Fn(&Stands) -> bool| before.values().filter(|s| of(s)).count();
    let below = |top: &'static str| {
        stands(&|(_, category, _)| category.as_ref().is_some_and(|id| id.starts_with(top)))
    };
    assert_eq!(looked_at(&["--supplier", "alfa"]), 40);
    assert_eq!(looked_at(&["--category", "food"]), below("food."));
    assert_eq!(
        looked_at(&["--category", "food.tea", "--category", "tools"]),
        below("food.tea") + below("tools.")
    );
    assert_eq!(looked_at(&["--filter", "brand=Brand3"]), 5);
    assert_eq!(looked_at(&["--filter", "title~TEA", "--filter", "brand!=Brand0"]), 0);
    assert_eq!(looked_at(&["--filter", "confidence<0.3"]), stands(&|(.., confidence)| *confidence < 0.3));

    let refused = |arguments: &[&str], says: &[&str]| {
        let file = company.path("none.json");
        let all = [&["recategorise", "plan", "--output", file.to_str().unwrap()], arguments].concat();
        let error = company.berika(&all).with_code(1).err;
        assert!(says.iter().all(|part| error.contains(part)), "{error}");
        assert!(!file.exists());
    };
    refused(&["--supplier", "beta"], &["no supplier beta", "there are: alfa"]);
    refused(&["--category", "food.te"], &["no category food.te", "food.tea"]);
    refused(&["--filter", "colour=red"], &["no field \"colour\"", "attributes.NAME"]);
    refused(&["--filter", "brand"], &["compares nothing"]);
    refused(&["--promise", "1.5"], &["--promise"]);
    refused(&["--model", "no-such-model"], &["no model", "no-such-model"]);
    refused(&["--taxonomy", "none.yaml"], &["none.yaml"]);
}

#[test]
fn a_plan_before_the_first_run_says_what_to_do() {
    let company = Company::with_feed(&csv(&rows()[..3]));
    let error = company.berika(&["recategorise", "plan", "--output", "plan.json"]).with_code(1).err;
    assert!(error.contains("berika run"), "{error}");
    let error =
        company.berika(&["recategorise", "plan", "--output", "no/such/folder/plan.json"]).with_code(1).err;
    assert!(error.contains("no folder"), "{error}");
}

/// The taxonomy with teas in two categories instead of one.
fn two_teas(company: &Company) -> PathBuf {
    let mut lines: Vec<String> =
        taxonomy().lines().filter(|line| !line.contains("food.tea")).map(str::to_owned).collect();
    for (id, name, about) in [
        ("food.black-tea", "Black tea", "Black tea such as Earl Grey and Assam."),
        (
            "food.herbal-tea",
            "Herbal tea",
            "Peppermint, rooibos and other herbal tea without black or green tea.",
        ),
    ] {
        let category =
            json!({"id": id, "parent": "food", "names": {"en": name}, "descriptions": {"en": about}});
        lines.push(category.to_string());
    }
    let path = company.path("teas.jsonl");
    std::fs::write(&path, lines.join("\n")).unwrap();
    path
}

#[test]
fn products_of_a_category_that_goes_move_and_confirmed_ones_return_to_review() {
    let company = Company::with_feed(&csv(&rows()));
    company.run().with_code(0);
    decide(&company, &[("P00", "food.tea"), ("P05", "food.coffee")]);
    company.run().with_code(0);
    let teas: Vec<String> = standing(&company)
        .into_iter()
        .filter(|(_, (_, category, _))| category.as_deref() == Some("food.tea"))
        .map(|(key, _)| key)
        .collect();
    assert!(teas.len() >= 4, "{teas:?}");
    let file = two_teas(&company);
    let page = company.path("plan.html");
    // Even where something else was asked for: they cannot stay.
    let arguments =
        ["--taxonomy", file.to_str().unwrap(), "--category", "home", "--report", page.to_str().unwrap()];
    let (said, written) = plan(&company, &arguments);
    let moves: BTreeMap<String, Value> =
        written["moves"].as_array().unwrap().iter().map(|step| (key(step), step.clone())).collect();
    assert!(teas.iter().all(|tea| moves.contains_key(tea)), "{moves:?}");
    for tea in &teas {
        let to = &moves[tea]["to"];
        if tea == "alfa/P00" {
            assert_eq!((&to["verdict"], to.get("category")), (&json!("review"), None), "{to}");
        } else {
            let category = to["category"].as_str().unwrap();
            assert!(to["verdict"] == "accept" && category != "food.tea", "{to}");
        }
        assert!(to["reasons"][0].as_str().unwrap().contains("food.tea"), "{to}");
    }
    assert!(moves["alfa/P00"]["decision"].is_i64());
    assert!(!moves.contains_key("alfa/P05"));
    assert_eq!(written["taxonomy"]["changes"], json!([]));
    assert_eq!(written["basis"]["version"], 1);
    // Accepted ones are published anew, and what is under review is withdrawn.
    assert_eq!(said["summary"]["deliveries"]["shop"], moves.len());
    assert_eq!(said["summary"]["descriptions"]["sv"], moves.len() - 1);
    let page = std::fs::read_to_string(page).unwrap();
    assert!(page.contains("Products cannot stay in") && page.contains("What receivers must redirect"));
    company.store(async |store| assert_eq!(store.taxonomy("own").await.unwrap().unwrap().version, 1));
}

#[test]
fn a_changed_promise_and_the_policy_are_what_the_plan_goes_by() {
    let company = Company::with_feed(&csv(&rows()));
    company.run().with_code(0);
    configure(&company, ACCEPT_ALL);
    let (said, _) = plan(&company, &["--promise", "0.8"]);
    assert_eq!(said["basis"]["promise"], 0.8);
    assert!(said["summary"]["notes"].to_string().contains("policy.promise = 0.8"), "{said}");
}

#[test]
fn vectors_of_another_recipe_are_computed_once_and_kept_for_the_next_plan() {
    let company = Company::with_feed(&csv(&rows()));
    company.run().with_code(0);
    // The same model in another precision, and by another name: its vectors are others than are stored.
    let stored = company.store(async |store| store.precision().await.unwrap().unwrap());
    let other = if stored == "f32" { "int8" } else { "f32" };
    configure(&company, &format!("[model]\nprecision = \"{other}\"\n{ACCEPT_ALL}"));
    let cache = berika_models::default_cache_dir().unwrap();
    let options = berika_models::Options::default();
    let folder = berika_models::ensure("all-MiniLM-L6-v2", &cache, &(), &options).unwrap();
    let (said, written) = plan(&company, &["--model", folder.to_str().unwrap(), "--filter", "brand=Brand3"]);
    let notes = said["summary"]["notes"].to_string();
    assert!(notes.contains("vectors were computed") && notes.contains("set model.id"), "{notes}");
    let recipe = written["basis"]["encoder"].as_str().unwrap().to_owned();
    let vectors = company.store(async |store| store.count_product_vectors(&recipe).await.unwrap());
    assert_eq!(vectors, 5, "of the products that are looked at");
    assert!(written["moves"].as_array().unwrap().iter().all(|step| step.get("text").is_none()), "{written}");

    let (said, _) = plan(&company, &["--model", folder.to_str().unwrap()]);
    let notes = said["summary"]["notes"].to_string();
    assert!(notes.contains("35 vectors were computed"), "the others: {notes}");
    let precision = company.store(async |store| store.precision().await.unwrap().unwrap());
    assert_eq!(precision, stored, "nothing that a run goes by is written");
}
