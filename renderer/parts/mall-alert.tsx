import { durationText } from '../../shared/countdown.ts';
import type { Face } from '../../shared/mall-face.ts';
import { codeText } from '../../shared/messages/message.ts';
import type { MallSnapshot } from '../../shared/snapshot.ts';
import { alertCodeOf, stillWorks } from '../view/mall-view.ts';
import { type Tone, toneOfFace } from '../view/tone.ts';
import { useWords } from '../words.ts';
import { Shape } from './shape.tsx';

/** What is so, what to do, and what still works until when. */
export function MallAlert({ mall, now }: { readonly mall: MallSnapshot; readonly now: number }) {
  const { locale, say } = useWords();
  const code = alertCodeOf(mall);
  if (code === null) return null;
  const { title, todo } = codeText(locale, code, mall.reasonParams);
  const { face, tone } = lookOf(mall);
  return (
    <section className={`alert tone-${tone}`} data-testid="alert" data-code={code} aria-label={title}>
      <Shape face={face} />
      <div>
        <h2>{title}</h2>
        <p>{todo}</p>
        {stillWorks(mall, now) && mall.accessExpiresAt !== null && (
          <p className="alert__works">
            {say('alert.access', { time: durationText(locale, now, mall.accessExpiresAt) })}
          </p>
        )}
      </div>
    </section>
  );
}

/** A reason beside a healthy state (waiting out a rate limit, say) is told without alarm. */
function lookOf(mall: MallSnapshot): { readonly face: Face; readonly tone: Tone } {
  return mall.state === 'HEALTHY'
    ? { face: 'EXPIRING', tone: 'idle' }
    : { face: mall.state, tone: toneOfFace(mall.state) };
}
