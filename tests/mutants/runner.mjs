// The tap runner of StrykerJS, which tries first what is likely to fail: the test of the file that
// is changed, then the others in the order of the settings, the quick ones first. The first failure
// ends a mutant.
import { basename } from 'node:path';
import { commonTokens, declareFactoryPlugin, PluginKind, tokens } from '@stryker-mutator/api/plugin';
import { createTapTestRunnerFactory } from '@stryker-mutator/tap-runner';

function createRunner(injector) {
  const runner = createTapTestRunnerFactory()(injector);
  runner.init = async () => void (runner.testFiles = injector.resolve(commonTokens.options).tap.testFiles);
  const mutantRun = runner.mutantRun.bind(runner);
  runner.mutantRun = ({ testFilter = runner.testFiles, ...options }) => {
    const own = `${basename(options.activeMutant.fileName, '.ts')}.test.mjs`;
    const first = testFilter.filter((name) => name.endsWith(own));
    return mutantRun({ ...options, testFilter: [...new Set([...first, ...testFilter])] });
  };
  return runner;
}
createRunner.inject = tokens(commonTokens.injector);

export const strykerPlugins = [declareFactoryPlugin(PluginKind.TestRunner, 'tap-in-order', createRunner)];
