import { t } from '../texts';
import { type ClientSecret } from '../types';

const PEM = /-----BEGIN [A-Z ]+-----[^]+-----END [A-Z ]+-----/;

const certificate = () => t('secrets.pasteTheCertificate', 'Paste the certificate as PEM text, from -----BEGIN on.');

const FORMS: Partial<Record<ClientSecret, { form: RegExp; hint: () => string }>> = {
  Credentials: {
    form: /BEGIN NATS USER JWT[^]+BEGIN USER NKEY SEED/,
    hint: () => t('secrets.pasteAll', 'Paste all that is in the file: a user JWT and an NKey seed.'),
  },
  Seed: {
    form: /^\s*SU[A-Z2-7]{56}\s*$/,
    hint: () => t('secrets.seed', 'A user’s seed begins with SU and has 58 letters and digits.'),
  },
  TlsCaCert: { form: PEM, hint: certificate },
  TlsClientCert: { form: PEM, hint: certificate },
  TlsClientKey: {
    form: PEM,
    hint: () => t('secrets.pasteTheKey', 'Paste the key as PEM text, from -----BEGIN on.'),
  },
};

/** Why a secret cannot be what it is meant to be; nothing for one that is not written yet. */
export function secretProblem(name: ClientSecret, text: string): string | undefined {
  const { form, hint } = FORMS[name] ?? {};
  return text === '' || !form || form.test(text) ? undefined : hint?.();
}
