//! Policy documents as AWS answers them.

use super::super::error::malformed;
use crate::{
    iam::{PolicyDocument, grammar},
    resource::{Read, Unread},
};

/// A document that KMS answered: plain JSON.
pub fn plain(call: &str, text: &str) -> Read<PolicyDocument> {
    match grammar::parse(text) {
        Ok(document) => Read::Known(document),
        Err(error) => Read::Unread(malformed(call, error)),
    }
}

/// A document that IAM answered: JSON, URL-encoded as in RFC 3986.
/// <https://docs.aws.amazon.com/IAM/latest/APIReference/API_PolicyVersion.html>
pub fn encoded(call: &str, text: Option<&str>) -> Result<PolicyDocument, Unread> {
    let text = text.ok_or_else(|| malformed(call, "no document"))?;
    let decoded = decode(text).ok_or_else(|| malformed(call, "a broken URL encoding"))?;
    grammar::parse(&decoded).map_err(|error| malformed(call, error))
}

fn decode(text: &str) -> Option<String> {
    let mut bytes = text.bytes();
    let mut decoded = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'%' => hex(bytes.next()?)? * 16 + hex(bytes.next()?)?,
            other => other,
        });
    }
    String::from_utf8(decoded).ok()
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|d| u8::try_from(d).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn url_encoding_is_undone_and_a_broken_one_told() {
        assert_eq!(
            decode("%7B%22a%22%3A%22%C3%BC%22%7D+"),
            Some("{\"a\":\"ü\"}+".into())
        );
        assert_eq!(decode("%7"), None);
        assert_eq!(decode("%zz"), None);
        assert!(encoded("iam:ListRoles", Some("%7B")).is_err());
        assert!(encoded("iam:ListRoles", None).is_err());
    }
}
