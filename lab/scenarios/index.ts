/** Every scenario, and the findings that it must lead to. */
import * as blindSpots from './blind-spots';
import * as comeAndGo from './come-and-go';
import * as expiredToken from './expired-token';
import * as fallingBehind from './falling-behind';
import * as healthy from './healthy';
import * as inventory from './inventory';
import * as limits from './limits';
import * as logins from './logins';
import * as mqttTwins from './mqtt-twins';
import * as portScan from './port-scan';
import * as rotation from './rotation';
import * as servers from './servers-go';
import * as slowConsumer from './slow-consumer';
import * as slowRoute from './slow-route';
import * as tls from './tls';
import { type Scenario } from './types';
import * as vanished from './vanished';

/** The release before an upgrade: the oldest that is supported, which tests run against anyhow. */
const OLD = '2.9.25';

export const SCENARIOS: readonly Scenario[] = [
  {
    id: 'slow-consumer-one',
    about: 'one of an app’s three instances stops reading and is cut off',
    finds: ['slow_consumer'],
    config: () => slowConsumer.SMALL_PENDING,
    run: slowConsumer.one,
  },
  {
    id: 'slow-consumer-all',
    about: 'all instances of an app stop reading and are cut off, each on another server',
    finds: ['slow_consumer'],
    config: () => slowConsumer.SMALL_PENDING,
    run: slowConsumer.all,
  },
  {
    id: 'falling-behind',
    about: 'a subscriber reads nothing, and what waits for it grows towards max_pending',
    finds: ['falling_behind'],
    config: () => fallingBehind.PATIENT,
    alone: true,
    run: fallingBehind.run,
  },
  {
    id: 'login-typo',
    about: 'a client has a wrong password three times, then the right one',
    finds: ['login_typo'],
    run: logins.typo,
  },
  {
    id: 'login-never-worked',
    about: 'a new deployment never had the right password',
    finds: ['login_broken'],
    run: logins.neverWorked,
  },
  {
    id: 'login-partly-rolled-out',
    about: 'one instance of a deployment has the right password, two have not',
    finds: ['login_broken'],
    run: logins.partlyRolledOut,
  },
  {
    id: 'credential-rotation',
    about: 'a password is rotated, and one of two deployments that use it is forgotten',
    finds: ['login_broken'],
    alone: true,
    run: rotation.run,
  },
  {
    id: 'login-scan',
    about: 'one address tries 30 user names',
    finds: ['login_scan'],
    run: logins.scan,
  },
  {
    id: 'expired-token',
    about: 'a token of operator mode expires while its client is connected, and nobody renews it',
    finds: ['credentials_expiring_out'],
    servers: 1,
    config: expiredToken.operatorMode,
    strict: true,
    alone: true,
    run: expiredToken.run,
  },
  {
    id: 'tls-one-host',
    about: 'one host does not trust the servers’ certificate',
    finds: ['tls_failing'],
    config: tls.offersTls,
    run: tls.oneHost,
  },
  {
    id: 'tls-everybody',
    about: 'the certificate of a server is one that no host trusts',
    finds: ['tls_failing'],
    config: tls.offersTls,
    alone: true,
    run: tls.everybody,
  },
  {
    id: 'limit-connections',
    about: 'an account has as many connections as it may, and wants more',
    finds: ['limit_hit'],
    run: limits.connections,
  },
  {
    id: 'limit-payload',
    about: 'an app publishes messages larger than max_payload',
    finds: ['limit_hit'],
    run: limits.payload,
  },
  {
    id: 'stale-host',
    about: 'a host dies with six clients on it',
    finds: ['stale'],
    config: () => vanished.IMPATIENT,
    run: vanished.host,
  },
  {
    id: 'stale-network',
    about: 'one server no longer hears from twelve hosts',
    finds: ['stale'],
    config: () => vanished.IMPATIENT,
    alone: true,
    run: vanished.network,
  },
  {
    id: 'connect-per-request',
    about: 'an app opens a connection for every request',
    finds: ['churn'],
    run: comeAndGo.perRequest,
  },
  {
    id: 'flapping',
    about: 'two instances lose their connections each second and come back',
    finds: ['flapping'],
    run: comeAndGo.flapping,
  },
  {
    id: 'port-scan',
    about: 'one address speaks HTTP, RTSP, SSH, TLS and nothing to every server',
    finds: ['protocol'],
    run: portScan.run,
  },
  {
    id: 'mqtt-twins',
    about: 'two MQTT devices with one client id take each other’s place',
    finds: ['duplicate_client'],
    servers: 1,
    config: mqttTwins.speaksMqtt,
    alone: true,
    run: mqttTwins.run,
  },
  {
    id: 'upgrade-not-back',
    about: 'three servers are upgraded one after the other, and one client does not return',
    finds: ['server_restart', 'not_back'],
    upgradesFrom: OLD,
    alone: true,
    run: servers.oneDoesNotReturn,
  },
  {
    id: 'server-killed',
    about: 'a server’s process is killed, and its clients go to the others',
    finds: ['server_restart'],
    alone: true,
    run: servers.killed,
  },
  {
    id: 'server-killed-not-back',
    about: 'a server’s process is killed, and one of its clients is not seen again',
    finds: ['server_restart', 'not_back'],
    alone: true,
    run: servers.killedNotBack,
  },
  {
    id: 'reconnect-storm',
    about: 'after a server was killed, 40 clients reconnect again and again',
    finds: ['server_restart', 'churn'],
    alone: true,
    run: servers.storm,
  },
  {
    id: 'slow-route',
    about: 'a server takes nothing for a moment, and the route to it is a slow consumer',
    finds: ['fabric_slow'],
    config: () => slowRoute.HASTY,
    alone: true,
    run: slowRoute.run,
  },
  {
    id: 'unnamed',
    about: 'a dozen clients of one host connect without a name',
    finds: ['unnamed'],
    run: inventory.unnamed,
  },
  {
    id: 'old-library',
    about: 'one app has a client library of years ago',
    finds: ['old_library'],
    run: inventory.oldLibrary,
  },
  {
    id: 'records-lost',
    about: 'between two reads more clients leave than a server remembers',
    finds: ['records_lost'],
    config: () => blindSpots.SMALL_RING,
    alone: true,
    run: blindSpots.recordsLost,
  },
  {
    id: 'server-silent',
    about: 'a server’s process is stopped (SIGSTOP): it is there, and says nothing',
    finds: ['server_silent'],
    alone: true,
    run: blindSpots.silent,
  },
  {
    id: 'clock-off',
    about: 'a server’s clock is ten minutes ahead (its answers are changed on their way)',
    finds: ['clock_off'],
    alone: true,
    prepare: blindSpots.wrongClock,
    run: blindSpots.clockIsWrong,
  },
  {
    id: 'server-unlisted',
    about: 'one of three servers is in no list',
    finds: ['server_unlisted'],
    alone: true,
    prepare: blindSpots.forget,
    run: blindSpots.unlisted,
  },
  { id: 'quiet', about: 'nothing happens', finds: [], run: healthy.quiet },
  {
    id: 'rolling-upgrade',
    about: 'three servers are upgraded one after the other, and all clients come back',
    finds: ['server_restart'],
    upgradesFrom: OLD,
    alone: true,
    run: servers.rollingUpgrade,
  },
  { id: 'autoscaling', about: 'pods of an app are added and removed', finds: [], run: healthy.autoscaling },
  { id: 'rollout', about: 'each pod of an app is replaced', finds: [], run: healthy.rollout },
  { id: 'cron', about: 'five jobs start together, do their work and end, six times', finds: [], run: healthy.cron },
  {
    id: 'laptops',
    about: 'five laptops are closed one after the other, and come back',
    finds: [],
    config: () => vanished.IMPATIENT,
    run: healthy.laptops,
  },
  { id: 'probes', about: 'kubelet, load balancer and Prometheus look at each server', finds: [], run: healthy.probes },
];

/** The scenario of that name, or an error that lists them. */
export function scenarioNamed(id: string): Scenario {
  const scenario = SCENARIOS.find((candidate) => candidate.id === id);
  if (!scenario) {
    throw new Error(`there is no scenario "${id}"; there are ${SCENARIOS.map((one) => one.id).join(', ')}`);
  }
  return scenario;
}
