//! Plans applied and taken back: exactly, once, and leaving alone what people touched.

use std::path::Path;

use berika_catalog::{DeliveryKind, Digest, ProductKey};
use berika_store::{
    ApplicationState, AuditDraw, Categorisation, NewApplication, NewRevert, NewRun, PlannedMove,
    PlannedStanding, Since, Stands, StoredText, TouchedSince,
};
use jiff::SignedDuration;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{Connection, Row};

use crate::scene::{NOW, Scene, decided};

const ROWS: [(&str, &str); 4] = [("1", "Milk"), ("2", "Sour milk"), ("3", "Rye"), ("4", "Wheat")];
const LEAVES: [&str; 2] = ["dairy", "bread"];

/// Four published products, all in dairy.
async fn scene() -> Scene {
    let scene = Scene::new().await;
    scene.deliver(DeliveryKind::Full, &ROWS).await;
    settle(&scene).await;
    scene
}

async fn settle(scene: &Scene) {
    scene.compose_texts().await;
    scene.categorise("classifier-1", "accept", "dairy").await;
    scene.describe("en").await;
    scene.publish(&["shop"]).await;
}

async fn connection(path: &Path) -> SqliteConnection {
    SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(path)).await.unwrap()
}

async fn execute(scene: &Scene, statement: &'static str) {
    sqlx::raw_sql(statement).execute(&mut connection(scene.store.path()).await).await.unwrap();
}

/// What a revert restores, row by row.
async fn dump(scene: &Scene) -> Vec<String> {
    const TABLES: [&str; 4] = [
        "SELECT json_array(product, input_hash, decision, recipe, verdict, category, confidence, candidates, reasons,
             run, promise) AS line FROM categorisations ORDER BY product",
        "SELECT json_array(product, input_hash, recipe, text, text_hash, evidence_hash, facts_hash) AS line
         FROM texts ORDER BY product",
        "SELECT json_array(product, language, facts_hash, category, recipe, title, reason, run, description,
             written_at) AS line FROM descriptions ORDER BY product, language",
        "SELECT json_array(product, taxonomy, category, threshold) AS line FROM audits ORDER BY product",
    ];
    let mut connection = connection(scene.store.path()).await;
    let mut lines = Vec::new();
    for table in TABLES {
        let rows = sqlx::query(table).fetch_all(&mut connection).await.unwrap();
        lines.extend(rows.iter().map(|row| row.get::<String, _>("line")));
    }
    lines
}

async fn count(scene: &Scene, statement: &'static str) -> i64 {
    sqlx::query(statement).fetch_one(&mut connection(scene.store.path()).await).await.unwrap().get(0)
}

fn standing(scene: &Scene, sku: &str) -> PlannedStanding {
    let title = ROWS.iter().find(|(known, _)| *known == sku).map_or("", |(_, title)| *title);
    PlannedStanding {
        product: scene.key(sku),
        verdict: "accept".to_owned(),
        category: Some("dairy".to_owned()),
        recipe: "classifier-1".to_owned(),
        decision: None,
        evidence: Digest::of_bytes(title.as_bytes()),
        gone: false,
    }
}

/// To bread.
fn planned(scene: &Scene, sku: &str) -> PlannedMove {
    PlannedMove {
        from: standing(scene, sku),
        to: Categorisation {
            verdict: "accept".to_owned(),
            category: Some("bread".to_owned()),
            confidence: 0.75,
            candidates: serde_json::json!([{ "category": "bread" }]),
            reasons: vec!["it is baked".to_owned()],
            recipe: "classifier-2".to_owned(),
            decision: None,
            promise: Some(0.95),
            audit: None,
        },
        text: None,
    }
}

fn moves(scene: &Scene, skus: &[&str]) -> Vec<PlannedMove> {
    skus.iter().map(|sku| planned(scene, sku)).collect()
}

async fn begin(scene: &Scene, run: &str) {
    let recipes = serde_json::json!({ "plan": "plan" });
    let new_run = NewRun { id: run, command: "recategorise apply", by: "buyer", recipes: &recipes };
    let plan = format!("plan of {run}");
    let new = NewApplication { plan: &plan, digest: "digest", taxonomy: "own", moves: 4 };
    scene.store.begin_application(new_run, new, NOW).await.unwrap();
}

async fn finish(scene: &Scene, run: &str) {
    scene.store.finish_application(run, &serde_json::json!({ "moved": 1 }), NOW).await.unwrap();
}

