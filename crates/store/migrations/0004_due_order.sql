-- Events due at the same time are taken in the order of their ids: with the id in the index a few are found without sorting
-- all of them.

DROP INDEX outbox_by_state;
CREATE INDEX outbox_by_state ON outbox (endpoint, state, due_at, id);
