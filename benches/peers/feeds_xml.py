#!/usr/bin/env python3
"""What a user would write instead of Berika to read a large XML feed: lxml's iterparse, mapping the same fields.

    python3 feeds_xml.py make FILE --megabytes 300 --kind google|bmecat|rows     # writes a feed of random products
    python3 feeds_xml.py read FILE --kind google|bmecat|rows                     # reads it and prints rows/s and peak memory
    python3 feeds_xml.py compare FILE --kind KIND --berika target/release/examples/read [--times 3]

`compare` runs both in turn, in the same minutes, and prints the best of each. Needs lxml; `make` needs nothing. Both make of
each product what a shop needs: number, title, description without HTML, brand, GTIN with its check digit tried, price as a
decimal, category levels, pictures, properties.
"""
import argparse
import decimal
import os
import random
import re
import subprocess
import sys
import tempfile
import time

WORDS = "kanna tält säck lampa röd blå stor liten vattentät lätt stål trä ull bomull för ute inne kök bad".split()
CONFIGS = {
    "google": '[format]\ntype = "google"\n',
    "bmecat": '[format]\ntype = "bmecat"\n',
    "rows": """[format]
type = "xml"
rows = "catalog/products/product"
[fields]
sku = "@id"
title = "name"
description = "description"
brand = "brand"
gtin = "ean"
price = "price"
currency = "price/@currency"
supplier_category = { from = "category", split = ">" }
images = "images/image"
""",
}


def gtin(rng):
    digits = [rng.randrange(10) for _ in range(12)]
    total = sum(d * (3 if i % 2 else 1) for i, d in enumerate(digits))
    return "".join(map(str, digits)) + str(-total % 10)


def make(path, megabytes, kind):
    rng = random.Random(1)
    text = lambda n: " ".join(rng.choice(WORDS) for _ in range(n))
    heads = {
        "google": '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0"><channel><title>Feed</title>\n',
        "bmecat": '<?xml version="1.0" encoding="UTF-8"?>\n<BMECAT version="2005"><HEADER><CATALOG><LANGUAGE>swe</LANGUAGE><CURRENCY>SEK</CURRENCY></CATALOG></HEADER><T_NEW_CATALOG>\n',
        "rows": '<?xml version="1.0" encoding="UTF-8"?>\n<catalog><products>\n',
    }
    tails = {"google": "</channel></rss>\n", "bmecat": "</T_NEW_CATALOG></BMECAT>\n", "rows": "</products></catalog>\n"}
    with open(path, "w", encoding="utf-8") as out:
        out.write(heads[kind])
        n = written = 0
        while written < megabytes << 20:
            n += 1
            title, description, brand = text(6).capitalize(), f"<p>{text(40)}.</p><ul><li>{text(4)}</li></ul>", text(1)
            price, code = f"{rng.randrange(100, 99999) / 100:.2f}", gtin(rng)
            escaped = description.replace("<", "&lt;").replace(">", "&gt;")
            if kind == "google":
                item = f"""<item>
<g:id>A-{n}</g:id>
<g:title>{title} &amp; mer</g:title>
<g:description>{escaped}</g:description>
<g:link>https://shop.example/p/{n}</g:link>
<g:image_link>https://shop.example/i/{n}.jpg</g:image_link>
<g:additional_image_link>https://shop.example/i/{n}-2.jpg</g:additional_image_link>
<g:price>{price} SEK</g:price>
<g:availability>in stock</g:availability>
<g:brand>{brand}</g:brand>
<g:gtin>{code}</g:gtin>
<g:mpn>M{n}</g:mpn>
<g:product_type>Hem &gt; Kök &gt; Kannor</g:product_type>
<g:color>{rng.choice(WORDS)}</g:color>
<g:size>{rng.randrange(50)}</g:size>
<g:shipping><g:country>SE</g:country><g:price>49 SEK</g:price></g:shipping>
</item>
"""
            elif kind == "rows":
                item = f"""<product id="A-{n}"><name>{title} &amp; mer</name><description>{escaped}</description><brand>{brand}</brand><ean>{code}</ean>
<price currency="SEK">{price}</price><category>Hem &gt; Kök &gt; Kannor</category><images><image>https://shop.example/i/{n}.jpg</image><image>https://shop.example/i/{n}-2.jpg</image></images>
<attributes><attribute name="Färg">{rng.choice(WORDS)}</attribute><attribute name="Mått">{rng.randrange(50)}</attribute></attributes></product>
"""
            else:
                features = "".join(
                    f"<FEATURE><FNAME>Egenskap {i}</FNAME><FVALUE>{rng.randrange(500)}</FVALUE><FUNIT>MMT</FUNIT></FEATURE>"
                    for i in range(8)
                )
                item = f"""<PRODUCT><SUPPLIER_PID>A-{n}</SUPPLIER_PID><PRODUCT_DETAILS><DESCRIPTION_SHORT>{title} &amp; mer</DESCRIPTION_SHORT>
<DESCRIPTION_LONG>{escaped}</DESCRIPTION_LONG><INTERNATIONAL_PID type="gtin">{code}</INTERNATIONAL_PID><MANUFACTURER_PID>M{n}</MANUFACTURER_PID><MANUFACTURER_NAME>{brand}</MANUFACTURER_NAME></PRODUCT_DETAILS>
<PRODUCT_FEATURES>{features}</PRODUCT_FEATURES><PRODUCT_PRICE_DETAILS><PRODUCT_PRICE price_type="net_list"><PRICE_AMOUNT>{price}</PRICE_AMOUNT><PRICE_CURRENCY>SEK</PRICE_CURRENCY></PRODUCT_PRICE></PRODUCT_PRICE_DETAILS>
<MIME_INFO><MIME><MIME_TYPE>image/jpeg</MIME_TYPE><MIME_SOURCE>https://shop.example/i/{n}.jpg</MIME_SOURCE></MIME></MIME_INFO></PRODUCT>
"""
            written += len(item.encode())
            out.write(item)
        out.write(tails[kind])


