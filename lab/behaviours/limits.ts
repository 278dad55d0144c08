/** Clients that exceed a limit. */
import { type Client, type Stop, identity, where } from '../lab';
import { appNamed } from '../names';
import { MAX_PAYLOAD, N3_MAX_CONNECTIONS, PARTNERS_MAX_CONNECTIONS } from '../topology';
import { within } from '../wait';
import { ANY_SERVER, type Behaviour } from './types';

async function endAll(clients: Client[]): Promise<void> {
  await Promise.all(clients.map((client) => client.end()));
}

export const limits: Behaviour[] = [
  {
    id: 'max-connections',
    about: 'an app leaks connections until the server is full',
    reason: 'Maximum Connections Exceeded',
    often: '20/h',
    servers: ['n3'],
    cause: async (lab, server) => {
      const leaked: Client[] = [];
      try {
        while (leaked.length <= N3_MAX_CONNECTIONS) {
          const client = await lab.open(server);
          client.sendConnect(identity(appNamed('report-builder')));
          await Promise.race([client.closed, client.flush()]);
          if (client.refused) {
            return [where(client)];
          }
          leaked.push(client);
        }
        throw new Error(`${server.name} accepted ${leaked.length} connections: it has no such limit`);
      } finally {
        await endAll(leaked);
      }
    },
  },
  {
    id: 'max-account-connections',
    about: 'an account has more clients than it may',
    reason: 'Maximum Account Connections Exceeded',
    often: '2/m',
    servers: ANY_SERVER,
    cause: async (lab, server) => {
      const app = appNamed('partner-sync');
      const accepted: Client[] = [];
      try {
        while (accepted.length <= PARTNERS_MAX_CONNECTIONS) {
          const client = await lab.open(server);
          const who = identity(app);
          client.sendConnect(who);
          await Promise.race([client.closed, client.flush()]);
          if (client.refused) {
            await within('the end of the refused connection', client.closed);
            return [{ ...where(client), account: app.account, user: who.user, name: who.name }] satisfies Array<
              Omit<Stop, 'reason'>
            >;
          }
          accepted.push(client);
        }
        throw new Error(`${accepted.length} connections of ${app.account} were accepted: there is no such limit`);
      } finally {
        await endAll(accepted);
      }
    },
  },
  {
    id: 'max-payload',
    about: 'a message larger than max_payload',
    reason: 'Maximum Message Payload Exceeded',
    often: '1/m',
    servers: ANY_SERVER,
    cause: async (lab, server) => {
      const { client, stop } = await lab.openAs(server, appNamed('invoice-writer'));
      client.send(`PUB invoices.pdf ${MAX_PAYLOAD + 1}\r\n`);
      await within('the server refusing a large message', client.closed);
      return [stop];
    },
  },
  {
    id: 'max-control-line',
    about: 'a subject longer than max_control_line',
    reason: 'Maximum Control Line Exceeded',
    often: '30/h',
    servers: ANY_SERVER,
    cause: async (lab, server) => {
      const { client, stop } = await lab.openAs(server, appNamed('analytics-ingest'));
      client.send(`SUB ${'metrics.'.repeat(1_000)}all 1\r\n`);
      await within('the server refusing a long line', client.closed);
      return [stop];
    },
  },
];
