import type { IntentReply } from '../../shared/ipc.ts';
import { codeText } from '../../shared/messages/message.ts';
import { toneOfResult } from '../view/tone.ts';
import { useWords } from '../words.ts';

/** What a save or a try came to, in words; the other side's own answer as it was. */
export function AnswerLine({
  reply,
  testId,
}: {
  readonly reply: IntentReply | null;
  readonly testId: string;
}) {
  const { locale, say } = useWords();
  const code = reply?.code ?? null;
  const words = code === null ? null : codeText(locale, code, reply?.params);
  const answer = reply?.params.answer;
  return (
    <div
      role="status"
      className={code === null ? 'answer' : `answer tone-${toneOfResult(code)}`}
      data-testid={testId}
      data-code={code ?? undefined}
    >
      {words !== null && (
        <p>
          <b>{words.title}</b> {words.todo}
        </p>
      )}
      {answer !== undefined && <p className="answer__quoted">{say('channel.answer', { answer })}</p>}
    </div>
  );
}
