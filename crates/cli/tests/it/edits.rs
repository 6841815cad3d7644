//! Edits that stay: set, delivered against, in conflict, settled, blamed; locks; files of edits; import modes.

use serde_json::{Value, json};

use crate::assortment::{CSV_FIELDS, Row, csv, rows};
use crate::support::{ACCEPT_ALL, Company, Done, endpoint, supplier};

/// What is published of a product.
#[track_caller]
fn document(company: &Company, key: &str) -> Value {
    company.published(key).unwrap().1
}

/// A run on another feed.
#[track_caller]
fn deliver(company: &Company, rows: &[Row]) -> Done {
    company.feed("alfa.csv", csv(rows));
    company.run().with_code(0)
}

#[track_caller]
fn done(company: &Company, arguments: &[&str]) -> String {
    company.berika(arguments).with_code(0).out
}

#[track_caller]
fn conflicts(company: &Company) -> Vec<Value> {
    let listed = company.berika(&["conflicts", "list", "--json"]).with_code(0).json();
    listed["conflicts"].as_array().unwrap().clone()
}

#[test]
fn an_edit_stays_is_at_odds_and_is_settled_by_a_person_or_released() {
    let mut rows = rows();
    let company = Company::with_feed(&csv(&rows));
    company.run().with_code(0);
    let key = "alfa/P00";
    let set = done(
        &company,
        &[
            "product",
            "set",
            key,
            "title=Earl Grey, 50 bags",
            "price=9.90",
            "brand=",
            "--note",
            "as on the box",
        ],
    );
    for part in [
        "title: \"Earl Grey Black Tea 50 Bags\" -> \"Earl Grey, 50 bags\"",
        "10.50 EUR -> 9.90 EUR",
        "-> nothing",
    ] {
        assert!(set.contains(part), "{part}: {set}");
    }
    let known = company.shop.count();
    company.run().with_code(0);
    assert_eq!(company.shop.count(), known + 1, "one event for three edits");
    let fields = document(&company, key)["fields"].clone();
    assert_eq!(
        (&fields["title"], &fields["price"]["amount"]),
        (&json!("Earl Grey, 50 bags"), &json!("9.90"))
    );
    assert!(fields.get("brand").is_none());

    // The supplier changes two of the fields; both stay and are listed with the cell.
    rows[0].title = "EARL GREY 50 BAGS OFFER".to_owned();
    rows[0].price = "11.00".to_owned();
    deliver(&company, &rows);
    assert_eq!(document(&company, key)["fields"]["price"]["amount"], "9.90");
    let listed = conflicts(&company);
    let fields: Vec<_> = listed.iter().map(|c| c["field"].as_str().unwrap()).collect();
    assert_eq!(fields, ["price", "title"]);
    assert_eq!(listed[1]["theirs"], "EARL GREY 50 BAGS OFFER");
    assert_eq!(listed[1]["ours"]["replaced"], "Earl Grey Black Tea 50 Bags");
    assert_eq!((&listed[1]["from"]["row"], &listed[1]["from"]["column"]), (&json!(2), &json!("title")));
    let table = done(&company, &["conflicts", "list", "--supplier", "alfa"]);
    assert!(table.contains("alfa.csv row 2, price") && table.contains("11.00 EUR"), "{table}");

    let slip = company.berika(&["conflicts", "take", "ours", key, "stock"]).with_code(1);
    assert!(slip.err.contains("no conflict on stock"), "{}", slip.err);
    done(&company, &["conflicts", "take", "ours", key, "price"]);
    assert_eq!(conflicts(&company).len(), 1);
    let taken = done(&company, &["conflicts", "take", "theirs", "--supplier", "alfa"]);
    assert!(taken.contains("1 conflicts settled: theirs"), "{taken}");
    company.run().with_code(0);
    let fields = document(&company, key)["fields"].clone();
    assert_eq!(
        (&fields["title"], &fields["price"]["amount"]),
        (&json!("EARL GREY 50 BAGS OFFER"), &json!("9.90"))
    );

    // The supplier comes round, by value and by clearing what we cleared.
    rows[0].price = "9.9".to_owned();
    rows[0].brand = String::new();
    deliver(&company, &rows);
    let history = company.berika(&["blame", key, "price", "--json"]).with_code(0).json();
    let actions: Vec<_> = history["log"].as_array().unwrap().iter().map(|l| l["action"].clone()).collect();
    assert_eq!(actions, ["set", "kept", "released"]);
    assert_eq!(
        (&history["now"]["from"]["by"], &history["supplier"]["amount"]),
        (&json!("supplier"), &json!("9.9"))
    );
    // And may change its mind again: nothing of ours is left.
    rows[0].price = "12.00".to_owned();
    deliver(&company, &rows);
    assert_eq!(document(&company, key)["fields"]["price"]["amount"], "12.00");
    assert!(conflicts(&company).is_empty());
}

