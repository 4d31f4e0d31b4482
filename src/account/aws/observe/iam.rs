//! The two bulk reads of IAM: all roles and policies of the account at once, and the roles under
//! our path with what the first does not show.

use aws_sdk_iam::{
    Client,
    types::{EntityType, ManagedPolicyDetail, Role, RoleDetail},
};

use super::super::error::answer;
use crate::resource::Read;

/// The call that shows trust, policies, boundaries and tags of roles, and all policies.
pub const DETAILS: &str = "iam:GetAccountAuthorizationDetails";
/// The call that shows description and longest session of roles.
pub const ROLES: &str = "iam:ListRoles";

/// Entities on one page, at most.
const PAGE: i32 = 1000;

/// What the account's authorization details show.
#[derive(Debug, Default)]
pub struct Details {
    /// Every role of the account.
    pub roles: Vec<RoleDetail>,
    /// Every customer managed policy of the account.
    pub policies: Vec<ManagedPolicyDetail>,
}

/// Reads the account's authorization details.
pub async fn details(client: &Client) -> Read<Details> {
    let pages = client
        .get_account_authorization_details()
        .filter(EntityType::Role)
        .filter(EntityType::LocalManagedPolicy)
        .max_items(PAGE)
        .into_paginator()
        .send();
    answer(DETAILS, pages.try_collect().await).map(|pages| {
        pages.into_iter().fold(Details::default(), |mut all, page| {
            all.roles.extend(page.role_detail_list.unwrap_or_default());
            all.policies.extend(page.policies.unwrap_or_default());
            all
        })
    })
}

/// Lists the roles under `path`.
pub async fn roles(client: &Client, path: &str) -> Read<Vec<Role>> {
    let pages = client
        .list_roles()
        .path_prefix(path)
        .max_items(PAGE)
        .into_paginator()
        .items()
        .send();
    answer(ROLES, pages.try_collect().await)
}
