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
from texts.quantities import HIDDEN, Quantity, UNITS, plain, quantities, same, total, words_to_digits

LIMITS = {"title": 150, "short": 700, "long": 4000, "seo_title": 60, "seo_description": 160}
FATAL = ("number", "unit", "property", "certification", "allergen", "allergen not verbatim", "free from", "diet", "nutrition",
         "health", "green", "safety", "performance", "promise", "colour", "material", "origin", "use", "name", "leak", "hidden")
INJECTION = re.compile(
    r"ignore (?:all )?(?:previous|prior)|bortse från|ignorera (?:alla )?tidigare|ignorer(?:er)? (?:alle )?tidligere|ignoriere? (?:alle )?vorherige"
    r"|<\|im_start|system prompt|previous instructions", re.IGNORECASE)
NO = {"nej", "nei", "no", "nein", "false", "0", "-", "n/a", "unknown", "none", "ei", "nicht", "falsch", "ingen", "keine"}
NEGATED = re.compile(r"(?:\bnot|\bnicht|\bkeine?|\binte|\bej|\bikke|\bno|\bnon)[\s-]+(?:\w+\s+){0,1}$")
COUNTED = re.compile(r"antal|antall|anzahl|stück|quantity|pieces|pack|pk|delar|dele|deler|teile|sheets|blatt|ark|karten|cards|kort|ve\b|count|kolli|bitar|brikker|biter")
BORING_FREE = re.compile(r"rost|rust|tråd|sladd|kabel|snur|ledning|wire|cord|oil|olje|olie|öl|hands|duty|care|stryk|stell|underhåll|wartungs|bügel|knitter|barriere|luft|bly(?!\w)")


def within(pattern):
    return re.compile(rf"(?<![^\W_])(?:{pattern.replace('ß', 'ss')})(?![^\W_])")


def loosely(pattern):
    """Alternatives in compounds too, the short ones only where a word begins."""
    parts, depth, current = [], 0, ""
    for letter in pattern.replace("ß", "ss"):
        depth += (letter == "(") - (letter == ")")
        if letter == "|" and depth == 0:
            parts.append(current)
            current = ""
        else:
            current += letter
    parts.append(current)
    loose = []
    for part in parts:
        literal = re.match(r"\w*", part)[0]
        loose.append(part if len(literal) >= 4 else rf"(?<![^\W_])(?:{part})" if len(literal) == 3 else rf"(?<![^\W_])(?:{part})(?![^\W_])")
    return re.compile("|".join(loose))


def compiled(table, how=within):
    return {key: {language: how(pattern) for language, pattern in by.items()} for key, by in table.items()}


ALLERGENS, ALLERGENS_LOOSE = compiled(words.ALLERGENS), compiled(words.ALLERGENS, loosely)
SUBSTANCES = {kind: (compiled(table), compiled(table, loosely)) for kind, table in
              (("colour", words.COLOURS), ("material", words.MATERIALS), ("origin", words.COUNTRIES), ("use", words.USES))}
CERTIFICATIONS = {key: within(pattern) for key, pattern in words.CERTIFICATIONS.items()}
CLAIMS = {kind: compiled(table) for kind, table in words.CLAIMS.items()}
ANY_CLAIM = {(kind, language): within("|".join(by[language] for by in table.values()))
             for kind, table in words.CLAIMS.items() for language in words.LANGUAGES}
DECLARES = {language: within(pattern) for language, pattern in words.DECLARES.items()}
MAY_CONTAIN = {language: within(pattern) for language, pattern in words.MAY_CONTAIN.items()}
LEAKS = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in words.LEAKS.items()}
FREE = {key: {language: (within(rf"(?:{words.WITHOUT[language]})(?: \w+){{0,2}}? (?:{stem})"),
                         within(rf"(?:{stem})s?e?n?[- ]?(?:{words.FREE_SUFFIX[language]})"))
              for language, stem in by.items()} for key, by in words.FREE_OF.items()}
OTHERS = within(words.OTHERS)
ANY_FREE = {language: re.compile(rf"(?<!\w)(?:{words.WITHOUT[language]})(?!\w)|(?:{words.FREE_SUFFIX[language]})(?!\w)") for language in words.LANGUAGES}
SUFFIXED = {language: re.compile(rf"(?<!\w)([^\W\d_]{{2,}})-?(?:{words.FREE_SUFFIX[language]})(?!\w)") for language in words.LANGUAGES}


