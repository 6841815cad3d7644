use super::*;
use crate::recategorise::plan_file::tests::plan;

fn taxonomy() -> Taxonomy {
    let category = serde_json::json!([{"id": "tea", "names": {"en": "Tea & <b>cups</b>"}}]);
    Taxonomy::new("own", 3, serde_json::from_value(category).unwrap()).unwrap()
}

#[test]
fn what_strangers_wrote_is_text_in_the_page_and_nothing_is_fetched() {
    let mut plan = plan();
    let hostile = "<script>alert('x')</script> \u{202e}\"><img src=https://evil.example/x onerror=a()>";
    plan.made_by = hostile.to_owned();
    plan.summary.notes.push(hostile.to_owned());
    for flow in &mut plan.summary.flows {
        flow.to = Some(CategoryId(hostile.to_owned()));
        for example in &mut flow.examples {
            example.title = Some(hostile.to_owned());
            example.reason = hostile.to_owned();
        }
    }
    let taxonomy = taxonomy();
    let digest = Digest::of_bytes(b"");
    let language = Language::parse("en").unwrap();
    let beside = Beside {
        digest: &digest,
        file: Path::new("a <plan>.json"),
        before: &taxonomy,
        changed: None,
        language: &language,
    };
    let page = page(&plan, &beside);
    assert!(page.contains("&lt;script&gt;alert(&#39;x&#39;)"), "{page}");
    for forbidden in
        ["<script", "<img", "<link", "url(", "@import", "<iframe", "\u{202e}", "<plan>", "<b>cups"]
    {
        assert!(!page.contains(forbidden), "{forbidden}: {page}");
    }
    assert!(page.contains("default-src 'none'") && page.contains("prefers-color-scheme: dark"));
    assert!(
        page.contains("Tea &amp; &lt;b&gt;cups")
            && page.contains("berika recategorise apply a &lt;plan&gt;.json")
    );
}

#[test]
fn times_and_shares_are_said_as_people_say_them() {
    assert_eq!([0.1, 89.0, 600.0, 7200.0].map(duration), ["1 s", "89 s", "10 min", "2.0 h"]);
    assert_eq!([0.0, 0.12345, 1.0].map(percent), ["0 %", "12.3 %", "100 %"]);
}
