/**
 * The package as `mastra-jwt`, with the platform packages where a bundler sees them: for those who
 * want their bundler or file tracer to carry the native binary along. It must know what to do with
 * `.node` files.
 *
 * @packageDocumentation
 */
import './backend/platform-packages.js';

export * from './index.js';
