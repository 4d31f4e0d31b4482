//! What IAM allows: the action catalogue and the access that a service declares.
//! Pure: nothing here reads a file or speaks to AWS.

pub mod access;
pub mod catalogue;
