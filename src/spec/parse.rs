//! From text to the located tree, within a budget: nesting, nodes and aliases are bounded,
//! duplicate keys are found with both places. It never reads a file.

use std::collections::BTreeMap;

use serde_json::Value as Json;
use serde_yaml::granit_parser::{
    ErrorKind, Event, Parser, ScalarStyle, ScanError, Span as Place, StrInput, Tag, options,
};

use super::{
    code::Code,
    diagnostic::Draft,
    malformed::{
        duplicate_key, empty_document, key_not_text, merge_key, recursive_alias, several_documents,
        too_deep, too_many_nodes, unexpected,
    },
    scalar,
    tree::{Entry, Node, Scalar, Span, Value},
};

/// The deepest nesting, aliases followed.
pub(super) const MAX_DEPTH: usize = 64;
/// The most nodes of one document, aliases followed.
pub(super) const MAX_NODES: usize = 100_000;

/// What a text holds: the tree where there is one, and what is wrong.
#[derive(Debug, Default)]
pub(super) struct Parsed {
    pub root: Option<Node>,
    pub problems: Vec<Draft>,
}

/// Parses one file.
pub(super) fn parse(text: &str) -> Parsed {
    let mut reader = Reader::new(text);
    let root = match reader.document() {
        Ok(root) => root,
        Err(stop) => {
            reader.problems.push(*stop);
            None
        }
    };
    Parsed {
        root,
        problems: reader.problems,
    }
}

type Stop = Box<Draft>;

/// A node with its cost, kept for aliases.
#[derive(Clone)]
struct Built {
    node: Node,
    nodes: usize,
    height: usize,
}

struct Reader<'t> {
    text: &'t str,
    events: Parser<'t, StrInput<'t>>,
    anchors: BTreeMap<usize, Built>,
    nodes: usize,
    problems: Vec<Draft>,
}

impl<'t> Reader<'t> {
    fn new(text: &'t str) -> Self {
        let limits = options! {
            emit_comments: false,
            flow_nesting_limit: MAX_DEPTH,
            block_nesting_limit: MAX_DEPTH,
        };
        Self {
            text,
            events: Parser::new_from_str_with_options(text, limits),
            anchors: BTreeMap::new(),
            nodes: 0,
            problems: Vec::new(),
        }
    }

    fn next(&mut self) -> Result<(Event<'t>, Span), Stop> {
        match self.events.next_event() {
            Some(Ok((event, place))) => {
                let span = self.span(&place);
                Ok((event, span))
            }
            Some(Err(error)) => Err(Box::new(self.syntax(&error))),
            None => Ok((Event::StreamEnd, self.end())),
        }
    }

    fn span(&self, place: &Place) -> Span {
        let range = place.byte_range().unwrap_or(0..0);
        let end = range.end.min(self.text.len());
        Span {
            start: range.start.min(end),
            end,
        }
    }

    fn end(&self) -> Span {
        let end = self.text.trim_end().len();
        Span { start: end, end }
    }

    fn syntax(&self, error: &ScanError) -> Draft {
        if matches!(error.kind(), ErrorKind::RecursionLimitExceeded) {
            return too_deep(self.marker(error));
        }
        Draft::new(
            Code::YamlSyntax,
            format!("this is not YAML: {}", error.info()),
        )
        .help("check the indentation, the quotes and the brackets around this place")
        .at(self.marker(error))
    }

    fn marker(&self, error: &ScanError) -> Span {
        let start = error
            .marker()
            .byte_offset()
            .unwrap_or(self.text.len())
            .min(self.text.len());
        Span { start, end: start }
    }

    fn document(&mut self) -> Result<Option<Node>, Stop> {
        let mut root = None;
        loop {
            match self.next()? {
                (Event::StreamEnd, _) => break,
                (Event::DocumentStart(..), span) if root.is_some() => {
                    return Err(Box::new(several_documents(span)));
                }
                (Event::StreamStart | Event::DocumentStart(..) | Event::DocumentEnd, _) => {}
                (event, span) => root = Some(self.node(event, span, 1)?.node),
            }
        }
        Ok(root.filter(|node| !is_null(node)).or_else(|| {
            self.problems.push(empty_document());
            None
        }))
    }

    /// Builds the node that starts with `event`.
    fn node(&mut self, event: Event<'t>, span: Span, depth: usize) -> Result<Built, Stop> {
        self.spend(1, span)?;
        if depth > MAX_DEPTH {
            return Err(Box::new(too_deep(span)));
        }
        let (anchor, built) = match event {
            Event::Alias(id) => return self.alias(id, span, depth),
            Event::Scalar(text, style, anchor, tag) => {
                let plain = style == ScalarStyle::Plain;
                (anchor, self.scalar(&text, plain, tag.as_deref(), span))
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.refuse_tag(tag.as_deref(), span);
                (anchor, self.sequence(span, depth)?)
            }
            Event::MappingStart(_, anchor, tag) => {
                self.refuse_tag(tag.as_deref(), span);
                (anchor, self.mapping(span, depth)?)
            }
            _ => return Err(Box::new(unexpected(span))),
        };
        if anchor > 0 {
            self.anchors.insert(anchor, built.clone());
        }
        Ok(built)
    }

