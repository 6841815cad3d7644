//! Which kind of price a header names. A supplier's file may hold half a dozen; a shop wants what it pays.

/// Kinds of price, the one that a shop wants first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// What this customer pays: Nettopris, Einkaufspreis, cost.
    Net,
    /// Without value added tax.
    ExcludingTax,
    /// Just a price.
    Plain,
    /// Before discounts.
    List,
    /// With value added tax.
    IncludingTax,
    /// What consumers are to pay: rek. pris, UVP, RRP.
    Retail,
    /// For a time only.
    Sale,
    /// A price of something else: per unit, freight, deposit.
    Other,
}

const PRICE: [&str; 10] =
    ["pris", "price", "preis", "hinta", "prijs", "prix", "prisen", "hinnat", "prices", "tarif"];

/// Words that are prices without saying so.
const ALONE: &[(&str, Kind)] = &[
    ("ek", Kind::Net),
    ("cost", Kind::Net),
    ("costperitem", Kind::Net),
    ("itemcost", Kind::Net),
    ("unitcost", Kind::Net),
    ("inkop", Kind::Net),
    ("vk", Kind::List),
    ("uvp", Kind::Retail),
    ("uvpbrutto", Kind::Retail),
    ("rrp", Kind::Retail),
    ("srp", Kind::Retail),
    ("msrp", Kind::Retail),
    ("ovh", Kind::Retail),
    ("svh", Kind::Retail),
    ("aup", Kind::Retail),
    ("cirka", Kind::Retail),
    ("netto", Kind::Net),
    ("brutto", Kind::List),
    ("utpris", Kind::Retail),
    ("msrpprice", Kind::Retail),
];

/// Parts of words, folded, the more telling kind first.
const PARTS: &[(Kind, &str)] = &[
    (
        Kind::Other,
        "jamfor jmf sammenlign vertailu grundpr basepriceunit frakt fragt rahti shipping versand freight \
         pant deposit enhetspris priceunit preiseinheit prisenhet prisenhed hintayksikko prisgrupp \
         prislista pricelist pricegroup preisgruppe preisliste hinnasto unitpricing compareat prisdato \
         prisdatum preisdatum pricedate pricetype pristyp prisfaktor literpris kilopris perkg perliter \
         prkg hintaryhma prisgr validfrom validto giltig gyldig gultig kvantum staffel tier",
    ),
    (
        Kind::Sale,
        "sale kampanj kampagne kampanje rea tilbud tarjous angebot special extrapris aktion promo offer \
         aleh outlet",
    ),
    (
        Kind::Retail,
        "rek rrp uvp msrp cirka veil vejl ovh suositus konsument consumer utpris retail ca verkaufspreis \
         ladenpreis kuluttaja butikspris suggested forbruger forbruker adviesprijs conseil utsalg \
         utforsaljning vkpreis verkaufs endkunde recommended",
    ),
    (
        Kind::Net,
        "netto net inkop indkob innkjop einkauf osto cost kost purchase ert deres your kund kunde ihr \
         inpris dealer forhandler wholesale grossist ekpreis hankinta trade asiakas inkjops engros \
         aterforsaljar handler sisaan achat buying mypr customer avtal tukku",
    ),
    (
        Kind::ExcludingTax,
        "ex exkl excl ekskl eks utan uten uden ohne zzgl veroton exmoms alv0 exvat exclvat ilman htva ht \
         exkludera",
    ),
    (
        Kind::IncludingTax,
        "ink inkl incl inc med mit sis including gross veroll ttc inklmoms inklmva verollinen sisalv \
         sisaltaa",
    ),
    (Kind::List, "list katalog brutto catalog grund base standard ordinarie regular"),
];

impl Kind {
    /// The kind of price that a header of these folded words names; `None` where it names none.
    pub(super) fn of(words: &[String]) -> Option<Self> {
        let compact = words.concat();
        if let Some((_, kind)) = ALONE.iter().find(|(word, _)| *word == compact) {
            return Some(*kind);
        }
        let is_price = |word: &String| {
            PRICE.iter().any(|price| word == price || (word.ends_with(price) && word.len() > price.len()))
                || word.starts_with("pris")
                || word.starts_with("preis")
                || word.starts_with("hinta")
                || word.starts_with("price")
                || word == "uvp"
                || word == "ek"
                || word == "rrp"
        };
        if !words.iter().any(is_price) || ["enterprise", "surprise", "unterpris"].contains(&compact.as_str())
        {
            return None;
        }
        // Short parts count as whole words or as a word's beginning only: "ex" is not in "text".
        let named = |part: &str| {
            words.iter().any(|word| word == part || (part.len() >= 3 && word.starts_with(part)))
                || (part.len() >= 5 && compact.contains(part))
        };
        // "Nettopris inkl. moms": tax is said of the kind, so the kind goes before.
        if compact.contains("alv0") {
            return Some(Self::ExcludingTax);
        }
        let kind = PARTS.iter().find(|(_, parts)| parts.split(' ').any(named));
        Some(kind.map_or(Self::Plain, |(kind, _)| *kind))
    }

    /// How surely a shop wants this one.
    pub(super) fn weight(self) -> f64 {
        match self {
            Self::Net => 1.0,
            Self::ExcludingTax => 0.97,
            Self::Plain => 0.94,
            Self::List => 0.88,
            Self::IncludingTax => 0.8,
            Self::Retail => 0.72,
            Self::Sale => 0.64,
            Self::Other => 0.0,
        }
    }

    /// What it is called in a sentence.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Net => "the price that you pay",
            Self::ExcludingTax => "the price without tax",
            Self::Plain => "the price",
            Self::List => "the list price",
            Self::IncludingTax => "the price with tax",
            Self::Retail => "the price for consumers",
            Self::Sale => "the price of a campaign",
            Self::Other => "a price of something else",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::header::Header;
    use super::*;

    #[test]
    fn prices_are_told_apart_by_their_headers() {
        for (name, kind) in [
            ("Pris", Some(Kind::Plain)),
            ("Pris (SEK)", Some(Kind::Plain)),
            ("Pris exkl. moms", Some(Kind::ExcludingTax)),
            ("Pris ex moms", Some(Kind::ExcludingTax)),
            ("Pris inkl. moms", Some(Kind::IncludingTax)),
            ("Rek. pris", Some(Kind::Retail)),
            ("Rek pris ink moms", Some(Kind::Retail)),
            ("Vejl. udsalgspris", Some(Kind::Retail)),
            ("Veil. pris", Some(Kind::Retail)),
            ("Nettopris", Some(Kind::Net)),
            ("Inköpspris", Some(Kind::Net)),
            ("EK netto", Some(Kind::Net)),
            ("Einkaufspreis", Some(Kind::Net)),
            ("Listenpreis", Some(Kind::List)),
            ("Ovh hinta", Some(Kind::Retail)),
            ("Myyntihinta alv 0%", Some(Kind::ExcludingTax)),
            ("Unit Price", Some(Kind::Plain)),
            ("Jämförpris", Some(Kind::Other)),
            ("Preiseinheit", Some(Kind::Other)),
            ("sale_price", Some(Kind::Sale)),
            ("Beskrivning", None),
            ("Prissida", Some(Kind::Plain)),
        ] {
            assert_eq!(Kind::of(&Header::new(name).words), kind, "{name}");
        }
    }
}
