//! One KMS key for each service, whose policy names everyone who may touch it.
//!
//! Administration and use are separated: the account's root delegates administration to named
//! principals only, and no cryptographic use to anybody.
//! <https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html>

use std::collections::{BTreeMap, BTreeSet};

use super::Compiler;
use crate::{
    iam::{PolicyDocument, Statement},
    model::{Arn, Service, StoreKind},
    resource::{KeyState, KmsKey, Read, Ref, Rotation, WINDOW_KEY},
};

/// What the pipeline does with a key; it can neither use nor retire one.
const ADMINISTER: [&str; 14] = [
    "kms:CancelKeyDeletion",
    "kms:CreateAlias",
    "kms:DescribeKey",
    "kms:EnableKey",
    "kms:EnableKeyRotation",
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "kms:ListGrants",
    "kms:ListResourceTags",
    "kms:PutKeyPolicy",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:UpdateAlias",
    "kms:UpdateKeyDescription",
];
/// What a reader of evidence sees.
const READ: [&str; 5] = [
    "kms:DescribeKey",
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "kms:ListGrants",
    "kms:ListResourceTags",
];
/// What retires a key: for people, not for the pipeline.
const RETIRE: [&str; 4] = [
    "kms:DeleteAlias",
    "kms:DisableKey",
    "kms:RevokeGrant",
    "kms:ScheduleKeyDeletion",
];
/// Cryptographic use.
const USE: [&str; 5] = [
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:Encrypt",
    "kms:GenerateDataKey*",
    "kms:ReEncrypt*",
];
/// What CloudWatch Logs itself does.
/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html>
const LOGS_SERVICE: [&str; 5] = [
    "kms:Decrypt*",
    "kms:Describe*",
    "kms:Encrypt*",
    "kms:GenerateDataKey*",
    "kms:ReEncrypt*",
];

