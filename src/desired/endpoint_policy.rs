//! The policy of each VPC endpoint: who may call what through it. It names role paths and accounts,
//! never a service: services are separated by their roles, not by the endpoints that they share.
//! <https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html>

use std::collections::BTreeSet;

use super::{Compiler, policy::PULL_IMAGE};
use crate::{
    iam::{PolicyDocument, Statement},
    model::{
        AccountId, Arn, Runtime, Service,
        endpoint::{self, EndpointName},
    },
    resource::Ref,
};

/// Accounts of the images that EKS itself runs; everywhere else it is [`ADD_ONS`].
/// <https://docs.aws.amazon.com/eks/latest/userguide/add-ons-images.html>
const ADD_ONS_BY_REGION: [(&str, &str); 21] = [
    ("af-south-1", "877085696533"),
    ("ap-east-1", "800184023465"),
    ("ap-east-2", "533267051163"),
    ("ap-south-2", "900889452093"),
    ("ap-southeast-3", "296578399912"),
    ("ap-southeast-4", "491585149902"),
    ("ap-southeast-5", "151610086707"),
    ("ap-southeast-6", "333609536671"),
    ("ap-southeast-7", "121268973566"),
    ("ca-west-1", "761377655185"),
    ("cn-north-1", "918309763551"),
    ("cn-northwest-1", "961992271922"),
    ("eu-central-2", "900612956339"),
    ("eu-south-1", "590381155156"),
    ("eu-south-2", "455263428931"),
    ("il-central-1", "066635153087"),
    ("me-central-1", "759879836304"),
    ("me-south-1", "558608220178"),
    ("mx-central-1", "730335286997"),
    ("us-gov-east-1", "151742754352"),
    ("us-gov-west-1", "013241004608"),
];
/// The account of EKS's own images in most Regions.
const ADD_ONS: &str = "602401143452";

