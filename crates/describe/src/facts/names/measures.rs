//! Names of measures, and which kinds of fact they announce, told apart by the unit.

use crate::facts::FactKind;
use crate::facts::quantity::Measure as M;

/// Kinds of fact with what each measures.
pub(super) type Kinds = &'static [(M, FactKind)];

pub(super) const MASS: Kinds = &[(M::Mass, FactKind::Weight)];
pub(super) const NET: Kinds =
    &[(M::Mass, FactKind::NetContent), (M::Volume, FactKind::NetContent), (M::Count, FactKind::PackSize)];
const VOLUME: Kinds = &[(M::Volume, FactKind::Volume)];
const CAPACITY: Kinds =
    &[(M::Volume, FactKind::Volume), (M::Charge, FactKind::BatteryCapacity), (M::Data, FactKind::Storage)];
const SIDES: Kinds = &[(M::Length, FactKind::Dimensions)];
const PRESSURE: Kinds = &[(M::Pressure, FactKind::Pressure)];

/// Kinds of a single length.
const LENGTH: Kinds = &[(M::Length, FactKind::Length)];
const WIDTH: Kinds = &[(M::Length, FactKind::Width)];
const HEIGHT: Kinds = &[(M::Length, FactKind::Height)];
const DEPTH: Kinds = &[(M::Length, FactKind::Depth)];
const DIAMETER: Kinds = &[(M::Length, FactKind::Diameter)];
const THICKNESS: Kinds = &[(M::Length, FactKind::Thickness)];
const CABLE: Kinds = &[(M::Length, FactKind::CableLength)];
const SCREEN: Kinds = &[(M::Length, FactKind::ScreenSize)];
/// Suppliers keep both in one column: `Effekt/spänning`.
const POWER: Kinds = &[(M::Power, FactKind::Power), (M::Voltage, FactKind::Voltage)];
const VOLTAGE: Kinds = &[(M::Voltage, FactKind::Voltage), (M::Power, FactKind::Power)];
const CHARGE: Kinds = &[(M::Charge, FactKind::BatteryCapacity)];
const CURRENT: Kinds = &[(M::Current, FactKind::Current)];
const FREQUENCY: Kinds = &[(M::Frequency, FactKind::Frequency)];
const LIGHT: Kinds = &[(M::LuminousFlux, FactKind::LuminousFlux)];
const KELVIN: Kinds = &[(M::ColourTemperature, FactKind::ColourTemperature)];
const DATA: Kinds = &[(M::Data, FactKind::Storage)];
const TORQUE: Kinds = &[(M::Torque, FactKind::Torque)];
const ROTATION: Kinds = &[(M::Rotation, FactKind::RotationSpeed)];
const SOUND: Kinds = &[(M::Sound, FactKind::NoiseLevel)];
const LOAD: Kinds = &[(M::Mass, FactKind::MaximumLoad)];
const BURN: Kinds = &[(M::Time, FactKind::BurnTime)];
const RUN: Kinds = &[(M::Time, FactKind::RunTime)];
const FAT: Kinds = &[(M::Share, FactKind::FatContent)];
const ALCOHOL: Kinds = &[(M::Share, FactKind::AlcoholContent)];
const COCOA: Kinds = &[(M::Share, FactKind::CocoaContent)];

