//! Whether the configured model reads the languages of the markets.

use berika_catalog::Language;
use berika_models::{Entry, find};

use crate::Config;

/// What to do where the model is known not to read the language of a market; `None` where it does, or where nobody knows,
/// as of a folder of one's own.
pub fn advice(config: &Config) -> Option<String> {
    let id = &config.model.id;
    let entry = find(id).filter(|_| !config.resolve(id.as_ref()).is_dir())?;
    let languages = config.languages();
    let unread: Vec<&str> = languages
        .iter()
        .map(|language| language.as_str())
        .filter(|language| !reads(entry, language))
        .collect();
    if unread.is_empty() {
        return None;
    }
    Some(format!(
        "{id} reads {}, but there are markets in {}: products in other languages are better placed with a multilingual \
         model; `berika model fetch multilingual-e5-small`, then `id = \"multilingual-e5-small\"` under [model]",
        entry.languages.join(", "),
        unread.join(", ")
    ))
}

/// Of these languages, those that the model is not known to be without: texts in the others may be compared, but not with
/// sense.
pub(crate) fn read_by_model(config: &Config, languages: &[Language]) -> Vec<Language> {
    let entry = find(&config.model.id).filter(|_| !config.resolve(config.model.id.as_ref()).is_dir());
    let read = |language: &&Language| entry.is_none_or(|entry| reads(entry, language.as_str()));
    languages.iter().filter(read).cloned().collect()
}

fn reads(entry: &Entry, language: &str) -> bool {
    entry.languages.iter().any(|known| known == "multilingual" || known == language)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn advice_for(model: &str, languages: &[&str]) -> Option<String> {
        let markets: String = languages
            .iter()
            .map(|language| {
                format!("[[markets]]\nlanguage = \"{language}\"\ncountry = \"SE\"\ncurrency = \"SEK\"\n")
            })
            .collect();
        let text = format!(
            "[model]\nid = \"{model}\"\n[taxonomy]\npath = \"taxonomy.jsonl\"\n{markets}[[suppliers]]\nid = \"nord-mat\"\n\
             delivery = \"full\"\nsource = {{ path = \"a.csv\" }}\nformat = {{ type = \"csv\" }}\n"
        );
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("own-model")).unwrap();
        std::fs::create_dir(folder.path().join("bge-small-en-v1.5")).unwrap();
        std::fs::write(folder.path().join("berika.toml"), text).unwrap();
        advice(&Config::read(&folder.path().join("berika.toml"), &[]).unwrap())
    }

    #[test]
    fn a_market_in_a_language_that_the_model_does_not_read_is_named_with_a_model_that_does() {
        let advice = advice_for("sentence-transformers/all-MiniLM-L6-v2", &["sv", "en", "pt-BR"]).unwrap();
        assert!(advice.contains("reads en, but there are markets in sv, pt"), "{advice}");
        assert!(advice.contains("berika model fetch multilingual-e5-small"), "{advice}");
        assert!(advice_for("sentence-bert-swedish-cased", &["en-GB"]).is_some());
    }

    #[test]
    fn nothing_is_advised_where_the_model_reads_them_or_nobody_knows() {
        assert_eq!(advice_for("all-MiniLM-L6-v2", &["en", "en-GB"]), None);
        assert_eq!(advice_for("sentence-bert-swedish-cased", &["sv-SE"]), None);
        for model in ["multilingual-e5-small", "multilingual-e5-small-q4", "own-model", "bge-small-en-v1.5"] {
            assert_eq!(advice_for(model, &["sv", "ja"]), None, "{model}");
        }
    }
}
