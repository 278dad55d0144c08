import fs from 'node:fs';
import path from 'node:path';

import { parse } from 'yaml';

import { asking, closeOn, emptied, useImitations } from '../../harness/imitations';
import { ALERT, ask, totals, usePlugin } from '../../harness/plugin';
import { ROOT, readPages } from '../../docs/pages';

const plugin = usePlugin();
const { serve } = useImitations(__dirname);

interface Rule {
  uid: string;
  labels?: Record<string, string>;
  data: Array<{ model: { groupBy?: string[] } }>;
}

const rulesOf = (text: string): Rule[] =>
  (parse(text) as { groups: Array<{ rules: Rule[] }> }).groups.flatMap(({ rules }) => rules);
const shipped = rulesOf(fs.readFileSync(path.join(ROOT, 'provisioning/alerting/nats-connections.yaml'), 'utf8'));
const documented = readPages()
  .flatMap(({ blocks }) => blocks.filter(({ kind }) => kind === 'yaml rule'))
  .flatMap(({ text }) => rulesOf(text));

test('there are rules of both kinds', () => {
  expect(shipped.length).toBeGreaterThanOrEqual(5);
  expect(documented.length).toBeGreaterThanOrEqual(1);
});

test.each([...shipped, ...documented])('$uid has no label that is a key of its own', ({ labels = {}, data }) => {
  const keys = data.flatMap(({ model }) => model.groupBy ?? []);
  expect(keys.length).toBeGreaterThan(0);
  expect(keys.filter((key) => key in labels)).toEqual([]);
});

test('grouped by severity without that label, both are there', async () => {
  const n1 = await serve('n1');
  const record = emptied(n1);
  closeOn(n1, 6, { ...record, reason: 'Slow Consumer (Pending Bytes)' });
  closeOn(n1, 1, { ...record, reason: 'Client Closed' });
  const query = { queryType: 'stops', view: 'totals', groupBy: ['severity'] };
  expect(totals(await ask(plugin(), asking([n1]), query, { headers: ALERT }))).toEqual({
    'severity=critical': 6,
    'severity=info': 1,
  });
});
