//! Which statements could apply to a request once its condition keys are chosen: the question that
//! a proof asks. Conditions on keys that the request does not bring are taken as open, both ways.

use super::{
    Grade, Layers, Policy, Request, Statement, Truth,
    keys::Keys,
    layers::{Layer, Place},
    policy::{Asked, Role, Selection},
    principal::Principal,
};
use crate::iam::Effect;

/// Whom the Principal of an Allow names beyond what the account's own policies decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// Users, roles and sessions by ARN.
    Arns(Vec<String>),
    /// Everybody, or whoever is not listed.
    Anybody,
}

impl Layers {
    /// Every statement that may apply to the request, by its place. What the request brings is
    /// fixed; every other condition key may have any value, or none.
    pub fn concerning(&self, request: &Request) -> Vec<Place> {
        let action = request.action.to_ascii_lowercase();
        let asked = Asked {
            caller: &request.caller,
            action: &action,
            resource: &request.resource,
            keys: Keys::of(&request.context).with_caller(request.caller.principal_arn()),
            bounded: !self.boundary.is_empty(),
        };
        let layers = self.all().into_iter();
        layers.flat_map(|layer| self.open(layer, &asked)).collect()
    }

    fn all(&self) -> Vec<Layer> {
        let boundaries = (0..self.boundary.len()).map(Layer::Boundary);
        let endpoints = (0..self.endpoint.len()).map(Layer::Endpoint);
        let sides = [Layer::Identity, Layer::Resource, Layer::Session].into_iter();
        let scp = (0..self.scp.len()).map(Layer::Scp);
        let rcp = (0..self.rcp.len()).map(Layer::Rcp);
        let limits = boundaries.chain(endpoints).chain(scp).chain(rcp);
        sides.chain(limits).collect()
    }

    fn open(&self, layer: Layer, asked: &Asked<'_>) -> Vec<Place> {
        let role = self.role(layer, asked.action);
        let mut places = Vec::new();
        for (policy, document) in self.policies(layer).iter().enumerate() {
            for (statement, content) in document.statements().iter().enumerate() {
                if content.is_open(role, asked) {
                    places.push(Place {
                        layer,
                        policy,
                        statement,
                    });
                }
            }
        }
        places
    }
}

impl Policy {
    /// Whom Allow statements of a resource's policy name themselves, without the account's own
    /// policies having a say.
    pub fn named(&self) -> Named {
        let mut arns = Vec::new();
        let statements = self.statements.iter();
        for statement in statements.filter(|statement| statement.effect == Effect::Allow) {
            match &statement.principals {
                Selection::Absent => {}
                Selection::Except(_) => return Named::Anybody,
                Selection::Only(named) => {
                    for principal in named {
                        match principal {
                            Principal::Arn(arn) => arns.push(arn.clone()),
                            Principal::Account(_)
                            | Principal::Service(_)
                            | Principal::Federated(_) => {}
                            Principal::Everybody
                            | Principal::UniqueId(_)
                            | Principal::Canonical
                            | Principal::Wild(_) => return Named::Anybody,
                        }
                    }
                }
            }
        }
        Named::Arns(arns)
    }
}

impl Statement {
    /// Whether it may say something about the action, whatever it is asked on.
    pub fn may_select(&self, action: &str) -> bool {
        let action = action.to_ascii_lowercase();
        self.actions.selects(|glob| glob.is_match(&action).into()) != Truth::No
    }

    /// Whether it excludes resources or actions instead of naming them.
    pub fn excludes(&self) -> bool {
        matches!(self.actions, Selection::Except(_))
            || !matches!(self.resources, Selection::Only(_))
    }

    fn is_open(&self, role: Role, asked: &Asked<'_>) -> bool {
        let action = self
            .actions
            .selects(|glob| glob.is_match(asked.action).into());
        action != Truth::No
            && self.means(role, asked).0 != Truth::No
            && self.may_cover(role, asked)
            && self.may_hold(&asked.keys)
    }

    fn may_cover(&self, role: Role, asked: &Asked<'_>) -> bool {
        let on = asked.resource;
        match &self.resources {
            Selection::Absent => role == Role::Trust || self.doubt.is_some(),
            // A variable without a value may yet get one.
            Selection::Only(patterns) => patterns.iter().any(|pattern| {
                let answer = pattern.matches(on, &asked.keys);
                answer.ok() != Some(Truth::No)
            }),
            Selection::Except(patterns) => !patterns.iter().any(|pattern| {
                let answer = pattern.matches(on, &asked.keys);
                answer.is_ok_and(|answer| answer == Truth::Yes)
            }),
        }
    }

    /// Whether no condition on a key that the request brings already fails.
    fn may_hold(&self, keys: &Keys<'_>) -> bool {
        let lines = self.conditions.iter().zip(&self.atoms.conditions);
        let mut fixed = lines.filter(|(_, line)| {
            let varies = line.values.iter().any(|value| value.contains("${"));
            !varies && keys.brings(&line.key)
        });
        fixed.all(|(condition, _)| condition.holds(keys) != Truth::No)
    }
}

impl super::Grant {
    /// Whether it is for the caller, in whatever encryption context.
    pub fn concerns(&self, request: &Request) -> bool {
        let keys = Keys::of(&request.context).with_caller(request.caller.principal_arn());
        let kind = match request.caller {
            super::Caller::Service(_) => crate::iam::PrincipalType::Service,
            _ => crate::iam::PrincipalType::Aws,
        };
        let (answer, grade) = Principal::read(kind, &self.grantee).means(&request.caller, &keys);
        answer != Truth::No && grade >= Grade::Role
    }
}