#[test]
fn what_cannot_be_set_is_refused_and_nothing_of_the_command_is_written() {
    let company = Company::with_feed(&csv(&rows()));
    company.run().with_code(0);
    for (said, part) in [
        ("titel=x", "there are title, brand, gtin"),
        ("category=food.tea", "berika decide"),
        ("gtin=4006381333932", "check digit should be 1"),
        ("price=cheap", "no number such as 12.50"),
        ("texts.de.title=Tee", "products are described in en, sv"),
        ("texts.sv.title=<b>Te</b>", "plain text"),
        (
            "texts.sv.seo_title=123456789 123456789 123456789 123456789 123456789 123456789 1",
            "60 are the most",
        ),
        ("title", "FIELD=VALUE"),
    ] {
        let refused = company.berika(&["product", "set", "P00", "stock=3", said]).with_code(1);
        assert!(refused.err.contains(part), "{said}: {}", refused.err);
    }
    let same = done(&company, &["product", "set", "P00", "title= Earl Grey Black Tea 50 Bags"]);
    assert!(same.contains("is the supplier's value already"), "{same}");
    assert!(done(&company, &["product", "drop", "P00", "title"]).contains("no edit to take back"));
    assert_eq!(document(&company, "alfa/P00")["fields"]["stock"], "7");
    let history = company.berika(&["blame", "P00", "stock", "--json"]).with_code(0).json();
    assert_eq!(history["log"], json!([]));
    assert!(company.berika(&["product", "lock", "P99"]).with_code(1).err.contains("no product"));
}

#[test]
fn texts_of_a_person_lie_over_those_that_are_written() {
    let mut rows = rows();
    let company = Company::with_feed(&csv(&rows));
    company.run().with_code(0);
    let before = document(&company, "alfa/P00")["texts"]["sv"].clone();
    done(
        &company,
        &["product", "set", "P00", "texts.sv.title=Earl Grey, femtio påsar", "texts.sv.seo_title="],
    );
    company.run().with_code(0);
    let texts = document(&company, "alfa/P00")["texts"]["sv"].clone();
    assert_eq!(texts["title"], "Earl Grey, femtio påsar");
    assert_eq!((&texts["by_person"], &texts["generator"]), (&json!(["title"]), &json!("composer")));
    assert_eq!((&texts["short"], texts.get("seo_title")), (&before["short"], None));

    // Written anew from another title, and the person's text still stands.
    rows[0].title = "Earl Grey Black Tea 100 Bags".to_owned();
    deliver(&company, &rows);
    let texts = document(&company, "alfa/P00")["texts"]["sv"].clone();
    assert_eq!(texts["title"], "Earl Grey, femtio påsar");
    let blamed = company.berika(&["blame", "P00", "--json"]).with_code(0).json();
    let of = |field: &str| {
        let texts = blamed["texts"].as_array().unwrap();
        texts.iter().find(|text| text["field"] == field).unwrap()["from"]["by"].clone()
    };
    assert_eq!((of("texts.sv.title"), of("texts.sv.short")), (json!("person"), json!("composer")));
    done(&company, &["product", "drop", "P00", "texts.sv.title", "texts.sv.seo_title"]);
    company.run().with_code(0);
    let texts = document(&company, "alfa/P00")["texts"]["sv"].clone();
    assert!(texts.get("by_person").is_none() && texts["title"] != "Earl Grey, femtio påsar", "{texts}");
}

