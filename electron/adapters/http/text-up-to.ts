/** A body as text; null where it is longer than `limit` bytes, and not read any further. */
export async function textUpTo(
  limit: number,
  body: AsyncIterable<Uint8Array> | null,
): Promise<string | null> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.length;
    if (length > limit) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
