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
    file!(Checks, "checks/acct.yaml"),
    file!(Checks, "checks/detect.yaml"),
    file!(Checks, "checks/iam.yaml"),
    file!(Checks, "checks/iso.yaml"),
    file!(Checks, "checks/kms.yaml"),
    file!(Checks, "checks/logs.yaml"),
    file!(Checks, "checks/net.yaml"),
    file!(Checks, "checks/store.yaml"),
    file!(Checks, "checks/trail.yaml"),
    file!(Planned, "checks/planned.yaml"),
    file!(Framework, "frameworks/apra-cps-234-2019.yaml"),
    file!(Framework, "frameworks/aws-fsbp-1.0.0.yaml"),
    file!(Framework, "frameworks/bafin-xait-2024.yaml"),
    file!(Framework, "frameworks/cis-aws-5.0.0.yaml"),
    file!(Framework, "frameworks/cis-aws-7.0.0.yaml"),
    file!(Framework, "frameworks/cri-profile-2.1.yaml"),
    file!(Framework, "frameworks/dora-2022-2554.yaml"),
    file!(Framework, "frameworks/dora-rts-2024-1774.yaml"),
    file!(Framework, "frameworks/eba-ict-gl-2019-04.yaml"),
    file!(Framework, "frameworks/ffiec-cat-2017.yaml"),
    file!(Framework, "frameworks/ffiec-it-handbook-2016.yaml"),
    file!(Framework, "frameworks/gdpr-2016-679.yaml"),
    file!(Framework, "frameworks/iso-27001-2022.yaml"),
    file!(Framework, "frameworks/mas-fsm-2024.yaml"),
    file!(Framework, "frameworks/mas-trm-2021.yaml"),
    file!(Framework, "frameworks/nis2-2022-2555.yaml"),
    file!(Framework, "frameworks/nist-800-53-5.2.0.yaml"),
    file!(Framework, "frameworks/nist-csf-2.0.yaml"),
    file!(Framework, "frameworks/nydfs-500-2023.yaml"),
    file!(Framework, "frameworks/pci-dss-4.0.1.yaml"),
    file!(Framework, "frameworks/psd2-rts-sca-2018-389.yaml"),
    file!(Framework, "frameworks/soc2-2017.yaml"),
    file!(Framework, "frameworks/swift-cscf-2026.yaml"),
];
