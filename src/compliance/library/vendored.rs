//! The files of this build.

use super::{PolicyFile, PolicyRole};

macro_rules! file {
    ($role:ident, $path:literal) => {
        PolicyFile {
            path: concat!("policies/", $path),
            role: PolicyRole::$role,
            text: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/policies/", $path)),
        }
    };
}

pub(super) const FILES: &[PolicyFile<'static>] = &[
    file!(Checks, "checks/iam.yaml"),
    file!(Checks, "checks/kms.yaml"),
    file!(Checks, "checks/logs.yaml"),
    file!(Checks, "checks/net.yaml"),
    file!(Checks, "checks/store.yaml"),
    file!(Checks, "checks/trail.yaml"),
    file!(Planned, "checks/planned.yaml"),
    file!(Framework, "frameworks/cis-aws-7.0.0.yaml"),
    file!(Framework, "frameworks/dora-2022-2554.yaml"),
    file!(Framework, "frameworks/dora-rts-2024-1774.yaml"),
    file!(Framework, "frameworks/pci-dss-4.0.1.yaml"),
];
