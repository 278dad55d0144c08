// Simulated servers in a thread of their own: they answer as a NATS server does where nothing stops any more.
import http from 'node:http';
import { parentPort, workerData } from 'node:worker_threads';

const { count, ring } = workerData;
const started = Date.now() - 3_600_000;
const totals = { requests: 0, bytes: 0 };

const REASONS = ['Client Closed', 'Stale Connection', 'Authentication Failure', 'Read Error'];
const APPS = ['billing', 'orders', 'search', 'gateway'];

function record(i) {
  const at = new Date(started + 3_600_000 - i * 1_000).toISOString();
  return JSON.stringify({
    cid: ring - i,
    kind: 'Client',
    type: 'nats',
    ip: '10.0.0.1',
    port: 30_000,
    start: at,
    last_activity: at,
    stop: at,
    reason: REASONS[i % 4],
    rtt: '350µs',
    pending_bytes: 0,
    in_msgs: 3,
    out_msgs: 5,
    in_bytes: 300,
    out_bytes: 500,
    subscriptions: 1,
    name: `${APPS[i % 4]}-service-pod-${i.toString(16).padStart(8, '0')}`,
    account: 'APP',
  });
}

const records = Array.from({ length: ring }, (_, i) => record(i));
const padding = '.'.repeat(2_000);

function answer(name, url) {
  const { pathname, searchParams } = new URL(url, 'http://server');
  const server_id = `ID-${name}`;
  if (pathname === '/connz') {
    const page = records.slice(0, Number(searchParams.get('limit')));
    return `{"server_id":"${server_id}","connections":[${page.join(',')}]}`;
  }
  const counters = { total_connections: ring, connections: 0, leafnodes: 0 };
  const [start, now] = [new Date(started), new Date()];
  return JSON.stringify({ server_id, server_name: name, version: '2.15.2', start, now, ...counters, padding });
}

async function listen(name) {
  const server = http.createServer((request, response) => {
    const body = Buffer.from(answer(name, request.url));
    totals.requests += 1;
    totals.bytes += body.length;
    response.setHeader('Content-Type', 'application/json').end(body);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${server.address().port}`;
}

parentPort.on('message', () => parentPort.postMessage({ ...totals }));
parentPort.postMessage(await Promise.all(Array.from({ length: count }, (_, i) => listen(`n${i + 1}`))));
