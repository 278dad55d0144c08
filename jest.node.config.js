// Tests of what runs in Node: the lab, the demo, the dashboards' generator, scripts; and of the documentation.
process.env.TZ = 'UTC';

const { transform } = require('./jest.config');

module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/lab', '<rootDir>/dashboards', '<rootDir>/scripts', '<rootDir>/tests/docs'],
  testMatch: ['**/*.test.{ts,mjs}'],
  transform,
};
