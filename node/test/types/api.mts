// The public types, as an ES module sees them. Checked by tsc alone; nothing here runs.
import { expectTypeOf } from 'expect-type';
import {
  backend,
  createSigner,
  createVerifier,
  decodeToken,
  getTokenIssuer,
  JsonWebTokenError,
  MastraJwtAuth,
  NotBeforeError,
  TokenExpiredError,
  verifyHmac,
  verifyJwks,
  type Algorithm,
  type DecodedJwt,
  type ErrorCode,
  type IMastraAuthProvider,
  type JwtPayload,
  type MastraJwtAuthOptions,
  type PolicyDocument,
  type Signer,
  type User,
  type Verifier,
} from 'mastra-jwt';

// Code written against @mastra/auth compiles on.
const auth = new MastraJwtAuth({ secret: process.env.JWT_AUTH_SECRET, name: 'jwt' });
new MastraJwtAuth();
expectTypeOf(auth).toEqualTypeOf<MastraJwtAuth<false>>();
expectTypeOf(auth.authenticateToken('t')).resolves.toEqualTypeOf<JwtPayload>();
expectTypeOf((await auth.authenticateToken('t')).role).toBeAny();
expectTypeOf(auth.getCurrentUser(new Request('http://x'))).resolves.toEqualTypeOf<User | null>();
expectTypeOf(auth.getUser('u')).resolves.toEqualTypeOf<User | null>();
expectTypeOf(auth.mapUserToResourceId).extract<undefined>().toBeUndefined();
expectTypeOf(getTokenIssuer(await decodeToken('t'))).toEqualTypeOf<string>();

// quiet adds null to the type.
const quiet = new MastraJwtAuth({ secret: 's', quiet: true });
expectTypeOf(quiet.authenticateToken('t')).resolves.toEqualTypeOf<JwtPayload | null>();
const loud = new MastraJwtAuth({ secret: 's', quiet: false });
expectTypeOf(loud.authenticateToken('t')).resolves.toEqualTypeOf<JwtPayload>();
const either = new MastraJwtAuth({ secret: 's', quiet: process.argv.length > 2 });
expectTypeOf(either.authenticateToken('t')).resolves.toEqualTypeOf<JwtPayload | null>();
expectTypeOf(quiet).toExtend<IMastraAuthProvider<JwtPayload>>();

// Subclasses override.
class Custom extends MastraJwtAuth {
  override async authenticateToken(token: string): Promise<JwtPayload> {
    return { ...(await super.authenticateToken(token)), role: 'admin' };
  }
  override async authorizeUser(user: JwtPayload): Promise<boolean> {
    return user.role === 'admin';
  }
  override mapUserToResourceId(user: JwtPayload): string | undefined {
    return user.sub;
  }
  warn(): void {
    this.logger.warn('x', { a: 1 });
  }
}
expectTypeOf(new Custom({ secret: 's' })).toExtend<IMastraAuthProvider<JwtPayload>>();

// Options.
const options: MastraJwtAuthOptions = {
  secret: [{ kid: 'a', secret: new Uint8Array(32) }, { secret: 'text' }],
  jwks: {
    keys: [
      { kty: 'oct', k: 'AA' },
      { kty: 'RSA', n: 'x' },
    ],
  },
  algorithms: ['HS256', 'HS512'],
  issuer: ['a', 'b'],
  audience: 'a',
  subject: undefined,
  clockTolerance: 5,
  maxTokenAge: '1h',
  requiredClaims: ['exp'],
  isRevoked: async (payload) => payload.jti === 'x',
  mapUserToResourceId: 'sub',
  mapUser: ({ sub }) => (sub ? { id: sub } : null),
  authorizeUser: (user, request) => 'header' in request && user.sub === 'me',
  public: ['/x', /y/, ['/z', 'GET'], ['/z', ['GET', 'POST']]],
  quiet: true,
  policy: '{}',
  strictClaims: true,
  ignoreExpiration: false,
  maxTokenBytes: 65_536,
  cookie: 'mastra-token',
  onRefused: (error, request) => void [error.code satisfies ErrorCode | undefined, request],
};
void options;
// @ts-expect-error an unknown option
new MastraJwtAuth({ secret: 's', secrets: [] });
// @ts-expect-error no algorithm of a shared secret
new MastraJwtAuth({ secret: 's', algorithms: ['RS256'] });
// @ts-expect-error no preset
new MastraJwtAuth({ secret: 's', mapUserToResourceId: 'id' });
// @ts-expect-error the secret cannot be read back
void auth.secret;

