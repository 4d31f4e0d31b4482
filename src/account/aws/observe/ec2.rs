//! What the reads of EC2 have in common.

use aws_sdk_ec2::types::Filter;

/// A filter of an EC2 call.
pub fn filter(name: &str, value: &str) -> Filter {
    Filter::builder().name(name).values(value).build()
}
