//! Words that mean the same in Swedish, English, Danish and German: common colours, materials, countries.
//!
//! The lists are closed on purpose. What is not in them has no word in another language and is left out there.

use berika_catalog::Language;
use rust_decimal::Decimal;

use super::Part;
use super::number::{Blanks, number};

/// Which list a word is looked up in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum List {
    Colours,
    Materials,
    Countries,
}

/// Swedish, English, Danish and German; other spellings behind a bar.
type Entry = [&'static str; 4];

/// A word known in every language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word(&'static Entry);

impl Word {
    /// The Swedish word in its base form.
    pub fn swedish(&self) -> &'static str {
        first(self.0[0])
    }

    /// The English word.
    pub fn english(&self) -> &'static str {
        first(self.0[1])
    }
}

/// The most parts of a blend or of a pattern of colours.
const PARTS_MOST: usize = 4;

/// Reads `röd/vit`, `80% bomull, 20% polyester`, `Rostfritt stål och trä`; `None` unless every part is known.
pub(super) fn parts(text: &str, list: List, language: Option<&Language>) -> Option<Vec<Part>> {
    // The whole may be one entry that holds a separator or a number: `18/10`.
    if let Some(word) = look_up(text, list, language) {
        return Some(vec![Part { percent: None, word }]);
    }
    let pieces = split(text);
    if pieces.is_empty() || pieces.len() > PARTS_MOST {
        return None;
    }
    let parts = pieces.iter().map(|piece| part(piece, list, language)).collect::<Option<Vec<_>>>()?;
    let shares: Vec<Decimal> = parts.iter().filter_map(|part| part.percent).collect();
    let sensible = shares.is_empty()
        || list == List::Materials
            && shares.len() == parts.len()
            && shares.iter().sum::<Decimal>() <= Decimal::ONE_HUNDRED;
    let distinct = parts.iter().enumerate().all(|(i, a)| parts[..i].iter().all(|b| a.word != b.word));
    (sensible && distinct).then_some(parts)
}

fn part(piece: &str, list: List, language: Option<&Language>) -> Option<Part> {
    let with_share = number(piece, language, Blanks::Separate).and_then(|(percent, length)| {
        let word = piece[length..].trim_start().strip_prefix('%')?.trim();
        Some(Part { percent: Some(percent), word: look_up(word, list, language)? })
    });
    let share_behind = || {
        let (word, share) = piece.rsplit_once(' ')?;
        let (percent, length) = number(share.trim_end_matches('%'), language, Blanks::Separate)?;
        let whole = share.ends_with('%') && share[length..] == *"%";
        whole.then_some(())?;
        Some(Part { percent: Some(percent), word: look_up(word, list, language)? })
    };
    with_share
        .or_else(share_behind)
        .or_else(|| Some(Part { percent: None, word: look_up(piece, list, language)? }))
}

/// At commas, slashes, words for "and", and before a share that follows a word.
fn split(text: &str) -> Vec<String> {
    let mut marked = text.replace([';', '/', '+', '&', '\n'], ",");
    for and in [" och ", " and ", " og ", " und "] {
        marked = marked.replace(and, ",");
    }
    // A comma between digits is a decimal sign.
    let chars: Vec<char> = marked.chars().collect();
    let digit = |i: usize| chars.get(i).is_some_and(char::is_ascii_digit);
    let mut pieces = vec![String::new()];
    for (i, &c) in chars.iter().enumerate() {
        let separates = c == ',' && !(i > 0 && digit(i - 1) && digit(i + 1));
        let starts_share = c == ' ' && digit(i + 1) && i > 0 && chars[i - 1].is_alphabetic();
        match pieces.last_mut() {
            Some(last) if !(separates || starts_share && leads_with_digit(last)) => last.push(c),
            _ => pieces.push(String::new()),
        }
    }
    pieces.iter().map(|p| p.trim().to_owned()).filter(|p| !p.is_empty()).collect()
}

fn leads_with_digit(text: &str) -> bool {
    text.trim_start().starts_with(|c: char| c.is_ascii_digit())
}

