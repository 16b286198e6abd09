import { type SubmitEvent, useId, useState } from 'react';
import { codeText } from '../../shared/messages/message.ts';
import { useAsk } from '../bridge.ts';
import { useWords } from '../words.ts';

/** For the person whose browser could not come back by itself: the returned address or the bare code. */
export function PasteBox({ mall }: { readonly mall: string }) {
  const { locale, say } = useWords();
  const { asked, ask } = useAsk();
  const [pasted, setPasted] = useState('');
  const id = useId();
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    ask({ do: 'paste', mall, text: pasted });
    // The code in it works once and for a minute; it has no business staying in sight.
    setPasted('');
  };
  const answer =
    asked.phase === 'unanswered'
      ? say('action.failed')
      : asked.phase === 'answered' && asked.reply.code !== null
        ? codeText(locale, asked.reply.code, asked.reply.params).todo
        : null;
  return (
    <form className="paste" onSubmit={submit}>
      <label htmlFor={id}>{say('flow.paste.label')}</label>
      <div className="paste__row">
        <input
          id={id}
          type="text"
          value={pasted}
          autoComplete="off"
          spellCheck={false}
          placeholder={say('flow.paste.placeholder')}
          aria-describedby={answer === null ? undefined : `${id}-answer`}
          onChange={(event) => setPasted(event.target.value)}
        />
        <button type="submit" data-do="paste" disabled={pasted.trim() === ''}>
          {say('flow.paste.submit')}
        </button>
      </div>
      <button
        type="button"
        className="quiet-button paste__clipboard"
        data-do="paste-clipboard"
        onClick={() => ask({ do: 'paste-clipboard', mall })}
      >
        {say('flow.paste.clipboard')}
      </button>
      {answer !== null && (
        <p className="paste__answer tone-bad" id={`${id}-answer`} role="status" data-testid="paste-answer">
          {answer}
        </p>
      )}
    </form>
  );
}
