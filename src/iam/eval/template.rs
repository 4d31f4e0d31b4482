//! Text with wildcards and policy variables, and how a variable gets its value.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html>

use super::{
    Doubt, Truth,
    keys::{Keys, Lookup},
};

/// A piece of a pattern whose variables have their values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token {
    /// Characters that stand for themselves.
    Text(String),
    /// `?`
    One,
    /// `*`
    Star,
}

/// Longer than any text that is matched: a pattern that says more is like none of them.
const LONGEST: usize = 32 << 10;

impl Token {
    /// The bytes that it needs in a text.
    fn len(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::One => 1,
            Self::Star => 0,
        }
    }

    /// The tokens of a text in which `*` and `?` are wildcards.
    pub(super) fn wild(text: &str) -> Vec<Self> {
        let mut tokens = Vec::new();
        for piece in text.split_inclusive(['*', '?']) {
            let (plain, wildcard) = match piece.strip_suffix('*') {
                Some(plain) => (plain, Some(Self::Star)),
                None => match piece.strip_suffix('?') {
                    Some(plain) => (plain, Some(Self::One)),
                    None => (piece, None),
                },
            };
            if !plain.is_empty() {
                tokens.push(Self::Text(plain.to_owned()));
            }
            tokens.extend(wildcard);
        }
        tokens
    }
}

/// Something that is made of tokens and matches texts.
pub trait Matcher {
    /// Makes it.
    fn of(tokens: &[Token]) -> Self;
    /// Whether the whole text matches.
    fn matches(&self, text: &str) -> Truth;
}

/// How the text of a policy is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// Whether `${…}` is a variable: only in the language of 2012.
    pub variables: bool,
    /// Whether `*` and `?` are wildcards.
    pub wildcards: bool,
    /// Whether case is ignored; the text that is matched comes in lower case.
    pub caseless: bool,
}

/// A pattern that is ready, or one that waits for the values of a request.
#[derive(Debug, Clone)]
pub enum Pattern<M> {
    /// Without variables.
    Fixed(M),
    /// With variables.
    Varying(Template),
    /// Not a pattern.
    Doubtful(Doubt),
}

/// A variable has no value in this request: nothing is equal to it or like it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Missing;

impl<M: Matcher> Pattern<M> {
    /// Reads a pattern as written in a policy.
    pub fn read(text: &str, reading: Reading) -> Self {
        match Template::parse(text, reading) {
            Ok(template) => match template.fixed() {
                Some(tokens) => Self::Fixed(M::of(&tokens)),
                None => Self::Varying(template),
            },
            Err(doubt) => Self::Doubtful(doubt),
        }
    }

    /// Whether the text matches, for the keys of a request.
    pub fn matches(&self, text: &str, keys: &Keys<'_>) -> Result<Truth, Missing> {
        match self {
            Self::Fixed(matcher) => Ok(matcher.matches(text)),
            Self::Doubtful(doubt) => Ok(Truth::Unclear(*doubt)),
            Self::Varying(template) => match template.resolve(keys) {
                Ok(tokens) => Ok(M::of(&tokens).matches(text)),
                Err(Unresolved::Missing) => Err(Missing),
                Err(Unresolved::Doubtful(doubt)) => Ok(Truth::Unclear(doubt)),
            },
        }
    }
}

/// Text with variables in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    parts: Vec<Part>,
    caseless: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Token(Token),
    Variable {
        /// In lower case.
        key: String,
        default: Option<String>,
    },
}

enum Unresolved {
    Missing,
    Doubtful(Doubt),
}

impl Template {
    fn parse(text: &str, reading: Reading) -> Result<Self, Doubt> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = reading.variables.then(|| rest.split_once("${")).flatten()
        {
            let (inside, behind) = variable(after)?;
            parts.extend(plain(before, reading).into_iter().map(Part::Token));
            parts.push(inside);
            rest = behind;
        }
        parts.extend(plain(rest, reading).into_iter().map(Part::Token));
        let caseless = reading.caseless;
        Ok(Self { parts, caseless })
    }

    /// The tokens, where there is no variable.
    fn fixed(&self) -> Option<Vec<Token>> {
        let tokens = self.parts.iter().map(|part| match part {
            Part::Token(token) => Some(token.clone()),
            Part::Variable { .. } => None,
        });
        tokens.collect::<Option<Vec<_>>>().map(|t| self.folded(t))
    }

    fn resolve(&self, keys: &Keys<'_>) -> Result<Vec<Token>, Unresolved> {
        let mut tokens = Vec::with_capacity(self.parts.len());
        let mut room = LONGEST;
        for part in &self.parts {
            let token = match part {
                Part::Token(token) => token.clone(),
                Part::Variable { key, default } => {
                    Token::Text(value(key, default.as_deref(), keys)?)
                }
            };
            room = room.checked_sub(token.len()).ok_or(Unresolved::Missing)?;
            tokens.push(token);
        }
        Ok(self.folded(tokens))
    }

    fn folded(&self, tokens: Vec<Token>) -> Vec<Token> {
        if !self.caseless {
            return tokens;
        }
        let fold = |token| match token {
            Token::Text(text) => Token::Text(text.to_lowercase()),
            other => other,
        };
        tokens.into_iter().map(fold).collect()
    }
}

