//! What the JSON Schema refuses, in words: one draft a problem, with what to do.
//! It explains violations; the rules themselves stand in the schema and in `format`.

use std::collections::BTreeMap;

use jsonschema::{ValidationError, Validator, error::ValidationErrorKind as Kind};
use serde_json::Value as Json;

use super::{
    code::Code,
    diagnostic::Draft,
    format::{self, FORMATS},
    path::YamlPath,
    suggest,
    tree::Node,
};

/// A schema ready to validate documents.
pub(super) struct Rules {
    schema: Json,
    validator: Option<Validator>,
}

impl Rules {
    /// Compiles a schema; the formats are part of it.
    pub fn new(schema: Json) -> Self {
        let options = FORMATS.iter().fold(
            jsonschema::options().should_validate_formats(true),
            |options, (name, rule)| {
                options.with_format(*name, move |text: &str| rule(text).is_ok())
            },
        );
        let validator = options.build(&schema).ok();
        Self { schema, validator }
    }

    /// Every violation of a document, with paths inside it.
    pub fn violations(&self, root: &Node) -> Vec<Draft> {
        let json = root.to_json();
        let Some(validator) = &self.validator else {
            return Vec::new();
        };
        let explained = validator
            .iter_errors(&json)
            .flat_map(|error| self.explain(&error, root));
        // Both a pattern and a format may refuse one value; one sentence is enough.
        let mut unique = BTreeMap::new();
        for draft in explained {
            unique
                .entry((draft.path.clone(), draft.code))
                .or_insert(draft);
        }
        unique.into_values().collect()
    }

    fn explain(&self, error: &ValidationError<'_>, root: &Node) -> Vec<Draft> {
        let path = YamlPath::from(error.instance_path());
        let here = Here {
            field: self.parent(error),
            shown: shown(error.instance(), root, &path),
            error,
            path,
        };
        match error.kind() {
            Kind::AdditionalProperties { unexpected } => here.unknown_fields(unexpected, root),
            Kind::AnyOf { context } | Kind::OneOfNotValid { context } => {
                self.branches(&here, context, root)
            }
            Kind::Pattern { pattern } if pattern != "\\S" && here.has_rule() => Vec::new(),
            _ => vec![here.one()],
        }
    }

    /// The schema that holds the keyword which refused the value.
    fn parent(&self, error: &ValidationError<'_>) -> &Json {
        let pointer = error.schema_path().as_str();
        let parent = pointer.rsplit_once('/').map_or("", |(parent, _)| parent);
        self.schema.pointer(parent).unwrap_or(&Json::Null)
    }

    /// Explains the alternative that fits best.
    fn branches(
        &self,
        here: &Here<'_>,
        context: &[Vec<ValidationError<'static>>],
        root: &Node,
    ) -> Vec<Draft> {
        let constants: Vec<&Json> = context
            .iter()
            .flatten()
            .filter_map(|error| match error.kind() {
                Kind::Constant { expected_value } => Some(expected_value.as_ref()),
                _ => None,
            })
            .collect();
        if !constants.is_empty() && here.error.instance().is_string() {
            return vec![here.unknown_value(&constants)];
        }
        let best = context.iter().min_by_key(|errors| {
            let at_root = errors
                .iter()
                .filter(|error| error.instance_path() == here.error.instance_path());
            let mistyped = at_root
                .clone()
                .any(|error| matches!(error.kind(), Kind::Type { .. }));
            (mistyped, at_root.count(), errors.len())
        });
        best.into_iter()
            .flatten()
            .flat_map(|error| self.explain(error, root))
            .collect()
    }
}

/// A violation with what is known about its place.
struct Here<'e> {
    error: &'e ValidationError<'e>,
    field: &'e Json,
    path: YamlPath,
    shown: String,
}

