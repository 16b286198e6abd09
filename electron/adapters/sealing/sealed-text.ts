/**
 * A sealed file's content: which key opens it, and the rest as only that key can read it. A version of this program
 * that writes something new into a sealed file raises `v`: an older one on the same folder then leaves it alone.
 */
import { z } from 'zod';

const base64url = z.string().regex(/^[A-Za-z0-9_-]+$/);

const schema = z.object({
  v: z.literal(1),
  /** Id of the key, which its file lists. */
  key: z.string().regex(/^[0-9a-f]{16}$/),
  nonce: base64url,
  /** Cipher text and tag. */
  data: base64url,
});

export type SealedText = Readonly<Omit<z.infer<typeof schema>, 'v'>>;

const laterVersion = z.object({ v: z.number().int().min(2) });

export function parseSealedText(text: string): SealedText | 'later version' | 'rubbish' {
  try {
    const value: unknown = JSON.parse(text);
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    return laterVersion.safeParse(value).success ? 'later version' : 'rubbish';
  } catch {
    return 'rubbish';
  }
}

export function writeSealedText({ key, nonce, data }: SealedText): string {
  return `${JSON.stringify({ v: 1, key, nonce, data })}\n`;
}
