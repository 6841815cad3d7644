//! Names of what is never phrased: nutrition, claims, bookkeeping. In lower case without blanks and signs.

/// Parts of names of food information that is not copied either: nutrition, and what is named only in part.
pub(super) const FOOD: &str = "ingrediens ingredient ingredienser innehållsförteckning zutaten allergen allergi näring nutrition \
    kaninnehålla maycontain nährwert næring energi kalori calorie protein kolhydrat carbohydrate socker \
    sugar salt spår traces mättat saturated fiber fibre vitamin kohlenhydrat zucker varavfett ernæring \
    næringsinnhold brennwert eiweiß karbohydrat kulhydrat sukker energimængde ballaststoff";

/// Parts of names that announce marks, certificates, claims.
pub(super) const CLAIMS: &str = "märkning certifi ekologisk organic miljö environment hållbar sustain bio øko claim påstå zertif hälsa \
    health gesund vegan vegetar diet kost gluten laktos lactose halal kosher fairtrade varning hazard faro \
    warning säkerhet safety medicin åldersgräns energy recycl återvun bærekraft bæredygtig nachhalt umwelt \
    helse sundhed";

/// Names that are the supplier's own bookkeeping; of more than three letters also as parts of a name.
pub(super) const INTERNAL: &str = "artikelnummer artnr artikelnr articlenumber sku ean gtin upc mpn pris price preis moms vat lager stock \
    url link bild image photo datum date bäst bestbefore status leverantör supplier vendor store butik frakt \
    shipping leverans delivery bruttovikt grossweight bruttogewicht brutto tulltaxe customs hscode statnr \
    kampanj campaign rabatt discount category kategori warengruppe id kod code hersteller varumärke brand \
    marke mærke manufacturer tillverkare beskrivning description titel title namn name labels tags season \
    titleclean unit enhet einheit jämförpris lagerplats orderenhet minorder updated created note kommentar \
    varenummer varenr leverandør bilde dato merke produsent producent lieferant bestand varekode rabat \
    tilbud lieferzeit";
