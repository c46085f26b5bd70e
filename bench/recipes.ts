// Proof on real data: trains recipes for minutes on the data sets in `../shared/data` (or SADDLE_PROOF_DATA) through the
// command line, as a user would, and prints what came out; --write DIR puts the last pictures there.
// `node bench/recipes.ts [--write DIR] [NAME]...`; without names all of them, about half an hour on two cores.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { RunId } from '../src/shared/run.ts';
import { openRunReader } from '../src/main/store/reader.ts';

interface Proof {
  readonly name: string;
  readonly recipe: string;
  readonly preset: string;
  readonly data: string;
  readonly steps: number;
  readonly set?: Readonly<Record<string, string | number>>;
  /** Scalars whose course the table shows. */
  readonly tags: readonly string[];
  /** Image tags whose last picture is kept. */
  readonly pictures: readonly string[];
}

const ring = { recipe: 'toy', preset: 'app', data: 'ring', steps: 8000, pictures: ['samples/points'] } as const;
const ringTags = ['loss/d', 'loss/g', 'toy/modes', 'toy/hq_frac'];

const proofs: readonly Proof[] = [
  {
    ...{ name: 'toy-normal2d', recipe: 'toy', preset: 'app', data: 'normal2d', steps: 4000 },
    ...{
      tags: ['loss/d', 'loss/g', 'toy/mean_err', 'toy/kl_gauss'],
      pictures: ['samples/points', 'discriminator/map'],
    },
  },
  { ...ring, name: 'toy-ring-ns', set: { loss: 'non-saturating' }, tags: ringTags },
  { ...ring, name: 'toy-ring-minimax', set: { loss: 'minimax' }, tags: ringTags },
  { ...ring, name: 'toy-ring-kl', set: { loss: 'kl' }, tags: ringTags },
  {
    ...{ name: 'toy-ring-wgan-gp', recipe: 'toy', preset: 'wgan-gp', data: 'ring', steps: 4000 },
    ...{
      tags: ['loss/d', 'critic/distance', 'critic/slope', 'toy/modes', 'toy/hq_frac'],
      pictures: ['samples/points'],
    },
  },
  {
    ...{ name: 'gan-mlp-mnist', recipe: 'gan-mlp', preset: 'app', data: 'mnist', steps: 6000 },
    ...{ tags: ['loss/d', 'loss/g'], pictures: ['samples/fixed'] },
  },
  {
    ...{ name: 'dcgan28-small-mnist', recipe: 'dcgan28', preset: 'small', data: 'mnist', steps: 2000 },
    ...{ tags: ['loss/d', 'loss/g'], pictures: ['samples/fixed'] },
  },
  {
    ...{ name: 'began-small-cifar10', recipe: 'began', preset: 'small', data: 'cifar10', steps: 1100 },
    tags: ['convergence/m_global', 'began/k_t', 'began/balance'],
    pictures: ['samples/fixed', 'samples/autoencoded', 'data/autoencoded'],
  },
  {
    ...{ name: 'began-small-olivetti', recipe: 'began', preset: 'small', data: 'olivetti', steps: 1100 },
    tags: ['convergence/m_global', 'began/k_t', 'began/balance'],
    pictures: ['samples/fixed', 'samples/autoencoded', 'data/autoencoded'],
  },
  {
    ...{ name: 'dcgan64-small-olivetti', recipe: 'dcgan64', preset: 'small', data: 'olivetti', steps: 1200 },
    ...{ tags: ['loss/d', 'loss/g'], pictures: ['samples/fixed'] },
  },
];

const { values: options, positionals: names } = parseArgs({
  allowPositionals: true,
  options: { write: { type: 'string' } },
});
const dataFolder = process.env['SADDLE_PROOF_DATA'] ?? fileURLToPath(new URL('../../shared/data', import.meta.url));
const cli = fileURLToPath(new URL('../src/main/cli.ts', import.meta.url));
const home = mkdtempSync(join(tmpdir(), 'saddle-proof-'));
process.on('exit', () => rmSync(home, { recursive: true, force: true }));

function saddle(...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
    env: { ...process.env, SADDLE_HOME: home },
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`saddle ${args.join(' ')}: ${stderr || stdout}`);
  return stdout;
}

const isReady = (data: string): boolean => {
  const sets = JSON.parse(saddle('data', 'list', '--json')) as { id: string; ready: boolean }[];
  return sets.some(({ id, ready }) => id === data && ready);
};

/** False when the data set is not to be had here. */
function provide(data: string): boolean {
  if (isReady(data)) return true;
  const folder = join(dataFolder, data);
  if (!existsSync(folder)) return false;
  saddle('data', 'import', data, folder);
  return true;
}

function course(folder: string, tag: string): string {
  const reader = openRunReader(folder);
  try {
    const values = [...reader.allPoints(tag)].flatMap((points) => [...points.values]);
    if (values.length === 0) return `${tag}: nothing`;
    const last = values.slice(-Math.max(1, Math.round(values.length / 10)));
    const mean = last.reduce((sum, value) => sum + value, 0) / last.length;
    const show = (value: number) => value.toPrecision(4);
    const [least, most] = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
    return `${tag}: first ${show(values[0]!)}, least ${show(least)}, most ${show(most)}, mean of the last tenth ${show(mean)}`;
  } finally {
    reader.close();
  }
}

function prove(proof: Proof): void {
  const { name, recipe, preset, data, steps, set = {}, tags, pictures } = proof;
  if (!provide(data)) return console.log(`${name}: skipped, ${data} is not in ${dataFolder}`);
  const settings = Object.entries(set).flatMap(([key, value]) => ['--set', `${key}=${value}`]);
  const startMs = performance.now();
  const lines = saddle(
    ...['train', '--recipe', recipe, '--preset', preset, '--data', data, '--steps', String(steps)],
    ...['--seed', '1', '--name', name, '--json', ...settings],
  );
  const seconds = (performance.now() - startMs) / 1000;
  const { runId } = JSON.parse(lines.trim().split('\n').at(-1)!) as { runId: RunId };
  console.log(
    `\n${name}: ${steps} steps in ${seconds.toFixed(0)} s, ${((seconds / steps) * 1000).toFixed(1)} ms a step`,
  );
  const folder = join(home, 'runs', runId);
  for (const tag of tags) console.log(`  ${course(folder, tag)}`);
  if (options.write === undefined) return;
  const target = resolve(options.write);
  mkdirSync(target, { recursive: true });
  for (const tag of pictures) {
    const file = join(target, `${name}-${tag.replace('/', '-')}.png`);
    saddle('export', runId, '--grid', file, '--tag', tag);
    console.log(`  ${file}`);
  }
}

const unknown = names.filter((name) => !proofs.some((proof) => proof.name === name));
if (unknown.length > 0) {
  console.error(`no proof named ${unknown.join(', ')}; there are ${proofs.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}
for (const proof of proofs) if (names.length === 0 || names.includes(proof.name)) prove(proof);
