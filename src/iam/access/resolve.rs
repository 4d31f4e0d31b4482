//! A target looked up in the catalogue: its resource type and the ARNs that it stands for.
//! It decides where access may lie, never which actions.

use std::collections::BTreeMap;

use super::curated::{self, Entry, NameRule};
use super::pattern::{ArnPattern, Bindings};
use super::target::Form;
use super::{AccessError, AccessTarget, Place};
use crate::iam::catalogue::{Catalogue, Service, nearest};
use crate::model::Arn;

/// A target whose resource type is known.
pub(super) struct Resolved<'c> {
    pub(super) service: &'c Service,
    /// The canonical resource type.
    pub(super) kind: &'c str,
    pub(super) entry: Option<&'static Entry>,
    /// Resource type → ARN, for the target and what it covers.
    pub(super) arns: BTreeMap<&'c str, String>,
}

pub(super) fn resolve<'c>(
    target: &AccessTarget,
    place: &Place<'_>,
    catalogue: &'c Catalogue,
) -> Result<Resolved<'c>, AccessError> {
    match target.form() {
        Form::Named {
            service,
            kind,
            name,
        } => {
            let found = Found::by_name(catalogue.service(service)?, kind)?;
            let bindings = found.bind_name(target, name, place)?;
            let arn = found.pattern.fill(&bindings) + found.suffix();
            found.cover(arn, &bindings)
        }
        Form::Arn(arn) => {
            same_partition(arn, place)?;
            let (found, bindings) = Found::by_arn(catalogue.service(arn.service())?, arn)?;
            found.cover(arn.to_string(), &bindings)
        }
    }
}

fn same_partition(arn: &Arn, place: &Place<'_>) -> Result<(), AccessError> {
    let partition = place.region.partition();
    if arn.as_str().split(':').nth(1) == Some(partition) {
        return Ok(());
    }
    Err(AccessError::OtherPartition {
        arn: arn.to_string(),
        partition,
    })
}

/// A resource type with what is known of it.
struct Found<'c> {
    service: &'c Service,
    kind: &'c str,
    pattern: ArnPattern<'c>,
    entry: Option<&'static Entry>,
}

impl<'c> Found<'c> {
    fn by_name(service: &'c Service, wanted: &str) -> Result<Self, AccessError> {
        let (kind, found) = service
            .resource_type(wanted)
            .ok_or_else(|| unknown_type(service, wanted))?;
        let pattern = ArnPattern::parse(&found.arn).ok_or_else(|| AccessError::OpenPattern {
            service: service.prefix().to_owned(),
            kind: kind.to_owned(),
            pattern: found.arn.clone(),
        })?;
        let entry = curated::entry(service, kind)?;
        Ok(Self {
            service,
            kind,
            pattern,
            entry,
        })
    }

    /// The resource type whose pattern fits the ARN most closely; a curated one comes first.
    fn by_arn(service: &'c Service, arn: &Arn) -> Result<(Self, Bindings), AccessError> {
        let mut fitting = Vec::new();
        for (kind, found) in service.resource_types() {
            let Some(pattern) = ArnPattern::parse(&found.arn) else {
                continue;
            };
            let entry = curated::entry(service, kind)?;
            let found = Self {
                service,
                kind,
                pattern,
                entry,
            };
            if let Some(bindings) = found.bind_arn(arn) {
                fitting.push((found, bindings));
            }
        }
        fitting
            .into_iter()
            .max_by_key(|(found, _)| (found.entry.is_some(), found.pattern.closeness()))
            .ok_or_else(|| AccessError::UnknownShape {
                arn: arn.to_string(),
                service: service.prefix().to_owned(),
            })
    }

    fn bind_arn(&self, arn: &Arn) -> Option<Bindings> {
        let rule = self.rule();
        let many = self.named_parts().len() > 1;
        self.pattern.bind(arn.as_str(), &|part, value| {
            self.is_generated(part) || rule.admits(value) && !(many && value.contains('/'))
        })
    }

    /// The name cut into the placeholders of the ARN, each part held against the rule.
    fn bind_name(
        &self,
        target: &AccessTarget,
        name: &str,
        place: &Place<'_>,
    ) -> Result<Bindings, AccessError> {
        let wanted = self.named_parts();
        let given: Vec<&str> = match wanted.len() {
            1 => vec![name],
            _ => name.split('/').collect(),
        };
        if given.len() != wanted.len() {
            return Err(AccessError::NameParts {
                target: target.clone(),
                form: wanted.join("/"),
            });
        }
        let rule = self.rule();
        if let Some(bad) = given.iter().find(|part| !rule.admits(part)) {
            return Err(AccessError::BadName {
                target: target.clone(),
                name: (*bad).to_owned(),
                rule: rule.describe(),
            });
        }
        let named = wanted.into_iter().zip(given);
        let mut bindings = place.bindings();
        bindings.extend(named.map(|(part, value)| (part.to_owned(), value.to_owned())));
        Ok(bindings)
    }

    /// Adds what the target covers: sub-resources share its bindings and are otherwise any.
    fn cover(self, arn: String, bindings: &Bindings) -> Result<Resolved<'c>, AccessError> {
        let mut arns = BTreeMap::from([(self.kind, arn)]);
        for sub in self.entry.iter().flat_map(|entry| &entry.also) {
            let sub = Self::by_name(self.service, sub)?;
            arns.insert(sub.kind, sub.pattern.fill(bindings));
        }
        Ok(Resolved {
            service: self.service,
            kind: self.kind,
            entry: self.entry,
            arns,
        })
    }

    fn named_parts(&self) -> Vec<&'c str> {
        self.pattern
            .names()
            .filter(|part| !self.is_generated(part))
            .collect()
    }

    fn is_generated(&self, part: &str) -> bool {
        self.entry
            .is_some_and(|entry| entry.generated.contains(part))
    }

    fn suffix(&self) -> &'static str {
        self.entry.map_or("", |entry| entry.suffix.as_str())
    }

    fn rule(&self) -> &'static NameRule {
        self.entry.map_or(&DEFAULT_RULE, |entry| &entry.name)
    }
}

static DEFAULT_RULE: std::sync::LazyLock<NameRule> = std::sync::LazyLock::new(NameRule::default);

fn unknown_type(service: &Service, wanted: &str) -> AccessError {
    let known = service.resource_types().map(|(name, _)| name);
    AccessError::UnknownType {
        service: service.prefix().to_owned(),
        kind: wanted.to_owned(),
        nearest: nearest(wanted, known).map(str::to_owned),
    }
}
