//! A question put to the evaluator in every way in which the caller can ask, and what came of it.
//! A policy may allow a call only through a service or an endpoint: those ways are tried too.

use std::collections::{BTreeMap, BTreeSet};

use super::{CallerSide, Estate, Object, QuestionError, ResourceSide, Source, Subject};
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
    let sides = Sides::of(question, estate);
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
        assumptions: assumptions(question, estate),
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

/// Both sides of a request.
struct Sides {
    caller: CallerSide,
    resource: ResourceSide,
    layers: Layers,
}

impl Sides {
    fn of(question: &Question, estate: &Estate<'_>) -> Self {
        let known = question.who.role.as_ref();
        let known = known.and_then(|address| estate.caller(&address.name));
        let mut caller = known.unwrap_or_default();
        let is_role = question.who.role.is_some();
        let is_person = matches!(
            Caller::read(&question.who.principal),
            Some(Caller::Account { .. })
        );
        if is_person && !is_role {
            let who = &question.who.name;
            caller
                .gaps
                .insert(format!("the policies of {who} are not in the snapshot"));
        }
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
        Self {
            caller,
            resource,
            layers,
        }
    }

    fn gaps(&self) -> BTreeSet<String> {
        self.caller
            .gaps
            .union(&self.resource.gaps)
            .cloned()
            .collect()
    }

    fn ways(&self, request: &Request) -> Vec<Way> {
        let direct = (Through::Nothing, request.clone());
        let services = self.values("kms:ViaService").into_iter().map(|service| {
            let asked = request.clone().via_service(&service);
            (Through::Service(service), asked)
        });
        let endpoints = self.values("aws:SourceVpce").into_iter().map(|endpoint| {
            let asked = request
                .clone()
                .via_endpoint(&endpoint, "vpc-of-the-endpoint");
            (Through::Endpoint(endpoint), asked)
        });
        let ways = std::iter::once(direct).chain(services).chain(endpoints);
        ways.map(|(through, request)| self.way(through, &request))
            .collect()
    }

    /// The values that any policy compares a key with.
    fn values(&self, key: &str) -> BTreeSet<String> {
        let sources = self.sources().into_values();
        let statements = sources.flat_map(|source| source.policy.statements());
        let lines = statements.flat_map(|statement| &statement.atoms().conditions);
        let values = lines
            .filter(|line| line.key.eq_ignore_ascii_case(key))
            .flat_map(|line| &line.values);
        let exact = values.filter(|value| !value.contains(['*', '?', '$']));
        exact.cloned().collect()
    }

    fn way(&self, through: Through, request: &Request) -> Way {
        let Verdict { decision, because } = decide(&self.layers, request);
        let because = because.into_iter().map(|reason| self.cited(reason));
        Way {
            through,
            decision,
            because: because.collect(),
        }
    }

    fn cited(&self, reason: Reason) -> Cited {
        let place = match reason {
            Reason::Allows(place)
            | Reason::Denies(place, _)
            | Reason::MightAllow(place, _)
            | Reason::OnlyDelegated(place) => Some(place),
            _ => None,
        };
        let sources = self.sources();
        let layer = match reason {
            Reason::Silent(layer) => Some((layer, 0)),
            _ => place.map(|place| (place.layer, place.policy)),
        };
        let grant = match reason {
            Reason::Grant(index) => self.layers.grants.get(index).map(|grant| grant.id.clone()),
            _ => None,
        };
        let source = layer.and_then(|layer| sources.get(&layer));
        let statement = place.map(|place| {
            let sid = self.layers.statement(place).and_then(|s| s.sid());
            sid.map_or_else(|| format!("number {}", place.statement + 1), str::to_owned)
        });
        Cited {
            policy: grant.or_else(|| source.map(|source| source.name.clone())),
            statement,
            reason,
        }
    }

    /// Every policy by its layer and its place in it.
    fn sources(&self) -> BTreeMap<(Layer, usize), &Source> {
        let identity = self.caller.identity.iter().enumerate();
        let identity = identity.map(|(index, source)| ((Layer::Identity, index), source));
        let boundary = self.caller.boundary.iter().enumerate();
        let boundary = boundary.map(|(index, source)| ((Layer::Boundary(index), 0), source));
        let resource = self.resource.policy.iter();
        let resource = resource.map(|source| ((Layer::Resource, 0), source));
        identity.chain(boundary).chain(resource).collect()
    }
}

fn policies(sources: &[Source]) -> Vec<std::sync::Arc<crate::iam::eval::Policy>> {
    sources.iter().map(|source| source.policy.clone()).collect()
}

/// What the answer takes for granted.
fn assumptions(question: &Question, estate: &Estate<'_>) -> BTreeSet<String> {
    let mut found = BTreeSet::from([
        "policies of the organisation, session policies and endpoint policies: none was looked at"
            .to_owned(),
    ]);
    let what = &question.what;
    let has_policy = what.arn == "*" || what.address.is_some();
    if !has_policy {
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
