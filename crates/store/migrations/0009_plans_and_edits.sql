-- Plans that were applied and what they replaced, changed taxonomies, edits that stay, products joined.

-- The store's name: a plan made on another store is refused.
CREATE TABLE identity (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    id       TEXT NOT NULL
) STRICT;

-- Each plan that was applied, in one run, however often that was stopped or killed in between.
CREATE TABLE applications (
    run         TEXT    PRIMARY KEY REFERENCES runs (id),
    plan        TEXT    NOT NULL UNIQUE,        -- the plan's id: a plan is applied once
    digest      TEXT    NOT NULL,               -- the plan's digest
    taxonomy    TEXT    NOT NULL,               -- whose categories it moves products between
    state       TEXT    NOT NULL,               -- applying, canary, applied, reverting, reverted
    moves       INTEGER NOT NULL,               -- moves of the whole plan
    reverted_by TEXT,                           -- the run that takes it back
    forgotten   INTEGER NOT NULL DEFAULT 0      -- 1: what it replaced is no longer kept
) STRICT;

-- What an application replaced, row by row and column by column as it was, so that a revert restores it exactly.
CREATE TABLE replaced_categorisations (
    run               TEXT    NOT NULL REFERENCES applications (run),
    product           INTEGER NOT NULL REFERENCES products (id),
    input_hash        TEXT    NOT NULL,
    decision          INTEGER,
    recipe            TEXT    NOT NULL,
    verdict           TEXT    NOT NULL,
    category          TEXT,
    confidence        REAL    NOT NULL,
    candidates        TEXT    NOT NULL,
    reasons           TEXT    NOT NULL,
    promise           REAL,
    replaced_run      TEXT    NOT NULL,         -- categorisations.run
    -- What tells whether a person touched the product since.
    product_decision  INTEGER,                  -- products.decision
    last_edit         INTEGER NOT NULL,         -- its last row of edit_log by a person; 0: none
    published_version INTEGER NOT NULL,         -- 0: it was not published
    moved             INTEGER NOT NULL DEFAULT 0, -- 1: its move was made; 0: only the change of the taxonomy touched it
    evidence          TEXT,                     -- what its move rests on; NULL: what it rested on before
    outcome           TEXT,                     -- of the revert: restored, or why it was left; NULL before
    PRIMARY KEY (run, product)
) STRICT, WITHOUT ROWID;

CREATE TABLE replaced_texts (
    run           TEXT    NOT NULL,
    product       INTEGER NOT NULL,
    input_hash    TEXT    NOT NULL,
    recipe        TEXT    NOT NULL,
    text          TEXT    NOT NULL,
    text_hash     TEXT    NOT NULL,
    evidence_hash TEXT    NOT NULL,
    facts_hash    TEXT    NOT NULL,
    PRIMARY KEY (run, product),
    FOREIGN KEY (run, product) REFERENCES replaced_categorisations (run, product)
) STRICT, WITHOUT ROWID;

CREATE TABLE replaced_descriptions (
    run          TEXT    NOT NULL,
    product      INTEGER NOT NULL,
    language     TEXT    NOT NULL,
    facts_hash   TEXT    NOT NULL,
    category     TEXT,
    recipe       TEXT    NOT NULL,
    title        TEXT,
    reason       TEXT,
    replaced_run TEXT    NOT NULL,              -- descriptions.run
    description  TEXT,
    written_at   INTEGER,
    PRIMARY KEY (run, product, language),
    FOREIGN KEY (run, product) REFERENCES replaced_categorisations (run, product)
) STRICT, WITHOUT ROWID;

CREATE TABLE replaced_audits (
    run       TEXT    NOT NULL,
    product   INTEGER NOT NULL,
    taxonomy  TEXT    NOT NULL,
    category  TEXT    NOT NULL,
    threshold REAL    NOT NULL,
    PRIMARY KEY (run, product),
    FOREIGN KEY (run, product) REFERENCES replaced_categorisations (run, product)
) STRICT, WITHOUT ROWID;

-- How a version of the taxonomy came of the one before it.
ALTER TABLE taxonomies ADD COLUMN changes TEXT; -- JSON list of catalog::taxonomy_change::Change; NULL: taken over as a whole
ALTER TABLE taxonomies ADD COLUMN run TEXT;     -- the run that made it, where a plan was applied
ALTER TABLE taxonomies ADD COLUMN became TEXT;  -- JSON: what became of categories of the version before; NULL: the first

