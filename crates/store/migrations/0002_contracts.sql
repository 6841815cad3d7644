-- What is learnt from each delivery, and what a person let through although it is not what is usual.

ALTER TABLE imports ADD COLUMN config_hash TEXT;    -- how it was read: only deliveries read alike are compared
ALTER TABLE imports ADD COLUMN profile TEXT;        -- JSON of catalog::contract::Profile; only of the latest
ALTER TABLE imports ADD COLUMN let_through INTEGER NOT NULL DEFAULT 0; -- 1: from here on the usual is learnt anew

ALTER TABLE sources ADD COLUMN held_breaches TEXT;  -- JSON list of catalog::contract::Breach
ALTER TABLE sources ADD COLUMN accepted_hash TEXT;  -- the delivery that a person let through, and
ALTER TABLE sources ADD COLUMN accepted_breaches TEXT; -- what of any other one they let through with it
ALTER TABLE sources DROP COLUMN held_products;
ALTER TABLE sources DROP COLUMN accepted_products;

-- The row of the import `seen_import` that the product stands in; 0 where that row was refused.
ALTER TABLE products ADD COLUMN seen_row INTEGER NOT NULL DEFAULT 0;
