//! Page by page: numbers, offsets, cursors and links, and every way in which an API does not come to its end.

use crate::support::{Supplier, delivery, text};
use berika_sources::Delivery;
use berika_testkit::{Answer, Behaviour, SeenRequest};

/// A parameter of the query.
fn parameter(request: &SeenRequest, name: &str) -> Option<String> {
    let query = request.query.as_deref().unwrap_or_default();
    url::form_urlencoded::parse(query.as_bytes())
        .find(|(known, _)| known == name)
        .map(|(_, value)| value.into_owned())
}

fn number(request: &SeenRequest, name: &str) -> Option<usize> {
    parameter(request, name)?.parse().ok()
}

/// Items `from` to `to` of a catalogue of seven, as JSON.
fn items(from: usize, to: usize) -> String {
    let items: Vec<String> = (from..to.min(7)).map(|sku| format!("{{\"sku\": {sku}}}")).collect();
    format!("[{}]", items.join(", "))
}

const ALL: &str =
    "{\"sku\":0}\n{\"sku\":1}\n{\"sku\":2}\n{\"sku\":3}\n{\"sku\":4}\n{\"sku\":5}\n{\"sku\":6}\n";

async fn get(supplier: &Supplier, more: &str) -> Delivery {
    delivery(supplier.get(&supplier.source("/products", more)).await)
}

#[track_caller]
fn complete(delivery: &Delivery, expected: &str) {
    assert_eq!((text(delivery).as_str(), delivery.incomplete.as_deref()), (expected, None));
}

#[tokio::test]
async fn pages_by_number_until_one_is_empty() {
    let supplier = Supplier::new();
    supplier.server.on("/products", |request| {
        let (page, size) = (number(request, "page").unwrap(), number(request, "per_page").unwrap());
        Answer::ok(format!("{{\"data\": {{\"products\": {}}}}}", items((page - 1) * size, page * size)))
    });
    let paging = "paging = { type = \"page\", items = \"/data/products\", size_parameter = \"per_page\", page_size = 3 }";
    complete(&get(&supplier, paging).await, ALL);
    let queries: Vec<_> = supplier.server.requests().into_iter().map(|seen| seen.query.unwrap()).collect();
    assert_eq!(queries, [1, 2, 3, 4].map(|page| format!("per_page=3&page={page}")));
}

#[tokio::test]
async fn the_first_page_may_be_any_and_the_address_keeps_its_own_parameters() {
    let supplier = Supplier::new();
    supplier.server.on("/products", |request| {
        assert_eq!(parameter(request, "lang").as_deref(), Some("sv"));
        let page = number(request, "p").unwrap();
        Answer::ok(items(page * 4, page * 4 + 4))
    });
    let source = supplier
        .source("/products?lang=sv&p=9", "paging = { type = \"page\", parameter = \"p\", first = 0 }");
    complete(&delivery(supplier.get(&source).await), ALL);
}

#[tokio::test]
async fn offsets_go_by_what_came_and_not_by_what_was_asked_for() {
    let supplier = Supplier::new();
    supplier.server.on("/products", |request| {
        let offset = number(request, "offset").unwrap();
        // At most two a page, whatever is asked for.
        Answer::ok(items(offset, offset + 2))
    });
    let paging = "paging = { type = \"offset\", size_parameter = \"limit\", page_size = 500 }";
    complete(&get(&supplier, paging).await, ALL);
}

#[tokio::test]
async fn cursors_are_followed_until_there_is_none() {
    for last in ["null", "\"\"", "false"] {
        let supplier = Supplier::new();
        supplier.server.on("/products", move |request| {
            let (from, next) = match parameter(request, "cursor").as_deref() {
                None => (0, "\"a b&c\"".to_owned()),
                Some("a b&c") => (3, "12345678901".to_owned()),
                Some("12345678901") => (6, last.to_owned()),
                other => panic!("{other:?}"),
            };
            Answer::ok(format!("{{\"items\": {}, \"meta\": {{\"next\": {next}}}}}", items(from, from + 3)))
        });
        let paging = "paging = { type = \"cursor\", items = \"/items\", next = \"/meta/next\" }";
        complete(&get(&supplier, paging).await, ALL);
    }
}

