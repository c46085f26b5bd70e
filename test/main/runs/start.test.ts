import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { trainingEntry } from '../../../src/main/runs/program.ts';
import { markNeverBegan, startAttached, startDetached } from '../../../src/main/runs/start.ts';
import { openWorkplace, stateOf, type Workplace } from './program.ts';

const source = join(import.meta.dirname, '../../../src/main');
/** Marks the run as started by the process, as training does first. */
const begin = `
  import { openRunWriter } from ${JSON.stringify(pathToFileURL(join(source, 'store/writer.ts')).href)};
  const writer = openRunWriter(process.argv[3]);
  writer.start({ backend: 'cpu', backendVersion: '1', device: 'd', threads: 1, host: 'h', platform: 'p', node: 'n', saddle: 's' });
  writer.phase('running', 0);
`;
const wait = `setInterval(() => {}, 1000);`;

describe('a training process', () => {
  let place: Workplace;
  beforeAll(() => void (place = openWorkplace()));
  afterAll(() => place.end());

  it('gets the order, the folder and the environment, and its words are kept in the folder', async () => {
    const folder = place.queueRun();
    const { ended } = startDetached(
      place.program(
        `${begin} console.log(process.argv[2], process.env.MARK); console.error('a warning'); writer.phase('finished', 1);`,
      ),
      folder,
    );
    expect(await ended).toEqual({ code: 0, signal: null, log: 'run from the host\na warning' });
    expect(readFileSync(join(folder, 'train.log'), 'utf8')).toBe('run from the host\na warning\n');
    expect(stateOf(folder)).toEqual({ phase: 'finished' });
  });

  it.each([
    ['an error', `throw new Error('no such backend')`, /did not start \(exit code 1\):[\s\S]*no such backend/],
    ['a crash', `process.kill(process.pid, 'SIGKILL'); ${wait}`, /did not start \(ended by SIGKILL\)$/],
    ['an early end', `console.log('nothing to do')`, /did not start \(exit code 0\):\nnothing to do$/],
  ])(
    'that ends with %s before it opened the run leaves a failed run with its last words',
    async (_what, lines, expected) => {
      const folder = place.queueRun();
      await startDetached(place.program(lines), folder).ended;
      expect(stateOf(folder)).toEqual({ phase: 'failed', message: expect.stringMatching(expected) });
    },
  );

  it('that cannot be spawned leaves a failed run too', async () => {
    const folder = place.queueRun();
    const { pid, ended } = startDetached({ ...place.program(''), node: '/nowhere/node' }, folder);
    expect(pid).toBeUndefined();
    expect((await ended).log).toContain('ENOENT');
    expect(stateOf(folder)).toEqual({ phase: 'failed', message: expect.stringContaining('ENOENT') });
  });

  it.each([
    ['goes on in another process when its device is lost', 2, { phase: 'finished' }, 0],
    ['is given up when its device is lost again and again', 99, { phase: 'interrupted' }, 75],
  ])('%s', async (_what, losses, state, code) => {
    const folder = place.queueRun();
    const counter = join(folder, 'starts');
    const lines = `${begin}
      import { appendFileSync, readFileSync } from 'node:fs';
      appendFileSync(${JSON.stringify(counter)}, process.argv[2] + process.argv[5] + ' ');
      const starts = readFileSync(${JSON.stringify(counter)}, 'utf8').trim().split(' ').length;
      if (starts <= ${losses}) process.exit(75);
      writer.phase('finished', 1);`;
    const end = await startDetached(place.program(lines), folder, { maxMinutes: 5 }).ended;
    expect([end.code, stateOf(folder)]).toEqual([code, state]);
    const starts = readFileSync(counter, 'utf8').trim().split(' ');
    expect(starts).toHaveLength(Math.min(losses, 5) + 1);
    // Each gets the minutes that are left.
    expect(starts.every((order) => /^run(4\.9|5$)/.test(order))).toBe(true);
  });

  it('is quoted without what TensorFlow prints at every start', async () => {
    const folder = place.queueRun();
    const lines = [
      'WARNING: All log messages before absl::InitializeLog() is called are written to STDERR',
      'I0000 00:00:1795264829.400615   28706 port.cc:153] oneDNN custom operations are on. You may see slightly different numerical results',
      'out of memory',
    ];
    const { ended } = startDetached(
      place.program(`${begin} console.error(${JSON.stringify(lines.join('\n'))}); writer.phase('stopped', 1);`),
      folder,
    );
    expect((await ended).log).toBe('out of memory');
    expect(readFileSync(join(folder, 'train.log'), 'utf8').trim().split('\n')).toEqual(lines);
  });

  it('that dies later is read as interrupted, and what it wrote stays', async () => {
    const folder = place.queueRun();
    const { ended } = startDetached(
      place.program(
        `${begin} writer.scalar('loss/d', 0, 1); writer.progress(1, null, true); process.kill(process.pid, 'SIGKILL'); ${wait}`,
      ),
      folder,
    );
    expect((await ended).signal).toBe('SIGKILL');
    expect(stateOf(folder)).toEqual({ phase: 'interrupted' });
  });

  it('whose run was deleted meanwhile harms nobody', async () => {
    const folder = place.queueRun();
    const lines = `import { rmSync } from 'node:fs'; rmSync(process.argv[3], { recursive: true }); process.exitCode = 1;`;
    expect((await startDetached(place.program(lines), folder).ended).code).toBe(1);
    expect(existsSync(folder)).toBe(false);
  });

  it('attached reports to its parent and ends on SIGTERM', async () => {
    const folder = place.queueRun();
    const started = Promise.withResolvers<unknown>();
    const training = startAttached(
      place.program(`${begin}
        process.on('SIGTERM', () => { writer.phase('stopped', 0); process.exit(0); });
        process.send({ type: 'started', runId: 'x', pid: process.pid }); ${wait}`),
      folder,
      started.resolve,
    );
    expect(await started.promise).toEqual({ type: 'started', runId: 'x', pid: training.pid });
    training.stop();
    expect((await training.ended).code).toBe(0);
    expect(stateOf(folder)).toEqual({ phase: 'stopped' });
  });

  it('attached is heard of when this side has let go of the channel, as on Windows', async () => {
    const folder = place.queueRun();
    const training = startAttached(
      place.program(`${begin}
        process.on('disconnect', () => { writer.phase('stopped', 0); process.exit(0); }); ${wait}`),
      folder,
    );
    await expect.poll(() => stateOf(folder).phase, { timeout: 15_000 }).toBe('running');
    const platform = Object.getOwnPropertyDescriptor(process, 'platform')!;
    Object.defineProperty(process, 'platform', { ...platform, value: 'win32' });
    training.stop();
    Object.defineProperty(process, 'platform', platform);
    expect((await training.ended).code).toBe(0);
    expect(stateOf(folder)).toEqual({ phase: 'stopped' });
  });

  it('is told how many minutes it has', async () => {
    const folder = place.queueRun();
    const lines = `${begin} console.log(process.argv.slice(4).join(' ')); writer.phase('finished', 1);`;
    const { ended } = startDetached(place.program(lines), folder, { maxMinutes: 90 });
    expect((await ended).log).toBe('--max-minutes 90');
  });

  it('goes on when a detached host is killed, and hears of it when it is attached', async () => {
    for (const [start, expected] of [
      ['startDetached', 'alive'],
      ['startAttached', 'told'],
    ] as const) {
      const folder = place.queueRun();
      const told = join(folder, 'told');
      const child = place.program(`${begin}
        import { writeFileSync } from 'node:fs';
        process.on('disconnect', () => { writeFileSync(${JSON.stringify(told)}, ''); process.exit(0); });
        setTimeout(() => process.exit(0), 8000);`);
      const host = join(place.folder, `host-${start}.mjs`);
      writeFileSync(
        host,
        `
        import { spawn } from 'node:child_process';
        import { ${start} } from ${JSON.stringify(pathToFileURL(join(source, 'runs/start.ts')).href)};
        const program = { node: process.execPath, entry: ${JSON.stringify(child.entry)}, environment: () => process.env, spawn };
        console.log(${start}(program, ${JSON.stringify(folder)}).pid); ${wait}`,
      );
      const running = execFile(process.execPath, [host]);
      const pid = Number(await new Promise((resolve) => running.stdout!.once('data', resolve)));
      await expect.poll(() => stateOf(folder).phase, { timeout: 15_000 }).toBe('running');
      running.kill('SIGKILL');
      await new Promise((resolve) => running.once('close', resolve));
      if (expected === 'told') await expect.poll(() => existsSync(told), { timeout: 5000 }).toBe(true);
      else {
        await new Promise((resolve) => setTimeout(resolve, 500));
        expect(stateOf(folder)).toEqual({ phase: 'running', pid });
        process.kill(pid, 'SIGKILL');
      }
    }
  });

  it('that nobody started and whose host is gone is marked once, and a begun one is left alone', async () => {
    const folder = place.queueRun();
    await markNeverBegan(folder, 'its host ended first');
    expect(stateOf(folder)).toEqual({
      phase: 'failed',
      message: 'the training process did not start (its host ended first)',
    });
    await markNeverBegan(folder, 'again');
    expect(stateOf(folder)).toMatchObject({ message: expect.stringContaining('ended first') });
  });
});

describe('the training entry', () => {
  it('lies beside the running entry, as source in a clone and bundled elsewhere', () => {
    expect(trainingEntry(pathToFileURL(join(source, 'electron.ts')).href)).toMatch(/train\.(ts|js)$/);
    expect(trainingEntry('file:///app/out/main/electron.js')).toBe('/app/out/main/train.js');
  });
});
