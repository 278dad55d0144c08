// Tests of what runs in Node: the lab, the demo and the dashboards' generator.
process.env.TZ = 'UTC';

const { transform } = require('./jest.config');

module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/lab', '<rootDir>/dashboards'],
  testMatch: ['**/*.test.ts'],
  transform,
};
