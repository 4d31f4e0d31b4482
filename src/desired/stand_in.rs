//! The trail's log group, until the module that makes it is here.

use super::Compiler;
use crate::{
    model::{AUDIT, KindName},
    resource::{LogGroup, Ref},
};

impl Compiler<'_> {
    pub(super) fn stand_in(&mut self) {
        if !self.environment.baseline {
            return;
        }
        let group = LogGroup {
            name: self.naming.log_group("audit-trail"),
            class: "STANDARD".to_owned().into(),
            kms_key: Some(Ref::to(KindName::KmsKey, AUDIT)).into(),
            retention_days: Some(400).into(),
            deletion_protected: false.into(),
            tags: self.tags(None).into(),
        };
        self.add("audit-trail".to_owned(), group, None);
    }
}
