//! Resources to ask about where a target holds any number of them: one for each pattern that some
//! policy compares them with, so that no prefix of a bucket is left out.

use std::collections::BTreeSet;

use super::{actor::Actor, target::Part, target::Target, values};

/// The ARNs of a part that some pattern of the caller or of the target tells apart.
pub(super) fn examples(actor: &Actor, target: &Target, part: &Part) -> Vec<String> {
    let mut found = BTreeSet::from([part.example()]);
    if !part.open {
        return found.into_iter().collect();
    }
    let own = actor.side.identity.iter().chain(&actor.side.boundary);
    let sources = own.chain(&target.side.policy);
    let statements = sources.flat_map(|source| source.policy.statements());
    for pattern in statements.flat_map(|statement| &statement.atoms().resources) {
        let inside = rests(pattern, &part.arn).into_iter();
        // Only the keys of objects may hold a colon.
        let named = inside.filter(|rest| part.kind == "object" || !rest.contains([':', '/']));
        found.extend(named.map(|rest| format!("{}{rest}", part.arn)));
    }
    found.into_iter().collect()
}

/// What may follow a text so that the whole matches a pattern: an instance of each rest of the
/// pattern that is left when the text is consumed.
fn rests(pattern: &str, text: &str) -> BTreeSet<String> {
    let pattern: Vec<char> = pattern.chars().collect();
    let mut open = reachable(&pattern, BTreeSet::from([0]));
    for c in text.chars() {
        let next = open.iter().filter_map(|at| match pattern.get(*at) {
            Some('*') => Some(*at),
            Some('?') => Some(at + 1),
            Some(other) => (*other == c).then_some(at + 1),
            None => None,
        });
        open = reachable(&pattern, next.collect());
        if open.is_empty() {
            break;
        }
    }
    let rests = open.iter().filter_map(|at| pattern.get(*at..));
    let texts = rests.map(|rest| values::instance(&rest.iter().collect::<String>()));
    texts.filter(|text| !text.is_empty()).collect()
}

/// The places of a pattern with those behind stars, which may stand for nothing.
fn reachable(pattern: &[char], mut open: BTreeSet<usize>) -> BTreeSet<usize> {
    let mut fresh: Vec<usize> = open.iter().copied().collect();
    while let Some(at) = fresh.pop() {
        if pattern.get(at) == Some(&'*') && open.insert(at + 1) {
            fresh.push(at + 1);
        }
    }
    open
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(pattern: &str, text: &str) -> Vec<String> {
        rests(pattern, text).into_iter().collect()
    }

    #[test]
    fn every_rest_of_a_pattern_has_an_instance() {
        assert_eq!(shown("b/2026/*", "b/"), ["2026/~strongroom"]);
        assert_eq!(shown("b*", "b/"), ["~strongroom"]);
        assert_eq!(shown("c/*", "b/"), Vec::<String>::new());
        assert_eq!(
            shown("*/secret/?", "b/"),
            ["/secret/x", "secret/x", "~strongroom/secret/x"]
        );
    }
}