/// Names in lower case without blanks and signs, and what they announce.
pub(super) const MEASURES: &[(&str, Kinds)] = &[
    (
        "vikt weight gewicht vægt produktvikt itemweight egenvikt vekt produktgewicht productweight \
         produktvekt produktvægt egenvekt egenvægt eigengewicht",
        MASS,
    ),
    (
        "nettovikt netto netwt kolli gebinde nettoinnehåll nettomängd netweight netcontent netcontents netquantity nettogewicht \
         nettovægt füllmenge nettofüllmenge inhalt indhold nettoindhold mängd mængde menge \
         förpackningsstorlek förpackning content contents quantity packagesize förpackningsvikt mengde \
         nettovolym netvolume packungsgröße nettovekt nettoinnhold innhold pakningsstørrelse \
         pakkestørrelse pakkestr",
        NET,
    ),
    ("volym volume volumen rymd rumfang volum rominnhold", VOLUME),
    ("kapacitet capacity kapazität rymmer fassungsvermögen kapasitet rommer rummer", CAPACITY),
    (
        "mått dimensioner dimensions dimension measurements maße abmessungen abmessung mål format \
         dimensjoner dimensjon produktmått productdimensions produktmål maß produktmaße måttlxbxh \
         måttbxhxd måttbxdxh mållxbxh målbxhxd dimensionslxwxh abmessungenlxbxh",
        SIDES,
    ),
    ("längd totallängd totallength samletlængde gesamtlänge totallengde length länge længde lengde", LENGTH),
    ("bredd width breite bredde", WIDTH),
    ("höjd height höhe højde høyde", HEIGHT),
    ("djup depth tiefe dybde", DEPTH),
    ("diameter skivdiameter klingdiameter hjuldiameter durchmesser ø diam", DIAMETER),
    ("tjocklek thickness dicke stärke tykkelse materialtjocklek", THICKNESS),
    (
        "kabellängd kabel cable cord ledning sladd stofledning cablelengthm sladdlängd cablelength cordlength kabellänge kabellængde ledningslængde kabellengde \
         ledningslengde",
        CABLE,
    ),
    (
        "skärmstorlek screensize bildschirmgröße skærmstørrelse skjermstørrelse skärmdiagonal \
         screendiagonal bildschirmdiagonale displaysize skærmdiagonal",
        SCREEN,
    ),
    (
        "effekt motoreffekt power wattage leistungsaufnahme nennaufnahmeleistung leistung märkeffekt maxeffekt \
         ratedpower nennleistung nominaleffekt nominelleffekt merkeeffekt",
        POWER,
    ),
    (
        "spänning voltage spannung spænding batterispänning märkspänning ratedvoltage nennspannung \
         akkuspannung batteryvoltage batterispænding spenning batterispenning merkespenning driftspänning \
         nominalspænding",
        VOLTAGE,
    ),
    (
        "batterikapacitet batterycapacity akkukapazität batteriekapazität batteri battery akku \
         batterikapasitet akkukapasität",
        CHARGE,
    ),
    ("ström strömstyrka current strom märkström strøm nennstrom merkestrøm strømstyrke stromstärke", CURRENT),
    (
        "frekvens uppdateringsfrekvens refreshrate opdateringsfrekvens oppdateringsfrekvens bildwiederholfrequenz bildwiederholrate frequency frequenz",
        FREQUENCY,
    ),
    (
        "ljusflöde luminousflux lumen lichtstrom lysstrøm ljusstyrka brightness lightoutput lysfluks \
         lysstyrke lichtleistung helligkeit",
        LIGHT,
    ),
    (
        "färgtemperatur colourtemperature colortemperature farbtemperatur farvetemperatur fargetemperatur",
        KELVIN,
    ),
    (
        "lagring lagringsutrymme minne storage memory speicher lager lagringsplass lagerplads \
         speicherplatz speicherkapazität lagringskapacitet lagringskapasitet",
        DATA,
    ),
    (
        "vridmoment torque drehmoment drehmomentmax moment drejningsmoment maxvridmoment maxtorque \
         dreiemoment maksdreiemoment",
        TORQUE,
    ),
    (
        "varvtal tomgångsvarv speed drehzahl omdrejningstal omdrejninger noloadspeed tomgångsvarvtal leerlaufdrehzahl \
         turtall omdreiningstall rotationshastighet rotationspeed maxvarvtal tomgangshastighet",
        ROTATION,
    ),
    (
        "tryck pressure druck maxtryck arbetstryck betriebsdruck trykk tryk maxpressure arbejdstryk \
         arbeidstrykk makstrykk workingpressure",
        PRESSURE,
    ),
    (
        "ljudnivå noiselevel geräuschpegel schalldruckpegel lydniveau bullernivå lydnivå støynivå støjniveau lautstärke \
         schallpegel noise",
        SOUND,
    ),
    (
        "maxbelastning maxanvändarvikt lashingcapacity maxbelastung tålighet bæreevnen maxbrugervægt maksbrukervekt maxlast maxload maximumload belastning tragkraft bärförmåga loadcapacity maxvikt \
         maxweight maximalvægt maxbrukarvikt maksbelastning maksimalbelastning maximalbelastning maksvekt \
         maxvægt bæreevne tragfähigkeit belastbarkeit",
        LOAD,
    ),
    ("brinntid burntime burningtime brenndauer brændetid brenntid brandtid", BURN),
    (
        "drifttid körtid betriebsdauer batteritid runtime batterylife laufzeit driftstid akkulaufzeit batterilevetid",
        RUN,
    ),
    ("fetthalt fat fatcontent fettgehalt fedtindhold fedtprocent fettinnhold fettprosent", FAT),
    (
        "alkoholhalt alcohol alcoholcontent abv alkoholgehalt alkoholprocent alkohol alkoholinnhold \
         alkoholstyrka alkoholprosent alkoholstyrke alkoholindhold",
        ALCOHOL,
    ),
    (
        "kakaohalt cocoa cocoacontent kakaogehalt kakaoindhold kakaoinnhold kakaoanteil kakaoprosent \
         kakaoprocent",
        COCOA,
    ),
];
