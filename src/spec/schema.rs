//! The published JSON Schema, generated from the types as written: the same that validates.
//! JSON Schema draft 2020-12, <https://json-schema.org/draft/2020-12>.

use schemars::{JsonSchema, generate::SchemaSettings};
use serde_json::{Value as Json, json};

use super::written;

/// The schema of a whole specification in one document.
pub fn schema() -> Json {
    let mut schema = environment_schema();
    if let Some(properties) = schema
        .pointer_mut("/properties")
        .and_then(Json::as_object_mut)
    {
        properties.insert("services".to_owned(), services());
    }
    if let Some(title) = schema.get_mut("title") {
        *title = json!("Strongroom specification");
    }
    schema
}

/// The schema of `environment.yaml` in a folder.
pub fn environment_schema() -> Json {
    generate::<written::Environment>()
}

/// The schema of a service file.
pub fn service_schema() -> Json {
    generate::<written::Service>()
}

fn services() -> Json {
    let mut items = service_schema();
    if let Some(items) = items.as_object_mut() {
        items.remove("$schema");
    }
    json!({
        "description": "The services; in a folder each has a file of its own.",
        "type": "array",
        "items": items,
    })
}

/// A schema for validation.
pub(super) fn generate<T: JsonSchema>() -> Json {
    // Inlined, so that the path of a violation leads straight to the description of its field.
    let settings =
        SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
    settings
        .into_generator()
        .into_root_schema_for::<T>()
        .to_value()
}
