/** What it takes to read one full ring, and what is new in it. */
import { randomUUID } from 'node:crypto';

import { visits } from '../clients';
import { type DataSource, type Host } from '../host';
import { type NatsServer } from '../nats-server';
import { BY_REASON, TOTAL, ask, dataSource, least, numberIn, settle } from './asking';
import { RING_PATH, curlAndJq, download, hasCurlAndJq } from './peers';
import { type Report, type Result, compare, compareTimes, duration, kilobytes } from './report';
import { RING, fullServer, requestsTo } from './servers';
import { interleave } from './work';

const GOALS = { cold: 1.15, curl: 1 / 2.5, something: 0.12, nothing: 0.01 };

/** How many records a refresh with something new may read. */
const SMALL_PAGE = 64;

/** What is over soon is done more often. */
const MORE = 10;

export async function ring(host: Host, rounds: number): Promise<Report> {
  const server = await fullServer();
  try {
    const bare = () => download(server.monitor + RING_PATH);
    const fresh = () => ask(host, dataSource(randomUUID(), [server.monitor]), BY_REASON);
    const withCurl = await hasCurlAndJq();
    const times = await interleave(rounds, {
      bare: { run: bare },
      cold: { run: fresh },
      curl: { run: withCurl ? () => curlAndJq(server.monitor + RING_PATH) : () => Promise.resolve() },
    });
    const cost = await costOf(host, server, fresh);
    const results = [
      compareTimes('cold read of a full ring ÷ bare download', times.cold, times.bare, GOALS.cold, `; ${cost.told}`),
      ...(withCurl ? [compareTimes('cold read of a full ring ÷ curl and jq', times.cold, times.curl, GOALS.curl)] : []),
      ...(await refreshes(host, server, times.bare, rounds * MORE)),
    ];
    return { results, tables: [] };
  } finally {
    await server.stop();
  }
}

/**
 * What a refresh adds to an answer from what is known already: the way to the plugin and back, which both take, is not
 * what is compared with a download.
 */
async function refreshes(host: Host, server: NatsServer, bare: number, rounds: number): Promise<Result[]> {
  const stale = dataSource('refreshed', [server.monitor]);
  const known = dataSource('known', [server.monitor], '1m');
  const answer = (source: DataSource) => () => ask(host, source, BY_REASON);
  await answer(known)();
  await awaitRing(host, stale);
  const quietRings = await requestsTo([server]);
  const times = await interleave(rounds, {
    known: { prepare: settle, run: answer(known) },
    nothing: { prepare: settle, run: answer(stale) },
  });
  const quiet = await requestsTo([server]);
  const comes = async () => {
    await visits(server, 3);
    await settle();
  };
  const something = await interleave(Math.ceil(rounds / MORE), { run: { prepare: comes, run: answer(stale) } });
  await comes();
  const cost = await costOf(host, server, answer(stale));
  const quietCost = await least(
    5,
    () => costOf(host, server, answer(stale)),
    ({ bytes }) => bytes
  );
  const over = (name: string, took: number, goal: number, note: string) =>
    compare(
      name,
      took - times.known,
      bare,
      goal,
      `${duration(took)} less ${duration(times.known)}, ÷ ${duration(bare)}; ${note}`
    );
  return [
    over('refresh, something new ÷ bare download', something.run, GOALS.something, cost.told),
    compare(
      'refresh, something new: records in the largest answer ÷ allowed',
      cost.records,
      SMALL_PAGE,
      1,
      `${cost.records} ÷ ${SMALL_PAGE}`
    ),
    over(
      'refresh, nothing new ÷ bare download',
      times.nothing,
      GOALS.nothing,
      `${quietCost.told}; ${quiet.rings - quietRings.rings} ring reads in ${rounds + 1} refreshes`
    ),
  ];
}

/** Waits until the whole ring is known and the server's counters stand still. */
async function awaitRing(host: Host, source: DataSource): Promise<void> {
  for (let reads = 0; reads < 100; reads++) {
    if (numberIn(await ask(host, source, TOTAL)) >= RING && reads > 2) {
      return;
    }
    await settle();
  }
  throw new Error('the ring never was known');
}

/** What one run asked, by the server's count and the plugin's own. */
async function costOf(host: Host, server: NatsServer, run: () => Promise<unknown>) {
  const before = { ...(await countersOf(host)), asked: await requestsTo([server]) };
  await run();
  const after = { ...(await countersOf(host)), asked: await requestsTo([server]) };
  const requests = after.asked.total - before.asked.total - 1; // The first of the two countings is in the second.
  const records = after.records - before.records;
  const bytes = after.bytes - before.bytes;
  return { records, bytes, told: `asked ${requests} times for ${kilobytes(bytes)}` };
}

async function countersOf(host: Host): Promise<{ bytes: number; records: number }> {
  const lines = (await host.metrics()).split('\n');
  const sum = (metric: string) =>
    lines
      .filter((line) => line.startsWith(`nats_connections_${metric}{`))
      .reduce((total, line) => total + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
  return { bytes: sum('bytes_read_total'), records: sum('records_read_total') };
}
