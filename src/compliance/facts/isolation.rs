//! Facts from the proof of isolation: who beside a service can do what to it, and what its roles
//! can do beyond what is declared. What the prover cannot decide stays unread.

use std::collections::{BTreeMap, BTreeSet};

use super::Texts;
use crate::{
    iam::catalogue::Catalogue,
    isolation::{self, Beyond, Matrix, Question, Verdict},
    model::{Environment, ServiceName},
    resource::{Read, Resources, Unread, UnreadReason},
    snapshot::Snapshot,
};

/// The proof, by the service that it is about.
pub(super) struct Isolation(Read<Proven>);

struct Proven {
    by_target: BTreeMap<(ServiceName, Question), Findings>,
    matrix: Matrix,
    beyond: Beyond,
}

#[derive(Default)]
struct Findings {
    reachable: Texts,
    unknown: Texts,
}

impl Isolation {
    /// Proves it of a snapshot.
    pub fn of(environment: &Environment, desired: &Resources, snapshot: &Snapshot) -> Self {
        let catalogue = match Catalogue::vendored() {
            Ok(catalogue) => catalogue,
            Err(error) => return Self(Read::Unread(undecided(error.to_string()))),
        };
        let matrix = isolation::prove(environment, snapshot, catalogue);
        let mut by_target: BTreeMap<_, Findings> = BTreeMap::new();
        for ((from, to, question), finding) in &matrix.findings {
            let found = by_target.entry((to.clone(), *question)).or_default();
            match finding.verdict {
                Verdict::Reachable => {
                    let witness = finding.witness.as_ref().map(|witness| witness.words());
                    let words = witness.unwrap_or_default();
                    found.reachable.insert(format!("{from}: {words}"));
                }
                Verdict::Unknown => found.unknown.extend(finding.reasons.iter().cloned()),
                Verdict::Isolated | Verdict::Declared => {}
            }
        }
        Self(Read::Known(Proven {
            by_target,
            beyond: isolation::beyond(environment, desired, snapshot, catalogue),
            matrix,
        }))
    }

    /// Who can do one of these to a service although nobody declared it.
    pub fn open_to(&self, service: &ServiceName, questions: &[Question]) -> Read<Texts> {
        let proven = match &self.0 {
            Read::Known(proven) => proven,
            Read::Unread(why) => return Read::Unread(why.clone()),
        };
        let mut all = Findings::default();
        for question in questions {
            let cell = (service.clone(), *question);
            if let Some(found) = proven.by_target.get(&cell) {
                all.reachable.extend(found.reachable.iter().cloned());
                all.unknown.extend(found.unknown.iter().cloned());
            }
            let column = proven.matrix.columns.get(&cell);
            all.unknown.extend(column.into_iter().flatten().cloned());
            if *question != Question::Reach {
                all.unknown.extend(proven.unread_callers(service));
            }
        }
        known_before_unknown(all.reachable, all.unknown)
    }

    /// How a role can raise its own rights.
    pub fn escalations(&self, service: &ServiceName, role: &str) -> Read<Texts> {
        let proven = match &self.0 {
            Read::Known(proven) => proven,
            Read::Unread(why) => return Read::Unread(why.clone()),
        };
        let party = isolation::Party::Service(service.clone());
        let (mut paths, mut unknown) = (Texts::new(), Texts::new());
        let begin = (party.clone(), role.to_owned(), String::new());
        let found = proven.matrix.escalations.range(begin..);
        let own = found.take_while(|((owner, name, _), _)| *owner == party && name == role);
        for ((_, _, path), finding) in own {
            match finding.verdict {
                Verdict::Unknown => unknown.extend(finding.reasons.iter().cloned()),
                _ => {
                    paths.insert(path.clone());
                }
            }
        }
        let gaps = proven.matrix.rows.get(&party).into_iter().flatten();
        let about = format!("iam_role/{role}:");
        unknown.extend(gaps.filter(|gap| gap.starts_with(&about)).cloned());
        known_before_unknown(paths, unknown)
    }

    /// What a role may do that the specification does not declare.
    pub fn beyond_spec(&self, role: &str) -> Read<Texts> {
        match &self.0 {
            Read::Unread(why) => Read::Unread(why.clone()),
            Read::Known(proven) => match proven.beyond.get(role) {
                None => Texts::new().into(),
                Some(Ok(found)) => found.clone().into(),
                Some(Err(gaps)) => Read::Unread(undecided(joined(gaps))),
            },
        }
    }
}

impl Proven {
    /// What was not read of other services: each of them could do anything.
    fn unread_callers<'p>(&'p self, service: &'p ServiceName) -> impl Iterator<Item = String> + 'p {
        let rows = self.matrix.rows.iter();
        let others =
            rows.filter(move |(from, _)| from.service().is_some_and(|from| from != service));
        others.flat_map(|(_, gaps)| gaps.iter().cloned())
    }
}

/// What is known to be open counts, whatever else was not decided.
fn known_before_unknown(found: Texts, unknown: Texts) -> Read<Texts> {
    match found.is_empty() && !unknown.is_empty() {
        true => Read::Unread(undecided(joined(&unknown))),
        false => found.into(),
    }
}

fn joined(reasons: &BTreeSet<String>) -> String {
    let reasons: Vec<&str> = reasons.iter().map(String::as_str).collect();
    reasons.join("; ")
}

fn undecided(message: String) -> Unread {
    Unread {
        call: "the proof of isolation".to_owned(),
        reason: UnreadReason::Failed,
        message,
    }
}
