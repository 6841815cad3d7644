//! `cargo xtask sanitise`: the tests of the only unsafe code under AddressSanitizer.

use crate::process::{command, wait};

/// Runs the tests of `berika-kernels` where every read and write is checked. Only these: the crate depends on nothing, so its
/// tests are built anew within a minute.
///
/// # Errors
/// If a test fails, or touches memory that is not its own.
pub(crate) fn run() -> anyhow::Result<()> {
    if !cfg!(all(target_arch = "x86_64", target_os = "linux")) {
        println!("skipped: kernels under AddressSanitizer because that is set up for x86-64 Linux only");
        return Ok(());
    }
    let line = "cargo test --package berika-kernels --tests --target x86_64-unknown-linux-gnu --target-dir target/asan";
    // A stable compiler takes flags of nightly ones only if it is told to. Nothing that is shipped is built so.
    let flags = [("RUSTC_BOOTSTRAP", "1"), ("RUSTFLAGS", "-Zsanitizer=address")];
    println!("\n$ {} {line}", flags.map(|(name, value)| format!("{name}={value}")).join(" "));
    wait(command(&line.split(' ').collect::<Vec<_>>()).envs(flags))
}
