import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { showInTurn } from '../../../src/renderer/state/turns.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.runAllTimers();
  vi.useRealTimers();
});

it('shows at once what comes after a rest', () => {
  const shown: string[] = [];
  showInTurn(() => shown.push('one'));
  expect(shown).toEqual(['one']);
});

it('shows what comes meanwhile together, each once, after a rest of three times the work', () => {
  const shown: string[] = [];
  const other = (): void => void shown.push('other');
  // Work of 40 ms.
  showInTurn(() => {
    vi.setSystemTime(Date.now() + 40);
    vi.advanceTimersByTime(40);
    shown.push('first');
  });
  showInTurn(other);
  showInTurn(other);
  vi.advanceTimersByTime(100);
  expect(shown).toEqual(['first']);
  vi.advanceTimersByTime(40);
  expect(shown).toEqual(['first', 'other']);
});

it('goes on after a turn in which nothing came', () => {
  const shown: number[] = [];
  showInTurn(() => shown.push(1));
  vi.runAllTimers();
  showInTurn(() => shown.push(2));
  expect(shown).toEqual([1, 2]);
});
