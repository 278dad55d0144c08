// Tests see the same clock everywhere.
process.env.TZ = 'UTC';

const base = require('./.config/jest.config');
const { grafanaESModules, nodeModulesToTransform } = require('./.config/jest/utils');

// What @grafana/data and @grafana/ui 13.1 and 13.2 pull in as ES modules, also nested ones.
const esModules = [
  ...grafanaESModules,
  'd3-.*',
  'internmap',
  'delaunator',
  'robust-predicates',
  '@grafana/plugin-ui',
  '@marcbachmann/cel-js',
  '@react-awesome-query-builder',
  '@react-hookz',
  '@ver0',
  'quick-lru',
  'uwrap',
];

const [[, swc]] = Object.entries(base.transform);

module.exports = {
  ...base,
  // Not .cache, which holds packages of its own.
  roots: ['<rootDir>/src'],
  // Real editors in jsdom are slow on a busy machine.
  testTimeout: 120_000,
  transform: { '^.+\\.(t|mj|j)sx?$': swc },
  transformIgnorePatterns: [nodeModulesToTransform(esModules)],
};
