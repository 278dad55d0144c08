/** gRPC as plugins speak it. The services are described by the files of the Go modules that the plugin is built from. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

import { type ClientReadableStream, Client, credentials, loadPackageDefinition } from '@grpc/grpc-js';
import { load } from '@grpc/proto-loader';

import { ROOT } from './binary';

const run = promisify(execFile);

const PROTOS = {
  'github.com/grafana/grafana-plugin-sdk-go': 'proto/backend.proto',
  'github.com/hashicorp/go-plugin': 'internal/plugin/grpc_controller.proto',
} as const;

/** The services that a plugin has, by the names in those files. */
const SERVICES = {
  data: ['pluginv2', 'Data'],
  resource: ['pluginv2', 'Resource'],
  stream: ['pluginv2', 'Stream'],
  diagnostics: ['pluginv2', 'Diagnostics'],
  control: ['plugin', 'GRPCController'],
} as const;

export type Service = keyof typeof SERVICES;

// Full rings as rows are larger than gRPC's own limit of 4 MB; Grafana's is 16 MB and more.
const OPTIONS = { 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 };

/** The calls of one process. */
export class Services {
  private constructor(private readonly clients: Map<Service, Client>) {}

  /** Connects to an address such as unix:/tmp/plugin123. */
  static async connect(address: string): Promise<Services> {
    const definition = await load(await protoFiles(), { keepCase: true, longs: Number, enums: String, defaults: true });
    const loaded = loadPackageDefinition(definition) as unknown as Record<string, Record<string, typeof Client>>;
    const clients = new Map<Service, Client>();
    for (const [service, [pkg, name]] of Object.entries(SERVICES) as Array<[Service, readonly [string, string]]>) {
      const Made = loaded[pkg]?.[name];
      if (!Made) {
        throw new Error(`the proto files describe no ${pkg}.${name}`);
      }
      clients.set(service, new Made(address, credentials.createInsecure(), OPTIONS));
    }
    return new Services(clients);
  }

  /** Calls a method with one answer. */
  call<T>(service: Service, method: string, request: object, deadlineMs: number): Promise<T> {
    return new Promise((resolve, reject) => {
      this.method(service, method)(request, { deadline: Date.now() + deadlineMs }, (error: Error | null, answer: T) =>
        error ? reject(error) : resolve(answer)
      );
    });
  }

  /** Calls a method that answers as long as it likes. */
  stream<T>(service: Service, method: string, request: object): ClientReadableStream<T> {
    return this.method(service, method)(request) as ClientReadableStream<T>;
  }

  close(): void {
    this.clients.forEach((client) => client.close());
  }

  private method(service: Service, method: string): (...args: unknown[]) => unknown {
    const client = this.clients.get(service) as unknown as Record<string, (...args: unknown[]) => unknown>;
    const called = client[method];
    if (!called) {
      throw new Error(`${service} has no method ${method}`);
    }
    return called.bind(client);
  }
}

async function protoFiles(): Promise<string[]> {
  const { stdout } = await run('go', ['list', '-m', '-f', '{{.Dir}}', ...Object.keys(PROTOS)], { cwd: ROOT });
  const folders = stdout.trim().split('\n');
  return Object.values(PROTOS).map((file, i) => path.join(folders[i] ?? '', file));
}
