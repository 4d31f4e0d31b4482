//! The report and its two verbs, over the shipped bank: true, complete, harmless, reproducible.

mod browser;
mod dossiers;
mod formats;
mod hostile;
mod judged;
mod markup;
mod page;
#[cfg(feature = "pdf")]
mod paper;
mod short;
mod since;
mod verbs;
mod workbook;
