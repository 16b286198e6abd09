import { clockText, countdownOf, durationText } from '../../shared/countdown.ts';
import { dDayLabel, dDayOf, formatDateTime } from '../../shared/seoul-time.ts';
import type { MallSnapshot } from '../../shared/snapshot.ts';
import { meaningOf } from '../view/mall-view.ts';
import { useWords } from '../words.ts';
import { Timeline } from './timeline.tsx';

/** From here on the D-day takes the state's colour (warnings begin at D-3). */
const FIRST_WARNED_D_DAY = 3;

interface Props {
  readonly mall: MallSnapshot;
  readonly deadlineAt: number;
  readonly now: number;
}

/** The one big thing: the time to the refresh token's deadline. */
export function DeadlineCard({ mall, deadlineAt, now }: Props) {
  const { locale, say } = useWords();
  const over = now >= deadlineAt;
  const moment = formatDateTime(locale, deadlineAt);
  const dDay = dDayOf(deadlineAt, now);
  const meaning = meaningOf(mall, now).map((key) => say(key));
  return (
    <section className="card deadline" aria-labelledby="deadline-label">
      <h2 className="deadline__label" id="deadline-label">
        {say(over ? 'hero.over' : 'hero.until')}
      </h2>
      <Countdown deadlineAt={deadlineAt} now={now} />
      <p className={dDay <= FIRST_WARNED_D_DAY ? 'deadline__due deadline__due--near' : 'deadline__due'}>
        <b data-testid="dday">{dDayLabel(dDay)}</b>
        <time dateTime={new Date(deadlineAt).toISOString()}>
          {over ? say('hero.expired', { moment }) : moment}
        </time>
      </p>
      {meaning.length > 0 && <p className="deadline__meaning">{meaning.join(' ')}</p>}
      <Timeline mall={mall} deadlineAt={deadlineAt} now={now} />
    </section>
  );
}

/** A screen reader that visits it hears words without seconds; changes of the stage are spoken elsewhere. */
function Countdown({ deadlineAt, now }: { readonly deadlineAt: number; readonly now: number }) {
  const { locale, say } = useWords();
  const left = countdownOf(deadlineAt, now);
  return (
    <div
      className="countdown"
      role="timer"
      aria-label={durationText(locale, now, deadlineAt)}
      data-testid="countdown"
      data-deadline-at={deadlineAt}
      data-remaining-s={left.totalSeconds}
    >
      <b aria-hidden="true">{left.days}</b>
      <span className="countdown__unit" aria-hidden="true">
        {say(left.days === 1 ? 'hero.days.one' : 'hero.days.other')}
      </span>
      <span className="countdown__clock" aria-hidden="true">
        {clockText(left)}
      </span>
    </div>
  );
}
