import { expect, test } from 'vitest';
import type { RunSummary } from '../../../src/shared/run.ts';
import {
  isTooLarge,
  labelledColumns,
  layOutSheet,
  noteSettings,
  readSteps,
  wrap,
  type Measure,
} from '../../../src/renderer/state/sheet.ts';

/** A font whose every letter is half as wide as it is high. */
const measure: Measure = (text, size) => (text.length * size) / 2;
const plan = {
  title: 'samples/fixed',
  columns: ['step 0', 'step 100', 'step 200'],
  rows: [
    { name: 'alpha', notes: ['batchSize 16'] },
    { name: 'beta', notes: ['batchSize 64'] },
  ],
  tile: { width: 224, height: 224 },
  factor: 2,
  footnote: '',
};

test('tiles of a sheet are whole multiples, do not touch each other or the captions, and fit the picture', () => {
  const sheet = layOutSheet(plan, measure);
  expect(sheet.tile).toEqual({ width: 448, height: 448 });
  const pitch = sheet.lefts[1]! - sheet.lefts[0]!;
  expect(pitch).toBeGreaterThan(448);
  expect(sheet.lefts).toEqual([0, 1, 2].map((column) => sheet.lefts[0]! + column * pitch));
  expect(sheet.tops[1]! - sheet.tops[0]!).toBeGreaterThan(448);
  expect(sheet.lefts[2]! + 448).toBeLessThan(sheet.width);
  expect(sheet.tops[1]! + 448).toBeLessThan(sheet.height);
  expect([...sheet.lefts, ...sheet.tops].every(Number.isInteger)).toBe(true);
  for (const { text, x, y, size, isBold, align } of sheet.texts) {
    const width = measure(text, size, isBold);
    const left = align === 'center' ? x - width / 2 : x;
    expect(left).toBeGreaterThan(0);
    expect(left + width).toBeLessThan(sheet.width);
    const isBeside = left + width < sheet.lefts[0]!;
    expect(isBeside || y < sheet.tops[0]!).toBe(true);
  }
  expect(sheet.texts.map(({ text }) => text)).toEqual([
    'samples/fixed',
    ...plan.columns,
    'alpha',
    'batchSize 16',
    'beta',
    'batchSize 64',
  ]);
});

test('a row is as high as its captions where these are more than its pictures', () => {
  const notes = Array.from({ length: 8 }, (_, index) => `setting${index} 1`);
  const sheet = layOutSheet(
    { ...plan, tile: { width: 28, height: 28 }, rows: [{ name: 'a', notes }, plan.rows[1]!] },
    measure,
  );
  const last = sheet.texts.find(({ text }) => text === 'setting7 1')!;
  expect(sheet.tops[1]!).toBeGreaterThan(last.y);
});

test('narrow columns leave labels out rather than write them over each other', () => {
  const labels = Array.from({ length: 30 }, (_, index) => String(index * 1000));
  const shown = labelledColumns(labels, 30, (label) => label.length * 7);
  expect(shown[0]).toBe(0);
  expect(shown.every((column, index) => index === 0 || (column - shown[index - 1]!) * 30 > 5 * 7)).toBe(true);
  expect(labelledColumns(labels, 300, (label) => label.length * 7)).toHaveLength(30);
});

test('long names are broken between words, and inside a word that is too long alone', () => {
  const letters = (text: string): number => text.length;
  expect(wrap('half the learning rate', 10, letters)).toEqual(['half the', 'learning', 'rate']);
  expect(wrap('generatorLearningRate 0.001', 12, letters)).toEqual(['generatorLea', 'rningRate', '0.001']);
  expect(wrap('', 10, letters)).toEqual(['']);
});

test('captions name the settings that differ, and of a single run what it is', () => {
  const run = (batchSize: number): RunSummary =>
    ({ recipe: 'dcgan28', preset: 'small', data: 'glyphs', seed: 3, steps: 9, parameters: { batchSize, latentSize: 100 } }) as unknown as RunSummary; // prettier-ignore
  expect(noteSettings([run(16), run(64)])).toEqual([['batchSize 16'], ['batchSize 64']]);
  expect(noteSettings([run(16)])).toEqual([['dcgan28 small', 'glyphs', 'seed 3']]);
});

test('written steps become the recorded ones nearest to them; what is no list of steps is refused', () => {
  const recorded = [0, 10, 20, 30];
  expect(readSteps('0, 11 29;30', recorded)).toEqual([0, 10, 30]);
  expect(readSteps('99999', recorded)).toEqual([30]);
  expect(readSteps('5', [])).toEqual([]);
  for (const wrong of ['', ' , ', 'ten', '-5', '1.5', '1e3']) expect(readSteps(wrong, recorded)).toBeNull();
});

test('a picture larger than a canvas can be is told apart before it is drawn', () => {
  expect(isTooLarge({ width: 16_384, height: 4_000 })).toBe(false);
  expect(isTooLarge({ width: 16_385, height: 10 })).toBe(true);
  expect(isTooLarge({ width: 12_000, height: 12_000 })).toBe(true);
});
