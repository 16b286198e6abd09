/** A sealed file's content: which key opens it, and the rest as only that key can read it. */
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

export function parseSealedText(text: string): SealedText | null {
  try {
    const parsed = schema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

export function writeSealedText({ key, nonce, data }: SealedText): string {
  return `${JSON.stringify({ v: 1, key, nonce, data })}\n`;
}
