import type { Face } from '../../shared/mall-face.ts';

/** The shape of a state: the very SVG the tray icon is made from, as a mask filled with the text's colour. */
export function Shape({ face }: { readonly face: Face }) {
  return <span className={`shape shape--${face.toLowerCase().replaceAll('_', '-')}`} aria-hidden="true" />;
}
