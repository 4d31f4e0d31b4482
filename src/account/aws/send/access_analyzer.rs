//! Sends the calls of analyzers.

use aws_sdk_accessanalyzer::types::Type;

use super::{Order, Sent, wanted};
use crate::{
    account::aws::error::Refusal,
    resource::{AccessAnalyzer, AccessAnalyzerCall},
    snapshot::PhysicalId,
};

pub(super) async fn send(order: &Order<'_>, call: &AccessAnalyzerCall) -> Sent {
    let client = &order.clients.access_analyzer;
    match call {
        AccessAnalyzerCall::Create(analyzer) => return create(order, analyzer).await,
        AccessAnalyzerCall::DeleteArchiveRule(rule) => {
            let request = client.delete_archive_rule().rule_name(rule);
            request.analyzer_name(order.own_id()?).send().await?;
        }
        AccessAnalyzerCall::Tag(tags) => {
            let tags = tags.clone().into_iter().collect();
            let request = client.tag_resource().resource_arn(order.own_arn()?);
            request.set_tags(Some(tags)).send().await?;
        }
        AccessAnalyzerCall::Untag(keys) => {
            let keys = keys.iter().cloned().collect();
            let request = client.untag_resource().resource_arn(order.own_arn()?);
            request.set_tag_keys(Some(keys)).send().await?;
        }
        AccessAnalyzerCall::Delete => {
            let request = client.delete_analyzer();
            request.analyzer_name(order.own_id()?).send().await?;
        }
    }
    Ok(None)
}

async fn create(order: &Order<'_>, analyzer: &AccessAnalyzer) -> Sent {
    let tags = wanted(&analyzer.tags, "tags")?.clone();
    let request = order.clients.access_analyzer.create_analyzer();
    let created = request
        .analyzer_name(&analyzer.name)
        .r#type(Type::from(analyzer.zone.as_str()))
        .set_tags(Some(tags.into_iter().collect()))
        .send()
        .await?;
    let arn = created.arn();
    let arn = arn.ok_or_else(|| Refusal::own("the answer names no analyzer"))?;
    Ok(Some(PhysicalId::with_arn(&analyzer.name, arn)))
}
