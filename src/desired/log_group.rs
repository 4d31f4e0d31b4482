//! One encrypted log group for each service.

use super::Compiler;
use crate::{
    model::{Class, KindName, Service},
    resource::{LogGroup, Ref},
};

impl Compiler<'_> {
    pub(super) fn log_group(&mut self, service: &Service) {
        let name = service.name.to_string();
        let group = LogGroup {
            name: self.naming.log_group(&name),
            class: "STANDARD".to_owned().into(),
            kms_key: Some(Ref::to(KindName::KmsKey, name.as_str())).into(),
            retention_days: Some(service.log_days).into(),
            deletion_protected: (self.environment.class == Class::Production).into(),
            tags: self.tags(Some(service)).into(),
        };
        self.add(name, group, Some(&service.name));
    }

    /// The ARN pattern of the streams in a service's log group.
    pub(super) fn log_streams(&self, service: &Service) -> String {
        let name = self.naming.log_group(service.name.as_str());
        self.arn("logs", &format!("log-group:{name}:log-stream:*"))
    }
}
