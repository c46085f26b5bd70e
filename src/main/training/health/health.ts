// The health of a run while it trains: what the rules say goes into the run, as events and verdicts. Nothing of it is
// part of a checkpoint.

import type { Step } from '../../../shared/run.ts';
import type { RunReader, RunWriter } from '../../store/store.ts';
import { extent } from '../finite.ts';
import type { Patience } from '../patience.ts';
import type { Prepared } from '../prepare.ts';
import { rules, startRules } from './rules.ts';
import { createWatch } from './watch.ts';

export interface Health {
  /** Judges what is known before the first step; `images` are real ones as the network sees them. */
  start(step: Step, images: Float32Array): Promise<void>;
  /** All scalars of one step, after they were recorded. */
  observe(step: Step, values: ReadonlyMap<string, number>): Promise<void>;
  /** For a resume from `step`, once everything after it was taken back. */
  recall(reader: RunReader, step: Step): void;
}

export function createHealth({ spec }: Prepared, writer: RunWriter, patience: Patience): Health {
  const { parameters } = spec;
  const watch = createWatch(rules, parameters);
  return {
    async start(step, images) {
      for (const { id, judge, remedy, settings } of startRules) {
        const message = judge({ parameters, ...extent(images) });
        if (message === null) continue;
        const verdict = { rule: id, since: step, over: null, message, remedy, settings: settings?.(parameters) ?? {} };
        await patience.persist(() => writer.alert(step, verdict));
      }
    },
    async observe(step, values) {
      for (const { kind, verdict } of watch.observe(step, values)) {
        await patience.persist(() => (kind === 'alert' ? writer.alert(step, verdict) : writer.relieve(step, verdict)));
      }
    },
    recall(reader, step) {
      const sampleEvery = Number(parameters['sampleEvery']);
      watch.recall(reader.verdicts(), readLast(reader, step, watch.memory, sampleEvery));
    },
  };
}

/** The last points of each scalar, step by step. Those of grids lie `sampleEvery` steps apart. */
function readLast(reader: RunReader, last: Step, memory: ReadonlyMap<string, number>, sampleEvery: number) {
  const steps = new Map<Step, Map<string, number>>();
  for (const [tag, count] of memory) {
    // Another process had other tensors.
    if (tag.startsWith('mem/')) continue;
    const from = Math.max(0, last - count * (isOfGrids(tag) ? sampleEvery : 1));
    const series = reader.series(tag, { from, to: last }, last - from + 1);
    if (series.kind !== 'points') throw new TypeError(`${tag} has more points than steps`);
    series.steps.forEach((step, at) => {
      const values = steps.get(step) ?? new Map<string, number>();
      steps.set(step, values.set(tag, series.values[at]!));
    });
  }
  return [...steps].sort(([one], [other]) => one - other);
}

function isOfGrids(tag: string): boolean {
  return tag.startsWith('grid/') || tag.startsWith('eval/');
}
