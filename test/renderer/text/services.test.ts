// What the services say is there in every language: recipes, parameters, data sets, and all that the rules of health can say.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { dataSets } from '../../../src/main/datasets/list.ts';
import type { Look } from '../../../src/main/training/health/rule.ts';
import { rules, startRules } from '../../../src/main/training/health/rules.ts';
import { describeAccident } from '../../../src/main/training/black-box.ts';
import { recipes } from '../../../src/main/training/recipes/list.ts';
import { readCards } from '../../../src/main/runtime/cards.ts';
import { whyNotInstallable } from '../../../src/main/runtime/why-not.ts';
import { checkParameter, type Parameter, type ParameterValues } from '../../../src/shared/parameters.ts';
import { createTranslator, sentences, translate } from '../../../src/renderer/text/services/translate.ts';

/** Every text of a recipe with its place, as the window gets it. */
function textsOfRecipes(): [place: string, english: string][] {
  return recipes.flatMap(({ id, title, about, source, parameters, presets, referenceLines }) => {
    const defaults = Object.fromEntries(parameters.map((row) => [row.name, row.default]));
    const settings = presets.map((preset) => ({ ...defaults, ...preset.values }));
    return [
      ...[title, about, source].map((text): [string, string] => [id, text]),
      ...parameters.flatMap((row) => textsOfRow(row).map((text): [string, string] => [`${id}.${row.name}`, text])),
      ...presets.flatMap(({ id: preset, label, about: what }): [string, string][] => [
        [`${id}.${preset}`, label],
        [`${id}.${preset}`, what],
      ]),
      ...settings.flatMap((values) => referenceLines(values).map((line): [string, string] => [line.tag, line.label])),
    ];
  });
}

function textsOfRow(row: Parameter): string[] {
  const own = [row.label, row.help];
  if (row.kind === 'number' && row.unit) own.push(row.unit);
  return row.kind === 'choice' ? [...own, ...row.choices.map(({ label }) => label)] : own;
}

function textsOfData(): [place: string, english: string][] {
  return dataSets.flatMap(({ id, title, about, licence, byHand }) =>
    [title, about, licence, ...(byHand ? [byHand] : [])].map((text): [string, string] => [id, text]),
  );
}

/** What each parameter's field says of a value that is none. */
function refusals(): string[] {
  return recipes
    .flatMap(({ parameters }) => parameters)
    .flatMap((row) => {
      try {
        checkParameter(row, 'no such value');
        return [];
      } catch (error) {
        return [(error as Error).message.replace(`${row.name}: `, '')];
      }
    });
}

/** A look at scalars that have been the same all the time. */
function lookAt(values: Readonly<Record<string, number>>, parameters: ParameterValues): Look {
  const value = (tag: string): number => values[tag] ?? Number.NaN;
  return {
    step: 5000,
    parameters,
    has: (tag) => tag in values,
    isRecorded: (tag) => tag in values,
    mean: value,
    least: value,
    greatest: value,
    first: (tag) => values[`${tag} first`] ?? value(tag),
    last: value,
    parts: (tag, count) => Array.from({ length: count }, () => value(tag)),
  };
}

