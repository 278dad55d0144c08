/** Clients that speak the protocol wrongly. */
import { type ConnectOptions } from '../raw-client';
import { type Lab, type LabServer, type Unexplained, anyApp, identity, stopOf } from '../lab';
import { within } from '../wait';
import { ANY_SERVER, type Behaviour } from './types';

/** Says something for which the server ends the connection. */
export async function says(lab: Lab, server: LabServer, line: string, app = anyApp()): Promise<Unexplained[]> {
  const { client, stop } = await lab.openAs(server, app);
  client.send(line);
  await within(`the server's answer to ${JSON.stringify(line.slice(0, 40))}`, client.closed);
  return [stop];
}

/** A CONNECT that is refused before or after the login was looked at. */
async function connectsWith(lab: Lab, server: LabServer, options: ConnectOptions): Promise<Unexplained[]> {
  const client = await lab.open(server);
  const app = anyApp();
  const who = identity(app);
  client.sendConnect({ ...who, ...options });
  await within('the server refusing CONNECT', client.closed);
  return [stopOf(client, app, who)];
}

export const protocol: Behaviour[] = [
  {
    id: 'protocol-violation',
    about: 'bytes that are no NATS protocol (an HTTP request in a NATS connection)',
    reason: 'Protocol Violation',
    often: '1/m',
    servers: ANY_SERVER,
    cause: (lab, server) => says(lab, server, 'GET / HTTP/1.1\r\n\r\n'),
  },
  {
    id: 'parse-error',
    about: 'the client itself sends -ERR',
    reason: 'Parse Error',
    often: '20/h',
    servers: ANY_SERVER,
    cause: (lab, server) => says(lab, server, "-ERR 'message could not be parsed'\r\n"),
  },
  {
    id: 'no-responders-without-headers',
    about: 'a client asks for no_responders, but not for headers',
    reason: 'No Responders Requires Headers',
    often: '20/h',
    servers: ANY_SERVER,
    cause: (lab, server) => connectsWith(lab, server, { no_responders: true, headers: false }),
  },
  {
    id: 'bad-protocol-version',
    about: 'a client announces a protocol version that does not exist',
    reason: 'Bad Client Protocol Version',
    often: '20/h',
    servers: ANY_SERVER,
    cause: (lab, server) => connectsWith(lab, server, { protocol: 9 }),
  },
];