impl Compiler<'_> {
    pub(super) fn key(&mut self, service: &Service) {
        let name = service.name.to_string();
        let key = KmsKey {
            alias: Some(self.naming.alias(&name)).into(),
            description: format!("{name}: {}", service.purpose).into(),
            state: KeyState::Enabled.into(),
            spec: "SYMMETRIC_DEFAULT".to_owned().into(),
            origin: "AWS_KMS".to_owned().into(),
            multi_region: false.into(),
            policy: self.key_policy(service).into(),
            rotation: Read::Known(Rotation {
                enabled: true,
                period_days: Some(self.environment.keys.rotation_days),
            }),
            grants: BTreeMap::new().into(),
            tags: self.tags(Some(service)).into(),
        };
        self.add(name, key, Some(&service.name));
    }

    fn key_policy(&self, service: &Service) -> PolicyDocument {
        let principals = &self.environment.principals;
        let mut statements = vec![
            (
                "Pipeline",
                Statement::allow(ADMINISTER).by(refs([&principals.pipeline])),
            ),
            ("Readers", self.delegated(&READ, readers(principals))),
            ("Recovery", self.delegated(&ADMINISTER, self.recoverers())),
            ("ShortDeletionWindow", self.short_window()),
            ("LogsService", self.logs_service(service)),
            ("LogsCallers", self.logs_callers(service)),
        ];
        if !principals.key_admins.is_empty() {
            let retire = Statement::allow(RETIRE).by(refs(&principals.key_admins));
            statements.push(("Retire", retire));
        }
        statements.extend(self.store_statements(service));
        PolicyDocument::new(
            statements
                .into_iter()
                .map(|(sid, statement)| (sid, statement.on_any())),
        )
    }

    fn root(&self) -> Ref {
        let partition = self.environment.region.partition();
        Ref::Literal(format!(
            "arn:{partition}:iam::{}:root",
            self.environment.account
        ))
    }

    /// A delegation to the account that holds for the named principals only. It compares names,
    /// so it survives the recreation of a role.
    fn delegated(&self, actions: &[&'static str], to: Vec<Ref>) -> Statement {
        Statement::allow(actions.iter().copied())
            .by([self.root()])
            .when("ArnEquals", "aws:PrincipalArn", to)
    }

    fn recoverers(&self) -> Vec<Ref> {
        let principals = &self.environment.principals;
        let mut named = refs([&principals.pipeline, &principals.break_glass]);
        named.extend(refs(&principals.key_admins));
        named.push(self.root());
        named
    }

    fn short_window(&self) -> Statement {
        let days = self.environment.keys.deletion_window_days.to_string();
        Statement::deny(["kms:ScheduleKeyDeletion"])
            .by([Ref::literal("*")])
            .when("NumericLessThan", WINDOW_KEY, [Ref::Literal(days)])
    }

    fn logs_service(&self, service: &Service) -> Statement {
        let group = self.naming.log_group(service.name.as_str());
        let arn = self.arn("logs", &format!("log-group:{group}"));
        Statement::allow(LOGS_SERVICE)
            .by_service(self.endpoint("logs"))
            .when(
                "ArnEquals",
                "kms:EncryptionContext:aws:logs:arn",
                [Ref::Literal(arn)],
            )
    }

    /// Roles that call CloudWatch Logs need the key through it.
    fn logs_callers(&self, service: &Service) -> Statement {
        Statement::allow(["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"])
            .by(self.role_refs(service))
            .when(
                "StringEquals",
                "kms:ViaService",
                [Ref::Literal(self.endpoint("logs"))],
            )
    }

    fn endpoint(&self, service: &str) -> String {
        let region = &self.environment.region;
        format!("{service}.{region}.{}", region.dns_suffix())
    }

    /// Use through the declared stores, and the grants that those stores make for themselves.
    fn store_statements(&self, service: &Service) -> Vec<(&'static str, Statement)> {
        let via: BTreeSet<Ref> = service
            .stores
            .iter()
            .map(|store| Ref::Literal(self.endpoint(prefix(store.kind))))
            .collect();
        if via.is_empty() {
            return Vec::new();
        }
        let account = Ref::literal(self.environment.account.as_str());
        let through = |statement: Statement| {
            statement
                .when("StringEquals", "kms:ViaService", via.clone())
                .when("StringEquals", "kms:CallerAccount", [account.clone()])
        };
        let mut users = self.role_refs(service);
        users.extend(self.readers_of(service));
        users.extend(refs(&self.environment.principals.deployers));
        let for_aws = [Ref::literal("true")];
        vec![
            (
                "UseViaStores",
                through(Statement::allow(USE).by(users.clone())),
            ),
            (
                "StoreGrants",
                through(Statement::allow(["kms:CreateGrant"]).by(users)).when(
                    "Bool",
                    "kms:GrantIsForAWSResource",
                    for_aws,
                ),
            ),
        ]
    }

    /// Roles of other services whose declared access names a store of this one.
    fn readers_of(&self, owner: &Service) -> Vec<Ref> {
        self.environment
            .services
            .values()
            .filter(|other| other.name != owner.name)
            .filter(|other| other.is_alive())
            .filter(|other| other.access.iter().any(|access| owner.owns(&access.to)))
            .flat_map(|other| self.role_refs(other))
            .collect()
    }
}

fn refs<'a>(arns: impl IntoIterator<Item = &'a Arn>) -> Vec<Ref> {
    arns.into_iter()
        .map(|arn| Ref::literal(arn.as_str()))
        .collect()
}

fn readers(principals: &crate::model::Principals) -> Vec<Ref> {
    let mut named = refs(&principals.auditors);
    named.extend(refs([&principals.plan]));
    named
}

/// The endpoint prefix by which KMS knows the calling service.
/// <https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html>
fn prefix(kind: StoreKind) -> &'static str {
    match kind {
        StoreKind::Dynamodb => "dynamodb",
        StoreKind::S3 => "s3",
        StoreKind::Sqs => "sqs",
        StoreKind::Sns => "sns",
        StoreKind::Secretsmanager => "secretsmanager",
        StoreKind::Rds => "rds",
    }
}