/** What makes each rule speak, all of its sentences. */
const provocations: readonly (readonly [rule: string, values: Readonly<Record<string, number>>])[] = [
  ['d-too-strong', { 'loss/d': 0.0512, 'prob/d_fake': 0.0123, 'loss/g': 5 }],
  ['g-gradient-vanished', { 'grad/g_norm': 1.25e-6, 'prob/d_fake': 0.0017 }],
  ['d-blind', { 'acc/d_real': 0.5, 'acc/d_fake': 0.48 }],
  ['mode-collapse', { 'grid/trace_ratio': 0.21 }],
  ['mode-collapse', { 'grid/ssim_fake': 0.53, 'grid/ssim_real': 0.35 }],
  ['mode-collapse', { 'grid/class_kl': 0.61 }],
  ['mode-collapse', { 'eval/recall': 0.05, 'eval/precision': 0.91 }],
  ['oscillation', { 'grid/class_change': 0.8 }],
  ['began-k-at-0', { 'began/k_t': 0 }],
  ['began-k-at-1', { 'began/k_t': 1 }],
  ['began-stall', { 'convergence/m_global': 0.234, 'lr/g': 2e-5 }],
  ['checkerboard', { 'grid/board_fake': 0.061, 'grid/board_real': 0.0023, 'grid/parity': 0.05 }],
  ...['A', 'B'].flatMap((way): [string, Readonly<Record<string, number>>][] => [
    [`identity-${way.toLowerCase()}`, { [`translate/change_${way}`]: 0.031, [`loss/d_${way}`]: 0.05 }],
    [`inversion-${way.toLowerCase()}`, { [`translate/correlation_${way}`]: -0.71 }],
    [`cycle-leak-${way.toLowerCase()}`, { [`loss/cycle_${way}`]: 0.01, [`translate/spread_${way}`]: 0.07 }],
  ]),
  ['text-ignored', { 'loss/d_wrong': 0.5, 'loss/d_real': 0.5 }],
  ['text-ignored', { 'eval/caption_accuracy': 0.11, 'eval/caption_chance': 0.13 }],
  ['memory-leak', { 'mem/tensors': 512, 'mem/tensors first': 300 }],
  ['memorisation', { 'grid/nn_train': 0.2, 'grid/nn_validation': 0.9 }],
];

/** [what the rule says with its numbers, what it advises], of every rule. */
function verdicts(): readonly { readonly rule: string; readonly message: string; readonly remedy: string }[] {
  const said = provocations.map(([id, values]) => {
    const rule = rules.find((candidate) => candidate.id === id)!;
    return { rule: id, message: rule.judge(lookAt(values, { rateFloor: 2e-5 }))!, remedy: rule.remedy };
  });
  const atStart = startRules.flatMap(({ id, judge, remedy }) => [
    { rule: id, message: judge({ parameters: { output: 'tanh' }, min: 0, max: 0.99 })!, remedy },
    { rule: id, message: judge({ parameters: { output: 'sigmoid' }, min: -1, max: 1 })!, remedy },
  ]);
  return [...said, ...atStart];
}

const numbersOf = (text: string): string[] => (text.match(/\d+(?:[.,]\d+)*(?:e-?\d+)?/g) ?? []).sort();
/** Names, numbers and signs may be the same in another language; what has words may not. */
const isName = (text: string): boolean =>
  /^[\d\sx.:/-]+$/.test(text) ||
  /^(tanh|sigmoid|Adam|ReLU|Maxout|MLP GAN|BasicGAN|DCGAN \d+x\d+|BEGAN|carpedm20|(Fashion-)?MNIST|CIFAR-10|CelebA|CC.*|MIT|Labeled Faces in the Wild)$/.test(
    text,
  );

