/** What this package needs of a logger; Mastra's loggers fulfil it. */
export interface Logger {
  debug(message: string, ...args: unknown[]): void;
  info(message: string, ...args: unknown[]): void;
  warn(message: string, ...args: unknown[]): void;
  error(message: string, ...args: unknown[]): void;
}

/** A logger that can make one for a component, as Mastra's do. */
export interface ParentLogger extends Logger {
  child(bindings: { component: string }): Logger;
}

const silent = (): void => {};

/** The logger until Mastra sets its own: errors go to the console, the rest nowhere. */
export const consoleLogger: Logger = {
  debug: silent,
  info: silent,
  warn: silent,
  error: (message, ...args) => console.error(message, ...args),
};
