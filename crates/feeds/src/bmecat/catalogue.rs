//! What a BMEcat catalogue says beside its products: language, currency, groups, and which product is in which.

use std::collections::HashMap;

use berika_catalog::Language;

use super::UPDATES;
use super::names::{all, child, date, modern, text_of};
use crate::FeedProblem;
use crate::xml::{Node, Rows, Xml};

/// The elements that are looked at: products too, so that one of any size is let go of at once.
pub(super) const ROWS: Rows = Rows::Named(&[
    "CATALOG",
    "CATALOG_STRUCTURE",
    "CLASSIFICATION_GROUP",
    "PRODUCT_TO_CATALOGGROUP_MAP",
    "ARTICLE_TO_CATALOGGROUP_MAP",
    "PRODUCT",
    "ARTICLE",
]);

#[derive(Debug, Default)]
pub(super) struct Catalogue {
    /// It lists changes only.
    pub(super) is_update: bool,
    pub(super) language: Option<Language>,
    pub(super) currency: Option<String>,
    pub(super) mime_root: Option<String>,
    /// When it was made: `2026-11-30`.
    pub(super) date: Option<String>,
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
        while let Some(item) = xml.next()? {
            match &*modern(item.root.local()) {
                "CATALOG" => catalogue.header(item.root),
                "CATALOG_STRUCTURE" => catalogue.group(item.root),
                "CLASSIFICATION_GROUP" => catalogue.class(item.root),
                "PRODUCT_TO_CATALOGGROUP_MAP" => catalogue.place(item.root),
                _ => {}
            }
        }
        if !xml.saw("BMECAT") {
            let root = xml.root().unwrap_or_default();
            let found = format!("XML with the root element {:?}", crate::row::shorten(root));
            return Err(FeedProblem::WrongContent { expected: "BMEcat", found });
        }
        catalogue.is_update = UPDATES.iter().any(|update| xml.saw(update));
        Ok(catalogue)
    }

    /// The names from the root's child down to the product's group.
    pub(super) fn path_of(&self, product: &str) -> Vec<&str> {
        self.product_groups.get(product).map(|group| path(&self.groups, group)).unwrap_or_default()
    }

    /// The names down to a class of the catalogue's own classification.
    pub(super) fn class_path(&self, class: &str) -> Vec<&str> {
        path(&self.classes, class)
    }

    fn header(&mut self, header: Node<'_>) {
        let languages = || all(header, "LANGUAGE");
        let chosen = languages().find(|language| language.attribute("default") == Some("true"));
        let chosen = chosen.or_else(|| languages().next());
        self.language = chosen.and_then(|language| Language::parse(language.text()).ok());
        self.currency = text_of(header, "CURRENCY").map(str::to_owned);
        self.mime_root = text_of(header, "MIME_ROOT").map(str::to_owned);
        self.date = date(header, "GENERATION_DATE").map(str::to_owned);
    }

    fn group(&mut self, group: Node<'_>) {
        let Some(id) = text_of(group, "GROUP_ID") else { return };
        let name = self.name(group, "GROUP_NAME");
        let parent = text_of(group, "PARENT_ID").map(str::to_owned);
        let is_root = group.attribute("type") == Some("root");
        self.groups.insert(id.to_owned(), Group { name, parent, is_root });
    }

    fn class(&mut self, class: Node<'_>) {
        let Some(id) = text_of(class, "CLASSIFICATION_GROUP_ID") else { return };
        let name = self.name(class, "CLASSIFICATION_GROUP_NAME");
        let parent = text_of(class, "CLASSIFICATION_GROUP_PARENT_ID").map(str::to_owned);
        self.classes.insert(id.to_owned(), Group { name, parent, is_root: false });
    }

    /// The name in the catalogue's language, else the first.
    fn name(&self, group: Node<'_>, name: &'static str) -> String {
        let is_ours = |node: &Node<'_>| {
            let language = node.attribute("lang").and_then(|tag| Language::parse(tag).ok());
            language.is_none() || language == self.language
        };
        let node = all(group, name).find(is_ours).or_else(|| child(group, name));
        node.map(|node| node.text().trim().to_owned()).unwrap_or_default()
    }

    fn place(&mut self, map: Node<'_>) {
        if let (Some(product), Some(group)) = (text_of(map, "PROD_ID"), text_of(map, "CATALOG_GROUP_ID")) {
            self.product_groups.entry(product.to_owned()).or_insert_with(|| group.to_owned());
        }
    }
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
