//! On which threads vectors are computed, as the system counts them. Alone in its file: other tests' threads would count.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

use std::fs::{read_dir, read_to_string};

use berika_embed::Precision;
use berika_pipeline::Encoder;

/// Name and nice value of every thread of this process.
fn threads() -> Vec<(String, i32)> {
    read_dir("/proc/self/task")
        .unwrap()
        .map(|task| {
            let stat = read_to_string(task.unwrap().path().join("stat")).unwrap();
            let (name, rest) = stat.split_once(") ").unwrap();
            let name = name.split_once('(').unwrap().1.to_owned();
            // The 19th field of all, proc_pid_stat(5).
            (name, rest.split(' ').nth(16).unwrap().parse().unwrap())
        })
        .collect()
}

#[test]
fn vectors_are_computed_on_so_many_threads_of_low_priority_and_on_no_others() {
    let cache = berika_models::default_cache_dir().unwrap();
    let options = berika_models::Options::default();
    let folder = berika_models::ensure("all-MiniLM-L6-v2", &cache, &(), &options).unwrap();
    let before = threads();
    let encoder = Encoder::load_folder(&folder, "all-MiniLM-L6-v2", Precision::F32, 3).unwrap();
    let texts: Vec<String> = (0..200).map(|at| format!("Ground coffee, {at} g")).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    assert_eq!(encoder.embed_here(&texts).unwrap().len(), 200);
    // Threads that were there may end at any moment: what counts is which ones appeared.
    let mut appeared = threads();
    appeared.retain(|(name, _)| before.iter().all(|(known, _)| known != name));
    appeared.sort();
    let low = (before[0].1 + 5).min(19);
    assert_eq!(appeared, [0, 1, 2].map(|at| (format!("berika-embed-{at}"), low)));
}
