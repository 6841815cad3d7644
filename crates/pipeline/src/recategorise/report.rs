//! A plan as one HTML page that needs nothing besides: no script, no font, no picture from elsewhere. A person reads it and
//! passes it on.

mod html;

use std::path::Path;

use berika_catalog::taxonomy_change::{Changed, Redirect, RedirectTarget};
use berika_catalog::{CategoryId, Digest, Language, Taxonomy};

use super::plan::Plan;
use super::summary::Flow;
pub use html::clean;
use html::{escaped, table};

/// The most rows of a table.
const MOST_ROWS: usize = 1000;

const STYLE: &str = include_str!("report/page.css");

/// What a page says besides the plan itself.
#[derive(Debug, Clone, Copy)]
pub struct Beside<'a> {
    /// The plan's digest.
    pub digest: &'a Digest,
    /// Where the plan was written.
    pub file: &'a Path,
    /// The taxonomy before it.
    pub before: &'a Taxonomy,
    /// What becomes of that.
    pub changed: Option<&'a Changed>,
    /// The language that categories are named in.
    pub language: &'a Language,
}

impl Beside<'_> {
    /// A category's names from the root, before the plan or after.
    fn path(&self, category: &CategoryId, after: bool) -> String {
        let taxonomy = self.changed.filter(|_| after).map_or(self.before, |changed| &changed.taxonomy);
        let named =
            taxonomy.index_of(category).map(|index| taxonomy.path_names(index, self.language).join(" > "));
        named.unwrap_or_default()
    }
}

/// The page.
pub fn page(plan: &Plan, beside: &Beside<'_>) -> String {
    let mut page = String::from(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>Plan of re-categorisation</title>\n",
    );
    page.push_str(&format!(
        "<style>\n{STYLE}</style>\n</head>\n<body>\n<h1>Plan of re-categorisation</h1>\n<p class=\"by\">Made {} by {}: \
         <code>{}</code></p>\n",
        escaped(&plan.made_at.strftime("%Y-%m-%d %H:%M UTC").to_string()),
        escaped(&plan.made_by),
        escaped(&plan.id)
    ));
    page.push_str(&figures(plan));
    notes(&mut page, plan);
    flows(&mut page, plan, beside);
    untouched(&mut page, plan);
    consequences(&mut page, plan);
    if let Some(changed) = beside.changed {
        taxonomy(&mut page, plan, changed, beside);
    }
    basis(&mut page, plan, beside);
    applying(&mut page, plan, beside);
    page.push_str("</body>\n</html>\n");
    page
}

fn figures(plan: &Plan) -> String {
    let summary = &plan.summary;
    let products = summary.products;
    let untouched: u64 = summary.untouched.values().sum();
    let share = |count: u64| if products == 0 { 0.0 } else { count as f64 / products as f64 };
    let figures = [
        (plan.moves.len().to_string(), format!("of {products} products move")),
        (summary.unchanged.to_string(), "stay as they are".to_owned()),
        (untouched.to_string(), "are not touched".to_owned()),
        (
            format!("{} → {}", percent(share(summary.review_before)), percent(share(summary.review_after))),
            "under review, before and after".to_owned(),
        ),
        (
            format!("{:.2} → {:.2}", summary.confidence_before, summary.confidence_after),
            "mean confidence of products that move".to_owned(),
        ),
        (summary.descriptions.values().sum::<u64>().to_string(), "descriptions to write".to_owned()),
        (summary.deliveries.values().sum::<u64>().to_string(), "events to deliver".to_owned()),
        (duration(summary.seconds.values().sum()), "to apply it, estimated".to_owned()),
    ];
    let cells = figures
        .map(|(figure, of)| format!("<div><b>{}</b><span>{}</span></div>\n", escaped(&figure), escaped(&of)));
    format!("<div class=\"figures\">\n{}</div>\n", cells.concat())
}

fn notes(page: &mut String, plan: &Plan) {
    let items = plan.summary.notes.iter().map(|note| format!("<li>{}</li>\n", escaped(note)));
    page.push_str(&format!("<ul>\n{}</ul>\n", items.collect::<String>()));
}

