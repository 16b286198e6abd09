import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { portOfState } from '../../../shared/authorize-url.ts';
import { CALLBACK_PATH, LOCAL_PORTS } from '../../../shared/redirect-uri.ts';

const html = readFileSync(path.join(import.meta.dirname, '../../../relay/index.html'), 'utf8');
const between = (tag: string) => new RegExp(`<${tag}>(.*)</${tag}>`, 's').exec(html)?.[1] ?? '';
const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

describe('the relay page', () => {
  it('allows its own script and style by hash, and nothing else', () => {
    const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(html)?.[1];
    expect(policy).toBe(
      `default-src 'none'; script-src ${hashOf(between('script'))}; style-src ${hashOf(between('style'))}; base-uri 'none'; form-action 'none'`,
    );
  });

  it('loads nothing from anywhere', () => {
    expect(html).not.toMatch(
      /\b(?:src|href|action)\s*=|@import|url\(|fetch\(|XMLHttpRequest|sendBeacon|WebSocket/,
    );
  });

  it('knows the same ports, path and form of a state as the app', () => {
    const ports = /const PORTS = \[(.*?)\]/.exec(html)?.[1]?.match(/\d+/g)?.map(Number);
    expect(ports).toEqual(LOCAL_PORTS);
    expect(html).toContain(`\`http://127.0.0.1:\${port}${CALLBACK_PATH}\``);
    const [, source = ''] = /const STATE = \/(.*)\/;/.exec(html) ?? [];
    const form = new RegExp(source);
    for (const state of [
      `17424.${'a'.repeat(43)}`,
      `0.${'_'.repeat(43)}`,
      `17424.${'a'.repeat(42)}`,
      '17424',
      '',
    ]) {
      expect([state, form.test(state)]).toEqual([state, portOfState(state) !== null]);
    }
  });

  it('says everything in both languages', () => {
    const [korean = [], english = []] = ['ko', 'en'].map((language) =>
      [
        ...(new RegExp(`    ${language}: \\{(.*?)\\n    \\}`, 's').exec(html)?.[1] ?? '').matchAll(
          /^ {6,8}(\w+):/gm,
        ),
      ].map(([, key]) => key),
    );
    expect(korean.length).toBeGreaterThan(10);
    expect(english).toEqual(korean);
  });
});
