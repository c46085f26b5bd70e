// A run's page follows its run to the end: what is said while something else is being read is not lost.

import { describe, expect, it } from 'vitest';
import type { Connection } from '../../../src/renderer/state/connection.svelte.ts';
import type { Library } from '../../../src/renderer/state/library.svelte.ts';
import { RunSession } from '../../../src/renderer/state/run-session.svelte.ts';
import type { EventKind, RunId, RunState, RunSummary } from '../../../src/shared/run.ts';

const ID = '20261121-084630-k3x9' as RunId;

/** A run that grows by hand, and a line that answers from it as the services do. */
function makeWorld() {
  const events: { id: number; kind: EventKind; step: number; wallMs: number; message: string }[] = [];
  let state: RunState = { phase: 'running', pid: 7 };
  let listen: (data: { changed: RunSummary[]; removed: RunId[] }) => void = () => {};
  const calls: string[] = [];
  const summary = () => ({ id: ID, state, step: 0, cursor: events.length }) as RunSummary;
  let told = summary();
  const detail = () => ({
    ...{ summary: summary(), events: [...events], checkpoints: [], scalarTags: [], imageTags: [] },
  });
  const answers: Record<string, (args: { cursor: number }) => unknown> = {
    getRun: detail,
    readSeries: () => [],
    readChanges: ({ cursor }) => ({
      ...{ cursor: events.length, summary: summary(), points: [], truncated: false, images: [], checkpoints: [] },
      events: events.slice(cursor),
    }),
  };
  const connection = {
    status: { phase: 'up' },
    call: async (name: string, args: { cursor: number }) => {
      calls.push(name);
      await new Promise((resolve) => setTimeout(resolve, 5));
      return answers[name]!(args);
    },
    on: (_name: string, handler: typeof listen) => {
      listen = handler;
      return () => {};
    },
    onReturn: () => () => {},
  } as unknown as Connection;
  const library = { run: () => told } as unknown as Library;
  return {
    calls,
    session: new RunSession(connection, library, ID, null),
    /** The run logs an event, and the window is told. */
    happen(kind: EventKind, next: RunState = state) {
      state = next;
      events.push({ id: events.length + 1, kind, step: 0, wallMs: 0, message: '' });
      told = summary();
      listen({ changed: [told], removed: [] });
    },
    lose() {
      state = { phase: 'interrupted' };
      told = summary();
      listen({ changed: [told], removed: [] });
    },
  };
}

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const kinds = (session: RunSession) => session.events.map(({ kind }) => kind);

describe('the page of a run', () => {
  it('shows the last event of a run that stops while the page rests after an update', async () => {
    const { session, happen, calls } = makeWorld();
    const close = session.open();
    await wait(30);
    happen('resumed');
    await wait(60);
    // The page has read "resumed" and waits before it reads again.
    happen('stopped', { phase: 'stopped' });
    await wait(400);
    expect(kinds(session)).toEqual(['resumed', 'stopped']);
    expect(session.detail?.summary.state.phase).toBe('stopped');
    const before = calls.length;
    await wait(500);
    expect(calls.length).toBe(before);
    close();
  });

  it('sees that a run was interrupted while the page rests, though nothing was committed', async () => {
    const { session, happen, lose } = makeWorld();
    const close = session.open();
    await wait(30);
    happen('started');
    await wait(60);
    lose();
    await wait(400);
    expect(session.detail?.summary.state.phase).toBe('interrupted');
    close();
  });

  it('goes on to the end when the run ends while the page reads everything anew', async () => {
    const { session, happen } = makeWorld();
    const close = session.open();
    await wait(8);
    happen('finished', { phase: 'finished' });
    await wait(400);
    expect(kinds(session)).toEqual(['finished']);
    close();
  });
});
