//! Observes the roles under our path: two listings, each showing what the other does not.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_iam::types::{Role, RoleDetail};

use super::{
    Target,
    documents::encoded,
    found::{Candidate, Found},
    iam::{DETAILS, Details, ROLES},
    tags::tags,
};
use crate::{
    account::aws::error::malformed,
    iam::PolicyDocument,
    resource::{IamRole, Read, Ref, Unread},
    snapshot::PhysicalId,
};

/// The roles of the environment, from whichever listing could be read.
pub fn observe(
    details: &Read<Details>,
    roles: &Read<Vec<Role>>,
    target: &Target,
) -> Found<IamRole> {
    let path = target.naming.path();
    let detailed: Read<BTreeMap<&str, &RoleDetail>> = details.as_ref().map(|details| {
        let roles = details.roles.iter();
        let ours = roles.filter(|role| role.path().is_some_and(|p| p.starts_with(&path)));
        ours.filter_map(|role| Some((role.role_name()?, role)))
            .collect()
    });
    let listed: Read<BTreeMap<&str, &Role>> = roles
        .as_ref()
        .map(|roles| roles.iter().map(|role| (role.role_name(), role)).collect());
    if let (Read::Unread(why), Read::Unread(_)) = (&detailed, &listed) {
        return Found::unread(why.clone());
    }
    let names: BTreeSet<&str> = keys(&detailed).chain(keys(&listed)).collect();
    let candidates = names.into_iter().filter_map(|name| {
        Sight {
            detail: one(&detailed, name, DETAILS),
            listed: one(&listed, name, ROLES),
        }
        .candidate(name, target)
    });
    Found::gather(candidates, &target.environment)
}

fn keys<'a, T>(read: &'a Read<BTreeMap<&'a str, T>>) -> impl Iterator<Item = &'a str> {
    read.known().into_iter().flat_map(|map| map.keys().copied())
}

/// One role of a listing; what only the other listing shows appeared between the two.
fn one<T: Copy>(read: &Read<BTreeMap<&str, T>>, name: &str, call: &str) -> Read<T> {
    match read {
        Read::Known(map) => map.get(name).copied().map_or_else(
            || Read::Unread(malformed(call, format!("{name} was not in the answer"))),
            Read::Known,
        ),
        Read::Unread(why) => Read::Unread(why.clone()),
    }
}

/// One role as the two listings show it.
struct Sight<'a> {
    detail: Read<&'a RoleDetail>,
    listed: Read<&'a Role>,
}

impl Sight<'_> {
    fn candidate(&self, name: &str, target: &Target) -> Option<Candidate<IamRole>> {
        let tags = self
            .detail
            .facet(|role| Ok(tags(role.tags().iter().map(|tag| (tag.key(), tag.value())))));
        Some(Candidate {
            named: Some(target.logical(name)),
            tags: tags.clone(),
            id: self.id(name)?,
            resource: IamRole {
                name: name.to_owned(),
                path: self.path()?,
                trust: self.trust(),
                boundary: self.detail.facet(|role| Ok(boundary(role))),
                inline: self.detail.facet(inline),
                managed: self.detail.facet(managed),
                description: self
                    .listed
                    .facet(|role| Ok(role.description().unwrap_or_default().to_owned())),
                max_session_seconds: self.listed.facet(|role| {
                    Ok(role
                        .max_session_duration()
                        .and_then(|seconds| u32::try_from(seconds).ok())
                        .unwrap_or(DEFAULT_SESSION_SECONDS))
                }),
                tags,
            },
        })
    }

    fn id(&self, name: &str) -> Option<PhysicalId> {
        let (arn, unique_id) = match (&self.detail, &self.listed) {
            (Read::Known(role), _) => (role.arn()?, role.role_id()?),
            (_, Read::Known(role)) => (role.arn(), role.role_id()),
            _ => return None,
        };
        Some(PhysicalId {
            id: name.to_owned(),
            arn: Some(arn.to_owned()),
            unique_id: Some(unique_id.to_owned()),
        })
    }

    fn path(&self) -> Option<String> {
        match (&self.detail, &self.listed) {
            (Read::Known(role), _) => role.path().map(str::to_owned),
            (_, Read::Known(role)) => Some(role.path().to_owned()),
            _ => None,
        }
    }

    /// Both listings show the trust policy.
    fn trust(&self) -> Read<PolicyDocument> {
        match (&self.detail, &self.listed) {
            (Read::Unread(_), Read::Known(role)) => {
                encoded(ROLES, role.assume_role_policy_document())
                    .map_or_else(Read::Unread, Read::Known)
            }
            (detail, _) => {
                detail.facet(|role| encoded(DETAILS, role.assume_role_policy_document()))
            }
        }
    }
}

/// What IAM assumes where no longest session is set.
const DEFAULT_SESSION_SECONDS: u32 = 3600;

fn boundary(role: &RoleDetail) -> Option<Ref> {
    role.permissions_boundary()?
        .permissions_boundary_arn()
        .map(Ref::literal)
}

fn inline(role: &RoleDetail) -> Result<BTreeMap<String, PolicyDocument>, Unread> {
    role.role_policy_list()
        .iter()
        .map(|policy| {
            let name = policy
                .policy_name()
                .ok_or_else(|| malformed(DETAILS, "an inline policy without name"))?;
            Ok((name.to_owned(), encoded(DETAILS, policy.policy_document())?))
        })
        .collect()
}

fn managed(role: &RoleDetail) -> Result<BTreeSet<Ref>, Unread> {
    role.attached_managed_policies()
        .iter()
        .map(|policy| {
            let arn = policy.policy_arn();
            arn.map(Ref::literal)
                .ok_or_else(|| malformed(DETAILS, "an attached policy without ARN"))
        })
        .collect()
}

/// A facet out of a sight that was read.
trait Facet<'a, T: 'a> {
    fn facet<U>(&self, facet: impl FnOnce(&'a T) -> Result<U, Unread>) -> Read<U>;
}

impl<'a, T> Facet<'a, T> for Read<&'a T> {
    fn facet<U>(&self, facet: impl FnOnce(&'a T) -> Result<U, Unread>) -> Read<U> {
        match self {
            Read::Known(sight) => facet(sight).map_or_else(Read::Unread, Read::Known),
            Read::Unread(why) => Read::Unread(why.clone()),
        }
    }
}
