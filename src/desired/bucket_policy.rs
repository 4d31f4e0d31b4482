//! Who may do what with the environment's own buckets: AWS's services deliver, auditors read, and
//! nobody else but the break-glass role changes anything.
//! <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html>

use super::{Compiler, trail::CLOUDTRAIL};
use crate::{
    iam::{PolicyDocument, Statement},
    model::{AUDIT, AUDIT_ACCESS, Arn},
    resource::Ref,
};

/// What would open, shorten or end the keeping of audit logs.
const TAMPER: [&str; 13] = [
    "s3:BypassGovernanceRetention",
    "s3:DeleteBucket*",
    "s3:DeleteObject*",
    "s3:PutBucketObjectLockConfiguration",
    "s3:PutBucketOwnershipControls",
    "s3:PutBucketPolicy",
    "s3:PutBucketPublicAccessBlock",
    "s3:PutBucketVersioning",
    "s3:PutEncryptionConfiguration",
    "s3:PutLifecycleConfiguration",
    "s3:PutObjectLegalHold",
    "s3:PutObjectRetention",
    "s3:PutReplicationConfiguration",
];

impl Compiler<'_> {
    /// The policy of the audit bucket.
    pub(super) fn audit_bucket_policy(&self) -> PolicyDocument {
        let mut statements = vec![
            ("AclCheck", self.acl_check()),
            ("Write", self.delivery()),
            ("Writers", self.only_cloudtrail_writes()),
            ("Readers", self.only_auditors_read()),
            ("Tamper", self.only_break_glass_changes()),
        ];
        statements.extend(self.encrypted_transport(AUDIT));
        statements.extend(self.auditors_elsewhere());
        PolicyDocument::new(statements)
    }

    /// The policy of the bucket for access logs, and for AWS Config, which refuses locks too.
    pub(super) fn access_bucket_policy(&self) -> PolicyDocument {
        let mut statements = vec![("AccessLogs", self.access_logs())];
        statements.extend(self.config_delivery());
        statements.extend(self.encrypted_transport(AUDIT_ACCESS));
        PolicyDocument::new(statements)
    }

    fn acl_check(&self) -> Statement {
        self.by_the_trail("s3:GetBucketAcl")
            .on([self.bucket_itself(AUDIT)])
    }

    fn delivery(&self) -> Statement {
        let logs = format!("AWSLogs/{}/*", self.environment.account);
        self.by_the_trail("s3:PutObject")
            .on([self.objects_below(AUDIT, &logs)])
            .when("StringEquals", "s3:x-amz-acl", [full_control()])
    }

    fn only_cloudtrail_writes(&self) -> Statement {
        self.denied(AUDIT, ["s3:PutObject"]).when(
            "StringNotEquals",
            "aws:PrincipalServiceName",
            [Ref::literal(CLOUDTRAIL)],
        )
    }

    fn only_auditors_read(&self) -> Statement {
        let principals = &self.environment.principals;
        let readers = principals.auditors.iter().chain([&principals.break_glass]);
        let readers = self.known_at_the_bucket(readers);
        by_people(self.denied(AUDIT, ["s3:GetObject*"])).when(
            "ArnNotEquals",
            "aws:PrincipalArn",
            readers,
        )
    }

    /// The pipeline too is denied: later changes of the bucket need two people.
    fn only_break_glass_changes(&self) -> Statement {
        let exempt = self.known_at_the_bucket([&self.environment.principals.break_glass]);
        by_people(self.denied(AUDIT, TAMPER)).when("ArnNotEquals", "aws:PrincipalArn", exempt)
    }

    /// Auditors of another account need to be let in by the bucket itself.
    fn auditors_elsewhere(&self) -> Vec<(&'static str, Statement)> {
        let auditors = &self.environment.principals.auditors;
        if self.environment.audit.archive_account.is_none() || auditors.is_empty() {
            return Vec::new();
        }
        let named = || auditors.iter().map(|arn| Ref::literal(arn.as_str()));
        let list = Statement::allow(["s3:ListBucket", "s3:ListBucketVersions"]);
        let read = Statement::allow(["s3:GetObject", "s3:GetObjectVersion"]);
        vec![
            (
                "AuditorsList",
                list.by(named()).on([self.bucket_itself(AUDIT)]),
            ),
            (
                "AuditorsRead",
                read.by(named()).on([self.objects_below(AUDIT, "*")]),
            ),
        ]
    }

    /// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html>
    fn access_logs(&self) -> Statement {
        let source = self.bucket_home(AUDIT).account;
        Statement::allow(["s3:PutObject"])
            .by_service("logging.s3.amazonaws.com")
            .on([self.objects_below(AUDIT_ACCESS, &format!("{AUDIT}/*"))])
            .when("ArnLike", "aws:SourceArn", [self.bucket_itself(AUDIT)])
            .when(
                "StringEquals",
                "aws:SourceAccount",
                [Ref::literal(source.as_str())],
            )
    }

    /// <https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-policy.html>
    fn config_delivery(&self) -> [(&'static str, Statement); 2] {
        let account = self.environment.account.as_str();
        let config = |actions: &[&'static str]| {
            Statement::allow(actions.iter().copied())
                .by_service("config.amazonaws.com")
                .when("StringEquals", "aws:SourceAccount", [Ref::literal(account)])
        };
        let logs = self.objects_below(AUDIT_ACCESS, &format!("AWSLogs/{account}/Config/*"));
        [
            (
                "ConfigCheck",
                config(&["s3:GetBucketAcl", "s3:ListBucket"])
                    .on([self.bucket_itself(AUDIT_ACCESS)]),
            ),
            (
                "ConfigWrite",
                config(&["s3:PutObject"]).on([logs]).when(
                    "StringEquals",
                    "s3:x-amz-acl",
                    [full_control()],
                ),
            ),
        ]
    }

    fn encrypted_transport(&self, logical: &str) -> [(&'static str, Statement); 2] {
        let plain = self.denied(logical, ["s3:*"]).when(
            "Bool",
            "aws:SecureTransport",
            [Ref::literal("false")],
        );
        let old = self.denied(logical, ["s3:*"]).when(
            "NumericLessThan",
            "s3:TlsVersion",
            [Ref::literal("1.2")],
        );
        [("Tls", plain), ("Tls12", old)]
    }

    /// A Deny for everybody, on the bucket and all that is in it.
    fn denied<const N: usize>(&self, logical: &str, actions: [&'static str; N]) -> Statement {
        Statement::deny(actions).by([Ref::literal("*")]).on([
            self.bucket_itself(logical),
            self.objects_below(logical, "*"),
        ])
    }

    /// Declared roles, and those of the same name in the account of the bucket.
    fn known_at_the_bucket<'a>(&self, arns: impl IntoIterator<Item = &'a Arn>) -> Vec<Ref> {
        let (archive, own) = (self.bucket_home(AUDIT).account, &self.environment.account);
        let both = |arn| [self.namesakes([arn], &archive), self.namesakes([arn], own)].concat();
        arns.into_iter().flat_map(both).collect()
    }

    /// The bucket by its ARN, which documents name whether it is there or not.
    fn bucket_itself(&self, logical: &str) -> Ref {
        let name = self.bucket_name(logical);
        Ref::Literal(self.bucket_home(logical).bucket_arn(&name))
    }

    fn objects_below(&self, logical: &str, keys: &str) -> Ref {
        let name = self.bucket_name(logical);
        let arn = self.bucket_home(logical).bucket_arn(&name);
        Ref::Literal(format!("{arn}/{keys}"))
    }
}

fn full_control() -> Ref {
    Ref::literal("bucket-owner-full-control")
}

/// A negated condition on the caller's ARN holds for AWS services too, which have none.
fn by_people(deny: Statement) -> Statement {
    deny.when(
        "BoolIfExists",
        "aws:PrincipalIsAWSService",
        [Ref::literal("false")],
    )
}
