-- What is accepted without a look: by which promise, on what evidence, what is audited, and whether the audits stopped it.

-- The share that was promised when the machine accepted the category; NULL where it promised nothing or a person chose.
ALTER TABLE categorisations ADD COLUMN promise REAL;

-- What the evidence allowed, remembered because finding it takes ranking every decided product anew.
CREATE TABLE promises (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    taxonomy   TEXT    NOT NULL,
    classifier INTEGER NOT NULL REFERENCES classifiers (version),
    evidence   TEXT    NOT NULL,                -- hash of the decisions that count, and of the promise
    share      REAL    NOT NULL,                -- what is promised
    outcome    TEXT    NOT NULL,                -- JSON of classify::promise::Verification
    learnt_at  INTEGER NOT NULL,
    UNIQUE (taxonomy, classifier, evidence)
) STRICT;

-- Products that would have been accepted and were drawn for a person to look at instead. What came of it is the
-- decision on the product.
CREATE TABLE audits (
    product   INTEGER PRIMARY KEY REFERENCES products (id),
    taxonomy  TEXT NOT NULL,
    category  TEXT NOT NULL,                    -- what would have been accepted
    threshold REAL NOT NULL                     -- at this threshold
) STRICT;

-- When the audits broke the promise, and when a person resumed it.
CREATE TABLE stops (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    taxonomy   TEXT    NOT NULL,
    stopped_at INTEGER NOT NULL,
    reason     TEXT    NOT NULL,
    decision   INTEGER NOT NULL,                -- the last audit's; the test begins anew behind it
    resumed_at INTEGER,
    resumed_by TEXT
) STRICT;
CREATE UNIQUE INDEX stops_open ON stops (taxonomy) WHERE resumed_at IS NULL;
