-- What `auto` came to here: the precision that vectors are computed in, on every machine that works on this store.

CREATE TABLE precision (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    word     TEXT NOT NULL                      -- f32, bf16, int8
) STRICT;
