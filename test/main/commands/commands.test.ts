import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { decode } from 'fast-png';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeHome, type Home, type Outcome } from './saddle.ts';

/** Small enough for any backend: a few seconds on wasm. */
const smallRun = ['--recipe', 'gan-mlp', '--data', 'glyphs', '--set', 'batchSize=16', '--set', 'sampleEvery=5'];

function lines(outcome: Outcome): Record<string, unknown>[] {
  return outcome.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('a run from the command line', () => {
  let home: Home;
  let trained: Outcome;
  let runId: string;

  beforeAll(async () => {
    home = makeHome();
    trained = await home.saddle('train', ...smallRun, '--steps', '12', '--seed', '3', '--name', 'first', '--json');
    runId = String(lines(trained).at(-1)?.['runId']);
  });
  afterAll(() => home.remove());

  it('prints JSON lines, the last of which says that it finished', () => {
    expect(trained.stderr).not.toMatch(/Error|at file:/);
    expect(lines(trained).at(-1)).toEqual({ type: 'finished', runId, step: 12 });
    expect(trained.code).toBe(0);
  });

  it('is listed with id, name, recipe, data, state, step, steps and pid', async () => {
    const { stdout, code } = await home.saddle('runs', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject([
      {
        id: runId,
        name: 'first',
        recipe: 'gan-mlp',
        data: 'glyphs',
        state: 'finished',
        step: 12,
        steps: 12,
        pid: null,
      },
    ]);
  });

  it('is shown by name with its specification, last values and number of grids', async () => {
    const { stdout } = await home.saddle('show', 'first', '--json');
    const shown = JSON.parse(stdout) as Record<string, never>;
    expect(shown).toMatchObject({
      id: runId,
      state: 'finished',
      specification: { recipe: 'gan-mlp', seed: 3, steps: 12 },
    });
    expect(Object.keys(shown['lastValues']!)).toEqual(
      expect.arrayContaining([
        'loss/d',
        'loss/d_real',
        'loss/d_fake',
        'loss/g',
        'prob/d_real',
        'prob/d_fake',
        'acc/d_real',
        'acc/d_fake',
        'grad/d_norm',
        'grad/g_norm',
        'time/step_ms',
      ]),
    );
    expect(shown['images']).toContainEqual({ tag: 'samples/fixed', count: 4 });
    // And one of real images, one of random samples.
    expect(shown['grids']).toBe(6);
  });

  it('gives the distributions of a tag, and names those there are', async () => {
    const { stdout } = await home.saddle('histograms', runId, 'hist/d_real_logit', '--json');
    const rows = JSON.parse(stdout) as { step: number; min: number; max: number; counts: number[] }[];
    expect(rows.map(({ step }) => step)).toEqual([1, 12]);
    expect(rows[0]!.counts).toHaveLength(30);
    const refused = await home.saddle('histograms', runId, 'hist/nothing');
    expect(refused.stderr).toContain('no histograms hist/nothing; recorded so far: hist/d_fake_logit');
  });

  it('gives every point of a scalar, step by step', async () => {
    const { stdout } = await home.saddle('scalars', runId, 'loss/d', '--json');
    const points = JSON.parse(stdout) as { step: number; value: number }[];
    expect(points.map((point) => point.step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(points.every((point) => Number.isFinite(point.value))).toBe(true);
  });

  it('keeps the grids of steps 0, 5, 10 and the last, all of the same latents', async () => {
    const { stdout } = await home.saddle('images', runId, '--json');
    const images = (JSON.parse(stdout) as { tag: string; step: number; latents: string }[]).filter(
      (image) => image.tag === 'samples/fixed',
    );
    expect(images.map((image) => image.step)).toEqual([0, 5, 10, 12]);
    expect(new Set(images.map((image) => image.latents)).size).toBe(1);
  });

  it('exports the grid, the samples and the scalars', async () => {
    const [grid, samples, csv] = ['grid.png', 'samples.zip', 'scalars.csv'].map((name) => join(home.folder, name)) as [
      string,
      string,
      string,
    ];
    const outcome = await home.saddle(
      'export',
      runId,
      '--grid',
      grid,
      '--samples',
      samples,
      '--csv',
      csv,
      '--step',
      '5',
      '--json',
    );
    expect(JSON.parse(outcome.stdout)).toEqual({ files: [grid, samples, csv] });
    const picture = decode(readFileSync(grid));
    expect([picture.width, picture.height, picture.channels]).toEqual([224, 224, 1]);
    expect(Object.keys(unzipSync(readFileSync(samples)))).toHaveLength(64);
    const rows = readFileSync(csv, 'utf8').trim().split('\n');
    expect(rows[0]).toBe('tag,step,wall_time,value');
    expect(rows.filter((row) => row.startsWith('loss/d,'))).toHaveLength(12);
  });

  it('gives the same numbers for the same seed and others for another', async () => {
    const values = async (name: string, seed: string): Promise<string> => {
      await home.saddle('train', ...smallRun, '--steps', '3', '--seed', seed, '--name', name, '--json');
      return (await home.saddle('scalars', name, 'loss/g', '--json')).stdout;
    };
    const [once, again, other] = [await values('once', '5'), await values('again', '5'), await values('other', '6')];
    expect(again).toBe(once);
    expect(other).not.toBe(once);
  });

  it('is gone after delete, folder and all', async () => {
    expect((await home.saddle('delete', runId, '--now', '--json')).code).toBe(0);
    expect(existsSync(join(home.folder, 'runs', runId))).toBe(false);
    expect(readdirSync(join(home.folder, 'runs', '.trash'))).toEqual([]);
    expect((await home.saddle('show', runId)).code).toBe(1);
  });
});

describe('Ctrl-C on train', () => {
  it('writes a checkpoint, stops cleanly and ends with 0', async () => {
    const home = makeHome();
    const { child, outcome } = home.start('train', ...smallRun, '--steps', '100000', '--json');
    await new Promise<void>((resolve) => {
      child.stdout?.on('data', (text: Buffer) => {
        if (/"type":"progress".*"step":[1-9]/.test(String(text))) resolve();
      });
    });
    child.kill('SIGINT');
    const { code, stdout } = await outcome;
    const last = JSON.parse(stdout.trim().split('\n').at(-1)!) as { type: string; runId: string; step: number };
    expect(last.type).toBe('stopped');
    expect(code).toBe(0);
    const shown = JSON.parse((await home.saddle('show', last.runId, '--json')).stdout) as {
      state: string;
      checkpoints: { step: number; file: string }[];
    };
    expect(shown.state).toBe('stopped');
    expect(shown.checkpoints.at(-1)?.step).toBe(last.step);
    expect(existsSync(join(home.folder, 'runs', last.runId, shown.checkpoints.at(-1)!.file))).toBe(true);
    home.remove();
  });
});

describe('wrong usage', () => {
  let home: Home;
  beforeAll(() => {
    home = makeHome();
  });
  afterAll(() => home.remove());

  const cases: [string[], RegExp][] = [
    [['train', '--data', 'glyphs'], /--recipe/],
    [['train', '--recipe', 'stylegan', '--data', 'glyphs'], /gan-mlp.*stylegan/],
    [['train', '--recipe', 'gan-mlp', '--data', 'imagenet'], /glyphs.*imagenet/],
    [['train', '--recipe', 'gan-mlp', '--data', 'glyphs', '--preset', 'none'], /preset.*app.*none/],
    [['train', '--recipe', 'gan-mlp', '--data', 'glyphs', '--set', 'batchSize'], /name=value.*batchSize/],
    [
      ['train', '--recipe', 'gan-mlp', '--data', 'glyphs', '--set', 'batchSize=zero'],
      /batchSize: expected a whole number from 2 to .*zero/,
    ],
    [['train', '--recipe', 'gan-mlp', '--data', 'glyphs', '--set', 'colour=red'], /colour.*no such parameter/],
    [['train', '--recipe', 'gan-mlp', '--data', 'glyphs', '--steps', '0'], /--steps.*at least 1|--steps.*from 1 to/],
    [['export', 'any'], /--grid FILE\.png/],
    [['sing'], /unknown command/],
    [['serve', '--port', '70000'], /--port.*from 0 to 65535/],
  ];
  it.each(cases)('%j ends with 2 and says what to do', async (args, message) => {
    const { code, stderr, stdout } = await home.saddle(...args);
    expect(stderr).toMatch(message);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  it('a run that does not exist ends with 1', async () => {
    const { code, stderr } = await home.saddle('show', 'nothing');
    expect(stderr).toMatch(/nothing/);
    expect(code).toBe(1);
  });

  it('every command answers --help with 0', async () => {
    for (const command of [
      'train',
      'estimate',
      'runs',
      'show',
      'scalars',
      'images',
      'export',
      'delete',
      'data',
      'recipes',
      'runtime',
      'serve',
    ]) {
      const { code, stdout } = await home.saddle(command, '--help');
      expect(stdout).toMatch(/Usage: saddle/);
      expect(code).toBe(0);
    }
  });
});

describe('recipes, data and runtime', () => {
  let home: Home;
  beforeAll(() => {
    home = makeHome();
  });
  afterAll(() => home.remove());

  it('recipes lists every recipe in menu order', async () => {
    const { stdout } = await home.saddle('recipes', '--json');
    const ids = ['toy', 'gan-mlp', 'basicgan', 'dcgan28', 'dcgan64', 'faces', 'began'];
    expect((JSON.parse(stdout) as { id: string }[]).map((recipe) => recipe.id)).toEqual(ids);
  });

  it('recipes dcgan28 --preset small gives the exact counts of DCGAN28-S', async () => {
    const { stdout } = await home.saddle('recipes', 'dcgan28', '--preset', 'small', '--json');
    const { networks } = JSON.parse(stdout) as { networks: { name: string; trainable: number }[] };
    expect(networks.map(({ name, trainable }) => ({ name, trainable }))).toEqual([
      { name: 'generator', trainable: 445_729 },
      { name: 'discriminator', trainable: 113_729 },
    ]);
  });

  it('data list names mnist as absent and glyphs as ready', async () => {
    const { stdout } = await home.saddle('data', 'list', '--json');
    expect(JSON.parse(stdout)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ id: 'mnist', state: 'absent', ready: false, here: 0, bytes: 0 }),
        expect.objectContaining({ id: 'glyphs', state: 'ready', ready: true, here: 60_000 }),
      ]),
    );
  });

  it('training on absent data says how to get it', async () => {
    const { code, stderr } = await home.saddle('train', '--recipe', 'gan-mlp', '--data', 'mnist', '--steps', '1');
    expect(stderr).toMatch(/MNIST.*data get mnist/);
    expect(code).toBe(1);
  });

  it('runtime names the backend in use and says why each better one is not', async () => {
    const { stdout, code } = await home.saddle('runtime', '--json');
    const status = JSON.parse(stdout) as {
      backend: string;
      version: string;
      device: string;
      threads: number;
      backends: { id: string; state: string; reason: string }[];
    };
    expect(code).toBe(0);
    expect(status.version).not.toBe('');
    const used = status.backends.findIndex((backend) => backend.state === 'in use');
    expect(status.backends[used]?.id).toBe(status.backend);
    expect(status.backends.slice(0, used).every((backend) => backend.reason !== '')).toBe(true);
    if (process.env['CI']) expect(status.backend).toBe('tensorflow');
  });

  it('runtime --probe --json tries each backend now, and ends with 0 though some do not work', async () => {
    const startMs = Date.now();
    const { stdout, code } = await home.saddle('runtime', '--probe', '--json');
    expect(code).toBe(0);
    const { probedMs, backends } = JSON.parse(stdout) as { probedMs: number; backends: Record<string, unknown>[] };
    expect(probedMs).toBeGreaterThanOrEqual(startMs);
    expect(backends.map(({ id }) => id)).toEqual(['tensorflow', 'webgpu', 'wasm', 'cpu']);
    for (const { id, state, ...probe } of backends) {
      const works = state === 'in use' || state === 'available';
      if (works) expect(probe, String(id)).toMatchObject({ ms: expect.any(Number), largestError: expect.any(Number) });
      else
        expect(probe, String(id)).toMatchObject({ ms: null, largestError: null, reason: expect.stringMatching(/./) });
    }
  });

  it('estimate says what a run would cost, and where it is fastest', async () => {
    const settings = ['--recipe', 'toy', '--data', 'ring', '--preset', 'small', '--steps', '1000'];
    const { stdout, code } = await home.saddle('estimate', ...settings, '--backend', 'wasm', '--json');
    expect(code).toBe(0);
    const [estimate] = JSON.parse(stdout) as Record<string, number>[];
    expect(estimate).toMatchObject({ backend: 'wasm' });
    expect(estimate!['totalMs']).toBeCloseTo(estimate!['startMs']! + 1000 * estimate!['stepMs']!, 3);
    for (const bytes of ['memoryBytes', 'tensorBytes']) expect(estimate![bytes]).toBeGreaterThan(1e6);
  });
});
