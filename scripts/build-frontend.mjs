// Builds the plugin's frontend into dist/, as `npm run build` does.
import { must } from './lib.mjs';

const WEBPACK = ['node_modules/webpack/bin/webpack.js', '-c', './.config/webpack/webpack.config.ts'];

export const buildFrontend = () =>
  must(process.execPath, [...WEBPACK, '--env', 'production', '--stats', 'errors-only']);
