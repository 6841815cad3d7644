//! How fast a model reads prompts and writes texts.
//!
//! `cargo run --release -p berika-generate --example speed -- MODEL [--threads N] [--prompt N] [--tokens N] [--side N]
//! [--rounds N]`
//!
//! candle counts its threads once, from `CANDLE_NUM_THREADS`: with `--threads` the program starts itself again with that
//! set. With `--serve` it takes one line a round from standard input and answers with one line of JSON, so that a script can
//! alternate it with another program.

#![expect(clippy::print_stdout, reason = "what it is for")]

use std::io::BufRead as _;
use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

use berika_generate::{Model, Options, Prompt};

/// Repeated until it has as many tokens as asked for.
const TEXT: &str = "Produkt: kaffekopp i porslin, 3 dl, vit. Text: ";

struct Asked {
    model: PathBuf,
    threads: Option<String>,
    prompt: usize,
    tokens: usize,
    side: usize,
    rounds: usize,
    serve: bool,
}

fn asked() -> Asked {
    let mut asked = Asked {
        model: PathBuf::new(),
        threads: None,
        prompt: 480,
        tokens: 48,
        side: 1,
        rounds: 3,
        serve: false,
    };
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().expect("a number behind the option");
        let mut number = || value().parse().expect("a number");
        match argument.as_str() {
            "--threads" => asked.threads = Some(value()),
            "--prompt" => asked.prompt = number(),
            "--tokens" => asked.tokens = number(),
            "--side" => asked.side = number(),
            "--rounds" => asked.rounds = number(),
            "--serve" => asked.serve = true,
            path => asked.model = path.into(),
        }
    }
    asked
}

fn main() {
    let asked = asked();
    if let Some(threads) = &asked.threads
        && std::env::var("CANDLE_NUM_THREADS").as_ref() != Ok(threads)
    {
        let program = std::env::current_exe().expect("the program's own path");
        let status = Command::new(program)
            .args(std::env::args_os().skip(1))
            .env("CANDLE_NUM_THREADS", threads)
            .status();
        std::process::exit(status.expect("the program starts again").code().unwrap_or(1));
    }
    let started = Instant::now();
    let model = Model::load(&asked.model).unwrap_or_else(|error| panic!("{error}"));
    eprintln(&format!("{} loaded in {:.2} s", model.id(), started.elapsed().as_secs_f64()));
    let prompt = cut(&model, asked.prompt);
    round(&model, &prompt, &asked);
    let lines = std::io::stdin().lock();
    if asked.serve {
        for _ in lines.lines() {
            println!("{}", round(&model, &prompt, &asked));
        }
    } else {
        (0..asked.rounds).for_each(|_| println!("{}", round(&model, &prompt, &asked)));
    }
}

#[expect(clippy::print_stderr, reason = "what is measured goes to standard output")]
fn eprintln(line: &str) {
    eprintln!("{line}");
}

/// A prompt of about so many tokens.
fn cut(model: &Model, tokens: usize) -> Prompt {
    let one = model.tokens(&Prompt::from(TEXT)).expect("plain text is tokenised").len();
    Prompt::from(TEXT.repeat(tokens.div_ceil(one)).as_str())
}

/// Tokens a second, of the prompt and of the texts.
fn round(model: &Model, prompt: &Prompt, asked: &Asked) -> String {
    let options = Options { max_tokens: asked.tokens + 1, ..Options::default() };
    let started = Instant::now();
    let prefix = model.prefix(prompt).expect("the prompt fits");
    let read = started.elapsed().as_secs_f64();
    let count = model.tokens(prompt).expect("plain text is tokenised").len();
    let rests = vec![Prompt::from("En"); asked.side];
    let started = Instant::now();
    let all = model.generate_all(&prefix, &rests, &options, &|| false);
    let wrote = started.elapsed().as_secs_f64();
    let tokens: usize = all.iter().map(|one| one.as_ref().map_or(0, |one| one.output_tokens)).sum();
    format!(
        "{{\"prompt_tokens\": {count}, \"prompt_per_s\": {:.1}, \"tokens\": {tokens}, \"tokens_per_s\": {:.1}}}",
        count as f64 / read,
        tokens as f64 / wrote
    )
}
