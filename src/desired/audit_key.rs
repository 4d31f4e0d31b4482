//! The environment's own key: it encrypts the audit bucket, the trail, the log groups that belong
//! to no service, and the topic of the alarms. It lives in the account of the audit bucket.

use super::{
    Compiler,
    audit::{AUDIT_TRAIL, TRAIL_DELIVERY},
    key::on_the_key,
};
use crate::{
    iam::{PolicyDocument, Statement},
    model::{AUDIT, Address, KindName},
    resource::{KmsKey, Ref},
};

/// The log groups that belong to no service.
const LOG_GROUPS: [&str; 2] = [AUDIT_TRAIL, "flow-logs"];
/// The roles by which AWS services write to them.
const WRITERS: [&str; 2] = [TRAIL_DELIVERY, "flow-logs-delivery"];
/// The encryption context that CloudTrail names its trail in.
const TRAIL_CONTEXT: &str = "kms:EncryptionContext:aws:cloudtrail:arn";

impl Compiler<'_> {
    /// Compiled after the log groups and roles that its policy names.
    pub(super) fn audit_key(&mut self) {
        let description = format!("Audit logs of {}", self.environment.name);
        let policy = self.audit_key_policy();
        let key: KmsKey = self.customer_key(AUDIT, description, policy, self.tags(None));
        self.add(AUDIT.to_owned(), key, None);
    }

    fn audit_key_policy(&self) -> PolicyDocument {
        let address = Address::new(KindName::KmsKey, AUDIT);
        let home = self.environment.home(&address);
        let mut statements = self.administration(&home.account);
        statements.extend(self.shared_logs());
        if self.environment.baseline {
            statements.extend(self.trail_use());
            statements.push(("AlarmTopic", self.alarm_topic()));
        }
        on_the_key(statements)
    }

    /// Only what is there is named: KMS refuses principals that do not exist.
    fn shared_logs(&self) -> Vec<(&'static str, Statement)> {
        let groups = LOG_GROUPS.into_iter();
        let groups: Vec<String> = groups
            .filter(|name| self.resources.log_group.contains_key(*name))
            .map(|name| self.naming.log_group(name))
            .collect();
        let writers = WRITERS.into_iter();
        let writers: Vec<Ref> = writers
            .filter(|name| self.resources.iam_role.contains_key(*name))
            .map(|name| Ref::to(KindName::IamRole, name))
            .collect();
        let groups = (!groups.is_empty()).then(|| ("LogsService", self.logs_service(groups)));
        let writers = (!writers.is_empty()).then(|| ("LogsCallers", self.logs_callers(writers)));
        groups.into_iter().chain(writers).collect()
    }

    /// The bucket uses no bucket key, so CloudTrail itself never decrypts.
    /// <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html>
    fn trail_use(&self) -> Vec<(&'static str, Statement)> {
        let partition = self.environment.region.partition();
        let account = &self.environment.account;
        let trails = Ref::Literal(format!("arn:{partition}:cloudtrail:*:{account}:trail/*"));
        let encrypt =
            self.by_the_trail("kms:GenerateDataKey*")
                .when("StringLike", TRAIL_CONTEXT, [trails]);
        let describe = self.by_the_trail("kms:DescribeKey");
        let mut statements = vec![("TrailEncrypt", encrypt), ("TrailDescribe", describe)];
        let auditors = &self.environment.principals.auditors;
        if !auditors.is_empty() {
            let auditors = auditors.iter().map(|arn| Ref::literal(arn.as_str()));
            let read = Statement::allow(["kms:Decrypt"]).by(auditors);
            let read = read.when("Null", TRAIL_CONTEXT, [Ref::literal("false")]);
            statements.push(("AuditRead", read));
        }
        statements
    }

    fn alarm_topic(&self) -> Statement {
        let account = Ref::literal(self.environment.account.as_str());
        Statement::allow(["kms:Decrypt", "kms:GenerateDataKey*"])
            .by_service("cloudwatch.amazonaws.com")
            .when("StringEquals", "aws:SourceAccount", [account])
    }
}
