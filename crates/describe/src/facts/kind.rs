//! What a fact is about.

use serde::Serialize;

/// What a fact is about. The order is the order in which facts are told.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FactKind {
    /// Who makes it.
    Brand,
    /// What the package holds: mass, volume or a multiple of either.
    NetContent,
    /// How much it holds or takes in.
    Volume,
    /// The size of the screen, across.
    ScreenSize,
    /// Storage for data.
    Storage,
    /// Electrical power.
    Power,
    /// Voltage.
    Voltage,
    /// Charge of a battery, or of several.
    BatteryCapacity,
    /// Turning force.
    Torque,
    /// Turns per minute.
    RotationSpeed,
    /// Light given.
    LuminousFlux,
    /// Colour temperature of light.
    ColourTemperature,
    /// Pressure.
    Pressure,
    /// Electrical current.
    Current,
    /// Frequency.
    Frequency,
    /// Fat in percent.
    FatContent,
    /// Alcohol in percent.
    AlcoholContent,
    /// Cocoa in percent.
    CocoaContent,
    /// How long a candle burns.
    BurnTime,
    /// How long it runs.
    RunTime,
    /// Two or three sides at once: `40 × 60 cm`.
    Dimensions,
    /// The length.
    Length,
    /// The width.
    Width,
    /// The height.
    Height,
    /// The depth.
    Depth,
    /// The diameter.
    Diameter,
    /// The thickness.
    Thickness,
    /// The length of the cable.
    CableLength,
    /// How heavy it is.
    Weight,
    /// The most weight it bears.
    MaximumLoad,
    /// Noise.
    NoiseLevel,
    /// Pieces in the package.
    PackSize,
    /// The colour.
    Colour,
    /// What it is made of.
    Material,
    /// Size of clothing or shoes: `M`, `EU 42`.
    Size,
    /// The country of origin.
    Origin,
    /// A diet it suits, from a field that says so: vegan, gluten-free. One fact per field; see [`FactKind::is_set`].
    Diet,
    /// Marks that others award: KRAV, FSC. One fact per field.
    Certification,
    /// The class of the energy label: `A` to `G`.
    EnergyClass,
    /// The base of a lamp, as its code: `E27`.
    LampBase,
    /// The protection against dust and water, as its code: `IP44`.
    ProtectionClass,
    /// The age from which it is recommended, in months or years.
    AgeRecommendation,
    /// Care instructions. One fact per field.
    Care,
    /// The list of ingredients, word for word in the supplier's language.
    Ingredients,
    /// The allergens it holds, word for word in the supplier's language.
    Allergens,
    /// The allergens it may hold traces of, word for word in the supplier's language.
    MayContain,
    /// A property with a name of the supplier's own.
    Other {
        /// The name as the supplier writes it.
        name: String,
    },
}

impl FactKind {
    /// Whether a product may have several at once that do not contradict one another. Of these there is a fact per field
    /// that adds words: `Vegan: yes` and `Gluten-free: yes` are two facts of one kind.
    pub fn is_set(&self) -> bool {
        matches!(self, Self::Diet | Self::Certification | Self::Care)
    }

    /// The kind's name in English, for tables.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Brand => "brand",
            Self::NetContent => "net content",
            Self::Weight => "weight",
            Self::Volume => "volume",
            Self::Dimensions => "dimensions",
            Self::Length => "length",
            Self::Width => "width",
            Self::Height => "height",
            Self::Depth => "depth",
            Self::Diameter => "diameter",
            Self::Thickness => "thickness",
            Self::CableLength => "cable length",
            Self::ScreenSize => "screen size",
            Self::Power => "power",
            Self::Voltage => "voltage",
            Self::BatteryCapacity => "battery capacity",
            Self::Current => "current",
            Self::Frequency => "frequency",
            Self::LuminousFlux => "luminous flux",
            Self::ColourTemperature => "colour temperature",
            Self::Storage => "storage",
            Self::Torque => "torque",
            Self::RotationSpeed => "speed",
            Self::Pressure => "pressure",
            Self::NoiseLevel => "noise level",
            Self::MaximumLoad => "maximum load",
            Self::BurnTime => "burn time",
            Self::RunTime => "run time",
            Self::FatContent => "fat content",
            Self::AlcoholContent => "alcohol content",
            Self::CocoaContent => "cocoa content",
            Self::PackSize => "pack size",
            Self::Colour => "colour",
            Self::Material => "material",
            Self::Size => "size",
            Self::Origin => "country of origin",
            Self::Diet => "diet",
            Self::Certification => "certification",
            Self::EnergyClass => "energy class",
            Self::LampBase => "lamp base",
            Self::ProtectionClass => "protection class",
            Self::AgeRecommendation => "age recommendation",
            Self::Care => "care",
            Self::Ingredients => "ingredients",
            Self::Allergens => "allergens",
            Self::MayContain => "may contain",
            Self::Other { name } => name,
        }
    }
}
