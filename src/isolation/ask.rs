//! Questions put to the evaluator for a caller and a target: who could be meant, what is asked, and
//! the finding that comes of it, with its witness replayed.

use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, BTreeSet},
};

use serde_json::{Value, json};

use super::{
    Finding, Question, Step, Witness,
    actor::{Actor, actors},
    cite::Sources,
    declared::Declared,
    examine::{Outcome, examine},
    index::AllowIndex,
    target::{Target, Targets},
};
use crate::{
    authorization::{EndpointSide, Estate, ResourceSide},
    iam::{
        catalogue::{ActionLevel, Catalogue},
        eval::{Context, Layers, Named, Request},
    },
    model::Environment,
};

/// The most witnesses that carry every policy: it is enough to judge by, and bounds the memory.
const CARRIED: usize = 400;

/// An account as the prover asks it: every caller, and the indexes that keep this linear.
pub(super) struct World<'a> {
    pub environment: &'a Environment,
    pub catalogue: &'a Catalogue,
    pub estate: &'a Estate<'a>,
    pub actors: Vec<Actor>,
    pub index: AllowIndex,
    pub declared: Declared,
    by_arn: BTreeMap<String, usize>,
    endpoints: RefCell<BTreeMap<String, std::rc::Rc<Vec<EndpointSide>>>>,
    actions: RefCell<ActionsByType>,
    carried: Cell<usize>,
}

type ActionsByType = BTreeMap<(&'static str, &'static str), std::rc::Rc<Vec<(Question, String)>>>;

impl<'a> World<'a> {
    pub fn new(
        environment: &'a Environment,
        estate: &'a Estate<'a>,
        catalogue: &'a Catalogue,
    ) -> Self {
        let actors = actors(environment, estate);
        let arns = actors.iter().enumerate();
        Self {
            by_arn: arns
                .map(|(number, actor)| (actor.arn.clone(), number))
                .collect(),
            index: AllowIndex::of(&actors),
            declared: Declared::of(environment, catalogue),
            endpoints: RefCell::default(),
            actions: RefCell::default(),
            carried: Cell::new(0),
            environment,
            catalogue,
            estate,
            actors,
        }
    }

