//! Products looked at for a plan.

use std::collections::BTreeMap;

use berika_catalog::{DeliveryKind, Digest};
use berika_store::{AcceptedIn, ShadowPage, ShadowPart, ShadowProduct};

use crate::scene::{Scene, decided};

/// All products of a part, read two at a time.
async fn look(scene: &Scene, part: ShadowPart, categories: Option<&[String]>) -> Vec<ShadowProduct> {
    look_for(scene, part, categories, "template-1").await
}

async fn look_for(
    scene: &Scene,
    part: ShadowPart,
    categories: Option<&[String]>,
    template: &str,
) -> Vec<ShadowProduct> {
    let mut found: Vec<ShadowProduct> = Vec::new();
    loop {
        let page = ShadowPage {
            supplier: "nordmat",
            after: found.last().map(|last| last.key.sku.as_str()),
            categories,
            part,
            embedding: "model",
            template,
            limit: 2,
        };
        let more = scene.store.shadow_products(&page).await.unwrap();
        assert!(more.len() <= 2);
        if more.is_empty() {
            return found;
        }
        found.extend(more);
    }
}

fn skus(products: &[ShadowProduct]) -> Vec<&str> {
    products.iter().map(|product| product.key.sku.as_str()).collect()
}

#[tokio::test]
async fn products_are_read_page_by_page_with_all_that_a_judgement_needs() {
    let scene = Scene::new().await;
    assert_eq!(scene.store.suppliers_with_products().await.unwrap(), [""; 0]);
    scene.deliver(DeliveryKind::Full, &[("c", "Fil"), ("a", "Mjölk"), ("b", "Bröd")]).await;
    scene.compose_texts().await;
    scene.categorise("classifier-1", "accept", "dairy").await;
    scene.describe("sv").await;
    scene.publish(&[]).await;
    scene.deliver(DeliveryKind::Delta, &[("d", "Ost")]).await;
    let milk = Digest::of_bytes("Mjölk".as_bytes());
    scene.store.put_vectors("model", &[(&milk, &[1.0, 0.0])]).await.unwrap();
    scene.store.put_vectors("other", &[(&milk, &[0.0, 1.0])]).await.unwrap();

    let all = look(&scene, ShadowPart::All, None).await;
    assert_eq!(skus(&all), ["a", "b", "c", "d"]);
    let first = &all[0];
    assert_eq!((first.values.title.as_deref(), first.published, first.decision), (Some("Mjölk"), 1, None));
    let (text, standing) = (first.text.as_ref().unwrap(), first.standing.as_ref().unwrap());
    assert_eq!((text.fresh, text.vector.as_deref()), (true, Some([1.0, 0.0].as_slice())));
    assert_eq!((standing.category.as_deref(), standing.fresh), (Some("dairy"), true));
    assert!(all[3].text.is_none() && all[3].standing.is_none() && all[3].published == 0);

    assert_eq!(skus(&look(&scene, ShadowPart::WithoutVector, None).await), ["b", "c"]);
    assert_eq!(skus(&look_for(&scene, ShadowPart::WithoutVector, None, "template-2").await), ["a", "b", "c"]);
    let [dairy, bread] = ["dairy", "bread"].map(|id| vec![id.to_owned()]);
    assert_eq!(skus(&look(&scene, ShadowPart::All, Some(&dairy)).await), ["a", "b", "c"]);
    assert!(look(&scene, ShadowPart::All, Some(&bread)).await.is_empty());

    // A decision that no run has carried out yet, and a text that no longer holds, make a standing that does not hold.
    assert_eq!(scene.store.last_decision().await.unwrap(), 0);
    scene.store.append_decisions(&[decided(&scene, "b", Some("bread"))]).await.unwrap();
    scene.deliver(DeliveryKind::Delta, &[("c", "Filmjölk")]).await;
    assert_eq!(scene.store.last_decision().await.unwrap(), 1);
    let decided = look(&scene, ShadowPart::Decided, None).await;
    assert_eq!((skus(&decided), decided[0].decision), (vec!["b"], Some(1)));
    assert!(!decided[0].standing.as_ref().unwrap().fresh);
    let changed = &look(&scene, ShadowPart::All, None).await[2];
    assert!(!changed.text.as_ref().unwrap().fresh);

    let accepted = AcceptedIn { products: 3, unlocked: 3, published: 3 };
    let expected = BTreeMap::from([("dairy".to_owned(), accepted)]);
    assert_eq!(scene.store.accepted_by_category().await.unwrap(), expected);
}
