//! The taxonomy changed by a file: planned, applied, taken back, exported; and what is refused.

use serde_json::{Value, json};

use crate::assortment::{csv, rows};
use crate::support::{Company, Event};

/// An id and a name of the tea, dog food in two, hammers among the screwdrivers.
const CHANGES: &str = "from_version: 1\nchanges:\n\
  \x20 - rename: { category: food.tea, id: drinks.tea, names: { en: Tea and infusions } }\n\
  \x20 - split:\n\
  \x20     category: pets.dog-food\n\
  \x20     into:\n\
  \x20       - { id: pets.dry-food, names: { en: Dry dog food, sv: Torrfoder } }\n\
  \x20       - { id: pets.wet-food, names: { en: Wet dog food, sv: Våtfoder } }\n\
  \x20 - merge: { categories: [tools.hammers], into: tools.screwdrivers, confirmed: follow }\n";

/// A company whose products are published, two of them confirmed by a person.
fn company() -> Company {
    let company = Company::with_feed(&csv(&rows()));
    company.run().with_code(0);
    decide(&company, "", &[("P00", "food.tea"), ("P40", "pets.dog-food"), ("P20", "tools.hammers")]);
    company.run().with_code(0);
    company
}

fn write(company: &Company, name: &str, text: &str) -> String {
    std::fs::write(company.path(name), text).unwrap();
    company.path(name).to_str().unwrap().to_owned()
}

/// Decisions over a version of the taxonomy, the present one where it is empty.
fn decide(company: &Company, version: &str, decided: &[(&str, &str)]) -> Value {
    let mut text = "supplier,sku,category,taxonomy_version\n".to_owned();
    for (sku, category) in decided {
        text += &format!("alfa,{sku},{category},{version}\n");
    }
    let file = write(company, "decisions.csv", &text);
    company.berika(&["decide", "import", &file, "--json"]).with_code(0).json()
}

fn version(company: &Company) -> u32 {
    company.store(async |store| store.taxonomy("own").await.unwrap().unwrap().version)
}

/// The published category of a product; null where it is published without one.
fn category(company: &Company, sku: &str) -> Value {
    company.published(&format!("alfa/{sku}")).unwrap().1["category"]["id"].clone()
}

