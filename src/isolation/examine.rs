//! Whether a request is allowed under any condition at all: every way on which it can come, every
//! class of condition keys. Allowed only with a request in hand; never only if every class was
//! tried; anything else is not decided.

use std::collections::BTreeSet;

use super::{
    space::{Space, variables},
    values,
};
use crate::{
    authorization::EndpointSide,
    iam::{
        Effect,
        eval::{
            ConditionLine, Context, Decision, Layer, Layers, Place, Reason, Request, Statement,
            decide,
        },
    },
};

/// What came of it.
#[derive(Debug)]
pub(super) enum Outcome {
    /// This request is allowed.
    Allowed(Box<Allowed>),
    /// No such request is.
    Never,
    /// It could not be decided.
    Perhaps(BTreeSet<String>),
}

/// A request that is allowed.
#[derive(Debug)]
pub(super) struct Allowed {
    pub request: Request,
    pub layers: Layers,
    pub because: Vec<Reason>,
    /// The endpoint that it comes through.
    pub endpoint: Option<usize>,
}

/// How a request arrives.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Way {
    Direct,
    Service(String),
    Endpoint(usize),
    /// An endpoint that the snapshot does not show, by its id and VPC.
    Foreign(String, String),
}

/// A key that makes the request come through a service.
const VIA: &str = "kms:viaservice";
/// An id that no endpoint or VPC of ours has.
const ELSEWHERE: &str = "elsewhere";

/// Tries the request in every way with every class of keys.
pub(super) fn examine(layers: &Layers, base: &Request, endpoints: &[EndpointSide]) -> Outcome {
    let mut open = base.clone();
    // Set by how the request comes, which is not settled yet.
    open.context.remove("aws:ViaAWSService");
    let places = layers.concerning(&open);
    let statements = statements(layers, &places);
    if !could_allow(layers, base, &statements) {
        return Outcome::Never;
    }
    let mut lines = lines(&statements);
    lines.extend(of_grants(layers));
    let mut reasons = BTreeSet::new();
    for way in ways(&lines, endpoints) {
        let tried = Tried::new(layers, base, &way, endpoints);
        match tried.outcome() {
            Outcome::Never => {}
            Outcome::Perhaps(why) => reasons.extend(why),
            allowed @ Outcome::Allowed(_) => return allowed,
        }
    }
    match reasons.is_empty() {
        true => Outcome::Never,
        false => Outcome::Perhaps(reasons),
    }
}

type Concerning<'l> = Vec<(Place, &'l Statement)>;

fn statements<'l>(layers: &'l Layers, places: &[Place]) -> Concerning<'l> {
    let found = places.iter();
    found
        .filter_map(|place| Some((*place, layers.statement(*place)?)))
        .collect()
}

/// Whether there is an Allow wherever there has to be one, conditions left aside.
fn could_allow(layers: &Layers, base: &Request, statements: &Concerning<'_>) -> bool {
    let allows = |layer: Layer| {
        let mut allows = statements
            .iter()
            .filter(|(_, one)| one.effect() == Effect::Allow);
        allows.any(|(place, _)| place.layer == layer)
    };
    let action = base.action.to_ascii_lowercase();
    let operation = base.action.rsplit(':').next().unwrap_or_default();
    let granted = || {
        layers.grants.iter().any(|grant| {
            grant.operations.iter().any(|one| one == operation) && grant.concerns(base)
        })
    };
    let must = action.starts_with("kms:") || action.starts_with("sts:");
    let identity =
        allows(Layer::Identity) && (0..layers.boundary.len()).all(|i| allows(Layer::Boundary(i)));
    allows(Layer::Resource) || granted() || (identity && !must)
}

fn lines(statements: &Concerning<'_>) -> Vec<ConditionLine> {
    let lines = statements.iter().map(|(_, one)| &one.atoms().conditions);
    lines.flatten().cloned().collect()
}

/// What grants ask for, as conditions.
fn of_grants(layers: &Layers) -> impl Iterator<Item = ConditionLine> {
    let constraints = layers.grants.iter().filter_map(|g| g.constraints.as_ref());
    let pairs = constraints.flat_map(|constraints| {
        let equals = constraints.encryption_context_equals.iter().flatten();
        equals.chain(constraints.encryption_context_subset.iter().flatten())
    });
    pairs.map(|(name, value)| ConditionLine {
        operator: "StringEquals".to_owned(),
        key: format!("kms:EncryptionContext:{name}"),
        values: vec![value.clone()],
    })
}

