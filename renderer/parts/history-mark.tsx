import type { HistoryShape } from '../view/history-view.ts';

/** The shapes of history and timeline, about the origin; filled or stroked by their style. */
const PATHS: Readonly<Record<HistoryShape, string>> = {
  dot: 'M-3 0a3 3 0 1 0 6 0a3 3 0 1 0-6 0z',
  diamond: 'M0-5l5 5l-5 5l-5-5z',
  cross: 'M-3.5-3.5l7 7M3.5-3.5l-7 7',
  bracket: 'M-3-4h-2v8h2M3-4h2v8h-2',
  bell: 'M-4.5 3h9l-1.5-2v-2a3 3 0 0 0-6 0v2z',
  ring: 'M-3.5 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0z',
};

/** The bare shape, for a place inside another picture. */
export function MarkPath({ shape }: { readonly shape: HistoryShape }) {
  return <path className={`mark mark--${shape}`} d={PATHS[shape]} />;
}

/** The shape as a picture of its own, of no word: what it means stands beside it. */
export function HistoryMark({ shape }: { readonly shape: HistoryShape }) {
  return (
    <svg className="mark-box" viewBox="-7 -7 14 14" aria-hidden="true">
      <MarkPath shape={shape} />
    </svg>
  );
}
