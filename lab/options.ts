/** The command line of the lab. */
import { parseArgs } from 'node:util';

import { BEHAVIOURS } from './behaviours';
import { parseRate } from './rate';
import { SCENARIOS } from './scenarios';
import { type Scenario } from './scenarios/types';

export interface Options {
  command: string;
  /** Which scenario, where the command is `scenario`. */
  scenario?: string;
  help: boolean;
  json: boolean;
  once: boolean;
  /** Mean milliseconds between two of the chosen behaviour. */
  meanMs: number;
  servers: string[];
  monitors: string[];
  pids: number[];
  mqtt?: string;
  natsPort?: number;
  monitorPort?: number;
  host?: string;
}

const list = (text: string | undefined): string[] =>
  (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);

function port(name: string, text: string | undefined): number | undefined {
  if (text === undefined) {
    return undefined;
  }
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 65_533) {
    throw new Error(`--${name} is no port: ${text}`);
  }
  return value;
}

/** Reads the arguments; an unknown one is an error that names it. */
export function parseOptions(args: string[]): Options {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      help: { type: 'boolean', short: 'h', default: false },
      json: { type: 'boolean', default: false },
      once: { type: 'boolean', default: false },
      rate: { type: 'string', default: '5/m' },
      servers: { type: 'string' },
      monitor: { type: 'string' },
      pids: { type: 'string' },
      mqtt: { type: 'string' },
      'nats-port': { type: 'string' },
      'monitor-port': { type: 'string' },
      host: { type: 'string' },
    },
  });
  const [command = 'mix', scenario] = positionals;
  if (positionals.length > (command === 'scenario' ? 2 : 1)) {
    throw new Error(`one behaviour at a time, not ${positionals.join(' ')}`);
  }
  return {
    command,
    scenario,
    help: values.help,
    json: values.json,
    once: values.once,
    meanMs: parseRate(values.rate),
    servers: list(values.servers),
    monitors: list(values.monitor),
    pids: list(values.pids).map(Number),
    mqtt: values.mqtt,
    natsPort: port('nats-port', values['nats-port']),
    monitorPort: port('monitor-port', values['monitor-port']),
    host: values.host,
  };
}

const width = Math.max(...[...BEHAVIOURS, ...SCENARIOS].map(({ id }) => id.length));

/** What `--help` prints. */
export function helpText(): string {
  return `A real NATS cluster of three servers, and clients whose connections stop in every way.

  npm run lab                            the cluster and a realistic mix, until Ctrl-C
  npm run lab -- <behaviour>             one behaviour, at --rate, until Ctrl-C; or once with --once
  npm run lab -- selfcheck               every behaviour once, compared with the servers' own records
  npm run lab -- scenario <scenario>     something goes wrong for a reason, on servers of its own; what it really did
                                         is printed as JSON, and lasts until Ctrl-C, or ends with --once
  npm run lab -- cluster                 the servers alone

Options
  --rate 5/m            how often: a number and s, m or h (5/m)
  --once                cause it once and exit
  --json                one JSON object a line on standard output
  --servers nats://…,…  servers that run already, instead of starting some
  --monitor http://…,…  their monitoring addresses, for selfcheck
  --pids 1,2,3          their processes, in the order of --servers, for lame-duck
  --mqtt mqtt://…       n1's MQTT address, for the behaviours over MQTT
  --nats-port 4222      fixed ports instead of free ones: n1 has this, n2 the next, n3 the one after
  --monitor-port 8222   the same for monitoring
  --host 0.0.0.0        what the servers listen on (127.0.0.1)

Behaviours
${BEHAVIOURS.map(({ id, about, reason }) => `  ${id.padEnd(width)}  ${reason}: ${about}`).join('\n')}

Scenarios, and what must be found
${SCENARIOS.map(scenarioLine).join('\n')}
`;
}

const scenarioLine = ({ id, about, finds }: Scenario): string =>
  `  ${id.padEnd(width)}  ${finds.join(', ') || 'nothing'}: ${about}`;
