//! Codes that standards give: lamp bases, protection classes, energy classes. They are the same in every language.

/// Bases of lamps after IEC 60061.
const LAMP_BASES: &[&str] = &[
    "E10", "E12", "E14", "E26", "E27", "E40", "B15d", "B22d", "BA15d", "G4", "G5", "G9", "G13", "G23",
    "G24d", "G24q", "GU4", "GU5.3", "GU10", "GX53", "GY6.35", "R7s", "S14d", "S14s", "2G11",
];

/// The code of a lamp base, spelt as the standard spells it.
pub(super) fn lamp_base(text: &str) -> Option<&'static str> {
    let text = text.trim().replace(',', ".");
    LAMP_BASES.iter().copied().find(|code| code.eq_ignore_ascii_case(&text))
}

/// The code of a protection class after IEC 60529: `IP44`, `IPX4`, `IP69K`; two may be joined: `IP66/IP67`.
pub(super) fn protection_class(text: &str) -> Option<String> {
    let code = text.trim().to_ascii_uppercase().replace(' ', "");
    let digits = code.strip_prefix("IP")?;
    let mut signs = digits.chars();
    let solid = signs.next().filter(|c| matches!(c, '0'..='6' | 'X'))?;
    let water = signs.next().filter(|c| matches!(c, '0'..='9' | 'X'))?;
    let rest = signs.as_str();
    let known = solid != 'X' || water != 'X';
    (known && matches!(rest, "" | "K")).then(|| code.clone())
}

/// The class of an energy label: `A` to `G`, and `A+` to `A+++` of appliances whose label is not yet rescaled.
pub(super) fn energy_class(text: &str) -> Option<String> {
    let text = text.trim();
    let class = text.split_once('(').map_or(text, |(class, _)| class).trim();
    let letter = class.chars().next().filter(|c| matches!(c, 'A'..='G'))?;
    let pluses = &class[1..];
    let scaled = pluses.is_empty() || letter == 'A' && matches!(pluses, "+" | "++" | "+++");
    scaled.then(|| class.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_whole_or_not_at_all() {
        assert_eq!(lamp_base("e27"), Some("E27"));
        assert_eq!(lamp_base("GU5,3"), Some("GU5.3"));
        assert_eq!(lamp_base("E28"), None);
        assert_eq!(protection_class("ip 44").as_deref(), Some("IP44"));
        assert_eq!(protection_class("IPX4").as_deref(), Some("IPX4"));
        for none in ["IP", "IP4", "IPXX", "IP444", "IPA4", "44"] {
            assert_eq!(protection_class(none), None, "{none}");
        }
        assert_eq!(energy_class("E").as_deref(), Some("E"));
        assert_eq!(energy_class("F (A-G)").as_deref(), Some("F"));
        assert_eq!(energy_class("A++").as_deref(), Some("A++"));
        for none in ["H", "Elektrisk", "B+", "", "A++++"] {
            assert_eq!(energy_class(none), None, "{none}");
        }
    }
}
