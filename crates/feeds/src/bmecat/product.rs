//! One BMEcat product as named texts.

use std::borrow::Cow;

use berika_catalog::Language;

use super::catalogue::Catalogue;
use super::names::{all, child, modern, text_of};
use super::{feature, price, units};
use crate::pairs::Pairs;
use crate::xml::Node;

/// The sections whose plain texts are the product's own.
const SECTIONS: [&str; 3] = ["PRODUCT_DETAILS", "PRODUCT_ORDER_DETAILS", "PRODUCT_LOGISTIC_DETAILS"];

pub(super) fn pairs<'t>(
    product: Node<'t>,
    number: u64,
    catalogue: &'t Catalogue,
    reader: &Reader<'_>,
) -> Pairs<'t> {
    let mut pairs = Pairs { number, ..Pairs::default() };
    // Plain texts of the product and of its details, each under its own name.
    reader.texts(product, &mut pairs);
    for section in SECTIONS {
        all(product, section).for_each(|section| reader.texts(section, &mut pairs));
    }
    let language = reader.language(child(product, "PRODUCT_DETAILS"));
    pairs.values.extend(language.map(|language| ("LANGUAGE".into(), Cow::Owned(language.to_string()))));
    groups(product, catalogue, &mut pairs);
    price::add(product, catalogue, &mut pairs);
    images(product, catalogue, &mut pairs);
    for features in all(product, "PRODUCT_FEATURES") {
        feature::add(features, catalogue, reader, &mut pairs);
    }
    let base = all(product, "PRODUCT_REFERENCE").find(|r| r.attribute("type") == Some("base_product"));
    pairs.values.extend(
        base.and_then(|base| text_of(base, "PROD_ID_TO")).map(|id| ("BASE_PRODUCT".into(), id.into())),
    );
    pairs
}

/// Chooses among texts in several languages.
pub(super) struct Reader<'l> {
    preferred: Option<&'l Language>,
    standard: Option<&'l Language>,
}

impl<'l> Reader<'l> {
    pub(super) fn new(preferred: Option<&'l Language>, catalogue: &'l Catalogue) -> Self {
        Self { preferred, standard: catalogue.language.as_ref() }
    }

    /// Those of the elements of one name that are in the language wanted: the preferred one, else the catalogue's,
    /// else the first's.
    pub(super) fn chosen<'t>(&self, nodes: impl Iterator<Item = Node<'t>>) -> Vec<Node<'t>> {
        let mut nodes: Vec<(Node<'t>, Option<Language>)> =
            nodes.map(|node| (node, language_of(node))).collect();
        if nodes.iter().any(|(_, language)| language.is_some()) {
            let is = |language: &Option<Language>, wanted: Option<&Language>| {
                language.as_ref().or(self.standard) == wanted
            };
            let first = nodes.first().and_then(|(_, language)| language.clone());
            let wanted = [self.preferred, self.standard, first.as_ref().or(self.standard)];
            let wanted = wanted.into_iter().find(|wanted| nodes.iter().any(|(_, l)| is(l, *wanted)));
            if let Some(wanted) = wanted {
                nodes.retain(|(_, language)| is(language, wanted));
            }
        }
        nodes.into_iter().map(|(node, _)| node).collect()
    }

    pub(super) fn text<'t>(&self, parent: Node<'t>, name: &'static str) -> Option<&'t str> {
        let chosen = self.chosen(all(parent, name));
        chosen.first().map(|node| node.text().trim()).filter(|text| !text.is_empty())
    }

    /// The language that the product's name was taken in.
    fn language(&self, details: Option<Node<'_>>) -> Option<Language> {
        let chosen = self.chosen(all(details?, "DESCRIPTION_SHORT"));
        language_of(*chosen.first()?).or_else(|| self.standard.cloned())
    }

    /// Every child that holds text. Of one in several languages, the one that is chosen has the plain name, and the
    /// others have theirs behind it: `DESCRIPTION_SHORT.en`.
    fn texts<'t>(&self, section: Node<'t>, pairs: &mut Pairs<'t>) {
        let mut done: Vec<&str> = Vec::new();
        for node in section.children() {
            let text = node.value().trim();
            if text.is_empty() || done.contains(&node.name()) {
                continue;
            }
            let name = modern(node.local());
            if node.attribute("lang").is_none() {
                pairs.push(name.clone(), readable(&name, text));
                continue;
            }
            done.push(node.name());
            let chosen = self.chosen(section.all(node.name()));
            for text in section.all(node.name()) {
                if chosen.iter().any(|chosen| chosen.index() == text.index()) {
                    pairs.push(name.clone(), text.value().trim());
                } else if let Some(language) = language_of(text) {
                    pairs.push(format!("{name}.{language}"), text.value().trim());
                }
            }
        }
    }
}

fn language_of(node: Node<'_>) -> Option<Language> {
    node.attribute("lang").and_then(|tag| Language::parse(tag).ok())
}

/// Codes of units as people write them.
fn readable<'t>(name: &str, text: &'t str) -> &'t str {
    if matches!(name, "ORDER_UNIT" | "CONTENT_UNIT") { units::pack(text) } else { text }
}

fn groups<'t>(product: Node<'t>, catalogue: &'t Catalogue, pairs: &mut Pairs<'t>) {
    let mut path = text_of(product, "SUPPLIER_PID").map(|id| catalogue.path_of(id)).unwrap_or_default();
    if path.is_empty() {
        let features = all(product, "PRODUCT_FEATURES");
        let classes = features.filter_map(|features| text_of(features, "REFERENCE_FEATURE_GROUP_ID"));
        let mut paths = classes.map(|class| catalogue.class_path(class));
        path = paths.find(|path| !path.is_empty()).unwrap_or_default();
    }
    path.into_iter().for_each(|name| pairs.push("GROUP", name));
}

/// Pictures of the product itself before pictures of its details; no documents, no logos.
fn images<'t>(product: Node<'t>, catalogue: &Catalogue, pairs: &mut Pairs<'t>) {
    let rank = |mime: &Node<'_>| match text_of(*mime, "MIME_PURPOSE").unwrap_or("normal") {
        "normal" => 0,
        "detail" => 1,
        "others" => 2,
        "thumbnail" => 3,
        _ => 9,
    };
    let is_image = |mime: &Node<'_>| text_of(*mime, "MIME_TYPE").is_none_or(is_image_type);
    let mimes = all(product, "MIME_INFO").flat_map(|info| all(info, "MIME"));
    let mut mimes: Vec<Node<'t>> = mimes.filter(is_image).filter(|mime| rank(mime) < 9).collect();
    mimes.sort_by_key(rank);
    for source in mimes.into_iter().filter_map(|mime| text_of(mime, "MIME_SOURCE")) {
        match catalogue.mime_root.as_deref() {
            Some(root) if !source.contains("://") => {
                let (root, source) = (root.trim_end_matches('/'), source.trim_start_matches('/'));
                pairs.push("MIME_SOURCE", format!("{root}/{source}"));
            }
            _ => pairs.push("MIME_SOURCE", source),
        }
    }
}

/// `image/jpeg`, and the bare endings that some catalogues have instead.
fn is_image_type(kind: &str) -> bool {
    let kind = kind.to_ascii_lowercase();
    kind.starts_with("image") || matches!(&*kind, "jpg" | "jpeg" | "png" | "gif" | "webp" | "tif" | "tiff")
}
