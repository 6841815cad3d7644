use std::path::PathBuf;

use clap::Parser as _;

use super::figures::quantile;
use super::*;

#[derive(Debug, clap::Parser)]
struct Line {
    #[command(flatten)]
    args: Args,
}

fn parse(more: &[&str]) -> Result<Args, String> {
    let line = ["bench", "--input", "in.txt", "--json", "out.json"].iter().chain(more);
    Line::try_parse_from(line).map(|line| line.args).map_err(|error| error.to_string())
}

#[test]
fn threads_and_repeats_are_at_least_one() {
    assert_eq!(parse(&["--threads", "3"]).unwrap().threads, Some(3));
    for wrong in [["--threads", "0"], ["--threads", "4096"], ["--repeat", "0"]] {
        let error = parse(&wrong).unwrap_err();
        assert!(error.contains(wrong[0]) && error.contains(wrong[1]), "{error}");
    }
}

#[test]
fn auto_is_what_is_fastest_on_the_processor() {
    let wanted = parse(&[]).unwrap().precision;
    assert_eq!(wanted.on(Cpu::PORTABLE), Precision::F32);
    assert_eq!(wanted.on(Cpu { amx_bf16: true, avx512_bf16: true, ..Cpu::PORTABLE }), Precision::Bf16);
    let int8 = parse(&["--precision", "int8"]).unwrap().precision;
    assert_eq!(int8.on(Cpu::PORTABLE), Precision::Int8);
    assert!(parse(&["--precision", "fp16"]).unwrap_err().contains("f32, bf16, int8, or auto"));
}

#[test]
fn texts_are_lines_and_what_is_none_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, bytes: &[u8]| -> PathBuf {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    let read = |path: &PathBuf| texts::read(path).map_err(|error| format!("{error:#}"));
    assert_eq!(read(&file("a", b"one\r\n\ntwo")).unwrap(), ["one", "", "two"]);
    let empty = read(&file("empty", b"")).unwrap_err();
    assert!(empty.contains("empty is empty; give at least one line"), "{empty}");
    let latin = read(&file("latin", b"ok\nr\xf6d\n")).unwrap_err();
    assert!(latin.contains("latin, line 2: not UTF-8"), "{latin}");
    let missing = read(&folder.path().join("missing")).unwrap_err();
    assert!(missing.contains("missing"), "{missing}");
}

#[test]
fn quantiles_are_numbers_that_occurred_and_the_median_lies_in_the_middle() {
    let numbers = [4.0, 1.0, 3.0, 2.0];
    assert_eq!(quantile(&numbers, 0.5), 2.5);
    assert_eq!(quantile(&numbers, 0.99), 4.0);
    assert_eq!(quantile(&[7.0], 0.5), 7.0);
}
