/** The store over PostgreSQL passes every suite that the embedded store passes. */
import { describe, test } from 'vitest';
import { conformance } from './conformance.js';
import { modelSuite } from './model.js';
import { postgresUnderTest } from './postgres/postgres_under_test.js';
import { whyNoPostgres } from './postgres/test_server.js';
import { retentionSuite } from './retention.js';

const reason = whyNoPostgres();

describe.skipIf(reason !== undefined)('PostgreSQL', () => {
  const factory = postgresUnderTest();
  conformance('the store over PostgreSQL', factory);
  retentionSuite('the store over PostgreSQL', factory, { runs: 1, steps: 20 });
  modelSuite('the store over PostgreSQL', factory, { runs: 8, commandsPerRun: 40 });
});

if (reason !== undefined) test(`PostgreSQL is skipped: ${reason}`, (context) => context.skip());