    pub fn targets(&self) -> Targets<'_> {
        Targets {
            environment: self.environment,
            estate: self.estate,
            catalogue: self.catalogue,
        }
    }

    /// The role of an ARN: its own, or that of one of its sessions.
    pub fn actor(&self, arn: &str) -> Option<usize> {
        let found = self.by_arn.get(arn).copied();
        found.or_else(|| {
            let (_, rest) = arn.split_once(":assumed-role/")?;
            let name = rest.split('/').next()?;
            let of_name = |actor: &Actor| actor.arn.rsplit('/').next() == Some(name);
            self.actors.iter().position(of_name)
        })
    }

    /// The role of a logical name.
    pub fn by_name(&self, name: &str) -> Option<usize> {
        // Actors are in the order of their names.
        let found = self
            .actors
            .binary_search_by(|actor| actor.name.as_str().cmp(name));
        found.ok()
    }

    /// Everybody whom a policy of their own, the resource's policy or a grant could allow
    /// something. Whoever is not among them is not allowed.
    pub fn candidates(&self, service: &str, arn: &str, side: &ResourceSide) -> BTreeSet<usize> {
        let named = side.policy.as_ref().map(|source| source.policy.named());
        let mut found = match named {
            Some(Named::Anybody) => (0..self.actors.len()).collect(),
            Some(Named::Arns(arns)) => {
                let by_name = arns.iter().filter_map(|arn| self.actor(arn));
                by_name.chain(self.index.candidates(service, arn)).collect()
            }
            None => self.index.candidates(service, arn),
        };
        found.extend(side.grants.iter().filter_map(|g| self.actor(&g.grantee)));
        found
    }

    /// The candidates beside the owner's own roles.
    pub fn others(&self, target: &Target) -> BTreeSet<usize> {
        let mut found = self.candidates(target.service, &target.arn, &target.side);
        let owner = Some(&target.owner);
        found.retain(|number| {
            let actor = self.actors.get(*number);
            actor.is_some_and(|actor| actor.party.service() != owner)
        });
        found
    }

    /// The actions on a type of resource, each with the question that it answers.
    pub fn actions(
        &self,
        service: &'static str,
        kind: &'static str,
    ) -> std::rc::Rc<Vec<(Question, String)>> {
        let mut known = self.actions.borrow_mut();
        let entry = known.entry((service, kind)).or_insert_with(|| {
            let service = self.catalogue.service(service).ok();
            let actions = service.into_iter().flat_map(|service| service.actions());
            let of_kind = actions.filter(|action| action.applies_to(kind));
            let named = of_kind.map(|action| (question(action.level()), action.to_string()));
            std::rc::Rc::new(named.collect())
        });
        entry.clone()
    }

    fn endpoints(&self, service: &str) -> std::rc::Rc<Vec<EndpointSide>> {
        let mut known = self.endpoints.borrow_mut();
        let entry = known
            .entry(service.to_owned())
            .or_insert_with(|| self.estate.endpoints(service).into());
        entry.clone()
    }

    /// The account that holds the environment.
    pub fn account(&self) -> &str {
        self.environment.account.as_str()
    }

    /// Whether an actor may ask for an action on an ARN, whoever's policy has a say.
    pub fn ask(&self, asking: &Asking<'_>) -> Answer {
        let Asking {
            actor,
            action,
            on,
            side,
            keys,
        } = asking;
        let layers = Layers {
            resource: side.policy.as_ref().map(|source| source.policy.clone()),
            grants: side.grants.clone(),
            ..actor.layers.clone()
        };
        match actor.request(action, on, self.account(), keys) {
            Ok(base) => self.examined(&layers, &base, Some(actor), side),
            Err(error) => Answer::Perhaps(BTreeSet::from([error.to_string()])),
        }
    }

    /// Whether a caller's own policies and its boundary let it ask, whatever the resource says.
    pub fn allowed_by_its_own(&self, actor: &Actor, action: &str, on: &str) -> bool {
        let trust = json!({
            "Version": "2012-10-17",
            "Statement": {
                "Effect": "Allow",
                "Action": "*",
                "Resource": "*",
                "Principal": {"AWS": self.account()},
            },
        });
        let Ok(policy) = trust.to_string().parse() else {
            return true;
        };
        let layers = Layers {
            resource: Some(std::sync::Arc::new(policy)),
            ..actor.layers.clone()
        };
        let base = actor.request(action, on, self.account(), &Context::default());
        base.is_ok_and(|base| !matches!(examine(&layers, &base, &[]), Outcome::Never))
    }

    /// Whether somebody who is no role of ours may ask for something of a resource.
    pub fn ask_for(&self, base: &Request, side: &ResourceSide) -> Answer {
        let layers = Layers {
            resource: side.policy.as_ref().map(|source| source.policy.clone()),
            ..Layers::default()
        };
        self.examined(&layers, base, None, side)
    }

    fn examined(
        &self,
        layers: &Layers,
        base: &Request,
        actor: Option<&Actor>,
        side: &ResourceSide,
    ) -> Answer {
        let service = base.action.split(':').next().unwrap_or_default();
        let endpoints = self.endpoints(&service.to_ascii_lowercase());
        match examine(layers, base, &endpoints) {
            Outcome::Never => Answer::Never,
            Outcome::Perhaps(reasons) => Answer::Perhaps(reasons),
            Outcome::Allowed(allowed) => {
                let endpoint = allowed.endpoint.and_then(|index| endpoints.get(index));
                let sources = Sources {
                    actor,
                    side,
                    endpoint: endpoint.and_then(|side| side.policy.as_ref()),
                };
                Answer::Allowed(Box::new(sources.step(&allowed)))
            }
        }
    }

    /// The finding of an answer: the step replayed, and carried with its policies where nobody
    /// declared it.
    pub fn finding(&self, answer: Answer, declared: impl Fn(&Taken) -> bool) -> Option<Finding> {
        match answer {
            Answer::Never => None,
            Answer::Perhaps(reasons) => Some(Finding::unknown(reasons)),
            Answer::Allowed(taken) => {
                let is_declared = declared(&taken);
                Some(match self.replayed(*taken, !is_declared) {
                    Ok(step) => Finding::allowed(is_declared, Witness::of(step)),
                    Err(reason) => Finding::unknown(BTreeSet::from([reason])),
                })
            }
        }
    }

    /// The step, once the evaluator has allowed it again from its line alone.
    ///
    /// # Errors
    /// A line that the evaluator decides otherwise.
    pub fn replayed(&self, taken: Taken, carry: bool) -> Result<Step, String> {
        let Taken { mut step, line, .. } = taken;
        if !carry || self.carried.get() >= CARRIED {
            return Ok(step);
        }
        self.carried.set(self.carried.get() + 1);
        step.replay = Some(line());
        match step.replays() {
            true => Ok(step),
            false => Err(format!(
                "{}: the evaluator does not allow it from its line alone",
                step.words
            )),
        }
    }
}

/// Read and list are reading; everything else changes something.
fn question(level: ActionLevel) -> Question {
    match level {
        ActionLevel::Read | ActionLevel::List => Question::Read,
        ActionLevel::Write | ActionLevel::Tagging | ActionLevel::PermissionsManagement => {
            Question::Write
        }
    }
}

/// One thing that is asked.
pub(super) struct Asking<'q> {
    pub actor: &'q Actor,
    pub action: &'q str,
    pub on: &'q str,
    /// The policy and grants of what it is asked on.
    pub side: &'q ResourceSide,
    /// Condition keys that are settled.
    pub keys: &'q Context,
}

/// What came of it.
pub(super) enum Answer {
    /// Allowed, by this step.
    Allowed(Box<Taken>),
    /// Not allowed under any condition.
    Never,
    /// Not decided.
    Perhaps(BTreeSet<String>),
}

/// A step that is allowed.
pub(super) struct Taken {
    pub step: Step,
    pub request: Request,
    /// Makes the line that replays it.
    pub line: Box<dyn FnOnce() -> Value>,
}
