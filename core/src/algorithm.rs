//! The algorithms of a shared secret, and sets of them.

use std::error::Error;
use std::fmt;
use std::str::FromStr;

/// A MAC algorithm of RFC 7518 section 3.2. The default is HS256.
///
/// ```
/// use mastra_jwt_core::Algorithm;
///
/// assert_eq!("HS384".parse(), Ok(Algorithm::HS384));
/// assert!("none".parse::<Algorithm>().is_err());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Algorithm {
    /// HMAC with SHA-256.
    #[default]
    HS256,
    /// HMAC with SHA-384.
    HS384,
    /// HMAC with SHA-512.
    HS512,
}

impl Algorithm {
    /// All algorithms, in the order of their strength.
    pub const ALL: [Algorithm; 3] = [Algorithm::HS256, Algorithm::HS384, Algorithm::HS512];

    /// All names, as a sentence has them.
    pub(crate) const NAMES: &str = "HS256, HS384 or HS512";

    /// The value of the header's `alg` (RFC 7515 section 4.1.1).
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Algorithm::HS256 => "HS256",
            Algorithm::HS384 => "HS384",
            Algorithm::HS512 => "HS512",
        }
    }

    /// Bytes of the hash output: the shortest secret that RFC 7518 section 3.2 allows.
    #[must_use]
    pub const fn hash_len(self) -> usize {
        match self {
            Algorithm::HS256 => 32,
            Algorithm::HS384 => 48,
            Algorithm::HS512 => 64,
        }
    }

    /// The algorithm of that name, compared to the letter.
    pub(crate) fn from_name(is_name: impl Fn(&'static str) -> bool) -> Option<Self> {
        Algorithm::ALL.into_iter().find(|algorithm| is_name(algorithm.name()))
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Algorithm {
    type Err = UnknownAlgorithm;

    fn from_str(name: &str) -> Result<Self, UnknownAlgorithm> {
        Algorithm::from_name(|known| known == name).ok_or(UnknownAlgorithm)
    }
}

/// A name, or an algorithm of the crate `jsonwebtoken`, that is not HS256, HS384 or HS512.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnknownAlgorithm;

impl fmt::Display for UnknownAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "algorithm: must be {}", Algorithm::NAMES)
    }
}

impl Error for UnknownAlgorithm {}

#[cfg(feature = "jsonwebtoken")]
impl TryFrom<jsonwebtoken::Algorithm> for Algorithm {
    type Error = UnknownAlgorithm;

    fn try_from(algorithm: jsonwebtoken::Algorithm) -> Result<Self, UnknownAlgorithm> {
        match algorithm {
            jsonwebtoken::Algorithm::HS256 => Ok(Algorithm::HS256),
            jsonwebtoken::Algorithm::HS384 => Ok(Algorithm::HS384),
            jsonwebtoken::Algorithm::HS512 => Ok(Algorithm::HS512),
            _ => Err(UnknownAlgorithm),
        }
    }
}

#[cfg(feature = "jsonwebtoken")]
impl From<Algorithm> for jsonwebtoken::Algorithm {
    fn from(algorithm: Algorithm) -> Self {
        match algorithm {
            Algorithm::HS256 => jsonwebtoken::Algorithm::HS256,
            Algorithm::HS384 => jsonwebtoken::Algorithm::HS384,
            Algorithm::HS512 => jsonwebtoken::Algorithm::HS512,
        }
    }
}

/// A set of algorithms that is not empty, as bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Algorithms(u8);

impl Algorithms {
    /// `None` for an empty list.
    pub(crate) fn from_list(list: &[Algorithm]) -> Option<Self> {
        let set = list.iter().fold(0, |set, algorithm| set | Algorithms::from(*algorithm).0);
        (set != 0).then_some(Algorithms(set))
    }

    #[inline]
    pub(crate) fn contains(self, algorithm: Algorithm) -> bool {
        Algorithms::from(algorithm).0 & self.0 != 0
    }

    /// `None` when no algorithm is in both sets.
    pub(crate) fn intersection(self, other: Self) -> Option<Self> {
        let set = self.0 & other.0;
        (set != 0).then_some(Algorithms(set))
    }

    pub(crate) fn iter(self) -> impl Iterator<Item = Algorithm> {
        Algorithm::ALL.into_iter().filter(move |algorithm| self.contains(*algorithm))
    }
}

impl From<Algorithm> for Algorithms {
    #[inline]
    fn from(algorithm: Algorithm) -> Self {
        Algorithms(match algorithm {
            Algorithm::HS256 => 1,
            Algorithm::HS384 => 2,
            Algorithm::HS512 => 4,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_to_the_letter() {
        for algorithm in Algorithm::ALL {
            assert_eq!(algorithm.name().parse(), Ok(algorithm));
            assert_eq!(algorithm.to_string(), algorithm.name());
        }
        assert_eq!(Algorithm::NAMES.replace(" or ", ", "), Algorithm::ALL.map(Algorithm::name).join(", "));
        for name in ["hs256", "HS256 ", "none", "RS256", ""] {
            let refused = name.parse::<Algorithm>().unwrap_err();
            assert_eq!(refused.to_string(), "algorithm: must be HS256, HS384 or HS512", "{name}");
        }
    }

    #[test]
    fn a_set_holds_what_was_put_in() {
        assert_eq!(Algorithms::from_list(&[]), None);
        let set = Algorithms::from_list(&[Algorithm::HS512, Algorithm::HS256, Algorithm::HS512]).unwrap();
        assert_eq!(set.iter().collect::<Vec<_>>(), [Algorithm::HS256, Algorithm::HS512]);
        assert!(!set.contains(Algorithm::HS384));
        assert_eq!(set.intersection(Algorithm::HS512.into()), Some(Algorithm::HS512.into()));
        assert_eq!(set.intersection(Algorithm::HS384.into()), None);
    }

    #[cfg(feature = "jsonwebtoken")]
    #[test]
    fn algorithms_of_jsonwebtoken_are_converted() {
        for algorithm in Algorithm::ALL {
            let theirs = jsonwebtoken::Algorithm::from(algorithm);
            assert_eq!(format!("{theirs:?}"), algorithm.name());
            assert_eq!(Algorithm::try_from(theirs), Ok(algorithm));
        }
        assert!(Algorithm::try_from(jsonwebtoken::Algorithm::RS256).is_err());
    }
}
