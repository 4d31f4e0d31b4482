//! The policies of a snapshot, ready for the evaluator: those of who asks, and of what is asked for.
//! What was not read is a gap with its reason; nothing is filled in.

use std::{collections::BTreeSet, sync::Arc};

use sha2::{Digest, Sha256};

use crate::{
    iam::{
        PolicyDocument,
        eval::{Context, EndpointKind, Glob, Grant, Policy, PolicyError},
        grammar,
    },
    model::{AccountId, Address, Home, KindName, PhysicalId},
    resource::{EndpointType, IamRole, KmsKey, Read, Ref, VpcEndpoint},
    snapshot::Snapshot,
};

/// The policies of a snapshot.
#[derive(Debug, Clone, Copy)]
pub struct Estate<'a> {
    snapshot: &'a Snapshot,
}

/// A policy and what people call it.
#[derive(Debug, Clone)]
pub struct Source {
    /// As `iam_role/login-v1, inline policy access`.
    pub name: String,
    /// The policy.
    pub policy: Arc<Policy>,
    /// The policy as AWS would hold it.
    pub text: Arc<str>,
}

/// What a role brings to a request.
#[derive(Debug, Clone, Default)]
pub struct CallerSide {
    /// Its identity policies.
    pub identity: Vec<Source>,
    /// Its boundary.
    pub boundary: Vec<Source>,
    /// The condition keys that its sessions have.
    pub context: Context,
    /// What was not read.
    pub gaps: BTreeSet<String>,
}

/// What a resource brings to a request.
#[derive(Debug, Clone, Default)]
pub struct ResourceSide {
    /// Its policy.
    pub policy: Option<Source>,
    /// The grants on it.
    pub grants: Vec<Grant>,
    /// What was not read.
    pub gaps: BTreeSet<String>,
}

/// What a VPC endpoint brings to the requests that come through it.
#[derive(Debug, Clone)]
pub struct EndpointSide {
    /// Its address.
    pub address: Address,
    /// Its id, as `vpce-…`.
    pub id: String,
    /// The id of its VPC.
    pub vpc: String,
    /// Gateway or interface.
    pub kind: EndpointKind,
    /// Its policy.
    pub policy: Option<Source>,
    /// What was not read.
    pub gaps: BTreeSet<String>,
}

impl<'a> Estate<'a> {
    /// The policies of a snapshot.
    pub fn of(snapshot: &'a Snapshot) -> Self {
        Self { snapshot }
    }

