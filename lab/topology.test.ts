import { SERVER_NAMES, type ServerName, serverConfig } from './topology';

const config = (name: ServerName) =>
  serverConfig({
    name,
    host: '127.0.0.1',
    ports: { nats: 4222, monitor: 8222, cluster: 6222, mqtt: 1883 },
    routes: ['127.0.0.1:6222', '127.0.0.1:6223'],
    dir: '/lab',
  });

it.each(SERVER_NAMES)('%s has its name, its addresses and its cluster', (name) => {
  expect(config(name)).toMatchObject({
    server_name: name,
    host: '127.0.0.1',
    port: 4222,
    http: '127.0.0.1:8222',
    cluster: { routes: ['nats://127.0.0.1:6222', 'nats://127.0.0.1:6223'] },
  });
});

it('gives a limit to the one server where it spoils nothing else', () => {
  const having = (setting: string) => SERVER_NAMES.filter((name) => setting in config(name));
  expect(having('max_connections')).toEqual(['n3']);
  expect(having('tls')).toEqual(['n2']);
  expect(having('mqtt')).toEqual(['n1']);
  expect(SERVER_NAMES.filter((name) => config(name).max_pending === 1024 * 1024)).toEqual(['n1']);
});
