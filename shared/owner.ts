/** A process as leases, intents and file names name it: `{install}-{host}-{pid}`, only `[a-z0-9-]`. */
export interface Owner {
  readonly install: string;
  readonly host: string;
  readonly pid: number;
}

const FORM = /^([a-z0-9]+)-([a-z0-9-]+)-(\d+)$/;

export function parseOwner(text: string): Owner | null {
  const [, install, host, pid] = FORM.exec(text) ?? [];
  return install && host && pid ? { install, host, pid: Number(pid) } : null;
}
