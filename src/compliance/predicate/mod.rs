//! Predicates: CEL expressions over facts, understood completely before any of them runs.
//! What could hide ignorance (`has`, optional access, comparison across types) is refused.

mod analyse;

mod refusal;
mod schema;
mod types;
mod value;

use std::collections::{BTreeMap, BTreeSet};

pub use analyse::FactPath;
pub use refusal::{Refusal, RefusalKind};
pub use schema::Variable;
pub(in crate::compliance) use schema::fact_type;
pub(in crate::compliance) use types::Type;
pub(in crate::compliance) use value::to_cel;

/// What a predicate may speak of: facts by variable, and parameters by name.
#[derive(Debug, Clone, Default)]
pub(in crate::compliance) struct Vocabulary {
    /// The variables in scope.
    pub variables: BTreeSet<Variable>,
    /// The declared parameters.
    pub parameters: BTreeMap<String, Type>,
}

/// A predicate that was understood: its text, its program, and the facts that it touches.
pub struct Predicate {
    text: String,
    program: cel::Program,
    touched: BTreeSet<FactPath>,
}

/// The longest predicate, in bytes: a clause that needs more is several clauses.
const LONGEST: usize = 1_000;

impl Predicate {
    /// Parses the text and walks its syntax tree.
    ///
    /// # Errors
    /// The first thing that the vocabulary does not know or that could hide ignorance.
    pub(in crate::compliance) fn parse(
        text: &str,
        vocabulary: &Vocabulary,
    ) -> Result<Self, Refusal> {
        if text.len() > LONGEST {
            return Err(Refusal::whole(RefusalKind::TooLong(LONGEST)));
        }
        let program = cel::Program::compile(text).map_err(refusal::of_syntax)?;
        let touched = analyse::analyse(&program, vocabulary)?;
        Ok(Self {
            text: text.to_owned(),
            program,
            touched,
        })
    }

    /// The text, which is what runs.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The facts that it touches.
    pub fn touched(&self) -> &BTreeSet<FactPath> {
        &self.touched
    }

    /// Runs it.
    ///
    /// # Errors
    /// What CEL says when it cannot; the analysis leaves little room for that.
    pub(in crate::compliance) fn holds(
        &self,
        context: &cel::Context<'_, '_>,
    ) -> Result<bool, String> {
        match self.program.execute(context) {
            Ok(cel::Value::Bool(holds)) => Ok(holds),
            Ok(other) => Err(format!("the result is {other:?}, not true or false")),
            Err(error) => Err(error.to_string()),
        }
    }
}

impl std::fmt::Debug for Predicate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Predicate").field(&self.text).finish()
    }
}
