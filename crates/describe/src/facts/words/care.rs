//! Care instructions, each a phrase of its own that stands in a list: `hand wash, do not iron`.
//!
//! They are compared without degree signs and hyphens. Phrases that depend on the one before ("bleach" of "do not wash
//! or bleach") are none.

use super::Entry;

/// Phrases that end with the temperature, the first one as it is written; the bare number counts as a whole value.
macro_rules! at {
    ($degrees:literal, $first:literal, $($phrase:literal),+) => {
        concat!($first, " ", $degrees, " °C|", $($phrase, " ", $degrees, "|",)+ "=", $degrees)
    };
}

/// One temperature of a machine wash.
#[rustfmt::skip]
macro_rules! machine_wash {
    ($degrees:literal) => {
        [
            at!($degrees, "maskintvätt", "maskintvätt i", "maskintvätt vid", "maskintvättas", "maskintvättas i",
                "maskintvättas vid", "maskintvättbar", "tvätt", "tvätta i", "tvättas", "tvättas i", "tvättas vid"),
            at!($degrees, "machine wash at", "machine wash", "machine wash warm at", "machine wash cold at", "machine washable",
                "machine washable at", "wash", "wash at"),
            at!($degrees, "maskinvask ved", "maskinvask", "maskinvaskes ved", "kan maskinvaskes ved", "vask", "vask ved",
                "vaskes ved", "vaskes på"),
            at!($degrees, "maskinvask på", "maskinvask", "maskinvask ved", "maskinvaskes på", "kan maskinvaskes på", "vask",
                "vask på", "vaskes på", "vaskes ved"),
            at!($degrees, "Maschinenwäsche bei", "Maschinenwäsche", "maschinenwaschbar", "maschinenwaschbar bei", "waschbar bei",
                "waschen bei", "waschbar", "Wäsche", "bei"),
        ]
    };
}

