//! The frameworks of this build by id, as far as a specification must know them: read from the head
//! of each file, so that no list of them can be wrong. Requirements are not read here.

use std::{collections::BTreeMap, sync::OnceLock};

use serde::Deserialize;

use super::{PolicyRole, vendored};
use crate::{compliance::framework::Status, model::FrameworkId};

/// What a specification must know about a framework.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct FrameworkHead {
    /// Id and version, as `pci-dss@4.0.1`.
    pub id: FrameworkId,
    /// Its name for people.
    pub name: String,
    /// Whether it is in force.
    pub status: Status,
    /// What has to be known about its status.
    #[serde(default)]
    pub note: Option<String>,
}

/// The frameworks of this build.
pub fn shipped() -> &'static BTreeMap<FrameworkId, FrameworkHead> {
    static SHIPPED: OnceLock<BTreeMap<FrameworkId, FrameworkHead>> = OnceLock::new();
    SHIPPED.get_or_init(|| {
        vendored::FILES
            .iter()
            .filter(|file| file.role == PolicyRole::Framework)
            .filter_map(|file| head(file.text))
            .map(|head| (head.id.clone(), head))
            .collect()
    })
}

/// The head of a framework file; none where it has none.
pub(super) fn head(text: &str) -> Option<FrameworkHead> {
    // The requirements are most of the file, and most commands do not ask about them.
    let (head, _) = text.split_once("\nrequirements:")?;
    serde_yaml::from_str(head).ok()
}
