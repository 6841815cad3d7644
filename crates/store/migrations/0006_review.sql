-- Which products a person should look at next, best first, as computed after the last categorisation. Whoever has been
-- decided on since is left out when it is read.
CREATE TABLE review_queue (
    place   INTEGER PRIMARY KEY,                -- from 1
    product INTEGER NOT NULL UNIQUE REFERENCES products (id),
    gain    REAL    NOT NULL,                   -- what its confirmation is expected to change
    doubt   REAL    NOT NULL                    -- one minus the margin between its first two candidates
) STRICT;

-- Products under review that look alike; those that look like no other are not listed.
CREATE TABLE look_alikes (
    product INTEGER PRIMARY KEY REFERENCES products (id),
    look    INTEGER NOT NULL                    -- the group's number
) STRICT;
CREATE INDEX look_alikes_by_look ON look_alikes (look);

-- What the two were computed from.
CREATE TABLE review_state (
    id        INTEGER PRIMARY KEY CHECK (id = 1),
    seen      TEXT NOT NULL,                    -- Store::review_fingerprint
    embedding TEXT NOT NULL                     -- recipe of the vectors
) STRICT;
