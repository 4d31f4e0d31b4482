//! The cases of a check, run: the examples in its own file must come out as they say.

use std::{collections::BTreeMap, sync::Arc};

use serde_json::Value;

use super::{
    check::{Case, Check},
    judge::{Bound, Judgement, judge},
    predicate::{Variable, fact_type, to_cel},
};
use crate::resource::UNREAD;

impl Check {
    /// What is wrong with the check's cases, in words; nothing if all come out as they say.
    pub fn failing_cases(&self) -> Vec<String> {
        let cases = self.text.cases.iter();
        cases.filter_map(|case| self.objection(case)).collect()
    }

    fn objection(&self, case: &Case) -> Option<String> {
        if let Some(wrong) = misfit(case) {
            return Some(format!("case \"{}\": {wrong}", case.name));
        }
        let judgement = self.judge_case(case);
        let found = judgement.outcome();
        (found != case.expect).then(|| {
            let note = judgement
                .note
                .map(|note| format!(" ({note})"))
                .unwrap_or_default();
            format!(
                "case \"{}\" expects {}, and comes to {found}{note}",
                case.name, case.expect
            )
        })
    }

    /// Judges the example.
    pub(super) fn judge_case(&self, case: &Case) -> Judgement {
        let facts: BTreeMap<Variable, Value> = case
            .facts
            .iter()
            .map(|(variable, fields)| (*variable, fields.clone().into_iter().collect()))
            .collect();
        let bound: Vec<Bound<'_>> = facts
            .iter()
            .map(|(variable, facts)| Bound {
                variable: *variable,
                path: variable.as_str(),
                facts,
            })
            .collect();
        let mut context = cel::Context::with_env(Arc::new(cel::Env::stdlib()));
        for bound in &bound {
            context.add_variable_from_value(bound.variable.as_str(), to_cel(bound.facts));
        }
        let values = self.values(&case.params).into_iter().collect();
        context.add_variable_from_value("params", to_cel(&values));
        judge(self, &bound, &context)
    }
}

/// A fact of the example that the schema does not have or that has another type there.
fn misfit(case: &Case) -> Option<String> {
    let facts = case.facts.iter().flat_map(|(variable, fields)| {
        fields
            .iter()
            .map(move |(field, value)| (*variable, field, value))
    });
    for (variable, field, value) in facts {
        match fact_type(variable, field) {
            None => return Some(format!("{variable}.{field} is not a fact")),
            Some(_) if value.get(UNREAD).is_some() => {}
            Some(wanted) if !wanted.admits(value) => {
                return Some(format!(
                    "{variable}.{field} is {value}, and must be {wanted}"
                ));
            }
            Some(_) => {}
        }
    }
    None
}
