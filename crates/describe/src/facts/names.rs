//! Attribute names in Swedish, English, Danish and German, and what they announce.

use super::FactKind;
use super::quantity::{Measure, Unit, unit_alone};
use super::words::{Vocabulary, Word, flagged};

/// What a name announces.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Announced {
    /// A measure of one of these kinds, told by the unit.
    Measured(&'static [(Measure, FactKind)]),
    /// Pieces in a package.
    Pieces,
    /// A measure where the value is one, else words: `Size: 500 g`, `Size: M`.
    SizeOrMeasure,
    /// A colour.
    Colour,
    /// A material.
    Material,
    /// A country.
    Origin,
    /// What is copied or left out, never phrased.
    FoodInformation,
    /// `Innehåll`: an amount, or else a list of ingredients.
    ContentOrIngredients,
    /// Diets or care instructions.
    Items(FactKind),
    /// Certifications, and diets among them.
    Labels,
    /// The name is a known word and the value says whether it holds: `Glutenfri: Ja`.
    Flag(Vocabulary, Word),
    /// Ingredients or allergens, copied word for word.
    Verbatim(FactKind),
    /// The class of the energy label.
    EnergyClass,
    /// The base of a lamp.
    LampBase,
    /// The protection class.
    ProtectionClass,
    /// The age from which it is recommended.
    Age,
    /// A mark, certificate or claim.
    Claim,
    /// A number, flag or text of the supplier's own.
    NotAProperty,
    /// A property under its own name.
    Other,
}

use Measure as M;

const MASS: &[(Measure, FactKind)] = &[(M::Mass, FactKind::Weight)];
const NET: &[(Measure, FactKind)] =
    &[(M::Mass, FactKind::NetContent), (M::Volume, FactKind::NetContent), (M::Count, FactKind::PackSize)];
const VOLUME: &[(Measure, FactKind)] = &[(M::Volume, FactKind::Volume)];
const CAPACITY: &[(Measure, FactKind)] =
    &[(M::Volume, FactKind::Volume), (M::Charge, FactKind::BatteryCapacity), (M::Data, FactKind::Storage)];
const SIDES: &[(Measure, FactKind)] = &[(M::Length, FactKind::Dimensions)];
const PRESSURE: &[(Measure, FactKind)] = &[(M::Pressure, FactKind::Pressure)];

/// Kinds of a single length.
const LENGTH: &[(Measure, FactKind)] = &[(M::Length, FactKind::Length)];
const WIDTH: &[(Measure, FactKind)] = &[(M::Length, FactKind::Width)];
const HEIGHT: &[(Measure, FactKind)] = &[(M::Length, FactKind::Height)];
const DEPTH: &[(Measure, FactKind)] = &[(M::Length, FactKind::Depth)];
const DIAMETER: &[(Measure, FactKind)] = &[(M::Length, FactKind::Diameter)];
const THICKNESS: &[(Measure, FactKind)] = &[(M::Length, FactKind::Thickness)];
const CABLE: &[(Measure, FactKind)] = &[(M::Length, FactKind::CableLength)];
const SCREEN: &[(Measure, FactKind)] = &[(M::Length, FactKind::ScreenSize)];
/// Suppliers keep both in one column: `Effekt/spänning`.
const POWER: &[(Measure, FactKind)] = &[(M::Power, FactKind::Power), (M::Voltage, FactKind::Voltage)];
const VOLTAGE: &[(Measure, FactKind)] = &[(M::Voltage, FactKind::Voltage), (M::Power, FactKind::Power)];
const CHARGE: &[(Measure, FactKind)] = &[(M::Charge, FactKind::BatteryCapacity)];
const CURRENT: &[(Measure, FactKind)] = &[(M::Current, FactKind::Current)];
const FREQUENCY: &[(Measure, FactKind)] = &[(M::Frequency, FactKind::Frequency)];
const LIGHT: &[(Measure, FactKind)] = &[(M::LuminousFlux, FactKind::LuminousFlux)];
const KELVIN: &[(Measure, FactKind)] = &[(M::ColourTemperature, FactKind::ColourTemperature)];
const DATA: &[(Measure, FactKind)] = &[(M::Data, FactKind::Storage)];
const TORQUE: &[(Measure, FactKind)] = &[(M::Torque, FactKind::Torque)];
const ROTATION: &[(Measure, FactKind)] = &[(M::Rotation, FactKind::RotationSpeed)];
const SOUND: &[(Measure, FactKind)] = &[(M::Sound, FactKind::NoiseLevel)];
const LOAD: &[(Measure, FactKind)] = &[(M::Mass, FactKind::MaximumLoad)];
const BURN: &[(Measure, FactKind)] = &[(M::Time, FactKind::BurnTime)];
const RUN: &[(Measure, FactKind)] = &[(M::Time, FactKind::RunTime)];
const FAT: &[(Measure, FactKind)] = &[(M::Share, FactKind::FatContent)];
const ALCOHOL: &[(Measure, FactKind)] = &[(M::Share, FactKind::AlcoholContent)];
const COCOA: &[(Measure, FactKind)] = &[(M::Share, FactKind::CocoaContent)];