/// Every way that a statement tells apart. A direct call is one always; the others matter only
/// where some condition asks for them.
fn ways(lines: &[ConditionLine], endpoints: &[EndpointSide]) -> BTreeSet<Way> {
    let named = |key: &str| -> Option<BTreeSet<String>> {
        let of_key = lines.iter().filter(|l| l.key.eq_ignore_ascii_case(key));
        let values: Vec<&ConditionLine> = of_key.collect();
        let texts = values.iter().flat_map(|line| &line.values);
        let texts = texts.map(|text| values::instance(text)).collect();
        (!values.is_empty()).then_some(texts)
    };
    let mut ways = BTreeSet::from([Way::Direct]);
    if let Some(services) = named(VIA) {
        ways.extend(services.into_iter().map(Way::Service));
    }
    if named("aws:ViaAWSService").is_some() {
        ways.insert(Way::Service("cloudformation.amazonaws.com".to_owned()));
    }
    let (ids, vpcs) = (named("aws:SourceVpce"), named("aws:SourceVpc"));
    if ids.is_none() && vpcs.is_none() && named("aws:VpcSourceIp").is_none() {
        return ways;
    }
    ways.extend((0..endpoints.len()).map(Way::Endpoint));
    let ours = |id: &String| endpoints.iter().any(|e| e.id == *id);
    let elsewhere = || ELSEWHERE.to_owned();
    let foreign = ids.unwrap_or_default().into_iter().filter(|id| !ours(id));
    ways.extend(foreign.map(|id| Way::Foreign(id, elsewhere())));
    let vpcs = vpcs.unwrap_or_default().into_iter();
    ways.extend(vpcs.map(|vpc| Way::Foreign(elsewhere(), vpc)));
    ways.insert(Way::Foreign(elsewhere(), elsewhere()));
    ways
}

/// One way, with all that has a say on it.
struct Tried {
    layers: Layers,
    base: Request,
    endpoint: Option<usize>,
    gaps: BTreeSet<String>,
}

impl Tried {
    fn new(layers: &Layers, base: &Request, way: &Way, endpoints: &[EndpointSide]) -> Self {
        let mut layers = layers.clone();
        let base = base.clone();
        let mut gaps = BTreeSet::new();
        let (base, endpoint) = match way {
            Way::Direct => (base, None),
            Way::Service(name) => (base.via_service(name), None),
            Way::Foreign(id, vpc) => (base.via_endpoint(id, vpc), None),
            Way::Endpoint(index) => match endpoints.get(*index) {
                Some(side) => {
                    let policies = side.policy.iter().map(|source| source.policy.clone());
                    layers.endpoint = policies.collect();
                    layers.endpoint_kind = side.kind;
                    gaps.extend(side.gaps.iter().cloned());
                    (base.via_endpoint(&side.id, &side.vpc), Some(*index))
                }
                None => (base, None),
            },
        };
        Self {
            layers,
            base,
            endpoint,
            gaps,
        }
    }

    fn outcome(self) -> Outcome {
        let (space, certain) = self.space();
        let mut reasons = BTreeSet::new();
        for combination in space.combinations() {
            let request = self.asked(&combination.context);
            let verdict = decide(&self.layers, &request);
            if verdict.decision == Decision::Allowed {
                if combination.obscure.is_empty() && self.gaps.is_empty() {
                    return self.allowed(request, verdict.because);
                }
                reasons.extend(self.gaps.iter().cloned());
                reasons.extend(combination.obscure.iter().map(|key| {
                    format!("it is allowed for some value of {key}, which no snapshot shows")
                }));
                continue;
            }
            if certain(&verdict.because) {
                return Outcome::Never;
            }
            reasons.extend(doubts(&verdict.because));
        }
        if !space.complete && reasons.is_empty() {
            reasons.insert(
                "its conditions tell apart more cases than can be tried one by one".to_owned(),
            );
        }
        match reasons.is_empty() {
            true => Outcome::Never,
            false => Outcome::Perhaps(reasons),
        }
    }

    /// The space of its keys, and what shows that no combination can be allowed: a Deny without
    /// conditions.
    fn space(&self) -> (Space, impl Fn(&[Reason]) -> bool + '_) {
        let places = self.layers.concerning(&self.base);
        let statements = statements(&self.layers, &places);
        let mut lines = lines(&statements);
        lines.extend(of_grants(&self.layers));
        let texts = statements
            .iter()
            .flat_map(|(_, one)| &one.atoms().resources);
        let values = lines.iter().flat_map(|line| &line.values);
        let variables: BTreeSet<String> = texts
            .chain(values)
            .flat_map(|text| variables(text))
            .collect();
        let space = Space::of(&lines, &variables, &self.base);
        let certain = |because: &[Reason]| {
            because.iter().any(|reason| match reason {
                Reason::Denies(place, None) => self
                    .layers
                    .statement(*place)
                    .is_some_and(|one| one.atoms().conditions.is_empty()),
                _ => false,
            })
        };
        (space, certain)
    }

    fn asked(&self, chosen: &Context) -> Request {
        let mut request = self.base.clone();
        for (key, values) in chosen.iter() {
            request.context.add(key, values.iter().cloned());
        }
        request
    }

    fn allowed(&self, request: Request, because: Vec<Reason>) -> Outcome {
        Outcome::Allowed(Box::new(Allowed {
            request,
            layers: self.layers.clone(),
            because,
            endpoint: self.endpoint,
        }))
    }
}

/// What the evaluator could not tell: an Allow in doubt, or nothing but Deny in doubt.
fn doubts(because: &[Reason]) -> BTreeSet<String> {
    let sure = because.iter().any(|r| matches!(r, Reason::Denies(_, None)));
    let doubts = because.iter().filter_map(|reason| match reason {
        Reason::MightAllow(_, doubt) | Reason::Denies(_, Some(doubt)) => Some(doubt),
        _ => None,
    });
    match sure {
        true => BTreeSet::new(),
        false => doubts
            .map(|doubt| format!("a statement is in doubt: {doubt}"))
            .collect(),
    }
}
