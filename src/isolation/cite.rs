//! A request that is allowed, in words: which statements and grants of which policies allow it, and
//! the line that lets `policy eval` decide it again.

use serde_json::{Map, Value, json};

use super::{Step, actor::Actor, ask::Taken, examine::Allowed, witness};
use crate::{
    authorization::{ResourceSide, Source},
    iam::eval::{Grant, Layer, Layers, Place, Reason, Request},
};

/// The policies that have a say, by the names that people know.
pub(super) struct Sources<'s> {
    pub actor: Option<&'s Actor>,
    pub side: &'s ResourceSide,
    pub endpoint: Option<&'s Source>,
}

impl Sources<'_> {
    /// The step that an allowed request is.
    pub fn step(&self, allowed: &Allowed) -> Taken {
        let Allowed {
            request, layers, ..
        } = allowed;
        let because = allowed.because.iter();
        let because = because
            .filter_map(|reason| self.cited(reason, layers))
            .collect();
        let who = match self.actor {
            Some(actor) => format!("role {}", actor.name),
            None => "the caller".to_owned(),
        };
        let via = request
            .context
            .get("kms:ViaService")
            .and_then(<[String]>::first);
        let through = via.map_or(String::new(), |via| format!(" through {via}"));
        Taken {
            step: Step {
                words: format!("{who}: {} on {}{through}", request.action, request.resource),
                because,
                request: witness::request(request),
                replay: None,
            },
            request: request.clone(),
            line: self.line(request),
        }
    }

    fn source(&self, place: Place) -> Option<&Source> {
        let side = self.actor.map(|actor| &actor.side);
        match place.layer {
            Layer::Identity => side?.identity.get(place.policy),
            Layer::Boundary(index) => side?.boundary.get(index),
            Layer::Resource => self.side.policy.as_ref(),
            Layer::Endpoint(_) => self.endpoint,
            Layer::Session | Layer::Scp(_) | Layer::Rcp(_) => None,
        }
    }

    fn cited(&self, reason: &Reason, layers: &Layers) -> Option<String> {
        match reason {
            Reason::Allows(place) => {
                let sid = layers.statement(*place).and_then(|one| one.sid());
                let number = || format!("number {}", place.statement + 1);
                let statement = sid.map_or_else(number, str::to_owned);
                Some(format!(
                    "{}, statement {statement}",
                    self.source(*place)?.name
                ))
            }
            Reason::Grant(index) => layers.grants.get(*index).map(|g| format!("grant {}", g.id)),
            _ => None,
        }
    }

    /// The line that `policy eval` takes, made when it is needed: it holds every policy.
    fn line(&self, request: &Request) -> Box<dyn FnOnce() -> Value> {
        let texts = |sources: &[Source]| -> Vec<std::sync::Arc<str>> {
            sources.iter().map(|source| source.text.clone()).collect()
        };
        let side = self.actor.map(|actor| &actor.side);
        let identity = side.map(|side| texts(&side.identity)).unwrap_or_default();
        let boundary = side.map(|side| texts(&side.boundary)).unwrap_or_default();
        let resource = self.side.policy.as_ref().map(|source| source.text.clone());
        let endpoint: Vec<_> = self.endpoint.iter().map(|one| one.text.clone()).collect();
        let grants: Vec<Value> = self.side.grants.iter().map(grant).collect();
        let request = request.clone();
        Box::new(move || {
            let all = |texts: Vec<std::sync::Arc<str>>| -> Vec<Value> {
                texts.iter().map(|text| parsed(text)).collect()
            };
            json!({
                "id": format!("{} {}", request.action, request.resource),
                "policies": {
                    "identity": all(identity),
                    "boundary": all(boundary),
                    "resource": resource.map(|text| parsed(&text)),
                    "vpce": all(endpoint),
                    "grants": grants,
                },
                "request": witness::request(&request),
            })
        })
    }
}

/// The text was written from JSON; what it is not, the replay will tell.
fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_default()
}

fn grant(grant: &Grant) -> Value {
    let mut constraints = Map::new();
    let asked = grant.constraints.iter();
    for one in asked {
        if let Some(pairs) = &one.encryption_context_equals {
            constraints.insert("EncryptionContextEquals".to_owned(), json!(pairs));
        }
        if let Some(pairs) = &one.encryption_context_subset {
            constraints.insert("EncryptionContextSubset".to_owned(), json!(pairs));
        }
        if let Some(arn) = &one.source_arn {
            constraints.insert("SourceArn".to_owned(), json!(arn));
        }
    }
    json!({
        "GrantId": grant.id,
        "GranteePrincipal": grant.grantee,
        "Operations": grant.operations,
        "Constraints": grant.constraints.as_ref().map(|_| constraints),
    })
}
