//! The report and its two verbs, over the shipped bank: true, complete, harmless, reproducible.

mod browser;
mod formats;
mod hostile;
mod judged;
mod markup;
mod page;
mod short;
mod since;
mod verbs;
