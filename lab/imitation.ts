/** Monitoring ports of servers that are not there: they answer what a folder of recorded replies says, moved to now. */
import fs from 'node:fs';
import http from 'node:http';
import { type AddressInfo } from 'node:net';
import path from 'node:path';

import { type Connection, type Parameters, pageOf } from './connz';
import { exactNow, exactTime, moved, parseExactly, printExactly } from './replies';

/** What a server says: an object for each endpoint, and its connections. */
export interface Replies {
  varz: Record<string, unknown>;
  open: Connection[];
  closed: Connection[];
  /** Other endpoints by name, such as `accountz`. */
  others: Record<string, unknown>;
}

export interface Request {
  path: string;
  search: URLSearchParams;
  /** How long the answer's body was. */
  bytes: number;
}

/** The replies that a folder holds, by the names that its files begin with; all are moved in time by the same span. */
export class Recording {
  private readonly byMs: number;

  /** `reference` names the server whose `now` becomes the present; the others keep their distance to it. */
  constructor(
    private readonly folder: string,
    reference?: string
  ) {
    const [first] = this.names();
    const { varz } = this.read(reference ?? first ?? '', 0);
    this.byMs = Date.now() - Date.parse(String(varz.now));
  }

  /** What `<name>.varz.json`, `<name>.connz-closed.json`, `<name>.connz-open.json` and others say. */
  replies(name: string): Replies {
    return this.read(name, this.byMs);
  }

  names(): string[] {
    const endings = fs.readdirSync(this.folder).filter((file) => file.endsWith('.varz.json'));
    return endings.map((file) => file.slice(0, -'.varz.json'.length)).sort();
  }

  private read(name: string, byMs: number): Replies {
    const prefix = `${name}.`;
    const files = fs.readdirSync(this.folder).filter((file) => file.startsWith(prefix) && file.endsWith('.json'));
    const found = new Map(
      files.map((file) => {
        const text = fs.readFileSync(path.join(this.folder, file), 'utf8');
        return [file.slice(prefix.length, -'.json'.length), moved(parseExactly(text), byMs)];
      })
    );
    const varz = found.get('varz') as Record<string, unknown> | undefined;
    if (!varz) {
      throw new Error(`${this.folder} has no ${name}.varz.json; it has replies of ${this.names().join(', ')}`);
    }
    const list = (kind: string) =>
      (found.get(`connz-${kind}`) as { connections?: Connection[] } | undefined)?.connections;
    const others = [...found].filter(([endpoint]) => endpoint !== 'varz' && !endpoint.startsWith('connz-'));
    return { varz, open: list('open') ?? [], closed: list('closed') ?? [], others: Object.fromEntries(others) };
  }
}

/** One imitated monitoring port. Tests change what it says while it runs. */
export class Imitation {
  /** Everything that was asked so far. */
  readonly requests: Request[] = [];
  /** Answers instead, where a test needs something that no server would say. */
  instead?: http.RequestListener;
  private server?: http.Server;
  private port = 0;
  private saidAt = exactNow();

  constructor(
    private said: Replies,
    private readonly host = '127.0.0.1'
  ) {}

  get url(): string {
    return `http://${this.host.includes(':') ? `[${this.host}]` : this.host}:${this.port}`;
  }

  /** What it says; connections may be added and taken away. */
  get replies(): Replies {
    return this.said;
  }

  /** Says this from now on. */
  become(replies: Replies): void {
    this.said = replies;
    this.saidAt = exactNow();
  }

  /** Steps its clock: what it said before keeps the times that it had. */
  step(ms: number): void {
    this.saidAt -= ms;
  }

  /** What its clock shows. */
  now(): number {
    return Date.parse(String(this.said.varz.now)) + exactNow() - this.saidAt;
  }

  /** Listens, after {@link stop} at the same port. */
  async start(): Promise<this> {
    const server = http.createServer((request, response) => this.answer(request, response));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(this.port, this.host, resolve);
    });
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
    return this;
  }

  /** Is gone: nobody listens, and open connections end. */
  async stop(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    server?.closeAllConnections();
    await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
  }

  private answer(request: http.IncomingMessage, response: http.ServerResponse): void {
    const { pathname, searchParams } = new URL(request.url ?? '/', this.url);
    const asked: Request = { path: pathname, search: searchParams, bytes: 0 };
    this.requests.push(asked);
    if (this.instead) {
      this.instead(request, response);
      return;
    }
    const [code, text] = this.answered(pathname.slice(1), searchParams);
    const body = Buffer.from(text);
    asked.bytes = body.length;
    response.writeHead(code, { 'Content-Type': code === 200 ? 'application/json' : 'text/plain' }).end(body);
  }

  private answered(endpoint: string, search: Parameters): [number, string] {
    try {
      const reply = this.reply(endpoint, search);
      return reply === undefined ? [404, 'not found'] : [200, printExactly(reply)];
    } catch (cause) {
      return [400, String(cause)];
    }
  }

  private reply(endpoint: string, search: Parameters): unknown {
    const { varz, open, closed, others } = this.said;
    const now = exactTime(this.now());
    if (endpoint === 'varz') {
      return { ...varz, now };
    }
    if (endpoint === 'connz') {
      return { server_id: varz.server_id, now, ...pageOf({ open, closed }, search) };
    }
    const other = others[endpoint];
    return other === undefined ? undefined : { ...(other as object), now };
  }
}
