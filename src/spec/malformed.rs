//! What the parser refuses, in words: each refusal with the place and what to do.

use super::{
    code::Code,
    diagnostic::Draft,
    parse::{MAX_DEPTH, MAX_NODES},
    tree::Span,
};

pub(super) fn too_deep(span: Span) -> Draft {
    Draft::new(
        Code::NestingTooDeep,
        format!("the document is nested deeper than {MAX_DEPTH} levels"),
    )
    .help("a specification needs six levels; flatten the document")
    .at(span)
}

pub(super) fn too_many_nodes(span: Span) -> Draft {
    Draft::new(
        Code::TooManyNodes,
        format!("the document grows beyond {MAX_NODES} values here, aliases followed"),
    )
    .help("write the values out instead of multiplying them with aliases, or split the file")
    .at(span)
}

pub(super) fn recursive_alias(span: Span) -> Draft {
    Draft::new(Code::TooManyNodes, "this alias refers to what contains it")
        .help("write the value out")
        .at(span)
}

pub(super) fn several_documents(span: Span) -> Draft {
    Draft::new(Code::SeveralDocuments, "a second YAML document starts here")
        .help("remove the `---`, or give each document a file of its own")
        .at(span)
}

pub(super) fn empty_document() -> Draft {
    Draft::new(Code::EmptyDocument, "the file holds nothing")
        .help("write the specification, or remove the file")
}

pub(super) fn unexpected(span: Span) -> Draft {
    Draft::new(Code::YamlSyntax, "this is not YAML: a value is missing")
        .help("write a value here")
        .at(span)
}

pub(super) fn key_not_text(span: Span) -> Draft {
    Draft::new(
        Code::KeyNotText,
        "a list or a mapping stands where a key should be",
    )
    .help("write a name before the colon; quote text that begins with `{`, `[` or `?`")
    .at(span)
}

pub(super) fn merge_key(span: Span) -> Draft {
    Draft::new(
        Code::MergeKey,
        "the merge key `<<` is YAML 1.1 and not read here",
    )
    .help("write the fields out; environments share a base with `extends`")
    .at(span)
}

pub(super) fn duplicate_key(name: &str, first: Span, second: Span) -> Draft {
    Draft::new(
        Code::DuplicateKey,
        format!("`{name}` stands twice in one mapping"),
    )
    .help("keep one of the two")
    .at(second)
    .label(first, "first here")
}
