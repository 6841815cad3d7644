"""Numbers with their units, read from texts in five languages."""
import re
import unicodedata
from collections import namedtuple

from .words import NUMBER_WORDS

# value: float or None for a code such as E27; unit: (dimension, factor to its base) or None for a bare number.
Quantity = namedtuple("Quantity", "value unit text start end")


def _units():
    table = {}

    def add(dimension, factor, words):
        for word in words.split("|"):
            table[word] = (dimension, factor)

    add("mass", 0.001, "mg|milligram|milligramm")
    add("mass", 1, "g|gr|gram|grams|gramm|gramme|grammes")
    add("mass", 100, "hg|hekto")
    add("mass", 1000, "kg|kilo|kilos|kilogram|kilograms|kilogramm")
    add("mass", 1e6, "ton|tons|tonne|tonnes|tonn")
    add("mass", 28.3495, "oz|ounce|ounces|unze|unzen|uns")
    add("mass", 453.592, "lb|lbs|pound|pounds|pund")
    add("mass", 500, "pfund")
    add("volume", 1, "ml|milliliter|millilitre|millilitres|milliliters")
    add("volume", 10, "cl|centiliter|centilitre|zentiliter")
    add("volume", 100, "dl|deciliter|decilitre|deziliter")
    add("volume", 1000, "l|ltr|liter|litre|litres|liters|liters|lit")
    add("volume", 29.5735, "fl oz|fl. oz|fluid ounces|fluid ounce")
    add("volume", 568.26, "pint|pints")
    add("volume", 3785.4, "gallon|gallons")
    add("volume", 1e6, "m³|m3|kubikmeter")
    add("length", 0.001, "µm|mikrometer")
    add("length", 1, "mm|millimeter|millimetre|millimetres|millimeters")
    add("length", 10, "cm|centimeter|centimetre|centimetres|centimeters|zentimeter")
    add("length", 100, "dm|decimeter|dezimeter")
    add("length", 1000, "m|meter|metre|metres|meters|metern")
    add("length", 1e6, "km|kilometer|kilometre|kilometres")
    add("length", 25.4, "in|inch|inches|tum|tums|tommer|tomme|zoll|\"|″|”")
    add("length", 304.8, "ft|foot|feet|fot|fod|fuß")
    add("length", 914.4, "yard|yards")
    add("power", 1, "W|watt|watts")
    add("power", 1000, "kW|kilowatt")
    add("power", 735.5, "hk|hp|PS|hästkrafter|hestekræfter|hestekrefter|horsepower|pferdestärken")
    add("voltage", 1, "V|volt|volts")
    add("voltage", 1000, "kV|kilovolt")
    add("charge", 1, "mAh|milliamperetimmar|milliamperestunden")
    add("charge", 1000, "Ah|amperetimmar|amperetimer|amperestunden|amp hours|ampere hours")
    add("energy", 1, "Wh|wattimmar|watttimer|wattstunden")
    add("energy", 1000, "kWh|kilowattimmar|kilowattstunden")
    add("food energy", 1, "kJ")
    add("food energy", 4.184, "kcal|kalorier|kalorien|calories|cal")
    add("current", 1, "A|ampere|ampère|amp|amps")
    add("current", 0.001, "mA")
    add("frequency", 1, "Hz|hertz")
    add("frequency", 1e3, "kHz")
    add("frequency", 1e6, "MHz|megahertz")
    add("frequency", 1e9, "GHz|gigahertz")
    add("light", 1, "lm|lumen|lumens")
    add("colour temperature", 1, "K|kelvin")
    add("storage", 1, "MB|megabyte")
    add("storage", 1000, "GB|gigabyte|gigabytes|gig")
    add("storage", 1e6, "TB|terabyte|terabytes")
    add("torque", 1, "Nm|newtonmeter|newton metres")
    add("force", 1, "N|newton")
    add("force", 1000, "kN")
    add("speed of turning", 1, "rpm|v/min|varv/min|o/min|omdr/min|omdr./min|omdr. /min|u/min|u./min|1/min|min-1|varv per minut|omdrejninger pr. minut|"
        "omdreininger per minutt|omdreininger i minuttet|omdrejninger i minuttet|omdrejninger per minut|varv i minuten|umdrehungen pro minute|"
        "umdrehungen|revolutions per minute|turns per minute|varv|spm|slag/min")
    add("pressure", 1, "bar")
    add("pressure", 0.0689476, "psi")
    add("pressure", 10, "MPa")
    add("pressure", 0.01, "kPa")
    add("sound", 1, "dB|db(a)|decibel|decibels|dezibel")
    add("time", 1, "s|sek|sek.|sec|sekunder|sekunden|seconds")
    add("time", 60, "min|min.|minut|minuter|minutter|minutten|minuten|minute|minutes|mins|minutt|minutters|minuters")
    add("time", 3600, "h|tim|tim.|timmar|timme|timmars|timer|time|timers|timen|std|std.|stunden|stunde|hours|hour|hrs|hr|t")
    add("time", 86400, "dag|dagar|dage|dager|tag|tage|tagen|days|day|dygn|døgn")
    add("time", 604800, "veckor|vecka|uger|uge|uker|uke|wochen|woche|weeks|week")
    add("time", 2629800, "mån|mån.|månader|månad|mdr|mdr.|md|måneder|måned|monate|monaten|monat|mon.|months|month|mths")
    add("time", 31557600, "år|års|åring|jahre|jahren|jahr|years|year|yrs|yr|jahres")
    add("percent", 1, "%|procent|prosent|prozent|percent|per cent|pct|vol-%|vol%")
    add("temperature", 1, "°|°c|º|grader|graders|grad|degrees|celsius|º c|° c")
    add("temperature f", 1, "°f|fahrenheit")
    add("area", 1, "m²|m2|kvm|qm|sqm|kvadratmeter|quadratmeter|square metres|square meters")
    add("area", 0.0001, "cm²|cm2")
    add("area-mass", 1, "g/m²|g/m2|gsm|g/qm|g/kvm")
    add("flow", 1, "l/h|l/t|l/tim|l/std|liter i timen|litres per hour")
    add("flow", 60, "l/min")
    add("speed", 1, "km/h|km/t|km/tim")
    add("speed", 3.6, "m/s")
    add("resolution", 1, "dpi|ppi")
    add("pixels", 1, "mp|megapixel|mpx")
    add("money", 1, "kr|kr.|:-|sek|nok|dkk|kronor|kroner|eur|euro|euros|€|usd|dollar|dollars|gbp|chf|pence|cent|öre|øre|,-")
    add("per", 1, "spf|lsf|sfp")
    add("count", 1, "st|st.|stycken|styck|stk|stk.|stück|pcs|pcs.|pc|piece|pieces|pk|pck|pack|packs|-pack|pak|-pak|pakke|pakning|er-pack|er pack|er-packung|er set|"
        "er-set|delar|dele|deler|delars|teile|teilen|tlg|tlg.|teilig|teiliges|delt|delers|bitar|brikker|biter|ark|blatt|sheets|sheet|påsar|breve|poser|beutel|bags|teabags|tepåsar|teposer|"
        "tebreve|teebeutel|burkar|dåser|bokser|dosen|cans|flaskor|flasker|flaschen|bottles|par|pairs|pair|paar|kort|karten|cards|rullar|ruller|rollen|"
        "rolls|kapslar|kapsler|kapseln|capsules|tabletter|tabletten|tablets|p|set|ct|count|stykker|enheter|einheiten|units|ds|ds.|ds|rl|rl.")
    return table


