//! What the composer writes of a product, the guard lets pass.

use super::*;
use crate::compose;

const PRODUCTS: &[(&str, &str)] = &[
    ("sv", "Fjällbryggd | Kaffe mellanrost 450g | Nettovikt=450 g; Smak=fyllig; Ursprung=Colombia | Kaffe"),
    ("sv", "GARANT | Tapenade Al Basilico | size=200g | Såser, oljor och dressing"),
    ("sv", "Ängsgården | Mellanmjölk 1,5% 1,5l | Fetthalt=1,5 %; Allergener=Mjölk | Mjölk"),
    (
        "sv",
        "Havern | Havredryck Barista 1l | Ingredienser=Vatten, havre 10%, rapsolja; Märkning=KRAV; Vegansk=Ja | Mjölk",
    ),
    ("sv", "Källa | LÄSK APELSIN 6X33CL | | Läsk och vatten"),
    (
        "sv",
        "Asta | Skruvdragare 18V 2x2,0Ah med laddare | Vridmoment=60 Nm; Vikt=1,35 kg; Varvtal=1 800 varv/min | Borrmaskiner och skruvdragare",
    ),
    (
        "sv",
        "Nordan | Gjutjärnsgryta med lock 5 l | Material=Gjutjärn; Färg=Röd; Diameter=26 cm; Vikt=5,2 kg | Grytor, pannor och formar",
    ),
    (
        "sv",
        "Lystra | LED-lampa E27 806lm 2700K | Effekt=8,5 W; Sockel=E27; Energiklass=F | Lampor och ljuskällor",
    ),
    (
        "sv",
        "Vandra | Ryggsäck Skare 40 l | Mått=60 x 32 x 24 cm; Vikt=1250 g; Färg=Mörkgrön/svart; Material=100% polyamid | Ryggsäckar och väskor",
    ),
    (
        "sv",
        "Tindra | Blockljus | Brinntid=60 timmar; Höjd=15 cm; Diameter=7 cm; Antal i förpackning=2; Färg=midnattsblå | Ljus och dofter",
    ),
    ("sv", " | Spackelspade rostfri 100 mm | Bredd=100 mm; Material=Rostfritt stål | Färg och måleri"),
    ("sv", "Tassen | Torrfoder vuxen hund 12kg | Smak=kyckling och ris | Hundfoder och tugg"),
    ("sv", "Mjuk & Fin | Toalettpapper 3-lagers 24-pack | Antal rullar=24 st | Toalett- och hushållspapper"),
    ("sv", "Norrhav | Fiskespö 2,4 m | Längd=240 cm; Kastvikt=10-30 g | Fiske"),
    (
        "sv",
        "Vinterull | Tröja Fjäll | Färg=Grå; Material=80% ull, 20% polyamid; Storlek=M; Ursprungsland=Portugal; Tvättråd=maskintvätt 30 | Arbetsskydd",
    ),
    (
        "sv",
        "Skruvia | Träskruv TX20 4,2x55mm | Antal=20000 st; Material=Galvaniserat stål | Skruv och infästning",
    ),
    ("sv", "Lekia | Docka Nr 3 | Rekommenderad ålder=från 3 år; Höjd=30 cm | Dockor"),
    (
        "en",
        "Brightwell | Cordless Kettle with Filter 1.7L 2200W | Colour=Black; Material=Stainless steel, glass; Cable length=75 cm | Small kitchen appliances",
    ),
    ("en", "Varn | AA Batteries 1.5V (Pack of 24) | Capacity=2600 mAh | Batteries and torches"),
    (
        "en",
        "Granary Lane | CRUNCHY OAT GRANOLA 12 oz | Flavour=honey; Country of origin=Canada | Breakfast cereals",
    ),
    (
        "en",
        "Softloom | Bath Towel 70 x 140 cm | Color=Navy; Composition=100% cotton; Washing temperature=60 °C | Bedding and towels",
    ),
    (
        "en",
        "Petrel | Tent for 3 Persons | Weight=approx. 3.4 kg; Colour=olive green; Packed size=45 x 18 cm | Tents",
    ),
    ("da", "Havfrue | Rugbrød med kerner 950 g | Vægt=950 g; Oprindelse=Danmark | Brød og knækbrød"),
    (
        "da",
        "Nordlys | Stegepande 28 cm | Diameter=28 cm; Materiale=Aluminium; Farve=Sort; Vægt=1,1 kg | Pander",
    ),
    ("no", "Fjellvik | Skrumaskin 18V 2x2,0Ah | Vekt=1,35 kg; Dreiemoment=60 Nm; Farge=Svart | Skrumaskiner"),
    (
        "no",
        "Ullvar | Genser Fjell | Materiale=80% ull, 20% polyamid; Farge=Grå; Størrelse=M; Opprinnelsesland=Portugal | Gensere",
    ),
    (
        "de",
        "Holzmann | Akku-Bohrschrauber 12V 2x1,5Ah | Drehmoment=30 Nm; Gewicht=1,1 kg; Farbe=Schwarz | Bohrschrauber",
    ),
    ("de", "Keller | Schrauben 4x40 mm 200 Stück | Material=Edelstahl | Schrauben und Befestigung"),
    (
        "de",
        "Weber | Wasserkocher 1,7 l 2200 W | Material=Edelstahl; Farbe=Silber; Kabellänge=75 cm; Höhe=24 cm | Küchengeräte",
    ),
];

#[test]
fn what_the_composer_writes_passes() {
    let voice = Voice::default();
    let (mut sentences, mut wrong) = (0, Vec::new());
    for (tag, line) in PRODUCTS {
        let (values, category) = product(tag, line);
        let facts = Facts::of(&values);
        for written in ["sv", "da", "no", "de", "en"].map(language) {
            // A category's name is known in the language written only.
            let category = category.as_deref().filter(|_| written.as_str() == *tag);
            let request =
                Request { values: &values, facts: &facts, category, language: &written, voice: &voice };
            let Some(description) = compose(&request).into_result().ok() else { continue };
            let guard = Guard::new(&request);
            for (part, text) in description.texts() {
                for sentence in &text.sentences {
                    sentences += 1;
                    if let Err((why, words)) = guard.sentence(&sentence.text) {
                        let why = why.as_str();
                        wrong.push(format!(
                            "{written} {}: {} ({why}: {words})",
                            part.as_str(),
                            sentence.text
                        ));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty() && sentences > 200, "{sentences} sentences\n{}", wrong.join("\n"));
}