impl Here<'_> {
    fn one(&self) -> Draft {
        let draft = match self.error.kind() {
            Kind::Required { property } => self.missing(property.as_str().unwrap_or_default()),
            Kind::Type { .. } => self.wrong_type(),
            Kind::Enum { options } => {
                let options: Vec<&Json> = options.as_array().into_iter().flatten().collect();
                self.unknown_value(&options)
            }
            Kind::Constant { expected_value } => self.unknown_value(&[expected_value]),
            Kind::Format { format } => self.bad_format(format),
            Kind::Pattern { .. } | Kind::MinLength { .. } | Kind::MinItems { .. } => self.empty(),
            Kind::MaxLength { limit } => self.too_long(*limit),
            Kind::Minimum { .. } | Kind::Maximum { .. } => self.out_of_range(),
            Kind::UniqueItems => self.repeated(),
            _ => Draft::new(Code::InvalidValue, self.error.to_string()).help(self.describe()),
        };
        match draft.path == YamlPath::root() {
            true => draft.path(self.path.clone()),
            false => draft,
        }
    }

    /// What the field takes, from the description of its schema.
    fn describe(&self) -> String {
        let text = self.field.get("description").and_then(Json::as_str);
        text.map_or_else(
            || "compare the value with the published schema".to_owned(),
            sentence,
        )
    }

    fn has_rule(&self) -> bool {
        let format = self.field.get("format").and_then(Json::as_str);
        format.is_some_and(|format| FORMATS.iter().any(|(name, _)| *name == format))
    }

    fn name(&self) -> String {
        match self.path.to_string() {
            path if path.is_empty() => "the document".to_owned(),
            path => format!("`{path}`"),
        }
    }

    fn unknown_fields(&self, unexpected: &[String], root: &Node) -> Vec<Draft> {
        let mapping = root.at(self.path.steps());
        unexpected
            .iter()
            .map(|field| {
                let draft =
                    Draft::new(Code::UnknownField, format!("`{field}` is not a field here"))
                        .help(self.field_help(field))
                        .path(self.path.clone().key(field));
                match mapping.and_then(|node| node.entry(field)) {
                    Some(entry) => draft.at(entry.key_span),
                    None => draft,
                }
            })
            .collect()
    }

    fn field_help(&self, field: &str) -> String {
        if field.contains(' ') && self.error.instance().get(field) == Some(&Json::Null) {
            return "a comma inside { } begins a new field: put the text before it in quotes"
                .to_owned();
        }
        if field == "services" {
            return "in a folder each service has a file of its own: services/<name>.yaml"
                .to_owned();
        }
        suggest::among(field, self.properties().into_iter())
    }

    fn properties(&self) -> Vec<&str> {
        let properties = self.field.get("properties").and_then(Json::as_object);
        properties.map_or_else(Vec::new, |map| map.keys().map(String::as_str).collect())
    }

    fn missing(&self, property: &str) -> Draft {
        missing(property, self.field)
    }

    fn wrong_type(&self) -> Draft {
        let instance = self.error.instance();
        let format = self.field.get("format").and_then(Json::as_str);
        if format == Some("AccountId") && instance.is_number() {
            return self.unquoted_account();
        }
        let expected = expected(self.field);
        let message = format!(
            "{} is {}; {expected} is expected",
            self.name(),
            kind_of(instance)
        );
        Draft::new(Code::WrongType, message).help(self.type_help(&expected))
    }

    fn type_help(&self, expected: &str) -> String {
        let instance = self.error.instance();
        let shown = &self.shown;
        let word = instance.as_str().map(str::to_ascii_lowercase);
        match (expected, word.as_deref()) {
            ("true or false", Some("yes" | "on")) => {
                format!("write `true`: YAML 1.2 reads `{shown}` as text")
            }
            ("true or false", Some("no" | "off")) => {
                format!("write `false`: YAML 1.2 reads `{shown}` as text")
            }
            ("a whole number", Some(_)) => format!("write a number without quotes, not `{shown}`"),
            ("text", None) if instance.is_number() || instance.is_boolean() => {
                format!("quote it: \"{shown}\"")
            }
            ("a list", _) if instance.is_null() && self.field.get("minItems").is_none() => {
                "write `[]` or remove the field".to_owned()
            }
            ("a list", _) => "write a list: `[…]`, or one item a line, each after `- `".to_owned(),
            ("a mapping", _) => "write a mapping: fields with a colon, indented below".to_owned(),
            _ => self.describe(),
        }
    }

    fn unquoted_account(&self) -> Draft {
        let shown = &self.shown;
        let message =
            format!("the account id {shown} is written as a number, which loses its leading zeros");
        Draft::new(Code::UnquotedAccount, message).help(format!("quote it: \"{shown}\""))
    }

    fn unknown_value(&self, options: &[&Json]) -> Draft {
        let known = options.iter().filter_map(|option| option.as_str());
        let message = format!("`{}` is not a value of {}", self.shown, self.name());
        let help = match (options, self.field.get("description")) {
            ([_], Some(_)) => self.describe(),
            _ => suggest::among(&self.shown, known),
        };
        Draft::new(Code::UnknownValue, message)
            .help(help)
            .path(self.path.clone())
    }

    fn bad_format(&self, format: &str) -> Draft {
        let text = self.error.instance().as_str().unwrap_or_default();
        match format::check(format, text) {
            Err(invalid) => {
                let what = format!("`{}` is not {}", invalid.value, invalid.what);
                Draft::new(Code::InvalidValue, what).help(sentence(invalid.rule))
            }
            Ok(()) => Draft::new(Code::InvalidValue, self.error.to_string()).help(self.describe()),
        }
    }

    fn empty(&self) -> Draft {
        Draft::new(Code::EmptyValue, format!("{} is empty", self.name())).help(self.describe())
    }

    fn too_long(&self, limit: u64) -> Draft {
        let message = format!("{} is longer than {limit} characters", self.name());
        Draft::new(Code::TooLong, message).help("say it shorter; the rest belongs in the docs")
    }

    fn out_of_range(&self) -> Draft {
        let bound = |key: &str| self.field.get(key).map(Json::to_string).unwrap_or_default();
        let (low, high) = (bound("minimum"), bound("maximum"));
        let message = format!("{} is {}", self.name(), self.shown);
        let help = match high.is_empty() {
            true => format!("write a number from {low}"),
            false => format!("write a number from {low} to {high}"),
        };
        Draft::new(Code::OutOfRange, message).help(help)
    }

    fn repeated(&self) -> Draft {
        let items = self
            .error
            .instance()
            .as_array()
            .map_or(&[][..], Vec::as_slice);
        let second = (1..items.len())
            .find(|index| {
                items.get(..*index).is_some_and(|before| {
                    items.get(*index).is_some_and(|item| before.contains(item))
                })
            })
            .unwrap_or_default();
        let item = items.get(second).map(Json::to_string).unwrap_or_default();
        Draft::new(
            Code::RepeatedItem,
            format!("{} names {item} twice", self.name()),
        )
        .help("keep one of the two")
        .path(self.path.clone().index(second))
    }
}

