//! Names of properties that are no measures, in lower case without blanks and signs.

use super::Announced;
use crate::facts::FactKind;

pub(super) const PROPERTIES: &[(&str, Announced)] = &[
    (
        "antal antaliförpackning antalperförpackning packsize packquantity piecesperpack numberofpieces \
         stückzahl anzahl packungsinhalt antalstk antalst antalipakke pieces stycken unitcount count \
         styck antalstycken antalark packantal antall antallipakken antallipakke antallstk antallperpakke \
         antalprpakke antalperpakke stk stück stückpropackung stückzahlpropackung anzahlstück pack \
         packung packgröße",
        Announced::Pieces,
    ),
    (
        "storlek size schuhgrösse größe størrelse str stl klädstorlek skostorlek shoesize schuhgröße skostørrelse \
         tøjstørrelse klesstørrelse eusize eustorlek kleidergröße konfektionsgröße strl grösse groesse",
        Announced::SizeOrMeasure,
    ),
    (
        "färg kulör colour color farbe farve basecolour basecolor produktfärg färger farge huvudfärg \
         hovedfarve hovedfarge hauptfarbe maincolour maincolor produktfarbe farver farger colours colors \
         farben",
        Announced::Colour,
    ),
    (
        "material materiale kvalitet obermaterial außenmaterial tyg fabric werkstoff materialien materials sammansättning \
         materialsammansättning composition fabriccomposition materialer stoff stof huvudmaterial \
         hauptmaterial hovedmateriale mainmaterial materialsammensætning materialesammensætning \
         materialsammensetning materialzusammensetzung zusammensetzung sammensætning sammensetning \
         materialtyp materialtype",
        Announced::Material,
    ),
    (
        "ursprung ursprungsland origin countryoforigin herkunft herkunftsland oprindelse oprindelsesland \
         tillverkningsland madein land country tillverkadi herstellungsland opprinnelse opprinnelsesland \
         produktionsland fremstilleti fremstilletiland produserti hergestelltin producerati",
        Announced::Origin,
    ),
    ("innehåll", Announced::ContentOrIngredients),
    ("output utgång udgang utgang ausgang uteffekt", Announced::Output),
    (
        "innehåller contains indeholder inneholder enthält ingredienser ingredients ingredient ingredientlist ingredientslist ingredienslista \
         innehållsförteckning ingrediensliste zutaten zutatenliste zutatenverzeichnis inci \
         ingredientstext ingredientstatement",
        Announced::Verbatim(FactKind::Ingredients),
    ),
    (
        "allergener allergens allergen allergene allergeninformation allergeninfo allergyinformation allergyadvice \
         allergenhinweis allergenhinweise innehållerallergener containsallergens allergiinformation \
         allergies",
        Announced::Verbatim(FactKind::Allergens),
    ),
    (
        "kaninnehålla kaninnehållaspårav maycontain maycontaintracesof kanindeholde kanindeholdesporaf \
         kaninneholde kaninneholdesporav kannspurenenthalten kannspurenvonenthalten kannenthalten traces \
         spårav sporaf sporav spuren",
        Announced::Verbatim(FactKind::MayContain),
    ),
    (
        "diet diets kost kosttyp specialkost dietary dietaryinformation dietarypreference \
         dietarypreferences diettype ernährung ernährungsweise ernährungsform diät diæt kosthold kostform \
         diett dietarylabels",
        Announced::Items(FactKind::Diet),
    ),
    (
        "märkning märkningar certifikat certifikater standard certifiering certifieringar certification certifications certificate \
         certificates certificering certificeringer sertifisering sertifiseringer merking merker mærkning \
         mærker mærkningsordning mærkningsordninger merkeordning merkeordninger zertifizierung \
         zertifizierungen zertifikat zertifikate siegel gütesiegel label labels miljömärkning \
         miljömärkningar ecolabel ecolabels umweltsiegel umweltzeichen miljømærke miljømærker \
         miljømærkning miljømerke miljømerking biosiegel kennzeichnung organiccertification certifierad \
         certified certifiedby ekomärkning kvalitetsmärkning",
        Announced::Labels,
    ),
    (
        "skötsel skötselråd tvättråd tvättanvisning tvättinstruktion tvätt tvättemperatur tvättning care \
         careinstructions careinstruction washcare washinginstructions washinginstruction \
         washingtemperature washing wash careadvice pleje plejeanvisning vaskeanvisning vask \
         vaskeinstruktion vasketemperatur vedligeholdelse vedligehold vaskeråd pflege pflegehinweis \
         pflegehinweise pflegeanleitung waschanleitung waschhinweis waschtemperatur reinigung rengöring \
         rengøring rengjøring vedlikehold cleaning productcare cleaningandcare",
        Announced::Items(FactKind::Care),
    ),
    (
        "energiklass energieffektivitetsklass energyclass energyefficiencyclass energyrating energylabel \
         energimärkning energimærke energimærkning energiklasse energimerking energimerke \
         energieeffizienzklasse energieklasse energieffektivitetsklasse energilabel",
        Announced::EnergyClass,
    ),
    (
        "sockel lampsockel sockeltyp lampbase bulbbase socket captype basetype fatning sokkel \
         lampefatning lampesokkel fassung lampenfassung lampenhållare lamphållare lamphållartyp fitting \
         socketbase bulbcap",
        Announced::LampBase,
    ),
    (
        "kapslingsklass ipklass skyddsklass ipklassning ipklassificering iprating ipclass ipcode \
         protectionclass ingressprotection kapslingsklasse kapsling tæthedsklasse tæthed ipklasse \
         schutzart ipschutzart ipschutzklasse ip protectionrating beskyttelsesgrad kapslingsgrad ipgrad \
         skyddsklassip",
        Announced::ProtectionClass,
    ),
    (
        "ålder rekommenderadålder rekålder rekommenderadalder åldersrekommendation age recommendedage agerecommendation agefrom \
         minimumage alder anbefaletalder aldersanbefaling anbefaltalder alter altersempfehlung \
         empfohlenesalter frånålder fraalder agerange suitableage mindestalter",
        Announced::Age,
    ),
];
