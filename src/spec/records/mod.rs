//! What stands beside a specification: `waivers.yaml` and `attestations.yaml`, read, located and
//! checked like the specification itself. Files of evidence are hashed, never understood.

mod append;
mod check;
pub(super) mod evidence;

pub use append::appended;
pub use evidence::sha256;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use super::{
    code::{Code, Severity},
    diagnostic::{Diagnostic, Draft},
    errors::SpecErrors,
    gather::{Document, display},
    load::sorted,
    merge::pinned,
    parse, schema,
    source::{FileId, Sources},
    violation::Rules,
};
use crate::compliance::{
    attestation::{Attestation, AttestationFile},
    records::{EvidenceFile, Records},
    waiver::WaiverFile,
};

/// The files beside a specification, whether they are there or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordPaths {
    /// The waivers.
    pub waivers: PathBuf,
    /// The attestations.
    pub attestations: PathBuf,
}

impl RecordPaths {
    /// In the folder of an environment; beside a single file, with its name in front.
    pub fn of(spec: &Path) -> Self {
        let beside = |name: &str| match spec.is_dir() {
            true => spec.join(format!("{name}.yaml")),
            false => spec.with_extension(format!("{name}.yaml")),
        };
        Self {
            waivers: beside("waivers"),
            attestations: beside("attestations"),
        }
    }
}

/// Reads the waivers and attestations beside a specification; none where there is no such file.
///
/// # Errors
/// Every problem of both files.
pub fn records(spec: &Path) -> Result<Records, SpecErrors> {
    let paths = RecordPaths::of(spec);
    let mut reader = Reader::default();
    let waivers = reader.file::<WaiverFile>(&paths.waivers, check::waivers);
    let attestations = reader.file::<AttestationFile>(&paths.attestations, check::attestations);
    let mut records = Records {
        waivers: waivers.map_or_else(Vec::new, |file| file.waivers),
        attestations: attestations.map_or_else(Vec::new, |file| file.attestations),
        found: BTreeMap::new(),
    };
    reader.finish()?;
    let folder = paths.waivers.parent().unwrap_or(Path::new("."));
    records.found = evidence::found(folder, named(&records));
    Ok(records)
}

fn named(records: &Records) -> impl Iterator<Item = &EvidenceFile> {
    let waivers = records.waivers.iter().flat_map(|waiver| &waiver.evidence);
    let attestations = records.attestations.iter().flat_map(|one| &one.evidence);
    waivers.chain(attestations)
}

/// The attestations of a text that is not a file yet, under the name that it will have.
///
/// # Errors
/// Every problem of the text.
pub fn attestations(name: &str, text: &str) -> Result<Vec<Attestation>, SpecErrors> {
    let mut reader = Reader::default();
    let file = reader.sources.add(name, text.to_owned());
    let document = reader.parsed(file, name);
    let read = document
        .and_then(|document| reader.checked::<AttestationFile>(&document, check::attestations));
    reader.finish()?;
    Ok(read.map_or_else(Vec::new, |file| file.attestations))
}

#[derive(Default)]
struct Reader {
    sources: Sources,
    diagnostics: Vec<Diagnostic>,
}

impl Reader {
    /// Reads one file where it is there; its problems are kept.
    fn file<T: DeserializeOwned + JsonSchema>(
        &mut self,
        path: &Path,
        check: fn(&T) -> Vec<Draft>,
    ) -> Option<T> {
        let document = self.document(path)?;
        self.checked(&document, check)
    }

    fn checked<T: DeserializeOwned + JsonSchema>(
        &mut self,
        document: &Document,
        check: fn(&T) -> Vec<Draft>,
    ) -> Option<T> {
        let rules = Rules::new(schema::generate::<T>());
        let violations = rules.violations(&document.root);
        let sound = violations.is_empty();
        self.pin(violations, document);
        let read = sound.then(|| self.understand(document)).flatten()?;
        self.pin(check(&read), document);
        Some(read)
    }

    fn document(&mut self, path: &Path) -> Option<Document> {
        // A link that leads nowhere is there, and is told.
        if std::fs::symlink_metadata(path).is_err() {
            return None;
        }
        let name = display(path);
        let read = self.sources.read(path, &name);
        let file = read
            .map_err(|problem| self.diagnostics.push(*problem))
            .ok()?;
        self.parsed(file, &name)
    }

    fn parsed(&mut self, file: FileId, name: &str) -> Option<Document> {
        let parsed = parse::parse(self.sources.text_of(file));
        let located = parsed
            .problems
            .into_iter()
            .map(|draft| draft.located(name.to_owned(), Some(file)));
        self.diagnostics.extend(located);
        parsed.root.map(|root| Document { file, root })
    }

    fn understand<T: DeserializeOwned>(&mut self, document: &Document) -> Option<T> {
        let read = serde_json::from_value(document.root.to_json());
        read.map_err(|error: serde_json::Error| {
            let draft = Draft::new(Code::InvalidValue, error.to_string())
                .help("compare the values with the published schema");
            self.pin(vec![draft], document);
        })
        .ok()
    }

    fn pin(&mut self, drafts: Vec<Draft>, document: &Document) {
        let located = drafts
            .into_iter()
            .map(|draft| pinned(draft, document, &self.sources));
        self.diagnostics.extend(located);
    }

    /// Warnings alone refuse nothing.
    fn finish(self) -> Result<(), SpecErrors> {
        let diagnostics = sorted(self.diagnostics);
        let refused = diagnostics
            .iter()
            .any(|one| one.severity == Severity::Error);
        match refused {
            true => Err(SpecErrors::new(self.sources, diagnostics)),
            false => Ok(()),
        }
    }
}