#[tokio::test]
async fn a_first_page_without_what_names_the_next_one_is_no_whole_delivery() {
    for kind in ["cursor", "link"] {
        let paging =
            |next: &str| format!("paging = {{ type = \"{kind}\", items = \"/items\", next = \"{next}\" }}");
        let supplier = Supplier::new();
        supplier.server.on("/products", |_| {
            Answer::ok("{\"items\": [1], \"next\": null, \"empty\": \"\", \"links\": {\"href\": \"/2\"}}")
        });
        for end in ["/next", "/empty"] {
            complete(&get(&supplier, &paging(end)).await, "1\n");
        }
        for wrong in ["/nxet", "/links"] {
            let error = supplier.error(&supplier.source("/products", &paging(wrong))).await;
            assert!(error.contains(&format!("nothing at {wrong} that names the next page")), "{error}");
        }
    }
}

#[tokio::test]
async fn a_cursor_may_be_left_out_on_a_later_page() {
    let supplier = Supplier::new();
    supplier.server.on("/products", |request| match parameter(request, "cursor") {
        None => Answer::ok("{\"items\": [1], \"next\": 2}"),
        Some(_) => Answer::ok("{\"items\": [2]}"),
    });
    let paging = "paging = { type = \"cursor\", items = \"/items\", next = \"/next\" }";
    complete(&get(&supplier, paging).await, "1\n2\n");
}

#[tokio::test]
async fn links_are_followed_from_the_header_or_the_body() {
    let supplier = Supplier::new();
    supplier.server.on("/products", |request| {
        let from = number(request, "from").unwrap_or(0);
        let answer = Answer::ok(items(from, from + 3));
        if from >= 6 {
            return answer.with("link", "</products>; rel=\"first\"");
        }
        let next = from + 3;
        answer.with(
            "link",
            format!("</products>; rel=\"first\", </products?from={next}>; title=\"a, b\"; rel=next"),
        )
    });
    complete(&get(&supplier, "paging = { type = \"link\" }").await, ALL);

    let supplier = Supplier::new();
    supplier.server.on("/products", |request| {
        let from = number(request, "from").unwrap_or(0);
        let next = if from < 6 { format!("\"?from={}\"", from + 3) } else { "null".to_owned() };
        Answer::ok(format!("{{\"results\": {}, \"next\": {next}}}", items(from, from + 3)))
    });
    complete(
        &get(&supplier, "paging = { type = \"link\", items = \"/results\", next = \"/next\" }").await,
        ALL,
    );
}

#[tokio::test]
async fn a_next_link_to_another_host_is_not_followed() {
    let elsewhere = Supplier::new();
    let link = format!("<{}>; rel=\"next\"", elsewhere.server.url("/steal"));
    let supplier = Supplier::new();
    supplier.server.on("/products", move |_| Answer::ok("[1]").with("link", link.clone()));
    let source = supplier.source(
        "/products",
        "paging = { type = \"link\" }\nauth = { type = \"bearer\", token = { env = \"SECRET\" } }",
    );
    let error = supplier.error(&source).await;
    assert!(
        error.ends_with("the next page is on another host (127.0.0.1), which must not get the credentials"),
        "{error}"
    );
    assert_eq!(elsewhere.server.requests().len(), 0);
}

#[tokio::test]
async fn a_page_that_fails_is_tried_again_and_patience_is_obeyed() {
    let supplier = Supplier::new();
    supplier.server.on("/products", |request| {
        let offset = number(request, "offset").unwrap();
        Answer::ok(items(offset, offset + 4))
    });
    let patience = Behaviour::RetryLater { status: 429, retry_after: "1".to_owned() };
    supplier.server.next("/products", [Behaviour::Status(502), patience]);
    let begun = std::time::Instant::now();
    complete(&get(&supplier, "paging = { type = \"offset\" }").await, ALL);
    assert!(begun.elapsed() >= std::time::Duration::from_secs(1), "Retry-After is not undercut");
}

/// What is wrong with a delivery that holds these items all the same.
#[track_caller]
fn incomplete(delivery: &Delivery, expected: &str) -> String {
    assert_eq!(text(delivery), expected);
    delivery.incomplete.clone().expect("it is incomplete")
}

