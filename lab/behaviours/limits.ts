/** Clients that exceed a limit. */
import { type Lab, type LabServer, identity, stopOf, where } from '../lab';
import { type App, appNamed } from '../names';
import { type RawClient } from '../raw-client';
import { MAX_PAYLOAD, N3_MAX_CONNECTIONS, PARTNERS_MAX_CONNECTIONS } from '../topology';
import { within } from '../wait';
import { says } from './protocol';
import { ANY_SERVER, type Behaviour } from './types';

/** Opens connections of an app until one is refused, and gives that one; the server accepts so many. */
async function untilRefused(lab: Lab, server: LabServer, app: App, most: number) {
  const accepted: RawClient[] = [];
  try {
    while (accepted.length <= most) {
      const client = await lab.open(server);
      const who = identity(app);
      client.sendConnect(who);
      await Promise.race([client.closed, client.flush()]);
      if (client.refused) {
        await within('the end of the refused connection', client.closed);
        return { client, stop: stopOf(client, app, who) };
      }
      accepted.push(client);
    }
    throw new Error(`${server.name} accepted ${accepted.length} connections of ${app.app}: there is no such limit`);
  } finally {
    await Promise.all(accepted.map((client) => client.end()));
  }
}

export const limits: Behaviour[] = [
  {
    id: 'max-connections',
    about: 'an app leaks connections until the server is full',
    reason: 'Maximum Connections Exceeded',
    often: '20/h',
    servers: ['n3'],
    cause: async (lab, server) => {
      const { client } = await untilRefused(lab, server, appNamed('report-builder'), N3_MAX_CONNECTIONS);
      return [where(client)];
    },
  },
  {
    id: 'max-account-connections',
    about: 'an account has more clients than it may',
    reason: 'Maximum Account Connections Exceeded',
    often: '2/m',
    servers: ANY_SERVER,
    cause: async (lab, server) => {
      const { stop } = await untilRefused(lab, server, appNamed('partner-sync'), PARTNERS_MAX_CONNECTIONS);
      return [stop];
    },
  },
  {
    id: 'max-payload',
    about: 'a message larger than max_payload',
    reason: 'Maximum Message Payload Exceeded',
    often: '1/m',
    servers: ANY_SERVER,
    cause: (lab, server) => says(lab, server, `PUB invoices.pdf ${MAX_PAYLOAD + 1}\r\n`, appNamed('invoice-writer')),
  },
  {
    id: 'max-control-line',
    about: 'a subject longer than max_control_line',
    reason: 'Maximum Control Line Exceeded',
    often: '30/h',
    servers: ANY_SERVER,
    cause: (lab, server) => says(lab, server, `SUB ${'metrics.'.repeat(1_000)}all 1\r\n`, appNamed('analytics-ingest')),
  },
];
