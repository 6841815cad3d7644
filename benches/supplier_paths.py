#!/usr/bin/env python3
"""Labelled products with supplier categories, derived from labelled products without and a second taxonomy.

    python3 supplier_paths.py make --train T.jsonl --test E.jsonl --names google.en-US.txt --out DIR
    python3 supplier_paths.py majority --train DIR/fine.train.jsonl --test DIR/fine.test.jsonl --labels 0,300,1000,all

`make` gives every category of the rows the path of the second taxonomy whose names are nearest: the cosine of TF-IDF over
character n-grams within words (3-5), the leaf's name counting twice. Nobody corrects the outcome: several categories share
a path, and some paths are plainly wrong, as a supplier's are. Each variant is a training and a test file:

  fine     the path; every tenth product has the path of another category, drawn at random
  coarse   the uppermost name of `fine` alone
  two      two suppliers, at random; the second calls its paths by the names that the first gives to others
  reuse    `fine`, and from 60 % of the training file on the names of half of the paths have moved on to the next of them;
           the test products all come after that. The training file is shuffled first: its order is the order in time

The taxonomy is a file of Google's (lines of `id - A > B`) or JSONL with `path` (a list of names).

`majority` is what needs no model: the category most decisions on (supplier, path) name, else the one most name at all. The
labels are those that `berika bench accuracy` takes with the same seed. With --since it forgets what came before.
"""
import argparse
import collections
import json
import pathlib
import random

from peers.accuracy import PATH_SEPARATOR, read_rows, take_labels

NOISE = 0.1
MOVED_FROM = 0.6
VARIANTS = ("fine", "coarse", "two", "reuse")


def read_names(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    if path.suffix == ".jsonl":
        return [json.loads(line)["path"] for line in lines if line]
    return [line.partition(" - ")[2].split(PATH_SEPARATOR) for line in lines if " - " in line and line[0] != "#"]


def nearest(categories, names):
    """The path of `names` nearest to each of `categories`."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    def text(path):
        return " ".join([*path, path[-1]])

    vectoriser = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True)
    described = vectoriser.fit_transform(map(text, names))
    cosines = vectoriser.transform(map(text, categories)) @ described.T
    return {category: tuple(names[row.toarray().argmax()]) for category, row in zip(categories, cosines)}


def moved(paths):
    """Every second path takes the name of the next such one; the last, that of the first."""
    some = sorted(paths)[::2]
    return dict(zip(some, some[1:] + some[:1]))


def make(train, test, names, seed):
    draw = random.Random(seed)
    categories = sorted({tuple(row["category"]) for row in train + test})
    path_of = nearest(categories, names)
    paths = sorted(set(path_of.values()))
    train = train[:]
    draw.shuffle(train)
    turn, one_on = moved(paths), dict(zip(paths, paths[1:] + paths[:1]))
    files = {}
    for part, rows in (("train", train), ("test", test)):
        for at, row in enumerate(rows):
            path = path_of[tuple(row["category"])]
            if draw.random() < NOISE:
                path = path_of[draw.choice(categories)]
            second = draw.random() < 0.5
            late = part == "test" or at >= MOVED_FROM * len(rows)
            given = {
                "fine": ("nord", path),
                "coarse": ("nord", path[:1]),
                "two": ("syd", one_on[path]) if second else ("nord", path),
                "reuse": ("nord", turn.get(path, path) if late else path),
            }
            for variant, (supplier, supplier_category) in given.items():
                new = row | {"supplier": supplier, "supplier_category": list(supplier_category)}
                files.setdefault(f"{variant}.{part}.jsonl", []).append(new)
    return files


def majority(train, test, labels, since):
    votes, all_votes = collections.defaultdict(collections.Counter), collections.Counter()
    for at in sorted(labels):
        row = train[at]
        category = tuple(row["category"])
        all_votes[category] += 1
        if at >= since * len(train):
            votes[row["supplier"], tuple(row["supplier_category"])][category] += 1

    def guess(row):
        counts = votes.get((row["supplier"], tuple(row["supplier_category"]))) or all_votes
        return min(counts, key=lambda category: (-counts[category], category), default=())

    def right(row):
        return guess(row) in {tuple(path) for path in [row["category"], *row.get("category_alt", [])]}

    return sum(map(right, test)) / len(test)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("make", "majority"):
        command = commands.add_parser(name)
        command.add_argument("--train", type=pathlib.Path, required=True)
        command.add_argument("--test", type=pathlib.Path, required=True)
        command.add_argument("--seed", type=int, default=1)
        if name == "make":
            command.add_argument("--names", type=pathlib.Path, required=True)
            command.add_argument("--out", type=pathlib.Path, required=True)
        else:
            command.add_argument("--labels", default="300,1000,all")
            command.add_argument("--since", type=float, default=0.0, help="forget labels before this share of the file")
    args = parser.parse_args()
    train, test = read_rows(args.train), read_rows(args.test)
    if args.command == "make":
        args.out.mkdir(parents=True, exist_ok=True)
        for name, rows in make(train, test, read_names(args.names), args.seed).items():
            lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
            (args.out / name).write_text("".join(lines), encoding="utf-8")
        return
    for count in args.labels.split(","):
        wanted = len(train) if count == "all" else int(count)
        if wanted <= len(train):
            labels = take_labels(len(train), wanted, args.seed)
            print(json.dumps({"labels": wanted, "top1": round(majority(train, test, labels, args.since), 4)}))


if __name__ == "__main__":
    main()
