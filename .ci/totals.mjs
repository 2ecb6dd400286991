/** Prints "N passed, N failed, N skipped" from the test runner's JSON; fails if nothing was run. */
import { existsSync, readFileSync } from 'node:fs';

const [file = ''] = process.argv.slice(2);
const results = existsSync(file)
  ? JSON.parse(readFileSync(file, 'utf8'))
  : { numPassedTests: 0, numFailedTests: 1, numPendingTests: 0, testResults: [] };
const { numPassedTests: passed, numPendingTests: skipped } = results;
// A file that cannot even be loaded has no tests that could fail.
const broken = results.testResults.filter(
  (one) => one.status === 'failed' && one.assertionResults.length === 0,
).length;
const failed = results.numFailedTests + broken;
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