pub(super) const CARE: &[Entry] = &[
    machine_wash!("30"),
    machine_wash!("40"),
    machine_wash!("60"),
    machine_wash!("90"),
    machine_wash!("95"),
    [
        "maskintvätt|maskintvättbar|maskintvättas|kan maskintvättas|tvättas i maskin|tål maskintvätt",
        "machine wash|machine washable|machine-washable|can be machine washed",
        "maskinvask|kan maskinvaskes|maskinvaskbar|tåler maskinvask",
        "maskinvask|kan maskinvaskes|maskinvaskbar|tåler maskinvask",
        "Maschinenwäsche|maschinenwaschbar|waschmaschinenfest|in der Maschine waschbar",
    ],
    [
        "handtvätt|handtvättas|tvättas för hand|endast handtvätt",
        "hand wash|hand-wash|hand wash only|handwash|wash by hand",
        "håndvask|vaskes i hånden|kun håndvask|håndvaskes",
        "håndvask|vaskes for hånd|kun håndvask|håndvaskes",
        "Handwäsche|nur Handwäsche|von Hand waschen",
    ],
    [
        "tvättas ej|ej vattentvätt|får ej tvättas|tvätta ej",
        "do not wash",
        "må ikke vaskes|tåler ikke vask",
        "må ikke vaskes|tåler ikke vask",
        "nicht waschen|nicht waschbar",
    ],
    [
        "tål ej blekning|tål inte blekning|ej blekning|bleks ej|får ej blekas|blek ej",
        "do not bleach|no bleach",
        "tåler ikke blegning|må ikke bleges|ingen blegning",
        "tåler ikke bleking|må ikke blekes|ikke blek",
        "nicht bleichen",
    ],
    [
        "tål ej torktumling|tål inte torktumling|får inte torktumlas|ej torktumling|torktumlas ej|får ej torktumlas|ej torktumlare|torktumla ej",
        "do not tumble dry|no tumble dry|do not tumble-dry",
        "tåler ikke tørretumbling|må ikke tørretumbles|ingen tørretumbling",
        "tåler ikke tørketrommel|må ikke tørketromles|ikke tørketrommel",
        "nicht im Trockner trocknen|nicht für den Trockner geeignet|nicht trocknergeeignet|kein Trockner",
    ],
    [
        "torktumling på låg temperatur|torktumlas på låg temperatur|torktumling låg temperatur|torktumlas låg temperatur",
        "tumble dry on low heat|tumble dry low|tumble dry on low|tumble dry at low temperature|tumble dry low heat",
        "tørretumbling ved lav temperatur|tørretumbles ved lav temperatur",
        "tørketrommel på lav temperatur|tørketromles på lav temperatur|tørketrommel lav temperatur",
        "Trockner bei niedriger Temperatur|im Trockner bei niedriger Temperatur trocknen",
    ],
    [
        "dropptorkas|dropptorkning",
        "drip dry",
        "dryptørres|dryptørring",
        "drypptørkes|drypptørking",
        "tropfnass trocknen|tropfnass aufhängen",
    ],
    [
        "hängtorkas|hängtorkning|hängtorka",
        "line dry|hang to dry|hang dry",
        "hængetørres|hængetørring",
        "hengetørkes|hengetørking",
        "hängend trocknen|auf der Leine trocknen",
    ],
    [
        "plantorkas|plantorkning|torkas plant|plantorka",
        "dry flat",
        "liggetørres|tørres liggende",
        "tørkes flatt|liggetørkes",
        "liegend trocknen",
    ],
    [
        "tål ej strykning|tål inte strykning|får inte strykas|ej strykning|strykes ej|stryks ej|får ej strykas|stryk ej",
        "do not iron|no ironing",
        "tåler ikke strygning|må ikke stryges|ingen strygning",
        "tåler ikke stryking|må ikke strykes|ikke stryk",
        "nicht bügeln",
    ],
    [
        "strykning på låg temperatur|stryks på låg temperatur|strykning låg värme|stryks på låg värme|strykning på låg värme|stryk på låg temperatur|strykes på låg temperatur",
        "iron on low heat|iron low|iron at low temperature|cool iron|low iron",
        "strygning ved lav temperatur|stryges ved lav temperatur",
        "stryking på lav temperatur|strykes på lav temperatur",
        "bei niedriger Temperatur bügeln|Bügeln bei niedriger Temperatur",
    ],
    [
        "strykning på medelhög temperatur|stryks på medelhög temperatur|strykning medelvärme|stryks på medelvärme|strykning på medelvärme|stryks på medeltemperatur",
        "iron on medium heat|iron medium|iron at medium temperature|warm iron|medium iron",
        "strygning ved middel temperatur|stryges ved middel temperatur",
        "stryking på middels temperatur|strykes på middels temperatur",
        "bei mittlerer Temperatur bügeln|Bügeln bei mittlerer Temperatur",
    ],
    [
        "kemtvätt|kemtvättas|endast kemtvätt",
        "dry clean|dry clean only|dry-clean only|dry cleaning",
        "kemisk rens|renses kemisk|kun kemisk rens",
        "kjemisk rens|renses kjemisk|kun kjemisk rens",
        "chemische Reinigung|nur chemische Reinigung|chemisch reinigen",
    ],
    [
        "tål ej kemtvätt|tål inte kemtvätt|ej kemtvätt|kemtvättas ej|får ej kemtvättas",
        "do not dry clean|do not dry-clean|no dry cleaning",
        "tåler ikke kemisk rens|må ikke renses kemisk|ingen kemisk rens",
        "tåler ikke kjemisk rens|må ikke renses kjemisk|ikke kjemisk rens",
        "nicht chemisch reinigen|keine chemische Reinigung",
    ],
    [
        "tål maskindisk|maskindisk|diskmaskinssäker|diskmaskinssäkert|diskmaskinssäkra|kan maskindiskas|maskindiskbar|tål diskmaskin|diskmaskinsäker",
        "suitable for dishwashers|dishwasher safe|dishwasher-safe|dishwasher proof|suitable for dishwasher",
        "tåler opvaskemaskine|opvaskemaskinesikker|kan vaskes i opvaskemaskine|tåler maskinopvask|kan gå i opvaskemaskine|opvaskemaskinevenlig",
        "tåler oppvaskmaskin|kan vaskes i oppvaskmaskin|oppvaskmaskinsikker|tåler maskinoppvask|oppvaskmaskinvennlig",
        "spülmaschinengeeignet|spülmaschinenfest|geschirrspülergeeignet|spülmaschinentauglich|geschirrspülmaschinengeeignet",
    ],
    [
        "tål ej maskindisk|ej maskindisk|ej diskmaskinssäker|får ej maskindiskas|tål inte maskindisk|maskindiskas ej",
        "not suitable for dishwashers|not dishwasher safe|do not dishwash|not suitable for dishwasher|do not put in dishwasher",
        "tåler ikke opvaskemaskine|må ikke komme i opvaskemaskine",
        "tåler ikke oppvaskmaskin|må ikke vaskes i oppvaskmaskin",
        "nicht spülmaschinengeeignet|nicht spülmaschinenfest|nicht für die Spülmaschine geeignet",
    ],
    [
        "endast ytrengöring|ytrengöring|fläcktvätt",
        "surface wash only|surface wash|spot clean only|spot clean",
        "kun overfladerengøring|overfladevask",
        "kun overflaterengjøring|flekkvask",
        "nur Oberflächenreinigung|Oberflächenreinigung",
    ],
    [
        "handdisk|handdiskas|diskas för hand|endast handdisk",
        "wash up by hand|hand wash dishes",
        "vaskes op i hånden|opvaskes i hånden|opvask i hånden",
        "vaskes opp for hånd|oppvask for hånd|håndoppvask",
        "von Hand spülen|Handspülung|nur von Hand spülen",
    ],
    [
        "tål mikrovågsugn|mikrovågssäker|mikrosäker|tål mikro|mikrovågsugnssäker|mikrovågsugn säker",
        "suitable for microwaves|microwave safe|microwave-safe|microwaveable|suitable for microwave",
        "tåler mikrobølgeovn|mikrobølgeovnssikker|kan bruges i mikrobølgeovn|tåler mikroovn",
        "tåler mikrobølgeovn|kan brukes i mikrobølgeovn|mikrobølgesikker|tåler mikro",
        "mikrowellengeeignet|mikrowellenfest|mikrowellentauglich",
    ],
    [
        "ugnssäker|ugnsfast|tål ugn|ugnsäker|ugnssäkert",
        "ovenproof|oven safe|oven-safe|oven proof",
        "ovnfast|tåler ovn|kan bruges i ovn|ovnsikker",
        "ildfast|tåler stekeovn|ovnssikker|tåler ovn|ovnsfast",
        "backofengeeignet|ofenfest|backofenfest",
    ],
    [
        "tål frys|fryssäker|fryståligt|kan frysas in",
        "suitable for freezers|freezer safe|freezer-safe|suitable for freezer",
        "tåler fryser|kan bruges i fryser|frysesikker",
        "tåler fryser|kan brukes i fryser|frysesikker",
        "gefriergeeignet|gefrierfest|tiefkühlgeeignet",
    ],
    [
        "torkas av med fuktig trasa|torka av med fuktig trasa|torkas med fuktig trasa|rengörs med fuktig trasa|avtorkas med fuktig trasa",
        "wipe clean with a damp cloth|wipe with a damp cloth|wipe with damp cloth|clean with a damp cloth|wipe clean with damp cloth|clean with damp cloth",
        "aftørres med en fugtig klud|tørres af med en fugtig klud|aftørres med fugtig klud|rengøres med en fugtig klud",
        "tørkes av med en fuktig klut|tørkes av med fuktig klut|rengjøres med en fuktig klut",
        "mit einem feuchten Tuch abwischen|mit feuchtem Tuch abwischen|feucht abwischen|mit einem feuchten Tuch reinigen",
    ],
    [
        "avtorkningsbar|avtorkbar",
        "wipe clean|wipeable",
        "kan tørres af|aftørres",
        "kan tørkes av|avtørkbar",
        "abwischbar",
    ],
];
