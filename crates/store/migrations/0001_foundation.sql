-- All times are Unix milliseconds. All JSON is text. Hashes are 32 hexadecimal digits (catalog::Digest).

CREATE TABLE taxonomies (
    id          TEXT    NOT NULL,
    version     INTEGER NOT NULL,
    digest      TEXT    NOT NULL,
    categories  TEXT    NOT NULL,               -- JSON list of catalog::Category
    imported_at INTEGER NOT NULL,
    PRIMARY KEY (id, version)
) STRICT;

CREATE TABLE runs (
    id          TEXT    PRIMARY KEY,
    command     TEXT    NOT NULL,
    started_by  TEXT    NOT NULL,
    started_at  INTEGER NOT NULL,
    finished_at INTEGER,                        -- NULL while running, and for ever where the process was killed
    recipes     TEXT    NOT NULL,               -- JSON object: stage -> recipe
    counts      TEXT                            -- JSON object, set when finished
) STRICT;

-- What is known of a supplier's source: the validators of the last delivery taken in.
CREATE TABLE sources (
    supplier      TEXT PRIMARY KEY,
    etag          TEXT,
    last_modified TEXT,
    body_hash     TEXT,
    config_hash   TEXT,                         -- a changed mapping reads an unchanged file again
    held_hash     TEXT,                         -- the delivery that waits for a person
    held_reason   TEXT,
    held_products INTEGER,                      -- how many products it lists
    accepted_products INTEGER                   -- a person let deliveries through that list at least so many
) STRICT;

CREATE TABLE imports (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    supplier    TEXT    NOT NULL,
    run         TEXT    NOT NULL,
    kind        TEXT    NOT NULL,               -- full, delta
    file        TEXT    NOT NULL,
    body_hash   TEXT    NOT NULL,
    started_at  INTEGER NOT NULL,
    finished_at INTEGER,
    outcome     TEXT    NOT NULL,               -- running, complete, failed
    counts      TEXT                            -- JSON: rows read, stored, folded, reported
) STRICT;

-- Rows that were refused, and fields that were dropped from rows that were kept.
CREATE TABLE row_reports (
    import_id INTEGER NOT NULL REFERENCES imports (id),
    row       INTEGER NOT NULL,
    refused   INTEGER NOT NULL,                 -- 1: the whole row; 0: a field of it
    message   TEXT    NOT NULL
) STRICT;
CREATE INDEX row_reports_by_import ON row_reports (import_id);

CREATE TABLE products (
    id              INTEGER PRIMARY KEY,
    supplier        TEXT    NOT NULL,
    sku             TEXT    NOT NULL,
    state           TEXT    NOT NULL,           -- active, missing, retired
    missing_count   INTEGER NOT NULL DEFAULT 0, -- complete full deliveries without it
    supplier_values TEXT    NOT NULL,           -- JSON: the supplier's last word
    provenance      TEXT    NOT NULL,           -- JSON: field -> origin of the delivery that changed it
    edits           TEXT    NOT NULL DEFAULT '{}', -- JSON: field -> what a person set and what that replaced
    locked          INTEGER NOT NULL DEFAULT 0, -- 1: no machine may change its category or texts
    group_id        TEXT,                       -- ties variants that the supplier lists apart
    row_hash        TEXT    NOT NULL,           -- of the row as delivered: an equal row is not written again
    values_hash     TEXT    NOT NULL,           -- of the values that hold: what later stages compare with
    seen_import     INTEGER NOT NULL,
    decision        INTEGER REFERENCES decisions (id), -- the latest
    revision        INTEGER NOT NULL DEFAULT 1, -- rises whenever anything the public document is composed of changes
    created_at      INTEGER NOT NULL,
    changed_at      INTEGER NOT NULL,
    UNIQUE (supplier, sku)
) STRICT;
CREATE INDEX products_by_seen ON products (supplier, seen_import);
CREATE INDEX products_by_decision ON products (decision) WHERE decision IS NOT NULL;
CREATE INDEX products_by_group ON products (supplier, group_id) WHERE group_id IS NOT NULL;

-- Append-only: what people decided, and how each product came to be asked about.
CREATE TABLE decisions (
    id               INTEGER PRIMARY KEY AUTOINCREMENT,
    supplier         TEXT    NOT NULL,
    sku              TEXT    NOT NULL,
    category         TEXT,                      -- NULL: belongs to none of ours
    taxonomy         TEXT    NOT NULL,
    taxonomy_version INTEGER NOT NULL,
    decided_by       TEXT    NOT NULL,
    decided_at       INTEGER NOT NULL,
    run              TEXT,
    reason           TEXT,
    chosen_by        TEXT    NOT NULL,          -- import, random-audit, active-review, look-alike-group, machine
    digest           TEXT    NOT NULL UNIQUE    -- the same decision is logged once, however often it is imported
) STRICT;
CREATE INDEX decisions_by_product ON decisions (supplier, sku);
CREATE TRIGGER decisions_are_kept BEFORE DELETE ON decisions
BEGIN SELECT RAISE(ABORT, 'decisions are only appended'); END;
CREATE TRIGGER decisions_stay BEFORE UPDATE ON decisions
BEGIN SELECT RAISE(ABORT, 'decisions are only appended'); END;

