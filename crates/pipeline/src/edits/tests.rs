//! Edits over a real store.

use berika_catalog::{DeliveryKind, Digest, ProductRecord, SupplierId};
use berika_store::{Access, ImportMode, NewImport};

use super::file::{EditsFile, Judged, judge};
use super::*;

const NOW: Timestamp = Timestamp::UNIX_EPOCH;

struct Scene {
    store: Store,
    config: Config,
    _folder: tempfile::TempDir,
}

impl Scene {
    /// Products by key, described in Swedish.
    async fn of(products: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("berika.sqlite"), Access::Work).await.unwrap();
        let supplier = SupplierId::new("a").unwrap();
        let (kind, body_hash) = (DeliveryKind::Delta, Digest::of_bytes(b""));
        let new = NewImport { supplier: &supplier, run: "run", kind, file: "feed", body_hash: &body_hash };
        let import = store.begin_import(new, NOW).await.unwrap();
        let record = |(row, key): (u64, &&str)| {
            let values = ProductValues { title: Some("Ost".to_owned()), ..ProductValues::default() };
            (row, ProductRecord { key: ProductKey::parse(key).unwrap(), values, provenance: BTreeMap::new() })
        };
        let records: Vec<_> = (2u64..).zip(products).map(record).collect();
        store.import_rows(import, (kind, ImportMode::default()), &records, NOW).await.unwrap();
        let config = toml::from_str(
            "markets = [{ language = \"sv\", country = \"SE\", currency = \"SEK\" }]\n\
             taxonomy = { path = \"taxonomy.jsonl\" }",
        );
        Self { store, config: config.unwrap(), _folder: folder }
    }

    async fn judged(&self, file: &str) -> Judged {
        let file = EditsFile::read("edits", file.as_bytes()).unwrap();
        judge(&self.store, &self.config, &file).await.unwrap()
    }

    async fn written(&self, judged: &Judged) -> Vec<Option<EditOutcome>> {
        let rows: Vec<Considered> = judged.rows.iter().map(|row| row.considered.clone()).collect();
        write(&self.store, &rows, "buyer", NOW).await.unwrap()
    }
}

/// Rows of attributes of products, in turn.
fn attributes(products: &[&str], count: usize) -> String {
    let rows =
        (0..count).flat_map(|at| products.iter().map(move |key| format!("{key},attributes.N{at},{at}\n")));
    format!("product,field,value\n{}", rows.collect::<String>())
}

#[tokio::test]
async fn what_is_judged_a_change_is_written_up_to_the_most_of_a_product() {
    let scene = Scene::of(&["a/1", "a/2"]).await;
    // Rows of two products in turn, more of each than one may have.
    let judged = scene.judged(&attributes(&["a/1", "a/2"], Edits::MOST + 2)).await;
    assert_eq!((judged.rows.len(), judged.failed), (2 * Edits::MOST, 4));
    assert!(judged.rows.is_sorted_by_key(|row| row.line), "in the order of the file");
    assert!(judged.errors[0].problem.contains("has 1,000 edits"), "{:?}", judged.errors[0]);
    assert_eq!(judged.errors.iter().map(|error| error.line).collect::<Vec<_>>(), [2002, 2003, 2004, 2005]);
    let outcomes = scene.written(&judged).await;
    assert!(outcomes.iter().all(|outcome| *outcome == Some(EditOutcome::Written)));

    // One more only where another goes before it; what is edited may be edited anew.
    let drop = r#"{"product":"a/1","drop":["attributes.N0"]}"#;
    let set = r#"{"product":"a/1","set":{"title":"Brie"}}"#;
    let anew = r#"{"product":"a/1","set":{"attributes.N1":"x"}}"#;
    let rest = scene.judged(&format!("{set}\n{drop}\n{anew}\n")).await;
    assert_eq!((rest.rows.len(), rest.errors[0].line), (2, 1));
    let full = scene.judged(&format!("{drop}\n{set}\n{set}\n{anew}\n")).await;
    assert_eq!((full.rows.len(), full.failed), (4, 0));
    let outcomes = scene.written(&full).await;
    assert!(outcomes.iter().flatten().all(|outcome| *outcome == EditOutcome::Written));
    assert_eq!(outcomes.iter().flatten().count(), 3);
}

#[tokio::test]
async fn an_edit_of_a_language_that_no_market_has_is_taken_back_and_none_is_set() {
    let mut scene = Scene::of(&["a/1"]).await;
    let set = r#"{"product":"a/1","set":{"texts.sv.title":"Ost"}}"#;
    let judged = scene.judged(set).await;
    assert_eq!(scene.written(&judged).await, [Some(EditOutcome::Written)]);
    scene.config.markets[0].language = berika_catalog::Language::parse("da").unwrap();
    assert!(scene.judged(set).await.errors[0].problem.contains("no market has the language sv"));
    let drop = scene.judged(r#"{"product":"a/1","drop":["texts.sv.title"]}"#).await;
    assert_eq!(scene.written(&drop).await, [Some(EditOutcome::Written)]);
}

#[tokio::test]
async fn notes_lose_hidden_characters_and_have_no_control_characters() {
    let scene = Scene::of(&["a/1"]).await;
    let asked = |note: &str| Asked {
        product: ProductKey::parse("a/1").unwrap(),
        field: "title".to_owned(),
        wish: Wish::Set("Brie".into()),
        note: Some(note.to_owned()),
        origin: None,
    };
    let kept = consider(&scene.store, &scene.config, &asked(" a\u{202e}b\nc ")).await.unwrap();
    assert_eq!(kept.change.unwrap().note.as_deref(), Some("ab\nc"));
    let refused = consider(&scene.store, &scene.config, &asked("a\u{1b}[2J")).await.unwrap();
    assert!(matches!(refused.verdict, Verdict::Refused { why } if why.contains("control characters")));
}

#[test]
fn texts_of_ours_are_plain_and_keep_their_limits() {
    let field = |name: &str| EditField::named(name).unwrap();
    let refusal = |name: &str, text: &str| fits(&field(name), &text.into()).unwrap_err();
    assert!(refusal("texts.sv.title", &"x".repeat(151)).contains("150 are the most"));
    assert!(refusal("texts.sv.short", &"x".repeat(701)).contains("700"));
    assert!(refusal("texts.sv.seo_title", &"x".repeat(61)).contains("60"));
    assert!(refusal("texts.sv.seo_description", &"x".repeat(161)).contains("160"));
    for text in ["<b>ost</b>", "a <!-- b", "ost &amp; bröd", "&#60;", "</p>"] {
        assert!(refusal("texts.sv.long", text).contains("plain text"), "{text}");
    }
    for text in ["3 < 4 & 5 > 2", "R&D; avdelningen", "Ost & bröd", "a <3 b"] {
        let verdict = fits(&field("texts.sv.long"), &text.into());
        assert_eq!(verdict.is_ok(), text != "R&D; avdelningen", "{text}: {verdict:?}");
    }
    assert!(fits(&field("description"), &"<b>".into()).is_ok(), "what suppliers say is not ours to forbid");
}
