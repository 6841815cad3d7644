//! How a delivery quotes cells that hold its delimiter.

/// A way of quoting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quotes {
    /// `"a ""b"" c"`.
    Doubled,
    /// `"a \"b\" c"`; doubled quotes are understood too.
    Backslash,
    /// `'a ''b'' c'`.
    Single,
    /// Not at all: a quote stands for itself.
    None,
}

impl Quotes {
    /// All of them, the likeliest first.
    pub(super) const ALL: [Self; 4] = [Self::Doubled, Self::Backslash, Self::Single, Self::None];

    /// The byte around a quoted cell.
    pub(super) fn mark(self) -> Option<u8> {
        match self {
            Self::Doubled | Self::Backslash => Some(b'"'),
            Self::Single => Some(b'\''),
            Self::None => None,
        }
    }

    /// Whether `text` has anything that speaks for it at all.
    pub(super) fn is_likely(self, text: &str) -> bool {
        match self {
            Self::Doubled => true,
            Self::Backslash => text.contains("\\\""),
            Self::Single => text.contains('\''),
            Self::None => text.contains('"'),
        }
    }

    /// As a delivery's summary names it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Doubled => "double",
            Self::Backslash => "double, with backslash",
            Self::Single => "single",
            Self::None => "none",
        }
    }
}
