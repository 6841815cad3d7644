//! Running other programs from the repository root.

use anyhow::{Context, bail};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The root of this checkout.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map_or_else(PathBuf::new, Path::to_path_buf)
}

/// A command in the repository root, not started yet. The first word is the program.
///
/// It does not see what `cargo run` told this program about its own package: build scripts that watch those variables
/// (ring's does) would run again, and half the tree with them, each time one goes from `cargo xtask` to `cargo`.
pub(crate) fn command(line: &[&str]) -> Command {
    let mut command = Command::new(line[0]);
    command.args(&line[1..]).current_dir(root());
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&*name);
        }
    }
    command
}

/// Runs a command with its output shown, and says first what is run.
///
/// # Errors
/// If the program is missing or does not exit with 0.
pub(crate) fn show(line: &[&str]) -> anyhow::Result<()> {
    println!("\n$ {}", line.join(" "));
    wait(&mut command(line))
}

/// Runs a command with its output shown.
///
/// # Errors
/// If the program is missing or does not exit with 0.
pub(crate) fn wait(command: &mut Command) -> anyhow::Result<()> {
    let program = command.get_program().to_string_lossy().into_owned();
    let status = command.status().with_context(|| format!("failed to start `{program}`"))?;
    if !status.success() {
        bail!("`{program}` ended with {status}");
    }
    Ok(())
}

/// Whether a command exists and exits with 0. Its output is thrown away.
pub(crate) fn works(line: &[&str]) -> bool {
    command(line)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|s| s.success())
}
