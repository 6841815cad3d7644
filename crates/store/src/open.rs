//! Opening: the file lock, the connections, the schema.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
    SqliteSynchronous,
};
use sqlx::{Connection, Sqlite, Transaction};

use crate::StoreError;

/// What the store is opened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// To look: any number of processes at a time.
    Read,
    /// To work: one process at a time. The lock is the system's, so a killed process leaves none behind.
    Work,
}

/// The store: one SQLite file beside its lock file.
#[derive(Debug, Clone)]
pub struct Store {
    /// One connection: SQLite has one writer, and queueing here is fairer than its busy handler.
    writer: SqlitePool,
    readers: SqlitePool,
    path: PathBuf,
    /// Held open for as long as the store is in use for work.
    _lock: Option<std::sync::Arc<File>>,
}

const MIGRATIONS: [&str; 9] = [
    include_str!("../migrations/0001_foundation.sql"),
    include_str!("../migrations/0002_contracts.sql"),
    include_str!("../migrations/0003_precision.sql"),
    include_str!("../migrations/0004_due_order.sql"),
    include_str!("../migrations/0005_promise.sql"),
    include_str!("../migrations/0006_review.sql"),
    include_str!("../migrations/0007_training.sql"),
    include_str!("../migrations/0008_descriptions.sql"),
    include_str!("../migrations/0009_plans_and_edits.sql"),
];

impl Store {
    /// Opens the store at `path`. For work, makes it (and its folder) where it does not exist, and brings its schema
    /// up to date.
    ///
    /// # Errors
    /// [`StoreError::InUse`] where another process works on it, [`StoreError::Absent`] where there is nothing to
    /// read, [`StoreError::TooNew`], and whatever SQLite says.
    pub async fn open(path: &Path, access: Access) -> Result<Self, StoreError> {
        let lock = match access {
            Access::Work => Some(std::sync::Arc::new(lock(path)?)),
            Access::Read if !path.exists() => return Err(StoreError::Absent(path.to_owned())),
            Access::Read => None,
        };
        let cannot_open = |source| StoreError::Open { path: path.to_owned(), source };
        let options = SqliteConnectOptions::from_str("sqlite:").map_err(cannot_open)?;
        let options = options
            .filename(path)
            .create_if_missing(access == Access::Work)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(5))
            .pragma("cache_size", "-32768")
            .pragma("temp_store", "MEMORY");
        if access == Access::Work {
            let mut connection = SqliteConnection::connect_with(&options).await.map_err(cannot_open)?;
            migrate(&mut connection).await?;
            connection.close().await.map_err(cannot_open)?;
        }
        let pool = |most| SqlitePoolOptions::new().max_connections(most).idle_timeout(None);
        let writer = pool(1).connect_with(options.clone()).await.map_err(cannot_open)?;
        if access == Access::Read {
            let mut connection = writer.acquire().await.map_err(cannot_open)?;
            let (found, known) = (schema_version(&mut connection).await?, MIGRATIONS.len() as i64);
            if found < known {
                return Err(StoreError::TooOld { found, known });
            }
        }
        let readers = pool(4).connect_with(options.read_only(true)).await.map_err(cannot_open)?;
        Ok(Self { writer, readers, path: path.to_owned(), _lock: lock })
    }

    /// The database file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Ends all connections, so that the write-ahead log is folded into the file.
    pub async fn close(self) {
        self.readers.close().await;
        self.writer.close().await;
    }

    /// Whether a process works on the store at this moment. Looks at its lock, and so could turn away one that begins in the
    /// same instant: only for a person who asks.
    pub fn is_worked_on(&self) -> bool {
        let Ok(file) = File::open(lock_file(&self.path)) else { return false };
        // Given back as the file is closed.
        matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock))
    }

    pub(crate) fn readers(&self) -> &SqlitePool {
        &self.readers
    }

    /// Begins a write: at once exclusive, so that what is read within it still holds when it is written.
    pub(crate) async fn write(
        &self,
        doing: &'static str,
    ) -> Result<Transaction<'static, Sqlite>, StoreError> {
        self.writer.begin_with("BEGIN IMMEDIATE").await.map_err(StoreError::statement(doing))
    }
}

/// Ends a write.
pub(crate) async fn commit(
    write: Transaction<'static, Sqlite>,
    doing: &'static str,
) -> Result<(), StoreError> {
    write.commit().await.map_err(StoreError::statement(doing))
}

fn lock_file(store: &Path) -> PathBuf {
    let mut path = store.as_os_str().to_owned();
    path.push(".lock");
    PathBuf::from(path)
}

fn lock(store: &Path) -> Result<File, StoreError> {
    let path = lock_file(store);
    let failed = |source| StoreError::Lock { path: path.clone(), source };
    if let Some(folder) = store.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::InUse(store.to_owned())),
        Err(TryLockError::Error(source)) => Err(StoreError::Lock { path, source }),
    }
}

/// The version of the store's schema; refuses one that this program does not know.
async fn schema_version(connection: &mut SqliteConnection) -> Result<i64, StoreError> {
    let doing = "reading its schema's version";
    let (found,): (i64,) = sqlx::query_as("PRAGMA user_version")
        .fetch_one(connection)
        .await
        .map_err(StoreError::statement(doing))?;
    let known = MIGRATIONS.len() as i64;
    if found > known { Err(StoreError::TooNew { found, known }) } else { Ok(found) }
}

async fn migrate(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    let failed = || StoreError::statement("bringing its schema up to date");
    let found = schema_version(connection).await?;
    for (version, migration) in (1i64..).zip(MIGRATIONS).skip(found.max(0) as usize) {
        let mut write = connection.begin_with("BEGIN IMMEDIATE").await.map_err(failed())?;
        sqlx::raw_sql(migration).execute(&mut *write).await.map_err(failed())?;
        let set_version = sqlx::AssertSqlSafe(format!("PRAGMA user_version = {version}"));
        sqlx::raw_sql(set_version).execute(&mut *write).await.map_err(failed())?;
        write.commit().await.map_err(failed())?;
    }
    Ok(())
}
