//! One check on one resource: which facts are known, which clauses hold.
//! A clause that touches an unread fact does not run.

use std::collections::BTreeMap;

use cel::Context;
use serde_json::Value;

use super::{
    check::Check,
    predicate::{FactPath, Predicate, Variable},
    verdict::Outcome,
};
use crate::resource::{UNREAD, Unread, UnreadReason};

/// The facts that a variable stands for.
#[derive(Clone, Copy)]
pub(super) struct Bound<'a> {
    /// The variable.
    pub variable: Variable,
    /// Where these facts are among all facts.
    pub path: &'a str,
    /// The facts.
    pub facts: &'a Value,
}

/// What a check comes to on one resource.
#[derive(Debug, Default)]
pub(super) struct Judgement {
    /// None until something is decided.
    outcome: Option<Outcome>,
    /// The clauses that do not hold.
    pub failed: Vec<usize>,
    /// Every fact that was touched, by its path among all facts.
    pub evidence: BTreeMap<String, Value>,
    /// Why facts are missing.
    pub unread: Vec<Unread>,
    /// What stands beside.
    pub note: Option<String>,
}

impl Judgement {
    /// What it comes to.
    pub fn outcome(&self) -> Outcome {
        self.outcome.unwrap_or(Outcome::NotEvaluated)
    }
}

/// Judges. The context must hold the same facts as `bound`, and the parameters.
pub(super) fn judge(check: &Check, bound: &[Bound<'_>], context: &Context<'_, '_>) -> Judgement {
    let mut judge = Judge {
        bound,
        context,
        judgement: Judgement::default(),
    };
    let outcome = judge.outcome(check);
    judge.judgement.outcome = Some(outcome);
    judge.judgement.unread.sort();
    judge.judgement.unread.dedup();
    judge.judgement
}

struct Judge<'a, 'c> {
    bound: &'a [Bound<'a>],
    context: &'a Context<'c, 'c>,
    judgement: Judgement,
}

/// What a predicate comes to.
enum Answer {
    Holds,
    Fails,
    Unknown,
}

impl<'a> Judge<'a, '_> {
    fn outcome(&mut self, check: &Check) -> Outcome {
        if let Some(applies) = &check.applies {
            match self.ask(applies) {
                Answer::Holds => {}
                Answer::Fails => return Outcome::NotApplicable,
                Answer::Unknown => return self.unknown(),
            }
        }
        match self.exists(check.text.resource) {
            Answer::Holds => self.clauses(check),
            Answer::Fails => {
                self.judgement.note = Some("it does not exist".to_owned());
                Outcome::Fail
            }
            Answer::Unknown => self.unknown(),
        }
    }

    /// Known-bad before unknown: one clause that fails decides, whatever the others touch.
    fn clauses(&mut self, check: &Check) -> Outcome {
        let mut unknown = false;
        for (index, clause) in check.pass.iter().enumerate() {
            match self.ask(clause) {
                Answer::Holds => {}
                Answer::Fails => self.judgement.failed.push(index),
                Answer::Unknown => unknown = true,
            }
        }
        match (self.judgement.failed.is_empty(), unknown) {
            (false, _) => Outcome::Fail,
            (true, true) => self.unknown(),
            (true, false) => Outcome::Pass,
        }
    }

    fn unknown(&self) -> Outcome {
        let reasons = &self.judgement.unread;
        let live = |unread: &Unread| unread.reason == UnreadReason::NeedsLive;
        match !reasons.is_empty() && self.judgement.note.is_none() && reasons.iter().all(live) {
            true => Outcome::NeedsLive,
            false => Outcome::NotEvaluated,
        }
    }

    /// Whether the judged resource is there; what has no such fact always is.
    fn exists(&mut self, resource: Variable) -> Answer {
        let exists = FactPath {
            variable: resource,
            field: "exists".to_owned(),
        };
        match self.value(&exists) {
            None => Answer::Holds,
            Some(value) => match self.read(&exists, value) {
                Some(Value::Bool(true)) => Answer::Holds,
                Some(_) => Answer::Fails,
                None => Answer::Unknown,
            },
        }
    }

    fn ask(&mut self, predicate: &Predicate) -> Answer {
        let mut known = true;
        for path in predicate.touched() {
            known &= match self.value(path) {
                Some(value) => self.read(path, value).is_some(),
                None => self.broken(format!("{path} is not among the facts")),
            };
        }
        if !known {
            return Answer::Unknown;
        }
        match predicate.holds(self.context) {
            Ok(true) => Answer::Holds,
            Ok(false) => Answer::Fails,
            Err(error) => {
                self.broken(format!("`{}`: {error}", predicate.text()));
                Answer::Unknown
            }
        }
    }

    fn broken(&mut self, note: String) -> bool {
        self.judgement.note = Some(note);
        false
    }

    /// Notes the fact as evidence; none if it was not read.
    fn read<'v>(&mut self, path: &FactPath, value: &'v Value) -> Option<&'v Value> {
        self.judgement
            .evidence
            .insert(self.full(path), value.clone());
        let Some(unread) = value.get(UNREAD) else {
            return Some(value);
        };
        match serde_json::from_value(unread.clone()) {
            Ok(why) => self.judgement.unread.push(why),
            Err(error) => self.judgement.note = Some(format!("{path}: {error}")),
        }
        None
    }

    fn bound_to(&self, variable: Variable) -> Option<&'a Bound<'a>> {
        self.bound.iter().find(|bound| bound.variable == variable)
    }

    fn value(&self, path: &FactPath) -> Option<&'a Value> {
        self.bound_to(path.variable)?.facts.get(&path.field)
    }

    fn full(&self, path: &FactPath) -> String {
        let base = self.bound_to(path.variable).map_or("", |bound| bound.path);
        format!("{base}.{}", path.field)
    }
}
