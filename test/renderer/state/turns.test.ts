import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { drawInTurn, forgetTurn } from '../../../src/renderer/state/turns.ts';

const FRAME_MS = 16;
beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.runAllTimers();
  vi.useRealTimers();
});

it('draws in the next frame, once, what comes after a rest', () => {
  const draw = vi.fn();
  drawInTurn(draw);
  drawInTurn(draw);
  expect(draw).not.toHaveBeenCalled();
  vi.advanceTimersByTime(FRAME_MS);
  expect(draw).toHaveBeenCalledOnce();
});

it('draws what comes meanwhile together, after a rest of three times the work', () => {
  const drawn: string[] = [];
  const other = (): void => void drawn.push('other');
  drawInTurn(() => {
    vi.advanceTimersByTime(40);
    drawn.push('first');
  });
  vi.advanceTimersByTime(FRAME_MS);
  drawInTurn(other);
  drawInTurn(other);
  vi.advanceTimersByTime(FRAME_MS + 3 * 40 - 1);
  expect(drawn).toEqual(['first']);
  vi.advanceTimersByTime(2 * FRAME_MS);
  expect(drawn).toEqual(['first', 'other']);
});

it('draws as many in a turn as the turn before says that there is time for, one after the other', () => {
  const drawn: number[] = [];
  const work = Array.from({ length: 4 }, (_, at) => () => {
    vi.advanceTimersByTime(15);
    drawn.push(at);
  });
  work.forEach(drawInTurn);
  vi.advanceTimersByTime(FRAME_MS);
  expect(drawn).toEqual([0, 1, 2, 3]);
  work.forEach(drawInTurn);
  vi.advanceTimersByTime(2 * FRAME_MS + 3 * 60 + 4 * 15);
  expect(drawn.slice(4)).toEqual([0, 1]);
  vi.runAllTimers();
  expect(drawn.slice(4)).toEqual([0, 1, 2, 3]);
});

it('draws nothing that was forgotten, and goes on after a turn in which nothing came', () => {
  const [gone, draw] = [vi.fn(), vi.fn()];
  drawInTurn(gone);
  forgetTurn(gone);
  vi.runAllTimers();
  expect(gone).not.toHaveBeenCalled();
  drawInTurn(draw);
  vi.runAllTimers();
  expect(draw).toHaveBeenCalledOnce();
});
