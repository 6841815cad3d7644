//! Words that a text may not carry without a proof: green claims, health claims, "free from", safety, certification.
//! The lists are short and err on the side of silence: a value that holds one is left out.

/// Beginnings of words, in lower case.
const STEMS: &[&str] = &[
    // Swedish
    "ekolog",
    "eko-",
    "miljö",
    "klimat",
    "hållbar",
    "giftfri",
    "nedbrytbar",
    "återvun",
    "återvin",
    "naturlig",
    "hälso",
    "nyttig",
    "hypoallerg",
    "dermatolog",
    "allergi",
    "allergen",
    "vegan",
    "vegetar",
    "svanen",
    "svanmärkt",
    "krav-",
    "kravmärk",
    "certifier",
    "koldioxid",
    "fossil",
    "fairtrade",
    "utsläpp",
    "kliniskt",
    "barnsäker",
    "godkänd",
    "ofarlig",
    "immun",
    "botar",
    "läker",
    "lindrar",
    "bantning",
    "fettförbrän",
    "antibakteri",
    "halal",
    "kosher",
    // English
    "organic",
    "eco",
    "sustainab",
    "climate",
    "carbon",
    "biodegrad",
    "compostab",
    "recycl",
    "natural",
    "health",
    "allerg",
    "non-toxic",
    "nontoxic",
    "certif",
    "clinical",
    "immune",
    "cure",
    "heal",
    "safe",
    "approved",
    "environment",
    "renewable",
    "plant-based",
    "ethical",
    "antibacter",
    "detox",
    "slimming",
    "superfood",
    "bpa",
    // Danish, Norwegian and German
    "økolog",
    "miljøv",
    "bæredygtig",
    "bærekraft",
    "nedbryd",
    "nedbryt",
    "genanvend",
    "resirk",
    "gjenvun",
    "svanemærk",
    "svanemerk",
    "klima",
    "helse",
    "biologisch",
    "kompost",
    "schadstoff",
    "ökolog",
    "bio",
    "nachhaltig",
    "umwelt",
    "natürlich",
    "gesund",
    "zertifiz",
    "recycelt",
    "genbrug",
    "sundhed",
];

/// Word endings that say "free from".
const FREE: &[&str] =
    &["fri", "fritt", "fria", "frit", "frie", "frei", "freie", "freies", "-free", "free", "neutral"];

/// Beginnings of words that end so and say something else.
const NOT_FREE: &[&str] = &[
    "rostfri",
    "rustfri",
    "rostfrei",
    "sladdfri",
    "ledningsfri",
    "handsfree",
    "strykfri",
    "bügelfrei",
    "knitterfrei",
    "neutral",
];

/// Beginnings and phrases of claims about health, which no product name carries rightly.
const HEALTH: &[&str] = &[
    "botar",
    "läker",
    "lindrar",
    "förebygger",
    "motverkar sjuk",
    "cancer",
    "stärker immun",
    "boosts immun",
    "cures",
    "heals",
    "prevents disease",
    "treats ",
    "kureret",
    "heilt",
    "helbreder",
    "kliniskt bevisad",
    "clinically proven",
    "fettförbrän",
    "lose weight",
    "gå ner i vikt",
];

/// Phrases that speak to a machine or come from one.
const INSTRUCTIONS: &[&str] = &[
    "ignore previous",
    "ignore all",
    "ignore the above",
    "ignorera tidigare",
    "ignorera alla",
    "disregard",
    "previous instructions",
    "tidigare instruktioner",
    "system prompt",
    "systemprompt",
    "system:",
    "assistant:",
    "user:",
    "you are a",
    "du är en ai",
    "as an ai",
    "language model",
    "språkmodell",
    "i cannot fulfill",
    "ignorer tidligere",
    "ignorer alle",
    "ignorer de",
    "ignorér",
    "ignoriere",
    "bortse från",
    "bortse ifrån",
    "se bort fra",
    "se bort ifra",
    "tidligere instruktioner",
    "tidligere instruksjoner",
    "vorherigen anweisung",
    "bisherigen anweisung",
    "skriv att",
    "skriv at ",
    "skriv, at",
    "schreib, dass",
    "schreibe, dass",
    "schreiben sie, dass",
    "write that",
    "lorem ipsum",
    "<|",
    "[inst",
];

/// Whether `text` claims what needs a proof.
pub(crate) fn is_claim(text: &str) -> bool {
    let lower = text.to_lowercase();
    let phrase = [
        "fri från",
        "fritt från",
        "fria från",
        "free from",
        "free of",
        "frei von",
        "fri for",
        "utan tillsat",
        "no added",
        "utan till",
        "uden tilsat",
        "ohne zusatz",
        "co2",
        "100 % natur",
    ];
    phrase.iter().any(|p| lower.contains(p))
        || is_health_claim(&lower)
        || lower.split(|c: char| !c.is_alphanumeric() && c != '-').any(is_claiming_word)
}

fn is_claiming_word(word: &str) -> bool {
    let free = || {
        FREE.iter().any(|end| word.ends_with(end)) && !NOT_FREE.iter().any(|start| word.starts_with(start))
    };
    !word.is_empty()
        && (word == "eko" || word == "krav" || STEMS.iter().any(|stem| word.starts_with(stem)) || free())
}

/// Whether `text` claims something about health.
pub(super) fn is_health_claim(text: &str) -> bool {
    let lower = text.to_lowercase();
    HEALTH.iter().any(|claim| lower.contains(claim))
}

/// Whether `text` speaks to a machine.
pub(super) fn is_instruction(text: &str) -> bool {
    let lower = text.to_lowercase();
    INSTRUCTIONS.iter().any(|phrase| lower.contains(phrase))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claims_are_seen_in_every_language_and_steel_is_none() {
        for claim in [
            "Ekologisk",
            "KRAV-märkt",
            "laktosfri",
            "fri från nötter",
            "organic cotton",
            "sugar-free",
            "BPA free",
            "bærekraftig ull",
            "resirkulert polyester",
            "glutenfrei",
            "nachhaltig",
        ] {
            assert!(is_claim(claim), "{claim}");
        }
        for plain in
            ["Rostfritt stål", "bomull", "cotton", "svart", "rustfritt stål", "Lufttorkad", "stainless steel"]
        {
            assert!(!is_claim(plain), "{plain}");
        }
    }
}
