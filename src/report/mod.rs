//! Renderings: one file a format or a subject. Values in, text out; nothing is decided here.

pub mod assessment;
pub mod can;
mod changes;
pub mod consent;
pub mod cost;
pub mod csv;
pub mod dossier;
pub mod drift;
pub mod format;
pub mod html;
pub mod isolation;
pub mod json;
pub mod junit;
pub mod lint;
pub mod markdown;
mod notices;
pub mod ocsf;
pub mod oscal;
pub mod outcome;
#[cfg(feature = "pdf")]
pub mod pdf;
pub mod period;
pub mod plan;
pub mod policies;
pub mod rehearsal;
mod row;
pub mod sarif;
mod style;
pub mod text;
pub mod trail;
pub mod verification;
pub mod workbook;
