//! `berika bench embed` from outside.

use std::process::{Command, Output};

use serde_json::Value;

use crate::support::ensure_model;

fn bench(folder: &std::path::Path, more: &[&str]) -> Output {
    ensure_model();
    Command::new(env!("CARGO_BIN_EXE_berika"))
        .args(["bench", "embed", "--input", "texts.txt", "--json", "out.json"])
        .args(more)
        .current_dir(folder)
        .output()
        .unwrap()
}

#[test]
fn speed_is_measured_on_texts_of_every_kind() {
    let folder = tempfile::tempdir().unwrap();
    let huge = "kaffe ".repeat((10 << 20) / 6);
    let cups: String = (0..30).map(|at| format!("mugg {at}\n")).collect();
    std::fs::write(folder.path().join("texts.txt"), format!("tea\n\n{huge}\ntea\nröd mugg 😀\n{cups}"))
        .unwrap();
    let more = ["--precision", "f32", "--threads", "1", "--repeat", "2", "--trace", "trace.json"];
    let done = bench(folder.path(), &more);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));

    let read = |name: &str| -> Value {
        serde_json::from_slice(&std::fs::read(folder.path().join(name)).unwrap()).unwrap()
    };
    let out = read("out.json");
    assert_eq!((&out["schema"], &out["texts"], &out["unique_texts"]), (&1.into(), &35.into(), &34.into()));
    assert_eq!((&out["precision"], &out["threads"]), (&"f32".into(), &1.into()));
    let (tokens, rows) = (out["tokens"].as_u64().unwrap(), out["computed_rows"].as_u64().unwrap());
    assert!(tokens > 256 && tokens <= rows, "{tokens} tokens in {rows} rows");
    assert_eq!(out["seconds"].as_array().unwrap().len(), 2);
    assert!(out["share_of_matmul_peak"].as_f64().unwrap() > 0.0);
    assert!(out["latency"]["p50_ms"].as_f64().unwrap() <= out["latency"]["p99_ms"].as_f64().unwrap());

    // Six layers of five steps each, and they lie within the pass.
    let trace = read("trace.json");
    let events = trace["traceEvents"].as_array().unwrap();
    let named = |name: &str| events.iter().filter(|event| event["name"] == name).collect::<Vec<_>>();
    assert_eq!(named("pass").len(), 1);
    assert_eq!(named("layer").iter().map(|it| it["args"]["at"].as_u64().unwrap()).sum::<u64>(), 15);
    let duration = |event: &Value| event["dur"].as_f64().unwrap();
    let steps = ["qkv", "attention", "attention_out", "up", "down"].map(&named);
    assert!(steps.iter().all(|steps| steps.len() == 6));
    assert!(steps.iter().flatten().map(|it| duration(it)).sum::<f64>() <= duration(named("pass")[0]));
}

#[test]
fn what_cannot_be_measured_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let refused = |bytes: &[u8], more: &[&str], needle: &str| {
        std::fs::write(folder.path().join("texts.txt"), bytes).unwrap();
        let done = bench(folder.path(), more);
        let error = String::from_utf8_lossy(&done.stderr).into_owned();
        assert!(done.status.code() == Some(1) && error.contains(needle), "{error}");
    };
    refused(b"", &[], "texts.txt is empty; give at least one line");
    refused(b"tea\nr\xf6d\n", &[], "texts.txt, line 2: not UTF-8");
    refused(b"tea", &["--threads", "0"], "0 is not in 1..=1024");
    refused(b"tea", &["--precision", "fp16"], "f32, bf16, int8, or auto");
    refused(b"tea", &["--model", "no-such-model"], "no-such-model");
    std::fs::remove_file(folder.path().join("texts.txt")).unwrap();
    let missing = bench(folder.path(), &[]);
    assert!(String::from_utf8_lossy(&missing.stderr).contains("failed to read texts.txt"));
}
