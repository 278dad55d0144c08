import { t } from '../texts';
import { type NatsSecret } from '../types';

const PEM = /-----BEGIN [A-Z ]+-----[^]+-----END [A-Z ]+-----/;

const certificate = () => t('secrets.pasteTheCertificate', 'Paste the certificate as PEM text, from -----BEGIN on.');

const FORMS: Partial<Record<NatsSecret, { form: RegExp; hint: () => string }>> = {
  natsCredentials: {
    form: /BEGIN NATS USER JWT[^]+BEGIN USER NKEY SEED/,
    hint: () => t('secrets.pasteAll', 'Paste all that is in the file: a user JWT and an NKey seed.'),
  },
  natsSeed: {
    form: /^\s*SU[A-Z2-7]{56}\s*$/,
    hint: () => t('secrets.seed', 'A user’s seed begins with SU and has 58 letters and digits.'),
  },
  natsTlsCaCert: { form: PEM, hint: certificate },
  natsTlsClientCert: { form: PEM, hint: certificate },
  natsTlsClientKey: {
    form: PEM,
    hint: () => t('secrets.pasteTheKey', 'Paste the key as PEM text, from -----BEGIN on.'),
  },
};

/** Why a secret cannot be what it is meant to be; nothing for one that is not written yet. */
export function secretProblem(name: NatsSecret, text: string): string | undefined {
  const { form, hint } = FORMS[name] ?? {};
  return text === '' || !form || form.test(text) ? undefined : hint?.();
}
