//! What follows from acting with another role: whoever can act with it can do all that it can, and
//! so on, from role to role.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::{Finding, Question, Step, Verdict, ask::World, data, decrypt, found::Found};

/// A way from one role to another.
#[derive(Debug, Clone)]
struct Way {
    verdict: Verdict,
    steps: Vec<Step>,
    reasons: BTreeSet<String>,
}

/// Adds to each role what it can do through others.
pub(super) fn close(world: &World<'_>, found: &mut Found) {
    let mut next: BTreeMap<usize, Vec<(usize, Finding)>> = BTreeMap::new();
    for ((from, to), finding) in &found.edges {
        next.entry(*from).or_default().push((*to, finding.clone()));
    }
    let mut own = BTreeMap::new();
    for from in next.keys().copied().collect::<Vec<_>>() {
        for (to, way) in reached(from, &next) {
            follow(world, found, &mut own, (from, to), &way);
        }
    }
}

/// Every role that can be got at, by the best way: what is certain before what is not.
fn reached(from: usize, next: &BTreeMap<usize, Vec<(usize, Finding)>>) -> BTreeMap<usize, Way> {
    let mut ways: BTreeMap<usize, Way> = BTreeMap::new();
    // Certain ways first: a role that is got at for sure is not told as a doubt.
    for certain in [true, false] {
        let mut queue: VecDeque<usize> = ways.keys().copied().chain([from]).collect();
        while let Some(at) = queue.pop_front() {
            let before = ways.get(&at).cloned();
            for (to, finding) in next.get(&at).into_iter().flatten() {
                let is_certain = finding.verdict != Verdict::Unknown;
                if *to == from || ways.contains_key(to) || certain && !is_certain {
                    continue;
                }
                ways.insert(*to, onward(before.as_ref(), finding));
                queue.push_back(*to);
            }
        }
    }
    ways
}

fn onward(before: Option<&Way>, finding: &Finding) -> Way {
    let mut way = before.cloned().unwrap_or(Way {
        verdict: Verdict::Declared,
        steps: Vec::new(),
        reasons: BTreeSet::new(),
    });
    way.verdict = both(way.verdict, finding.verdict);
    let witness = finding.witness.iter().flat_map(|witness| &witness.steps);
    way.steps.extend(witness.cloned());
    way.reasons.extend(finding.reasons.iter().cloned());
    way
}

/// Two things of which both have to be so.
fn both(one: Verdict, other: Verdict) -> Verdict {
    match (one, other) {
        (Verdict::Unknown, _) | (_, Verdict::Unknown) => Verdict::Unknown,
        (one, other) => one.max(other),
    }
}

/// What the role at the end can do, its own service's things included.
fn follow(
    world: &World<'_>,
    found: &mut Found,
    own: &mut BTreeMap<usize, Found>,
    (from, to): (usize, usize),
    way: &Way,
) {
    let (Some(caller), Some(role)) = (world.actors.get(from), world.actors.get(to)) else {
        return;
    };
    let mut more = found.of(to);
    let own = own.entry(to).or_insert_with(|| own_access(world, to));
    more.extend(own.of(to));
    if let Some(service) = role.party.service() {
        let itself = finding(way, None);
        more.push((service.clone(), Question::Assume, itself));
    }
    for (service, question, there) in more {
        if caller.party.service() == Some(&service) {
            continue;
        }
        let joined = match question == Question::Assume && role.party.service() == Some(&service) {
            true => there,
            false => finding(way, Some(&there)),
        };
        found.add(from, &service, question, Some(joined));
    }
}

fn finding(way: &Way, there: Option<&Finding>) -> Finding {
    let mut steps = way.steps.clone();
    let mut reasons = way.reasons.clone();
    let mut verdict = way.verdict;
    if let Some(there) = there {
        verdict = both(verdict, there.verdict);
        let witness = there.witness.iter().flat_map(|witness| &witness.steps);
        steps.extend(witness.cloned());
        reasons.extend(there.reasons.iter().cloned());
    }
    match verdict {
        Verdict::Unknown => Finding::unknown(reasons),
        _ => Finding::allowed(verdict != Verdict::Reachable, super::Witness { steps }),
    }
}

/// What a role can do with the key and the data of its own service. It is declared by being its
/// own.
fn own_access(world: &World<'_>, number: usize) -> Found {
    let mut own = Found::default();
    let role = world.actors.get(number);
    let service = role.and_then(|role| world.environment.services.get(role.party.service()?));
    if let Some(service) = service {
        if let Some(key) = world.targets().key(service) {
            decrypt::ask(world, &key, number, &mut own);
        }
        for target in world.targets().data(service) {
            data::ask(world, &target, number, &mut own);
        }
    }
    for finding in own.cells.values_mut().flat_map(BTreeMap::values_mut) {
        if finding.verdict == Verdict::Reachable {
            finding.verdict = Verdict::Declared;
        }
    }
    own
}
