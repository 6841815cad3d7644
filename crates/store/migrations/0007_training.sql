-- What a classifier learnt, so that it is trained once: weights, calibration, and how each decision would have been ranked
-- without it. Only of the latest few.
ALTER TABLE classifiers ADD COLUMN training BLOB;

-- How rare words are in the catalogue, counted with the means.
ALTER TABLE product_means ADD COLUMN words TEXT;         -- JSON of classify::WordFrequencies

-- The latest decisions of a category, which help with the next ones.
CREATE INDEX decisions_by_category ON decisions (category, id);