/// Names in lower case without blanks, hyphens and underscores.
const NAMES: &[(&[&str], Announced)] = &[
    (
        &["vikt", "weight", "gewicht", "vægt", "produktvikt", "itemweight", "egenvikt"],
        Announced::Measured(MASS),
    ),
    (
        &[
            "nettovikt",
            "nettoinnehåll",
            "nettomängd",
            "netweight",
            "netcontent",
            "netcontents",
            "netquantity",
            "nettogewicht",
            "nettovægt",
            "füllmenge",
            "nettofüllmenge",
            "inhalt",
            "indhold",
            "nettoindhold",
            "mängd",
            "mængde",
            "menge",
            "förpackningsstorlek",
            "förpackning",
            "content",
            "contents",
            "quantity",
            "packagesize",
            "förpackningsvikt",
            "mengde",
            "nettovolym",
            "netvolume",
            "packungsgröße",
        ],
        Announced::Measured(NET),
    ),
    (&["volym", "volume", "volumen", "rymd", "rumfang"], Announced::Measured(VOLUME)),
    (&["kapacitet", "capacity", "kapazität", "rymmer", "fassungsvermögen"], Announced::Measured(CAPACITY)),
    (
        &[
            "mått",
            "dimensioner",
            "dimensions",
            "dimension",
            "measurements",
            "maße",
            "abmessungen",
            "abmessung",
            "mål",
            "format",
        ],
        Announced::Measured(SIDES),
    ),
    (&["längd", "length", "länge", "længde"], Announced::Measured(LENGTH)),
    (&["bredd", "width", "breite", "bredde"], Announced::Measured(WIDTH)),
    (&["höjd", "height", "höhe", "højde"], Announced::Measured(HEIGHT)),
    (&["djup", "depth", "tiefe", "dybde"], Announced::Measured(DEPTH)),
    (&["diameter", "durchmesser", "ø"], Announced::Measured(DIAMETER)),
    (
        &["tjocklek", "thickness", "dicke", "stärke", "tykkelse", "materialtjocklek"],
        Announced::Measured(THICKNESS),
    ),
    (
        &[
            "kabellängd",
            "sladdlängd",
            "cablelength",
            "cordlength",
            "kabellänge",
            "kabellængde",
            "ledningslængde",
        ],
        Announced::Measured(CABLE),
    ),
    (&["skärmstorlek", "screensize", "bildschirmgröße", "skærmstørrelse"], Announced::Measured(SCREEN)),
    (
        &[
            "effekt",
            "power",
            "wattage",
            "leistungsaufnahme",
            "nennaufnahmeleistung",
            "leistung",
            "märkeffekt",
            "maxeffekt",
            "ratedpower",
            "nennleistung",
            "nominaleffekt",
        ],
        Announced::Measured(POWER),
    ),
    (
        &[
            "spänning",
            "voltage",
            "spannung",
            "spænding",
            "batterispänning",
            "märkspänning",
            "ratedvoltage",
            "nennspannung",
            "akkuspannung",
            "batteryvoltage",
            "batterispænding",
        ],
        Announced::Measured(VOLTAGE),
    ),
    (
        &[
            "batterikapacitet",
            "batterycapacity",
            "akkukapazität",
            "batteriekapazität",
            "batteri",
            "battery",
            "akku",
        ],
        Announced::Measured(CHARGE),
    ),
    (
        &["ström", "strömstyrka", "current", "strom", "märkström", "strøm", "nennstrom"],
        Announced::Measured(CURRENT),
    ),
    (&["frekvens", "frequency", "frequenz"], Announced::Measured(FREQUENCY)),
    (
        &[
            "ljusflöde",
            "luminousflux",
            "lumen",
            "lichtstrom",
            "lysstrøm",
            "ljusstyrka",
            "brightness",
            "lightoutput",
        ],
        Announced::Measured(LIGHT),
    ),
    (
        &["färgtemperatur", "colourtemperature", "colortemperature", "farbtemperatur", "farvetemperatur"],
        Announced::Measured(KELVIN),
    ),
    (
        &["lagring", "lagringsutrymme", "minne", "storage", "memory", "speicher", "lager"],
        Announced::Measured(DATA),
    ),
    (
        &[
            "vridmoment",
            "torque",
            "drehmoment",
            "drehmomentmax",
            "moment",
            "drejningsmoment",
            "maxvridmoment",
            "maxtorque",
        ],
        Announced::Measured(TORQUE),
    ),
    (
        &[
            "varvtal",
            "speed",
            "drehzahl",
            "omdrejningstal",
            "omdrejninger",
            "noloadspeed",
            "tomgångsvarvtal",
            "leerlaufdrehzahl",
        ],
        Announced::Measured(ROTATION),
    ),
    (
        &["tryck", "pressure", "druck", "maxtryck", "arbetstryck", "betriebsdruck"],
        Announced::Measured(PRESSURE),
    ),
    (&["ljudnivå", "noiselevel", "geräuschpegel", "lydniveau", "bullernivå"], Announced::Measured(SOUND)),
    (
        &[
            "maxbelastning",
            "maxlast",
            "maxload",
            "maximumload",
            "belastning",
            "tragkraft",
            "bärförmåga",
            "loadcapacity",
            "maxvikt",
            "maxweight",
            "maximalvægt",
            "maxbrukarvikt",
        ],
        Announced::Measured(LOAD),
    ),
    (&["brinntid", "burntime", "burningtime", "brenndauer", "brændetid"], Announced::Measured(BURN)),
    (
        &["drifttid", "batteritid", "runtime", "batterylife", "laufzeit", "driftstid"],
        Announced::Measured(RUN),
    ),
    (
        &["fetthalt", "fat", "fatcontent", "fettgehalt", "fedtindhold", "fedtprocent"],
        Announced::Measured(FAT),
    ),
    (
        &["alkoholhalt", "alcohol", "alcoholcontent", "abv", "alkoholgehalt", "alkoholprocent", "alkohol"],
        Announced::Measured(ALCOHOL),
    ),
    (&["kakaohalt", "cocoa", "cocoacontent", "kakaogehalt", "kakaoindhold"], Announced::Measured(COCOA)),
    (
        &[
            "antal",
            "antaliförpackning",
            "antalperförpackning",
            "packsize",
            "packquantity",
            "piecesperpack",
            "numberofpieces",
            "stückzahl",
            "anzahl",
            "packungsinhalt",
            "antalstk",
            "antalst",
            "antalipakke",
            "pieces",
            "stycken",
            "unitcount",
            "count",
            "styck",
            "antalstycken",
            "antalark",
            "packantal",
        ],
        Announced::Pieces,
    ),
    (&["storlek", "size", "größe", "størrelse", "str", "stl"], Announced::SizeOrMeasure),
    (
        &[
            "färg",
            "kulör",
            "colour",
            "color",
            "farbe",
            "farve",
            "basecolour",
            "basecolor",
            "produktfärg",
            "färger",
        ],
        Announced::Colour,
    ),
    (
        &[
            "material",
            "materiale",
            "tyg",
            "fabric",
            "werkstoff",
            "materialien",
            "materials",
            "sammansättning",
            "materialsammansättning",
            "composition",
            "fabriccomposition",
        ],
        Announced::Material,
    ),
    (
        &[
            "ursprung",
            "ursprungsland",
            "origin",
            "countryoforigin",
            "herkunft",
            "herkunftsland",
            "ursprungsland",
            "oprindelse",
            "oprindelsesland",
            "tillverkningsland",
            "madein",
            "land",
            "country",
            "tillverkadi",
            "herstellungsland",
        ],
        Announced::Origin,
    ),
    (&["innehåll"], Announced::ContentOrIngredients),
    (
        &[
            "ingredienser",
            "ingredients",
            "ingredient",
            "ingredientlist",
            "ingredientslist",
            "ingredienslista",
            "innehållsförteckning",
            "ingrediensliste",
            "zutaten",
            "zutatenliste",
            "zutatenverzeichnis",
            "inci",
            "ingredientstext",
            "ingredientstatement",
        ],
        Announced::Verbatim(FactKind::Ingredients),
    ),
    (
        &[
            "allergener",
            "allergens",
            "allergen",
            "allergene",
            "allergeninformation",
            "allergyinformation",
            "allergyadvice",
            "allergenhinweis",
            "allergenhinweise",
            "innehållerallergener",
            "containsallergens",
            "allergiinformation",
            "allergies",
        ],
        Announced::Verbatim(FactKind::Allergens),
    ),
    (
        &[
            "kaninnehålla",
            "kaninnehållaspårav",
            "maycontain",
            "maycontaintracesof",
            "kanindeholde",
            "kanindeholdesporaf",
            "kaninneholde",
            "kaninneholdesporav",
            "kannspurenenthalten",
            "kannspurenvonenthalten",
            "kannenthalten",
            "traces",
            "spårav",
            "sporaf",
            "sporav",
            "spuren",
        ],
        Announced::Verbatim(FactKind::MayContain),
    ),
    (
        &[
            "diet",
            "diets",
            "kost",
            "kosttyp",
            "specialkost",
            "dietary",
            "dietaryinformation",
            "dietarypreference",
            "dietarypreferences",
            "diettype",
            "ernährung",
            "ernährungsweise",
            "ernährungsform",
            "diät",
            "diæt",
            "kosthold",
            "kostform",
            "diett",
            "dietarylabels",
        ],
        Announced::Items(FactKind::Diet),
    ),
    (
        &[
            "märkning",
            "märkningar",
            "certifiering",
            "certifieringar",
            "certification",
            "certifications",
            "certificate",
            "certificates",
            "certificering",
            "certificeringer",
            "sertifisering",
            "sertifiseringer",
            "merking",
            "merker",
            "mærkning",
            "mærker",
            "mærkningsordning",
            "mærkningsordninger",
            "merkeordning",
            "merkeordninger",
            "zertifizierung",
            "zertifizierungen",
            "zertifikat",
            "zertifikate",
            "siegel",
            "gütesiegel",
            "label",
            "labels",
            "miljömärkning",
            "miljömärkningar",
            "ecolabel",
            "ecolabels",
            "umweltsiegel",
            "umweltzeichen",
            "miljømærke",
            "miljømærker",
            "miljømærkning",
            "miljømerke",
            "miljømerking",
            "biosiegel",
            "kennzeichnung",
            "organiccertification",
            "certifierad",
            "certified",
            "certifiedby",
            "ekomärkning",
            "kvalitetsmärkning",
        ],
        Announced::Labels,
    ),
    (
        &[
            "skötsel",
            "skötselråd",
            "tvättråd",
            "tvättanvisning",
            "tvättinstruktion",
            "tvätt",
            "tvättemperatur",
            "tvättning",
            "care",
            "careinstructions",
            "careinstruction",
            "washcare",
            "washinginstructions",
            "washinginstruction",
            "washingtemperature",
            "washing",
            "wash",
            "careadvice",
            "pleje",
            "plejeanvisning",
            "vaskeanvisning",
            "vask",
            "vaskeinstruktion",
            "vasketemperatur",
            "vedligeholdelse",
            "vedligehold",
            "vaskeråd",
            "pflege",
            "pflegehinweis",
            "pflegehinweise",
            "pflegeanleitung",
            "waschanleitung",
            "waschhinweis",
            "waschtemperatur",
            "reinigung",
            "rengöring",
            "rengøring",
            "rengjøring",
            "vedlikehold",
            "cleaning",
            "productcare",
            "cleaningandcare",
        ],
        Announced::Items(FactKind::Care),
    ),
    (
        &[
            "energiklass",
            "energieffektivitetsklass",
            "energyclass",
            "energyefficiencyclass",
            "energyrating",
            "energylabel",
            "energimärkning",
            "energimærke",
            "energimærkning",
            "energiklasse",
            "energimerking",
            "energimerke",
            "energieeffizienzklasse",
            "energieklasse",
            "energieffektivitetsklasse",
            "energilabel",
        ],
        Announced::EnergyClass,
    ),
    (
        &[
            "sockel",
            "lampsockel",
            "sockeltyp",
            "lampbase",
            "bulbbase",
            "socket",
            "captype",
            "basetype",
            "fatning",
            "sokkel",
            "lampefatning",
            "lampesokkel",
            "fassung",
            "lampenfassung",
            "lampenhållare",
            "lamphållare",
            "lamphållartyp",
            "fitting",
            "socketbase",
            "bulbcap",
        ],
        Announced::LampBase,
    ),
    (
        &[
            "kapslingsklass",
            "ipklass",
            "skyddsklass",
            "ipklassning",
            "ipklassificering",
            "iprating",
            "ipclass",
            "ipcode",
            "protectionclass",
            "ingressprotection",
            "kapslingsklasse",
            "kapsling",
            "tæthedsklasse",
            "tæthed",
            "ipklasse",
            "schutzart",
            "ipschutzart",
            "ipschutzklasse",
            "ip",
            "protectionrating",
            "beskyttelsesgrad",
            "kapslingsgrad",
            "ipgrad",
            "skyddsklassip",
        ],
        Announced::ProtectionClass,
    ),
    (
        &[
            "ålder",
            "rekommenderadålder",
            "åldersrekommendation",
            "age",
            "recommendedage",
            "agerecommendation",
            "agefrom",
            "minimumage",
            "alder",
            "anbefaletalder",
            "aldersanbefaling",
            "anbefaltalder",
            "alter",
            "altersempfehlung",
            "empfohlenesalter",
            "frånålder",
            "fraalder",
            "agerange",
            "suitableage",
            "mindestalter",
        ],
        Announced::Age,
    ),
];

