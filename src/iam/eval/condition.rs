//! One line of a Condition element: an operator, a key, and the values of the policy.
//! Lines are joined by and, the values of one line by or, those of a negated line by nor.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_multi-value-conditions.html>

use ipnet::IpNet;

use super::{
    Doubt, Truth,
    arn::ArnPattern,
    glob::Glob,
    keys::{Keys, Lookup},
    operand::{Decimal, Operand, Operands, Relation},
    operator::{Comparison, Operator, Quantifier},
    template::{Matcher, Pattern, Reading},
};

/// A condition, ready to be asked.
#[derive(Debug, Clone)]
pub struct Condition {
    /// In lower case.
    key: String,
    quantifier: Option<Quantifier>,
    if_exists: bool,
    test: Test,
}

/// What one value of the request is compared with.
#[derive(Debug, Clone)]
enum Test {
    Null(Operands<bool>),
    Text {
        caseless: bool,
        negated: bool,
        patterns: Vec<Pattern<Glob>>,
    },
    Arn {
        negated: bool,
        patterns: Vec<Pattern<ArnPattern>>,
    },
    Number(Relation, Operands<Decimal>),
    Date(Relation, Operands<jiff::Timestamp>),
    Bool(Operands<bool>),
    Binary(Operands<Vec<u8>>),
    Ip {
        negated: bool,
        ranges: Operands<IpNet>,
    },
    Doubtful(Doubt),
}

impl Condition {
    /// Reads a line; `variables` says whether the policy's language has them.
    pub fn read(operator: &str, key: &str, values: &[String], variables: bool) -> Self {
        let operator = Operator::read(operator);
        let test = if values.is_empty() {
            Test::Doubtful(Doubt::MissingElement)
        } else if variables && key.contains("${") {
            Test::Doubtful(Doubt::Variable)
        } else {
            Test::read(operator.comparison, values, variables)
        };
        Self {
            key: key.to_ascii_lowercase(),
            quantifier: operator.quantifier,
            if_exists: operator.if_exists,
            test,
        }
    }

    /// Whether it holds for the keys of a request.
    pub fn holds(&self, keys: &Keys<'_>) -> Truth {
        let found = keys.get(&self.key);
        match (&self.test, found) {
            (Test::Doubtful(doubt), _) => Truth::Unclear(*doubt),
            (_, Lookup::Doubtful(doubt)) => Truth::Unclear(doubt),
            (Test::Null(wanted), _) => {
                let missing = matches!(found, Lookup::Missing | Lookup::Values([]));
                wanted.any(&missing.to_string(), PartialEq::eq)
            }
            (_, Lookup::Missing) => self.holds_without_key().into(),
            (_, Lookup::Values(values)) => self.holds_for(values, keys),
        }
    }

    /// A missing key fails what asks for a value, and satisfies what excludes one.
    fn holds_without_key(&self) -> bool {
        match self.quantifier {
            _ if self.if_exists => true,
            Some(Quantifier::ForAllValues) => true,
            Some(Quantifier::ForAnyValue) => false,
            None => self.test.is_negated(),
        }
    }

    fn holds_for(&self, values: &[String], keys: &Keys<'_>) -> Truth {
        let mut each = values.iter().map(|value| self.test.one(value, keys));
        match self.quantifier {
            Some(Quantifier::ForAllValues) => emptiness(values, Truth::Yes, Truth::all(each)),
            Some(Quantifier::ForAnyValue) if self.if_exists && values.is_empty() => {
                Truth::Unclear(Doubt::Value)
            }
            Some(Quantifier::ForAnyValue) => emptiness(values, Truth::No, Truth::any(each)),
            None => match (each.next(), each.next()) {
                (Some(one), None) => one,
                _ => Truth::Unclear(Doubt::ManyValues),
            },
        }
    }
}

/// To a set operator, empty text is a set without values: where the two readings differ, nobody
/// can tell.
fn emptiness(values: &[String], of_none: Truth, of_these: Truth) -> Truth {
    match values.iter().all(String::is_empty) {
        true if of_none != of_these => Truth::Unclear(Doubt::Value),
        _ => of_these,
    }
}

impl Test {
    fn read(comparison: Option<Comparison>, values: &[String], variables: bool) -> Self {
        let Some(comparison) = comparison else {
            return Self::Doubtful(Doubt::UnknownOperator);
        };
        let takes_variables =
            matches!(comparison, Comparison::Text { .. } | Comparison::Arn { .. });
        if variables && !takes_variables && values.iter().any(|value| value.contains("${")) {
            return Self::Doubtful(Doubt::Variable);
        }
        match comparison {
            Comparison::Null => Self::Null(Operands::read(values)),
            Comparison::Text {
                negated,
                caseless,
                wildcards,
            } => Self::Text {
                caseless,
                negated,
                patterns: patterns(values, variables, wildcards, caseless),
            },
            Comparison::Arn { negated } => Self::Arn {
                negated,
                patterns: patterns(values, variables, true, false),
            },
            Comparison::Number(relation) => Self::Number(relation, Operands::read(values)),
            Comparison::Date(relation) => Self::Date(relation, Operands::read(values)),
            Comparison::Bool => Self::Bool(Operands::read(values)),
            Comparison::Binary => Self::Binary(Operands::read(values)),
            Comparison::Ip { negated } => Self::Ip {
                negated,
                ranges: Operands::read(values),
            },
        }
    }

    fn is_negated(&self) -> bool {
        match self {
            Self::Text { negated, .. } | Self::Arn { negated, .. } | Self::Ip { negated, .. } => {
                *negated
            }
            Self::Number(relation, _) | Self::Date(relation, _) => *relation == Relation::NotEqual,
            Self::Null(_) | Self::Bool(_) | Self::Binary(_) | Self::Doubtful(_) => false,
        }
    }

    /// Whether one value of the request passes.
    fn one(&self, value: &str, keys: &Keys<'_>) -> Truth {
        let found = match self {
            Self::Text {
                caseless: true,
                patterns,
                ..
            } => any(patterns, &value.to_lowercase(), keys),
            Self::Text { patterns, .. } => any(patterns, value, keys),
            Self::Arn { patterns, .. } => any(patterns, value, keys),
            Self::Number(relation, numbers) => ordered(*relation, numbers, value),
            Self::Date(relation, moments) => ordered(*relation, moments, value),
            Self::Bool(words) | Self::Null(words) => words.any(value, PartialEq::eq),
            Self::Binary(bytes) => bytes.any(value, PartialEq::eq),
            Self::Ip { ranges, .. } => ranges.any(value, |address, range| range.contains(address)),
            Self::Doubtful(doubt) => Truth::Unclear(*doubt),
        };
        found.negated_if(self.is_negated())
    }
}

fn patterns<M: Matcher>(
    values: &[String],
    variables: bool,
    wildcards: bool,
    caseless: bool,
) -> Vec<Pattern<M>> {
    let reading = Reading {
        variables,
        wildcards,
        caseless,
    };
    let patterns = values.iter().map(|value| Pattern::read(value, reading));
    patterns.collect()
}

/// A variable without value makes its pattern equal to nothing.
fn any<M: Matcher>(patterns: &[Pattern<M>], value: &str, keys: &Keys<'_>) -> Truth {
    let answers = patterns.iter().map(|pattern| pattern.matches(value, keys));
    Truth::any(answers.map(|answer| answer.unwrap_or(Truth::No)))
}

fn ordered<T: Operand + Ord>(relation: Relation, operands: &Operands<T>, value: &str) -> Truth {
    operands.any(value, |value, operand| relation.holds(value.cmp(operand)))
}