async fn revert(scene: &Scene, application: &str) {
    let recipes = serde_json::json!({});
    let own = format!("revert of {application}");
    let run = NewRun { id: &own, command: "recategorise revert", by: "buyer", recipes: &recipes };
    scene.store.begin_revert(NewRevert { run, application }, NOW).await.unwrap();
    let mut after = None;
    loop {
        after = scene.store.revert_batch(application, &LEAVES, after).await.unwrap();
        if after.is_none() {
            break;
        }
    }
    scene.store.finish_revert(application, &own, &recipes, NOW).await.unwrap();
}

async fn left(scene: &Scene, application: &str) -> Vec<(TouchedSince, Vec<String>)> {
    let left = scene.store.reverted(application).await.unwrap().left;
    let skus = |keys: Vec<ProductKey>| keys.into_iter().map(|key| key.sku).collect();
    left.into_iter().map(|(why, keys)| (why, skus(keys))).collect()
}

#[tokio::test]
async fn moves_are_written_as_planned_and_taken_back_row_by_row() {
    let scene = scene().await;
    execute(&scene, "INSERT INTO audits VALUES (1, 'own', 'dairy', 0.5)").await;
    let before = dump(&scene).await;
    begin(&scene, "run_a").await;
    let mut batch = moves(&scene, &["1", "2", "3"]);
    batch[1].to.verdict = "review".to_owned();
    batch[1].to.category = None;
    batch[1].to.audit =
        Some(AuditDraw { taxonomy: "own".to_owned(), category: "bread".to_owned(), threshold: 0.25 });
    let hash = |text: &str| Digest::of_bytes(text.as_bytes());
    let text = StoredText {
        text: "Rye, anew".to_owned(),
        text_hash: hash("text"),
        evidence_hash: hash("evidence"),
        facts_hash: hash("facts"),
    };
    batch[2].text = Some(("template-2".to_owned(), text.clone()));
    let moved = scene.store.make_moves("run_a", &batch).await.unwrap();
    assert_eq!((moved.made, moved.left), (3, vec![]));
    assert_eq!(scene.store.moves_made("run_a").await.unwrap(), 3);
    for (planned, id) in batch.iter().zip([1, 2, 3]) {
        let id =
            scene.store.product(&planned.from.product).await.unwrap().unwrap_or_else(|| panic!("{id}")).id;
        let stored = scene.store.categorisation(id).await.unwrap().unwrap();
        assert_eq!(stored, Categorisation { audit: None, ..planned.to.clone() });
    }
    let rye = scene.store.product(&scene.key("3")).await.unwrap().unwrap().id;
    assert_eq!(scene.store.text(rye).await.unwrap(), Some(text));
    assert!(!scene.store.drawn_for_audit(&scene.key("1")).await.unwrap());
    assert!(scene.store.drawn_for_audit(&scene.key("2")).await.unwrap());
    assert_eq!(count(&scene, "SELECT count(*) FROM categorisations WHERE run = 'run_a'").await, 3);
    // Exactly those that moved are composed anew.
    assert_eq!(scene.describe("en").await, 2, "of products in bread");
    assert_eq!(scene.store.stale_publications(None, 10).await.unwrap().len(), 3);
    scene.publish(&["shop"]).await;

    revert(&scene, "run_a").await;
    assert_eq!(dump(&scene).await, before);
    assert_eq!(scene.store.reverted("run_a").await.unwrap().restored, 3);
    assert_eq!(left(&scene, "run_a").await, []);
    assert_eq!(scene.store.stale_publications(None, 10).await.unwrap().len(), 3);
    assert_eq!(scene.describe("en").await, 0, "descriptions are restored, not written");
}

#[tokio::test]
async fn a_batch_made_twice_is_made_once() {
    let scene = scene().await;
    begin(&scene, "run_a").await;
    let batch = moves(&scene, &["1", "2"]);
    assert_eq!(scene.store.make_moves("run_a", &batch).await.unwrap().made, 2);
    scene.describe("en").await;
    let after = dump(&scene).await;
    let revisions = "SELECT sum(revision) FROM products";
    let revision = count(&scene, revisions).await;
    let again = scene.store.make_moves("run_a", &moves(&scene, &["1", "2", "3"])).await.unwrap();
    assert_eq!((again.made, again.left), (1, vec![]));
    assert_eq!(count(&scene, revisions).await, revision + 1);
    assert_eq!(dump(&scene).await[..2], after[..2]);
    // What is kept of the first two is what they were before the run, not what the run has written since.
    assert_eq!(count(&scene, "SELECT count(*) FROM replaced_descriptions WHERE category = 'dairy'").await, 3);
    assert_eq!(scene.store.make_moves("run_a", &[]).await.unwrap().made, 0);
}

