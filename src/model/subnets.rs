//! The address ranges of subnets, computed from the network's range and a zone's letter alone.
//! Adding or removing a zone, or a NAT gateway, never moves another subnet. Reads no account.
//!
//! The range is cut into sixteen blocks. The first eight are the private subnets of the zones `a`
//! to `h`, in the order of the alphabet, whether a zone is used or not. The public subnets, which
//! hold a NAT gateway and nothing else, are the last eight ranges of a 128th each, or of a /28
//! where that is larger, in the same order. What is in between stays free.
//!
//! | network | private subnet | public subnet | free |
//! |---|---|---|---|
//! | /16 | /20, 4,091 addresses for use | /23 | seven /20 |
//! | /20 | /24, 251 addresses for use | /27 | seven /24 |
//! | /24 | /28, 11 addresses for use | /28 | none |

use ipnet::Ipv4Net;

use super::Zone;

/// Zones that the plan has room for; no Region has more than six.
const ZONES: u8 = 8;
/// The smallest subnet of AWS, as a prefix length.
/// <https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html>
const SMALLEST: u8 = 28;
/// Addresses that AWS keeps of every subnet.
const RESERVED: u32 = 5;
/// How much longer the prefix of a private subnet is than that of the network.
const PRIVATE: u8 = 4;
/// The same of a public subnet.
const PUBLIC: u8 = 7;

/// The plan of a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SubnetPlan {
    network: Ipv4Net,
}

/// Why there is no subnet for a zone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// The private subnets would be smaller than AWS allows.
    #[error(
        "{network} has {} addresses, {} for each zone's private subnet; AWS makes no subnet of \
         fewer than 16, so at least a /24 is needed",
        size(*network),
        size(*network) >> PRIVATE
    )]
    TooSmall {
        /// The range of the network.
        network: Ipv4Net,
    },
    /// A letter that no Region has a zone for.
    #[error("there is no zone `{zone}` in any Region: zones are a to h here")]
    UnknownZone {
        /// The letter.
        zone: Zone,
    },
}

impl SubnetPlan {
    /// The plan of a network.
    ///
    /// # Errors
    /// The network is too small for any subnet.
    pub fn of(network: Ipv4Net) -> Result<Self, PlanError> {
        if network.prefix_len() + PRIVATE > SMALLEST {
            return Err(PlanError::TooSmall { network });
        }
        let network = network.trunc();
        Ok(Self { network })
    }

    /// The private subnet of a zone.
    ///
    /// # Errors
    /// There is no such zone.
    pub fn private(&self, zone: &Zone) -> Result<Ipv4Net, PlanError> {
        let index = index(zone)?;
        self.range(index, self.network.prefix_len() + PRIVATE, false)
            .ok_or_else(|| PlanError::UnknownZone { zone: zone.clone() })
    }

    /// The public subnet of a zone, for its NAT gateway.
    ///
    /// # Errors
    /// There is no such zone.
    pub fn public(&self, zone: &Zone) -> Result<Ipv4Net, PlanError> {
        let index = index(zone)?;
        let length = (self.network.prefix_len() + PUBLIC).min(SMALLEST);
        self.range(index, length, true)
            .ok_or_else(|| PlanError::UnknownZone { zone: zone.clone() })
    }

    /// The first /28 that no zone's private subnet takes.
    pub fn spare(&self) -> Option<Ipv4Net> {
        let start = u32::from(self.network.addr()) + (size(self.network) >> 1);
        Ipv4Net::new(start.into(), SMALLEST).ok()
    }

    /// One of eight ranges of a length, at the beginning of the network or at its end.
    fn range(&self, index: u8, length: u8, at_end: bool) -> Option<Ipv4Net> {
        let step = 1_u32.checked_shl(u32::from(32_u8.checked_sub(length)?))?;
        let first = match at_end {
            true => size(self.network).checked_sub(step * u32::from(ZONES))?,
            false => 0,
        };
        let start = u32::from(self.network.addr()) + first + step * u32::from(index);
        Ipv4Net::new(start.into(), length).ok()
    }
}

/// Addresses of a subnet that can be used: AWS keeps the first four and the last.
pub fn usable(subnet: Ipv4Net) -> u32 {
    size(subnet).saturating_sub(RESERVED)
}

fn size(network: Ipv4Net) -> u32 {
    let bits = u32::from(32 - network.prefix_len());
    1_u32.checked_shl(bits).unwrap_or(u32::MAX)
}

/// `a` is the first.
fn index(zone: &Zone) -> Result<u8, PlanError> {
    let letter = zone.as_str().bytes().next().unwrap_or_default();
    let index = letter.checked_sub(b'a').filter(|index| *index < ZONES);
    index.ok_or_else(|| PlanError::UnknownZone { zone: zone.clone() })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;

    fn plan(network: &str) -> SubnetPlan {
        SubnetPlan::of(network.parse().unwrap()).unwrap()
    }

    fn zone(letter: &str) -> Zone {
        letter.parse().unwrap()
    }

    fn all(plan: SubnetPlan) -> Vec<Ipv4Net> {
        let zones: Vec<Zone> = "abcdefgh".chars().map(|c| zone(&c.to_string())).collect();
        let private = zones.iter().map(|zone| plan.private(zone).unwrap());
        let public = zones.iter().map(|zone| plan.public(zone).unwrap());
        private.chain(public).collect()
    }

    #[test]
    fn the_ranges_are_those_of_the_documentation() {
        for (network, private, public) in [
            ("10.40.0.0/16", "10.40.0.0/20", "10.40.240.0/23"),
            ("10.99.0.0/20", "10.99.0.0/24", "10.99.15.0/27"),
            ("10.9.8.0/24", "10.9.8.0/28", "10.9.8.128/28"),
        ] {
            assert_eq!(
                plan(network).private(&zone("a")),
                Ok(private.parse().unwrap())
            );
            assert_eq!(
                plan(network).public(&zone("a")),
                Ok(public.parse().unwrap())
            );
        }
        assert_eq!(usable("10.9.8.0/28".parse().unwrap()), 11);
    }

    #[test]
    fn what_is_too_small_is_told_in_numbers() {
        let error = SubnetPlan::of("10.0.0.0/26".parse().unwrap()).unwrap_err();
        let text = error.to_string();
        assert!(text.contains("64 addresses, 4 for each zone"), "{text}");
    }

    #[test]
    fn a_zone_beyond_the_plan_is_unknown() {
        let error = plan("10.0.0.0/16").private(&zone("i")).unwrap_err();
        assert_eq!(error, PlanError::UnknownZone { zone: zone("i") });
    }

    proptest! {
        #[test]
        fn subnets_lie_inside_and_never_overlap(address in any::<u32>(), length in 16_u8..=24) {
            let network = Ipv4Net::new(address.into(), length).unwrap().trunc();
            let ranges = all(SubnetPlan::of(network).unwrap());
            for (at, one) in ranges.iter().enumerate() {
                prop_assert!(network.contains(one) && one.prefix_len() <= SMALLEST);
                let others = ranges.iter().skip(at + 1);
                prop_assert!(others.into_iter().all(|other| !one.contains(other) && !other.contains(one)));
            }
        }
    }
}
