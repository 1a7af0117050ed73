//! The registered claims (RFC 7519 section 4.1): their names and bits.

/// The registered claims of RFC 7519 section 4.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Registered {
    /// `iss`, the issuer.
    Iss,
    /// `sub`, the subject.
    Sub,
    /// `aud`, the audience.
    Aud,
    /// `exp`, the expiration time.
    Exp,
    /// `nbf`, not before.
    Nbf,
    /// `iat`, issued at.
    Iat,
    /// `jti`, the id of the token.
    Jti,
}

impl Registered {
    /// All registered claims, in the order of their bits.
    pub const ALL: [Registered; 7] = [
        Registered::Iss,
        Registered::Sub,
        Registered::Aud,
        Registered::Exp,
        Registered::Nbf,
        Registered::Iat,
        Registered::Jti,
    ];

    /// The bit of a claim that is not registered. The last one, so that later claims find theirs
    /// free.
    pub const OTHER_BIT: u32 = 1 << 31;

    /// The name of the claim in a token.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Registered::Iss => "iss",
            Registered::Sub => "sub",
            Registered::Aud => "aud",
            Registered::Exp => "exp",
            Registered::Nbf => "nbf",
            Registered::Iat => "iat",
            Registered::Jti => "jti",
        }
    }

    /// The claim of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Registered::from_bytes(name.as_bytes())
    }

    #[inline]
    pub(crate) fn from_bytes(name: &[u8]) -> Option<Self> {
        match name {
            b"iss" => Some(Registered::Iss),
            b"sub" => Some(Registered::Sub),
            b"aud" => Some(Registered::Aud),
            b"exp" => Some(Registered::Exp),
            b"nbf" => Some(Registered::Nbf),
            b"iat" => Some(Registered::Iat),
            b"jti" => Some(Registered::Jti),
            _ => None,
        }
    }

    /// The bit of the claim in a set of claims: `iss` 1, `sub` 2, `aud` 4, `exp` 8, `nbf` 16, `iat`
    /// 32, `jti` 64.
    #[must_use]
    pub const fn bit(self) -> u32 {
        1 << self as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_bits_match() {
        for (position, claim) in Registered::ALL.into_iter().enumerate() {
            assert_eq!(claim.bit(), 1 << position);
            assert_eq!(Registered::from_name(claim.name()), Some(claim));
        }
        assert_eq!(Registered::OTHER_BIT, 0x8000_0000);
        assert_eq!(Registered::from_name("ISS"), None);
    }
}
