/** What `CHANGELOG.md` says of one version. */
export interface ChangelogSection {
  /** Without the version: `(2026-12-01)`, `(unreleased)`, or nothing. */
  readonly remark: string;
  readonly text: string;
}

/** The version's own section, without its heading; null where there is none or it says nothing. */
export function changelogSection(changelog: string, version: string): ChangelogSection | null {
  const [, ...sections] = changelog.split(/^## /m);
  for (const section of sections) {
    const [heading = '', ...lines] = section.split('\n');
    const [name, ...remark] = heading.trim().split(' ');
    const text = lines.join('\n').trim();
    if (name === version && text !== '') return { remark: remark.join(' '), text };
  }
  return null;
}
