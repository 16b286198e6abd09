/** A Cafe24 mall id: lower-case letters, digits, hyphen (`CAFE24_MALL_ID`). It becomes part of a
 *  host name and of file names, so nothing else is ever let through. */
export const MALL_ID = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

export function isMallId(value: string): boolean {
  return MALL_ID.test(value);
}
