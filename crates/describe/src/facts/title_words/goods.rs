//! Words of titles that tell things from food, and what a colour or material belongs to.
//!
//! A word behind `~` counts also at the end of a compound: `~lampa` in "bordslampa".

use std::collections::HashSet;
use std::sync::LazyLock;

use berika_catalog::Language;

use super::tokens::Token;

/// Clothes, per language. English names stand in titles of every language.
const CLOTHING: &[(&str, &str)] = &[
    (
        "sv",
        "~tröja ~skjorta ~jacka ~byxor ~byxa ~jeans ~klänning ~kjol ~shorts linne ~hoodie ~kofta ~väst ~kappa \
         ~leggings ~tights ~trosor ~kalsonger ~bikini ~baddräkt ~pyjamas overall ~blus ~kavaj ~kostym \
         ~underställ ~handskar ~t-shirt ~tshirt",
    ),
    (
        "en",
        "~shirt ~shirts ~jacket ~jackets coat coats raincoat jeans shorts trousers pants trunks skirt skirts \
         dress dresses sweater sweaters sweatshirt sweatshirts hoodie jumper cardigan tee tees vest blouse \
         blazer kurta kurtas tunic tracksuit briefs boxers bra bras jersey polo leggings tights pyjamas \
         pajamas gloves",
    ),
    (
        "da",
        "~trøje ~trøjer ~skjorte ~skjorter ~jakke ~jakker ~bukser ~kjole ~nederdel ~bluse ~frakke ~shorts \
         ~leggings ~undertøj ~handsker ~jeans ~vest ~cardigan ~pyjamas ~badedragt",
    ),
    (
        "no",
        "~genser ~skjorte ~skjorter ~jakke ~jakker ~bukse ~bukser ~kjole ~skjørt ~trøye ~kåpe ~bluse ~shorts \
         ~undertøy ~hansker ~jeans ~vest ~pysjamas ~badedrakt",
    ),
    (
        "de",
        "~hemd ~hemden ~jacke ~hose ~hosen ~kleid ~pullover ~pulli ~mantel ~weste ~schlafanzug ~handschuhe \
         ~jeans ~shorts ~bluse ~leggings ~bademantel ~badeanzug ~unterwäsche ~t-shirt ~shirt",
    ),
];

