/** The embedded store passes every suite, with checkpoints so frequent that every reopening meets one. */
import { describe } from 'vitest';
import { largestConversation } from './conformance/conversations.js';
import { conformance } from './conformance.js';
import { modelSuite } from './model.js';
import { sqliteUnderTest } from './sqlite_under_test.js';

conformance('the embedded store', sqliteUnderTest);
describe('the embedded store at its limit', () => largestConversation(sqliteUnderTest));
modelSuite('the embedded store', sqliteUnderTest, { runs: 25, commandsPerRun: 80 });
