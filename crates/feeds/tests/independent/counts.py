"""Counts what a supplier's file holds, with nothing of Berika's: only Python's own csv and XML readers.

    python3 counts.py FOLDER

prints one JSON line a file: rows, products, variants, reported, gtins (products or variants whose GTIN has a right
check digit), images, and attributes (named properties). The test `real_feeds` compares them with what the reader finds.
"""

import csv
import json
import os
import re
import sys
import xml.etree.ElementTree as ET


def right_gtin(text):
    digits = text.strip()
    if not digits.isdigit() or len(digits) not in (8, 12, 13, 14):
        return False
    total = sum(int(d) * (3 if i % 2 == 0 else 1) for i, d in enumerate(reversed(digits[:-1])))
    return (10 - total % 10) % 10 == int(digits[-1])


def table(path, delimiter):
    with open(path, encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file, delimiter=delimiter))
    header, body = rows[0], [row for row in rows[1:] if any(cell.strip() for cell in row)]
    return header, [dict(zip(header, row)) for row in body]


def plain_table(path, delimiter, key, title):
    _, rows = table(path, delimiter)
    good = [row for row in rows if row[key].strip() and row[title].strip()]
    return dict(rows=len(rows), products=len({row[key] for row in good}), variants=0,
                reported=len(rows) - len(good), gtins=0)


def shopify(path):
    _, rows = table(path, ",")
    handles, variants, gtins, images = {}, 0, 0, {}
    for row in rows:
        handles.setdefault(row["Handle"].strip(), row)
    # What is a draft, archived or not published is not for sale: one report for the product, none of it is stored.
    for_sale = lambda row: (row["Status"] == "active" if "Status" in row else row["Published"].lower() == "true")
    sold = {handle for handle, row in handles.items() if handle and row["Title"].strip() and for_sale(row)}
    for row in rows:
        handle = row["Handle"].strip()
        if handle not in sold:
            continue
        # A row that sells something has a price or an option's value; the others only add a picture.
        if row["Variant Price"].strip() or row["Option1 Value"].strip():
            variants += 1
            gtins += right_gtin(row["Variant Barcode"])
        for column in ("Image Src", "Variant Image"):
            if row[column].strip():
                images.setdefault(handle, set()).add(row[column].strip())
    return dict(rows=len(rows), products=len(sold), variants=variants, reported=len(handles) - len(sold), gtins=gtins,
                images=sum(len(found) for found in images.values()))


def strip_namespaces(root):
    for element in root.iter():
        element.tag = element.tag.rsplit("}", 1)[-1]
    return root


def tree(path):
    return strip_namespaces(ET.parse(path).getroot())


def google_items(path):
    """Each item by itself, so that one that is not well-formed takes no other along; None for such a one."""
    text = re.sub(r"&(?!#?\w+;)", "&amp;", open(path, encoding="utf-8-sig").read())
    for block in re.findall(r"<(?:item|entry)[ >].*?</(?:item|entry)>", text, re.S):
        try:
            yield strip_namespaces(ET.fromstring(f'<x xmlns:g="g">{block}</x>'))[0]
        except ET.ParseError:
            yield None


def google(path):
    items = list(google_items(path))
    first = lambda item, name: next(((e.text or "").strip() for e in item if e.tag == name), "")
    good = [item for item in items if item is not None and first(item, "id") and (first(item, "title") or first(item, "gtin"))]
    images = sum(len({e.text.strip() for e in item
                      if e.tag in ("image_link", "additional_image_link") and (e.text or "").strip()})
                 for item in good)
    return dict(rows=len(items), products=len({first(item, "id") for item in good}), variants=0,
                reported=len(items) - len(good), gtins=sum(right_gtin(first(item, "gtin")) for item in good),
                images=images)


def bmecat(path):
    root = tree(path)
    items = [item for item in root.iter() if item.tag in ("PRODUCT", "ARTICLE")]
    text = lambda item, *names: next(
        ((e.text or "").strip() for e in item.iter() if e.tag in names and (e.text or "").strip()), "")
    prices_only = any(e.tag == "T_UPDATE_PRICES" for e in root)
    named = lambda item: text(item, "DESCRIPTION_SHORT") or text(item, "EAN", "INTERNATIONAL_PID")
    good = [item for item in items if text(item, "SUPPLIER_PID", "SUPPLIER_AID") and (prices_only or named(item))]
    return dict(rows=len(items), products=len({text(item, "SUPPLIER_PID", "SUPPLIER_AID") for item in good}),
                variants=0, reported=len(items) - len(good),
                gtins=sum(right_gtin(text(item, "EAN", "INTERNATIONAL_PID")) for item in good))


def look(path):
    name = os.path.basename(path)
    if name.startswith("shopify"):
        return shopify(path)
    if name.endswith(".tsv"):
        return plain_table(path, "\t", "Artikelnummer", "Kurzbez.")
    if "bmecat" in name.lower():
        return bmecat(path)
    return google(path)


if __name__ == "__main__":
    csv.field_size_limit(1 << 30)
    for name in sorted(os.listdir(sys.argv[1])):
        print(json.dumps({"file": name, **look(os.path.join(sys.argv[1], name))}))
