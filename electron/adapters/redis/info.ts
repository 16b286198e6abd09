/** One field of an INFO text. INFO says what CONFIG would, also where a provider forbids CONFIG. */
export function infoField(info: string, name: string): string | null {
  return new RegExp(`^${name}:(.+?)\\r?$`, 'm').exec(info)?.[1] ?? null;
}
