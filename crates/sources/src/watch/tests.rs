use super::*;
use std::time::Duration;

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// Writes a file whose time is so many seconds after a fixed moment.
    fn put(&self, name: &str, seconds: u64) {
        let path = self.0.path().join(name);
        std::fs::write(&path, name).unwrap();
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000 + seconds);
        std::fs::File::options().write(true).open(path).unwrap().set_modified(time).unwrap();
    }

    fn watch(&self, ready: Ready) -> Watch {
        Watch {
            folder: self.0.path().to_owned(),
            pattern: "*.csv".to_owned(),
            ready,
            settle_seconds: 0,
            archive: None,
        }
    }

    async fn ready(&self, ready: Ready) -> Vec<String> {
        let files = ready_files(&self.watch(ready), Path::new("/")).await.unwrap();
        files.into_iter().map(|file| file.name).collect()
    }
}

#[tokio::test]
async fn files_that_fit_come_oldest_first() {
    let folder = Folder::new();
    for (name, seconds) in
        [("b.csv", 2), ("a.csv", 3), ("d.csv", 1), ("c.csv", 1), ("a.txt", 0), (".csv.tmp", 0)]
    {
        folder.put(name, seconds);
    }
    std::fs::create_dir(folder.0.path().join("folder.csv")).unwrap();
    assert_eq!(folder.ready(Ready::Stable).await, ["c.csv", "d.csv", "b.csv", "a.csv"]);
    assert!(Folder::new().ready(Ready::Stable).await.is_empty());
}

#[cfg(unix)]
#[tokio::test]
async fn a_link_is_no_delivery() {
    let folder = Folder::new();
    std::os::unix::fs::symlink("/etc/hostname", folder.0.path().join("link.csv")).unwrap();
    assert!(folder.ready(Ready::Stable).await.is_empty());
}

#[tokio::test]
async fn a_file_that_still_changes_is_left_for_the_next_run() {
    let folder = Folder::new();
    folder.put("done.csv", 1);
    folder.put("growing.csv", 2);
    let watch = Watch { settle_seconds: 1, ..folder.watch(Ready::Stable) };
    let (files, ()) = tokio::join!(ready_files(&watch, Path::new("/")), async {
        tokio::task::yield_now().await;
        folder.put("growing.csv", 3);
        folder.put("late.csv", 0);
    });
    let names: Vec<_> = files.unwrap().into_iter().map(|file| file.name).collect();
    assert_eq!(names, ["done.csv"], "neither what changed nor what was not there at the first look");
}

#[tokio::test]
async fn a_done_file_speaks_for_the_file_that_was_there_before_it() {
    let folder = Folder::new();
    for name in ["both.csv", "stem.csv", "without.csv", "older.csv"] {
        folder.put(name, 10);
    }
    folder.put("both.csv.done", 10);
    folder.put("stem.done", 11);
    folder.put("older.csv.done", 9);
    assert_eq!(folder.ready(Ready::DoneFile).await, ["both.csv", "stem.csv"]);
}

#[tokio::test]
async fn a_folder_that_is_not_there_is_named() {
    let watch = Watch { folder: "absent".into(), ..Folder::new().watch(Ready::Stable) };
    let error = ready_files(&watch, Path::new("/no")).await.unwrap_err();
    assert!(berika_net::error_chain(&error).contains("/no/absent"), "{error}");
}

#[test]
fn what_was_taken_in_moves_with_its_done_file_and_overwrites_nothing() {
    let folder = Folder::new();
    let archive_folder = folder.0.path().join("archive/2026");
    for _ in 0..2 {
        folder.put("a.csv", 1);
        folder.put("a.csv.done", 1);
        archive(&folder.0.path().join("a.csv"), &archive_folder).unwrap();
        assert!(!folder.0.path().join("a.csv").exists() && !folder.0.path().join("a.csv.done").exists());
    }
    assert!(archive_folder.join("a.csv").exists() && archive_folder.join("a.csv.1").exists());
}
