import { Component, type ReactNode } from 'react';
import { codeText } from '../../shared/messages/message.ts';

/** A bug in the window must not leave it white: the person still learns what to do. */
export class Shelter extends Component<{ readonly children: ReactNode }, { readonly broken: boolean }> {
  override readonly state = { broken: false };

  static getDerivedStateFromError(): { readonly broken: boolean } {
    return { broken: true };
  }

  override render(): ReactNode {
    if (!this.state.broken) return this.props.children;
    const locale = document.documentElement.lang === 'en' ? 'en' : 'ko';
    const { title, todo } = codeText(locale, 'internal.error');
    return (
      <main className="window window--empty" data-testid="alert" data-code="internal.error" role="alert">
        <h1>{title}</h1>
        <p>{todo}</p>
      </main>
    );
  }
}