/// The word in the product's own language, else in any.
fn look_up(text: &str, list: List, language: Option<&Language>) -> Option<Word> {
    let wanted = text.trim().trim_end_matches('.').to_lowercase();
    let entries = match list {
        List::Colours => COLOURS,
        List::Materials => MATERIALS,
        List::Countries => COUNTRIES,
    };
    let own = language.and_then(|l| ["sv", "en", "da", "de"].iter().position(|tag| *tag == l.as_str()));
    let within = |column: usize| {
        entries.iter().find(|entry| entry[column].split('|').any(|word| word.to_lowercase() == wanted))
    };
    own.and_then(within).or_else(|| (0..4).find_map(within)).map(Word)
}

fn first(words: &'static str) -> &'static str {
    words.split('|').next().unwrap_or(words)
}

const COLOURS: &[Entry] = &[
    ["svart|svarta", "black", "sort|sorte", "schwarz|schwarze"],
    ["vit|vitt|vita", "white", "hvid|hvidt|hvide", "weiß|weiss|weiße"],
    ["grå|grått|grå", "grey|gray", "grå|gråt", "grau|graue"],
    ["ljusgrå|ljusgrått", "light grey|light gray", "lysegrå", "hellgrau"],
    [
        "mörkgrå|mörkgrått|antracit|antracitgrå",
        "dark grey|dark gray|anthracite|charcoal",
        "mørkegrå|antracit",
        "dunkelgrau|anthrazit",
    ],
    ["röd|rött|röda", "red", "rød|rødt|røde", "rot|rote"],
    [
        "mörkröd|mörkrött|vinröd",
        "dark red|burgundy|wine red",
        "mørkerød|vinrød|bordeaux",
        "dunkelrot|weinrot|bordeaux",
    ],
    ["blå|blått|blåa", "blue", "blå|blåt", "blau|blaue"],
    ["ljusblå|ljusblått", "light blue", "lyseblå", "hellblau"],
    ["mörkblå|mörkblått", "dark blue", "mørkeblå", "dunkelblau"],
    ["marinblå|marinblått|marin", "navy blue|navy", "marineblå|marine", "marineblau|marine"],
    ["grön|grönt|gröna", "green", "grøn|grønt|grønne", "grün|grüne"],
    ["ljusgrön|ljusgrönt", "light green", "lysegrøn", "hellgrün"],
    ["mörkgrön|mörkgrönt", "dark green", "mørkegrøn", "dunkelgrün"],
    ["olivgrön|olivgrönt|oliv", "olive green|olive", "olivengrøn|oliven", "olivgrün|oliv"],
    ["gul|gult|gula", "yellow", "gul|gult|gule", "gelb|gelbe"],
    ["orange|oranga", "orange", "orange", "orange"],
    ["rosa", "pink", "lyserød|pink|rosa", "rosa|pink"],
    ["lila", "purple", "lilla", "lila|violett"],
    ["brun|brunt|bruna", "brown", "brun|brunt|brune", "braun|braune"],
    ["ljusbrun|ljusbrunt", "light brown", "lysebrun", "hellbraun"],
    ["mörkbrun|mörkbrunt", "dark brown", "mørkebrun", "dunkelbraun"],
    ["beige", "beige", "beige", "beige"],
    ["turkos|turkost", "turquoise|teal", "turkis", "türkis"],
    ["silver|silverfärgad|silvrig", "silver", "sølv|sølvfarvet", "silber|silbern"],
    ["guld|guldfärgad", "gold|golden", "guld|guldfarvet", "gold|golden"],
    ["koppar|kopparfärgad", "copper", "kobber", "kupfer"],
    [
        "transparent|genomskinlig|klar",
        "transparent|clear",
        "transparent|gennemsigtig|klar",
        "transparent|klar",
    ],
    [
        "flerfärgad|flerfärgat|mångfärgad",
        "multicoloured|multicolored|multicolour|multicolor|multi",
        "flerfarvet",
        "mehrfarbig|bunt",
    ],
    ["krämvit|krämfärgad|gräddvit", "cream|cream white", "cremefarvet|creme", "creme|cremeweiß"],
];

const MATERIALS: &[Entry] = &[
    ["bomull", "cotton", "bomuld", "baumwolle"],
    ["polyester", "polyester", "polyester", "polyester"],
    ["polyamid", "polyamide", "polyamid", "polyamid"],
    ["nylon", "nylon", "nylon", "nylon"],
    ["elastan|spandex", "elastane|spandex|lycra", "elastan", "elasthan|elastan"],
    ["akryl", "acrylic", "akryl", "acryl"],
    ["viskos", "viscose|rayon", "viskose", "viskose"],
    ["ull", "wool", "uld", "wolle"],
    ["merinoull", "merino wool|merino", "merinould", "merinowolle"],
    ["lin|linne", "linen", "hør", "leinen"],
    ["siden|silke", "silk", "silke", "seide"],
    ["fleece", "fleece", "fleece", "fleece"],
    ["filt", "felt", "filt", "filz"],
    ["läder|skinn", "leather", "læder", "leder"],
    [
        "konstläder",
        "imitation leather|faux leather|artificial leather",
        "kunstlæder|imiteret læder",
        "kunstleder",
    ],
    ["mocka", "suede", "ruskind", "wildleder|veloursleder"],
    ["gummi", "rubber", "gummi", "gummi"],
    ["naturgummi", "natural rubber", "naturgummi", "naturkautschuk"],
    ["latex", "latex", "latex", "latex"],
    ["nitril", "nitrile", "nitril", "nitril"],
    ["silikon", "silicone", "silikone", "silikon"],
    ["plast", "plastic", "plast|plastik", "kunststoff|plastik"],
    ["polypropen|pp|polypropylen", "polypropylene", "polypropylen", "polypropylen"],
    ["polyeten|pe|polyetylen", "polyethylene", "polyethylen", "polyethylen"],
    ["akrylplast|plexiglas", "acrylic plastic|acrylic glass", "akrylplast", "acrylglas"],
    ["PVC", "PVC", "pvc", "pvc"],
    ["ABS-plast|abs", "ABS plastic|abs", "ABS-plast|abs", "ABS-kunststoff|abs"],
    ["stål", "steel", "stål", "stahl"],
    [
        "rostfritt stål|rostfri|rostfritt",
        "stainless steel|stainless",
        "rustfrit stål|rustfri stål",
        "edelstahl|rostfreier stahl",
    ],
    ["kolstål", "carbon steel", "kulstofstål", "kohlenstoffstahl|karbonstahl"],
    [
        "galvaniserat stål|förzinkat stål|varmförzinkat stål",
        "galvanised steel|galvanized steel",
        "galvaniseret stål",
        "verzinkter stahl|verzinkt",
    ],
    [
        "krom-vanadinstål|krom-vanadin|kromvanadin|kromvanadium|krom-vanadium|kromvanadinstål",
        "chrome vanadium steel|chrome vanadium",
        "krom-vanadium-stål|krom vanadium",
        "chrom-vanadium-stahl|chrom-vanadium",
    ],
    ["järn", "iron", "jern", "eisen"],
    ["gjutjärn", "cast iron", "støbejern", "gusseisen"],
    ["aluminium", "aluminium|aluminum", "aluminium", "aluminium"],
    ["mässing", "brass", "messing", "messing"],
    ["koppar", "copper", "kobber", "kupfer"],
    ["zink", "zinc", "zink", "zink"],
    ["titan", "titanium", "titan|titanium", "titan"],
    ["metall", "metal", "metal", "metall"],
    ["trä", "wood", "træ", "holz"],
    ["furu", "pine", "fyrretræ|fyr", "kiefer|kiefernholz"],
    ["ek", "oak", "eg|egetræ", "eiche|eichenholz"],
    ["bok", "beech", "bøg|bøgetræ", "buche|buchenholz"],
    ["björk", "birch", "birk|birketræ", "birke|birkenholz"],
    ["ask", "ash", "ask|asketræ", "esche|eschenholz"],
    ["akacia|akaciaträ", "acacia|acacia wood", "akacie|akacietræ", "akazie|akazienholz"],
    ["teak", "teak", "teak|teaktræ", "teak|teakholz"],
    ["bambu", "bamboo", "bambus", "bambus"],
    ["plywood", "plywood", "krydsfiner", "sperrholz"],
    ["MDF", "MDF", "mdf", "mdf"],
    ["kork", "cork", "kork", "kork"],
    ["rotting", "rattan", "rattan", "rattan"],
    ["glas", "glass", "glas", "glas"],
    ["borosilikatglas", "borosilicate glass", "borosilikatglas", "borosilikatglas"],
    ["härdat glas", "tempered glass|toughened glass", "hærdet glas", "gehärtetes glas"],
    ["porslin", "porcelain", "porcelæn", "porzellan"],
    ["stengods", "stoneware", "stentøj", "steinzeug|steingut"],
    ["keramik", "ceramic|ceramics", "keramik", "keramik"],
    ["terrakotta", "terracotta", "terrakotta", "terrakotta"],
    ["betong", "concrete", "beton", "beton"],
    ["marmor", "marble", "marmor", "marmor"],
    ["granit", "granite", "granit", "granit"],
    ["papper", "paper", "papir", "papier"],
    ["kartong|papp", "cardboard", "pap|karton", "pappe|karton"],
    ["cellulosa", "cellulose", "cellulose", "cellulose"],
    ["mikrofiber", "microfibre|microfiber", "mikrofiber", "mikrofaser"],
    ["stearin", "stearin", "stearin", "stearin"],
    ["paraffin", "paraffin", "paraffin", "paraffin"],
    ["dun", "down", "dun", "daunen"],
    ["jute", "jute", "jute", "jute"],
    ["hårdmetall", "carbide|tungsten carbide", "hårdmetal", "hartmetall"],
    ["snabbstål|hss", "high-speed steel|hss", "hurtigstål|hss", "schnellarbeitsstahl|hss"],
    ["kolfiber", "carbon fibre|carbon fiber|carbon", "kulfiber", "kohlefaser|carbon"],
    ["glasfiber", "fibreglass|glass fibre|fiberglass", "glasfiber", "glasfaser"],
];

const COUNTRIES: &[Entry] = &[
    ["Sverige|se|swe", "Sweden", "Sverige", "Schweden"],
    ["Norge|no|nor", "Norway", "Norge", "Norwegen"],
    ["Danmark|dk|dnk", "Denmark", "Danmark", "Dänemark"],
    ["Finland|fi|fin", "Finland", "Finland", "Finnland"],
    ["Island|is|isl", "Iceland", "Island", "Island"],
    ["Tyskland|de|deu", "Germany", "Tyskland", "Deutschland"],
    ["Österrike|at|aut", "Austria", "Østrig", "Österreich"],
    ["Schweiz|ch|che", "Switzerland", "Schweiz", "Schweiz"],
    ["Nederländerna|nl|nld|Holland", "the Netherlands|Netherlands", "Holland|Nederlandene", "Niederlande"],
    ["Belgien|be|bel", "Belgium", "Belgien", "Belgien"],
    ["Frankrike|fr|fra", "France", "Frankrig", "Frankreich"],
    ["Italien|it|ita", "Italy", "Italien", "Italien"],
    ["Spanien|es|esp", "Spain", "Spanien", "Spanien"],
    ["Portugal|pt|prt", "Portugal", "Portugal", "Portugal"],
    ["Polen|pl|pol", "Poland", "Polen", "Polen"],
    ["Tjeckien|cz|cze", "Czechia|Czech Republic|the Czech Republic", "Tjekkiet", "Tschechien"],
    ["Slovakien|sk|svk", "Slovakia", "Slovakiet", "Slowakei"],
    ["Ungern|hu|hun", "Hungary", "Ungarn", "Ungarn"],
    ["Rumänien|ro|rou", "Romania", "Rumænien", "Rumänien"],
    ["Bulgarien|bg|bgr", "Bulgaria", "Bulgarien", "Bulgarien"],
    ["Grekland|gr|grc", "Greece", "Grækenland", "Griechenland"],
    ["Turkiet|tr|tur", "Turkey|Türkiye", "Tyrkiet", "Türkei"],
    ["Estland|ee|est", "Estonia", "Estland", "Estland"],
    ["Lettland|lv|lva", "Latvia", "Letland", "Lettland"],
    ["Litauen|lt|ltu", "Lithuania", "Litauen", "Litauen"],
    ["Irland|ie|irl", "Ireland", "Irland", "Irland"],
    [
        "Storbritannien|gb|uk|gbr",
        "the United Kingdom|United Kingdom|Great Britain",
        "Storbritannien",
        "Großbritannien|Vereinigtes Königreich",
    ],
    ["USA|us", "the USA|USA|United States|the United States", "USA", "USA"],
    ["Kanada|ca|can", "Canada", "Canada", "Kanada"],
    ["Kina|cn|chn", "China", "Kina", "China"],
    ["Taiwan|tw|twn", "Taiwan", "Taiwan", "Taiwan"],
    ["Japan|jp|jpn", "Japan", "Japan", "Japan"],
    ["Sydkorea|kr|kor", "South Korea", "Sydkorea", "Südkorea"],
    ["Indien|in|ind", "India", "Indien", "Indien"],
    ["Vietnam|vn|vnm", "Vietnam", "Vietnam", "Vietnam"],
    ["Thailand|th|tha", "Thailand", "Thailand", "Thailand"],
    ["Brasilien|br|bra", "Brazil", "Brasilien", "Brasilien"],
    ["Colombia|co|col", "Colombia", "Colombia", "Kolumbien"],
    ["Etiopien|et|eth", "Ethiopia", "Etiopien", "Äthiopien"],
    ["Kenya|ke|ken", "Kenya", "Kenya", "Kenia"],
    ["Sydafrika|za|zaf", "South Africa", "Sydafrika", "Südafrika"],
    ["Nya Zeeland|nz|nzl", "New Zealand", "New Zealand", "Neuseeland"],
    ["Australien|au|aus", "Australia", "Australien", "Australien"],
    ["Chile|cl|chl", "Chile", "Chile", "Chile"],
    ["Argentina|ar|arg", "Argentina", "Argentina", "Argentinien"],
    ["Mexiko|mx|mex", "Mexico", "Mexico", "Mexiko"],
    ["Bangladesh|bd|bgd", "Bangladesh", "Bangladesh", "Bangladesch"],
    ["Pakistan|pk|pak", "Pakistan", "Pakistan", "Pakistan"],
    ["Sri Lanka|lk|lka", "Sri Lanka", "Sri Lanka", "Sri Lanka"],
];

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, list: List, language: &str) -> Option<Vec<String>> {
        let parts = parts(text, list, Language::parse(language).ok().as_ref())?;
        let show = |part: &Part| {
            let share = part.percent.map(|p| format!("{p} % ")).unwrap_or_default();
            format!("{share}{}", part.word.english())
        };
        Some(parts.iter().map(show).collect())
    }

    #[test]
    fn words_of_four_languages_mean_the_same() {
        for (text, language) in
            [("Svart", "sv"), ("black", "en"), ("Sort", "da"), ("Schwarz", "de"), ("Black", "sv")]
        {
            assert_eq!(read(text, List::Colours, language), Some(vec!["black".to_owned()]), "{text}");
        }
        assert_eq!(read("DE", List::Countries, "sv"), Some(vec!["Germany".to_owned()]));
        assert_eq!(read("Midnattsblå", List::Colours, "sv"), None);
    }

    #[test]
    fn blends_keep_their_shares() {
        for text in ["80% bomull, 20% polyester", "80 % bomull 20 % polyester", "Bomull 80%, polyester 20%"] {
            let expected = vec!["80 % cotton".to_owned(), "20 % polyester".to_owned()];
            assert_eq!(read(text, List::Materials, "sv"), Some(expected), "{text}");
        }
        assert_eq!(
            read("92,5% bomull/7,5% elastan", List::Materials, "sv"),
            Some(vec!["92.5 % cotton".to_owned(), "7.5 % elastane".to_owned()])
        );
        assert_eq!(read("80% bomull, polyester", List::Materials, "sv"), None);
        assert_eq!(read("80% bomull, 80% polyester", List::Materials, "sv"), None);
        assert_eq!(read("bomull, okänt", List::Materials, "sv"), None);
        assert_eq!(read("Rostfritt stål och trä", List::Materials, "sv").map(|p| p.len()), Some(2));
    }
}
