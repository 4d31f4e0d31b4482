//! A waiver: what may fail, where, why, by whose leave and until when. What it covers becomes an
//! exception, never a pass; when it ends, the failure is back.

use jiff::{ToSpan, civil::Date};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    records::{EvidenceFile, Standing},
    verdict::Verdict,
};
use crate::model::{Address, ServiceName};

/// Name and version of the format of waiver files.
pub const SCHEMA: &str = "strongroom/waivers/v1";

/// The file of waivers beside a specification.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Strongroom waivers")]
pub struct WaiverFile {
    /// The format of the file: `strongroom/waivers/v1`.
    #[schemars(extend("const" = SCHEMA))]
    pub schema: String,
    /// The waivers.
    pub waivers: Vec<Waiver>,
}

/// One waiver.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Waiver {
    /// Its id, never used again for anything else.
    #[schemars(length(max = 60), extend("pattern" = "\\S", "format" = "RecordId"))]
    pub id: String,
    /// The check that may fail; or else `drift`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<String>,
    /// Where the check may fail: a service, a resource, or a resource of a service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<WaiverScope>,
    /// What may differ from the specification; or else `check`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drift: Option<WaivedDrift>,
    /// Why it cannot be mended now, in a sentence.
    #[schemars(length(max = 400), extend("pattern" = "\\S", "format" = "Text"))]
    pub reason: String,
    /// What keeps the risk down meanwhile.
    #[schemars(length(max = 400), extend("pattern" = "\\S", "format" = "Text"))]
    pub compensating_control: String,
    /// Who answers for mending it.
    #[schemars(length(max = 256), extend("pattern" = "\\S", "format" = "Text"))]
    pub owner: String,
    /// Who allowed it: another person than the owner.
    #[schemars(length(max = 256), extend("pattern" = "\\S", "format" = "Text"))]
    pub approver: String,
    /// The day on which it was allowed, as 2026-01-31.
    #[schemars(with = "String", extend("pattern" = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "format" = "Date"))]
    pub approved_on: Date,
    /// Its last day, at most a year later.
    #[schemars(with = "String", extend("pattern" = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "format" = "Date"))]
    pub expires: Date,
    /// Where the work on it is followed.
    #[schemars(length(max = 400), extend("pattern" = "\\S", "format" = "Text"))]
    pub ticket: String,
    /// Files behind it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<EvidenceFile>,
}

/// Where a check may fail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WaiverScope {
    /// The service that the resource belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<ServiceName>,
    /// The resource: an address such as `kms_key/login`, `environment` or `account`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "WaivedResource"))]
    pub resource: Option<String>,
}

/// What may differ from the specification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WaivedDrift {
    /// The resource, as `kms_key/login`.
    pub address: Address,
    /// The field, as drift names it, with all below it; the whole resource where it is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
}

impl Waiver {
    /// The last day on which a waiver of that day may hold: a year later.
    pub fn latest(approved_on: Date) -> Date {
        approved_on.saturating_add(1.year())
    }

    /// Where it stands on a day.
    pub fn standing(&self, day: Date) -> Standing {
        Standing::on(day, self.approved_on, self.expires)
    }

    /// Whether it is about what a check says of a resource.
    pub fn is_about(&self, check: &str, judged: Option<&Address>, verdict: &Verdict) -> bool {
        let Some(scope) = self
            .scope
            .as_ref()
            .filter(|_| self.check.as_deref() == Some(check))
        else {
            return false;
        };
        let service = scope.service.as_ref();
        let service = service.is_none_or(|name| verdict.service.as_deref() == Some(name.as_str()));
        let resource = scope.resource.as_deref();
        service && resource.is_none_or(|name| is_named(name, judged, &verdict.resource))
    }

    /// Whether it is about a part of a resource that differs; the empty path is all of it.
    pub fn is_about_drift(&self, address: &Address, path: &str) -> bool {
        self.drift.as_ref().is_some_and(|drift| {
            drift.address == *address
                && drift
                    .path
                    .as_ref()
                    .is_none_or(|waived| is_below(path, waived))
        })
    }
}

/// Whether a resource is called so: by its address, or by what it is where it has none.
fn is_named(name: &str, judged: Option<&Address>, path: &str) -> bool {
    match judged {
        Some(address) => address.to_string() == name,
        // The environment lies at `environment.profile`, the account at `account`.
        None => path.split('.').next() == Some(name),
    }
}

/// Whether a path is the other or leads into it.
fn is_below(path: &str, above: &str) -> bool {
    path.strip_prefix(above)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_covers_what_is_below_it_and_nothing_beside() {
        assert!(is_below("tags.owner", "tags"));
        assert!(is_below("policy[admin].action", "policy[admin]"));
        assert!(is_below("tags", "tags"));
        assert!(!is_below("tagset", "tags"));
        assert!(!is_below("", "tags"));
    }
}
