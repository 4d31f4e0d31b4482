//! Takes secrets out of what goes over the wire, before it is parsed or recorded.
//! Works on text, so that it needs to understand neither JSON nor XML and cannot fail.

/// What stands where a secret was.
pub const REDACTED: &str = "[redacted]";

/// Fields whose values are secrets, in any protocol.
const SECRET_FIELDS: &[&str] = &[
    "AuthToken",
    "CiphertextBlob",
    "GrantToken",
    "Password",
    "Plaintext",
    "PrivateKey",
    "PrivateKeyPlaintext",
    "SecretAccessKey",
    "SecretBinary",
    "SecretString",
    "SessionToken",
    "X-Amz-Credential",
    "X-Amz-Security-Token",
    "X-Amz-Signature",
];

/// Prefixes of access key ids.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids>
const KEY_PREFIXES: [&str; 2] = ["AKIA", "ASIA"];

/// The length of the shortest access key id, its prefix included.
const KEY_LENGTH: usize = 16;

/// The text without secret fields, access key ids and presigned signatures.
pub fn redact(text: &str) -> String {
    let without_fields = SECRET_FIELDS
        .iter()
        .fold(text.to_owned(), |text, field| without_field(&text, field));
    without_access_keys(&without_fields)
}

/// The three spellings of a field: JSON, XML, query string.
fn without_field(text: &str, field: &str) -> String {
    if !text.contains(field) {
        return text.to_owned();
    }
    let json = blank(text, &format!("\"{field}\""), json_value);
    let xml = blank(&json, &format!("<{field}>"), |rest| {
        Some((0, rest.find('<').unwrap_or(rest.len())))
    });
    blank(&xml, &format!("{field}="), |rest| {
        let end = rest.find(|c: char| "&\"'<> \n".contains(c));
        Some((0, end.unwrap_or(rest.len())))
    })
}

/// Blanks what `value` finds after each occurrence of `marker`: start and end in the rest.
fn blank(text: &str, marker: &str, value: impl Fn(&str) -> Option<(usize, usize)>) -> String {
    let mut done = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(marker) {
        done.push_str(before);
        done.push_str(marker);
        let (start, end) = value(after).unwrap_or((0, 0));
        done.push_str(after.get(..start).unwrap_or_default());
        if end > start {
            done.push_str(REDACTED);
        }
        rest = after.get(end..).unwrap_or_default();
    }
    done.push_str(rest);
    done
}

/// The inside of the string that follows `:`, if one does.
fn json_value(rest: &str) -> Option<(usize, usize)> {
    let colon = rest.len() - rest.trim_start().strip_prefix(':')?.trim_start().len();
    let inner = rest.get(colon..)?.strip_prefix('"')?;
    let start = colon + 1;
    let mut escaped = false;
    let end = inner.char_indices().find(|(_, c)| {
        let closes = *c == '"' && !escaped;
        escaped = *c == '\\' && !escaped;
        closes
    });
    Some((start, start + end.map_or(inner.len(), |(index, _)| index)))
}

fn without_access_keys(text: &str) -> String {
    let mut done = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = KEY_PREFIXES
        .iter()
        .filter_map(|prefix| rest.find(prefix))
        .min()
    {
        let (before, key) = rest.split_at(start);
        let end = key
            .find(|c: char| !c.is_ascii_uppercase() && !c.is_ascii_digit())
            .unwrap_or(key.len());
        let (key, after) = key.split_at(end);
        done.push_str(before);
        done.push_str(if key.len() >= KEY_LENGTH {
            REDACTED
        } else {
            key
        });
        rest = after;
    }
    done.push_str(rest);
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_go_in_every_spelling() {
        for (text, clean) in [
            (
                r#"{"SecretString": "a\"b", "Name":"x"}"#,
                r#"{"SecretString": "[redacted]", "Name":"x"}"#,
            ),
            (
                "<SecretAccessKey>abc</SecretAccessKey><A>1</A>",
                "<SecretAccessKey>[redacted]</SecretAccessKey><A>1</A>",
            ),
            (
                "https://x/?X-Amz-Signature=abc&y=1",
                "https://x/?X-Amz-Signature=[redacted]&y=1",
            ),
            ("<K>AKIAIOSFODNN7EXAMPLE</K>", "<K>[redacted]</K>"),
            ("AKIA and ASIANS stay", "AKIA and ASIANS stay"),
        ] {
            assert_eq!(redact(text), clean);
        }
    }

    #[test]
    fn everything_else_stays_as_it_is() {
        let text = r#"{"Policy":"{\"Sid\":\"Grüße\"}","SecretString":null,"Password":17}"#;
        assert_eq!(redact(text), text);
        assert_eq!(redact(r#"{"Password":"#), r#"{"Password":"#);
    }
}
