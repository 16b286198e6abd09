import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type RunResult, run } from '../../scripts/child-process.ts';
import { withoutProductNames } from '../../scripts/product-environment.ts';

const PROJECT = path.resolve(import.meta.dirname, '../..');
const OUT = path.join(PROJECT, 'out/demo');
const PICTURES = ['1-start', '2-tray-menu', '3-consent', '4-browser-last-page', '5-connected', '6-refreshed'];
const TIMEOUT_MS = 90_000;

describe('npm start where nobody can see a window', () => {
  let started: RunResult;
  let transcript: string;

  beforeAll(async () => {
    const { DISPLAY: _x, WAYLAND_DISPLAY: _wayland, ...env } = withoutProductNames(process.env);
    started = await run(process.execPath, ['scripts/run-ts.mjs', 'scripts/start.ts', '--trial'], {
      cwd: PROJECT,
      env,
      timeoutMs: TIMEOUT_MS,
    });
    transcript = await readFile(path.join(OUT, 'transcript.txt'), 'utf8');
  }, TIMEOUT_MS + 10_000);

  test('plays the operator to the end and finds that all agrees', () => {
    expect(started, started.stderr).toMatchObject({ code: 0, timedOut: false });
    expect(transcript).not.toContain('DISAGREES');
  });

  test.each([
    ['the menu was really open', /^tray menu on screen after a right click: \d+x\d+ at \d+,\d+ {2}\[X11/m],
    ['one tab ended on the page that says so', /^browser's last page: consent\.connected {2}\[DOM/m],
    ['and no other was opened', /^browser tabs: 1 {2}\[/m],
    ['the window was healthy', /^window after the consent: HEALTHY {2}\[DOM: data-state/m],
    [
      'its countdown was right',
      /^ {2}its countdown: 12095\d\d s to .*\n {2}by server and store: off by \d{1,4} ms/m,
    ],
    [
      'the consent was one token request',
      /^token request 1: authorization_code at .*: 200 complete, applied/m,
    ],
    [
      'the refresh was one more, the last',
      /^token request 2: refresh_token at .*: 200 complete, applied.*\nstore/m,
    ],
    [
      'the store said so afterwards',
      /^store at the end: HEALTHY, .*\[dist\/cli\.js status --json, exit code 0\]$/m,
    ],
    [
      'and serves what was issued',
      /^access token from the store: the one issued last {2}\[dist\/cli\.js token/m,
    ],
    ['Quit in the menu ended the app', /^app: ended .*\ntray items: 0 {2}\[D-Bus/m],
  ])('its transcript shows that %s', (_, line) => {
    expect(transcript).toMatch(line);
  });

  test('names the source of every value', () => {
    for (const line of transcript.trim().split('\n')) expect(line).toMatch(/^[^[]+: .+ {2}\[.+\]$/);
  });

  test.each(PICTURES)('leaves the picture %s', async (name) => {
    // A screen on which nothing was painted has about 3 kB.
    expect((await stat(path.join(OUT, `${name}.png`))).size).toBeGreaterThan(20_000);
  });
});
