// The public types, as a CommonJS module sees them: the same as those of the ES module.
import { expectTypeOf } from 'expect-type';
import mastraJwt = require('mastra-jwt');

type Esm = typeof import('mastra-jwt', { with: { 'resolution-mode': 'import' } });
type EsmAuth = import('mastra-jwt', { with: { 'resolution-mode': 'import' } }).MastraJwtAuth;

const auth = new mastraJwt.MastraJwtAuth({ secret: 's' });
expectTypeOf(auth).toEqualTypeOf<EsmAuth>();
expectTypeOf<keyof typeof mastraJwt>().toEqualTypeOf<keyof Esm>();
expectTypeOf(mastraJwt.createVerifier).toEqualTypeOf<Esm['createVerifier']>();
expectTypeOf(auth.authenticateToken('t')).resolves.toEqualTypeOf<mastraJwt.JwtPayload>();

// mastra-jwt/native is the same.
import visible = require('mastra-jwt/native');
expectTypeOf<typeof visible>().toEqualTypeOf<typeof mastraJwt>();
