import React, { lazy, Suspense, type ComponentProps, type ComponentType } from 'react';
import { LoadingPlaceholder } from '@grafana/ui';
import { t } from '../texts';

/** Loads an editor when it is first shown, so that dashboards only pay for the data source itself. */
function onDemand<C extends ComponentType<any>>(load: () => Promise<{ default: C }>) {
  const Editor = lazy(load);
  return function OnDemand(props: ComponentProps<C>) {
    return (
      <Suspense fallback={<LoadingPlaceholder text={t('lazy.loadingEditor', 'Loading editor…')} />}>
        <Editor {...props} />
      </Suspense>
    );
  };
}

export const QueryEditor = onDemand(() => import('./QueryEditor'));
export const ConfigEditor = onDemand(() => import('./ConfigEditor'));
export const VariableEditor = onDemand(() => import('./VariableEditor'));
export const QueryHelp = onDemand(() => import('./QueryHelp'));
