//! The audit key and the trail's log group, until the module that makes them is here.

use std::collections::BTreeMap;

use super::Compiler;
use crate::{
    iam::{PolicyDocument, Statement},
    model::{AUDIT, KindName},
    resource::{KeyState, KmsKey, LogGroup, Ref, Rotation},
};

impl Compiler<'_> {
    pub(super) fn stand_in(&mut self) {
        if !self.environment.baseline {
            return;
        }
        let pipeline = Ref::literal(self.environment.principals.pipeline.as_str());
        let own = Statement::allow(["kms:PutKeyPolicy"])
            .by([pipeline])
            .on_any();
        let key = KmsKey {
            alias: Some(self.naming.alias(AUDIT)).into(),
            description: AUDIT.to_owned().into(),
            state: KeyState::Enabled.into(),
            spec: "SYMMETRIC_DEFAULT".to_owned().into(),
            origin: "AWS_KMS".to_owned().into(),
            multi_region: false.into(),
            policy: PolicyDocument::new([("Pipeline", own)]).into(),
            rotation: Rotation {
                enabled: true,
                period_days: Some(365),
            }
            .into(),
            grants: BTreeMap::new().into(),
            tags: self.tags(None).into(),
        };
        self.add(AUDIT.to_owned(), key, None);
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
