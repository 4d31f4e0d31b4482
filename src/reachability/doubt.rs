//! What could not be decided, and why; and what every verdict takes for granted.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::model::{Address, KindName, ServiceName};

/// Why a packet may pass although nothing shows that it does.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Doubt {
    /// A whole kind was not listed.
    Unlisted {
        /// The kind.
        kind: KindName,
        /// What AWS said.
        why: String,
    },
    /// A field was not read.
    Unread {
        /// The resource.
        address: Address,
        /// The field.
        field: &'static str,
        /// What AWS said.
        why: String,
    },
    /// A declared group is not there, so its version runs with another one, if it runs.
    NoGroup(Address),
    /// No subnet for services is there, so nobody knows where they run.
    NoSubnet,
    /// A rule names a protocol or ports that mean nothing.
    Protocol {
        /// The rule, or the entry of a network ACL.
        rule: String,
        /// The protocol.
        protocol: String,
    },
    /// A rule names something whose addresses are not known: a prefix list, say.
    Peer {
        /// The rule.
        rule: Address,
        /// What it names.
        peer: String,
    },
    /// A subnet uses a network ACL or a route table that is not known.
    Foreign {
        /// The subnet.
        subnet: Address,
        /// What it uses.
        uses: String,
    },
    /// A route leads traffic within the VPC to somewhere else first.
    Diverted {
        /// The subnet where the traffic begins.
        subnet: Address,
        /// The route's destination.
        destination: String,
        /// The route's target.
        target: String,
    },
    /// One can leave to another network, and the other can be reached from it.
    Interconnect {
        /// The connection, in words.
        connection: String,
    },
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unlisted { kind, why } => write!(f, "{} were not listed: {why}", kind.plural()),
            Self::Unread {
                address,
                field,
                why,
            } => write!(f, "{field} of {address} was not read: {why}"),
            Self::NoGroup(group) => write!(
                f,
                "{group} is not there: if its version runs, it runs with another group"
            ),
            Self::NoSubnet => f.write_str("no private subnet is there to run in"),
            Self::Protocol { rule, protocol } => {
                write!(f, "{rule} is about `{protocol}`, which is not known")
            }
            Self::Peer { rule, peer } => {
                write!(f, "{rule} names {peer}, whose addresses are not known")
            }
            Self::Foreign { subnet, uses } => write!(f, "{subnet} uses {uses}, which is not known"),
            Self::Diverted {
                subnet,
                destination,
                target,
            } => write!(f, "{subnet} routes {destination} to {target} first"),
            Self::Interconnect { connection } => write!(
                f,
                "both touch the network behind {connection}, which may pass traffic on"
            ),
        }
    }
}

impl Serialize for Doubt {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// What every verdict takes for granted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Assumption {
    /// Each interface has the group of its version and no other.
    OneGroup,
    /// Services run in the private subnets, two of them in the same one too.
    Placement,
    /// What no group and no network ACL filters: DNS, instance metadata, time.
    Unfiltered,
    /// A group that rules name and nobody declared: no service is a member of it.
    ForeignGroup(String),
    /// Pods of a service carry the service's group, rather than their node's.
    PodGroup(ServiceName),
    /// Where services run in the VPC is for its owner to say; its network ACLs get no credit.
    OthersVpc(String),
}

impl fmt::Display for Assumption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OneGroup => f.write_str(
                "each network interface of a service has the security group of its version and no \
                 other",
            ),
            Self::Placement => f.write_str(
                "services run in the private subnets, in any of them; within one subnet network \
                 ACLs filter nothing",
            ),
            Self::Unfiltered => f.write_str(
                "the VPC's resolver, instance and task metadata and the time service are never \
                 filtered: a name that a service looks up can carry data",
            ),
            Self::ForeignGroup(id) => {
                write!(f, "no service is a member of {id}, which rules name")
            }
            Self::PodGroup(service) => write!(
                f,
                "pods of {service} have their security group by a SecurityGroupPolicy, rather \
                 than their node's"
            ),
            Self::OthersVpc(vpc) => write!(
                f,
                "services may have any address of {vpc}; its network ACLs and routes are for its \
                 owner, and count for nothing here"
            ),
        }
    }
}

impl Serialize for Assumption {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