#[tokio::test]
async fn products_that_changed_since_are_told_by_what_changed_and_left() {
    let scene = scene().await;
    scene.deliver(DeliveryKind::Delta, &[("3", "Rye, dark")]).await;
    scene.store.append_decisions(&[decided(&scene, "2", Some("dairy"))]).await.unwrap();
    execute(&scene, "UPDATE products SET locked = 1 WHERE sku = '1'").await;
    let before = dump(&scene).await;
    let all = moves(&scene, &["1", "2", "3", "4", "5"]);
    let standings: Vec<PlannedStanding> = all.iter().map(|planned| planned.from.clone()).collect();
    let stand = async || scene.store.stand(None, &standings).await.unwrap();
    let since = |stands: &[Stands]| -> Vec<Option<Since>> {
        let since = stands.iter().map(|stands| match stands {
            Stands::Changed(since) => Some(*since),
            Stands::AsPlanned(_) | Stands::Made => None,
        });
        since.collect()
    };
    let expected =
        [Some(Since::Locked), Some(Since::Decided), Some(Since::Values), None, Some(Since::Unknown)];
    assert_eq!(since(&stand().await), expected);
    begin(&scene, "run_a").await;
    let moved = scene.store.make_moves("run_a", &all[..3]).await.unwrap();
    assert_eq!((moved.made, moved.left.len()), (0, 3));
    assert_eq!(dump(&scene).await, before);

    let gone = PlannedStanding { gone: true, ..standings[0].clone() };
    let stands = scene.store.stand(None, &[gone]).await.unwrap();
    assert!(
        matches!(stands[..], [Stands::AsPlanned(_)]),
        "a locked product cannot stay in a category that goes"
    );

    execute(&scene, "UPDATE products SET state = 'retired' WHERE sku = '1'").await;
    scene.compose_texts().await;
    execute(&scene, "UPDATE categorisations SET recipe = 'classifier-3' WHERE product = 4").await;
    let expected = [
        Some(Since::Retired),
        Some(Since::Decided),
        Some(Since::Evidence),
        Some(Since::Judged),
        Some(Since::Unknown),
    ];
    assert_eq!(since(&stand().await), expected);
}

#[tokio::test]
async fn products_that_somebody_touched_since_are_left_and_listed() {
    let scene = scene().await;
    begin(&scene, "run_a").await;
    let skus = ["1", "2", "3", "4"];
    assert_eq!(scene.store.make_moves("run_a", &moves(&scene, &skus)).await.unwrap().made, 4);
    scene.store.append_decisions(&[decided(&scene, "1", Some("bread"))]).await.unwrap();
    execute(
        &scene,
        "INSERT INTO edit_log (product, action, field, value, done_by, done_at) VALUES
             (2, 'set', 'title', '\"Filmjolk\"', 'buyer', 0), (4, 'released', 'title', NULL, 'supplier', 0)",
    )
    .await;
    scene.deliver(DeliveryKind::Delta, &[("3", "Rye, dark")]).await;
    scene.compose_texts().await;
    revert(&scene, "run_a").await;
    assert_eq!(
        left(&scene, "run_a").await,
        [
            (TouchedSince::Decided, vec!["1".to_owned()]),
            (TouchedSince::Edited, vec!["2".to_owned()]),
            (TouchedSince::Evidence, vec!["3".to_owned()]),
        ]
    );
    assert_eq!(scene.store.reverted("run_a").await.unwrap().restored, 1, "nobody touched 4");
    let bread = "SELECT count(*) FROM categorisations WHERE category = 'bread'";
    assert_eq!(count(&scene, bread).await, 3);
}

