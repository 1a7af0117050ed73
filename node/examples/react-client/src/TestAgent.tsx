import { useState } from 'react';
import { clientWith } from './mastra';

const QUESTION = 'What is the weather in London?';

/**
 * A failure as a person should read it: a 401 is about the token, anything else about the server.
 */
function explain(error: unknown): string {
  const { status, message } = error as { status?: number; message?: string };
  if (status === 401 || message?.includes('401')) return '401: the server refuses this token. Sign a new one.';
  return `The server could not be asked: ${message ?? String(error)}`;
}

/** The button of Mastra's documentation, and the same answer as a stream. */
export function TestAgent({ token }: { token: string }) {
  const [answer, setAnswer] = useState('');
  const [busy, setBusy] = useState(false);

  async function run(ask: () => Promise<void>) {
    setBusy(true);
    setAnswer('');
    try {
      await ask();
    } catch (error) {
      setAnswer(explain(error));
    } finally {
      setBusy(false);
    }
  }

  // The documentation calls generate({ messages }), which this client answers with 400; a text or a
  // list works.
  const generate = () =>
    run(async () => {
      const { text } = await clientWith(token).getAgent('weatherAgent').generate(QUESTION);
      setAnswer(text);
    });

  const stream = () =>
    run(async () => {
      const response = await clientWith(token).getAgent('weatherAgent').stream(QUESTION);
      await response.processDataStream({
        onChunk: async (chunk) => {
          if (chunk.type === 'text-delta') setAnswer((before) => before + chunk.payload.text);
        },
      });
    });

  return (
    <section>
      <button onClick={generate} disabled={busy}>
        Test Agent
      </button>{' '}
      <button onClick={stream} disabled={busy}>
        Stream
      </button>
      <p role="status">{answer}</p>
    </section>
  );
}
