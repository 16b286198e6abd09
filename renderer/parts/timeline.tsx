import { durationText } from '../../shared/countdown.ts';
import { dDayLabel, formatDate, formatDateTime, formatShortDate } from '../../shared/seoul-time.ts';
import { timelineOf } from '../view/timeline-view.ts';
import { useWords } from '../words.ts';

interface Props {
  readonly deadlineAt: number;
  readonly refreshes: readonly number[];
  readonly now: number;
}

const percent = (position: number): string => `${(position * 100).toFixed(2)}%`;

/** The 14 days as a line; positions in per cent, so that dots stay round and text keeps its size at any width. */
export function Timeline({ deadlineAt, refreshes, now }: Props) {
  const { locale, say } = useWords();
  const view = timelineOf(deadlineAt, refreshes, now);
  return (
    <svg className="timeline" role="img" aria-label={useSpokenTimeline(view, deadlineAt)}>
      {!view.over && <line className="timeline__rail" x1={percent(view.now)} x2="100%" y1="15" y2="15" />}
      <line className="timeline__thread" x1="0%" x2={percent(view.now)} y1="15" y2="15" />
      {view.stretches.map(({ from, to }) => (
        <line
          key={from}
          className="timeline__travelled"
          x1={percent(from)}
          x2={percent(to)}
          y1="15"
          y2="15"
        />
      ))}
      {view.dots.map((position) => (
        <circle key={position} className="timeline__dot" cx={percent(position)} cy="15" r="1.5" />
      ))}
      {view.marks.map(({ dDay, position }) => (
        <g key={dDay}>
          <line className="timeline__mark" x1={percent(position)} x2={percent(position)} y1="8" y2="22" />
          <text className="timeline__text" x={percent(position)} y="38" textAnchor="middle">
            {dDayLabel(dDay)}
          </text>
        </g>
      ))}
      <svg x="100%" className="timeline__end">
        <title>{say('line.deadline', { moment: formatDateTime(locale, deadlineAt) })}</title>
        <path className="timeline__pole" d="M0 3v20" />
        <path className="timeline__flag" d="M0 3h-10l3 4l-3 4h10z" />
      </svg>
      {!view.over && <circle className="timeline__now" cx={percent(view.now)} cy="15" r="6" />}
      <text className="timeline__text timeline__text--start" x="0%" y="38">
        {view.startsToday ? say('time.today') : formatShortDate(locale, view.startAt)}
      </text>
    </svg>
  );
}

/** The same picture in words. */
function useSpokenTimeline(view: ReturnType<typeof timelineOf>, deadlineAt: number): string {
  const { locale, say } = useWords();
  const { longestGap } = view;
  return [
    say('line.label'),
    say('line.start', { date: formatDate(locale, view.startAt) }),
    say('line.now', { percent: Math.round(view.now * 100) }),
    say('line.refreshes', { count: view.refreshCount }),
    ...(longestGap === null
      ? []
      : [say('line.gap', { time: durationText(locale, longestGap.fromAt, longestGap.toAt) })]),
    say('line.deadline', { moment: formatDateTime(locale, deadlineAt) }),
  ].join(', ');
}
