//! What headers mean, as a table: words of supplier files in the languages of our markets and their neighbours.
//!
//! Words are written as people write them; [`super::header`] folds them and the headers alike. Prices are not here:
//! which of several prices is meant is worked out from parts in [`super::price`].

/// What a column is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Meaning {
    Sku,
    Gtin,
    Title,
    Brand,
    Mpn,
    Description,
    Category,
    Price,
    Currency,
    Images,
    Language,
    BestBefore,
    Stock,
    GroupId,
    /// A property of the product.
    Attribute,
    /// Whether the row is new, changed or gone.
    Action,
    /// Logistics, tax, dates, states, other parties' numbers: known, and no field of ours.
    Other,
}

use Meaning as M;

/// Meaning, weight, language (`""` for words of no one language), words.
pub(super) type Entry = (Meaning, f64, &'static str, &'static str);

/// The table. A word may mean several things; the weight says how surely.
#[rustfmt::skip]
pub(super) const TABLE: &[Entry] = &[
    (M::Sku, 1.0, "", "sku, art nr, artnr, item id, itemid, variant sku, g:id"),
    (M::Sku, 0.85, "", "nr, artikel, code, art, pid"),
    // Often the database's own number, beside one that people use.
    (M::Sku, 0.8, "", "id"),
    (M::Sku, 1.0, "sv", "\
        artikelnummer, artikelnr, artikel id, artikelkod, varunummer, produktnummer, produktnr, \
        artikelkod, artikel nr, vårt artikelnr, artikelnr 1, beställningsnummer, best nr"),
    (M::Sku, 0.85, "sv", "\
        nummer, kod, produktkod, produkt id, beteckning, rsk nr, rsk nummer, e-nummer, e nr, benämningskod"),
    (M::Sku, 0.6, "sv", "leverantörens artikelnummer, lev artnr, lev art nr, leverantörsartikelnummer"),
    (M::Sku, 1.0, "da", "\
        varenummer, varenr, vare nr, vare id, produktnummer, artikelnummer, bestillingsnummer"),
    (M::Sku, 0.85, "da", "nummer, kode, produktkode, vvs nr, vvs nummer, db nummer, varekode"),
    (M::Sku, 0.6, "da", "leverandørens varenummer, leverandør varenr, lev varenr"),
    (M::Sku, 1.0, "no", "\
        varenummer, varenr, artikkelnummer, artikkelnr, produktnummer, produktnr, vare nr, \
        bestillingsnummer"),
    (M::Sku, 0.85, "no", "\
        nummer, kode, nobb nr, nobb, nobb nummer, nrf nr, nrf nummer, elnummer, el nr, produktkode, \
        varekode"),
    (M::Sku, 0.6, "no", "leverandørens varenummer, lev varenr, leverandør artikkelnr"),
    (M::Sku, 1.0, "fi", "\
        tuotenumero, tuotenro, tuote nro, tuotekoodi, tuote id, tuotetunnus, nimikenumero, nimiketunnus, \
        nimikekoodi, artikkelinumero, tilausnumero"),
    (M::Sku, 0.85, "fi", "koodi, numero, tunnus, nimike, lvi nro, lvi numero, sähkönumero, snro, nro"),
    (M::Sku, 0.6, "fi", "toimittajan tuotenumero, toimittajan tuotekoodi, toim tuotenro"),
    (M::Sku, 1.0, "de", "\
        artikelnummer, artikel nr, art nr, bestellnummer, bestell nr, produktnummer, materialnummer, \
        material nr, sachnummer, teilenummer, warennummer, artikelcode, bestellcode, artikel id"),
    (M::Sku, 0.85, "de", "material, nummer, ident nr, identnummer, artikelbezeichner"),
    (M::Sku, 0.6, "de", "lieferantenartikelnummer, lief art nr, lieferanten artikelnummer"),
    (M::Sku, 1.0, "en", "\
        article number, article no, item number, item no, item code, product code, product number, \
        product id, part number, part no, stock code, material number, supplier sku, product sku, \
        article id, order number, order code, catalogue number, cat no, item sku, reference, sku code, \
        sku id"),
    (M::Sku, 0.85, "en", "item, number, article, key, ref, product ref, handle"),
    (M::Sku, 0.6, "en", "\
        supplier item number, supplier part number, vendor item no, vendor part number, \
        supplier product code, vendor sku, supplier article number"),
    (M::Sku, 1.0, "nl", "artikelnummer, artikelcode, bestelnummer, productcode, productnummer"),
    (M::Sku, 1.0, "fr", "référence, code article, réf article, référence produit, numéro article"),

    (M::Gtin, 1.0, "", "\
        ean, gtin, ean 13, ean13, gtin 13, gtin 14, ean code, upc, upc code, barcode, bar code, ean upc, \
        ean gtin, gtin ean, jan, isbn, ean nr, gtin nr, ean 8, international pid, gtin code, ean13 code, \
        ean kod"),
    (M::Gtin, 0.3, "", "code, kod, kode, koodi, nummer"),
    (M::Gtin, 1.0, "sv", "\
        streckkod, ean kod, ean nummer, ean styck, gtin styck, konsument ean, konsumentförpackning gtin, \
        ean kod styck"),
    (M::Gtin, 1.0, "da", "stregkode, ean nummer, ean kode, ean stk"),
    (M::Gtin, 1.0, "no", "strekkode, ean nummer, ean kode, gtin fpak, gtin f pak"),
    (M::Gtin, 1.0, "fi", "viivakoodi, ean koodi, gtin koodi, ean numero"),
    (M::Gtin, 1.0, "de", "strichcode, ean nummer, ean code, barcode nr, gtin nummer, ean stück"),
    (M::Gtin, 1.0, "nl", "streepjescode, eancode"),
    (M::Gtin, 1.0, "fr", "code barre, code barres, gencod, code ean"),
    (M::Other, 1.0, "", "\
        ean dfp, gtin dfp, ean kolli, gtin kolli, ean karton, gtin karton, ean carton, carton ean, \
        case gtin, outer gtin, outer ean, ean outer, gtin outer, gtin pall, ean pall, case barcode, \
        gtin tfp, gtin t pak, gtin d pak, gtin dpak, ean ve, ean verpackung, gtin case, ean case, \
        inner ean, pallet ean"),

    (M::Title, 1.0, "", "title, g:title, name"),
    (M::Title, 1.0, "sv", "\
        benämning, produktnamn, artikelnamn, artikelbenämning, varunamn, namn, titel, produkttitel, \
        benämning 1, produktbenämning, varubenämning, rubrik"),
    (M::Title, 0.75, "sv", "\
        artbeskr, art beskrivning, artben, artbet, beskr, ben, benämn, artikel, produkt, vara, artikelbeskrivning, kort beskrivning, kortbeskrivning, varubeskrivning, \
        benämning 2, artikeltext, varutext"),
    (M::Title, 1.0, "da", "\
        varenavn, produktnavn, navn, titel, varebetegnelse, betegnelse, produkttitel, overskrift"),
    (M::Title, 0.75, "da", "\
        varetekst, vare, produkt, varebeskrivelse, kort beskrivelse, kort tekst, beskrivelse 1, tekst"),
    (M::Title, 1.0, "no", "\
        varenavn, produktnavn, navn, tittel, betegnelse, artikkelnavn, varebetegnelse, benevnelse, \
        produkttittel"),
    (M::Title, 0.75, "no", "varetekst, vare, produkt, varebeskrivelse, kort beskrivelse, tekst, varetekst 1"),
    (M::Title, 1.0, "fi", "tuotenimi, nimi, nimitys, tuotteen nimi, otsikko, nimikkeen nimi, tuotenimike"),
    (M::Title, 0.75, "fi", "tuote, lyhyt kuvaus, selite, lyhytkuvaus, nimike, tuoteselite"),
    (M::Title, 1.0, "de", "\
        bezeichnung, artikelbezeichnung, produktname, produktbezeichnung, artikelname, titel, name, \
        kurzbezeichnung, kurzbez, kurztext, bezeichnung 1, bez, materialkurztext, artikeltitel, \
        warenbezeichnung"),
    (M::Title, 0.75, "de", "artikel, produkt, kurzbeschreibung, artikeltext, bezeichnung 2, materialtext"),
    (M::Title, 1.0, "en", "\
        product name, item name, product title, item title, article name, display name, product, \
        item description, article description, short title, headline, name 1, item desc, description 1, \
        web name"),
    (M::Title, 0.75, "en", "\
        short description, label, material description, part description, product description short, \
        desc 1, short text, article text"),
    (M::Title, 0.6, "", "\
        description, beskrivning, beskrivelse, beschreibung, kuvaus, desc, omschrijving, text, designation"),
    (M::Title, 1.0, "nl", "omschrijving, artikelomschrijving, productnaam, naam, titel"),
    (M::Title, 1.0, "fr", "désignation, libellé, nom, titre, nom du produit, libellé article"),

    (M::Description, 1.0, "", "body html, body, description html, g:description, html description"),
    (M::Description, 0.9, "sv", "\
        beskrivning, produktbeskrivning, produkttext, lång beskrivning, långtext, artikeltext, säljtext, \
        webbtext, detaljbeskrivning, utökad beskrivning, produktinformation, lång text, beskrivning lång, \
        produktfakta, marknadstext, brödtext, säljande text"),
    (M::Description, 0.6, "sv", "\
        artbeskr, beskr, extra benämning, extra beskrivning, text, varubeskrivning, artikelbeskrivning, kortbeskrivning, kort beskrivning, information, \
        ingress, benämning 2"),
    (M::Description, 0.9, "da", "\
        beskrivelse, produktbeskrivelse, lang beskrivelse, langtekst, produkttekst, salgstekst, webtekst, \
        lang tekst, detaljeret beskrivelse"),
    (M::Description, 0.6, "da", "tekst, varebeskrivelse, kort beskrivelse, varetekst 2, beskrivelse 2"),
    (M::Description, 0.9, "no", "\
        beskrivelse, produktbeskrivelse, lang beskrivelse, langtekst, produkttekst, salgstekst, \
        nettbeskrivelse, lang tekst, utvidet beskrivelse"),
    (M::Description, 0.6, "no", "tekst, varebeskrivelse, kort beskrivelse, varetekst 2"),
    (M::Description, 0.9, "fi", "\
        kuvaus, tuotekuvaus, pitkä kuvaus, tuoteteksti, esittelyteksti, tuotetiedot, verkkokauppateksti, \
        lisätiedot, markkinointiteksti"),
    (M::Description, 0.6, "fi", "teksti, selite, lyhyt kuvaus"),
    (M::Description, 0.9, "de", "\
        beschreibung, langtext, produktbeschreibung, artikelbeschreibung, langbeschreibung, \
        beschreibung lang, werbetext, produkttext, marketingtext, webtext, detailbeschreibung, \
        langbezeichnung"),
    (M::Description, 0.6, "de", "text, artikeltext, bezeichnung 2, kurzbeschreibung, zusatztext"),
    (M::Description, 0.9, "en", "\
        description, long description, product description, full description, long text, marketing text, \
        web description, sales text, detailed description, extended description, description long, copy, \
        web text, product text, romance copy, desc, long desc"),
    (M::Description, 0.6, "en", "\
        details, short description, text, summary, description 2, information, product description short, \
        features"),
    (M::Description, 0.9, "nl", "beschrijving, lange omschrijving, productomschrijving"),
    (M::Description, 0.9, "fr", "description longue, descriptif, texte long, description produit"),

    (M::Brand, 1.0, "", "brand, g:brand, vendor brand"),
    (M::Brand, 1.0, "sv", "varumärke, märke, fabrikat, tillverkare, producent"),
    (M::Brand, 1.0, "da", "mærke, varemærke, brand, producent, fabrikat, mærkenavn, fabrikant"),
    (M::Brand, 1.0, "no", "merke, varemerke, produsent, fabrikat, merkenavn"),
    (M::Brand, 1.0, "fi", "merkki, tuotemerkki, valmistaja, brändi, tavaramerkki"),
    (M::Brand, 1.0, "de", "marke, hersteller, fabrikat, herstellername, markenname"),
    (M::Brand, 1.0, "en", "\
        brand name, manufacturer, manufacturer name, maker, trademark, mfr, mfg, trade mark, manuf, \
        brand manufacturer"),
    (M::Brand, 0.45, "", "vendor, supplier, leverantör, leverandør, toimittaja, lieferant, label"),
    (M::Brand, 1.0, "nl", "merk, fabrikant, merknaam"),
    (M::Brand, 1.0, "fr", "marque, fabricant"),

    (M::Mpn, 1.0, "", "mpn, oem nr, oem, g:mpn, oem number"),
    (M::Mpn, 0.95, "sv", "\
        tillverkarens artikelnummer, tillverkarens artnr, tillv artnr, tillv art nr, \
        tillverkarens artikelnr, fabrikatnummer, originalnummer, tillverkarnummer, typbeteckning, \
        tillverkarens art nr, oe nummer, producentens artikelnummer"),
    (M::Mpn, 0.75, "sv", "\
        leverantörens artikelnummer, lev artnr, lev art nr, leverantörsartikelnummer, lev artikelnr, \
        leverantörens artnr, levartnr"),
    (M::Mpn, 0.95, "da", "\
        producentens varenummer, producent varenr, fabrikantnummer, producentnummer, producentens varenr, \
        producent vare nr"),
    (M::Mpn, 0.75, "da", "\
        leverandørens varenummer, leverandør varenr, lev varenr, lev vare nr, leverandørvarenummer"),
    (M::Mpn, 0.95, "no", "\
        produsentens varenummer, produsentens varenr, produsentnummer, produsent varenr, fabrikantnummer, \
        produsentens artikkelnr"),
    (M::Mpn, 0.75, "no", "\
        leverandørens varenummer, lev varenr, leverandør artikkelnr, leverandørens varenr, \
        leverandørvarenummer"),
    (M::Mpn, 0.95, "fi", "\
        valmistajan tuotenumero, valmistajan koodi, valmistajan tuotekoodi, valmistajan nro, \
        valmistajakoodi, valm tuotenro"),
    (M::Mpn, 0.75, "fi", "toimittajan tuotenumero, toimittajan tuotekoodi, toim tuotenro, toimittajan koodi"),
    (M::Mpn, 0.95, "de", "\
        herstellernummer, hersteller artikelnummer, herstellerartikelnummer, hersteller art nr, \
        hersteller nr, herstellerteilenummer, hersteller teilenr, hersteller artnr, originalnummer, \
        typenbezeichnung, hst nr, hersteller-nr, herst art nr, herst teilenr"),
    (M::Mpn, 0.75, "de", "lieferantenartikelnummer, lief art nr, lieferanten artikelnummer, lief artnr"),
    (M::Mpn, 0.95, "en", "\
        manufacturer part number, manufacturer part no, mfr part number, mfr part no, mfg part number, \
        mfg part no, manufacturer number, manufacturer sku, manufacturer item number, oem part number, \
        manufacturers part number, manufacturer no, mfr nr, manufacturer code, model number, model no, \
        manufacturer article number, manufacturer item no"),
    (M::Mpn, 0.75, "en", "\
        supplier item number, supplier part number, vendor item no, vendor part number, vendor sku, \
        supplier article number"),
    (M::Mpn, 0.5, "", "model, modell, malli, modelnr, typ nr, type"),
    (M::Mpn, 0.95, "fr", "référence fabricant, réf fabricant"),
    (M::Mpn, 0.95, "nl", "fabrikantcode, artikelnummer fabrikant"),

    (M::Category, 1.0, "", "\
        category, product type, g:product type, categories, category path, breadcrumb, taxonomy, \
        product category, kategori, product group, collection, google product category, \
        g:google product category, category tree, product categories"),
    (M::Category, 1.0, "sv", "\
        varugrupp, kategori, produktgrupp, huvudgrupp, undergrupp, artikelgrupp, huvudkategori, \
        underkategori, produktkategori, avdelning, kategorisökväg, sortiment, varukategori, varuområde, \
        produktområde, grupp 1, kategorinivå, hyllkategori, varugruppsnamn, produkttyp, kategoriträd, \
        segment"),
    (M::Category, 1.0, "da", "\
        varegruppe, kategori, produktgruppe, hovedgruppe, undergruppe, hovedkategori, underkategori, \
        varekategori, kategoristi, sortiment, produktkategori, varegruppenavn, produkttype"),
    (M::Category, 1.0, "no", "\
        varegruppe, kategori, produktgruppe, hovedgruppe, undergruppe, hovedkategori, underkategori, \
        varekategori, kategoristi, produktkategori, varehierarki, produkttype, overgruppe"),
    (M::Category, 1.0, "fi", "\
        tuoteryhmä, kategoria, pääryhmä, alaryhmä, tuotekategoria, tuoteluokka, luokka, osasto, \
        kategoriapolku, tuoteryhmän nimi, nimikeryhmä, tavararyhmä, yläryhmä, pääluokka, alaluokka, \
        tuotetyyppi"),
    (M::Category, 1.0, "de", "\
        warengruppe, kategorie, produktgruppe, artikelgruppe, hauptgruppe, untergruppe, hauptwarengruppe, \
        unterwarengruppe, warenuntergruppe, warenobergruppe, kategoriepfad, sortiment, hauptkategorie, \
        unterkategorie, rubrik, materialgruppe, warengruppenname, oberkategorie, produktkategorie, \
        produkttyp, wgr, warengruppentext"),
    (M::Category, 1.0, "en", "\
        main category, subcategory, sub category, department, item group, product line, product family, \
        merchandise group, main group, sub group, subgroup, category level, item category, article group, \
        material group, family, product class, range, item category description, class"),
    (M::Category, 0.6, "", "group, grupp, gruppe, ryhmä, type, typ, tyyppi, department, division, section"),
    (M::Category, 1.0, "nl", "categorie, productgroep, hoofdgroep, subgroep, artikelgroep"),
    (M::Category, 1.0, "fr", "catégorie, famille, sous famille, rayon, univers, gamme"),

    (M::Currency, 1.0, "", "currency, currency code, iso currency, g:currency, price currency, curr"),
    (M::Currency, 1.0, "sv", "valuta, valutakod"),
    (M::Currency, 1.0, "da", "valuta, valutakode"),
    (M::Currency, 1.0, "no", "valuta, valutakode"),
    (M::Currency, 1.0, "fi", "valuutta, valuuttakoodi"),
    (M::Currency, 1.0, "de", "währung, währungscode, whg, waehrg"),
    (M::Currency, 1.0, "fr", "devise, monnaie"),

    (M::Images, 1.0, "", "\
        image, images, image url, image link, g:image link, picture, photo, img, additional image link, \
        image src, picture url, media url, thumbnail, image urls, media, main image, pictures, photos, \
        image 1, packshot, images url, image file, base image, small image, image filename, assets, \
        gallery"),
    (M::Images, 1.0, "sv", "\
        bild, bilder, bildlänk, bild url, produktbild, huvudbild, bildadress, bildfil, bildnamn, foto, \
        extrabild, bild länk"),
    (M::Images, 1.0, "da", "\
        billede, billeder, billedlink, billede url, produktbillede, billedsti, foto, billedfil, \
        billed url, ekstra billede"),
    (M::Images, 1.0, "no", "\
        bilde, bilder, bildelenke, bilde url, produktbilde, hovedbilde, foto, bildefil, bildeadresse"),
    (M::Images, 1.0, "fi", "\
        kuva, kuvat, kuvalinkki, tuotekuva, kuvan osoite, kuva url, valokuva, pääkuva, kuvatiedosto, \
        lisäkuva"),
    (M::Images, 1.0, "de", "\
        bild, bilder, bild url, bildlink, produktbild, bildpfad, hauptbild, abbildung, artikelbild, \
        bilddatei, foto, bildname, zusatzbild"),
    (M::Images, 1.0, "nl", "afbeelding, afbeeldingen, foto"),
    (M::Images, 1.0, "fr", "photo, visuel, image principale"),

    (M::Language, 1.0, "", "\
        language, locale, lang, language code, språk, språkkod, sprog, språkkode, kieli, kielikoodi, \
        sprache, sprachcode, taal, langue"),

    (M::BestBefore, 1.0, "", "\
        best before, best before date, bbd, expiry, expiry date, expiration date, use by, bäst före, \
        bäst före datum, bf datum, hållbar till, hållbart t.o.m, hållbar t.o.m, hållbart till, utgångsdatum, mindst holdbar til, bedst før, \
        holdbarhedsdato, udløbsdato, best før, best før dato, utløpsdato, holdbarhetsdato, holdbar til, \
        parasta ennen, viimeinen käyttöpäivä, päiväys, parasta ennen päiväys, mhd, mindesthaltbarkeit, \
        mindesthaltbarkeitsdatum, haltbar bis, ablaufdatum, verfallsdatum, tht, dluo, ddm"),

    (M::Stock, 1.0, "", "\
        stock, quantity, qty, inventory, g:quantity, stock level, stock qty, qty available, \
        available qty, stock quantity, on hand, inventory quantity, qty on hand, quantity available, \
        available quantity, available stock, free stock, stock balance, quantity on hand, units in stock, \
        atp, available inventory, inventory qty, warehouse stock"),
    (M::Stock, 1.0, "sv", "\
        lagersaldo, saldo, i lager, lager, disponibelt, disponibelt saldo, antal i lager, lagerantal, \
        tillgängligt antal, disponibelt lager, disp saldo, saldo tillgängligt, lagerkvantitet, \
        tillgängligt saldo, fritt saldo, lagerstatus antal"),
    (M::Stock, 1.0, "da", "\
        lagerbeholdning, på lager, lager, lagerantal, beholdning, disponibel, antal på lager, lagersaldo, \
        ledig beholdning, lagerstatus, disponibel beholdning"),
    (M::Stock, 1.0, "no", "\
        lagerbeholdning, på lager, lager, lagerantall, beholdning, disponibelt, antall på lager, \
        lagersaldo, tilgjengelig, tilgjengelig antall, disponibel beholdning, disponibelt antall"),
    (M::Stock, 1.0, "fi", "\
        varasto, saldo, varastosaldo, varastossa, varastomäärä, vapaa saldo, saatavilla, varastotilanne, \
        saldo kpl, vapaa varasto"),
    (M::Stock, 1.0, "de", "\
        bestand, lagerbestand, lagermenge, verfügbar, verfügbare menge, verfügbarer bestand, auf lager, \
        lager, vorrat, freier bestand, bestandsmenge, frei verwendbar"),
    (M::Stock, 0.5, "", "antal, antall, määrä, menge, units, available, availability, anzahl"),
    (M::Stock, 1.0, "nl", "voorraad, aantal op voorraad"),
    (M::Stock, 1.0, "fr", "quantité en stock, qté stock, stock disponible"),

    (M::GroupId, 1.0, "", "\
        item group id, g:item group id, parent sku, parent id, group id, parent, variant group, \
        style number, style no, style, style code, parent sku code, product group id, configurable sku, \
        master sku, master id, model id, parent item, variant of, parent product id, parentid, style nr, \
        variant parent"),
    (M::GroupId, 1.0, "sv", "\
        modellnummer, variantgrupp, huvudartikel, modellnr, stilnummer, grupp id, modellkod, \
        huvudartikelnummer, moderartikel, basartikel, variant av"),
    (M::GroupId, 1.0, "da", "\
        modelnummer, variantgruppe, hovedvare, stilnummer, modelnr, hovedvarenummer, stylenr, style nr, \
        variant af, mastervare, mastervarenummer"),
    (M::GroupId, 1.0, "no", "\
        modellnummer, variantgruppe, hovedvare, stilnummer, modellnr, hovedvarenummer, modellkode, \
        hovedartikkel"),
    (M::GroupId, 1.0, "fi", "\
        mallinumero, päätuote, varianttiryhmä, mallikoodi, emotuote, päätuotenumero, mallinro"),
    (M::GroupId, 1.0, "de", "\
        modellnummer, vaterartikel, hauptartikel, variantengruppe, modellnr, stammartikel, masterartikel, \
        vater artikelnummer, stylenr, hauptartikelnummer, modellcode, vater sku"),
    (M::GroupId, 0.6, "", "model, modell, malli, modelle, serie, series, master, collection id"),

    (M::Attribute, 1.0, "", "\
        color, colour, size, material, weight, length, width, height, depth, diameter, volume, \
        dimensions, gender, age group, pattern, power, voltage, capacity, finish, scent, flavour, \
        specifications, attributes, features, properties, specs, option1 value, option2 value, \
        option3 value, shape, season, fabric, composition, warranty, energy class, country of origin, \
        origin, ingredients, allergens, net weight, gross weight, product detail, g:color, g:size, \
        g:material, quality, net content, nutrition, storage, technical data, model year, ip rating, \
        socket, details, wattage, thread, fit, care, washing, content"),
    (M::Attribute, 1.0, "sv", "\
        färg, storlek, material, vikt, längd, bredd, höjd, djup, diameter, volym, mått, kön, mönster, \
        effekt, spänning, kapacitet, ursprung, ursprungsland, innehåll, ingredienser, allergener, \
        förpackning, nettovikt, bruttovikt, kvalitet, egenskaper, garanti, modellår, effekt spänning, \
        dimension, tvättråd, passform, energiklass, form, vikt kg, förvaring, sockel, smak, \
        innehållsförteckning, näringsvärde, nettoinnehåll, kulör, tjocklek, förpackningsstorlek, \
        märkeffekt"),
    (M::Attribute, 1.0, "da", "\
        farve, størrelse, materiale, vægt, længde, bredde, højde, dybde, diameter, volumen, mål, køn, \
        mønster, effekt, spænding, kapacitet, oprindelse, oprindelsesland, indhold, ingredienser, \
        allergener, emballage, nettovægt, bruttovægt, kvalitet, egenskaber, garanti, holdbarhed, \
        opbevaring, smag, næringsindhold, pasform, materialer"),
    (M::Attribute, 1.0, "no", "\
        farge, størrelse, materiale, vekt, lengde, bredde, høyde, dybde, diameter, volum, mål, kjønn, \
        mønster, effekt, spenning, kapasitet, opprinnelse, opprinnelsesland, innhold, ingredienser, \
        allergener, emballasje, nettovekt, bruttovekt, kvalitet, egenskaper, garanti, dimensjon, smak, \
        oppbevaring, passform, str"),
    (M::Attribute, 1.0, "fi", "\
        väri, koko, materiaali, paino, pituus, leveys, korkeus, syvyys, halkaisija, tilavuus, mitat, \
        sukupuoli, kuvio, teho, jännite, kapasiteetti, alkuperä, alkuperämaa, sisältö, ainesosat, \
        allergeenit, pakkaus, nettopaino, bruttopaino, laatu, ominaisuudet, takuu, säilytys, maku, \
        pakkauskoko, valmistusmaa, paksuus"),
    (M::Attribute, 1.0, "de", "\
        farbe, größe, material, gewicht, länge, breite, höhe, tiefe, durchmesser, volumen, maße, \
        abmessungen, geschlecht, muster, leistung, spannung, kapazität, herkunft, herkunftsland, inhalt, \
        zutaten, allergene, verpackung, nettogewicht, bruttogewicht, qualität, eigenschaften, garantie, \
        sockel, lichtfarbe, gehäuse, schutzart, oberfläche, form, ursprungsland, energieklasse, \
        geschmack, lagerung, dicke, ausführung, nennleistung, werkstoff, normung, norm"),
    (M::Attribute, 1.0, "nl", "kleur, maat, gewicht, lengte, breedte, hoogte, materiaal, inhoud"),
    (M::Attribute, 1.0, "fr", "\
        couleur, taille, matière, poids, longueur, largeur, hauteur, contenance, composition"),

    (M::Action, 1.0, "", "\
        action, operation, change type, deleted, is deleted, åtgärd, ändringstyp, borttagen, raderad, \
        handling, ændringstype, slettet, endringstype, toimenpide, muutostyyppi, poistettu, aktion, \
        änderungskennzeichen, löschkennzeichen, änderungsart, gelöscht, change code, update type, \
        mutation, delete flag, transaction type, ändringskod, endringskode"),

    (M::Other, 1.0, "", "\
        url, link, product url, deeplink, g:link, mobile link, slug, permalink, uuid, guid, availability, \
        g:availability, condition, g:condition, status, state, active, enabled, published, visible, \
        created, created at, updated, updated at, modified, last modified, timestamp, changed, date, \
        hs code, unspsc, etim, etim class, eclass, tax, tax rate, vat, vat rate, vat code, moq, \
        min order qty, shipping, shipping cost, delivery time, lead time, discount, discount group, row, \
        pos, line, tags, seo title, seo description, meta title, meta description, keywords, warehouse, \
        location, incoterm, rank, score, rating, reviews, position, shipping weight, custom label, video, \
        pdf, datasheet, document, manual, eta, mobile url, user, comment, notes, note, internal id, \
        internal note, internal code"),
    (M::Other, 1.0, "sv", "\
        leverantör, leverantörsnamn, leverantörsnummer, leverantörsnr, enhet, lagerenhet, \
        försäljningsenhet, prisenhet, antal per förpackning, antal per kartong, minsta orderantal, \
        minsta beställning, moms, momssats, momskod, moms %, rabatt, rabattgrupp, rabattkod, rabatt %, \
        tulltaxenummer, statistiskt nummer, statnr, kn nummer, konto, försäljningskonto, lagerplats, \
        hyllplats, ledtid, leveranstid, status, aktiv, utgått, utgående, ersättningsartikel, ersatt av, \
        ersätter, skapad, ändrad, senast ändrad, ändringsdatum, uppdaterad, inkommet, inkommen, \
        artikeltyp, webbadress, produktlänk, kundens artikelnummer, ert artikelnummer, kund artnr, \
        anteckning, anmärkning, rad, radnr, löpnr, kolli, antal i kolli, förp antal, förpackningsantal, \
        multipel, pall, antal pall, inköpare, intern kod, sökord, sökbegrepp, lagervara, \
        beställningsvara, frakt, fraktklass, giltig från, giltig till, prislista, prisgrupp, \
        kostnadsställe, inleveransdatum, nästa inleverans, kund nr, sorteringsordning, enh, ers artikel"),
    (M::Other, 1.0, "da", "\
        leverandør, leverandørnavn, leverandørnummer, leverandørnr, enhed, salgsenhed, lagerenhed, \
        antal pr kolli, kolli, minimumsbestilling, moms, momskode, rabat, rabatgruppe, toldtarif, \
        varekode told, toldkode, konto, lokation, lagerlokation, leveringstid, status, aktiv, udgået, \
        erstatningsvare, oprettet, ændret, sidst ændret, opdateret, bemærkning, note, linje, link, \
        kundens varenummer, deres varenummer, min ordre, gyldig fra, gyldig til, prisgruppe, søgeord, \
        varetype, tilgået, spærret"),
    (M::Other, 1.0, "no", "\
        leverandør, leverandørnavn, leverandørnummer, leverandørnr, enhet, salgsenhet, lagerenhet, \
        prisenhet, antall pr kartong, minste bestilling, mva, mva sats, mva kode, rabatt, rabattgruppe, \
        tolltariff, tollnummer, tolltariffnummer, konto, lokasjon, lagerplass, leveringstid, status, \
        aktiv, utgått, erstatningsvare, erstattet av, opprettet, endret, sist endret, oppdatert, merknad, \
        linje, lenke, kundens varenummer, deres varenummer, gyldig fra, gyldig til, prisgruppe, søkeord, \
        varetype, d pak, f pak, t pak, kolli, antall i d pak"),
    (M::Other, 1.0, "fi", "\
        toimittaja, toimittajan nimi, toimittajanumero, yksikkö, myyntiyksikkö, hintayksikkö, \
        pakkausmäärä, kpl pakkaus, minimitilaus, minimierä, alv, alv %, alv prosentti, verokanta, \
        alennus, alennusryhmä, tullinimike, cn koodi, tili, hyllypaikka, varastopaikka, toimitusaika, \
        tila, aktiivinen, poistunut, korvaava tuote, luotu, muutettu, päivitetty, muokattu, huomautus, \
        rivi, linkki, asiakkaan tuotenumero, voimassa, voimassa alkaen, hakusanat, nimiketyyppi, \
        myyntierä, muutospvm, tyyppikoodi"),
    (M::Other, 1.0, "de", "\
        lieferant, lieferantenname, lieferantennummer, lieferantennr, einheit, mengeneinheit, \
        basismengeneinheit, verkaufseinheit, preiseinheit, pe, me, bme, vpe, ve, verpackungseinheit, \
        mindestbestellmenge, mindestmenge, mwst, mwst satz, ust, steuersatz, steuerschlüssel, rabatt, \
        rabattgruppe, zolltarifnummer, warentarifnummer, statistische warennummer, konto, lagerort, \
        lagerplatz, lieferzeit, status, aktiv, auslauf, auslaufartikel, nachfolger, nachfolgeartikel, \
        angelegt, geändert, letzte änderung, angelegt am, geändert am, bemerkung, zeile, link, \
        kundenartikelnummer, kunden art nr, lagerware, gültig ab, gültig bis, suchbegriff, suchbegriffe, \
        artikelhinweis, werk, materialart, warengruppennr, laufende nummer, lfd nr, \
        deep link, matchcode, sperrkennzeichen, preiseinh, mengeneinh"),
    (M::Other, 1.0, "en", "\
        supplier, supplier name, supplier number, supplier id, vendor, vendor name, vendor no, vendor id, \
        unit, uom, unit of measure, base unit, base unit of measure, sales unit, price unit, pack size, \
        pack qty, case qty, carton qty, qty per carton, minimum order quantity, min qty, order multiple, \
        customs tariff number, tariff no, tariff number, commodity code, account, bin, shelf, \
        weight unit, product status, lifecycle, discontinued, replaced by, replacement, line no, \
        line number, row number, customer item number, customer part no, your item no, your part number, \
        vat %, product link, valid from, valid to, price list, price group, search terms, stock status, \
        in stock, next delivery, expected date, sort order, blocked, type code, gen prod posting group, \
        inventory posting group, costing method, no of reviews, item type, shelf no, global dimension, \
        account code, etag, revision, version"),
    (M::Other, 1.0, "nl", "leverancier, eenheid, btw, levertijd, verpakkingseenheid"),
    (M::Other, 1.0, "fr", "fournisseur, unité, tva, délai, conditionnement"),
];