#[test]
fn changes_are_planned_applied_and_taken_back() {
    let company = company();
    let of = |leaf: &str| -> Vec<String> {
        rows().into_iter().map(|row| row.sku).filter(|sku| category(&company, sku) == leaf).collect()
    };
    let (teas, dogs, hammers) = (of("food.tea"), of("pets.dog-food"), of("tools.hammers"));
    assert!(!teas.is_empty() && dogs.len() > 1 && !hammers.is_empty());
    let before = company.digest();
    let file = write(&company, "changes.yaml", CHANGES);

    let redirects = company.path("redirects.csv");
    let plan = ["taxonomy", "plan", &file, "--json", "--redirects", redirects.to_str().unwrap()];
    let planned = company.berika(&plan).with_code(0).json();
    assert_eq!((&planned["version"], &planned["becomes"]), (&json!(1), &json!(2)));
    let changes = planned["changes"].as_array().unwrap();
    assert_eq!(changes[0]["change"], "rename food.tea to drinks.tea, en \"Tea and infusions\"");
    assert_eq!((&changes[0]["products"], &changes[0]["to_review"]), (&json!(teas.len()), &json!(0)));
    assert_eq!(
        (&changes[1]["to_review"], &changes[1]["confirmed_to_review"]),
        (&json!(dogs.len()), &json!(1))
    );
    assert_eq!(planned["total"]["published_anew"], teas.len() + dogs.len() + hammers.len());
    let redirects = std::fs::read_to_string(redirects).unwrap();
    let lines: Vec<&str> = redirects.lines().collect();
    assert_eq!(lines.len(), 5, "{redirects}");
    assert!(
        lines[1].starts_with("food.tea,renamed,drinks.tea,1,food > Tea,food > Tea and infusions,"),
        "{redirects}"
    );
    assert!(redirects.contains("tools.hammers,merged,tools.screwdrivers,1"), "{redirects}");
    assert!(redirects.contains("pets.dog-food,split,pets.wet-food,2"), "{redirects}");
    assert_eq!((version(&company), company.digest()), (1, before.clone()), "nothing is changed");

    let sent = company.shop.count();
    let applied = company.berika(&["taxonomy", "apply", &file, "--json"]).with_code(0).json();
    let run = applied["applied"]["run"].as_str().unwrap();
    assert_eq!((version(&company), &applied["applied"]["state"]), (2, &json!("applied")));
    assert!(teas.iter().all(|sku| category(&company, sku) == "drinks.tea"));
    assert!(hammers.iter().all(|sku| category(&company, sku) == "tools.screwdrivers"));
    assert!(dogs.iter().all(|sku| category(&company, sku) == Value::Null));
    let tea = company.published("alfa/P00").unwrap().1;
    assert_eq!(tea["category"]["path"]["en"], json!(["food", "Tea and infusions"]));
    assert_eq!(tea["category"]["decided_by"], "person");
    let events: Vec<Event> = company.shop.received().iter().skip(sent).map(Event::of).collect();
    assert_eq!(events.len(), teas.len() + dogs.len() + hammers.len(), "each product is told of once");

    // The same file once more is answered, and the store can be written out.
    let again = company.berika(&["taxonomy", "apply", &file]).with_code(1).err;
    assert!(again.contains("are made: they are version 2"), "{again}");
    let exported =
        write(&company, "taxonomy.jsonl", &company.berika(&["taxonomy", "export"]).with_code(0).out);
    let imported = company.berika(&["taxonomy", "import", &exported, "--json"]).with_code(0).json();
    assert_eq!((&imported["changed"], &imported["version"]), (&json!(false), &json!(2)));

    // What people confirmed in the leaf that was split waits for people, with what became of it.
    let explained =
        || company.berika(&["explain", "alfa/P40", "--json"]).with_code(0).json()["category"].clone();
    assert_eq!(
        explained()["reasons"],
        json!(["category pets.dog-food was split into pets.dry-food and pets.wet-food"])
    );

    let back = company.berika(&["recategorise", "revert", run, "--json"]).with_code(0).json();
    assert_eq!(back["restored"], teas.len() + dogs.len() + hammers.len(), "{back}");
    assert_eq!(version(&company), 3);
    assert_eq!(company.digest(), before, "all is published as before");
    assert_eq!(category(&company, "P40"), "pets.dog-food");
}

#[test]
fn products_of_a_split_leaf_are_judged_by_the_next_run_and_confirmed_ones_wait_for_people() {
    let company = company();
    let file = write(&company, "changes.yaml", CHANGES);
    let said = company.berika(&["taxonomy", "apply", &file]).with_code(0).out;
    for part in ["to redirect", "recategorise revert run_", "taxonomy export FILE", "note: 5 products return"]
    {
        assert!(said.contains(part), "{part}: {said}");
    }
    company.run().with_code(0);
    let food = |sku: &str| category(&company, sku).as_str().unwrap_or_default().to_owned();
    assert!(food("P41").starts_with("pets."), "{}", food("P41"));
    assert_eq!(food("P40"), "");
    let explained =
        company.berika(&["explain", "alfa/P40", "--json"]).with_code(0).json()["category"].clone();
    assert_eq!(explained["verdict"], "review");
    let why = explained["reasons"][0].as_str().unwrap().to_owned();
    assert!(why.contains("was split into pets.dry-food and pets.wet-food (version 2)"), "{why}");

    // Decisions over the former version hold where their category is called otherwise, and are known to be void elsewhere.
    let imported = decide(&company, "1", &[("P01", "food.tea"), ("P42", "pets.dog-food")]);
    let notices = imported["notices"].to_string();
    assert!(!notices.contains("food.tea") && notices.contains("no category pets.dog-food"), "{notices}");
    company.run().with_code(0);
    assert_eq!(company.published("alfa/P01").unwrap().1["category"]["decided_by"], "person");
    assert_eq!(food("P01"), "drinks.tea");
    let explained = company.berika(&["explain", "alfa/P42", "--json"]).with_code(0).json();
    assert_eq!(explained["category"]["verdict"], "review");
}

