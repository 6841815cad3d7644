#!/usr/bin/env python3
"""A supplier's CSV read and mapped with polars, for comparison with `berika-feeds`.

    python benches/peers/feeds_csv.py make FILE [ROWS]     writes a semicolon-separated feed of ROWS rows (a million)
    python benches/peers/feeds_csv.py read FILE [TIMES]    reads and maps it TIMES times (3), prints rows per second

The same file through Berika, with the mapping that `make` prints:

    cargo run --release -p berika-feeds --example read -- FEED.toml FILE

Both give the same fields: trimmed texts, the description without HTML, the price with a decimal comma, the stock as a
number, and the GTIN where its check digit fits. Berika says beside that where each value stands; polars does not.
Needs polars (`pip install polars`); polars uses all cores.
"""

import random
import sys
import time

MAPPING = """\
[format]
type = "csv"
delimiter = ";"
decimal_comma = true
[fields]
sku = "Artikelnr"
title = "Benämning"
brand = "Varumärke"
gtin = "EAN"
description = "Text"
supplier_category = { from = "Varugrupp", split = "/" }
price = "Pris"
stock = "Saldo"
currency = { constant = "SEK" }
attributes = ["Färg"]
"""

COLUMNS = ["Artikelnr", "Benämning", "Varumärke", "EAN", "Text", "Varugrupp", "Pris", "Saldo", "Färg"]
WORDS = "kanna rostfri köksmaskin brödrost stål liter lampa sladd hylla ek vit svart grå stor liten mellan".split()
COLOURS = ["Röd", "Blå", "Grön", "Svart", "Vit", ""]


def check_digit(body: str) -> int:
    return -sum(int(digit) * (1 if place % 2 == 0 else 3) for place, digit in enumerate(body)) % 10


def make(path: str, rows: int) -> None:
    """Writes the feed: one description in four holds HTML, one GTIN in fifty is wrong."""
    chance = random.Random(7)
    with open(path, "w", encoding="utf-8") as out:
        out.write(";".join(COLUMNS) + "\n")
        for row in range(rows):
            words = " ".join(chance.choice(WORDS) for _ in range(12))
            body = f"73{chance.randrange(10**10):010d}"
            digit = (check_digit(body) + (chance.random() < 0.02)) % 10
            text = f"<p>{words} <b>{row % 9} l</b></p>" if row % 4 == 0 else words
            out.write(
                f"A{row:07d}; {words[:40]} ;Märke {row % 300};{body}{digit};{text};Hem/Kök/Grupp {row % 40};"
                f"{chance.randrange(10, 9000)},{chance.randrange(100):02d};{chance.randrange(500)};"
                f"{chance.choice(COLOURS)}\n"
            )
    print(MAPPING)


def read(path: str):
    import polars as pl

    text = {name: pl.String for name in COLUMNS}
    table = pl.scan_csv(path, separator=";", schema_overrides=text, infer_schema=False)
    # An odd place counts once, an even one three times, and their sum is a multiple of ten.
    digits = [pl.col("EAN").str.slice(place, 1).cast(pl.Int32, strict=False) for place in range(13)]
    weighed = sum(digit * (1 if place % 2 == 0 else 3) for place, digit in enumerate(digits))
    sound = (pl.col("EAN").str.len_bytes() == 13) & (weighed % 10 == 0)
    return table.select(
        sku=pl.col("Artikelnr").str.strip_chars(),
        title=pl.col("Benämning").str.strip_chars(),
        brand=pl.col("Varumärke").str.strip_chars(),
        gtin=pl.when(sound).then(pl.col("EAN")),
        description=pl.col("Text").str.replace_all(r"<[^>]*>", " ").str.replace_all(r"\s+", " ").str.strip_chars(),
        category=pl.col("Varugrupp").str.split("/"),
        price=pl.col("Pris").str.replace(",", ".").cast(pl.Decimal(12, 2), strict=False),
        stock=pl.col("Saldo").cast(pl.Decimal(12, 2), strict=False),
        colour=pl.col("Färg").str.strip_chars(),
    ).collect()


def main() -> None:
    match sys.argv[1:]:
        case ["make", path, *rows]:
            make(path, int(rows[0]) if rows else 1_000_000)
        case ["read", path, *times]:
            for _ in range(int(times[0]) if times else 3):
                start = time.perf_counter()
                table = read(path)
                seconds = time.perf_counter() - start
                gtins = table["gtin"].drop_nulls().len()
                print(f"{table.height} rows, {gtins} GTINs, {seconds:.2f} s, {table.height / seconds:.0f} rows/s")
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
