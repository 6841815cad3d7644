//! Marks that somebody else than the seller awards. CE is not among them: it is the law's and says nothing of quality.

use super::Entry;

/// Marks with names of their own come as they are in every language.
macro_rules! same {
    ($name:literal $(, $more:literal)?) => {
        [
            concat!($name $(, "|", $more)?),
            concat!($name $(, "|", $more)?),
            concat!($name $(, "|", $more)?),
            concat!($name $(, "|", $more)?),
            concat!($name $(, "|", $more)?),
        ]
    };
}

pub(super) const CERTIFICATIONS: &[Entry] = &[
    [
        "KRAV|KRAV-märkt|KRAV-märkta|KRAV-certifierad|KRAV-godkänd",
        "KRAV|KRAV certified|KRAV-certified",
        "KRAV",
        "KRAV",
        "KRAV",
    ],
    [
        "EU-ekologiskt|EU-ekologisk|EU Organic|EU-lövet",
        "EU Organic|EU organic certified|EU organic logo",
        "EU-økologisk|EU Organic|EU's økologimærke|EU-økologi",
        "EU-økologisk|EU Organic|EUs økologimerke|EU-økologi",
        "EU-Bio|EU Organic|EU-Bio-Siegel|EU-Bio-Logo|EU Bio",
    ],
    [
        "Svanen|Svanenmärkt|Svanenmärkta|Svanmärkt|Svanen-märkt|Nordic Swan Ecolabel",
        "Nordic Swan Ecolabel|Nordic Swan|Nordic Ecolabel|Swan Ecolabel|Nordic Swan Ecolabelled",
        "Svanemærket|Svanemærke|Svanen|Nordic Swan Ecolabel",
        "Svanemerket|Svanemerke|Svanen|Nordic Swan Ecolabel",
        "Nordic Swan Ecolabel|Nordischer Schwan",
    ],
    same!("Ø-mærket", "Ø-mark|Ø-mærke|Ø-label|det røde Ø-mærke|statskontrolleret økologisk"),
    same!("Debio", "Debio-godkjent|Ø-merket|Debio Ø-merket|Debio-merket"),
    [
        "Nyckelhålet|Nyckelhålsmärkt|Nyckelhål|Nyckelhålsmärkning",
        "Keyhole|the Keyhole|Nordic Keyhole",
        "Nøglehullet|Nøglehulsmærket|Nøglehul",
        "Nøkkelhullet|Nøkkelhullsmerket|Nøkkelhull|Nøkkelhullmerket",
        "Keyhole|Nordic Keyhole",
    ],
    same!(
        "Fairtrade",
        "Fairtrade-märkt|Fairtrade certified|Fairtrade-mærket|Fairtrade-merket|Fairtrade-zertifiziert|Fair Trade certified"
    ),
    same!(
        "Rainforest Alliance",
        "Rainforest Alliance Certified|Rainforest Alliance-certifierad|Rainforest Alliance zertifiziert"
    ),
    same!("UTZ", "UTZ Certified|UTZ-certifierad"),
    same!("RSPO", "RSPO-certifierad|RSPO certified"),
    same!(
        "MSC",
        "MSC-märkt|MSC-certifierad|MSC certified|MSC-certificeret|MSC-sertifisert|MSC-zertifiziert|Marine Stewardship Council"
    ),
    same!(
        "ASC",
        "ASC-märkt|ASC-certifierad|ASC certified|ASC-certificeret|ASC-sertifisert|ASC-zertifiziert|Aquaculture Stewardship Council"
    ),
    same!(
        "FSC",
        "FSC-märkt|FSC-mærket|FSC-merket|FSC-certifierad|FSC certified|FSC-certified|FSC-certificeret|FSC-sertifisert|FSC-zertifiziert|FSC®|Forest Stewardship Council|FSC Mix|FSC 100%|FSC 100 %|FSC Recycled"
    ),
    same!(
        "PEFC",
        "PEFC-certifierad|PEFC certified|PEFC-certificeret|PEFC-sertifisert|PEFC-zertifiziert|PEFC™"
    ),
    same!(
        "GOTS",
        "GOTS-certifierad|GOTS certified|GOTS-certificeret|GOTS-sertifisert|GOTS-zertifiziert|Global Organic Textile Standard"
    ),
    same!("OCS", "Organic Content Standard"),
    same!("GRS", "Global Recycled Standard"),
    same!("RDS", "Responsible Down Standard"),
    same!("RWS", "Responsible Wool Standard"),
    same!("Better Cotton", "BCI|Better Cotton Initiative"),
    same!(
        "OEKO-TEX Standard 100",
        "OEKO-TEX|Oeko-Tex 100|OEKO-TEX® Standard 100|STANDARD 100 by OEKO-TEX|STANDARD 100 by OEKO-TEX®|OEKO-TEX®|Öko-Tex|Ökotex|Öko-Tex Standard 100|Oekotex|Øko-Tex|OEKO-TEX certified|Oeko-Tex Standard 100-certifierad|OEKO-TEX 100 certified"
    ),
    same!("bluesign", "bluesign®|bluesign approved"),
    [
        "EU Ecolabel|EU-blomman|EU:s miljömärke",
        "EU Ecolabel",
        "EU Ecolabel|EU-Blomsten|Blomsten",
        "EU Ecolabel|EU-blomsten|EUs miljømerke",
        "EU Ecolabel|EU-Umweltzeichen|EU-Blume|Europäisches Umweltzeichen",
    ],
    same!("Bra Miljöval", "Good Environmental Choice|Bra Miljöval-märkt"),
    same!("Blauer Engel", "Der Blaue Engel|Blue Angel"),
    same!("Demeter", "Demeter-märkt|Demeter certified|Demeter-zertifiziert|Demeter-Qualität"),
    same!("Bioland", "Bioland-zertifiziert|Bioland-Qualität"),
    same!("Naturland", "Naturland-zertifiziert"),
    same!("USDA Organic", "USDA certified organic"),
    same!("Ecocert", "Ecocert certified"),
    same!("COSMOS Organic", "Ecocert COSMOS Organic"),
    same!("COSMOS Natural", "Ecocert COSMOS Natural"),
    same!("NATRUE", "NaTrue"),
    same!("Leaping Bunny", "Leaping Bunny certified|Leaping Bunny approved"),
    same!(
        "Asthma Allergy Nordic",
        "Astma Allergi Nordic|AllergyCertified|Astma- och Allergiförbundet|Svalan"
    ),
    same!("TCO Certified", "TCO-certifierad"),
    same!("ENERGY STAR", "Energy Star certified"),
    same!("Svenskt Sigill", "Svenskt Sigill Klimatcertifierad"),
    same!("Från Sverige", "Från Sverige-märkt"),
    same!("GS", "GS-geprüft|Geprüfte Sicherheit|TÜV/GS"),
];
