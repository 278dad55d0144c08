import { type NatsSecret } from '../types';

const PEM = /-----BEGIN [A-Z ]+-----[^]+-----END [A-Z ]+-----/;

const FORMS: Partial<Record<NatsSecret, { form: RegExp; hint: string }>> = {
  natsCredentials: {
    form: /BEGIN NATS USER JWT[^]+BEGIN USER NKEY SEED/,
    hint: 'Paste all that is in the file: a user JWT and an NKey seed.',
  },
  natsSeed: { form: /^\s*SU[A-Z2-7]{56}\s*$/, hint: 'A user’s seed begins with SU and has 58 letters and digits.' },
  natsTlsCaCert: { form: PEM, hint: 'Paste the certificate as PEM text, from -----BEGIN on.' },
  natsTlsClientCert: { form: PEM, hint: 'Paste the certificate as PEM text, from -----BEGIN on.' },
  natsTlsClientKey: { form: PEM, hint: 'Paste the key as PEM text, from -----BEGIN on.' },
};

/** Why a secret cannot be what it is meant to be; nothing for one that is not written yet. */
export function secretProblem(name: NatsSecret, text: string): string | undefined {
  const { form, hint } = FORMS[name] ?? {};
  return text === '' || !form || form.test(text) ? undefined : hint;
}
