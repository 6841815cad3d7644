//! Texts per second of a model on this machine.
//!
//! `cargo run --release -p berika-embed --example speed -- MODEL_DIR TEXTS.txt PRECISION [TOKENS...]`: one text a line; each
//! TOKENS is a token budget of a pass to try.

#![expect(clippy::print_stdout, reason = "a program for people")]

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use berika_embed::{Limits, Model, Prompt};

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [folder, file, precision, budgets @ ..] = args.as_slice() else {
        return Err("usage: speed MODEL_DIR TEXTS.txt PRECISION [TOKENS...]".into());
    };
    let text = std::fs::read_to_string(file)?;
    let texts: Vec<&str> = text.lines().collect();
    let started = Instant::now();
    let mut model = Model::load_with(Path::new(folder), precision.parse()?, berika_embed::Cpu::detected())?;
    println!("loaded in {:.2?}", started.elapsed());
    let started = Instant::now();
    let tokens: usize = texts.iter().map(|text| model.count_tokens(text)).sum();
    println!("{} texts, {tokens} tokens, counted in {:.2?}", texts.len(), started.elapsed());
    let mut limits = vec![Limits::default()];
    for budget in budgets {
        limits.push(Limits { tokens: budget.parse()? });
    }
    for limits in limits {
        model = model.with_limits(limits);
        let mut best = f64::MAX;
        for _ in 0..25 {
            let started = Instant::now();
            model.embed(&texts, Prompt::None, &mut |_| {})?;
            best = best.min(started.elapsed().as_secs_f64());
        }
        println!(
            "{limits:?}: {:.0} texts/s, {:.0} tokens/s",
            texts.len() as f64 / best,
            tokens as f64 / best
        );
    }
    Ok(())
}
