import { clockText, countdownOf } from '../../shared/countdown.ts';
import { faceOf, faceWord } from '../../shared/mall-face.ts';
import { dDayLabel, dDayOf } from '../../shared/seoul-time.ts';
import type { MallSnapshot } from '../../shared/snapshot.ts';
import { toneOfFace, toneOfMall } from '../view/tone.ts';
import { useWords } from '../words.ts';
import { Shape } from './shape.tsx';

interface Props {
  readonly malls: readonly MallSnapshot[];
  readonly shown: string;
  readonly now: number;
  /** Where time is read every second; elsewhere a countdown would stand still. */
  readonly counts: boolean;
  readonly onShow: (mall: string) => void;
}

/** The way between several shops, most urgent first. A single shop needs none. */
export function ShopList({ malls, shown, now, counts, onShow }: Props) {
  const { say } = useWords();
  if (malls.length < 2) return null;
  return (
    <nav className="shops" aria-label={say('shops.label')}>
      {malls.map((mall) => (
        <ShopTab
          key={mall.mall}
          mall={mall}
          now={now}
          counts={counts}
          isShown={mall.mall === shown}
          onShow={() => onShow(mall.mall)}
        />
      ))}
    </nav>
  );
}

interface TabProps {
  readonly mall: MallSnapshot;
  readonly now: number;
  readonly counts: boolean;
  readonly isShown: boolean;
  readonly onShow: () => void;
}

function ShopTab({ mall, now, counts, isShown, onShow }: TabProps) {
  const { locale, say } = useWords();
  const face = faceOf(mall);
  const state = faceWord(locale, mall, face);
  const tone = face === 'WAITING' ? toneOfFace(face) : toneOfMall(mall);
  const dDay = mall.deadlineAt === null ? null : dDayLabel(dDayOf(mall.deadlineAt, now));
  const label =
    dDay === null
      ? say('shops.plain', { mall: mall.mall, state })
      : say('shops.dDay', { mall: mall.mall, state, dDay });
  return (
    <button
      type="button"
      className={`shops__tab tone-${tone}`}
      aria-current={isShown ? 'true' : undefined}
      aria-label={label}
      onClick={onShow}
    >
      <Shape face={face} />
      <span className="shops__name">{mall.mall}</span>
      <span className="shops__state">{state}</span>
      {dDay !== null && <b className="shops__dday">{dDay}</b>}
      {counts && mall.deadlineAt !== null && <TimeLeft deadlineAt={mall.deadlineAt} now={now} />}
    </button>
  );
}

/** For the eye: the button's label says D-day and state, and a screen reader is spared the seconds. */
function TimeLeft({ deadlineAt, now }: { readonly deadlineAt: number; readonly now: number }) {
  const { say } = useWords();
  const left = countdownOf(deadlineAt, now);
  return (
    <span className="shops__left" data-testid="shop-left" data-remaining-s={left.totalSeconds}>
      {say(now >= deadlineAt ? 'time.over' : 'shops.left', { days: left.days, clock: clockText(left) })}
    </span>
  );
}
