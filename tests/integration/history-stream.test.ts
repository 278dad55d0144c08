/** The recipes of docs/history.md for the stream, beside the one that the data source makes. */
import { parse as parseYaml } from 'yaml';

import { readPage } from '../docs/pages';
import { infoOf, jetStream, withStreams } from '../harness/jetstream';
import { dataSource, usePlugin } from '../harness/plugin';
import { useServers } from '../harness/servers';

const plugin = usePlugin();
const servers = useServers();

type Config = Record<string, unknown>;

const SECOND = 1_000_000_000;
const SECONDS: Record<string, number> = { d: 24 * 3600, h: 3600 };

/** Nanoseconds of 30d or 720h. */
function nanoseconds(text: string): number {
  const [, count = '', unit = ''] = /^(\d+)([dh])$/.exec(text) ?? [];
  return Number(count) * (SECONDS[unit] ?? NaN) * SECOND;
}

const block = (kind: string): string => {
  const [text] = readPage('docs/history.md').blocks.flatMap((one) => (one.kind === kind ? [one.text] : []));
  if (text === undefined) {
    throw new Error(`docs/history.md has no block of the kind ${kind}`);
  }
  return text;
};

/** What the members of a recipe are for the server; one that is not here is not known. */
function translated(recipe: Record<string, unknown>, words: Record<string, (value: never) => Config>): Config {
  return Object.entries(recipe).reduce<Config>((config, [word, value]) => {
    const means = words[word];
    if (!means) {
      throw new Error(`${word} is not known`);
    }
    return { ...config, ...means(value as never) };
  }, {});
}

const same = (name: string) => (value: unknown) => ({ [name]: value });

function ofCommand(): Config {
  const [command, noun, verb, name, ...flags] = block('sh stream').trim().split(/\s+/);
  expect([command, noun, verb]).toEqual(['nats', 'stream', 'add']);
  const given = Object.fromEntries(
    flags.map((flag) => {
      const [, word = '', value = true] = /^--([a-z0-9-]+)(?:='?([^']*)'?)?$/.exec(flag) ?? [];
      return [word, value];
    })
  );
  return {
    name,
    ...translated(given, {
      subjects: (subject: string) => ({ subjects: [subject] }),
      storage: same('storage'),
      compression: same('compression'),
      'max-age': (age: string) => ({ max_age: nanoseconds(age) }),
      replicas: (count: string) => ({ num_replicas: Number(count) }),
      'allow-direct': same('allow_direct'),
      // No questions.
      defaults: () => ({}),
    }),
  };
}

function ofNack(): Config {
  const { apiVersion, kind, spec } = parseYaml(block('yaml stream'));
  expect([apiVersion, kind]).toEqual(['jetstream.nats.io/v1beta2', 'Stream']);
  return translated(spec, {
    name: same('name'),
    subjects: same('subjects'),
    storage: same('storage'),
    compression: same('compression'),
    maxAge: (age: string) => ({ max_age: nanoseconds(age) }),
    replicas: same('num_replicas'),
    allowDirect: same('allow_direct'),
  });
}

function ofTerraform(): Config {
  const [, body = ''] = /^resource "jetstream_stream" "\w+" \{\n([^}]*)\}\n$/.exec(block('hcl stream')) ?? [];
  const given = Object.fromEntries(
    body
      .trim()
      .split('\n')
      .map((line) => {
        const [, word = '', value = ''] = /^\s*(\w+)\s*=\s*(.*)$/.exec(line) ?? [];
        return [word, JSON.parse(value)];
      })
  );
  return translated(given, {
    name: same('name'),
    subjects: same('subjects'),
    storage: same('storage'),
    compression: same('compression'),
    max_age: (seconds: number) => ({ max_age: seconds * SECOND }),
    replicas: same('num_replicas'),
    allow_direct: same('allow_direct'),
  });
}

/** What a server makes of it, without what says who made it. */
async function madeBy(
  make: (url: string, monitor: string, api: (body: Config) => Promise<unknown>) => Promise<unknown>
) {
  const n1 = await servers.start(withStreams());
  await make(n1.url, n1.monitor, (body) => jetStream(n1, `$JS.API.STREAM.CREATE.${String(body.name)}`, body));
  const { description, metadata, ...config } = (await infoOf(n1)).config;
  return config;
}

it.each([
  ['the nats command', ofCommand],
  ['NACK', ofNack],
  ['Terraform', ofTerraform],
])('%s makes the stream that the data source makes', async (_, recipe) => {
  const ours = await madeBy(async (url, monitor) => {
    const history = { servers: [url], auth: 'user', user: 'operator', create: true };
    const source = dataSource({ urls: [monitor], history }, { secureJsonData: { historyPassword: 's3cret' } });
    expect((await plugin().health(source)).message).toContain('was not there and was made');
  });
  const config = recipe();
  expect(config.num_replicas).toBe(3);
  const theirs = await madeBy((_url, _monitor, create) => create({ ...config, num_replicas: 1 }));
  expect(theirs).toEqual(ours);
});
