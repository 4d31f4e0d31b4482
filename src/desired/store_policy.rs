//! The policy of a store: closed, so that no identity policy of the account opens it by mistake.
//!
//! Whoever may use a store is allowed so by the policy of its own role; the store's policy only
//! denies. A service principal has no `aws:PrincipalArn`, for which a negated operator is true,
//! so AWS services are exempted by `aws:PrincipalIsAWSService`; nothing here allows them anything.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html>

use std::collections::BTreeSet;

use super::Compiler;
use crate::{
    iam::{PolicyDocument, Statement},
    model::{Address, KindName, Service, Store},
    resource::Ref,
};

/// More users than this stand in a policy as the path of their roles: SQS takes 8 KB.
const NAMED_USERS: usize = 40;

/// What a policy guards, in the words of its service.
pub(super) struct Guarded {
    /// Every action, as far as policies of the kind may name them.
    all: &'static [&'static str],
    /// The actions on the contents.
    contents: &'static [&'static str],
    /// The store and its parts.
    resources: Vec<Ref>,
}

impl Compiler<'_> {
    /// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-iam-actions.html>
    pub(super) fn table_guard(&self, store: &Store) -> Guarded {
        let table = format!("table/{}", store.name);
        Guarded {
            all: &["dynamodb:*"],
            contents: &[
                "dynamodb:BatchGetItem",
                "dynamodb:BatchWriteItem",
                "dynamodb:ConditionCheckItem",
                "dynamodb:DeleteItem",
                "dynamodb:GetItem",
                "dynamodb:PartiQLDelete",
                "dynamodb:PartiQLInsert",
                "dynamodb:PartiQLSelect",
                "dynamodb:PartiQLUpdate",
                "dynamodb:PutItem",
                "dynamodb:Query",
                "dynamodb:Scan",
                "dynamodb:UpdateItem",
            ],
            resources: [table.clone(), format!("{table}/index/*")]
                .map(|part| Ref::Literal(self.arn("dynamodb", &part)))
                .into(),
        }
    }

    /// Names of objects tell about customers, so listing them is for users too.
    /// <https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html>
    pub(super) fn bucket_guard(&self, store: &Store) -> Guarded {
        let bucket = Address::new(KindName::S3Bucket, store.name.as_str());
        let bucket = self.environment.home(&bucket).bucket_arn(&store.name);
        Guarded {
            all: &["s3:*"],
            contents: &[
                "s3:AbortMultipartUpload",
                "s3:DeleteObject*",
                "s3:GetObject*",
                "s3:ListBucket",
                "s3:ListBucketVersions",
                "s3:PutObject*",
                "s3:ReplicateObject",
                "s3:RestoreObject",
            ],
            resources: vec![Ref::Literal(format!("{bucket}/*")), Ref::Literal(bucket)],
        }
    }

    /// A policy of SQS takes seven actions a statement.
    /// <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html>
    pub(super) fn queue_guard(&self, store: &Store) -> Guarded {
        Guarded {
            all: &["sqs:*"],
            contents: &[
                "sqs:ChangeMessageVisibility",
                "sqs:DeleteMessage",
                "sqs:PurgeQueue",
                "sqs:ReceiveMessage",
                "sqs:SendMessage",
            ],
            resources: vec![Ref::Literal(self.arn("sqs", &store.name))],
        }
    }

    /// A policy of a topic takes these actions and no wildcard.
    /// <https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-language-api-permissions-reference.html>
    pub(super) fn topic_guard(&self, store: &Store) -> Guarded {
        Guarded {
            all: &[
                "sns:AddPermission",
                "sns:DeleteTopic",
                "sns:GetTopicAttributes",
                "sns:ListSubscriptionsByTopic",
                "sns:Publish",
                "sns:RemovePermission",
                "sns:SetTopicAttributes",
                "sns:Subscribe",
            ],
            contents: &["sns:Publish", "sns:Subscribe"],
            resources: vec![Ref::Literal(self.arn("sns", &store.name))],
        }
    }

    /// A policy of a secret holds for that secret alone, whose ARN only AWS knows.
    /// <https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_resource-policies.html>
    pub(super) fn secret_guard(&self) -> Guarded {
        Guarded {
            all: &["secretsmanager:*"],
            contents: &[
                "secretsmanager:GetSecretValue",
                "secretsmanager:PutSecretValue",
                "secretsmanager:UpdateSecretVersionStage",
            ],
            resources: vec![Ref::literal("*")],
        }
    }

    /// A policy that lets the users through, and nobody else to the contents.
    pub(super) fn closed_policy(&self, guarded: &Guarded, users: Vec<Ref>) -> PolicyDocument {
        let everybody = |actions: &[&'static str]| {
            Statement::deny(actions.iter().copied())
                .by([Ref::literal("*")])
                .on(guarded.resources.clone())
        };
        let people = |statement: Statement| {
            let no_service = [Ref::literal("false")];
            statement.when("BoolIfExists", "aws:PrincipalIsAWSService", no_service)
        };
        let account = [Ref::literal(self.environment.account.as_str())];
        let plain = [Ref::literal("false")];
        PolicyDocument::new([
            (
                "DeclaredUsersOnly",
                people(everybody(guarded.contents)).when("ArnNotLike", "aws:PrincipalArn", users),
            ),
            (
                "EncryptedTransportOnly",
                everybody(guarded.all).when("Bool", "aws:SecureTransport", plain),
            ),
            (
                "OwnAccountOnly",
                people(everybody(guarded.all)).when(
                    "StringNotEquals",
                    "aws:PrincipalAccount",
                    account,
                ),
            ),
        ])
    }

    /// The roles of the owner and of services that declare access to the store, and those who
    /// deploy: somebody must fill it.
    pub(super) fn store_users(&self, owner: &Service, store: &Store) -> Vec<Ref> {
        let deployers = &self.environment.principals.deployers;
        let deployers = deployers.iter().map(|arn| Ref::literal(arn.as_str()));
        self.shortened(self.role_refs(owner).into_iter())
            .into_iter()
            .chain(self.shortened(self.users_elsewhere(owner, store)))
            .chain(deployers)
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect()
    }

    fn users_elsewhere(&self, owner: &Service, store: &Store) -> impl Iterator<Item = Ref> {
        let services = self.environment.services.values();
        services
            .filter(|other| other.name != owner.name && other.is_alive())
            .filter(|other| other.access.iter().any(|access| store.holds(&access.to)))
            .flat_map(|other| self.role_refs(other))
    }

    /// Many roles as the path of all: what each of them may do is for its own policy then.
    fn shortened(&self, roles: impl Iterator<Item = Ref>) -> Vec<Ref> {
        let roles: Vec<Ref> = roles.collect();
        if roles.len() <= NAMED_USERS {
            return roles;
        }
        let partition = self.environment.region.partition();
        let (account, path) = (&self.environment.account, self.naming.path());
        vec![Ref::Literal(format!(
            "arn:{partition}:iam::{account}:role{path}*"
        ))]
    }

    /// Whether the pipeline makes a table for the service, and thereby the grant that it needs.
    pub(super) fn makes_tables(service: &Service) -> bool {
        let mut managed = service.stores.iter().filter(|store| store.manage);
        managed.any(|store| store.resource() == Some(KindName::DynamodbTable))
    }
}
