/** The embedded store drops old rows of its logs. */
import { retentionSuite } from './retention.js';
import { sqliteUnderTest } from './sqlite_under_test.js';

retentionSuite('the embedded store', sqliteUnderTest, { runs: 12 });
