import { faceOf, faceWord } from '../../shared/mall-face.ts';
import { dDayLabel, dDayOf } from '../../shared/seoul-time.ts';
import type { MallSnapshot } from '../../shared/snapshot.ts';
import { useWords } from '../words.ts';

/** From here on each day is a stage of its own (README.md, "Warnings"). */
const FIRST_STAGE_D_DAY = 3;

/**
 * What a screen reader speaks by itself: the state, and the D-day once it is close. The text is the same from one stage
 * to the next, so that the ticking countdown says nothing.
 */
export function Announcer({ mall, now }: { readonly mall: MallSnapshot; readonly now: number }) {
  const { locale } = useWords();
  const dDay = mall.deadlineAt === null ? null : dDayOf(mall.deadlineAt, now);
  const stage = dDay !== null && dDay <= FIRST_STAGE_D_DAY && dDay >= 0 ? [dDayLabel(dDay)] : [];
  return (
    <p className="spoken-only" aria-live="polite" data-testid="announcer">
      {[mall.mall, faceWord(locale, mall, faceOf(mall)), ...stage].join(', ')}
    </p>
  );
}
