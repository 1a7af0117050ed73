//! An `Authorization` header -> token (RFC 6750 section 2.1).

use crate::error::Error;

/// The token of an `Authorization` header value: the scheme `Bearer` in any case, a space, the
/// token; blanks around the token are trimmed.
///
/// ```
/// use mastra_jwt_core::{Error, bearer_token};
///
/// assert_eq!(bearer_token("Bearer a.b.c"), Ok("a.b.c"));
/// assert_eq!(bearer_token("Basic dTpw"), Err(Error::NoBearer));
/// ```
///
/// # Errors
/// [`Error::NoBearer`] for another scheme or no token.
pub fn bearer_token(authorization: &str) -> Result<&str, Error> {
    const SCHEME: &str = "bearer ";
    let (scheme, token) = authorization.split_at_checked(SCHEME.len()).ok_or(Error::NoBearer)?;
    let token = token.trim_matches([' ', '\t']);
    if !scheme.eq_ignore_ascii_case(SCHEME) || token.is_empty() {
        return Err(Error::NoBearer);
    }
    Ok(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scheme_is_bearer_in_any_case() {
        for header in ["Bearer a.b.c", "bearer a.b.c", "BEARER   a.b.c \t"] {
            assert_eq!(bearer_token(header), Ok("a.b.c"));
        }
    }

    #[test]
    fn anything_else_holds_no_token() {
        for header in [
            "",
            "Bearer",
            "Bearer ",
            "Bearer   ",
            "a.b.c",
            "Bearera.b.c",
            "Basic a.b.c",
            " Bearer a.b.c",
            "Bearer\ta.b.c",
            "ééééé",
        ] {
            assert_eq!(bearer_token(header), Err(Error::NoBearer), "{header:?}");
        }
    }
}
