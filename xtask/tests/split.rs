//! `cargo xtask split` as a user runs it.

use std::fs;
use std::path::Path;
use std::process::Command;

#[test]
fn every_row_lands_in_one_part_byte_for_byte() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("split");
    fs::create_dir_all(&folder).unwrap();
    let rows: Vec<String> = (0..50).map(|row| format!(r#"{{"id": "å{row}",  "title":"x"}}"#)).collect();
    let file = folder.join("shop.jsonl");
    fs::write(&file, rows.join("\r\n") + "\n\n").unwrap();

    let status = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["split", "--fraction", "0.6", "--seed", "3", "--out"])
        .arg(&folder)
        .arg(&file)
        .status()
        .unwrap();
    assert!(status.success());

    let read = |name| fs::read_to_string(folder.join(name)).unwrap();
    let (train, test) = (read("shop.train.jsonl"), read("shop.test.jsonl"));
    assert_eq!((train.lines().count(), test.lines().count()), (30, 20));
    let mut found: Vec<&str> = train.lines().chain(test.lines()).collect();
    let mut expected: Vec<&str> = rows.iter().map(String::as_str).collect();
    found.sort_unstable();
    expected.sort_unstable();
    assert_eq!(found, expected);
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["split", "nowhere.jsonl", "--out", env!("CARGO_TARGET_TMPDIR")])
        .output()
        .unwrap();
    assert!(!output.status.success());
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(message.contains("failed to read nowhere.jsonl"), "{message}");
}
