import { useEffect, useRef } from 'react';
import { type PanelData, LoadingState } from '@grafana/data';
import { type DataSource } from '../datasource';

/** Asks once where what is shown was told by another data source: Grafana keeps it until somebody refreshes. */
export function useFresh({ uid }: DataSource, refId: string, data: PanelData | undefined, ask: () => void) {
  const isDone = useRef(false);
  useEffect(() => {
    const asked = data?.request?.targets?.find((target) => target.refId === refId)?.datasource?.uid;
    // A variable is not yet what it stands for.
    const isOld = asked !== undefined && asked !== uid && !asked.startsWith('$');
    if (isOld && !isDone.current && data?.state !== LoadingState.Loading) {
      isDone.current = true;
      ask();
    }
  });
}
