// npx vitest run --config dashboard/screenshots.config.mjs
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { include: ['dashboard/test/screenshots.ts'], testTimeout: 300_000, hookTimeout: 60_000 },
});
