// The worked example of docs/adding-a-recipe.md: what the page says is all it takes, so a copy of the sources gets
// exactly its file and its line, and must then know the recipe, agree with its types, and train it.

import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/adding-a-recipe.md'), 'utf8');
const [file = '', line = ''] = [...page.matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code);

let copy: string;
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'saddle-example-'));
  for (const name of ['src', 'package.json', 'tsconfig.base.json']) {
    cpSync(join(root, name), join(copy, name), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'junction');
  const recipes = join(copy, 'src/main/training/recipes');
  writeFileSync(join(recipes, 'bgan.ts'), file);
  const list = readFileSync(join(recipes, 'list.ts'), 'utf8');
  writeFileSync(
    join(recipes, 'list.ts'),
    line + list.replace(/(recipes: readonly Recipe\[\] = \[[^\]]*)\]/, '$1, bgan]'),
  );
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

function run(...args: string[]) {
  const env = { ...process.env, SADDLE_HOME: join(copy, 'home'), FORCE_COLOR: undefined, NO_COLOR: '1' };
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: copy, env, encoding: 'utf8' });
  return { status, stdout, stderr };
}
const saddle = (...args: string[]) => run('src/main/cli.ts', ...args);

describe('the boundary-seeking GAN of docs/adding-a-recipe.md', () => {
  it('agrees with the types of its room', () => {
    const checked = run(join(root, 'node_modules/typescript/bin/tsc'), '-p', 'src/main', '--noEmit');
    expect(checked.stdout).toBe('');
    expect(checked.status).toBe(0);
  });

  it('is described with exact counts by the file and the line alone', () => {
    const { stdout } = saddle('recipes', 'bgan', '--preset', 'small', '--json');
    // 64 x 64 + 64 and 64 x 784 + 784; 784 x 64 + 64 and 64 + 1.
    expect(JSON.parse(stdout)).toMatchObject({
      networks: [
        { name: 'generator', trainable: 55_120 },
        { name: 'discriminator', trainable: 50_305 },
      ],
    });
  });

  it('trains, and its discriminator ends between the extremes', () => {
    const settings = ['--recipe', 'bgan', '--data', 'glyphs', '--preset', 'small', '--set', 'batchSize=16'];
    const trained = saddle('train', ...settings, '--steps', '30', '--seed', '1', '--name', 'example', '--json');
    expect(trained.stderr).not.toMatch(/Error|at file:/);
    expect(trained.status).toBe(0);
    const shown = JSON.parse(saddle('show', 'example', '--json').stdout) as { lastValues: Record<string, number> };
    expect(shown).toMatchObject({ state: 'finished', specification: { recipe: 'bgan', steps: 30 } });
    // Half the mean square of a logit, which is what the discriminator's belief is made of.
    expect(shown.lastValues['loss/g']).toBeGreaterThan(0);
    expect(shown.lastValues['prob/d_fake']).toBeGreaterThan(0);
    expect(shown.lastValues['prob/d_fake']).toBeLessThan(1);
  });
});
