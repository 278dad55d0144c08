import React from 'react';
import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { useTheme2 } from '@grafana/ui';

interface Props {
  gap?: number;
  children: React.ReactNode;
}

/** Fields below one another: all as wide as Grafana's own, and none wider than the page. */
export function Column({ gap = 2, children }: Props) {
  const theme = useTheme2();
  return <div className={getStyle(theme, gap)}>{children}</div>;
}

const getStyle = (theme: GrafanaTheme2, gap: number) =>
  css({
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'flex-start',
    gap: theme.spacing(gap),
    maxWidth: 578,
    '& > div, & > fieldset': { width: '100%', minWidth: 0 },
  });
