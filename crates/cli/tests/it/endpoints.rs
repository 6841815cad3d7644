//! Endpoints that misbehave, and what must never leave.

use berika_testkit::{Reply, WebhookReceiver};
use serde_json::{Value, json};

use crate::assortment::{CSV_FIELDS, csv, rows};
use crate::support::{ACCEPT_ALL, Company, Event, SECRET, endpoint, events, receiver, supplier, wait_until};

/// Three products from `alfa`, and these endpoints.
fn three_to(endpoints: &[String]) -> Company {
    let company = Company::with_feed(&csv(&rows()[..3]));
    company.configure(&[company.csv_supplier("alfa")], endpoints, ACCEPT_ALL);
    company
}

fn answering(reply: Reply) -> WebhookReceiver {
    let receiver = receiver();
    receiver.always(reply);
    receiver
}

fn deliveries(company: &Company, endpoint: &str) -> Vec<Value> {
    let list = company.berika(&["deliveries", "list", "--endpoint", endpoint, "--json"]).with_code(0);
    list.json().as_array().unwrap().clone()
}

#[test]
fn what_an_endpoint_refused_is_sent_again_with_the_same_id_and_bytes() {
    let shop = answering(Reply::Status(500));
    let company = three_to(&[endpoint("shop", &shop.url(), "")]);
    let done = company.run().with_code(2);
    let stands = done.endpoint("shop");
    assert_eq!(
        (&stands["delivered"], &stands["failed"], &stands["pending"]),
        (&json!(0), &json!(3), &json!(3))
    );
    assert!(stands["last_failure"].as_str().unwrap().contains("500"), "{stands}");
    assert!(
        done.problems().contains("endpoint shop: 3 events wait for a later attempt"),
        "{}",
        done.problems()
    );

    shop.normal();
    for delivery in deliveries(&company, "shop") {
        assert_eq!((&delivery["state"], &delivery["attempts"]), (&json!("pending"), &json!(1)));
        company.berika(&["deliveries", "replay", delivery["id"].as_str().unwrap()]).with_code(0);
    }
    company.run().with_code(0);
    assert_eq!((shop.count(), events(&shop.received()).len(), shop.accepted_ids().len()), (6, 3, 3));

    let id = deliveries(&company, "shop")[0]["id"].as_str().unwrap().to_owned();
    let shown = company.berika(&["deliveries", "show", &id, "--json"]).with_code(0).json();
    let statuses: Vec<_> =
        shown["made"].as_array().unwrap().iter().map(|made| made["status"].clone()).collect();
    assert_eq!(statuses, [500, 200]);
    let sent = shop.received().into_iter().find(|received| received.id == id).unwrap();
    assert_eq!(shown["body"], sent.raw);
    company.berika(&["deliveries", "replay", "msg_unknown"]).with_code(1);
}

#[test]
fn endpoints_that_misbehave_are_named_and_keep_their_events() {
    let shop = receiver();
    let elsewhere = receiver();
    let moved = answering(Reply::Redirect(elsewhere.url()));
    let vast = answering(Reply::Endless);
    let gone = answering(Reply::Status(410));
    let busy = answering(Reply::RetryAfter(429, "3600".to_owned()));
    let hangs = answering(Reply::Hang);
    let company = three_to(&[
        endpoint("hangs", &hangs.url(), "timeout_seconds = 1"),
        endpoint("moved", &moved.url(), ""),
        endpoint("vast", &vast.url(), ""),
        endpoint("gone", &gone.url(), ""),
        endpoint("busy", &busy.url(), ""),
        endpoint("off", &crate::support::closed_port(), ""),
        endpoint("unset", "http://127.0.0.1:1/", "").replace("SHOP_SECRET", "NO_SUCH_VARIABLE"),
        endpoint("shop", &shop.url(), ""),
    ]);
    let done = company.run().with_code(2);
    let problems = done.problems();
    let said = |id: &str, pending: u64, parts: &[&str]| {
        let stands = done.endpoint(id);
        assert_eq!(stands["pending"], pending, "{stands}");
        for part in parts {
            assert!(stands.to_string().contains(part), "{id}: no {part:?} in {stands}");
        }
        assert!(problems.contains(&format!("endpoint {id}")), "{problems}");
    };
    said("hangs", 3, &["1 s"]);
    said("moved", 3, &["307", "redirects are not followed"]);
    said("gone", 3, &["410"]);
    said("busy", 3, &["429"]);
    said("off", 3, &["refused"]);
    said("unset", 3, &["NO_SUCH_VARIABLE is not set"]);
    assert!(problems.contains("berika deliveries enable gone"), "{problems}");
    assert_eq!((elsewhere.count(), shop.accepted_ids().len()), (0, 3));

    // 200 with 10 GB behind it: the event has arrived, the answer is cut.
    assert_eq!(
        (&done.endpoint("vast")["delivered"], &done.endpoint("vast")["pending"]),
        (&json!(3), &json!(0))
    );
    let id = deliveries(&company, "vast")[0]["id"].as_str().unwrap().to_owned();
    let shown = company.berika(&["deliveries", "show", &id, "--json"]).with_code(0).json();
    assert!(shown["made"][0]["answer"].as_str().unwrap().len() <= 20_000);

    // Events that had not left when the endpoint asked for a pause were not attempted.
    let busy = deliveries(&company, "busy");
    let attempted: Vec<_> = busy.iter().filter(|delivery| delivery["attempts"] != 0).collect();
    assert!(!attempted.is_empty(), "{busy:?}");
    for delivery in attempted {
        let time = |name: &str| delivery[name].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
        let waits = time("due_at").duration_since(time("created_at")).as_secs();
        assert!((3600..3900).contains(&waits), "{delivery}");
    }

    gone.normal();
    let before: Vec<_> = gone.received().iter().map(|received| received.id.clone()).collect();
    company.berika(&["deliveries", "enable", "gone"]).with_code(0);
    let done = company.run().with_code(2);
    assert_eq!(
        (&done.endpoint("gone")["delivered"], &done.endpoint("gone")["disabled"]),
        (&json!(3), &Value::Null)
    );
    assert_eq!(events(&gone.received()).len(), 3);
    assert!(before.iter().all(|id| gone.accepted_ids().contains(id)));
}

