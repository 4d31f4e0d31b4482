//! Linking: every id that the account showed becomes the address that it belongs to.
//! What matches no address stays a visible literal: a deleted principal, a foreign group.

use std::collections::BTreeMap;

use super::{Ids, PhysicalId};
use crate::{
    model::{Address, KindName},
    resource::{Linked, Ref, Resources, SecurityGroupRule},
};

/// Links all references, inside policy documents too, and names the rules after what they link.
pub fn link(resources: Resources, ids: Ids) -> (Resources, Ids) {
    rename_rules(link_to(resources, &ids), ids)
}

/// Links all references of resources that need not be those that the ids belong to.
pub fn link_to(mut resources: Resources, ids: &Ids) -> Resources {
    resolve(&mut resources, &index(ids));
    let named = named_beforehand(ids);
    // What these kinds name they name outside of documents: there it is a reference.
    resolve(&mut resources.config_recorder, &named);
    resolve(&mut resources.flow_log, &named);
    resolve(&mut resources.metric_alarm, &named);
    resolve(&mut resources.trail, &named);
    for bucket in resources.s3_bucket.values_mut() {
        resolve(&mut bucket.logging, &named);
    }
    resources
}

/// Links what is no resource and names keys and roles all the same.
pub fn link_each(linked: &mut impl Linked, ids: &Ids) {
    resolve(linked, &index(ids));
}

fn resolve(linked: &mut impl Linked, known: &BTreeMap<&str, &Address>) {
    linked.each_ref(&mut |reference| {
        if let Ref::Literal(text) = reference
            && let Some(address) = known.get(text.as_str())
        {
            *reference = Ref::To((*address).clone());
        }
    });
}

/// The opposite of linking, for a resource that was deleted: a policy whose principal it was shows
/// the id that nobody can resolve any more; a condition or a resource goes on to name it by its ARN.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>
pub fn unlink(resources: &mut Resources, address: &Address, gone: &PhysicalId) {
    let Some(unique) = &gone.unique_id else {
        return;
    };
    let name = |text: &str| {
        let text = text.to_owned();
        move |reference: &mut Ref| {
            if reference.address() == Some(address) {
                *reference = Ref::literal(text.as_str());
            }
        }
    };
    if let Some(arn) = &gone.arn {
        resources.each_text_ref(&mut name(arn));
    }
    resources.each_ref(&mut name(unique));
}

/// ARNs and ids that cannot be mistaken for anything else; role names and the like are not.
/// A log group needs its key to exist, and the key's policy names the group: its ARN is known
/// beforehand, and a reference would close the circle. Stores are named in policies as the
/// specification names them, which holds whether they exist or not.
fn index(ids: &Ids) -> BTreeMap<&str, &Address> {
    let arns = ids
        .iter()
        .filter(|(address, _)| !is_known_beforehand(address.kind))
        .filter_map(|(address, id)| Some((id.arn.as_deref()?, address)));
    let opaque = ids
        .iter()
        .filter(|(address, _)| is_opaque(address.kind))
        .map(|(address, id)| (id.id.as_str(), address));
    arns.chain(opaque).collect()
}

/// The ARNs that are known before anything exists.
fn named_beforehand(ids: &Ids) -> BTreeMap<&str, &Address> {
    let named = ids
        .iter()
        .filter(|(address, _)| is_known_beforehand(address.kind));
    named
        .filter_map(|(address, id)| Some((id.arn.as_deref()?, address)))
        .collect()
}

/// Whether documents name resources of the kind by the ARN that they will have.
fn is_known_beforehand(kind: KindName) -> bool {
    use KindName::{
        DynamodbTable, LogGroup, OidcProvider, S3Bucket, Secret, SnsTopic, SqsQueue, Trail,
    };
    matches!(
        kind,
        DynamodbTable | LogGroup | OidcProvider | S3Bucket | Secret | SnsTopic | SqsQueue | Trail
    )
}

/// Whether ids of the kind cannot be mistaken for anything else.
fn is_opaque(kind: KindName) -> bool {
    Resources::profile(kind).id_prefix.is_some()
}

/// A rule is named by what it allows, which is known only once its groups are linked.
fn rename_rules(mut resources: Resources, mut ids: Ids) -> (Resources, Ids) {
    let rules = std::mem::take(&mut resources.security_group_rule);
    for (name, rule) in rules {
        let old = Address::new(<SecurityGroupRule as crate::resource::Kind>::NAME, name);
        let new = rule.logical_name();
        if let Some(id) = ids.remove(&old) {
            ids.insert(Address::new(old.kind, new.as_str()), id);
        }
        resources.security_group_rule.insert(new, rule);
    }
    (resources, ids)
}
