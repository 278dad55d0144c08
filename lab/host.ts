/** Starts the built plugin as Grafana does, and asks it over the same gRPC services. */
import { type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

import { endChild, hasEnded, spawnGuarded } from './children';
import { type Followed, follow } from './follow';
import { type Packet, type Result, readFrame } from './frame';
import { Services } from './grpc';
import { within } from './wait';

export const PLUGIN_ID = 'natsops-connections-datasource';

/** The oldest Grafana that the plugin supports. */
const GRAFANA_VERSION = '12.3.0';
const START_MS = 30_000;
const ANSWER_MS = 60_000;

/** The handshake of go-plugin: what the plugin must find in its environment, and what its first line says. */
const ENVIRONMENT = {
  GF_VERSION: GRAFANA_VERSION,
  grafana_plugin_type: 'datasource',
  PLUGIN_PROTOCOL_VERSIONS: '2',
  PLUGIN_MIN_PORT: '10000',
  PLUGIN_MAX_PORT: '25000',
};
const HANDSHAKE = /^1\|2\|(unix|tcp)\|([^|]+)\|grpc\b/;

/** A data source as Grafana stores it; each uid and organisation is an instance of its own. */
export interface DataSource {
  uid: string;
  name: string;
  id?: number;
  orgId?: number;
  url?: string;
  user?: string;
  basicAuth?: boolean;
  basicAuthUser?: string;
  jsonData: object;
  secureJsonData?: Record<string, string>;
  /** When it was saved, in milliseconds; another time makes another instance. */
  updated?: number;
  /** Grafana's own configuration that goes with each request, such as that of its proxies; another makes another instance. */
  grafana?: Record<string, string>;
}

/** A query as a dashboard or a rule stores it, with what Grafana adds. */
export interface Query {
  refId?: string;
  queryType?: string;
  intervalMs?: number;
  maxDataPoints?: number;
  [own: string]: unknown;
}

export interface Range {
  from: number;
  to: number;
}

export interface Health {
  status: 'OK' | 'ERROR' | 'UNKNOWN';
  message: string;
  details: string;
}

export interface ResourceRequest {
  path: string;
  method?: string;
  /** As in a URL, without its question mark. */
  search?: string;
  body?: string | Buffer;
  headers?: Record<string, string>;
  /** Who asks: Viewer, Editor or Admin. */
  role?: string;
}

export interface ResourceAnswer {
  status: number;
  body: string;
}

/** What a subscriber is told at once. */
export interface Subscribed {
  status: string;
  first?: Packet;
}

const packetOf = ({ data }: { data: Buffer }): Packet => JSON.parse(data.toString()) as Packet;

type Headers = Record<string, string>;

/** One running plugin process, which any number of data sources share. */
export class Host {
  private constructor(
    private readonly child: ChildProcess,
    private readonly services: Services,
    /** What the plugin logged so far: one JSON object a line. */
    readonly log: string[]
  ) {}

  /** Starts the binary. `more` is added to its environment, which is otherwise as bare as Grafana makes it. */
  static async start(binary: string, more: Record<string, string> = {}): Promise<Host> {
    const child = spawnGuarded(binary, [], { env: { ...ENVIRONMENT, ...more }, stdio: ['ignore', 'pipe', 'pipe'] });
    const log: string[] = [];
    if (!child.stdout || !child.stderr) {
      throw new Error('the plugin has no output');
    }
    createInterface({ input: child.stderr }).on('line', (line) => log.push(line));
    const ended = once(child, 'exit').then(() => Promise.reject(new Error(`${binary} ended: ${log.join('\n')}`)));
    ended.catch(() => undefined);
    const first = once(createInterface({ input: child.stdout }), 'line') as Promise<[string]>;
    const [line] = await within(`the handshake of ${binary}`, Promise.race([first, ended]), START_MS);
    const [, network, address] = HANDSHAKE.exec(line) ?? [];
    if (!network || !address) {
      await endChild(child);
      throw new Error(`${binary} said "${line}" instead of go-plugin's handshake`);
    }
    return new Host(child, await Services.connect(network === 'unix' ? `unix:${address}` : address), log);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Whether the process still runs. */
  get alive(): boolean {
    return !hasEnded(this.child);
  }

  /** The answers by refId. */
  async query(source: DataSource, range: Range, queries: Query[], headers?: Headers): Promise<Record<string, Result>> {
    const answers = Object.entries(await this.send(source, range, queries, headers));
    return Object.fromEntries(answers.map(([refId, raw]) => [refId, resultOf(raw)]));
  }

  /** The answers by refId as they came, their frames in Arrow. */
  async send(
    source: DataSource,
    range: Range,
    queries: Query[],
    headers: Headers = {}
  ): Promise<Record<string, RawResult>> {
    const request = {
      pluginContext: contextOf(source),
      headers,
      queries: queries.map((query) => dataQuery(query, range)),
    };
    const { responses } = await this.call<{ responses: Record<string, RawResult> }>('data', 'QueryData', request);
    return responses;
  }

  /** What "Save & test" says. */
  async health(source: DataSource, headers: Headers = {}): Promise<Health> {
    const request = { pluginContext: contextOf(source), headers };
    const { status, message, jsonDetails } = await this.call<Omit<Health, 'details'> & { jsonDetails: Buffer }>(
      'diagnostics',
      'CheckHealth',
      request
    );
    return { status, message, details: jsonDetails.toString() };
  }

  /** A call of the plugin's resource API; an answer in parts is joined. */
  async resource(source: DataSource, request: ResourceRequest): Promise<ResourceAnswer> {
    const { path, method = 'GET', search, body = '', headers = {}, role } = request;
    const stream = this.services.stream<{ code: number; body: Buffer }>('resource', 'CallResource', {
      pluginContext: contextOf(source, role),
      path,
      method,
      url: search ? `${path}?${search}` : path,
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, { values: [value] }])),
      body: Buffer.from(body),
    });
    const answer: ResourceAnswer = { status: 0, body: '' };
    for await (const part of stream as AsyncIterable<{ code: number; body: Buffer }>) {
      answer.status ||= part.code;
      answer.body += part.body.toString();
    }
    return answer;
  }

  /** Subscribes to a channel of a data source, as Grafana does for each browser. */
  async subscribe(source: DataSource, path: string, data?: object): Promise<Subscribed> {
    const request = { pluginContext: contextOf(source), path, data: json(data) };
    const answer = await this.call<{ status: string; data: Buffer }>('stream', 'SubscribeStream', request);
    return { status: answer.status, ...(answer.data.length > 0 ? { first: packetOf(answer) } : {}) };
  }

  /** Runs the stream of a channel, as Grafana does while anybody is subscribed to it. */
  stream(source: DataSource, path: string, data?: object): Followed<Packet> {
    const request = { pluginContext: contextOf(source), path, data: json(data) };
    return follow(this.services.stream<{ data: Buffer }>('stream', 'RunStream', request), packetOf);
  }

  /** Writes into a channel, as a browser may try. */
  async publish(source: DataSource, path: string, data: object): Promise<string> {
    const request = { pluginContext: contextOf(source), path, data: json(data) };
    return (await this.call<{ status: string }>('stream', 'PublishStream', request)).status;
  }

  /** The plugin's own metrics, as Grafana hands them to Prometheus. */
  async metrics(): Promise<string> {
    const { metrics } = await this.call<{ metrics: { prometheus: Buffer } | null }>(
      'diagnostics',
      'CollectMetrics',
      {}
    );
    return metrics?.prometheus.toString() ?? '';
  }

  /** Sends the process a signal and waits for its end; the exit code or the signal that ended it. */
  async signal(signal: NodeJS.Signals): Promise<number | NodeJS.Signals | null> {
    const gone = once(this.child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
    this.child.kill(signal);
    const [code, by] = await within(`the end of the plugin after ${signal}`, gone);
    return code ?? by;
  }

  /** Ends the process as Grafana does: with a request, and by force if that is not heard. */
  async close(): Promise<void> {
    if (this.alive) {
      const gone = once(this.child, 'exit');
      await this.services.call('control', 'Shutdown', {}, 2_000).catch(() => undefined);
      await within('the end of the plugin', gone, 2_000).catch(() => endChild(this.child));
    }
    this.services.close();
  }

  private call<T>(service: 'data' | 'diagnostics' | 'stream', method: string, request: object): Promise<T> {
    return this.services.call<T>(service, method, request, ANSWER_MS);
  }
}

