//! What the tests need of the machine, and how to get it on Debian and Ubuntu.

use crate::process::{show, works};
use anyhow::Context;

/// A program the tests need.
struct Need {
    name: &'static str,
    check: &'static [&'static str],
    package: &'static str,
    used_for: &'static str,
}

const NEEDS: [Need; 4] = [
    Need { name: "gcc", check: &["gcc", "--version"], package: "gcc", used_for: "builds SQLite and ring" },
    Need {
        name: "g++",
        check: &["g++", "--version"],
        package: "g++",
        used_for: "builds native dependencies",
    },
    Need {
        name: "python3",
        check: &["python3", "--version"],
        package: "python3",
        used_for: "fetches model files where the Hub is out of reach",
    },
    Need {
        name: "pip",
        check: &["python3", "-m", "pip", "--version"],
        package: "python3-pip",
        used_for: "fetches model files where the Hub is out of reach",
    },
];

/// Names what the machine lacks, and installs it first if `install` is set. Returns the lines to show at the end.
///
/// # Errors
/// If an installation was asked for and the package manager failed.
pub(crate) fn prepare(install: bool) -> anyhow::Result<Vec<String>> {
    if install {
        install_missing()?;
    }
    Ok(NEEDS.iter().filter(|need| !works(need.check)).map(report).collect())
}

fn report(need: &Need) -> String {
    let Need { name, package, used_for, .. } = need;
    format!(
        "skipped: what needs {name} ({used_for}) because {name} is not installed, get it by \
         `apt-get install {package}` or `cargo xtask test --install`"
    )
}

fn install_missing() -> anyhow::Result<()> {
    let packages: Vec<&str> =
        NEEDS.iter().filter(|need| !works(need.check)).map(|need| need.package).collect();
    if packages.is_empty() {
        return Ok(());
    }
    if !works(&["apt-get", "--version"]) {
        println!("no apt-get here: install {} by this system's own package manager", packages.join(", "));
        return Ok(());
    }
    let become_root: &[&str] = if works(&["test", "-w", "/var/lib/dpkg"]) { &[] } else { &["sudo"] };
    let update = [become_root, &["apt-get", "update", "--quiet"]].concat();
    let get =
        [become_root, &["apt-get", "install", "--yes", "--quiet", "--no-install-recommends"], &packages];
    show(&update).context("failed to refresh the package lists")?;
    show(&get.concat()).with_context(|| format!("failed to install {}", packages.join(", ")))
}
