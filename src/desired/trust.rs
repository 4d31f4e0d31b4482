//! Who may assume a role: each runtime has its own trust.

use super::Compiler;
use crate::{
    iam::{PolicyDocument, PrincipalType, Statement},
    model::{Runtime, Service, VersionName},
    resource::Ref,
};

impl Compiler<'_> {
    /// The trust policy of the roles of one version of a service.
    pub(super) fn trust(&self, service: &Service, version: &VersionName) -> PolicyDocument {
        let account = |workload| service.service_account(workload, version);
        let statement = match &service.runtime {
            Runtime::Lambda => assumed_by("lambda"),
            Runtime::Ec2 => assumed_by("ec2"),
            Runtime::EcsFargate => self.ecs_tasks(),
            Runtime::EksPodIdentity { cluster, workload } => {
                self.pods(cluster, &workload.namespace, account(workload))
            }
            Runtime::EksIrsa { issuer, workload } => {
                self.web_identity(issuer, &workload.namespace, &account(workload))
            }
        };
        PolicyDocument::new([("Runtime", statement)])
    }

    /// <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html>
    fn ecs_tasks(&self) -> Statement {
        assumed_by("ecs-tasks")
            .when("StringEquals", "aws:SourceAccount", [self.account()])
            .when(
                "ArnLike",
                "aws:SourceArn",
                [Ref::Literal(self.arn("ecs", "*"))],
            )
    }

    /// <https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html>
    fn pods(&self, cluster: &str, namespace: &str, account: String) -> Statement {
        let cluster = self.arn("eks", &format!("cluster/{cluster}"));
        let tag = |name: &str| format!("aws:RequestTag/{name}");
        Statement::allow(["sts:AssumeRole", "sts:TagSession"])
            .by_service("pods.eks.amazonaws.com")
            .when("StringEquals", "aws:SourceAccount", [self.account()])
            .when(
                "ArnEquals",
                "aws:SourceArn",
                [Ref::literal(cluster.as_str())],
            )
            .when(
                "StringEquals",
                &tag("eks-cluster-arn"),
                [Ref::Literal(cluster)],
            )
            .when(
                "StringEquals",
                &tag("kubernetes-namespace"),
                [Ref::literal(namespace)],
            )
            .when(
                "StringEquals",
                &tag("kubernetes-service-account"),
                [Ref::Literal(account)],
            )
    }

    /// <https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html>
    fn web_identity(&self, issuer: &str, namespace: &str, account: &str) -> Statement {
        let region = &self.environment.region;
        let provider = format!(
            "arn:{}:iam::{}:oidc-provider/{issuer}",
            region.partition(),
            self.environment.account
        );
        let subject = format!("system:serviceaccount:{namespace}:{account}");
        Statement::allow(["sts:AssumeRoleWithWebIdentity"])
            .by_type(PrincipalType::Federated, [Ref::Literal(provider)])
            .when(
                "StringEquals",
                &format!("{issuer}:sub"),
                [Ref::Literal(subject)],
            )
            .when(
                "StringEquals",
                &format!("{issuer}:aud"),
                [Ref::literal(format!("sts.{}", region.dns_suffix()))],
            )
    }

    /// The environment's own account.
    pub(super) fn account(&self) -> Ref {
        Ref::literal(self.environment.account.as_str())
    }
}

pub(super) fn assumed_by(service: &str) -> Statement {
    Statement::allow(["sts:AssumeRole"]).by_service(format!("{service}.amazonaws.com"))
}
