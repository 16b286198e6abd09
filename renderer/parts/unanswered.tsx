import type { Asked } from '../bridge.ts';
import { useWords } from '../words.ts';

/** Main did not answer what was asked: said in one way wherever something is asked. */
export function Unanswered({ asked }: { readonly asked: Asked }) {
  const { say } = useWords();
  if (asked.phase !== 'unanswered') return null;
  return (
    <p className="tone-bad" role="status">
      {say('action.failed')}
    </p>
  );
}
