//! The program as people and machines meet it: what they type, what they read, how it ends.

mod can;
mod consent;
pub mod desk;
mod help;
mod hostile;
mod life;
mod lint;
mod policies;
mod policy;
mod prices;
mod prove;
mod readme;
mod records;
mod replay;
mod saved;
mod streams;