CREATE TABLE texts (
    product       INTEGER PRIMARY KEY REFERENCES products (id),
    input_hash    TEXT NOT NULL,                -- products.values_hash it was composed from
    recipe        TEXT NOT NULL,
    text          TEXT NOT NULL,
    text_hash     TEXT NOT NULL,
    evidence_hash TEXT NOT NULL,                -- of all a category follows from
    facts_hash    TEXT NOT NULL                 -- of all a description follows from
) STRICT;
CREATE INDEX texts_by_hash ON texts (text_hash);

CREATE TABLE vectors (
    recipe    TEXT NOT NULL,
    text_hash TEXT NOT NULL,
    vector    BLOB NOT NULL,                    -- little-endian f32
    PRIMARY KEY (recipe, text_hash)
) STRICT, WITHOUT ROWID;

-- What products are centred by. Taken anew only when the catalogue has doubled, so that a classifier does not change
-- with every product.
CREATE TABLE product_means (
    recipe   TEXT    NOT NULL,                  -- of the vectors
    doubling INTEGER NOT NULL,                  -- how often one product had doubled when it was taken
    means    TEXT    NOT NULL,                  -- JSON of classify::ProductMeans
    taken_at INTEGER NOT NULL,
    PRIMARY KEY (recipe, doubling)
) STRICT;

-- Versions of the classifier. What it is follows from its recipe: decisions, means, stored vectors, taxonomy.
CREATE TABLE classifiers (
    version  INTEGER PRIMARY KEY AUTOINCREMENT,
    recipe   TEXT    NOT NULL UNIQUE,
    built_at INTEGER NOT NULL
) STRICT;

CREATE TABLE categorisations (
    product    INTEGER PRIMARY KEY REFERENCES products (id),
    input_hash TEXT    NOT NULL,                -- texts.evidence_hash it was computed from
    decision   INTEGER,                         -- products.decision it was computed from
    recipe     TEXT    NOT NULL,
    verdict    TEXT    NOT NULL,                -- accept, review, reject
    category   TEXT,
    confidence REAL    NOT NULL,
    candidates TEXT    NOT NULL,                -- JSON: the five best with their scores
    reasons    TEXT    NOT NULL,                -- JSON list of sentences
    run        TEXT    NOT NULL
) STRICT;
CREATE INDEX categorisations_open ON categorisations (recipe) WHERE verdict <> 'accept';

CREATE TABLE descriptions (
    product    INTEGER NOT NULL REFERENCES products (id),
    language   TEXT    NOT NULL,
    facts_hash TEXT    NOT NULL,                -- texts.facts_hash and
    category   TEXT,                            -- categorisations.category it was written from
    recipe     TEXT    NOT NULL,
    title      TEXT,                            -- NULL where nothing could be written, for this
    short      TEXT,
    reason     TEXT,                            -- reason
    sentences  TEXT    NOT NULL,                -- JSON: sentence and the fields it rests on
    run        TEXT    NOT NULL,
    PRIMARY KEY (product, language)
) STRICT, WITHOUT ROWID;

CREATE TABLE published (
    product      INTEGER PRIMARY KEY REFERENCES products (id),
    revision     INTEGER NOT NULL,              -- products.revision it was composed from
    version      INTEGER NOT NULL,              -- 0: looked at, not settled yet
    document     TEXT,                          -- JSON; NULL while version is 0
    published_at INTEGER NOT NULL
) STRICT;

CREATE TABLE endpoints (
    id              TEXT PRIMARY KEY,
    failing_since   INTEGER,
    disabled_at     INTEGER,
    disabled_reason TEXT
) STRICT;

CREATE TABLE outbox (
    id           TEXT    PRIMARY KEY,           -- the webhook-id
    endpoint     TEXT    NOT NULL,
    product      INTEGER NOT NULL REFERENCES products (id),
    type         TEXT    NOT NULL,
    version      INTEGER NOT NULL,
    state        TEXT    NOT NULL,              -- pending, delivered, dead
    frozen       INTEGER NOT NULL DEFAULT 0,
    attempts     INTEGER NOT NULL DEFAULT 0,
    replayed_at  INTEGER NOT NULL DEFAULT 0,    -- attempts made before the schedule last began anew
    due_at       INTEGER NOT NULL,
    created_at   INTEGER NOT NULL,
    finished_at  INTEGER,
    last_outcome TEXT,
    -- Last, because what lies behind large values is slow to reach.
    base         TEXT,                          -- the document that the receiver was told of; NULL: of none
    body         BLOB                           -- frozen at the first attempt; dropped when its time is over
) STRICT;
CREATE INDEX outbox_by_product ON outbox (product, endpoint, state);
CREATE INDEX outbox_by_state ON outbox (endpoint, state, due_at);
CREATE INDEX outbox_finished ON outbox (finished_at) WHERE state <> 'pending';

CREATE TABLE attempts (
    outbox_id   TEXT    NOT NULL REFERENCES outbox (id),
    number      INTEGER NOT NULL,
    started_at  INTEGER NOT NULL,
    duration_ms INTEGER NOT NULL,
    status      INTEGER,                        -- NULL: no answer
    outcome     TEXT    NOT NULL,
    answer      TEXT,                           -- the beginning of the response
    PRIMARY KEY (outbox_id, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX attempts_by_time ON attempts (started_at);
