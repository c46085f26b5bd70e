import { expect, test } from 'vitest';
import { findCommands } from '../../../src/renderer/state/palette-match.ts';

const commands = [
  { title: 'Go to Runs' },
  { title: 'Go to Settings', also: 'options preferences' },
  { title: 'New run' },
  { title: 'Compare 3 runs' },
  { title: 'dcgan28 baseline 7' },
  { title: 'dcgan28 baseline 17' },
  { title: 'began on faces' },
];
const found = (typed: string): readonly string[] => findCommands(commands, typed).map(({ title }) => title);

test('nothing typed leaves every command, in its order', () => {
  expect(found('  ')).toEqual(commands.map(({ title }) => title));
});

test('words count in any order and any case', () => {
  expect(found('baseline DCGAN28')).toEqual(['dcgan28 baseline 7', 'dcgan28 baseline 17']);
  expect(found('settings go')).toEqual(['Go to Settings']);
});

test('a whole word comes before the start of one, and that before the inside of one', () => {
  expect(found('run')).toEqual(['New run', 'Go to Runs', 'Compare 3 runs']);
  expect(found('baseline 7')).toEqual(['dcgan28 baseline 7', 'dcgan28 baseline 17']);
});

test('initials and letters in order are enough, but not letters anywhere', () => {
  expect(found('nr')).toEqual(['New run']);
  expect(found('bgn')).toEqual(['began on faces']);
  expect(found('nwx')).toEqual([]);
  expect(found('gtfaces')).toEqual([]);
});

test('other words for the same find a command too', () => {
  expect(found('preferences')).toEqual(['Go to Settings']);
});
