//! A witness: the requests that show a cell to be reachable, each as the evaluator decides it.
//! Its line of JSON carries the policies, so that `policy eval` decides it again without us.

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::iam::eval::{Caller, Decision, Request, line};

/// The steps of a witness, in the order in which they are taken.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Witness {
    /// At least one.
    pub steps: Vec<Step>,
}

/// One request, or one packet.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Step {
    /// What is done, in words.
    pub words: String,
    /// What allows it: policies with their statements, grants.
    pub because: Vec<String>,
    /// The request or packet itself.
    pub request: Value,
    /// What `strongroom policy eval` takes: the request with every policy that has a say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replay: Option<Value>,
}

impl Witness {
    /// A witness of one step.
    pub fn of(step: Step) -> Self {
        Self { steps: vec![step] }
    }

    /// This after those steps.
    pub fn after(mut self, first: &[Step]) -> Self {
        let mut steps = first.to_vec();
        steps.append(&mut self.steps);
        Self { steps }
    }

    /// In one line.
    pub fn words(&self) -> String {
        let words: Vec<&str> = self.steps.iter().map(|step| step.words.as_str()).collect();
        words.join("; then ")
    }

    /// Whether the evaluator, given nothing but the lines, allows every step that has one.
    pub fn replays(&self) -> bool {
        self.steps.iter().all(Step::replays)
    }
}

impl Step {
    /// Whether the evaluator, given nothing but the line, allows it.
    pub fn replays(&self) -> bool {
        let Some(line) = &self.replay else {
            return true;
        };
        let mut out = String::new();
        let decided = line::answer(&line.to_string(), &mut line::Cache::default(), &mut out);
        let answer: Value = serde_json::from_str(&out).unwrap_or_default();
        decided && answer.get("decision") == Some(&json!(Decision::Allowed))
    }
}

/// A request as `policy eval` takes it.
pub(super) fn request(asked: &Request) -> Value {
    let keys = asked.context.iter().map(|(key, values)| {
        let value = match values {
            [one] => Value::from(one.as_str()),
            many => Value::from(many),
        };
        (key.to_owned(), value)
    });
    json!({
        "principal": principal(&asked.caller),
        "action": asked.action,
        "resource": asked.resource,
        "resourceAccount": asked.resource_account,
        "context": keys.collect::<Map<_, _>>(),
    })
}

/// The principal of a request, as it is written.
fn principal(caller: &Caller) -> &str {
    match caller {
        Caller::Account { arn, .. } => arn,
        Caller::Service(name) | Caller::Federated(name) => name,
        Caller::Anonymous => "*",
    }
}
