//! Observes the VPC endpoints: ours, and those that somebody else has put into our VPC.

use std::collections::BTreeSet;

use aws_sdk_ec2::{
    Client,
    types::{State, VpcEndpoint as Shown, VpcEndpointType},
};

use super::{
    Sum, Target, documents,
    ec2::{Labels, labels},
    found::{Candidate, Found},
};
use crate::{
    account::aws::error::answer,
    iam::PolicyDocument,
    resource::{EndpointState, EndpointType, Read, Ref, Table, VpcEndpoint},
    snapshot::PhysicalId,
};

/// The call that shows endpoints.
const CALL: &str = "ec2:DescribeVpcEndpoints";

/// The endpoints of the environment, and those of others in its VPC. Endpoints are listed for the
/// whole Region, because ours are known by their tags wherever they are.
pub async fn observe(client: &Client, target: &Target, vpcs: &Read<Vec<String>>) -> Sum {
    let shown = match vpcs {
        Read::Known(vpcs) if vpcs.is_empty() => Read::Known(Vec::new()),
        Read::Known(_) => list(client).await,
        Read::Unread(why) => Read::Unread(why.clone()),
    };
    let vpcs = vpcs.known().map(Vec::as_slice).unwrap_or_default();
    let mut sum = Sum::default();
    match shown {
        Read::Known(shown) => {
            let mut endpoints = Endpoints::default();
            for one in shown.iter().filter(|one| there(one)) {
                endpoints.sort(one, target, vpcs);
            }
            sum.foreign.vpc_endpoint = endpoints.foreign;
            sum.add(Found::gather(endpoints.candidates, &target.environment));
        }
        Read::Unread(why) => sum.add(Found::<VpcEndpoint>::unread(why)),
    }
    sum
}

async fn list(client: &Client) -> Read<Vec<Shown>> {
    let pages = client
        .describe_vpc_endpoints()
        .max_results(1000)
        .into_paginator()
        .items()
        .send();
    answer(CALL, pages.try_collect().await)
}

/// What is being deleted is shown for a while.
fn there(shown: &Shown) -> bool {
    !["deleted", "deleting"].contains(&state_of(shown).as_str())
}

/// EC2 writes the states in small letters, its model in large ones.
fn state_of(shown: &Shown) -> String {
    let state = shown.state().map(State::as_str);
    state.unwrap_or_default().to_ascii_lowercase()
}

#[derive(Default)]
struct Endpoints {
    candidates: Vec<Candidate<VpcEndpoint>>,
    foreign: Table<VpcEndpoint>,
}

impl Endpoints {
    /// AWS itself puts endpoints into a VPC (GuardDuty does): they bear no name of ours.
    /// <https://docs.aws.amazon.com/guardduty/latest/ug/runtime-monitoring-managing-agents.html>
    fn sort(&mut self, shown: &Shown, target: &Target, vpcs: &[String]) {
        let labels = labels(shown.tags());
        let (Some(id), Some(resource)) = (shown.vpc_endpoint_id(), resource(shown, &labels)) else {
            return;
        };
        let inside = vpcs.iter().any(|vpc| shown.vpc_id() == Some(vpc));
        let named = labels.logical(target, inside && target.vpc.is_none());
        if named.is_none() && !target.owns(&labels.tags) {
            self.foreign
                .extend(inside.then(|| (id.to_owned(), resource)));
            return;
        }
        self.candidates.push(Candidate {
            named,
            tags: Read::Known(labels.tags),
            id: PhysicalId::plain(id),
            resource,
        });
    }
}

fn resource(shown: &Shown, labels: &Labels) -> Option<VpcEndpoint> {
    let endpoint_type = endpoint_type(shown)?;
    let groups = shown.groups().iter().filter_map(|group| group.group_id());
    let interface = endpoint_type == EndpointType::Interface;
    Some(VpcEndpoint {
        name: labels.name.clone(),
        service: shown.service_name()?.to_owned(),
        endpoint_type,
        vpc: Ref::literal(shown.vpc_id()?),
        state: state(shown),
        route_tables: refs(shown.route_table_ids()),
        subnets: refs(shown.subnet_ids()),
        groups: groups.map(Ref::literal).collect::<BTreeSet<_>>().into(),
        // A gateway has none, whatever is shown of it.
        private_dns: (interface && shown.private_dns_enabled() == Some(true)).into(),
        policy: policy(shown),
        tags: labels.tags.clone().into(),
    })
}

/// Other types lead to load balancers and resources, and to no AWS API.
fn endpoint_type(shown: &Shown) -> Option<EndpointType> {
    match shown.vpc_endpoint_type()? {
        VpcEndpointType::Gateway => Some(EndpointType::Gateway),
        VpcEndpointType::Interface => Some(EndpointType::Interface),
        _ => None,
    }
}

fn state(shown: &Shown) -> EndpointState {
    match state_of(shown).as_str() {
        "available" => EndpointState::Available,
        "expired" | "failed" | "rejected" => EndpointState::Broken,
        _ => EndpointState::Pending,
    }
}

fn refs(ids: &[String]) -> Read<BTreeSet<Ref>> {
    Read::Known(ids.iter().map(Ref::literal).collect())
}

fn policy(shown: &Shown) -> Read<PolicyDocument> {
    documents::plain(CALL, shown.policy_document().unwrap_or_default())
}