/// Parts of names that are never phrased.
const FOOD: &[&str] = &[
    "ingrediens",
    "ingredient",
    "ingredienser",
    "innehållsförteckning",
    "zutaten",
    "allergen",
    "allergi",
    "näring",
    "nutrition",
    "kaninnehålla",
    "maycontain",
    "nährwert",
    "næring",
    "energi",
    "kalori",
    "calorie",
    "protein",
    "kolhydrat",
    "carbohydrate",
    "socker",
    "sugar",
    "salt",
    "spår",
    "traces",
    "mättat",
    "saturated",
    "fiber",
    "fibre",
    "vitamin",
    "kohlenhydrat",
    "zucker",
    "varavfett",
];

/// Parts of names that announce marks, certificates, claims.
const CLAIMS: &[&str] = &[
    "märkning",
    "certifi",
    "ekologisk",
    "organic",
    "miljö",
    "environment",
    "hållbar",
    "sustain",
    "bio",
    "øko",
    "claim",
    "påstå",
    "zertif",
    "hälsa",
    "health",
    "gesund",
    "vegan",
    "vegetar",
    "diet",
    "kost",
    "gluten",
    "laktos",
    "lactose",
    "halal",
    "kosher",
    "fairtrade",
    "varning",
    "hazard",
    "faro",
    "warning",
    "säkerhet",
    "safety",
    "medicin",
    "åldersgräns",
    "energy",
    "recycl",
    "återvun",
];

