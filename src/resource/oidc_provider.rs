//! An OpenID Connect provider: whose tokens IAM accepts, as those of an EKS cluster.
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetOpenIDConnectProvider.html>

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{
    Api, Aspect, Direction, FieldChange, Kind, Read, Sides, linked,
    tagging::{self, TagChange},
};
use crate::model::{Address, Home, KindName, PhysicalId, Tags};

/// An OpenID Connect provider.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OidcProvider {
    /// The issuer without its scheme.
    pub issuer: String,
    /// The audiences that are accepted.
    pub audiences: Read<BTreeSet<String>>,
    /// Tags.
    pub tags: Read<Tags>,
}

linked!(OidcProvider {});

/// A call on an OpenID Connect provider.
#[derive(Debug, Clone, PartialEq)]
pub enum OidcProviderCall {
    /// CreateOpenIDConnectProvider with audiences and tags.
    Create(Box<OidcProvider>),
    /// AddClientIDToOpenIDConnectProvider.
    AddAudience(String),
    /// RemoveClientIDFromOpenIDConnectProvider.
    RemoveAudience(String),
    /// TagOpenIDConnectProvider.
    Tag(Tags),
    /// UntagOpenIDConnectProvider.
    Untag(BTreeSet<String>),
    /// DeleteOpenIDConnectProvider.
    Delete,
}

impl Kind for OidcProvider {
    const NAME: KindName = KindName::OidcProvider;
    const ASPECT: Aspect = Aspect::Access;
    const IMMUTABLE: &'static [&'static str] = &["issuer"];
    const LISTING: &'static str = "iam:ListOpenIDConnectProviders";
    const NAMED: bool = true;
    const HELD: bool = false;
    type Call = OidcProviderCall;

    fn create_needs(&self) -> BTreeSet<Address> {
        BTreeSet::new()
    }

    fn physical_id(&self, home: &Home, _: &str) -> PhysicalId {
        let arn = home.global_arn("iam", &format!("oidc-provider/{}", self.issuer));
        PhysicalId::with_arn(&arn, &arn)
    }

    fn create(&self) -> OidcProviderCall {
        OidcProviderCall::Create(Box::new(self.clone()))
    }

    fn settle(from: &Self, to: &Self) -> Vec<OidcProviderCall> {
        let mut calls = audience_calls(&from.audiences, &to.audiences);
        calls.extend(
            TagChange::between(&from.tags, &to.tags)
                .calls(OidcProviderCall::Tag, OidcProviderCall::Untag),
        );
        calls
    }

    fn delete(&self) -> Vec<OidcProviderCall> {
        vec![OidcProviderCall::Delete]
    }

    fn apply(state: Option<Self>, call: &OidcProviderCall) -> Option<Self> {
        if let OidcProviderCall::Create(provider) = call {
            return Some((**provider).clone());
        }
        let mut provider = state?;
        match call {
            OidcProviderCall::Create(_) | OidcProviderCall::Delete => return None,
            OidcProviderCall::AddAudience(name) => {
                alter(&mut provider.audiences, |all| all.insert(name.clone()))
            }
            OidcProviderCall::RemoveAudience(name) => {
                alter(&mut provider.audiences, |all| all.remove(name))
            }
            OidcProviderCall::Tag(tags) => tagging::set(&mut provider.tags, tags),
            OidcProviderCall::Untag(keys) => tagging::remove(&mut provider.tags, keys),
        }
        Some(provider)
    }

    fn api(call: &OidcProviderCall) -> Api {
        Api::iam(match call {
            OidcProviderCall::Create(_) => "CreateOpenIDConnectProvider",
            OidcProviderCall::AddAudience(_) => "AddClientIDToOpenIDConnectProvider",
            OidcProviderCall::RemoveAudience(_) => "RemoveClientIDFromOpenIDConnectProvider",
            OidcProviderCall::Tag(_) => "TagOpenIDConnectProvider",
            OidcProviderCall::Untag(_) => "UntagOpenIDConnectProvider",
            OidcProviderCall::Delete => "DeleteOpenIDConnectProvider",
        })
    }

    fn removes(call: &OidcProviderCall) -> bool {
        use OidcProviderCall::{Delete, RemoveAudience};
        matches!(call, Delete | RemoveAudience(_))
    }

    fn named(_: &OidcProviderCall) -> BTreeSet<Address> {
        BTreeSet::new()
    }

    fn direction(change: &FieldChange, _: Sides<'_>) -> Direction {
        match change.path.field() {
            "audiences" => Direction::access(change.after.is_some()),
            _ => Direction::Neutral,
        }
    }

    /// Whoever runs the cluster may accept more audiences and tag as they like.
    fn verify(self, live: &Self) -> Self {
        let audiences = match (self.audiences, &live.audiences) {
            (Read::Known(wanted), Read::Known(there)) => wanted.union(there).cloned().collect(),
            _ => return live.clone(),
        };
        Self {
            issuer: self.issuer,
            audiences: Read::Known(audiences),
            tags: live.tags.clone(),
        }
    }
}

fn audience_calls(
    from: &Read<BTreeSet<String>>,
    to: &Read<BTreeSet<String>>,
) -> Vec<OidcProviderCall> {
    let (Read::Known(from), Read::Known(to)) = (from, to) else {
        return Vec::new();
    };
    let added = to.difference(from).cloned();
    let removed = from.difference(to).cloned();
    added
        .map(OidcProviderCall::AddAudience)
        .chain(removed.map(OidcProviderCall::RemoveAudience))
        .collect()
}

fn alter(
    audiences: &mut Read<BTreeSet<String>>,
    change: impl FnOnce(&mut BTreeSet<String>) -> bool,
) {
    if let Read::Known(known) = audiences {
        change(known);
    }
}