UNITS = _units()
# One letter of these in the other case, apart from its number, is another word.
_EXACT = {"W", "kW", "V", "kV", "A", "mA", "K", "N", "kN", "PS", "MB", "GB", "TB", "Hz", "kHz", "MHz", "GHz", "Ah", "mAh", "Wh", "kWh", "kJ", "MPa", "kPa", "Nm", "dB"}
_BY_LENGTH = sorted(UNITS, key=len, reverse=True)
_LOOSE = {unit.casefold(): UNITS[unit] for unit in UNITS}
_UNIT = "|".join(re.escape(unit) for unit in _BY_LENGTH)
_NUMBER = r"\d+(?:[\u00a0\u202f ]\d{3}(?![\d]))*(?:[.,]\d+)*"
_NUMBER_TIGHT = r"\d+(?:[.,]\d+)*"
_SEPARATOR = r"\s*(?:[x×*/–—~]|-(?=\s*\d)|\b(?:till?|to|bis|til|by|upp till|à|a)\b)\s*"


def _patterns(number):
    unit = rf"(?P<unit>{_UNIT})(?![\wåäöæøüß²³])"
    return re.compile(
        rf"(?P<code>(?<![\w.,])[^\W\d_]{{1,}}[-–]?\d[\w-]*)|"
        rf"(?P<numbers>(?<![\w]){number}(?:{_SEPARATOR}{number})*)(?P<gap>\+?[\s\u00a0\u202f-]?){unit}|"
        rf"(?P<numbers2>{number}(?:{_SEPARATOR}{number})*)(?P<tail>[^\W\d_]*)",
        re.IGNORECASE)


_WIDE, _TIGHT = _patterns(_NUMBER), _patterns(_NUMBER_TIGHT)
HIDDEN = re.compile("[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff]")
_HOMOGLYPHS = str.maketrans("аеорсухіјѕԁһкмтвнгАЕОРСУХІЈЅКМТВНοανικερτΑΒΕΖΗΙΚΜΝΟΡΤΥΧɡıℓ", "aeopcyxijsdhkmtbhrAEOPCYXIJSKMTBHoavikeptABEZHIKMNOPTYXgil")


def plain(text):
    """The text as a reader sees it: hidden characters gone, look-alikes from other scripts as Latin, compatibility forms undone."""
    text = HIDDEN.sub("", text).translate(_HOMOGLYPHS)
    text = re.sub(r"(\d?)([½¼¾⅓⅔⅛])", lambda found: (found[1] or "0") + {"½": ".5", "¼": ".25", "¾": ".75", "⅓": ".33", "⅔": ".67", "⅛": ".125"}[found[2]], text)
    text = "".join(letter if letter in "²³°º™®…" else unicodedata.normalize("NFKC", letter) for letter in text)
    return unicodedata.normalize("NFC", text)


