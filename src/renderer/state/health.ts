// One look at a run: how D and G stand to each other, whether the samples are diverse, whether all numbers are finite.

import type { ReferenceLine, Verdict } from '../../shared/run.ts';
import type { Columns } from '../charts/columns.ts';

/** Points that a score is the mean of: single steps jump about. */
const POINTS = 50;
const GRIDS = 3;

export interface Score {
  readonly key: 'real' | 'fake' | 'k' | 'diversity';
  /** 0 to 1. */
  readonly value: number;
  /** Where it would be best, 0 to 1; null where no value is. */
  readonly ideal: number | null;
}

export type Balance = 'even' | 'd-ahead' | 'g-ahead';
/** `alike`: too little spread, and no rule has called it a collapse; untrained networks always begin so. */
export type Variety = 'diverse' | 'alike' | 'collapsed';

export interface Outlook {
  readonly scores: readonly Score[];
  /** Null while nothing tells. */
  readonly balance: Balance | null;
  /** Of BEGAN: gamma L(x) - L(G(z)), best at 0. */
  readonly beganBalance: number | null;
  /** Null before the first grid. */
  readonly variety: Variety | null;
  readonly isFinite: boolean;
}

type ReadColumns = (tag: string) => Columns | undefined;

/** D tells real from fake too well where it believes this much more in real images. */
const TOLD_APART = 0.5;
/** D is fooled where it believes this much more in fakes than it should. */
const FOOLED = 0.25;
/** Where BEGAN's balance is no longer even, as a share of M. */
const EVEN_BEGAN = 0.25;
/** Spread of the samples, of real data, below which the rule of mode collapse speaks up once it judges. */
const ALIKE = 0.3;

export function outlookOf(
  columns: ReadColumns,
  lines: readonly ReferenceLine[],
  verdicts: readonly Verdict[],
): Outlook {
  const mean = (tag: string): number | null => meanOfLast(columns(tag));
  const ideal = (tag: string): number => lines.find((line) => line.tag === tag)?.value ?? 0.5;
  const [real, fake, k] = [mean('prob/d_real'), mean('prob/d_fake'), mean('began/k_t')];
  const spread = meanOfLast(columns('grid/trace_ratio'), GRIDS);
  const beganBalance = mean('began/balance');
  const measure = mean('convergence/m_global');
  const diversity = spread === null ? null : Math.min(1, spread);
  const scores: Score[] = [
    ...(real === null ? [] : [{ key: 'real', value: real, ideal: ideal('prob/d_real') } as const]),
    ...(fake === null ? [] : [{ key: 'fake', value: fake, ideal: ideal('prob/d_fake') } as const]),
    ...(k === null ? [] : [{ key: 'k', value: k, ideal: null } as const]),
    ...(diversity === null ? [] : [{ key: 'diversity', value: diversity, ideal: 1 } as const]),
  ];
  const active = new Set(verdicts.filter(({ over }) => over === null).map(({ rule }) => rule));
  return {
    scores,
    balance:
      real !== null && fake !== null
        ? judge(real, fake, ideal('prob/d_fake'))
        : beganBalance !== null && measure !== null
          ? judgeBegan(beganBalance, measure)
          : null,
    beganBalance,
    variety: active.has('mode-collapse') ? 'collapsed' : diversity === null ? null : varietyOf(diversity),
    isFinite: !active.has('not-finite'),
  };
}

function varietyOf(diversity: number): Variety {
  return diversity < ALIKE ? 'alike' : 'diverse';
}

function judge(real: number, fake: number, ideal: number): Balance {
  if (fake - ideal > FOOLED) return 'g-ahead';
  return real - fake > TOLD_APART ? 'd-ahead' : 'even';
}

/** Above 0 the fakes are rebuilt better than gamma times the real images. */
function judgeBegan(balance: number, measure: number): Balance {
  if (Math.abs(balance) <= EVEN_BEGAN * measure) return 'even';
  return balance > 0 ? 'g-ahead' : 'd-ahead';
}

/** Of the finite ones among the last points; null where there is none. */
export function meanOfLast(columns: Columns | undefined, points = POINTS): number | null {
  const values = (columns?.last.subarray(-points) ?? new Float32Array()).filter((value) => Number.isFinite(value));
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