/// Other things that have a colour.
const THINGS: &[(&str, &str)] = &[
    (
        "sv",
        "~klossar ~nyckel ~koppling ~pärm ~stege ~spade ~bokhylla ~leksaksbil ~pussel ~skjutmått ~bädd ~kronljus ~värmeljus ~blockljus ~antikljus ~penna ~pennor ~servetter ~koppel ~sele ~skruvmejsel ~verktygslåda ~väckarklocka ~diskborste ~kamera ~mobil ~surfplatta ~powerbank ~mikrofon ~cykellås ~barnvagn ~bilstol ~haklapp ~nappflaska ~hängmatta ~parasoll ~krukor ~karaff ~förkläde ~rullgardin ~badmatta ~dörrmatta ~soptunna ~papperskorg ~byrå ~fläkt ~skor sko ~stövlar ~sandaler ~sneakers ~strumpor ~sockor ~mössa ~halsduk ~vantar ~keps ~väska \
         ~ryggsäck ~plånbok ~bälte ~lampa ~lampor ~stol ~stolar ~bord ~soffa ~fåtölj ~hylla ~skåp ~säng \
         ~madrass ~kudde ~täcke ~handduk ~handdukar ~gardin ~gardiner ~matta ~mattor ~lakan ~örngott vas \
         ~kruka ~kanna ~mugg ~muggar kopp koppar ~tekopp ~kaffekopp ~tallrik ~tallrikar skål skålar ~sskål \
         ~bestick ~kniv ~knivar ~gaffel ~kastrull ~stekpanna ~grillpanna ~termos ~hink ~korg ~cykel ~hjälm \
         ~tält ~sovsäck ~hörlurar ~högtalare ~mobilskal ~fodral ~kabel ~laddare ~tangentbord ~klocka \
         ~halsband ~armband ~örhängen ~brödrost ~vattenkokare ~kaffebryggare ~dammsugare ~strykjärn ~hammare \
         ~skruvdragare ~spegel ~ljusstake ~lykta ~paraply ~pläd ~badrock ~morgonrock ~tofflor ~vattenflaska \
         ~termosflaska ~sängkläder ~bäddset ~påslakan ~duk ~förvaringslåda ~slips ~hårfön ~pennfodral ~koppel \
         ~skärbräda ~bricka ~klädhängare ~galge ~pall ~vinglas ~dricksglas",
    ),
    (
        "en",
        "rack octopus puzzle dryer rings container containers bin hanger hangers candle candles pen pens napkins leash harness collar toothbrush hammock parasol apron doormat phone smartphone tablet camera powerbank microphone suitcase luggage jug carafe bowl bowls tray coaster coasters teapot cot bib swimsuit goggles lunchbox notebook binder stapler scissors ladder wheelbarrow hose shoes shoe sneaker sneakers boot boots sandal sandals heels wedges slippers flops cap caps hat hats \
         beanie scarf belt belts handbag handbags backpack backpacks rucksack wallet wallets purse clutch \
         pouch watch watches smartwatch necklace bracelet earrings pendant sunglasses socks sock lamp lamps \
         chair chairs table sofa armchair desk shelf shelves cabinet wardrobe mattress pillow cushion blanket \
         duvet towel towels curtain curtains rug carpet vase mug mugs plate plates cutlery knife knives spoon \
         spoons fork forks casserole saucepan frypan skillet kettle toaster blender headphones headphone earphones \
         earphone earbuds headset speaker case cover cable charger keyboard mouse monitor tumbler bucket \
         basket planter tent helmet bicycle bike stroller umbrella bench mirror frame stool bedding \
         pillowcase tablecloth flask",
    ),
    (
        "da",
        "~stige ~hjul ~løbehjul ~kasse ~dyr ~pendel ~hundekurv ~legetøj ~vandflaske ~termokande ~stearinlys ~bloklys ~fyrfadslys ~servietter ~hundesnor ~sele ~tandbørste ~hængekøje ~parasol ~forklæde ~måtte ~mobiltelefon ~kamera ~kuffert skål ~karaffel ~tekande ~notesbog ~saks ~barnevogn ~kommode ~skammel ~bakke sko ~sko ~støvler ~sandaler ~strømper ~sokker hue ~strikhue ~tørklæde ~vanter ~taske ~rygsæk ~bælte \
         ~lampe ~lamper ~stol ~stole ~bord ~sofa ~lænestol ~reol ~hylde ~skab ~seng ~madras ~pude ~tæppe \
         ~dyne ~håndklæde ~håndklæder ~gardin ~gardiner ~vase ~krukke ~kande krus ~tallerken ~tallerkener \
         ~bestik ~kniv ~knive ~stegepande ~grillpande ~gryde ~elkedel ~brødrister ~støvsuger ~cykel ~hjelm \
         ~telt ~sovepose ~høretelefoner ~højttaler ~oplader ~kabel ~cover ~halskæde ~armbånd ~øreringe ~spejl \
         ~ramme ~lysestage ~paraply ~sengesæt ~sengetøj ~drikkeflaske ~kuglepen ~badekåbe ~skærebræt ~spand \
         ~kurv",
    ),
    (
        "no",
        "~stige ~sparkesykkel ~kasse ~leketøy ~hylle ~vannflaske ~stearinlys ~kubbelys ~telys ~servietter ~hundebånd ~sele ~tannbørste ~hengekøye ~parasoll ~forkle ~matte ~mobiltelefon ~kamera ~koffert skål ~karaffel ~tekanne ~notatbok ~saks ~barnevogn ~kommode ~krakk ~brett sko ~sko ~støvler ~sandaler ~sokker lue ~strikkelue ~skjerf ~votter ~veske ~ryggsekk ~belte ~lampe \
         ~lamper ~stol ~stoler ~bord ~sofa ~lenestol ~hylle ~skap ~seng ~madrass ~pute ~teppe ~dyne ~håndkle \
         ~håndklær ~gardin ~gardiner ~vase ~krukke ~mugge krus kopp ~tallerken ~tallerkener ~bestikk ~kniv \
         ~stekepanne ~grillpanne ~vannkoker ~brødrister ~støvsuger ~sykkel ~hjelm ~telt ~sovepose \
         ~hodetelefoner ~høyttaler ~lader ~kabel ~deksel ~armbåndsur ~halskjede ~armbånd ~øredobber ~speil \
         ~ramme ~lysestake ~paraply ~sengesett ~sengetøy ~drikkeflaske ~badekåpe ~skjærebrett ~bøtte ~kurv \
         ~termos",
    ),
    (
        "de",
        "~ordner ~stick ~leiter ~spielzeug ~teelichter ~haartrockner ~plüschbär ~sonnenschirm ~wasserflasche ~kerze ~kerzen ~servietten ~hundeleine ~geschirr ~zahnbürste ~hängematte ~sonnenschirm ~schürze ~fußmatte ~smartphone ~handy ~kamera ~koffer ~karaffe ~teekanne ~notizbuch ~schere ~kinderwagen ~kommode ~tablett ~spannbettlaken ~kugelschreiber ~schuhe schuh ~schuh ~stiefel ~sandalen ~sneaker ~sneakers ~socken ~strümpfe ~mütze ~schal ~tasche \
         ~rucksack ~geldbörse ~gürtel ~lampe ~lampen ~leuchte ~strahler ~stuhl ~stühle ~tisch ~sofa ~sessel \
         ~regal ~schrank ~bett ~matratze ~kissen ~decke ~bettwäsche ~handtuch ~handtücher ~vorhang ~gardine \
         ~teppich ~vase topf ~kochtopf ~blumentopf ~kanne ~tasse ~tassen ~teller ~besteck ~messer pfanne \
         ~bratpfanne ~grillpfanne ~wasserkocher ~toaster ~standmixer ~staubsauger ~bügeleisen ~fahrrad ~helm \
         ~zelt ~schlafsack ~kopfhörer ~lautsprecher ~hülle ~kabel ~ladegerät ~tastatur uhr ~armbanduhr \
         ~wanduhr ~halskette ~armband ~ohrringe ~spiegel ~rahmen ~kerzenständer ~regenschirm ~hocker ~eimer \
         ~korb ~trinkflasche ~isolierkanne ~geschirrtuch ~tischdecke ~schneidebrett ~bademantel ~hausschuhe",
    ),
];

