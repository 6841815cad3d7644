//! A title without what tells variants apart.

use std::collections::{BTreeSet, HashSet};
use std::sync::LazyLock;

/// Colours in English, Swedish, Danish, Norwegian and German, in the forms that titles have them in.
const COLOURS: &str = "black white red blue green yellow orange pink purple brown grey gray beige gold silver navy \
    turquoise ivory cream khaki maroon violet teal bronze multicolor multicolour multicoloured \
    svart svarta vit vita röd röda blå grön gröna gul gula rosa lila brun bruna grå guld silver turkos vitt svart rött \
    sort sorte hvid hvide rød røde grøn grønne gule brune guld sølv hvit hvite grønn \
    schwarz schwarze schwarzer weiß weiss weiße rot rote roter blau blaue blauer grün grüne grüner gelb gelbe braun \
    braune grau graue gold silber türkis orange";

/// Sizes of clothes, units, and words of packing.
const SIZES: &str = "xxs xs xl xxl xxxl small medium large liten stor lille klein groß gross mini maxi size storlek str \
    größe gr ml cl dl ltr liter litre mg gr kg gram gramm oz lb lbs mm cm meter inch tum zoll watt volt amp pcs pc st stk \
    pack pak stück count ct pieces piece par pair of each";

static VARIES: LazyLock<HashSet<&str>> =
    LazyLock::new(|| COLOURS.split_ascii_whitespace().chain(SIZES.split_ascii_whitespace()).collect());

/// The words of brand and title that say what a thing is, sorted, each once: without numbers and what is written on to
/// them (`500g`, `12-pack`), single letters, sizes, units and colours. `None` where fewer than two words remain: one
/// word alone is shared by things that are not alike.
pub fn title_key(brand: Option<&str>, title: &str) -> Option<String> {
    let whole = format!("{} {title}", brand.unwrap_or_default()).to_lowercase();
    let words: BTreeSet<&str> = whole
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.chars().nth(1).is_some() && !word.chars().any(char::is_numeric))
        .filter(|word| !VARIES.contains(word))
        .collect();
    (words.len() >= 2).then(|| words.into_iter().collect::<Vec<_>>().join(" "))
}
