//! Files from the Hugging Face Hub, or from whatever `HF_ENDPOINT` names in its place.
//!
//! hf-hub does the requests, but has no time-outs: a first request of our own finds out within seconds whether anything
//! answers, and a download that stands still is given up. An interrupted download is gone on with where it stopped, in
//! this call or in a later one.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use hf_hub::api::sync::{Api, ApiBuilder};
use hf_hub::{Repo, RepoType};

use crate::fetch::Options;
use crate::manifest::{Entry, ModelFile};
use crate::place::Gathering;
use crate::progress::Progress;

/// Fetches every file of the model into the gathering. `aside` keeps what is half done.
pub(crate) fn gather(
    entry: &Entry,
    aside: &Path,
    options: &Options,
    progress: &dyn Progress,
    gathering: &mut Gathering<'_>,
) -> Result<(), String> {
    let store = aside.join("hub");
    fs::create_dir_all(&store).map_err(|error| error.to_string())?;
    let revision = entry.revision.clone().unwrap_or_else(|| "main".to_owned());
    let repo = Repo::with_revision(entry.repository.clone(), RepoType::Model, revision);
    let api = api(&store, options)?;
    let probe = api.repo(repo.clone()).url(&entry.files[0].path);
    reach(&probe, options)?;
    progress.begin(&host(&probe), entry.total_size());
    let mut done = 0;
    for file in &entry.files {
        let mut attempt = 0;
        let path = loop {
            drop_parts(&store, |size| file.size == Some(size));
            match download(&api, &repo, file, options, &mut |bytes| progress.position(done + bytes)) {
                Ok(path) => break path,
                Err(Failure::Final(reason)) => return Err(reason),
                Err(Failure::Spoilt) => {
                    drop_parts(&store, |_| true);
                    if attempt == options.retries {
                        return Err(format!("what was here of `{}` could not be gone on with", file.path));
                    }
                    attempt += 1;
                }
                Err(Failure::MayPass(reason)) if attempt == options.retries => return Err(reason),
                Err(Failure::MayPass(reason)) => {
                    attempt += 1;
                    progress.note(&format!("{reason}; trying again ({attempt} of {})", options.retries));
                    std::thread::sleep(options.retry_wait * attempt);
                }
            }
        };
        if let Some(commit) = path.strip_prefix(&store).ok().and_then(commit_of) {
            gathering.set_revision(commit);
        }
        let blob = fs::canonicalize(&path).map_err(|error| error.to_string())?;
        let taken = gathering.take_file(file, &blob);
        if taken.is_err() {
            // What is wrong must not be gone on with.
            fs::remove_file(&blob).ok();
        }
        fs::remove_file(&path).ok();
        done += taken?;
        progress.position(done);
    }
    fs::remove_dir_all(&store).ok();
    Ok(())
}

fn api(store: &Path, options: &Options) -> Result<Api, String> {
    // Looks for the user's home and token, and panics where there is no home.
    let builder =
        std::panic::catch_unwind(ApiBuilder::from_env).map_err(|_| "there is no home folder".to_owned())?;
    let builder = builder.with_cache_dir(store.to_owned()).with_progress(false).with_retries(0);
    let builder = match &options.endpoint {
        Some(endpoint) => builder.with_endpoint(endpoint.trim_end_matches('/').to_owned()),
        None => builder,
    };
    builder.build().map_err(|error| error.to_string())
}

/// Whether anything answers there, within the time-outs. Any answer will do.
fn reach(url: &str, options: &Options) -> Result<(), String> {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_resolve(Some(options.connect_timeout))
        .timeout_connect(Some(options.connect_timeout))
        .timeout_global(Some(options.connect_timeout + options.stall_timeout))
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        .build()
        .into();
    match agent.get(url).header("Range", "bytes=0-0").call() {
        Ok(_) => Ok(()),
        Err(error) => Err(format!("{} cannot be reached: {error}", host(url))),
    }
}

enum Failure {
    /// Another attempt may go on where this one stopped.
    MayPass(String),
    /// The half download that is here is of no use.
    Spoilt,
    /// It will be the same next time.
    Final(String),
}

/// What the thread that downloads says.
enum Word {
    Bytes(u64),
    End(Result<PathBuf, Failure>),
}

