#!/usr/bin/env python3
"""Looks for statements in described texts that nobody made of the product. Shares nothing with the program it checks.

    python3 benches/check_texts.py PRODUCTS.jsonl TEXTS.jsonl [--json FILE] [--examples 20]
    python3 benches/check_texts.py --self-test

PRODUCTS has a product a line (id, title, brand, gtin, description, attributes, language, category, perhaps facts); TEXTS is what
`berika describe` writes, a line for each product and language (id, language, title, short, long, seo_title,
seo_description, sentences). Every number must be in the product's own fields in the same or a converted unit, every
claim in its title, brand or attributes in any of the five languages.

The exit status is 1 where anything unsupported, or a leak of prompt, markup or hidden characters, was found. Length, language,
missing source fields and skeletons are reported beside.
"""
import argparse
import collections
import json
import pathlib
import re
import sys

from texts import words
from texts.checks import LIMITS, check_text, fragment
from texts.patterns import CERTIFICATIONS, CLAIMS, SUBSTANCES
from texts.product import Product
from texts.quantities import UNITS, Quantity, plain, quantities, same, words_to_digits

FATAL = ("number", "unit", "property", "certification", "allergen", "allergen not verbatim", "free from", "diet", "nutrition",
         "health", "green", "safety", "performance", "promise", "colour", "material", "origin", "use", "name", "leak", "hidden")


def check_line(line, product):
    language = {"nb": "no", "nn": "no"}.get(line.get("language"), line.get("language"))
    for part in LIMITS:
        raw = line.get(part)
        if raw:
            for kind, what in check_text(part, raw, language, product):
                yield kind, part, what
    stated = line.get("sentences") or []
    if any(line.get(part) for part in LIMITS) and not stated:
        yield "fields", "sentences", "none"
    for sentence in stated:
        if not str(sentence.get("text") or "").strip() or not sentence.get("fields"):
            yield "fields", sentence.get("part", "?"), f"no source fields: {str(sentence.get('text'))[:80]}"
        if sentence.get("part") in ("short", "long", "seo_description") and fragment(str(sentence.get("text"))):
            yield "fragment", sentence["part"], str(sentence["text"])[:80]
    for part in ("short", "long"):
        whole = re.sub(r"\W", "", str(line.get(part) or ""))
        for sentence in (one for one in stated if one.get("part") == part):
            whole = whole.replace(re.sub(r"\W", "", str(sentence.get("text") or "")), "", 1)
        if whole and stated and any(one.get("part") == part for one in stated):
            yield "fields", part, f"text beside the sentences: {whole[:60]}"


def skeleton(line, product):
    text = plain(str(line.get("short") or "")).casefold()
    return re.sub(r"(?:_\W*)+", "_ ", " ".join("_" if re.search(r"\d", word) or word in product.words else word for word in re.findall(r"\w+|[.,:;]", text)))


def coverage(line, product):
    """Facts of a labelled product that the texts of a line state: (stated, known)."""
    language = line.get("language")
    text = plain("\n".join(str(line.get(part) or "") for part in LIMITS))
    lower = text.casefold()
    said = quantities(words_to_digits(text, [language]), language)
    stated = known = 0
    for fact in product.row.get("facts") or []:
        if fact.get("optional"):
            continue
        known += 1
        value = fact["value"]
        unit = UNITS.get(fact.get("unit"))
        numbers = [float(number) for number in re.findall(r"\d+(?:\.\d+)?", value)] if unit else []
        tables = [table[0] for table in SUBSTANCES.values()] + [CLAIMS["diet"]]
        worded = [by[language] for table in tables for key, by in table.items() if language in by and key in value.replace("united kingdom", "uk")]
        if numbers and fact["type"] not in ("care", "size", "material"):
            stated += all(any(one.value is not None and (abs(one.value - number) < 1e-9 or same(one, Quantity(number, unit, "", 0, 0))) for one in said) for number in numbers)
        elif fact["type"] == "care":
            stated += all(any(str(int(one.value)) == care[-2:] for one in said if one.value) if care[-1:].isdigit() else re.search(words.CARE[care], lower)
                          for care in value.split(";"))
        elif plain(value).casefold() in lower:
            stated += 1
        elif worded:
            stated += any(pattern.search(lower) for pattern in worded)
        else:
            stated += any(pattern.search(lower) and pattern.search(product.told) for pattern in CERTIFICATIONS.values()) and fact["type"] == "certification"
    return stated, known


