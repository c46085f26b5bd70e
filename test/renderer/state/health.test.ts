import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../../src/shared/run.ts';
import { toColumns, type Columns } from '../../../src/renderer/charts/columns.ts';
import { meanOfLast, outlookOf } from '../../../src/renderer/state/health.ts';

function columns(...values: number[]): Columns {
  const steps = Float64Array.from(values, (_, at) => at + 1);
  return toColumns({ kind: 'points', tag: '', steps, wallMs: steps, values: Float32Array.from(values) });
}
const outlook = (values: Readonly<Record<string, number>>, verdicts: readonly Verdict[] = []) =>
  outlookOf((tag) => (tag in values ? columns(values[tag]!) : undefined), [], verdicts);
const verdict = (rule: string, over: number | null): Verdict => {
  return { rule, since: 1, over, message: '', remedy: '', settings: {} };
};

describe('the outlook', () => {
  it.each([
    [0.75, 0.5, 'even'],
    [0.5, 0.5, 'even'],
    [0.95, 0.05, 'd-ahead'],
    [0.9, 0.8, 'g-ahead'],
  ])('of beliefs %s in real and %s in fake is %s', (real, fake, balance) => {
    expect(outlook({ 'prob/d_real': real, 'prob/d_fake': fake }).balance).toBe(balance);
  });

  it.each([
    [0.01, 'even'],
    [0.2, 'g-ahead'],
    [-0.2, 'd-ahead'],
  ])('of BEGAN with M 0.2 and the balance %s is %s', (began, balance) => {
    expect(outlook({ 'began/balance': began, 'convergence/m_global': 0.2 }).balance).toBe(balance);
  });

  it('marks the ideal that the recipe names, and no ideal for k', () => {
    const lines = [{ tag: 'prob/d_fake', value: 0.25, label: '' }];
    const values: Readonly<Record<string, number>> = { 'prob/d_fake': 0.5, 'began/k_t': 0.125 };
    const { scores } = outlookOf((tag) => (tag in values ? columns(values[tag]!) : undefined), lines, []);
    expect(scores).toEqual([
      { key: 'fake', value: 0.5, ideal: 0.25 },
      { key: 'k', value: 0.125, ideal: null },
    ]);
  });

  it('calls samples diverse only when they spread as the rule of mode collapse wants them to', () => {
    expect(outlook({ 'grid/trace_ratio': 0.4 }).variety).toBe('diverse');
    expect(outlook({ 'grid/trace_ratio': 0.2 }).variety).toBe('alike');
    expect(outlook({ 'grid/trace_ratio': 0.2 }, [verdict('mode-collapse', null)]).variety).toBe('collapsed');
  });

  it('is collapsed or not finite while a rule says so, and not after', () => {
    expect(outlook({}, [verdict('mode-collapse', null), verdict('not-finite', null)])).toMatchObject({
      variety: 'collapsed',
      isFinite: false,
    });
    expect(outlook({}, [verdict('mode-collapse', 9)])).toMatchObject({ variety: null, isFinite: true });
  });

  it('has no score before the first step', () => {
    expect(outlook({})).toMatchObject({ scores: [], balance: null, variety: null });
  });
});

describe('the mean of the last points', () => {
  it('leaves out what is not finite and what came before', () => {
    expect(meanOfLast(columns(100, 1, NaN, 3), 3)).toBe(2);
    expect(meanOfLast(columns(NaN))).toBeNull();
    expect(meanOfLast(undefined)).toBeNull();
  });
});
