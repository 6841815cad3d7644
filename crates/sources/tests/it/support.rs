//! A supplier on loopback and a source that may reach it.

use berika_net::{AddressPolicy, Client, RetryPolicy, error_chain};
use berika_sources::{Delivery, Got, SourceConfig, SourceError, Sources, Surroundings, Validators};
use berika_testkit::SupplierServer;
use std::time::Duration;
use tempfile::TempDir;

/// What every secret of these tests is: nothing that is shown may hold it.
pub(crate) const SECRET: &str = "s3cret-of-the-test";

/// The time of these tests.
pub(crate) const NOW: &str = "2026-11-22T01:02:03Z";

pub(crate) struct Supplier {
    pub(crate) server: SupplierServer,
    pub(crate) folder: TempDir,
    pub(crate) sources: Sources,
}

impl Supplier {
    pub(crate) fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let server = SupplierServer::start(folder.path()).unwrap();
        Self { server, folder, sources: sources(&["127.0.0.1"]) }
    }

    pub(crate) fn file(&self, name: &str, bytes: impl AsRef<[u8]>) {
        std::fs::write(self.folder.path().join(name), bytes).unwrap();
    }

    /// A source at a path of the server, with further keys.
    pub(crate) fn source(&self, path: &str, more: &str) -> SourceConfig {
        config(&format!("url = \"{}\"\n{more}", self.server.url(path)))
    }

    pub(crate) async fn get(&self, source: &SourceConfig) -> Result<Got, SourceError> {
        self.get_known(source, &Validators::default()).await
    }

    pub(crate) async fn get_known(
        &self,
        source: &SourceConfig,
        known: &Validators,
    ) -> Result<Got, SourceError> {
        get(&self.sources, source, known, self.folder.path()).await
    }

    /// What comes, as text.
    pub(crate) async fn text(&self, source: &SourceConfig) -> String {
        text(&delivery(self.get(source).await))
    }

    /// The error, as it is shown; it is one line and holds no secret.
    pub(crate) async fn error(&self, source: &SourceConfig) -> String {
        let error = self.get(source).await.unwrap_err();
        let shown = error_chain(&error);
        for shown in [&shown, &format!("{error:?}")] {
            assert!(!shown.contains(SECRET), "{shown}");
        }
        assert!(!shown.contains('\n'), "{shown}");
        shown
    }
}

pub(crate) fn sources(allowed: &[&str]) -> Sources {
    let client = Client::new(AddressPolicy::allowing(allowed).unwrap()).unwrap();
    let patience = RetryPolicy {
        tries: 4,
        first_pause: Duration::from_millis(1),
        longest_pause: Duration::from_secs(2),
    };
    Sources::new(client, patience)
}

pub(crate) async fn get(
    sources: &Sources,
    source: &SourceConfig,
    known: &Validators,
    folder: &std::path::Path,
) -> Result<Got, SourceError> {
    let around = Surroundings {
        folder,
        environment: &|name| match name {
            "SECRET" => Some(SECRET.to_owned()),
            "ACCESS" => Some("AKIAEXAMPLE".to_owned()),
            _ => None,
        },
        now: &|| NOW.parse().unwrap(),
        random: &|| 0.5,
    };
    sources.get(source, known, around).await
}

#[track_caller]
pub(crate) fn config(text: &str) -> SourceConfig {
    let source: SourceConfig = toml::from_str(text).unwrap();
    source.check().unwrap();
    source
}

#[track_caller]
pub(crate) fn delivery(got: Result<Got, SourceError>) -> Delivery {
    match got {
        Ok(Got::Delivery(delivery)) => *delivery,
        Ok(other) => panic!("{other:?}"),
        Err(error) => panic!("{}", error_chain(&error)),
    }
}

pub(crate) fn text(delivery: &Delivery) -> String {
    std::fs::read_to_string(&delivery.path).unwrap()
}
