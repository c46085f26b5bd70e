// The filter of the table of runs: words, /regular expressions/, `recipe:dcgan28`, `loss/d < 1.2`, any of them negated by a
// minus; all must hold. What is half-typed is left out and said, so that the table never empties while somebody types.

import type { RunSummary } from '../../shared/run.ts';

export interface RunFilter {
  matches(run: RunSummary): boolean;
  /** What was asked for by name: settings, scalars, facts. */
  readonly keys: readonly string[];
  /** Sentences about what was left out; empty when all was understood. */
  readonly problems: readonly string[];
}

type Value = string | number | boolean | undefined;
type Test = (run: RunSummary) => boolean;

/** Facts that can be named beside settings and scalars. Those with several values hold when one does. */
const FACTS: Readonly<Record<string, (run: RunSummary) => Value | readonly string[]>> = {
  name: (run) => run.name,
  id: (run) => run.id,
  recipe: (run) => run.recipe,
  preset: (run) => run.preset,
  data: (run) => run.data,
  state: (run) => run.state.phase,
  tag: (run) => run.tags,
  is: (run) => [
    ...(run.starred ? ['starred'] : []),
    ...(run.archived ? ['archived'] : []),
    ...(run.parent ? ['fork'] : []),
    run.state.phase,
  ],
  seed: (run) => run.seed,
  step: (run) => run.step,
  steps: (run) => run.steps,
  progress: (run) => (run.steps > 0 ? (100 * run.step) / run.steps : 0),
  rate: (run) => run.stepsPerSecond ?? undefined,
  size: (run) => run.sizeBytes,
};

/** Both a fact's name and the whole word, since the window and people write either. */
export function valueOf(run: RunSummary, key: string): Value | readonly string[] {
  return FACTS[key]?.(run) ?? run.lastValues[key] ?? run.parameters[key];
}

const TERM =
  /\s*(-?)(?:\/((?:\\.|[^/\\])+)\/(i?)(?=\s|$)|([A-Za-z][\w./-]*?)(?::|\s*(<=|>=|!=|=|<|>)\s*)(?:"([^"]*)"|([^\s"]\S*)|(?=\s*$))|"([^"]*)"|(\S+))/y;

export function parseFilter(source: string): RunFilter {
  const tests: Test[] = [];
  const keys: string[] = [];
  const problems: string[] = [];
  TERM.lastIndex = 0;
  while (TERM.lastIndex < source.trimEnd().length) {
    const match = TERM.exec(source);
    if (!match) break;
    const [, minus, pattern, flags, key, operator = ':', quotedValue, bareValue, quoted, word] = match;
    let test: Test | string;
    if (pattern !== undefined) test = testPattern(pattern, flags ?? '');
    else if (key !== undefined) {
      const value = quotedValue ?? bareValue;
      if (value !== undefined) keys.push(key);
      test = value === undefined ? `${key} ${operator} what?` : testValue(key, operator, value);
    } else test = testWord(quoted ?? word!);
    if (typeof test === 'string') problems.push(test);
    else tests.push(minus ? negate(test) : test);
  }
  return { matches: (run) => tests.every((test) => test(run)), keys, problems };
}

/** Runs that pass, in their order. */
export function filterRuns(runs: readonly RunSummary[], source: string): readonly RunSummary[] {
  if (source.trim() === '') return runs;
  const filter = parseFilter(source);
  return runs.filter((run) => filter.matches(run));
}

/** The names asked for that no run has. */
export function unknownKeys(filter: RunFilter, runs: readonly RunSummary[]): readonly string[] {
  return filter.keys.filter((key) => !(key in FACTS) && !runs.some((run) => valueOf(run, key) !== undefined));
}

/** What words are looked for in; made once a summary, for a list is filtered at every key. */
const lines = new WeakMap<RunSummary, string>();

function lineOf(run: RunSummary): string {
  const known = lines.get(run);
  if (known !== undefined) return known;
  const line = [run.name, ...run.tags, run.id, run.recipe, run.preset, run.data, run.state.phase].join('\n');
  lines.set(run, line.toLowerCase());
  return line.toLowerCase();
}

function testWord(word: string): Test {
  const small = word.toLowerCase();
  return (run) => lineOf(run).includes(small);
}

function testPattern(pattern: string, flags: string): Test | string {
  try {
    const expression = new RegExp(pattern, `m${flags}`);
    return (run) => [run.name, ...run.tags, run.recipe, run.preset, run.data].some((part) => expression.test(part));
  } catch (problem) {
    return problem instanceof Error ? problem.message : String(problem);
  }
}

function testValue(key: string, operator: string, wanted: string): Test {
  return (run) => {
    const value = valueOf(run, key);
    if (value === undefined) return operator === '!=';
    if (typeof value !== 'object') return compare(value as Exclude<Value, undefined>, operator, wanted);
    const holds = value.some((one) => compare(one, operator === '!=' ? '=' : operator, wanted));
    return operator === '!=' ? !holds : holds;
  };
}

function compare(value: string | number | boolean, operator: string, wanted: string): boolean {
  if (typeof value === 'number') return compareNumbers(value, operator, readNumber(wanted));
  const [text, other] = [String(value).toLowerCase(), wanted.toLowerCase()];
  if (operator === ':') return text.includes(other);
  if (operator === '=') return text === other;
  if (operator === '!=') return text !== other;
  return (operator.startsWith('<') ? text < other : text > other) || (operator.endsWith('=') && text === other);
}

/** Scalars are recorded as 32-bit floats: 0.1 finds what was recorded as 0.1. */
function compareNumbers(value: number, operator: string, wanted: number): boolean {
  const isEqual = Object.is(value, wanted) || value === wanted || value === Math.fround(wanted);
  if (operator === ':' || operator === '=') return isEqual;
  if (operator === '!=') return !isEqual;
  if (isEqual) return operator.endsWith('=') && !Number.isNaN(value);
  return operator.startsWith('<') ? value < wanted : value > wanted;
}

const UNITS: Readonly<Record<string, number>> = { k: 1e3, kb: 1e3, m: 1e6, mb: 1e6, gb: 1e9 };

/** "1.2", "1e-4", "20MB", "10k", "inf"; NaN for what is no number. */
function readNumber(text: string): number {
  const [, digits = '', unit = ''] = /^([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)(k|kb|m|mb|gb)?$/i.exec(text) ?? [];
  if (digits) return Number(digits) * (UNITS[unit.toLowerCase()] ?? 1);
  const infinite = /^([-+]?)inf(inity)?$/i.exec(text);
  return infinite ? (infinite[1] === '-' ? -Infinity : Infinity) : Number.NaN;
}

function negate(test: Test): Test {
  return (run) => !test(run);
}
