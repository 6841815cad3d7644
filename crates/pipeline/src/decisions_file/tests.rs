use super::*;
use berika_catalog::{Category, Language};

fn taxonomy() -> Taxonomy {
    let category = |id: &str, parent: Option<&str>| Category {
        id: CategoryId(id.to_owned()),
        parent: parent.map(|p| CategoryId(p.to_owned())),
        names: [(Language::parse("en").unwrap(), id.to_owned())].into(),
        descriptions: Default::default(),
        excludes: Default::default(),
        synonyms: Default::default(),
        external_ids: Default::default(),
    };
    let categories =
        vec![category("food", None), category("food.milk", Some("food")), category("food.tea", Some("food"))];
    Taxonomy::new("own", 3, categories).unwrap()
}

fn read_text(text: &str) -> Result<DecisionsFile, DecisionsError> {
    read("d.csv", text.as_bytes(), &taxonomy(), &CategoryNames::default(), "buyer", Timestamp::UNIX_EPOCH)
}

fn refused(text: &str) -> String {
    read_text(text).unwrap_err().to_string()
}

#[test]
fn what_is_written_reads_back() {
    let file = read_text(
        "supplier,sku,category,note,chosen_by\nnordmat,1,food.milk,\"clear, really\",\nnordmat,2,,,random-audit\n",
    )
    .unwrap();
    let decisions = &file.decisions;
    assert_eq!(decisions[0].category, Some(CategoryId("food.milk".to_owned())));
    assert_eq!((decisions[0].by.as_str(), decisions[0].taxonomy_version), ("buyer", 3));
    assert_eq!((decisions[0].chosen_by, decisions[1].chosen_by), (ChosenBy::Import, ChosenBy::RandomAudit));
    assert_eq!(decisions[1].category, None);
    assert!(file.notices.is_empty(), "{:?}", file.notices);
    let mut bytes = Vec::new();
    write(&mut bytes, decisions).unwrap();
    assert_eq!(read_text(std::str::from_utf8(&bytes).unwrap()).unwrap(), file);
}

#[test]
fn mistakes_are_named_with_their_line() {
    let head = "supplier,sku,category\n";
    assert!(
        refused(&format!("{head}nordmat,1,food.milc\n")).contains("line 2: there is no category food.milc")
    );
    assert!(refused(&format!("{head}nordmat,1,food.milc\n")).contains("the nearest is food.milk"));
    assert!(refused(&format!("{head}nordmat,1,food\n")).contains("categories below it"));
    assert!(refused(&format!("{head}nordmat,,food.milk\n")).contains("sku is empty"));
    assert!(refused(&format!("{head}Nord Mat,1,food.milk\n")).contains("supplier id"));
    assert!(refused("supplier,category\nnordmat,food.milk\n").contains("sku"));
    assert!(refused(head).contains("no decisions"));
    assert!(refused("supplier,sku,category,decided_at\na,1,food.milk,yesterday\n").contains("no time"));
    let word = refused("supplier,sku,category,chosen_by\na,1,food.milk,me\n");
    assert!(word.contains("line 2: chosen_by \"me\"") && word.contains("active-review"), "{word}");
}

#[test]
fn of_two_decisions_on_a_product_the_later_holds_and_it_is_said() {
    let file = read_text("supplier,sku,category\na,1,food.milk\na,2,food.tea\na,1,food.tea\n").unwrap();
    assert_eq!(file.decisions.len(), 3);
    assert_eq!(file.notices, ["a/1 is decided 2 times and differently: food.tea holds, food.milk does not"]);
    let dated =
        "supplier,sku,category,decided_at\na,1,food.milk,2026-05-02T00:00:00Z\na,1,,2026-05-01T00:00:00Z\n";
    let file = read_text(dated).unwrap();
    assert_eq!(
        file.notices,
        ["a/1 is decided 2 times and differently: food.milk holds, none of ours does not"]
    );
    let twice = read_text("supplier,sku,category\na,1,food.milk\na,1,food.milk\n").unwrap();
    assert!(twice.notices.is_empty());
}

#[test]
fn a_category_that_is_gone_is_logged_where_the_file_says_that_it_is_older() {
    let head = "supplier,sku,category,taxonomy,taxonomy_version\n";
    let file = read_text(&format!("{head}a,1,food.soda,own,2\na,2,food.milk,own,2\n")).unwrap();
    assert_eq!(file.decisions[0].category, Some(CategoryId("food.soda".to_owned())));
    assert_eq!(file.decisions.iter().map(|d| d.taxonomy_version).collect::<Vec<_>>(), [2, 2]);
    assert!(file.notices[0].starts_with("2 decisions were made over another version"), "{:?}", file.notices);
    let gone = &file.notices[1];
    assert!(
        gone.starts_with("line 2: there is no category food.soda") && gone.contains("goes to review"),
        "{gone}"
    );
    assert!(refused(&format!("{head}a,1,food.soda,own,3\n")).contains("there is no category food.soda"));
    assert!(refused(&format!("{head}a,1,food.milk,own,new\n")).contains("taxonomy_version \"new\""));
    let said = refused(&format!("{head}a,1,food.milk,own,4\n"));
    assert!(said.contains("line 2") && said.contains("taxonomy own is at version 3"), "{said}");
}

#[test]
fn a_file_over_another_taxonomy_is_refused() {
    let said = refused("supplier,sku,category,taxonomy\na,1,food.milk,google\n");
    assert!(
        said.contains("line 2") && said.contains("over taxonomy google") && said.contains("own"),
        "{said}"
    );
}

#[test]
fn notices_do_not_grow_with_the_file() {
    let mut text = "supplier,sku,category\n".to_owned();
    for sku in 0..40 {
        text.push_str(&format!("a,{sku},food.milk\na,{sku},food.tea\n"));
    }
    let notices = read_text(&text).unwrap().notices;
    assert_eq!((notices.len(), notices[MOST_NOTICES].as_str()), (MOST_NOTICES + 1, "and 20 more of these"));
}