-- Which category a category of an earlier version is now. Chains are resolved when a row is written, so that one look is
-- enough; an id may have been given to another category since, so that versions tell.
CREATE TABLE category_renames (
    taxonomy      TEXT    NOT NULL,
    id            TEXT    NOT NULL,
    below_version INTEGER NOT NULL,             -- what was said of `id` in an earlier version than this
    now           TEXT    NOT NULL,             -- holds of this category now
    PRIMARY KEY (taxonomy, id, below_version)
) STRICT, WITHOUT ROWID;

-- What an application replaced in them.
CREATE TABLE replaced_renames (
    run           TEXT    NOT NULL REFERENCES applications (run),
    taxonomy      TEXT    NOT NULL,
    id            TEXT    NOT NULL,
    below_version INTEGER NOT NULL,
    now           TEXT    NOT NULL,
    PRIMARY KEY (run, taxonomy, id, below_version)
) STRICT, WITHOUT ROWID;

-- The log of decisions with the categories as they are called now.
CREATE VIEW decisions_now AS
SELECT d.id, d.supplier, d.sku,
    coalesce((SELECT r.now FROM category_renames r
              WHERE r.taxonomy = d.taxonomy AND r.id = d.category AND r.below_version > d.taxonomy_version
              ORDER BY r.below_version LIMIT 1), d.category) AS category,
    d.taxonomy, d.taxonomy_version, d.decided_by, d.decided_at, d.run, d.reason, d.chosen_by, d.digest
FROM decisions d;

-- What was published says something of its category that no longer holds: where no category is settled, the product is
-- published without one.
ALTER TABLE published ADD COLUMN withdrawn INTEGER NOT NULL DEFAULT 0;

-- Append-only: what people did to fields and locks, and which edits the suppliers came round to.
CREATE TABLE edit_log (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    product  INTEGER NOT NULL REFERENCES products (id),
    action   TEXT    NOT NULL,                  -- set, dropped, kept, lock, unlock; by no person: released, moved
    field    TEXT,                              -- NULL for locks
    value    TEXT,                              -- JSON: what holds now
    replaced TEXT,                              -- JSON: what stood there
    done_by  TEXT    NOT NULL,
    done_at  INTEGER NOT NULL,
    origin   TEXT,                              -- where it was read: a file and row
    note     TEXT                               -- why, in the person's words
) STRICT;
CREATE INDEX edit_log_by_product ON edit_log (product, id);
CREATE TRIGGER edit_log_is_kept BEFORE DELETE ON edit_log
BEGIN SELECT RAISE(ABORT, 'the log of edits is only appended'); END;
CREATE TRIGGER edit_log_stays BEFORE UPDATE ON edit_log
BEGIN SELECT RAISE(ABORT, 'the log of edits is only appended'); END;
CREATE INDEX products_edited ON products (id) WHERE edits <> '{}';

-- Which supplier values changed since the product was first delivered: when each did last, and what stood there.
ALTER TABLE products ADD COLUMN changed_fields TEXT NOT NULL DEFAULT '{}'; -- JSON: field -> at, replaced

-- Products that are one: the leader takes fields of the others, which are published as joined into it.
ALTER TABLE products ADD COLUMN joined TEXT NOT NULL DEFAULT '{}'; -- JSON of catalog::Joined, of the leader
ALTER TABLE products ADD COLUMN joined_into INTEGER REFERENCES products (id); -- the leader, of the others
ALTER TABLE products ADD COLUMN joined_seen TEXT; -- of the leader: the order of suppliers and the sum of revisions that `joined` follows from
CREATE INDEX products_by_leader ON products (joined_into) WHERE joined_into IS NOT NULL;

-- Append-only: who joined and parted what, and why.
CREATE TABLE join_log (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    action  TEXT    NOT NULL,                   -- join, part
    leader  INTEGER NOT NULL REFERENCES products (id),
    product INTEGER NOT NULL REFERENCES products (id),
    reason  TEXT    NOT NULL,                   -- same GTIN; near vectors, brand and size; a person's words
    done_by TEXT    NOT NULL,                   -- a person, or `rule ` and its name; only people part
    done_at INTEGER NOT NULL
) STRICT;
CREATE INDEX join_log_by_product ON join_log (product, id);
CREATE TRIGGER join_log_is_kept BEFORE DELETE ON join_log
BEGIN SELECT RAISE(ABORT, 'the log of joins is only appended'); END;
CREATE TRIGGER join_log_stays BEFORE UPDATE ON join_log
BEGIN SELECT RAISE(ABORT, 'the log of joins is only appended'); END;
