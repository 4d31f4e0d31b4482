//! Evaluation in lines of JSON: one request with its policies in, one decision out.
//! Equal policies, and equal sets of them, are compiled once. Reads and writes nothing itself.

use std::{borrow::Cow, collections::HashMap, fmt::Write, sync::Arc};

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{
    Context, Decision, Grant, Layers, Level, Policy, PolicyError, Request, RequestError, decide,
};

/// What was compiled, by its text.
#[derive(Debug, Default)]
pub struct Cache {
    policies: Memo<Policy>,
    /// Many lines ask the same policies different things.
    layers: Memo<Layers>,
}

#[derive(Debug)]
struct Memo<T> {
    made: HashMap<Box<str>, Arc<T>>,
    /// Bytes of the texts that are held.
    size: usize,
}

/// The most text that is held; beyond it the memory begins anew.
const HELD: usize = 8 << 20;

impl<T> Default for Memo<T> {
    fn default() -> Self {
        Self {
            made: HashMap::new(),
            size: 0,
        }
    }
}

impl<T> Memo<T> {
    fn known(&self, text: &str) -> Option<Arc<T>> {
        self.made.get(text).cloned()
    }

    fn keep(&mut self, text: &str, made: T) -> Arc<T> {
        let made = Arc::new(made);
        self.size += text.len();
        if self.size > HELD {
            self.made.clear();
            self.size = text.len();
        }
        self.made.insert(text.into(), made.clone());
        made
    }
}

impl Cache {
    /// The policy of a text, compiled now or before.
    ///
    /// # Errors
    /// A text that is no policy.
    pub fn policy(&mut self, text: &str) -> Result<Arc<Policy>, PolicyError> {
        match self.policies.known(text) {
            Some(known) => Ok(known),
            None => Ok(self.policies.keep(text, text.parse()?)),
        }
    }

    fn layers(&mut self, text: &str) -> Result<Arc<Layers>, LineError> {
        if let Some(known) = self.layers.known(text) {
            return Ok(known);
        }
        let written: Policies<'_> = serde_json::from_str(text)
            .map_err(|error| LineError::Malformed(format!("policies: {error}")))?;
        let layers = written.layers(self)?;
        Ok(self.layers.keep(text, layers))
    }
}

/// Why a line has no decision.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LineError {
    /// The line is not what the contract says.
    #[error("the line is not a request with its policies: {0}")]
    Malformed(String),
    /// One of the policies is none.
    #[error("{layer}: {error}")]
    Policy {
        /// Where it stands, as `scp[0].policies[1]`.
        layer: String,
        /// What is wrong.
        error: PolicyError,
    },
    /// The request cannot be made.
    #[error("request: {0}")]
    Request(#[from] RequestError),
}

#[derive(Deserialize)]
struct Line<'a> {
    #[serde(borrow, default)]
    id: Option<&'a RawValue>,
    #[serde(borrow)]
    policies: &'a RawValue,
    #[serde(borrow)]
    request: Asked<'a>,
    #[serde(default)]
    settings: Option<Settings>,
}

/// A layer with another name would be a limit that nobody applies: unknown ones are refused.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Policies<'a> {
    #[serde(borrow, default)]
    identity: Option<Vec<&'a RawValue>>,
    #[serde(borrow, default)]
    boundary: Option<Vec<&'a RawValue>>,
    #[serde(borrow, default)]
    session: Option<&'a RawValue>,
    #[serde(borrow, default)]
    scp: Option<Vec<WrittenLevel<'a>>>,
    #[serde(borrow, default)]
    rcp: Option<Vec<WrittenLevel<'a>>>,
    #[serde(borrow, default)]
    resource: Option<&'a RawValue>,
    #[serde(borrow, default)]
    vpce: Option<Vec<&'a RawValue>>,
    #[serde(default)]
    grants: Option<Vec<Grant>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WrittenLevel<'a> {
    #[serde(borrow, default)]
    org_identifier: Cow<'a, str>,
    #[serde(borrow)]
    policies: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Asked<'a> {
    #[serde(borrow)]
    principal: Cow<'a, str>,
    #[serde(borrow)]
    action: Cow<'a, str>,
    #[serde(borrow)]
    resource: Cow<'a, str>,
    #[serde(borrow, default)]
    resource_account: Option<Cow<'a, str>>,
    #[serde(default)]
    context: Option<Context>,
    #[serde(default)]
    wildcard_only_action: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    #[serde(default)]
    s3: Option<BucketSettings>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct BucketSettings {
    #[serde(default)]
    bucket_abac_enabled: bool,
}