#[test]
fn what_cannot_be_done_is_refused_and_nothing_is_done() {
    let company = company();
    let before = company.digest();
    let refused = |changes: &str, parts: &[&str]| {
        let file = write(&company, "changes.yaml", changes);
        for command in ["plan", "apply"] {
            let said = company.berika(&["taxonomy", command, &file]).with_code(1).err;
            for part in parts {
                assert!(said.contains(part), "{part}: {said}");
            }
        }
    };
    let one =
        |change: &str| format!("changes:\n  - move: {{ category: food.tea, below: home }}\n  - {change}\n");
    refused(
        &one("delete: { category: food }"),
        &["change 2 (delete)", "has categories below it (food.coffee)", "move, merge or delete"],
    );
    refused(
        &one("move: { category: home, below: food.tea }"),
        &["change 2 (move)", "home cannot stand below food.tea"],
    );
    refused(
        &one("delete: { category: pets.dog-food }"),
        &["change 2", "pets.dog-food", "confirmed 1", "`confirmed: review`"],
    );
    refused(
        &one("merge: { categories: [tools.hammers], into: tools.hammers }"),
        &["takes the place of itself"],
    );
    refused(&one("split: { category: home.towels, into: [] }"), &["fewer than two"]);
    refused(&one("delete: { category: food.te }"), &["no category food.te"]);
    refused(&one("remove: { category: food.tea }"), &["line 3", "remove"]);
    refused(
        "from_version: 7\nchanges:\n  - delete: { category: home.towels }\n",
        &["from_version 7", "at version 1"],
    );
    refused("changes: []\n", &["there are no changes"]);
    let redirects = company.path("nowhere/redirects.csv");
    let file = write(&company, "changes.yaml", CHANGES);
    let said = company
        .berika(&["taxonomy", "plan", &file, "--redirects", redirects.to_str().unwrap()])
        .with_code(1)
        .err;
    assert!(said.contains("redirects.csv"), "{said}");
    assert!(company.berika(&["taxonomy", "plan", "nowhere.yaml"]).with_code(1).err.contains("nowhere.yaml"));
    assert_eq!((version(&company), company.digest()), (1, before));

    // With the word of a person it goes.
    let file =
        write(&company, "changes.yaml", &one("delete: { category: pets.dog-food, confirmed: review }"));
    company.berika(&["taxonomy", "apply", &file]).with_code(0);
    assert_eq!((version(&company), category(&company, "P40")), (2, Value::Null));
}

#[test]
fn a_whole_taxonomy_that_leaves_a_leaf_out_withdraws_its_products() {
    let company = company();
    let path = company.path("taxonomy.jsonl");
    let whole = std::fs::read_to_string(&path).unwrap();
    let without =
        whole.lines().filter(|line| !line.contains("\"pets.dog-food\"")).map(|line| format!("{line}\n"));
    write(&company, "taxonomy.jsonl", &without.collect::<String>());
    company.berika(&["taxonomy", "import"]).with_code(0);
    let explained =
        company.berika(&["explain", "alfa/P40", "--json"]).with_code(0).json()["category"].clone();
    assert_eq!(explained["reasons"], json!(["category pets.dog-food is not in the taxonomy any more"]));
    company.run().with_code(0);
    assert_eq!(category(&company, "P40"), Value::Null);
    // Taken over again, what was decided holds again.
    write(&company, "taxonomy.jsonl", &whole);
    company.berika(&["taxonomy", "import"]).with_code(0);
    company.run().with_code(0);
    assert_eq!(category(&company, "P40"), "pets.dog-food");
}
