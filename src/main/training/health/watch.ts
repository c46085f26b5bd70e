// Feeds the rules with the scalars of each step and keeps their episodes: an alert when a rule's condition comes to hold,
// and no second one before it has not held for twice its window. All it knows follows from the last scalars and the
// verdicts in the run's file, so that it needs no part in a checkpoint: a resume feeds it again with what was recorded.

import type { ParameterValues } from '../../../shared/parameters.ts';
import type { Step, Verdict } from '../../../shared/run.ts';
import type { Look, Rule } from './rule.ts';
import { createTrace, type Trace } from './trace.ts';

export interface Change {
  readonly kind: 'alert' | 'relief';
  readonly verdict: Verdict;
}

export interface Watch {
  /** All scalars of one step. Most steps change nothing. */
  observe(step: Step, values: ReadonlyMap<string, number>): readonly Change[];
  /** Takes up what a run knew: its verdicts and the scalars of its last steps, in order; says nothing. */
  recall(verdicts: readonly Verdict[], steps: Iterable<readonly [Step, ReadonlyMap<string, number>]>): void;
  /** How many of the last points of each scalar `recall` needs to know all that went before. */
  readonly memory: ReadonlyMap<string, number>;
}

/** Judged so often in a window: a rule over 200 steps every tenth step, one over three grids at every grid. */
const LOOKS = 20;
/** Windows without its condition that end an episode. With one, a few good steps in a mean would end it. */
const REST = 2;

interface Watched {
  readonly rule: Rule;
  readonly tags: readonly string[];
  readonly every: number;
  episode: Verdict | null;
  /** Judgements in a row at which an episode's condition did not hold. */
  quiet: number;
}

export function createWatch(rules: readonly Rule[], parameters: ParameterValues): Watch {
  const watched = rules.filter(({ applies }) => applies?.(parameters) ?? true).map(watch);
  const lengths = lengthsOf(watched);
  const traces = new Map(lengths.map(([tag, length]) => [tag, createTrace(length)]));

  const judge = (one: Watched, step: Step): Change | null => {
    const { rule } = one;
    if (!rule.needs.every((tag) => traces.get(tag)!.length >= rule.window)) return null;
    const message = rule.judge(createLook(traces, rule, step, parameters));
    return message === null ? settle(one, step) : begin(one, step, message, parameters);
  };
  const observe: Watch['observe'] = (step, values) => {
    for (const [tag, trace] of traces) {
      const value = values.get(tag);
      if (value !== undefined) trace.push(value);
    }
    const changes: Change[] = [];
    for (const one of watched) {
      const { from = 0, to = Infinity } = one.rule;
      const isDue = step % one.every === 0 && step >= from && one.tags.some((tag) => values.has(tag));
      // After its time a rule only ends what it began.
      if (!isDue || (step > to && !one.episode)) continue;
      const change = judge(one, step);
      if (change) changes.push(change);
    }
    return changes;
  };
  return {
    observe,
    // A window to judge by, and those in which a condition may have come to rest.
    memory: new Map(lengths.map(([tag, length]) => [tag, (1 + REST) * length])),
    recall(verdicts, steps) {
      const open = new Map(verdicts.filter(({ over }) => over === null).map((verdict) => [verdict.rule, verdict]));
      for (const [step, values] of steps) {
        for (const one of watched) one.episode = open.get(one.rule.id) ?? null;
        observe(step, values);
      }
      for (const one of watched) one.episode = open.get(one.rule.id) ?? null;
    },
  };
}

function watch(rule: Rule): Watched {
  const tags = [...rule.needs, ...(rule.mayUse ?? [])];
  return { rule, tags, every: Math.max(1, Math.floor(rule.window / LOOKS)), episode: null, quiet: 0 };
}

/** The longest window that looks at each scalar. */
function lengthsOf(watched: readonly Watched[]): (readonly [string, number])[] {
  const lengths = new Map<string, number>();
  for (const { rule, tags } of watched) {
    for (const tag of tags) lengths.set(tag, Math.max(rule.window, lengths.get(tag) ?? 0));
  }
  return [...lengths];
}

function begin(one: Watched, step: Step, message: string, parameters: ParameterValues): Change | null {
  one.quiet = 0;
  if (one.episode) return null;
  const { id, remedy, settings } = one.rule;
  one.episode = { rule: id, since: step, over: null, message, remedy, settings: settings?.(parameters) ?? {} };
  return { kind: 'alert', verdict: one.episode };
}

function settle(one: Watched, step: Step): Change | null {
  one.quiet += 1;
  if (!one.episode || one.quiet * one.every < REST * one.rule.window) return null;
  const verdict = { ...one.episode, over: step };
  one.episode = null;
  return { kind: 'relief', verdict };
}

function createLook(
  traces: ReadonlyMap<string, Trace>,
  { window }: Rule,
  step: Step,
  parameters: ParameterValues,
): Look {
  const of = (tag: string): Trace => traces.get(tag)!;
  return {
    step,
    parameters,
    has: (tag) => of(tag).length >= window,
    isRecorded: (tag) => of(tag).length > 0,
    mean: (tag) => of(tag).mean(0, window),
    least: (tag) => of(tag).reduce(window, Math.min, Infinity),
    greatest: (tag) => of(tag).reduce(window, Math.max, -Infinity),
    first: (tag) => of(tag).at(window - 1),
    last: (tag) => of(tag).at(0),
    parts: (tag, count) => {
      const size = window / count;
      return Array.from({ length: count }, (_, at) => of(tag).mean((count - 1 - at) * size, size));
    },
  };
}