def flat(text):
    """Words only, so that a claim broken over two sentences is one again."""
    return " " + re.sub(r"[^\w%-]+|(?<!\w)-|-(?!\w)", " ", text).strip() + " "


class Product:
    """What one product's own fields say."""

    def __init__(self, row):
        self.row = row
        self.language = row.get("language")
        if self.language == "nb":
            self.language = "no"
        attributes = {plain(str(name)): plain(str(value)) for name, value in (row.get("attributes") or {}).items()}
        self.fields = {name: plain(str(row[name])) for name in ("title", "brand", "description", "mpn") if row.get(name)}
        self.fields |= {f"attributes.{name}": value for name, value in attributes.items()}
        category = row.get("category") or []
        self.categories = [plain(str(name)) for name in (category.values() if isinstance(category, dict) else category)]
        evidence = [self.fields.get("title", ""), self.fields.get("brand", "")]
        evidence += [f"{name}: {value}" for name, value in attributes.items() if value.strip().casefold() not in NO]
        self.evidence = [text.casefold() for text in evidence if text and not INJECTION.search(text)]
        told = [text for text in self.fields.values() if not INJECTION.search(text)] + list(attributes) + self.categories
        self.told = "\n".join(told).casefold()
        self.own_words = "\n".join(told[:len(told) - len(self.categories)]).casefold()
        self.materials = re.sub(r"baumwoll\w*|bomull\w*|bomuld\w*", "cotton", re.sub(r"\w*klæde\w*", "cloth", self.told))
        self.flat_evidence = "\n".join(flat(text) for text in self.evidence)
        self.squeezed = re.sub(r"[\s-]", "", "\n".join(self.fields.values()).casefold())
        self.words = set(re.findall(r"\w+", self.told))
        self.known = {}
        self.quantities = self._quantities()

    def _quantities(self):
        found = []
        languages = [self.language] if self.language in words.LANGUAGES else ["sv", "de", "en"]
        for field, text in self.fields.items():
            if INJECTION.search(text) and field != "title":
                continue
            for reading in {text, words_to_digits(text, languages)}:
                for wide in (True, False):
                    found += [(quantity, field) for quantity in quantities(reading, self.language, wide)]
            if field.startswith("attributes."):
                found += [(quantity, field) for quantity in quantities(field[11:], self.language)]
                named = [UNITS[word] for word in re.findall(r"[\w/%°]+", field[11:]) if word in UNITS and word not in ("in", "s", "t", "p", "A", "set")]
                named += [UNITS[word.casefold()] for word in re.findall(r"\w+", field[11:]) if len(word) > 3 and word.casefold() in UNITS]
                for quantity, _ in [pair for pair in found if pair[1] == field and pair[0].unit is None]:
                    found += [(quantity._replace(unit=unit), field) for unit in named]
        gtin = str(self.row.get("gtin") or "")
        if gtin:
            found.append((Quantity(float(gtin), None, gtin, 0, 0), "gtin"))
        return found

    def supports(self, quantity):
        """None where the product states the quantity, else whether the number itself or its unit is made up."""
        if quantity.value is None:
            if re.sub(r"[\s-]", "", quantity.text) in self.squeezed:
                return None
            inner = re.search(r"\d.*", quantity.text)
            parts = [part for part in quantities(inner[0], self.language) if part.value is not None] if inner else []
            return None if parts and parts[0].unit and all(self.supports(part) is None for part in parts) else "number"
        value_seen = False
        for own, field in self.quantities:
            if own.value is None:
                continue
            equal = abs(own.value - quantity.value) < 1e-9
            value_seen |= equal
            if quantity.unit is None or quantity.unit[0] == "code":
                aged = own.unit and own.unit[0] == "time" and re.search(r"age|ålder|alder|alter", field.casefold())
                if equal and (own.unit is None or aged or own.unit[0] in ("count", "code", "per", "temperature")):
                    return None
            elif same(quantity, own):
                return None
            elif equal and quantity.unit[0] == "count" and own.unit is None and (field == "title" or COUNTED.search(field.casefold())):
                return None
            elif equal and quantity.unit[0] == "temperature" and own.unit is None and re.search(r"wash|tvätt|vask|wasch|care|pflege", (field + self.fields.get(field, "")).casefold()):
                return None
        return "unit" if value_seen else "number"

    def claims(self, key, patterns):
        """Whether title, brand or attributes make the claim, in any language, and do not deny it."""
        if key not in self.known:
            self.known[key] = any(not NEGATED.search(text[:found.start()][-40:])
                                  for pattern in patterns for text in self.evidence for found in pattern.finditer(text))
        return self.known[key]

    def tells(self, key, patterns):
        if key not in self.known:
            text = self.materials if key[0] == "material" else self.told
            self.known[key] = any(pattern.search(text) for pattern in patterns)
        return self.known[key]