/// Foods, drinks and cosmetics whose colour is a sort or a flavour.
const EDIBLE: &str = "\
    rice bean beans seed seeds quinoa dal tea bread oil egg eggs juice drink beverage powder coffee wine beer sugar chilli \
    chili pepper peppers onion onions cabbage lentils peas grapes olives olive sauce spice flour noodles pasta chocolate \
    candy candies gum mint mints biscuit cookies chips balm spray shampoo freshener raisins organic tomato apple curry salt \
    vitamin vitamins mustard wafer jelly jam yoghurt yogurt cheese milk water mask butter balm toothpaste soup \
    ~lök ~paprika ~kål te ~bröd ris ~bönor ~linser ~ärtor vin ~vin ~druvor ~äpple ~äpplen ~chili ~peppar ~sås ~choklad \
    ~godis ~saft ~juice ~ost ~mjölk ~potatis ~tomat ~tomater ~morot ~sallad ~svamp ~oliver ~curry ~curypasta ~pesto ~ägg \
    ~läsk ~dryck ~glass ~kaffe ~smink ~läppstift ~krydda ~krydd ~salt ~socker ~kött ~fisk ~korv ~skinka ~fläsk ~höna \
    ~løg ~løk ~peberfrugt ~brød ~bønner ~linser ~ærter ~erter ~druer ~æble ~eple ~peber ~pepper ~chokolade ~sjokolade \
    ~slik ~ost ~mælk ~melk ~kartofler ~poteter ~oliven ~øl ~sodavand ~brus ~krydderi ~sukker ~kød ~kjøtt ~pølse ~snaps \
    ~zwiebel ~zwiebeln ~kraut ~brot ~reis ~bohnen ~linsen ~erbsen ~wein ~trauben ~apfel ~äpfel ~pfeffer ~schokolade ~käse \
    ~milch ~kartoffeln ~tomaten ~oliven ~bier ~saft ~tee ~kaffee ~eier ~zucker ~fleisch ~wurst ~fisch ~pute ~huhn ~grütze";

