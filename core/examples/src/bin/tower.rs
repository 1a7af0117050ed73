//! A tower layer that lets requests with a valid token through, for whatever serves HTTP with
//! tower: axum, tonic, hyper. The service finds the claims among the request's extensions.
//!
//! `JWT_AUTH_SECRET=… cargo run --bin tower -- 127.0.0.1:8080`

use std::convert::Infallible;
use std::env;
use std::error::Error as StdError;
use std::future::{Ready, ready};
use std::marker::PhantomData;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::Body;
use axum::http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, Request, Response, StatusCode};
use futures_util::future::Either;
use mastra_jwt_core::{Error, Verifier, bearer_token};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::net::TcpListener;
use tower::make::Shared;
use tower::{Layer, Service, ServiceBuilder};

/// Guards a service. `C` is the type of the claims.
struct BearerLayer<C> {
    verifier: Arc<Verifier>,
    claims: PhantomData<fn() -> C>,
}

impl<C> BearerLayer<C> {
    fn new(verifier: Verifier) -> Self {
        BearerLayer { verifier: Arc::new(verifier), claims: PhantomData }
    }
}

impl<S, C> Layer<S> for BearerLayer<C> {
    type Service = Bearer<S, C>;

    fn layer(&self, inner: S) -> Bearer<S, C> {
        Bearer { inner, verifier: self.verifier.clone(), claims: PhantomData }
    }
}

/// A service behind a [`BearerLayer`].
struct Bearer<S, C> {
    inner: S,
    verifier: Arc<Verifier>,
    claims: PhantomData<fn() -> C>,
}

impl<S: Clone, C> Clone for Bearer<S, C> {
    fn clone(&self) -> Self {
        Bearer { inner: self.inner.clone(), verifier: self.verifier.clone(), claims: PhantomData }
    }
}

impl<S, C, Q, R> Service<Request<Q>> for Bearer<S, C>
where
    S: Service<Request<Q>, Response = Response<R>>,
    C: DeserializeOwned + Clone + Send + Sync + 'static,
    R: Default,
{
    type Response = Response<R>;
    type Error = S::Error;
    type Future = Either<S::Future, Ready<Result<Response<R>, S::Error>>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<Q>) -> Self::Future {
        match token(request.headers()).and_then(|token| self.verifier.verify_as::<C>(token)) {
            Ok(claims) => {
                request.extensions_mut().insert(claims);
                Either::Left(self.inner.call(request))
            }
            Err(error) => Either::Right(ready(Ok(refusal(&error)))),
        }
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

/// 401 as RFC 6750 section 3 wants it; 500 where the token is not to blame.
fn refusal<R: Default>(error: &Error) -> Response<R> {
    let mut response = Response::new(R::default());
    if error.code() < 100 {
        *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        return response;
    }
    let challenge = match error {
        Error::NoBearer => HeaderValue::from_static("Bearer"),
        _ => format!(r#"Bearer error="invalid_token", error_description="{}""#, error.message())
            .try_into()
            .expect("our messages are ASCII"),
    };
    *response.status_mut() = StatusCode::UNAUTHORIZED;
    response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
    response
}

#[derive(Clone, Deserialize)]
struct Session {
    sub: String,
}

/// The service behind the layer: it answers nobody whose token is not valid.
async fn hello(request: Request<Body>) -> Result<Response<Body>, Infallible> {
    let session: &Session = request.extensions().get().expect("the layer has put it there");
    Ok(Response::new(format!("hello {}\n", session.sub).into()))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn StdError>> {
    let verifier = Verifier::builder().secret(env::var("JWT_AUTH_SECRET")?.as_bytes())?.require_exp(true)?.build()?;
    let service = ServiceBuilder::new().layer(BearerLayer::<Session>::new(verifier)).service_fn(hello);

    let listener = TcpListener::bind(env::args().nth(1).as_deref().unwrap_or("127.0.0.1:8080")).await?;
    println!("listening on http://{}", listener.local_addr()?);
    Ok(axum::serve(listener, Shared::new(service)).await?)
}
