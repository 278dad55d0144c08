import fs from 'node:fs';
import path from 'node:path';

import { parse } from 'yaml';

import { readQuestions } from '../../../lab/demo/provisioning';
import { freePorts } from '../../../lab/ports';
import { ROOT, readPages } from '../../docs/pages';
import { ALERT, ask, dataSource, frameOf, usePlugin } from '../../harness/plugin';

const plugin = usePlugin();

interface Rule {
  uid: string;
  annotations: Record<string, string>;
}

const rulesOf = (text: string): Rule[] =>
  (parse(text) as { groups: Array<{ rules: Rule[] }> }).groups.flatMap(({ rules }) => rules);
const PROVISIONING = path.join(ROOT, 'provisioning');
const RULES = [
  ...rulesOf(fs.readFileSync(path.join(PROVISIONING, 'alerting/nats-connections.yaml'), 'utf8')),
  ...readPages()
    .flatMap(({ blocks }) => blocks.filter(({ kind }) => kind === 'yaml rule'))
    .flatMap(({ text }) => rulesOf(text)),
];

/** A template of the kind that the rules have, as Grafana renders it where the labels are not there. */
const CHOICE = /\{\{ if \$labels\.\w+ \}\}[\s\S]*?\{\{ else \}\}([\s\S]*?)\{\{ end \}\}/g;
const WITHOUT = /^\{\{ with \$values\.threshold \}\}[\s\S]*\{\{ else \}\}([^{]*)\{\{ end \}\}$/;
const rendered = (text: string): string =>
  text
    .replace(WITHOUT, '$1')
    .replace(CHOICE, '$1')
    .replace(/\{\{[^}]*\}\}/g, '[no value]');

test('what has no value is noticed', () => {
  expect(rendered('{{ $labels.app }} lost {{ $values.A.Value }}')).toBe('[no value] lost [no value]');
});

test.each(RULES)('the texts of $uid say that nobody knows', ({ annotations }) => {
  for (const text of [annotations.summary, annotations.description].filter((one) => one !== undefined)) {
    expect(rendered(text)).not.toContain('[no value]');
    expect(rendered(text)).toMatch(/obody knows|had no answer/);
  }
});

const ASKED = readQuestions(PROVISIONING)
  .filter(({ isAlert }) => isAlert)
  .flatMap(({ title, queries }) => queries.map((query) => ({ title, refId: query.refId, query })));

test.each(ASKED)('$title, $refId: no server answers', async ({ query }) => {
  const [port] = await freePorts(1);
  const source = dataSource({ urls: [`http://127.0.0.1:${port}`] });
  const answer = await ask(plugin(), source, query, { headers: ALERT });
  if (query.queryType !== 'servers') {
    expect(answer.error).toContain('refused');
  } else {
    // About servers there is always an answer, also that they are silent.
    const labelled = frameOf(answer).schema.fields.map(({ labels }) => labels?.server);
    expect(labelled).toEqual(query.metric !== 'records_lost' ? [`127.0.0.1:${port}`] : []);
  }
});
