/** How servers end connections that never logged in. */
const BEFORE_LOGIN = [
  'Authentication Failure',
  'Authentication Timeout',
  'TLS Handshake Failure',
  'Maximum Connections Exceeded',
];

/** A closed connection as /connz lists it, as far as it says who it is. */
export interface Listed {
  reason: string;
  account?: string;
  authorized_user?: string;
  name?: string;
  lang?: string;
  version?: string;
  mqtt_client?: string;
}

/** What people call its account: servers leave the global one out, and report it of those who never got in. */
export function accountOf(listed: Listed): string {
  const { account, authorized_user, name, lang, version, mqtt_client } = listed;
  if (account) {
    return account;
  }
  const said = [authorized_user, name, lang, version, mqtt_client].some(Boolean);
  return !said || BEFORE_LOGIN.includes(listed.reason) ? '(not logged in)' : '$G';
}
