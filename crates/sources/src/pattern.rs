//! Names in which `*` stands for anything.

/// Whether `pattern` fits the whole of `name`.
pub(crate) fn fits(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = name.strip_prefix(first) else { return false };
    let Some(last) = parts.next_back() else { return rest.is_empty() };
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn a_star_stands_for_anything_and_all_else_for_itself() {
        for (pattern, name) in [
            ("*", ""),
            ("*.csv", "a.csv"),
            ("a*b*c", "abc"),
            ("a*b*c", "a-bb-bc"),
            ("a.csv", "a.csv"),
            ("a*a", "aa"),
        ] {
            assert!(fits(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [
            ("*.csv", "a.csv.tmp"),
            ("a.csv", "a.csvx"),
            ("a*a", "a"),
            ("a*b*c", "acb"),
            ("", "a"),
            ("a?c", "abc"),
        ] {
            assert!(!fits(pattern, name), "{pattern} {name}");
        }
    }
}
