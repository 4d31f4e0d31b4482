//! A question put to the evaluator in every way in which the caller can ask, and what came of it.
//! A policy may allow a call only through a service or an endpoint: those ways are tried too.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    CallerSide, EndpointSide, Estate, Object, QuestionError, ResourceSide, Source, Subject,
};
use crate::{
    iam::{
        catalogue::Catalogue,
        eval::{Caller, Context, Decision, Layer, Layers, Reason, Request, Verdict, decide},
    },
    resource::KeyState,
};

/// May somebody do something?
#[derive(Debug, Clone)]
pub struct Question {
    /// Who.
    pub who: Subject,
    /// Which action, in its canonical spelling.
    pub action: String,
    /// On what.
    pub what: Object,
    /// Condition keys that the request has besides those that AWS sets.
    pub context: Context,
}

/// What came of a question.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The answer.
    pub outcome: Outcome,
    /// Every way of asking, with what was decided.
    pub ways: Vec<Way>,
    /// What was not read, and could change the answer.
    pub gaps: BTreeSet<String>,
    /// What no snapshot holds, or was taken for granted.
    pub assumptions: BTreeSet<String>,
}

/// The answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// In at least one way.
    Yes,
    /// In no way.
    No,
    /// What was not read could change it.
    Unknown,
}

/// One way of asking.
#[derive(Debug, Clone)]
pub struct Way {
    /// How the request is made.
    pub through: Through,
    /// What was decided.
    pub decision: Decision,
    /// Why.
    pub because: Vec<Cited>,
}

/// How a request reaches its resource.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Through {
    /// By the caller itself.
    Nothing,
    /// By a service on the caller's behalf.
    Service(String),
    /// By a VPC endpoint.
    Endpoint(String),
}

/// A reason, with the names by which people know its policy and statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cited {
    /// The reason.
    pub reason: Reason,
    /// The policy or grant that it is about.
    pub policy: Option<String>,
    /// The statement, by Sid or by its number.
    pub statement: Option<String>,
}

/// Asks.
///
/// # Errors
/// An action that does not exist, a request that nobody can make.
pub fn ask(
    question: &Question,
    estate: &Estate<'_>,
    catalogue: &Catalogue,
) -> Result<Answer, QuestionError> {
    let action = catalogue.action(&question.action)?.to_string();
    let sides = Sides::of(question, &action, estate);
    let mut request = Request::new(&question.who.principal, &action, &question.what.arn)?;
    request.resource_account = Some(question.what.account.clone());
    let mut context = sides.caller.context.clone();
    for (key, values) in question.context.iter() {
        context.remove(key);
        context.add(key, values.iter().cloned());
    }
    let request = request.with_context(context)?.signed();
    let ways = sides.ways(&request);
    Ok(Answer {
        outcome: outcome(&ways, &sides.gaps()),
        ways,
        gaps: sides.gaps(),
        assumptions: assumptions(question, &sides, estate),
    })
}

/// An explicit Deny stands, whatever was not read; anything else could change.
fn outcome(ways: &[Way], gaps: &BTreeSet<String>) -> Outcome {
    let denied = ways
        .iter()
        .all(|way| way.decision == Decision::ExplicitlyDenied);
    match ways.iter().any(|way| way.decision.is_allowed()) {
        _ if denied => Outcome::No,
        _ if !gaps.is_empty() => Outcome::Unknown,
        true => Outcome::Yes,
        false => Outcome::No,
    }
}

/// Both sides of a request, and the endpoints that it may come through.
struct Sides {
    caller: CallerSide,
    resource: ResourceSide,
    endpoints: Vec<EndpointSide>,
    layers: Layers,
}

impl Sides {
    fn of(question: &Question, action: &str, estate: &Estate<'_>) -> Self {
        let caller = caller(question, estate);
        let address = question.what.address.as_ref();
        let resource = address.map(|address| estate.resource(address));
        let resource = resource.unwrap_or_default();
        let layers = Layers {
            identity: policies(&caller.identity),
            boundary: policies(&caller.boundary),
            resource: resource.policy.as_ref().map(|source| source.policy.clone()),
            grants: resource.grants.clone(),
            ..Layers::default()
        };
        let service = action.split(':').next().unwrap_or_default();
        Self {
            endpoints: estate.endpoints(service),
            caller,
            resource,
            layers,
        }
    }

    fn gaps(&self) -> BTreeSet<String> {
        let endpoints = self.endpoints.iter().flat_map(|endpoint| &endpoint.gaps);
        let sides = self.caller.gaps.union(&self.resource.gaps);
        sides.chain(endpoints).cloned().collect()
    }

    fn ways(&self, request: &Request) -> Vec<Way> {
        let mut ways = vec![self.way(Through::Nothing, request, None)];
        for service in self.values("kms:ViaService") {
            let asked = request.clone().via_service(&service);
            ways.push(self.way(Through::Service(service), &asked, None));
        }
        for endpoint in &self.endpoints {
            let asked = request.clone().via_endpoint(&endpoint.id, &endpoint.vpc);
            let through = Through::Endpoint(endpoint.address.to_string());
            ways.push(self.way(through, &asked, Some(endpoint)));
        }
        let own = |id: &String| self.endpoints.iter().any(|endpoint| endpoint.id == *id);
        let named = self.values("aws:SourceVpce").into_iter();
        for foreign in named.filter(|id| !own(id)) {
            let asked = request.clone().via_endpoint(&foreign, VPC);
            ways.push(self.way(Through::Endpoint(foreign), &asked, None));
        }
        ways
    }

