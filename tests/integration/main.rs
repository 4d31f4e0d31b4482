//! The one integration binary: what needs more than one module, or a wire.

#[cfg(feature = "aws")]
mod moto;
#[cfg(feature = "aws")]
mod wire;
