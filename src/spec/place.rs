//! Where each part of a specification was written, for tools that point at lines. It reads the
//! merged documents; it judges nothing.

use super::{
    gather::Document,
    merge::Merged,
    source::Sources,
    tree::{Node, Span},
};
use crate::model::{Place, Places};

/// How many fields deep places are told below the environment and below each service.
const DEPTH: usize = 2;

/// The places of a merged specification.
pub(super) fn places(merged: &Merged<'_>, sources: &Sources) -> Places {
    let mut written = Written {
        sources,
        found: Vec::new(),
    };
    if let Some(document) = merged.leaf() {
        written.add(String::new(), document, document.root.span);
    }
    for (key, document, node) in merged.written() {
        if let Some(entry) = document.root.entry(key) {
            written.add(key.to_owned(), document, entry.key_span);
        }
        written.below(key, document, node, DEPTH - 1);
    }
    for (name, origin) in &merged.services {
        let path = format!("services.{name}");
        let document = origin.document;
        if let Some(node) = document.root.at(origin.prefix.steps()) {
            written.add(path.clone(), document, document.root.locate(&origin.prefix));
            written.below(&path, document, node, DEPTH);
        }
    }
    written.found.into_iter().collect()
}

struct Written<'a> {
    sources: &'a Sources,
    found: Vec<(String, Place)>,
}

impl Written<'_> {
    fn below(&mut self, path: &str, document: &Document, node: &Node, depth: usize) {
        if depth == 0 {
            return;
        }
        for entry in node.entries() {
            let path = format!("{path}.{}", entry.key);
            self.add(path.clone(), document, entry.key_span);
            self.below(&path, document, &entry.value, depth - 1);
        }
    }

    fn add(&mut self, path: String, document: &Document, span: Span) {
        let (line, column) = self.sources.line_column(document.file, span.start);
        let place = Place {
            file: self.sources.name(document.file).replace('\\', "/"),
            line: line as u64,
            column: column as u64,
        };
        self.found.push((path, place));
    }
}
