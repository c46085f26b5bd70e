import { describe, expect, it } from 'vitest';
import {
  checkParameter,
  parseParameter,
  resolveParameters,
  type ChoiceParameter,
  type NumberParameter,
  type Preset,
  type SwitchParameter,
} from '../../src/shared/parameters.ts';

const common = { help: 'A sentence.', group: 'training' } as const;
const batchSize: NumberParameter = {
  ...common,
  kind: 'number',
  name: 'batchSize',
  label: 'Batch size',
  default: 64,
  min: 1,
  max: 512,
  integer: true,
};
const rate: NumberParameter = { ...common, kind: 'number', name: 'rate', label: 'Rate', default: 2e-4, min: 0, max: 1 };
const optimizer: ChoiceParameter = {
  ...common,
  kind: 'choice',
  name: 'optimizer',
  label: 'Optimizer',
  default: 'adam',
  choices: [
    { value: 'adam', label: 'Adam' },
    { value: 'sgd', label: 'SGD' },
  ],
};
const smooth: SwitchParameter = { ...common, kind: 'switch', name: 'smooth', label: 'Smooth labels', default: false };
const table = [batchSize, rate, optimizer, smooth];
const presets: Preset[] = [
  { id: 'app', label: 'App', about: '', values: {} },
  { id: 'paper', label: 'Paper', about: '', values: { batchSize: 128, smooth: true } },
];

describe('a parameter', () => {
  it.each([
    [batchSize, 1, 1],
    [batchSize, 512, 512],
    [rate, 0, 0],
    [optimizer, 'sgd', 'sgd'],
    [smooth, true, true],
  ])('takes a value in its range', (row, value, expected) => {
    expect(checkParameter(row, value)).toBe(expected);
  });

  it.each([
    [batchSize, 0, 'batchSize: expected a whole number from 1 to 512, found 0'],
    [batchSize, 513, 'batchSize: expected a whole number from 1 to 512, found 513'],
    [batchSize, 1.5, 'batchSize: expected a whole number from 1 to 512, found 1.5'],
    [batchSize, '64', 'batchSize: expected a whole number from 1 to 512, found "64"'],
    [rate, NaN, 'rate: expected a number from 0 to 1, found null'],
    [optimizer, 'rmsprop', 'optimizer: expected one of adam, sgd, found "rmsprop"'],
    [smooth, 1, 'smooth: expected true or false, found 1'],
  ])('refuses another, naming itself, the expected and the found', (row, value, message) => {
    expect(() => checkParameter(row, value)).toThrow(message);
  });

  it.each([
    [batchSize, '32', 32],
    [rate, '1e-3', 1e-3],
    [optimizer, 'adam', 'adam'],
    [smooth, 'false', false],
  ])('is read as a person types it', (row, text, expected) => {
    expect(parseParameter(row, text)).toBe(expected);
  });

  it.each([
    [batchSize, ''],
    [batchSize, ' '],
    [batchSize, '12x'],
    [smooth, 'yes'],
  ])('refuses what a person mistypes', (row, text) => {
    expect(() => parseParameter(row, text)).toThrow(row.name);
  });
});

describe('the parameters of a run', () => {
  it('come from the defaults, then the preset, then the user', () => {
    expect(resolveParameters(table, presets, 'app', {})).toEqual({
      batchSize: 64,
      rate: 2e-4,
      optimizer: 'adam',
      smooth: false,
    });
    expect(resolveParameters(table, presets, 'paper', { rate: 0.5, smooth: false })).toEqual({
      batchSize: 128,
      rate: 0.5,
      optimizer: 'adam',
      smooth: false,
    });
  });

  it('refuse an unknown preset, an unknown name and names of the prototype', () => {
    expect(() => resolveParameters(table, presets, 'mine', {})).toThrow(
      'preset: expected one of app, paper, found "mine"',
    );
    expect(() => resolveParameters(table, presets, 'app', { speed: 1 })).toThrow('speed: no such parameter');
    expect(() => resolveParameters(table, presets, 'app', { toString: 1 })).toThrow('toString: no such parameter');
  });
});