    /// The values that any policy compares a key with.
    fn values(&self, key: &str) -> BTreeSet<String> {
        let sources = self.sources(None).into_values();
        let statements = sources.flat_map(|source| source.policy.statements());
        let lines = statements.flat_map(|statement| &statement.atoms().conditions);
        let values = lines
            .filter(|line| line.key.eq_ignore_ascii_case(key))
            .flat_map(|line| &line.values);
        let exact = values.filter(|value| !value.contains(['*', '?', '$']));
        exact.cloned().collect()
    }

    fn way(&self, through: Through, request: &Request, endpoint: Option<&EndpointSide>) -> Way {
        let policy = endpoint.and_then(|endpoint| endpoint.policy.as_ref());
        let layers = Layers {
            endpoint: policy.iter().map(|source| source.policy.clone()).collect(),
            endpoint_kind: endpoint.map(|endpoint| endpoint.kind).unwrap_or_default(),
            ..self.layers.clone()
        };
        let sources = self.sources(policy);
        let Verdict { decision, because } = decide(&layers, request);
        let because = because.into_iter();
        Way {
            through,
            decision,
            because: because
                .map(|reason| cited(reason, &layers, &sources))
                .collect(),
        }
    }

    fn sources<'s>(&'s self, endpoint: Option<&'s Source>) -> Sources<'s> {
        let identity = self.caller.identity.iter().enumerate();
        let identity = identity.map(|(index, source)| ((Layer::Identity, index), source));
        let boundary = self.caller.boundary.iter().enumerate();
        let boundary = boundary.map(|(index, source)| ((Layer::Boundary(index), 0), source));
        let resource = self.resource.policy.iter();
        let resource = resource.map(|source| ((Layer::Resource, 0), source));
        let endpoint = endpoint.map(|source| ((Layer::Endpoint(0), 0), source));
        let caller = identity.chain(boundary);
        caller.chain(resource).chain(endpoint).collect()
    }
}

/// Every policy by its layer and its place in it.
type Sources<'s> = BTreeMap<(Layer, usize), &'s Source>;

/// The VPC of an endpoint that the snapshot does not show.
const VPC: &str = "vpc-of-the-endpoint";

/// What the caller brings; of somebody whom the snapshot does not show, a gap.
fn caller(question: &Question, estate: &Estate<'_>) -> CallerSide {
    let who = &question.who;
    if let Some(role) = &who.role {
        return estate.caller(&role.name).unwrap_or_default();
    }
    let mut side = CallerSide::default();
    if matches!(Caller::read(&who.principal), Some(Caller::Account { .. })) {
        let gap = format!("the policies of {} are not in the snapshot", who.name);
        side.gaps.insert(gap);
    }
    side
}

fn cited(reason: Reason, layers: &Layers, sources: &Sources<'_>) -> Cited {
    let place = match reason {
        Reason::Allows(place)
        | Reason::Denies(place, _)
        | Reason::MightAllow(place, _)
        | Reason::OnlyDelegated(place) => Some(place),
        _ => None,
    };
    let layer = match reason {
        Reason::Silent(layer) => Some((layer, 0)),
        _ => place.map(|place| (place.layer, place.policy)),
    };
    let grant = match reason {
        Reason::Grant(index) => layers.grants.get(index).map(|grant| grant.id.clone()),
        _ => None,
    };
    let source = layer.and_then(|layer| sources.get(&layer));
    let statement = place.map(|place| {
        let sid = layers.statement(place).and_then(|s| s.sid());
        sid.map_or_else(|| format!("number {}", place.statement + 1), str::to_owned)
    });
    Cited {
        policy: grant.or_else(|| source.map(|source| source.name.clone())),
        statement,
        reason,
    }
}

fn policies(sources: &[Source]) -> Vec<std::sync::Arc<crate::iam::eval::Policy>> {
    sources.iter().map(|source| source.policy.clone()).collect()
}

/// What the answer takes for granted.
fn assumptions(question: &Question, sides: &Sides, estate: &Estate<'_>) -> BTreeSet<String> {
    let mut found = BTreeSet::from([
        "policies of the organisation and session policies: none was looked at".to_owned(),
    ]);
    let what = &question.what;
    if what.arn != "*" && sides.resource.policy.is_none() {
        found.insert(format!(
            "{} itself has no policy that denies or grants",
            what.name
        ));
    }
    if what.arn.split(':').nth(4) == Some("") && what.account == estate.account().as_str() {
        found.insert(format!("{} belongs to account {}", what.name, what.account));
    }
    let keys = &estate.snapshot().resources.kms_key;
    let key = what
        .address
        .as_ref()
        .and_then(|address| keys.get(&address.name));
    let state = key.and_then(|key| key.state.known());
    if state.is_some_and(|state| *state != KeyState::Enabled) {
        found.insert(format!(
            "{} is not enabled: KMS refuses its use, whatever policies say",
            what.name
        ));
    }
    found
}
