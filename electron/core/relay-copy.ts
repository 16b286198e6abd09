/** Which file of a person's folder becomes their copy of the relay page: never one that holds anything else. */

/** A folder that may hold copies already. */
export interface CopyFolder {
  /** Makes the file; false where something of that name is there, whatever it is. */
  create(name: string): Promise<boolean>;
  /** Whether the file is the page, to the byte. */
  holds(name: string): Promise<boolean>;
}

/** So many files of that name lie in no folder by accident. */
const MOST_COPIES = 99;

/**
 * Not `index.html`: put into a site's first folder, that would take the place of the site's own page. Nothing in it
 * needs an escape in an address, for it is uploaded as it is called.
 */
export function relayCopyName(count: number): string {
  return count === 1 ? 'cafe24-relay.html' : `cafe24-relay-${count}.html`;
}

/** The name of the copy: one that was there already, or a new one; null when every name is taken. */
export async function placeRelayCopy(folder: CopyFolder): Promise<string | null> {
  for (let count = 1; count <= MOST_COPIES; count += 1) {
    const name = relayCopyName(count);
    if ((await folder.create(name)) || (await folder.holds(name))) return name;
  }
  return null;
}
