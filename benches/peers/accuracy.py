#!/usr/bin/env python3
"""What a user would pick instead of Berika: the accuracy of common methods on the same rows.

Written apart from the Rust code and sharing nothing with it, so that it is also a second opinion on the choice of
labels and on the metrics. Needs numpy and scikit-learn; sentence-transformers only with --model.

    python3 accuracy.py --train T.jsonl --test E.jsonl --labels 300 --seed 1 --model sentence-transformers/all-MiniLM-L6-v2

With vectors from another encoder, such as Berika's own:

    python3 accuracy.py --train T.jsonl --test E.jsonl --write-texts DIR          # writes DIR/{train,test,leaf,path}.txt
    for f in train test leaf path; do berika embed --model ID --input DIR/$f.txt --output DIR/$f.npy; done
    python3 accuracy.py --train T.jsonl --test E.jsonl --labels 300 --seed 1 --vectors DIR

Without either, only the method that needs no vectors runs. Rows are JSON objects, one a line, with id, title, brand?,
description?, category (names from the top down) and category_alt? (further paths that are also right). A product's text is
brand, title and description; --prefix goes before each text ("query: " for e5 models). The categories are the `category` paths
of both files; no row of the test file is otherwise used before scoring. --labels rows of the training file are confirmed
decisions, chosen as `berika_evaluate::take_labels` chooses them; of the others only the texts are used.

Methods (all vectors have length 1; a category's vector is the mean of those of its leaf name and of its whole path):
  cosine            product against category
  cosine centred    the same after subtracting the mean product and the mean category
  centroid          2 x category vector + sum of the confirmed products' vectors, as long as 1; cosine to that
  centroid centred  the same with centred vectors
  knn               the 10 nearest confirmed products vote with their cosine
  svm tf-idf        LinearSVC over TF-IDF of words (1-2) and of characters within words (3-5)
  svm vectors       LinearSVC over the vectors
  svm both          LinearSVC over both side by side
"""
import argparse
import json
import pathlib
import time

import numpy as np

MASK = (1 << 64) - 1
PATH_SEPARATOR = " > "


def take_labels(rows, count, seed):
    """The first `count` rows in the order of SplitMix64 keys, one a row; as berika_evaluate::take_labels."""
    state, keys = (seed ^ int.from_bytes(b"labels", "big")) & MASK, []
    for row in range(rows):
        state = (state + 0x9E3779B97F4A7C15) & MASK
        mixed = state
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & MASK
        keys.append((mixed ^ (mixed >> 31), row))
    return [row for _, row in sorted(keys)[:count]]


def read_rows(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def product_text(row, prefix):
    parts = [row.get("brand"), row.get("title"), row.get("description")]
    return prefix + " ".join(" ".join(part for part in parts if part).split())


def texts_of(train, test, categories, prefix):
    return {
        "train": [product_text(row, prefix) for row in train],
        "test": [product_text(row, prefix) for row in test],
        "leaf": [prefix + path[-1] for path in categories],
        "path": [prefix + PATH_SEPARATOR.join(path) for path in categories],
    }


def unit(matrix):
    return matrix / np.maximum(np.linalg.norm(matrix, axis=-1, keepdims=True), 1e-12)


def vectors_of(texts, arguments):
    """name -> unit vectors [texts, dim] float32, from files or from sentence-transformers; None without either."""
    if arguments.vectors:
        found = {name: np.load(arguments.vectors / f"{name}.npy") for name in texts}
        for name, lines in texts.items():
            if len(found[name]) != len(lines):
                raise SystemExit(f"{name}.npy has {len(found[name])} vectors for {len(lines)} texts: write the texts again")
        return {name: unit(matrix.astype(np.float32)) for name, matrix in found.items()}
    if arguments.model:
        from sentence_transformers import SentenceTransformer
        # Folders with float16 weights would compute, and answer, in float16 otherwise.
        model = SentenceTransformer(arguments.model, device="cpu").float()
        return {name: unit(model.encode(lines, batch_size=32, show_progress_bar=False).astype(np.float32))
                for name, lines in texts.items()}
    return None


def svm_scores(train_features, classes, test_features, total):
    """LinearSVC's decision values spread over all categories; those without a label come last."""
    from sklearn.svm import LinearSVC
    scores = np.full((test_features.shape[0], total), -1e9)
    known = np.unique(classes)
    if len(known) == 1:
        scores[:, known[0]] = 1.0
        return scores
    values = LinearSVC(C=1.0).fit(train_features, classes).decision_function(test_features)
    if values.ndim == 1:
        values = np.stack([-values, values], axis=1)
    scores[:, known] = values
    return scores


def tf_idf(train_texts, test_texts):
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_union
    both = make_union(TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
                      TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True))
    return both.fit_transform(train_texts), both.transform(test_texts)


def centroids(prior, vectors, classes):
    moved = 2.0 * prior
    np.add.at(moved, classes, vectors)
    return unit(moved)


