import { JsonWebTokenError, TokenExpiredError, NotBeforeError } from '../errors.js';
import { parse } from './args.js';
import { readJson, writeJson } from './exact-json.js';
import { fittingReading } from './hints.js';
import { readText } from './input.js';
import { verifyText } from './library.js';
import { print, say } from './print.js';
import { requireSecret } from './secret-source.js';
import { tokenFrom } from './token-argument.js';

/** Prints the claims of a valid token, or says why it is refused. */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parse({
    args,
    options: { 'secret-file': { type: 'string' }, policy: { type: 'string' } },
    allowPositionals: true,
  });
  const token = await tokenFrom(positionals);
  const policy = values.policy === undefined ? undefined : await readText(values.policy);
  const found = await requireSecret(values['secret-file']);
  let claims: string;
  try {
    claims = verifyText(found.secret, token, policy);
  } catch (error) {
    if (!(error instanceof JsonWebTokenError)) throw error;
    say(`refused: ${error.message} (${error.code})${timeOf(error)}`);
    const hint = error.code === 'MJWT_SIGNATURE' ? fittingReading(token, found) : undefined;
    if (hint !== undefined) say(`hint: ${hint}`);
    return 1;
  }
  await print(writeJson(readJson(claims), 2));
  return 0;
}

/** When it expired or becomes valid; nothing where no calendar has that time. */
function timeOf(error: JsonWebTokenError): string {
  const time =
    error instanceof TokenExpiredError
      ? error.expiredAt
      : error instanceof NotBeforeError
        ? error.date
        : undefined;
  if (time === undefined || Number.isNaN(time.getTime())) return '';
  return `, ${error instanceof TokenExpiredError ? 'at' : 'before'} ${time.toISOString()}`;
}