#[test]
fn a_locked_product_follows_its_supplier_and_no_machine() {
    let mut rows = rows();
    let company = Company::with_feed(&csv(&rows));
    company.run().with_code(0);
    let before = document(&company, "alfa/P00");
    assert!(done(&company, &["product", "lock", "P00", "--note", "audited"]).contains("is locked"));
    rows[0].title = "Rubber Mallet 680 g".to_owned();
    rows[0].category = "Hand tools/Striking".to_owned();
    deliver(&company, &rows);
    let after = document(&company, "alfa/P00");
    assert_eq!(after["fields"]["title"], "Rubber Mallet 680 g");
    assert_eq!((&after["category"], &after["texts"]), (&before["category"], &before["texts"]));
    let blamed = done(&company, &["blame", "P00"]);
    assert!(blamed.contains("active, locked") && blamed.contains("Earl Grey Black Tea 50 Bags"), "{blamed}");
    // A person's decision still holds.
    company.berika(&["decide", "P00", "tools.hammers"]).with_code(0);
    company.run().with_code(0);
    assert_eq!(document(&company, "alfa/P00")["category"]["id"], "tools.hammers");
    assert_eq!(document(&company, "alfa/P00")["texts"], before["texts"]);
    done(&company, &["product", "unlock", "P00"]);
    company.run().with_code(0);
    assert_ne!(document(&company, "alfa/P00")["texts"], before["texts"]);
}

#[test]
fn blame_names_the_cell_the_person_and_the_classifier() {
    let mut rows = rows();
    let company = Company::with_feed(&csv(&rows));
    company.run().with_code(0);
    rows[0].stock = 8;
    deliver(&company, &rows);
    done(&company, &["product", "set", "P00", "brand=Twining", "--note", "from the label"]);
    let blamed = company.berika(&["blame", "alfa/P00", "--json"]).with_code(0).json();
    let of = |field: &str| {
        let fields = blamed["fields"].as_array().unwrap();
        fields.iter().find(|one| one["field"] == field).unwrap().clone()
    };
    assert_eq!((&of("stock")["from"]["row"], &of("stock")["from"]["column"]), (&json!(2), &json!("stock")));
    assert_eq!((&of("stock")["replaced"], &of("title")["replaced"]), (&json!("7"), &Value::Null));
    assert_eq!(
        (&of("brand")["from"]["note"], &of("brand")["replaced"]),
        (&json!("from the label"), &json!("Brand0"))
    );
    assert!(of("stock")["at"].as_str() > of("title")["at"].as_str(), "{blamed}");
    assert!(blamed["category"]["recipe"].is_string() && blamed["category"]["at"].is_string());
    let table = done(&company, &["blame", "P00"]);
    for part in ["alfa.csv row 2, stock", ": from the label", "Category: ", "composer"] {
        assert!(table.contains(part), "{part}: {table}");
    }
    assert!(done(&company, &["blame", "P00", "title"]).contains("Nobody edited it"));
    assert!(company.berika(&["blame", "P00", "mpn"]).with_code(1).err.contains("say anything of mpn"));
}

#[test]
fn a_file_of_edits_is_shown_then_written_once() {
    let company = Company::with_feed(&csv(&rows()));
    company.run().with_code(0);
    let file = company.path("edits.csv");
    let name = file.to_str().unwrap();
    let import = |more: &[&str]| company.berika(&[&["product", "import-edits", name], more].concat());
    std::fs::write(
        &file,
        "supplier,sku,field,value,note\nalfa,P00,title,Earl Grey,short\nalfa,P01,price,8.80,\n\
         alfa,P02,title,Peppermint Herbal Tea 20 Bags,\n",
    )
    .unwrap();
    let dry = import(&[]).with_code(0).out;
    assert!(dry.contains("10.50") || dry.contains("11.50 EUR"), "{dry}");
    assert!(
        dry.contains("2 changes would be written: --apply does it; 1 are so already, 0 cannot be"),
        "{dry}"
    );
    assert_eq!(company.run().with_code(0).items("publish"), 0, "nothing was written");
    let applied = import(&["--apply", "--json"]).with_code(0).json();
    assert_eq!(
        (&applied["applied"], &applied["changes"], &applied["same"]),
        (&json!(true), &json!(2), &json!(1))
    );
    let again = import(&["--apply", "--json"]).with_code(0).json();
    assert_eq!((&again["changes"], &again["same"]), (&json!(0), &json!(3)));
    assert_eq!(company.run().with_code(0).items("publish"), 2);
    let history = company.berika(&["blame", "P00", "title", "--json"]).with_code(0).json();
    let log = history["log"].as_array().unwrap();
    assert_eq!((log.len(), &log[0]["note"]), (1, &json!("short")));
    assert!(log[0]["origin"].as_str().unwrap().ends_with("edits.csv line 2"), "{log:?}");

    // Rows that cannot be: each is named, and nothing is written unless that is asked for.
    let hostile = format!(
        "{{\"product\":\"alfa/P03\",\"set\":{{\"title\":\"Rooibos\"}}}}\nno json\n\
         {{\"product\":\"alfa/P04\",\"set\":{{\"gtin\":\"4006381333932\"}}}}\n{{\"product\":\"alfa/nobody\",\"drop\":[\"title\"]}}\n\
         {{\"product\":\"alfa/P03\",\"set\":{{\"title\":\"Red bush\"}}}}\n{{\"product\":\"alfa/P04\",\"set\":{{\"title\":\"{}\"}}}}\n\
         {{\"product\":\"alfa/P00\",\"drop\":[\"title\"]}}\n",
        "x".repeat(1 << 21)
    );
    std::fs::write(&file, hostile).unwrap();
    let dry = import(&[]).with_code(1).out;
    for part in [
        "line 2:",
        "line 3: gtin",
        "line 4: there is no product alfa/nobody",
        "line 5:",
        "line 1 already",
        "line 6:",
    ] {
        assert!(dry.contains(part), "{part}: {dry}");
    }
    assert!(dry.contains("2 changes") && dry.contains("5 cannot be"), "{dry}");
    let refused = import(&["--apply"]).with_code(1);
    assert!(refused.err.contains("nothing was written; --skip-errors"), "{}", refused.err);
    assert_eq!(company.run().with_code(0).items("publish"), 0);
    import(&["--apply", "--skip-errors"]).with_code(0);
    company.run().with_code(0);
    assert_eq!(document(&company, "alfa/P03")["fields"]["title"], "Rooibos");
    assert_eq!(document(&company, "alfa/P00")["fields"]["title"], "Earl Grey Black Tea 50 Bags");
}

