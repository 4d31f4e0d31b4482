//! The conventions of the house, held by tests that walk the repository.
//! Each rule is a pure function over a file's text, tried on a bad example beside it.

mod dependencies;
mod documents;
mod kinds;
mod layers;
mod repository;
mod source;
mod style;
mod words;
