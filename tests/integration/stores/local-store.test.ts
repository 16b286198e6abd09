import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writeDurably } from '../../../electron/adapters/durable-file.ts';
import { EMPTY_PLACE, parsePlace, writePlace } from '../../../electron/adapters/local-store/place.ts';
import { openSealing } from '../../../electron/adapters/sealing/sealing.ts';
import { openStore, SILENT } from './open-store.ts';
import { describeStore } from './store-contract.ts';

describeStore('the local store as a token store', async () => {
  const dataFolder = await mkdtemp(path.join(tmpdir(), 'keeper-test-'));
  const secrets = ['client-secret'];
  const place = { kind: 'local', dataFolder, secrets } as const;
  const sealingOf = (mall: string) =>
    openSealing({ folder: path.join(dataFolder, 'keys'), mall, secrets: () => secrets, log: SILENT });
  const fileOf = (mall: string) => path.join(dataFolder, 'store', `${mall}.json`);
  return {
    place,
    open: (offsetMs) => openStore(place, offsetMs),
    async plantWrongType(mall) {
      const odd = writePlace({ ...EMPTY_PLACE, wrongType: true }, mall);
      const sealed = await sealingOf(mall).seal('store', odd);
      if (!sealed.ok) throw new Error(sealed.code);
      await writeDurably(fileOf(mall), sealed.value);
    },
    async countAside(mall) {
      const opening = await sealingOf(mall).open('store', await readFile(fileOf(mall), 'utf8'));
      const opened = opening.kind === 'opened' ? parsePlace(opening.data, mall) : null;
      if (!opened) throw new Error('the file does not open');
      return opened.aside.length;
    },
    stop: () => rm(dataFolder, { recursive: true, force: true }),
  };
});