def read(path):
    with open(path, encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                try:
                    yield json.loads(line)
                except json.JSONDecodeError as error:
                    sys.exit(f"{path}, line {number}: {error}")


def report(products_file, texts_file):
    products = {str(row["id"]): Product(row) for row in read(products_file)}
    kinds, texts, languages = collections.Counter(), 0, collections.Counter()
    bad_lines, examples, skeletons = set(), [], collections.Counter()
    described, generators, stated, known, unknown = set(), collections.Counter(), 0, 0, []
    for line in read(texts_file):
        product = products.get(str(line["id"]))
        if product is None:
            unknown.append(line["id"])
            continue
        if not any(line.get(part) for part in LIMITS):
            continue
        texts += 1
        languages[line["language"]] += 1
        generators[str(line.get("generator"))] += 1
        described.add(str(line["id"]))
        for kind, part, what in check_line(line, product):
            kinds[kind] += 1
            if kind in FATAL:
                bad_lines.add((line["id"], line["language"]))
            examples.append({"id": line["id"], "language": line["language"], "kind": kind, "part": part, "what": what})
        if line.get("short"):
            skeletons[line["language"], skeleton(line, product)] += 1
        one, all_of = coverage(line, product)
        stated, known = stated + one, known + all_of
    unsupported = sum(count for kind, count in kinds.items() if kind in FATAL)
    largest = skeletons.most_common(1)
    return {
        "products": len(products), "described": len(described), "texts": texts, "languages": dict(languages), "generators": dict(generators),
        "unsupported": unsupported, "texts_with_unsupported": len(bad_lines), "unsupported_per_100_texts": round(100 * unsupported / texts, 3) if texts else None,
        "kinds": dict(kinds.most_common()), "unknown_products": len(unknown),
        "largest_skeleton": {"texts": largest[0][1], "language": largest[0][0][0], "skeleton": largest[0][0][1][:300]} if largest else None,
        "distinct_skeletons": len(skeletons), "fact_coverage": round(stated / known, 4) if known else None, "problems": examples,
    }


def self_test():
    from texts.cases import HONEST, INVENTED, PRODUCTS
    wrong = []
    products = {name: Product(row) for name, row in PRODUCTS.items()}
    for name, language, text in HONEST:
        problems = list(check_text("long", text, language, products[name]))
        if problems:
            wrong.append(f"false alarm, {name} {language}: {text!r}: {problems}")
    for name, language, text, kind in INVENTED:
        problems = list(check_text("long", text, language, products[name]))
        kinds = {found for found, _ in problems}
        if kind not in kinds and not ({kind, *kinds} >= {"number", "unit"}):
            wrong.append(f"missed {kind}, {name} {language}: {text!r}: {problems}")
    for message in wrong:
        print(message)
    print(f"{len(HONEST)} honest and {len(INVENTED)} invented texts, {len(wrong)} judged wrongly")
    return 1 if wrong else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("products", type=pathlib.Path, nargs="?")
    parser.add_argument("texts", type=pathlib.Path, nargs="?")
    parser.add_argument("--json", type=pathlib.Path, help="write the report, all problems included")
    parser.add_argument("--examples", type=int, default=20, help="problems of each kind to print (default 20)")
    parser.add_argument("--self-test", action="store_true")
    options = parser.parse_args()
    if options.self_test:
        return self_test()
    if not options.texts:
        parser.error("name the products and the texts, or --self-test")
    summary = report(options.products, options.texts)
    if options.json:
        options.json.write_text(json.dumps(summary, ensure_ascii=False, indent=1), encoding="utf-8")
    problems = summary.pop("problems")
    shown = collections.Counter()
    for problem in problems:
        shown[problem["kind"]] += 1
        if shown[problem["kind"]] <= options.examples:
            print(f"{problem['id']} {problem['language']} {problem['part']}: {problem['kind']}: {problem['what']}")
    print(json.dumps(summary, ensure_ascii=False, indent=1))
    return 1 if summary["unsupported"] or not summary["texts"] else 0


if __name__ == "__main__":
    sys.exit(main())
