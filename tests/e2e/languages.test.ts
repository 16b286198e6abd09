import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { AppUnderTest } from '../support/app-under-test.ts';
import { documentedJson } from '../support/documented-json.ts';
import { openWindow, shows, visibleWindow } from './support/app-window.ts';
import { eventually } from './support/eventually.ts';
import { ENGLISH, KOREAN } from './support/labels.ts';
import { setUpWorld } from './support/set-up-world.ts';
import { iconGone } from './support/tray-menu.ts';
import { MALL, type World } from './support/world.ts';

type Words = Readonly<Record<keyof typeof KOREAN, string>>;

const world = setUpWorld();

const menuLabels = async () =>
  (await (await world().tray.waitItem()).menu())
    .filter(({ kind }) => kind === 'entry')
    .map(({ label }) => label);

/** The commands of the menu, below the line that says how things are. */
const commandsIn = (words: Words) => [
  words.reauthorize,
  words.open,
  words.refresh,
  words.settings,
  words.diagnostics,
  words.quit,
];

/** Ends the app, and its icon with it, so that the next one's is not mistaken for it. */
const end = async (app: AppUnderTest) => {
  await app.stop();
  await iconGone(world());
};
const launch = async (options: Parameters<World['launch']>[0]) => {
  const app = await world().launch(options);
  onTestFinished(() => end(app));
  return app;
};

/** Opens the window by the tray, in `words`, and looks at both. */
async function speaks(app: AppUnderTest, words: Words): Promise<void> {
  const window = await openWindow(world(), app, words.open);
  await shows(window, 'state', 'data-state', 'HEALTHY');
  await window.getByRole('button', { name: words.reauthorize, exact: true }).waitFor();
  await eventually('the tray', async () => (await menuLabels())[0]?.includes(words.healthy));
  expect((await menuLabels()).slice(1)).toEqual(commandsIn(words));
}

beforeAll(async () => {
  const { simulator, store } = world();
  await store.put(documentedJson(await simulator.issue(MALL)));
});

describe('the first words', () => {
  test.each<[string, string, Words]>([
    ['Korean on a Korean system', 'ko_KR.UTF-8', KOREAN],
    ['Korean where the system names no language', '', KOREAN],
    ['English on an English system', 'en_US.UTF-8', ENGLISH],
  ])('are %s', async (_, LANG, words) => {
    const app = await launch({ env: { LANG } });
    await speaks(app, words);
  });
});

test('a click on the other language changes window and tray at once, and the next start remembers', async () => {
  const folder = await world().newFolder();
  const app = await launch({ folder });
  await speaks(app, KOREAN);
  const window = await visibleWindow(app);
  await window.getByRole('button', { name: 'English' }).click();
  await window.getByRole('button', { name: ENGLISH.reauthorize, exact: true }).waitFor();
  expect(await window.evaluate(() => document.documentElement.lang)).toBe('en');
  await speaks(app, ENGLISH);
  await end(app);

  const again = await launch({ folder });
  await speaks(again, ENGLISH);
  await (await visibleWindow(again)).getByRole('button', { name: '한국어' }).click();
  await speaks(again, KOREAN);
});
