import { migrate } from './migrate';

test.each([
  ['a missing version becomes the first', { view: 'logs' }, { view: 'logs', version: 1 }],
  ['a known version stays', { version: 1, limit: 5 }, { version: 1, limit: 5 }],
  ['a newer version is left for the backend to refuse', { version: 99 }, { version: 99 }],
] as const)('%s', (_, stored, wanted) => {
  const once = migrate({ ...stored });
  expect(once).toEqual(wanted);
  expect(migrate(once)).toEqual(once);
});
