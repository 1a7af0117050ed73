//! An axum server that guards its paths: a handler that takes a `Session` is called with a valid
//! token only.
//!
//! `JWT_AUTH_SECRET=… cargo run --bin axum -- 127.0.0.1:8080`, then
//! `curl -H "Authorization: Bearer $TOKEN" …/me`

use std::env;
use std::error::Error as StdError;
use std::sync::Arc;

use axum::extract::{FromRef, FromRequestParts};
use axum::http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use mastra_jwt_core::{Error, Verifier, bearer_token};
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;

/// The claims that this service reads. A token that lacks `sub` is refused.
#[derive(Deserialize, Serialize)]
struct Session {
    sub: String,
    #[serde(default)]
    roles: Vec<String>,
}

impl<S> FromRequestParts<S> for Session
where
    S: Sync,
    Arc<Verifier>: FromRef<S>,
{
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refused> {
        let verifier = Arc::<Verifier>::from_ref(state);
        Ok(verifier.verify_as(token(&parts.headers)?)?)
    }
}

/// The token of the one `Authorization` header. Of two, a proxy may have looked at the other.
fn token(headers: &HeaderMap) -> Result<&str, Error> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => bearer_token(value.to_str().map_err(|_| Error::NoBearer)?),
        _ => Err(Error::NoBearer),
    }
}

/// Why nobody gets in, as RFC 6750 section 3 wants it told.
struct Refused(Error);

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Refused(error)
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let challenge = match self.0 {
            Error::NoBearer => "Bearer".to_owned(),
            // The message is a sentence of ours, and holds nothing of the token.
            error if error.code() >= 100 => {
                format!(r#"Bearer error="invalid_token", error_description="{}""#, error.message())
            }
            error => {
                eprintln!("{error}"); // Ours, not the token's: a clock before 1970.
                return StatusCode::INTERNAL_SERVER_ERROR.into_response();
            }
        };
        (StatusCode::UNAUTHORIZED, [(WWW_AUTHENTICATE, challenge)]).into_response()
    }
}

async fn me(session: Session) -> Json<Session> {
    Json(session)
}

async fn admin(session: Session) -> Result<String, StatusCode> {
    if session.roles.iter().any(|role| role == "admin") {
        Ok(format!("hello {}\n", session.sub))
    } else {
        Err(StatusCode::FORBIDDEN)
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn StdError>> {
    let verifier = Verifier::builder().secret(env::var("JWT_AUTH_SECRET")?.as_bytes())?.require_exp(true)?.build()?;
    let app = Router::new()
        .route("/", get(|| async { "anybody may read this\n" }))
        .route("/me", get(me))
        .route("/admin", get(admin))
        .with_state(Arc::new(verifier));

    let listener = TcpListener::bind(env::args().nth(1).as_deref().unwrap_or("127.0.0.1:8080")).await?;
    println!("listening on http://{}", listener.local_addr()?);
    Ok(axum::serve(listener, app).await?)
}
