//! Diets. Each is a claim with a law behind it: only an attribute that says so makes a fact of it.

use super::Entry;

pub(super) const DIETS: &[Entry] = &[
    [
        "ekologisk|ekologiskt|ekologiska|=eko",
        "organic",
        "økologisk|økologiske|øko",
        "økologisk|økologiske",
        "bio|biologisch|biologische|Bio-Qualität|ökologisch",
    ],
    [
        "utan tillsatt socker",
        "no added sugar|without added sugar",
        "uden tilsat sukker",
        "uten tilsatt sukker",
        "ohne Zuckerzusatz|ohne zugesetzten Zucker",
    ],
    [
        "vegansk|veganskt|veganska|vegan|lämplig för veganer|passar veganer",
        "vegan|suitable for vegans",
        "vegansk|veganske|vegan|velegnet til veganere",
        "vegansk|veganske|vegan|egnet for veganere",
        "vegan|vegane|veganer|veganes|veganen|für Veganer geeignet",
    ],
    [
        "vegetarisk|vegetariskt|vegetariska|vegetarian|lämplig för vegetarianer",
        "vegetarian|suitable for vegetarians",
        "vegetarisk|vegetariske",
        "vegetarisk|vegetariske",
        "vegetarisch|vegetarische|vegetarischer|vegetarisches|vegetarischen",
    ],
    [
        "växtbaserad|växtbaserat|växtbaserade",
        "plant-based|plant based",
        "plantebaseret|plantebaserede",
        "plantebasert|plantebaserte",
        "pflanzenbasiert|pflanzlich|rein pflanzlich",
    ],
    [
        "glutenfri|glutenfritt|glutenfria|fri från gluten|utan gluten",
        "gluten-free|gluten free|free from gluten|no gluten",
        "glutenfri|glutenfrit|glutenfrie|uden gluten",
        "glutenfri|glutenfritt|glutenfrie|uten gluten",
        "glutenfrei|glutenfreie|glutenfreier|glutenfreies|ohne gluten",
    ],
    [
        "laktosfri|laktosfritt|laktosfria|fri från laktos|utan laktos",
        "lactose-free|lactose free|free from lactose|no lactose",
        "laktosefri|laktosefrit|laktosefrie|uden laktose",
        "laktosefri|laktosefritt|laktosefrie|uten laktose",
        "laktosefrei|laktosefreie|laktosefreier|laktosefreies|ohne laktose",
    ],
    [
        "mjölkfri|mjölkfritt|mjölkfria|fri från mjölk|utan mjölk",
        "dairy-free|dairy free|milk-free|milk free",
        "mælkefri|mælkefrit|uden mælk",
        "melkefri|melkefritt|uten melk",
        "milchfrei|milchfreie|ohne milch",
    ],
    [
        "sockerfri|sockerfritt|sockerfria",
        "sugar-free|sugar free",
        "sukkerfri|sukkerfrit|sukkerfrie",
        "sukkerfri|sukkerfritt|sukkerfrie",
        "zuckerfrei|zuckerfreie|zuckerfreier|zuckerfreies",
    ],
    [
        "alkoholfri|alkoholfritt|alkoholfria",
        "alcohol-free|alcohol free|non-alcoholic|non alcoholic",
        "alkoholfri|alkoholfrit|alkoholfrie",
        "alkoholfri|alkoholfritt|alkoholfrie",
        "alkoholfrei|alkoholfreie|alkoholfreier|alkoholfreies",
    ],
    ["halal", "halal", "halal", "halal", "halal"],
    ["kosher", "kosher", "kosher", "kosher|kosjer", "koscher"],
];