#[tokio::test]
async fn applications_over_one_another_are_taken_back_last_first() {
    let scene = scene().await;
    let before = dump(&scene).await;
    begin(&scene, "run_a").await;
    scene.store.make_moves("run_a", &moves(&scene, &["1", "2"])).await.unwrap();
    finish(&scene, "run_a").await;
    begin(&scene, "run_b").await;
    let mut second = moves(&scene, &["2"]);
    second[0].from.category = Some("bread".to_owned());
    second[0].from.recipe = "classifier-2".to_owned();
    second[0].to.category = Some("dairy".to_owned());
    assert_eq!(scene.store.make_moves("run_b", &second).await.unwrap().made, 1);
    revert(&scene, "run_b").await;
    revert(&scene, "run_a").await;
    assert_eq!(left(&scene, "run_a").await, []);
    assert_eq!(dump(&scene).await, before);

    begin(&scene, "run_c").await;
    scene.store.make_moves("run_c", &moves(&scene, &["1", "2"])).await.unwrap();
    finish(&scene, "run_c").await;
    begin(&scene, "run_d").await;
    scene.store.make_moves("run_d", &second).await.unwrap();
    finish(&scene, "run_d").await;
    revert(&scene, "run_c").await;
    assert_eq!(left(&scene, "run_c").await, [(TouchedSince::Judged, vec!["2".to_owned()])]);
}

#[tokio::test]
async fn what_a_run_judged_anew_since_is_restored_all_the_same() {
    let scene = scene().await;
    let before = dump(&scene).await;
    begin(&scene, "run_a").await;
    let mut batch = moves(&scene, &["1", "2"]);
    for planned in &mut batch {
        planned.to.verdict = "review".to_owned();
        planned.to.category = None;
    }
    // Of the second, the plan composes another text, on which its verdict rests from then on.
    let hash = |text: &str| Digest::of_bytes(text.as_bytes());
    let text = StoredText {
        text: "Sour milk, anew".to_owned(),
        text_hash: hash("text"),
        evidence_hash: hash("evidence"),
        facts_hash: hash("facts"),
    };
    batch[1].text = Some(("template-2".to_owned(), text));
    scene.store.make_moves("run_a", &batch).await.unwrap();
    execute(&scene, "UPDATE categorisations SET verdict = 'accept', category = 'bread', run = 'later'").await;
    revert(&scene, "run_a").await;
    assert_eq!(left(&scene, "run_a").await, []);
    assert_eq!(dump(&scene).await[..2], before[..2]);

    // Not over another plan's move, though a run has judged after that one.
    begin(&scene, "run_b").await;
    scene.store.make_moves("run_b", &moves(&scene, &["1"])).await.unwrap();
    finish(&scene, "run_b").await;
    begin(&scene, "run_c").await;
    let mut second = moves(&scene, &["1"]);
    second[0].from.category = Some("bread".to_owned());
    second[0].from.recipe = "classifier-2".to_owned();
    assert_eq!(scene.store.make_moves("run_c", &second).await.unwrap().made, 1);
    finish(&scene, "run_c").await;
    execute(&scene, "UPDATE categorisations SET run = 'later' WHERE product = 1").await;
    revert(&scene, "run_b").await;
    assert_eq!(left(&scene, "run_b").await, [(TouchedSince::Judged, vec!["1".to_owned()])]);
    revert(&scene, "run_c").await;
    assert_eq!(left(&scene, "run_c").await, []);
}

#[tokio::test]
async fn nothing_returns_to_a_category_that_is_gone() {
    let scene = scene().await;
    begin(&scene, "run_a").await;
    scene.store.make_moves("run_a", &moves(&scene, &["1"])).await.unwrap();
    assert!(scene.store.revert_batch("run_a", &["bread"], None).await.unwrap().is_some());
    assert_eq!(left(&scene, "run_a").await, [(TouchedSince::Category, vec!["1".to_owned()])]);
    assert_eq!(count(&scene, "SELECT count(*) FROM categorisations WHERE category = 'bread'").await, 1);
}

#[tokio::test]
async fn what_was_said_only_by_the_application_is_withdrawn() {
    let scene = Scene::new().await;
    scene.deliver(DeliveryKind::Full, &ROWS[..1]).await;
    scene.compose_texts().await;
    scene.categorise("classifier-1", "review", "dairy").await;
    begin(&scene, "run_a").await;
    let mut batch = moves(&scene, &["1"]);
    batch[0].from.verdict = "review".to_owned();
    scene.store.make_moves("run_a", &batch).await.unwrap();
    scene.describe("en").await;
    scene.publish(&["shop"]).await;
    revert(&scene, "run_a").await;
    let stale = scene.store.stale_publications(None, 10).await.unwrap();
    assert_eq!((stale.len(), stale[0].version, stale[0].withdrawn), (1, 1, true));
    assert_eq!(count(&scene, "SELECT count(*) FROM descriptions").await, 0);
}

