// What a person types for a run: its id, the beginning of its id, or its name.

import { UserError } from '../../shared/contract.ts';
import { isRunId, type RunId } from '../../shared/run.ts';
import type { Summaries } from './summaries.ts';

const SHOWN = 10;

export function resolveRun(text: string, folder: string, summaries: Summaries): RunId {
  const ids = summaries.ids();
  if (isRunId(text) && ids.includes(text)) return text;
  const begun = text === '' ? [] : ids.filter((id) => id.startsWith(text));
  if (begun.length === 1) return begun[0]!;
  const runs = summaries.list();
  const named = runs.filter((run) => run.name === text);
  if (named.length === 1) return named[0]!.id;

  const candidates = named.length > 1 ? named : runs.filter((run) => begun.includes(run.id));
  const lines = (list: typeof runs): string => {
    const shown = list.slice(0, SHOWN).map((run) => `\n  ${run.id}  ${run.name}`);
    return shown.join('') + (list.length > SHOWN ? `\n  and ${list.length - SHOWN} more` : '');
  };
  if (candidates.length > 1) {
    throw new UserError(`"${text}" fits ${candidates.length} runs; say which by its id:${lines(candidates)}`);
  }
  if (runs.length === 0) throw new UserError(`There is no run "${text}": ${folder} holds no runs.`);
  throw new UserError(`There is no run "${text}" in ${folder}. The newest are:${lines(runs)}`);
}
