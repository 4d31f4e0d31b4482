//! The walk over a predicate's syntax tree: every path, every type, every function.

use std::{collections::BTreeSet, fmt};

use cel::common::ast::{CallExpr, ComprehensionExpr, Expr, IdedExpr, LiteralValue, SelectExpr};
use serde::{Serialize, Serializer};

use super::{
    Vocabulary,
    refusal::{Refusal, RefusalKind},
    schema::{self, Variable},
    types::{Clash, Type, Words},
};

/// A fact that a predicate touches: `role.trust_exact`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FactPath {
    /// The variable.
    pub variable: Variable,
    /// The field of its facts.
    pub field: String,
}

impl fmt::Display for FactPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.variable, self.field)
    }
}

impl Serialize for FactPath {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The facts that a program touches, once everything in it is understood.
pub(super) fn analyse(
    program: &cel::Program,
    vocabulary: &Vocabulary,
) -> Result<BTreeSet<FactPath>, Refusal> {
    let mut walk = Walk {
        program,
        vocabulary,
        locals: Vec::new(),
        touched: BTreeSet::new(),
    };
    let root = program.expression();
    let kind = walk.type_of(root)?;
    walk.must_be(root, "the predicate", &Type::Bool, &kind)?;
    match walk.touched.is_empty() {
        true => Err(Refusal::whole(RefusalKind::TouchesNothing)),
        false => Ok(walk.touched),
    }
}

struct Walk<'a> {
    program: &'a cel::Program,
    vocabulary: &'a Vocabulary,
    /// Variables of comprehensions, innermost last.
    locals: Vec<(String, Type)>,
    touched: BTreeSet<FactPath>,
}

type Found = Result<Type, Refusal>;

const PARAMETERS: &str = "params";