def readings(token, language):
    """What a number as written may mean: a comma is a decimal sign everywhere but in English."""
    token = re.sub(r"[\s\u00a0\u202f]", "", token)
    marks = [mark for mark in token if mark in ".,"]
    if not marks:
        return {float(token)}
    if len(set(marks)) == 2 or len(marks) > 1:
        decimal = marks[-1] if marks.count(marks[-1]) == 1 and len(set(marks)) == 2 else None
        whole, _, part = token.rpartition(decimal) if decimal else (token, "", "")
        return {float(re.sub(r"[.,]", "", whole) + ("." + part if part else ""))}
    mark = marks[0]
    as_decimal = float(token.replace(",", "."))
    whole, part = token.split(mark)
    if len(part) != 3 or not 1 <= len(whole) <= 3 or whole == "0":
        return {as_decimal}
    as_group = float(whole + part)
    if language == "en":
        return {as_group if mark == "," else as_decimal}
    if language in ("da", "de", "no"):
        return {as_group if mark == "." else as_decimal}
    return {as_decimal, as_group} if mark == "." or language is None else {as_decimal}


def words_to_digits(text, languages):
    for language in languages:
        table = NUMBER_WORDS[language]
        if language == "no":  # wood, not three
            text = re.sub(r"(?<=\b(?:av|er) )tre(?=[.,;)]| og\b)|(?<=aterial: )tre\b|(?<=ateriale: )tre\b|(?<=ateriale )tre\b", "treverk", text)
        text = re.sub(r"(?<![\w])(" + "|".join(table) + r")(?![\w])", lambda found: str(table[found[1].casefold()]), text, flags=re.IGNORECASE)
    return text


def quantities(text, language, wide=True):
    """Every number of a plain text, with its unit where it has one. A unit after `a x b` belongs to both, but in front of an
    amount `n x` counts."""
    found = []
    for match in (_WIDE if wide else _TIGHT).finditer(text):
        start, end = match.span()
        if match["code"]:
            found.append(Quantity(None, None, match["code"].casefold(), start, end))
            single = re.fullmatch(r"[ØøHBTLDWhbtldw](\d+)([a-z]{0,2})", match["code"])
            if single and (not single[2] or single[2] in UNITS):
                unit = single[2] or (re.match(r"\s?(mm|cm|m)(?!\w)", text[end:]) or [None, None])[1]
                found.append(Quantity(float(single[1]), UNITS.get(unit), match["code"].casefold(), start, end))
            else:
                for digits in re.findall(r"(?<=[-–])\d+(?:[.,]\d+)?(?![\w])", match["code"]):
                    found.append(Quantity(float(digits.replace(",", ".")), ("code", 1), match["code"].casefold(), start, end))
            continue
        unit = None
        if match["unit"]:
            word = match["unit"]
            unit = UNITS.get(word) or _LOOSE.get(word.casefold())
            tight = match["gap"] in ("", "+")
            exact = {known for known in _EXACT if known.casefold() == word.casefold()}
            if exact and word not in exact and not tight and len(word) == 1:
                unit = None
            if word.casefold() in ("t", "s", "p") and not tight:
                unit = None
            if word.casefold() == "in" and re.match(r"\s*\d", text[end:]):
                unit = None
            if word == "M":
                unit = None
        numbers = match["numbers"] or match["numbers2"]
        tokens = re.findall(_NUMBER if wide else _NUMBER_TIGHT, numbers)
        marks = re.findall(_SEPARATOR, numbers, re.IGNORECASE)
        tail = (match["tail"] or "").casefold()
        for place, token in enumerate(tokens):
            own = unit
            if unit and place + 1 < len(tokens) and any(mark.strip().casefold() in ("x", "×", "*", "à", "a") for mark in marks[place:place + 1]):
                if unit[0] not in ("length",):
                    own = ("count", 1)
            for value in readings(token, language):
                found.append(Quantity(value, own, (token + tail).casefold(), start, end))
        if unit and unit[0] in ("mass", "volume") and len(tokens) == 2 and marks and marks[0].strip().casefold() in ("x", "×", "*"):
            for first in readings(tokens[0], language):
                for second in readings(tokens[1], language):
                    found.append(Quantity(first * second, unit, numbers.casefold(), start, end))
    return found


def total(quantity):
    """Whether this is the product of a multipack, which nobody wrote."""
    return quantity.unit is not None and bool(re.search(r"[x×*]", quantity.text))


def same(one, other):
    """Equal values of one dimension: exactly in the same unit, within a hundredth after conversion."""
    if one.value is None or other.value is None or one.unit is None or other.unit is None or one.unit[0] != other.unit[0]:
        return False
    left, right = one.value * one.unit[1], other.value * other.unit[1]
    tolerance = 1e-6 if one.unit[1] == other.unit[1] else 0.01
    return abs(left - right) <= tolerance * max(abs(left), abs(right), 1e-12)
