// The frontend's tests once more, on React 19 and the newest Grafana that tests/react-19 pins. `npm test` installs it.
const base = require('./jest.config');

module.exports = {
  ...base,
  resolver: '<rootDir>/tests/react-19/resolver.js',
  setupFiles: ['<rootDir>/tests/react-19/setup.js'],
};
