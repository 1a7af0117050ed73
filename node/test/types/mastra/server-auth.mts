// MastraJwtAuth where Mastra expects a provider, and where code written against @mastra/auth has
// it. Checked by tsc alone; nothing here runs.
import { Mastra } from '@mastra/core';
import { CompositeAuth, SimpleAuth } from '@mastra/core/server';
import { expectTypeOf } from 'expect-type';
import type * as reference from '@mastra/auth';
import {
  MastraJwtAuth,
  type IMastraAuthProvider,
  type JwtPayload,
  type MastraJwtAuthOptions,
} from '../../../dist/index.mjs';

const auth = new MastraJwtAuth({ secret: 's', mapUserToResourceId: 'sub' });
const quiet = new MastraJwtAuth({ secret: 's', quiet: true });
class Custom extends MastraJwtAuth {
  override async authorizeUser(user: JwtPayload): Promise<boolean> {
    return user.role === 'admin';
  }
}

new Mastra({ server: { auth } });
new Mastra({ server: { auth: quiet } });
new Mastra({ server: { auth: new Custom() } });
new Mastra({ server: { auth: new CompositeAuth([auth, quiet, new SimpleAuth({ tokens: {} })]) } });
// @ts-expect-error what has no authenticateToken of the right kind is not a provider
new Mastra({ server: { auth: { authenticateToken: 5 } } });

expectTypeOf(auth).toExtend<reference.IMastraAuthProvider<JwtPayload>>();
expectTypeOf(auth).toExtend<reference.IMastraAuthProvider>();
expectTypeOf(quiet).toExtend<reference.IMastraAuthProvider>();
expectTypeOf<reference.IMastraAuthProvider<JwtPayload>>().toExtend<IMastraAuthProvider<JwtPayload>>();

// The options of the reference are options here.
type ReferenceOptions = NonNullable<ConstructorParameters<typeof reference.MastraJwtAuth>[0]>;
expectTypeOf<ReferenceOptions>().toExtend<MastraJwtAuthOptions>();
