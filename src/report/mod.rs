//! Renderings: one file a format or a subject. Values in, text out; nothing is decided here.

pub mod assessment;
pub mod drift;
pub mod html;
pub mod json;
pub mod markdown;
pub mod outcome;
pub mod plan;
pub mod rehearsal;
mod style;
