/** What npm run provision was told, and what it writes. */
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { FORMATS } from './formats';
import { type Scope, type Watched, SCOPES, titleOf } from './watched';

export const USAGE = `npm run provision -- --datasource <uid> --out <folder> [more]
  --datasource  uid of the data source in Grafana
  --out         folder that the files are written to
  --name        what people call it, in titles and in the label datasource; its uid if left out
  --folder      title of the folder in Grafana; NATS (<name>) if left out
  --org         id of the organisation, which links of alerts name in each format; 1 if left out
  --scope       account if the data source has scope: account: leaves out the rules that ask what it does not see;
                all if left out
  --format      ${Object.keys(FORMATS).join(', ')}; ${Object.keys(FORMATS)[0]} if left out
`;

export interface Told extends Watched {
  out: string;
  format: keyof typeof FORMATS;
}

const isScope = (text: string): text is Scope => SCOPES.some((scope) => scope === text);
const isFormat = (text: string): text is keyof typeof FORMATS => text in FORMATS;

/** What the arguments mean; an error in one sentence if they do not mean anything. */
export function told(args: string[]): Told {
  const text = { type: 'string' } as const;
  const options = { datasource: text, out: text, name: text, folder: text, org: text, scope: text, format: text };
  const { values } = parseArgs({ args, options });
  const { datasource, out, name = datasource, org = '1', scope = 'all', format = 'files' } = values;
  if (!datasource || !name || !out) {
    throw new Error('--datasource and --out are needed');
  }
  if (!isFormat(format)) {
    throw new Error(`--format ${format} is not one of ${Object.keys(FORMATS).join(', ')}`);
  }
  if (!isScope(scope)) {
    throw new Error(`--scope ${scope} is not one of ${SCOPES.join(', ')}`);
  }
  if (!/^[1-9]\d*$/.test(org)) {
    throw new Error(`--org ${org} is not the number of an organisation`);
  }
  const folder = values.folder || titleOf({ name }, 'NATS');
  return { datasource, name, orgId: Number(org), folder, scope, out, format };
}

/** Writes the files, and returns their paths. */
export function write(told: Told): string[] {
  return Object.entries(FORMATS[told.format](told)).map(([file, text]) => {
    const at = path.join(told.out, file);
    fs.mkdirSync(path.dirname(at), { recursive: true });
    fs.writeFileSync(at, text);
    return at;
  });
}
