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
  const text = config(name);
  expect(text).toContain(`server_name: ${name}\n`);
  expect(text).toContain('listen: "127.0.0.1:4222"\n');
  expect(text).toContain('http: "127.0.0.1:8222"\n');
  expect(text).toContain('routes: ["nats://127.0.0.1:6222", "nats://127.0.0.1:6223"]');
});

it('gives a limit to the one server where it spoils nothing else', () => {
  const having = (setting: RegExp) => SERVER_NAMES.filter((name) => setting.test(config(name)));
  expect(having(/^max_connections:/m)).toEqual(['n3']);
  expect(having(/^tls /m)).toEqual(['n2']);
  expect(having(/^mqtt /m)).toEqual(['n1']);
  expect(having(/^max_pending: 1MB/m)).toEqual(['n1']);
});
