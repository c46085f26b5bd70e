import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/browser/**', 'test/electron/**'],
    pool: 'forks',
    maxWorkers: 2,
    // A process with TensorFlow loaded was once seen to hang, out of several hundred started by these tests; a landing must not depend
    // on that. A test that fails twice fails.
    retry: process.env['CI'] ? 1 : 0,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
