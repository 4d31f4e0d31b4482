//! The list of kinds: one line each. Everything that loops over kinds is made here.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{
    Api, IamPolicy, IamRole, Kind, KmsKey, Linked, LogGroup, Ref, SecurityGroup, SecurityGroupRule,
    Tabled,
};
use crate::model::{Address, KindName, ResourceName};

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
                    KindName::Vpc => false,
                }
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
                    KindName::Vpc => BTreeSet::new(),
                }
            }

            /// The addresses that must exist before the resource's create call.
            pub fn create_needs(&self, address: &Address) -> BTreeSet<Address> {
                match address.kind {
                    $(KindName::$kind => of(&self.$field, address, Kind::create_needs),)*
                    KindName::Vpc => BTreeSet::new(),
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
        }

        impl Call {
            /// The AWS API behind the call.
            pub fn api(&self) -> Api {
                match self {
                    $(Self::$kind(call) => <$kind as Kind>::api(call),)*
                }
            }
        }
    };
}

registry! {
    iam_policy: IamPolicy,
    iam_role: IamRole,
    kms_key: KmsKey,
    log_group: LogGroup,
    security_group: SecurityGroup,
    security_group_rule: SecurityGroupRule,
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
