//! A small bank, as calls: what the wire tests create and change.

use std::collections::{BTreeMap, BTreeSet};

use strongroom::{
    iam::{PolicyDocument, Statement},
    model::{Address, KindName, TagKey, Tags},
    resource::{
        Call, Flow, IamPolicy, IamPolicyCall, IamRole, IamRoleCall, KeyState, KmsKey, KmsKeyCall,
        LogGroup, LogGroupCall, PortRange, Ref, Rotation, SecurityGroup, SecurityGroupCall,
        SecurityGroupRule, SecurityGroupRuleCall,
    },
};

use crate::moto::{ENVIRONMENT, Moto};

/// One call on one resource.
pub type Step = (Address, Call);

/// A call on the resource `name` of `kind`.
pub fn step(kind: KindName, name: &str, call: impl Into<Call>) -> Step {
    (Address::new(kind, name), call.into())
}

/// Tags of a service.
pub fn tags(service: &str) -> Tags {
    [
        (TagKey::ENVIRONMENT, ENVIRONMENT),
        (TagKey::SERVICE, service),
    ]
    .map(|(key, value)| (key.to_owned(), value.to_owned()))
    .into()
}

/// A document with one statement.
pub fn document(sid: &'static str, action: &str, resource: Ref) -> PolicyDocument {
    PolicyDocument::new([(sid, Statement::allow([action]).on([resource]))])
}

/// The trust of a Lambda function's role.
pub fn trust(service: &str) -> PolicyDocument {
    let statement = Statement::allow(["sts:AssumeRole"]).by_service(service);
    PolicyDocument::new([("Runtime", statement)])
}

/// The permissions boundary.
pub fn boundary() -> Step {
    let policy = IamPolicy {
        name: format!("{ENVIRONMENT}-boundary"),
        path: format!("/strongroom/{ENVIRONMENT}/"),
        document: document("Ceiling", "s3:*", Ref::literal("*")).into(),
        tags: Tags::from([(TagKey::ENVIRONMENT.to_owned(), ENVIRONMENT.to_owned())]).into(),
    };
    let call = IamPolicyCall::Create(Box::new(policy));
    step(KindName::IamPolicy, "boundary", call)
}

/// The workload role of a service, without boundary.
pub fn role(service: &str) -> Step {
    let role = IamRole {
        name: format!("{ENVIRONMENT}-{service}-v1"),
        path: format!("/strongroom/{ENVIRONMENT}/"),
        trust: trust("lambda.amazonaws.com").into(),
        boundary: None.into(),
        inline: BTreeMap::new().into(),
        managed: BTreeSet::new().into(),
        description: format!("Workload of {service}").into(),
        max_session_seconds: 3600.into(),
        tags: tags(service).into(),
    };
    let call = IamRoleCall::Create(Box::new(role));
    step(KindName::IamRole, &format!("{service}-v1"), call)
}

/// A key policy that the service's role may use the key by.
pub fn key_policy(moto: &Moto, service: &str) -> PolicyDocument {
    let root = Ref::literal(format!("arn:aws:iam::{}:root", moto.account));
    let role = Ref::to(KindName::IamRole, format!("{service}-v1"));
    PolicyDocument::new([
        ("Admin", Statement::allow(["kms:*"]).by([root]).on_any()),
        ("Use", Statement::allow(["kms:Decrypt"]).by([role]).on_any()),
    ])
}

/// The key of a service.
pub fn key(moto: &Moto, service: &str) -> Step {
    let key = KmsKey {
        alias: None.into(),
        description: format!("Key of {service}").into(),
        state: KeyState::Enabled.into(),
        spec: "SYMMETRIC_DEFAULT".to_owned().into(),
        origin: "AWS_KMS".to_owned().into(),
        multi_region: false.into(),
        policy: key_policy(moto, service).into(),
        rotation: Rotation::OFF.into(),
        grants: BTreeMap::new().into(),
        tags: tags(service).into(),
    };
    let call = KmsKeyCall::Create(Box::new(key));
    step(KindName::KmsKey, service, call)
}

/// The alias of a service's key.
pub fn alias(service: &str) -> Step {
    let alias = format!("alias/strongroom/{ENVIRONMENT}/{service}");
    step(KindName::KmsKey, service, KmsKeyCall::PutAlias(alias))
}

/// The log group of a service, under its key.
pub fn log_group(service: &str) -> Step {
    let group = LogGroup {
        name: format!("/strongroom/{ENVIRONMENT}/{service}"),
        class: "STANDARD".to_owned().into(),
        kms_key: Some(Ref::to(KindName::KmsKey, service)).into(),
        retention_days: None.into(),
        deletion_protected: false.into(),
        tags: tags(service).into(),
    };
    let call = LogGroupCall::Create(Box::new(group));
    step(KindName::LogGroup, service, call)
}

/// The security group of a service.
pub fn group(service: &str) -> Step {
    let group = SecurityGroup {
        name: format!("{ENVIRONMENT}-{service}-v1"),
        description: format!("Group of {service}"),
        vpc: Ref::to(KindName::Vpc, ENVIRONMENT),
        default_egress: true.into(),
        tags: tags(service).into(),
    };
    let call = SecurityGroupCall::Create(Box::new(group));
    step(KindName::SecurityGroup, &format!("{service}-v1"), call)
}

/// A rule of a service's group.
pub fn rule(service: &str, flow: Flow, peer: Ref, description: &str) -> SecurityGroupRule {
    SecurityGroupRule {
        group: Ref::to(KindName::SecurityGroup, format!("{service}-v1")),
        flow,
        protocol: "tcp".to_owned(),
        ports: Some(PortRange::single(8443)),
        peer,
        description: description.to_owned().into(),
    }
}

/// The call that creates a rule.
pub fn authorize(rule: &SecurityGroupRule) -> Step {
    let call = SecurityGroupRuleCall::Authorize(Box::new(rule.clone()));
    step(KindName::SecurityGroupRule, &rule.logical_name(), call)
}

/// Everything that a service has.
pub fn service(moto: &Moto, name: &str) -> Vec<Step> {
    let anywhere = Ref::literal("203.0.113.0/24");
    vec![
        role(name),
        key(moto, name),
        alias(name),
        log_group(name),
        group(name),
        authorize(&rule(name, Flow::Egress, anywhere, "partner")),
    ]
}

/// Makes the VPC of an environment beside Strongroom, under the name and tag that it looks for.
pub async fn vpc(moto: &Moto, environment: &str) -> String {
    use aws_sdk_ec2::types::{ResourceType, Tag, TagSpecification};
    let tag = Tag::builder().key(TagKey::ENVIRONMENT).value(environment);
    let name = Tag::builder().key("Name");
    let name = name.value(format!("{environment}-{environment}"));
    let tags = TagSpecification::builder()
        .resource_type(ResourceType::Vpc)
        .tags(tag.build())
        .tags(name.build());
    let made = aws_sdk_ec2::Client::new(&moto.config())
        .create_vpc()
        .cidr_block("10.40.0.0/16")
        .tag_specifications(tags.build())
        .send()
        .await
        .expect("moto makes a VPC");
    let id = made.vpc().and_then(|vpc| vpc.vpc_id());
    id.expect("an id").to_owned()
}
