//! The layers joined: an explicit Deny anywhere, then what has to allow, then who grants.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html>

use super::{
    Decision, Layers, Request, Verdict,
    keys::Keys,
    layers::{Layer, is_assumption},
    policy::Asked,
    principal::{Caller, Grade},
    special,
    verdict::Reason,
    weigh::{Weight, weigh},
};

/// Decides one request. What cannot be told never allows: an Allow in doubt does not apply, a
/// Deny in doubt does.
///
/// Two powers are outside of every policy and not granted here: that of an account's root user
/// over the account, and that of the management account over its organisation.
pub fn decide(layers: &Layers, request: &Request) -> Verdict {
    let action = request.action.to_ascii_lowercase();
    if special::needs_no_permission(&action, &request.caller) {
        return Verdict {
            decision: Decision::Allowed,
            because: vec![Reason::NoPermissionNeeded],
        };
    }
    let mut keys = Keys::of(&request.context).with_caller(request.caller.principal_arn());
    if special::is_bucket(&request.resource) && !request.bucket_abac {
        keys = keys.without_bucket_tags();
    }
    let asked = Asked {
        caller: &request.caller,
        action: &action,
        resource: &request.resource,
        keys,
        bounded: !layers.boundary.is_empty(),
    };
    Table::of(layers, request, &asked).verdict()
}

/// What every layer said.
struct Table<'a> {
    layers: &'a Layers,
    request: &'a Request,
    asked: &'a Asked<'a>,
    /// Everything that has to allow besides the two sides.
    gates: Vec<(Layer, Weight)>,
    /// What limits the caller's own side.
    limits: Vec<(Layer, Weight)>,
    identity: Weight,
    resource: Weight,
}

impl<'a> Table<'a> {
    fn of(layers: &'a Layers, request: &'a Request, asked: &'a Asked<'a>) -> Self {
        let all = |found: Vec<Layer>| -> Vec<(Layer, Weight)> {
            let weights = found.into_iter();
            weights
                .map(|layer| (layer, weigh(layers, layer, asked)))
                .collect()
        };
        Self {
            layers,
            request,
            asked,
            gates: all(gates(layers, &request.caller)),
            limits: all(limits(layers)),
            identity: weigh(layers, Layer::Identity, asked),
            resource: weigh(layers, Layer::Resource, asked),
        }
    }

    fn verdict(&self) -> Verdict {
        let denies: Vec<Reason> = self.weights().flat_map(|w| w.denies.clone()).collect();
        if !denies.is_empty() {
            return verdict(Decision::ExplicitlyDenied, denies);
        }
        let silent: Vec<Layer> = self.silent_gates().collect();
        let granted = self.granted();
        match granted {
            Ok(mut reasons) if silent.is_empty() => {
                reasons.extend(self.gates.iter().filter_map(|(_, gate)| gate.reason()));
                verdict(Decision::Allowed, reasons)
            }
            granted => {
                let mut reasons: Vec<Reason> = silent.into_iter().map(Reason::Silent).collect();
                reasons.extend(granted.err().into_iter().flatten());
                reasons.extend(self.doubts());
                verdict(Decision::ImplicitlyDenied, reasons)
            }
        }
    }

    fn weights(&self) -> impl Iterator<Item = &Weight> {
        let gates = self.gates.iter().map(|(_, weight)| weight);
        let limits = self.limits.iter().map(|(_, weight)| weight);
        let sides = [&self.identity, &self.resource];
        sides.into_iter().chain(limits).chain(gates)
    }

    fn doubts(&self) -> impl Iterator<Item = Reason> {
        let doubts = self.weights().flat_map(|weight| weight.doubts.iter());
        doubts.map(|(place, doubt)| Reason::MightAllow(*place, *doubt))
    }

    /// RCPFullAWSAccess is attached everywhere and cannot be detached, so a level of resource
    /// control policies is silent only where it says itself what it allows.
    /// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html>
    fn silent_gates(&self) -> impl Iterator<Item = Layer> {
        let silent = self.gates.iter().filter(|(layer, gate)| {
            let allows_all = matches!(layer, Layer::Rcp(_)) && !gate.has_allow;
            gate.allows.is_none() && !allows_all
        });
        silent.map(|(layer, _)| *layer)
    }

    /// What grants the request, or what is missing for it.
    fn granted(&self) -> Result<Vec<Reason>, Vec<Reason>> {
        if self.layers.grants.is_empty() || !special::is_kms(self.asked.action) {
            return self.granted_by_policies();
        }
        let mut grants = self.layers.grants.iter();
        let allows = |grant: &super::Grant| {
            grant.allows(self.asked.caller, self.asked.action, &self.asked.keys)
        };
        match grants.position(allows) {
            Some(index) if self.may_cross() => Ok(vec![Reason::Grant(index)]),
            _ => self.granted_by_policies(),
        }
    }

