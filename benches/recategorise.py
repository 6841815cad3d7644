#!/usr/bin/env python3
"""Plan, apply and revert on a large catalogue, with the real program, and every event counted.

    benches/recategorise.py --products 100000 --work FOLDER [--berika target/release/berika] [--kills 10] [--seed 7]
        [LABELLED.jsonl...]

Products are made of the labelled ones (an object with `title`, `brand`, `category` a line), varied by size, colour and pack until
there are as many as asked for; vectors are the real model's. What is done:

1. `run` from an empty store, with 1,000 decisions; 2,000 more are taken in and `run` follows them (and trains);
2. `recategorise plan` three times: seconds and peak memory, with nothing public changed;
3. on a copy: `apply` undisturbed, then `revert`;
4. on another copy: `apply` killed with SIGKILL at random moments, gone on with, reverted;
5. compared: the tables before, after each application, after each revert, row by row; and what the receiver got.

Standard library only. FOLDER keeps the store of step 1, so that the script can be run again without it.
"""

import argparse
import base64
import csv
import hashlib
import http.server
import json
import os
import random
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path

SECRET = "whsec_" + base64.b64encode(b"measured-with-a-secret-of-its-own").decode()
SIZES = ["250 g", "400 g", "500 g", "750 ml", "1 kg", "1 l", "1.5 l", "2 kg", "5 kg", "10 cm", "20 cm", "35 cm"]
COLOURS = ["black", "white", "red", "blue", "green", "grey", "yellow", "natural", "silver", "pink"]
PACKS = ["", " 2 pack", " 3 pack", " 6 pack", " 12 pack", " family pack", " refill"]


class Receiver:
    """Counts events by id and remembers which product and version each told of."""

    def __init__(self):
        self.seen, self.lock, receiver = {}, threading.Lock(), self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                product = json.loads(body)["data"]["product"]
                key = (f"{product['supplier']}/{product['sku']}", product["version"])
                with receiver.lock:
                    entry = receiver.seen.setdefault(self.headers["webhook-id"], [key, hashlib.sha256(body).hexdigest(), 0])
                    entry[2] += 1
                    if entry[0] != key or entry[1] != hashlib.sha256(body).hexdigest():
                        entry[0] = ("changed under its id", -1)
                self.send_response(204)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads, request_queue_size = True, 128

        self.server = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/webhooks"

    def faults(self):
        """Versions told under two ids, and bodies that changed under one."""
        keys = [entry[0] for entry in self.seen.values()]
        return len(keys) - len(set(keys)) + sum(key[1] == -1 for key in keys)


def labelled(files):
    rows = []
    for file in files:
        with open(file, encoding="utf-8") as lines:
            rows += [json.loads(line) for line in lines]
    return rows


def path_id(path):
    slug = lambda name: "".join(c if c.isalnum() else "-" for c in name.lower()).strip("-")
    return ".".join(slug(name) for name in path)


def prepare(work, rows, count, seed, url):
    """Feed, taxonomy, decisions and configuration. Returns nothing: everything is in files."""
    rng = random.Random(seed)
    leaves, all_ids = {}, {}
    for row in rows:
        path = row["category"]
        leaves[path_id(path)] = path
    parents = {path_id(path[:depth]) for path in leaves.values() for depth in range(1, len(path))}
    leaves = {key: path for key, path in leaves.items() if key not in parents}
    rows = [row for row in rows if path_id(row["category"]) in leaves]
    for path in leaves.values():
        for depth in range(1, len(path) + 1):
            all_ids[path_id(path[:depth])] = path[:depth]
    with open(work / "taxonomy.jsonl", "w", encoding="utf-8") as out:
        for key, path in all_ids.items():
            category = {"id": key, "names": {"en": path[-1]}}
            if len(path) > 1:
                category["parent"] = path_id(path[:-1])
            out.write(json.dumps(category, ensure_ascii=False) + "\n")
    seen, truth = set(), []
    with open(work / "feed.jsonl", "w", encoding="utf-8") as out:
        while len(truth) < count:
            row = rng.choice(rows)
            title = f"{row['title'][:250]} {rng.choice(COLOURS)} {rng.choice(SIZES)}{rng.choice(PACKS)}"
            if title in seen:
                continue
            seen.add(title)
            sku = f"S{len(truth):06}"
            product = {"sku": sku, "title": title, "price": f"{rng.randrange(100, 90000) / 100:.2f}"}
            if row.get("brand"):
                product["brand"] = row["brand"]
            out.write(json.dumps(product, ensure_ascii=False) + "\n")
            truth.append((sku, path_id(row["category"])))
    rng.shuffle(truth)
    for name, part in (("decisions.csv", truth[:1000]), ("more.csv", truth[1000:3000])):
        with open(work / name, "w", newline="", encoding="utf-8") as out:
            writer = csv.writer(out)
            writer.writerow(["supplier", "sku", "category"])
            writer.writerows(("measured", sku, category) for sku, category in part)
    (work / "berika.toml").write_text(
        f"""[store]
path = "data/berika.sqlite"
[taxonomy]
path = "taxonomy.jsonl"
[[markets]]
language = "en"
country = "IE"
currency = "EUR"
[network]
allow = ["127.0.0.0/8"]
[policy]
without_evidence = {{ accept_above = 0.5 }}
[[suppliers]]
id = "measured"
delivery = "full"
language = "en"
currency = "EUR"
source = {{ path = "feed.jsonl" }}
format = {{ type = "jsonl" }}
[suppliers.fields]
sku = "sku"
title = "title"
brand = "brand"
price = "price"
[[endpoints]]
id = "shop"
url = "{url}"
secret_env = "SHOP_SECRET"
""",
        encoding="utf-8",
    )


