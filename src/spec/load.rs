//! The way from a path to an environment: gather, merge, validate, resolve, check.
//! Each step adds its problems; only the end decides whether there are too many.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use sha2::{Digest, Sha256};

use super::{
    check::{self, Declared},
    code::{Code, Severity},
    diagnostic::{Diagnostic, Draft},
    errors::SpecErrors,
    gather::{self, Document, Gathered},
    merge::{self, Merged, pinned, spoils},
    path::{Step, YamlPath},
    place, resolve, schema,
    source::Sources,
    violation::Rules,
    written,
};
use crate::model::{Environment, FrameworkId, Places, Service, ServiceName};

/// A specification that holds.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The environment, resolved.
    pub environment: Environment,
    /// The texts that were read, for the frames of the warnings.
    pub sources: Sources,
    /// What somebody should look at.
    pub warnings: Vec<Diagnostic>,
    /// Where each part of it was written.
    pub places: Places,
    /// SHA-256 over the canonical JSON of the environment (RFC 8785), in lower-case hex.
    pub digest: String,
}

/// Reads the specification at `path`: a file, or a folder with `environment.yaml` and
/// `services/`. Every problem of every file is in the error.
pub fn load(path: &Path) -> Result<Loaded, SpecErrors> {
    load_knowing(path, &BTreeSet::new())
}

/// Reads the specification at `path`, which may also name these frameworks: the bank's own.
///
/// # Errors
/// As [`load`].
pub fn load_knowing(path: &Path, own: &BTreeSet<FrameworkId>) -> Result<Loaded, SpecErrors> {
    let Gathered {
        sources,
        layers,
        diagnostics,
    } = gather::gather(path);
    let merged = merge::merge(&layers, &sources);
    let mut loader = Loader {
        sources: &sources,
        merged: &merged,
        own,
        diagnostics,
    };
    loader
        .diagnostics
        .extend(merged.diagnostics.iter().cloned());
    loader.validate(&layers);
    let environment = loader.environment(&layers);
    let places = place::places(&merged, &sources);
    let diagnostics = sorted(loader.diagnostics);
    let refused = diagnostics
        .iter()
        .any(|one| one.severity == Severity::Error);
    match environment {
        Some(environment) if !refused => Ok(Loaded {
            digest: digest(&environment),
            environment,
            places,
            sources,
            warnings: diagnostics,
        }),
        _ => Err(SpecErrors::new(sources, diagnostics)),
    }
}

struct Loader<'l> {
    sources: &'l Sources,
    merged: &'l Merged<'l>,
    own: &'l BTreeSet<FrameworkId>,
    diagnostics: Vec<Diagnostic>,
}

