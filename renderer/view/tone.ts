import type { Code } from '../../shared/codes.ts';
import { type Face, stateFaceOf } from '../../shared/mall-face.ts';
import type { MallSnapshot } from '../../shared/snapshot.ts';
import { isQuiet } from '../../shared/urgency.ts';

/** What a colour means here; shape and word always say it too. */
export type Tone = 'ok' | 'soon' | 'bad' | 'busy' | 'idle';

export function toneOfFace(face: Face): Tone {
  switch (face) {
    case 'HEALTHY':
      return 'ok';
    case 'EXPIRING':
    case 'UNCONFIRMED':
      return 'soon';
    case 'CRITICAL':
    case 'NEEDS_REAUTH':
    case 'BLOCKED':
      return 'bad';
    case 'WAITING':
      return 'busy';
    case 'PAUSED':
    case 'UNKNOWN':
      return 'idle';
  }
}

/** A shop that nobody waits for is no emergency: its triangle is grey. */
export function toneOfMall(mall: MallSnapshot): Tone {
  return isQuiet(mall) ? 'idle' : toneOfFace(stateFaceOf(mall));
}

const GOOD: ReadonlySet<Code> = new Set([
  'consent.connected',
  'consent.connected_elsewhere',
  'test.ok',
  'refresh.done',
  'refresh.already_fresh',
  'refresh.by_another',
  'disconnect.done',
  'channel.sent',
  'relay.ok',
  'relay.not_needed',
  'relay.saved',
]);

/** Ends that need nothing and are no failure. */
const CALM: ReadonlySet<Code> = new Set([
  'consent.cancelled',
  'consent.saved_not_shared',
  'refresh.waiting',
  'rate.limited',
  'disconnect.forgotten',
  'disconnect.not_shared',
  'disconnect.busy',
  'disconnect.nothing',
  'remove.not_shared',
  'remove.busy',
  'relay.other_page',
  'config.not_kept',
]);

export function toneOfResult(code: Code): Tone {
  if (GOOD.has(code)) return 'ok';
  return CALM.has(code) ? 'idle' : 'bad';
}