struct Reporter {
    words: mpsc::Sender<Word>,
    bytes: u64,
}

impl hf_hub::api::Progress for Reporter {
    fn init(&mut self, _size: usize, _filename: &str) {
        self.bytes = 0;
    }

    fn update(&mut self, size: usize) {
        self.bytes += size as u64;
        // Nobody listens any more once the download was given up.
        self.words.send(Word::Bytes(self.bytes)).ok();
    }

    fn finish(&mut self) {}
}

fn download(
    api: &Api,
    repo: &Repo,
    file: &ModelFile,
    options: &Options,
    position: &mut dyn FnMut(u64),
) -> Result<PathBuf, Failure> {
    let (words, heard) = mpsc::channel();
    let (repo, path) = (api.repo(repo.clone()), file.path.clone());
    let spawned = std::thread::Builder::new().name("model download".to_owned()).spawn(move || {
        let reporter = Reporter { words: words.clone(), bytes: 0 };
        let end = repo.download_with_progress(&path, reporter).map_err(|error| explain(&path, &error));
        words.send(Word::End(end)).ok();
    });
    spawned.map_err(|error| Failure::Final(error.to_string()))?;
    loop {
        match heard.recv_timeout(options.stall_timeout) {
            Ok(Word::Bytes(bytes)) => position(bytes),
            Ok(Word::End(end)) => return end,
            // The thread is left behind: hf-hub has no way to stop it, and its lock keeps others off the file.
            Err(RecvTimeoutError::Timeout) => {
                let reason =
                    format!("`{}` stood still for {} s", file.path, options.stall_timeout.as_secs_f32());
                return Err(Failure::Final(reason));
            }
            Err(RecvTimeoutError::Disconnected) => {
                return Err(Failure::Final(format!("the answer for `{}` was not understood", file.path)));
            }
        }
    }
}

fn explain(path: &str, error: &hf_hub::api::sync::ApiError) -> Failure {
    use hf_hub::api::sync::ApiError;
    match error {
        ApiError::InvalidResume => Failure::Spoilt,
        ApiError::RequestError(source) if matches!(**source, ureq::Error::StatusCode(416)) => Failure::Spoilt,
        ApiError::RequestError(source) => match **source {
            ureq::Error::StatusCode(status @ (401 | 403)) => Failure::Final(format!(
                "status {status} for `{path}`: the model asks for a token or is not yours to read"
            )),
            ureq::Error::StatusCode(404) => {
                Failure::Final(format!("status 404: `{path}` is not in the repository at this revision"))
            }
            ureq::Error::StatusCode(status) if status < 500 && status != 429 => {
                Failure::Final(format!("status {status} for `{path}`"))
            }
            ref source => Failure::MayPass(format!("`{path}` broke off: {source}")),
        },
        ApiError::IoError(source) => Failure::MayPass(format!("`{path}` broke off: {source}")),
        other => Failure::Final(format!("`{path}`: {other}")),
    }
}

/// Drops the half downloads of some sizes. One that has all its bytes but was not renamed before the program ended would
/// be asked for from its end on, which servers refuse.
fn drop_parts(store: &Path, of_size: impl Fn(u64) -> bool) {
    for repo in fs::read_dir(store).into_iter().flatten().flatten() {
        for blob in fs::read_dir(repo.path().join("blobs")).into_iter().flatten().flatten() {
            let path = blob.path();
            let part = path.extension().is_some_and(|end| end == "part");
            if part && blob.metadata().is_ok_and(|found| of_size(found.len())) {
                fs::remove_file(path).ok();
            }
        }
    }
}

/// The commit in `models--owner--name/snapshots/COMMIT/file`.
fn commit_of(path: &Path) -> Option<String> {
    Some(path.components().nth(2)?.as_os_str().to_str()?.to_owned())
}

fn host(url: &str) -> String {
    let after = url.split_once("://").map_or(url, |(_, after)| after);
    after.split(['/', '?']).next().unwrap_or_default().rsplit('@').next().unwrap_or_default().to_owned()
}

/// Waits between attempts grow by this.
pub(crate) const RETRY_WAIT: Duration = Duration::from_secs(1);
