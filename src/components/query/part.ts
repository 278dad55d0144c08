import { type Problem } from '../../query/validity';
import { type NatsQuery } from '../../types';

/** What every part of the query editor is given. */
export interface Part {
  /** Prefix of the inputs' ids, unique in the page. */
  id: string;
  query: NatsQuery;
  problem?: Problem;
  onChange: (query: NatsQuery) => void;
}

/** The sentence to show at a field, if the problem is there. */
export function problemAt(problem: Problem | undefined, field: string): { invalid: boolean; error?: string } {
  return problem?.field === field ? { invalid: true, error: problem.sentence } : { invalid: false };
}
