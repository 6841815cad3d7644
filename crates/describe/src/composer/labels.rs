//! Properties under the supplier's own names that mean the same in every language: `Sockel`, `lamp base`.
//!
//! As with the words of facts the lists are closed: a name or a value that is not in them is told in the product's own
//! language only. Nothing here is an allergen, and no word that means two things (`light`) is in them.

use berika_catalog::Language;

use super::rules::Rules;
use super::rules_of;
use super::told::is_code;
use crate::facts::{FactValue, Vocabulary};

/// One word: Swedish, English, Danish, Norwegian, German; other spellings behind a bar.
type Entry = [&'static str; 5];

/// A property's name and value in `rules`' language; `None` where either has no words there.
pub(super) fn translated(
    name: &str,
    value: &FactValue,
    from: Option<&Language>,
    rules: &Rules,
    language: &Language,
) -> Option<(String, String)> {
    let own = from?;
    let from = column(rules_of(own)?)?;
    let to = column(rules)?;
    let name = find(NAMES, name, from)?[to];
    let value = match value {
        FactValue::Text(text) if is_code(text) => text.clone(),
        FactValue::Text(text) => {
            let separators = format!(" {} ", super::RULES[from].and);
            let words = text.replace(&separators, ",").replace('/', ",");
            let known = words.split(',').map(|word| {
                let word = word.trim();
                let listed = find(VALUES, word, from).map(|entry| first(entry[to]));
                listed.or_else(|| fact_word(word, own, language)).map(str::to_owned)
            });
            rules.list(&known.collect::<Option<Vec<_>>>()?)
        }
        other => rules.value(other, language)?.0,
    };
    Some((first(name).to_owned(), value))
}

/// Whether `text` is a common word of `language`, and no name.
pub(super) fn is_word(text: &str, language: &Language) -> bool {
    let column = rules_of(language).and_then(column);
    column.is_some_and(|column| find(VALUES, text, column).is_some())
        || fact_word(text, language, language).is_some()
}

/// A colour or a material.
fn fact_word(word: &str, from: &Language, to: &Language) -> Option<&'static str> {
    let lists = [Vocabulary::Colours, Vocabulary::Materials];
    lists.into_iter().find_map(|list| list.find(word, from)?.in_language(to))
}

fn column(rules: &Rules) -> Option<usize> {
    super::RULES.iter().position(|known| known.tag == rules.tag)
}

