/** What a refresh with nothing new costs as servers become many. */
import { once } from 'node:events';
import path from 'node:path';
import { Worker } from 'node:worker_threads';

import { type DataSource, type Host } from '../host';
import { PANELS, atOnce, dataSource, refreshing, settle } from './asking';
import { type Report, compareTimes, duration } from './report';
import { type Work, interleave } from './work';

/** How many records a simulated server has. */
const RING = 1_000;
const CROWDS = [1, 3, 10, 100];

interface Traffic {
  requests: number;
  bytes: number;
}

export async function crowd(host: Host, rounds: number): Promise<Report> {
  const worker = new Worker(path.join(__dirname, 'crowd-worker.mjs'), {
    workerData: { count: Math.max(...CROWDS), ring: RING },
  });
  try {
    const [urls] = (await once(worker, 'message')) as [string[]];
    const sources = CROWDS.map((count) => dataSource(`crowd${count}`, urls.slice(0, count)));
    const costs: Traffic[] = [];
    for (const source of sources) {
      costs.push(await leastTraffic(host, source, worker));
    }
    const works = CROWDS.flatMap((count, i): Array<[string, Work]> => {
      const source = sources[i] as DataSource;
      return [
        [`one of ${count}`, refreshing(host, source, PANELS.slice(0, 1))],
        [`all of ${count}`, refreshing(host, source, PANELS)],
      ];
    });
    return told(await interleave<string>(rounds, Object.fromEntries(works)), costs);
  } finally {
    await worker.terminate();
  }
}

/** What a refresh asks of the servers: the least of several, since safety reads may fall into one. */
async function leastTraffic(host: Host, source: DataSource, worker: Worker): Promise<Traffic> {
  const refreshes: Traffic[] = [];
  for (let i = 0; i < 4; i++) {
    await settle();
    const before = await trafficOf(worker);
    await atOnce(host, source, PANELS);
    const after = await trafficOf(worker);
    refreshes.push({ requests: after.requests - before.requests, bytes: after.bytes - before.bytes });
  }
  return refreshes.reduce((least, one) => (one.bytes < least.bytes ? one : least));
}

async function trafficOf(worker: Worker): Promise<Traffic> {
  worker.postMessage('traffic');
  const [traffic] = (await once(worker, 'message')) as [Traffic];
  return traffic;
}

function told(times: Record<string, number>, costs: Traffic[]): Report {
  const time = (what: string) => times[what] ?? 0;
  const rows = CROWDS.map((count, i) => [
    `${count}`,
    duration(time(`one of ${count}`)),
    duration(time(`all of ${count}`)),
    duration(time(`one of ${count}`) / count),
    `${costs[i]?.requests}`,
    `${costs[i]?.bytes}`,
  ]);
  const many = Math.max(...CROWDS);
  const name = `growth: one panel, a server of ${many} simulated ÷ the only one`;
  return {
    results: [compareTimes(name, time(`one of ${many}`) / many, time('one of 1'), 1)],
    tables: [
      {
        title: 'As servers become many',
        remark: `Simulated servers with ${RING} records each, in the process that asks; a refresh with nothing new.`,
        rows: [['Servers', 'One panel', '12 panels at once', 'One panel, per server', 'Requests', 'Bytes'], ...rows],
      },
    ],
  };
}
