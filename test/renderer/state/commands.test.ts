// What the palette offers: by the state of the run shown, by what is selected, by what a page adds.

import { expect, test } from 'vitest';
import { CommandSources, commandsOfRun, commandsOfSelection } from '../../../src/renderer/state/commands.ts';
import type { WindowState } from '../../../src/renderer/state/window.ts';
import type { RunState, RunSummary } from '../../../src/shared/run.ts';
import { sampleSummary } from './sample-summary.ts';

// Listing touches nothing of the window; performing does, and is tested in a browser.
const untouched = {} as WindowState;

const run = (state: RunState, part: Partial<RunSummary> = {}): RunSummary =>
  sampleSummary(1, { name: 'first', state, ...part });

const titles = (shown: RunSummary): readonly string[] => commandsOfRun(shown, untouched).map(({ title }) => title);
const steering = (state: RunState): readonly string[] =>
  titles(run(state)).filter((title) => /^(Pause|Resume|Stop)/.test(title));

test('a run is steered by what its state allows', () => {
  expect(steering({ phase: 'running', pid: 1 })).toEqual(['Pause first', 'Stop first']);
  expect(steering({ phase: 'paused', pid: 1 })).toEqual(['Resume first', 'Stop first']);
  expect(steering({ phase: 'interrupted' })).toEqual(['Resume first']);
  expect(steering({ phase: 'finished' })).toEqual([]);
  expect(steering({ phase: 'unreadable', message: '' })).toEqual([]);
});

test('samples are offered only where there are some', () => {
  const exports = (shown: RunSummary) => titles(shown).filter((title) => title.startsWith('Export'));
  expect(exports(run({ phase: 'finished' }))).toEqual(['Export all scalars of first (CSV)']);
  const newestImage = { id: 1, tag: 'samples/fixed', step: 5 } as NonNullable<RunSummary['newestImage']>;
  expect(exports(run({ phase: 'finished' }, { newestImage }))).toHaveLength(3);
});

test('two runs can be compared, one cannot, none has no commands', () => {
  const offered = (count: number) =>
    commandsOfSelection(
      Array.from({ length: count }, () => run({ phase: 'finished' })),
      untouched,
      () => undefined,
    ).map(({ id }) => id);
  expect([0, 1, 2].map(offered)).toEqual([[], ['archive', 'delete'], ['compare', 'archive', 'delete']]);
});

test('what a page offers is read anew each time, and gone with the page', () => {
  const sources = new CommandSources();
  let count = 1;
  const command = { id: 'a', kind: 'action', run: () => undefined } as const;
  const leave = sources.offer(() => [{ ...command, title: `Compare ${count}` }]);
  count = 2;
  expect(sources.collect().map(({ title }) => title)).toEqual(['Compare 2']);
  leave();
  expect(sources.collect()).toEqual([]);
});
