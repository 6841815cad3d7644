//! What a prompt says of a product, taken apart so that lies can be told beside it.

/// The true statements of an input.
pub(super) struct Truth<'a> {
    /// The input as it is.
    pub(super) whole: &'a str,
    /// The product's name.
    pub(super) name: &'a str,
    /// Sentences that are true.
    pub(super) statements: Vec<&'a str>,
    /// Numbers with the word or sign after them.
    pub(super) quantities: Vec<String>,
}

impl<'a> Truth<'a> {
    pub(super) fn read(whole: &'a str) -> Self {
        let mut name = "";
        let mut statements = Vec::new();
        for line in whole.lines().map(str::trim) {
            if let Some(rest) = line.strip_prefix("Name: ") {
                name = rest;
            } else if let Some(statement) = line.strip_prefix("- ") {
                statements.push(statement);
            } else if let Some(facts) = line.strip_prefix("Facts: ") {
                let sentences = sentences(facts);
                name = sentences.first().copied().unwrap_or_default().trim_end_matches('.');
                statements = sentences;
            }
        }
        if name.is_empty() {
            name = whole.lines().next().unwrap_or_default();
        }
        let quantities = statements.iter().flat_map(|statement| quantities(statement)).collect();
        Self { whole, name, statements, quantities }
    }
}

/// Cuts after a full stop that a space and no digit or small letter follows.
fn sentences(text: &str) -> Vec<&str> {
    let mut all = Vec::new();
    let mut rest = text;
    let mut from = 0;
    while let Some(at) = rest[from..].find(". ").map(|at| from + at) {
        let after = rest[at + 2..].chars().next();
        if after.is_some_and(|next| next.is_uppercase()) {
            all.push(&rest[..=at]);
            rest = &rest[at + 2..];
            from = 0;
        } else {
            from = at + 2;
        }
    }
    if !rest.trim().is_empty() {
        all.push(rest.trim());
    }
    all
}

fn quantities(statement: &str) -> Vec<String> {
    let words: Vec<&str> = statement.split_whitespace().collect();
    let is_number = |word: &str| word.starts_with(|first: char| first.is_ascii_digit());
    words
        .iter()
        .zip(words.iter().skip(1))
        .filter(|(number, unit)| is_number(number) && !is_number(unit))
        .map(|(number, unit)| format!("{number} {}", unit.trim_end_matches(['.', ','])))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_are_read_from_both_forms_of_input() {
        let json = Truth::read(
            "Name: Hammer 450 g\nCategory: Hammers\n- It weighs 450 g.\n- The head is 1.5 in wide.\n",
        );
        assert_eq!((json.name, json.statements.len()), ("Hammer 450 g", 2));
        assert_eq!(json.quantities, ["450 g", "1.5 in"]);
        let lines = Truth::read("Facts: Hammer 450 g. It weighs 450 g. Made by Bolt & Co. in Sweden.");
        assert_eq!((lines.name, lines.statements.len()), ("Hammer 450 g", 3));
        assert_eq!(lines.statements[2], "Made by Bolt & Co. in Sweden.");
    }
}