const LAMPS: &str = "\
    ~lampa ~lampor ~lamp ~lamps ~bulb ~bulbs ~lampe ~lamper ~lampen ~pære ~pærer ~leuchtmittel ~glühbirne ~birne led ~spot \
    ~spotlight ~ljuskälla ~glödlampa ~lyskilde ~lyspære ~filament ~halogen ~lysrör ~armatur ~leuchte";

/// Tools, cleaners and stuffs that are made for a material.
const WORKS_ON: &str = "\
    cleaner cleaners cleaning polish ~rengöring ~rengøring ~rengjøring ~puts ~putsmedel ~medel ~reiniger ~politur ~pflege \
    ~pleje ~pleie care conditioner ~fett ~lim glue ~leim ~kleber paint ~målarfärg ~väggfärg ~täckfärg ~maling ~wandfarbe ~holzfarbe lacquer lack ~klarlack ~träolja lak varnish primer \
    ~spackel sealant ~spray ~olja oil ~öl ~olie ~olje wax ~vax ~voks ~wachs ~borr ~borrar drill bit bits bor ~bohrer \
    ~klinga ~klinge blade blades ~såg sav sag saw ~säge ~blatt file fil feile ~skruv ~skruvar screw screws ~schrauben \
    ~schraube ~skruer ~skrue nails ~spik plug ~plugg ~dübel anchor tape ~tejp ~teip ~klebeband cutter ~schere shears detector \
    shredder balls buds pads swabs candy shampoo lotion soap ~tvål ~seife ~sæbe perfume ~imprägnering ~imprägnierung \
    ~imprægnering foil ~folie ~film stain ~bets ~beize ~slip ~schleifer sander sandpaper ~slippapper ~tvätt \
    ~waschmittel ~vaskemiddel detergent protector softener print poster";

/// A part of the product, or an air of the material: what stands before one is not the whole product's.
const PARTS: &str = "\
    blade blades body dial flash bristles straps handle handles lid base strap jar jars frame sole upper lining look effect optik finish texture style \
    coated coating braided plated alloy inner bearing element barrel liner plate soleplate design print blend mix rich touch feel effekt utseende imitation beläggning beschichtung \
    beschichtet skaft handtag lock rem ben fötter fod griff deckel boden stil wire hook hooks legs accents trim effect-look";

const IMITATION: &str =
    "vegan faux imitation fake artificial synthetic mock konst imiterat imiteret imitert kunst";

const SHADES: &str = "\
    dark light pale deep bright hot neon fluorescent pastel mörk ljus mørk lys lyse mørke hell dunkel kelly matt-";

const FOLLOWS_NAME: &str = "\
    decker friday week label diamond box line ray light lights pearl magic noise board tea series cross bull sox wing dot \
    hat star stone mountain bird dragon tooth ice horse river garden planet jack rock stars ambiance";

/// Words behind which another thing stands.
const WITH: &str = "\
    with w/ med m/ mit for för für til till zu to without utan uden uten ohne compatible kompatibel passar passer fits passend \
    suitable";

