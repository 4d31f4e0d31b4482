//! Renderings: one file a format or a subject. Values in, text out; nothing is decided here.

pub mod drift;
pub mod outcome;
pub mod plan;
mod style;