fn flows(page: &mut String, plan: &Plan, beside: &Beside<'_>) {
    let flows = &plan.summary.flows;
    if flows.is_empty() {
        return;
    }
    page.push_str("<h2>From where to where</h2>\n");
    let most = flows.iter().map(|flow| flow.products).max().unwrap_or(1).max(1);
    let place = |category: &Option<CategoryId>, verdict: &str, after: bool| {
        let name = category.as_ref().map(|id| {
            let path = beside.path(id, after);
            if path.is_empty() { escaped(id.as_str()) } else { escaped(&path) }
        });
        let id = category.as_ref().map(|id| format!(" <code>{}</code>", escaped(id.as_str())));
        format!(
            "{}<span class=\"verdict\">{}{}</span>",
            name.unwrap_or_else(|| "no category".to_owned()),
            escaped(verdict_shown(verdict)),
            id.unwrap_or_default()
        )
    };
    let rows = flows.iter().take(MOST_ROWS).map(|flow| {
        let width = (flow.products * 100).div_ceil(most);
        vec![
            place(&flow.from, &flow.from_verdict, false),
            format!("{}{}", place(&flow.to, &flow.to_verdict, true), examples(flow)),
            format!("{}<i class=\"bar\" style=\"width:{width}%\"></i>", flow.products),
            format!("{:.2} → {:.2}", flow.confidence_before, flow.confidence_after),
        ]
    });
    page.push_str(&table(&["from", "to", "products", "mean confidence"], 2, rows));
    more(page, flows.len());
}

fn examples(flow: &Flow) -> String {
    let rows = flow.examples.iter().map(|example| {
        vec![
            format!("<code>{}</code>", escaped(&example.product.to_string())),
            escaped(example.title.as_deref().unwrap_or_default()),
            escaped(&example.reason),
            format!("{:.2} → {:.2}", example.confidence_before, example.confidence_after),
        ]
    });
    format!(
        "<details><summary>{} of {}</summary>{}</details>",
        flow.examples.len(),
        flow.products,
        table(&["product", "title", "why", "confidence"], 3, rows)
    )
}

fn untouched(page: &mut String, plan: &Plan) {
    if plan.summary.untouched.is_empty() {
        return;
    }
    page.push_str("<h2>Not touched</h2>\n");
    let rows = plan.summary.untouched.iter().map(|(why, count)| vec![escaped(why), count.to_string()]);
    page.push_str(&table(&["why", "products"], 1, rows));
}

fn consequences(page: &mut String, plan: &Plan) {
    let summary = &plan.summary;
    if summary.descriptions.is_empty() && summary.deliveries.is_empty() && summary.seconds.is_empty() {
        return;
    }
    page.push_str("<h2>What follows</h2>\n");
    let described = summary
        .descriptions
        .iter()
        .map(|(language, count)| ("descriptions to write", language, count.to_string()));
    let told =
        summary.deliveries.iter().map(|(endpoint, count)| ("events to deliver", endpoint, count.to_string()));
    let took = summary.seconds.iter().map(|(stage, seconds)| ("time, estimated", stage, duration(*seconds)));
    let rows = described.chain(told).chain(took);
    page.push_str(&table(
        &["what", "of", ""],
        2,
        rows.map(|(what, of, count)| vec![escaped(what), escaped(of), count]),
    ));
}

fn taxonomy(page: &mut String, plan: &Plan, changed: &Changed, beside: &Beside<'_>) {
    page.push_str(&format!(
        "<h2>The taxonomy</h2>\n<p>Version {} becomes version {}.</p>\n",
        plan.basis.version, changed.taxonomy.version
    ));
    if !changed.gone.is_empty() {
        let rows = changed.gone.iter().take(MOST_ROWS).map(|(category, gone)| {
            let into: Vec<String> = gone.into.iter().map(|id| escaped(&beside.path(id, true))).collect();
            vec![escaped(&beside.path(category, false)), escaped(&gone.why), into.join("<br>")]
        });
        page.push_str("<h3>Products cannot stay in</h3>\n");
        page.push_str(&table(&["category", "why", "in its place"], 3, rows));
        more(page, changed.gone.len());
    }
    if !changed.redirects.is_empty() {
        page.push_str("<h3>What receivers must redirect</h3>\n");
        let rows =
            changed.redirects.iter().take(MOST_ROWS).map(|redirect| redirected(redirect, beside.language));
        page.push_str(&table(&["what", "from", "to"], 3, rows));
        more(page, changed.redirects.len());
    }
}