G = "{http://base.google.com/ns/1.0}"


def plain(text):
    """A text without HTML, by the quickest means there is."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text or "")).strip()


def checked(code):
    digits = [int(c) for c in (code or "") if c.isdigit()]
    good = len(digits) in (8, 12, 13, 14) and sum(d * (3 if i % 2 else 1) for i, d in enumerate(reversed(digits))) % 10 == 0
    return "".join(map(str, digits)).zfill(14) if good else None


def google(item):
    text = item.findtext
    details = {c.tag[len(G):]: c.text for c in item if c.tag in (G + "color", G + "size")}
    amount, currency = text(G + "price").split()
    return dict(
        sku=text(G + "id").strip(), title=plain(text(G + "title")), description=plain(text(G + "description")),
        brand=text(G + "brand"), mpn=text(G + "mpn"), gtin=checked(text(G + "gtin")), price=decimal.Decimal(amount),
        currency=currency, category=[part.strip() for part in text(G + "product_type").split(">")],
        images=[c.text for c in item if c.tag in (G + "image_link", G + "additional_image_link")], attributes=details,
    )


def rows(item):
    text = item.findtext
    return dict(
        sku=item.get("id"), title=plain(text("name")), description=plain(text("description")), brand=text("brand"),
        gtin=checked(text("ean")), price=decimal.Decimal(text("price")), currency=item.find("price").get("currency"),
        category=[part.strip() for part in text("category").split(">")], images=[i.text for i in item.iterfind("images/image")],
        attributes={a.get("name"): a.text for a in item.iterfind("attributes/attribute")},
    )


def bmecat(item):
    text = item.findtext
    price = item.find("PRODUCT_PRICE_DETAILS/PRODUCT_PRICE")
    features = item.iterfind("PRODUCT_FEATURES/FEATURE")
    return dict(
        sku=text("SUPPLIER_PID"), title=plain(text("PRODUCT_DETAILS/DESCRIPTION_SHORT")),
        description=plain(text("PRODUCT_DETAILS/DESCRIPTION_LONG")), brand=text("PRODUCT_DETAILS/MANUFACTURER_NAME"),
        mpn=text("PRODUCT_DETAILS/MANUFACTURER_PID"), gtin=checked(text("PRODUCT_DETAILS/INTERNATIONAL_PID")),
        price=decimal.Decimal(price.findtext("PRICE_AMOUNT")), currency=price.findtext("PRICE_CURRENCY"),
        images=[m.text for m in item.iterfind("MIME_INFO/MIME/MIME_SOURCE")],
        attributes={f.findtext("FNAME"): f"{f.findtext('FVALUE')} {f.findtext('FUNIT')}" for f in features},
    )


def read(path, kind):
    from lxml import etree

    tag, product = {"google": ("item", google), "rows": ("product", rows), "bmecat": ("PRODUCT", bmecat)}[kind]
    start, count = time.perf_counter(), 0
    for _, item in etree.iterparse(path, events=("end",), tag=tag, huge_tree=True):
        product(item)
        count += 1
        item.clear()
        while item.getprevious() is not None:
            del item.getparent()[0]
    print(f"{count} rows, {count / (time.perf_counter() - start):.0f} rows/s")


def timed(command):
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{command} failed")
    return time.perf_counter() - start, usage.ru_maxrss / 1024, output.strip().splitlines()[-1]


def compare(path, kind, berika, times):
    with tempfile.NamedTemporaryFile("w", suffix=".toml") as config:
        config.write(CONFIGS[kind])
        config.flush()
        commands = {
            "berika": [berika, config.name, path],
            "lxml": [sys.executable, __file__, "read", path, "--kind", kind],
        }
        best = {}
        for _ in range(times):
            for name, command in commands.items():
                seconds, peak, line = timed(command)
                print(f"{name:7} {seconds:7.2f} s  {peak:6.0f} MB  {line}", flush=True)
                best[name] = min(best.get(name, (seconds, peak)), (seconds, peak))
    size = os.path.getsize(path) / (1 << 20)
    for name, (seconds, peak) in best.items():
        print(f"best {name:7} {seconds:7.2f} s  {size / seconds:6.0f} MB/s  {peak:6.0f} MB peak")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("action", choices=["make", "read", "compare"])
    parser.add_argument("file")
    parser.add_argument("--kind", choices=list(CONFIGS), required=True)
    parser.add_argument("--megabytes", type=int, default=300)
    parser.add_argument("--berika", default="target/release/examples/read")
    parser.add_argument("--times", type=int, default=3)
    args = parser.parse_args()
    if args.action == "make":
        make(args.file, args.megabytes, args.kind)
    elif args.action == "read":
        read(args.file, args.kind)
    else:
        compare(args.file, args.kind, args.berika, args.times)


if __name__ == "__main__":
    main()
