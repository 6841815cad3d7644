//! What a BMEcat catalogue says beside its products: language, currency, groups, and which product is in which.

use std::collections::HashMap;

use berika_catalog::Language;

use super::{TRANSACTIONS, is_product, local, modern};
use crate::FeedProblem;
use crate::xml::{Element, Step, Xml};

#[derive(Debug, Default)]
pub(super) struct Catalogue {
    pub(super) language: Option<Language>,
    pub(super) currency: Option<String>,
    pub(super) mime_root: Option<String>,
    groups: HashMap<String, Group>,
    classes: HashMap<String, Group>,
    /// A product's first group.
    product_groups: HashMap<String, String>,
}

#[derive(Debug)]
struct Group {
    name: String,
    parent: Option<String>,
    /// The root is the catalogue itself, no category.
    is_root: bool,
}

impl Catalogue {
    /// Reads everything but the products.
    pub(super) fn read(mut xml: Xml<'_>) -> Result<Self, FeedProblem> {
        let mut catalogue = Self::default();
        let mut root_seen = false;
        loop {
            let opened = match xml.step()? {
                Step::End => return Ok(catalogue),
                Step::Close => continue,
                Step::Open(opened) => opened,
            };
            let name = local(&opened.name).to_owned();
            if !std::mem::replace(&mut root_seen, true) && name != "BMECAT" {
                let found = format!("XML with the root element {:?}", crate::row::shorten(&name));
                return Err(FeedProblem::WrongContent { expected: "BMEcat", found });
            }
            if TRANSACTIONS.contains(&name.as_str()) {
                return Err(FeedProblem::Transaction { transaction: name });
            }
            if is_product(&name) {
                // Dropped without being kept: an item of any size that the second pass will judge.
                skip(&mut xml)?;
                continue;
            }
            match modern(&name).as_str() {
                "CATALOG" => catalogue.header(&modernised(xml.subtree(opened)?.element)),
                "CATALOG_STRUCTURE" => catalogue.group(&modernised(xml.subtree(opened)?.element)),
                "CLASSIFICATION_GROUP" => catalogue.class(&modernised(xml.subtree(opened)?.element)),
                "PRODUCT_TO_CATALOGGROUP_MAP" => catalogue.place(&modernised(xml.subtree(opened)?.element)),
                _ => {}
            }
        }
    }

    /// The names from the root's child down to the product's group.
    pub(super) fn path_of(&self, product: &str) -> Vec<&str> {
        self.product_groups.get(product).map(|group| path(&self.groups, group)).unwrap_or_default()
    }

    /// The names down to a class of the catalogue's own classification.
    pub(super) fn class_path(&self, class: &str) -> Vec<&str> {
        path(&self.classes, class)
    }

    fn header(&mut self, header: &Element) {
        let languages = || header.all("LANGUAGE");
        let chosen = languages().find(|language| language.attribute("default") == Some("true"));
        let chosen = chosen.or_else(|| languages().next());
        self.language = chosen.and_then(|language| Language::parse(&language.text).ok());
        self.currency = header.text_of("CURRENCY").map(str::to_owned);
        self.mime_root = header.text_of("MIME_ROOT").map(str::to_owned);
    }

    fn group(&mut self, group: &Element) {
        let Some(id) = group.text_of("GROUP_ID") else { return };
        let name = self.name(group, "GROUP_NAME");
        let parent = group.text_of("PARENT_ID").map(str::to_owned);
        let is_root = group.attribute("type") == Some("root");
        self.groups.insert(id.to_owned(), Group { name, parent, is_root });
    }

    fn class(&mut self, class: &Element) {
        let Some(id) = class.text_of("CLASSIFICATION_GROUP_ID") else { return };
        let name = self.name(class, "CLASSIFICATION_GROUP_NAME");
        let parent = class.text_of("CLASSIFICATION_GROUP_PARENT_ID").map(str::to_owned);
        self.classes.insert(id.to_owned(), Group { name, parent, is_root: false });
    }

    /// The name in the catalogue's language, else the first.
    fn name(&self, group: &Element, name: &str) -> String {
        let is_ours = |e: &&Element| {
            let language = e.attribute("lang").and_then(|tag| Language::parse(tag).ok());
            language.is_none() || language == self.language
        };
        let element = group.all(name).find(is_ours).or_else(|| group.child(name));
        element.map(|e| e.text.trim().to_owned()).unwrap_or_default()
    }

    fn place(&mut self, map: &Element) {
        if let (Some(product), Some(group)) = (map.text_of("PROD_ID"), map.text_of("CATALOG_GROUP_ID")) {
            self.product_groups.entry(product.to_owned()).or_insert_with(|| group.to_owned());
        }
    }
}

/// An element and its children under their names of 2005.
pub(super) fn modernised(mut element: Element) -> Element {
    element.name = modern(&element.name);
    element.children = std::mem::take(&mut element.children).into_iter().map(modernised).collect();
    element
}

fn path<'g>(groups: &'g HashMap<String, Group>, leaf: &str) -> Vec<&'g str> {
    // Also what ends a circle of parents.
    const DEEPEST: usize = 30;
    let mut names = Vec::new();
    let mut next = groups.get(leaf);
    while let Some(group) = next.filter(|group| !group.is_root && names.len() < DEEPEST) {
        names.push(group.name.as_str());
        next = group.parent.as_ref().and_then(|parent| groups.get(parent));
    }
    names.retain(|name| !name.is_empty());
    names.reverse();
    names
}

/// Walks to the end of the element that was just opened.
fn skip(xml: &mut Xml<'_>) -> Result<(), FeedProblem> {
    let mut open = 1;
    while open > 0 {
        match xml.step()? {
            Step::Open(_) => open += 1,
            Step::Close => open -= 1,
            Step::End => break,
        }
    }
    Ok(())
}
