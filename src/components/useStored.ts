import { useEffect, useRef } from 'react';
import { CoreApp } from '@grafana/data';
import { type NatsQuery } from '../types';

/**
 * Stores what the editor shows as soon as it shows it. Grafana fills the defaults of its place in for the editor alone:
 * a rule would otherwise run what the backend takes for the default, and not what somebody saw.
 */
export function useStored(
  shown: NatsQuery,
  stored: NatsQuery,
  app: string | undefined,
  store: (query: NatsQuery) => void
) {
  const isDone = useRef(false);
  useEffect(() => {
    const isRule = app === CoreApp.UnifiedAlerting || app === CoreApp.CloudAlerting;
    const lacks = !stored.queryType || (!stored.view && shown.queryType !== 'values');
    if (!isDone.current && (isRule || lacks)) {
      store(shown);
    }
    isDone.current = true;
  });
}
