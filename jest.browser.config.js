// Tests of the built frontend in Chromium, on React 19; scripts/react19.mjs installs both.
process.env.TZ = 'UTC';

const { transform } = require('./jest.config');

module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/tests/browser'],
  testMatch: ['**/*.test.ts'],
  // A browser on a busy machine takes its time.
  testTimeout: 120_000,
  transform,
};
