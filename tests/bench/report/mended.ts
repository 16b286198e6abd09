/** What the benchmark found too slow and what mending it brought: both figures by the same measurement, in turns, on the same machine. */
import type { Section } from '../section.ts';

export const MENDED: Section = {
  title: 'Mended',
  text: [
    'What was found too slow and mended, measured in turns by the same code before and after. These rows are kept; the rest of this file is new with every run.',
  ],
  tables: [
    {
      title: 'Before and after',
      head: ['what', 'before', 'after', 'by'],
      rows: [
        [
          'a valid token from memory, as a multiple of an async function call',
          '6.4, 6.0',
          '4.1, 4.2',
          'one reading of the clocks answers both whether the clock of the host was set and what time it is',
        ],
        [
          "from start to tray icon, as a multiple of a blank app's",
          '2.06, 2.08',
          '1.15, 1.11',
          'the icon is shown as "checking" before the program is loaded, composed and has asked anybody for anything',
        ],
        [
          "from start to painted window, as a multiple of a blank app's",
          '1.56, 1.71',
          '1.13, 1.20',
          'the window is made, and its page painted, before the program is loaded; what its page asks first waits for the program',
        ],
        [
          'anonymous memory of main while idle, MB (blank: 23.4)',
          '36.2, 36.5',
          '30.3, 30.5',
          'one thorough collection once settled, no baseline compiler, no compiler of JSON schemas in the bundle',
        ],
        [
          'the same after the window was closed, MB (blank: 27.7)',
          '38.9',
          '33.7',
          'the same collection once the window was given up',
        ],
        [
          'a refresh, as a multiple of its indispensable parts',
          '2.77, 2.13, 2.91',
          '1.69, 2.43, 1.87',
          'four answers of Redis in place of six, the journal without a wait for each of its files',
        ],
      ],
    },
  ],
  plots: [],
  goals: [],
};