    fn granted_by_policies(&self) -> Result<Vec<Reason>, Vec<Reason>> {
        let Some(account) = self.request.caller.account() else {
            let allowed = self.resource.reason().map(|reason| vec![reason]);
            return allowed.ok_or_else(|| vec![Reason::Silent(Layer::Resource)]);
        };
        if self.request.resource_account.as_deref() == Some(account) {
            self.granted_within()
        } else if self.may_cross() {
            self.granted_across()
        } else {
            Err(vec![Reason::NotAcrossAccounts])
        }
    }

    /// Whether KMS lets another account ask for the action at all.
    fn may_cross(&self) -> bool {
        let same = self.request.caller.account() == self.request.resource_account.as_deref();
        same || special::may_cross_accounts(self.asked.action)
    }

    /// In one account, either side suffices, unless the resource's policy has to allow.
    fn granted_within(&self) -> Result<Vec<Reason>, Vec<Reason>> {
        let must = is_assumption(self.asked.action)
            || special::needs_key_policy(self.asked.action, &self.request.resource);
        let grade = self.resource.allows.map(|(_, grade)| grade);
        let by_resource: Vec<Reason> = self.resource.reason().into_iter().collect();
        match grade {
            // What limits a role does not limit what is granted to its session, or to a user.
            Some(Grade::Direct) => Ok(by_resource),
            Some(Grade::Role) => match self.within_limits() {
                Ok(limits) => Ok([by_resource, limits].concat()),
                Err(missing) => Err(missing),
            },
            Some(Grade::Account) if must => match self.granted_by_identity() {
                Ok(identity) => Ok([by_resource, identity].concat()),
                Err(missing) => {
                    let delegates = self.resource.allows.iter();
                    let delegates = delegates.map(|(place, _)| Reason::OnlyDelegated(*place));
                    Err(delegates.chain(missing).collect())
                }
            },
            None if must => Err(vec![Reason::Silent(Layer::Resource)]),
            Some(Grade::Account) | None => self.granted_by_identity(),
        }
    }

    /// Across accounts, both sides have to allow.
    fn granted_across(&self) -> Result<Vec<Reason>, Vec<Reason>> {
        let resource = self.resource.reason();
        match (self.granted_by_identity(), resource) {
            (Ok(identity), Some(resource)) => {
                Ok(std::iter::once(resource).chain(identity).collect())
            }
            (Ok(_), None) => Err(vec![Reason::Silent(Layer::Resource)]),
            (Err(missing), Some(_)) => Err(missing),
            (Err(mut missing), None) => {
                missing.push(Reason::Silent(Layer::Resource));
                Err(missing)
            }
        }
    }

    fn granted_by_identity(&self) -> Result<Vec<Reason>, Vec<Reason>> {
        match (self.identity.reason(), self.within_limits()) {
            (Some(identity), Ok(limits)) => Ok(std::iter::once(identity).chain(limits).collect()),
            (Some(_), Err(missing)) => Err(missing),
            (None, limits) => {
                let missing = limits.err().into_iter().flatten();
                let identity = Reason::Silent(Layer::Identity);
                Err(std::iter::once(identity).chain(missing).collect())
            }
        }
    }

    /// What the boundary and the session policy allow, or which of them is silent.
    fn within_limits(&self) -> Result<Vec<Reason>, Vec<Reason>> {
        let silent = self
            .limits
            .iter()
            .filter(|(_, limit)| limit.allows.is_none());
        let silent: Vec<Reason> = silent.map(|(layer, _)| Reason::Silent(*layer)).collect();
        if silent.is_empty() {
            Ok(self
                .limits
                .iter()
                .filter_map(|(_, limit)| limit.reason())
                .collect())
        } else {
            Err(silent)
        }
    }
}

fn verdict(decision: Decision, because: Vec<Reason>) -> Verdict {
    Verdict { decision, because }
}

/// Service control policies bind whoever an account knows, resource control policies whoever
/// asks; neither binds service-linked roles.
fn gates(layers: &Layers, caller: &Caller) -> Vec<Layer> {
    let (bound_by_scp, bound_by_rcp) = match caller {
        _ if caller.is_service_linked() => (false, false),
        Caller::Account { .. } => (true, true),
        Caller::Service(_) | Caller::Federated(_) | Caller::Anonymous => (false, true),
    };
    let scp = (0..layers.scp.len())
        .map(Layer::Scp)
        .filter(|_| bound_by_scp);
    let rcp = (0..layers.rcp.len())
        .map(Layer::Rcp)
        .filter(|_| bound_by_rcp);
    let endpoints = (0..layers.endpoint.len()).map(Layer::Endpoint);
    scp.chain(rcp).chain(endpoints).collect()
}

fn limits(layers: &Layers) -> Vec<Layer> {
    let boundaries = (0..layers.boundary.len()).map(Layer::Boundary);
    let session = layers.session.iter().map(|_| Layer::Session);
    boundaries.chain(session).collect()
}