#[tokio::test]
async fn what_was_replaced_is_kept_until_it_is_taken_back_or_old() {
    let scene = scene().await;
    for (run, sku) in [("run_a", "1"), ("run_b", "2"), ("run_c", "3")] {
        begin(&scene, run).await;
        scene.store.make_moves(run, &moves(&scene, &[sku])).await.unwrap();
        match run {
            "run_a" => finish(&scene, run).await,
            _ => scene.store.pause_application(run, &serde_json::json!({ "moved": 1 })).await.unwrap(),
        }
    }
    let store = &scene.store;
    revert(&scene, "run_c").await;
    let state = async |run: &str| {
        let application = store.application(run).await.unwrap().unwrap();
        (application.state, application.forgotten)
    };
    let (hour, day) = (SignedDuration::from_hours(1), SignedDuration::from_hours(24));
    assert_eq!(store.forget_replaced(day, NOW + hour).await.unwrap(), 1);
    assert_eq!(state("run_a").await, (ApplicationState::Applied, false));
    assert_eq!(state("run_c").await, (ApplicationState::Reverted, true));
    assert_eq!(store.forget_replaced(day, NOW + 2 * day).await.unwrap(), 1);
    assert_eq!(state("run_a").await, (ApplicationState::Applied, true));
    assert_eq!(state("run_b").await, (ApplicationState::Canary, false), "it waits for a person");
    assert_eq!(count(&scene, "SELECT count(*) FROM replaced_categorisations").await, 1);
    let runs = store.runs(10).await.unwrap();
    let open: Vec<&str> =
        runs.iter().filter(|run| run.finished_at.is_none()).map(|run| run.id.as_str()).collect();
    assert_eq!(open, ["run_c", "run_b"]);
    assert_eq!(store.runs_beginning("run_", 10).await.unwrap().len(), 3);
    assert_eq!(store.application_of_plan("plan of run_b").await.unwrap().unwrap().run, "run_b");
    assert!(store.taxonomy_changed_since("run_a").await.unwrap().is_none());
}

#[tokio::test]
async fn an_application_that_replaced_something_cannot_be_given_up() {
    let scene = scene().await;
    let counts = serde_json::json!({});
    begin(&scene, "run_a").await;
    scene.store.abandon_application("run_a", &counts, NOW).await.unwrap();
    assert!(scene.store.application("run_a").await.unwrap().is_none());
    begin(&scene, "run_b").await;
    scene.store.make_moves("run_b", &moves(&scene, &["1"])).await.unwrap();
    assert!(scene.store.abandon_application("run_b", &counts, NOW).await.is_err());
    assert!(scene.store.application("run_b").await.unwrap().is_some());
}

#[tokio::test]
async fn nothing_begins_while_an_application_is_not_done() {
    let scene = scene().await;
    let recipes = serde_json::json!({});
    let refused = async |run: &str| {
        let new_run = NewRun { id: run, command: "recategorise apply", by: "buyer", recipes: &recipes };
        let new = NewApplication { plan: run, digest: "digest", taxonomy: "own", moves: 4 };
        scene.store.begin_application(new_run, new, NOW).await.unwrap_err().to_string()
    };
    begin(&scene, "run_a").await;
    scene.store.pause_application("run_a", &recipes).await.unwrap();
    begin(&scene, "run_b").await;
    let said = refused("run_c").await;
    assert!(said.contains("run_b applies a plan") && said.contains("recategorise revert run_b"), "{said}");
    assert_eq!(scene.store.nothing_under_way().await.unwrap_err().to_string(), said);
    assert_eq!(scene.store.resume_application("run_a").await.unwrap_err().to_string(), said);
    let begin_revert = async |own: &str, application: &str| {
        let run = NewRun { id: own, command: "recategorise revert", by: "buyer", recipes: &recipes };
        scene.store.begin_revert(NewRevert { run, application }, NOW).await
    };
    assert_eq!(begin_revert("back_a", "run_a").await.unwrap_err().to_string(), said);
    // What is not done can be taken back, and holds up the others until that is done.
    begin_revert("back_b", "run_b").await.unwrap();
    let said = refused("run_c").await;
    assert!(said.contains("run_b is not taken back yet; `berika recategorise revert run_b`"), "{said}");
    scene.store.finish_revert("run_b", "back_b", &recipes, NOW).await.unwrap();
    scene.store.nothing_under_way().await.unwrap();
    scene.store.resume_application("run_a").await.unwrap();
    assert!(refused("run_c").await.contains("run_a applies a plan"));
}