// The rest.
expectTypeOf(createVerifier).parameter(0).toHaveProperty('issuer');
expectTypeOf(createVerifier({ secret: 's' })).toEqualTypeOf<Verifier>();
expectTypeOf<ReturnType<Verifier>>().toEqualTypeOf<JwtPayload>();
const verify = createVerifier({ secret: 's' });
verify('t', { clockTimestamp: 1_700_000_000 });
// @ts-expect-error the time is a named option
verify('t', 1_700_000_000);
expectTypeOf(['t'].map(verify)).toEqualTypeOf<JwtPayload[]>();
expectTypeOf(Promise.resolve('t').then(verify)).resolves.toEqualTypeOf<JwtPayload>();
interface Session {
  sub: string;
  role: 'admin' | 'user';
}
const typed = createVerifier<Session>({
  secret: 's',
  requiredClaims: ['sub', 'role'],
  policy: { leeway: 5 },
});
expectTypeOf(typed).toEqualTypeOf<Verifier<Session>>();
expectTypeOf(typed('t').role).toEqualTypeOf<'admin' | 'user'>();
expectTypeOf(typed('t').sub).toEqualTypeOf<string>();
expectTypeOf(typed('t').exp).toEqualTypeOf<number | undefined>();
expectTypeOf(typed('t').other).toBeAny();
expectTypeOf(backend).toEqualTypeOf<'native' | 'wasm' | 'js'>();
expectTypeOf(createSigner({ secret: 's', algorithm: 'HS512', expiresIn: '1h' })).toEqualTypeOf<Signer>();
createSigner({ secret: 's' })({ sub: 'me' }, { expiresIn: 60, audience: ['a'] });
interface Claims {
  sub: string;
}
const claims: Claims = { sub: 'me' };
expectTypeOf(auth.sign(claims, { expiresIn: '1h' })).toEqualTypeOf<string>();
// @ts-expect-error the algorithm belongs to the signer
auth.sign(claims, { algorithm: 'HS256' });
// @ts-expect-error claims are an object
auth.sign('text');
expectTypeOf(decodeToken('t')).resolves.toEqualTypeOf<DecodedJwt | null>();
expectTypeOf(verifyHmac('t', 's')).resolves.toEqualTypeOf<JwtPayload>();
expectTypeOf(verifyJwks('t', new URL('https://x'))).resolves.toEqualTypeOf<JwtPayload>();
expectTypeOf<Algorithm>().toEqualTypeOf<'HS256' | 'HS384' | 'HS512'>();
expectTypeOf(new TokenExpiredError('m', new Date())).toExtend<JsonWebTokenError>();
expectTypeOf<TokenExpiredError['expiredAt']>().toEqualTypeOf<Date>();
expectTypeOf<NotBeforeError['date']>().toEqualTypeOf<Date>();
expectTypeOf<JsonWebTokenError['code']>().toEqualTypeOf<ErrorCode | undefined>();
expectTypeOf<
  'MJWT_EXPIRED' | 'MJWT_KEY_TOO_SHORT' | 'MJWT_REVOKED' | 'MJWT_NATIVE_MISSING'
>().toExtend<ErrorCode>();
expectTypeOf<'MJWT_NULL_POINTER'>().not.toExtend<ErrorCode>();
expectTypeOf<string>().not.toExtend<ErrorCode>();
const policy: PolicyDocument = { algorithms: ['HS256'], issuer: ['i'], maxAge: 60, requireExp: true };
void policy;
// @ts-expect-error an unknown member
void ({ issuers: ['i'] } satisfies PolicyDocument);
expectTypeOf([{}].map(createSigner({ secret: 's' }))).toEqualTypeOf<string[]>();
auth.replaceKeys({ secret: [{ kid: 'b', secret: 's' }] });
