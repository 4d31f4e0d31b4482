//! The list of kinds: one line each. Everything that loops over kinds is made here.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{
    AccessAnalyzer, AccountPublicAccessBlock, Api, ConfigRecorder, DynamodbTable, EbsEncryption,
    ElasticIp, FlowLog, GuarddutyDetector, IamPolicy, IamRole, InstanceProfile, InternetGateway,
    Kind, KmsKey, Linked, LogGroup, MetricAlarm, MetricFilter, NatGateway, NetworkAcl,
    OidcProvider, PasswordPolicy, PodIdentityAssociation, Ref, RouteTable, S3Bucket, Secret,
    SecurityGroup, SecurityGroupRule, ServiceLinkedRole, SnsTopic, SqsQueue, Subnet, Tabled, Trail,
    Vpc, VpcEndpoint,
};
use crate::model::{Address, Home, KindName, PhysicalId, ResourceName};

/// The resources of one kind by logical name.
pub type Table<K> = BTreeMap<ResourceName, K>;

/// Code that works on any kind.
pub trait Visitor {
    /// Called once for each kind.
    fn visit<K: Kind>(&mut self);
}

macro_rules! registry {
    ($($field:ident: $kind:ident),* $(,)?) => {
        /// One table a kind. Desired state is one of these, a snapshot holds one, a plan two.
        #[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub struct Resources {
            $(#[doc = concat!("Resources of kind `", stringify!($field), "`.")]
            pub $field: Table<$kind>,)*
        }

        /// A call of any kind.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Call {
            $(#[doc = concat!("A call on a resource of kind `", stringify!($field), "`.")]
            $kind(<$kind as Kind>::Call),)*
        }

        $(impl From<<$kind as Kind>::Call> for Call {
            fn from(call: <$kind as Kind>::Call) -> Self {
                Self::$kind(call)
            }
        })*

        $(impl Tabled for $kind {
            fn table(resources: &Resources) -> &Table<Self> {
                &resources.$field
            }

            fn table_mut(resources: &mut Resources) -> &mut Table<Self> {
                &mut resources.$field
            }
        })*

        impl Resources {
            /// The provisioned kinds, in the order of the registry.
            pub const KINDS: &'static [KindName] = &[$(KindName::$kind),*];

            /// Visits every kind, in the order of the registry.
            pub fn each_kind(visitor: &mut impl Visitor) {
                $(visitor.visit::<$kind>();)*
            }

            /// Whether the resource is there.
            pub fn contains(&self, address: &Address) -> bool {
                match address.kind {
                    $(KindName::$kind => self.$field.contains_key(&address.name),)*
                }
            }

            /// The one resource alone, or nothing.
            pub fn clone_of(&self, address: &Address) -> Self {
                let mut alone = Self::default();
                match address.kind {
                    $(KindName::$kind => {
                        let found = self.$field.get_key_value(&address.name);
                        let found = found.map(|(name, resource)| (name.clone(), resource.clone()));
                        alone.$field.extend(found);
                    })*
                }
                alone
            }

            /// Takes the resource out.
            pub fn remove(&mut self, address: &Address) {
                match address.kind {
                    $(KindName::$kind => {
                        self.$field.remove(&address.name);
                    })*
                }
            }

            /// Adds all that the other holds.
            pub fn extend(&mut self, other: Self) {
                $(self.$field.extend(other.$field);)*
            }

            /// Every address, sorted.
            pub fn addresses(&self) -> BTreeSet<Address> {
                let mut found = BTreeSet::new();
                $(found.extend(
                    self.$field.keys().map(|name| Address::new(KindName::$kind, name.as_str())),
                );)*
                found
            }

            /// Every address that the resource refers to.
            pub fn references(&self, address: &Address) -> BTreeSet<Address> {
                match address.kind {
                    $(KindName::$kind => of(&self.$field, address, Linked::addresses),)*
                }
            }

            /// The addresses that must exist before the resource's create call.
            pub fn create_needs(&self, address: &Address) -> BTreeSet<Address> {
                match address.kind {
                    $(KindName::$kind => of(&self.$field, address, Kind::create_needs),)*
                }
            }

            /// The addresses whose later calls must be done too before the create call.
            pub fn create_waits(&self, address: &Address) -> BTreeSet<Address> {
                match address.kind {
                    $(KindName::$kind => of(&self.$field, address, Kind::create_waits),)*
                }
            }

            /// The addresses whose later calls must be done before the resource's own.
            pub fn settle_waits(&self, address: &Address) -> BTreeSet<Address> {
                match address.kind {
                    $(KindName::$kind => of(&self.$field, address, Kind::settle_waits),)*
                }
            }

            /// What must stay as long as the resource does.
            pub fn retains(&self, address: &Address) -> BTreeSet<Address> {
                match address.kind {
                    $(KindName::$kind => of(&self.$field, address, Kind::retains),)*
                }
            }

            /// How long the resource stays though nobody wants it any more, in days.
            pub fn retained_days(&self, address: &Address) -> Option<u32> {
                match address.kind {
                    $(KindName::$kind => self.$field.get(&address.name)?.retained_days(),)*
                }
            }

            /// How AWS will name the resource; none where it is not in its table.
            pub fn physical_id(
                &self,
                address: &Address,
                home: &Home,
                token: &str,
            ) -> Option<PhysicalId> {
                match address.kind {
                    $(KindName::$kind => {
                        let resource = self.$field.get(&address.name)?;
                        Some(resource.physical_id(home, token))
                    })*
                }
            }

            /// What is true of every resource of a kind.
            pub fn profile(kind: KindName) -> KindProfile {
                match kind {
                    $(KindName::$kind => KindProfile::of::<$kind>(),)*
                }
            }

            /// Applies one call in memory: what the account will show afterwards.
            pub fn apply(&mut self, address: &Address, call: &Call) {
                match call {
                    $(Call::$kind(call) => apply(&mut self.$field, &address.name, call),)*
                }
            }
        }

        impl Linked for Resources {
            fn each_ref(&mut self, visit: &mut dyn FnMut(&mut Ref)) {
                $(self.$field.each_ref(visit);)*
            }

            fn each_text_ref(&mut self, visit: &mut dyn FnMut(&mut Ref)) {
                $(self.$field.each_text_ref(visit);)*
            }
        }

        impl Call {
            /// The AWS API behind the call.
            pub fn api(&self) -> Api {
                match self {
                    $(Self::$kind(call) => <$kind as Kind>::api(call),)*
                }
            }

            /// Whether it takes something away, so that not finding it is its aim.
            pub fn removes(&self) -> bool {
                match self {
                    $(Self::$kind(call) => <$kind as Kind>::removes(call),)*
                }
            }

            /// The addresses that it names, beside the resource itself.
            pub fn named(&self) -> BTreeSet<Address> {
                match self {
                    $(Self::$kind(call) => <$kind as Kind>::named(call),)*
                }
            }

            /// What it makes where nothing was, as AWS will name it; none where it makes nothing.
            pub fn creates(&self, home: &Home, token: &str) -> Option<PhysicalId> {
                match self {
                    $(Self::$kind(call) => <$kind as Kind>::apply(None, call)
                        .map(|made| made.physical_id(home, token)),)*
                }
            }
        }
    };
}

