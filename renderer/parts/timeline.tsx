import { durationText } from '../../shared/countdown.ts';
import { dDayLabel, formatDate, formatDateTime, formatShortDate } from '../../shared/seoul-time.ts';
import type { MallSnapshot } from '../../shared/snapshot.ts';
import { type TimelineView, timelineOf } from '../view/timeline-view.ts';
import { useWords } from '../words.ts';
import { HistoryMark, MarkPath } from './history-mark.tsx';

interface Props {
  readonly mall: Pick<MallSnapshot, 'refreshes' | 'past'>;
  readonly deadlineAt: number;
  readonly now: number;
}

const percent = (position: number): string => `${(position * 100).toFixed(2)}%`;

/** The line's height in the picture, and that of the failures above it. */
const LINE_Y = 19;
const FAILURE_Y = 5;

/** The past 14 days and the way to the deadline; positions in per cent, so that marks stay round at any width. */
export function Timeline({ mall, deadlineAt, now }: Props) {
  const view = timelineOf({ deadlineAt, refreshes: mall.refreshes, past: mall.past, now });
  return (
    <>
      <svg className="timeline" role="img" aria-label={useSpokenTimeline(view, deadlineAt)}>
        <Line view={view} />
        <Scale view={view} deadlineAt={deadlineAt} />
        {view.off.map(({ from, to }) => (
          <Off key={from} from={from} to={to} />
        ))}
        {!view.over && <circle className="timeline__now" cx={percent(view.now)} cy={LINE_Y} r="6" />}
        {/* Upon today's dot: that is where the consent is that was just given. */}
        {view.consents.map((position) => (
          <Mark key={position} position={position} y={LINE_Y} shape="diamond" />
        ))}
        {view.failures.map((position) => (
          <Mark key={position} position={position} y={FAILURE_Y} shape="cross" />
        ))}
      </svg>
      <Legend view={view} />
    </>
  );
}

interface MarkProps {
  readonly position: number;
  readonly y: number;
  readonly shape: 'diamond' | 'cross';
}

/** Placed in per cent, drawn in pixels; the whole picture's text speaks for it. */
function Mark({ position, y, shape }: MarkProps) {
  return (
    <svg x={percent(position)} y={y} className={`timeline__${shape}`} aria-hidden="true">
      <MarkPath shape={shape} />
    </svg>
  );
}

function Line({ view }: { readonly view: TimelineView }) {
  return (
    <>
      {!view.over && (
        <line className="timeline__rail" x1={percent(view.now)} x2="100%" y1={LINE_Y} y2={LINE_Y} />
      )}
      <line className="timeline__thread" x1="0%" x2={percent(view.now)} y1={LINE_Y} y2={LINE_Y} />
      {view.stretches.map(({ from, to }) => (
        <line
          key={from}
          className="timeline__travelled"
          x1={percent(from)}
          x2={percent(to)}
          y1={LINE_Y}
          y2={LINE_Y}
        />
      ))}
      {view.dots.map((position) => (
        <circle key={position} className="timeline__dot" cx={percent(position)} cy={LINE_Y} r="1.5" />
      ))}
    </>
  );
}

/** A night is hardly to be seen on 28 days; it is a mark all the same. */
const SHORTEST_OFF = 0.012;

/** A time that this program was off: an empty frame over the line. */
function Off({ from, to }: { readonly from: number; readonly to: number }) {
  return (
    <rect
      className="timeline__off"
      x={percent(from)}
      y={LINE_Y - 4.5}
      width={percent(Math.max(SHORTEST_OFF, to - from))}
      height="9"
      rx="2"
    />
  );
}

/** What a word takes of the width: nearer than this to the start or to a mark there is no room for another. */
const WORD = 0.12;

function Scale({ view, deadlineAt }: { readonly view: TimelineView; readonly deadlineAt: number }) {
  const { locale, say } = useWords();
  const taken = [0.04, ...view.marks.map(({ position }) => position)];
  const hasRoom = !view.over && taken.every((position) => Math.abs(position - view.now) > WORD);
  return (
    <>
      {view.marks.map(({ dDay, position }) => (
        <g key={dDay}>
          <line
            className="timeline__mark"
            x1={percent(position)}
            x2={percent(position)}
            y1={LINE_Y - 7}
            y2={LINE_Y + 7}
          />
          <text className="timeline__text" x={percent(position)} y="42" textAnchor="middle">
            {dDayLabel(dDay)}
          </text>
        </g>
      ))}
      <svg x="100%" y="4" className="timeline__end">
        <title>{say('line.deadline', { moment: formatDateTime(locale, deadlineAt) })}</title>
        <path className="timeline__pole" d="M0 3v20" />
        <path className="timeline__flag" d="M0 3h-10l3 4l-3 4h10z" />
      </svg>
      <text className="timeline__text timeline__text--start" x="0%" y="42">
        {view.startsToday ? say('time.today') : formatShortDate(locale, view.startAt)}
      </text>
      {hasRoom && (
        <text className="timeline__text" x={percent(view.now)} y="42" textAnchor="middle">
          {say('time.today')}
        </text>
      )}
    </>
  );
}

/** What the marks mean, of those that are there; the picture's text says it too. */
function Legend({ view: { counts, dots } }: { readonly view: TimelineView }) {
  const { say } = useWords();
  const shown = [
    ...(dots.length > 0 ? [{ shape: 'dot', word: say('legend.refresh'), tone: '' } as const] : []),
    ...(counts.consents > 0 ? [{ shape: 'diamond', word: say('legend.consent'), tone: '' } as const] : []),
    ...(counts.failures > 0
      ? [{ shape: 'cross', word: say('legend.failure'), tone: 'tone-bad' } as const]
      : []),
    ...(counts.off > 0 ? [{ shape: 'bracket', word: say('legend.off'), tone: 'tone-idle' } as const] : []),
  ];
  if (shown.length === 0) return null;
  return (
    <ul className="timeline__legend" aria-hidden="true">
      {shown.map(({ shape, word, tone }) => (
        <li key={shape} className={tone}>
          <HistoryMark shape={shape} />
          {word}
        </li>
      ))}
    </ul>
  );
}

/** The same picture in words. */
function useSpokenTimeline(view: TimelineView, deadlineAt: number): string {
  const { locale, say } = useWords();
  const { longestGap, counts } = view;
  return [
    say('line.label'),
    say('line.start', { date: formatDate(locale, view.startAt) }),
    say('line.now', { percent: Math.round(view.now * 100) }),
    say('line.refreshes', { count: view.refreshCount }),
    ...(longestGap === null
      ? []
      : [say('line.gap', { time: durationText(locale, longestGap.fromAt, longestGap.toAt) })]),
    ...(counts.consents > 0 ? [say('line.consents', { count: counts.consents })] : []),
    ...(counts.failures > 0 ? [say('line.failures', { count: counts.failures })] : []),
    ...(counts.off > 0
      ? [say('line.off', { count: counts.off, time: durationText(locale, 0, view.offMs) })]
      : []),
    say('line.deadline', { moment: formatDateTime(locale, deadlineAt) }),
  ].join(', ');
}
