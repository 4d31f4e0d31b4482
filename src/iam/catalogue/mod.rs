//! The vendored catalogue of AWS actions, resource types and condition keys.
//! It is compiled in, checked against its SHA-256 and read service by service; never fetched.

mod blob;
mod error;
mod keys;
mod nearest;
mod service;
pub(crate) mod wildcard;

use std::collections::BTreeSet;
use std::sync::OnceLock;

pub use blob::Provenance;
pub use error::CatalogueError;
pub use keys::{ConditionKey, ConditionKeys, KeyValues};
pub use service::{Action, ActionFacts, ActionLevel, ResourceType, Service};

pub(super) use error::did_you_mean;
pub(super) use nearest::nearest;

use blob::Blob;

/// The actions of every AWS service, as the service authorization reference lists them.
/// <https://docs.aws.amazon.com/service-authorization/latest/reference/>
#[derive(Debug)]
pub struct Catalogue {
    blob: Blob,
}

static VENDORED: OnceLock<Result<Catalogue, CatalogueError>> = OnceLock::new();

impl Catalogue {
    /// The catalogue of this build; verified once, each service inflated when first asked for.
    ///
    /// # Errors
    /// When the compiled-in bytes do not have the SHA-256 committed beside them.
    pub fn vendored() -> Result<&'static Self, CatalogueError> {
        VENDORED
            .get_or_init(|| Blob::vendored().map(|blob| Self { blob }))
            .as_ref()
            .map_err(Clone::clone)
    }

    /// Where the catalogue comes from, for reports and evidence.
    pub fn provenance(&self) -> &Provenance {
        self.blob.provenance()
    }

    /// The service prefixes in order, such as `s3`.
    pub fn service_names(&self) -> impl Iterator<Item = &str> {
        self.blob.names()
    }

    /// One service by its prefix, in any case.
    ///
    /// # Errors
    /// [`CatalogueError::UnknownService`] with the nearest prefix.
    pub fn service(&self, prefix: &str) -> Result<&Service, CatalogueError> {
        let key = prefix.to_ascii_lowercase();
        self.blob
            .service(&key)
            .unwrap_or_else(|| Err(self.unknown_service(prefix)))
    }

    /// One action such as `s3:getobject`, in any case, answered in its canonical spelling.
    ///
    /// # Errors
    /// When the text has no colon, or the service or action is unknown (with the nearest one).
    pub fn action(&self, text: &str) -> Result<Action<'_>, CatalogueError> {
        let (prefix, name) = split(text)?;
        self.service(prefix)?
            .action(name)
            .ok_or_else(|| CatalogueError::UnknownAction {
                action: text.to_owned(),
                nearest: self.nearest_action(text),
            })
    }

    /// The canonical actions that a pattern with `*` and `?` matches, in any case; `*` is all.
    ///
    /// # Errors
    /// When the text is neither `*` nor `service:action`, or its service is unknown.
    pub fn expand(&self, pattern: &str) -> Result<BTreeSet<String>, CatalogueError> {
        let (prefix, name) = match pattern {
            "*" => ("*", "*"),
            _ => split(pattern)?,
        };
        let mut found = BTreeSet::new();
        for service in self.services_like(prefix)? {
            found.extend(
                service
                    .actions()
                    .filter(|action| wildcard::matches(name, action.name()))
                    .map(|action| action.to_string()),
            );
        }
        Ok(found)
    }

    /// The known action most like the text, for "did you mean".
    pub fn nearest_action(&self, text: &str) -> Option<String> {
        let (prefix, name) = split(text).ok()?;
        let service = match self.service(prefix) {
            Ok(service) => service,
            Err(_) => self.service(&self.nearest_service(prefix)?).ok()?,
        };
        nearest(name, service.actions().map(|action| action.name()))
            .and_then(|near| service.action(near))
            .map(|action| action.to_string())
    }

    /// The service prefix most like the text, for "did you mean".
    pub fn nearest_service(&self, prefix: &str) -> Option<String> {
        nearest(prefix, self.service_names()).map(str::to_owned)
    }

    fn services_like(&self, prefix: &str) -> Result<Vec<&Service>, CatalogueError> {
        if !wildcard::is_pattern(prefix) {
            return Ok(vec![self.service(prefix)?]);
        }
        self.service_names()
            .filter(|name| wildcard::matches(prefix, name))
            .map(|name| self.service(name))
            .collect()
    }

    fn unknown_service(&self, prefix: &str) -> CatalogueError {
        CatalogueError::UnknownService {
            service: prefix.to_owned(),
            nearest: self.nearest_service(prefix),
        }
    }
}

