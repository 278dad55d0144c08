/** docker-compose.yaml against what it starts: one wrong port or password, and it shows nothing. */
import fs from 'node:fs';
import path from 'node:path';

import { parse } from 'yaml';

import { COMPOSE_PORTS, composeFiles } from '../lab/compose';
import { parseOptions } from '../lab/options';
import { SERVER_NAMES, USERS } from '../lab/topology';
import plugin from '../src/plugin.json';
import { PROVISIONED_UID } from './ask';

const ROOT = path.resolve(__dirname, '..');
const textOf = (file: string) => fs.readFileSync(path.join(ROOT, file), 'utf8');
const read = (file: string) => parse(textOf(file), { merge: true });

interface Service {
  image: string;
  command?: string[];
  environment?: Record<string, string>;
  ports?: string[];
  volumes: string[];
}

const services: Record<string, Service> = read('docker-compose.yaml').services;
const DATASOURCES = 'provisioning/datasources/nats-connections.yaml';
const [datasource] = read(DATASOURCES).datasources;

const service = (name: string): Service => {
  const found = services[name];
  if (!found) {
    throw new Error(`docker-compose.yaml has no service ${name}`);
  }
  return found;
};

/** Where a service sees a folder of the repository or a volume. */
function mountOf(name: string, source: string): string | undefined {
  const mount = service(name).volumes.find((volume) => volume.split(':')[0] === source);
  return mount?.split(':')[1];
}

describe('docker-compose.yaml', () => {
  it('provisions the data source of exactly its own servers', () => {
    expect(datasource.uid).toBe(PROVISIONED_UID);
    expect(datasource.type).toBe(plugin.id);
    expect(datasource.jsonData.urls).toEqual(SERVER_NAMES.map((name) => `http://${name}:${COMPOSE_PORTS.monitor}`));
    expect(Object.keys(services)).toEqual(expect.arrayContaining([...SERVER_NAMES]));
  });

  it('has a user for the history that it leaves to be turned on', () => {
    // Only settings have a colon behind their first word.
    const whole = textOf(DATASOURCES).replaceAll(/^( +)# ( *\w+:)/gm, '$1$2');
    const [{ jsonData, secureJsonData }] = parse(whole).datasources;
    const { servers, user } = jsonData.history;
    expect(servers).toEqual([`nats://n1:${COMPOSE_PORTS.nats}`]);
    const { accounts } = JSON.parse(`{${composeFiles('/lab')['n1.conf']}}`);
    expect(accounts[user]).toMatchObject({
      jetstream: 'enabled',
      users: [{ user, password: secureJsonData.historyPassword }],
    });
  });

  it('gives Grafana the plugin, allowed unsigned, and the provisioning where the dashboards’ provider looks', () => {
    const { environment = {} } = service('grafana');
    expect(mountOf('grafana', './dist')).toBe(`/var/lib/grafana/plugins/${plugin.id}`);
    expect(environment.GF_PLUGINS_ALLOW_LOADING_UNSIGNED_PLUGINS).toBe(plugin.id);
    const provisioning = mountOf('grafana', './provisioning');
    const [provider] = read('provisioning/dashboards/provider.yaml').providers;
    expect(provider.options.path).toBe(`${provisioning}/dashboards`);
    expect(environment.GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH).toBe(
      `${provisioning}/dashboards/nats-connections.json`
    );
  });

  it.each(SERVER_NAMES)('starts %s with the configuration that is written for it', (name) => {
    const [, script, folder = ''] = service('configuration').command ?? [];
    expect(fs.existsSync(path.join(ROOT, script ?? ''))).toBe(true);
    expect(mountOf('configuration', 'lab')).toBe(folder);
    expect(mountOf(name, 'lab')).toBe(folder);
    expect(service(name).command).toEqual(['--config', `${folder}/${name}.conf`]);

    const files = composeFiles(folder);
    const config = files[`${name}.conf`] ?? '';
    expect(JSON.parse(`{${config}}`)).toMatchObject({
      server_name: name,
      host: '0.0.0.0',
      port: COMPOSE_PORTS.nats,
      http: `0.0.0.0:${COMPOSE_PORTS.monitor}`,
    });
    for (const port of [COMPOSE_PORTS.nats, COMPOSE_PORTS.monitor]) {
      expect(service(name).ports?.map((mapping) => mapping.split(':')[2])).toContain(String(port));
    }
    for (const peer of SERVER_NAMES) {
      expect(config).toContain(`"nats://${peer}:${COMPOSE_PORTS.cluster}"`);
    }
    for (const [, file] of config.matchAll(new RegExp(`"${folder}/([\\w.]+\\.pem)"`, 'g'))) {
      expect(Object.keys(files)).toContain(file);
    }
  });

  it('lets the lab reach every server over the network, with the accounts that the servers know', () => {
    const [npm, run, lab, , ...args] = service('lab').command ?? [];
    expect([npm, run, lab]).toEqual(['npm', 'run', 'lab']);
    const options = parseOptions(args);
    expect(options.servers).toEqual(SERVER_NAMES.map((name) => `nats://${name}:${COMPOSE_PORTS.nats}`));
    expect(options.monitors).toEqual(datasource.jsonData.urls);
    expect(options.mqtt).toBe(`mqtt://n1:${COMPOSE_PORTS.mqtt}`);
    const { mqtt, accounts } = JSON.parse(`{${composeFiles('/lab')['n1.conf']}}`);
    expect(mqtt.port).toBe(COMPOSE_PORTS.mqtt);
    for (const { account, user, password } of Object.values(USERS)) {
      expect(accounts[account].users).toEqual([{ user, password }]);
    }
  });

  it('runs the server that the tests run, and the Grafana that the plugin asks for', () => {
    const goMod = fs.readFileSync(path.join(ROOT, 'go.mod'), 'utf8');
    const [, version] = /nats-io\/nats-server\/v2 v([\d.]+)/.exec(goMod) ?? [];
    for (const name of SERVER_NAMES) {
      expect(service(name).image).toBe(`nats:${version}`);
    }
    expect(service('grafana').image).toBe('grafana/grafana:12.4.0');
  });
});
