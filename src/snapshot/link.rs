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
    let known = index(ids);
    resources.each_ref(&mut |reference| {
        if let Ref::Literal(text) = reference
            && let Some(address) = known.get(text.as_str())
        {
            *reference = Ref::To((*address).clone());
        }
    });
    resources
}

/// The opposite of linking, for a resource that was deleted: a policy that named a role shows the
/// id that nobody can resolve any more; whatever else it was named by is gone with it.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>
pub fn unlink(resources: &mut Resources, address: &Address, gone: &PhysicalId) {
    let Some(unique) = &gone.unique_id else {
        return;
    };
    resources.each_ref(&mut |reference| {
        if reference.address() == Some(address) {
            *reference = Ref::literal(unique.as_str());
        }
    });
}

/// ARNs and ids that cannot be mistaken for anything else; role names and the like are not.
/// A log group needs its key to exist, and the key's policy names the group: its ARN is known
/// beforehand, and a reference would close the circle.
fn index(ids: &Ids) -> BTreeMap<&str, &Address> {
    let arns = ids
        .iter()
        .filter(|(address, _)| address.kind != KindName::LogGroup)
        .filter_map(|(address, id)| Some((id.arn.as_deref()?, address)));
    let opaque = ids
        .iter()
        .filter(|(address, _)| is_opaque(address.kind))
        .map(|(address, id)| (id.id.as_str(), address));
    arns.chain(opaque).collect()
}

/// Whether ids of the kind cannot be mistaken for anything else.
fn is_opaque(kind: KindName) -> bool {
    let prefixed = Resources::profile(kind).is_some_and(|kind| kind.id_prefix.is_some());
    kind == KindName::Vpc || prefixed
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
