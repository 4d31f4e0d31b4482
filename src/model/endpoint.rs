//! Which VPC endpoints services need: those of the APIs that they may call, and those that what
//! runs them calls. A reviewed table; whether AWS offers each in a Region is AWS's to say.
//! <https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html>

use std::collections::BTreeSet;

use super::{Endpoints, Environment, Network, Region, Runtime, Service};

/// The last part of an endpoint service's name, as `ecr.api` of `com.amazonaws.eu-west-1.ecr.api`.
pub type EndpointName = &'static str;

/// Services that are reached through a gateway; everything else has interfaces.
/// <https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html>
pub const GATEWAYS: [EndpointName; 2] = ["dynamodb", "s3"];

/// IAM prefix of a service, and the endpoints that its API is reached through. An empty list is
/// an API that needs none: its data plane lies in the VPC itself.
const BY_PREFIX: [(&str, &[EndpointName]); 60] = [
    ("acm-pca", &["acm-pca"]),
    ("appconfig", &["appconfig", "appconfigdata"]),
    ("application-autoscaling", &["application-autoscaling"]),
    ("athena", &["athena"]),
    ("autoscaling", &["autoscaling"]),
    ("backup", &["backup"]),
    ("bedrock", &["bedrock", "bedrock-runtime"]),
    ("cassandra", &["cassandra"]),
    ("cloudformation", &["cloudformation"]),
    ("cloudtrail", &["cloudtrail"]),
    ("cloudwatch", &["monitoring"]),
    ("comprehend", &["comprehend"]),
    ("config", &["config"]),
    ("dynamodb", &["dynamodb"]),
    ("ebs", &["ebs"]),
    ("ec2", &["ec2"]),
    ("ec2messages", &["ec2messages"]),
    ("ecr", &["ecr.api", "ecr.dkr"]),
    ("ecs", &["ecs"]),
    ("eks", &["eks"]),
    ("eks-auth", &["eks-auth"]),
    ("elasticache", &[]),
    ("elasticfilesystem", &["elasticfilesystem"]),
    ("elasticloadbalancing", &["elasticloadbalancing"]),
    ("events", &["events"]),
    ("execute-api", &["execute-api"]),
    ("firehose", &["kinesis-firehose"]),
    ("glue", &["glue"]),
    ("guardduty", &["guardduty"]),
    ("kafka", &["kafka"]),
    ("kafka-cluster", &[]),
    ("kinesis", &["kinesis-streams"]),
    ("kms", &["kms"]),
    ("lambda", &["lambda"]),
    ("logs", &["logs"]),
    (
        "payment-cryptography",
        &[
            "payment-cryptography.controlplane",
            "payment-cryptography.dataplane",
        ],
    ),
    ("polly", &["polly"]),
    ("rds", &["rds"]),
    ("rds-data", &["rds-data"]),
    ("rds-db", &[]),
    ("redshift", &["redshift"]),
    ("redshift-data", &["redshift-data"]),
    ("rekognition", &["rekognition"]),
    ("s3", &["s3"]),
    ("sagemaker", &["sagemaker.api", "sagemaker.runtime"]),
    ("scheduler", &["scheduler"]),
    ("secretsmanager", &["secretsmanager"]),
    (
        "servicediscovery",
        &["data-servicediscovery", "servicediscovery"],
    ),
    ("ses", &["email"]),
    ("sns", &["sns"]),
    ("sqs", &["sqs"]),
    ("ssm", &["ssm"]),
    ("ssmmessages", &["ssmmessages"]),
    ("states", &["states", "sync-states"]),
    ("sts", &["sts"]),
    ("textract", &["textract"]),
    ("transcribe", &["transcribe"]),
    ("translate", &["translate"]),
    ("verifiedpermissions", &["verifiedpermissions"]),
    ("xray", &["xray"]),
];

/// Pulling images: the layers come from S3.
/// <https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html>
const IMAGES: [EndpointName; 3] = ["ecr.api", "ecr.dkr", "s3"];
/// What the instance agent calls.
/// <https://docs.aws.amazon.com/systems-manager/latest/userguide/setup-create-vpc.html>
const INSTANCE: [EndpointName; 5] = ["ec2messages", "logs", "s3", "ssm", "ssmmessages"];
/// What a node of a private EKS cluster calls beside pulling images.
/// <https://docs.aws.amazon.com/eks/latest/userguide/private-clusters.html>
const NODE: [EndpointName; 3] = ["ec2", "elasticloadbalancing", "logs"];
/// What Fargate asks for in Regions that opened after 2023-12-23.
/// <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/vpc-endpoints.html>
const ECS_AGENT: [EndpointName; 3] = ["ecs", "ecs-agent", "ecs-telemetry"];
/// Those Regions; ca-west-1, which opened days before, is named on the same page.
const AFTER_2023: [&str; 6] = [
    "ap-east-2",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "ca-west-1",
    "mx-central-1",
];

