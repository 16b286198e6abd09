export interface PackedLicence {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  readonly text: string;
}

/** As they stand in the page: each paragraph once. */
interface FoldedLicences {
  readonly paragraphs: readonly string[];
  readonly licences: readonly (Omit<PackedLicence, 'text'> & { readonly text: readonly number[] })[];
}

/** The licences of what is packed, which the build puts into the page (`scripts/packed-licences.ts`). */
export function packedLicences(): readonly PackedLicence[] {
  const block = document.getElementById('licences')?.textContent;
  if (!block) return [];
  const { paragraphs, licences } = JSON.parse(block) as FoldedLicences;
  return licences.map((each) => ({
    ...each,
    text: each.text.map((place) => paragraphs[place]).join('\n\n'),
  }));
}
