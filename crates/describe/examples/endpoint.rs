//! Asks a server two things and shows what came: `cargo run -p berika-describe --example endpoint -- URL MODEL [CALLS]`.
//!
//! The key, where the server wants one, is read from `BERIKA_EXAMPLE_KEY`.

use std::path::Path;
use std::sync::Arc;

use berika_describe::endpoint::{Endpoint, MemoryLedger, PATIENCE, Settings, Surroundings, TokioTime};
use berika_describe::{Example, LanguageModel, Prompt};
use berika_net::{AddressPolicy, Client, SecretSource};
use serde_json::json;

#[expect(clippy::print_stdout, reason = "an example shows what it does")]
#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [url, model, calls @ ..] = arguments.as_slice() else {
        return Err("URL and MODEL are missing".into());
    };
    let calls: usize = calls.first().map_or(Ok(2), |calls| calls.parse())?;
    let environment = |name: &str| std::env::var(name).ok();
    let key = "BERIKA_EXAMPLE_KEY";
    let mut settings = Settings::new(url, model);
    settings.key = environment(key).map(|_| SecretSource::Env(key.to_owned()));
    let around = Surroundings {
        client: Client::new(AddressPolicy::allowing(["127.0.0.1", "::1"])?)?,
        patience: PATIENCE,
        time: Arc::new(TokioTime::new(tokio::time::Instant::now(), || 0.5)),
        ledger: Arc::new(MemoryLedger::new(settings.budget.clone())),
    };
    let endpoint = Endpoint::new(settings, Path::new("."), &environment, around)?;
    println!("{}", endpoint.recipe());
    let prompts: Vec<Prompt> = ["title: Havredryck\nvolume: 1 l", "title: Skruvdragare\nvoltage: 18 V"]
        .into_iter()
        .cycle()
        .take(calls)
        .map(|input| Prompt {
            instructions: "Write a title for the product from these facts only. Answer as JSON.".to_owned(),
            examples: vec![Example {
                input: "title: Kaffe\nweight: 450 g".to_owned(),
                answer: "{\"title\":\"Kaffe 450 g\"}".to_owned(),
            }],
            input: input.to_owned(),
            schema: json!({
                "type": "object",
                "properties": { "title": { "type": "string" } },
                "required": ["title"],
                "additionalProperties": false,
            }),
            answer_most: 60,
        })
        .collect();
    println!("{:?}", endpoint.estimate(&prompts));
    for prompt in &prompts {
        match endpoint.complete(prompt).await {
            Ok(completion) => println!("{:?} {:?}", completion.text, completion.usage),
            Err(error) => println!("{}: {}", error.as_str(), berika_net::error_chain(&error)),
        }
    }
    println!("{:?}", endpoint.tally());
    Ok(())
}
