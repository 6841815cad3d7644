//! `cargo xtask lint`: what must be clean before a commit.

use crate::process::{show, works};

/// Formatting, clippy, and cargo-deny where it is installed.
///
/// # Errors
/// If one of them finds something.
pub(crate) fn run() -> anyhow::Result<()> {
    show(&["cargo", "fmt", "--all", "--check"])?;
    show(&["cargo", "clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"])?;
    if works(&["cargo", "deny", "--version"]) {
        show(&["cargo", "deny", "check"])?;
    } else {
        println!(
            "skipped: licences, bans and advisories of dependencies because cargo-deny is not installed, \
             get it by `cargo install --locked cargo-deny`"
        );
    }
    Ok(())
}
