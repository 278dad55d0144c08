/** What a dashboard of twelve panels costs with three servers of full rings. */
import { randomUUID } from 'node:crypto';

import { type DataSource, type Host, type Query } from '../host';
import { type NatsServer } from '../nats-server';
import { BY_REASON, PANELS, TOTAL, ask, atOnce, dataSource, least, numberIn, refreshing, settle } from './asking';
import { NATS_CLI, buildNatsCli, reportClosed } from './peers';
import { protocol } from './protocol';
import { type Report, type Result, compare, compareTimes, duration } from './report';
import { RING, SYSTEM, fullCluster, requestsTo, stopAll } from './servers';
import { watched } from './watched';
import { type Work, interleave, processorTimeOf } from './work';

const GOALS = { panels: 1.5, serial: 0.25, cli: 1 / 2.5, answerBytes: 20_000 };

/** Its answer is one number that takes no work to find: what it costs is the way there and back. */
const SMALLEST: Query = { queryType: 'servers', view: 'totals', metric: 'answered', groupBy: [] };

export async function dashboard(host: Host, rounds: number): Promise<Report> {
  const servers = await fullCluster();
  try {
    const warm = dataSource(
      'warm',
      servers.map(({ monitor }) => monitor)
    );
    const results = [
      ...(await refreshes(host, warm, servers, rounds)),
      await protocol(host, warm, rounds),
      await answerSize(host, warm),
      ...(await watched(host, servers, rounds)),
      ...(await cold(host, servers, rounds)),
    ];
    return { results, tables: [] };
  } finally {
    await stopAll(servers);
  }
}

/** Compares twelve panels at once with one, and with one after the other, each of which reads for itself. */
async function refreshes(host: Host, warm: DataSource, servers: NatsServer[], rounds: number): Promise<Result[]> {
  const single = Object.fromEntries(
    PANELS.map((panel, i): [string, Work] => [`${i}`, refreshing(host, warm, [panel])])
  );
  const times = await interleave<string>(rounds, {
    all: refreshing(host, warm, PANELS),
    smallest: refreshing(host, warm, Array<Query>(PANELS.length).fill(SMALLEST)),
    ...single,
  });
  const { all = 0, smallest = 0 } = times;
  const serial = PANELS.reduce((sum, _, i) => sum + (times[`${i}`] ?? 0), 0);
  const requests = await least(3, () => requestsFor(host, warm, servers), Number);
  const effort = await effortOf(host, warm, servers, rounds);
  return [
    compare('12 panels, 3 servers, warm: requests to NATS ÷ 3', requests, servers.length, 1, `${requests} requests`),
    compareTimes(
      '12 panels at once ÷ one warm panel',
      all,
      times['0'] ?? 0,
      GOALS.panels,
      `; twelve of the smallest panel ${duration(smallest)}${effort}`
    ),
    compareTimes('12 panels at once ÷ one after the other', all, serial, GOALS.serial),
  ];
}

/** Where the time of twelve panels goes. */
async function effortOf(host: Host, warm: DataSource, servers: NatsServer[], rounds: number): Promise<string> {
  const who = { 'the plugin': [host.pid], 'who asks': [process.pid], 'the servers': servers.map(({ pid }) => pid) };
  const spent = Object.fromEntries(Object.keys(who).map((name) => [name, 0]));
  for (let round = 0; round < rounds; round++) {
    await settle();
    const before = Object.values(who).map(processorTimeOf);
    await atOnce(host, warm, PANELS);
    Object.entries(who).forEach(([name, pids], i) => {
      spent[name] = (spent[name] ?? 0) + processorTimeOf(pids) - (before[i] ?? 0);
    });
  }
  const told = Object.entries(spent).map(([name, ms]) => `${duration(ms / rounds)} in ${name}`);
  return (spent['the plugin'] ?? 0) > 0 ? `; processors are busy ${told.join(', ')}` : '';
}

/** What one dashboard asks of the servers. */
async function requestsFor(host: Host, warm: DataSource, servers: NatsServer[]): Promise<number> {
  const before = await requestsTo(servers);
  await atOnce(host, warm, PANELS);
  const after = await requestsTo(servers);
  // Of the two counts' own requests, the first is in the second count.
  return after.total - before.total - servers.length;
}

/** What the browser gets: Grafana sends frames as JSON. */
async function answerSize(host: Host, warm: DataSource): Promise<Result> {
  const now = Date.now();
  const answers = await host.query(warm, { from: now - 6 * 3_600_000, to: now }, [{ version: 1, ...BY_REASON }]);
  const bytes = Buffer.byteLength(JSON.stringify(answers.A));
  const name = 'answer to the browser, by reason, account and server ÷ 20 kB';
  return compare(name, bytes, GOALS.answerBytes, 1, `${bytes} bytes`);
}

/** Compares a first answer with natscli's report on the same servers. */
async function cold(host: Host, servers: NatsServer[], rounds: number): Promise<Result[]> {
  const cli = await buildNatsCli();
  const [asked] = servers;
  if (!cli || !asked) {
    return [];
  }
  let total = 0;
  const first = async () => {
    const urls = servers.map(({ monitor }) => monitor);
    total = numberIn(await ask(host, dataSource(randomUUID(), urls), TOTAL));
  };
  const times = await interleave(Math.min(rounds, 5), {
    // natscli's own connection has ended by then, too.
    first: { prepare: settle, run: first },
    report: { run: () => reportClosed(cli, asked, SYSTEM.user, SYSTEM.password) },
  });
  return [
    compareTimes(`cold answer, 3 servers ÷ natscli ${NATS_CLI}`, times.first, times.report, GOALS.cli),
    compare('cold answer: 30,000 records ÷ records counted', servers.length * RING, total, 1, `${total} records`),
  ];
}
