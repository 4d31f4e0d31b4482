//! The service-linked roles that runtimes need.

use std::collections::BTreeSet;

use super::{Environment, Runtime};

/// A role that an AWS service defines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LinkedRole {
    /// The service, as `autoscaling.amazonaws.com`.
    pub service: &'static str,
    /// The name that the service gives it.
    pub name: &'static str,
}

impl LinkedRole {
    /// Auto Scaling's, which starts the instances whose volumes a service's key encrypts.
    /// <https://docs.aws.amazon.com/autoscaling/ec2/userguide/autoscaling-service-linked-role.html>
    pub const AUTOSCALING: Self = Self {
        service: "autoscaling.amazonaws.com",
        name: "AWSServiceRoleForAutoScaling",
    };
    /// ECS's, which attaches the interfaces of Fargate tasks.
    /// <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using-service-linked-roles-for-clusters.html>
    pub const ECS: Self = Self {
        service: "ecs.amazonaws.com",
        name: "AWSServiceRoleForECS",
    };

    /// Its logical name: `autoscaling`.
    pub fn logical(&self) -> &'static str {
        self.service.split('.').next().unwrap_or(self.service)
    }
}

impl Environment {
    /// Those that the services of the environment need.
    pub fn linked_roles(&self) -> BTreeSet<LinkedRole> {
        let living = self.services.values().filter(|service| service.is_alive());
        living
            .filter_map(|service| match service.runtime {
                Runtime::Ec2 => Some(LinkedRole::AUTOSCALING),
                Runtime::EcsFargate => Some(LinkedRole::ECS),
                _ => None,
            })
            .collect()
    }
}
