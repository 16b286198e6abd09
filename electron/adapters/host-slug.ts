import { hostname } from 'node:os';

/** Leaves room in a file name for everything else that stands in it. */
const LONGEST = 40;

/** A host name as `[a-z0-9-]`, never empty, without hyphens at its ends; `host` where nothing of it is left. */
export function hostSlugOf(name: string = hostname()): string {
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, LONGEST)
    .replace(/^-+|-+$/g, '');
  return slug === '' ? 'host' : slug;
}