def sentences_of(text):
    return [part.strip() for part in re.split(r"(?<=[.!?])\s+(?=\W*[A-ZÅÄÖÆØÜ0-9])|\n+", text) if part.strip()]


def check_numbers(text, language, product):
    text = words_to_digits(text, [language])
    tight = quantities(text, language, wide=False)
    for quantity in quantities(text, language):
        if total(quantity):
            continue
        cause = product.supports(quantity)
        if cause and re.search(r"\d[ \u00a0\u202f]\d", quantity.text):
            parts = [other for other in tight if quantity.start <= other.start and other.end <= quantity.end and not total(other)]
            if parts and all(product.supports(other) is None for other in parts):
                cause = None
        if cause:
            yield cause, text[quantity.start:quantity.end].strip()


def check_properties(text, language, product):
    """A true number under another property's name: a weight called width, a height called width."""
    named = {name: re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE) for name, (_, pattern) in words.PROPERTIES.items()}
    for quantity in quantities(text, language):
        if quantity.unit is None or quantity.unit[0] in ("count", "code", "money") or total(quantity) or "x" in text[quantity.start:quantity.end]:
            continue
        told = None
        after = re.match(r"\s?(\w+)", text[quantity.end:])
        for name, adjectives in words.PROPERTY_ADJECTIVES.items():
            if after and re.fullmatch(adjectives, after[1], re.IGNORECASE):
                told = name
        if told is None:
            before = re.search(r"[^\d.;,!?\n]{0,30}$", text[:quantity.start])[0]
            nearest = [(found.end(), name) for name, pattern in named.items() for found in pattern.finditer(before)]
            told = max(nearest)[1] if nearest else None
        if told is None:
            continue
        shown = text[max(0, quantity.start - 25):quantity.end + 10].strip()
        if told in words.PROPERTIES and quantity.unit[0] not in words.PROPERTIES[told][0].split() + ["percent", "temperature"]:
            yield "property", shown
        elif told in words.NAME_OF_PROPERTY and quantity.unit[0] == "length":
            fields = [field for own, field in product.quantities if same(quantity, own)]
            other = [field for field in fields if any(re.search(pattern, field.casefold()) for name, pattern in words.NAME_OF_PROPERTY.items() if name != told)
                     and not re.search(words.NAME_OF_PROPERTY[told], field.casefold())]
            own = [(one, field) for one, field in product.quantities if one.unit and one.unit[0] == "length" and field.startswith("attributes.")
                   and re.search(words.NAME_OF_PROPERTY[told], field.casefold())]
            if fields and (len(other) == len(fields) or own and other and not any(same(quantity, one) for one, _ in own)):
                yield "property", shown


def check_words(text, language, product):
    lower = text.casefold()
    one_line = flat(lower)
    for key, pattern in CERTIFICATIONS.items():
        for found in pattern.finditer(lower):
            if not (key == "krav" and re.fullmatch(r"krav", found[0]) and "KRAV" not in text) and not product.claims(("certification", key), [pattern]):
                yield "certification", found[0]
            else:
                lower = lower.replace(found[0], " ")
    lower = re.sub(r"(?<=  )[\s-]*(?:\w*zertifizier\w*|certifi\w*|certificer\w*|sertifis\w*|godkän\w*|godken\w*|approved|geprüft\w*|label\w*)", " ", lower)
    one_line = flat(lower)
    own = (language, "en") if language != "en" else ("en",)
    for kind, concepts in CLAIMS.items():
        for spoken in own if kind in ("diet", "nutrition", "health", "green") else own[:1]:
            if not ANY_CLAIM[kind, spoken].search(lower) and not ANY_CLAIM[kind, spoken].search(one_line):
                continue
            for key, by in concepts.items():
                found = by[spoken].search(lower) or by[spoken].search(one_line)
                if found and not product.claims((kind, key), by.values()):
                    yield kind, found[0]
    if ANY_FREE[language].search(one_line):
        known = set()
        for key, by in FREE.items():
            found = next((hit for pattern in by[language] if (hit := pattern.search(one_line))), None)
            if found:
                known.update(re.findall(r"\w+", found[0]))
                patterns = [pattern for pair in by.values() for pattern in pair]
                if not any(pattern.search(line) for pattern in patterns for line in product.flat_evidence.split("\n")):
                    yield "free from", found[0]
        for found in SUFFIXED[language].finditer(lower):
            if not BORING_FREE.search(found[1]) and not any(word.startswith(found[1]) or found[1].startswith(word) for word in known) and found[0] not in product.told:
                yield "free from", found[0]
    for found in OTHERS.finditer(lower):
        if found[0] not in product.told:
            yield "name", found[0]
    for kind, (tight, loose) in SUBSTANCES.items():
        for key, by in tight.items():
            found = by[language].search(lower) or (kind == "origin" and by["en"].search(lower))
            if found and not product.tells((kind, key), loose[key].values()):
                yield kind, found[0]