#[test]
fn a_slow_endpoint_keeps_no_other_waiting() {
    let shop = receiver();
    let hangs = answering(Reply::Hang);
    let company = three_to(&[
        endpoint("hangs", &hangs.url(), "timeout_seconds = 60\nconcurrency = 1"),
        endpoint("shop", &shop.url(), ""),
    ]);
    let mut run = company.command(&["run", "--json"]).stdout(std::process::Stdio::null()).spawn().unwrap();
    wait_until(|| shop.accepted_ids().len() == 3 || run.try_wait().unwrap().is_some());
    let (arrived, ended) = (shop.accepted_ids().len(), run.try_wait().unwrap());
    run.kill().unwrap();
    run.wait().unwrap();
    assert_eq!((arrived, ended), (3, None));
}

#[test]
fn an_event_over_20_kb_is_shortened_and_says_so() {
    let description = "Hand-picked leaves. ".repeat(2_000);
    let company = Company::new();
    company.feed("alfa.csv", format!("sku,title,about\nT-1,Green Tea Sencha,{description}\n"));
    let url = company.suppliers.url("/alfa.csv");
    let fields = "sku = \"sku\"\ntitle = \"title\"\ndescription = \"about\"";
    let alfa = supplier("alfa", "full", &url, "type = \"csv\"", fields, "");
    company.configure(&[alfa], &[endpoint("shop", &company.shop.url(), "")], ACCEPT_ALL);
    company.run().with_code(0);
    let received = company.shop.received();
    assert_eq!(received.len(), 1);
    assert!(received[0].verified && received[0].raw.len() <= 20_480, "{}", received[0].raw.len());
    let data = Event::of(&received[0]).data;
    assert_eq!(data["truncated"], true);
    let shortened = data["shortened"].as_array().unwrap();
    assert!(shortened.contains(&json!("/document/fields/description")), "{shortened:?}");
    assert!(data["document"]["fields"]["description"]["length"].as_u64().unwrap() > 30_000);
    assert_eq!(data["document"]["fields"]["title"], "Green Tea Sencha");
}

#[test]
fn while_a_secret_is_rotated_receivers_of_either_verify() {
    const NEW: &str = "whsec_dGhlLW5leHQtc2VjcmV0LW9mLXRoZS1zaG9wLWhlcmU=";
    let old = receiver();
    let clock = || berika_catalog::Clock::now(&berika_catalog::SystemClock).as_second();
    let new = WebhookReceiver::start(berika_testkit::ReceiverOptions::new(NEW, clock)).unwrap();
    let rotating = |id: &str, url: &str| {
        let keys = "secret_file = \"next-secret\"\nprevious_secret_env = \"SHOP_SECRET\"";
        endpoint(id, url, "").replace("secret_env = \"SHOP_SECRET\"", keys)
    };
    let company = three_to(&[rotating("old", &old.url()), rotating("new", &new.url())]);
    std::fs::write(company.path("next-secret"), format!("{NEW}\n")).unwrap();
    company.run().with_code(0);
    assert_eq!((old.accepted_ids().len(), new.accepted_ids().len()), (3, 3));
}

