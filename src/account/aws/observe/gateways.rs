//! What is attached to the VPC and leads out of it, whoever made it.

use std::collections::BTreeMap;

use aws_sdk_ec2::{
    Client,
    types::{
        AttachmentStatus, EgressOnlyInternetGateway, InternetGateway, NatGateway,
        TransitGatewayAttachmentState, TransitGatewayVpcAttachment, VpcPeeringConnection,
        VpcPeeringConnectionStateReasonCode, VpnGateway,
    },
};
use futures::join;

use super::{
    internet_gateway, nat_gateway,
    network::{filter_of, in_vpcs},
};
use crate::{
    account::aws::error::answer,
    resource::{Attachment, Read},
};

/// Attachments by VPC and id.
type ByVpc = BTreeMap<(String, String), Attachment>;

/// What is attached to some VPCs.
pub(super) struct Attached {
    gateways: Read<ByVpc>,
    interconnects: Read<ByVpc>,
}

impl Attached {
    /// Asks for everything that no kind of ours lists.
    pub(super) async fn list(client: &Client, vpcs: &Read<Vec<String>>) -> Self {
        let (egress_only, peerings, transit, vpn) = join!(
            egress_only(client, vpcs),
            peerings(client, vpcs),
            transit(client, vpcs),
            vpn(client, vpcs),
        );
        Self {
            gateways: egress_only,
            interconnects: merged(merged(peerings, transit), vpn),
        }
    }

    /// With the gateways that kinds of ours list.
    pub(super) fn with(
        self,
        internet: &Read<Vec<InternetGateway>>,
        nat: &Read<Vec<NatGateway>>,
    ) -> Self {
        let internet = internet.as_ref().map(|all| {
            let attached = all.iter().filter_map(|one| {
                let vpc = internet_gateway::attached(one)?;
                named(vpc, one.internet_gateway_id()?, Attachment::InternetGateway)
            });
            attached.collect()
        });
        let nat = nat.as_ref().map(|all| {
            let living = all.iter().filter(|one| !nat_gateway::is_gone(one));
            let inside = living.filter_map(|one| {
                named(one.vpc_id()?, one.nat_gateway_id()?, Attachment::NatGateway)
            });
            inside.collect()
        });
        Self {
            gateways: merged(merged(self.gateways, internet), nat),
            ..self
        }
    }

    /// Without what is declared.
    pub(super) fn without(mut self, ours: &[&str]) -> Self {
        if let Read::Known(gateways) = &mut self.gateways {
            gateways.retain(|(_, id), _| !ours.contains(&id.as_str()));
        }
        self
    }

    /// The gateways of one VPC.
    pub(super) fn gateways_of(&self, vpc: &str) -> Read<BTreeMap<String, Attachment>> {
        self.gateways.as_ref().map(|all| of(all, vpc))
    }

    /// The connections of one VPC to other networks.
    pub(super) fn interconnects_of(&self, vpc: &str) -> Read<BTreeMap<String, Attachment>> {
        self.interconnects.as_ref().map(|all| of(all, vpc))
    }
}

fn of(all: &ByVpc, vpc: &str) -> BTreeMap<String, Attachment> {
    let own = all.iter().filter(|((of, _), _)| of == vpc);
    own.map(|((_, id), kind)| (id.clone(), *kind)).collect()
}

fn merged(one: Read<ByVpc>, other: Read<ByVpc>) -> Read<ByVpc> {
    match (one, other) {
        (Read::Known(mut one), Read::Known(other)) => {
            one.extend(other);
            Read::Known(one)
        }
        (unread @ Read::Unread(_), _) | (_, unread) => unread,
    }
}

fn named(vpc: &str, id: &str, kind: Attachment) -> Option<((String, String), Attachment)> {
    Some(((vpc.to_owned(), id.to_owned()), kind))
}

/// What there is where there is no VPC, or none that is known.
fn nothing(vpcs: &Read<Vec<String>>) -> Option<Read<ByVpc>> {
    match vpcs {
        Read::Known(vpcs) => vpcs.is_empty().then(|| Read::Known(ByVpc::new())),
        Read::Unread(why) => Some(Read::Unread(why.clone())),
    }
}

