// Tools in Go that check this module without being part of it: pinned here, each built once into the cache.
import fs from 'node:fs';
import path from 'node:path';

import { CACHE, goEnv, must } from './lib.mjs';

async function tool(module, version) {
  const GOBIN = path.join(CACHE, 'bin');
  const name = path.posix.basename(module);
  const binary = path.join(GOBIN, `${name}-${version}`);
  if (!fs.existsSync(binary)) {
    process.stderr.write(`Building ${name} ${version}, once …\n`);
    await must('go', ['install', `${module}@${version}`], { ...goEnv(), GOBIN });
    const suffix = process.platform === 'win32' ? '.exe' : '';
    fs.renameSync(path.join(GOBIN, name + suffix), binary);
  }
  return binary;
}

export const golangciLint = () => tool('github.com/golangci/golangci-lint/v2/cmd/golangci-lint', 'v2.15.0');
export const gotestsum = () => tool('gotest.tools/gotestsum', 'v1.13.0');
