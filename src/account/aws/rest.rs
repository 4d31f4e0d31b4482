//! The operations of S3, which stand neither in a header nor in a body but in method and query.
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html>

/// Settings of a bucket by the query that names them: what follows `Get`, `Put` or `Delete`.
const SETTINGS: [(&str, &str); 11] = [
    ("encryption", "BucketEncryption"),
    ("lifecycle", "BucketLifecycle"),
    ("location", "BucketLocation"),
    ("logging", "BucketLogging"),
    ("object-lock", "ObjectLockConfiguration"),
    ("ownershipControls", "BucketOwnershipControls"),
    ("policy", "BucketPolicy"),
    ("policyStatus", "BucketPolicyStatus"),
    ("publicAccessBlock", "PublicAccessBlock"),
    ("tagging", "BucketTagging"),
    ("versioning", "BucketVersioning"),
];

/// The account's own settings of S3 bear a version in their path.
const CONTROL: &str = "/v20180820/configuration/publicAccessBlock";

/// Operations of services whose requests name them by method and path: `*` is one part of a path,
/// and `**` is the rest of it.
const OPERATIONS: [(&str, &str, &str, &str); 22] = [
    ("access-analyzer", "PUT", "analyzer", "CreateAnalyzer"),
    ("access-analyzer", "GET", "analyzer", "ListAnalyzers"),
    ("access-analyzer", "DELETE", "analyzer/*", "DeleteAnalyzer"),
    (
        "access-analyzer",
        "GET",
        "analyzer/*/archive-rule",
        "ListArchiveRules",
    ),
    (
        "access-analyzer",
        "DELETE",
        "analyzer/*/archive-rule/*",
        "DeleteArchiveRule",
    ),
    ("access-analyzer", "POST", "findingv2", "ListFindingsV2"),
    ("access-analyzer", "POST", "tags/**", "TagResource"),
    ("access-analyzer", "DELETE", "tags/**", "UntagResource"),
    ("guardduty", "POST", "detector", "CreateDetector"),
    ("guardduty", "GET", "detector", "ListDetectors"),
    ("guardduty", "GET", "detector/*", "GetDetector"),
    ("guardduty", "POST", "detector/*", "UpdateDetector"),
    ("guardduty", "DELETE", "detector/*", "DeleteDetector"),
    ("guardduty", "POST", "tags/**", "TagResource"),
    ("guardduty", "DELETE", "tags/**", "UntagResource"),
    ("eks", "GET", PODS, "ListPodIdentityAssociations"),
    ("eks", "POST", PODS, "CreatePodIdentityAssociation"),
    ("eks", "GET", POD, "DescribePodIdentityAssociation"),
    ("eks", "POST", POD, "UpdatePodIdentityAssociation"),
    ("eks", "DELETE", POD, "DeletePodIdentityAssociation"),
    ("eks", "POST", "tags/**", "TagResource"),
    ("eks", "DELETE", "tags/**", "UntagResource"),
];

/// The associations of a cluster, and one of them.
const PODS: &str = "clusters/*/pod-identity-associations";
const POD: &str = "clusters/*/pod-identity-associations/*";

/// The operation behind method and path, of the services that are known here.
pub fn operation(service: &str, method: &str, path: &str) -> Option<&'static str> {
    let mut known = OPERATIONS.iter();
    let found = known.find(|(of, by, pattern, _)| {
        *of == service && *by == method && matches(pattern, path.trim_matches('/'))
    });
    found.map(|(.., operation)| *operation)
}

fn matches(pattern: &str, path: &str) -> bool {
    if let Some(begin) = pattern.strip_suffix("**") {
        return path.starts_with(begin);
    }
    let (patterns, parts) = (pattern.split('/'), path.split('/'));
    patterns.clone().count() == parts.clone().count()
        && patterns
            .zip(parts)
            .all(|(one, part)| one == "*" || one == part)
}

/// The API of a request to S3, as `s3:PutBucketPolicy`.
pub fn s3(method: &str, path: &str, query: &str) -> String {
    let name = |field: &str| field.split('=').next().unwrap_or_default().to_owned();
    let asked: Vec<String> = query.split('&').map(name).collect();
    let setting = SETTINGS
        .iter()
        .find(|(key, _)| asked.iter().any(|a| a == key));
    let verb = match method {
        "PUT" => "Put",
        "DELETE" => "Delete",
        "HEAD" => "Head",
        _ => "Get",
    };
    if path.ends_with(CONTROL) {
        return format!("s3:{verb}AccountPublicAccessBlock");
    }
    let operation = match (setting, verb, path) {
        (Some((_, "BucketLifecycle")), "Get" | "Put", _) => {
            format!("{verb}BucketLifecycleConfiguration")
        }
        (Some((_, setting)), ..) => format!("{verb}{setting}"),
        (None, "Get", "/") => "ListBuckets".to_owned(),
        (None, "Put", _) => "CreateBucket".to_owned(),
        (None, ..) => format!("{verb}Bucket"),
    };
    format!("s3:{operation}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resource::{Api, Kind, S3Bucket, S3BucketCall};

    #[test]
    fn a_path_has_the_name_of_its_operation() {
        for (service, method, path, name) in [
            ("guardduty", "GET", "/detector", Some("ListDetectors")),
            ("guardduty", "GET", "/detector/1", Some("GetDetector")),
            (
                "guardduty",
                "POST",
                "/tags/arn:aws:guardduty:r:a:detector/1",
                Some("TagResource"),
            ),
            ("guardduty", "GET", "/detector/1/filter", None),
            (
                "access-analyzer",
                "GET",
                "/analyzer/a/archive-rule",
                Some("ListArchiveRules"),
            ),
            (
                "eks",
                "POST",
                "/clusters/core/pod-identity-associations",
                Some("CreatePodIdentityAssociation"),
            ),
            ("s3", "GET", "/detector", None),
        ] {
            assert_eq!(
                operation(service, method, path),
                name,
                "{service} {method} {path}"
            );
        }
        let control = "/111122223333/v20180820/configuration/publicAccessBlock";
        assert_eq!(s3("PUT", control, ""), "s3:PutAccountPublicAccessBlock");
    }

    #[test]
    fn a_request_has_the_name_of_its_operation() {
        for (method, path, query, api) in [
            (
                "GET",
                "/",
                "max-buckets=1000&x-id=ListBuckets",
                "s3:ListBuckets",
            ),
            ("GET", "/b", "versioning", "s3:GetBucketVersioning"),
            (
                "GET",
                "/b",
                "lifecycle=",
                "s3:GetBucketLifecycleConfiguration",
            ),
            ("DELETE", "/b", "lifecycle", "s3:DeleteBucketLifecycle"),
            ("PUT", "/b", "object-lock", "s3:PutObjectLockConfiguration"),
            ("PUT", "/b", "", "s3:CreateBucket"),
            ("DELETE", "/b", "", "s3:DeleteBucket"),
        ] {
            assert_eq!(s3(method, path, query), api);
        }
        let api: Api = S3Bucket::api(&S3BucketCall::PutVersioning(true));
        assert_eq!(s3("PUT", "/b", "versioning"), api.to_string());
    }
}
