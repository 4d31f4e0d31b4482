//! Hard limits of AWS, checked before anything is planned: what exceeds, and by how much.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Problem;
use crate::{
    iam::{PolicyDocument, grammar},
    model::{Address, Environment, Ids, KindName, PhysicalId},
    resource::{Flow, Ref, Resources},
};

/// Characters of a trust policy, without white space.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>
const TRUST: usize = 2_048;
/// Characters of all inline policies of a role.
const INLINE: usize = 10_240;
/// Characters of a managed policy.
const MANAGED: usize = 6_144;
/// Bytes of a key policy.
/// <https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html>
const KEY_POLICY: usize = 32_768;
/// Rules of a security group in each direction, by default.
/// <https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html>
const RULES: usize = 60;
/// In place of what AWS makes up.
const UNKNOWN: &str = "00000000000000000000000000000000";

/// Everything that AWS would refuse for its size.
pub fn problems(environment: &Environment, resources: &Resources) -> Vec<Problem> {
    let sizes = Sizes {
        environment,
        resources,
    };
    let mut found = Vec::new();
    for (name, policy) in &resources.iam_policy {
        let size = policy
            .document
            .known()
            .map_or(0, |document| sizes.of(document));
        found.extend(over(KindName::IamPolicy, name, "policy", size, MANAGED));
    }
    for (name, role) in &resources.iam_role {
        let trust = role.trust.known().map_or(0, |document| sizes.of(document));
        let inline = role.inline.known().into_iter().flatten();
        let inline: usize = inline.map(|(_, document)| sizes.of(document)).sum();
        found.extend(over(KindName::IamRole, name, "trust policy", trust, TRUST));
        found.extend(over(
            KindName::IamRole,
            name,
            "inline policies",
            inline,
            INLINE,
        ));
    }
    for (name, key) in &resources.kms_key {
        let size = key.policy.known().map_or(0, |document| sizes.of(document));
        found.extend(over(KindName::KmsKey, name, "key policy", size, KEY_POLICY));
    }
    found.extend(crowded_groups(resources));
    found
}

fn over(kind: KindName, name: &str, what: &str, size: usize, limit: usize) -> Option<Problem> {
    (size > limit).then(|| Problem {
        service: None,
        field: "limits",
        message: format!(
            "{kind}/{name}: its {what} would have {size} characters, {} more than the {limit} \
             that AWS accepts; declare less access, or split the service",
            size - limit
        ),
    })
}

fn crowded_groups(resources: &Resources) -> Vec<Problem> {
    let mut rules: BTreeMap<(&Ref, Flow), usize> = BTreeMap::new();
    for rule in resources.security_group_rule.values() {
        *rules.entry((&rule.group, rule.flow)).or_default() += 1;
    }
    rules
        .into_iter()
        .filter(|(_, count)| *count > RULES)
        .map(|((group, flow), count)| Problem {
            service: None,
            field: "limits",
            message: format!(
                "{group} would have {count} {flow} rules, {} more than the {RULES} that AWS \
                 accepts by default; have fewer callers, or put a service in between",
                count - RULES
            ),
        })
        .collect()
}

struct Sizes<'a> {
    environment: &'a Environment,
    resources: &'a Resources,
}

impl Sizes<'_> {
    /// Characters as IAM counts them: compact JSON.
    fn of(&self, document: &PolicyDocument) -> usize {
        let arn = |address: &Address| expected_arn(self.environment, self.resources, address);
        grammar::write(document, &arn).map_or(0, |value: Value| value.to_string().len())
    }
}

/// The ARN that a resource will have; where only AWS knows it, one of the same length.
pub fn expected_arn(
    environment: &Environment,
    resources: &Resources,
    address: &Address,
) -> Option<String> {
    let home = environment.home();
    let id = resources.physical_id(address, &home, UNKNOWN)?;
    Some(id.arn.unwrap_or(id.id))
}

/// The ids of resources that are named, not numbered: they are known before they exist.
pub fn expected_ids(environment: &Environment, resources: &Resources) -> Ids {
    let named = |kind| Resources::profile(kind).is_some_and(|kind| kind.named);
    let addresses = resources.addresses().into_iter();
    addresses
        .filter(|address| named(address.kind))
        .filter_map(|address| {
            let home = environment.home();
            let id = resources.physical_id(&address, &home, UNKNOWN)?;
            // What only AWS makes up is not known.
            let id = PhysicalId {
                unique_id: None,
                ..id
            };
            Some((address, id))
        })
        .collect()
}
