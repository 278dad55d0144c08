import React from 'react';
import { css } from '@emotion/css';
import { useStyles2 } from '@grafana/ui';

interface Props {
  htmlFor: string;
  children: string;
}

/** A label for screen readers, where the layout itself tells everybody else. */
export function HiddenLabel({ htmlFor, children }: Props) {
  const styles = useStyles2(getStyles);
  return (
    <label htmlFor={htmlFor} className={styles.hidden}>
      {children}
    </label>
  );
}

const getStyles = () => ({
  hidden: css({
    position: 'absolute',
    width: 1,
    height: 1,
    overflow: 'hidden',
    clipPath: 'inset(50%)',
    whiteSpace: 'nowrap',
  }),
});
