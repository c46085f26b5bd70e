// What every transport of the contract must do, written once and run over each: the web host's real socket, and for
// Electron's ipc the same code behind a plain MessageChannel.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { calls, UserError, type AnyEvent, type CallName, type Services } from '../../../src/shared/contract.ts';
import type { Call } from '../../../src/shared/messages.ts';
import type { RunId } from '../../../src/shared/run.ts';
import { NEW_RUN, openSaddle, recordRun, type Saddle } from './saddle.ts';

/** One window's end of a line. */
export interface Line {
  readonly call: Call;
  listen(listener: (event: AnyEvent) => void): void;
  /** Sends a frame as it is, whatever it is, and resolves with the next reply that answers no call. */
  sendRaw(frame: unknown): Promise<unknown>;
  disconnect(): Promise<void>;
}

export interface Transport {
  open(): Promise<Line>;
  close(): Promise<void>;
}

type Serve = (saddle: Saddle, services: Services) => Promise<Transport>;

const RUN = '20261121-084630-k3x9' as RunId;

/** A good value of every argument, and bad ones: [call, good arguments, [field, bad value]...]. */
const badFields: [CallName, Record<string, unknown>, ...[string, unknown][]][] = [
  ['getRun', { runId: RUN }, ['runId', '../../etc'], ['runId', 7], ['runId', undefined]],
  [
    'startRun',
    NEW_RUN,
    ['recipe', 'DCGAN'],
    ['recipe', '../x'],
    ['preset', ''],
    ['parameters', 'x'],
    ['parameters', { a: {} }],
    ['data', null],
    ['seed', -1],
    ['seed', 1.5],
    ['seed', 2 ** 32],
    ['seed', NaN],
    ['steps', 0],
    ['steps', 1e9],
    ['steps', '10'],
    ['name', 'x'.repeat(201)],
    ['backend', 'cuda'],
  ],
  ['estimateRun', NEW_RUN, ['steps', -1]],
  ['knownEstimates', NEW_RUN, ['steps', -1]],
  ['runtimeStatus', { fresh: false }, ['fresh', 'yes']],
  ['installRuntime', { cuda: false }, ['cuda', 1]],
  ['setGpu', {}, ['card', -1], ['card', 0.5], ['memoryMb', 10], ['memoryMb', '8000'], ['deterministic', 'yes']],
  ['pauseRun', { runId: RUN }, ['runId', '']],
  ['resumeRun', { runId: RUN }, ['runId', {}]],
  ['stopRun', { runId: RUN }, ['runId', null]],
  ['renameRun', { runId: RUN, name: 'a' }, ['name', ''], ['name', '   '], ['name', 'x'.repeat(201)], ['runId', 'a']],
  [
    'forkRun',
    { runId: RUN, step: 10, parameters: { batchSize: 8 }, steps: 20, name: '' },
    ['runId', 'x'],
    ['step', -1],
    ['step', 0.5],
    ['parameters', { a: [] }],
    ['steps', 0],
    ['seed', -1],
    ['name', 'x'.repeat(201)],
  ],
  [
    'addToQueue',
    { runs: [NEW_RUN, { runId: RUN, step: 10, parameters: {}, steps: 20, name: '' }], tags: ['a'], place: 0 },
    ['runs', []],
    ['runs', [{ ...NEW_RUN, seed: -1 }]],
    ['runs', [{ runId: RUN, step: -1, parameters: {}, steps: 20, name: '' }]],
    ['runs', ['x']],
    ['runs', Array(501).fill(NEW_RUN)],
    ['tags', ['']],
    ['tags', 'a'],
    ['place', -1],
  ],
  ['moveQueued', { id: 1, place: 0 }, ['id', 0], ['id', '1'], ['place', 0.5]],
  ['removeQueued', { ids: [1] }, ['ids', []], ['ids', ['1']], ['ids', Array(501).fill(1)]],
  ['retryQueued', { id: 1 }, ['id', 1.5]],
  ['setQueue', { paused: true, atOnce: 2 }, ['paused', 1], ['atOnce', 0], ['atOnce', 17]],
  [
    'setRunWords',
    { runId: RUN, tags: ['a'], notes: 'b', starred: true, archived: false },
    ['tags', 'a'],
    ['tags', ['']],
    ['tags', ['x'.repeat(51)]],
    ['tags', Array(51).fill('a')],
    ['notes', 'x'.repeat(100_001)],
    ['starred', 1],
    ['archived', null],
  ],
  ['starCheckpoint', { runId: RUN, step: 1, starred: true }, ['step', '1'], ['starred', 'yes']],
  ['thinImages', { runId: RUN, olderThanStep: 10, every: 2 }, ['olderThanStep', -1], ['every', 1], ['every', 2.5]],
  ['restoreRun', { runId: RUN }, ['runId', '..']],
  ['deleteRun', { runId: RUN }, ['runId', `${RUN}/..`]],
  [
    'readSeries',
    { runId: RUN, tags: ['loss/d'], maxPoints: 100 },
    ['tags', 'loss/d'],
    ['tags', ['']],
    ['tags', ['x'.repeat(101)]],
    ['tags', Array(201).fill('a')],
    ['from', -1],
    ['to', 0.5],
    ['maxPoints', 1],
    ['maxPoints', 4001],
    ['maxPoints', Infinity],
  ],
  ['readImages', { runId: RUN, tag: 'samples/fixed' }, ['tag', ''], ['tag', 3]],
  ['readChanges', { runId: RUN, cursor: 0, afterStep: -1 }, ['cursor', -1], ['afterStep', -2], ['afterStep', 'x']],
  [
    'describeNetworks',
    { recipe: 'dcgan28', preset: 'small', parameters: {}, data: 'glyphs' },
    ['recipe', ''],
    ['preset', 1],
    ['parameters', null],
    ['data', 'a b'],
  ],
  ['fetchData', { data: 'mnist' }, ['data', '../mnist'], ['data', 'x'.repeat(65)]],
  ['cancelFetch', { data: 'mnist' }, ['data', '']],
  ['importData', { data: 'mnist', folder: '/tmp' }, ['folder', ''], ['folder', 'x'.repeat(4097)], ['data', []]],
  [
    'importFolder',
    {
      folder: '/tmp',
      name: '',
      size: 64,
      crop: 'centre',
      colour: 'rgb',
      flip: false,
      background: '#ffffff',
      skipUnreadable: false,
    },
    ['folder', ''],
    ['size', 3],
    ['size', 1025],
    ['crop', 'left'],
    ['colour', 'cmyk'],
    ['background', 'white'],
    ['skipUnreadable', 1],
  ],
  ['removeData', { data: 'mnist', what: 'views' }, ['data', '../mnist'], ['what', 'some']],
  [
    'describeView',
    { recipe: 'dcgan28', preset: 'small', parameters: {}, data: 'glyphs' },
    ['recipe', ''],
    ['parameters', null],
    ['data', 'a b'],
  ],
];

