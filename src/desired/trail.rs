//! The trail: every management event of the account, and the data events of declared stores.
//! <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html>

use std::collections::BTreeMap;

use super::{
    Compiler,
    audit::{AUDIT_TRAIL, TRAIL_DELIVERY},
};
use crate::{
    iam::Statement,
    model::{AUDIT, DataEvents, KindName},
    resource::{
        EventSelector, FieldCondition, LogDelivery, Reach, Ref, Trail,
        selector::{self, MANAGEMENT, category},
    },
};

/// CloudTrail as a principal.
pub(super) const CLOUDTRAIL: &str = "cloudtrail.amazonaws.com";

impl Compiler<'_> {
    pub(super) fn trail(&mut self) {
        let trail = Trail {
            name: self.naming.prefixed(AUDIT),
            home_region: self.environment.region.to_string().into(),
            organization: false.into(),
            bucket: Ref::to(KindName::S3Bucket, AUDIT).into(),
            prefix: None.into(),
            topic: None.into(),
            kms_key: Some(Ref::to(KindName::KmsKey, AUDIT)).into(),
            reach: Reach {
                multi_region: true,
                global_services: true,
            }
            .into(),
            validation: true.into(),
            cloudwatch: LogDelivery {
                log_group: Some(Ref::to(KindName::LogGroup, AUDIT_TRAIL)),
                role: Some(Ref::to(KindName::IamRole, TRAIL_DELIVERY)),
            }
            .into(),
            selectors: self.selectors().into(),
            logging: true.into(),
            tags: self.tags(None).into(),
        };
        self.add(AUDIT.to_owned(), trail, None);
    }

    /// The trail's ARN. It is known before the trail exists, which needs what names it.
    pub(super) fn trail_arn(&self) -> Ref {
        let name = self.naming.prefixed(AUDIT);
        Ref::Literal(self.arn("cloudtrail", &format!("trail/{name}")))
    }

    /// An Allow for CloudTrail on behalf of the one trail.
    pub(super) fn by_the_trail(&self, action: &'static str) -> Statement {
        Statement::allow([action]).by_service(CLOUDTRAIL).when(
            "StringEquals",
            "aws:SourceArn",
            [self.trail_arn()],
        )
    }

    fn selectors(&self) -> BTreeMap<String, EventSelector> {
        let mut selectors = BTreeMap::from([("management".to_owned(), category(MANAGEMENT))]);
        if self.environment.audit.data_events == DataEvents::Declared {
            selectors.extend(selector::of_stores(self.environment));
            selectors.insert("audit-bucket".to_owned(), self.audit_bucket_selector());
        }
        selectors
    }

    /// Reads and deletions only: each delivery of the trail writes there, and would record itself.
    fn audit_bucket_selector(&self) -> EventSelector {
        let home = self.bucket_home(AUDIT);
        let objects = format!("{}/", home.bucket_arn(&self.bucket_name(AUDIT)));
        let mut selector =
            selector::data("AWS::S3::Object", FieldCondition::starts_with([objects]));
        let names = FieldCondition::starts_with(["Delete", "Get", "Head", "List"]);
        selector.insert("eventName".to_owned(), names);
        selector
    }
}
