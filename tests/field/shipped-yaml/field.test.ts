import fs from 'node:fs';
import path from 'node:path';

import { type Scalar, parseAllDocuments, visit } from 'yaml';

import { ROOT, readPages } from '../../docs/pages';

/** Plain words that YAML 1.1 gives a meaning of their own, which JavaScript's reader does not tell. */
const OTHERWISE = /^(=|<<|y|n|yes|no|on|off|[-+]?[0-9]+(:[0-5]?[0-9])+(\.[0-9]*)?|0[0-7]+)$/i;

const shipped = (fs.readdirSync(path.join(ROOT, 'provisioning'), { recursive: true, encoding: 'utf8' }) as string[])
  .filter((name) => /\.ya?ml$/.test(name))
  .map((name) => [`provisioning/${name}`, fs.readFileSync(path.join(ROOT, 'provisioning', name), 'utf8')] as const);
const documented = readPages().flatMap(({ file, blocks }) =>
  blocks.filter(({ kind }) => kind.startsWith('yaml')).map(({ text }, i) => [`${file}, ${i + 1}`, text] as const)
);

/** What is written without quotes and means something else elsewhere. */
function otherwise(text: string): string[] {
  const found: string[] = [];
  for (const document of parseAllDocuments(text)) {
    visit(document, {
      Scalar: (_, { type, source = '' }: Scalar) => {
        if (type === 'PLAIN' && OTHERWISE.test(source)) {
          found.push(source);
        }
      },
    });
  }
  return found;
}

test('such words are noticed', () => {
  expect(otherwise('operator: =\nquoted: "="\nfor: 1:30\nflag: off\nmode: 0644\nnumber: 10')).toEqual([
    '=',
    '1:30',
    'off',
    '0644',
  ]);
});

test.each([...shipped, ...documented])('%s', (_, text) => {
  const read = (version: '1.1' | '1.2') => parseAllDocuments(text, { version }).map((one) => one.toJS() as unknown);
  expect(read('1.2').length).toBeGreaterThan(0);
  expect(read('1.1')).toEqual(read('1.2'));
  expect(otherwise(text)).toEqual([]);
});
