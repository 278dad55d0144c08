/** Every behaviour there is; help, the mix and the checks read this one table. */
import { admin } from './admin';
import { auth } from './auth';
import { leaving } from './leaving';
import { limits } from './limits';
import { mqtt } from './mqtt';
import { protocol } from './protocol';
import { slow } from './slow';
import { type Behaviour } from './types';

export const BEHAVIOURS: readonly Behaviour[] = [
  ...leaving,
  ...slow,
  ...auth,
  ...limits,
  ...protocol,
  ...mqtt,
  ...admin,
];

/** The behaviour of that name, or an error that lists them. */
export function behaviourNamed(id: string): Behaviour {
  const behaviour = BEHAVIOURS.find((candidate) => candidate.id === id);
  if (!behaviour) {
    throw new Error(`there is no behaviour "${id}"; there are ${BEHAVIOURS.map((b) => b.id).join(', ')}`);
  }
  return behaviour;
}