#[test]
fn secrets_appear_nowhere() {
    const HIDDEN: [&str; 6] = [
        "c2lnbmVkLWJ5LXRoZS10ZXN0cy1vbi1sb29wYmFjaw",
        "signed-by-the-tests-on-loopback",
        "api-key-of-alfa",
        "password-of-alfa",
        "token-of-alfa",
        "token-of-the-shop",
    ];
    assert!(SECRET.contains(HIDDEN[0]));
    let company = Company::with_feed(&csv(&rows()[..3]));
    let address = company.suppliers.base_url().replace("http://", "http://buyer:password-of-alfa@");
    let source = |path: &str, id: &str| {
        let url = format!("{address}/{path}?key=token-of-alfa");
        let text = supplier(id, "full", &url, "type = \"csv\"", CSV_FIELDS, "");
        let headers = "\n[suppliers.source.headers]\nX-Api-Key = { env = \"ALFA_KEY\" }\n[suppliers.format]";
        text.replace("\n[suppliers.format]", headers)
    };
    let broken = answering(Reply::Status(500));
    company.configure(
        &[source("alfa.csv", "alfa"), source("nowhere.csv", "beta")],
        &[
            endpoint("shop", &format!("{}?key=token-of-the-shop", company.shop.url()), ""),
            endpoint("broken", &format!("{}?key=token-of-the-shop", broken.url()), ""),
            endpoint("off", &format!("{}?key=token-of-the-shop", crate::support::closed_port()), ""),
        ],
        ACCEPT_ALL,
    );
    let mut shown = Vec::new();
    for arguments in [
        &["run", "--json"][..],
        &["run"],
        &["doctor"],
        &["deliveries", "list", "--json"],
        &["explain", "alfa/P00"],
    ] {
        let mut command = company.command(arguments);
        let done = command.env("BERIKA_LOG", "trace").env("ALFA_KEY", "api-key-of-alfa").output().unwrap();
        assert!(done.stderr.len() + done.stdout.len() > 100);
        shown.push((arguments.join(" "), done.stdout));
        shown.push((format!("{} (log)", arguments.join(" ")), done.stderr));
    }
    assert_eq!(company.shop.accepted_ids().len(), 3);
    let request = &company.suppliers.requests()[0];
    assert_eq!(request.headers["x-api-key"], "api-key-of-alfa", "it was used");
    assert_eq!(request.query.as_deref(), Some("key=token-of-alfa"));
    for entry in std::fs::read_dir(company.path("data")).unwrap() {
        let path = entry.unwrap().path();
        shown.push((path.display().to_string(), std::fs::read(&path).unwrap()));
    }
    for (place, bytes) in shown {
        let text = String::from_utf8_lossy(&bytes);
        for hidden in HIDDEN {
            let Some(at) = text.find(hidden) else { continue };
            let around: String =
                text[..at].chars().rev().take(300).collect::<Vec<_>>().into_iter().rev().collect();
            panic!("{hidden} in {place}: …{around}");
        }
    }
}

#[test]
fn addresses_that_are_not_public_are_refused_unless_configured() {
    let company = three_to(&[endpoint("shop", &crate::support::closed_port(), "")]);
    company.run().with_code(2);
    let text = std::fs::read_to_string(company.config()).unwrap();
    let refused = text.replace("allow = [\"127.0.0.0/8\"]", "allow = []");
    assert_ne!(text, refused);
    std::fs::write(company.config(), refused.replace(&closed(&text), &company.shop.url())).unwrap();
    for delivery in deliveries(&company, "shop") {
        company.berika(&["deliveries", "replay", delivery["id"].as_str().unwrap()]).with_code(0);
    }
    let done = company.run().with_code(2);
    let error = done.supplier("alfa")["outcome"]["error"].as_str().unwrap().to_owned();
    assert!(
        error.contains("supplier alfa") && error.contains("127.0.0.1") && error.contains("allow"),
        "{error}"
    );
    let failure = done.endpoint("shop")["last_failure"].as_str().unwrap().to_owned();
    assert!(failure.contains("127.0.0.1") && failure.contains("allow"), "{failure}");
    assert_eq!((company.shop.count(), company.suppliers.count("/alfa.csv")), (0, 1));
}

/// The address of the configuration's endpoint.
fn closed(config: &str) -> String {
    let section = config.split("[[endpoints]]").nth(1).unwrap();
    section.split("url = \"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}
