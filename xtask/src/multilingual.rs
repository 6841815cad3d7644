//! The multilingual test model: a real XLM-R-tokenised encoder, made once into `target/test-models/`.
//!
//! The script that makes it lies beside the checkout and not in it, so a plain clone goes without: the tests that
//! need the model then say that they were skipped.

use crate::process::{command, root, succeeds, wait};
use anyhow::Context;
use std::fs;

/// Where tests find the model, under the repository root.
const MODEL: &str = "target/test-models/multilingual-e5-small";
/// Python packages for the script, apart from the system's own.
const PYTHON: &str = "target/test-python";
const SCRIPT: &str = "../shared/tools/make_multilingual_model.py";

/// `cargo xtask model`.
///
/// # Errors
/// If the model is not there and cannot be made.
pub(crate) fn run() -> anyhow::Result<()> {
    if let Some(skipped) = prepare() {
        anyhow::bail!(skipped);
    }
    println!("{MODEL} is there");
    Ok(())
}

/// Makes the model unless it is there. Returns the line to show at the end if the tests have to go without it.
pub(crate) fn prepare() -> Option<String> {
    if root().join(MODEL).join("modules.json").is_file() {
        return None;
    }
    if !root().join(SCRIPT).is_file() {
        return Some(format!(
            "skipped: tests with the multilingual model because {MODEL} is not there, get it by putting \
             intfloat/multilingual-e5-small there as a sentence-transformers folder (float16 or float32)"
        ));
    }
    make().err().map(|error| {
        format!(
            "skipped: tests with the multilingual model because it could not be made ({error:#}), get it by \
             `PYTHONPATH={PYTHON} python3 {SCRIPT} {MODEL}`"
        )
    })
}

/// Makes the model in a folder beside its place and moves it there when it is whole.
fn make() -> anyhow::Result<()> {
    println!("\nmaking the multilingual test model in {MODEL} (once; about 250 MB)");
    let python_path = root().join(PYTHON);
    let has_numpy = || succeeds(command(&["python3", "-c", "import numpy"]).env("PYTHONPATH", &python_path));
    if !has_numpy() {
        let install = &["python3", "-m", "pip", "install", "--quiet", "--target", PYTHON, "numpy"];
        wait(command(install).env("PIP_ROOT_USER_ACTION", "ignore")).context("failed to fetch numpy")?;
    }
    let partial = format!("{MODEL}.partial");
    // Left by a run that was interrupted; that there is nothing to remove is the usual case.
    fs::remove_dir_all(root().join(&partial)).or_else(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Ok(()),
        _ => Err(error),
    })?;
    fs::create_dir_all(root().join(&partial))?;
    wait(command(&["python3", SCRIPT, &partial]).env("PYTHONPATH", &python_path))?;
    fs::rename(root().join(&partial), root().join(MODEL)).context("failed to move the model into place")
}