const json = (value: object | undefined): Buffer => Buffer.from(value === undefined ? '' : JSON.stringify(value));

function contextOf({ uid, name, id = 1, orgId = 1, updated = 1, ...source }: DataSource, role = 'Viewer') {
  return {
    orgId,
    namespace: orgId === 1 ? 'default' : `org-${orgId}`,
    pluginId: PLUGIN_ID,
    grafanaConfig: source.grafana ?? {},
    user: { login: 'lab', name: 'Lab', role },
    dataSourceInstanceSettings: {
      id,
      uid,
      name,
      url: source.url ?? '',
      user: source.user ?? '',
      basicAuthEnabled: source.basicAuth ?? false,
      basicAuthUser: source.basicAuthUser ?? '',
      jsonData: json(source.jsonData),
      decryptedSecureJsonData: source.secureJsonData ?? {},
      lastUpdatedMS: updated,
    },
  };
}

function dataQuery(query: Query, { from, to }: Range) {
  return {
    refId: query.refId ?? 'A',
    queryType: query.queryType ?? '',
    intervalMS: query.intervalMs ?? 60_000,
    maxDataPoints: query.maxDataPoints ?? 1_000,
    timeRange: { fromEpochMS: Math.floor(from), toEpochMS: Math.floor(to) },
    json: json(query),
  };
}

/** An answer as gRPC brings it; what is absent is empty. */
export interface RawResult {
  frames: Buffer[];
  error: string;
  errorSource: string;
  status: number;
}

function resultOf({ frames, error, errorSource, status }: RawResult): Result {
  return { status, frames: frames.map(readFrame), ...(error ? { error, errorSource } : {}) };
}
