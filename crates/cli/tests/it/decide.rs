//! People's decisions: they win, they stay, they teach.

use std::fmt::Write as _;

use serde_json::Value;

use crate::assortment::{Row, csv, rows};
use crate::support::{Company, Done, Event, endpoint};

/// Nothing is accepted but what a person decided.
const REVIEW_ALL: &str = "[policy]\nwithout_evidence = \"review\"\n";

fn company(rows: &[Row]) -> Company {
    let company = Company::with_feed(&csv(rows));
    company.configure(
        &[company.csv_supplier("alfa")],
        &[endpoint("shop", &company.shop.url(), "")],
        REVIEW_ALL,
    );
    company
}

/// A file of decisions made by one buyer at one time.
fn decisions(company: &Company, decided: &[(&str, &str)]) -> String {
    let mut text = "supplier,sku,category,decided_by,decided_at,note\n".to_owned();
    for (sku, category) in decided {
        writeln!(text, "alfa,{sku},{category},buyer-food,2026-10-12T08:14:00Z,").unwrap();
    }
    let path = company.path("decisions.csv");
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

fn import(company: &Company, file: &str) -> Done {
    company.berika(&["decide", "import", file, "--json"])
}

fn category(company: &Company, sku: &str) -> Value {
    let explained = company.berika(&["explain", &format!("alfa/{sku}"), "--json"]).with_code(0).json();
    explained["category"].clone()
}

#[test]
fn a_person_who_says_none_of_ours_takes_the_published_category_back() {
    let company = company(&rows());
    company.run().with_code(0);
    import(&company, &decisions(&company, &[("P00", "food.tea")])).with_code(0);
    company.run().with_code(0);
    import(&company, &decisions(&company, &[("P00", "")])).with_code(0);
    company.run().with_code(0);
    let events: Vec<Event> = company.shop.received().iter().map(Event::of).collect();
    assert_eq!(events.len(), 2);
    let last = &events[1];
    assert_eq!(last.version, 2);
    assert!(last.data["document"]["category"].get("id").is_none(), "{}", last.data);
    assert_eq!(last.data["previous"]["category.id"], "food.tea");
    assert!(last.data["document"]["fields"]["title"].is_string());
}

#[test]
fn a_confirmed_decision_wins_and_is_never_overwritten() {
    let mut rows = rows();
    let company = company(&rows);
    company.run().with_code(0);
    assert_eq!(company.shop.count(), 0, "nothing is settled");
    // No machine would put tea among the towels.
    let file = decisions(&company, &[("P00", "home.towels"), ("P10", "food.coffee"), ("P20", "")]);
    let imported = import(&company, &file).with_code(0).json();
    assert_eq!((&imported["logged"], &imported["waiting"]), (&3.into(), &0.into()));
    let done = company.run().with_code(0);
    assert_eq!(done.items("vector"), 0);
    assert_eq!(done.supplier("alfa")["standing"]["accepted"], 2);
    assert_eq!(done.supplier("alfa")["standing"]["rejected"], 1, "an empty category: none of ours");
    let events: Vec<Event> = company.shop.received().iter().map(Event::of).collect();
    let tea = events.iter().find(|event| event.product == "alfa/P00").unwrap();
    let said = &tea.data["document"]["category"];
    assert_eq!((&said["id"], &said["decided_by"]), (&"home.towels".into(), &"person".into()));
    assert_eq!(events.len(), 2);

    // Later deliveries, with another title and another supplier category, change nothing about it.
    rows[0].title = "Earl Grey Black Tea Pyramid Bags".to_owned();
    rows[0].category = "Hot drinks/Black tea".to_owned();
    company.feed("alfa.csv", csv(&rows));
    company.configure(
        &[company.csv_supplier("alfa")],
        &[endpoint("shop", &company.shop.url(), "")],
        crate::support::ACCEPT_ALL,
    );
    company.run().with_code(0);
    let (version, document) = company.published("alfa/P00").unwrap();
    assert_eq!((version, &document["category"]["id"]), (2, &"home.towels".into()));
    assert_eq!(company.published("alfa/P20"), None);
    let tea = category(&company, "P00");
    assert!(tea["reasons"][0].as_str().unwrap().contains("buyer-food"), "{tea}");

    // A person may change a person's mind.
    let file = decisions(&company, &[("P00", "food.tea")]);
    std::fs::write(&file, std::fs::read_to_string(&file).unwrap().replace("10-12", "10-13")).unwrap();
    import(&company, &file).with_code(0);
    company.run().with_code(0);
    assert_eq!(company.published("alfa/P00").unwrap().1["category"]["id"], "food.tea");
}

#[test]
fn decisions_teach_what_look_alikes_are() {
    let mut rows = rows();
    // A word that no description explains.
    for number in 0..6 {
        let title = format!("Zorbex Quill Mk{number}");
        let (brand, category) = ("Zorbex".to_owned(), "Sundries".to_owned());
        rows.push(Row { sku: format!("Z{number}"), title, brand, category, ..rows[0].clone() });
    }
    let company = company(&rows);
    company.run().with_code(0);
    let taught = "tools.hammers";
    let score = |explained: &Value| {
        let candidates = explained["candidates"].as_array().unwrap();
        candidates.iter().find(|c| c["id"] == taught).map_or(-1.0, |c| c["score"].as_f64().unwrap())
    };
    let before = category(&company, "Z5");
    assert_ne!(before["candidates"][0]["id"], taught, "{before}");
    let all: Vec<String> = (0..5).map(|number| format!("Z{number}")).collect();
    let decided: Vec<_> = all.iter().map(|sku| (sku.as_str(), taught)).collect();
    import(&company, &decisions(&company, &decided)).with_code(0);
    let done = company.run().with_code(0);
    assert_eq!(done.items("vector"), 0, "nothing is embedded again");
    let after = category(&company, "Z5");
    assert_eq!(after["candidates"][0]["id"], taught, "{after}");
    assert!(score(&after) > score(&before), "{before}\n{after}");
    assert_eq!(after["verdict"], "review", "it is offered, not taken");
}

#[test]
fn decisions_are_logged_once_and_read_back() {
    let company = company(&rows());
    // Before the first run, on products that nobody has delivered yet.
    let file =
        decisions(&company, &[("P00", "food.tea"), ("P11", "food.coffee"), ("later", "pets.dog-food")]);
    let imported = import(&company, &file).with_code(0).json();
    assert_eq!([&imported["read"], &imported["logged"], &imported["known"]], [3, 3, 0]);
    assert_eq!(imported["waiting"], 3);
    let done = company.run().with_code(0);
    assert_eq!(done.supplier("alfa")["standing"]["accepted"], 2);
    let imported = import(&company, &file).with_code(0).json();
    assert_eq!([&imported["logged"], &imported["known"]], [0, 3]);
    assert_eq!(company.run().with_code(0).items("category"), 0, "nothing new was learned");

    let exported = company.berika(&["decide", "export"]).with_code(0).out;
    assert_eq!(exported.lines().count(), 4);
    assert!(exported.contains("alfa,P11,food.coffee,buyer-food,2026-10-12T08:14:00Z"), "{exported}");
    let copy = company.path("export.csv");
    let copy = copy.to_str().unwrap();
    company.berika(&["decide", "export", copy]).with_code(0);
    assert_eq!(std::fs::read_to_string(copy).unwrap(), exported);
    let imported = import(&company, copy).with_code(0).json();
    assert_eq!([&imported["logged"], &imported["known"]], [0, 3]);
}

#[test]
fn a_decision_without_name_and_time_is_logged_once_too() {
    let company = company(&rows());
    let path = company.path("short.csv");
    std::fs::write(&path, "supplier,sku,category\nalfa,P00,food.tea\n").unwrap();
    let file = path.to_str().unwrap();
    assert_eq!(import(&company, file).with_code(0).json()["logged"], 1);
    assert_eq!(import(&company, file).with_code(0).json()["logged"], 0);
    let copy = company.path("export.csv");
    let copy = copy.to_str().unwrap();
    company.berika(&["decide", "export", copy]).with_code(0);
    assert_eq!(import(&company, copy).with_code(0).json()["known"], 1);
    assert_eq!(std::fs::read_to_string(copy).unwrap().lines().count(), 2);
}

#[test]
fn a_decision_of_the_future_is_refused_and_no_output_overwrites_what_berika_lives_by() {
    let company = company(&rows());
    let path = company.path("future.csv");
    std::fs::write(&path, "supplier,sku,category,decided_at\nalfa,P00,food.tea,2199-01-01T00:00:00Z\n")
        .unwrap();
    let refused = import(&company, path.to_str().unwrap()).with_code(1).err;
    assert!(refused.contains("in the future"), "{refused}");

    company.run().with_code(0);
    for kept in ["data/berika.sqlite", "data/berika.sqlite-wal", "berika.toml"] {
        let kept = company.path(kept);
        for arguments in [["decide", "export"], ["taxonomy", "export"]] {
            let done = company.berika(&[&arguments[..], &[kept.to_str().unwrap()]].concat()).with_code(1);
            assert!(done.err.contains("write to another file"), "{}", done.err);
        }
    }
    let page = company.path("plan.html");
    let page = page.to_str().unwrap();
    let twice = company.berika(&["recategorise", "plan", "--output", page, "--report", page]).with_code(1);
    assert!(twice.err.contains("named twice"), "{}", twice.err);
    assert_eq!(company.berika(&["runs", "list", "--json"]).with_code(0).json().as_array().unwrap().len(), 1);
}

#[test]
fn a_file_with_a_mistake_is_refused_whole_with_line_and_nearest_category() {
    let company = company(&rows());
    let file = decisions(&company, &[("P00", "food.tea"), ("P01", "food.te"), ("P02", "food.tea")]);
    let refused = import(&company, &file).with_code(1).err;
    for part in ["line 3", "food.te", "food.tea", "decisions.csv"] {
        assert!(refused.contains(part), "{part}: {refused}");
    }
    let file = decisions(&company, &[("P00", "food")]);
    assert!(import(&company, &file).with_code(1).err.contains("line 2"));
    assert!(import(&company, "nowhere.csv").with_code(1).err.contains("nowhere.csv"));
    assert_eq!(company.berika(&["decide", "export"]).with_code(0).out.lines().count(), 0);
}
