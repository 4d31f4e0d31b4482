//! Observes the account's analyzer of external access, and what it found.

use std::collections::BTreeSet;

use aws_sdk_accessanalyzer::{
    Client,
    types::{
        AnalyzerStatus, AnalyzerSummary, ArchiveRuleSummary, Criterion, FindingSummaryV2,
        FindingType, Type,
    },
};

use super::{Target, account_wide::once, found::Found, tags::tags};
use crate::{
    account::aws::error::answer,
    model::Tags,
    resource::{AccessAnalyzer, Read, Unread, UnreadReason},
    snapshot::PhysicalId,
};

/// The call that shows analyzers.
const CALL: &str = "access-analyzer:ListAnalyzers";
/// The call that shows what an analyzer puts away.
const RULES: &str = "access-analyzer:ListArchiveRules";
/// The call that shows what an analyzer found.
const FINDINGS: &str = "access-analyzer:ListFindingsV2";

/// The analyzer and its active findings about external access.
pub async fn observe(
    client: &Client,
    target: &Target,
) -> (Found<AccessAnalyzer>, Read<BTreeSet<String>>) {
    let pages = client.list_analyzers().into_paginator().items().send();
    let analyzers = match answer(CALL, pages.try_collect().await) {
        Read::Known(analyzers) => analyzers,
        Read::Unread(why) => return (Found::unread(why.clone()), Read::Unread(why)),
    };
    let Some(analyzer) = chosen(&analyzers, target) else {
        let none = once(Read::Known(None), &Read::Known(Tags::new()), target);
        return (none, Read::Unread(no_analyzer()));
    };
    let (rules, findings) =
        futures::join!(archive_rules(client, analyzer), findings(client, analyzer));
    let pairs = analyzer.tags().into_iter().flatten();
    let tags: Read<Tags> = tags(pairs.map(|(key, value)| (key.as_str(), value.as_str()))).into();
    let resource = AccessAnalyzer {
        name: analyzer.name().to_owned(),
        zone: analyzer.r#type().as_str().to_owned(),
        active: works(analyzer).into(),
        archive_rules: rules,
        tags: tags.clone(),
    };
    let id = PhysicalId::with_arn(analyzer.name(), analyzer.arn());
    (
        once(Read::Known(Some((resource, id))), &tags, target),
        findings,
    )
}

/// Of those that look for external access, ours by name; then one of the account, and one that
/// works before one that does not.
fn chosen<'a>(all: &'a [AnalyzerSummary], target: &Target) -> Option<&'a AnalyzerSummary> {
    let external = |analyzer: &&AnalyzerSummary| {
        matches!(analyzer.r#type(), Type::Account | Type::Organization)
    };
    all.iter().filter(external).min_by_key(|analyzer| {
        let ours = target.naming.logical(analyzer.name()).is_some();
        let own = *analyzer.r#type() == Type::Account;
        (!ours, !own, !works(analyzer), analyzer.name())
    })
}

/// One that is being made will work.
fn works(analyzer: &AnalyzerSummary) -> bool {
    matches!(
        analyzer.status(),
        AnalyzerStatus::Active | AnalyzerStatus::Creating
    )
}

async fn archive_rules(client: &Client, analyzer: &AnalyzerSummary) -> Read<BTreeSet<String>> {
    let request = client.list_archive_rules().analyzer_name(analyzer.name());
    let pages = request.into_paginator().items().send();
    let rules: Read<Vec<ArchiveRuleSummary>> = answer(RULES, pages.try_collect().await);
    rules.map(|rules| {
        rules
            .iter()
            .map(|rule| rule.rule_name().to_owned())
            .collect()
    })
}

async fn findings(client: &Client, analyzer: &AnalyzerSummary) -> Read<BTreeSet<String>> {
    let active = Criterion::builder().eq("ACTIVE").build();
    let request = client.list_findings_v2().analyzer_arn(analyzer.arn());
    let pages = request
        .filter("status", active)
        .into_paginator()
        .items()
        .send();
    let found: Read<Vec<FindingSummaryV2>> = answer(FINDINGS, pages.try_collect().await);
    found.map(|found| {
        let external =
            |kind: Option<&FindingType>| kind.is_none_or(|k| *k == FindingType::ExternalAccess);
        found
            .iter()
            .filter(|finding| external(finding.finding_type()))
            .filter_map(|finding| finding.resource().map(str::to_owned))
            .collect()
    })
}

fn no_analyzer() -> Unread {
    Unread {
        call: FINDINGS.to_owned(),
        reason: UnreadReason::Failed,
        message: "the account has no analyzer of external access".to_owned(),
    }
}