type Named = (&'static str, Statement);

impl Compiler<'_> {
    /// The policy of the endpoint of `name`.
    pub(super) fn endpoint_policy(&self, name: EndpointName) -> PolicyDocument {
        let nodes = self.by_nodes(name).map(|statement| ("Nodes", statement));
        let special = match name {
            "s3" => self.public_objects(),
            "ecr.api" | "ecr.dkr" => self.images(),
            "sts" => self.web_identities(),
            "eks-auth" => self.pod_identities(),
            _ => Vec::new(),
        };
        let own = ("Environment", self.by_environment(name));
        PolicyDocument::new([own].into_iter().chain(nodes).chain(special))
    }

    /// The environment's roles and those that deploy it, on resources of its account and of accounts that it declares.
    fn by_environment(&self, name: EndpointName) -> Statement {
        anybody(["*"])
            .on_any()
            .when("ArnLike", "aws:PrincipalArn", self.callers())
            .when("StringEquals", "aws:ResourceAccount", self.accounts(name))
    }

    /// The nodes of a cluster carry roles that no specification declares: they are known by their
    /// account alone, at the endpoints that they call and nowhere else.
    fn by_nodes(&self, name: EndpointName) -> Option<Statement> {
        let statement = match name {
            "ec2" | "elasticloadbalancing" | "logs" => anybody(["*"]),
            "ecr.api" | "ecr.dkr" => anybody(PULL_IMAGE),
            _ => return None,
        };
        let own = [self.account()];
        let statement = statement
            .on_any()
            .when("StringEquals", "aws:ResourceAccount", own);
        self.has_nodes().then(|| self.of_account(statement))
    }

    /// Layers of images come by URLs that ECR's own account has signed; Amazon Linux comes from
    /// buckets of AWS.
    /// <https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html>
    /// <https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-s3.html>
    fn public_objects(&self) -> Vec<Named> {
        let region = &self.environment.region;
        let images = self.runs(|runtime| runtime.has_nodes() || *runtime == Runtime::EcsFargate);
        let layers = [format!("prod-{region}-starport-layer-bucket")];
        let packages = [
            format!("al2023-repos-{region}-de612dc2"),
            format!("amazonlinux-2-repos-{region}"),
            format!("amazonlinux.{region}.amazonaws.com"),
        ];
        let read = |buckets: &[String]| {
            let objects = buckets.iter().map(|bucket| self.objects(bucket));
            anybody(["s3:GetObject"]).on(objects)
        };
        let linux = self.runs(|runtime| *runtime == Runtime::Ec2);
        images
            .then(|| ("ImageLayers", read(&layers)))
            .into_iter()
            .chain(linux.then(|| ("AmazonLinux", read(&packages))))
            .collect()
    }

    /// A token names no resource, so no account of one can be asked for.
    fn images(&self) -> Vec<Named> {
        let token = anybody(["ecr:GetAuthorizationToken"]).on_any();
        let add_ons = anybody(PULL_IMAGE).on_any().when(
            "StringEquals",
            "aws:ResourceAccount",
            [self.add_ons()],
        );
        let add_ons = self.has_nodes().then(|| self.of_account(add_ons));
        [("RegistryToken", self.of_account(token))]
            .into_iter()
            .chain(add_ons.map(|statement| ("AddOns", statement)))
            .collect()
    }

    /// The request is not signed: nothing is known of the caller but the role that it asks for.
    fn web_identities(&self) -> Vec<Named> {
        let assume = anybody(["sts:AssumeRoleWithWebIdentity"]).on([self.role_path()]);
        vec![("WebIdentity", assume)]
    }

    /// The nodes' agents ask for the credentials of pods.
    /// <https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html>
    fn pod_identities(&self) -> Vec<Named> {
        let services = self.environment.services.values();
        let clusters: BTreeSet<Ref> = services
            .filter_map(|service| match &service.runtime {
                Runtime::EksPodIdentity { cluster, .. } if service.is_alive() => Some(cluster),
                _ => None,
            })
            .map(|cluster| Ref::Literal(self.arn("eks", &format!("cluster/{cluster}"))))
            .collect();
        let assume = anybody(["eks-auth:AssumeRoleForPodIdentity"]).on(clusters);
        vec![("PodIdentity", self.of_account(assume))]
    }

    fn of_account(&self, statement: Statement) -> Statement {
        statement.when("StringEquals", "aws:PrincipalAccount", [self.account()])
    }

    fn callers(&self) -> impl Iterator<Item = Ref> {
        let deployers = self.environment.principals.deployers.iter();
        let deployers = deployers.map(|role| Ref::literal(role.as_str()));
        [self.role_path()].into_iter().chain(deployers)
    }

    fn role_path(&self) -> Ref {
        let (partition, account) = (
            self.environment.region.partition(),
            &self.environment.account,
        );
        let path = self.naming.path();
        Ref::literal(format!("arn:{partition}:iam::{account}:role{path}*"))
    }

    fn objects(&self, bucket: &str) -> Ref {
        let partition = self.environment.region.partition();
        Ref::literal(format!("arn:{partition}:s3:::{bucket}/*"))
    }

    fn add_ons(&self) -> Ref {
        let region = self.environment.region.as_str();
        let mut table = ADD_ONS_BY_REGION.iter();
        let found = table.find(|(known, _)| *known == region);
        Ref::literal(found.map_or(ADD_ONS, |(_, account)| account))
    }

    /// The environment's account, and those that declared access through the endpoint names.
    fn accounts(&self, name: EndpointName) -> BTreeSet<Ref> {
        let through = |target: &str| {
            let endpoints = endpoint::prefix(target).and_then(endpoint::of_prefix);
            endpoints.is_some_and(|endpoints| endpoints.contains(&name))
        };
        let targets = self.alive().flat_map(|service| &service.access);
        targets
            .filter(|access| through(&access.to))
            .filter_map(|access| account_of(&access.to))
            .map(|account| Ref::literal(account.as_str()))
            .chain([self.account()])
            .collect()
    }

    fn alive(&self) -> impl Iterator<Item = &Service> {
        let services = self.environment.services.values();
        services.filter(|service| service.is_alive())
    }

    fn runs(&self, is: impl Fn(&Runtime) -> bool) -> bool {
        self.alive().any(|service| is(&service.runtime))
    }

    fn has_nodes(&self) -> bool {
        self.runs(Runtime::has_nodes)
    }
}

fn anybody<const N: usize>(actions: [&str; N]) -> Statement {
    Statement::allow(actions).by([Ref::literal("*")])
}

/// The account that an ARN names; the ARN of a bucket names none.
fn account_of(target: &str) -> Option<AccountId> {
    let arn: Arn = target.parse().ok()?;
    arn.account().parse().ok()
}
