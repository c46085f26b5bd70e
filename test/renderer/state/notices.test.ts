// What takes a while says so, can be ended, and leaves nothing behind.

import { describe, expect, it } from 'vitest';
import { Notices } from '../../../src/renderer/state/notices.svelte.ts';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('something that takes a while', () => {
  it('says how far it is and what is left, and is gone when it is done', async () => {
    const notices = new Notices();
    const result = notices.follow('Saving a.csv', async (_signal, advance) => {
      advance({ share: 0.1, detail: '1 MB' });
      await pause(700);
      expect(notices.list).toMatchObject([{ kind: 'working', message: 'Saving a.csv', work: { share: 0.1 } }]);
      advance({ share: 0.5, detail: '5 MB' });
      const { work } = notices.list[0]!;
      expect(work).toMatchObject({ share: 0.5, detail: '5 MB' });
      // Half is done after 0.7 s.
      expect(work!.remainingMs).toBeGreaterThan(600);
      expect(work!.remainingMs).toBeLessThan(3000);
      return 'done';
    });
    expect(await result).toBe('done');
    expect(notices.list).toEqual([]);
  });

  it('says nothing when it is done at once', async () => {
    const notices = new Notices();
    const seen: number[] = [];
    await notices.follow('quick', async () => seen.push(notices.list.length));
    await pause(600);
    expect([...seen, notices.list.length]).toEqual([0, 0]);
  });

  it('is ended by its button, even when it cannot be broken off, and is no problem then', async () => {
    const notices = new Notices();
    let signal: AbortSignal | null = null;
    const result = notices.follow('slow', (given) => {
      signal = given;
      return pause(60_000);
    });
    await pause(600);
    notices.list[0]!.work!.cancel();
    expect(await result).toBeNull();
    expect(signal!.aborted).toBe(true);
    expect(notices.list).toEqual([]);
  });

  it('keeps its message while others come and go, and becomes a problem when it fails', async () => {
    const notices = new Notices();
    const result = notices.follow('working', async () => {
      await pause(600);
      for (let index = 0; index < 6; index++) notices.problem(`problem ${index}`);
      expect(notices.list.map(({ message }) => message)).toContain('working');
      throw new Error('no room');
    });
    expect(await result).toBeNull();
    expect(notices.list.at(-1)).toMatchObject({ kind: 'problem', message: 'no room' });
    expect(notices.list).toHaveLength(4);
  });
});
