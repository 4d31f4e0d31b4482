//! A route table. The route inside the VPC, which AWS never lets go, is left out; so are the
//! routes of gateway endpoints, which no route call can set: they belong to the endpoint.
//! <https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html>

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{
    Api, Aspect, Direction, FieldChange, Kind, Linked, Read, Ref, Sides, ec2, linked,
    tagging::{self, TagChange},
};
use crate::model::{Address, Home, KindName, PhysicalId, Tags};

/// A route table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RouteTable {
    /// Value of the tag `Name`.
    pub name: String,
    /// The VPC.
    pub vpc: Ref,
    /// Its routes.
    pub routes: Read<Routes>,
    /// All other tags.
    pub tags: Read<Tags>,
}

linked!(RouteTable { vpc, routes });

/// Targets by destination: an IPv4 or IPv6 range, or a prefix list. A target is a gateway, an
/// interface, a connection.
pub type Routes = BTreeMap<String, Ref>;

/// A change of one route, of whichever route table.
#[derive(Debug, Clone, PartialEq)]
pub enum RouteCall {
    /// CreateRoute: destination and target.
    Create(String, Ref),
    /// ReplaceRoute: destination and new target.
    Replace(String, Ref),
    /// DeleteRoute.
    Delete(String),
}

impl RouteCall {
    /// What leads from some routes to others.
    pub(super) fn between(from: &Read<Routes>, to: &Read<Routes>) -> Vec<Self> {
        let (Read::Known(from), Read::Known(to)) = (from, to) else {
            return Vec::new();
        };
        let gone = from.keys().filter(|key| !to.contains_key(*key));
        let wanted = to
            .iter()
            .filter(|(key, target)| from.get(*key) != Some(target));
        wanted
            .map(|(key, target)| match from.contains_key(key) {
                true => Self::Replace(key.clone(), target.clone()),
                false => Self::Create(key.clone(), target.clone()),
            })
            .chain(gone.map(|key| Self::Delete(key.clone())))
            .collect()
    }

    /// The routes after the call.
    pub(super) fn apply(&self, routes: &mut Read<Routes>) {
        let Read::Known(routes) = routes else {
            return;
        };
        match self {
            Self::Create(destination, target) | Self::Replace(destination, target) => {
                routes.insert(destination.clone(), target.clone());
            }
            Self::Delete(destination) => {
                routes.remove(destination);
            }
        }
    }

    pub(super) fn api(&self) -> Api {
        match self {
            Self::Create(..) => Api::ec2("CreateRoute", 5, 50),
            Self::Replace(..) => Api::ec2("ReplaceRoute", 5, 50),
            Self::Delete(_) => Api::ec2("DeleteRoute", 5, 50),
        }
    }

    pub(super) fn removes(&self) -> bool {
        matches!(self, Self::Delete(_))
    }

    pub(super) fn named(&self) -> BTreeSet<Address> {
        match self {
            Self::Create(_, target) | Self::Replace(_, target) => target.addresses(),
            Self::Delete(_) => BTreeSet::new(),
        }
    }
}

/// A call on a route table.
#[derive(Debug, Clone, PartialEq)]
pub enum RouteTableCall {
    /// CreateRouteTable with tags.
    Create(Box<RouteTable>),
    /// A change of a route.
    Route(RouteCall),
    /// CreateTags.
    Tag(Tags),
    /// DeleteTags.
    Untag(BTreeSet<String>),
    /// DeleteRouteTable.
    Delete,
}

impl Kind for RouteTable {
    const NAME: KindName = KindName::RouteTable;
    const ASPECT: Aspect = Aspect::Boundary;
    const IMMUTABLE: &'static [&'static str] = &["name", "vpc"];
    const LISTING: &'static str = "ec2:DescribeRouteTables";
    const LOSS: Option<&'static str> = Some("deleted: its subnets lose their routes");
    const NAMED: bool = false;
    const HELD: bool = true;
    const ID_PREFIX: Option<&'static str> = Some("rtb-");
    type Call = RouteTableCall;

    fn create_needs(&self) -> BTreeSet<Address> {
        self.vpc.addresses()
    }

    /// AWS refuses a route to a NAT gateway that is not available yet.
    fn settle_waits(&self) -> BTreeSet<Address> {
        let targets = self.routes.known().into_iter().flatten();
        let targets = targets.filter_map(|(_, target)| target.address());
        targets
            .filter(|target| target.kind == KindName::NatGateway)
            .cloned()
            .collect()
    }

    fn physical_id(&self, _: &Home, token: &str) -> PhysicalId {
        PhysicalId::plain(ec2::id("rtb-", token))
    }

    fn create(&self) -> RouteTableCall {
        RouteTableCall::Create(Box::new(self.clone()))
    }

    fn settle(from: &Self, to: &Self) -> Vec<RouteTableCall> {
        let routes = RouteCall::between(&from.routes, &to.routes);
        let tags = TagChange::between(&from.tags, &to.tags);
        routes
            .into_iter()
            .map(RouteTableCall::Route)
            .chain(tags.calls(RouteTableCall::Tag, RouteTableCall::Untag))
            .collect()
    }

    fn delete(&self) -> Vec<RouteTableCall> {
        vec![RouteTableCall::Delete]
    }

    fn apply(state: Option<Self>, call: &RouteTableCall) -> Option<Self> {
        if let RouteTableCall::Create(table) = call {
            return Some(Self {
                routes: Routes::new().into(),
                ..(**table).clone()
            });
        }
        let mut table = state?;
        match call {
            RouteTableCall::Create(_) | RouteTableCall::Delete => return None,
            RouteTableCall::Route(change) => change.apply(&mut table.routes),
            RouteTableCall::Tag(tags) => tagging::set(&mut table.tags, tags),
            RouteTableCall::Untag(keys) => tagging::remove(&mut table.tags, keys),
        }
        Some(table)
    }

    fn api(call: &RouteTableCall) -> Api {
        match call {
            RouteTableCall::Create(_) => Api::ec2("CreateRouteTable", 5, 50),
            RouteTableCall::Route(change) => change.api(),
            RouteTableCall::Tag(_) => Api::ec2("CreateTags", 10, 100),
            RouteTableCall::Untag(_) => Api::ec2("DeleteTags", 10, 100),
            RouteTableCall::Delete => Api::ec2("DeleteRouteTable", 5, 50),
        }
    }

    fn removes(call: &RouteTableCall) -> bool {
        match call {
            RouteTableCall::Route(change) => change.removes(),
            _ => matches!(call, RouteTableCall::Delete),
        }
    }

    fn named(call: &RouteTableCall) -> BTreeSet<Address> {
        match call {
            RouteTableCall::Create(table) => table.vpc.addresses(),
            RouteTableCall::Route(change) => change.named(),
            _ => BTreeSet::new(),
        }
    }

    fn direction(change: &FieldChange, _: Sides<'_>) -> Direction {
        match change.path.field() {
            "routes" => of_route(change),
            _ => Direction::Neutral,
        }
    }
}

/// A route that appears, or leads elsewhere, opens a way.
pub(super) fn of_route(change: &FieldChange) -> Direction {
    Direction::access(change.after.is_some())
}
