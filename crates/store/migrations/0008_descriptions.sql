-- A description is five texts with their sentences, what wrote them and what was taken out: one JSON of the describe crate.
-- The title stays a column of its own, so that products with and without a text can be counted.
ALTER TABLE descriptions ADD COLUMN description TEXT;    -- JSON of describe::Description; NULL where nothing could be written
ALTER TABLE descriptions ADD COLUMN written_at INTEGER;  -- NULL: before this was remembered

UPDATE descriptions SET description = json_object(
    'language', language,
    'title', json_object('text', title, 'by', 'composer', 'sentences', json_array(json_object(
        'text', title, 'fields', json(coalesce(json_extract(sentences, '$.title'), '[]'))))),
    'short', json_object('text', short, 'by', 'composer', 'sentences', json(coalesce(json_extract(sentences, '$.short'), '[]'))),
    'origin', json_object('generator', 'composer', 'recipe', recipe),
    'left_out', json(coalesce(json_extract(sentences, '$.left_out'), '[]')))
WHERE title IS NOT NULL AND short IS NOT NULL;

ALTER TABLE descriptions DROP COLUMN short;
ALTER TABLE descriptions DROP COLUMN sentences;

-- What calls to language models cost, written before each call as the most it may come to and put right after it: a budget
-- holds although the program may be killed in between.
CREATE TABLE model_costs (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    model     TEXT    NOT NULL,
    at        INTEGER NOT NULL,
    tokens    INTEGER NOT NULL,
    billionth INTEGER NOT NULL                          -- of the currency's unit, so that sums are exact
) STRICT;
CREATE INDEX model_costs_by_time ON model_costs (model, at, tokens, billionth);