fn split(text: &str) -> Result<(&str, &str), CatalogueError> {
    text.split_once(':')
        .ok_or_else(|| CatalogueError::NotAnAction(text.to_owned()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn catalogue() -> &'static Catalogue {
        Catalogue::vendored().unwrap()
    }

    #[test]
    fn actions_are_found_in_any_case_and_spelled_canonically() {
        let action = catalogue().action("S3:getOBJECT").unwrap();
        assert_eq!(action.to_string(), "s3:GetObject");
        assert_eq!(action.level(), ActionLevel::Read);
        assert!(action.resource_level());
        assert!(action.applies_to("object"));
        assert!(!action.applies_to("bucket"));
        assert!(action.condition_keys().any(|key| key == "s3:authType"));
    }

    #[test]
    fn an_action_without_resource_types_has_no_resource_level_permissions() {
        let action = catalogue().action("s3:ListAllMyBuckets").unwrap();
        assert!(!action.resource_level());
    }

    #[test]
    fn each_access_level_is_told_apart() {
        let level = |name: &str| catalogue().action(name).unwrap().level();
        assert_eq!(level("s3:ListBucket"), ActionLevel::List);
        assert_eq!(level("s3:PutObject"), ActionLevel::Write);
        assert_eq!(level("s3:PutObjectTagging"), ActionLevel::Tagging);
        assert_eq!(
            level("s3:PutBucketPolicy"),
            ActionLevel::PermissionsManagement
        );
    }

    #[test]
    fn patterns_expand_to_sorted_canonical_actions() {
        let found = catalogue().expand("sqs:*messagebatch").unwrap();
        assert!(found.is_empty());
        let found: Vec<String> = catalogue()
            .expand("sqs:?????eMessage")
            .unwrap()
            .into_iter()
            .collect();
        assert_eq!(found, ["sqs:DeleteMessage"]);
        assert!(catalogue().expand("nosuch:*").is_err());
    }

    #[test]
    fn the_star_is_every_action_of_every_service() {
        let all = catalogue().expand("*").unwrap();
        assert_eq!(all.len(), catalogue().provenance().actions);
        assert_eq!(catalogue().expand("*:*").unwrap(), all);
    }

    #[test]
    fn a_misspelled_action_suggests_the_nearest() {
        let error = catalogue().action("s3:GetObjct").unwrap_err();
        assert_eq!(
            error.to_string(),
            "`s3:GetObjct` is not an AWS action; did you mean `s3:GetObject`?"
        );
        assert_eq!(
            catalogue().nearest_action("dynamdb:GetItem").as_deref(),
            Some("dynamodb:GetItem")
        );
        assert_eq!(catalogue().nearest_action("s3:Zzzzzzzzzz"), None);
    }

    #[test]
    fn a_misspelled_service_suggests_the_nearest() {
        let error = catalogue().service("dynamdb").unwrap_err();
        assert_eq!(
            error,
            CatalogueError::UnknownService {
                service: "dynamdb".into(),
                nearest: Some("dynamodb".into())
            }
        );
    }

    #[test]
    fn resource_types_know_their_arn() {
        let bucket = catalogue()
            .service("s3")
            .unwrap()
            .resource_type("Bucket")
            .unwrap();
        assert_eq!(bucket.1.arn, "arn:${Partition}:s3:::${BucketName}");
    }

    #[test]
    fn every_action_names_resource_types_that_its_service_has() {
        for name in catalogue().service_names() {
            let service = catalogue().service(name).unwrap();
            for action in service.actions() {
                for kind in action.resource_types() {
                    assert!(service.resource_type(kind).is_some(), "{action} {kind}");
                }
            }
        }
    }
}
