import { createContext, useContext } from 'react';
import type { Locale } from '../shared/locale.ts';
import { type MessageKey, type ParamsOf, text } from '../shared/messages/message.ts';

export const LocaleContext = createContext<Locale>('ko');

export interface Words {
  readonly locale: Locale;
  /** The catalogue's text in the window's language. */
  readonly say: <Key extends MessageKey>(key: Key, ...params: ParamsOf<Key>) => string;
}

export function useWords(): Words {
  const locale = useContext(LocaleContext);
  return { locale, say: (key, ...params) => text(locale, key, ...params) };
}
