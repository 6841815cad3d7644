//! What receivers must redirect, as CSV: one line for each target, category by category, and one without a target for what is
//! gone for good.

use std::io::Write;
use std::path::Path;

use anyhow::Context as _;
use berika_catalog::Language;
use berika_catalog::taxonomy_change::{Redirect, RedirectTarget};

use crate::context;

/// Writes redirects with a path column for each of `languages`.
pub(super) fn write(file: &Path, redirects: &[Redirect], languages: &[Language]) -> anyhow::Result<()> {
    let written = || -> csv::Result<()> { csv(std::fs::File::create(file)?, redirects, languages) };
    written().with_context(|| format!("cannot write {}", context::shown(file)))
}

fn csv(out: impl Write, redirects: &[Redirect], languages: &[Language]) -> csv::Result<()> {
    let mut header = vec!["from".to_owned(), "kind".to_owned(), "to".to_owned(), "targets".to_owned()];
    for language in languages {
        header.extend([format!("from_path.{language}"), format!("to_path.{language}")]);
    }
    header.extend(["from_external_ids".to_owned(), "to_external_ids".to_owned()]);
    let mut lines = csv::Writer::from_writer(out);
    lines.write_record(&header)?;
    for redirect in redirects {
        for target in &redirect.to {
            lines.write_record(cells(redirect, Some(target), languages))?;
        }
        if redirect.to.is_empty() {
            lines.write_record(cells(redirect, None, languages))?;
        }
    }
    lines.flush()?;
    Ok(())
}

fn cells(redirect: &Redirect, target: Option<&RedirectTarget>, languages: &[Language]) -> Vec<String> {
    let mut cells = vec![
        redirect.from.to_string(),
        redirect.kind.as_str().to_owned(),
        target.map(|target| target.id.to_string()).unwrap_or_default(),
        redirect.to.len().to_string(),
    ];
    let path = |names: Option<&Vec<String>>| names.map(|names| names.join(" > ")).unwrap_or_default();
    for language in languages {
        cells.push(path(redirect.from_path.get(language)));
        cells.push(path(target.and_then(|target| target.path.get(language))));
    }
    let ids = |ids: &std::collections::BTreeMap<String, String>| {
        ids.iter().map(|(scheme, id)| format!("{scheme}={id}")).collect::<Vec<_>>().join(" ")
    };
    cells.push(ids(&redirect.external_ids));
    cells.push(target.map(|target| ids(&target.external_ids)).unwrap_or_default());
    cells
}

#[cfg(test)]
mod tests {
    use super::*;
    use berika_catalog::CategoryId;
    use berika_catalog::taxonomy_change::RedirectKind;

    #[test]
    fn each_target_has_a_line_and_what_is_gone_for_good_has_one_without() {
        let english = Language::parse("en").unwrap();
        let path =
            |names: &[&str]| [(english.clone(), names.iter().map(|n| (*n).to_owned()).collect())].into();
        let target = |id: &str| RedirectTarget {
            id: CategoryId(id.to_owned()),
            path: path(&["Food", "Tea, \"green\""]),
            external_ids: [("google".to_owned(), "1".to_owned())].into(),
        };
        let split = Redirect {
            from: CategoryId("tea".to_owned()),
            kind: RedirectKind::Split,
            from_path: path(&["Food", "Tea"]),
            to: vec![target("a"), target("b")],
            external_ids: [("google".to_owned(), "2073".to_owned())].into(),
        };
        let deleted = Redirect {
            to: Vec::new(),
            kind: RedirectKind::Deleted,
            external_ids: Default::default(),
            ..split.clone()
        };
        let mut bytes = Vec::new();
        csv(&mut bytes, &[split, deleted], &[english]).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(
            lines[0],
            "from,kind,to,targets,from_path.en,to_path.en,from_external_ids,to_external_ids"
        );
        assert_eq!(lines[1], "tea,split,a,2,Food > Tea,\"Food > Tea, \"\"green\"\"\",google=2073,google=1");
        assert_eq!(lines[3], "tea,deleted,,0,Food > Tea,,,");
    }
}