fn redirected(redirect: &Redirect, language: &Language) -> Vec<String> {
    let shown = |id: &CategoryId,
                 path: &std::collections::BTreeMap<Language, Vec<String>>,
                 ids: &std::collections::BTreeMap<String, String>| {
        let path = path.get(language).or_else(|| path.values().next()).map(|path| path.join(" > "));
        let ids = ids.iter().map(|(scheme, id)| {
            format!("<span class=\"verdict\">{}: {}</span>", escaped(scheme), escaped(id))
        });
        format!(
            "{} <code>{}</code>{}",
            escaped(&path.unwrap_or_default()),
            escaped(id.as_str()),
            ids.collect::<String>()
        )
    };
    let to = |target: &RedirectTarget| shown(&target.id, &target.path, &target.external_ids);
    let targets: Vec<String> = redirect.to.iter().map(to).collect();
    vec![
        escaped(&redirect.kind.as_str().replace('_', " ")),
        shown(&redirect.from, &redirect.from_path, &redirect.external_ids),
        if targets.is_empty() { "gone".to_owned() } else { targets.join("<br>") },
    ]
}

fn basis(page: &mut String, plan: &Plan, beside: &Beside<'_>) {
    let basis = &plan.basis;
    let selection = &plan.selection;
    let categories: Vec<String> = selection.categories.iter().map(ToString::to_string).collect();
    let listed = |list: &[String], all: &str| if list.is_empty() { all.to_owned() } else { list.join(", ") };
    let rows = [
        ("suppliers", listed(&selection.suppliers, "all")),
        ("categories", listed(&categories, "all")),
        ("filters", listed(&selection.filters, "none")),
        ("store", basis.store.clone()),
        ("taxonomy", format!("{} version {}, {}", basis.taxonomy, basis.version, basis.taxonomy_digest)),
        ("decisions", format!("up to number {}", basis.decisions)),
        ("model", basis.model.clone()),
        ("vectors", basis.encoder.clone().unwrap_or_default()),
        ("judged by", basis.judge.clone().unwrap_or_default()),
        ("promise", percent(basis.promise)),
        ("digest of the plan", beside.digest.to_string()),
    ];
    page.push_str("<h2>What it follows from</h2>\n");
    page.push_str(&table(
        &["", ""],
        2,
        rows.map(|(name, value)| vec![escaped(name), format!("<code>{}</code>", escaped(&value))]),
    ));
}

fn applying(page: &mut String, plan: &Plan, beside: &Beside<'_>) {
    let file = escaped(&beside.file.display().to_string());
    page.push_str("<h2>Applying it</h2>\n<p>");
    page.push_str(&format!(
        "The plan moves {} products and nothing else. It is refused where a product, a decision, the taxonomy or the model \
         changed since. It may be stopped or killed at any time: the same command goes on. What it replaces is kept, so that \
         it can be taken back.</p>\n",
        plan.moves.len()
    ));
    // A taxonomy is changed for all products at once.
    let apply = if plan.taxonomy.is_none() {
        format!("berika recategorise apply {file} --canary 1%\nberika recategorise apply {file} --continue")
    } else {
        format!("berika recategorise apply {file}")
    };
    page.push_str(&format!("<pre>{apply}\nberika recategorise revert RUN</pre>\n"));
}

fn more(page: &mut String, rows: usize) {
    if let Some(more) = rows.checked_sub(MOST_ROWS).filter(|more| *more > 0) {
        page.push_str(&format!("<p>{more} more are in the plan.</p>\n"));
    }
}

fn verdict_shown(verdict: &str) -> &str {
    match verdict {
        "accept" => "accepted",
        "review" => "under review",
        "reject" => "in none of our categories",
        other => other,
    }
}

/// A share in percent.
pub fn percent(share: f64) -> String {
    format!("{} %", (share * 1000.0).round() / 10.0)
}

/// Seconds as people say them.
pub fn duration(seconds: f64) -> String {
    match seconds {
        short if short < 90.0 => format!("{} s", short.ceil()),
        long if long < 5400.0 => format!("{} min", (long / 60.0).ceil()),
        longer => format!("{:.1} h", longer / 3600.0),
    }
}

#[cfg(test)]
mod tests;
