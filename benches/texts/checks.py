"""Looking through one text for what nobody said of its product."""
import re

from . import words
from .patterns import (ALLERGENS, ALLERGENS_LOOSE, ANY_CLAIM, ANY_FREE, CERTIFICATIONS, CLAIMS, DECLARES, FREE, LEAKS, MAY_CONTAIN, OTHERS, SUBSTANCES,
                       SUFFIXED, flat)
from .quantities import HIDDEN, plain, quantities, same, total, words_to_digits

LIMITS = {"title": 150, "short": 700, "long": 4000, "seo_title": 60, "seo_description": 160}
BORING_FREE = re.compile(r"rost|rust|tråd|sladd|kabel|snur|ledning|wire|cord|oil|olje|olie|öl|hands|duty|care|stryk|stell|underhåll|wartungs|bügel|knitter|barriere|luft|bly(?!\w)")


def sentences_of(text):
    return [part.strip() for part in re.split(r"(?<=[.!?])(?<!\bca\.)(?<!\bCa\.)(?<!\bst\.)(?<!\bstk\.)(?<!\bstr\.)(?<!\bStr\.)(?<!\bGr\.)(?<!\bmax\.)(?<!\bmaks\.)(?<!\bArt\.)\s+(?=\W*[A-ZÅÄÖÆØÜ0-9])|\n+", text) if part.strip()]


def fragment(sentence):
    """Whether a sentence was cut: a bracket or quotation mark without its other half, or no word at all."""
    return any(sentence.count(opening) != sentence.count(closing) for opening, closing in ("()", "[]", "«»")) or not re.search(r"[^\W\d_]{3}", sentence)


def check_numbers(text, language, product):
    text = words_to_digits(text, [language])
    tight = quantities(text, language, wide=False)
    for quantity in quantities(text, language):
        if total(quantity):
            continue
        cause = product.supports(quantity)
        if cause and text[quantity.end - 1:quantity.end] in "\"”″“":  # a closing quotation mark, not inches
            cause = product.supports(quantity._replace(unit=None))
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
            before = re.search(r"(?:(?:^|[.!?]\s)(?:[^\W\d_]+ ?){1,4}\. )?[^\d.;,!?\n]{0,30}$", text[:quantity.start])[0]
            nearest = [(found.end(), name) for name, pattern in named.items() for found in pattern.finditer(before)]
            told = max(nearest)[1] if nearest else None
        if told is None:
            continue
        shown = text[max(0, quantity.start - 25):quantity.end + 10].strip()
        if told in words.PROPERTIES and quantity.unit[0] not in words.PROPERTIES[told][0].split() + ["percent", "temperature"]:
            if any(same(quantity, own) and named[told].search(field) for own, field in product.quantities):
                continue  # the supplier's own odd name for it
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
        for found in pattern.finditer(lower) if pattern.search(lower) else pattern.finditer(one_line):
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
            found = by[language].search(lower) or by[language].search(one_line) or (kind == "origin" and by["en"].search(lower))
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
        found = pattern.search(raw) or pattern.search(text) or (name in ("refusal", "prompt") and pattern.search(flat(text)))
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
    if len(tokens) < 4:
        return None
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