def all_scores(texts, vectors, labelled, classes, total):
    """Yields method, scores [test rows, categories] and seconds, one method after another."""
    def timed(name, compute):
        start = time.perf_counter()
        return name, compute(), time.perf_counter() - start

    if vectors:
        test, prior = vectors["test"], unit(vectors["leaf"] + vectors["path"])
        mean = vectors["train"].mean(axis=0)
        test_centred, prior_centred = unit(test - mean), unit(prior - prior.mean(axis=0))
        yield timed("cosine", lambda: test @ prior.T)
        yield timed("cosine centred", lambda: test_centred @ prior_centred.T)
    if not len(labelled):
        return
    if vectors:
        known, known_centred = vectors["train"][labelled], unit(vectors["train"][labelled] - mean)
        yield timed("centroid", lambda: test @ centroids(prior, known, classes).T)
        yield timed("centroid centred", lambda: test_centred @ centroids(prior_centred, known_centred, classes).T)

        def knn():
            similar = test @ known.T
            nearest = np.argsort(-similar, axis=1, kind="stable")[:, :10]
            scores = np.zeros((len(test), total))
            for column in nearest.T:
                rows = np.arange(len(test))
                np.add.at(scores, (rows, classes[column]), similar[rows, column])
            return scores
        yield timed("knn", knn)

    def svm(with_vectors):
        from scipy.sparse import csr_matrix, hstack
        words, test_words = tf_idf([texts["train"][row] for row in labelled], texts["test"])
        if with_vectors:
            words, test_words = csr_matrix(hstack([words, known])), csr_matrix(hstack([test_words, test]))
        return svm_scores(words, classes, test_words, total)
    yield timed("svm tf-idf", lambda: svm(False))
    if vectors:
        yield timed("svm vectors", lambda: svm_scores(known, classes, test, total))
        yield timed("svm both", lambda: svm(True))


def measure(scores, test, categories):
    """Top-1/3/5, macro-F1 over the true categories, hierarchical F1: as the docs of berika_evaluate::Report say."""
    ranked = np.argsort(-scores, axis=1, kind="stable")[:, :5]
    hits, shared, predicted_levels, true_levels = {1: 0, 3: 0, 5: 0}, 0, 0, 0
    true_count, predicted_count, both_count = {}, {}, {}
    for row, order in zip(test, ranked):
        accepted = [tuple(path) for path in [row["category"], *(row.get("category_alt") or [])]]
        offered = [categories[index] for index in order]
        for depth in hits:
            hits[depth] += any(path in accepted for path in offered[:depth])
        first = offered[0]
        truth = first if first in accepted else accepted[0]
        true_count[truth] = true_count.get(truth, 0) + 1
        predicted_count[first] = predicted_count.get(first, 0) + 1
        both_count[truth] = both_count.get(truth, 0) + (first == truth)
        ancestors = lambda path: {path[:end] for end in range(1, len(path) + 1)}
        overlap, levels = max((len(ancestors(path) & ancestors(first)), -len(path)) for path in accepted)
        shared, predicted_levels, true_levels = shared + overlap, predicted_levels + len(first), true_levels - levels
    f1 = [2 * both_count[path] / (count + predicted_count.get(path, 0)) for path, count in true_count.items()]
    return {**{f"top{depth}": count / len(test) for depth, count in hits.items()},
            "macro_f1": sum(f1) / len(f1), "hierarchical_f1": 2 * shared / (predicted_levels + true_levels)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--train", required=True, type=pathlib.Path)
    parser.add_argument("--test", required=True, type=pathlib.Path)
    parser.add_argument("--labels", default="all", help="confirmed products: a number, or all")
    parser.add_argument("--seed", default=1, type=int)
    parser.add_argument("--prefix", default="", help="put before each text that is embedded")
    parser.add_argument("--model", help="id or folder for sentence-transformers")
    parser.add_argument("--vectors", type=pathlib.Path, help="folder with train.npy, test.npy, leaf.npy, path.npy")
    parser.add_argument("--write-texts", type=pathlib.Path, help="write the texts to embed into this folder, and stop")
    parser.add_argument("--json", type=pathlib.Path, help="write the figures here too")
    arguments = parser.parse_args()

    train, test = read_rows(arguments.train), read_rows(arguments.test)
    categories = sorted({tuple(row["category"]) for row in train + test})
    embedded = texts_of(train, test, categories, arguments.prefix)
    if arguments.write_texts:
        arguments.write_texts.mkdir(parents=True, exist_ok=True)
        for name, lines in embedded.items():
            (arguments.write_texts / f"{name}.txt").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        return
    vectors = vectors_of(embedded, arguments)

    count = len(train) if arguments.labels == "all" else int(arguments.labels)
    labelled = np.array(take_labels(len(train), count, arguments.seed), dtype=int)
    number = {path: index for index, path in enumerate(categories)}
    classes = np.array([number[tuple(train[row]["category"])] for row in labelled], dtype=int)
    plain = texts_of(train, test, categories, "")

    print(f"{len(test)} rows, {len(categories)} categories, {len(labelled)} labels, seed {arguments.seed}")
    figures = ["top1", "top3", "top5", "macro_f1", "hierarchical_f1"]
    print(f"{'method':18}" + "".join(f"{name:>17}" for name in figures) + f"{'seconds':>9}")
    results = {}
    for method, scores, seconds in all_scores(plain, vectors, labelled, classes, len(categories)):
        found = measure(scores, test, categories)
        results[method] = {**found, "seconds": round(seconds, 2)}
        print(f"{method:18}" + "".join(f"{found[name]:17.4f}" for name in figures) + f"{seconds:9.2f}", flush=True)
    if arguments.json:
        record = {"rows": len(test), "categories": len(categories), "labels": len(labelled), "seed": arguments.seed}
        arguments.json.write_text(json.dumps({**record, "methods": results}, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
