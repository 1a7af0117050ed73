// The package under test: '@mastra/auth', which the set-up script has filled with mastra-jwt, or
// with the reference itself where AUTH_PACKAGE says so.
export const { MastraJwtAuth, ...rest } = await import(process.env.AUTH_PACKAGE ?? '@mastra/auth');
export const Reference = (await import('mastra-auth-reference')).MastraJwtAuth;