    /// The snapshot itself.
    pub fn snapshot(&self) -> &'a Snapshot {
        self.snapshot
    }

    /// The account that was looked at.
    pub fn account(&self) -> &'a AccountId {
        &self.snapshot.account
    }

    /// The ARN of a resource.
    pub fn arn(&self, address: &Address) -> Option<String> {
        self.id(address)?.arn
    }

    /// How AWS names a resource. One that does not exist yet is named as it will be; what AWS will
    /// make up in its id has a stand-in.
    pub fn id(&self, address: &Address) -> Option<PhysicalId> {
        let Snapshot {
            account,
            region,
            ids,
            ..
        } = self.snapshot;
        let home = Home {
            account: account.clone(),
            region: region.clone(),
        };
        let shown = ids.get(address).cloned();
        let resources = &self.snapshot.resources;
        shown.or_else(|| resources.physical_id(address, &home, &stand_in(address)))
    }

    /// What the role of this logical name brings.
    pub fn caller(&self, name: &str) -> Option<CallerSide> {
        let role = self.snapshot.resources.iam_role.get(name)?;
        let mut side = CallerSide::default();
        let address = Address::new(KindName::IamRole, name);
        self.add_inline(&mut side, &address, role);
        self.add_managed(&mut side, role);
        self.add_boundary(&mut side, role);
        self.add_keys(&mut side, &address, role);
        Some(side)
    }

    fn add_inline(&self, side: &mut CallerSide, address: &Address, role: &IamRole) {
        let Some(inline) = known(&role.inline, &mut side.gaps) else {
            return;
        };
        for (policy, document) in inline {
            let name = format!("{address}, inline policy {policy}");
            side.identity
                .extend(self.source(name, document, &mut side.gaps));
        }
    }

    fn add_managed(&self, side: &mut CallerSide, role: &IamRole) {
        for policy in known(&role.managed, &mut side.gaps).into_iter().flatten() {
            let source = self.managed(policy, &mut side.gaps);
            side.identity.extend(source);
        }
    }

    fn add_boundary(&self, side: &mut CallerSide, role: &IamRole) {
        if let Some(Some(boundary)) = known(&role.boundary, &mut side.gaps) {
            let source = self.managed(boundary, &mut side.gaps);
            side.boundary.extend(source);
        }
    }

    /// The keys of a session: the tags of its role, and the id that policies show once the role
    /// was deleted.
    fn add_keys(&self, side: &mut CallerSide, address: &Address, role: &IamRole) {
        for (key, value) in known(&role.tags, &mut side.gaps).into_iter().flatten() {
            side.context
                .set(&format!("aws:PrincipalTag/{key}"), value.as_str());
        }
        let ids = self.snapshot.ids.get(address);
        let unique = ids.and_then(|id| id.unique_id.as_deref());
        let unique = unique.unwrap_or("AROA-new");
        side.context
            .set("aws:userid", format!("{unique}:{SESSION}"));
        if let Some(arn) = self.arn(address) {
            side.context.set("aws:PrincipalArn", arn);
        }
    }

    fn managed(&self, policy: &Ref, gaps: &mut BTreeSet<String>) -> Option<Source> {
        let resources = &self.snapshot.resources;
        let ours = policy
            .address()
            .and_then(|address| resources.iam_policy.get(&address.name));
        let Some(ours) = ours else {
            gaps.insert(format!("the document of {policy} is not in the snapshot"));
            return None;
        };
        let document = known(&ours.document, gaps)?;
        self.source(policy.to_string(), document, gaps)
    }

    /// The resource that an ARN names, or that holds what it names: an object's bucket, an index's
    /// table. A target in whose name AWS chose some characters has question marks there.
    pub fn holder(&self, arn: &str) -> Option<Address> {
        let chosen = arn.contains('?') && !arn.contains('*');
        let glob = Glob::new(arn);
        let addresses = self.snapshot.resources.addresses().into_iter();
        let mut found = addresses.filter(|address| {
            let known = self.arn(address).unwrap_or_default();
            let inside = arn.strip_prefix(known.as_str());
            let holds = matches!(address.kind, KindName::S3Bucket | KindName::DynamodbTable)
                && inside.is_some_and(|rest| rest.starts_with('/'));
            !known.is_empty() && (holds || known == arn || chosen && glob.is_match(&known))
        });
        found.next()
    }

    /// What a resource of the snapshot brings.
    pub fn resource(&self, address: &Address) -> ResourceSide {
        let mut side = ResourceSide::default();
        if let Some((facet, words)) = self.policy_of(address)
            && let Some(document) = known(facet, &mut side.gaps)
        {
            let name = format!("{address}, {words}");
            side.policy = self.source(name, document, &mut side.gaps);
        }
        if let Some(key) = self.snapshot.resources.kms_key.get(&address.name)
            && address.kind == KindName::KmsKey
        {
            self.add_grants(&mut side, address, key);
        }
        side
    }

    fn policy_of(&self, address: &Address) -> Option<(&'a Read<PolicyDocument>, &'static str)> {
        let (resources, name) = (&self.snapshot.resources, &address.name);
        Some(match address.kind {
            KindName::KmsKey => (&resources.kms_key.get(name)?.policy, "key policy"),
            KindName::IamRole => (&resources.iam_role.get(name)?.trust, "trust policy"),
            KindName::S3Bucket => (&resources.s3_bucket.get(name)?.policy, "bucket policy"),
            KindName::DynamodbTable => {
                (&resources.dynamodb_table.get(name)?.policy, "table policy")
            }
            KindName::SqsQueue => (&resources.sqs_queue.get(name)?.policy, "queue policy"),
            KindName::SnsTopic => (&resources.sns_topic.get(name)?.policy, "topic policy"),
            KindName::Secret => (&resources.secret.get(name)?.policy, "secret policy"),
            _ => return None,
        })
    }

    /// The endpoints of the environment for a service, as `s3`.
    pub fn endpoints(&self, service: &str) -> Vec<EndpointSide> {
        let endpoints = self.snapshot.resources.vpc_endpoint.iter();
        let fitting = endpoints.filter(|(_, e)| e.service.rsplit('.').next() == Some(service));
        let sides = fitting.filter_map(|(name, endpoint)| self.endpoint(name, endpoint));
        sides.collect()
    }

    fn endpoint(&self, name: &str, endpoint: &VpcEndpoint) -> Option<EndpointSide> {
        let address = Address::new(KindName::VpcEndpoint, name);
        let mut gaps = BTreeSet::new();
        let document = known(&endpoint.policy, &mut gaps);
        let policy = format!("{address}, endpoint policy");
        Some(EndpointSide {
            id: self.id(&address)?.id,
            vpc: match &endpoint.vpc {
                Ref::To(vpc) => self.id(vpc)?.id,
                Ref::Literal(id) => id.clone(),
            },
            policy: document.and_then(|document| self.source(policy, document, &mut gaps)),
            kind: match endpoint.endpoint_type {
                EndpointType::Gateway => EndpointKind::Gateway,
                EndpointType::Interface => EndpointKind::Interface,
            },
            address,
            gaps,
        })
    }

    fn add_grants(&self, side: &mut ResourceSide, address: &Address, key: &KmsKey) {
        for (id, grant) in known(&key.grants, &mut side.gaps).into_iter().flatten() {
            let text = grant.constraints.as_deref().unwrap_or("null");
            let Ok(constraints) = serde_json::from_str(text) else {
                side.gaps
                    .insert(format!("{address}, grant {id}: unknown constraints {text}"));
                continue;
            };
            side.grants.push(Grant {
                id: id.clone(),
                grantee: self.written(&grant.grantee),
                operations: grant.operations.iter().cloned().collect(),
                constraints,
            });
        }
    }

    fn written(&self, reference: &Ref) -> String {
        let named = reference.address().and_then(|address| self.named(address));
        named.unwrap_or_else(|| reference.to_string())
    }

    /// How a policy names a resource: by ARN, or by id where it has none.
    fn named(&self, address: &Address) -> Option<String> {
        let id = self.id(address)?;
        Some(id.arn.unwrap_or(id.id))
    }

    fn source(
        &self,
        name: String,
        document: &PolicyDocument,
        gaps: &mut BTreeSet<String>,
    ) -> Option<Source> {
        match self.compiled(document) {
            Ok((policy, text)) => Some(Source {
                name,
                policy: Arc::new(policy),
                text: text.into(),
            }),
            Err(why) => {
                gaps.insert(format!("{name}: {why}"));
                None
            }
        }
    }

    /// By way of the text that AWS would hold, so that the one parser decides what it means.
    fn compiled(&self, document: &PolicyDocument) -> Result<(Policy, String), String> {
        let written = grammar::write(document, &|address| self.named(address));
        let text = written.map_err(|error| error.to_string())?.to_string();
        let policy = text
            .parse()
            .map_err(|error: PolicyError| error.to_string())?;
        Ok((policy, text))
    }
}

/// 32 hexadecimal digits that stand for what AWS will make up.
fn stand_in(address: &Address) -> String {
    let digest = Sha256::digest(address.to_string());
    let hex = digest.iter().take(16).map(|byte| format!("{byte:02x}"));
    hex.collect()
}

/// The name of the session that asks; no policy of ours looks at it.
pub const SESSION: &str = "strongroom";

fn known<'r, T>(facet: &'r Read<T>, gaps: &mut BTreeSet<String>) -> Option<&'r T> {
    gaps.extend(facet.unread().map(ToString::to_string));
    facet.known()
}
