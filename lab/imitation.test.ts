import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { Imitation, Recording } from './imitation';

const HOUR = 3_600_000;
const RECORDED = Date.parse('2020-01-01T12:00:00Z');
const at = (ms: number) => new Date(RECORDED + ms).toISOString();

let folder: string;
let server: Imitation;

beforeEach(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'imitation-'));
  const write = (name: string, value: object) => fs.writeFileSync(path.join(folder, name), JSON.stringify(value));
  write('a.varz.json', { server_id: 'A', now: at(0) });
  write('b.varz.json', { server_id: 'B', now: at(HOUR) });
  const closed = [1, 2, 3].map((cid) => ({ cid, stop: at(-1_000 * (4 - cid)), in_msgs: 10 - cid }));
  write('a.connz-closed.json', { connections: closed });
  write('a.connz-open.json', { connections: [{ cid: 9 }] });
  write('a.accountz.json', { accounts: ['$G'] });
  server = await new Imitation(new Recording(folder).replies('a')).start();
});

afterEach(async () => {
  await server.stop();
  fs.rmSync(folder, { recursive: true });
});

interface Reply {
  server_id: string;
  now: string;
  total: number;
  connections: Array<{ cid: number; stop: string }>;
}

const get = async (asked: string): Promise<Reply> => (await (await fetch(`${server.url}${asked}`)).json()) as Reply;
const cids = async (query: string) => (await get(`/connz?${query}`)).connections.map(({ cid }) => cid);
const aheadMs = ({ now }: { now: string }) => Date.parse(now) - Date.now();

test('the first server tells the present, and others keep their distance', async () => {
  expect(Math.abs(aheadMs(await get('/varz')))).toBeLessThan(5_000);
  server.become(new Recording(folder).replies('b'));
  expect(Math.abs(aheadMs(await get('/varz')) - HOUR)).toBeLessThan(5_000);
  server.become(new Recording(folder, 'b').replies('a'));
  expect(Math.abs(aheadMs(await get('/connz')) + HOUR)).toBeLessThan(5_000);
});

test('lists are sorted, cut and looked into', async () => {
  expect(await cids('state=closed&sort=stop')).toEqual([3, 2, 1]);
  expect(await cids('state=closed&sort=stop&offset=1&limit=1')).toEqual([2]);
  expect(await cids('state=closed&sort=msgs_from')).toEqual([1, 2, 3]);
  expect(await cids('state=closed&cid=2')).toEqual([2]);
  expect(await cids('')).toEqual([9]);
  expect((await get('/connz?state=closed&limit=1')).total).toBe(3);
  expect((await fetch(`${server.url}/connz?sort=luck`)).status).toBe(400);
});

test('other endpoints say what their files say, or are not there', async () => {
  expect(await get('/accountz')).toMatchObject({ accounts: ['$G'] });
  expect((await fetch(`${server.url}/jsz`)).status).toBe(404);
  expect(server.requests.map(({ path: asked }) => asked)).toEqual(['/accountz', '/jsz']);
});

test('a clock steps, and records keep their times', async () => {
  const [before] = (await get('/connz?state=closed')).connections;
  server.step(-HOUR);
  expect(Math.abs(aheadMs(await get('/varz')) + HOUR)).toBeLessThan(5_000);
  expect((await get('/connz?state=closed')).connections[0]).toEqual(before);
});

test('a server is away, and back at the same address', async () => {
  const { url } = server;
  await server.stop();
  await expect(get('/varz')).rejects.toThrow('fetch failed');
  await server.start();
  expect(server.url).toBe(url);
  expect((await get('/varz')).server_id).toBe('A');
});
