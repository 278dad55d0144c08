import { useEffect, useState } from 'react';

/** Moves the focus to where the hand goes next, once that is there. */
export function useFocus(): (id: string) => void {
  const [target, setTarget] = useState<{ id: string }>();
  useEffect(() => {
    if (target) {
      document.getElementById(target.id)?.focus();
    }
  }, [target]);
  return (id) => setTarget({ id });
}
