import { useState } from 'react';
import { TestAgent } from './TestAgent';

export function App() {
  const [token, setToken] = useState(import.meta.env.VITE_MASTRA_JWT_TOKEN ?? '');
  return (
    <main style={{ maxWidth: '40rem', margin: '2rem auto', fontFamily: 'system-ui, sans-serif' }}>
      <h1>Weather agent</h1>
      <label>
        Token
        <textarea
          value={token}
          onChange={(event) => setToken(event.target.value.trim())}
          rows={4}
          spellCheck={false}
          style={{ width: '100%' }}
        />
      </label>
      <TestAgent token={token} />
    </main>
  );
}