def check_allergens(text, language, product):
    spoken = (language, "en") if language != "en" else ("en",)
    for sentence in sentences_of(text):
        lower = sentence.casefold()
        declared = DECLARES[language].search(lower)
        for key, by in ALLERGENS.items():
            for tongue in spoken:
                found = by[tongue].search(lower)
                if not found:
                    continue
                if not product.tells(("allergen", key), ALLERGENS_LOOSE[key].values()):
                    yield "allergen", f"{found[0]}: {sentence[:80]}"
                elif declared and found[0] not in product.own_words:
                    yield "allergen not verbatim", f"{found[0]}: {sentence[:80]}"
                if MAY_CONTAIN[tongue].search(lower) and not any(pattern.search(product.told) for pattern in MAY_CONTAIN.values()):
                    yield "allergen", f"may contain: {sentence[:80]}"


def check_form(raw, text):
    for name, pattern in LEAKS.items():
        found = pattern.search(raw) or pattern.search(text)
        if found:
            yield "leak", f"{name}: {found[0]}"
    if HIDDEN.search(raw) or re.search("[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffd\ue000-\uf8ff]", raw):
        yield "hidden", "characters that cannot be seen"
    for word in re.findall(r"[^\W\d_]+", raw):
        if re.search("[A-Za-z]", word) and re.search("[\u0370-\u03bb\u03bd-\u03ff\u0400-\u04ff]", word):
            yield "hidden", f"mixed scripts: {word}"
    if re.search("[\u0590-\u06ff\u0900-\u0dff\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af\u0400-\u04ff]{2,}", raw):
        yield "language", "another script"


def speaks(text, language, product):
    """Which other language a text is plainly in, or None; what the supplier wrote word for word aside."""
    for field in product.fields.values():
        if len(field) >= 10:
            text = text.replace(field, " ")
    tokens = [word for word in re.findall(r"\w+", text.casefold()) if word not in product.words or any(word in words.STOP[other] for other in words.LANGUAGES)]
    score = {other: sum(word in words.STOP[other] for word in tokens) for other in words.LANGUAGES}
    own_letters = {word for word in tokens if word not in product.words}
    joined = " ".join(own_letters)
    if language in ("sv", "de", "en") and re.search("[æø]", joined):
        score["da"] += 1
        score["no"] += 1
    if language in ("da", "no", "en") and re.search("[äö]", joined):
        score["sv"] += 1
    if language != "de" and "ß" in joined:
        score["de"] += 2
    other = max(words.LANGUAGES, key=lambda one: (score[one], one == language))
    enough = 3 if {other, language} == {"da", "no"} else 2
    return other if other != language and score[other] >= score[language] + enough else None


def check_text(part, raw, language, product):
    """Every problem of one text: (kind, what)."""
    text = plain(raw)
    yield from check_form(raw, text)
    stripped = re.sub(r"</?[a-zA-Z][^>]*>", " ", text)
    yield from check_numbers(stripped, language, product)
    yield from check_properties(stripped, language, product)
    yield from check_words(stripped, language, product)
    yield from check_allergens(stripped, language, product)
    if len(raw) > LIMITS[part]:
        yield "length", f"{part} has {len(raw)} characters"
    if part in ("short", "long", "seo_description"):
        for sentence in sentences_of(stripped):
            other = speaks(sentence, language, product)
            if other:
                yield "language", f"{other}: {sentence[:80]}"


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
