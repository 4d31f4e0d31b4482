//! What a service owns that others must not touch: its key, its stores and secrets, its log, its
//! roles, its functions; each with the ARNs that requests on it name.

use std::collections::BTreeSet;

use super::values::ANY;
use crate::{
    authorization::{Estate, ResourceSide},
    iam::{
        access::{self, AccessTarget, Place},
        catalogue::Catalogue,
        eval::Context,
    },
    model::{Address, Environment, KindName, Naming, Service, ServiceName, Store, StoreKind, Tags},
    resource::{Kind, Read, Resources},
};

/// Something that a service owns.
#[derive(Debug, Clone)]
pub(super) struct Target {
    /// Whose it is.
    pub owner: ServiceName,
    /// As people name it: `dynamodb:table/accounts`, `kms_key/accounts`.
    pub name: String,
    /// The prefix of the actions on it.
    pub service: &'static str,
    /// Its ARN.
    pub arn: String,
    /// The types of resource that it is or holds.
    pub parts: Vec<Part>,
    /// Its policy and grants.
    pub side: ResourceSide,
    /// The condition keys that follow from its tags.
    pub keys: Context,
}

/// A type of resource that a target is or holds.
#[derive(Debug, Clone)]
pub(super) struct Part {
    /// The type, as the catalogue names it.
    pub kind: &'static str,
    /// What its ARN begins with.
    pub arn: String,
    /// Whether anything may follow: objects of a bucket, streams of a group.
    pub open: bool,
}

impl Part {
    fn new(kind: &'static str, arn: impl Into<String>) -> Self {
        Self {
            kind,
            arn: arn.into(),
            open: false,
        }
    }

    fn below(kind: &'static str, arn: impl Into<String>) -> Self {
        Self {
            open: true,
            ..Self::new(kind, arn)
        }
    }

    /// One ARN of it.
    pub fn example(&self) -> String {
        match self.open {
            true => format!("{}{ANY}", self.arn),
            false => self.arn.clone(),
        }
    }
}

/// Makes targets.
#[derive(Debug, Clone, Copy)]
pub(super) struct Targets<'a> {
    pub environment: &'a Environment,
    pub estate: &'a Estate<'a>,
    pub catalogue: &'a Catalogue,
}

