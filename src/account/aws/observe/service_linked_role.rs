//! Observes the service-linked roles of the services that run ours, as the account's authorization
//! details show them.

use aws_sdk_iam::types::RoleDetail;

use super::{found::Found, iam::Details};
use crate::{
    model::{Address, Environment},
    resource::{Kind, Read, ServiceLinkedRole, Table},
    snapshot::{Ids, PhysicalId},
};

/// Those that the environment's runtimes need; nobody owns them.
pub fn observe(details: &Read<Details>, environment: &Environment) -> Found<ServiceLinkedRole> {
    let details = match details {
        Read::Known(details) => details,
        Read::Unread(why) => return Found::unread(why.clone()),
    };
    let mut found = Found {
        table: Table::new(),
        ids: Ids::new(),
        conflicts: Vec::new(),
        listing: Read::Known(0),
    };
    for linked in environment.linked_roles() {
        let logical = linked.logical().to_owned();
        let wanted = ServiceLinkedRole {
            service: linked.service.to_owned(),
            name: linked.name.to_owned(),
        };
        let path = wanted.path();
        let role = details.roles.iter().find(|role| role.path() == Some(&path));
        if let Some((resource, id)) = role.and_then(|role| shown(role, wanted)) {
            found
                .ids
                .insert(Address::new(ServiceLinkedRole::NAME, logical.as_str()), id);
            found.table.insert(logical, resource);
        }
    }
    found.listing = Read::Known(found.table.len() as u64);
    found
}

fn shown(role: &RoleDetail, wanted: ServiceLinkedRole) -> Option<(ServiceLinkedRole, PhysicalId)> {
    let name = role.role_name()?;
    let id = PhysicalId {
        unique_id: role.role_id().map(str::to_owned),
        ..PhysicalId::with_arn(name, role.arn()?)
    };
    // Names of roles that differ in case alone are the same.
    let same = name.eq_ignore_ascii_case(&wanted.name);
    let name = if same { wanted.name } else { name.to_owned() };
    Some((ServiceLinkedRole { name, ..wanted }, id))
}
