import { useAnswer } from '../bridge.ts';
import { useWords } from '../words.ts';

/** Whose work the app is made of. */
export function AboutCard() {
  const { say } = useWords();
  const licences = useAnswer({ do: 'licences' })?.licences ?? [];
  return (
    <section className="card facts" data-testid="about">
      <h2>{say('about.heading')}</h2>
      <p className="quiet">{say('about.runtime')}</p>
      {licences.map(({ name, version, licence, text }) => (
        <details key={`${name} ${version}`} data-testid="licence">
          <summary>
            {name} {version} · {licence}
          </summary>
          <pre className="about__text">{text}</pre>
        </details>
      ))}
    </section>
  );
}
