//! Texts by language models: each model of a chain is asked in turn, the guard lets through what rests on facts, and where
//! too little is left the composer's text stands.

use std::sync::{Mutex, PoisonError};

use berika_catalog::Language;

use crate::description::{Author, Origin};
use crate::endpoint::Estimate;
use crate::guard::{Guard, Report};
use crate::model::{LanguageModel, ModelError};
use crate::prompt::{self, Draft, Form};
use crate::{
    BoxFuture, Description, Generator, NotDescribed, Outcome, Part, Request, Sentence, Text, compose,
    composer, guard,
};

/// Language models before the composer.
pub struct Phraser {
    links: Vec<Link>,
}

/// One model, and why it is no longer asked.
struct Link {
    model: Box<dyn LanguageModel>,
    form: Form,
    out_of_use: Mutex<Option<String>>,
}

impl Phraser {
    /// These models, asked in this order.
    pub fn new(models: Vec<(Box<dyn LanguageModel>, Form)>) -> Self {
        let link = |(model, form)| Link { model, form, out_of_use: Mutex::new(None) };
        Self { links: models.into_iter().map(link).collect() }
    }

    /// Models that are no longer asked, with the reason.
    pub fn out_of_use(&self) -> Vec<(String, String)> {
        let named = |link: &Link| Some((link.model.name().to_owned(), link.why_not()?));
        self.links.iter().filter_map(named).collect()
    }

    /// What describing these products will cost, were every one of them answered by the first model that costs anything.
    pub fn estimate(&self, requests: &[Request<'_>]) -> Option<Estimate> {
        self.links.iter().find_map(|link| {
            let ask = |request| Some(prompt::prompt(request, &base(request).ok()?, link.form));
            link.model.estimate(&requests.iter().filter_map(ask).collect::<Vec<_>>())
        })
    }

    async fn phrased(&self, request: &Request<'_>) -> Outcome {
        let base = match base(request) {
            Ok(base) => base,
            Err(reason) => return Outcome::NotDescribed(reason),
        };
        let guard = Guard::new(request);
        let mut report = Report::default();
        for link in &self.links {
            if let Some(why) = link.why_not() {
                report.causes.push(why);
                continue;
            }
            let prompt = prompt::prompt(request, &base, link.form);
            let draft = match link.model.complete(&prompt).await {
                Ok(completion) => Draft::read(&completion.text, link.form)
                    .map_err(|unreadable| format!("{}: {unreadable}", link.model.name())),
                Err(ModelError::Stopped { .. }) => return Outcome::NotDescribed(NotDescribed::Stopped),
                Err(error) => Err(link.failed(&error)),
            };
            let draft = match draft {
                Ok(draft) => draft,
                Err(cause) => {
                    report.causes.push(cause);
                    continue;
                }
            };
            let mut described = base.clone();
            report.add(take(&mut described, &draft, &guard, request));
            if !described.by_model() {
                continue;
            }
            described.origin = Origin {
                generator: link.model.generator().to_owned(),
                model: Some(link.model.name().to_owned()),
                prompt: Some(prompt::VERSION.to_owned()),
                recipe: self.recipe(),
            };
            return finished(described, report, request);
        }
        finished(
            Description { origin: Origin { recipe: self.recipe(), ..base.origin.clone() }, ..base },
            report,
            request,
        )
    }
}

impl Generator for Phraser {
    fn name(&self) -> &'static str {
        self.links.first().map_or(composer::NAME, |link| link.model.generator())
    }

    fn recipe(&self) -> String {
        let models: Vec<String> = self.links.iter().map(|link| link.model.recipe()).collect();
        let ours = [prompt::VERSION, guard::VERSION, composer::RECIPE];
        models.iter().map(String::as_str).chain(ours).collect::<Vec<_>>().join("/")
    }

    fn describe<'a>(&'a self, request: &'a Request<'a>) -> BoxFuture<'a, Outcome> {
        Box::pin(self.phrased(request))
    }
}

impl Link {
    fn why_not(&self) -> Option<String> {
        // A thread that panicked between lock and release left a whole value.
        self.out_of_use.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The cause for the report; what will not get better is not asked again.
    fn failed(&self, error: &ModelError) -> String {
        let cause = format!("{}: {error}", error.as_str());
        if error.is_lasting() {
            *self.out_of_use.lock().unwrap_or_else(PoisonError::into_inner) = Some(cause.clone());
        }
        cause
    }
}

/// What stands where no model's text does. In a language without rules this is in English and never published: see
/// [`finished`].
fn base(request: &Request<'_>) -> Result<Description, NotDescribed> {
    match compose(request).into_result() {
        Err(NotDescribed::LanguageNotSupported { .. }) => {
            // Not fallible: "en" is a tag.
            let Ok(english) = Language::parse("en") else { return Err(NotDescribed::NoTitle) };
            compose(&Request { category: None, language: &english, ..*request }).into_result()
        }
        other => other,
    }
}

/// Puts what passes of a draft in the place of the composer's texts.
fn take(described: &mut Description, draft: &Draft, guard: &Guard<'_>, request: &Request<'_>) -> Report {
    let mut report = Report::default();
    for part in Part::ALL {
        let sentences = draft.part(part);
        if sentences.is_empty() {
            report.composed.push(part);
            continue;
        }
        let guarded = guard.text(part, sentences);
        report.checked += guarded.checked;
        report.removed.extend(guarded.removed);
        match guarded.text {
            Some(text) => {
                *described.text_mut(part) = match part {
                    Part::Long => with_food_information(text, &described.long, request),
                    _ => text,
                };
            }
            None => report.composed.push(part),
        }
    }
    report
}

/// A long text by a model ends with the ingredients and allergens that the composer copied: nothing of them is lost and none
/// is rephrased.
fn with_food_information(mut text: Text, composed: &Text, request: &Request<'_>) -> Text {
    let food = prompt::food_fields(request);
    let copied = |sentence: &&Sentence| sentence.fields.iter().any(|field| food.contains(&field.as_str()));
    let copied: Vec<Sentence> = composed.sentences.iter().filter(copied).cloned().collect();
    if copied.is_empty() {
        return text;
    }
    let lines: Vec<&str> = copied.iter().map(|sentence| sentence.text.as_str()).collect();
    text.text = format!("{}\n\n{}", text.text, lines.join("\n\n"));
    text.sentences.extend(copied);
    text
}

/// The description, unless what is not a model's is in another language than the one asked for.
fn finished(mut described: Description, report: Report, request: &Request<'_>) -> Outcome {
    described.report = report;
    if described.language == *request.language {
        return Outcome::Described(described);
    }
    let language = request.language.clone();
    if described.short.by != Author::Model {
        return Outcome::NotDescribed(NotDescribed::LanguageNotSupported { language });
    }
    // A title is the supplier's own name, whatever the language; sentences are not.
    described.language = language;
    if described.long.by != Author::Model {
        described.long = described.short.clone();
    }
    if described.seo_description.by != Author::Model {
        described.seo_description = guard::shortened(&described.short, request.voice.limits.seo_description);
    }
    Outcome::Described(described)
}
