//! What committed files may not hold: paths of one machine, and hosts of package indexes.
//!
//! Which index a machine uses is its own configuration, which pip and cargo honour; a host in the code would
//! override it for everybody.

use std::path::Path;
use std::process::Command;

/// Written in two parts, so that this file does not hold them itself.
const UNWANTED: [(&str, &str); 8] = [
    ("/work", "/main"),
    ("/work", "/shared"),
    ("/root", "/."),
    ("/Use", "rs/"),
    ("pypi", ".org"),
    ("files.python", "hosted.org"),
    ("static.crates", ".io"),
    ("index.crates", ".io"),
];

#[test]
fn committed_files_name_no_machine_and_no_package_index() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    // The checkout may belong to another user than the one who tests, as it does in containers.
    let listed =
        Command::new("git").args(["-c", "safe.directory=*", "ls-files", "-z"]).current_dir(&root).output();
    let Some(listed) = listed.ok().filter(|listed| listed.status.success()) else {
        println!(
            "skipped: the check of committed files because this is no git checkout, get it by `git clone`"
        );
        return;
    };
    let names = String::from_utf8(listed.stdout).expect("file names are UTF-8");
    let mut checked = 0;
    let mut broken = Vec::new();
    for name in names.split_terminator('\0') {
        // Binary files and files deleted but not yet committed have no lines to look at.
        let Ok(text) = std::fs::read_to_string(root.join(name)) else { continue };
        checked += 1;
        for (number, line) in text.lines().enumerate() {
            for (left, right) in UNWANTED {
                if line.contains(&[left, right].concat()) {
                    broken.push(format!("{name}:{} holds {left}{right}", number + 1));
                }
            }
        }
    }
    assert!(checked > 20, "only {checked} files were read");
    assert!(broken.is_empty(), "\n{}\n", broken.join("\n"));
}
