//! A company's installation in a temporary folder: configuration, feeds behind a supplier server, a shop that receives
//! webhooks, and the `berika` binary run on it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

use berika_catalog::{Clock as _, Digest, ProductKey, SystemClock};
use berika_store::{Access, Store};
use berika_testkit::{Received, ReceiverOptions, SupplierServer, WebhookReceiver};
use serde_json::Value;

use crate::assortment::{CSV_FIELDS, taxonomy};

/// The signing secret of every endpoint, in the variable `SHOP_SECRET`.
pub(crate) const SECRET: &str = "whsec_c2lnbmVkLWJ5LXRoZS10ZXN0cy1vbi1sb29wYmFjaw==";

/// Everything is accepted, however unsure.
pub(crate) const ACCEPT_ALL: &str = "[policy]\nwithout_evidence = { accept_above = 0.0 }\n";

/// An installation.
pub(crate) struct Company {
    folder: tempfile::TempDir,
    pub(crate) suppliers: SupplierServer,
    pub(crate) shop: WebhookReceiver,
}

impl Company {
    /// Folders, taxonomy and servers; the configuration is written by [`Company::configure`].
    pub(crate) fn new() -> Self {
        ensure_model();
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("feeds")).unwrap();
        std::fs::write(folder.path().join("taxonomy.jsonl"), taxonomy()).unwrap();
        let suppliers = SupplierServer::start(folder.path().join("feeds")).unwrap();
        Self { folder, suppliers, shop: receiver() }
    }

    /// One CSV supplier `alfa` with these contents, one endpoint `shop`, everything accepted.
    pub(crate) fn with_feed(content: &str) -> Self {
        let company = Self::new();
        company.feed("alfa.csv", content);
        let alfa = company.csv_supplier("alfa");
        company.configure(&[alfa], &[endpoint("shop", &company.shop.url(), "")], ACCEPT_ALL);
        company
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn config(&self) -> PathBuf {
        self.path("berika.toml")
    }

    /// Puts a feed behind the supplier server.
    pub(crate) fn feed(&self, name: &str, content: impl AsRef<[u8]>) {
        std::fs::write(self.path("feeds").join(name), content).unwrap();
    }

    /// A full CSV supplier whose feed is `ID.csv`.
    pub(crate) fn csv_supplier(&self, id: &str) -> String {
        supplier(id, "full", &self.suppliers.url(&format!("/{id}.csv")), "type = \"csv\"", CSV_FIELDS, "")
    }

    /// Writes `berika.toml`: the head, then suppliers and endpoints as [`supplier`] and [`endpoint`] make them.
    pub(crate) fn configure(&self, suppliers: &[String], endpoints: &[String], more: &str) {
        let text = format!(
            "[store]\npath = \"data/berika.sqlite\"\n[taxonomy]\npath = \"taxonomy.jsonl\"\n\
             [[markets]]\nlanguage = \"en\"\ncountry = \"IE\"\ncurrency = \"EUR\"\n\
             [[markets]]\nlanguage = \"sv\"\ncountry = \"SE\"\ncurrency = \"SEK\"\n\
             [network]\nallow = [\"127.0.0.0/8\"]\n{more}\n{}\n{}\n",
            suppliers.concat(),
            endpoints.concat()
        );
        std::fs::write(self.config(), text).unwrap();
    }

    /// The command, not started yet.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        berika(&self.config(), arguments)
    }

    /// Runs the command to its end.
    pub(crate) fn berika(&self, arguments: &[&str]) -> Done {
        Done::of(&self.command(arguments).output().unwrap())
    }

    /// `berika run --json`.
    pub(crate) fn run(&self) -> Done {
        self.berika(&["run", "--json"])
    }

    /// What is published, product by product.
    pub(crate) fn digest(&self) -> Digest {
        self.store(async |store| store.published_digest().await.unwrap())
    }

    /// A product's published version and document; `None` where it is not published.
    pub(crate) fn published(&self, key: &str) -> Option<(i64, Value)> {
        let key = ProductKey::parse(key).unwrap();
        self.store(async |store| {
            let product = store.product(&key).await.unwrap()?;
            let (version, document) = store.published(product.id).await.unwrap()?;
            Some((version, document.nested()))
        })
    }

    /// Looks into the store.
    pub(crate) fn store<T>(&self, look: impl AsyncFnOnce(&Store) -> T) -> T {
        let path = self.path("data/berika.sqlite");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let store = Store::open(&path, Access::Read).await.unwrap();
            let seen = look(&store).await;
            store.close().await;
            seen
        })
    }
}

/// A receiver that knows [`SECRET`].
pub(crate) fn receiver() -> WebhookReceiver {
    WebhookReceiver::start(ReceiverOptions::new(SECRET, || SystemClock.now().as_second())).unwrap()
}

/// `berika` on a configuration, with the secret in its environment and nothing else of ours.
pub(crate) fn berika(config: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_berika"));
    command.args(arguments).arg("--config").arg(config);
    command.env_remove("BERIKA_CONFIG").env_remove("BERIKA_LOG").env("SHOP_SECRET", SECRET);
    command.stdin(Stdio::null());
    command
}

