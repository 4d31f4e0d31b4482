//! Values for one condition key: one for each class that the lines of policies tell apart.
//! Exact for equality, prefixes, numbers, moments, booleans and address ranges that do not nest.

use std::collections::BTreeSet;

use ipnet::IpNet;

use crate::iam::eval::ConditionLine;

/// What stands for any run of characters: longer patterns do not end in it by accident.
pub(super) const ANY: &str = "~strongroom";

/// The sets of values that a key may hold, and whether they stand for all.
#[derive(Debug, Default)]
pub(super) struct Values {
    pub sets: Vec<Vec<String>>,
    pub complete: bool,
}

/// What the lines about one key tell apart.
#[derive(Debug, Default)]
struct Atoms {
    singles: BTreeSet<String>,
    patterns: BTreeSet<String>,
    ranges: Vec<IpNet>,
    typed: bool,
    many: usize,
    inexact: bool,
}

/// The values that the lines tell apart.
pub(super) fn of(lines: &[&ConditionLine]) -> Values {
    let mut atoms = Atoms::default();
    for line in lines {
        atoms.add(line);
    }
    atoms.values()
}

impl Atoms {
    fn add(&mut self, line: &ConditionLine) {
        let operator = line.operator.to_ascii_lowercase();
        let is_set = operator.starts_with("forallvalues:") || operator.starts_with("foranyvalue:");
        self.many += usize::from(is_set);
        let name = operator.rsplit(':').next().unwrap_or_default();
        let name = name.strip_suffix("ifexists").unwrap_or(name);
        for value in &line.values {
            self.inexact |= value.contains("${");
            match name {
                "null" => {}
                "bool" => self.typed(["true".to_owned(), "false".to_owned()]),
                _ if name.starts_with("numeric") => self.number(value),
                _ if name.starts_with("date") => self.moment(value),
                "ipaddress" | "notipaddress" => self.range(value),
                _ if name.starts_with("string") || name.starts_with("arn") => self.text(value),
                _ => self.inexact = true,
            }
        }
    }

    fn typed(&mut self, values: impl IntoIterator<Item = String>) {
        self.typed = true;
        self.singles.extend(values);
    }

    fn number(&mut self, value: &str) {
        match value.parse::<i64>() {
            Ok(number) => {
                let near = [number.saturating_sub(1), number, number.saturating_add(1)];
                self.typed(near.map(|near| near.to_string()));
            }
            Err(_) => self.inexact = true,
        }
    }

    fn moment(&mut self, value: &str) {
        let second = jiff::SignedDuration::from_secs(1);
        let near = value.parse::<jiff::Timestamp>().ok().and_then(|moment| {
            let sooner = moment.checked_sub(second).ok()?;
            let later = moment.checked_add(second).ok()?;
            Some([sooner, moment, later].map(|moment| moment.to_string()))
        });
        match near {
            Some(near) => self.typed(near),
            None => self.inexact = true,
        }
    }

    fn range(&mut self, value: &str) {
        match value.parse().ok().or_else(|| host(value)) {
            Some(range) => {
                self.typed([range.network().to_string()]);
                self.ranges.push(range.trunc());
            }
            None => self.inexact = true,
        }
    }

    fn text(&mut self, value: &str) {
        match value.contains(['*', '?']) {
            true => self.patterns.insert(value.to_owned()),
            false => self.singles.insert(value.to_owned()),
        };
    }

    fn values(self) -> Values {
        let complete = self.is_exact();
        let mut singles: Vec<String> = self.singles.into_iter().collect();
        singles.extend(self.patterns.iter().map(|pattern| instance(pattern)));
        let outside = ["198.18.0.77", "203.0.113.77", "192.0.2.77"];
        let fresh = match (self.ranges.is_empty(), self.typed) {
            (true, true) => None,
            (true, false) => Some(format!("other{ANY}")),
            (false, _) => outside.iter().map(|text| (*text).to_owned()).find(|text| {
                let address = host(text);
                let within = |range: &IpNet| address.is_some_and(|a| range.contains(&a));
                !self.ranges.iter().any(within)
            }),
        };
        let mut sets: Vec<Vec<String>> = singles.iter().map(|one| vec![one.clone()]).collect();
        sets.extend(fresh.iter().map(|fresh| vec![fresh.clone()]));
        if self.many > 0 {
            sets.extend(mixed(&singles, fresh.as_deref()));
        }
        Values { sets, complete }
    }

    /// Whether each class has its value: prefixes nest like a tree, other patterns may overlap.
    fn is_exact(&self) -> bool {
        let is_prefix = |pattern: &String| {
            pattern.find(['*', '?']) == Some(pattern.len() - 1) && pattern.ends_with('*')
        };
        let nested = |range: &IpNet| {
            let mut others = self.ranges.iter().filter(|other| *other != range);
            others.any(|other| range.contains(other))
        };
        !self.inexact
            && (self.patterns.len() <= 1 || self.patterns.iter().all(is_prefix))
            && self.many <= 1
            && !self.ranges.iter().any(nested)
    }
}

/// Several values at once, for the set operators.
fn mixed(singles: &[String], fresh: Option<&str>) -> Vec<Vec<String>> {
    let fresh: Vec<String> = fresh.iter().map(|text| (*text).to_owned()).collect();
    let with_fresh = singles
        .iter()
        .filter(|_| !fresh.is_empty())
        .map(|one| [vec![one.clone()], fresh.clone()].concat());
    let mut sets: Vec<Vec<String>> = with_fresh.collect();
    if singles.len() > 1 {
        sets.push(singles.to_vec());
        sets.push([singles.to_vec(), fresh].concat());
    }
    sets
}

/// A text that a pattern matches, with variables left as they are.
pub(super) fn instance(pattern: &str) -> String {
    let mut text = String::new();
    for c in pattern.chars() {
        match c {
            '*' => text.push_str(ANY),
            '?' => text.push('x'),
            other => text.push(other),
        }
    }
    text
}

/// The range of one address.
fn host(address: &str) -> Option<IpNet> {
    let bits = if address.contains(':') { 128 } else { 32 };
    format!("{address}/{bits}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(operator: &str, values: &[&str]) -> ConditionLine {
        ConditionLine {
            operator: operator.to_owned(),
            key: "k".to_owned(),
            values: values.iter().map(|value| (*value).to_owned()).collect(),
        }
    }

    #[test]
    fn each_class_has_a_value() {
        let (one, two) = (
            line("StringEquals", &["a"]),
            line("StringLike", &["ab*", "a*"]),
        );
        let values = of(&[&one, &two]);
        assert!(values.complete);
        let shown: Vec<String> = values.sets.iter().map(|set| set.join("+")).collect();
        assert_eq!(
            shown,
            ["a", "a~strongroom", "ab~strongroom", "other~strongroom"]
        );
    }

    #[test]
    fn what_may_overlap_is_not_complete() {
        assert!(!of(&[&line("StringLike", &["a*b", "*c"])]).complete);
        assert!(!of(&[&line("IpAddress", &["10.0.0.0/8", "10.0.0.0/16"])]).complete);
        assert!(!of(&[&line("StringEquals", &["${aws:username}"])]).complete);
        assert!(!of(&[&line("Unheard", &["x"])]).complete);
    }

    #[test]
    fn an_address_outside_of_every_range_is_tried() {
        let values = of(&[&line("NotIpAddress", &["198.18.0.0/15"])]);
        assert_eq!(values.sets, [vec!["198.18.0.0"], vec!["203.0.113.77"]]);
    }
}