    fn spend(&mut self, nodes: usize, span: Span) -> Result<(), Stop> {
        self.nodes = self.nodes.saturating_add(nodes);
        if self.nodes > MAX_NODES {
            return Err(Box::new(too_many_nodes(span)));
        }
        Ok(())
    }

    fn alias(&mut self, id: usize, span: Span, depth: usize) -> Result<Built, Stop> {
        let Some(built) = self.anchors.get(&id) else {
            return Err(Box::new(recursive_alias(span)));
        };
        let (nodes, height) = (built.nodes, built.height);
        if depth + height > MAX_DEPTH {
            return Err(Box::new(too_deep(span)));
        }
        // The budget is spent before the copy is made: that is what stops an alias bomb.
        self.spend(nodes, span)?;
        self.anchors
            .get(&id)
            .cloned()
            .ok_or_else(|| Box::new(recursive_alias(span)))
    }

    fn scalar(&mut self, text: &str, plain: bool, tag: Option<&Tag>, span: Span) -> Built {
        let string = tag.is_some_and(|tag| tag.is_yaml_core_schema_tag("str"));
        if !string {
            self.refuse_tag(tag, span);
        }
        let json = if plain && !string {
            self.warn_of_ambiguity(text, span);
            scalar::resolve(text)
        } else {
            Json::String(text.to_owned())
        };
        Built {
            node: Node {
                span,
                value: Value::Scalar(Scalar {
                    text: text.to_owned(),
                    json,
                }),
            },
            nodes: 1,
            height: 1,
        }
    }

    fn warn_of_ambiguity(&mut self, text: &str, span: Span) {
        if scalar::is_yaml_1_1_boolean(text) {
            self.problems.push(
                Draft::new(
                    Code::AmbiguousText,
                    format!("plain `{text}` is text here and a boolean to YAML 1.1 tools"),
                )
                .help(format!("write \"{text}\" for the text, or true or false"))
                .at(span),
            );
        }
    }

    fn sequence(&mut self, span: Span, depth: usize) -> Result<Built, Stop> {
        let (mut items, mut nodes, mut height) = (Vec::new(), 1, 1);
        let end = loop {
            let (event, here) = self.next()?;
            if event == Event::SequenceEnd {
                break here.end;
            }
            let item = self.node(event, here, depth + 1)?;
            nodes += item.nodes;
            height = height.max(item.height + 1);
            items.push(item.node);
        };
        let span = self.trimmed(span.start, end);
        let value = Value::Sequence(items);
        Ok(Built {
            node: Node { span, value },
            nodes,
            height,
        })
    }

    fn mapping(&mut self, span: Span, depth: usize) -> Result<Built, Stop> {
        let (mut entries, mut nodes, mut height) = (Vec::<Entry>::new(), 1, 1);
        let mut seen = BTreeMap::new();
        let end = loop {
            let (event, here) = self.next()?;
            if event == Event::MappingEnd {
                break here.end;
            }
            let key = self.node(event, here, depth + 1)?;
            let (event, there) = self.next()?;
            let value = self.node(event, there, depth + 1)?;
            nodes += key.nodes + value.nodes;
            height = height.max(key.height.max(value.height) + 1);
            if let Some(entry) = self.entry(&key.node, here, value.node, &mut seen) {
                entries.push(entry);
            }
        };
        let span = self.trimmed(span.start, end);
        let value = Value::Mapping(entries);
        Ok(Built {
            node: Node { span, value },
            nodes,
            height,
        })
    }

    /// The entry, unless its key is no key or stands there already.
    fn entry(
        &mut self,
        key: &Node,
        key_span: Span,
        value: Node,
        seen: &mut BTreeMap<String, Span>,
    ) -> Option<Entry> {
        let Some(name) = key.text() else {
            self.problems.push(key_not_text(key_span));
            return None;
        };
        if name == "<<" {
            self.problems.push(merge_key(key_span));
            return None;
        }
        if let Some(first) = seen.get(name) {
            self.problems.push(duplicate_key(name, *first, key_span));
            return None;
        }
        seen.insert(name.to_owned(), key_span);
        Some(Entry {
            key: name.to_owned(),
            key_span,
            value,
        })
    }

    fn refuse_tag(&mut self, tag: Option<&Tag>, span: Span) {
        if let Some(tag) = tag {
            self.problems.push(
                Draft::new(
                    Code::UnsupportedTag,
                    format!("the tag `{}` means nothing here", tag.original()),
                )
                .help("remove the tag; quote a value that must be text")
                .at(span),
            );
        }
    }

    /// A block collection's end lies after its line break; a frame should not.
    fn trimmed(&self, start: usize, end: usize) -> Span {
        let inside = self.text.get(start..end).unwrap_or_default();
        Span {
            start,
            end: start + inside.trim_end().len(),
        }
    }
}

fn is_null(node: &Node) -> bool {
    matches!(&node.value, Value::Scalar(scalar) if scalar.json.is_null())
}
