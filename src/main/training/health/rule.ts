// The shape of a rule of health, and what it is given to judge by. A rule is a plain object, one row of the table in
// rules.ts.

import type { ParameterValues } from '../../../shared/parameters.ts';

/** The last points of the scalars that a rule looks at. */
export interface Look {
  /** The step that is judged. */
  readonly step: number;
  readonly parameters: ParameterValues;
  /** False until the whole window has been recorded. */
  has(tag: string): boolean;
  /** True from its first point on. */
  isRecorded(tag: string): boolean;
  mean(tag: string): number;
  least(tag: string): number;
  greatest(tag: string): number;
  first(tag: string): number;
  last(tag: string): number;
  /** Means of so many equal parts of the window, the oldest first. */
  parts(tag: string, count: number): readonly number[];
}

export interface Rule {
  readonly id: string;
  /** Scalars it looks at. It sleeps until the whole window of each has been recorded. */
  readonly needs: readonly string[];
  /** Further ones, looked at where they are recorded. */
  readonly mayUse?: readonly string[];
  /** Points of each scalar: steps, or grids for what is worked out at sample steps. */
  readonly window: number;
  /** Steps at which it is judged: a whole run but these at its beginning, or a part of it. */
  readonly from?: number;
  readonly to?: number;
  /** Recipes' settings under which it means something; always when absent. */
  applies?(parameters: ParameterValues): boolean;
  /** What is wrong, in one sentence, when something is. */
  judge(look: Look): string | null;
  /** What to do, in one sentence. */
  readonly remedy: string;
  /** The remedy as settings, of those that the run has; nothing when settings alone cannot do it. */
  settings?(parameters: ParameterValues): ParameterValues;
}

/** Known before the first step. */
export interface Start {
  readonly parameters: ParameterValues;
  /** Least and greatest value of real images as the network sees them. */
  readonly min: number;
  readonly max: number;
}

export interface StartRule extends Pick<Rule, 'id' | 'remedy' | 'settings'> {
  judge(start: Start): string | null;
}