const hostileFrames: unknown[] = [
  null,
  0,
  'listRuns',
  [],
  {},
  { id: 1 },
  { id: -1, call: 'listRuns', args: {} },
  { id: 1.5, call: 'listRuns', args: {} },
  { id: '1', call: 'listRuns', args: {} },
  { id: 1, call: ['listRuns'], args: {} },
  { id: 1, call: 'listRuns', args: {}, more: true },
  { event: 'runs', data: { changed: [], removed: [] } },
];

export function describeContract(name: string, serve: Serve): void {
  describe(`the contract over ${name}`, () => {
    let saddle: Saddle;
    let transport: Transport;
    let line: Line;

    beforeEach(async () => {
      saddle = openSaddle();
      const services: Services = {
        ...saddle.services,
        // The only call that is not the real one: a bug cannot be had otherwise.
        appInfo: () => {
          throw new TypeError('a bug in appInfo');
        },
      };
      transport = await serve(saddle, services);
      line = await transport.open();
    });
    afterEach(async () => {
      await transport.close();
      await saddle.end();
    });

    it('answers a good call', async () => {
      const recipes = await line.call('listRecipes', {});
      expect(recipes.map((recipe) => recipe.id)).toContain('dcgan28');
      expect(recipes).toEqual(saddle.services.listRecipes({}));
    });

    it.each(['noSuchCall', '__proto__', 'constructor', 'toString', ''])(
      'refuses the unknown call "%s"',
      async (unknown) => {
        await expect(line.call(unknown as CallName, {} as never)).rejects.toThrow(`${unknown}: there is no such call`);
        expect(String(saddle.problems)).toContain('unknown call');
      },
    );

    it('refuses bad arguments, naming call and field, and changes nothing', async () => {
      for (const [call, good, ...fields] of badFields) {
        for (const [field, bad] of fields) {
          const refused: Error = await line.call(call, { ...good, [field]: bad } as never).then(
            (result) => expect.fail(`${call} took ${field} = ${JSON.stringify(bad)}: ${JSON.stringify(result)}`),
            (problem: Error) => problem,
          );
          expect(refused, `${call} ${field}`).toBeInstanceOf(UserError);
          expect(refused.message).toMatch(new RegExp(`^${call}: ${field}`));
        }
      }
      expect(saddle.library.list()).toEqual([]);
    });

    it('refuses an argument that no call has, for every call', async () => {
      for (const call of Object.keys(calls) as CallName[]) {
        const [, good] = badFields.find(([name]) => name === call) ?? [call, {}];
        await expect(line.call(call, { ...good, surplus: 1 } as never), call).rejects.toThrow(/surplus/);
      }
    });

    it('refuses what is no request and goes on', async () => {
      for (const frame of hostileFrames) {
        expect(await line.sendRaw(frame)).toMatchObject({ id: -1, error: { forPeople: true } });
      }
      expect(await line.call('listRuns', {})).toEqual([]);
    });

    it('passes on an error meant for people, word for word, and does not log it', async () => {
      const problem: Error = await line.call('startRun', { ...NEW_RUN, data: 'mnist' }).then(
        () => expect.fail('started without data'),
        (refused: Error) => refused,
      );
      expect(problem).toBeInstanceOf(UserError);
      expect(problem.message).toContain('saddle data get mnist');
      expect(saddle.problems).toEqual([]);
    });

    it('tells a bug from a refusal, keeps its stack to itself, and logs it with it', async () => {
      const problem: Error = await line.call('appInfo', {}).then(
        () => expect.fail('no bug'),
        (failed: Error) => failed,
      );
      expect(problem).not.toBeInstanceOf(UserError);
      expect(problem.message).toBe('appInfo failed: a bug in appInfo');
      expect(saddle.problems).toHaveLength(1);
      expect((saddle.problems[0] as Error).stack).toContain('a bug in appInfo');
    });

    it('carries columns with NaN and the infinities', async () => {
      const runId = recordRun(saddle);
      const [series] = await line.call('readSeries', { runId, tags: ['loss/d'], maxPoints: 100 });
      expect(series).toMatchObject({
        kind: 'points',
        tag: 'loss/d',
        steps: Float64Array.of(0, 1, 2),
        values: Float32Array.of(1, NaN, Infinity),
      });
      const { summary } = await line.call('getRun', { runId });
      expect(summary.lastValues).toEqual({ 'loss/d': Infinity });
    });

    it('answers many calls at once, each its own', async () => {
      const runId = recordRun(saddle);
      const answers = await Promise.all(
        Array.from({ length: 300 }, (_, index) =>
          index % 2 === 0
            ? line.call('readSeries', { runId, tags: [`tag/${index}`], maxPoints: 10 })
            : line.call('readImages', { runId, tag: 'samples/fixed' }),
        ),
      );
      answers.forEach((answer, index) => {
        expect(answer).toMatchObject(index % 2 === 0 ? [{ tag: `tag/${index}` }] : [{ step: 2, rows: 2, columns: 3 }]);
      });
    });

    it('tells every window what happened, and a deleted run as removed', async () => {
      const other = await transport.open();
      const heard: AnyEvent[][] = [[], []];
      [line, other].forEach((window, index) => window.listen((event) => heard[index]!.push(event)));
      const runId = recordRun(saddle, 'to be heard of');
      await expect
        .poll(() => heard.map((events) => named(events, runId)), { timeout: 10_000 })
        .toEqual([['to be heard of'], ['to be heard of']]);
      await line.call('deleteRun', { runId });
      await expect
        .poll(() => heard.map((events) => events.some((e) => e.event === 'runs' && e.data.removed.includes(runId))), {
          timeout: 10_000,
        })
        .toEqual([true, true]);
    });

    it('tells every window of the queue as it is now', async () => {
      const other = await transport.open();
      const heard: AnyEvent[][] = [[], []];
      [line, other].forEach((window, index) => window.listen((event) => heard[index]!.push(event)));
      await line.call('setQueue', { paused: true });
      const [id] = await line.call('addToQueue', { runs: [{ ...NEW_RUN, name: 'in turn' }], tags: ['later'] });
      const queue = await other.call('readQueue', {});
      expect(queue).toMatchObject({
        paused: true,
        atOnce: 1,
        entries: [{ id, name: 'in turn', tags: ['later'], spec: { recipe: 'dcgan28', seed: 1 }, problem: null }],
      });
      await expect
        .poll(() => heard.map((events) => events.findLast((event) => event.event === 'queue')?.data), {
          timeout: 10_000,
        })
        .toEqual([queue, queue]);
      await line.call('removeQueued', { ids: [id!] });
      expect((await other.call('readQueue', {})).entries).toEqual([]);
    });

    it('loses a window without harm to the others', async () => {
      const other = await transport.open();
      const unanswered = other.call('listRuns', {}).catch(() => 'lost');
      await other.disconnect();
      await unanswered;
      recordRun(saddle);
      expect(await line.call('listRuns', {})).toHaveLength(1);
    });
  });
}

function named(events: readonly AnyEvent[], runId: RunId): string[] {
  const names = events.flatMap((event) =>
    event.event === 'runs' ? event.data.changed.filter((run) => run.id === runId).map((run) => run.name) : [],
  );
  return [...new Set(names)];
}
