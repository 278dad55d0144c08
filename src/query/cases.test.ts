import fs from 'node:fs';
import path from 'node:path';
import { interpolate } from './interpolate';
import { migrate } from './migrate';
import { type Query } from './model.gen';
import { problemOf } from './validity';

interface Case {
  name: string;
  query: Partial<Query>;
  /** How the backend's sentence begins, if it refuses the query. */
  refused?: string;
  /** Why the editor lets pass what the backend refuses. */
  editor?: string;
}

const file = path.join(__dirname, '../../pkg/query/testdata/cases.jsonc');
const cases: Case[] = JSON.parse(fs.readFileSync(file, 'utf8').replace(/^\s*\/\/.*$/gm, ''));

test.each(cases)('$name', ({ query, refused, editor }) => {
  const problem = problemOf(query);
  if (!refused || editor) {
    expect(problem).toBeUndefined();
  } else {
    expect(refused.replace(/^The dashboard's filter/, 'filters[0]')).toContain(problem?.field);
    expect(problem?.sentence).toMatch(/^.+\.$/);
  }
});

test.each(cases)('$name, sent by the browser, is what is stored', ({ query }) => {
  const { key: exploresOwn, ...given } = migrate(query);
  const sent = interpolate(migrate(query), (text = '') => text, {});
  const asTexts = JSON.stringify(given).replace('[2,1.5,true]', '["2","1.5","true"]');
  expect(JSON.parse(JSON.stringify(sent))).toEqual({
    ...JSON.parse(asTexts),
    ...(given.queryType === 'values' ? { key: exploresOwn } : {}),
    ...(/__.*interval/.test(String(given.interval)) ? { interval: 'auto' } : {}),
  });
});
