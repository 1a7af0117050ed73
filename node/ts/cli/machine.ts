import { backend, reason } from '#backend';
import type { Finding } from './server-check.js';

export function versions(): [title: string, text: string][] {
  const { version } = require('../../package.json') as { version: string };
  return [
    ['mastra-jwt', version],
    ['Node', process.version],
    ['platform', `${process.platform}-${process.arch}`],
  ];
}

export function backendState(): Finding[] {
  return [{ text: `${backend.kind}, version ${backend.version()}: ${reason}`, wrong: false }];
}