class Program:
    def __init__(self, berika, work):
        self.berika, self.work = berika, work
        self.environment = {**os.environ, "SHOP_SECRET": SECRET}

    def start(self, *arguments):
        command = [str(self.berika), *arguments, "--config", str(self.work / "berika.toml")]
        return subprocess.Popen(
            command, cwd=self.work, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )

    def __call__(self, *arguments, codes=(0,)):
        """Runs to the end. Returns standard output, seconds and peak memory in MB."""
        clock = time.monotonic()
        child = self.start(*arguments)
        texts = {}
        readers = [
            threading.Thread(target=lambda name=name, pipe=pipe: texts.__setitem__(name, pipe.read()))
            for name, pipe in (("out", child.stdout), ("err", child.stderr))
        ]
        for reader in readers:
            reader.start()
        _, status, usage = os.wait4(child.pid, 0)
        for reader in readers:
            reader.join()
        code = os.waitstatus_to_exitcode(status)
        child.returncode = code
        if code not in codes:
            sys.exit(f"{arguments} ended with {code}:\n{texts['err'].decode()[-3000:]}{texts['out'].decode()[-1000:]}")
        return texts["out"].decode(), time.monotonic() - clock, usage.ru_maxrss / 1024


# Everything that a plan moves. What only says when or in which run something was written anew is left out of `products`.
TABLES = {
    "categorisations": "SELECT * FROM categorisations ORDER BY product",
    "descriptions": "SELECT * FROM descriptions ORDER BY product, language",
    "texts": "SELECT * FROM texts ORDER BY product",
    "products": "SELECT id, supplier, sku, state, missing_count, supplier_values, provenance, edits, locked, group_id, row_hash,"
    " values_hash, seen_import, seen_row, decision, created_at, changed_at, joined, joined_into FROM products ORDER BY id",
    "decisions": "SELECT * FROM decisions ORDER BY id",
    "audits": "SELECT * FROM audits ORDER BY product",
    "documents": "SELECT product, document FROM published ORDER BY product",
}


def dump(store):
    """Per table: key -> hash of the row."""
    connection = sqlite3.connect(store)
    tables = {}
    for name, statement in TABLES.items():
        rows = {}
        for row in connection.execute(statement):
            key = row[:2] if name == "descriptions" else row[0]
            rows[key] = hashlib.blake2b(repr(row).encode(), digest_size=12).digest()
        tables[name] = rows
    versions = dict(connection.execute("SELECT product, version FROM published"))
    first = {product for product, version in versions.items() if version == 0}
    connection.close()
    return tables, versions, first


def differences(before, after):
    counts = {}
    for name in before:
        keys = before[name].keys() | after[name].keys()
        differing = [key for key in keys if before[name].get(key) != after[name].get(key)]
        counts[name] = differing
    return counts


