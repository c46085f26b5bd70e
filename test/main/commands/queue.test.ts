import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openQueueFile } from '../../../src/main/library/queue-file.ts';
import { isRunId } from '../../../src/shared/run.ts';
import { makeHome, type Home } from './saddle.ts';

const tiny = ['--recipe', 'gan-mlp', '--data', 'glyphs', '--set', 'batchSize=16', '--steps', '12'];

describe('the queue from the command line', () => {
  let home: Home;
  beforeAll(() => void (home = makeHome()));
  afterAll(() => home.remove());
  const read = () => {
    const file = openQueueFile(join(home.folder, 'runs'));
    const queue = file.read();
    file.close();
    return queue;
  };

  it('takes several seeds, keeps them in the order asked for, and starts nothing itself', async () => {
    const { stdout, code } = await home.saddle(
      'train',
      ...tiny,
      '--queue',
      '--seeds',
      '3',
      '--seed',
      '7',
      '--name',
      'a',
      '--json',
    );
    expect(code).toBe(0);
    const queued = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; id: number; name: string });
    expect(queued.map(({ type, name }) => [type, name])).toEqual(
      [7, 8, 9].map((seed) => ['queued', `a, seed ${seed}`]),
    );
    const [first, , third] = queued.map(({ id }) => String(id)) as [string, string, string];
    await home.saddle('queue', 'move', third, '1');
    await home.saddle('queue', 'remove', first);
    await home.saddle('queue', 'pause');
    await home.saddle('queue', 'at-once', '2');
    expect(read()).toMatchObject({
      paused: true,
      atOnce: 2,
      entries: [
        { name: 'a, seed 9', tags: ['a'], spec: { seed: 9, steps: 12, parameters: { batchSize: 16 } }, problem: null },
        { name: 'a, seed 8' },
      ],
    });
    const table = await home.saddle('queue', 'list');
    expect(table.stdout).toMatch(/^The queue is paused\.\nID +NAME[\s\S]*a, seed 9 +gan-mlp +glyphs +9 +12\n/);
    await home.saddle('queue', 'resume');
    expect(read().paused).toBe(false);
    expect(readdirSync(join(home.folder, 'runs')).filter(isRunId)).toEqual([]);
  });

  it.each([
    [['train', ...tiny, '--seeds', '2'], 2, /--seeds: several runs go into the queue; add --queue/],
    [
      ['train', ...tiny, '--queue', '--max-minutes', '3'],
      2,
      /--max-minutes: a run in the queue trains to its last step/,
    ],
    [
      ['train', ...tiny, '--queue', '--seeds', '2', '--seed', '4294967295'],
      2,
      /--seeds: seed 4294967296 would be greater/,
    ],
    [['queue', 'at-once', '17'], 2, /n: expected a whole number from 1 to 16/],
    [['queue', 'move', '99', '1'], 1, /Entry 99 waits no longer/],
  ])('refuses %j', async (args, code, message) => {
    const refused = await home.saddle(...args);
    expect([refused.code, refused.stderr]).toEqual([code, expect.stringMatching(message)]);
  });
});