/// Appends the answer to one line, with its newline. False where the line has no decision.
pub fn answer(line: &str, cache: &mut Cache, out: &mut String) -> bool {
    let (id, decision) = match serde_json::from_str::<Line<'_>>(line) {
        Ok(line) => (line.id, line.decision(cache)),
        Err(error) => (id(line), Err(LineError::Malformed(error.to_string()))),
    };
    let id = id.map_or("null", RawValue::get);
    match decision {
        Ok(decision) => {
            let _ = writeln!(out, r#"{{"id":{id},"decision":"{decision}"}}"#);
            true
        }
        Err(error) => {
            refuse(id, &error.to_string(), out);
            false
        }
    }
}

/// Appends the answer to what is no line of text.
pub fn refuse(id: &str, error: &str, out: &mut String) {
    let error = serde_json::Value::from(error);
    let _ = writeln!(out, r#"{{"id":{id},"error":{error}}}"#);
}

/// The id of a line that is otherwise wrong, where it can be found.
fn id(line: &str) -> Option<&RawValue> {
    #[derive(Deserialize)]
    struct Identified<'a> {
        #[serde(borrow)]
        id: &'a RawValue,
    }
    let found: Option<Identified<'_>> = serde_json::from_str(line).ok();
    found.map(|line| line.id)
}

impl Line<'_> {
    fn decision(self, cache: &mut Cache) -> Result<Decision, LineError> {
        let layers = cache.layers(self.policies.get())?;
        let s3 = self.settings.as_ref().and_then(|s| s.s3.as_ref());
        let mut request = self.request.request()?;
        request.bucket_abac = s3.is_some_and(|s3| s3.bucket_abac_enabled);
        Ok(decide(&layers, &request).decision)
    }
}

impl Asked<'_> {
    fn request(self) -> Result<Request, RequestError> {
        let resource = match self.wildcard_only_action {
            true => "*",
            false => self.resource.as_ref(),
        };
        let mut request = Request::new(&self.principal, &self.action, resource)?;
        if let Some(account) = self.resource_account.as_deref().filter(|a| !a.is_empty()) {
            request.resource_account = Some(account.to_owned());
        }
        match self.context {
            Some(context) => request.with_context(context),
            None => Ok(request),
        }
    }
}

impl Policies<'_> {
    fn layers(&self, cache: &mut Cache) -> Result<Layers, LineError> {
        Ok(Layers {
            identity: list("identity", self.identity.as_deref(), cache)?,
            boundary: list("boundary", self.boundary.as_deref(), cache)?,
            session: one("session", self.session, cache)?,
            scp: levels("scp", self.scp.as_deref(), cache)?,
            rcp: levels("rcp", self.rcp.as_deref(), cache)?,
            resource: one("resource", self.resource, cache)?,
            grants: self.grants.clone().unwrap_or_default(),
            endpoint: list("vpce", self.vpce.as_deref(), cache)?,
            ..Layers::default()
        })
    }
}

fn compile(
    raw: &RawValue,
    cache: &mut Cache,
    layer: impl FnOnce() -> String,
) -> Result<Arc<Policy>, LineError> {
    cache.policy(raw.get()).map_err(|error| LineError::Policy {
        layer: layer(),
        error,
    })
}

fn one(
    layer: &str,
    raw: Option<&RawValue>,
    cache: &mut Cache,
) -> Result<Option<Arc<Policy>>, LineError> {
    raw.map(|raw| compile(raw, cache, || layer.to_owned()))
        .transpose()
}

fn list(
    layer: &str,
    raw: Option<&[&RawValue]>,
    cache: &mut Cache,
) -> Result<Vec<Arc<Policy>>, LineError> {
    let texts = raw.unwrap_or_default().iter().enumerate();
    texts
        .map(|(index, raw)| compile(raw, cache, || format!("{layer}[{index}]")))
        .collect()
}

fn levels(
    layer: &str,
    written: Option<&[WrittenLevel<'_>]>,
    cache: &mut Cache,
) -> Result<Vec<Level>, LineError> {
    let levels = written.unwrap_or_default().iter().enumerate();
    levels
        .map(|(index, level)| {
            let name = format!("{layer}[{index}].policies");
            Ok(Level {
                name: level.org_identifier.clone().into_owned(),
                policies: list(&name, Some(&level.policies), cache)?,
            })
        })
        .collect()
}
