import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/browser/**', 'test/electron/**'],
    pool: 'forks',
    maxWorkers: 2,
    // About one in some hundred processes that have TensorFlow loaded has been seen to hang at its exit; a landing must not depend
    // on that. A test that fails twice fails.
    retry: process.env['CI'] ? 1 : 0,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