impl Targets<'_> {
    /// The key of a service, where there is one.
    pub fn key(&self, service: &Service) -> Option<Target> {
        let address = Address::new(KindName::KmsKey, service.name.as_str());
        let resources = &self.estate.snapshot().resources;
        let key = resources.kms_key.get(&address.name)?;
        let arn = self.estate.arn(&address)?;
        Some(Target {
            owner: service.name.clone(),
            name: address.to_string(),
            service: "kms",
            parts: vec![Part::new("key", arn.as_str())],
            arn,
            side: self.estate.resource(&address),
            keys: tag_keys(&key.tags),
        })
    }

    /// The stores and secrets of a service, and its log group.
    pub fn data(&self, service: &Service) -> Vec<Target> {
        let stores = service.stores.iter();
        let mut targets: Vec<Target> = stores
            .flat_map(|store| self.store(service, store))
            .collect();
        targets.extend(self.log(service));
        targets
    }

    /// The functions of a service that Lambda runs.
    pub fn functions(&self, service: &Service) -> Vec<Target> {
        let naming = Naming::of(&self.environment.name);
        let versions = service.versions.iter().map(|version| {
            let name = naming.prefixed(&Naming::version(&service.name, version));
            let arn = self.arn("lambda", &format!("function:{name}"));
            Target {
                owner: service.name.clone(),
                name: format!("lambda:function/{name}"),
                service: "lambda",
                parts: vec![
                    Part::new("function", arn.as_str()),
                    Part::below("function alias", format!("{arn}:")),
                ],
                arn,
                side: ResourceSide::default(),
                keys: Context::default(),
            }
        });
        versions.collect()
    }

    /// An ARN of the environment's account and Region.
    pub fn arn(&self, service: &str, resource: &str) -> String {
        let Environment {
            region, account, ..
        } = self.environment;
        let partition = region.partition();
        format!("arn:{partition}:{service}:{region}:{account}:{resource}")
    }

    fn log(&self, service: &Service) -> Option<Target> {
        let address = Address::new(KindName::LogGroup, service.name.as_str());
        let group = self
            .estate
            .snapshot()
            .resources
            .log_group
            .get(&address.name)?;
        let arn = self.arn("logs", &format!("log-group:{}", group.name));
        Some(Target {
            owner: service.name.clone(),
            name: address.to_string(),
            service: "logs",
            parts: vec![
                Part::new("log-group", arn.as_str()),
                // How several calls name the group itself.
                Part::new("log-group", format!("{arn}:*")),
                Part::below("log-stream", format!("{arn}:log-stream:")),
            ],
            arn,
            side: ResourceSide::default(),
            keys: tag_keys(&group.tags),
        })
    }

    fn store(&self, service: &Service, store: &Store) -> Vec<Target> {
        match store.kind {
            StoreKind::Rds => self.database_users(service),
            _ => self.plain_store(service, store).into_iter().collect(),
        }
    }

    fn plain_store(&self, service: &Service, store: &Store) -> Option<Target> {
        let address = Address::new(store.resource()?, store.name.as_str());
        let resources = &self.estate.snapshot().resources;
        let there = resources.contains(&address);
        let shown = self.estate.arn(&address).filter(|_| there);
        let arn = shown.or_else(|| self.expected(&store.target()))?;
        let (service_prefix, parts) = parts(store.kind, &arn)?;
        let side = match there {
            true => self.estate.resource(&address),
            false => self.absent(&address),
        };
        Some(Target {
            owner: service.name.clone(),
            name: store.target(),
            service: service_prefix,
            parts,
            arn,
            side,
            keys: store_tags(resources, &address),
        })
    }

    /// The ARN of a store that the snapshot does not show. What AWS chooses of it is made up.
    fn expected(&self, target: &str) -> Option<String> {
        let place = Place {
            region: &self.environment.region,
            account: &self.environment.account,
        };
        let target: AccessTarget = target.parse().ok()?;
        let arn = access::arn(&target, &place, self.catalogue).ok()?;
        Some(arn.replace('?', "x"))
    }

    /// What is not there has no policy, if the account was looked through; otherwise nobody knows.
    fn absent(&self, address: &Address) -> ResourceSide {
        let snapshot = self.estate.snapshot();
        let listing = snapshot.coverage.listings.get(&address.kind);
        let gap = match (address.kind, listing) {
            // Buckets of services are named by their owners: no listing shows them.
            (KindName::S3Bucket, _) | (_, None) => {
                Some(format!("the policy of {address} is not in the snapshot"))
            }
            (_, Some(Read::Unread(why))) => Some(why.to_string()),
            (_, Some(Read::Known(_))) => None,
        };
        ResourceSide {
            gaps: gap.into_iter().collect(),
            ..ResourceSide::default()
        }
    }

    /// Users of a database are known by who declares to connect as them.
    fn database_users(&self, service: &Service) -> Vec<Target> {
        let declared = service.access.iter().map(|access| access.to.as_str());
        let users: BTreeSet<&str> = declared.filter(|to| to.starts_with("rds-db:")).collect();
        let target = |name: &str| {
            let arn = self.expected(name)?;
            Some(Target {
                owner: service.name.clone(),
                name: name.to_owned(),
                service: "rds-db",
                parts: vec![Part::new("db-user", arn.as_str())],
                arn,
                side: ResourceSide::default(),
                keys: Context::default(),
            })
        };
        users.into_iter().filter_map(target).collect()
    }
}

/// What a store is and holds, by the catalogue's types.
fn parts(kind: StoreKind, arn: &str) -> Option<(&'static str, Vec<Part>)> {
    let below = |kind, rest: &str| Part::below(kind, format!("{arn}{rest}"));
    Some(match kind {
        StoreKind::Dynamodb => (
            "dynamodb",
            vec![
                Part::new("table", arn),
                below("index", "/index/"),
                below("stream", "/stream/"),
            ],
        ),
        StoreKind::S3 => ("s3", vec![Part::new("bucket", arn), below("object", "/")]),
        StoreKind::Sqs => ("sqs", vec![Part::new("queue", arn)]),
        StoreKind::Sns => ("sns", vec![Part::new("topic", arn)]),
        StoreKind::Secretsmanager => ("secretsmanager", vec![Part::new("Secret", arn)]),
        StoreKind::Rds => return None,
    })
}

fn store_tags(resources: &Resources, address: &Address) -> Context {
    fn of<'r, K: Kind>(
        table: &'r std::collections::BTreeMap<String, K>,
        name: &str,
        tags: impl Fn(&'r K) -> &'r Read<Tags>,
    ) -> Context {
        table.get(name).map(tags).map(tag_keys).unwrap_or_default()
    }
    let name = address.name.as_str();
    match address.kind {
        KindName::DynamodbTable => of(&resources.dynamodb_table, name, |table| &table.tags),
        KindName::SqsQueue => of(&resources.sqs_queue, name, |queue| &queue.tags),
        KindName::SnsTopic => of(&resources.sns_topic, name, |topic| &topic.tags),
        KindName::Secret => of(&resources.secret, name, |secret| &secret.tags),
        _ => Context::default(),
    }
}

/// `aws:ResourceTag/…` of known tags.
fn tag_keys(tags: &Read<Tags>) -> Context {
    let mut context = Context::default();
    for (key, value) in tags.known().into_iter().flatten() {
        context.set(&format!("aws:ResourceTag/{key}"), value.as_str());
    }
    context
}
