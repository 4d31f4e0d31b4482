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
