import React, { useState } from 'react';
import { css, cx } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import { type Aside, type Reach, reachBy, reachOf, setAside } from '../../settings/reach';
import { t } from '../../texts';
import { type ConfigPart } from './part';

const reaches = (): Array<{ reach: Reach; title: string; text: string }> => [
  {
    reach: 'http',
    title: t('reachChoice.httpMonitoring', 'HTTP monitoring'),
    text: t(
      'reachChoice.seesAllAccountsOnThe',
      'Sees all accounts on the servers you list, also on one that is being drained. Needs the monitoring port of each.'
    ),
  },
  {
    reach: 'system',
    title: t('reachChoice.natsSystemAccount', 'NATS system account'),
    text: t(
      'reachChoice.oneLoginSeesAllAccounts',
      'One login sees all accounts on all servers, and new servers are found. Needs a user of the system account.'
    ),
  },
  {
    reach: 'both',
    title: t('reachChoice.systemAccountAndHttpMonitoring', 'System account and HTTP monitoring'),
    text: t(
      'reachChoice.whereOneWayFailsThe',
      'Where one way fails the other answers, and each server counts once. Needs what both need.'
    ),
  },
  {
    reach: 'account',
    title: t('reachChoice.natsAccount', 'NATS account'),
    text: t(
      'reachChoice.forATenantSeesThe',
      'For a tenant: sees the login’s own account on all servers, and nothing of others. Needs any user of it.'
    ),
  },
];

/** How the servers are reached; what was written for another way is there again after changing back. */
export function ReachChoice({ options, readOnly, onChange }: ConfigPart) {
  const styles = useStyles2(getStyles);
  const [aside, setKept] = useState<Aside>({});
  const chosen = reachOf(options);
  const choose = (reach: Reach) => {
    const kept = setAside(options, aside);
    setKept(kept);
    onChange(reachBy(reach, options, kept));
  };
  return (
    <div
      role="radiogroup"
      aria-label={t('reachChoice.howTheServersAreReached', 'How the servers are reached')}
      className={styles.cards}
    >
      {reaches().map(({ reach, title, text }) => (
        <label key={reach} className={cx(styles.card, reach === chosen && styles.chosen, readOnly && styles.readOnly)}>
          <input
            type="radio"
            name="nats-reach"
            checked={reach === chosen}
            disabled={readOnly}
            aria-describedby={`nats-reach-${reach}`}
            aria-label={title}
            onChange={() => choose(reach)}
          />
          <span>
            <span className={styles.title}>{title}</span>
            <span id={`nats-reach-${reach}`} className={styles.text}>
              {text}
            </span>
          </span>
        </label>
      ))}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  cards: css({
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 260px), 1fr))',
    gap: theme.spacing(1),
  }),
  card: css({
    display: 'flex',
    alignItems: 'flex-start',
    gap: theme.spacing(1.5),
    margin: 0,
    padding: theme.spacing(1.5),
    border: `1px solid ${theme.colors.border.medium}`,
    borderRadius: theme.shape.radius.default,
    background: theme.colors.background.secondary,
    cursor: 'pointer',
    '& input': { flexShrink: 0, accentColor: theme.colors.primary.main },
    '&:hover': { background: theme.colors.emphasize(theme.colors.background.secondary, 0.03) },
    '&:focus-within': { outline: `2px solid ${theme.colors.primary.main}`, outlineOffset: 2 },
  }),
  chosen: css({ borderColor: theme.colors.primary.border }),
  readOnly: css({ cursor: 'default', '&:hover': { background: theme.colors.background.secondary } }),
  title: css({ display: 'block', fontWeight: theme.typography.fontWeightMedium }),
  text: css({ display: 'block', ...theme.typography.bodySmall, color: theme.colors.text.secondary }),
});
