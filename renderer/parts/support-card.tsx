import { codeText } from '../../shared/messages/message.ts';
import { useAnswer, useAsk } from '../bridge.ts';
import { useWords } from '../words.ts';

/** The diagnostics as they will be copied: read first, copied exactly so. */
export function SupportCard() {
  const { locale, say } = useWords();
  const { asked, ask } = useAsk();
  // Once, when the page is opened: what a person reads must not change under their eyes.
  const text = useAnswer({ do: 'diagnostics' })?.text ?? null;
  const isCopied =
    asked.phase === 'answered' && asked.what === 'copy-diagnostics' && asked.reply.code === null;
  const failure = asked.phase === 'answered' ? asked.reply.code : null;
  return (
    <section className="card support">
      <h2>{say('diag.support')}</h2>
      <p className="quiet small">{say('diag.support.lead')}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section tabIndex={0} aria-label={say('diag.preview')}>
        <pre data-testid="diagnostics">{text ?? say('connecting.heading')}</pre>
      </section>
      <div className="support__buttons">
        <button
          type="button"
          data-do="copy-diagnostics"
          disabled={text === null}
          onClick={() => ask({ do: 'copy-diagnostics' })}
        >
          {say(isCopied ? 'diag.copied' : 'diag.copy')}
        </button>
        <button type="button" data-do="open-logs" onClick={() => ask({ do: 'open-logs' })}>
          {say('diag.logs')}
        </button>
      </div>
      {failure !== null && (
        <p className="tone-bad" role="status">
          {codeText(locale, failure).todo}
        </p>
      )}
      {asked.phase === 'unanswered' && (
        <p className="tone-bad" role="status">
          {say('action.failed')}
        </p>
      )}
    </section>
  );
}
