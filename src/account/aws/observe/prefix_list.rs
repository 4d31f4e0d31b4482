//! Names the prefix lists that AWS manages for gateway endpoints. Their ids differ from Region to
//! Region, their names are known beforehand: rules carry the name.

use std::collections::BTreeMap;

use aws_sdk_ec2::{Client, types::Filter};

use super::Target;
use crate::{account::aws::error::answer, model::endpoint::GATEWAYS, resource::Read};

/// The call that shows prefix lists.
const CALL: &str = "ec2:DescribeManagedPrefixLists";

/// Names by id.
pub type NamesById = BTreeMap<String, String>;

/// The prefix lists of the gateways in the Region. Nobody but AWS can call a list so.
/// <https://docs.aws.amazon.com/vpc/latest/userguide/managed-prefix-lists.html>
pub(super) async fn names(client: &Client, target: &Target) -> Read<NamesById> {
    let names = GATEWAYS.map(|gateway| target.region.endpoint_service(gateway));
    let filter = Filter::builder()
        .name("prefix-list-name")
        .set_values(Some(names.into()))
        .build();
    let pages = client
        .describe_managed_prefix_lists()
        .filters(filter)
        .into_paginator()
        .items()
        .send();
    answer(CALL, pages.try_collect().await).map(|lists| {
        let lists = lists.into_iter();
        lists
            .filter_map(|list| Some((list.prefix_list_id?, list.prefix_list_name?)))
            .collect()
    })
}
