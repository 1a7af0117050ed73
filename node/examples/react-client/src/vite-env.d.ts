/// <reference types="vite/client" />

interface ImportMetaEnv {
  readonly VITE_MASTRA_URL?: string;
  readonly VITE_MASTRA_JWT_TOKEN?: string;
}