impl Loader<'_> {
    /// Validates each document against its schema, and the merged one for what is missing.
    fn validate(&mut self, layers: &[gather::Layer]) {
        let folder = Rules::new(schema::environment_schema());
        let single = Rules::new(schema::schema());
        let service = Rules::new(schema::service_schema());
        for layer in layers {
            if let Some(document) = &layer.environment {
                let rules = if layer.folder { &folder } else { &single };
                let violations = rules.violations(&document.root);
                // A field may come from the base: what is missing is asked of the whole.
                let here = violations
                    .into_iter()
                    .filter(|draft| !is_missing_at_root(draft));
                self.pin(document, here.collect());
            }
            for (_, document) in &layer.services {
                self.pin(document, service.violations(&document.root));
            }
        }
        self.locate(self.merged.missing(&schema::environment_schema()));
    }

    fn pin(&mut self, document: &Document, drafts: Vec<Draft>) {
        let located = drafts
            .into_iter()
            .map(|draft| pinned(draft, document, self.sources));
        self.diagnostics.extend(located);
    }

    fn locate(&mut self, drafts: Vec<Draft>) {
        let located = drafts
            .into_iter()
            .filter_map(|draft| self.merged.locate(draft, self.sources));
        self.diagnostics.extend(located);
    }

    /// Resolves and checks as much as the violations leave.
    fn environment(&mut self, layers: &[gather::Layer]) -> Option<Environment> {
        let mut problems = Vec::new();
        let environment = self
            .is_sound(layers)
            .then(|| self.read(self.merged.environment(), &YamlPath::root()))
            .flatten()
            .map(|written: written::Environment| resolve::environment(written, &mut problems));
        let log_days = environment
            .as_ref()
            .map(|environment| environment.audit.log_days);
        let services = self.services(log_days, &mut problems);
        problems.extend(self.none_declared());
        problems.extend(check::services(&Declared {
            services: &services,
            known: &self.merged.known,
        }));
        let environment = environment.map(|environment| Environment {
            services,
            ..environment
        });
        let fits = |environment| check::environment(environment, self.own);
        problems.extend(environment.iter().flat_map(fits));
        self.locate(problems);
        environment
    }

    /// Whether the environment's own fields are free of violations.
    fn is_sound(&self, layers: &[gather::Layer]) -> bool {
        let documents = layers.iter().map(|layer| layer.environment.as_ref());
        let files: Option<Vec<_>> = documents.map(|one| one.map(|one| one.file)).collect();
        let services = YamlPath::root().key("services");
        files.is_some_and(|files| {
            !files.is_empty()
                && !self.diagnostics.iter().any(|one| {
                    one.severity == Severity::Error
                        && one.source.is_some_and(|file| files.contains(&file))
                        && !one.path.starts_with(&services)
                })
        })
    }

    fn services(
        &mut self,
        log_days: Option<u32>,
        problems: &mut Vec<Draft>,
    ) -> BTreeMap<ServiceName, Service> {
        let mut services = BTreeMap::new();
        for (name, origin) in &self.merged.services {
            let file = origin.document.file;
            let spoiled = self
                .diagnostics
                .iter()
                .any(|one| spoils(one, file, &origin.prefix));
            let node = origin.document.root.at(origin.prefix.steps());
            let Some(node) = node.filter(|_| !spoiled) else {
                continue;
            };
            let place = YamlPath::service(name);
            let written: Option<written::Service> = self.read(node.to_json(), &place);
            let service = written.and_then(|one| resolve::service(one, log_days, problems));
            services.extend(service.map(|service| (service.name.clone(), service)));
        }
        services
    }

    /// Reads what the schema accepted; a refusal here is a rule that the schema does not know.
    fn read<T: DeserializeOwned>(&mut self, json: Json, place: &YamlPath) -> Option<T> {
        let read = serde_json::from_value(json);
        read.map_err(|error: serde_json::Error| {
            let draft = Draft::new(Code::InvalidValue, error.to_string())
                .help("compare the values with the published schema")
                .path(place.clone());
            self.locate(vec![draft]);
        })
        .ok()
    }

    fn none_declared(&self) -> Option<Draft> {
        self.merged.known.is_empty().then(|| {
            Draft::new(Code::NoServices, "the environment declares no service")
                .help("add services/<name>.yaml, or `services:` in a single file; applying nothing would destroy everything")
        })
    }
}

fn is_missing_at_root(draft: &Draft) -> bool {
    draft.code == Code::MissingField && draft.path == YamlPath::root()
}

/// By file and place; a warning about what an error already points at is dropped.
pub(super) fn sorted(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let wrong: Vec<_> = diagnostics
        .iter()
        .filter(|one| one.severity == Severity::Error)
        .map(|one| (one.source, one.span))
        .collect();
    diagnostics
        .retain(|one| one.severity == Severity::Error || !wrong.contains(&(one.source, one.span)));
    diagnostics.sort_by(|left, right| order(left).cmp(&order(right)));
    diagnostics.dedup();
    diagnostics
}

fn order(one: &Diagnostic) -> (&str, usize, Code, &[Step], &str) {
    let start = one.span.map_or(0, |span| span.start);
    (&one.file, start, one.code, one.path.steps(), &one.message)
}

/// SHA-256 of the resolved environment in canonical JSON, hex.
pub fn digest(environment: &Environment) -> String {
    // The environment is made of maps, text and integers: its canonical form always exists.
    let canonical = serde_json_canonicalizer::to_vec(environment).unwrap_or_default();
    Sha256::digest(canonical)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
