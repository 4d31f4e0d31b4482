//! Sending: one call of a plan becomes one request, or the few that AWS needs for it.
//! References are resolved here and nowhere else.

mod access_analyzer;
mod account_public_access_block;
mod config_recorder;
mod dynamodb_table;
mod ebs_encryption;
mod ec2;
mod elastic_ip;
mod flow_log;
mod guardduty_detector;
mod iam_policy;
mod iam_role;
mod instance_profile;
mod internet_gateway;
mod kms_key;
mod log_group;
mod metric_alarm;
mod metric_filter;
mod nat_gateway;
mod network_acl;
mod oidc_provider;
mod password_policy;
mod pod_identity_association;
mod route_table;
mod s3_bucket;
mod secret;
mod security_group;
mod security_group_rule;
mod service_linked_role;
mod sns_topic;
mod sqs_queue;
mod subnet;
mod trail;
mod vpc;
mod vpc_endpoint;

use super::{Aws, client::Clients, error::Refusal};
use crate::{
    account::{CallError, CallErrorKind},
    iam::{PolicyDocument, grammar},
    model::{Address, Tags},
    resource::{Call, Read, Ref},
    snapshot::{Ids, PhysicalId},
};

/// What a call made, if it made something.
type Sent = Result<Option<PhysicalId>, Refusal>;

/// Sends one call; taking away what is gone already is a success.
pub(super) async fn send(
    aws: &Aws,
    address: &Address,
    call: &Call,
    ids: &Ids,
) -> Result<Option<PhysicalId>, CallError> {
    let api = call.api();
    aws.wire.pace().learn(api);
    let order = Order {
        clients: aws.clients_of(address),
        address,
        ids,
    };
    let sent = match call {
        Call::Vpc(call) => vpc::send(&order, call).await,
        Call::Subnet(call) => subnet::send(&order, call).await,
        Call::RouteTable(call) => route_table::send(&order, call).await,
        Call::NetworkAcl(call) => network_acl::send(&order, call).await,
        Call::InternetGateway(call) => internet_gateway::send(&order, call).await,
        Call::ElasticIp(call) => elastic_ip::send(&order, call).await,
        Call::NatGateway(call) => nat_gateway::send(&order, call).await,
        Call::VpcEndpoint(call) => vpc_endpoint::send(&order, call).await,
        Call::FlowLog(call) => flow_log::send(&order, call).await,
        Call::DynamodbTable(call) => dynamodb_table::send(&order, call).await,
        Call::IamPolicy(call) => iam_policy::send(&order, call).await,
        Call::IamRole(call) => iam_role::send(&order, call).await,
        Call::InstanceProfile(call) => instance_profile::send(&order, call).await,
        Call::OidcProvider(call) => oidc_provider::send(&order, call).await,
        Call::ServiceLinkedRole(call) => service_linked_role::send(&order, call).await,
        Call::PodIdentityAssociation(call) => pod_identity_association::send(&order, call).await,
        Call::KmsKey(call) => kms_key::send(&order, call).await,
        Call::LogGroup(call) => log_group::send(&order, call).await,
        Call::Secret(call) => secret::send(&order, call).await,
        Call::S3Bucket(call) => s3_bucket::send(&order, call).await,
        Call::Trail(call) => trail::send(&order, call).await,
        Call::SecurityGroup(call) => security_group::send(&order, call).await,
        Call::SecurityGroupRule(call) => security_group_rule::send(&order, call).await,
        Call::SqsQueue(call) => sqs_queue::send(&order, call).await,
        Call::SnsTopic(call) => sns_topic::send(&order, call).await,
        Call::MetricFilter(call) => metric_filter::send(&order, call).await,
        Call::MetricAlarm(call) => metric_alarm::send(&order, call).await,
        Call::AccountPublicAccessBlock(call) => {
            account_public_access_block::send(&order, call).await
        }
        Call::EbsEncryption(call) => ebs_encryption::send(&order, call).await,
        Call::PasswordPolicy(call) => password_policy::send(&order, call).await,
        Call::AccessAnalyzer(call) => access_analyzer::send(&order, call).await,
        Call::GuarddutyDetector(call) => guardduty_detector::send(&order, call).await,
        Call::ConfigRecorder(call) => config_recorder::send(&order, call).await,
    };
    match sent.map_err(|refusal| refusal.call_error(api, call.removes())) {
        Err(error) if error.kind == CallErrorKind::Gone => Ok(None),
        sent => sent,
    }
}

/// A call's address and what its references mean.
struct Order<'a> {
    clients: &'a Clients,
    address: &'a Address,
    ids: &'a Ids,
}

impl Order<'_> {
    /// The physical id of the resource itself.
    fn own_id(&self) -> Result<&str, Refusal> {
        self.physical(self.address).map(|id| id.id.as_str())
    }

    /// The ARN of the resource itself.
    fn own_arn(&self) -> Result<String, Refusal> {
        self.arn(&Ref::To(self.address.clone()))
    }

    fn physical(&self, address: &Address) -> Result<&PhysicalId, Refusal> {
        self.ids
            .get(address)
            .ok_or_else(|| Refusal::own(format!("{address} does not exist yet")))
    }

    /// What API calls take for a reference.
    fn id(&self, reference: &Ref) -> Result<String, Refusal> {
        match reference {
            Ref::To(address) => self.physical(address).map(|id| id.id.clone()),
            Ref::Literal(text) => Ok(text.clone()),
        }
    }

    /// The name of a role or of anything else whose ARN ends in its name.
    fn name(&self, reference: &Ref) -> Result<String, Refusal> {
        match reference {
            Ref::To(address) => self.physical(address).map(|id| id.id.clone()),
            Ref::Literal(text) => Ok(text.rsplit('/').next().unwrap_or(text).to_owned()),
        }
    }

    /// The ARN of a reference.
    fn arn(&self, reference: &Ref) -> Result<String, Refusal> {
        match reference {
            Ref::To(address) => self
                .physical(address)?
                .arn
                .clone()
                .ok_or_else(|| Refusal::own(format!("{address} has no ARN"))),
            Ref::Literal(text) => Ok(text.clone()),
        }
    }

    /// A document as AWS takes it, with ARNs for addresses.
    fn document(&self, document: &PolicyDocument) -> Result<String, Refusal> {
        let arn = |address: &Address| self.ids.get(address)?.arn.clone();
        Ok(grammar::write(document, &arn)?.to_string())
    }
}

/// A value that the call sets: only what is known can be sent.
fn wanted<'a, T>(read: &'a Read<T>, field: &str) -> Result<&'a T, Refusal> {
    read.known()
        .ok_or_else(|| Refusal::own(format!("the wanted {field} is unknown")))
}

/// Tags as the builders of an SDK make them.
fn tag_list<T, E>(
    tags: &Tags,
    build: impl Fn(&str, &str) -> Result<T, E>,
) -> Result<Vec<T>, Refusal>
where
    Refusal: From<E>,
{
    tags.iter()
        .map(|(key, value)| build(key, value).map_err(Refusal::from))
        .collect()
}