#[tokio::test]
async fn paging_that_repeats_is_noticed_and_loses_nothing() {
    // The last page for ever, as many servers do it.
    let supplier = Supplier::new();
    supplier.server.on("/products", |request| {
        let page = number(request, "page").unwrap().min(2);
        Answer::ok(format!("{{\"at\": {page}, \"items\": {}}}", items((page - 1) * 4, page * 4)))
    });
    let reason = incomplete(&get(&supplier, "paging = { type = \"page\", items = \"/items\" }").await, ALL);
    assert!(reason.contains("page 3 repeats an earlier one"), "{reason}");
    assert!(
        reason.ends_with("the 7 items before that are taken in, and nothing counts as missing"),
        "{reason}"
    );

    // A cursor that leads in a circle.
    let supplier = Supplier::new();
    supplier.server.on("/products", |request| {
        let turn = if parameter(request, "cursor").as_deref() == Some("b") { ("a", 1) } else { ("b", 0) };
        Answer::ok(format!("{{\"items\": [{}], \"next\": \"{}\"}}", turn.1, turn.0))
    });
    let paging = "paging = { type = \"cursor\", items = \"/items\", next = \"/next\" }";
    let reason = incomplete(&get(&supplier, paging).await, "0\n1\n");
    assert!(reason.contains("repeats an earlier one") || reason.contains("leads back"), "{reason}");
    assert!(supplier.server.count("/products") <= 4);
}

#[tokio::test]
async fn endless_paging_ends_at_the_caps() {
    let supplier = Supplier::new();
    supplier.server.on("/products", |request| {
        let page = number(request, "page").unwrap();
        Answer::ok(format!("[\"{page:0>60000}\"]"))
    });
    let few = get(&supplier, "paging = { type = \"page\", max_pages = 5 }").await;
    assert_eq!(text(&few).lines().count(), 5);
    assert!(few.incomplete.as_ref().unwrap().contains("more than 5 pages"), "{:?}", few.incomplete);
    let big = get(&supplier, "paging = { type = \"page\" }\nmax_megabytes = 1").await;
    assert_eq!(text(&big).lines().count(), 17);
    assert!(big.incomplete.as_ref().unwrap().contains("larger than the limit of 1048576 bytes"));
}

#[tokio::test]
async fn a_page_of_more_than_8_mb_is_refused() {
    let supplier = Supplier::new();
    supplier.server.on("/products", |_| Answer::ok(format!("[\"{}\"]", "x".repeat(8 << 20))));
    let error = supplier.error(&supplier.source("/products", "paging = { type = \"link\" }")).await;
    assert!(error.ends_with("larger than the limit of 8388608 bytes"), "{error}");
}

#[tokio::test]
async fn a_later_page_that_does_not_come_leaves_the_earlier_ones() {
    for (answer, part) in [
        (Answer::status(404), "the server answered 404"),
        (Answer::ok("<!DOCTYPE html><title>Log in</title>"), "a web page (HTML) where JSON is expected"),
        (Answer::ok("{\"items\": ["), "no valid JSON at line 1"),
        (Answer::ok("{}"), "nothing at /items"),
        (Answer::ok("{\"items\": {}}"), "no array at \"/items\""),
    ] {
        let supplier = Supplier::new();
        let second = answer.clone();
        supplier.server.on("/products", move |request| match number(request, "page") {
            Some(1) => Answer::ok("{\"items\": [1, 2]}"),
            _ => second.clone(),
        });
        let source = "paging = { type = \"page\", items = \"/items\" }";
        let reason = incomplete(&get(&supplier, source).await, "1\n2\n");
        assert!(reason.contains(part) && reason.contains("/products?…"), "{reason}");

        supplier.server.on("/products", move |_| answer.clone());
        let error = supplier.error(&supplier.source("/products", source)).await;
        assert!(error.contains(part), "{error}");
    }
}

#[tokio::test]
async fn an_api_without_products_is_empty_and_not_an_error() {
    let supplier = Supplier::new();
    supplier.server.on("/products", |_| Answer::ok("[]"));
    complete(&get(&supplier, "paging = { type = \"page\" }").await, "");
}