def copy_store(work, source):
    data = work / "data"
    shutil.rmtree(data, ignore_errors=True)
    shutil.copytree(source, data)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--products", type=int, default=100_000)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--berika", type=Path, default=Path("target/release/berika"))
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("files", nargs="*", type=Path)
    arguments = parser.parse_args()
    here = Path(__file__).resolve().parents[1]
    files = arguments.files or [
        here.parent / "shared/data/categorisation" / f"{name}.jsonl" for name in ("walmart_en", "bigbasket_en")
    ]
    if not all(file.exists() for file in files):
        print(f"skipped: {', '.join(str(file) for file in files if not file.exists())} is not here")
        return
    work = arguments.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    program = Program(arguments.berika.resolve(), work)
    receiver = Receiver()
    figures = {"products": arguments.products}
    say = lambda text: print(text, file=sys.stderr, flush=True)

    kept = work / "kept"
    if kept.exists():
        text = (work / "berika.toml").read_text()
        head, tail = text.split('url = "', 1)
        (work / "berika.toml").write_text(head + 'url = "' + receiver.url + tail[tail.index('"') :])
    else:
        prepare(work, labelled(files), arguments.products, arguments.seed, receiver.url)
        shutil.rmtree(work / "data", ignore_errors=True)
        say("first run")
        program("run", "--json", codes=(0, 2))
        program("decide", "import", "decisions.csv", "--json")
        program("run", "--json", codes=(0, 2))
        program("decide", "import", "more.csv", "--json")
        _, seconds, _ = program("run", "--json", codes=(0, 2))
        figures["run after 2,000 decisions, s"] = round(seconds, 1)
        shutil.copytree(work / "data", kept)
    copy_store(work, kept)
    store = work / "data/berika.sqlite"
    before, versions, unpublished = dump(store)

    seconds, memory = [], []
    for _ in range(3):
        out, took, peak = program("recategorise", "plan", "--output", "plan.json", "--report", "plan.html", "--json")
        seconds.append(took)
        memory.append(peak)
    figures["plan, s"] = [round(s, 1) for s in seconds]
    figures["plan, median s"] = round(statistics.median(seconds), 1)
    figures["plan, peak MB"] = round(max(memory))
    changed = {name: len(keys) for name, keys in differences(before, dump(store)[0]).items() if keys}
    figures["rows that planning changed"] = changed
    plan = json.loads((work / "plan.json").read_text())
    plan = plan.get("plan", plan)
    figures["moves"] = len(plan["moves"])
    figures["plan file, MB"] = round((work / "plan.json").stat().st_size / 1e6, 1)
    say(json.dumps(figures, indent=1))

    def state():
        return dump(store)

    planned = work / "planned"
    shutil.rmtree(planned, ignore_errors=True)
    shutil.copytree(work / "data", planned)

    def apply_and_revert(name, kills, rng, whole):
        copy_store(work, planned)
        receiver.seen.clear()
        done, moments = 0, []
        while done < kills:
            child = program.start("recategorise", "apply", "plan.json", "--json")
            time.sleep(rng.uniform(0.05, 0.6) * whole)
            killed = child.poll() is None
            if killed:
                child.send_signal(signal.SIGKILL)
                done += 1
            child.wait()
            child.stdout.close()
            child.stderr.close()
            if killed:
                looked = sqlite3.connect(store)
                count = lambda statement: looked.execute(statement).fetchone()[0]
                moments.append(
                    [
                        count("SELECT count(*) FROM replaced_categorisations WHERE moved"),
                        count("SELECT count(*) FROM outbox WHERE state = 'pending'"),
                        len(receiver.seen),
                    ]
                )
                looked.close()
            elif done < kills:
                # It was over before: from the beginning, so that no kill is wasted.
                moments.append("over; from the beginning")
                copy_store(work, planned)
                receiver.seen.clear()
        if kills:
            figures[f"{name}: moves made, events waiting, events received at each kill"] = moments
        out, took, peak = "", 0.0, 0.0
        out, took, peak = program("recategorise", "apply", "plan.json", "--json", codes=(0, 1, 2))
        applied = state()
        run = sqlite3.connect(store).execute("SELECT run, state FROM applications").fetchone()
        figures[f"{name}: state, kills"] = [run[1], done]
        figures[f"{name}: s (last start), peak MB"] = [round(took, 1), round(peak)]
        _, took, peak = program("recategorise", "revert", run[0], "--json", codes=(0, 2))
        figures[f"{name}: revert s, peak MB"] = [round(took, 1), round(peak)]
        reverted = state()
        differing = differences(before, reverted[0])
        differing["documents"] = [key for key in differing["documents"] if key not in unpublished]
        figures[f"{name}: rows that differ after the revert"] = {k: len(v) for k, v in differing.items()}
        figures[f"{name}: documents of products first published by the plan"] = sum(
            reverted[1][product] > 0 for product in unpublished
        )
        figures[f"{name}: events received, told twice under another id or with another body"] = [
            len(receiver.seen),
            receiver.faults(),
        ]
        told = {}
        for (product, version), _, _ in receiver.seen.values():
            told.setdefault(product, []).append(version)
        ids = dict(sqlite3.connect(store).execute("SELECT supplier || '/' || sku, id FROM products"))
        gaps = sum(
            sorted(seen) != list(range(versions.get(ids[product], 0) + 1, versions.get(ids[product], 0) + 1 + len(seen)))
            or reverted[1][ids[product]] != max(seen)
            for product, seen in told.items()
        )
        silent = sum(
            version > versions.get(product, 0) for product, version in reverted[1].items()
        ) - len(told)
        figures[f"{name}: products with a gap in what was told, products never told"] = [gaps, silent]
        say(json.dumps(figures, indent=1))
        return applied, took

    copy_store(work, planned)
    clock = time.monotonic()
    undisturbed, _ = apply_and_revert("undisturbed", 0, None, 0)
    whole = figures["undisturbed: s (last start), peak MB"][0]
    killed, _ = apply_and_revert("killed", arguments.kills, random.Random(arguments.seed), whole)
    same = differences(
        {name: undisturbed[0][name] for name in ("texts", "documents", "decisions", "audits")},
        {name: killed[0][name] for name in ("texts", "documents", "decisions", "audits")},
    )
    figures["killed and undisturbed differ after applying"] = {k: len(v) for k, v in same.items()}
    figures["whole measurement, s"] = round(time.monotonic() - clock, 1)
    print(json.dumps(figures, indent=1))


main()
