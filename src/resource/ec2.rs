//! What the kinds of EC2 have in common.

/// An id as EC2 makes them: a prefix and seventeen hexadecimal digits.
pub fn id(prefix: &str, token: &str) -> String {
    let digits: String = token.chars().take(17).collect();
    format!("{prefix}{digits}")
}
