import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AnyEvent, DataState } from '../../../src/shared/contract.ts';
import type { RunId, RunSummary } from '../../../src/shared/run.ts';
import { openEventStream } from '../../../src/main/hosts/event-stream.ts';

const runs = (changed: [string, number][], removed: string[] = []): AnyEvent => ({
  event: 'runs',
  data: { changed: changed.map(([id, step]) => ({ id, step }) as RunSummary), removed: removed as RunId[] },
});
const data = (id: string, state: DataState): AnyEvent => ({ event: 'data', data: { id, state } });

describe('the stream of events to one window', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
  afterEach(() => void vi.useRealTimers());

  it('sends the first at once and then at most ten messages of a kind a second, the last one always', () => {
    const sent: AnyEvent[] = [];
    const stream = openEventStream(
      (event) => sent.push(event),
      () => true,
    );
    stream.push(runs([['a', 0]]));
    vi.advanceTimersByTime(0);
    expect(sent).toEqual([runs([['a', 0]])]);
    for (let step = 1; step <= 1000; step++) {
      stream.push(runs([['a', step]]));
      vi.advanceTimersByTime(1);
    }
    vi.advanceTimersByTime(100);
    expect(sent.length).toBeGreaterThanOrEqual(10);
    expect(sent.length).toBeLessThanOrEqual(12);
    expect(sent.at(-1)).toEqual(runs([['a', 1000]]));
  });

  it('merges what waits: the newest summary of a run, no run that was removed, one that came back', () => {
    const sent: AnyEvent[] = [];
    const stream = openEventStream(
      (event) => sent.push(event),
      () => true,
    );
    stream.push(
      runs([
        ['a', 1],
        ['b', 1],
      ]),
    );
    stream.push(
      runs(
        [
          ['a', 2],
          ['c', 1],
        ],
        ['b'],
      ),
    );
    stream.push(runs([['d', 1]], ['c']));
    stream.push(runs([['b', 5]]));
    vi.advanceTimersByTime(200);
    expect(sent).toEqual([
      runs(
        [
          ['a', 2],
          ['d', 1],
          ['b', 5],
        ],
        ['c'],
      ),
    ]);
  });

  it('keeps data sets apart', () => {
    const sent: AnyEvent[] = [];
    const stream = openEventStream(
      (event) => sent.push(event),
      () => true,
    );
    stream.push(data('mnist', { phase: 'absent' }));
    stream.push(data('glyphs', { phase: 'ready' }));
    stream.push(data('mnist', { phase: 'ready' }));
    vi.advanceTimersByTime(200);
    expect(sent).toEqual([data('mnist', { phase: 'ready' }), data('glyphs', { phase: 'ready' })]);
  });

  it('waits for a window that is behind and then sends only what is so now', () => {
    const sent: AnyEvent[] = [];
    let ready = false;
    const stream = openEventStream(
      (event) => sent.push(event),
      () => ready,
    );
    for (let step = 0; step < 50; step++) {
      stream.push(runs([['a', step]]));
      vi.advanceTimersByTime(100);
    }
    expect(sent).toEqual([]);
    ready = true;
    vi.advanceTimersByTime(100);
    expect(sent).toEqual([runs([['a', 49]])]);
  });

  it('sends nothing after it is closed', () => {
    const sent: AnyEvent[] = [];
    const stream = openEventStream(
      (event) => sent.push(event),
      () => true,
    );
    stream.push(runs([['a', 1]]));
    stream.close();
    vi.advanceTimersByTime(1000);
    expect(sent).toEqual([]);
  });
});
