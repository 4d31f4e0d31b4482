//! A check: predicates over the facts of one resource, with what an auditor asks about it.
//! What is printed is what is evaluated.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    parameter::{Parameter, Values},
    predicate::{Predicate, Refusal, Variable, Vocabulary},
};

/// Name and version of the format of check files.
pub const SCHEMA: &str = "strongroom/checks/v1";

/// A file of checks.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckFile {
    /// `strongroom/checks/v1`.
    pub schema: String,
    /// The checks.
    pub checks: Vec<CheckText>,
}

/// A check as written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckText {
    /// `group.name`, never used again for anything else.
    pub id: String,
    /// What is true where it passes, in one sentence.
    pub title: String,
    /// How bad a failure is.
    pub severity: Severity,
    /// What one judgement is about.
    pub scope: Scope,
    /// The resource that is judged: one verdict for each.
    pub resource: Variable,
    /// Where it applies (CEL); everywhere if it is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applies: Option<String>,
    /// Parameters by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub params: BTreeMap<String, Parameter>,
    /// The clauses (CEL); it passes where all hold.
    pub pass: Vec<String>,
    /// The calls whose answers show the facts, and the fields of these answers.
    pub evidence: Vec<EvidenceCall>,
    /// IAM permissions that reading the facts takes.
    pub permissions: BTreeSet<String>,
    /// What to do about a failure, in one sentence.
    pub remediation: String,
    /// What a pass does not say, where that is less than the title may suggest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limits: Option<String>,
    /// The same matter in public rule sets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub xref: Option<CrossReference>,
    /// A passing, a failing and an unread case at least.
    pub cases: Vec<Case>,
}

/// How bad a failure is.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Isolation or evidence is gone.
    Critical,
    /// A control does not work.
    High,
    /// A control is weaker than meant.
    Medium,
    /// A matter of hygiene.
    Low,
}

/// What one judgement is about.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// A service; the predicate may speak of `service`.
    Service,
    /// The environment.
    Environment,
    /// The account.
    Account,
}

/// A call and the fields of its answer that facts come from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EvidenceCall {
    /// As `kms:GetKeyPolicy`.
    pub call: String,
    /// As `KeyMetadata.KeyState`.
    pub fields: Vec<String>,
}

/// The same matter in public rule sets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CrossReference {
    /// Prowler check ids.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prowler: Vec<String>,
    /// AWS Config managed rule identifiers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aws_config: Vec<String>,
    /// AWS Security Hub control ids.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub security_hub: Vec<String>,
    /// How this check compares with these.
    pub relation: Relation,
}

/// How a check compares with a public one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Relation {
    /// Both pass and fail together.
    Equal,
    /// Whatever passes here passes there.
    Stricter,
    /// About the same matter, with another meaning.
    Related,
}

/// An example that the check must judge as it says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// What the example shows.
    pub name: String,
    /// Parameters other than the defaults.
    #[serde(default, skip_serializing_if = "Values::is_empty")]
    pub params: Values,
    /// Facts by variable: only those that the check touches.
    pub facts: BTreeMap<Variable, BTreeMap<String, Value>>,
    /// What the check must say.
    pub expect: super::verdict::Outcome,
}

/// A check that was understood.
#[derive(Debug)]
pub struct Check {
    /// As written.
    pub text: CheckText,
    /// Where it applies.
    pub applies: Option<Predicate>,
    /// The clauses.
    pub pass: Vec<Predicate>,
}

impl Check {
    /// Understands every predicate of the check.
    ///
    /// # Errors
    /// Each predicate that is refused, with its place in the check.
    pub(super) fn understand(text: CheckText) -> Result<Self, Vec<(String, Refusal)>> {
        let vocabulary = vocabulary(&text);
        let mut refusals = Vec::new();
        let mut parse = |place: String, predicate: &String| {
            let parsed = Predicate::parse(predicate, &vocabulary);
            parsed
                .map_err(|refusal| refusals.push((place, refusal)))
                .ok()
        };
        let applies = text
            .applies
            .as_ref()
            .and_then(|p| parse("applies".to_owned(), p));
        let clauses = text.pass.iter().enumerate();
        let pass = clauses
            .filter_map(|(i, p)| parse(format!("pass[{i}]"), p))
            .collect();
        match refusals.is_empty() {
            true => Ok(Self {
                text,
                applies,
                pass,
            }),
            false => Err(refusals),
        }
    }

    /// The values of the parameters, with those that a requirement sets.
    pub fn values(&self, set: &Values) -> Values {
        let declared = self.text.params.iter();
        declared
            .map(|(name, parameter)| {
                let value = set.get(name).unwrap_or(&parameter.default);
                (name.clone(), value.clone())
            })
            .collect()
    }
}

/// What the predicates of the check may speak of.
fn vocabulary(text: &CheckText) -> Vocabulary {
    let context = match text.scope {
        Scope::Service => &[Variable::Service, Variable::Environment][..],
        Scope::Environment => &[Variable::Environment],
        Scope::Account => &[],
    };
    Vocabulary {
        variables: context.iter().copied().chain([text.resource]).collect(),
        parameters: text
            .params
            .iter()
            .map(|(name, parameter)| (name.clone(), parameter.of.in_predicates()))
            .collect(),
    }
}

impl Scope {
    /// The resources that a check of the scope can judge.
    pub fn resources(self) -> &'static [Variable] {
        match self {
            Self::Service => &[
                Variable::Service,
                Variable::Role,
                Variable::Key,
                Variable::LogGroup,
                Variable::SecurityGroup,
                Variable::Store,
            ],
            Self::Environment => &[
                Variable::Environment,
                Variable::Boundary,
                Variable::SecurityGroup,
                Variable::AuditBucket,
                Variable::Trail,
                Variable::Subnet,
                Variable::Vpc,
                Variable::FlowLog,
                Variable::VpcEndpoint,
            ],
            Self::Account => &[Variable::Account, Variable::Trail],
        }
    }
}
