import { answering } from '../../harness/answers';
import { dataSource, usePlugin } from '../../harness/plugin';
import { useServers } from '../../harness/servers';

const plugin = usePlugin();
const servers = useServers();

const CONFIG = {
  server_name: 'n1',
  system_account: 'SYS',
  accounts: {
    SYS: {
      users: [
        {
          user: 'private',
          password: 'p',
          permissions: {
            publish: ['$SYS.REQ.SERVER.PING.STATSZ', '$SYS.REQ.SERVER.*.CONNZ'],
            subscribe: '_INBOX_grafana.>',
          },
        },
      ],
    },
  },
};

const source = (url: string, nats: object) =>
  dataSource(
    { nats: { servers: [url], auth: 'user', user: 'private', ...nats } },
    { secureJsonData: { natsPassword: 'p' } }
  );

test('answers go where the login may read them', async () => {
  const { url } = await servers.start(CONFIG);
  expect(await answering(plugin(), source(url, { inboxPrefix: '_INBOX_grafana' }))).toBe('1 of 1');
});

test('the refusal names the setting', async () => {
  const { url } = await servers.start(CONFIG);
  const { message } = await plugin().health(source(url, {}));
  expect(message).toMatch(/These credentials may not ask for this.*nats\.inboxPrefix/);
});
