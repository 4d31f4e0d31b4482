//! An IAM Access Analyzer: who outside the account can reach what is in it.
//! <https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_CreateAnalyzer.html>

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{
    Api, Aspect, Direction, FieldChange, Kind, Read, Sides, linked,
    tagging::{self, TagChange},
};
use crate::model::{Address, Home, KindName, PhysicalId, Tags};

/// An analyzer of external access.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessAnalyzer {
    /// Name, unique in the account and Region.
    pub name: String,
    /// Zone of trust: `ACCOUNT` or `ORGANIZATION`.
    #[serde(rename = "type")]
    pub zone: String,
    /// Whether it works; only a new one does again.
    pub active: Read<bool>,
    /// Rules that put findings away before anybody sees them, by name.
    pub archive_rules: Read<BTreeSet<String>>,
    /// Tags.
    pub tags: Read<Tags>,
}

linked!(AccessAnalyzer {});

/// A call on an analyzer.
#[derive(Debug, Clone, PartialEq)]
pub enum AccessAnalyzerCall {
    /// CreateAnalyzer with its tags and no archive rule.
    Create(Box<AccessAnalyzer>),
    /// DeleteArchiveRule.
    DeleteArchiveRule(String),
    /// TagResource.
    Tag(Tags),
    /// UntagResource.
    Untag(BTreeSet<String>),
    /// DeleteAnalyzer, with its findings.
    Delete,
}

impl Kind for AccessAnalyzer {
    const NAME: KindName = KindName::AccessAnalyzer;
    const ASPECT: Aspect = Aspect::Logging;
    const IMMUTABLE: &'static [&'static str] = &["name", "type", "active"];
    const LISTING: &'static str = "access-analyzer:ListAnalyzers";
    const LOSS: Option<&'static str> = Some("deleted with its findings");
    const NAMED: bool = true;
    const HELD: bool = false;
    const SINGLE: bool = true;
    type Call = AccessAnalyzerCall;

    fn create_needs(&self) -> BTreeSet<Address> {
        BTreeSet::new()
    }

    fn physical_id(&self, home: &Home, _: &str) -> PhysicalId {
        let resource = format!("analyzer/{}", self.name);
        PhysicalId::with_arn(&self.name, home.arn("access-analyzer", &resource))
    }

    fn create(&self) -> AccessAnalyzerCall {
        AccessAnalyzerCall::Create(Box::new(self.clone()))
    }

    fn settle(from: &Self, to: &Self) -> Vec<AccessAnalyzerCall> {
        let (before, after) = (from.archive_rules.known(), to.archive_rules.known());
        let gone = before
            .zip(after)
            .into_iter()
            .flat_map(|(before, after)| before.difference(after));
        gone.cloned()
            .map(AccessAnalyzerCall::DeleteArchiveRule)
            .chain(
                TagChange::between(&from.tags, &to.tags)
                    .calls(AccessAnalyzerCall::Tag, AccessAnalyzerCall::Untag),
            )
            .collect()
    }

    fn delete(&self) -> Vec<AccessAnalyzerCall> {
        vec![AccessAnalyzerCall::Delete]
    }

    fn apply(state: Option<Self>, call: &AccessAnalyzerCall) -> Option<Self> {
        if let AccessAnalyzerCall::Create(analyzer) = call {
            return Some(Self {
                active: true.into(),
                archive_rules: BTreeSet::new().into(),
                ..(**analyzer).clone()
            });
        }
        let mut analyzer = state?;
        match call {
            AccessAnalyzerCall::Create(_) | AccessAnalyzerCall::Delete => return None,
            AccessAnalyzerCall::DeleteArchiveRule(name) => {
                if let Read::Known(rules) = &mut analyzer.archive_rules {
                    rules.remove(name);
                }
            }
            AccessAnalyzerCall::Tag(tags) => tagging::set(&mut analyzer.tags, tags),
            AccessAnalyzerCall::Untag(keys) => tagging::remove(&mut analyzer.tags, keys),
        }
        Some(analyzer)
    }

    fn api(call: &AccessAnalyzerCall) -> Api {
        let operation = match call {
            AccessAnalyzerCall::Create(_) => "CreateAnalyzer",
            AccessAnalyzerCall::DeleteArchiveRule(_) => "DeleteArchiveRule",
            AccessAnalyzerCall::Tag(_) => "TagResource",
            AccessAnalyzerCall::Untag(_) => "UntagResource",
            AccessAnalyzerCall::Delete => "DeleteAnalyzer",
        };
        Api::of("access-analyzer", operation, 5, 5)
    }

    fn removes(call: &AccessAnalyzerCall) -> bool {
        use AccessAnalyzerCall::{Delete, DeleteArchiveRule};
        matches!(call, Delete | DeleteArchiveRule(_))
    }

    fn named(_: &AccessAnalyzerCall) -> BTreeSet<Address> {
        BTreeSet::new()
    }

    fn direction(change: &FieldChange, _: Sides<'_>) -> Direction {
        match change.path.field() {
            "active" => Direction::logging(change.after == Some(true.into())),
            // What a rule archives, nobody is told.
            "archive_rules" => Direction::logging(change.after.is_none()),
            _ => Direction::Neutral,
        }
    }

    /// Whoever owns it names and tags it.
    fn verify(self, live: &Self) -> Self {
        Self {
            name: live.name.clone(),
            zone: live.zone.clone(),
            tags: live.tags.clone(),
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn analyzer(rules: &[&str]) -> AccessAnalyzer {
        AccessAnalyzer {
            name: "bank-account".to_owned(),
            zone: "ACCOUNT".to_owned(),
            active: true.into(),
            archive_rules: rules
                .iter()
                .map(|rule| (*rule).to_owned())
                .collect::<BTreeSet<_>>()
                .into(),
            tags: Tags::new().into(),
        }
    }

    #[test]
    fn a_rule_that_hides_findings_is_taken_away() {
        let (from, to) = (analyzer(&["mute"]), analyzer(&[]));
        let calls = AccessAnalyzer::settle(&from, &to);
        assert_eq!(
            calls,
            [AccessAnalyzerCall::DeleteArchiveRule("mute".to_owned())]
        );
        assert_eq!(AccessAnalyzer::apply(Some(from), &calls[0]).unwrap(), to);
    }

    #[test]
    fn another_owners_name_is_not_judged() {
        let mut live = analyzer(&[]);
        live.name = "ConsoleAnalyzer-1".to_owned();
        assert_eq!(analyzer(&[]).verify(&live), live);
    }
}