/// Names, or parts of them, that are the supplier's own bookkeeping.
const INTERNAL: &[&str] = &[
    "artikelnummer",
    "artnr",
    "artikelnr",
    "articlenumber",
    "sku",
    "ean",
    "gtin",
    "upc",
    "mpn",
    "pris",
    "price",
    "preis",
    "moms",
    "vat",
    "lager",
    "stock",
    "url",
    "link",
    "bild",
    "image",
    "photo",
    "datum",
    "date",
    "bäst",
    "bestbefore",
    "status",
    "leverantör",
    "supplier",
    "vendor",
    "store",
    "butik",
    "frakt",
    "shipping",
    "leverans",
    "delivery",
    "bruttovikt",
    "grossweight",
    "bruttogewicht",
    "brutto",
    "tulltaxe",
    "customs",
    "hscode",
    "statnr",
    "kampanj",
    "campaign",
    "rabatt",
    "discount",
    "category",
    "kategori",
    "warengruppe",
    "id",
    "kod",
    "code",
    "hersteller",
    "varumärke",
    "brand",
    "marke",
    "mærke",
    "manufacturer",
    "tillverkare",
    "beskrivning",
    "description",
    "titel",
    "title",
    "namn",
    "name",
    "labels",
    "tags",
    "season",
    "titleclean",
    "unit",
    "enhet",
    "einheit",
    "jämförpris",
    "lagerplats",
    "orderenhet",
    "minorder",
    "updated",
    "created",
    "note",
    "kommentar",
];

