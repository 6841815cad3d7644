//! Versions of the classifier, what they learnt, and what is known of the catalogue.

use berika_catalog::{DeliveryKind, Digest, ProductValues};
use berika_store::{CatalogueSample, SampledProduct};

use crate::scene::{NOW, Scene};

#[tokio::test]
async fn a_recipe_keeps_its_version_and_a_new_one_gets_the_next() {
    let scene = Scene::new().await;
    let version = async |recipe: &str| scene.store.classifier_version(recipe, NOW).await.unwrap();
    let first = version("a").await;
    let second = version("b").await;
    assert!(second > first);
    assert_eq!((version("a").await, version("b").await), (first, second));
}

#[tokio::test]
async fn what_the_latest_few_classifiers_learnt_is_kept_byte_for_byte() {
    let scene = Scene::new().await;
    let mut versions = Vec::new();
    for recipe in ["a", "b", "c", "d"] {
        versions.push(scene.store.classifier_version(recipe, NOW).await.unwrap());
    }
    let kept = async |at: usize| scene.store.training(versions[at]).await.unwrap();
    assert_eq!(kept(0).await, None, "nothing was learnt yet");
    let bytes = |at: usize| vec![at as u8, 0, 255, b'\n'];
    for (at, version) in versions.iter().enumerate() {
        scene.store.put_training(*version, &bytes(at)).await.unwrap();
    }
    assert_eq!(kept(0).await, None, "let go of");
    for at in 1..4 {
        assert_eq!(kept(at).await, Some(bytes(at)));
    }
    scene.store.put_training(versions[3], b"anew").await.unwrap();
    assert_eq!((kept(3).await, kept(1).await), (Some(b"anew".to_vec()), Some(bytes(1))));
    assert_eq!(scene.store.training(99).await.unwrap(), None, "no such version");
}

#[tokio::test]
async fn what_is_known_of_the_catalogue_stays_as_it_was_taken() {
    let scene = Scene::new().await;
    let sample =
        |mark: &str| CatalogueSample { means: format!("means {mark}"), words: format!("words {mark}") };
    let known = async |recipe: &str, doubling| scene.store.catalogue_sample(recipe, doubling).await.unwrap();
    assert_eq!(known("model", 3).await, None);
    scene.store.put_catalogue_sample("model", 3, &sample("first"), NOW).await.unwrap();
    scene.store.put_catalogue_sample("model", 3, &sample("second"), NOW).await.unwrap();
    scene.store.put_catalogue_sample("model", 4, &sample("doubled"), NOW).await.unwrap();
    assert_eq!(known("model", 3).await, Some(sample("first")));
    assert_eq!(known("model", 4).await, Some(sample("doubled")));
    assert_eq!(known("other", 3).await, None);
}

#[tokio::test]
async fn the_catalogue_is_sampled_text_by_text_and_the_same_each_time() {
    let scene = Scene::new().await;
    scene.deliver(DeliveryKind::Full, &[("1", "Mjölk"), ("2", "Mjölk"), ("3", "Smör"), ("4", "Ost")]).await;
    scene.compose_texts().await;
    let hash = |text: &str| Digest::of_bytes(text.as_bytes());
    let (milk, butter, category) = (hash("Mjölk"), hash("Smör"), hash("a category's text"));
    let vectors: [(&Digest, &[f32]); 3] = [(&milk, &[1.0]), (&butter, &[2.0]), (&category, &[3.0])];
    scene.store.put_vectors("model", &vectors).await.unwrap();
    assert_eq!(scene.store.count_product_vectors("model").await.unwrap(), 2, "categories are no products");
    assert_eq!(scene.store.count_product_vectors("other").await.unwrap(), 0);
    let mut expected = [("Mjölk", 1.0), ("Smör", 2.0)].map(|(text, x)| SampledProduct {
        values: ProductValues { title: Some(text.to_owned()), ..ProductValues::default() },
        vector: vec![x],
    });
    expected.sort_by_key(|product| hash(product.values.title.as_deref().unwrap()));
    assert_eq!(scene.store.sample_products("model", 10).await.unwrap(), expected);
    assert_eq!(scene.store.sample_products("model", 1).await.unwrap(), expected[..1]);
}