#[test]
fn a_mode_says_what_a_delivery_may_do() {
    let mut rows = rows();
    let company = Company::new();
    let configure = |more: &str| {
        let url = company.suppliers.url("/alfa.csv");
        let alfa = supplier("alfa", "full", &url, "type = \"csv\"", CSV_FIELDS, more);
        company.configure(&[alfa], &[endpoint("shop", &company.shop.url(), "")], ACCEPT_ALL);
    };
    configure("mode = \"report-only\"");
    company.feed("alfa.csv", csv(&rows));
    let report = company.run().with_code(0);
    let outcome = report.supplier("alfa")["outcome"].clone();
    assert_eq!((&outcome["delivery"], &outcome["counts"]["new"]), (&json!("reported"), &json!(40)));
    assert_eq!(
        (report.supplier("alfa")["standing"]["products"].clone(), company.shop.count()),
        (json!(0), 0)
    );

    configure("");
    assert_eq!(company.run().with_code(0).supplier("alfa")["outcome"]["counts"]["new"], 40);
    let sent = company.shop.count();

    // One changed, one new, one gone.
    rows[0].price = "1.00".to_owned();
    rows[39].sku = "NEW".to_owned();
    company.feed("alfa.csv", csv(&rows));
    configure("mode = \"create-only\"");
    let dry = company.berika(&["run", "--dry-run", "--json"]).with_code(0);
    let counts = dry.supplier("alfa")["outcome"]["counts"].clone();
    assert_eq!([&counts["new"], &counts["left"], &counts["missing"]], [&json!(1), &json!(39), &json!(0)]);
    let counts = company.run().with_code(0).supplier("alfa")["outcome"]["counts"].clone();
    assert_eq!([&counts["new"], &counts["left"], &counts["missing"]], [&json!(1), &json!(39), &json!(0)]);
    assert_eq!(document(&company, "alfa/P00")["fields"]["price"]["amount"], "10.50");
    assert_eq!(company.shop.count(), sent + 1);

    // The same file by another mode is read again.
    rows[1].sku = "NEWER".to_owned();
    company.feed("alfa.csv", csv(&rows));
    configure("mode = \"update-only\"");
    let counts = company.run().with_code(0).supplier("alfa")["outcome"]["counts"].clone();
    assert_eq!([&counts["changed"], &counts["left"], &counts["missing"]], [&json!(1), &json!(1), &json!(2)]);
    assert_eq!(document(&company, "alfa/P00")["fields"]["price"]["amount"], "1.00");
    let text = company.berika(&["run"]).with_code(0);
    assert!(text.out.contains("unchanged"), "{}", text.out);
    configure("");
    let counts = company.run().with_code(0).supplier("alfa")["outcome"]["counts"].clone();
    assert_eq!((&counts["new"], &counts["left"]), (&json!(1), &json!(0)));

    configure("mode = \"update\"");
    let refused = company.berika(&["run"]).with_code(1);
    assert!(refused.err.contains("update-only"), "{}", refused.err);
}
