import { Activity, type ReactNode, useEffect, useState } from 'react';

interface Props {
  readonly isShown: boolean;
  /** Gets the way to say that what was typed is done with. */
  readonly children: (finish: () => void) => ReactNode;
}

/**
 * A page with a form. Main may bring up another page over it, to say what came of a click in the tray: what was typed
 * is kept then, out of sight, until the person is back. Who leaves by a link of the window lets it go.
 */
export function FormPage({ isShown, children }: Props) {
  const [isBegun, setBegun] = useState(false);
  useEffect(() => {
    if (!isShown) return;
    const begin = (): void => setBegun(true);
    const leave = ({ target }: MouseEvent): void => {
      const link = target instanceof Element ? target.closest('a') : null;
      if (link !== null && link.hash !== window.location.hash) setBegun(false);
    };
    document.addEventListener('input', begin);
    document.addEventListener('click', leave);
    return () => {
      document.removeEventListener('input', begin);
      document.removeEventListener('click', leave);
    };
  }, [isShown]);
  if (!isShown && !isBegun) return null;
  return <Activity mode={isShown ? 'visible' : 'hidden'}>{children(() => setBegun(false))}</Activity>;
}
