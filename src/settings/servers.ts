import { t } from '../texts';
import { sameAddress } from './urls';

const EXAMPLE = 'nats://nats-1.example.com:4222';

/** Why an address for NATS clients cannot be used, as the backend would say it. */
export function serverProblem(text: string, others: readonly string[] = []): string | undefined {
  const scheme = /^([a-z+.-]+):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme === 'http' || scheme === 'https') {
    return t(
      'servers.thisIsAMonitoringUrl',
      'This is a monitoring URL; write the one for clients, such as {{example}}.',
      { example: EXAMPLE }
    );
  }
  if (!scheme || !['nats', 'tls', 'ws', 'wss'].includes(scheme)) {
    return t(
      'servers.theAddressStartsWithNats',
      'The address starts with nats:// or tls://, or with ws:// or wss:// for a web ingress.'
    );
  }
  const parsed = parse(text);
  if (!parsed || text.includes(',')) {
    return t('servers.writeOneHostAndIts', 'Write one host and its port, such as {{example}}.', { example: EXAMPLE });
  }
  if (parsed.username || parsed.password) {
    return t('servers.putTheLoginBelowAn', 'Put the login below; an address is shown to everybody.');
  }
  if ((parsed.pathname !== '/' && !isWeb(text)) || /[?#]/.test(text)) {
    return t('servers.removeWhatFollowsThePort', 'Remove what follows the port.');
  }
  if (others.some((other) => sameAddress(other, text))) {
    return t('servers.thisAddressIsThereTwice', 'This address is there twice.');
  }
  if (others.some((other) => other !== '' && isWeb(other) !== isWeb(text))) {
    return t('servers.useWsAndWssFor', 'Use ws:// and wss:// for all addresses or for none.');
  }
  return undefined;
}

const isWeb = (server: string): boolean => /^wss?:/i.test(server);

/** Browsers differ in how they read schemes that they do not know, so they are given one that they do. */
function parse(text: string): URL | undefined {
  try {
    return new URL(text.replace(/^[^:]+/, 'http'));
  } catch {
    return undefined;
  }
}
