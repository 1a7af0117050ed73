import { parse } from './args.js';
import { backendState, versions } from './machine.js';
import { print } from './print.js';
import { describeSecret } from './secret-state.js';
import { findSecret } from './secret-source.js';
import { addressOf, checkServer, type Finding } from './server-check.js';

const NO_SECRET = 'none: set MASTRA_JWT_SECRET or JWT_AUTH_SECRET, here or in .env, or give --secret-file';

const WITHOUT_SECRET: Finding = { text: 'cannot be checked without its secret', wrong: true };

/** Says what runs here, and checks a server where one is given. */
export async function run(args: string[]): Promise<number> {
  const { values } = parse({
    args,
    options: { url: { type: 'string' }, 'secret-file': { type: 'string' } },
  });
  const url = values.url === undefined ? undefined : addressOf(values.url);
  const found = await findSecret(values['secret-file']);
  const sections: [title: string, findings: Finding[]][] = [
    ...versions().map(([title, text]): [string, Finding[]] => [title, [good(text)]]),
    ['backend', await backendState()],
    ['secret', found === undefined ? [good(NO_SECRET)] : describeSecret(found).map(good)],
  ];
  if (url !== undefined) {
    const findings = found === undefined ? [WITHOUT_SECRET] : await checkServer(url, found);
    sections.push(['server', [good(url.href), ...findings]]);
  }
  await print(sections.flatMap(([title, findings]) => linesOf(title, findings)).join('\n'));
  return sections.some(([, findings]) => findings.some(({ wrong }) => wrong)) ? 1 : 0;
}

const good = (text: string): Finding => ({ text, wrong: false });

/** The title beside the first finding, the others below it; what is wrong is marked. */
const linesOf = (title: string, findings: readonly Finding[]): string[] =>
  findings.map(
    ({ text, wrong }, index) => `${(index === 0 ? title : '').padEnd(12)}${wrong ? 'WRONG: ' : ''}${text}`,
  );
