/** How a mall looks at one glance; window, tray and tooltip take their icon and words from here alone. */
import type { Locale } from './locale.ts';
import type { MallState } from './mall-state.ts';
import { text } from './messages/message.ts';
import type { MallSnapshot } from './snapshot.ts';

/** The shape to draw: a state, or that a consent is under way, that a person paused it, or that nothing is known yet. */
export type Face = MallState | 'WAITING' | 'PAUSED' | 'UNKNOWN';

/** Nothing was read yet: the app has just started. Unknown is called unknown, not "never connected". */
export function isUnseen(mall: MallSnapshot): boolean {
  return mall.store.reachable === null && mall.store.checkedAt === null && mall.deadlineAt === null;
}

export function isFlowRunning(mall: MallSnapshot): boolean {
  return mall.flow.phase !== 'idle';
}

/** The mall's own state, a running consent aside. Of a paused one the first thing to know is that nobody keeps it here. */
export function stateFaceOf(mall: MallSnapshot): Exclude<Face, 'WAITING'> {
  if (mall.paused) return 'PAUSED';
  return isUnseen(mall) ? 'UNKNOWN' : mall.state;
}

export function faceOf(mall: MallSnapshot): Face {
  return isFlowRunning(mall) ? 'WAITING' : stateFaceOf(mall);
}

/** The word beside the shape. A shop that was never connected has nothing to do "again". */
export function faceWord(locale: Locale, mall: MallSnapshot, face: Face): string {
  if (face === 'NEEDS_REAUTH' && mall.reason === 'never_connected')
    return text(locale, 'state.neverConnected');
  if (face === 'NEEDS_REAUTH' && mall.reason === 'disconnected') return text(locale, 'state.disconnected');
  return text(locale, `state.${face}`);
}
