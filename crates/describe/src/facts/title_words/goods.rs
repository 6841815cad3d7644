//! Words of titles that tell things from food, and what a colour or material belongs to.
//!
//! A word behind `~` counts also at the end of a compound: `~lampa` in "bordslampa".

use super::tokens::Token;

const CLOTHING: &str = "\
    ~tröja ~skjorta ~jacka ~byxor ~byxa ~jeans ~klänning ~kjol ~shorts ~linne ~hoodie ~kofta ~väst ~kappa ~leggings ~tights \
    ~trosor ~kalsonger ~bikini ~baddräkt ~pyjamas ~overall ~blus ~kavaj ~kostym ~t-shirt ~tshirt ~shirt ~shirts ~jacket \
    ~jackets coat coats raincoat trousers pants trunks skirt skirts dress dresses sweater sweaters sweatshirt jumper \
    cardigan tee tees vest blouse blazer kurta kurtas tunic tracksuit briefs boxers bra bras jersey polo ~trøje ~trøjer \
    ~skjorte ~skjorter ~jakke ~jakker ~bukser ~bukse ~kjole ~nederdel ~bluse ~frakke ~genser ~skjørt ~trøye ~kåpe ~hemd \
    ~jacke ~hose ~hosen ~kleid ~pullover ~pulli ~mantel ~weste ~schlafanzug ~undertøj ~undertøy ~underställ ~handskar \
    ~handsker ~hansker ~handschuhe ~gloves";

const THINGS: &str = "\
    ~skor sko ~stövlar ~sandaler ~sneakers ~strumpor ~sockor ~mössa ~halsduk ~vantar ~keps ~väska ~ryggsäck ~plånbok ~bälte \
    ~lampa ~lampor ~stol ~stolar ~bord ~soffa ~fåtölj ~hylla ~skåp ~säng ~madrass ~kudde ~täcke ~handduk ~gardin ~gardiner \
    ~matta ~mattor ~lakan ~örngott ~vas ~kruka ~kanna ~mugg ~muggar ~kopp ~tallrik ~tallrikar ~skål ~skålar ~bestick ~kniv \
    ~knivar ~gaffel ~kastrull ~stekpanna ~grillpanna ~termos ~hink ~korg ~cykel ~hjälm ~tält ~sovsäck ~hörlurar ~högtalare \
    ~skal ~fodral ~kabel ~laddare ~tangentbord ~klocka ~halsband ~armband ~örhängen ~docka ~brödrost ~vattenkokare \
    ~kaffebryggare ~dammsugare ~strykjärn ~hammare ~skruvdragare ~spegel ~ljusstake ~lykta ~paraply ~pläd ~badrock \
    ~morgonrock ~tofflor ~vattenflaska ~termosflaska ~sängkläder ~bäddset ~påslakan ~duk ~förvaringslåda ~slips \
    shoe shoes sneaker sneakers boot boots sandal sandals heels wedges slippers flops cap caps hat hats beanie scarf belt \
    belts handbag handbags backpack backpacks rucksack wallet wallets purse clutch pouch watch watches necklace bracelet \
    earrings pendant sunglasses socks sock lamp lamps chair chairs table sofa armchair desk shelf shelves cabinet wardrobe \
    mattress pillow cushion blanket duvet towel towels curtain curtains rug carpet vase mug mugs plate plates cutlery knife \
    knives spoon spoons fork forks saucepan frypan skillet kettle toaster blender headphones headphone earphones earphone \
    earbuds headset speaker case cover cable charger keyboard mouse monitor tumbler bucket basket planter tent helmet bicycle \
    bike stroller umbrella bench mirror frame stool bedding pillowcase tablecloth \
    ~støvler ~strømper ~sokker ~hue ~tørklæde ~vanter ~taske ~rygsæk ~bælte ~lampe ~lamper ~stole ~lænestol ~reol ~skab \
    ~seng ~madras ~pude ~tæppe ~dyne ~håndklæde ~vase ~krukke ~kande ~krus ~tallerken ~bestik ~stegepande ~grillpande \
    ~elkedel ~brødrister ~støvsuger ~hjelm ~telt ~sovepose ~høretelefoner ~højttaler ~oplader ~halskæde ~armbånd ~øreringe \
    ~spejl ~lysestage ~sengesæt ~sengetøj ~drikkeflaske ~kuglepen ~cover ~ur \
    ~lue ~skjerf ~votter ~veske ~ryggsekk ~belte ~lenestol ~hylle ~skap ~madrass ~pute ~teppe ~håndkle ~mugge ~bestikk \
    ~stekepanne ~vannkoker ~sykkel ~hodetelefoner ~høyttaler ~deksel ~klokke ~speil ~lysestake ~sengesett ~drikkeflaske \
    ~schuhe ~schuh ~stiefel ~sandalen ~sneaker ~socken ~strümpfe ~mütze ~schal ~tasche ~rucksack ~geldbörse ~gürtel \
    ~leuchte ~strahler ~stuhl ~tisch ~sessel ~regal ~schrank ~bett ~matratze ~kissen ~decke ~bettwäsche ~handtuch \
    ~handtücher ~vorhang ~teppich topf ~kochtopf ~blumentopf ~kanne ~tasse ~tassen ~teller ~besteck ~messer pfanne \
    ~bratpfanne ~grillpfanne ~wasserkocher ~toaster ~mixer ~staubsauger ~bügeleisen ~fahrrad ~helm ~zelt ~schlafsack \
    ~kopfhörer ~lautsprecher ~hülle ~ladegerät ~tastatur ~uhr ~kette ~ohrringe ~spiegel ~rahmen ~kerzenständer \
    ~regenschirm ~hocker ~eimer ~korb ~trinkflasche ~isolierkanne ~geschirrtuch ~tischdecke ~hårfön";

