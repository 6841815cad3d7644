//! What surrounds the program: model files, the store's locks and disk, its configuration; and `doctor`, which looks at
//! all of it.

use std::io::{BufRead, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::assortment::{csv, rows};
use crate::support::{ACCEPT_ALL, Company, Done, endpoint, wait_until};

const MODEL: &str = "all-MiniLM-L6-v2";

fn small() -> Company {
    Company::with_feed(&csv(&rows()[..3]))
}

/// A folder of models with links to the real files, of which a test may damage one.
fn linked_models(company: &Company) -> PathBuf {
    let cache = berika_models::default_cache_dir().unwrap().join(MODEL);
    let models = company.path("models");
    let folder = models.join(MODEL);
    std::fs::create_dir_all(folder.join("1_Pooling")).unwrap();
    for file in &berika_models::find(MODEL).unwrap().files {
        std::os::unix::fs::symlink(cache.join(&file.path), folder.join(&file.path)).unwrap();
    }
    models
}

/// What `doctor` found out about something, and whether that was well.
#[track_caller]
fn found(doctor: &Done, what: &str) -> (bool, String) {
    let checks = doctor.json();
    let check =
        checks.as_array().unwrap().iter().find(|check| check["what"].as_str().unwrap().starts_with(what));
    let check = check.unwrap_or_else(|| panic!("no {what} in {checks}"));
    (check["ok"].as_bool().unwrap(), check["finding"].as_str().unwrap().to_owned())
}

#[test]
fn doctor_looks_at_everything_and_says_what_to_do() {
    let company = small();
    let doctor = company.berika(&["doctor", "--json"]).with_code(0);
    assert!(doctor.json().as_array().unwrap().iter().all(|check| check["ok"] == true), "{}", doctor.out);
    assert_eq!(found(&doctor, "taxonomy").1, "13 categories, 8 of them leaves");
    assert!(found(&doctor, "supplier alfa").1.contains("3 products"));
    for what in ["network", "model", "store", "endpoint shop"] {
        assert!(found(&doctor, what).0);
    }
    assert_eq!(company.shop.count(), 0);
    company.store(async |store| assert!(store.runs(1).await.unwrap().is_empty()));

    company.suppliers.always("/alfa.csv", berika_testkit::Behaviour::Status(404));
    let beta = company.csv_supplier("beta");
    company.feed("beta.csv", "sku,titel\n1,Tea\n");
    let unset = endpoint("till", &company.shop.url(), "").replace("SHOP_SECRET", "NO_SUCH_VARIABLE");
    company.configure(&[company.csv_supplier("alfa"), beta], &[unset], ACCEPT_ALL);
    let doctor = company.berika(&["doctor", "--json"]).with_code(1);
    let bad = |what: &str, part: &str| {
        let (ok, finding) = found(&doctor, what);
        assert!(!ok && finding.contains(part), "{what}: {finding}");
    };
    bad("supplier alfa", "404");
    bad("supplier beta", "\"titel\"");
    bad("endpoint till", "NO_SUCH_VARIABLE is not set");
    let text = company.berika(&["doctor"]).with_code(1);
    assert!(text.out.contains("FAIL  supplier alfa") && text.out.contains("ok    taxonomy"), "{}", text.out);
}

#[test]
fn a_model_folder_with_a_missing_or_an_altered_file_is_named() {
    let company = small();
    let models = linked_models(&company);
    let with_models = |arguments: &[&str]| {
        Done::of(&company.command(arguments).env("BERIKA_MODELS", &models).output().unwrap())
    };
    assert!(found(&with_models(&["doctor", "--json"]).with_code(0), "model").0);

    let tokenizer = models.join(MODEL).join("tokenizer.json");
    let real = std::fs::read_link(&tokenizer).unwrap();
    std::fs::remove_file(&tokenizer).unwrap();
    let (ok, finding) = found(&with_models(&["doctor", "--json"]).with_code(1), "model");
    assert!(!ok && finding.contains("tokenizer.json") && finding.contains("berika model fetch"), "{finding}");
    let run = with_models(&["run", "--json"]).with_code(2);
    let problems = run.problems();
    assert!(problems.contains("tokenizer.json") && problems.contains("berika model fetch"), "{problems}");
    assert_eq!(run.supplier("alfa")["outcome"]["counts"]["stored"], 3, "what needs no model goes on");
    assert_eq!(company.shop.count(), 0);

    // The same size, one byte another: only the checksum tells.
    let mut bytes = std::fs::read(&real).unwrap();
    let at = bytes.len() / 2;
    bytes[at] ^= 1;
    std::fs::write(&tokenizer, bytes).unwrap();
    let (ok, finding) = found(&with_models(&["doctor", "--json"]).with_code(1), "model");
    assert!(!ok && finding.contains("tokenizer.json"), "{finding}");

    // What the run without a model took in is carried on by the next.
    company.run().with_code(0);
    assert_eq!(company.shop.accepted_ids().len(), 3);
}

#[test]
fn two_runs_at_a_time_are_one_too_many() {
    let company = small();
    company.suppliers.always("/alfa.csv", berika_testkit::Behaviour::Hang);
    let mut first = company.command(&["run"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    wait_until(|| {
        assert!(first.try_wait().unwrap().is_none());
        !company.suppliers.requests().is_empty()
    });
    for arguments in [&["run"][..], &["supplier", "accept", "alfa"], &["decide", "import", "none.csv"]] {
        let second = company.berika(arguments).with_code(1);
        assert!(second.err.contains("another berika process works on"), "{}", second.err);
    }
    // To look is allowed.
    company.berika(&["deliveries", "list"]).with_code(0);
    let doctor = company.berika(&["doctor", "--json"]).with_code(1);
    assert!(found(&doctor, "store").1.contains("another berika process"));
    first.kill().unwrap();
    first.wait().unwrap();
    company.suppliers.normal("/alfa.csv");
    company.run().with_code(0);
}

#[test]
fn a_database_locked_by_another_program_is_named_and_nothing_is_lost() {
    let company = small();
    company.run().with_code(0);
    company.feed("alfa.csv", csv(&rows()[..4]));
    let script = "import sqlite3, sys\nc = sqlite3.connect(sys.argv[1], isolation_level=None)\n\
                  c.execute('BEGIN IMMEDIATE')\nprint('held', flush=True)\nsys.stdin.read()\n";
    let mut browser = Command::new("python3");
    browser.args(["-c", script]).arg(company.path("data/berika.sqlite"));
    let mut browser = match browser.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn() {
        Ok(browser) => browser,
        Err(error) => return skip(&format!("no python3 to hold SQLite's lock: {error}")),
    };
    let mut said = String::new();
    BufReader::new(browser.stdout.take().unwrap()).read_line(&mut said).unwrap();
    assert_eq!(said, "held\n");
    let run = company.berika(&["run"]).with_code(1);
    assert!(run.err.contains("locked by another program"), "{}", run.err);
    drop(browser.stdin.take());
    browser.wait().unwrap();
    let done = company.run().with_code(0);
    assert_eq!(done.supplier("alfa")["outcome"]["counts"]["new"], 1);
}

#[test]
fn a_full_disk_is_named_and_the_next_run_goes_on() {
    let company = small();
    let many: Vec<_> = (0..20)
        .flat_map(|copy| {
            rows()
                .into_iter()
                .map(move |row| crate::assortment::Row { sku: format!("{}-{copy}", row.sku), ..row })
        })
        .collect();
    company.feed("alfa.csv", csv(&many));
    std::fs::create_dir(company.path("data")).unwrap();
    // In a mount namespace of its own: nobody else sees this disk, and it goes with the shell.
    let script = "set -e\nmount -t tmpfs -o size=1500k none \"$1\"\necho mounted\nshift\n\
                  set +e; \"$@\" >&2; echo \"code $?\"; set -e\n\
                  mount -o remount,size=64m none \"$0\"\n\"$@\" >&2; echo \"code $?\"\n";
    let data = company.path("data");
    let run = company.command(&["run"]);
    let mut shell = Command::new("unshare");
    shell.args(["--mount", "--map-root-user", "sh", "-c", script]).arg(&data).arg(&data);
    shell.arg(run.get_program()).args(run.get_args());
    for (name, value) in run.get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    let output = match shell.output() {
        Ok(output) => Done::of(&output),
        Err(error) => return skip(&format!("no unshare to mount a small disk with: {error}")),
    };
    if !output.out.starts_with("mounted") {
        return skip(&format!("no small disk can be mounted here: {}", output.err));
    }
    assert_eq!(output.out, "mounted\ncode 1\ncode 0\n", "{}", output.err);
    assert!(output.err.contains("the disk that holds the store is full"), "{}", output.err);
    assert_eq!(company.shop.accepted_ids().len(), many.len());
    assert_eq!(crate::support::events(&company.shop.received()).len(), many.len());
}

#[test]
fn a_store_of_a_newer_schema_is_left_alone() {
    let company = small();
    company.run().with_code(0);
    let path = company.path("data/berika.sqlite");
    let known = std::fs::read(&path).unwrap()[60..64].try_into().map(u32::from_be_bytes).unwrap();
    set_schema_version(&path, 99);
    let before = std::fs::read(&path).unwrap();
    for arguments in [&["run"][..], &["deliveries", "list"], &["explain", "alfa/P00"], &["doctor"]] {
        let done = company.berika(arguments).with_code(1);
        let said = format!("{}{}", done.out, done.err);
        assert!(said.contains("schema version 99") && said.contains("newer berika"), "{arguments:?}: {said}");
    }
    assert_eq!(std::fs::read(&path).unwrap(), before);
    set_schema_version(&path, known);
    company.run().with_code(0);
}

#[test]
fn a_file_that_is_no_store_is_left_alone() {
    let company = small();
    std::fs::create_dir(company.path("data")).unwrap();
    let path = company.path("data/berika.sqlite");
    std::fs::write(&path, "a shopping list: milk, bread, screws").unwrap();
    for arguments in [&["run"][..], &["deliveries", "list"]] {
        let error = company.berika(arguments).with_code(1).err;
        assert!(error.contains("berika.sqlite") && error.contains("berika store"), "{arguments:?}: {error}");
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "a shopping list: milk, bread, screws");
}

#[test]
fn a_taxonomy_that_cannot_be_read_is_named() {
    let company = small();
    let path = company.path("taxonomy.jsonl");
    let good = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, good.replace("\"parent\":\"pets\"", "\"parent\":\"pests\"")).unwrap();
    let error = company.berika(&["run"]).with_code(1).err;
    assert!(error.contains("taxonomy.jsonl") && error.contains("pests"), "{error}");
    std::fs::remove_file(&path).unwrap();
    let error = company.berika(&["run"]).with_code(1).err;
    assert!(error.contains("taxonomy.jsonl"), "{error}");
    assert_eq!(company.shop.count(), 0);
}

/// `PRAGMA user_version`: four bytes, big-endian, at offset 60 of a SQLite file.
fn set_schema_version(path: &Path, version: u32) {
    use std::io::{Seek as _, SeekFrom};
    let mut file = std::fs::File::options().write(true).open(path).unwrap();
    file.seek(SeekFrom::Start(60)).unwrap();
    file.write_all(&version.to_be_bytes()).unwrap();
}

#[test]
fn a_slip_in_the_configuration_is_named_with_its_line_and_the_nearest_key() {
    let company = small();
    let text = std::fs::read_to_string(company.config()).unwrap();
    let refused = |from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        std::fs::write(company.config(), text.replacen(from, to, 1)).unwrap();
        company.berika(&["run"]).with_code(1).err
    };
    let error = refused("[policy]", "[polisy]");
    let line = 1 + text.lines().position(|line| line == "[policy]").unwrap();
    assert!(error.contains("berika.toml") && error.contains(&format!("line {line}")), "{error}");
    assert!(error.contains("did you mean `policy`?"), "{error}");
    let error = refused("delivery = \"full\"", "delivery = \"full\"\nretire_aftr = 2");
    assert!(error.contains("did you mean `retire_after`?"), "{error}");
    let error = refused("sku = \"sku\"", "skuu = \"sku\"");
    assert!(error.contains("did you mean `sku`?"), "{error}");
    let error = refused("type = \"csv\"", "type = \"cvs\"");
    assert!(error.contains("did you mean `csv`?"), "{error}");
    std::fs::write(company.config(), &text).unwrap();
    let output = company.command(&["run"]).env("BERIKA__MODLE__ID", "x").output().unwrap();
    let error = Done::of(&output).with_code(1).err;
    assert!(error.contains("BERIKA__MODLE__ID") && error.contains("did you mean `model`?"), "{error}");
    assert!(!company.path("data").exists(), "nothing was begun");
    std::fs::remove_file(company.config()).unwrap();
    let error = company.berika(&["run"]).with_code(1).err;
    assert!(error.contains("berika.example.toml"), "{error}");
}

/// Says why a test looked at nothing.
#[expect(clippy::print_stderr, reason = "what a machine lacks is skipped visibly")]
fn skip(why: &str) {
    eprintln!("skipped: {why}");
}
