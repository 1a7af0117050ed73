import { Failure, messageOf, UsageError } from './args.js';
import type { FoundSecret } from './secret-source.js';

/** One thing that was looked at, and whether it is as it should be. */
export interface Finding {
  readonly text: string;
  readonly wrong: boolean;
}

/** Protected by every Mastra server that has authentication. */
const DEFAULT_PATH = '/api/agents';
const TIMEOUT_MS = 10_000;
const LIFETIME_SECONDS = 60;
const UNAUTHORIZED = 401;

/** The address of `--url`. */
export function addressOf(argument: string): URL {
  const url = URL.canParse(argument) ? new URL(argument) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(`--url must be an address that begins with http:// or https://, not ${argument}`);
  }
  if (url.pathname === '/') url.pathname = DEFAULT_PATH;
  return url;
}

/** Asks a server without a token, with one whose signature is wrong, and with a valid one. */
export async function checkServer(url: URL, { secret }: FoundSecret): Promise<Finding[]> {
  // Loaded here: what runs on this machine is reported even if no backend loads.
  const { signText } = await import('./library.js');
  const now = Math.floor(Date.now() / 1000);
  const token = signText(
    secret,
    JSON.stringify({ sub: 'mastra-jwt-doctor', iat: now, exp: now + LIFETIME_SECONDS }),
  );
  try {
    return [
      mustRefuse('without a token', await statusOf(url)),
      mustRefuse('with a wrong signature', await statusOf(url, withWrongSignature(token))),
      mustAccept(await statusOf(url, token)),
    ];
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return [{ text: error.message, wrong: true }];
  }
}

function mustRefuse(how: string, status: number): Finding {
  if (status === UNAUTHORIZED) return { text: `${how}: 401, as it should be`, wrong: false };
  const cause = status === 404 ? 'nothing is at this address, or it' : 'this address';
  return { text: `${how}: ${status}, not 401: ${cause} is not protected`, wrong: true };
}

function mustAccept(status: number): Finding {
  const how = 'with a valid token:';
  if (status === UNAUTHORIZED) {
    return {
      text: `${how} 401: the server has another secret, or requires an issuer, an audience or another claim`,
      wrong: true,
    };
  }
  if (status === 403) {
    return { text: `${how} 403: the token is accepted, but its subject may not do this`, wrong: false };
  }
  return { text: `${how} ${status}, accepted`, wrong: false };
}

/**
 * The status of the answer itself: a redirect is not followed, so that the token stays at this
 * address.
 */
async function statusOf(url: URL, token?: string): Promise<number> {
  try {
    const response = await fetch(url, {
      headers: token === undefined ? {} : { Authorization: `Bearer ${token}` },
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await response.body?.cancel();
    return response.status;
  } catch (error) {
    const { cause } = error as { cause?: unknown };
    throw new Failure(`cannot be reached: ${messageOf(cause ?? error)}`);
  }
}

/**
 * The first character of a signature holds six of its bits, so that another one is another
 * signature.
 */
function withWrongSignature(token: string): string {
  const at = token.lastIndexOf('.') + 1;
  return token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
}