fn plain(text: &str, reading: Reading) -> Vec<Token> {
    match (text.is_empty(), reading.wildcards) {
        (true, _) => Vec::new(),
        (false, true) => Token::wild(text),
        (false, false) => vec![Token::Text(text.to_owned())],
    }
}

/// What stands behind `${`, and what follows its `}`.
fn variable(after: &str) -> Result<(Part, &str), Doubt> {
    let (inside, behind) = after.split_once('}').ok_or(Doubt::Variable)?;
    if matches!(inside, "*" | "?" | "$") {
        return Ok((Part::Token(Token::Text(inside.to_owned())), behind));
    }
    let Some((key, _)) = inside.split_once(',') else {
        return Ok((named(inside, None)?, behind));
    };
    // The default may hold a brace.
    let quoted = after
        .get(key.len() + 1..)
        .and_then(|rest| rest.trim_start().strip_prefix('\''))
        .ok_or(Doubt::Variable)?;
    let (default, behind) = quoted.split_once('\'').ok_or(Doubt::Variable)?;
    let behind = behind.trim_start().strip_prefix('}');
    let part = named(key, Some(default.to_owned()))?;
    Ok((part, behind.ok_or(Doubt::Variable)?))
}

fn named(key: &str, default: Option<String>) -> Result<Part, Doubt> {
    let key = key.trim().to_ascii_lowercase();
    if key.is_empty() || key.contains(['$', '{', '*', '?']) {
        return Err(Doubt::Variable);
    }
    Ok(Part::Variable { key, default })
}

/// A variable takes single values only; its default stands in for a key that is not there.
fn value(key: &str, default: Option<&str>, keys: &Keys<'_>) -> Result<String, Unresolved> {
    match keys.get(key) {
        Lookup::Values([one]) => Ok(one.clone()),
        Lookup::Values(_) => Err(Unresolved::Doubtful(Doubt::ManyValues)),
        Lookup::Doubtful(doubt) => Err(Unresolved::Doubtful(doubt)),
        Lookup::Missing => default.map(str::to_owned).ok_or(Unresolved::Missing),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::iam::eval::{Context, Glob};

    const CURRENT: Reading = Reading {
        variables: true,
        wildcards: true,
        caseless: false,
    };

    fn matches(pattern: &str, text: &str) -> Result<Truth, Missing> {
        let context = Context::from_iter([("aws:username", "b*b"), ("aws:PrincipalTag/t", "x")]);
        Pattern::<Glob>::read(pattern, CURRENT).matches(text, &Keys::of(&context))
    }

    #[test]
    fn a_default_stands_in_for_what_is_missing() {
        assert_eq!(
            matches("${aws:PrincipalTag/u, 'a}b'}/c", "a}b/c"),
            Ok(Truth::Yes)
        );
        assert_eq!(matches("${AWS:principaltag/T,'y'}", "x"), Ok(Truth::Yes));
        assert_eq!(matches("${aws:PrincipalTag/u}", "x"), Err(Missing));
    }

    #[test]
    fn what_a_variable_holds_is_no_wildcard() {
        assert_eq!(matches("${aws:username}*", "bob"), Ok(Truth::No));
        assert_eq!(matches("${aws:username}*", "b*b/c"), Ok(Truth::Yes));
        assert_eq!(matches("a${*}${?}${$}", "a*?$"), Ok(Truth::Yes));
        assert_eq!(matches("a${*}", "ab"), Ok(Truth::No));
    }

    #[test]
    fn what_is_not_closed_is_in_doubt() {
        for bad in [
            "${aws:username",
            "${}",
            "${a,b}",
            "${a,'b}",
            "${a,'b'x}",
            "${${a}}",
        ] {
            let doubt = Ok(Truth::Unclear(Doubt::Variable));
            assert_eq!(matches(bad, "x"), doubt, "{bad}");
        }
    }
}
