//! Varied products, written by hand: what suppliers send in five languages.

use berika_catalog::ProductValues;

use super::product;

/// A product with its category's name in the languages of [`super::LANGUAGES`].
pub(super) type Case = (ProductValues, &'static Names);

/// A category's names.
pub(super) type Names = [&'static str; 5];

const KAFFE: Names = ["Kaffe", "Coffee", "Kaffe", "Kaffe", "Kaffee"];
const SAUCES: Names = [
    "Såser, oljor och dressing",
    "Sauces, oils and dressings",
    "Saucer, olier og dressinger",
    "Sauser, oljer og dressinger",
    "Saucen, Öle und Dressings",
];
const MILK: Names = ["Mjölk", "Milk", "Mælk", "Melk", "Milch"];
const SOFT_DRINKS: Names =
    ["Läsk och vatten", "Soft drinks and water", "Sodavand og vand", "Brus og vann", "Limonade und Wasser"];
const DRILLS: Names = [
    "Borrmaskiner och skruvdragare",
    "Drills and drivers",
    "Bore- og skruemaskiner",
    "Bor- og skrumaskiner",
    "Bohrmaschinen und Schrauber",
];
const POTS: Names = [
    "Grytor, pannor och formar",
    "Pots, pans and bakeware",
    "Gryder, pander og forme",
    "Gryter, panner og former",
    "Töpfe, Pfannen und Formen",
];
const LAMPS: Names = [
    "Lampor och ljuskällor",
    "Light bulbs and lamps",
    "Lamper og lyskilder",
    "Lamper og lyskilder",
    "Lampen und Leuchtmittel",
];
const BAGS: Names = [
    "Ryggsäckar och väskor",
    "Backpacks and bags",
    "Rygsække og tasker",
    "Ryggsekker og vesker",
    "Rucksäcke und Taschen",
];
const CANDLES: Names = [
    "Ljus och dofter",
    "Candles and home fragrance",
    "Lys og dufte",
    "Lys og dufter",
    "Kerzen und Raumdüfte",
];
const PAINT: Names = [
    "Färg och måleri",
    "Paint and decorating",
    "Maling og malerarbejde",
    "Maling og malearbeid",
    "Farben und Malerbedarf",
];
const DOG_FOOD: Names = [
    "Hundfoder och tugg",
    "Dog food and chews",
    "Hundefoder og tyggeben",
    "Hundefôr og tyggebein",
    "Hundefutter und Kauartikel",
];
const PAPER: Names = [
    "Toalett- och hushållspapper",
    "Toilet and kitchen paper",
    "Toilet- og køkkenpapir",
    "Toalett- og tørkepapir",
    "Toiletten- und Küchenpapier",
];
const FISHING: Names = ["Fiske", "Fishing", "Fiskeri", "Fiske", "Angeln"];
const CLOTHES: Names = ["Tröjor", "Sweaters", "Trøjer", "Gensere", "Pullover"];
const APPLIANCES: Names =
    ["Köksmaskiner", "Small kitchen appliances", "Køkkenmaskiner", "Kjøkkenmaskiner", "Küchengeräte"];
const BATTERIES: Names = [
    "Batterier och ficklampor",
    "Batteries and torches",
    "Batterier og lommelygter",
    "Batterier og lommelykter",
    "Batterien und Taschenlampen",
];
const CEREALS: Names = [
    "Flingor och müsli",
    "Breakfast cereals",
    "Morgenmad og müsli",
    "Frokostblandinger og müsli",
    "Frühstücksflocken und Müsli",
];
const HAMMERS: Names = [
    "Hammare, tänger och skruvmejslar",
    "Hammers, pliers and screwdrivers",
    "Hamre, tænger og skruetrækkere",
    "Hammere, tenger og skrutrekkere",
    "Hämmer, Zangen und Schraubendreher",
];
const TOWELS: Names =
    ["Hemtextil", "Bedding and towels", "Boligtekstiler", "Hjemmetekstiler", "Heimtextilien"];
const WATERING: Names = ["Bevattning", "Watering", "Vanding", "Vanning", "Bewässerung"];
const TENTS: Names =
    ["Tält och tarp", "Tents and tarps", "Telte og tarps", "Telt og tarp", "Zelte und Tarps"];
const BREAD: Names = [
    "Bröd och knäckebröd",
    "Bread and crispbread",
    "Brød og knækbrød",
    "Brød og knekkebrød",
    "Brot und Knäckebrot",
];
const SCREWS: Names = [
    "Skruv och infästning",
    "Screws and fixings",
    "Skruer og beslag",
    "Skruer og festemidler",
    "Schrauben und Befestigung",
];
const WASHING_UP: Names =
    ["Diskmedel", "Washing-up and dishwasher", "Opvaskemiddel", "Oppvaskmiddel", "Geschirrspülmittel"];
const CHOCOLATE: Names = ["Choklad", "Chocolate", "Chokolade", "Sjokolade", "Schokolade"];
const TOYS: Names = ["Leksaker", "Toys", "Legetøj", "Leker", "Spielzeug"];
const CHEESE: Names = ["Ost", "Cheese", "Ost", "Ost", "Käse"];
const FURNITURE: Names =
    ["Bord och stolar", "Tables and chairs", "Borde og stole", "Bord og stoler", "Tische und Stühle"];
const SCREENS: Names = ["Skärmar", "Monitors", "Skærme", "Skjermer", "Monitore"];

pub(super) fn cases() -> Vec<Case> {
    vec![
        (
            product(
                "sv",
                "Fjällbryggd",
                "Kaffe mellanrost 450g",
                &[("Nettovikt", "450 g"), ("Smak", "fyllig"), ("Ursprung", "Colombia")],
            ),
            &KAFFE,
        ),
        (
            product(
                "sv",
                "GARANT",
                "Tapenade Al Basilico",
                &[("size", "200g"), ("compare_price", "164,50 kr/kg")],
            ),
            &SAUCES,
        ),
        (
            product(
                "sv",
                "Ängsgården",
                "Mellanmjölk 1,5% 1,5l",
                &[("Fetthalt", "1,5 %"), ("Allergener", "Mjölk")],
            ),
            &MILK,
        ),
        (
            product(
                "sv",
                "Havern",
                "Havredryck Barista 1l",
                &[
                    ("Ingredienser", "Vatten, havre 10%, rapsolja."),
                    ("Märkning", "KRAV"),
                    ("Kan innehålla spår av", "gluten"),
                    ("Vegansk", "Ja"),
                ],
            ),
            &MILK,
        ),
        (product("sv", "Källa", "LÄSK APELSIN 6X33CL", &[]), &SOFT_DRINKS),
        (
            product(
                "sv",
                "Asta",
                "Skruvdragare 18V 2x2,0Ah med laddare",
                &[("Vridmoment", "60 Nm"), ("Vikt", "1,35 kg"), ("Varvtal", "1 800 varv/min")],
            ),
            &DRILLS,
        ),
        (
            product(
                "sv",
                "Nordan",
                "Gjutjärnsgryta med lock 5 l",
                &[("Material", "Gjutjärn"), ("Färg", "Röd"), ("Diameter", "26 cm"), ("Vikt", "5,2 kg")],
            ),
            &POTS,
        ),
        (
            product(
                "sv",
                "Lystra",
                "LED-lampa E27 806lm 2700K",
                &[
                    ("Effekt", "8,5 W"),
                    ("Sockel", "E27"),
                    ("Energiklass", "E"),
                    ("Livslängd", "15000 timmar"),
                ],
            ),
            &LAMPS,
        ),
        (
            product(
                "sv",
                "Vandra",
                "Ryggsäck Skare 40 l",
                &[
                    ("Färg", "Mörkgrön/svart"),
                    ("Material", "100% polyamid"),
                    ("Mått", "60x32x24 cm"),
                    ("Vikt", "1 250 g"),
                ],
            ),
            &BAGS,
        ),
        (
            product(
                "sv",
                "Tindra",
                "Blockljus",
                &[
                    ("Brinntid", "60 timmar"),
                    ("Höjd", "15 cm"),
                    ("Diameter", "7 cm"),
                    ("Färg", "Midnattsblå"),
                    ("Antal i förpackning", "2"),
                ],
            ),
            &CANDLES,
        ),
        (
            product(
                "sv",
                "",
                "Spackelspade rostfri 100 mm",
                &[("Bredd", "100 mm"), ("Material", "Rostfritt stål")],
            ),
            &PAINT,
        ),
        (
            product(
                "sv",
                "Tassen",
                "Torrfoder vuxen hund 12kg",
                &[("Smak", "Kyckling och ris"), ("Råprotein", "24 %")],
            ),
            &DOG_FOOD,
        ),
        (product("sv", "Mjuk & Fin", "Toalettpapper 3-lagers 24-pack", &[("Antal rullar", "24 st")]), &PAPER),
        (
            product(
                "sv",
                "Norrhav",
                "Fiskespö 2,4 m",
                &[("Längd", "240 cm"), ("Kastvikt", "10-30 g"), ("Antal delar", "2")],
            ),
            &FISHING,
        ),
        (
            product(
                "sv",
                "Vinterull",
                "Tröja Fjäll",
                &[
                    ("Storlek", "M"),
                    ("Färg", "Grå"),
                    ("Material", "80% ull, 20% polyamid"),
                    ("Ursprungsland", "Portugal"),
                    ("Skötselråd", "Handtvätt, tål ej torktumling"),
                ],
            ),
            &CLOTHES,
        ),
        (product("sv", "Garant", "Kaffe 500 g", &[("Vikt", "450 g"), ("Rostning", "mörk")]), &KAFFE),
        (
            product(
                "sv",
                "Ren",
                "Diskmedel Citron 500 ml",
                &[
                    ("Volym", "0,5 liter"),
                    ("Doft", "Citron"),
                    ("Miljömärkt", "Ja"),
                    ("Antal", "1"),
                    ("Märkning", "Svanen, Vegansk"),
                ],
            ),
            &WASHING_UP,
        ),
        (
            product(
                "sv",
                "Bygg1",
                "Träskruv TX20 4,2x55mm",
                &[("Antal", "20000"), ("Material", "Galvaniserat stål")],
            ),
            &SCREWS,
        ),
        (
            product(
                "sv",
                "Klossa",
                "Byggklossar i trä 50 st",
                &[("Rekommenderad ålder", "från 18 månader"), ("Material", "Björk"), ("Märkning", "FSC")],
            ),
            &TOYS,
        ),
        (
            product(
                "sv",
                "Hyllan",
                "Matbord Ekeby",
                &[
                    ("Längd", "180 cm"),
                    ("Bredd", "90 cm"),
                    ("Höjd", "74 cm"),
                    ("Vikt", "42 kg"),
                    ("Maxbelastning", "80 kg"),
                    ("Material", "Ek och metall"),
                    ("Färg", "Silverfärgad"),
                    ("Ursprungsland", "Polen"),
                ],
            ),
            &FURNITURE,
        ),
        (
            product(
                "en",
                "Brightwell",
                "Cordless Kettle with Filter 1.7L 2200W",
                &[("Colour", "Black"), ("Cable length", "75 cm"), ("Material", "Stainless steel/glass")],
            ),
            &APPLIANCES,
        ),
        (product("en", "Varn", "AA Batteries 1.5V (Pack of 24)", &[("Capacity", "2,600 mAh")]), &BATTERIES),
        (
            product(
                "en",
                "Granary Lane",
                "CRUNCHY OAT GRANOLA 12 oz",
                &[
                    ("Flavour", "Honey"),
                    ("Organic", "Yes"),
                    ("Country of origin", "Canada"),
                    ("Allergens", "Contains oats and almonds."),
                ],
            ),
            &CEREALS,
        ),
        (
            product(
                "en",
                "Harrow",
                "Claw Hammer 16 oz",
                &[("Handle", "Hickory"), ("Length", "13 in"), ("Weight", "1.5 lb")],
            ),
            &HAMMERS,
        ),
        (
            product(
                "en",
                "Softloom",
                "Bath Towel 70 x 140 cm",
                &[
                    ("Composition", "100% cotton"),
                    ("Color", "Navy blue"),
                    ("Washing temperature", "60 °C"),
                    ("Certification", "OEKO-TEX Standard 100"),
                    ("Care", "Machine wash at 60 °C, do not bleach"),
                ],
            ),
            &TOWELS,
        ),
        (
            product(
                "en",
                "",
                "Garden Hose 25 m",
                &[("Diameter", "1/2\""), ("Max pressure", "24 bar"), ("Colour", "Green")],
            ),
            &WATERING,
        ),
        (
            product(
                "en",
                "Petrel",
                "Tent for 3 Persons",
                &[("Weight", "approx. 3.4 kg"), ("Packed size", "45 x 18 cm"), ("Colour", "Olive")],
            ),
            &TENTS,
        ),
        (
            product(
                "en",
                "Kestrel",
                "Desk Lamp Arc",
                &[
                    ("Lamp base", "E14"),
                    ("IP rating", "IP20"),
                    ("Height", "1 ft"),
                    ("Power", "40 W"),
                    ("Material", "Brass"),
                    ("Battery life", "1 h"),
                ],
            ),
            &LAMPS,
        ),
        (
            product(
                "en",
                "Farrow & Finch",
                "Dark Chocolate Bar 70% Cocoa 100g",
                &[
                    ("Cocoa", "70 %"),
                    ("Certification", "Fairtrade, Rainforest Alliance"),
                    ("Ingredients", "Cocoa mass, sugar, cocoa butter (vegan), vanilla"),
                    ("Vegan", "Yes"),
                    ("Gluten-free", "Yes"),
                ],
            ),
            &CHOCOLATE,
        ),
        (
            product(
                "da",
                "Havfrue",
                "Rugbrød med kerner 950 g",
                &[("Vægt", "950 g"), ("Oprindelse", "Danmark"), ("Allergener", "Indeholder hvede og rug")],
            ),
            &BREAD,
        ),
        (
            product(
                "da",
                "Lindelund",
                "Strikket trøje",
                &[
                    ("Størrelse", "L"),
                    ("Farve", "Mørkeblå"),
                    ("Materiale", "50% uld, 50% akryl"),
                    ("Vaskeanvisning", "Håndvask"),
                ],
            ),
            &CLOTHES,
        ),
        (
            product(
                "da",
                "Egeværk",
                "Spisebordsstol",
                &[
                    ("Materiale", "Egetræ"),
                    ("Sædehøjde", "45 cm"),
                    ("Højde", "80 cm"),
                    ("Bredde", "49 cm"),
                    ("Dybde", "52 cm"),
                    ("Maks. belastning", "110 kg"),
                    ("Farve", "Sølvfarvet"),
                ],
            ),
            &FURNITURE,
        ),
        (
            product(
                "da",
                "Mejeriet",
                "Skyr naturel 0,2% 1 kg",
                &[("Fedtindhold", "0,2 %"), ("Smag", "Naturel")],
            ),
            &MILK,
        ),
        (
            product(
                "da",
                "",
                "Stearinlys 10 stk",
                &[("Brændetid", "1 h"), ("Højde", "20 cm"), ("Farve", "Hvid")],
            ),
            &CANDLES,
        ),
        (
            product(
                "no",
                "Fjordkraft",
                "Brunost skivet 500 g",
                &[("Nettovekt", "500 g"), ("Opprinnelsesland", "Norge"), ("Allergener", "Melk")],
            ),
            &CHEESE,
        ),
        (
            product(
                "no",
                "Tinde",
                "Skalljakke Storm",
                &[
                    ("Størrelse", "XL"),
                    ("Farge", "Oransje/svart"),
                    ("Materiale", "100 % polyester"),
                    ("Vekt", "480 g"),
                ],
            ),
            &CLOTHES,
        ),
        (
            product(
                "no",
                "Nordlys",
                "Hodelykt 400 lm",
                &[
                    ("Lysstyrke", "400 lm"),
                    ("Brukstid", "6 timer"),
                    ("Kapslingsgrad", "IPX4"),
                    ("Vekt", "85 g"),
                    ("Batterikapasitet", "1200 mAh"),
                ],
            ),
            &BATTERIES,
        ),
        (
            product(
                "no",
                "",
                "Turkopp 2,5 dl",
                &[
                    ("Volum", "2,5 dl"),
                    ("Materiale", "Rustfritt stål"),
                    ("Vedlikehold", "Tåler oppvaskmaskin"),
                ],
            ),
            &POTS,
        ),
        (
            product(
                "no",
                "Lekehuset",
                "Puslespill 100 brikker",
                &[("Anbefalt alder", "fra 6 år"), ("Mål", "36 x 49 cm")],
            ),
            &TOYS,
        ),
        (
            product(
                "de",
                "Holzmann",
                "Akku-Bohrschrauber 12V 2x1,5Ah",
                &[("Gewicht", "1,1 kg"), ("Farbe", "Schwarz"), ("Drehmoment", "30 Nm")],
            ),
            &DRILLS,
        ),
        (product("de", "Keller", "Schrauben 4x40 mm 200 Stück", &[("Material", "Edelstahl")]), &SCREWS),
        (
            product(
                "de",
                "Bergmühle",
                "Müsli Honig-Nuss 750 g",
                &[
                    ("Zutaten", "Haferflocken, Honig 8 %, Haselnüsse"),
                    ("Allergene", "Hafer, Haselnüsse"),
                    ("Kann Spuren enthalten von", "Milch und Soja"),
                    ("Geschmack", "Honig"),
                    ("Herkunftsland", "Niederlande"),
                ],
            ),
            &CEREALS,
        ),
        (
            product(
                "de",
                "Sanft & Sicher",
                "Kinderpuzzle Tiere",
                &[
                    ("Altersempfehlung", "ab 3 Jahren"),
                    ("Material", "Pappe"),
                    ("Maße", "40 x 30 cm"),
                    ("Zertifikat", "FSC"),
                ],
            ),
            &TOYS,
        ),
        (
            product(
                "de",
                "Lichtwerk",
                "LED-Strahler 30 W",
                &[
                    ("Schutzart", "IP65"),
                    ("Lichtstrom", "3000 lm"),
                    ("Farbtemperatur", "4000 K"),
                    ("Energieeffizienzklasse", "D"),
                    ("Gehäusefarbe", "Anthrazit"),
                    ("Kabellänge", "1,5 m"),
                ],
            ),
            &LAMPS,
        ),
        (
            product(
                "de",
                "Küchenstolz",
                "Auflaufform oval",
                &[
                    ("Material", "Gehärtetes Glas"),
                    ("Farbe", "Transparent"),
                    ("Volumen", "2,5 l"),
                    ("Pflege", "Spülmaschinengeeignet, Backofengeeignet"),
                    ("Ursprungsland", "Türkei"),
                ],
            ),
            &POTS,
        ),
        (
            product(
                "de",
                "Sichtbar",
                "Monitor 27 Zoll",
                &[
                    ("Bildschirmdiagonale", "27 Zoll"),
                    ("Frequenz", "144 Hz"),
                    ("Leistung", "45 W"),
                    ("Gewicht", "ca. 5,4 kg"),
                    ("Farbe", "Weiß, Silber"),
                    ("Herkunftsland", "USA"),
                ],
            ),
            &SCREENS,
        ),
    ]
}
