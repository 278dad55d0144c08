import { t } from '../texts';
import { type Filter, type Key } from './model.gen';
import { hasVariable } from './template';
import { type Class, type Severity, REASONS, SEVERITY_COLOURS } from './reasons.gen';

/** A value that is known without asking any server. */
export interface KnownValue {
  value: string;
  description?: string;
}

const SEVERITIES = Object.keys(SEVERITY_COLOURS) as Severity[];

/** Values of the keys whose whole range follows from the catalogue of reasons. */
export function knownValues(key: Key): KnownValue[] {
  switch (key) {
    case 'reason':
      return REASONS.filter(({ listed }) => listed).map(({ text, severity, class: meant }) => ({
        value: text,
        description: `${severity}, ${meant}`,
      }));
    case 'class':
      return [
        { value: 'planned', description: t('known.somebodyMeantIt', 'Somebody meant it') },
        { value: 'unexpected', description: t('known.nobodyMeantIt', 'Nobody meant it') },
      ];
    case 'severity':
      return SEVERITIES.map((value) => ({ value }));
    case 'category':
      return [...new Set(REASONS.map(({ category }) => category))].sort().map((value) => ({ value }));
    case 'identified':
      return [
        { value: 'true', description: t('known.saidWhoTheyAre', 'Said who they are') },
        { value: 'false', description: t('known.neverSaidWhoTheyAre', 'Never said who they are: probes, scans') },
      ];
    default:
      return [];
  }
}

/** Whether no value can come that is not known already. */
export function isCatalogued(key: Key): boolean {
  return key === 'class' || key === 'severity' || key === 'category' || key === 'identified';
}

/** A question about a value that nothing is called, as far as is known without asking any server. */
export function unknownValue({ key, operator, values }: Filter): string | undefined {
  const known = knownValues(key).map(({ value }) => value);
  const strange = operator.includes('~') ? [] : values.filter((value) => !known.includes(value) && !hasVariable(value));
  if (known.length === 0 || strange.length === 0) {
    return undefined;
  }
  const meant = known.find((value) => value.toLowerCase().includes(strange[0].toLowerCase()));
  const named = { key, value: strange[0] };
  return meant
    ? t('known.didYouMean', 'No {{key}} known here is called “{{value}}”; did you mean “{{meant}}”?', {
        ...named,
        meant,
      })
    : t('known.unknown', 'No {{key}} known here is called “{{value}}”.', named);
}

/** The class that a reason has unless a data source overrides it; unknown reasons are unexpected. */
export function defaultClass(reason: string): Class {
  return REASONS.find(({ text }) => text === reason)?.class ?? 'unexpected';
}