impl Walk<'_> {
    fn type_of(&mut self, node: &IdedExpr) -> Found {
        match &node.expr {
            Expr::Literal(literal) => self.literal(node, literal),
            Expr::Ident(name) => self.name(node, name),
            Expr::Select(select) => self.select(node, select),
            Expr::Call(call) => self.call(node, call),
            Expr::List(list) => {
                let mut joined = Type::Nothing;
                for element in &list.elements {
                    let kind = self.type_of(element)?;
                    joined = self.join(element, &joined, &kind)?;
                }
                Ok(joined.list())
            }
            Expr::Comprehension(comprehension) => self.comprehension(comprehension),
            Expr::Map(_) => self.refuse(node, RefusalKind::Unsupported("a map")),
            Expr::Struct(_) => self.refuse(node, RefusalKind::Unsupported("a message")),
            Expr::Unspecified => self.refuse(node, RefusalKind::Unsupported("an empty part")),
        }
    }

    fn literal(&self, node: &IdedExpr, literal: &LiteralValue) -> Found {
        match literal {
            LiteralValue::Boolean(_) => Ok(Type::Bool),
            LiteralValue::Int(_) => Ok(Type::Int),
            LiteralValue::String(text) => Ok(Type::Text(Words::Written(BTreeSet::from([text
                .inner()
                .to_owned()])))),
            LiteralValue::Null => self.refuse(node, RefusalKind::Unsupported("null")),
            LiteralValue::UInt(_) => {
                self.refuse(node, RefusalKind::Unsupported("an unsigned number"))
            }
            LiteralValue::Double(_) => self.refuse(node, RefusalKind::Unsupported("a fraction")),
            LiteralValue::Bytes(_) => self.refuse(node, RefusalKind::Unsupported("a byte string")),
        }
    }

    fn name(&self, node: &IdedExpr, name: &str) -> Found {
        if let Some((_, kind)) = self.locals.iter().rev().find(|(local, _)| local == name) {
            return Ok(kind.clone());
        }
        match self.variable(name).and_then(Variable::node) {
            Some(facts) => Ok(Type::Struct(facts)),
            None => self.refuse(node, self.unknown_variable(name)),
        }
    }

    fn variable(&self, name: &str) -> Option<Variable> {
        Variable::named(name).filter(|v| self.vocabulary.variables.contains(v))
    }

    fn unknown_variable(&self, name: &str) -> RefusalKind {
        let variables = self.vocabulary.variables.iter().map(Variable::to_string);
        RefusalKind::UnknownVariable {
            name: name.to_owned(),
            known: variables.chain([PARAMETERS.to_owned()]).collect(),
        }
    }

    fn select(&mut self, node: &IdedExpr, select: &SelectExpr) -> Found {
        if select.test {
            return self.refuse(node, RefusalKind::Presence);
        }
        let base = match &select.operand.expr {
            Expr::Ident(name) if !self.locals.iter().any(|(local, _)| local == name) => name,
            _ => return self.select_element(node, select),
        };
        if base == PARAMETERS {
            return self.parameter(node, &select.field);
        }
        let Some(variable) = self.variable(base) else {
            return self.refuse(node, self.unknown_variable(base));
        };
        let fact = variable
            .node()
            .and_then(|facts| schema::member(facts, &select.field));
        let Some(fact) = fact else {
            return self.refuse(node, unknown_fact(base, variable.node(), &select.field));
        };
        self.touched.insert(FactPath {
            variable,
            field: select.field.clone(),
        });
        Ok(fact.kind)
    }

    /// A field of an element of a list of facts, which was read with its list.
    fn select_element(&mut self, node: &IdedExpr, select: &SelectExpr) -> Found {
        let operand = self.type_of(&select.operand)?;
        let Type::Struct(facts) = operand else {
            return self.wrong(
                &select.operand,
                "what a field is taken of",
                "a group of facts",
                &operand,
            );
        };
        match schema::member(facts, &select.field) {
            Some(member) if !member.readable => Ok(member.kind),
            Some(_) => self.refuse(node, RefusalKind::Unsupported("a reading inside a reading")),
            None => self.refuse(node, unknown_fact("…", Some(facts), &select.field)),
        }
    }

    fn parameter(&self, node: &IdedExpr, name: &str) -> Found {
        match self.vocabulary.parameters.get(name) {
            Some(kind) => Ok(kind.clone()),
            None => self.refuse(
                node,
                RefusalKind::UnknownParameter {
                    name: name.to_owned(),
                    known: self.vocabulary.parameters.keys().cloned().collect(),
                },
            ),
        }
    }

    fn call(&mut self, node: &IdedExpr, call: &CallExpr) -> Found {
        let target = call.target.as_deref();
        let arguments: Vec<&IdedExpr> = target.into_iter().chain(&call.args).collect();
        match (call.func_name.as_str(), arguments.as_slice()) {
            ("_?._" | "_[?_]", _) => self.refuse(node, RefusalKind::Optional),
            ("_&&_" | "_||_", [a, b]) => self.operands(&[a, b], &Type::Bool, Type::Bool),
            ("!_" | "@not_strictly_false", [a]) => self.operands(&[a], &Type::Bool, Type::Bool),
            ("_<_" | "_<=_" | "_>_" | "_>=_", [a, b]) => {
                self.operands(&[a, b], &Type::Int, Type::Bool)
            }
            ("_-_" | "_*_", [a, b]) => self.operands(&[a, b], &Type::Int, Type::Int),
            ("_==_" | "_!=_", [a, b]) => self.equality(node, a, b),
            ("_+_", [a, b]) => self.sum(node, a, b),
            ("@in", [element, list]) => self.membership(node, element, list),
            ("_?_:_", [condition, then, otherwise]) => {
                self.operands(&[condition], &Type::Bool, Type::Bool)?;
                let (then_kind, kind) = (self.type_of(then)?, self.type_of(otherwise)?);
                self.join(node, &then_kind, &kind)
            }
            ("size", [of]) => match self.type_of(of)? {
                Type::List(_) | Type::Text(_) => Ok(Type::Int),
                other => self.wrong(of, "what size() counts", "a list or a text", &other),
            },
            ("startsWith" | "endsWith" | "contains", [a, b]) if target.is_some() => {
                self.operands(&[a, b], &Type::TEXT, Type::Bool)
            }
            (name, _) => self.refuse(node, RefusalKind::UnknownFunction(name.to_owned())),
        }
    }

    fn operands(&mut self, operands: &[&IdedExpr], wanted: &Type, result: Type) -> Found {
        for operand in operands {
            let kind = self.type_of(operand)?;
            self.must_be(operand, "the operand", wanted, &kind)?;
        }
        Ok(result)
    }

    fn equality(&mut self, node: &IdedExpr, a: &IdedExpr, b: &IdedExpr) -> Found {
        let (left, right) = (self.type_of(a)?, self.type_of(b)?);
        let joined = self.join(node, &left, &right)?;
        match joined.comparable() {
            true => Ok(Type::Bool),
            false => self.refuse(
                node,
                RefusalKind::Unsupported("a comparison of groups of facts"),
            ),
        }
    }

    fn sum(&mut self, node: &IdedExpr, a: &IdedExpr, b: &IdedExpr) -> Found {
        let (left, right) = (self.type_of(a)?, self.type_of(b)?);
        let joined = self.join(node, &left, &right)?;
        match joined {
            Type::Int | Type::List(_) => Ok(joined),
            other => self.wrong(node, "what + adds", "numbers or lists", &other),
        }
    }

    fn membership(&mut self, node: &IdedExpr, element: &IdedExpr, list: &IdedExpr) -> Found {
        let (element, of) = (self.type_of(element)?, self.type_of(list)?);
        let Type::List(inner) = &of else {
            return self.wrong(list, "what `in` looks into", "a list", &of);
        };
        self.join(node, &element, inner).map(|_| Type::Bool)
    }

    /// The macros `all`, `exists`, `exists_one`, `filter` and `map`, as the parser expands them.
    fn comprehension(&mut self, loops: &ComprehensionExpr) -> Found {
        let range = self.type_of(&loops.iter_range)?;
        let Type::List(element) = range else {
            return self.wrong(
                &loops.iter_range,
                "what a macro runs over",
                "a list",
                &range,
            );
        };
        let start = self.type_of(&loops.accu_init)?;
        let depth = self.locals.len();
        self.locals.push((loops.iter_var.clone(), *element));
        let result = self.accumulate(loops, start);
        self.locals.truncate(depth);
        result
    }

    fn accumulate(&mut self, loops: &ComprehensionExpr, start: Type) -> Found {
        self.locals.push((loops.accu_var.clone(), start.clone()));
        let condition = self.type_of(&loops.loop_cond)?;
        self.must_be(
            &loops.loop_cond,
            "the condition of a macro",
            &Type::Bool,
            &condition,
        )?;
        let step = self.type_of(&loops.loop_step)?;
        let accumulated = self.join(&loops.loop_step, &start, &step)?;
        self.locals.pop();
        self.locals.push((loops.accu_var.clone(), accumulated));
        self.type_of(&loops.result)
    }

    fn join(&self, node: &IdedExpr, left: &Type, right: &Type) -> Found {
        left.join(right).or_else(|clash| {
            let kind = match clash {
                Clash::Types => RefusalKind::CrossType {
                    left: left.to_string(),
                    right: right.to_string(),
                },
                Clash::Word(word, known) => RefusalKind::UnknownWord { word, known },
            };
            self.refuse(node, kind)
        })
    }

    fn must_be(&self, node: &IdedExpr, what: &str, wanted: &Type, found: &Type) -> Found {
        match wanted.join(found) {
            Ok(kind) => Ok(kind),
            Err(_) => self.wrong(node, what, &wanted.to_string(), found),
        }
    }

    fn wrong(&self, node: &IdedExpr, what: &str, wanted: &str, found: &Type) -> Found {
        self.refuse(
            node,
            RefusalKind::WrongType {
                what: what.to_owned(),
                wanted: wanted.to_owned(),
                found: found.to_string(),
            },
        )
    }

    fn refuse(&self, node: &IdedExpr, kind: RefusalKind) -> Found {
        let place = self.program.source_info().offset_for(node.id);
        Err(Refusal {
            column: place.map(|(start, _)| start + 1),
            kind,
        })
    }
}

fn unknown_fact(base: &str, facts: Option<&'static serde_json::Value>, field: &str) -> RefusalKind {
    let near = |name: &&str| strsim::damerau_levenshtein(name, field) <= field.len() / 3 + 1;
    let fields = facts.into_iter().flat_map(schema::fields).filter(near);
    RefusalKind::UnknownFact {
        path: format!("{base}.{field}"),
        nearest: fields
            .min_by_key(|name| strsim::damerau_levenshtein(name, field))
            .map(|name| format!("{base}.{name}")),
    }
}
