//! Layers laid over each other: whole top-level fields replace, services by name, lists never
//! merge. It remembers where each part was written, so that problems can be located.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json};

use super::{
    code::Code,
    diagnostic::{Diagnostic, Draft},
    gather::{Document, Layer},
    path::{Step, YamlPath},
    source::{FileId, Sources},
    tree::{Entry, Node},
    violation,
};

/// Where a part of the merged document was written.
#[derive(Debug, Clone)]
pub(super) struct Origin<'l> {
    pub document: &'l Document,
    pub prefix: YamlPath,
}

/// The merged document, in parts.
#[derive(Debug, Default)]
pub(super) struct Merged<'l> {
    /// The environment's own document, where problems without a better place belong.
    leaf: Option<&'l Document>,
    /// The top-level fields, without `extends` and `services`.
    fields: BTreeMap<&'l str, (&'l Document, &'l Node)>,
    /// The services by name.
    pub services: BTreeMap<String, Origin<'l>>,
    /// Names of services that exist, readable or not.
    pub known: BTreeSet<String>,
    /// Problems of the merging itself.
    pub diagnostics: Vec<Diagnostic>,
}

/// Lays the layers over each other, the base first.
pub(super) fn merge<'l>(layers: &'l [Layer], sources: &Sources) -> Merged<'l> {
    let mut merged = Merged::default();
    for layer in layers {
        merged.known.extend(layer.unread.iter().cloned());
        if let Some(document) = &layer.environment {
            merged.leaf = Some(document);
            merged.fields(document);
            if !layer.folder {
                merged.listed(document, sources);
            }
        }
        for (stem, document) in &layer.services {
            merged.filed(stem, document, sources);
        }
    }
    merged
}

impl<'l> Merged<'l> {
    /// The environment's own document.
    pub fn leaf(&self) -> Option<&'l Document> {
        self.leaf
    }

    /// The top-level fields, without `extends` and `services`, each with the document that has it.
    pub fn written(&self) -> impl Iterator<Item = (&'l str, &'l Document, &'l Node)> {
        let fields = self.fields.iter();
        fields.map(|(key, (document, node))| (*key, *document, *node))
    }

    fn fields(&mut self, document: &'l Document) {
        for Entry { key, value, .. } in document.root.entries() {
            if key != "extends" && key != "services" {
                self.fields.insert(key, (document, value));
            }
        }
    }

    /// The services of a single file.
    fn listed(&mut self, document: &'l Document, sources: &Sources) {
        let mut seen = BTreeSet::new();
        let items = document.root.get("services").map_or(&[][..], Node::items);
        for (index, item) in items.iter().enumerate() {
            let Some(name) = item.get("service").and_then(Node::text) else {
                continue;
            };
            let prefix = YamlPath::root().key("services").index(index);
            if seen.insert(name) {
                self.insert(name, Origin { document, prefix });
            } else {
                let draft = duplicate_service(name).path(prefix.key("service"));
                self.diagnostics.push(pinned(draft, document, sources));
            }
        }
    }

    /// The service of a file of its own.
    fn filed(&mut self, stem: &str, document: &'l Document, sources: &Sources) {
        let prefix = YamlPath::root();
        if let Some(name) = document.root.get("service").and_then(Node::text)
            && name != stem
        {
            let draft = file_name(stem, name).path(YamlPath::root().key("service"));
            self.diagnostics.push(pinned(draft, document, sources));
            self.known.insert(name.to_owned());
        }
        self.insert(stem, Origin { document, prefix });
    }

    fn insert(&mut self, name: &str, origin: Origin<'l>) {
        self.known.insert(name.to_owned());
        self.services.insert(name.to_owned(), origin);
    }

    /// The required fields that no layer gives.
    pub fn missing(&self, schema: &Json) -> Vec<Draft> {
        let required = schema.get("required").and_then(Json::as_array);
        required
            .into_iter()
            .flatten()
            .filter_map(Json::as_str)
            .filter(|field| !self.fields.contains_key(field))
            .map(|field| violation::missing(field, schema))
            .collect()
    }

    /// The merged environment without its services.
    pub fn environment(&self) -> Json {
        let fields = self
            .fields
            .iter()
            .map(|(key, (_, node))| ((*key).to_owned(), node.to_json()));
        Json::Object(fields.collect::<Map<_, _>>())
    }

    /// Locates a problem whose path leads into the merged document.
    pub fn locate(&self, draft: Draft, sources: &Sources) -> Option<Diagnostic> {
        let (document, path) = self.place(&draft.path)?;
        let path = with_item(path, draft.item.as_deref(), document);
        Some(pinned(draft.path(path), document, sources))
    }

    fn place(&self, path: &YamlPath) -> Option<(&'l Document, YamlPath)> {
        let leaf = || self.leaf.map(|document| (document, path.clone()));
        match path.steps() {
            [Step::Key(first), Step::Key(name), rest @ ..] if first == "services" => {
                let origin = self.services.get(name)?;
                Some((origin.document, origin.prefix.clone().join(rest)))
            }
            [Step::Key(field), ..] => self
                .fields
                .get(field.as_str())
                .map(|(document, _)| (*document, path.clone()))
                .or_else(leaf),
            _ => leaf(),
        }
    }
}

/// The path of the item with this text, where the path leads to a list that has it.
fn with_item(path: YamlPath, item: Option<&str>, document: &Document) -> YamlPath {
    let items = document.root.at(path.steps()).map_or(&[][..], Node::items);
    match items
        .iter()
        .position(|node| item.is_some() && node.text() == item)
    {
        Some(index) => path.index(index),
        None => path,
    }
}

/// Locates a problem whose path leads into one document.
pub(super) fn pinned(draft: Draft, document: &Document, sources: &Sources) -> Diagnostic {
    let span = draft
        .span
        .unwrap_or_else(|| document.root.locate(&draft.path));
    draft
        .at(span)
        .located(sources.name(document.file).to_owned(), Some(document.file))
}

/// Whether a diagnostic is an error inside a part of a document.
pub(super) fn spoils(diagnostic: &Diagnostic, file: FileId, prefix: &YamlPath) -> bool {
    diagnostic.severity == super::code::Severity::Error
        && diagnostic.source == Some(file)
        && diagnostic.path.starts_with(prefix)
}

fn duplicate_service(name: &str) -> Draft {
    Draft::new(
        Code::DuplicateService,
        format!("the service `{name}` is declared twice"),
    )
    .help("keep one of the two, or give one another name")
}

fn file_name(stem: &str, name: &str) -> Draft {
    Draft::new(
        Code::FileName,
        format!("the file {stem}.yaml declares the service `{name}`"),
    )
    .help(format!(
        "rename the file to {name}.yaml, or the service to `{stem}`"
    ))
}
