//! What is kept of what happened: the trail with its delivery, and the buckets that hold it.
//! Each is made by the environment that owns the account-wide settings, and by no other.

use super::Compiler;
use crate::{iam::Statement, model::AUDIT, resource::Ref};

/// The logical name of the log group that the trail writes to.
pub(super) const AUDIT_TRAIL: &str = "audit-trail";
/// The logical name of the role by which it writes there.
pub(super) const TRAIL_DELIVERY: &str = "trail-delivery";

impl Compiler<'_> {
    /// The trail's ARN. It is known before the trail exists, which needs what names it.
    pub(super) fn trail_arn(&self) -> Ref {
        let name = self.naming.prefixed(AUDIT);
        Ref::Literal(self.arn("cloudtrail", &format!("trail/{name}")))
    }

    /// An Allow for CloudTrail on behalf of the one trail.
    pub(super) fn by_the_trail(&self, action: &'static str) -> Statement {
        Statement::allow([action])
            .by_service("cloudtrail.amazonaws.com")
            .when("StringEquals", "aws:SourceArn", [self.trail_arn()])
    }
}
