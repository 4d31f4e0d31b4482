//! The condition keys that a request could bring, cut into classes that no policy tells apart, and
//! one context for each combination. Where the cut is not exact, it says so.

use std::collections::{BTreeMap, BTreeSet};

use super::{nature::Nature, values};
use crate::iam::eval::{ConditionLine, Context, Request};

/// The most combinations that are tried for one request.
const MOST: usize = 4096;

/// Every combination of values of the keys that statements ask about.
#[derive(Debug)]
pub(super) struct Space {
    dimensions: Vec<Dimension>,
    /// Whether the combinations stand for every request that there is.
    pub complete: bool,
}

/// One key with a value of each class; the first choice is that it is missing.
#[derive(Debug)]
struct Dimension {
    key: String,
    choices: Vec<Option<Vec<String>>>,
    obscure: bool,
}

/// One combination.
#[derive(Debug)]
pub(super) struct Combination {
    pub context: Context,
    /// Keys in it whose values nobody here knows.
    pub obscure: BTreeSet<String>,
}

impl Space {
    /// The space of the keys that the lines compare, beside those that are fixed.
    pub fn of(lines: &[ConditionLine], variables: &BTreeSet<String>, base: &Request) -> Self {
        let own = base.caller.account().is_some();
        let mut keys: BTreeMap<String, Vec<&ConditionLine>> = BTreeMap::new();
        for line in lines {
            keys.entry(line.key.to_ascii_lowercase())
                .or_default()
                .push(line);
        }
        for name in variables {
            keys.entry(name.clone()).or_default();
        }
        let mut space = Self {
            dimensions: Vec::new(),
            complete: true,
        };
        for (key, lines) in keys {
            let nature = Nature::of(&key, own);
            let is_open = matches!(nature, Nature::Chosen | Nature::Obscure);
            if is_open && base.context.get(&key).is_none() {
                space.complete &= !variables.contains(&key);
                space.add(key, &lines, nature == Nature::Obscure);
            }
        }
        // What nobody knows changes last, so that what is allowed without it is found first.
        space.dimensions.sort_by_key(|dimension| dimension.obscure);
        space.complete &= space.size() <= MOST;
        space
    }

    fn add(&mut self, key: String, lines: &[&ConditionLine], obscure: bool) {
        let values = values::of(lines);
        self.complete &= values.complete;
        let mut choices = vec![None];
        choices.extend(values.sets.into_iter().map(Some));
        self.dimensions.push(Dimension {
            key,
            choices,
            obscure,
        });
    }

    fn size(&self) -> usize {
        let sizes = self.dimensions.iter().map(|d| d.choices.len());
        sizes.fold(1, usize::saturating_mul)
    }

    /// Every combination, as far as there are not too many.
    pub fn combinations(&self) -> impl Iterator<Item = Combination> {
        (0..self.size().min(MOST)).map(|index| self.combination(index))
    }

    fn combination(&self, mut index: usize) -> Combination {
        let mut combination = Combination {
            context: Context::default(),
            obscure: BTreeSet::new(),
        };
        for dimension in &self.dimensions {
            let choice = dimension.choices.get(index % dimension.choices.len());
            index /= dimension.choices.len();
            if let Some(Some(values)) = choice {
                combination
                    .context
                    .add(&dimension.key, values.iter().cloned());
                if dimension.obscure {
                    combination.obscure.insert(dimension.key.clone());
                }
            }
        }
        combination
    }
}

/// The keys of the variables in a text, in lower case.
pub(super) fn variables(text: &str) -> impl Iterator<Item = String> {
    text.split("${").skip(1).filter_map(|rest| {
        let name = rest.split(['}', ',']).next()?.trim().to_ascii_lowercase();
        (name.contains(':')).then_some(name)
    })
}