registry! {
    vpc: Vpc,
    subnet: Subnet,
    route_table: RouteTable,
    network_acl: NetworkAcl,
    internet_gateway: InternetGateway,
    elastic_ip: ElasticIp,
    nat_gateway: NatGateway,
    vpc_endpoint: VpcEndpoint,
    flow_log: FlowLog,
    iam_policy: IamPolicy,
    iam_role: IamRole,
    instance_profile: InstanceProfile,
    oidc_provider: OidcProvider,
    service_linked_role: ServiceLinkedRole,
    pod_identity_association: PodIdentityAssociation,
    kms_key: KmsKey,
    log_group: LogGroup,
    security_group: SecurityGroup,
    security_group_rule: SecurityGroupRule,
    dynamodb_table: DynamodbTable,
    sqs_queue: SqsQueue,
    secret: Secret,
    s3_bucket: S3Bucket,
    trail: Trail,
    sns_topic: SnsTopic,
    metric_filter: MetricFilter,
    metric_alarm: MetricAlarm,
    account_public_access_block: AccountPublicAccessBlock,
    ebs_encryption: EbsEncryption,
    password_policy: PasswordPolicy,
    access_analyzer: AccessAnalyzer,
    guardduty_detector: GuarddutyDetector,
    config_recorder: ConfigRecorder,
}

/// What is true of every resource of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KindProfile {
    /// The call that lists the kind.
    pub listing: &'static str,
    /// What a deletion loses, for people.
    pub loss: Option<&'static str>,
    /// Whether its id is known before it exists.
    pub named: bool,
    /// Whether AWS refuses to delete one while another resource needs it.
    pub held: bool,
    /// Whether AWS refuses a second one of the same name.
    pub unique: bool,
    /// Whether an account has one at most.
    pub single: bool,
    /// How ids of the kind begin, where nothing else begins so.
    pub id_prefix: Option<&'static str>,
}

impl KindProfile {
    fn of<K: Kind>() -> Self {
        Self {
            listing: K::LISTING,
            loss: K::LOSS,
            named: K::NAMED,
            held: K::HELD,
            unique: K::UNIQUE,
            single: K::SINGLE,
            id_prefix: K::ID_PREFIX,
        }
    }
}

fn apply<K: Kind>(table: &mut Table<K>, name: &str, call: &K::Call) {
    let before = table.remove(name);
    if let Some(after) = K::apply(before, call) {
        table.insert(name.to_owned(), after);
    }
}

fn of<K: Kind>(
    table: &Table<K>,
    address: &Address,
    addresses: impl Fn(&K) -> BTreeSet<Address>,
) -> BTreeSet<Address> {
    table.get(&address.name).map(addresses).unwrap_or_default()
}
