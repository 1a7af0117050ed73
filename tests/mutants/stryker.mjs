// The settings of StrykerJS, which node.sh starts in a copy of node/. MUTATE: the files that are
// changed; TESTS: the test files.
const list = (name) => process.env[name].split(' ');

export default {
  plugins: [`${import.meta.dirname}/runner.mjs`],
  testRunner: 'tap-in-order',
  tap: {
    testFiles: list('TESTS').map((name) => `test/${name}.test.mjs`),
    // Node 23 and later print another format by default.
    nodeArgs: [
      '-r',
      `${import.meta.dirname}/processes.cjs`,
      '-r',
      '{{hookFile}}',
      '--test-reporter=tap',
      '{{testFile}}',
    ],
  },
  mutate: list('MUTATE'),
  inPlace: true,
  disableTypeChecks: 'ts/**/*.ts',
  buildCommand: `node ${import.meta.dirname}/build.mjs`,
  coverageAnalysis: 'perTest',
  concurrency: 1,
  timeoutMS: 20000,
  reporters: ['json', 'clear-text', 'progress-append-only'],
  jsonReporter: { fileName: process.env.REPORT },
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
};