/// What `name` announces, and the unit that the name itself gives, as in `Vikt (g)`.
pub(super) fn announced(name: &str) -> (Announced, Option<Unit>) {
    let (bare, unit) = split_unit(name);
    let folded = fold(bare);
    if let Some(unit) =
        unit_alone(&bare.to_lowercase()).filter(|u| u.measure() == M::Mass || u.measure() == M::Volume)
    {
        return (Announced::Measured(NET), Some(unit));
    }
    if let Some((_, announced)) = NAMES.iter().find(|(names, _)| names.contains(&folded.as_str())) {
        return (announced.clone(), unit);
    }
    if let Some((list, word)) = flagged(bare) {
        return (Announced::Flag(list, word), None);
    }
    let holds = |parts: &[&str]| parts.iter().any(|part| folded.contains(part));
    let internal = INTERNAL.iter().any(|part| folded == *part || part.len() > 3 && folded.contains(part));
    let announced = match () {
        () if holds(FOOD) => Announced::FoodInformation,
        () if holds(CLAIMS) => Announced::Claim,
        () if internal || folded.is_empty() => Announced::NotAProperty,
        () => Announced::Other,
    };
    (announced, unit)
}

/// `Vikt (g)`, `Vikt [g]`, `weight_g`, `Vikt, g` → name and unit.
fn split_unit(name: &str) -> (&str, Option<Unit>) {
    let name = name.trim().trim_end_matches(':').trim_end();
    let inner = name.strip_suffix([')', ']']).and_then(|rest| rest.rsplit_once(['(', '[']));
    let tail = || name.rsplit_once(['_', ',', ' ']);
    let found = |(bare, unit): (&'_ str, &str)| unit_alone(unit).map(|unit| (bare.len(), unit));
    match inner.and_then(found).or_else(|| tail().and_then(found)) {
        Some((length, unit)) => (name[..length].trim_end(), Some(unit)),
        None => (name, None),
    }
}

fn fold(name: &str) -> String {
    name.to_lowercase().chars().filter(|c| c.is_alphanumeric()).take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_four_languages_announce_the_same() {
        for name in ["Vikt", "Weight", "Gewicht", "Vægt", "vikt:"] {
            assert_eq!(announced(name).0, Announced::Measured(MASS), "{name}");
        }
        for name in ["Färg", "Colour", "base_colour", "Farbe", "Farve"] {
            assert_eq!(announced(name).0, Announced::Colour, "{name}");
        }
        assert_eq!(announced("Vikt (kg)"), (Announced::Measured(MASS), Some(Unit::Kilogram)));
        assert_eq!(announced("weight_g"), (Announced::Measured(MASS), Some(Unit::Gram)));
        assert_eq!(announced("grams"), (Announced::Measured(NET), Some(Unit::Gram)));
    }

    #[test]
    fn food_information_claims_and_bookkeeping_are_no_properties() {
        assert_eq!(announced("Näringsvärde").0, Announced::FoodInformation);
        assert_eq!(announced("Salt per 100 g").0, Announced::FoodInformation);
        assert_eq!(announced("Ekologisk").0, Announced::Claim);
        assert_eq!(announced("compare_price").0, Announced::NotAProperty);
        assert_eq!(announced("Smak").0, Announced::Other);
    }
}
