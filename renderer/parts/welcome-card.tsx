import { codeText } from '../../shared/messages/message.ts';
import type { MallSnapshot } from '../../shared/snapshot.ts';
import { useWords } from '../words.ts';

/** A shop without tokens: what will happen, in three steps. One that was disconnected, or fails, says so instead. */
export function WelcomeCard({ mall }: { readonly mall: MallSnapshot }) {
  const { locale, say } = useWords();
  const code = mall.reason ?? 'never_connected';
  const isNew = code === 'never_connected';
  const { title, todo } = codeText(locale, code, mall.reasonParams);
  return (
    <section className="card welcome" data-testid="alert" data-code={code}>
      <h2>{isNew ? say('welcome.heading') : title}</h2>
      {!isNew && <p>{todo}</p>}
      <ol className="steps">
        <li>{say('welcome.step1')}</li>
        <li>{say('welcome.step2')}</li>
        <li>{say('welcome.step3')}</li>
      </ol>
    </section>
  );
}