/// What holds other things, and tools: an amount of theirs is a volume or a weight.
const VESSELS: &str = "\
    bag bags ~säcke ~flaska ~flaske ~flasche bottle bottles ~hink ~spand ~bøtte ~eimer bucket ~dunk ~dunke ~kanister canister tank ~tank \
    ~låda ~kasse ~box boxes box ~kande ~kanne ~gryta ~gryde ~gryte casserole pot pan ~pot ~form ~säck ~säckar ~sække ~sekker ~beutel \
    ~påsar ~poser ~väska ~taske ~sekk ~påse ~pose ~behållare ~beholder ~behälter ~kassett ~kompressor compressor ~damm \
    ~hammare ~hammer ~hantel ~hantlar ~håndvægt ~kettlebell dumbbell weight weights ~vikt ~spänn ~spännband straps strap ~kran \
    ~akvarium aquarium ~kyl ~kylskåp ~køleskab ~kjøleskap ~kühlschrank fridge freezer ~frys ~ugn ~ovn ~ofen oven ~vask ~korb \
    ~pump ~pumpe pump ~spruta ~sprøjte ~sprøyte ~sprüher sprayer ~verktyg ~værktøj ~werkzeug tool ~bowl ~napf ~skål ~skåle";

const WEARERS: &str = "\
    herr dam herre dame herren damen men women mens womens men's women's unisex junior kvinna barn kids kinder børn dreng \
    pige gutt jente boys girls";

const SIZE_WORDS: &str = "small medium large x-large xlarge xs s m l xl xxl x-small pair pack set inch in cm mm st stk stück pcs pc";

/// A list of words to look up.
struct Words {
    exact: HashSet<&'static str>,
    endings: HashSet<&'static str>,
}

impl Words {
    fn of(words: &'static str) -> Self {
        let (endings, exact): (Vec<_>, Vec<_>) =
            words.split_whitespace().partition(|word| word.starts_with('~'));
        let endings: HashSet<_> = endings.into_iter().map(|word| word.trim_start_matches('~')).collect();
        Self { exact: exact.into_iter().collect(), endings }
    }

    fn hold(&self, word: &str) -> bool {
        self.exact.contains(word)
            || !self.endings.is_empty()
                && word.char_indices().any(|(at, _)| self.endings.contains(&word[at..]))
    }
}

