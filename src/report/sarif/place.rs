//! Where a failure points: the line of the specification that asks for the resource, and the
//! resource itself.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::{
    compliance::{predicate::Variable, verdict::Verdict},
    report::{assessment::Source, row::Row},
};

/// The location of a verdict.
pub(super) fn location(source: &Source<'_>, row: &Row<'_>) -> Value {
    let path = asked_at(row.run.resource, row.verdict);
    let resource = &row.shown.resource;
    let mut location = json!({
        "logicalLocations": [{
            "name": resource.name,
            "fullyQualifiedName": row.verdict.resource,
            "kind": "resource",
        }],
    });
    if let Some(place) = source.places.nearest(&path) {
        location["physicalLocation"] = json!({
            "artifactLocation": artifact(&place.file),
            "region": { "startLine": place.line, "startColumn": place.column },
        });
    }
    location
}

/// The part of the specification that asks for a resource: a field of its service, or else of the
/// environment.
fn asked_at(variable: Variable, verdict: &Verdict) -> String {
    let field = match variable {
        Variable::Account => "baseline",
        Variable::Environment | Variable::Boundary => "",
        Variable::Subnet | Variable::Vpc | Variable::FlowLog | Variable::VpcEndpoint => "network",
        Variable::AuditBucket | Variable::Trail => "audit",
        Variable::Store => "stores",
        Variable::SecurityGroup => "listens",
        Variable::LogGroup => "log_days",
        Variable::Service | Variable::Role | Variable::Key => "service",
    };
    match &verdict.service {
        Some(service) => format!("services.{service}.{field}"),
        None if variable == Variable::SecurityGroup => "network".to_owned(),
        None => field.to_owned(),
    }
}

/// A relative path is seen from the root of the sources; an absolute one is a file of this machine.
fn artifact(file: &str) -> Value {
    match file.starts_with('/') {
        true => json!({ "uri": format!("file://{}", encoded(file)) }),
        false => {
            let file = file.trim_start_matches("./");
            json!({ "uri": encoded(file), "uriBaseId": "%SRCROOT%" })
        }
    }
}

/// A path as a URI reference: everything but unreserved characters and `/` is written by its code.
/// <https://www.rfc-editor.org/rfc/rfc3986#section-2.3>
fn encoded(path: &str) -> String {
    path.bytes().fold(String::new(), |mut uri, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(uri, "%{byte:02X}");
        }
        uri
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_uris() {
        assert_eq!(encoded("a b/ü#.yaml"), "a%20b/%C3%BC%23.yaml");
        assert_eq!(artifact("./a.yaml")["uri"], "a.yaml");
        assert_eq!(artifact("/a.yaml")["uri"], "file:///a.yaml");
    }
}
