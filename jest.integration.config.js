// Tests that ask the built plugin from outside, over gRPC: about real NATS servers, and about imitated ones.
process.env.TZ = 'UTC';

const { transform } = require('./jest.config');

module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/tests/integration', '<rootDir>/tests/field'],
  testMatch: ['**/*.test.ts'],
  globalSetup: '<rootDir>/tests/harness/build.ts',
  // Real servers on a busy machine take their time.
  testTimeout: 60_000,
  // What a failed test left open must not keep the run from ending; child processes end with it.
  forceExit: true,
  transform,
};
