//! The rules of evaluation, one named test each with the page that states it.

mod accounts;
mod conditions;
mod elements;
mod services;
