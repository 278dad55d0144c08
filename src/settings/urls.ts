import { t } from '../texts';
/** Splits what somebody pasted: one URL a line, or parted by commas or spaces. */
export function splitUrls(text: string): string[] {
  return text.split(/[\s,;]+/).filter((part) => part !== '');
}

/** Why an address cannot be used, as the backend would say it. */
export function urlProblem(text: string, others: readonly string[] = []): string | undefined {
  const parsed = parse(text);
  if (!parsed || parsed.hostname === '') {
    return t('urls.writeAFullAddressSuch', 'Write a full address, such as http://nats-1.example.com:8222.');
  }
  if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:') {
    return t(
      'urls.theAddressStartsWithHttp',
      'The address starts with http:// or https://: it is the monitoring port, not the client port.'
    );
  }
  if (parsed.username || parsed.password) {
    return t(
      'urls.putUserAndPasswordBelow',
      'Put user and password below Authentication; an address is shown to everybody.'
    );
  }
  if (parsed.search || parsed.hash) {
    return t('urls.removeWhatFollowsOr', 'Remove what follows ? or #.');
  }
  if (others.some((other) => sameAddress(other, text))) {
    return t('urls.thisAddressIsThereTwice', 'This address is there twice.');
  }
  return undefined;
}

function parse(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

/** Whether two addresses lead to the same place. */
export function sameAddress(one: string, other: string): boolean {
  return one.replace(/\/+$/, '') === other.replace(/\/+$/, '');
}
