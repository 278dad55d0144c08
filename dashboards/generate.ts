/** Writes the provisioned dashboard and alert rules; --check tells instead whether they are up to date. */
import fs from 'node:fs';
import path from 'node:path';

import * as prettier from 'prettier';
import { stringify } from 'yaml';

import { OUTPUTS } from './outputs';

const ROOT = path.resolve(__dirname, '..');

const HEADER = '# Generated from dashboards/rules.ts. Do not edit: change that and run npm run generate.\n';

/** The file's text as prettier wants it, so that it passes the same check as what people write. */
async function text(file: string, content: unknown): Promise<string> {
  const raw = file.endsWith('.json')
    ? JSON.stringify(content, null, 2)
    : HEADER + stringify(content, { lineWidth: 0, aliasDuplicateObjects: false });
  const filepath = path.join(ROOT, file);
  return prettier.format(raw, { ...(await prettier.resolveConfig(filepath)), filepath });
}

async function main(): Promise<void> {
  const check = process.argv.includes('--check') || process.argv.includes('-check');
  for (const [file, content] of Object.entries(OUTPUTS)) {
    const target = path.join(ROOT, file);
    const wanted = await text(file, content());
    if (fs.existsSync(target) && fs.readFileSync(target, 'utf8') === wanted) {
      continue;
    }
    if (check) {
      process.stdout.write(`${file} is not what dashboards/ says\n`);
      process.exitCode = 1;
      continue;
    }
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.writeFileSync(target, wanted);
    process.stdout.write(`wrote ${file}\n`);
  }
}

main().catch((cause: unknown) => {
  process.stderr.write(`${cause instanceof Error ? cause.message : String(cause)}\n`);
  process.exit(1);
});