/// The endpoints that the API with this IAM prefix is reached through; none where the table does
/// not know it.
pub fn of_prefix(prefix: &str) -> Option<&'static [EndpointName]> {
    let found = BY_PREFIX.iter().find(|(known, _)| *known == prefix);
    found.map(|(_, endpoints)| *endpoints)
}

/// The IAM prefix of a target of access: `dynamodb` of `dynamodb:table/customers` or of an ARN.
pub fn prefix(target: &str) -> Option<&str> {
    match target.strip_prefix("arn:") {
        Some(rest) => rest.split(':').nth(1),
        None => target.split(':').next(),
    }
}

impl Network {
    /// Whether the environment makes endpoints of its own: those of an existing VPC belong to
    /// whoever made it.
    pub fn makes_endpoints(&self) -> bool {
        self.vpc.is_none() && self.endpoints == Endpoints::Auto
    }
}

impl Region {
    /// The name of an endpoint service in the Region; the AWS-managed prefix list of a gateway is
    /// called the same.
    pub fn endpoint_service(&self, name: &str) -> String {
        format!("com.amazonaws.{self}.{name}")
    }
}

impl Runtime {
    /// What a service's own interface calls because of what runs it.
    fn own_endpoints(&self, region: &Region) -> BTreeSet<EndpointName> {
        match self {
            Self::EcsFargate => {
                let agent = AFTER_2023.contains(&region.as_str()).then_some(ECS_AGENT);
                let agent = agent.into_iter().flatten();
                IMAGES.into_iter().chain(["logs"]).chain(agent).collect()
            }
            Self::Ec2 => INSTANCE.into(),
            Self::EksIrsa { .. } => ["sts"].into(),
            // Lambda logs for its functions, and the node's agent asks for pods' credentials.
            Self::Lambda | Self::EksPodIdentity { .. } => BTreeSet::new(),
        }
    }

    /// What the nodes that run a service call for it.
    fn node_endpoints(&self) -> BTreeSet<EndpointName> {
        let nodes = IMAGES.into_iter().chain(NODE);
        match self {
            Self::EksPodIdentity { .. } => nodes.chain(["eks-auth"]).collect(),
            Self::EksIrsa { .. } => nodes.collect(),
            Self::Lambda | Self::EcsFargate | Self::Ec2 => BTreeSet::new(),
        }
    }

    /// Whether nodes run it whose roles no specification declares.
    pub fn has_nodes(&self) -> bool {
        matches!(self, Self::EksPodIdentity { .. } | Self::EksIrsa { .. })
    }
}

impl Service {
    /// The endpoints that its own interfaces reach: of its runtime and of its declared access.
    pub fn endpoints(&self, region: &Region) -> BTreeSet<EndpointName> {
        let invokes = self.calls.iter().any(|call| call.listener.is_none());
        let mut found = self.runtime.own_endpoints(region);
        found.extend(invokes.then_some("lambda"));
        let known = self.prefixes().into_iter().filter_map(of_prefix);
        found.extend(known.flatten());
        found
    }

    /// The IAM prefixes of its declared access.
    pub fn prefixes(&self) -> BTreeSet<&str> {
        let targets = self.access.iter();
        targets.filter_map(|access| prefix(&access.to)).collect()
    }
}

impl Environment {
    /// The endpoints that its services need, whoever makes them.
    pub fn endpoints(&self) -> BTreeSet<EndpointName> {
        let alive = self.services.values().filter(|service| service.is_alive());
        alive
            .flat_map(|service| {
                let own = service.endpoints(&self.region).into_iter();
                own.chain(service.runtime.node_endpoints())
            })
            .collect()
    }

    /// IAM prefixes of declared access that the table of endpoints does not know.
    pub fn without_endpoint(&self) -> BTreeSet<&str> {
        let alive = self.services.values().filter(|service| service.is_alive());
        alive
            .flat_map(Service::prefixes)
            .filter(|prefix| of_prefix(prefix).is_none())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn the_table_is_sorted_and_names_each_service_once() {
        let prefixes: Vec<&str> = BY_PREFIX.iter().map(|(prefix, _)| *prefix).collect();
        let sorted: BTreeSet<&str> = prefixes.iter().copied().collect();
        assert_eq!(prefixes, sorted.into_iter().collect::<Vec<_>>());
    }

    #[test]
    fn a_target_names_its_service() {
        assert_eq!(prefix("dynamodb:table/customers"), Some("dynamodb"));
        assert_eq!(prefix("arn:aws:sqs:eu-west-1:111122223333:q"), Some("sqs"));
    }

    #[test]
    fn fargate_asks_for_its_agent_in_young_regions_only() {
        let of = |region: &str| {
            let region: Region = region.parse().unwrap();
            Runtime::EcsFargate.own_endpoints(&region)
        };
        assert_eq!(of("eu-west-1"), ["ecr.api", "ecr.dkr", "logs", "s3"].into());
        assert!(of("ca-west-1").contains("ecs-telemetry"));
    }

    #[test]
    fn a_database_in_the_vpc_needs_no_endpoint() {
        assert_eq!(of_prefix("rds-db"), Some([].as_slice()));
        assert_eq!(of_prefix("nonsense"), None);
    }
}