describe.each(['ja', 'zh'] as const)('%s', (language) => {
  const inOther = createTranslator(language);

  it('has every text of every recipe, parameter and data set', () => {
    const missing = [...textsOfRecipes(), ...textsOfData()].filter(([, text]) => inOther(text) === null);
    expect(missing).toEqual([]);
  });

  it('has all that the rules of health say and advise, with their numbers', () => {
    for (const { rule, message, remedy } of verdicts()) {
      const said = inOther(message);
      expect(said, `${rule}: ${message}`).not.toBeNull();
      expect(numbersOf(said!), message).toEqual(numbersOf(message));
      expect(inOther(remedy), `${rule}: ${remedy}`).not.toBeNull();
      // As the event has it: both after each other.
      expect(inOther(`${message} ${remedy}`)).toBe(`${said}${inOther(remedy)}`);
      expect(inOther(`Over: ${message}`)).toContain(said!);
    }
  });

  it('has what is said when a value is no longer finite', () => {
    const spec = { parameters: { generatorLearningRate: 0.0002 } } as unknown as Parameters<
      typeof describeAccident
    >[0]['spec'];
    const first = { name: 'loss/d', value: Number.NaN } as unknown as Parameters<typeof describeAccident>[0]['first'];
    const batch = { images: new Float32Array([0, 0.25]) } as Parameters<typeof describeAccident>[0]['batch'];
    const accident = { runId: '20261121-101500-abcd', spec, step: 123, first, batch } as Parameters<
      typeof describeAccident
    >[0];
    for (const kept of [null, { step: 100, file: 'checkpoints/100.safetensors' }]) {
      const { message } = describeAccident({ ...accident, kept });
      const said = inOther(message);
      expect(said, message).not.toBeNull();
      expect(numbersOf(said!)).toEqual(numbersOf(message));
    }
  });

  it('has why TensorFlow cannot be installed, why there is no card, and what a lost device and a full memory mean', () => {
    const machine = {
      platform: 'linux',
      arch: 'x64',
      env: { PATH: '' },
      glibc: '2.36',
      processor: 'flags : avx',
    } as const;
    const machines = [
      { ...machine, arch: 'ia32' },
      { ...machine, glibc: null },
      { ...machine, glibc: '2.17' },
      { ...machine, processor: 'flags : sse2' },
      machine,
    ];
    const said = [
      ...machines.map((one) => whyNotInstallable(one as Parameters<typeof whyNotInstallable>[0])!),
      readCards('no-such-program').obstacle!,
      readCards('false').obstacle!,
      readCards('true').obstacle!,
      'The graphics device was lost (it no longer answers). Training goes on in a new process from the checkpoint of step 200.',
      'Out of memory at step 12 with a batch of 64: the system ended the training process. ' +
        'A batch of 32 fits: some steps of it were tried just now and took 1.2 GB at most.',
      'Out of memory at step 1 with a batch of 401: 3.1 GB were asked for, for a tensor of 401 x 64; ' +
        '2.0 GB are free and 1.1 GB are taken by tensors. Choose a smaller batch or smaller networks.',
    ];
    for (const english of said) {
      const other = inOther(english);
      expect(other, english).not.toBeNull();
      expect(numbersOf(other!).toSorted()).toEqual(numbersOf(english).toSorted());
    }
  });

  it('has what a checked field says', () => {
    for (const problem of refusals()) expect(inOther(problem), problem).not.toBeNull();
  });

  it('says nothing of the tables in English but names, and keeps their numbers and values', () => {
    const column = language === 'ja' ? 1 : 2;
    const left = sentences.filter((sentence) => sentence[column] === sentence[0] && !isName(sentence[0]));
    expect(left).toEqual([]);
    const placesOf = (text: string): string[] => [...new Set(text.match(/\{\d\}/g))].sort();
    for (const sentence of sentences) expect(placesOf(sentence[column]), sentence[0]).toEqual(placesOf(sentence[0]));
  });

  it('leaves what it does not know alone, and a folder’s words too', () => {
    expect(inOther('12 images from /home/me/faces, crop centre.')).toBeNull();
    expect(inOther('')).toBeNull();
  });
});

it('every rule is provoked', () => {
  expect([...new Set(provocations.map(([rule]) => rule))].sort()).toEqual(rules.map(({ id }) => id).sort());
});

/** Everything that is said outside the tables of the window, as it stands in the sources, without the seams of long strings. */
function sources(): string {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) =>
    /^(main|shared|renderer.state).*\.ts$/.test(file),
  );
  const source = files.map((file) => readFileSync(join('src', file), 'utf8')).join('\n');
  return source.replace(/['"`]\s*\+\s*['"`]/g, '').replaceAll("\\'", "'");
}

it('has no text that nothing says any longer', () => {
  const source = sources();
  const said = new Set([...textsOfRecipes(), ...textsOfData()].map(([, text]) => text));
  const refused = refusals();
  // Between its values, and without shares and brackets, which are put in from elsewhere.
  const partsOf = (english: string): string[] => english.split(/\{\d\}(?: %)?|[()]/).map((part) => part.trim());
  const isSaid = (english: string): boolean =>
    said.has(english) ||
    partsOf(english).every((part) => source.includes(part)) ||
    refused.some((problem) => problem.startsWith(english.slice(0, english.indexOf('{'))));
  expect(sentences.map(([english]) => english).filter((english) => !isSaid(english))).toEqual([]);
});

it('no English stands twice', () => {
  const counts = Map.groupBy(sentences, ([english]) => english);
  expect([...counts].filter(([, rows]) => rows.length > 1).map(([english]) => english)).toEqual([]);
});

test('in English everything stays', () => {
  expect(translate('Batch size')).toBe('Batch size');
});
