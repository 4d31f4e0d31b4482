//! Condition operators by name: what they compare, and how they quantify.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>

use super::operand::Relation;

/// An operator as a policy names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Operator {
    /// The prefix, where there is one.
    pub quantifier: Option<Quantifier>,
    /// The suffix: a missing key satisfies it.
    pub if_exists: bool,
    /// What is compared; none for an operator that AWS does not document.
    pub comparison: Option<Comparison>,
}

/// The set operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantifier {
    /// Every value of the request; true where there is none.
    ForAllValues,
    /// At least one value of the request.
    ForAnyValue,
}

/// What an operator compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// Whether the key is missing.
    Null,
    /// Texts.
    Text {
        /// Of the Not operators.
        negated: bool,
        /// Of the IgnoreCase operators.
        caseless: bool,
        /// Of the Like operators.
        wildcards: bool,
    },
    /// ARNs; Equals and Like are the same.
    Arn {
        /// Of the Not operators.
        negated: bool,
    },
    /// Numbers.
    Number(Relation),
    /// Moments.
    Date(Relation),
    /// True or false.
    Bool,
    /// Bytes.
    Binary,
    /// Addresses.
    Ip {
        /// Of NotIpAddress.
        negated: bool,
    },
}

impl Operator {
    /// Reads a name, in any case.
    pub fn read(name: &str) -> Self {
        let name = name.to_ascii_lowercase();
        let (quantifier, rest) = match name.split_once(':') {
            Some(("forallvalues", rest)) => (Some(Quantifier::ForAllValues), rest),
            Some(("foranyvalue", rest)) => (Some(Quantifier::ForAnyValue), rest),
            _ => (None, name.as_str()),
        };
        let (base, if_exists) = match rest.strip_suffix("ifexists") {
            Some(base) => (base, true),
            None => (rest, false),
        };
        let is_qualified = if_exists || quantifier.is_some();
        Self {
            quantifier,
            if_exists,
            comparison: Comparison::read(base)
                .filter(|comparison| *comparison != Comparison::Null || !is_qualified),
        }
    }
}

impl Comparison {
    fn read(base: &str) -> Option<Self> {
        let relation = |rest| relation(rest);
        Some(match base {
            "null" => Self::Null,
            "bool" => Self::Bool,
            "binaryequals" => Self::Binary,
            "ipaddress" => Self::Ip { negated: false },
            "notipaddress" => Self::Ip { negated: true },
            "arnequals" | "arnlike" => Self::Arn { negated: false },
            "arnnotequals" | "arnnotlike" => Self::Arn { negated: true },
            _ => match (base.strip_prefix("numeric"), base.strip_prefix("date")) {
                (Some(rest), _) => Self::Number(relation(rest)?),
                (_, Some(rest)) => Self::Date(relation(rest)?),
                _ => text(base.strip_prefix("string")?)?,
            },
        })
    }
}

fn relation(name: &str) -> Option<Relation> {
    Some(match name {
        "equals" => Relation::Equal,
        "notequals" => Relation::NotEqual,
        "lessthan" => Relation::Less,
        "lessthanequals" => Relation::LessOrEqual,
        "greaterthan" => Relation::Greater,
        "greaterthanequals" => Relation::GreaterOrEqual,
        _ => return None,
    })
}

fn text(name: &str) -> Option<Comparison> {
    let (negated, name) = match name.strip_prefix("not") {
        Some(rest) => (true, rest),
        None => (false, name),
    };
    let (caseless, wildcards) = match name {
        "equals" => (false, false),
        "equalsignorecase" => (true, false),
        "like" => (false, true),
        _ => return None,
    };
    Some(Comparison::Text {
        negated,
        caseless,
        wildcards,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_in_any_case_and_unknown_ones_are_told_apart() {
        let operator = Operator::read("foranyvalue:STRINGnotlikeIfExists");
        assert_eq!(operator.quantifier, Some(Quantifier::ForAnyValue));
        assert!(operator.if_exists);
        let text = Comparison::Text {
            negated: true,
            caseless: false,
            wildcards: true,
        };
        assert_eq!(operator.comparison, Some(text));
        for unknown in [
            "StringSimilar",
            "ForSomeValues:StringEquals",
            "NullIfExists",
            "BoolNot",
            "",
        ] {
            assert_eq!(Operator::read(unknown).comparison, None, "{unknown}");
        }
    }
}
