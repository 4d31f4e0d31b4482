//! One KMS key for each service, whose policy names everyone who may touch it.
//!
//! Administration and use are separated: the account's root delegates administration to named
//! principals only, and no cryptographic use to anybody.
//! <https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html>

use std::collections::{BTreeMap, BTreeSet};

use super::Compiler;
use crate::{
    iam::{PolicyDocument, Statement},
    model::{AccountId, Arn, KindName, LinkedRole, Runtime, Service, StoreKind, Tags},
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
        let description = format!("{name}: {}", service.purpose);
        let policy = self.key_policy(service);
        let key = self.customer_key(&name, description, policy, self.tags(Some(service)));
        self.add(name, key, Some(&service.name));
    }

    /// A key as all of ours are: symmetric, of one Region, rotating, without grants.
    pub(super) fn customer_key(
        &self,
        name: &str,
        description: String,
        policy: PolicyDocument,
        tags: Tags,
    ) -> KmsKey {
        KmsKey {
            alias: Some(self.naming.alias(name)).into(),
            description: description.into(),
            state: KeyState::Enabled.into(),
            spec: "SYMMETRIC_DEFAULT".to_owned().into(),
            origin: "AWS_KMS".to_owned().into(),
            multi_region: false.into(),
            policy: policy.into(),
            rotation: Read::Known(Rotation {
                enabled: true,
                period_days: Some(self.environment.keys.rotation_days),
            }),
            grants: BTreeMap::new().into(),
            tags: tags.into(),
        }
    }

    fn key_policy(&self, service: &Service) -> PolicyDocument {
        let mut statements = self.administration(&self.environment.account);
        let group = self.naming.log_group(service.name.as_str());
        statements.push(("LogsService", self.logs_service([group])));
        statements.push(("LogsCallers", self.logs_callers(self.role_refs(service))));
        statements.extend(self.store_statements(service));
        statements.extend(self.volume_statements(service));
        on_the_key(statements)
    }

    /// Who administers, reads and retires a key that lives in `account`.
    pub(super) fn administration(&self, account: &AccountId) -> Vec<(&'static str, Statement)> {
        let principals = &self.environment.principals;
        let pipeline = self.namesakes([&principals.pipeline], account);
        let readers = principals.auditors.iter().chain([&principals.plan]);
        let readers = self.namesakes(readers, account);
        let recoverers = self.recoverers(account);
        let mut statements = vec![
            ("Pipeline", Statement::allow(ADMINISTER).by(pipeline)),
            ("Readers", self.delegated(&READ, account, readers)),
            ("Recovery", self.delegated(&ADMINISTER, account, recoverers)),
            ("ShortDeletionWindow", self.short_window()),
        ];
        if !principals.key_admins.is_empty() {
            let admins = self.namesakes(&principals.key_admins, account);
            statements.push(("Retire", Statement::allow(RETIRE).by(admins)));
        }
        statements
    }

    /// Declared roles as `account` knows them: in the archive account the roles of the same name
    /// do what they do in the environment's own.
    pub(super) fn namesakes<'a>(
        &self,
        arns: impl IntoIterator<Item = &'a Arn>,
        account: &AccountId,
    ) -> Vec<Ref> {
        let (own, partition) = (&self.environment.account, self.partition());
        let named = |arn: &Arn| match arn.account() == own.as_str() {
            true => format!("arn:{partition}:iam::{account}:{}", arn.resource()),
            false => arn.to_string(),
        };
        arns.into_iter()
            .map(|arn| Ref::Literal(named(arn)))
            .collect()
    }

    fn root(&self, account: &AccountId) -> Ref {
        Ref::Literal(format!("arn:{}:iam::{account}:root", self.partition()))
    }

    fn partition(&self) -> &'static str {
        self.environment.region.partition()
    }

    /// A delegation to the account that holds for the named principals only. It compares names,
    /// so it survives the recreation of a role.
    fn delegated(&self, actions: &[&'static str], account: &AccountId, to: Vec<Ref>) -> Statement {
        Statement::allow(actions.iter().copied())
            .by([self.root(account)])
            .when("ArnEquals", "aws:PrincipalArn", to)
    }

    fn recoverers(&self, account: &AccountId) -> Vec<Ref> {
        let principals = &self.environment.principals;
        let people = [&principals.pipeline, &principals.break_glass];
        let mut named = self.namesakes(people.into_iter().chain(&principals.key_admins), account);
        named.push(self.root(account));
        named
    }

    fn short_window(&self) -> Statement {
        let days = self.environment.keys.deletion_window_days.to_string();
        Statement::deny(["kms:ScheduleKeyDeletion"])
            .by([Ref::literal("*")])
            .when("NumericLessThan", WINDOW_KEY, [Ref::Literal(days)])
    }

    /// What lets CloudWatch Logs encrypt exactly these log groups.
    pub(super) fn logs_service(&self, groups: impl IntoIterator<Item = String>) -> Statement {
        let arn = |group| Ref::Literal(self.arn("logs", &format!("log-group:{group}")));
        Statement::allow(LOGS_SERVICE)
            .by_service(self.endpoint("logs"))
            .when(
                "ArnEquals",
                "kms:EncryptionContext:aws:logs:arn",
                groups.into_iter().map(arn),
            )
    }

    /// Roles that call CloudWatch Logs need the key through it.
    pub(super) fn logs_callers(&self, roles: Vec<Ref>) -> Statement {
        Statement::allow(["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"])
            .by(roles)
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
        let usage = through(Statement::allow(USE).by(users.clone()));
        // DynamoDB makes the grant by which it serves a table in the name of who makes the table.
        if Self::makes_tables(service) {
            users.extend(refs([&self.environment.principals.pipeline]));
        }
        let grants = through(Statement::allow(["kms:CreateGrant"]).by(users)).when(
            "Bool",
            "kms:GrantIsForAWSResource",
            [Ref::literal("true")],
        );
        vec![("UseViaStores", usage), ("StoreGrants", grants)]
    }

    /// Encrypted volumes of EC2 instances, which deployers and Auto Scaling start.
    /// <https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html>
    fn volume_statements(&self, service: &Service) -> Vec<(&'static str, Statement)> {
        if service.runtime != Runtime::Ec2 {
            return Vec::new();
        }
        let scaling = Ref::to(
            KindName::ServiceLinkedRole,
            LinkedRole::AUTOSCALING.logical(),
        );
        let deployers = &self.environment.principals.deployers;
        let mut users = self.namesakes(deployers, &self.environment.account);
        users.push(scaling);
        let through = |statement: Statement| {
            let volumes = Ref::Literal(self.endpoint("ec2"));
            let account = Ref::literal(self.environment.account.as_str());
            statement
                .when("StringEquals", "kms:ViaService", [volumes])
                .when("StringEquals", "kms:CallerAccount", [account])
        };
        let grants = Statement::allow(["kms:CreateGrant"]).by(users.clone());
        let for_aws = [Ref::literal("true")];
        vec![
            ("UseViaVolumes", through(Statement::allow(USE).by(users))),
            (
                "VolumeGrants",
                through(grants).when("Bool", "kms:GrantIsForAWSResource", for_aws),
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

/// A key policy: each statement is about the key itself.
pub(super) fn on_the_key(
    statements: impl IntoIterator<Item = (&'static str, Statement)>,
) -> PolicyDocument {
    let on_any = |(sid, statement): (_, Statement)| (sid, statement.on_any());
    PolicyDocument::new(statements.into_iter().map(on_any))
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
