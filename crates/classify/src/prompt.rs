//! Which of a model's prompts to use where products and categories are compared.

use std::collections::BTreeMap;

/// The name of the prompt to put before both products and categories, given the prompts that the model names; `None`
/// for the model's default, which is mostly none.
///
/// Comparing a product with a category is symmetric: neither is a question that the other answers. Models of the e5
/// kind want one of `query: ` and `passage: ` before every text and `query: ` on both sides for symmetric tasks. Models
/// that name a query prompt alone (bge) want it before questions only.
pub fn for_both_sides(prompts: &BTreeMap<String, String>) -> Option<&'static str> {
    (prompts.contains_key("query") && prompts.contains_key("passage")).then_some("query")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn e5_gets_its_query_prompt_and_others_none() {
        let named = |names: &[&str]| names.iter().map(|&n| (n.to_owned(), format!("{n}: "))).collect();
        assert_eq!(for_both_sides(&named(&["query", "passage"])), Some("query"));
        assert_eq!(for_both_sides(&named(&["query"])), None);
        assert_eq!(for_both_sides(&named(&[])), None);
    }
}
