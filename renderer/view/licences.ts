export interface PackedLicence {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  readonly text: string;
}

/** The licences of what is packed, which the build puts into the page (`scripts/packed-licences.ts`). */
export function packedLicences(): readonly PackedLicence[] {
  const block = document.getElementById('licences')?.textContent;
  return block ? (JSON.parse(block) as readonly PackedLicence[]) : [];
}