/// A required field that is absent; its description says what to write.
pub(super) fn missing(property: &str, schema: &Json) -> Draft {
    let description = schema
        .get("properties")
        .and_then(|all| all.get(property))
        .and_then(|field| field.get("description"))
        .and_then(Json::as_str);
    let help = match description {
        Some(text) => format!("add `{property}:` ({})", text.trim_end_matches('.')),
        None => format!("add `{property}:`"),
    };
    Draft::new(
        Code::MissingField,
        format!("the field `{property}` is missing"),
    )
    .help(help)
}

/// The value as the person wrote it, where it is a scalar.
fn shown(instance: &Json, root: &Node, path: &YamlPath) -> String {
    let written = root.at(path.steps()).and_then(Node::text);
    let text = written.map_or_else(|| instance.to_string(), str::to_owned);
    match text.char_indices().nth(80) {
        Some((cut, _)) => format!("{}…", text.get(..cut).unwrap_or_default()),
        None => text,
    }
}

fn kind_of(instance: &Json) -> &'static str {
    match instance {
        Json::Null => "empty",
        Json::Bool(_) => "true or false",
        Json::Number(number) if number.is_f64() => "a fraction",
        Json::Number(_) => "a number",
        Json::String(_) => "text",
        Json::Array(_) => "a list",
        Json::Object(_) => "a mapping",
    }
}

/// The types that a schema accepts, in words.
fn expected(field: &Json) -> String {
    let names: Vec<&str> = match field.get("type") {
        Some(Json::String(name)) => vec![name],
        Some(Json::Array(names)) => names.iter().filter_map(Json::as_str).collect(),
        _ => Vec::new(),
    };
    let words: Vec<&str> = names
        .into_iter()
        .filter(|name| *name != "null")
        .map(|name| match name {
            "boolean" => "true or false",
            "integer" => "a whole number",
            "number" => "a number",
            "string" => "text",
            "array" => "a list",
            "object" => "a mapping",
            other => other,
        })
        .collect();
    words.join(" or ")
}

/// A description as help: one line, without its full stop.
fn sentence(text: &str) -> String {
    text.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .trim_end_matches('.')
        .to_owned()
}
