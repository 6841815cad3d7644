//! Opening a store: locks, foreign and older files, and what is recorded of the store itself.

use berika_catalog::ProductKey;
use berika_store::{Access, Store, StoreError};
use sqlx::Connection as _;

use crate::scene::Scene;

#[tokio::test]
async fn one_process_works_at_a_time_and_reading_needs_no_lock() {
    let scene = Scene::new().await;
    let again = Store::open(scene.store.path(), Access::Work).await;
    assert!(matches!(again, Err(StoreError::InUse(_))));
    let reader = Store::open(scene.store.path(), Access::Read).await.unwrap();
    assert_eq!(reader.active_products(&scene.supplier).await.unwrap(), 0);
    let absent = Store::open(&scene.store.path().with_file_name("none.sqlite"), Access::Read).await;
    assert!(matches!(absent, Err(StoreError::Absent(_))));
}

#[tokio::test]
async fn a_foreign_or_newer_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("foreign.sqlite");
    std::fs::write(&path, "not a database, but long enough to look like something".repeat(100)).unwrap();
    let error = Store::open(&path, Access::Work).await.unwrap_err();
    assert!(error.to_string().contains("foreign.sqlite") || error.to_string().contains("schema"), "{error}");
}

#[tokio::test]
async fn a_store_of_an_older_program_is_brought_up_to_date_by_work_and_not_read_before() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("berika.sqlite");
    let foundation = include_str!("../../migrations/0001_foundation.sql");
    let script = format!("{foundation}\nPRAGMA user_version = 1;");
    let url = format!("sqlite:{}?mode=rwc", path.display());
    let mut old = sqlx::SqliteConnection::connect(&url).await.unwrap();
    sqlx::raw_sql(sqlx::AssertSqlSafe(script)).execute(&mut old).await.unwrap();
    old.close().await.unwrap();
    let refused = Store::open(&path, Access::Read).await.unwrap_err();
    assert!(matches!(refused, StoreError::TooOld { found: 1, .. }), "{refused}");
    Store::open(&path, Access::Work).await.unwrap().close().await;
    Store::open(&path, Access::Read).await.unwrap();
}

#[tokio::test]
async fn texts_of_an_older_program_are_kept_in_the_form_of_this_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("berika.sqlite");
    let foundation = include_str!("../../migrations/0001_foundation.sql");
    let rows = r#"
        INSERT INTO products (id, supplier, sku, state, supplier_values, provenance, row_hash, values_hash, seen_import,
            created_at, changed_at)
        VALUES (1, 'nord', 'A', 'active', '{}', '{}', 'r', 'v', 1, 0, 0);
        INSERT INTO descriptions VALUES (1, 'sv', 'f', 'kaffe', 'composer-1', 'Kaffe 450 g', 'Kaffe från Nord.', NULL,
            '{"title":["title"],"short":[{"text":"Kaffe från Nord.","fields":["title","brand"]}],"left_out":[]}', 'run');
        INSERT INTO descriptions VALUES (1, 'en', 'f', 'kaffe', 'composer-1', NULL, NULL, 'too little is known', '{}', 'run');"#;
    let script = format!("{foundation}\nPRAGMA user_version = 1;\nPRAGMA foreign_keys = OFF;\n{rows}");
    let url = format!("sqlite:{}?mode=rwc", path.display());
    let mut old = sqlx::SqliteConnection::connect(&url).await.unwrap();
    sqlx::raw_sql(sqlx::AssertSqlSafe(script)).execute(&mut old).await.unwrap();
    old.close().await.unwrap();
    Store::open(&path, Access::Work).await.unwrap().close().await;
    let store = Store::open(&path, Access::Read).await.unwrap();
    let product = store.product(&ProductKey::parse("nord/A").unwrap()).await.unwrap().unwrap();
    let described = store.descriptions(product.id).await.unwrap();
    let texts = described[1].description.as_ref().unwrap();
    assert_eq!(texts["short"]["text"], "Kaffe från Nord.");
    assert_eq!(texts["short"]["sentences"][0]["fields"], serde_json::json!(["title", "brand"]));
    assert_eq!(texts["title"]["sentences"][0]["fields"], serde_json::json!(["title"]));
    assert_eq!(texts["origin"], serde_json::json!({"generator": "composer", "recipe": "composer-1"}));
    assert_eq!(described[0].description, None);
    assert_eq!(described[0].reason.as_deref(), Some("too little is known"));
}

#[tokio::test]
async fn the_precision_recorded_last_holds_for_whoever_opens_the_store() {
    let scene = Scene::new().await;
    assert_eq!(scene.store.precision().await.unwrap(), None);
    scene.store.record_precision("bf16").await.unwrap();
    scene.store.record_precision("int8").await.unwrap();
    let other = Store::open(scene.store.path(), Access::Read).await.unwrap();
    assert_eq!(other.precision().await.unwrap().as_deref(), Some("int8"));
}
