//! Free text, cut to the characters and lengths that AWS accepts.

/// A description of a role: Latin-1 without controls, at most 1,000 characters.
/// <https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html>
pub fn role_description(text: &str) -> String {
    fitting(text, 1000, |c| matches!(c, ' '..='~' | '¡'..='ÿ'))
}

/// A description of a security group or rule, at most 255 characters.
/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html>
pub fn group_description(text: &str) -> String {
    fitting(text, 255, |c| {
        c.is_ascii_alphanumeric() || " ._-:/()#,@[]+=&;{}!$*".contains(c)
    })
}

/// A tag value, at most 256 characters.
/// <https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html>
pub fn tag_value(text: &str) -> String {
    fitting(text, 256, |c| {
        c.is_alphanumeric() || " _.:/=+-@".contains(c)
    })
}

fn fitting(text: &str, longest: usize, allowed: impl Fn(char) -> bool) -> String {
    let plain: String = text
        .chars()
        .map(|c| if allowed(c) { c } else { ' ' })
        .collect();
    let words: Vec<&str> = plain.split_whitespace().collect();
    words.join(" ").chars().take(longest).collect()
}
