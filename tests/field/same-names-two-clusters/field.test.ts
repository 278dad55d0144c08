import { asking, useImitations } from '../../harness/imitations';
import { ALERT, HOUR, ask, last, totals, usePlugin } from '../../harness/plugin';

const plugin = usePlugin();
const { serve } = useImitations(__dirname);

const STOPS = { queryType: 'stops', view: 'totals', groupBy: ['server'] };
const EU = 'server=nats-0 (eu)';
const US = 'server=nats-0 (us)';

test('two servers of one name are two, in panels and in alerts', async () => {
  const source = asking([await serve('nats-0-eu'), await serve('nats-0-us')]);
  for (const headers of [{}, ALERT]) {
    expect(totals(await ask(plugin(), source, STOPS, { headers }))).toEqual({ [EU]: 3, [US]: 7 });
  }
  const answered = { queryType: 'servers', view: 'totals', metric: 'answered', groupBy: ['server'] };
  expect(totals(await ask(plugin(), source, answered))).toEqual({ [EU]: 1, [US]: 1 });
});

test('a label is a filter', async () => {
  const source = asking([await serve('nats-0-eu'), await serve('nats-0-us')]);
  const filters = [{ key: 'server', operator: '=', values: ['nats-0 (us)'] }];
  expect(totals(await ask(plugin(), source, { ...STOPS, filters }))).toEqual({ [US]: 7 });
});

test('each has a counter of its own', async () => {
  const source = asking([await serve('nats-0-eu'), await serve('nats-0-us')]);
  await ask(plugin(), source, STOPS);
  const lines = (await plugin().metrics())
    .split('\n')
    .filter((line) => line.startsWith('nats_connections_stopped_total{') && line.includes(source.uid));
  const counted = lines.map((line) => [/server="([^"]*)"/.exec(line)?.[1], Number(line.split(' ').at(-1))]);
  expect(counted.map(([server]) => server).sort()).toEqual(['nats-0 (eu)', 'nats-0 (us)']);
});

test('where one is dead it has no zero, and the other keeps its own', async () => {
  const us = await serve('nats-0-us');
  const source = asking([await serve('nats-0-eu'), us]);
  await ask(plugin(), source, STOPS);
  await us.stop();
  const { from } = last(HOUR);
  const range = { from: from - HOUR, to: from };
  expect(totals(await ask(plugin(), source, STOPS, { range }))).toEqual({ [EU]: 0 });
});