fn find(list: &'static [Entry], word: &str, column: usize) -> Option<&'static Entry> {
    let same = |known: &str| {
        known.chars().flat_map(char::to_lowercase).eq(word.chars().flat_map(char::to_lowercase))
    };
    list.iter().find(|entry| entry[column].split('|').any(same))
}

fn first(words: &'static str) -> &'static str {
    words.split('|').next().unwrap_or(words)
}

const NAMES: &[Entry] = &[
    ["smak", "flavour|flavor|taste", "smag", "smak", "Geschmack|Geschmacksrichtung"],
    ["doft", "scent|fragrance", "duft", "duft", "Duft"],
    [
        "rostning|rostgrad",
        "roast|roast level",
        "ristning|ristningsgrad",
        "brenning|brenningsgrad",
        "Röstung|Röstgrad",
    ],
    ["malning|malningsgrad", "grind", "formaling|formalingsgrad", "malegrad", "Mahlgrad"],
    ["druva|druvsort", "grape variety|grape", "druesort|drue", "druesort|drue", "Rebsorte|Traubensorte"],
    ["region", "region", "region", "region", "Region"],
    ["årgång", "vintage", "årgang", "årgang", "Jahrgang"],
    [
        "målgrupp|kön|avdelning",
        "target group|gender|department",
        "målgruppe|køn",
        "målgruppe|kjønn",
        "Zielgruppe|Geschlecht",
    ],
    [
        "användning|användningsområde",
        "use|usage",
        "anvendelse|anvendelsesområde",
        "bruksområde|bruk",
        "Verwendung|Verwendungszweck",
    ],
    ["säsong", "season", "sæson", "sesong", "Saison"],
    ["mönster", "pattern", "mønster", "mønster", "Muster"],
    ["form", "shape", "form", "form", "Form"],
    ["stil", "style", "stil", "stil", "Stil"],
    ["passform", "fit", "pasform", "passform", "Passform"],
    ["ärmlängd", "sleeve length", "ærmelængde", "ermelengde", "Ärmellänge"],
    ["klackhöjd", "heel height", "hælhøjde", "hælhøyde", "Absatzhöhe"],
    [
        "ytbehandling|finish",
        "finish|surface finish",
        "overfladebehandling",
        "overflatebehandling",
        "Oberfläche|Oberflächenbehandlung",
    ],
    ["glans", "gloss", "glans", "glans", "Glanzgrad"],
    ["torktid", "drying time", "tørretid", "tørketid", "Trocknungszeit|Trockenzeit"],
    ["handtag|skaft", "handle", "håndtag|skaft", "håndtak|skaft", "Griff|Stiel"],
    [
        "bladlängd|klinglängd",
        "blade length",
        "klingelængde|bladlængde",
        "bladlengde|klingelengde",
        "Klingenlänge",
    ],
    ["sitthöjd", "seat height", "sædehøjde|siddehøjde", "setehøyde|sittehøyde", "Sitzhöhe"],
    ["packmått", "packed size|packed dimensions", "pakkemål", "pakkemål", "Packmaß|Packmaße"],
    ["tvättemperatur", "washing temperature", "vasketemperatur", "vasketemperatur", "Waschtemperatur"],
    [
        "driftstemperatur|arbetstemperatur",
        "operating temperature",
        "driftstemperatur",
        "driftstemperatur",
        "Betriebstemperatur",
    ],
    [
        "komforttemperatur",
        "comfort temperature",
        "komforttemperatur",
        "komforttemperatur",
        "Komforttemperatur",
    ],
    ["vattenpelare", "hydrostatic head|water column", "vandsøjle", "vannsøyle", "Wassersäule"],
    ["kastvikt", "casting weight", "kastevægt", "kastevekt", "Wurfgewicht"],
    ["livslängd", "service life|lifespan|lifetime", "levetid", "levetid", "Lebensdauer"],
    ["användningstid", "operating time", "brugstid", "brukstid", "Nutzungsdauer|Betriebsdauer"],
    ["laddtid|laddningstid", "charging time", "opladningstid|ladetid", "ladetid", "Ladezeit"],
    ["räckvidd", "range", "rækkevidde", "rekkevidde", "Reichweite"],
    [
        "maxhastighet|maximal hastighet",
        "maximum speed|max speed|top speed",
        "maksimal hastighed",
        "maksimal hastighet",
        "Höchstgeschwindigkeit",
    ],
    [
        "maxtryck|maximalt tryck",
        "maximum pressure|max pressure",
        "maksimalt tryk",
        "maksimalt trykk",
        "Maximaldruck|maximaler Druck",
    ],
    ["slanglängd", "hose length", "slangelængde", "slangelengde", "Schlauchlänge"],
    ["antal rullar", "number of rolls", "antal ruller", "antall ruller", "Anzahl der Rollen|Anzahl Rollen"],
    ["antal delar", "number of parts", "antal dele", "antall deler", "Anzahl der Teile|Anzahl Teile"],
    [
        "antal personer",
        "number of people|number of persons",
        "antal personer",
        "antall personer",
        "Anzahl der Personen|Personenzahl",
    ],
    ["gänga", "thread", "gevind", "gjenge", "Gewinde"],
    ["kornstorlek|korn|kornighet", "grit", "kornstørrelse|korn", "kornstørrelse|korn", "Körnung"],
    ["anslutning", "connection|connector", "tilslutning", "tilkobling", "Anschluss"],
    ["batterityp", "battery type", "batteritype", "batteritype", "Batterietyp"],
    [
        "strömkälla|strömförsörjning",
        "power source|power supply",
        "strømkilde|strømforsyning",
        "strømkilde|strømforsyning",
        "Stromversorgung|Stromquelle",
    ],
    ["ljuskälla", "light source", "lyskilde", "lyskilde", "Lichtquelle|Leuchtmittel"],
    ["upplösning", "resolution", "opløsning", "oppløsning", "Auflösung"],
    ["processor", "processor", "processor", "prosessor", "Prozessor"],
    ["operativsystem", "operating system", "operativsystem", "operativsystem", "Betriebssystem"],
    ["modell", "model", "model", "modell", "Modell"],
    ["serie", "series", "serie", "serie", "Serie"],
    ["husfärg|höljets färg", "housing colour|housing color", "kabinetfarve", "husfarge", "Gehäusefarbe"],
    ["trådtäthet", "thread count", "trådtæthed", "trådtetthet", "Fadendichte"],
    ["gramvikt|ytvikt", "fabric weight|grammage", "gramvægt", "gramvekt", "Grammatur|Flächengewicht"],
    ["djurslag", "animal|pet type", "dyreart", "dyreart", "Tierart"],
    ["sladd|kabel", "cable|cord", "ledning|kabel", "ledning|kabel", "Kabel|Leitung"],
    ["körtid", "driving time", "køretid", "kjøretid", "Fahrzeit"],
    [
        "tillagningstid|koktid",
        "cooking time",
        "tilberedningstid|kogetid",
        "tilberedningstid|koketid",
        "Zubereitungszeit|Kochzeit",
    ],
    [
        "antal bitar",
        "number of pieces",
        "antal brikker",
        "antall brikker|antall biter",
        "Anzahl der Puzzleteile|Puzzleteile",
    ],
    ["antal kort", "number of cards|cards", "antal kort", "antall kort", "Anzahl der Karten|Karten"],
    [
        "uppdateringsfrekvens",
        "refresh rate",
        "opdateringsfrekvens",
        "oppdateringsfrekvens",
        "Bildwiederholrate|Bildwiederholfrequenz",
    ],
    ["hastighetsklass", "speed class", "hastighedsklasse", "hastighetsklasse", "Geschwindigkeitsklasse"],
    [
        "tankvolym|tank",
        "tank capacity|tank|tank volume",
        "tankvolumen|tank",
        "tankvolum|tank",
        "Tankvolumen|Tank|Kesselvolumen",
    ],
    [
        "ovandel|ovanmaterial",
        "upper|upper material",
        "overdel|overmateriale",
        "overdel|overmateriale",
        "Obermaterial",
    ],
    ["omslag", "cover", "omslag", "omslag", "Einband"],
    ["bordsskiva", "table top|tabletop", "bordplade", "bordplate", "Tischplatte"],
    [
        "skivdiameter|skiva",
        "disc diameter|disc",
        "skivediameter|skive",
        "skivediameter|skive",
        "Scheibendurchmesser|Scheiben-Ø",
    ],
    ["klippbredd", "cutting width", "klippebredde", "klippebredde", "Schnittbreite"],
    [
        "linjebredd|spetsbredd",
        "line width|tip width",
        "stregbredde",
        "strekbredde",
        "Strichstärke|Strichbreite",
    ],
    ["svärdslängd", "bar length", "sværdlængde", "sverdlengde", "Schwertlänge"],
    ["skafthöjd", "shaft height", "skafthøjde", "skafthøyde", "Schafthöhe"],
    ["huvudvikt", "head weight", "hovedvægt", "hodevekt", "Kopfgewicht"],
    ["chuck", "chuck", "borepatron", "chuck|borepatron", "Bohrfutter"],
    ["luftflöde", "airflow|air flow", "luftmængde", "luftmengde", "Luftmenge|Luftdurchsatz"],
    ["midjemått|midja", "waist", "taljemål|talje", "livvidde|midje", "Taillenumfang|Taille"],
];

const VALUES: &[Entry] = &[
    // Whom it is for.
    [
        "dam|damer|kvinnor|kvinna",
        "women|woman|ladies|female",
        "damer|dame|kvinder",
        "damer|dame|kvinner",
        "Damen|Frauen",
    ],
    ["herr|herrar|män|man", "men|man|gents|male", "herrer|herre|mænd", "herrer|herre|menn", "Herren|Männer"],
    ["unisex", "unisex", "unisex", "unisex", "Unisex"],
    ["flickor|flicka", "girls|girl", "piger|pige", "jenter|jente", "Mädchen"],
    ["pojkar|pojke", "boys|boy", "drenge|dreng", "gutter|gutt", "Jungen|Junge"],
    ["barn", "children|child|kids", "børn|barn", "barn", "Kinder|Kind"],
    ["vuxna|vuxen", "adults|adult", "voksne|voksen", "voksne|voksen", "Erwachsene"],
    ["hund|hundar", "dogs|dog", "hunde|hund", "hunder|hund", "Hunde|Hund"],
    ["katt|katter", "cats|cat", "katte|kat", "katter|katt", "Katzen|Katze"],
    ["häst|hästar", "horses|horse", "heste|hest", "hester|hest", "Pferde|Pferd"],
    // What and when it is for.
    ["vardag|casual", "casual|everyday", "hverdag|casual", "hverdag|casual", "Alltag|Freizeit|casual"],
    ["sport", "sports|sport", "sport", "sport", "Sport"],
    ["fest", "party", "fest", "fest", "Party|Fest"],
    ["formell|formellt", "formal", "formel|formelt", "formell|formelt", "formell"],
    ["resa|resor", "travel", "rejse|rejser", "reise|reiser", "Reise|Reisen"],
    ["inomhus", "indoors|indoor", "indendørs", "innendørs", "innen|Innenbereich"],
    ["utomhus", "outdoors|outdoor", "udendørs", "utendørs", "außen|Außenbereich"],
    ["vår", "spring", "forår", "vår", "Frühling|Frühjahr"],
    ["sommar", "summer", "sommer", "sommer", "Sommer"],
    ["höst", "autumn|fall", "efterår", "høst", "Herbst"],
    ["vinter", "winter", "vinter", "vinter", "Winter"],
    ["året runt|året om", "all year round|all-year", "hele året", "hele året", "ganzjährig"],
    // Flavours and scents.
    ["citron", "lemon", "citron", "sitron", "Zitrone"],
    ["apelsin", "orange", "appelsin", "appelsin", "Orange"],
    ["blodapelsin", "blood orange", "blodappelsin", "blodappelsin", "Blutorange"],
    ["fläder|fläderblom", "elderflower", "hyldeblomst", "hylleblomst", "Holunderblüte"],
    ["lime", "lime", "lime", "lime", "Limette"],
    ["jordgubb|jordgubbe", "strawberry", "jordbær", "jordbær", "Erdbeere"],
    ["hallon", "raspberry", "hindbær", "bringebær", "Himbeere"],
    ["blåbär", "blueberry", "blåbær", "blåbær", "Heidelbeere|Blaubeere"],
    ["äpple", "apple", "æble", "eple", "Apfel"],
    ["päron", "pear", "pære", "pære", "Birne"],
    ["persika", "peach", "fersken", "fersken", "Pfirsich"],
    ["banan", "banana", "banan", "banan", "Banane"],
    ["mango", "mango", "mango", "mango", "Mango"],
    ["kokos", "coconut", "kokos", "kokos", "Kokos"],
    ["vanilj", "vanilla", "vanilje", "vanilje", "Vanille"],
    ["choklad", "chocolate", "chokolade", "sjokolade", "Schokolade"],
    ["kola|karamell", "caramel", "karamel", "karamell", "Karamell"],
    ["lakrits", "liquorice|licorice", "lakrids", "lakris", "Lakritz|Lakritze"],
    ["mynta|mint", "mint", "mynte|mint", "mynte|mint", "Minze"],
    ["kanel", "cinnamon", "kanel", "kanel", "Zimt"],
    ["honung", "honey", "honning", "honning", "Honig"],
    ["lavendel", "lavender", "lavendel", "lavendel", "Lavendel"],
    ["ros", "rose", "rose", "rose", "Rose"],
    ["kyckling", "chicken", "kylling", "kylling", "Huhn|Hähnchen"],
    ["nötkött", "beef", "oksekød", "storfe|storfekjøtt", "Rind|Rindfleisch"],
    ["lamm", "lamb", "lam", "lam", "Lamm"],
    ["ris", "rice", "ris", "ris", "Reis"],
    // Patterns and shapes.
    ["randig|randigt", "striped|stripes", "stribet", "stripete", "gestreift"],
    ["rutig|rutigt", "checked|checkered|plaid", "ternet", "rutete", "kariert"],
    ["prickig|prickigt", "dotted|polka dot", "prikket", "prikkete", "gepunktet"],
    ["blommig|blommigt", "floral", "blomstret", "blomstrete", "geblümt"],
    ["enfärgad|enfärgat", "single-coloured|solid|solid colour", "ensfarvet", "ensfarget", "einfarbig|uni"],
    ["rund|runt", "round", "rund|rundt", "rund|rundt", "rund"],
    ["oval|ovalt", "oval", "oval|ovalt", "oval|ovalt", "oval"],
    ["rektangulär|rektangulärt", "rectangular", "rektangulær", "rektangulær", "rechteckig"],
    ["kvadratisk|kvadratiskt", "square", "kvadratisk", "kvadratisk", "quadratisch"],
    // Surfaces.
    ["blank|blankt", "glossy", "blank|blankt", "blank|blankt", "glänzend"],
    ["matt", "matt|matte", "mat", "matt", "matt"],
    ["polerad|polerat", "polished", "poleret", "polert", "poliert"],
    ["borstad|borstat", "brushed", "børstet", "børstet", "gebürstet"],
    ["lackerad|lackerat|lackad|lackat", "lacquered|varnished", "lakeret", "lakkert", "lackiert"],
    ["oljad|oljat", "oiled", "olieret", "oljet", "geölt"],
    [
        "pulverlackerad|pulverlackerat",
        "powder-coated|powder coated",
        "pulverlakeret",
        "pulverlakkert",
        "pulverbeschichtet",
    ],
    ["förkromad|förkromat", "chrome-plated|chromed", "forkromet", "forkrommet", "verchromt"],
    // Where the power comes from.
    [
        "batteri|batterier",
        "battery|batteries",
        "batteri|batterier",
        "batteri|batterier",
        "Batterie|Batterien",
    ],
    ["elnät|nätström", "mains", "lysnet", "strømnett", "Netzstrom"],
    [
        "solceller|solcell",
        "solar cells|solar cell",
        "solceller|solcelle",
        "solceller|solcelle",
        "Solarzellen|Solarzelle",
    ],
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_names_and_values_have_words_in_every_language() {
        let text = |text: &str| FactValue::Text(text.to_owned());
        let swedish = Language::parse("sv").ok();
        let of = |name: &str, value: &str, tag: &str| {
            let language = Language::parse(tag).unwrap();
            translated(name, &text(value), swedish.as_ref(), rules_of(&language)?, &language)
        };
        let pair = |name: &str, value: &str| Some((name.to_owned(), value.to_owned()));
        assert_eq!(of("Smak", "Kyckling och ris", "de"), pair("Geschmack", "Huhn und Reis"));
        assert_eq!(of("Gänga", "M8", "en"), pair("thread", "M8"));
        assert_eq!(of("Handtag", "svart", "no"), pair("håndtak", "svart"));
        assert_eq!(of("Smak", "fyllig", "en"), None);
        assert_eq!(of("Hemlighet", "citron", "en"), None);
    }

    #[test]
    fn no_spelling_stands_in_two_entries_of_a_language() {
        for list in [NAMES, VALUES] {
            for column in 0..5 {
                let mut seen = Vec::new();
                for entry in list {
                    let mut spellings: Vec<String> =
                        entry[column].split('|').map(str::to_lowercase).collect();
                    spellings.sort();
                    spellings.dedup();
                    for spelling in spellings {
                        assert!(!seen.contains(&spelling), "{spelling}");
                        seen.push(spelling);
                    }
                }
            }
        }
    }
}
