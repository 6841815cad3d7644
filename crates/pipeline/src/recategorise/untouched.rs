//! Products that a plan leaves as they are, and why.

use berika_catalog::ProductState;
use berika_store::ShadowProduct;

/// A person decided on its category.
pub const CONFIRMED: &str = "confirmed by a person";
/// A person locked it.
pub const LOCKED: &str = "locked";
/// It is part of another one.
pub const JOINED: &str = "joined into another product";
/// Its supplier no longer lists it.
pub const RETIRED: &str = "retired";
/// What its category follows from has changed, or it has none yet.
pub const STALE: &str = "judged by the next run anyway";

/// Why no plan touches a product, whatever happens to its category; `None` where one may.
pub(crate) fn always(product: &ShadowProduct) -> Option<&'static str> {
    let fresh = product.text.as_ref().is_some_and(|text| text.fresh)
        && product.standing.as_ref().is_some_and(|standing| standing.fresh);
    if product.state == ProductState::Retired {
        Some(RETIRED)
    } else if product.joined {
        Some(JOINED)
    } else if !fresh && !product.locked {
        Some(STALE)
    } else {
        None
    }
}

/// Why a product whose category stays is not touched; `None` where it is judged.
pub(crate) fn while_its_category_stays(product: &ShadowProduct) -> Option<&'static str> {
    if product.decision.is_some() {
        Some(CONFIRMED)
    } else if product.locked {
        Some(LOCKED)
    } else {
        None
    }
}