/// AWS filters them by tags only, so all are listed.
async fn egress_only(client: &Client, vpcs: &Read<Vec<String>>) -> Read<ByVpc> {
    if let Some(nothing) = nothing(vpcs) {
        return nothing;
    }
    let pages = client.describe_egress_only_internet_gateways();
    let pages = pages.into_paginator().items().send();
    let all = answer(
        "ec2:DescribeEgressOnlyInternetGateways",
        pages.try_collect().await,
    );
    all.map(|all: Vec<EgressOnlyInternetGateway>| {
        let attached = all.iter().filter_map(|one| {
            let vpc = one.attachments().iter().find_map(|at| at.vpc_id())?;
            let id = one.egress_only_internet_gateway_id()?;
            named(vpc, id, Attachment::EgressOnlyInternetGateway)
        });
        attached.collect()
    })
}

/// A VPC may be at either end, and one call can ask for one end only, so all are listed.
async fn peerings(client: &Client, vpcs: &Read<Vec<String>>) -> Read<ByVpc> {
    if let Some(nothing) = nothing(vpcs) {
        return nothing;
    }
    let pages = client.describe_vpc_peering_connections().into_paginator();
    let pages = pages.items().send();
    let all = answer(
        "ec2:DescribeVpcPeeringConnections",
        pages.try_collect().await,
    );
    all.map(|all: Vec<VpcPeeringConnection>| {
        let living = all.iter().filter(|one| lives(one));
        living.flat_map(ends).collect()
    })
}

fn lives(peering: &VpcPeeringConnection) -> bool {
    use VpcPeeringConnectionStateReasonCode::{Deleted, Deleting, Expired, Failed, Rejected};
    let state = peering.status().and_then(|status| status.code());
    !matches!(
        state,
        Some(Deleted | Deleting | Expired | Failed | Rejected)
    )
}

fn ends(peering: &VpcPeeringConnection) -> Vec<((String, String), Attachment)> {
    let id = peering.vpc_peering_connection_id().unwrap_or_default();
    [peering.accepter_vpc_info(), peering.requester_vpc_info()]
        .into_iter()
        .filter_map(|end| named(end?.vpc_id()?, id, Attachment::PeeringConnection))
        .collect()
}

async fn transit(client: &Client, vpcs: &Read<Vec<String>>) -> Read<ByVpc> {
    let all = in_vpcs!(
        client,
        describe_transit_gateway_vpc_attachments,
        "vpc-id",
        "ec2:DescribeTransitGatewayVpcAttachments",
        vpcs
    );
    all.map(|all: Vec<TransitGatewayVpcAttachment>| {
        use TransitGatewayAttachmentState::{Deleted, Deleting, Failed, Failing, Rejected};
        let gone = |one: &&TransitGatewayVpcAttachment| {
            matches!(
                one.state(),
                Some(Deleted | Deleting | Failed | Failing | Rejected)
            )
        };
        let living = all.iter().filter(|one| !gone(one));
        let named = living.filter_map(|one| {
            let id = one.transit_gateway_attachment_id()?;
            named(one.vpc_id()?, id, Attachment::TransitGateway)
        });
        named.collect()
    })
}

/// The call has no pages.
async fn vpn(client: &Client, vpcs: &Read<Vec<String>>) -> Read<ByVpc> {
    let vpcs = match vpcs {
        Read::Known(vpcs) if vpcs.is_empty() => return Read::Known(ByVpc::new()),
        Read::Known(vpcs) => vpcs,
        Read::Unread(why) => return Read::Unread(why.clone()),
    };
    let request = client.describe_vpn_gateways();
    let request = request.filters(filter_of("attachment.vpc-id", vpcs));
    let all = answer("ec2:DescribeVpnGateways", request.send().await);
    all.map(|all| {
        let gateways = all.vpn_gateways().iter();
        gateways.flat_map(attachments).collect()
    })
}

fn attachments(gateway: &VpnGateway) -> Vec<((String, String), Attachment)> {
    let id = gateway.vpn_gateway_id().unwrap_or_default();
    let held = gateway.vpc_attachments().iter();
    held.filter(|at| {
        use AttachmentStatus::{Attached, Attaching};
        matches!(at.state(), Some(Attached | Attaching))
    })
    .filter_map(|at| named(at.vpc_id()?, id, Attachment::VpnGateway))
    .collect()
}
