import { faceWord, stateFaceOf } from '../../shared/mall-face.ts';
import type { MallSnapshot } from '../../shared/snapshot.ts';
import { toneOfMall } from '../view/tone.ts';
import { useWords } from '../words.ts';
import { Shape } from './shape.tsx';

export function StateChip({ mall }: { readonly mall: MallSnapshot }) {
  const { locale } = useWords();
  const face = stateFaceOf(mall);
  return (
    <span className={`chip tone-${toneOfMall(mall)}`} data-testid="state" data-state={face}>
      <Shape face={face} />
      {faceWord(locale, mall, face)}
    </span>
  );
}