const LAMPS: &str = "\
    ~lampa ~lampor ~lamp ~lamps ~bulb ~bulbs ~lampe ~lamper ~lampen ~pære ~pærer ~leuchtmittel ~glühbirne ~birne led ~spot \
    ~spotlight ~ljuskälla ~glödlampa ~lyskilde ~lyspære ~filament ~halogen ~lysrör ~armatur ~leuchte";

/// Tools, cleaners and stuffs that are made for a material.
const WORKS_ON: &str = "\
    cleaner cleaners cleaning polish ~rengöring ~rengøring ~rengjøring ~puts ~putsmedel ~medel ~reiniger ~politur ~pflege \
    ~pleje ~pleie care conditioner ~fett ~lim glue ~leim ~kleber paint ~färg ~maling ~farbe lacquer ~lack ~lak varnish primer \
    ~spackel sealant ~spray ~olja oil ~öl ~olie ~olje wax ~vax ~voks ~wachs ~borr ~borrar drill bit bits ~bor ~bohrer \
    ~klinga ~klinge blade blades ~såg ~sav ~sag saw ~säge ~blatt file ~fil ~feile ~skruv ~skruvar screw screws ~schrauben \
    ~schraube ~skruer ~skrue nails ~spik plug ~plugg ~dübel anchor tape ~tejp ~teip ~klebeband cutter ~schere shears detector \
    shredder balls buds pads swabs candy shampoo lotion soap ~tvål ~seife ~sæbe perfume ~imprägnering ~imprägnierung \
    ~imprægnering foil ~folie ~film stain ~bets ~beize ~slipper ~slip ~schleifer sander sandpaper ~slippapper ~tvätt \
    ~waschmittel ~vaskemiddel detergent protector softener print poster";

/// A part of the product, or an air of the material: what stands before one is not the whole product's.
const PARTS: &str = "\
    blade blades body handle handles lid base strap jar jars frame sole upper lining look effect optik finish texture style \
    coated coating braided plated design print blend mix rich touch feel effekt utseende imitation beläggning beschichtung \
    beschichtet skaft handtag lock rem ben fötter fod griff deckel boden stil wire hook hooks legs accents trim effect-look";

const IMITATION: &str =
    "vegan faux imitation fake artificial synthetic mock konst imiterat imiteret imitert kunst";

const SHADES: &str = "\
    dark light pale deep bright hot neon fluorescent pastel mörk ljus mørk lys lyse mørke hell dunkel kelly matt-";

const FOLLOWS_NAME: &str = "\
    decker friday week label diamond box line ray light lights pearl magic noise board tea series cross bull sox wing dot \
    hat star stone mountain bird dragon tooth tooth® ice horse river garden planet label® jack rock";

/// Words behind which another thing stands.
const WITH: &str = "\
    with w/ med m/ mit for för für til till zu to without utan uden uten ohne compatible kompatibel passar passer fits passend \
    suitable";

pub(super) fn names_clothing(tokens: &[Token]) -> bool {
    named(tokens, CLOTHING)
}

/// Whether a noun of the title is a thing that has a colour.
pub(super) fn names_thing(tokens: &[Token]) -> bool {
    named(tokens, CLOTHING) || named(tokens, THINGS)
}

pub(super) fn is_lamp(word: &str) -> bool {
    is_in(word, LAMPS)
}

pub(super) fn works_on_material(word: &str) -> bool {
    is_in(word, WORKS_ON)
}

pub(super) fn is_part(word: &str) -> bool {
    is_in(word, PARTS)
}

pub(super) fn is_imitation(word: &str) -> bool {
    is_in(word, IMITATION)
}

pub(super) fn is_shade(word: &str) -> bool {
    is_in(word, SHADES)
}

pub(super) fn follows_name(word: &str) -> bool {
    is_in(word, FOLLOWS_NAME)
}

pub(super) fn is_with(word: &str) -> bool {
    is_in(word, WITH)
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
        "terracotta",
        "marble",
        "granite",
    ];
    PLAIN.contains(&english)
}

fn named(tokens: &[Token], words: &str) -> bool {
    tokens.iter().any(|token| is_in(&token.lower, words))
}

fn is_in(word: &str, words: &str) -> bool {
    words.split_whitespace().any(|known| match known.strip_prefix('~') {
        Some(ending) => word.ends_with(ending),
        None => word == known,
    })
}
