import { useEffect, useState } from 'react';
import type { ImportedEnv, IntentReply } from '../../shared/ipc.ts';
import { codeText } from '../../shared/messages/message.ts';
import { AnswerLine } from '../forms/answer-line.tsx';
import { useSend } from '../forms/use-saving.ts';
import { useWords } from '../words.ts';

/** Main refuses longer ones; a `.env` has a few kilobytes. */
const LONGEST = 65_536;

/** Takes a `.env` that is dropped on the window or chosen. Its text goes to main as it is; only names come back. */
export function EnvDrop({ onTaken }: { readonly onTaken: (imported: ImportedEnv) => void }) {
  const { say } = useWords();
  const send = useSend();
  const [reply, setReply] = useState<IntentReply | null>(null);

  const take = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return;
    const text = file.size > LONGEST ? '' : textOf(await file.arrayBuffer());
    const answer = await send({ do: 'import-env', text: text.slice(0, LONGEST) });
    setReply(answer);
    if (answer.imported && answer.imported.names.length > 0) onTaken(answer.imported);
  };

  useEffect(() => {
    const onDragOver = (event: DragEvent): void => event.preventDefault();
    const onDrop = (event: DragEvent): void => {
      event.preventDefault();
      void take(event.dataTransfer?.files[0]);
    };
    document.addEventListener('dragover', onDragOver);
    document.addEventListener('drop', onDrop);
    return () => {
      document.removeEventListener('dragover', onDragOver);
      document.removeEventListener('drop', onDrop);
    };
  });

  return (
    <section className="env">
      <p>{say('env.lead')}</p>
      <label className="quiet-button env__choose">
        <input
          type="file"
          className="spoken-only"
          name="env"
          onChange={({ target }) => {
            void take(target.files?.[0]);
            // Emptied, for Chromium tells of no change when the same file is chosen again, corrected.
            target.value = '';
          }}
        />
        {say('env.choose')}
      </label>
      <EnvAnswer reply={reply} />
    </section>
  );
}

function EnvAnswer({ reply }: { readonly reply: IntentReply | null }) {
  const { locale, say } = useWords();
  const imported = reply?.imported;
  if (imported === undefined) return <AnswerLine reply={reply} testId="env-answer" />;
  const { names, refused } = imported;
  return (
    <div role="status" className="answer" data-testid="env-answer">
      <p>{names.length === 0 ? say('env.nothing') : say('env.taken', { names: names.join(', ') })}</p>
      {refused.map(({ name, code }) => (
        <p key={name} className="tone-bad answer__refused">
          {say('env.refused', { name, why: codeText(locale, code, { name }).title })}
        </p>
      ))}
    </div>
  );
}

/** Windows editors write a byte order mark, some of them UTF-16. */
function textOf(bytes: ArrayBuffer): string {
  const [first, second] = new Uint8Array(bytes);
  return new TextDecoder(first === 0xff && second === 0xfe ? 'utf-16le' : 'utf-8').decode(bytes);
}