/// A `[[suppliers]]` section. `more` are further keys of the supplier itself, `source` may hold a line break and keys
/// of the source.
pub(crate) fn supplier(id: &str, kind: &str, url: &str, format: &str, fields: &str, more: &str) -> String {
    format!(
        "\n[[suppliers]]\nid = \"{id}\"\ndelivery = \"{kind}\"\nlanguage = \"en\"\ncurrency = \"EUR\"\n{more}\n\
         [suppliers.source]\nurl = \"{url}\"\ntimeout_seconds = 20\n[suppliers.format]\n{format}\n\
         [suppliers.fields]\n{fields}\n"
    )
}

/// An `[[endpoints]]` section.
pub(crate) fn endpoint(id: &str, url: &str, more: &str) -> String {
    format!("\n[[endpoints]]\nid = \"{id}\"\nurl = \"{url}\"\nsecret_env = \"SHOP_SECRET\"\n{more}\n")
}

/// An address on loopback at which nobody listens.
pub(crate) fn closed_port() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}/", listener.local_addr().unwrap())
}

/// Looks again and again until it is so, for half a minute at most.
#[track_caller]
pub(crate) fn wait_until(mut so: impl FnMut() -> bool) {
    const LOOK: Duration = Duration::from_millis(5);
    let looks = Duration::from_secs(30).as_millis() / LOOK.as_millis();
    for _ in 0..looks {
        if so() {
            return;
        }
        std::thread::sleep(LOOK);
    }
    panic!("it did not come to this within half a minute");
}

/// Fetches the model where it is not on this machine, once.
pub(crate) fn ensure_model() {
    static MODEL: OnceLock<()> = OnceLock::new();
    MODEL.get_or_init(|| {
        let cache = berika_models::default_cache_dir().expect("a folder for models");
        let options = berika_models::Options::default();
        berika_models::ensure("all-MiniLM-L6-v2", &cache, &(), &options).expect("the model");
    });
}

/// How a command ended.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Done {
    pub(crate) fn of(output: &Output) -> Self {
        Self {
            code: output.status.code(),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// The same, where it ended with this code.
    #[track_caller]
    pub(crate) fn with_code(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{}\n{}", self.out, self.err);
        self
    }

    /// The JSON document on standard output.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}\n{}", self.out, self.err))
    }

    /// What a run's report says of a supplier.
    #[track_caller]
    pub(crate) fn supplier(&self, id: &str) -> Value {
        let report = self.json();
        let suppliers = report["suppliers"].as_array().unwrap();
        suppliers.iter().find(|s| s["id"] == id).unwrap_or_else(|| panic!("no {id} in {report}")).clone()
    }

    /// What a run's report says of an endpoint.
    #[track_caller]
    pub(crate) fn endpoint(&self, id: &str) -> Value {
        let report = self.json();
        let endpoints = report["endpoints"].as_array().unwrap();
        endpoints
            .iter()
            .find(|e| e["endpoint"] == id)
            .unwrap_or_else(|| panic!("no {id} in {report}"))
            .clone()
    }

    /// How many items a stage worked on.
    #[track_caller]
    pub(crate) fn items(&self, stage: &str) -> u64 {
        let report = self.json();
        let stages = report["stages"].as_array().unwrap();
        stages.iter().find(|s| s["stage"] == stage).unwrap()["items"].as_u64().unwrap()
    }

    /// The sentences about what is left to do, on one another.
    #[track_caller]
    pub(crate) fn problems(&self) -> String {
        let report = self.json();
        report["problems"].as_array().unwrap().iter().map(|p| format!("{}\n", p.as_str().unwrap())).collect()
    }
}

/// The event in a request: its type, product (`supplier/sku`), version and whole data.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Event {
    pub(crate) id: String,
    pub(crate) kind: String,
    pub(crate) product: String,
    pub(crate) version: i64,
    pub(crate) data: Value,
}

impl Event {
    pub(crate) fn of(received: &Received) -> Self {
        let body = received.body();
        let data = body["data"].clone();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        Self {
            id: received.id.clone(),
            kind: text(&body["type"]),
            product: format!("{}/{}", text(&data["product"]["supplier"]), text(&data["product"]["sku"])),
            version: data["product"]["version"].as_i64().unwrap(),
            data,
        }
    }
}

/// The events that a receiver got, each once, by product and version. Checks what holds whatever happened: every
/// request is signed, an id has one body, and a version of a product one id.
#[track_caller]
pub(crate) fn events(received: &[Received]) -> BTreeMap<(String, i64), Event> {
    let mut events = BTreeMap::new();
    let mut bodies: BTreeMap<&str, &str> = BTreeMap::new();
    for request in received {
        assert!(request.verified, "{:?}", request.reason);
        let first = bodies.entry(&request.id).or_insert(&request.raw);
        assert_eq!(*first, request.raw, "id {} came with two bodies", request.id);
        let event = Event::of(request);
        let known = events.entry((event.product.clone(), event.version)).or_insert_with(|| event.clone());
        assert_eq!(known.id, event.id, "{} version {} came under two ids", event.product, event.version);
    }
    events
}
