import fs from 'node:fs';
import path from 'node:path';
import { linkProblem, milliseconds } from './links';
import { type Link } from './settings.gen';

const file = path.join(__dirname, '../../pkg/settings/testdata/links.json');
const cases: Array<{ link: Link; problem?: string }> = JSON.parse(fs.readFileSync(file, 'utf8'));

test.each(cases)('$link is judged as in the backend', ({ link, problem }) => {
  expect(linkProblem(link)).toBe(problem);
});

test.each([
  ['2m', 120_000],
  ['1h30m', 5_400_000],
  ['1.5s', 1500],
  ['2', undefined],
  ['2 m', undefined],
  ['0s', undefined],
])('%s is %s milliseconds', (duration, expected) => {
  expect(milliseconds(duration)).toBe(expected);
});
