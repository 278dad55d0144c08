/** What the first answer after a restart of Grafana takes, when a stream has the stops of a day. */
import { randomUUID } from 'node:crypto';

import { visits } from '../clients';
import { type DataSource } from '../host';
import { sleep } from '../wait';
import { TOTAL, ask, dataSource, numberIn, startPlugin } from './asking';
import { type Result, compareTimes } from './report';
import { RING, fullServer } from './servers';
import { interleave } from './work';

const GOAL = 3;
const KEPT = 200_000;
/** Fewer than a ring has room for, so that each read finds all that is new. */
const AT_ONCE = RING / 2;
/** How long the last stops may take to be written. */
const PATIENCE_MS = 60_000;

export async function firstAnswer(rounds: number): Promise<Result> {
  const server = await fullServer({ server_name: 'n1', jetstream: {} });
  const history = { servers: [server.url], create: true };
  const plain = (): DataSource => dataSource(randomUUID(), [server.monitor]);
  const source: DataSource = { ...plain(), jsonData: { ...plain().jsonData, history } };
  let host = await startPlugin();
  const counted = async () => numberIn(await ask(host, source, TOTAL));
  const restart = async () => {
    await host.close();
    host = await startPlugin();
  };
  try {
    for (let known = await counted(); known < KEPT; known = await counted()) {
      await visits(server, AT_ONCE);
    }
    await restart();
    for (const end = Date.now() + PATIENCE_MS; (await counted()) < KEPT; await restart()) {
      if (Date.now() > end) {
        throw new Error('what was read is not in the stream');
      }
      await sleep(1_000);
    }
    const times = await interleave(rounds, {
      first: { prepare: restart, run: whole(counted) },
      cold: { run: () => ask(host, plain(), TOTAL) },
    });
    return compareTimes(
      'history: first answer after a restart, 200,000 records of the last day ÷ cold read of one ring',
      times.first,
      times.cold,
      GOAL
    );
  } finally {
    await host.close();
    await server.stop();
  }
}

/** An answer that lacks something is no answer here. */
const whole = (counted: () => Promise<number>) => async (): Promise<void> => {
  const known = await counted();
  if (known < KEPT) {
    throw new Error(`the first answer knows ${known} stops of ${KEPT}`);
  }
};
