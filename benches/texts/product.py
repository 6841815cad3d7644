"""What one product's own fields say, and what of a text they support."""
import re

from . import words
from .patterns import flat
from .quantities import UNITS, Quantity, plain, quantities, same, words_to_digits

INJECTION = re.compile(
    r"ignore (?:all )?(?:previous|prior)|bortse från|ignorera (?:alla )?tidigare|ignorer(?:er)? (?:alle )?tidligere|ignoriere? (?:alle )?vorherige"
    r"|<\|im_start|system prompt|previous instructions", re.IGNORECASE)
NO = {"nej", "nei", "no", "nein", "false", "0", "-", "n/a", "unknown", "none", "ei", "nicht", "falsch", "ingen", "keine"}
NEGATED = re.compile(r"(?:\bnot|\bnicht|\bkeine?|\binte|\bej|\bikke|\bno|\bnon)[\s-]+(?:\w+\s+){0,1}$")
COUNTED = re.compile(r"antal|antall|anzahl|stück|quantity|pieces|pack|pk|delar|dele|deler|teile|sheets|blatt|ark|karten|cards|kort|ve\b|count|kolli|bitar|brikker|biter")


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
        description = self.fields.get("description", "")
        if not INJECTION.search(description):  # a short sentence of its own is a statement, prose is none
            evidence += [clause for clause in re.split(r"[.;!?\n]", description) if len(clause.split()) <= 6]
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
            if re.sub(r"[\s-]", "", re.sub(r"[-–][^\W\d_]+$", "", quantity.text)) in self.squeezed:
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
