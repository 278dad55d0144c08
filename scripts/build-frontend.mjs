// Builds the plugin's frontend into dist/, as `npm run build` does.
import path from 'node:path';

import { must } from './lib.mjs';

export const WEBPACK = ['webpack/bin/webpack.js', '-c', './.config/webpack/webpack.config.ts', '--env', 'production'];

export const buildFrontend = () =>
  must(process.execPath, [path.join('node_modules', WEBPACK[0]), ...WEBPACK.slice(1), '--stats', 'errors-only']);
