// `resume`, `fork`, `checkpoints` as a person or a script calls them, on real runs.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeHome, type Home, type Outcome } from './saddle.ts';

const smallRun = ['--recipe', 'gan-mlp', '--data', 'glyphs', '--set', 'batchSize=16', '--set', 'sampleEvery=5'];
const json = <Shape>({ stdout }: Outcome) => JSON.parse(stdout) as Shape;
const lastLine = ({ stdout }: Outcome) => JSON.parse(stdout.trim().split('\n').at(-1)!) as Record<string, unknown>;
interface Row {
  readonly step: number;
  readonly file: string;
  readonly sha256: string;
}

describe('going on with a run', () => {
  let home: Home;
  let stroke: Row[];
  const checkpointsOf = async (run: string) => json<Row[]>(await home.saddle('checkpoints', run, '--json'));

  beforeAll(async () => {
    home = makeHome();
    const every = ['--set', 'checkpointEvery=10', '--steps', '40'];
    await home.saddle('train', ...smallRun, ...every, '--name', 'stroke');
    stroke = await checkpointsOf('stroke');
  }, 60_000);
  afterAll(() => home.remove());

  it('checkpoints prints step, file and the hash of the weights, the newest three by default', async () => {
    expect(stroke.map(({ step }) => step)).toEqual([20, 30, 40]);
    expect(stroke[0]).toMatchObject({
      file: 'checkpoints/step-00000020.safetensors',
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      reason: 'every 10 steps',
      starred: false,
    });
    const { stdout } = await home.saddle('checkpoints', 'stroke');
    expect(stdout).toContain(stroke[2]!.sha256);
  });

  it('resume goes on from where Ctrl-C ended it, and comes to the same weights', async () => {
    const { child, outcome } = home.start(
      'train',
      ...smallRun,
      '--set',
      'checkpointEvery=10',
      '--steps',
      '40',
      '--name',
      'halved',
      '--json',
    );
    child.stdout!.on('data', (text: Buffer) => /"step":[1-9]/.test(text.toString()) && child.kill('SIGINT'));
    expect(lastLine(await outcome)).toMatchObject({ type: 'stopped' });
    const resumed = await home.saddle('resume', 'halved', '--json');
    expect(JSON.parse(resumed.stdout.split('\n')[0]!)).toMatchObject({ type: 'resumed', name: 'halved', steps: 40 });
    expect(lastLine(resumed)).toMatchObject({ type: 'finished', step: 40 });
    expect((await checkpointsOf('halved')).at(-1)!.sha256).toBe(stroke[2]!.sha256);
  });

  it('resume of a finished run says to fork it', async () => {
    const { code, stderr } = await home.saddle('resume', 'stroke');
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /stroke is finished at step 40\. To train it further, fork it: saddle fork \S+ --step 40 --steps N/,
    );
  });

  it('fork starts from the parent, names it, and its series begins there', async () => {
    const forked = await home.saddle(
      'fork',
      'stroke',
      '--step',
      '30',
      '--set',
      'generatorLearningRate=0.0001',
      '--name',
      'fork',
      '--json',
    );
    expect(lastLine(forked)).toMatchObject({ type: 'finished', step: 40 });
    const shown = json<Record<string, never>>(await home.saddle('show', 'fork', '--json'));
    expect(shown).toMatchObject({
      specification: { parent: { step: 30 }, parameters: { generatorLearningRate: 0.0001, batchSize: 16 } },
    });
    const points = json<{ step: number }[]>(await home.saddle('scalars', 'fork', 'loss/d', '--json'));
    expect([points[0]!.step, points.at(-1)!.step]).toEqual([31, 40]);
    const rows = await checkpointsOf('fork');
    expect(rows[0]).toMatchObject({ step: 30, sha256: stroke[1]!.sha256 });
    expect(rows.at(-1)!.sha256).not.toBe(stroke[2]!.sha256);
  });

  it.each([
    [['--step', '25'], 1, /no checkpoint at step 25.*20, 30, 40/],
    [['--step', '40'], 2, /--steps: step 40 is the last one/],
    [['--step', '30', '--steps', '20'], 1, /more than 30/],
    [['--step', '30', '--set', 'generatorUnits=10'], 1, /other layers/],
    [['--step', '30', '--set', 'colour=red'], 2, /no such parameter/],
    [['--step', '30', '--max-minutes', '0'], 2, /--max-minutes: expected/],
  ])('fork %j ends with %i and says what to do', async (options, expected, words) => {
    const { code, stderr } = await home.saddle('fork', 'stroke', ...options);
    expect(stderr).toMatch(words);
    expect(code).toBe(expected);
  });

  it('--max-minutes ends a run with a checkpoint', async () => {
    const { stdout, code } = await home.saddle(
      'train',
      ...smallRun,
      '--steps',
      '1000000',
      '--max-minutes',
      '0.04',
      '--json',
    );
    expect(code).toBe(0);
    const { type, step, runId } = lastLine({ stdout, code, stderr: '' });
    expect(type).toBe('stopped');
    expect((await checkpointsOf(String(runId))).at(-1)).toMatchObject({ step, reason: 'stopped' });
  });
});
