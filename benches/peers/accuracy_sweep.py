#!/usr/bin/env python3
"""Berika and its peers on a folder of labelled files: every file, number of labels and seed, scored from predictions.

    venv/bin/pip install numpy scipy scikit-learn
    cargo build --release
    venv/bin/python accuracy_sweep.py --data DIR --work WORK --labels 0,300,1000,all --seeds 5 > sweep.md

Each DIR/NAME.jsonl is split as `cargo xtask split --fraction 0.6 --seed 1` splits it. On each split `berika bench accuracy` runs
once, for all numbers of labels and seeds, with --predictions; the peers are those of `accuracy.py`, on the same rows, with the same
labels and with vectors of the same model, made by `berika embed`. Files whose rows are mostly English are embedded with --english,
all others with --other, --other-prefix before each of the peers' texts (Berika knows its model's prompt itself).

What is printed is computed here from the predictions alone and shares no code with Berika: top-1 (a path of category_alt is right,
too), the largest share of rows that could be accepted with 95 % of them right had the threshold been chosen afterwards, share and
precision of what was accepted without a look (`auto`), and the calibration error over ten bins of equally many rows. Rows of equal
confidence are accepted together. A peer's confidence is its best score or the gap to its second best, whichever makes it look
better. Figures are means over seeds; cells with fewer rows to learn from than labels asked for are left out.

WORK keeps splits, vectors and what the peers predicted, each under a name that changes with what it was made from, so that a second
run only measures Berika again.
"""
import argparse
import hashlib
import json
import math
import os
import pathlib
import subprocess
import sys

import numpy as np
from scipy.stats import binom

import accuracy

PROMISE = 0.95


def shuffled(rows, seed, use):
    """Rows in the order of SplitMix64 keys, one a row."""
    state, keys = (seed ^ int.from_bytes(use, "big")) & accuracy.MASK, []
    for row in range(rows):
        state = (state + 0x9E3779B97F4A7C15) & accuracy.MASK
        mixed = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & accuracy.MASK
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & accuracy.MASK
        keys.append((mixed ^ (mixed >> 31), row))
    return [row for _, row in sorted(keys)]


def split(path, folder, fraction, seed):
    """Writes NAME.train.jsonl and NAME.test.jsonl, the lines of each in the file's order; gives their paths."""
    lines = [line for line in path.read_bytes().splitlines() if line.strip()]
    order = shuffled(len(lines), seed, b"split")
    cut = math.floor(len(lines) * fraction + 0.5)
    written = []
    for part, rows in (("train", order[:cut]), ("test", order[cut:])):
        written.append(folder / f"{path.stem}.{part}.jsonl")
        written[-1].write_bytes(b"".join(lines[row] + b"\n" for row in sorted(rows)))
    return written


def is_english(rows):
    return sum(row.get("language", "en").startswith("en") for row in rows) * 2 > len(rows)


def run(command):
    done = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, command))}: {done.stderr.strip() or done.returncode}")
    return done.stdout


def key(*parts):
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part if isinstance(part, bytes) else json.dumps(part).encode())
        digest.update(b"\0")
    return digest.hexdigest()[:16]


def vectors_of(texts, model, berika, folder):
    """name -> unit vectors of the texts, made once."""
    made = {}
    for name, lines in texts.items():
        kept = folder / f"{name}-{key(model, lines)}.npy"
        if not kept.exists():
            written = kept.with_suffix(".txt")
            written.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
            fresh = kept.with_suffix(".new.npy")
            run([berika, "embed", "--model", model, "--input", written, "--output", fresh])
            os.replace(fresh, kept)
        made[name] = accuracy.unit(np.load(kept).astype(np.float32))
    return made


def accepted_of(row):
    return {tuple(path) for path in [row["category"], *(row.get("category_alt") or [])]}


