/** The lab as people run it: on the command line, one run with the servers and others that make things happen there. */
import { type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';

import { endChild, spawnGuarded } from '../../lab/children';
import { type ClusterServer } from '../../lab/cluster';
import { type Stop } from '../../lab/lab';
import { eventually } from '../harness/eventually';

const LAB = path.join(__dirname, '../../scripts/lab.mjs');

const running: ChildProcess[] = [];

afterEach(() => Promise.all(running.splice(0).map((child) => endChild(child))));

/** Starts a run of the lab; its lines of JSON come as it prints them. */
function lab(...args: string[]) {
  const child = spawnGuarded(process.execPath, [LAB, ...args, '--json'], { stdio: ['pipe', 'pipe', 'inherit'] });
  running.push(child);
  if (!child.stdout || !child.stdin) {
    throw new Error('the lab has neither input nor output');
  }
  const ended = once(child, 'exit') as Promise<[number | null]>;
  const lines: Array<Record<string, unknown>> = [];
  createInterface({ input: child.stdout }).on('line', (line) =>
    lines.push(JSON.parse(line) as Record<string, unknown>)
  );
  const { stdin } = child;
  return { lines, end: () => stdin.end(), code: async () => (await ended)[0] };
}

test('a run tells where its servers are, another what it made happen there, each with an end', async () => {
  const cluster = lab('cluster');
  const [told] = await eventually(async () => {
    expect(cluster.lines).toHaveLength(1);
    return cluster.lines as unknown as Array<{ servers: ClusterServer[]; arguments: string[] }>;
  });
  const { servers = [], arguments: reach = [] } = told ?? {};
  expect(servers.map(({ name }) => name)).toEqual(['n1', 'n2', 'n3']);

  const visitor = lab('max-payload', '--once', ...reach);
  expect(await visitor.code()).toBe(0);
  expect(visitor.lines).toEqual([
    {
      behaviour: 'max-payload',
      reason: 'Maximum Message Payload Exceeded',
      server: expect.stringMatching(/^n[123]$/),
      server_id: expect.any(String),
      cid: expect.any(Number),
      account: expect.any(String),
      user: expect.any(String),
      name: expect.any(String),
    },
  ]);
  const [stop] = visitor.lines as unknown as [Stop];
  const monitor = servers.find(({ name }) => name === stop.server)?.monitor;
  const listed = (await (await fetch(`${monitor}/connz?state=closed`)).json()) as {
    server_id: string;
    connections: Array<{ cid: number; reason: string }>;
  };
  expect(listed.server_id).toBe(stop.server_id);
  expect(listed.connections).toContainEqual(expect.objectContaining({ cid: stop.cid, reason: stop.reason }));

  cluster.end();
  expect(await cluster.code()).toBe(0);
});