/// Lists per language.
type Tagged = LazyLock<Vec<(&'static str, Words)>>;

fn tagged(words: &[(&'static str, &'static str)]) -> Vec<(&'static str, Words)> {
    words.iter().map(|(tag, words)| (*tag, Words::of(words))).collect()
}

static CLOTHING_WORDS: Tagged = LazyLock::new(|| tagged(CLOTHING));
static THING_WORDS: Tagged = LazyLock::new(|| tagged(THINGS));

fn named(word: &str, words: &Tagged, language: Option<&Language>) -> bool {
    let speaks = |tag: &str| tag == "en" || language.is_some_and(|language| language.as_str() == tag);
    words.iter().any(|(tag, words)| speaks(tag) && words.hold(word))
}

pub(super) fn names_clothing(tokens: &[Token], language: Option<&Language>) -> bool {
    tokens.iter().any(|token| named(&token.lower, &CLOTHING_WORDS, language))
}

/// Whether a noun of the title is a thing that has a colour.
pub(super) fn names_thing(tokens: &[Token], language: Option<&Language>) -> bool {
    tokens.iter().any(|token| {
        named(&token.lower, &CLOTHING_WORDS, language) || named(&token.lower, &THING_WORDS, language)
    })
}

/// Whether `word` is a thing that has a colour.
pub(super) fn is_thing(word: &str, language: &Language) -> bool {
    named(word, &CLOTHING_WORDS, Some(language)) || named(word, &THING_WORDS, Some(language))
}

/// Whether a word of the title is food, drink or cosmetics.
pub(super) fn names_edible(tokens: &[Token]) -> bool {
    tokens.iter().any(|token| is_edible(&token.lower))
}

/// Whether a word of the title is a vessel or a tool.
pub(super) fn names_vessel(tokens: &[Token]) -> bool {
    tokens.iter().any(|token| is_vessel(&token.lower))
}

/// Whether a word says for whom it is: what has a wearer has a colour.
pub(super) fn names_wearer(tokens: &[Token]) -> bool {
    tokens.iter().any(|token| is_wearer(&token.lower))
}

macro_rules! lists {
    ($($(#[$doc:meta])* $name:ident $words:expr;)*) => {
        $(
            $(#[$doc])*
            pub(super) fn $name(word: &str) -> bool {
                static WORDS: LazyLock<Words> = LazyLock::new(|| Words::of($words));
                WORDS.hold(word)
            }
        )*
    };
}

lists! {
    is_edible EDIBLE;
    is_wearer WEARERS;
    is_vessel VESSELS;
    is_lamp LAMPS;
    works_on_material WORKS_ON;
    is_part PARTS;
    is_imitation IMITATION;
    is_shade SHADES;
    follows_name FOLLOWS_NAME;
    is_with WITH;
    /// What may stand behind a colour at the end: sizes and amounts.
    is_size_word SIZE_WORDS;
    /// Whether a word announces a colour: "Farbe: rot".
    announces_colour "färg kulör colour color farbe farve farge";
}

/// Whether a material, by its English name, is seldom worked on by tools and no thing of its own.
pub(super) fn is_plain_material(english: &str) -> bool {
    const PLAIN: &[&str] = &[
        "cotton",
        "polyester",
        "polyamide",
        "nylon",
        "elastane",
        "acrylic",
        "viscose",
        "lyocell",
        "wool",
        "merino wool",
        "cashmere",
        "fleece",
        "denim",
        "velvet",
        "velour",
        "flannel",
        "terry cloth",
        "microfibre",
        "jute",
        "leather",
        "imitation leather",
        "suede",
        "sheepskin",
        "neoprene",
        "silicone",
        "polypropylene",
        "polyethylene",
        "melamine",
        "stainless steel",
        "carbon steel",
        "galvanised steel",
        "powder-coated steel",
        "enamelled steel",
        "cast iron",
        "wrought iron",
        "aluminium",
        "brass",
        "sterling silver",
        "oak",
        "solid wood",
        "mango wood",
        "olive wood",
        "acacia",
        "teak",
        "bamboo",
        "rattan",
        "polyrattan",
        "borosilicate glass",
        "crystal glass",
        "porcelain",
        "bone china",
        "stoneware",
        "earthenware",
        "ceramic",
    ];
    PLAIN.contains(&english)
}

/// Whether a colour, by its English name, is as often a metal or a fruit.
pub(super) fn is_metal_or_fruit(english: &str) -> bool {
    ["gold", "silver", "rose gold", "copper", "bronze", "orange", "cream", "coral"].contains(&english)
}

/// Whether a material, by its English name, is no scent, flavour or finish either: it needs no noun beside it.
pub(super) fn is_firm_material(english: &str) -> bool {
    const FIRM: &[&str] = &[
        "stainless steel",
        "carbon steel",
        "galvanised steel",
        "powder-coated steel",
        "enamelled steel",
        "chrome vanadium steel",
        "cast iron",
        "wrought iron",
        "aluminium",
        "brass",
        "sterling silver",
        "polyester",
        "polyamide",
        "nylon",
        "polypropylene",
        "polyethylene",
        "melamine",
        "silicone",
        "neoprene",
        "microfibre",
        "borosilicate glass",
        "crystal glass",
        "porcelain",
        "bone china",
        "stoneware",
        "earthenware",
    ];
    FIRM.contains(&english)
}

/// Whether a title's word for a material, by its English name, is mostly another thing's: a steam iron, a browser.
pub(super) fn is_other_thing(english: &str) -> bool {
    ["terracotta", "iron", "chrome", "cork", "paper", "carbide", "canvas", "satin"].contains(&english)
}