def coverage(confidence, right, precision=PROMISE):
    """The largest share of rows above a threshold on confidence of which so many are right."""
    best = 0
    order = np.argsort(-confidence, kind="stable")
    confidence, hits = confidence[order], np.cumsum(right[order])
    for at in range(len(order)):
        last_of_its_kind = at + 1 == len(order) or confidence[at + 1] != confidence[at]
        if last_of_its_kind and hits[at] >= precision * (at + 1) - 1e-9:
            best = at + 1
    return best / len(order)


def calibration_error(confidence, right):
    order = np.argsort(confidence, kind="stable")
    bins = [rows for rows in np.array_split(order, 10) if len(rows)]
    return sum(len(rows) * abs(confidence[rows].mean() - right[rows].mean()) for rows in bins) / len(order)


def ours(arguments, model, files, test, counts, folder):
    """(labels, seed) -> confidence, right, auto, in the order of the test rows."""
    out = folder / "predictions.jsonl"
    run([arguments.berika, "bench", "accuracy", "--train", files[0], "--test", files[1], "--model", model,
         "--labels", ",".join(map(str, counts)), "--seed", arguments.seed, "--seeds", arguments.seeds,
         "--json", folder / "figures.json", "--predictions", out])
    place = {str(row["id"]): at for at, row in enumerate(test)}
    if len(place) != len(test):
        raise SystemExit(f"{files[1]}: an id stands twice")
    truth, cells = [accepted_of(row) for row in test], {}
    with open(out, encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            cell = (row.get("labels", counts[0]), row.get("seed", arguments.seed))
            confidence, right, auto, seen = cells.setdefault(
                cell, (np.zeros(len(test)), np.zeros(len(test)), np.zeros(len(test), bool), set()))
            at = place[str(row["id"])]
            seen.add(at)
            confidence[at] = row["confidence"]
            right[at] = row["category"] is not None and tuple(row["category"]) in truth[at]
            auto[at] = row["auto"]
    for cell, found in cells.items():
        if len(found[3]) != len(test):
            raise SystemExit(f"{out}: {len(found[3])} predictions for {len(test)} rows in cell {cell}")
    return {cell: found[:3] for cell, found in cells.items()}


def peers(arguments, files, train, test, counts, vectors, folder):
    """(labels, seed) -> method -> top1, coverage; kept in the folder."""
    categories = sorted({tuple(row["category"]) for row in train + test})
    number = {path: index for index, path in enumerate(categories)}
    plain = accuracy.texts_of(train, test, categories, "")
    truth, cells = [accepted_of(row) for row in test], {}
    made_from = key(pathlib.Path(accuracy.__file__).read_bytes(), pathlib.Path(__file__).read_bytes(),
                    files[0].read_bytes(), files[1].read_bytes(), *(matrix.tobytes() for matrix in vectors.values()))
    for count in counts:
        for seed in range(arguments.seed, arguments.seed + arguments.seeds):
            same_with_every_seed = count in (0, len(train)) and seed > arguments.seed
            if same_with_every_seed:
                cells[count, seed] = cells[count, arguments.seed]
                continue
            kept = folder / f"peers-{count}-{seed}-{made_from}.json"
            if not kept.exists():
                labelled = np.array(accuracy.take_labels(len(train), count, seed), dtype=int)
                classes = np.array([number[tuple(train[row]["category"])] for row in labelled], dtype=int)
                found = {}
                for method, scores, _ in accuracy.all_scores(plain, vectors, labelled, classes, len(categories)):
                    first = np.argmax(scores, axis=1)
                    right = np.array([categories[at] in paths for at, paths in zip(first, truth)], dtype=float)
                    two = -np.partition(-scores, 1, axis=1)[:, :2] if len(categories) > 1 else scores[:, [0, 0]]
                    found[method] = {"top1": right.mean(), "coverage": max(
                        coverage(two[:, 0], right), coverage(two[:, 0] - two[:, 1], right))}
                kept.write_text(json.dumps(found))
            cells[count, seed] = json.loads(kept.read_text())
    return cells


def percent(share):
    return "" if share is None else f"{share * 100:.1f}"


def table(headings, rows):
    print(f"| {' | '.join(headings)} |\n|{'---|' * len(headings)}")
    for row in rows:
        print(f"| {' | '.join(str(cell) for cell in row)} |")
    print()


def mean(values):
    values = list(values)
    return sum(values) / len(values) if values else None


def measure(arguments, path):
    """The cells of one file, by what --labels calls them."""
    folder = arguments.work / path.stem
    folder.mkdir(parents=True, exist_ok=True)
    files = split(path, folder, 0.6, 1)
    train, test = accuracy.read_rows(files[0]), accuracy.read_rows(files[1])
    english = is_english(train)
    model, prefix = (arguments.english, "") if english else (arguments.other, arguments.other_prefix)
    names = {name: len(train) if name == "all" else int(name) for name in arguments.labels.split(",")}
    names = {name: count for name, count in names.items() if count <= len(train)}
    counts = sorted(set(names.values()))
    categories = sorted({tuple(row["category"]) for row in train + test})
    vectors = vectors_of(accuracy.texts_of(train, test, categories, prefix), model, arguments.berika, folder)
    found, others = ours(arguments, model, files, test, counts, folder), \
        peers(arguments, files, train, test, counts, vectors, folder)
    seeds = range(arguments.seed, arguments.seed + arguments.seeds)
    for name, count in names.items():
        runs = [found[count, seed] for seed in seeds]
        methods = {method: {figure: mean(others[count, seed][method][figure] for seed in seeds)
                            for figure in ("top1", "coverage")} for method in others[count, arguments.seed]}
        accepted = sum(int(auto.sum()) for _, _, auto in runs)
        yield {
            "set": path.stem, "labels": name, "count": count, "rows": len(test), "methods": methods,
            "top1": mean(right.mean() for _, right, _ in runs),
            "spread": float(np.std([right.mean() for _, right, _ in runs], ddof=1)) if len(runs) > 1 else 0.0,
            "coverage": mean(coverage(confidence, right) for confidence, right, _ in runs),
            "auto": mean(auto.mean() for _, _, auto in runs),
            "accepted": accepted, "accepted_right": sum(int(right[auto].sum()) for _, right, auto in runs),
            "ece": mean(calibration_error(confidence, right) for confidence, right, _ in runs),
            "pool": [np.concatenate([run[part] for run in runs]) for part in (0, 1)],
        }


def report(cells):
    best = lambda cell, figure: max(cell["methods"].items(), key=lambda item: item[1][figure])
    print("## Cells\n")
    rows = []
    for cell in cells:
        peer, sure = best(cell, "top1"), best(cell, "coverage")
        precision = cell["accepted_right"] / cell["accepted"] if cell["accepted"] else None
        rows.append([cell["set"], cell["labels"], cell["count"], cell["rows"], f"{percent(cell['top1'])} ± {percent(cell['spread'])}",
                     f"{percent(peer[1]['top1'])} ({peer[0]})", f"{(cell['top1'] - peer[1]['top1']) * 100:+.1f}",
                     percent(cell["coverage"]), f"{percent(sure[1]['coverage'])} ({sure[0]})",
                     percent(cell["auto"]), percent(precision), percent(cell["ece"])])
    table(["set", "N", "labels", "rows", "top-1", "best peer", "ahead", "coverage at 95", "best peer", "accepted", "precision", "ECE"], rows)

    print("## Means over sets\n")
    rows = []
    for name in dict.fromkeys(cell["labels"] for cell in cells):
        some = [cell for cell in cells if cell["labels"] == name]
        methods = set.intersection(*(set(cell["methods"]) for cell in some))
        single = {method: mean(cell["methods"][method]["top1"] for cell in some) for method in sorted(methods)}
        sure = {method: mean(cell["methods"][method]["coverage"] for cell in some) for method in sorted(methods)}
        peer, surest = max(single, key=single.get), max(sure, key=sure.get)
        worst = min(some, key=lambda cell: cell["top1"] - best(cell, "top1")[1]["top1"])
        accepted = mean(cell["auto"] for cell in some)
        pool = [np.concatenate([cell["pool"][part] for cell in some]) for part in (0, 1)]
        top1 = mean(cell["top1"] for cell in some)
        rows.append([name, len(some), percent(top1), f"{percent(single[peer])} ({peer})", f"{(top1 - single[peer]) * 100:+.1f}",
                     f"{(worst['top1'] - best(worst, 'top1')[1]['top1']) * 100:+.1f} ({worst['set']})",
                     percent(mean(cell["coverage"] for cell in some)), f"{percent(sure[surest])} ({surest})", percent(accepted),
                     f"{accepted / sure[surest]:.2f}" if sure[surest] else "", percent(calibration_error(*pool)), len(pool[0])])
    table(["N", "sets", "top-1", "best single peer", "ahead", "worst cell against its best peer", "coverage at 95", "best single peer",
           "accepted", "accepted / peer's", "ECE, pooled", "rows pooled"], rows)

    print(f"## Accepted without a look, all seeds together\n\np: how likely so few right ones are if {PROMISE:.0%} are right.\n")
    rows = []
    for name in [*dict.fromkeys(cell["set"] for cell in cells), "all"]:
        for labels in [*dict.fromkeys(cell["labels"] for cell in cells), "all N"]:
            some = [cell for cell in cells if name in ("all", cell["set"]) and labels in ("all N", cell["labels"])]
            accepted, right = (sum(cell[part] for cell in some) for part in ("accepted", "accepted_right"))
            if accepted:
                p = binom.cdf(right, accepted, PROMISE)
                rows.append([name, labels, accepted, right, percent(right / accepted), f"{p:.4f}", "broken at 1 %" if p < 0.01 else ""])
    table(["set", "N", "accepted", "right", "precision", "p", ""], rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True, type=pathlib.Path, help="folder of labelled files, NAME.jsonl")
    parser.add_argument("--only", default="", help="names of files, with commas between; all without it")
    parser.add_argument("--work", required=True, type=pathlib.Path, help="folder that keeps splits, vectors and peers' results")
    parser.add_argument("--labels", default="0,300,1000,all")
    parser.add_argument("--seed", default=1, type=int)
    parser.add_argument("--seeds", default=5, type=int)
    parser.add_argument("--berika", default=pathlib.Path(__file__).parents[2] / "target/release/berika", type=pathlib.Path)
    parser.add_argument("--english", default="all-MiniLM-L6-v2", help="model for English files, id or folder")
    parser.add_argument("--other", default="multilingual-e5-small-q4", help="model for all others")
    parser.add_argument("--other-prefix", default="query: ", help="put before each text of the peers with --other")
    parser.add_argument("--json", type=pathlib.Path, help="write the cells here too")
    arguments = parser.parse_args()

    only, cells = [name for name in arguments.only.split(",") if name], []
    paths = sorted(path for path in arguments.data.glob("*.jsonl") if not only or path.stem in only)
    if not paths:
        raise SystemExit(f"{arguments.data} has no file NAME.jsonl" + (f" of {', '.join(only)}" if only else ""))
    for path in paths:
        print(f"{path.stem} ...", file=sys.stderr, flush=True)
        cells.extend(measure(arguments, path))
    order = {name: at for at, name in enumerate(arguments.labels.split(","))}
    cells.sort(key=lambda cell: (cell["set"], order[cell["labels"]]))
    print(f"# Accuracy of categorisation against peers\n\n{len(paths)} sets, {arguments.seeds} seeds from {arguments.seed}\n")
    report(cells)
    if arguments.json:
        plain = [{name: value for name, value in cell.items() if name != "pool"} for cell in cells]
        arguments.json.write_text(json.dumps(plain, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
