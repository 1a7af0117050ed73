const SECRET = `The secret is the first of these that there is:
  1. the bytes of --secret-file. If they are UTF-8 text, one line end at the end is taken off. They are never decoded.
  2. the environment variable MASTRA_JWT_SECRET
  3. the environment variable JWT_AUTH_SECRET
  4. MASTRA_JWT_SECRET, else JWT_AUTH_SECRET, in the file .env of the working directory
It is never an argument: every user of the machine can see the arguments of a command.`;

const TOKEN = `<token> may begin with "Bearer " and have white space around it. - reads it from standard input.`;

const EXIT = `Exit code: 0 done or valid, 1 refused, 2 wrong use or any other failure. A closed pipe does not change it.`;

/**
 * What `--help` prints. Apart from the commands, so that it needs nothing that could fail to load.
 */
export const HELP = {
  main: `Usage: mastra-jwt <command> [options]

Commands
  secret            print a fresh secret
  sign              print a signed token
  verify <token|->  check a token and print its claims
  decode <token|->  print header and claims, without checking anything
  doctor            say what runs here and what the secret looks like; check a server
  ui                open the token page: sign and check tokens in the browser, on this machine alone

mastra-jwt <command> --help says more. mastra-jwt --version prints the version.
${EXIT}`,

  secret: `Usage: mastra-jwt secret

Prints 48 random bytes as 64 base64url characters: long enough for HS256, HS384 and HS512.`,

  sign: `Usage: mastra-jwt sign [options]

Prints a token, and nothing else, on standard output.

  --sub <text>          the subject (claim sub)
  --expires-in <span>   how long it is valid: whole seconds (3600), or a number with a unit (90s, 15m, 1h, 7d).
                        Default: it never expires
  --claim <name=value>  one more claim; may be repeated. A value that is JSON is taken as JSON (true, 5, ["a"]),
                        any other as text; write '"5"' for the text 5
  --json <file|->       claims as a JSON object, from a file or standard input. The options above replace its members
  --secret-file <file>  see below

Numbers go into the token as they are written. iat is set to the current time if the claims have none.

${SECRET}`,

  verify: `Usage: mastra-jwt verify [options] <token|->

Prints the claims of a valid token as JSON. Otherwise says why the token is refused; where the signature is invalid,
also whether another reading of the secret would fit.

  --policy <file>       a policy document (policy.schema.json): a JSON object that says what else must be true of the
                        token. By its defaults HS256 alone is accepted, and no secret shorter than 32 bytes
  --secret-file <file>  see below

${TOKEN}

${SECRET}

${EXIT}`,

  decode: `Usage: mastra-jwt decode <token|->

Prints header and claims as JSON. Checks nothing: anybody can have written them. Exits with 1 if the token cannot be
read.

${TOKEN}`,

  doctor: `Usage: mastra-jwt doctor [options]

Says which backend runs here and why, the platform, the versions, where the secret comes from and what it looks like.
The secret itself is never shown.

  --url <address>       check a running server too: it must answer 401 without a token and to a token whose signature
                        is wrong, and something else to a valid one. Without a path, /api/agents is asked for, which a
                        Mastra server with authentication protects. The token has the subject mastra-jwt-doctor and is
                        valid for one minute
  --secret-file <file>  see below

${SECRET}

Exit code: 0 nothing wrong found, 1 something wrong found, 2 wrong use or any other failure.`,

  ui: `Usage: mastra-jwt ui [options]

Serves the token page on 127.0.0.1, prints its address, and opens the browser. Ctrl-C ends it. The page signs and checks
tokens with the same core as a server. The browser forbids it to send anything, and nothing is stored. The SHA-256 of the
page is printed; every release publishes the same one.

  --port <number>  listen on this port. Default: a free one
  --no-open        do not open the browser`,
} as const;
