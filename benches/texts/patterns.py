"""The word lists of words.py as patterns over case-folded text."""
import re

from . import words


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
